// The check at entry, with k as the real policy has it: what is nearly unique in its region and quarter is not stored.
import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readRetention } from '#app/anonymity/retention.js'
import { type ContactData, logContact, type NewContact, voidContact } from '#app/contacts/contacts.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { offerHandOff } from '#app/handoffs/offer.js'
import type { Capacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import type { World } from '#app/world.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import {
  arrangeOrganisations,
  connected,
  consentTo,
  guideOf,
  idOf,
  PARTNERS,
  serverDatabase,
  worldAt,
} from '../support/small-world.js'

const { k } = readRetention(POLICIES)
const COMMON = { work: 'NONE', benefit: 'WW', age: 'A27_54', education: 'SECONDARY', languageHelp: 'NO' } as const
const AMERSFOORT = 'GM0307'
const URK = 'GM0184'
const CONTACT: Omit<NewContact, 'deskId'> = {
  channel: 'WALK_IN',
  visitorKind: 'JOB_SEEKER',
  origin: AMERSFOORT,
  journey: 'BENEFIT_TO_WORK',
  themes: ['FIND_WORK'],
  situation: COMMON,
  result: 'ANSWERED',
  note: null,
  idempotencyKey: null,
}
const SECOND = idOf('second werkcentrum of region one')

let database: TestDatabase
let server: PrismaClient
let admin: Client
let world: World
let now: Date

beforeAll(async () => {
  database = await freshDatabase()
  admin = await connected(database.adminUrl)
  await arrangeOrganisations(admin)
  server = serverDatabase(database.serverUrl)
  world = worldAt(server, () => now)
})
afterAll(async () => {
  await server?.$disconnect()
  await admin?.end()
  await database?.drop()
})
beforeEach(async () => {
  now = new Date('2026-11-20T10:00:00Z')
  await admin.query('TRUNCATE entry_count')
  await admin.query('UPDATE entry_threshold SET k = $1', [k])
})

let guides = 0
/** One of the desk's many guides. */
const guide = (desk: 'a' | 'b' = 'a', name = `guide ${guides++}`): Capacity => ({ ...guideOf(desk), subject: name }) as Capacity
const ANNA = 'anna'

/** By a guide who told nothing before, where none is named. */
const log = (more: Partial<NewContact> = {}, desk: 'a' | 'b' = 'a', name?: string, by = world): Promise<ContactData> =>
  perform(by, guide(desk, name), 'logContact', (act) => logContact(act, { ...CONTACT, deskId: idOf(`desk ${desk}`), ...more }))
const kept = ({ routing, situation, coarsened }: ContactData) => ({ origin: routing.origin, ...situation, coarsened })
const EVERYTHING = ['ORIGIN', 'AGE', 'WORK', 'BENEFIT', 'EDUCATION', 'LANGUAGE_HELP']
const NOTHING = { work: 'UNKNOWN', benefit: 'UNKNOWN', age: 'UNKNOWN', education: 'UNKNOWN', languageHelp: 'UNKNOWN' }

test('k is small enough to be of use and never one', () => {
  expect(k).toBeGreaterThanOrEqual(3)
  expect(k).toBeLessThanOrEqual(5)
})

test('who is the first of a region and quarter is stored with nothing to be known by, and the answer says so', async () => {
  const first = await log()
  expect(kept(first)).toEqual({ origin: null, ...NOTHING, coarsened: EVERYTHING })
  // What the conversation was about is kept: it says nothing of who.
  expect(first.question).toEqual({ journey: 'BENEFIT_TO_WORK', themes: ['FIND_WORK'] })
  const stored = await admin.query('SELECT to_jsonb(s) AS it FROM visitor_contact_situation s WHERE contact_id = $1', [first.id])
  expect(stored.rows[0].it).toMatchObject({ age: 'UNKNOWN', work: 'UNKNOWN' })
})

test('what was told k times is stored whole from then on', async () => {
  for (let times = 1; times < k; times++) expect((await log()).coarsened).toEqual(EVERYTHING)
  expect(kept(await log())).toEqual({ origin: AMERSFOORT, ...COMMON, coarsened: [] })
  expect(kept(await log())).toEqual({ origin: AMERSFOORT, ...COMMON, coarsened: [] })
})

