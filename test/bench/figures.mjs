// Ten years of the whole country: what counting and publishing a quarter of one werkcentrum costs, and how long every figure takes to be read.
// Prints times; asserts nothing. Run: npm run bench:figures, or CONTACTS=1000000 YEARS=10 npm run bench:figures for less.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { asFigures, openDatabase } from '#app/database/door.js'
import { startEmbedded, superuserUrl } from '#app/database/embedded.js'
import { release } from '#app/database/release.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { readFigure } from '#app/figures/figures.js'
import { FIGURES } from '#app/figures/policy.js'
import { publishFigures } from '#app/figures/publish.js'
import { perform } from '#app/operations/perform.js'
import { realWorld } from '#app/world.js'

const CONTACTS = Number(process.env.CONTACTS ?? 10_000_000)
const HAND_OFFS = Math.round(CONTACTS / 2)
const YEARS = Number(process.env.YEARS ?? 10)
/** Werkcentra that publish all their quarters; of the others one quarter is published, and what was published is copied to them. */
const PUBLISH = Number(process.env.PUBLISH ?? 1)
const LAST = new Date().getUTCFullYear() - 1
const FROM = `${LAST - YEARS + 1}-01-01`
const KEYS = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } }
const id = (prefix, number) => `md5('${prefix}' || ${number})::uuid`
const pick = (list, seed) =>
  `(ARRAY[${list.map((each) => (each === null ? 'NULL' : `'${each}'`)).join(',')}])[1 + floor(${list.length} * power(abs(hashint8(n * 31 + ${seed})) / 2147483648.0, 2))::integer]`

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
chmodSync(folder, 0o755)
const embedded = await startEmbedded({ folder })
const LARGE = [
  ...['visitor_contact', 'visitor_contact_routing', 'visitor_contact_question', 'visitor_contact_situation'],
  ...['hand_off', 'hand_off_event', 'hand_off_outcome'],
]
const seconds = (from) => ((performance.now() - from) / 1000).toFixed(1)
try {
  await release({ ...embedded, keys: KEYS })
  const admin = new pg.Client({ connectionString: superuserUrl(folder, embedded.port) })
  await admin.connect()
  await load(admin)
  const database = openDatabase(embedded.serverUrl, { connections: 4, patience: 60_000, longest: 600_000 })
  await publish(admin, database)
  await read(database)
  await database.$disconnect()
  await admin.end()
} finally {
  await embedded.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function load(admin) {
  const begun = performance.now()
  await admin.query(
    `SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'`,
  )
  await admin.query(`ALTER SYSTEM SET max_wal_size = '8GB'`)
  await admin.query('SELECT pg_reload_conf()')
  const index = await withoutIndexes(admin)
  await admin.query(
    `INSERT INTO werkcentrum SELECT ${id('w', 'row_number() OVER (ORDER BY am_code)')}, 'Werkcentrum ' || name, am_code FROM region`,
  )
  await admin.query(`INSERT INTO desk SELECT id, id, 'Desk', NULL FROM werkcentrum`)
  const kinds = [
    'UWV',
    'GEMEENTE',
    'GEMEENTE',
    'GEMEENTE',
    'WSP',
    'LWL',
    'RMT',
    'SCHOOL',
    'SCHOOL',
    'UNION',
    'EMPLOYERS',
    'NEIGHBOURHOOD',
  ]
  for (const [index, kind] of kinds.entries())
    await admin.query(
      `INSERT INTO partner (id, name, kind, legal_person) VALUES (${id('p', index)}, 'Partner ${index}', '${kind}', true)`,
    )
  // A werkcentrum and a day for every number, evenly; half a million at a time.
  const where = `${id('w', '(1 + n % 35)')}`
  const day = `('${FROM}'::date + (n / 35 % ${YEARS * 365})::integer)`
  const step = 500_000
  for (let first = 1; first <= CONTACTS; first += step) {
    const numbers = `generate_series(${first}::bigint, ${Math.min(CONTACTS, first + step - 1)}) n`
    await admin.query(`INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result)
      SELECT ${where}, ${id('c', 'n')}, ${where}, ${pick(['WALK_IN', 'PHONE', 'ONLINE', 'EMAIL', 'EVENT'], 1)}, ${day}, 'MORNING', ${pick(['ANSWERED', 'HANDED_OFF', 'REFERRED', 'COMES_BACK', 'BROKEN_OFF'], 2)} FROM ${numbers}`)
    await admin.query(`INSERT INTO visitor_contact_routing SELECT ${where}, ${id('c', 'n')}, ${pick(['JOB_SEEKER', 'WORKER', 'STUDENT', 'EMPLOYER', 'SELF_EMPLOYED', 'HELPER', 'PROFESSIONAL', 'UNKNOWN'], 3)},
      ${pick(['GM0307', 'GM0342', 'GM0363', 'GM0344', 'GM0599', null], 4)} FROM ${numbers}`)
    await admin.query(
      `INSERT INTO visitor_contact_question SELECT ${where}, ${id('c', 'n')}, ${pick(['BENEFIT_TO_WORK', 'WORK_TO_WORK', 'NOT_WORKING_TO_WORK', 'SCHOOL_TO_WORK', null], 5)}, '{FIND_WORK}' FROM ${numbers}`,
    )
    await admin.query(`INSERT INTO visitor_contact_situation SELECT ${where}, ${id('c', 'n')}, ${pick(['NONE', 'EMPLOYED', 'AT_RISK', 'UNKNOWN'], 6)}, ${pick(['WW', 'NONE', 'SOCIAL_ASSISTANCE', 'UNKNOWN', 'OTHER'], 7)},
      ${pick(['A27_54', 'UNKNOWN', 'A55_PLUS', 'A16_26', 'U16'], 8)}, ${pick(['SECONDARY', 'UNKNOWN', 'HIGHER', 'BELOW_START'], 9)}, ${pick(['NO', 'UNKNOWN', 'YES'], 10)} FROM ${numbers} WHERE n % 2 = 0`)
  }
  console.log(`${CONTACTS} contacts in ${seconds(begun)} s`)
  const half = performance.now()
  for (let first = 1; first <= HAND_OFFS; first += step) {
    const numbers = `generate_series(${first}::bigint, ${Math.min(HAND_OFFS, first + step - 1)}) n`
    const partner = `(SELECT p FROM partner p WHERE p.id = ${id('p', `floor(${kinds.length} * power(abs(hashint8(n)) / 2147483648.0, 2))::integer`)})`
    const made = `(SELECT n, ${where} AS werkcentrum, ${id('h', 'n')} AS id, (p).id AS partner, (p).kind, state, day
      FROM (SELECT n, ${day} AS day, ${partner} AS p, ${pick(['COMPLETED', 'COMPLETED', 'DECLINED', 'RETURNED'], 12)} AS state FROM ${numbers}) drawn) h`
    await admin.query(`INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, answer_due_on, visitor_voice)
      SELECT werkcentrum, id, partner, kind, n::text, state, day, day + 5, 'MORNING', day + 3, CASE WHEN state = 'COMPLETED' THEN ${pick(['WORKED', null, 'NOT_WORKED'], 11)} END FROM ${made}`)
    await admin.query(`INSERT INTO hand_off_event (werkcentrum_id, hand_off_id, number, partner_id, step, by_side, heard_by_desk, state, reason, day, day_part)
      SELECT h.werkcentrum, h.id, e.number, h.partner, e.step, 'PARTNER', false, e.state, e.reason, h.day + e.after, 'MORNING' FROM ${made}
      CROSS JOIN LATERAL (VALUES (1, 'offer', 'OFFERED', NULL, 0),
        (2, CASE h.state WHEN 'DECLINED' THEN 'decline' ELSE 'accept' END, CASE h.state WHEN 'DECLINED' THEN 'DECLINED' ELSE 'ACCEPTED' END,
          CASE h.state WHEN 'DECLINED' THEN ${pick(['NO_CAPACITY', 'NOT_OUR_SERVICE', 'NOT_FITTING', 'OUT_OF_AREA'], 13)} END, (n % 5)::integer),
        (3, CASE h.state WHEN 'COMPLETED' THEN 'complete' ELSE 'return' END, h.state, NULL, 5)) e (number, step, state, reason, after)
      WHERE e.number < 3 OR h.state <> 'DECLINED'`)
    await admin.query(`INSERT INTO hand_off_outcome (werkcentrum_id, hand_off_id, partner_id, outcome, heard_by_desk, number)
      SELECT werkcentrum, id, partner, ${pick(['WORK', 'QUESTION_SOLVED', 'GUIDANCE_STARTED', 'TRAINING_STARTED', 'NO_RESULT'], 14)}, false, 3 FROM ${made}
      WHERE state = 'COMPLETED'`)
  }
  console.log(`${HAND_OFFS} hand-offs with their events in ${seconds(half)} s`)
  const last = performance.now()
  await index()
  await admin.query(`VACUUM ANALYZE ${LARGE.join(', ')}`)
  await admin.query('SET session_replication_role = origin')
  console.log(`indexes in ${seconds(last)} s`)
}

/** Takes every key and index from the large tables, and gives back what makes them again: many times faster than keeping them meanwhile. */
async function withoutIndexes(admin) {
  const { rows: keys } = await admin.query(
    `SELECT conrelid::regclass::text AS name, conname AS key, pg_get_constraintdef(oid) AS is FROM pg_constraint
     WHERE contype IN ('p', 'u') AND conrelid = ANY ($1::regclass[]) ORDER BY contype`,
    [LARGE],
  )
  for (const { name, key } of keys) await admin.query(`ALTER TABLE ${name} DROP CONSTRAINT ${key} CASCADE`)
  const { rows: indexes } = await admin.query(
    `SELECT indexname AS name, indexdef AS is FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY ($1)`,
    [LARGE],
  )
  for (const { name } of indexes) await admin.query(`DROP INDEX ${name}`)
  return async () => {
    for (const { name, key, is } of keys) await admin.query(`ALTER TABLE ${name} ADD CONSTRAINT ${key} ${is}`)
    for (const { is } of indexes) await admin.query(is)
  }
}

async function publish(admin, database) {
  const { rows } = await admin.query('SELECT id FROM werkcentrum ORDER BY am_code')
  const ids = rows.map((row) => row.id)
  const times = []
  for (let year = LAST - YEARS + 1; year <= LAST; year++)
    for (const month of ['01', '04', '07', '10'])
      for (const werkcentrum of ids.slice(0, PUBLISH)) {
        const begun = performance.now()
        await asFigures(database, (sql) =>
          sql.$queryRawUnsafe(`SELECT count_quarter('${werkcentrum}', '${year}-${month}-01', false)`),
        )
        times.push(performance.now() - begun)
      }
  told('counting one quarter of one werkcentrum', times)
  const begun = performance.now()
  // Only those that are counted; the others are left to a server.
  await admin.query(
    `CREATE OR REPLACE FUNCTION quarters_to_count() RETURNS TABLE (werkcentrum_id uuid, quarter date) LANGUAGE sql STABLE AS 'SELECT NULL::uuid, NULL::date WHERE false'`,
  )
  const made = await publishFigures(database)
  console.log(
    `publishing ${made} quarters with half years and years: ${seconds(begun)} s, ${((performance.now() - begun) / made).toFixed(0)} ms each`,
  )
  // The others tell the same: reading does not care what the numbers are.
  for (const table of ['figure_publication', 'figure_value'])
    await admin.query(
      `INSERT INTO ${table} SELECT w.id, ${table === 'figure_value' ? 'v.period, v.figure, v.version, v.row_key, v.column_key, v.value' : 'v.period, v.version, v.published_on'}
       FROM werkcentrum w, ${table} v WHERE v.werkcentrum_id = $1 ON CONFLICT DO NOTHING`,
      [ids[0]],
    )
  await admin.query('VACUUM ANALYZE figure_value, figure_publication')
  const { rows: size } = await admin.query('SELECT count(*)::integer AS values, count(value)::integer AS told FROM figure_value')
  console.log(`${size[0].values} published values, ${size[0].told} of them told`)
}

async function read(database) {
  const policies = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
  // No two records are of one moment.
  let clock = Date.now()
  const now = () => {
    clock += 1
    return new Date(clock)
  }
  const world = realWorld({ database, policies, keys: KEYS, now })
  const { id: werkcentrumId } = await asFigures(database, (sql) =>
    sql.werkcentrum.findFirstOrThrow({ orderBy: { amCode: 'asc' } }),
  )
  const guide = { role: 'GUIDE', side: 'WERKCENTRUM', organisationId: werkcentrumId, subject: 'bench' }
  for (const [area, of] of [
    ['a werkcentrum', werkcentrumId],
    ['the country', null],
  ]) {
    const times = []
    for (const period of [`${LAST}-Q1`, `${LAST}-H2`, `${LAST}`])
      for (const { id: figure } of FIGURES.figures) {
        const begun = performance.now()
        await perform(world, guide, 'figures', (act) =>
          readFigure(act, FIGURES, { figure, period, werkcentrumId: of, language: 'nl' }),
        ).catch(() => {})
        times.push(performance.now() - begun)
      }
    told(`reading one figure of ${area}, with its access record`, times)
  }
}

function told(what, times) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(0)
  console.log(`${what}: median ${at(0.5)} ms, 95 % under ${at(0.95)} ms, longest ${at(1)} ms (${times.length} times)`)
}
