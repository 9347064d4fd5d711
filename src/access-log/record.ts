// The access record: who saw which category of what, by which rule; never a value (design 4, invariant 20).
import { Prisma } from '../database/prisma/client.js'
import type { Category } from '../decide/decide.js'
import { type Relation, reasonOf } from '../decide/decide.js'
import type { Sight } from '../decide/seen.js'
import { staffPseudonym } from '../identity/pseudonym.js'
import type { Act } from '../operations/perform.js'

/** One object that an operation showed something of. */
export type Accessed = {
  type: string
  /** The id; of a contact the reference that forgets with it (design 6). */
  reference: string
  relation: Relation
  werkcentrumId: string
  partnerId: string | null
  /** In no officer's log: that it exists is itself sensitive. */
  confidential: boolean
  agreement: { id: string; version: number } | null
  consentVersion: number | null
  /** When several operations of one transaction saw it, the last counts. */
  sight: Sight
}

/** As it stands in `access_record_part.objects`. */
export type LoggedObject = {
  type: string
  reference: string
  relation: Relation
  agreement: { id: string; version: number } | null
  consent: number | null
  shown: Partial<Record<Category, string>>
  withheld: Partial<Record<Category, { rule: string; reason: string }>>
}

function logged({ type, reference, relation, agreement, consentVersion, sight }: Accessed): LoggedObject {
  const shown: LoggedObject['shown'] = {}
  const withheld: LoggedObject['withheld'] = {}
  for (const [category, { allowed, because }] of sight)
    if (allowed) shown[category] = because
    else withheld[category] = { rule: because, reason: reasonOf(because) }
  return { type, reference, relation, agreement, consent: consentVersion, shown, withheld }
}

type Part = { werkcentrum_id: string | null; partner_id: string | null; confidential: boolean; objects: LoggedObject[] }

/** Writes the one record of a root operation; to be the last statement before its transaction commits. */
export async function writeRecord(act: Act): Promise<void> {
  const { capacity } = act
  const organisationId = 'organisationId' in capacity ? capacity.organisationId : null
  const parts = new Map<string, Part>()
  const objects = new Map(act.accessed.map((object) => [`${object.type} ${object.reference}`, object]))
  for (const object of objects.values()) {
    const key = `${object.werkcentrumId} ${object.partnerId}`
    const part = parts.get(key) ?? {
      werkcentrum_id: object.werkcentrumId,
      partner_id: object.partnerId,
      confidential: object.confidential,
      objects: [],
    }
    part.objects.push(logged(object))
    parts.set(key, part)
  }
  // An operation that showed no object still concerns the organisation that ran it.
  if (parts.size === 0 && capacity.side === 'WERKCENTRUM')
    parts.set('', { werkcentrum_id: organisationId, partner_id: null, confidential: false, objects: [] })
  if (parts.size === 0 && capacity.side === 'PARTNER')
    parts.set('', { werkcentrum_id: null, partner_id: organisationId, confidential: false, objects: [] })

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
    INSERT INTO access_record_part (at, record_id, number, werkcentrum_id, partner_id, confidential, objects)
    SELECT ${at}::timestamptz, ${id}::uuid, p.number, p.werkcentrum_id, p.partner_id, p.confidential, p.objects
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify([...parts.values()])}::jsonb)
      AS (werkcentrum_id uuid, partner_id uuid, confidential boolean, objects jsonb)) WITH ORDINALITY
      AS p (werkcentrum_id, partner_id, confidential, objects, number)`
}
