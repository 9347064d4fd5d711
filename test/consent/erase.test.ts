// 7: what consent has not covered for its whole term is erased, by any number of processes at once; and stays erased after a restore.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { eraseClosed, startErasing } from '#app/consent/erase.js'
import { openDatabase } from '#app/database/door.js'
import {
  detail,
  done,
  GUIDE,
  give,
  made,
  narrow,
  type Offered,
  refusal,
  step,
  WIDEST,
  WITH_SENSITIVE,
  withdraw,
} from '../journeys/hand-off.js'
import { onDatabase } from '../support/database.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const TABLES = [
  'hand_off_routing',
  'hand_off_question',
  'hand_off_next_step',
  'hand_off_situation',
  'hand_off_sensitive',
  'hand_off_note',
]
const rows = async (sql: string, ...values: unknown[]): Promise<any[]> => (await server.sql.query(sql, values)).rows
const there = async (id: string): Promise<string[]> => {
  const found = []
  for (const table of TABLES)
    if ((await rows(`SELECT 1 FROM ${table} WHERE hand_off_id = $1`, id)).length > 0) found.push(table.slice(9))
  return found
}
const all = () => made(server, { consent: WITH_SENSITIVE, sensitive: ['JOBS_AGREEMENT'] })
const ALL = ['routing', 'question', 'next_step', 'situation', 'sensitive']

/** As if it had all happened so many days ago: the database's own clock decides what is due. Expiry goes along. */
const daysAgo = async ({ id }: Offered, days: number) => {
  await server.sql.query(
    'UPDATE consent SET day = day - $2::integer, expires_on = expires_on - $2::integer WHERE hand_off_id = $1',
    [id, days],
  )
  await server.sql.query('UPDATE context_due SET due_on = due_on - $2::integer WHERE hand_off_id = $1', [id, days])
}
/** The clock of the server stands still, on a day that is past; the term is counted from there. */
const TERM = 14

