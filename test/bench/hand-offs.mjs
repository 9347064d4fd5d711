// What the benches measure on: 100,000 hand-offs of 35 werkcentra, 20,000 of them for one partner of 41, with everything that hangs on them.
import { createHash } from 'node:crypto'

export const HAND_OFFS = 100_000
export const AT_ONE = 20_000
const idOf = (name) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
const KINDS = ['UWV', 'GEMEENTE', 'WSP', 'LWL', 'RMT', 'SCHOOL', 'MUNICIPAL_SERVICE', 'NEIGHBOURHOOD']
/** The large one is number 0. */
export const partner = (n) => idOf(`partner ${n}`)
const werkcentrum = (n) => idOf(`werkcentrum ${n}`)

/** As the superuser; `today` is YYYY-MM-DD. */
export async function arrange(admin, today) {
  await admin.query('SET session_replication_role = replica')
  for (let n = 0; n < 41; n++)
    await admin.query('INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, $2, $3, true)', [
      partner(n),
      `Partner ${n}`,
      KINDS[n % 8],
    ])
  for (let n = 0; n < 35; n++) {
    await admin.query(`INSERT INTO werkcentrum VALUES ($1, $2, 'AM01')`, [werkcentrum(n), `Werkcentrum ${n}`])
    await admin.query('INSERT INTO desk VALUES ($1, $2, $3, NULL)', [werkcentrum(n), idOf(`desk ${n}`), `Desk ${n}`])
  }
  // Everybody has an agreement with everybody; with the large partner three versions of it.
  await admin.query(`INSERT INTO agreement (werkcentrum_id, id, partner_id, version, state, cells, legal_basis, answer_term_days, first_contact_term_days,
      contact_point, document_reference, review_on, valid_from, valid_to, signed_on, events)
    SELECT w.id, gen_random_uuid(), p.id, v, 'ACTIVE', (SELECT array_agg(c || ' ' || u) FROM unnest('{logistics,routing,question,situation,sensitive,outcome}'::text[]) c,
      unnest('{OVERVIEW,HELP,FOLLOW_UP}'::text[]) u), 'task', 5, 5, 'function', 'reference', '${today}'::date + 200, d.since, '${today}'::date + 300, d.since, 1
    FROM werkcentrum w, partner p, generate_series(1, 3) v, LATERAL (SELECT '${today}'::date - 1000 + 300 * v AS since) d WHERE v <= CASE WHEN p.id = '${partner(0)}' THEN 2 ELSE 1 END`)
  // One in five is for the large partner; a tenth still runs; they come from everywhere.
  await admin.query(`INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, steps)
    SELECT w.id, md5(n::text)::uuid, p.id, p.kind, 'code-' || n, CASE n / 5 % 10 WHEN 0 THEN 'OFFERED' WHEN 1 THEN 'ACCEPTED' ELSE 'COMPLETED' END,
      '${today}'::date - (n % 700), '${today}'::date - (n % 700), 'MORNING', 2
    FROM generate_series(0, ${HAND_OFFS - 1}) n
    JOIN partner p ON p.id = (ARRAY[${Array.from({ length: 41 }, (_, n) => `'${partner(n)}'`)}]::uuid[])[1 + CASE WHEN n % ${HAND_OFFS / AT_ONE} = 0 THEN 0 ELSE 1 + n % 40 END]
    JOIN werkcentrum w ON w.id = (ARRAY[${Array.from({ length: 35 }, (_, n) => `'${werkcentrum(n)}'`)}]::uuid[])[1 + n / 7 % 35]`)
  const hangs = (table, columns, values) =>
    admin.query(
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, ${columns}) SELECT h.werkcentrum_id, h.id, h.partner_id, ${values} FROM hand_off h`,
    )
  for (const number of [1, 2])
    await hangs(
      'hand_off_event',
      'number, step, by_side, heard_by_desk, state, day, day_part',
      `${number}, 'offer', 'WERKCENTRUM', false, 'OFFERED', h.offered_on, 'MORNING'`,
    )
  await hangs(
    'warm_call',
    'number, channel, result, visitor_present, day, day_part',
    `2, 'PHONE', 'SPOKEN', true, h.offered_on, 'MORNING'`,
  )
  await hangs('hand_off_next_step', 'next_step', `'VISITOR_CALLS'`)
  await hangs(
    'hand_off_logistics',
    'desk_id, channel, contact_day, contact_day_part',
    `(SELECT d.id FROM desk d WHERE d.werkcentrum_id = h.werkcentrum_id), 'PHONE', h.offered_on, 'MORNING'`,
  )
  await hangs('hand_off_question', 'themes', `'{CAREER}'`)
  await hangs('hand_off_routing', 'visitor_kind', `'WORKER'`)
  await hangs(
    'hand_off_situation',
    'work, benefit, age, education, language_help',
    `'AT_RISK', 'WW', 'A27_54', 'SECONDARY', 'NO'`,
  )
  await hangs('hand_off_outcome', 'number, outcome, heard_by_desk', `2, 'WORK', false`)
  await hangs('hand_off_staff', 'number, handled_by', `2, 'k1:x'`)
  await hangs('hand_off_view', 'day', 'h.offered_on')
  await hangs(
    'consent',
    'version, change, by_side, basis, categories, explicit_categories, purposes, asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version, language, day, expires_on',
    `1, 'GIVEN', 'WERKCENTRUM', 'BASIS', '{routing,question,situation}', '{}', '{HELP,OVERVIEW,FOLLOW_UP}', true, true, true, false, false, 'SPOKEN', 'x', 'nl', h.offered_on, h.offered_on + 1000`,
  )
  await admin.query(
    `UPDATE hand_off h SET consent_locks = consent_locks(c), consent_until = c.expires_on FROM consent c WHERE c.hand_off_id = h.id AND c.werkcentrum_id = h.werkcentrum_id`,
  )
  await admin.query('VACUUM (FULL, ANALYZE)')
}
