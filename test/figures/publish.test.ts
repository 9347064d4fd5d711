// A quarter that is over is counted once and published once; what was published stays.
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#app/database/door.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import type { Calculator } from '#app/figures/calculate.js'
import { correctFigures, publishFigures } from '#app/figures/publish.js'
import { loadSolver } from '#app/figures/solve.js'
import { readFigures } from '#app/figures/tables.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import { connected, idOf } from '../support/small-world.js'
import { arrangePartners, arrangeWorld, insertContacts, REGION, type SmallWorldFacts } from './worlds.js'

let place: TestDatabase
let admin: Client
let database: PrismaClient
let calculator: Calculator
let world: SmallWorldFacts
let other: SmallWorldFacts
/** How many quarters were published at first. */
let made: number

beforeAll(async () => {
  place = await freshDatabase()
  admin = await connected(place.adminUrl)
  database = openDatabase(place.serverUrl, { connections: 2, patience: 30_000 })
  calculator = { figures: readFigures(POLICIES), solve: await loadSolver() }
  await arrangePartners(admin)
  const { rows } = await admin.query('SELECT gm_code FROM municipality WHERE am_code = $1 ORDER BY 1 LIMIT 4', [REGION])
  const gm = [...rows.map((row) => row.gm_code), 'GM0363']
  world = await arrangeWorld(admin, 3, gm)
  other = await arrangeWorld(admin, 4, gm)
  made = await publishFigures(database)
})

afterAll(async () => {
  await database?.$disconnect()
  await admin?.end()
  await place?.drop()
})

const published = async (id: string) =>
  (
    await admin.query(
      'SELECT period, figure, version, row_key, column_key, value FROM figure_value WHERE werkcentrum_id = $1 ORDER BY 1, 2, 3, 4, 5',
      [id],
    )
  ).rows

describe('publishing', () => {
  test('every quarter that is over is published, with the half years and the year that it closes, and never again', async () => {
    expect(made).toBeGreaterThanOrEqual(8)
    const { rows } = await admin.query('SELECT DISTINCT period FROM figure_publication WHERE werkcentrum_id = $1 ORDER BY 1', [
      world.werkcentrumId,
    ])
    expect(rows.map(({ period }) => period)).toEqual(expect.arrayContaining(['2025', '2025-H1', '2025-H2', '2025-Q1', '2025-Q4']))
    expect(await publishFigures(database)).toBe(0)
  })

  test('no number below the threshold is told, and a sum that is told is the sum of what was counted', async () => {
    for (const { werkcentrumId } of [world, other]) {
      const values = await published(werkcentrumId)
      expect(values.length).toBeGreaterThan(500)
      expect(values.filter(({ value }) => value !== null).length).toBeGreaterThan(3)
      expect(values.filter(({ figure, value }) => value !== null && value < 10 && figure !== 'MEDIAN_ANSWER_DAYS')).toEqual([])
    }
    const { rows } = await admin.query(
      `SELECT (SELECT count(*)::int FROM visitor_contact WHERE werkcentrum_id = $1) AS counted,
              (SELECT value FROM figure_value WHERE werkcentrum_id = $1 AND period = '2025' AND figure = 'CONTACTS') AS told`,
      [world.werkcentrumId],
    )
    expect(rows[0].told).toBe(rows[0].counted)
  })
})