describe('After the term', () => {
  test('withdrawn context goes, not a day earlier; the log, the story and the consent stay', async () => {
    const offered = await all()
    await done(withdraw(server, GUIDE, offered.id))
    await daysAgo(offered, TERM - 1)
    await eraseClosed(server.world)
    expect(await there(offered.id)).toEqual(ALL)
    await daysAgo(offered, 1)
    await eraseClosed(server.world)
    expect(await there(offered.id)).toEqual([])
    expect(
      (await rows('SELECT category, because FROM erasure WHERE hand_off_id = $1 ORDER BY 1', offered.id)).map((row) =>
        Object.values(row).join(' '),
      ),
    ).toEqual(['question TERM', 'routing TERM', 'sensitive TERM', 'situation TERM'])
    expect(await rows('SELECT 1 FROM consent WHERE hand_off_id = $1', offered.id)).toHaveLength(2)
    expect(await rows('SELECT 1 FROM context_due WHERE hand_off_id = $1', offered.id)).toEqual([])
    expect((await detail(server, GUIDE, offered.id)).data.handOff).toMatchObject({
      state: 'OFFERED',
      routing: null,
      nextStep: null,
    })
    expect(
      refusal(await give(server, offered.id, offered.code, { ...WIDEST, categories: ['situation', 'question'] })),
    ).toBeUndefined()
  })

  test('narrowed away: that category alone, and the rest when it expires', async () => {
    const offered = await all()
    await done(narrow(server, GUIDE, offered.id, ['question', 'situation', 'outcome']))
    await daysAgo(offered, TERM)
    await eraseClosed(server.world)
    expect(await there(offered.id)).toEqual(['question', 'next_step', 'situation'])
    await daysAgo(offered, 183 - TERM + TERM - 1)
    await eraseClosed(server.world)
    expect(await there(offered.id)).toEqual(['question', 'next_step', 'situation'])
    await daysAgo(offered, 1)
    await eraseClosed(server.world)
    expect(await there(offered.id)).toEqual([])
  })

  test('what was agreed to again within the term stays; what was never agreed to is the desk’s', async () => {
    const again = await all()
    await done(withdraw(server, GUIDE, again.id))
    await daysAgo(again, TERM)
    await done(give(server, again.id, again.code, WIDEST))
    const never = await made(server, { consent: { ...WIDEST, categories: ['routing'] } })
    await daysAgo(never, 183 + TERM)
    const without = await made(server, { consent: null })
    await eraseClosed(server.world)
    // Sensitive was withdrawn with the rest, and not agreed to again.
    expect(await there(again.id)).toEqual(['routing', 'question', 'next_step', 'situation'])
    expect(await there(never.id)).toEqual(['next_step'])
    expect(await there(without.id)).toEqual(['next_step'])
  })

  test('nobody hurries it along by saying that it is later', async () => {
    const offered = await all()
    await done(withdraw(server, GUIDE, offered.id))
    await server.sql.query(`UPDATE consent SET day = current_date, expires_on = current_date + 30 WHERE hand_off_id = $1`, [
      offered.id,
    ])
    await server.sql.query(`UPDATE context_due SET due_on = current_date + 14 WHERE hand_off_id = $1`, [offered.id])
    await server.sql.query('BEGIN; SET LOCAL ROLE wo_nobody')
    await server.sql.query(`SELECT erase_closed_context('2099-01-01', 500)`)
    await server.sql.query('COMMIT')
    expect(await there(offered.id)).toEqual(ALL)
  })

  test('by several processes at once, in batches, each hand-off once', async () => {
    const offers = await Promise.all(Array.from({ length: 12 }, all))
    for (const offered of offers) {
      await done(withdraw(server, GUIDE, offered.id))
      await daysAgo(offered, TERM)
    }
    const others = [1, 2, 3].map(() =>
      openDatabase(onDatabase(inject('cluster').serverUrl, server.sql.database!), { connections: 1 }),
    )
    const looked = await Promise.all(others.map((database) => eraseClosed({ ...server.world, database }, 2)))
    await Promise.all(others.map((database) => database.$disconnect()))
    expect(looked.reduce((sum, each) => sum + each, 0)).toBe(12)
    for (const { id } of offers) expect(await there(id)).toEqual([])
    expect(await eraseClosed(server.world)).toBe(0)
  })

  test('the timer erases at once and again, tells of a fault, and stops', async () => {
    const offered = await all()
    await done(withdraw(server, GUIDE, offered.id))
    await daysAgo(offered, TERM)
    const erasing = startErasing(server.world, { every: 20 })
    await expect.poll(() => there(offered.id)).toEqual([])
    const next = await all()
    await done(withdraw(server, GUIDE, next.id))
    await daysAgo(next, TERM)
    await expect.poll(() => there(next.id)).toEqual([])
    await erasing.stop()
    const faults: unknown[] = []
    const broken = openDatabase(onDatabase(inject('cluster').serverUrl, 'not-there'), { connections: 1, patience: 200 })
    const failing = startErasing({ ...server.world, database: broken }, { every: 60_000, fault: (error) => faults.push(error) })
    await expect.poll(() => faults.length).toBe(1)
    await failing.stop()
    await broken.$disconnect()
  })
})

test('after a restore, what was erased is erased again; what was agreed to on a later day is not', async () => {
  const [erased, again] = [await all(), await all()]
  await done(step(server, 'uwv-amersfoort', 'acceptHandOff', erased.id))
  await server.sql.query('CREATE TEMP TABLE kept AS SELECT * FROM hand_off_situation WHERE hand_off_id = ANY ($1)', [
    [erased.id, again.id],
  ])
  for (const { code } of [erased, again])
    await done(server.nobody('mutation ($code: String!) { eraseByCode(code: $code) { status } }', { code }))
  // The restore: an old copy of the table comes back; the list of what was erased is kept apart from it.
  await server.sql.query('INSERT INTO hand_off_situation SELECT * FROM kept')
  await server.sql.query(
    `INSERT INTO consent SELECT (jsonb_populate_record(c, jsonb_build_object('version', c.version + 1, 'change', 'WIDENED', 'categories', '["situation"]'::jsonb, 'day', c.day + 1))).*
     FROM consent c WHERE c.hand_off_id = $1 ORDER BY c.version DESC LIMIT 1`,
    [again.id],
  )
  expect((await rows('SELECT replay_erasures() AS gone'))[0].gone).toBeGreaterThan(0)
  expect([await there(erased.id), await there(again.id)]).toEqual([[], ['situation']])
  expect((await rows('SELECT replay_erasures() AS gone'))[0].gone).toBe(0)
})
