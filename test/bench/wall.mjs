// What row-level security costs: the inbox of 50 at one partner of 20,000 among 100,000 hand-offs, side by side with the very same SQL
// past the wall. Prints times and their ratio; asserts nothing. Run: npm run bench:wall
import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { openDatabase } from '#app/database/door.js'
import { startEmbedded, superuserUrl } from '#app/database/embedded.js'
import { PrismaClient } from '#app/database/prisma/client.js'
import { release } from '#app/database/release.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { listHandOffs } from '#app/handoffs/handoffs.js'
import { perform } from '#app/operations/perform.js'
import { realWorld } from '#app/world.js'

const HAND_OFFS = 100_000
const AT_ONE = 20_000
const ROUNDS = Number(process.env.ROUNDS ?? 300)
const TODAY = '2026-11-24'
const KEYS = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } }
const idOf = (name) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
const KINDS = ['UWV', 'GEMEENTE', 'WSP', 'LWL', 'RMT', 'SCHOOL', 'MUNICIPAL_SERVICE', 'NEIGHBOURHOOD']
const partner = (n) => idOf(`partner ${n}`)
const werkcentrum = (n) => idOf(`werkcentrum ${n}`)

async function arrange(admin) {
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
      unnest('{OVERVIEW,HELP,FOLLOW_UP}'::text[]) u), 'task', 5, 5, 'function', 'reference', '2027-06-01', make_date(2024 + v, 1, 1), '2027-12-31', make_date(2024 + v, 1, 1), 1
    FROM werkcentrum w, partner p, generate_series(1, 3) v WHERE v <= CASE WHEN p.id = '${partner(0)}' THEN 2 ELSE 1 END`)
  // One in five is for the large partner; a tenth still runs; they come from everywhere.
  await admin.query(`INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, steps)
    SELECT w.id, md5(n::text)::uuid, p.id, p.kind, 'code-' || n, CASE n / 5 % 10 WHEN 0 THEN 'OFFERED' WHEN 1 THEN 'ACCEPTED' ELSE 'COMPLETED' END,
      '${TODAY}'::date - (n % 700), '${TODAY}'::date - (n % 700), 'MORNING', 2
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

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
chmodSync(folder, 0o755)
const embedded = await startEmbedded({ folder })
try {
  await release({ ...embedded, keys: KEYS })
  const admin = new pg.Client({ connectionString: superuserUrl(folder, embedded.port) })
  await admin.connect()
  await arrange(admin)
  const policies = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
  const said = []
  const database = openDatabase(embedded.serverUrl)
  const spy = new PrismaClient({
    adapter: new PrismaPg({ connectionString: embedded.serverUrl, max: 1 }),
    log: [{ emit: 'event', level: 'query' }],
  })
  spy.$on('query', ({ query, params }) => said.push({ sql: query, values: JSON.parse(params) }))
  const now = () => new Date(`${TODAY}T10:00:00Z`)
  const handler = { role: 'HANDLER', side: 'PARTNER', organisationId: partner(0), subject: 'bench' }
  const page = await perform(
    realWorld({ database: spy, policies, keys: KEYS, now, newId: randomUUID }),
    handler,
    'handOffs',
    (act) => listHandOffs(act, {}, { first: 50, after: null }),
  )
  const door = said.find(({ sql }) => sql.includes(`set_config('role'`))
  const inbox = said.find(({ sql }) => sql.includes('WITH h AS MATERIALIZED'))
  await spy.$disconnect()

  // The same SQL with the same values, in a transaction of its own each time: as the handler, and as one whom no policy holds.
  const behind = new pg.Client({ connectionString: embedded.serverUrl })
  await behind.connect()
  const timed = async (client, prepare) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await prepare(client)
    const start = process.hrtime.bigint()
    const { rows } = await client.query(inbox.sql, inbox.values)
    const took = Number(process.hrtime.bigint() - start) / 1e6
    await client.query('COMMIT')
    if (rows.length < 50) throw new Error(`${rows.length} rows`)
    return took
  }
  const times = { behind: [], past: [] }
  for (let round = -30; round < ROUNDS; round++) {
    const walled = await timed(behind, (client) => client.query(door.sql, door.values))
    const open = await timed(admin, async (client) => client.query(`SELECT set_config('app.capacity', '', true)`))
    if (round >= 0) times.behind.push(walled) && times.past.push(open)
  }
  const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)]
  const line = (name, list) => `${name.padEnd(28)} median ${at(list, 0.5).toFixed(2)} ms   p95 ${at(list, 0.95).toFixed(2)} ms`
  console.log(`${page.items.length} of ${AT_ONE} at one partner among ${HAND_OFFS} hand-offs, ${ROUNDS} times each, in turn:`)
  console.log(line('behind row-level security', times.behind))
  console.log(line('past row-level security', times.past))
  console.log(`ratio of medians             ${(at(times.behind, 0.5) / at(times.past, 0.5)).toFixed(2)}`)
  if (process.env.EXPLAIN) {
    for (const [client, prepare] of [
      [behind, (c) => c.query(door.sql, door.values)],
      [admin, (c) => c.query('SELECT 1')],
    ]) {
      await client.query('BEGIN')
      await prepare(client)
      const { rows } = await client.query(`EXPLAIN (ANALYZE, TIMING ON) ${inbox.sql}`, inbox.values)
      console.log(rows.map((row) => row['QUERY PLAN']).join('\n'))
      await client.query('ROLLBACK')
    }
  }
  await behind.end()
  await admin.end()
  await database.$disconnect()
} finally {
  await embedded.stop()
  rmSync(folder, { recursive: true, force: true })
}