describe('a correction', () => {
  const missed = (count: number) =>
    Array.from({ length: count }, (_, number) => ({
      ...{
        id: idOf(`missed ${count} ${number}`),
        day: '2025-05-05',
        channel: 'WALK_IN',
        result: 'ANSWERED',
        visitor_kind: 'JOB_SEEKER',
        origin: null,
      },
      ...{ journey: 'BENEFIT_TO_WORK', work: 'NONE', benefit: 'WW', age: 'A27_54', education: 'SECONDARY', language_help: 'NO' },
    }))

  test('that is about fewer people than the threshold is refused, and nothing of it stays', async () => {
    const before = await published(world.werkcentrumId)
    await insertContacts(admin, world.werkcentrumId, world.deskId, missed(9))
    await expect(correctFigures(database, calculator, world.werkcentrumId, '2025-04-01')).rejects.toThrow('fewer than 10')
    expect(await published(world.werkcentrumId)).toEqual(before)
    expect(
      (await admin.query('SELECT max(version) FROM figure_counted WHERE werkcentrum_id = $1', [world.werkcentrumId])).rows[0].max,
    ).toBe(1)
  })

  test('of a quarter of which something has faded is refused: it would be counted as unknown', async () => {
    const contact = [world.werkcentrumId, '2025-05-05']
    await admin.query('UPDATE visitor_contact SET faded = 4 WHERE werkcentrum_id = $1 AND day = $2', contact)
    await expect(correctFigures(database, calculator, world.werkcentrumId, '2025-04-01')).rejects.toThrow('has faded since')
    await admin.query('UPDATE visitor_contact SET faded = 0 WHERE werkcentrum_id = $1 AND day = $2', contact)
  })

  test('about enough people is a next version, in which what was not told is still not told', async () => {
    await insertContacts(admin, world.werkcentrumId, world.deskId, missed(12))
    await correctFigures(database, calculator, world.werkcentrumId, '2025-04-01')
    const values = await published(world.werkcentrumId)
    const of = (version: number, period: string) =>
      new Map(
        values
          .filter((each) => each.version === version && each.period === period)
          .map((each) => [`${each.figure} ${each.row_key} ${each.column_key}`, each.value]),
      )
    for (const period of ['2025-Q2', '2025-H1', '2025']) {
      const [first, second] = [of(1, period), of(2, period)]
      expect([...second.keys()].sort()).toEqual([...first.keys()].sort())
      for (const [name, value] of second) {
        expect([name, value === null]).toEqual([name, first.get(name) === null])
        if (value !== null && !name.startsWith('MEDIAN')) expect([0, 21]).toContain(value - first.get(name)!)
      }
    }
    expect(of(2, '2025-Q1').size).toBe(0)
    expect(of(2, '2025-H2').size).toBe(0)
  })
})

describe('nobody else', () => {
  test('reads counts, changes what was published, or publishes: no capacity may', async () => {
    const server = await connected(place.serverUrl)
    for (const role of ['wo_guide', 'wo_coordinator', 'wo_handler', 'wo_nobody', 'wo_visitor', 'wo_officer_werkcentrum'])
      for (const sql of [
        'SELECT FROM figure_count',
        'SELECT FROM figure_counted',
        'UPDATE figure_value SET value = 12',
        'DELETE FROM figure_value',
        `INSERT INTO figure_publication VALUES ('${world.werkcentrumId}', '2030', 1, '2031-01-16')`,
        `SELECT count_quarter('${world.werkcentrumId}', '2025-04-01', true)`,
        'SELECT quarters_to_count()',
      ]) {
        await server.query('BEGIN')
        await server.query(`SET LOCAL ROLE ${role}`)
        await expect(server.query(sql), `${role}: ${sql}`).rejects.toMatchObject({ code: '42501' })
        await server.query('ROLLBACK')
      }
    // Nor does what publishes change anything.
    for (const sql of [
      'UPDATE figure_value SET value = 12',
      'DELETE FROM figure_publication',
      'SELECT FROM visitor_contact',
      'SELECT FROM hand_off',
    ]) {
      await server.query('BEGIN')
      await server.query('SET LOCAL ROLE wo_figures')
      await expect(server.query(sql), sql).rejects.toMatchObject({ code: '42501' })
      await server.query('ROLLBACK')
    }
    await server.end()
  })

  test('a quarter that is not over is not counted', async () => {
    await admin.query('BEGIN')
    const { rows } = await admin.query(`SELECT count_quarter($1, date_trunc('quarter', now())::date, false) AS made`, [
      world.werkcentrumId,
    ])
    await admin.query('ROLLBACK')
    expect(rows[0].made).toBe(null)
    expect(
      (
        await admin.query(`SELECT quarter_is_counted($1, '2025-04-01') AS yes, quarter_is_counted($1, '2024-04-01') AS no`, [
          world.werkcentrumId,
        ])
      ).rows[0],
    ).toEqual({ yes: true, no: false })
  })
})
