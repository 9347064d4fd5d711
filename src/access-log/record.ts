// The access record: who saw which category of what, by which rule; never a value (design 4, invariant 20).
import { Prisma } from '../database/prisma/client.js'
import { type Category, type PartnerKind, type Relation, reasonOf } from '../decide/decide.js'
import type { Sight } from '../decide/seen.js'
import { staffPseudonym } from '../identity/pseudonym.js'
import type { Act } from '../operations/perform.js'

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

type Part = {
  werkcentrum_id: string | null
  partner_id: string | null
  confidential: boolean
  hand_offs: string[]
  objects: LoggedObject[]
}

/** Writes the one record of a root operation; to be the last statement before its transaction commits. */
export async function writeRecord(act: Act): Promise<void> {
  const { capacity } = act
  const organisationId = 'organisationId' in capacity ? capacity.organisationId : null
  const parts = new Map<string, Part>()
  // A change with one part missing would tell by the gap that a hand-off to a union is meant.
  const isChange = act.world.policies.actions.get(act.operation)?.kind === 'mutation'
  const touchesConfidential = isChange && act.accessed.some(({ confidential }) => confidential)
  const objects = new Map(act.accessed.map((object) => [`${object.type} ${object.reference}`, object]))
  for (const object of objects.values()) {
    const key = `${object.werkcentrumId} ${object.partnerId}`
    const part = parts.get(key) ?? {
      werkcentrum_id: object.werkcentrumId,
      partner_id: object.partnerId,
      confidential: touchesConfidential || object.confidential,
      hand_offs: [],
      objects: [],
    }
    if (object.type === 'HandOff') part.hand_offs.push(object.reference)
    part.objects.push(logged(act, object))
    parts.set(key, part)
  }
  // An operation that showed no object still concerns the organisation that ran it.
  if (parts.size === 0 && capacity.side === 'WERKCENTRUM')
    parts.set('', { werkcentrum_id: organisationId, partner_id: null, confidential: false, hand_offs: [], objects: [] })
  if (parts.size === 0 && capacity.side === 'PARTNER')
    parts.set('', { werkcentrum_id: null, partner_id: organisationId, confidential: false, hand_offs: [], objects: [] })

  const at = act.at.toISOString()
  const id = act.world.newId()
  await act.sql.$executeRaw`
    WITH record AS (
      INSERT INTO access_record (at, id, role, organisation_id, operation, purpose, policy_hash)
      VALUES (${at}::timestamptz, ${id}::uuid, ${capacity.role}, ${organisationId}::uuid, ${act.operation}, ${act.purpose}, ${act.world.policies.hash})
    ), actor AS (
      ${
        'subject' in capacity
          ? Prisma.sql`INSERT INTO access_record_actor (at, record_id, organisation_id, pseudonym)
              VALUES (${at}::timestamptz, ${id}::uuid, ${organisationId}::uuid, ${staffPseudonym(act.world.keys, capacity)})`
          : Prisma.sql`SELECT 1`
      }
    )
    INSERT INTO access_record_part (at, record_id, number, werkcentrum_id, partner_id, confidential, hand_offs, objects, acting_organisation_id)
    SELECT ${at}::timestamptz, ${id}::uuid, p.number, p.werkcentrum_id, p.partner_id, p.confidential, p.hand_offs, p.objects, ${organisationId}::uuid
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify([...parts.values()])}::jsonb)
      AS (werkcentrum_id uuid, partner_id uuid, confidential boolean, hand_offs uuid[], objects jsonb)) WITH ORDINALITY
      AS p (werkcentrum_id, partner_id, confidential, hand_offs, objects, number)`
}
