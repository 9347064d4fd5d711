// The access record: who saw which category of what, by which rule; never a value (design 4, invariant 20).
import { Prisma } from '../database/prisma/client.js'
import { type Category, type PartnerKind, type Purpose, type Relation, reasonOf } from '../decide/decide.js'
import type { Sight } from '../decide/seen.js'

import { ENGINE } from '../engine.js'
import type { RecordedRefusal } from '../errors.js'
import { type KeyRing, type Staff, staffPseudonym } from '../identity/pseudonym.js'
import { sealSubject } from '../identity/sealed-subject.js'
import type { Act } from '../operations/perform.js'
import { newSpanId, newTrace } from '../operations/trace.js'
import { inMicroseconds, leafOf, type RecordRows } from './leaf.js'

/** That a hand-off to a union exists is itself sensitive (AVG art. 9): it is in no officer's log. */
export const isConfidential = (kind: PartnerKind | null): boolean => kind === 'UNION'

/** One object that an operation showed something of. */
export type Accessed = {
  type: string
  /** The id; of a contact the reference that forgets with it (design 6). */
  reference: string
  relation: Relation
  werkcentrumId: string
  partnerId: string | null
  confidential: boolean
  agreement: AgreementAsItWas | null
  consentVersion: number | null
  writtenByOthers: Category[]
  /** When several operations of one transaction saw it, the last counts. */
  sight: Sight
}

/** What a record has to know beside what was seen; the domain notes it. */
export type RecordNotes = {
  /** It was about a union, also where nothing of it was found or made: then all of the record is confidential. */
  confidential: boolean
  /** Organisations of the other side in whose log this stands too, though it showed no object. */
  alsoFor: string[]
  /** What the guard found in what was typed; kinds, never words. */
  refusedKinds?: readonly string[]
}

/** A root operation, as far as its record goes. */
type Recorded = Pick<Act, 'world' | 'sql' | 'capacity' | 'operation' | 'at' | 'fields' | 'accessed' | 'notes'> & {
  /** Null: this capacity may not run the operation, so there is none. */
  purpose: Purpose | null
}

/**
 * What a refusal tells of the objects that were looked at before it. The new state is progress; the others tell no value, but that they were
 * looked at. A refusal that is not here names no object: what is out of sight is recorded like what does not exist (invariant 1).
 */
const TOLD: Partial<Record<RecordedRefusal, readonly Category[]>> = {
  HANDOFF_MOVED_ON: ['progress'],
  CONSENT_REQUIRED: [],
  BAD_INPUT: [],
}

/** The version, and the last event of its story at that moment: so the state of then can be read again. */
type AgreementAsItWas = { id: string; version: number; event: number }

/** As it stands in `access_record_part.objects`. With the record around it, a decision can be made again from it. */
export type LoggedObject = {
  type: string
  reference: string
  relation: Relation
  agreement: AgreementAsItWas | null
  consent: number | null
  /** What another side than the asker's wrote; left out when there is none. */
  writtenByOthers?: Category[]
  shown: Partial<Record<Category, string>>
  withheld: Partial<Record<Category, { rule: string; reason: string }>>
}

/**
 * A category is in the record when the question asked for a field of it: shown or withheld, by its rule. Who asks which fields are withheld
 * is told of all that are closed, and nothing of what the open ones hold.
 */
function logged(
  { type, reference, relation, agreement, consentVersion, writtenByOthers, sight }: Accessed,
  asked: ReadonlySet<Category | 'open'> | undefined,
): LoggedObject {
  const shown: LoggedObject['shown'] = {}
  const withheld: LoggedObject['withheld'] = {}
  for (const [category, { allowed, because }] of sight)
    if (asked && !asked.has(category) && (allowed || !asked.has('open'))) continue
    else if (allowed) shown[category] = because
    else withheld[category] = { rule: because, reason: reasonOf(because) }
  const others = writtenByOthers.length > 0 ? { writtenByOthers } : {}
  return { type, reference, relation, agreement, consent: consentVersion, ...others, shown, withheld }
}