test('of who is rare no more is left out than makes them one of k: where they live, how old they are', async () => {
  for (let times = 0; times < k; times++) await log()
  expect(kept(await log({ origin: URK }))).toMatchObject({
    origin: null,
    age: 'A27_54',
    benefit: 'WW',
    coarsened: ['ORIGIN', 'EDUCATION', 'LANGUAGE_HELP'],
  })
  expect(kept(await log({ situation: { ...COMMON, education: 'HIGHER' } }))).toMatchObject({
    origin: AMERSFOORT,
    education: 'UNKNOWN',
    coarsened: ['EDUCATION', 'LANGUAGE_HELP'],
  })
  expect(kept(await log({ situation: { ...COMMON, age: 'A55_PLUS' } }))).toMatchObject({
    work: 'NONE',
    benefit: 'WW',
    age: 'UNKNOWN',
    coarsened: ['ORIGIN', 'AGE', 'EDUCATION', 'LANGUAGE_HELP'],
  })
  expect(kept(await log({ situation: { ...COMMON, benefit: 'OTHER' } }))).toMatchObject({ coarsened: EVERYTHING })
})

test('a quarter and a region count for themselves', async () => {
  for (let times = 0; times < k; times++) await log()
  expect((await log({}, 'b')).coarsened).toEqual(EVERYTHING)
  now = new Date('2026-12-31T10:00:00Z')
  expect((await log()).coarsened).toEqual([])
  now = new Date('2027-01-01T10:00:00Z')
  expect((await log()).coarsened).toEqual(EVERYTHING)
})

test('below sixteen stays below sixteen: the law asks more for whom it protects', async () => {
  const young = await log({ situation: { ...COMMON, age: 'U16' } })
  expect(kept(young)).toMatchObject({ ...NOTHING, origin: null, age: 'U16' })
  expect(young.coarsened).not.toContain('AGE')
})

test('nobody asked is nothing to coarsen; an employer is counted among employers', async () => {
  expect((await log({ origin: null, situation: null })).coarsened).toEqual([])
  const employer = { visitorKind: 'EMPLOYER', journey: null, situation: null } as const
  for (let times = 0; times < k; times++) await log({ situation: null })
  expect(await log(employer)).toMatchObject({ coarsened: ['ORIGIN'], situation: null, routing: { origin: null } })
})

describe('Who tells it again on the same day counts once', () => {
  const times = async () => (await admin.query('SELECT max(times)::int AS n FROM entry_count')).rows[0].n
  const takeBack = (id: string) => perform(world, guide('a', ANNA), 'voidContact', (act) => voidContact(act, id))

  test('so one guide has nothing rare stored whole, in one request or in many', async () => {
    for (let tellings = 0; tellings < 2 * k; tellings++) expect((await log({}, 'a', ANNA)).coarsened).toEqual(EVERYTHING)
    const atOnce = await Promise.all(Array.from({ length: 2 * k }, () => log({}, 'a', ANNA)))
    for (const { coarsened } of atOnce) expect(coarsened).toEqual(EVERYTHING)
    expect(await times()).toBe(1)
  })

  test('and nothing that is told otherwise at another desk of the region, or under a combination that holds the same', async () => {
    await admin.query(`INSERT INTO werkcentrum VALUES ($1, 'Second of region one', 'AM01') ON CONFLICT DO NOTHING`, [SECOND])
    await admin.query(`INSERT INTO desk VALUES ($1, $2, 'Second', NULL) ON CONFLICT DO NOTHING`, [SECOND, idOf('second desk')])
    const there = { ...guide('a', ANNA), organisationId: SECOND } as Capacity
    await log({}, 'a', ANNA)
    await log({ situation: { ...COMMON, education: 'HIGHER' } }, 'a', ANNA)
    await perform(world, there, 'logContact', (act) => logContact(act, { ...CONTACT, deskId: idOf('second desk') }))
    expect(await times()).toBe(1)
  })

  test('also when the contact is taken back each time', async () => {
    for (let tellings = 0; tellings < 2 * k; tellings++) {
      const { id, coarsened } = await log({}, 'a', ANNA)
      expect(coarsened).toEqual(EVERYTHING)
      await takeBack(id)
    }
  })

  test('so logging and taking back says nothing of how often others told it: one fewer than k hear what nobody told before', async () => {
    const heard = async () => {
      const answers: unknown[] = []
      for (let tellings = 0; tellings < k; tellings++) {
        const contact = await log({}, 'a', ANNA)
        answers.push(kept(contact))
        await takeBack(contact.id)
      }
      return answers
    }
    const ofNobody = await heard()
    for (let others = 1; others < k - 1; others++) {
      await admin.query('TRUNCATE entry_count')
      for (let other = 0; other < others; other++) await log()
      expect(await heard(), `${others}`).toEqual(ofNobody)
    }
  })

  test('and is heard all the same: once others told it, it is stored whole', async () => {
    await log({}, 'a', ANNA)
    for (let others = 2; others < k; others++) await log()
    expect((await log({}, 'a', ANNA)).coarsened).toEqual(EVERYTHING)
    expect((await log()).coarsened).toEqual([])
    expect((await log({}, 'a', ANNA)).coarsened).toEqual([])
  })

  test('and on another day counts again', async () => {
    for (let day = 1; day < k; day++) {
      expect((await log({}, 'a', ANNA)).coarsened).toEqual(EVERYTHING)
      now = new Date(now.getTime() + 86_400_000)
    }
    expect((await log({}, 'a', ANNA)).coarsened).toEqual([])
  })
})

