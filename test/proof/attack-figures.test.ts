// The attacker asks every figure of every period as every role, calculates, puts somebody in and asks again: no value that is not told comes out.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#app/database/door.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { Refusal } from '#app/errors.js'
import { type Calculator, figuresOf } from '#app/figures/calculate.js'
import { listPeriods, readFigure } from '#app/figures/figures.js'
import type { Counted, Published } from '#app/figures/lay-out.js'
import { FIGURES } from '#app/figures/policy.js'
import type { Method, Solve } from '#app/figures/protect.js'
import { correctFigures, publishFigures } from '#app/figures/publish.js'
import { loadSolver } from '#app/figures/solve.js'
import type { Capacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import type { World } from '#app/world.js'
import { attack, loadExtremes, nameOf, systemOf, type Told } from '../figures/attacker.js'
import {
  arrangePartners,
  arrangeWorld,
  chanceOf,
  insertContacts,
  PARTNERS_OF_WORLDS,
  QUARTERS,
  REGION,
  type SmallWorldFacts,
  YEAR,
} from '../figures/worlds.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { capacity, connected, idOf, TODAY, worldAt } from '../support/small-world.js'

const isWhole = process.env.PROOF === 'whole'
const WORLDS = Number(process.env.WORLDS ?? (isWhole ? 200 : 2))
const { threshold } = FIGURES
const KIND_OF = new Map(PARTNERS_OF_WORLDS.map(({ id, kind }) => [id, kind as string]))

/** No two records are of one moment. */
function ticking(at: number): () => Date {
  let now = at
  return () => {
    now += 1000
    return new Date(now)
  }
}

let place: TestDatabase
let admin: Client
let database: PrismaClient
let solve: Solve
let asking: World
let calculator: Calculator
let municipalities: string[]
const worlds: SmallWorldFacts[] = []

beforeAll(async () => {
  place = await freshDatabase()
  admin = await connected(place.adminUrl)
  database = openDatabase(place.serverUrl, { connections: 2, patience: 30_000 })
  solve = await loadSolver()
  const clock = ticking(Date.parse(`${TODAY}T10:00:00Z`))
  asking = { ...worldAt(database), newId: randomUUID, random: randomBytes, now: clock }
  calculator = { figures: FIGURES, solve }
  await arrangePartners(admin)
  const { rows } = await admin.query('SELECT gm_code FROM municipality WHERE am_code = $1 ORDER BY 1', [REGION])
  municipalities = rows.map((row) => row.gm_code)
  for (let seed = 1; seed <= WORLDS; seed++)
    worlds.push(await arrangeWorld(admin, seed, [...municipalities.slice(0, 4), 'GM0363']))
  await publishFigures(database)
}, 7_200_000)

afterAll(async () => {
  await database?.$disconnect()
  await admin?.end()
  await place?.drop()
})

/** Everything that this capacity is told of the world; what is refused tells nothing. */
async function askAll(
  who: Capacity,
  werkcentrumId: string | null,
  languages: readonly ('nl' | 'en')[] = ['nl'],
): Promise<Told[]> {
  const told: Told[] = []
  const periods = await perform(asking, who, 'figurePeriods', (act) => listPeriods(act, werkcentrumId))
  for (const period of periods)
    await perform(asking, who, 'figures', async (act) => {
      for (const { id: figure } of FIGURES.figures)
        for (const language of languages) {
          const answer = await readFigure(act, FIGURES, { figure, period, werkcentrumId, language }).catch((refusal: Error) => {
            if (!(refusal instanceof Refusal)) throw refusal
          })
          for (const { row, column, value, suppressed, atLeast } of answer?.cells ?? []) {
            expect(suppressed).toBe(value === null)
            if (!atLeast) told.push({ figure, period, row, column, value })
          }
        }
    })
  return told
}

/** Every role in the first world; in the others the guide hears all that the others do, which the first shows. */
const rolesOf = ({ werkcentrumId, seed }: SmallWorldFacts): Capacity[] =>
  [
    capacity('GUIDE', 'WERKCENTRUM', werkcentrumId),
    capacity('COORDINATOR', 'WERKCENTRUM', werkcentrumId),
    ...PARTNERS_OF_WORLDS.map(({ id }) => capacity('HANDLER', 'PARTNER', id)),
  ].slice(0, seed === 1 ? undefined : 1)

/** What all of them know together, asked once: what was published stays, which the last test asks again. */
const heard = new Map<number, Promise<Told[]>>()
const known = (world: SmallWorldFacts): Promise<Told[]> => {
  const asked = heard.get(world.seed) ?? askTogether(world)
  heard.set(world.seed, asked)
  return asked
}
const askTogether = async (world: SmallWorldFacts): Promise<Told[]> => {
  const told = new Map<string, Told>()
  for (const who of rolesOf(world))
    for (const each of await askAll(who, world.werkcentrumId, world.seed === 1 ? ['nl', 'en'] : ['nl'])) {
      const known = told.get(nameOf(each))
      if (known) expect(each.value).toBe(known.value)
      told.set(nameOf(each), each)
    }
  return [...told.values()]
}

/** Twenty numbers of hand-offs that are not told. */
function someOf(unknown: ReadonlySet<string>, seed: number): string[] {
  const chance = chanceOf(seed)
  const own = [...unknown].filter((name) => /^(OFFERED|ANSWERED|DECLINED|ENDED|COMPLETED)/.test(name))
  return own.length === 0 ? [] : Array.from({ length: 20 }, () => own[Math.floor(own.length * chance())]!)
}

describe(`${WORLDS} small random worlds`, () => {
  test('nothing that is not told is determined, nor known to within less than the threshold', async () => {
    const counts = { told: 0, unknowns: 0, equations: 0, found: 0 }
    for (const world of worlds) {
      const told = await known(world)
      expect(told.filter(({ figure, value }) => value !== null && value < threshold && figure !== 'MEDIAN_ANSWER_DAYS')).toEqual(
        [],
      )
      const attacked = systemOf(told, KIND_OF)
      expect({ seed: world.seed, found: attack(attacked, threshold) }).toEqual({ seed: world.seed, found: [] })
      counts.told += told.filter(({ value }) => value !== null).length
      counts.unknowns += attacked.unknown.size
      counts.equations += attacked.equations.length
    }
    console.log(
      `attack on figures: ${worlds.length} worlds, ${counts.told} numbers told, ${counts.unknowns} not told, ${counts.equations} equations; 0 found`,
    )
    expect(counts.told).toBeGreaterThan(0)
  }, 3_600_000)

  test('nor to a solver that looks how small and how large it can be, for a sample of what is not told of hand-offs', async () => {
    const extremes = await loadExtremes()
    let asked = 0
    for (const world of worlds) {
      const attacked = systemOf(await known(world), KIND_OF)
      const names = someOf(attacked.unknown, world.seed)
      asked += names.length
      expect({ seed: world.seed, found: extremes(attacked, names, threshold) }).toEqual({ seed: world.seed, found: [] })
    }
    console.log(
      `attack on figures: a solver looked for the bounds of ${asked} numbers that are not told; 0 are nearer than ${threshold}`,
    )
    expect(asked).toBeGreaterThan(0)
  }, 3_600_000)

  test('nothing of a hand-off to a union is in any figure, and a partner is told of hand-offs its own row alone', async () => {
    const union = PARTNERS_OF_WORLDS.find(({ kind }) => kind === 'UNION')!
    for (const world of worlds) {
      const told = await known(world)
      expect(told.filter(({ row, column }) => [row, column].some((key) => key === 'UNION' || key === union.id))).toEqual([])
      for (const { id } of world.seed === 1 ? PARTNERS_OF_WORLDS : []) {
        const told = await askAll(capacity('HANDLER', 'PARTNER', id), world.werkcentrumId)
        expect(told.filter(({ figure, row }) => !figure.startsWith('CONTACTS') && row !== id)).toEqual([])
      }
    }
  }, 3_600_000)

  test('the country is told nothing that the werkcentra do not tell', async () => {
    const told = new Map<string, number>()
    for (const world of worlds)
      for (const each of await known(world)) told.set(nameOf(each), (told.get(nameOf(each)) ?? 0) + (each.value ?? 0))
    const country = await askAll(capacity('GUIDE', 'WERKCENTRUM', worlds[0]!.werkcentrumId), null)
    expect(country.filter(({ value }) => value !== null).length).toBeGreaterThan(0)
    for (const each of country)
      if (each.value !== null) expect([nameOf(each), each.value]).toEqual([nameOf(each), told.get(nameOf(each))])
  }, 3_600_000)

  test('one person more changes no answer, and no correction is published for one person', async () => {
    for (const world of worlds) {
      const before = await known(world)
      const person = {
        ...{
          id: idOf(`person put into ${world.seed}`),
          day: `${YEAR}-11-12`,
          channel: 'EVENT',
          result: 'ANSWERED',
          visitor_kind: 'HELPER',
          origin: null,
        },
        ...{ journey: null, work: 'AT_RISK', benefit: 'OTHER', age: 'U16', education: 'HIGHER', language_help: 'YES' },
      }
      await insertContacts(admin, world.werkcentrumId, world.deskId, [person])
      expect(await publishFigures(database)).toBe(0)
      await expect(correctFigures(database, calculator, world.werkcentrumId, `${YEAR}-10-01`)).rejects.toThrow('fewer than 10')
      expect(await askTogether(world)).toEqual(before)
    }
  }, 3_600_000)
})

describe('the attacker is worth something', () => {
  const counted = async ({ werkcentrumId }: SmallWorldFacts) =>
    (
      await admin.query(
        `SELECT extract(quarter FROM quarter)::integer AS quarter, component, key, count FROM figure_count
         WHERE werkcentrum_id = $1 AND version = 1 AND quarter < '${YEAR + 1}-01-01'`,
        [werkcentrumId],
      )
    ).rows as Counted[]

  /** Everything as it would be published by a worse method. */
  async function publishedBy(method: Method, world: SmallWorldFacts): Promise<Told[]> {
    let published: Published[] = []
    for (const last of QUARTERS)
      published = [
        ...published,
        ...figuresOf(
          { year: YEAR, last, counted: await counted(world), before: [], municipalities, published },
          { figures: FIGURES, solve, method },
        ),
      ]
    return published
  }
  const sum = (counts: readonly number[], cells: readonly number[]) => cells.reduce((total, cell) => total + counts[cell]!, 0)

  test('without complementary suppression it finds values that are not told, and they are right', async () => {
    const small: Method = (counts, values, least) =>
      values.map(({ cells, decided, told }) => (decided ? told : told && sum(counts, cells) >= least))
    let found = 0
    for (const world of worlds) {
      const truth = new Map(
        (await publishedBy((_, values) => values.map(({ decided, told }) => (decided ? told : true)), world)).map((each) => [
          nameOf(each),
          each.value,
        ]),
      )
      const result = attack(systemOf(await publishedBy(small, world), KIND_OF), threshold)
      for (const { name, low, high } of result)
        if (truth.has(name)) {
          expect(truth.get(name)).toBeGreaterThanOrEqual(low)
          expect(truth.get(name)).toBeLessThanOrEqual(high)
        }
      found += result.length
    }
    console.log(`attack on figures without complementary suppression: ${found} values found in ${worlds.length} worlds`)
    expect(found).toBeGreaterThan(0)
  }, 3_600_000)

  test('without primary suppression it reads small numbers off', async () => {
    let read = 0
    for (const world of worlds) {
      const told = await publishedBy((_, values) => values.map(() => true), world)
      read += told.filter(
        ({ figure, value }) => value !== null && value > 0 && value < threshold && figure !== 'MEDIAN_ANSWER_DAYS',
      ).length
    }
    console.log(`attack on figures without primary suppression: ${read} small numbers read in ${worlds.length} worlds`)
    expect(read).toBeGreaterThan(0)
  }, 3_600_000)
})