/** The categories of the fields that were asked for, 'open' for `withheld`; undefined: nobody said what was asked, so all of them. */
function askedCategories({ world, fields }: Recorded, type: string): ReadonlySet<Category | 'open'> | undefined {
  if (!world.asked) return undefined
  const names = world.asked.get(type) ?? new Set<string>()
  const governed = fields.governed.get(type)
  return new Set([...names].flatMap((name) => governed?.get(name) ?? []))
}

/** A column of `access_record_part` by its name, for the leaf as for the statement. */
type Part = {
  number: number
  werkcentrum_id: string | null
  partner_id: string | null
  confidential: boolean
  /** Whose people acted. On the partner's side: whose log this part is in. */
  acting_organisation_id: string | null
  hand_offs: string[]
  objects: LoggedObject[]
}

/**
 * Writes the one record of a root operation, and what stands beside it; to be the last statement before its transaction commits. `refusal`: with
 * which code it was refused, when it was.
 */
export async function writeRecord(act: Recorded, refusal: RecordedRefusal | null = null): Promise<void> {
  const { capacity, world } = act
  const organisation = 'organisationId' in capacity ? capacity.organisationId : null
  const key = { at: inMicroseconds(act.at), record_id: world.newId() }
  const trace = world.trace ?? newTrace(world.random)
  const record = {
    at: key.at,
    id: key.record_id,
    role: capacity.role,
    organisation_id: organisation,
    operation: act.operation,
    purpose: act.purpose,
    policy_hash: world.policies.hash,
    trace_id: trace.traceId,
    span_id: newSpanId(world.random),
    parent_span_id: trace.parentSpanId,
    engine: ENGINE,
    refusal,
    refused_kinds: act.notes.refusedKinds?.join(' ') ?? null,
  }
  const parts = partsOf(act, refusal).map((part) => ({ ...key, ...part }))
  const actor = 'subject' in capacity ? { ...key, organisation_id: organisation, ...actorOf(world.keys, capacity) } : null
  const processing = parts
    .filter(({ objects }) => objects.length > 0)
    .map(({ objects, hand_offs: _, ...part }) => ({
      ...part,
      trace_id: record.trace_id,
      span_id: newSpanId(world.random),
      parent_span_id: record.span_id,
      name: act.operation,
      activity: activityOf(act, objects),
      ended_at: inMicroseconds(world.now()),
      subjects: [...new Set(objects.map(({ type, reference }) => `${type} ${reference}`))],
    }))
  await act.sql.$executeRaw(addition(world.keys, { record, parts, actor, processing }))
}

/** The statement that adds a record, what stands beside it, and its leaf to the log. */
export function addition(keys: KeyRing, rows: RecordRows): Prisma.Sql {
  const { record, parts, actor, processing } = rows
  const { hash, mac } = leafOf(keys, rows)
  return Prisma.sql`
    WITH record AS (
      INSERT INTO access_record SELECT * FROM jsonb_populate_record(NULL::access_record, ${JSON.stringify(record)}::jsonb)
    ), actor AS (
      ${
        actor
          ? Prisma.sql`INSERT INTO access_record_actor SELECT * FROM jsonb_populate_record(NULL::access_record_actor, ${JSON.stringify(actor)}::jsonb)`
          : Prisma.sql`SELECT 1`
      }
    ), part AS (
      INSERT INTO access_record_part SELECT * FROM jsonb_populate_recordset(NULL::access_record_part, ${JSON.stringify(parts)}::jsonb)
    ), processing AS (
      ${
        processing.length > 0
          ? Prisma.sql`INSERT INTO processing_record SELECT * FROM jsonb_populate_recordset(NULL::processing_record, ${JSON.stringify(processing)}::jsonb)`
          : Prisma.sql`SELECT 1`
      }
    )
    INSERT INTO log_leaf (at, record_id, hash, mac) VALUES (${record.at}::timestamptz, ${record.id}::uuid, ${hash}, ${mac})`
}