test('who told it is not kept once it was told often enough', async () => {
  const tellers = async () => (await admin.query('SELECT cardinality(tellers) AS n FROM entry_count')).rows.map(({ n }) => n)
  for (let told = 1; told < k; told++) {
    await log()
    expect(await tellers()).toEqual([told, told, told, told])
  }
  for (let more = 0; more < 2; more++) {
    await log()
    expect(await tellers()).toEqual([0, 0, 0, 0])
  }
})

test('a desk that does not say who tells it is not heard', async () => {
  for (const teller of ['', 'anna', null])
    await expect(
      perform(world, guide(), 'logContact', (act) => act.sql.$queryRaw`SELECT count_at_entry('{k1:x}', ${teller})`),
    ).rejects.toThrow(/a desk counts/)
})

test('the same request twice counts once, and is answered the same', async () => {
  const once = { idempotencyKey: 'the-same-conversation' }
  const first = await log(once, 'a', ANNA)
  for (let times = 0; times < k; times++) expect(kept(await log(once, 'a', ANNA))).toEqual(kept(first))
  expect((await admin.query('SELECT max(times) AS n FROM entry_count')).rows[0].n).toBe(1)
})

test('a hand-off gets a copy of what was stored, not of what was told', async () => {
  const contact = await log()
  const { handOff } = await perform(world, guideOf('a'), 'offerHandOff', (act) =>
    offerHandOff(act, {
      contactId: contact.id,
      partnerId: PARTNERS.UWV,
      nextStep: { kind: 'VISITOR_COMES', day: null, dayPart: null },
      consent: consentTo(['routing', 'question', 'situation']),
      sensitive: [],
      note: null,
      idempotencyKey: null,
    }),
  )
  expect(handOff).toMatchObject({ routing: { origin: null }, situation: NOTHING })
})

test('what is counted is a keyed hash: nobody reads a combination in it, and no role reads it at all', async () => {
  await log()
  const { rows } = await admin.query('SELECT * FROM entry_count')
  expect(rows).toHaveLength(4)
  expect(JSON.stringify(rows)).not.toMatch(/GM0307|A27_54|WW/)
  for (const { combination } of rows) expect(combination).toMatch(/^k\d+:[\w-]{43}$/)
  // Nor who told it, nor that one person told all of it.
  expect(rows.flatMap(({ tellers }) => tellers)).toEqual(Array(4).fill(expect.stringMatching(/^[\w+/]{43}=$/)))
  expect(new Set(rows.flatMap(({ tellers }) => tellers)).size).toBe(4)
  await admin.query('BEGIN; SET LOCAL ROLE wo_guide')
  await expect(admin.query('SELECT * FROM entry_count')).rejects.toMatchObject({ code: '42501' })
  await admin.query('ROLLBACK')
})

test('of desks that log the same at once, exactly those after the first k - 1 are stored whole', async () => {
  const another = serverDatabase(database.serverUrl)
  try {
    const one = world
    const two = { ...worldAt(another, () => now), newId: () => crypto.randomUUID() }
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        log({ origin: index % 3 ? AMERSFOORT : URK }, 'a', undefined, index % 2 ? one : two),
      ),
    )
    expect(all.filter(({ routing }) => routing.origin === AMERSFOORT)).toHaveLength(8 - (k - 1))
    expect(all.filter(({ routing }) => routing.origin === URK)).toHaveLength(4 - (k - 1))
  } finally {
    await another.$disconnect()
  }
})

test('it is looked up by key, however many combinations a quarter has', async () => {
  const { rows } = await admin.query(
    `EXPLAIN SELECT times FROM entry_count WHERE quarter = '2026-10-01' AND am_code = 'AM01' AND combination = 'k1:x'`,
  )
  expect(JSON.stringify(rows)).toContain('entry_count_pkey')
})
