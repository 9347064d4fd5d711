// A server that is killed during writes, with or without its PostgreSQL, loses nothing that it acknowledged (design 4: no log line, no answer).
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { superuserUrl } from '#app/database/embedded.js'
import { demoId } from '#app/demo/ids.js'
import { accountSecrets, askForToken } from '#app/identity/ask.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const ROUNDS = 10
const WRITERS = 4

const folder = mkdtempSync(join(tmpdir(), 'wo-kill-'))
// PostgreSQL may run as another user than this test.
chmodSync(folder, 0o755)
let child: ChildProcess | undefined

type Running = { url: string; token: string; child: ChildProcess }

async function start(): Promise<Running> {
  const started = spawn(process.execPath, [MAIN], {
    env: { ...process.env, DATA_FOLDER: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child = started
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const ready = /is ready: (http:\/\/[\d.:]+)/.exec(said)
      if (ready) resolve(ready[1]!)
    }
    started.stdout?.on('data', hear)
    started.stderr?.on('data', hear)
    started.once('exit', (code) => reject(new Error(`the server stopped with ${code}: ${said}`)))
  })
  const { issuer } = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'))
  const secrets = accountSecrets(folder, ['gids-amersfoort'])
  return { url, token: await askForToken(issuer, 'gids-amersfoort', secrets['gids-amersfoort']!), child: started }
}

beforeAll(async () => {
  // The first start makes the database and plays the demo story.
  const first = await start()
  const gone = new Promise((resolve) => first.child.once('exit', resolve))
  first.child.kill('SIGTERM')
  await gone
})

afterAll(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child!.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
})

/** The lines of postmaster.pid: the process first, the port fourth. */
const postmaster = () => readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')

const LOG_CONTACT = `mutation { logContact(input: { deskId: "${demoId('desk-amersfoort-stadhuis')}", channel: PHONE, visitorKind: EMPLOYER, themes: [RECRUITING], result: ANSWERED }) { id } }`

/** Writes until the server is gone; every id in `acknowledged` was in an answer. */
async function writeUntilKilled({ url, token }: Running, acknowledged: string[]): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: LOG_CONTACT }),
      })
      const { data } = (await response.json()) as { data?: { logContact?: { id: string } } }
      if (data?.logContact) acknowledged.push(data.logContact.id)
    } catch {
      return
    }
  }
}

test(`kill -9 during writes, ${ROUNDS} times: no acknowledged write is lost, and none is without its record`, async () => {
  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const running = await start()
    const before = acknowledged.length
    const writers = Array.from({ length: WRITERS }, () => writeUntilKilled(running, acknowledged))
    await expect.poll(() => acknowledged.length, { message: `round ${round} wrote something` }).toBeGreaterThan(before)
    // The death comes at another moment of the writing each time.
    await wait(70 * round)
    const gone = new Promise((resolve) => running.child.once('exit', resolve))
    // Every third time the database dies the same death.
    const [pid] = postmaster()
    running.child.kill('SIGKILL')
    if (round % 3 === 2) process.kill(Number(pid), 'SIGKILL')
    await gone
    await Promise.all(writers)
  }
  const last = await start()
  const [, , , port] = postmaster()
  const sql = new Client({ connectionString: superuserUrl(folder, Number(port)) })
  await sql.connect()
  const { rows } = await sql.query(
    `SELECT c.id, EXISTS (SELECT FROM visitor_contact_reference r JOIN access_record_part p
       ON p.objects @> jsonb_build_array(jsonb_build_object('type', 'VisitorContact', 'reference', r.reference)) WHERE r.contact_id = c.id) AS logged
     FROM visitor_contact c WHERE c.id = ANY ($1)`,
    [acknowledged],
  )
  await sql.end()
  expect(rows).toHaveLength(acknowledged.length)
  expect(rows.filter((row) => !row.logged)).toEqual([])
  expect(last.child.exitCode).toBeNull()
})