function partsOf(act: Recorded, refusal: RecordedRefusal | null): Part[] {
  const organisation = 'organisationId' in act.capacity ? act.capacity.organisationId : null
  const parts = new Map<string, Omit<Part, 'number'>>()
  // A change with one part missing would tell by the gap that a hand-off to a union is meant; and a refusal tells of everything that was looked at.
  const isChange = act.world.policies.actions.get(act.operation)?.kind === 'mutation'
  const isAllConfidential =
    act.notes.confidential || ((isChange || refusal !== null) && act.accessed.some(({ confidential }) => confidential))
  const told = refusal && TOLD[refusal]
  const accessed = refusal && !told ? [] : act.accessed
  const objects = new Map(accessed.map((object) => [`${object.type} ${object.reference}`, object]))
  for (const object of objects.values()) {
    const pair = `${object.werkcentrumId} ${object.partnerId}`
    const part = parts.get(pair) ?? {
      werkcentrum_id: object.werkcentrumId,
      partner_id: object.partnerId,
      confidential: isAllConfidential || object.confidential,
      acting_organisation_id: organisation,
      hand_offs: [],
      objects: [],
    }
    if (object.type === 'HandOff') part.hand_offs.push(object.reference)
    part.objects.push(logged(object, told ? new Set(told) : askedCategories(act, object.type)))
    parts.set(pair, part)
  }
  // What no officer reads is numbered last: cursors hold the numbers, and one that is missing would tell of a hand-off to a union.
  const inOrder = [...parts.values()].sort((a, b) => Number(a.confidential) - Number(b.confidential))
  if (parts.size > 0 || organisation === null) return inOrder.map((part, place) => ({ ...part, number: place + 1 }))
  const [own, other] =
    act.capacity.side === 'PARTNER' ? (['PARTNER', 'WERKCENTRUM'] as const) : (['WERKCENTRUM', 'PARTNER'] as const)
  return [
    ownPart(own, organisation, isAllConfidential),
    // What was refused did not happen, so nobody else is told of it.
    ...(refusal ? [] : act.notes.alsoFor).map((id, place) => ({ ...ownPart(other, id, isAllConfidential), number: place + 2 })),
  ]
}

function actorOf(keys: KeyRing, staff: Staff) {
  const pseudonym = staffPseudonym(keys, staff)
  return { pseudonym, sealed_subject: sealSubject(keys, staff, pseudonym) }
}

/** An operation that showed no object, or was refused, still concerns the organisation that ran it. */
export const ownPart = (side: 'WERKCENTRUM' | 'PARTNER', organisation: string, confidential = false): Part => ({
  number: 1,
  werkcentrum_id: side === 'WERKCENTRUM' ? organisation : null,
  partner_id: side === 'PARTNER' ? organisation : null,
  confidential,
  acting_organisation_id: organisation,
  hand_offs: [],
  objects: [],
})

/**
 * The activity that this was done under: its key in the register of processing activities of whoever acted (src/agreements/register.ts). What a
 * rule shows under an agreement is of that agreement; what it shows without one is the own work, also where there is an agreement.
 */
function activityOf({ capacity, world }: Recorded, objects: readonly LoggedObject[]): string {
  if (capacity.role === 'CODE_HOLDER') return 'rights'
  if (capacity.role === 'PRIVACY_OFFICER' || capacity.role === 'SIGNATORY') return 'accountability'
  if (capacity.side === 'WERKCENTRUM') return 'desk'
  const needsAgreement = new Set(
    world.policies.sharing.share.flatMap(({ rule, needs }) => (needs.includes('agreement') ? rule : [])),
  )
  const under = objects.find(({ shown }) => Object.values(shown).some((rule) => needsAgreement.has(rule)))?.agreement
  return under ? `agreement ${under.id}` : 'inbox'
}
