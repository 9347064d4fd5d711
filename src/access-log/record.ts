// The access record: who saw which category of what, by which rule; never a value (design 4, invariant 20).
import { Prisma } from '../database/prisma/client.js'
import { type Category, type PartnerKind, type Relation, reasonOf } from '../decide/decide.js'
import type { Sight } from '../decide/seen.js'
import { ENGINE } from '../engine.js'
import { type KeyRing, staffPseudonym } from '../identity/pseudonym.js'
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
  act: Act,
  { type, reference, relation, agreement, consentVersion, writtenByOthers, sight }: Accessed,
): LoggedObject {
  const shown: LoggedObject['shown'] = {}
  const withheld: LoggedObject['withheld'] = {}
  const asked = askedCategories(act, type)
  for (const [category, { allowed, because }] of sight)
    if (asked && !asked.has(category) && (allowed || !asked.has('open'))) continue
    else if (allowed) shown[category] = because
    else withheld[category] = { rule: because, reason: reasonOf(because) }
  const others = writtenByOthers.length > 0 ? { writtenByOthers } : {}
  return { type, reference, relation, agreement, consent: consentVersion, ...others, shown, withheld }
}

/** The categories of the fields that were asked for, 'open' for `withheld`; undefined: nobody said what was asked, so all of them. */
function askedCategories({ world, fields }: Act, type: string): ReadonlySet<Category | 'open'> | undefined {
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
  hand_offs: string[]
  objects: LoggedObject[]
}

/** Writes the one record of a root operation, and what stands beside it; to be the last statement before its transaction commits. */
export async function writeRecord(act: Act): Promise<void> {
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
  }
  const parts = partsOf(act, organisation).map((part) => ({ ...key, ...part, acting_organisation_id: organisation }))
  const actor =
    'subject' in capacity
      ? { ...key, organisation_id: organisation, pseudonym: staffPseudonym(world.keys, capacity), sealed_subject: null }
      : null
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

function partsOf(act: Act, organisation: string | null): Part[] {
  const parts = new Map<string, Part>()
  // A change with one part missing would tell by the gap that a hand-off to a union is meant.
  const isChange = act.world.policies.actions.get(act.operation)?.kind === 'mutation'
  const touchesConfidential = isChange && act.accessed.some(({ confidential }) => confidential)
  const objects = new Map(act.accessed.map((object) => [`${object.type} ${object.reference}`, object]))
  for (const object of objects.values()) {
    const pair = `${object.werkcentrumId} ${object.partnerId}`
    const part = parts.get(pair) ?? {
      number: parts.size + 1,
      werkcentrum_id: object.werkcentrumId,
      partner_id: object.partnerId,
      confidential: touchesConfidential || object.confidential,
      hand_offs: [],
      objects: [],
    }
    if (object.type === 'HandOff') part.hand_offs.push(object.reference)
    part.objects.push(logged(act, object))
    parts.set(pair, part)
  }
  if (parts.size > 0 || organisation === null) return [...parts.values()]
  // An operation that showed no object still concerns the organisation that ran it.
  const own =
    act.capacity.side === 'WERKCENTRUM'
      ? { werkcentrum_id: organisation, partner_id: null }
      : { werkcentrum_id: null, partner_id: organisation }
  return [{ number: 1, ...own, confidential: false, hand_offs: [], objects: [] }]
}

/**
 * The activity that this was done under: its key in the register of processing activities of whoever acted (src/agreements/register.ts). What a
 * rule shows under an agreement is of that agreement; what it shows without one is the own work, also where there is an agreement.
 */
function activityOf({ capacity, world }: Act, objects: readonly LoggedObject[]): string {
  if (capacity.role === 'CODE_HOLDER') return 'rights'
  if (capacity.role === 'PRIVACY_OFFICER' || capacity.role === 'SIGNATORY') return 'accountability'
  if (capacity.side === 'WERKCENTRUM') return 'desk'
  const needsAgreement = new Set(
    world.policies.sharing.share.flatMap(({ rule, needs }) => (needs.includes('agreement') ? rule : [])),
  )
  const under = objects.find(({ shown }) => Object.values(shown).some((rule) => needsAgreement.has(rule)))?.agreement
  return under ? `agreement ${under.id}` : 'inbox'
}
