// Hand-offs put into the tables as facts, whatever way their locks stand, and read back as somebody: for tests of the second wall alone.
import type { Client } from 'pg'
import type { Consent } from '#app/consent/consent.js'
import type { Said } from '#app/database/signed.js'
import type { Category, PartnerKind, Role } from '#app/decide/decide.js'
import type { State } from '#app/handoffs/lists.js'
import { signedAs } from './signed.js'
import { YESTERDAY } from './small-world.js'

export type Fact = Readonly<{
  id: string
  werkcentrum: string
  partner: string
  kind: PartnerKind
  state: State
  /** The outcome is what the desk heard, not what the partner wrote. */
  heard: boolean
  /** Every version, oldest first. */
  consents: readonly Consent[]
}>

/** The table that stands for each category. */
export const TABLE_OF: Partial<Record<Category, string>> = {
  reference: 'hand_off',
  progress: 'hand_off_event',
  logistics: 'hand_off_logistics',
  routing: 'hand_off_routing',
  question: 'hand_off_question',
  situation: 'hand_off_situation',
  sensitive: 'hand_off_sensitive',
  note: 'hand_off_note',
  outcome: 'hand_off_outcome',
  internal: 'hand_off_remark',
  staff: 'hand_off_staff',
}

/** The database roles that read hand-offs, and as what. */
export const ROLE_OF: Readonly<Record<string, Role>> = {
  wo_guide: 'GUIDE',
  wo_handler: 'HANDLER',
  wo_coordinator: 'COORDINATOR',
  wo_officer_werkcentrum: 'PRIVACY_OFFICER',
  wo_officer_partner: 'PRIVACY_OFFICER',
  wo_visitor: 'CODE_HOLDER',
}
export const isPartner = (databaseRole: string) => databaseRole === 'wo_handler' || databaseRole === 'wo_officer_partner'

/** The hash of the code of each hand-off. */
export const hashOf = (id: string) => `k1:${id}`

export const putPartner = (admin: Client, id: string, kind: PartnerKind) =>
  admin.query('INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, $2, $3, true)', [id, `${kind} ${id}`, kind])

/** A first version between these two. `cells` as 'question HELP'; days are YYYY-MM-DD; `signed` null: not by both. */
export async function putAgreement(
  admin: Client,
  said: {
    werkcentrum: string
    partner: string
    cells: readonly string[]
    state?: string
    from?: string
    to?: string
    signed?: string | null
  },
): Promise<void> {
  const { werkcentrum, partner, cells, state = 'ACTIVE', from = '2026-01-01', to = '2027-12-31', signed = '2026-01-01' } = said
  await admin.query(
    `INSERT INTO agreement (werkcentrum_id, id, partner_id, version, state, cells, legal_basis, answer_term_days, first_contact_term_days,
       contact_point, document_reference, review_on, valid_from, valid_to, signed_on, events)
     VALUES ($1, gen_random_uuid(), $2, 1, $3, $4, 'task', 5, 5, 'x', 'x', '2027-01-01', $5, $6, $7, 1)`,
    [werkcentrum, partner, state, cells, from, to, signed],
  )
}

/** Facts only: that they fit each other is tested elsewhere. The trigger that keeps the locks of consent does its work. */
export async function putHandOffs(admin: Client, facts: readonly Fact[]): Promise<void> {
  await admin.query('BEGIN')
  await admin.query('SET LOCAL session_replication_role = replica')
  await admin.query(
    `INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, steps)
     SELECT werkcentrum, id, partner, kind, id::text, state, $1, $1, 'MORNING', 1
     FROM jsonb_to_recordset($2) AS c (id uuid, werkcentrum uuid, partner uuid, kind text, state text)`,
    [YESTERDAY, JSON.stringify(facts)],
  )
  const heard = facts.filter((fact) => fact.heard).map(({ id }) => id)
  const hangs = (table: string, columns: string, values: string, parameters: unknown[] = []) =>
    admin.query(
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, ${columns}) SELECT h.werkcentrum_id, h.id, h.partner_id, ${values} FROM hand_off h`,
      parameters,
    )
  await hangs(
    'hand_off_event',
    'number, step, by_side, heard_by_desk, state, day, day_part',
    `1, 'offer', 'WERKCENTRUM', false, 'OFFERED', h.offered_on, 'MORNING'`,
  )
  await hangs(
    'hand_off_logistics',
    'desk_id, channel, contact_day, contact_day_part',
    `gen_random_uuid(), 'PHONE', h.offered_on, 'MORNING'`,
  )
  await hangs('hand_off_question', 'themes', `'{CAREER}'`)
  await hangs('hand_off_routing', 'visitor_kind', `'WORKER'`)
  await hangs(
    'hand_off_situation',
    'work, benefit, age, education, language_help',
    `'AT_RISK', 'WW', 'A27_54', 'SECONDARY', 'NO'`,
  )
  await hangs('hand_off_note', 'note', `'x'`)
  await hangs('hand_off_remark', 'by_side, number, remark, day', `'PARTNER', 1, 'x', h.offered_on`)
  await hangs('hand_off_staff', 'number, handled_by', `1, 'k1:x'`)
  await hangs('hand_off_outcome', 'number, outcome, heard_by_desk', `1, 'WORK', h.id = ANY ($1::uuid[])`, [heard])
  await hangs('follow_up_code', 'hash', `'k1:' || h.id`)
  await admin.query(
    `INSERT INTO hand_off_sensitive SELECT werkcentrum_id, id, partner_id, partner_kind, '{JOBS_AGREEMENT}' FROM hand_off
     WHERE partner_kind IN ('UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE')`,
  )
  await admin.query('SET LOCAL session_replication_role = origin')
  await admin.query('ALTER TABLE consent DISABLE TRIGGER USER; ALTER TABLE consent ENABLE TRIGGER keep_consent_locks')
  await admin.query(
    `INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, basis, categories, explicit_categories, purposes, asked_for_help,
       in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version, language, day, expires_on)
     SELECT h.werkcentrum_id, h.id, c.version, h.partner_id, c.change, 'WERKCENTRUM', 'BASIS', c.categories, c."explicitCategories", c.purposes, true, true, true,
       c."underSixteen", c."representativePresent", 'SPOKEN', 'x', 'nl', $2, c."expiresOn"
     FROM jsonb_to_recordset($1) AS c (id uuid, version integer, change text, categories text[], "explicitCategories" text[], purposes text[],
       "underSixteen" boolean, "representativePresent" boolean, "expiresOn" date)
     JOIN hand_off h ON h.id = c.id`,
    [JSON.stringify(facts.flatMap(({ id, consents }) => consents.map((consent) => ({ id, ...consent })))), YESTERDAY],
  )
  await admin.query('ALTER TABLE consent ENABLE TRIGGER USER')
  await admin.query('COMMIT')
  await admin.query('ANALYZE')
}

/** The hand-offs of which somebody reads a row of a table, with every filter forgotten; none where not even the table may be read. */
export async function readAs(server: Client, said: Said, table: string, where = 'true'): Promise<Set<string>> {
  await server.query('BEGIN')
  try {
    await server.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [
      said.databaseRole,
      signedAs(said),
    ])
    const { rows } = await server.query<{ id: string }>(
      `SELECT ${table === 'hand_off' ? 'id' : 'hand_off_id AS id'} FROM ${table} WHERE ${where}`,
    )
    return new Set(rows.map(({ id }) => id))
  } catch (fault) {
    if ((fault as { code?: string }).code !== '42501') throw fault
    return new Set()
  } finally {
    await server.query('ROLLBACK')
  }
}
