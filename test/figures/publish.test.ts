// A quarter that is over is counted once and published once; what was published stays.
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { correctFigures, type Publisher, publishFigures } from '#app/figures/publish.js'
import { loadSolver } from '#app/figures/solve.js'
import { readFigures } from '#app/figures/tables.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import { connected, idOf, serverDatabase } from '../support/small-world.js'
import { arrangePartners, arrangeWorld, insertContacts, REGION, type SmallWorldFacts } from './worlds.js'

let place: TestDatabase
let admin: Client
let database: PrismaClient
let publisher: Publisher
let world: SmallWorldFacts
let other: SmallWorldFacts

beforeAll(async () => {
  place = await freshDatabase()
  admin = await connected(place.adminUrl)
  database = serverDatabase(place.serverUrl)
  publisher = { database, figures: readFigures(POLICIES), solve: await loadSolver() }
  await arrangePartners(admin)
  const { rows } = await admin.query('SELECT gm_code FROM municipality WHERE am_code = $1 ORDER BY 1 LIMIT 4', [REGION])
  const gm = [...rows.map((row) => row.gm_code), 'GM0363']
  world = await arrangeWorld(admin, 3, gm)
  other = await arrangeWorld(admin, 8, gm)
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
    expect(await publishFigures(publisher)).toBeGreaterThanOrEqual(8)
    const { rows } = await admin.query('SELECT DISTINCT period FROM figure_publication WHERE werkcentrum_id = $1 ORDER BY 1', [
      world.werkcentrumId,
    ])
    expect(rows.map(({ period }) => period)).toEqual(expect.arrayContaining(['2025', '2025-H1', '2025-H2', '2025-Q1', '2025-Q4']))
    expect(await publishFigures(publisher)).toBe(0)
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

void correctFigures, insertContacts, idOf
