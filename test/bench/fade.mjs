// Fading under load: a million contacts and a hundred thousand hand-offs that are due, eight clients who go on asking, a runner that is killed
// midway. Prints what was done, how long clients waited, and the longest that anything was held. Run: npm run bench:fade
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startEmbedded, superuserUrl } from '#app/database/embedded.js'
import { release } from '#app/database/release.js'
import { startIssuer } from '#app/identity/issuer.js'
import { arrange, partner } from './hand-offs.mjs'

const CLIENTS = 8
/** Reads an answer for so many milliseconds before it asks again; 0: as fast as it can. */
const PAUSE = Number(process.env.PAUSE ?? 100)
const CONTACTS = Number(process.env.CONTACTS ?? 1_000_000)
/** Stops after so many seconds, done or not. */
const SECONDS = Number(process.env.SECONDS ?? 36_000)
const SECRET = Buffer.alloc(32, 1)
const KEY_RING = JSON.stringify({ current: 'k1', keys: { k1: SECRET.toString('base64url') } })
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const INBOX = { query: readFileSync(here('../../schema/operations/04-inbox.graphql'), 'utf8') }

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
chmodSync(folder, 0o755)
const embedded = await startEmbedded({ folder })
const admin = new pg.Client({ connectionString: superuserUrl(folder, embedded.port) })
const children = new Set()
let issuer

