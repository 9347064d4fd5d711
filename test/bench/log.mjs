// What the access log costs: the inbox of 50 for eight clients at once, over HTTP, from the server as it runs in production, side by side with
// the same server whose record is not written. Prints times and their ratio; asserts nothing. Run: npm run bench:log
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startEmbedded, superuserUrl } from '#app/database/embedded.js'
import { release } from '#app/database/release.js'
import { startIssuer } from '#app/identity/issuer.js'
import { AT_ONE, arrange, HAND_OFFS, partner } from './hand-offs.mjs'

const CLIENTS = 8
const ROUNDS = Number(process.env.ROUNDS ?? 20)
/** Per client, round and server. */
const ASKED = Number(process.env.ASKED ?? 20)
const SECRET = Buffer.alloc(32, 1)
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const BODY = JSON.stringify({ query: readFileSync(here('../../schema/operations/04-inbox.graphql'), 'utf8') })

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
chmodSync(folder, 0o755)
const embedded = await startEmbedded({ folder })
const issuer = await startIssuer({
  accounts: [{ name: 'handler', claims: { wo_role: 'HANDLER', wo_organisation: `partner:${partner(0)}` } }],
  dataFolder: folder,
  audience: 'urn:warme-overdracht:api',
})

/** The built server in a process of its own; `hook` is loaded before it. */
async function startServer(...hook) {
  const child = spawn(process.execPath, [...hook, here('../../dist/main.js')], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: embedded.serverUrl,
      OIDC_ISSUER: issuer.issuer,
      KEY_RING: JSON.stringify({ current: 'k1', keys: { k1: SECRET.toString('base64url') } }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  while (!/is ready: \S+/.test(said)) said += (await once(child.stdout, 'data'))[0]
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const url = /is ready: (\S+)/.exec(said)[1]
  return {
    async ask(token) {
      const start = process.hrtime.bigint()
      const asked = request(url, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      })
      asked.end(BODY)
      const [answer] = await once(asked, 'response')
      let text = ''
      for await (const piece of answer) text += piece
      const took = Number(process.hrtime.bigint() - start) / 1e6
      if (answer.statusCode !== 200 || text.split('"recognitionCode"').length !== 51)
        throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`)
      return took
    },
    async stop() {
      agent.destroy()
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** Every client asks one question after the other; gives how long each took, in milliseconds. */
async function round(server, questions) {
  const token = await issuer.token('handler')
  const client = async () => {
    const times = []
    for (let n = 0; n < questions; n++) times.push(await server.ask(token))
    return times
  }
  return (await Promise.all(Array.from({ length: CLIENTS }, client))).flat()
}

const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)]
const line = (name, list) => `${name.padEnd(28)} p50 ${at(list, 0.5).toFixed(1)} ms   p95 ${at(list, 0.95).toFixed(1)} ms`

const servers = []
try {
  await release({ ...embedded, keys: { current: 'k1', keys: { k1: SECRET } } })
  const admin = new pg.Client({ connectionString: superuserUrl(folder, embedded.port) })
  await admin.connect()
  await arrange(admin, new Date().toISOString().slice(0, 10))
  const records = async () => Number((await admin.query('SELECT count(*) AS n FROM access_record')).rows[0].n)

  const logging = await startServer()
  servers.push(logging)
  const silent = await startServer('--import', here('without-log.mjs'))
  servers.push(silent)
  for (const server of servers) await round(server, 20)

  const times = { logging: [], silent: [] }
  const ratios = []
  const before = await records()
  for (let n = 0; n < ROUNDS; n++) {
    // Now the one first, then the other, so that whatever else the machine does meets both.
    const turns = n % 2 === 0 ? ['logging', 'silent'] : ['silent', 'logging']
    const took = {}
    for (const turn of turns) took[turn] = await round(turn === 'logging' ? logging : silent, ASKED)
    times.logging.push(...took.logging)
    times.silent.push(...took.silent)
    ratios.push(at(took.logging, 0.95) / at(took.silent, 0.95))
  }
  const written = (await records()) - before
  if (written !== times.logging.length) throw new Error(`${times.logging.length} answers and ${written} records`)
  console.log(
    `The inbox of 50 of ${AT_ONE} among ${HAND_OFFS} hand-offs, ${CLIENTS} clients, ${ROUNDS} rounds of ${CLIENTS * ASKED} questions each, in turn; ${written} records:`,
  )
  console.log(line('with its access record', times.logging))
  console.log(line('without', times.silent))
  console.log(
    `ratio of p95                 ${(at(times.logging, 0.95) / at(times.silent, 0.95)).toFixed(2)} (per round: median ${at(ratios, 0.5).toFixed(2)}, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
  )
  await admin.end()
} finally {
  for (const server of servers) await server.stop()
  await issuer.stop()
  await embedded.stop()
  rmSync(folder, { recursive: true, force: true })
}
