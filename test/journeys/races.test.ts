// Of many people acting at once exactly one wins, and the story says so (design 5: one guarded UPDATE per step).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { Refusal } from '#app/errors.js'
import { takeStep } from '#app/handoffs/take-step.js'
import type { StaffCapacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import { startServer, type TestServer } from '../support/server.js'

const CLIENTS = 32
const HAND_OFFS = 1000
/** How many of the clients go for each hand-off: all of them takes minutes, so the suite sends eight unless RACERS says otherwise. */
const RACERS = Number(process.env.RACERS ?? 8)

let server: TestServer
let ids: string[]

beforeAll(async () => {
  server = await startServer({ connections: CLIENTS })
  await server.sql.query(
    `INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part)
     SELECT $1, gen_random_uuid(), $2, 'UWV', 'woord-woord-' || n, 'OFFERED', '2026-11-18', '2026-11-18', 'MORNING' FROM generate_series(1, ${HAND_OFFS}) n`,
    [demoId('werkcentrum-amersfoort'), demoId('uwv-amersfoort')],
  )
  ids = (await server.sql.query('SELECT id FROM hand_off')).rows.map((row) => row.id)
})
afterAll(() => server.stop())

const guide: StaffCapacity = {
  role: 'GUIDE',
  side: 'WERKCENTRUM',
  organisationId: demoId('werkcentrum-amersfoort'),
  subject: 'a guide',
}
const handler: StaffCapacity = {
  role: 'HANDLER',
  side: 'PARTNER',
  organisationId: demoId('uwv-amersfoort'),
  subject: 'a handler',
}

/** One attempt; tells whether it won, and throws for whatever is neither a win nor a HANDOFF_MOVED_ON with a state. */
async function attempt(kind: number, id: string): Promise<boolean> {
  const { world } = server
  try {
    if (kind === 0) await perform(world, handler, 'acceptHandOff', (act) => takeStep(act, id, 'accept'))
    else if (kind === 1)
      await perform(world, handler, 'declineHandOff', (act) => takeStep(act, id, 'decline', { reason: 'NO_CAPACITY' }))
    else
      await perform(world, guide, 'withdrawHandOff', (act) =>
        takeStep(act, id, 'withdraw', { reason: 'NOT_NEEDED', ifState: 'OFFERED' }),
      )
    return true
  } catch (error) {
    if (error instanceof Refusal && error.extensions.code === 'HANDOFF_MOVED_ON' && typeof error.extensions.state === 'string')
      return false
    throw error
  }
}

test(`of ${CLIENTS} clients that accept, decline or withdraw the same ${HAND_OFFS} hand-offs, ${RACERS} at each, exactly one wins, with as many events as wins`, async () => {
  const wins = new Map<string, number>()
  const client = async (number: number) => {
    for (const [index, id] of ids.entries()) {
      if ((number + index) % CLIENTS >= RACERS) continue
      const won = await attempt(number % 3, id)
      if (won) wins.set(id, (wins.get(id) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
  expect(wins.size).toBe(HAND_OFFS)
  expect([...wins.values()].every((count) => count === 1)).toBe(true)
  const { rows } = await server.sql.query(
    'SELECT hand_off_id, count(*)::int AS events, max(number) AS last FROM hand_off_event GROUP BY hand_off_id',
  )
  expect(rows).toHaveLength(HAND_OFFS)
  expect(rows.every((row) => row.events === 1 && row.last === 2)).toBe(true)
})
