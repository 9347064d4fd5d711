// What row-level security costs: the inbox of 50 at one partner of 20,000 among 100,000 hand-offs, side by side with the very same SQL
// past the wall. Prints times and their ratio; asserts nothing. Run: npm run bench:wall
import { randomUUID } from 'node:crypto'
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
import { AT_ONE, arrange, HAND_OFFS, partner } from './hand-offs.mjs'

const ROUNDS = Number(process.env.ROUNDS ?? 300)
const TODAY = '2026-11-24'
const KEYS = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } }
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
chmodSync(folder, 0o755)
const embedded = await startEmbedded({ folder })
try {
  await release({ ...embedded, keys: KEYS })
  const admin = new pg.Client({ connectionString: superuserUrl(folder, embedded.port) })
  await admin.connect()
  await arrange(admin, TODAY)
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
