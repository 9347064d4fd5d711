// The job as it runs: beside a server that answers, killed in the midst, and going on where it was. The large form: npm run bench:fade.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { KEY_RING } from '../support/keys.js'
import { startServer, type TestServer } from '../support/server.js'

const JOB = fileURLToPath(new URL('../../dist/anonymity/fade-once.js', import.meta.url))
const CONTACTS = 2000
const STAGES = 4

let server: TestServer
let serverUrl = ''
beforeAll(async () => {
  server = await startServer({
    serverUrl: (urls) => {
      serverUrl = urls.serverUrl
      return serverUrl
    },
  })
  await server.sql.query(
    `INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result)
     SELECT d.werkcentrum_id, gen_random_uuid(), d.id, 'PHONE', '2024-01-01'::date + n % 300, 'MORNING', 'ANSWERED'
     FROM generate_series(1, ${CONTACTS}) n, desk d WHERE d.id = $1`,
    [demoId('desk-amersfoort-stadhuis')],
  )
  for (const [table, columns, values] of [
    ['routing', 'visitor_kind, origin', `'WORKER', 'GM0307'`],
    ['question', 'themes', `'{CAREER}'`],
    ['situation', 'work, benefit, age, education, language_help', `'NONE', 'WW', 'A27_54', 'SECONDARY', 'NO'`],
    ['reference', 'reference', 'gen_random_uuid()'],
  ])
    await server.sql.query(
      `INSERT INTO visitor_contact_${table} (werkcentrum_id, contact_id, ${columns}) SELECT c.werkcentrum_id, c.id, ${values} FROM visitor_contact c`,
    )
  await server.sql.query(
    `INSERT INTO figure_counted SELECT DISTINCT werkcentrum_id, date_trunc('quarter', day)::date, 1, current_date FROM visitor_contact ON CONFLICT DO NOTHING`,
  )
})
afterAll(() => server.stop())

const job = (): ChildProcess =>
  spawn(process.execPath, [JOB], {
    env: { PATH: process.env.PATH, DATABASE_URL: serverUrl, KEY_RING },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
/** In one snapshot: how many steps stand in the rows, how many were counted, and what of each contact hangs on it. */
const state = async (sql: Client) =>
  (
    await sql.query(`SELECT (SELECT sum(faded)::int FROM visitor_contact) AS stages,
      (SELECT coalesce(sum(things), 0)::int FROM fading_run WHERE subject LIKE 'contact-%') AS counted,
      (SELECT count(*)::int FROM visitor_contact c WHERE c.faded >= 1 AND EXISTS (SELECT FROM visitor_contact_reference r WHERE r.contact_id = c.id)) AS half_unlinked,
      (SELECT count(*)::int FROM visitor_contact c WHERE (c.faded >= 2) <> (c.day_part IS NULL)) AS half_weeks,
      (SELECT count(*)::int FROM visitor_contact c WHERE (c.faded >= 4) = EXISTS (SELECT FROM visitor_contact_situation s WHERE s.contact_id = c.id)) AS half_bare`)
  ).rows[0]

test('a job that is killed in the midst leaves nothing half done, and the next one does the rest; the server answers all the while', async () => {
  const guide = server.as('gids-amersfoort')
  let isBusy = true
  const answers: number[] = []
  const clients = Array.from({ length: 8 }, async (_, n) => {
    while (isBusy) {
      const { status, data } = await (n % 2
        ? guide('{ openLoops(first: 5) { edges { node { id } } } }')
        : guide('mutation ($input: LogContactInput!) { logContact(input: $input) { id } }', {
            input: {
              deskId: demoId('desk-amersfoort-stadhuis'),
              channel: 'PHONE',
              visitorKind: 'WORKER',
              themes: ['CAREER'],
              result: 'ANSWERED',
            },
          }))
      answers.push(data?.openLoops || data?.logContact ? status : 0)
    }
  })
  try {
    const killed = job()
    while ((await state(server.sql)).counted < CONTACTS / 5) await wait(5)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const midway = await state(server.sql)
    expect(midway.counted).toBeLessThan(CONTACTS * STAGES)
    expect(midway).toEqual({ stages: midway.counted, counted: midway.counted, half_unlinked: 0, half_weeks: 0, half_bare: 0 })

    const resumed = job()
    const [code] = await once(resumed, 'exit')
    expect(code).toBe(0)
    const end = CONTACTS * STAGES
    expect(await state(server.sql)).toEqual({ stages: end, counted: end, half_unlinked: 0, half_weeks: 0, half_bare: 0 })
  } finally {
    isBusy = false
    await Promise.all(clients)
  }
  expect(answers.length).toBeGreaterThan(clients.length)
  expect(answers.filter((status) => status !== 200)).toEqual([])
})