function start(program, env) {
  const child = spawn(process.execPath, [here(`../../dist/${program}`)], {
    env: { PATH: process.env.PATH, DATABASE_URL: embedded.serverUrl, KEY_RING, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** Contacts of ten years, with what hangs on them. */
async function contacts() {
  await admin.query(`INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result)
    SELECT d.werkcentrum_id, md5('contact ' || n)::uuid, d.id, 'WALK_IN', current_date - (n % 3650), 'MORNING', 'ANSWERED'
    FROM generate_series(1, ${CONTACTS}) n JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM desk) d ON d.place = 1 + n % 35`)
  const hangs = (table, columns, values) =>
    admin.query(
      `INSERT INTO ${table} (werkcentrum_id, contact_id, ${columns}) SELECT c.werkcentrum_id, c.id, ${values} FROM visitor_contact c`,
    )
  await hangs('visitor_contact_routing', 'visitor_kind, origin', `'WORKER', 'GM0307'`)
  await hangs('visitor_contact_question', 'themes', `'{CAREER}'`)
  await hangs(
    'visitor_contact_situation',
    'work, benefit, age, education, language_help',
    `'NONE', 'WW', 'A27_54', 'SECONDARY', 'NO'`,
  )
  await hangs('visitor_contact_reference', 'reference', 'gen_random_uuid()')
  await admin.query('UPDATE hand_off SET touched_on = changed_on')
  await admin.query('VACUUM ANALYZE')
}

const longest = { batch: 0, wait: 0, samples: 0 }
/** Row locks are held until their transaction ends, so the age of a transaction is the longest that it held one. */
async function sample(client, signal) {
  while (!signal.aborted) {
    const { rows } = await client.query(`SELECT
      coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE query LIKE '%fade(%' AND state <> 'idle'), 0)::float8 AS batch,
      coalesce((SELECT max(extract(epoch FROM clock_timestamp() - waitstart)) FROM pg_locks WHERE NOT granted), 0)::float8 AS wait
      FROM pg_stat_activity WHERE pid <> pg_backend_pid()`)
    longest.batch = Math.max(longest.batch, rows[0].batch)
    longest.wait = Math.max(longest.wait, rows[0].wait)
    longest.samples++
    await wait(50)
  }
}

const done = async () => Number((await admin.query('SELECT coalesce(sum(things), 0) AS n FROM fading_run')).rows[0].n)
const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)]

try {
  await release({ ...embedded, keys: { current: 'k1', keys: { k1: SECRET } } })
  await admin.connect()
  await arrange(admin, new Date().toISOString().slice(0, 10))
  await contacts()
  const { rows } = await admin.query('SELECT werkcentrum_id, id FROM desk ORDER BY id LIMIT 1')
  issuer = await startIssuer({
    accounts: [
      { name: 'handler', claims: { wo_role: 'HANDLER', wo_organisation: `partner:${partner(0)}` } },
      { name: 'guide', claims: { wo_role: 'GUIDE', wo_organisation: `werkcentrum:${rows[0].werkcentrum_id}` } },
    ],
    dataFolder: folder,
    audience: 'urn:warme-overdracht:api',
  })
  const LOG = {
    query: 'mutation ($input: LogContactInput!) { logContact(input: $input) { id coarsened } }',
    variables: {
      input: {
        deskId: rows[0].id,
        channel: 'PHONE',
        visitorKind: 'WORKER',
        origin: 'GM0307',
        themes: ['CAREER'],
        result: 'ANSWERED',
      },
    },
  }
  const server = start('main.js', { NODE_ENV: 'production', PORT: '0', LOG_LEVEL: 'warn', OIDC_ISSUER: issuer.issuer })
  let said = ''
  while (!/is ready: \S+/.test(said)) said += (await once(server.stdout, 'data'))[0]
  const url = /is ready: (\S+)/.exec(said)[1]

  const stop = new AbortController()
  const watching = new pg.Client({ connectionString: superuserUrl(folder, embedded.port) })
  await watching.connect()
  const sampling = sample(watching, stop.signal)
  const times = []
  let failed = 0
  const client = async (account, body, field) => {
    for (let token, asked = 0; !stop.signal.aborted; asked++) {
      if (asked % 100 === 0) token = await issuer.token(account)
      const begin = performance.now()
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      })
      const answer = await response.json()
      if (response.status !== 200 || !answer.data?.[field]) {
        failed++
        console.error(response.status, JSON.stringify(answer).slice(0, 300))
      }
      times.push(performance.now() - begin)
      await wait(PAUSE)
    }
  }
  const asking = Array.from({ length: CLIENTS }, (_, n) =>
    n % 2 ? client('handler', INBOX, 'handOffs') : client('guide', LOG, 'logContact'),
  )

  const began = performance.now()
  const killed = start('anonymity/fade-once.js', {})
  await wait(Math.min(15_000, (SECONDS * 1000) / 4))
  killed.kill('SIGKILL')
  const atKill = await done()
  const { rows: whole } =
    await admin.query(`SELECT (SELECT sum(faded) FROM visitor_contact)::bigint + (SELECT sum(faded) FROM hand_off)::bigint AS stages,
    (SELECT coalesce(sum(things), 0) FROM fading_run WHERE subject ~ '^(contact|hand-off)-')::bigint AS counted`)
  const resumed = start('anonymity/fade-once.js', {})
  const ended = await Promise.race([
    once(resumed, 'exit').then(([code]) => code),
    wait(SECONDS * 1000, 'out of time', { ref: false }),
  ])
  const seconds = (performance.now() - began) / 1000
  const all = await done()
  stop.abort()
  await Promise.all([...asking, sampling])
  await watching.end()
  console.log(
    `${CONTACTS} contacts of ten years and 100000 hand-offs; ${CLIENTS} clients, ${times.length} requests, ${failed} failed.`,
  )
  console.log(
    `Killed after ${atKill} steps: ${whole[0].stages} stand in the rows, ${whole[0].counted} were counted in the same moment or just before.`,
  )
  console.log(
    `${all} steps in ${seconds.toFixed(0)} s (${(all / seconds).toFixed(0)} a second); the runner that went on ended with ${ended}.`,
  )
  console.log(
    `requests: p50 ${at(times, 0.5).toFixed(0)} ms, p95 ${at(times, 0.95).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`,
  )
  console.log(
    `the longest transaction of fading, and so the longest lock: ${(longest.batch * 1000).toFixed(0)} ms; the longest wait for a lock: ${(longest.wait * 1000).toFixed(0)} ms; in ${longest.samples} samples`,
  )
  if (failed > 0 || longest.batch > 1 || longest.wait > 1) process.exitCode = 1
} finally {
  for (const child of children) child.kill('SIGKILL')
  await issuer?.stop()
  await admin.end().catch(() => {})
  await embedded.stop()
  rmSync(folder, { recursive: true, force: true })
}
