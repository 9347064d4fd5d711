// A million random worlds, each answered three times: by the domain's text read naively, by the product's own functions, and by the database.
import type { Client } from 'pg'
import { expect, test } from 'vitest'
import { openDatabase } from '#app/database/door.js'
import { PARTNER_KINDS } from '#app/decide/decide.js'
import { realWorld } from '#app/world.js'
import { freshDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { startServer } from '../support/server.js'
import { connected } from '../support/small-world.js'
import { compareLists } from './lists.js'
import { arrangeLife, live, type Wrong } from './lived.js'
import { CATEGORIES, dayInAmsterdam, maySee } from './naive.js'
import { arrangePages, askPages, missing, readLog } from './pages.js'
import { everybody, momentsAround, populate } from './population.js'
import { answersAt, explainedOn, policies } from './product.js'
import { arrange, bringTo, deskOf, emptyLedger, type Population } from './rows.js'
import { smallest, told, type World } from './smallest.js'
import {
  ANCHORS,
  agreementsBetween,
  askerOf,
  type Chance,
  dayAfter,
  handOffId,
  kindOf,
  midnight,
  momentIn,
  partnerId,
  purposesOf,
  seeded,
  storyOf,
  werkcentrumId,
} from './stories.js'
import { type Count, capacityOf, compare, type Difference, readAs, type Turn } from './wall.js'

const WHOLE = process.env.PROOF === 'whole'
const SEED = Number(process.env.SEED ?? 20261122)
const say = (text: string) => console.info(`worlds, seed ${SEED}: ${text}`)
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`
const HOURS = 3_600_000

/** How often each story is asked about: at another instant, by somebody else. */
const ASKED = 8

test('through the product’s own functions a world is open where the domain says so, and nowhere else', {
  timeout: HOURS,
}, async () => {
  const begun = performance.now()
  const chance = seeded(SEED)
  const count = { worlds: 0, cells: 0, open: 0 }
  for (let n = 0; n < (WHOLE ? 1_000_000 : 2_400) / ASKED; n++) {
    const anchor = chance.pick(ANCHORS)
    const [werkcentrum, partner] = [werkcentrumId(1), partnerId(1)]
    const who = { werkcentrum, partner, partnerKind: kindOf(chance), code: handOffId(n) }
    const story = storyOf(chance, anchor, who, agreementsBetween(chance, anchor, werkcentrum, partner))
    for (let asked = 0; asked < ASKED; asked++) {
      const asker = askerOf(chance, story)
      const now = momentIn(chance, anchor, story)
      // What an officer hears of a day is how it stood at its end.
      const end = midnight(dayAfter(dayInAmsterdam(now), 1)) - 1
      const answers = answersAt(story, now, asker)
      const explained = asked % 4 === 0 && explainedOn(story, end, asker)
      count.worlds++
      for (const purpose of purposesOf(chance, asker.role))
        for (const category of CATEGORIES) {
          const naive = maySee(asker, story, purpose, category, now)
          count.cells++
          if (naive) count.open++
          if (naive !== answers.decided(purpose, category) || naive !== answers.recalled(purpose, category))
            throw new Error(await storyOfChain({ asker, story, purpose, category, now }, `world ${count.worlds}`))
          if (explained && maySee(asker, story, purpose, category, end) !== explained(purpose, category))
            throw new Error(await storyOfChain({ asker, story, purpose, category, now: end }, `world ${count.worlds}`))
        }
    }
  }
  say(
    `${count.worlds} worlds, ${count.cells} questions, ${count.open} open, through decide: no leak, no over-denial (${seconds(begun)})`,
  )
  expect(count.open / count.cells).toBeGreaterThan(0.1)
})

async function storyOfChain(world: World, name: string): Promise<string> {
  const answers = ({ asker, story, purpose, category, now }: World) => {
    const { decided, recalled } = answersAt(story, now, asker)
    const isEnd = dayInAmsterdam(now + 1) !== dayInAmsterdam(now)
    return {
      naive: maySee(asker, story, purpose, category, now),
      decided: decided(purpose, category),
      recalled: recalled(purpose, category),
      ...(isEnd ? { 'explained afterwards': explainedOn(story, now, asker)(purpose, category) } : {}),
    }
  }
  const small = await smallest(world, (smaller) => new Set(Object.values(answers(smaller))).size > 1)
  return `seed ${SEED}, ${name}:\n${told(small, answers(small))}`
}

const SIZE = WHOLE
  ? { places: ANCHORS.length, desks: 5, handOffs: 1_100, days: 9, opened: 20 }
  : { places: 1, desks: 2, handOffs: 160, days: 3, opened: 4 }

test('row-level security and the product’s own lists let through what the domain says, and nothing else', {
  timeout: HOURS,
}, async () => {
  const begun = performance.now()
  const wall: Count = { worlds: 0, cells: 0, open: 0 }
  const lists: Count = { worlds: 0, cells: 0, open: 0 }
  const found: Difference[] = []
  let reads = 0
  for (let place = 0; place < SIZE.places; place++) {
    const chance = seeded(SEED + 1 + place)
    const anchor = ANCHORS[(place + SEED) % ANCHORS.length]!
    const people = populate(chance, anchor, SIZE.desks, SIZE.handOffs)
    const database = await freshDatabase()
    const admin = await connected(database.adminUrl)
    const readers = await Promise.all([connected(database.serverUrl), connected(database.serverUrl)])
    const server = openDatabase(database.serverUrl)
    try {
      await arrange(admin, people)
      const ledger = emptyLedger()
      const moments = momentsAround(chance, anchor, SIZE.days)
      for (const now of moments) {
        await inTransaction(admin, () => bringTo(admin, people, now, ledger))
        await admin.query('ANALYZE')
        reads += await readWhole(readers, people, now, chance, wall, (difference) => found.push(difference))
        const isMiddle = now === moments[Math.floor(SIZE.days / 2)]
        if (isMiddle)
          await compareLists(server, people, now, { chance, opened: SIZE.opened }, lists, (difference) => found.push(difference))
        if (found.length > 0) throw new Error(await storyOfWall(found))
      }
    } finally {
      await server.$disconnect()
      for (const client of [admin, ...readers]) await client.end()
      await database.drop()
    }
  }
  say(
    `${wall.worlds} worlds, ${wall.cells} questions, ${wall.open} open, in ${reads} whole readings of the database under row-level security; ` +
      `${lists.worlds} of them, ${lists.cells} questions, ${lists.open} open, also in lists and single hand-offs of the product: no leak, no over-denial (${seconds(begun)})`,
  )
  expect(wall.open / wall.cells).toBeGreaterThan(0.1)
})

/** Everybody reads all tables for each of their purposes; two at a time. */
async function readWhole(
  readers: readonly Client[],
  people: Population,
  now: number,
  chance: Chance,
  count: Count,
  report: (difference: Difference) => void,
): Promise<number> {
  const turns = everybody(people).flatMap((capacity) =>
    purposesOf(chance, capacity.role).map((purpose, place): Turn => ({ capacity, purpose, now, isFirst: place === 0 })),
  )
  const left = [...turns]
  await Promise.all(
    readers.map(async (reader) => {
      for (let turn = left.pop(); turn; turn = left.pop()) {
        const read = await readAs(reader, turn.capacity, turn.purpose, now)
        compare(read, turn, people, count, report)
      }
    }),
  )
  return turns.length
}

async function inTransaction<T>(client: Client, work: () => Promise<T>, end = 'COMMIT'): Promise<T> {
  await client.query('BEGIN')
  try {
    const done = await work()
    await client.query(end)
    return done
  } catch (fault) {
    await client.query('ROLLBACK')
    throw fault
  }
}

/** The first difference, alone in a database of its own and made as small as it can be. */
async function storyOfWall(found: readonly Difference[]): Promise<string> {
  const { asker, story, contact, purpose, category, now, naive, database: read, table } = found[0]!
  const all = `seed ${SEED}, ${found.length} differences; the first, in ${table}:\n`
  if (!story)
    return `${all}${asker.role} of ${asker.of} asks on ${dayInAmsterdam(now)} for ${category}, for ${purpose}${contact ? `, of a contact of ${dayInAmsterdam(contact.at)} at ${contact.werkcentrum}` : ''}; naive: ${naive}, database: ${read}`
  const fresh = await freshDatabase()
  const admin = await connected(fresh.adminUrl)
  const answers = async (world: World) => {
    const people = alone(world)
    const few: Difference[] = []
    await inTransaction(
      admin,
      async () => {
        await arrange(admin, people)
        await bringTo(admin, people, world.now, emptyLedger())
        const capacity = capacityOf(world.asker, world.story)
        const rows = await readAs(admin, capacity, world.purpose, world.now, true)
        const count = { worlds: 0, cells: 0, open: 0 }
        compare(rows, { ...world, capacity, isFirst: true }, people, count, (difference) => few.push(difference))
      },
      'ROLLBACK',
    )
    const own = maySee(world.asker, world.story, world.purpose, world.category, world.now)
    const differs = few.some((difference) => difference.category === world.category)
    const product = answersAt(world.story, world.now, world.asker).decided(world.purpose, world.category)
    return { naive: own, product, database: differs ? !own : own }
  }
  try {
    const world = { asker, story, purpose, category, now }
    const isThere = async (smaller: World) => new Set(Object.values(await answers(smaller))).size > 1
    if (!(await isThere(world)))
      return `${all}${told(world, { naive, database: read })}\n  (alone in a database it is not there: look at the lists, or at what stands beside it)`
    const small = await smallest(world, isThere)
    return all + told(small, await answers(small))
  } finally {
    await admin.end()
    await fresh.drop()
  }
}

const alone = ({ story }: World): Population => ({
  werkcentra: [story.werkcentrum],
  partners: [{ id: story.partner, kind: story.partnerKind }],
  stories: [{ ...story, id: handOffId(1) }],
  contacts: [],
})

const LIVES = WHOLE ? 100 : 6

test('what was lived through the product’s own operations is seen as the domain says, after each of them', {
  timeout: HOURS,
}, async () => {
  const begun = performance.now()
  const chance = seeded(SEED)
  const fresh = await freshDatabase()
  const admin = await connected(fresh.adminUrl)
  const database = openDatabase(fresh.serverUrl)
  const total = { done: 0, refused: 0, worlds: 0, cells: 0, open: 0 }
  const wrong: Wrong[] = []
  try {
    const kinds = PARTNER_KINDS.filter((kind) => kind !== 'UNION')
    for (let n = 1; n <= LIVES; n++) {
      const [partnerKind, reserveKind] = [kindOf(chance), chance.pick(kinds)]
      const place = {
        werkcentrum: werkcentrumId(n),
        desk: deskOf(werkcentrumId(n)),
        partner: partnerId(2 * n),
        partnerKind,
        reserve: partnerId(2 * n + 1),
        reserveKind,
      }
      await arrangeLife(admin, place)
      const clock = { now: midnight(dayAfter(chance.pick(ANCHORS), -chance.below(8))) + 36_000_000 }
      const world = realWorld({ database, policies, keys: KEYS, now: () => new Date(clock.now) })
      const count = await live({ world, clock, chance, place }, 8 + chance.below(16), (each) => wrong.push(each))
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += count[name]
      const [first] = wrong
      if (first)
        throw new Error(
          `seed ${SEED}, life ${n}, ${wrong.length} differences; the first:\n${told(first.world, { naive: first.naive, product: first.product })}`,
        )
    }
  } finally {
    await database.$disconnect()
    await admin.end()
    await fresh.drop()
  }
  say(
    `${LIVES} lives, ${total.done} operations done and ${total.refused} refused, ${total.worlds} worlds asked in between, ${total.cells} questions, ${total.open} open: ` +
      `no leak, no over-denial (${seconds(begun)})`,
  )
  expect(total.open / total.cells).toBeGreaterThan(0.1)
})

const PAGES = WHOLE ? { handOffs: 2_000, pages: 20_000 } : { handOffs: 300, pages: 40 }
const CLIENTS = 8

test('every page that anybody is shown has its access record, of just what was on it', { timeout: HOURS }, async () => {
  const server = await startServer()
  try {
    const chance = seeded(SEED)
    await arrangePages(server, chance, PAGES.handOffs)
    const begun = performance.now()
    const asked = await askPages(server, chance, PAGES.pages, CLIENTS)
    const took = performance.now() - begun
    const { records, count } = await readLog(server)
    say(
      `${asked.pages} pages by ${CLIENTS} clients, ${asked.full} of them of 50, ${asked.objects} objects on them, ${asked.answers.size} different answers, ` +
        `${((asked.pages / took) * 1000).toFixed(0)} pages a second; ${count} access records, each of one answer (${seconds(begun)})`,
    )
    expect({ missing: missing(asked.answers, records), unasked: missing(records, asked.answers), count }).toEqual({
      missing: 0,
      unasked: 0,
      count: asked.pages,
    })
    expect(asked.full / asked.pages).toBeGreaterThan(WHOLE ? 0.98 : 0.4)
  } finally {
    await server.stop()
  }
})
