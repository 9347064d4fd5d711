// Fading: each term on a real database, with the clock of the server in the years in which it happened.
import { readFileSync } from 'node:fs'
import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Faded, fade } from '#app/anonymity/fade.js'
import { readRetention } from '#app/anonymity/retention.js'
import { findContact, logContact, type NewContact, voidContact } from '#app/contacts/contacts.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { codeHolder, followUp } from '#app/follow-up/follow-up.js'
import { findHandOff, listHandOffs, listOpenLoops } from '#app/handoffs/handoffs.js'
import { addDays } from '#app/handoffs/loops.js'
import { offerHandOff } from '#app/handoffs/offer.js'
import { recordVoice, recordWarmCall, takeStep } from '#app/handoffs/take-step.js'
import { perform } from '#app/operations/perform.js'
import type { World } from '#app/world.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import {
  arrangeOrganisations,
  connected,
  consentTo,
  guideOf,
  handlerOf,
  idOf,
  PARTNERS,
  serverDatabase,
  WERKCENTRA,
  worldAt,
} from '../support/small-world.js'

/** A Thursday in the first week of a quarter, which began in the quarter before. */
const DAY = '2024-10-03'
const RETENTION = readRetention(POLICIES)
const daysOf = (subject: string) => RETENTION.rules.find((rule) => rule.subject === subject)!.days!

let database: TestDatabase
let server: PrismaClient
let admin: Client
let world: World
let now: Date

beforeAll(async () => {
  database = await freshDatabase()
  admin = await connected(database.adminUrl)
  await arrangeOrganisations(admin)
  await admin.query(`UPDATE agreement SET valid_from = '2023-01-01' WHERE state = 'ACTIVE'`)
  server = serverDatabase(database.serverUrl)
  world = worldAt(server, () => now)
  now = at(DAY)
  await countUntil('2027-01-01')
})
afterAll(async () => {
  await server?.$disconnect()
  await admin?.end()
  await database?.drop()
})
beforeEach(async () => {
  for (const table of [
    'hand_off_origin',
    'visitor_contact_reference',
    'visitor_contact_situation',
    'visitor_contact_question',
    'visitor_contact_routing',
  ])
    await admin.query(`DELETE FROM ${table}`)
  await admin.query('TRUNCATE hand_off, visitor_contact, fading_run, idempotency_key, entry_count CASCADE')
})

/** The figures have counted every quarter up to this one, and no other. */
async function countUntil(quarter: string): Promise<void> {
  await admin.query('TRUNCATE figure_counted CASCADE')
  await admin.query(
    `INSERT INTO figure_counted SELECT w.id, q, 1, q FROM werkcentrum w, generate_series('2023-01-01', $1::date, interval '3 months') q`,
    [quarter],
  )
}

const at = (day: string) => new Date(`${day}T10:00:00Z`)
const rows = async (sql: string, ...values: unknown[]): Promise<any[]> => (await admin.query(sql, values)).rows
const row = async (sql: string, ...values: unknown[]) => (await rows(sql, ...values))[0]

/** What the job does when the server thinks it is this day. */
const fadeOn = (day: string, options = {}): Promise<Faded> =>
  fade({ database: server, now: () => at(day) }, { rest: 0, ...options })
const after = (days: number, from = DAY) => addDays(from, days)

let told = 0
const contactOn = (day: string, more: Partial<NewContact> = {}, desk: 'a' | 'b' = 'a') => {
  now = at(day)
  return perform(world, guideOf(desk), 'logContact', (act) =>
    logContact(act, {
      deskId: idOf(`desk ${desk}`),
      channel: 'WALK_IN',
      visitorKind: 'JOB_SEEKER',
      origin: null,
      journey: 'WORK_TO_WORK',
      themes: ['FIND_WORK'],
      situation: { work: 'AT_RISK', benefit: 'WW', age: 'A27_54', education: 'SECONDARY', languageHelp: 'NO' },
      result: 'HANDED_OFF',
      note: null,
      idempotencyKey: `contact-${told++}-of-${day}`,
      ...more,
    }),
  )
}
const offeredOn = async (day: string, kind: 'UWV' | 'GEMEENTE' = 'UWV') => {
  const contact = await contactOn(day)
  const { handOff, followUpCode } = await perform(world, guideOf('a'), 'offerHandOff', (act) =>
    offerHandOff(act, {
      contactId: contact.id,
      partnerId: PARTNERS[kind],
      nextStep: { kind: 'APPOINTMENT', day: after(5, day), dayPart: 'MORNING' },
      consent: consentTo(['routing', 'question', 'situation', 'sensitive', 'outcome'], {
        explicitCategories: ['sensitive'],
        expiresOn: after(100, day),
      }),
      sensitive: ['DISABILITY_BENEFIT'],
      note: null,
      idempotencyKey: null,
    }),
  )
  return { contactId: contact.id, id: handOff.id, code: followUpCode!, kind }
}
type Offered = Awaited<ReturnType<typeof offeredOn>>
const finish = async ({ id, kind }: Offered, day: string) => {
  now = at(day)
  await perform(world, guideOf('a'), 'recordWarmCall', (act) =>
    recordWarmCall(act, id, { channel: 'PHONE', result: 'SPOKEN', visitorPresent: true }),
  )
  await perform(world, handlerOf(kind), 'completeHandOff', (act) =>
    takeStep(act, id, 'complete', { outcome: 'WORK', message: 'COME_BY' }),
  )
}

const takeBack = (id: string) => perform(world, guideOf('a'), 'voidContact', (act) => voidContact(act, id))
/** All that is kept of it. */
const allOf = (id: string) =>
  row(
    `SELECT to_jsonb(c) || to_jsonb(ro) || to_jsonb(q) || jsonb_build_object('situation', to_jsonb(s), 'note', n.note, 'linked', r.reference IS NOT NULL) AS it
     FROM visitor_contact c JOIN visitor_contact_routing ro ON ro.contact_id = c.id JOIN visitor_contact_question q ON q.contact_id = c.id
     LEFT JOIN visitor_contact_situation s ON s.contact_id = c.id LEFT JOIN visitor_contact_note n ON n.contact_id = c.id
     LEFT JOIN visitor_contact_reference r ON r.contact_id = c.id WHERE c.id = $1`,
    id,
  ).then(({ it }) => it)

const contact = (id: string) =>
  row(
    `SELECT c.day::text, c.day_part, c.day_precision, r.reference IS NOT NULL AS linked, s.contact_id IS NOT NULL AS situation, cardinality(q.themes) AS themes,
       q.journey FROM visitor_contact c LEFT JOIN visitor_contact_reference r ON r.contact_id = c.id LEFT JOIN visitor_contact_situation s ON s.contact_id = c.id
       JOIN visitor_contact_question q ON q.contact_id = c.id WHERE c.id = $1`,
    id,
  )

describe('A voided contact', () => {
  const TOLD = { origin: 'GM0307', themes: ['FIND_WORK', 'FUNDING'], note: 'komt op de fiets' } as const
  const told = async () => {
    const made = await contactOn(DAY, { ...TOLD, themes: [...TOLD.themes], origin: null })
    // The municipalities that we know are those of 2026.
    await admin.query('UPDATE visitor_contact_routing SET origin = $2 WHERE contact_id = $1', [made.id, TOLD.origin])
    return made
  }
  const EMPTIED = { origin: null, themes: [], situation: null, note: null, coarsened: [] }

  test('keeps nothing of what was told, from the moment that it is voided; one that is not keeps all', async () => {
    const [{ id }, { id: other }] = [await told(), await told()]
    await admin.query(`UPDATE visitor_contact SET coarsened = '{AGE}'`)
    await takeBack(id)
    expect(await allOf(id)).toMatchObject({ ...EMPTIED, voided: true, linked: true, journey: 'WORK_TO_WORK', day: DAY })
    expect(await allOf(other)).toMatchObject({ ...TOLD, situation: { age: 'A27_54' }, coarsened: ['AGE'] })
    expect(await perform(world, guideOf('a'), 'contact', (act) => findContact(act, id))).toBeUndefined()
  })

  test('keeps all of it when taking it back fails', async () => {
    const { id } = await told()
    await expect(
      perform(world, guideOf('a'), 'voidContact', async (act) => {
        await voidContact(act, id)
        throw new Error('the log is full')
      }),
    ).rejects.toThrow('the log is full')
    expect(await allOf(id)).toMatchObject({ ...TOLD, voided: false })
  })

  test('fades as any other, and is counted nowhere', async () => {
    const [{ id }, { id: other }] = [await told(), await told()]
    await takeBack(id)
    await admin.query(`DELETE FROM figure_counted WHERE quarter = '2024-10-01'`)
    await admin.query(`SELECT count_quarter($1, '2024-10-01', false)`, [WERKCENTRA.a])
    expect(await rows(`SELECT DISTINCT count FROM figure_count WHERE quarter = '2024-10-01'`)).toEqual([{ count: 1 }])
    await countUntil('2027-01-01')
    await fadeOn('2026-11-15')
    const [voided, kept] = [await allOf(id), await allOf(other)]
    expect({ ...voided, id: kept.id, contact_id: kept.contact_id, voided: false }).toEqual(kept)
  })

  test('of before this rule is emptied by the migration', async () => {
    const [{ id }, { id: other }] = [await told(), await told()]
    await admin.query('SET session_replication_role = replica')
    await admin.query('UPDATE visitor_contact SET voided = true WHERE id = $1', [id])
    await admin.query('SET session_replication_role = origin')
    expect(await allOf(id)).toMatchObject({ ...TOLD, voided: true })
    const migration = readFileSync('prisma/migrations/20261123110000_entry_tellers/migration.sql', 'utf8')
    await admin.query(/^SELECT empty_contacts.*;$/m.exec(migration)![0])
    expect(await allOf(id)).toMatchObject(EMPTIED)
    expect(await allOf(other)).toMatchObject(TOLD)
  })
})

describe('A contact', () => {
  test('goes from day to week to quarter, and loses its details, each on the day its term is over and not one earlier', async () => {
    const { id } = await contactOn(DAY)
    const fresh = {
      day: DAY,
      day_part: 'AFTERNOON',
      day_precision: 'DAY',
      linked: true,
      situation: true,
      themes: 1,
      journey: 'WORK_TO_WORK',
    }
    expect(await contact(id)).toEqual(fresh)

    await fadeOn(after(daysOf('contact-link') - 1))
    expect(await contact(id)).toEqual(fresh)
    await fadeOn(after(daysOf('contact-link')))
    const unlinked = { ...fresh, linked: false }
    expect(await contact(id)).toEqual(unlinked)

    await fadeOn(after(daysOf('contact-week') - 1))
    expect(await contact(id)).toEqual(unlinked)
    await fadeOn(after(daysOf('contact-week')))
    // The Monday of that week is in September; the contact stays in its quarter.
    const ofAWeek = { ...unlinked, day: '2024-10-01', day_part: null, day_precision: 'WEEK' }
    expect(await contact(id)).toEqual(ofAWeek)

    // Of a week nobody knows which day it was: the term is counted from its last.
    await fadeOn(after(daysOf('contact-quarter') + 5, '2024-10-01'))
    expect(await contact(id)).toEqual(ofAWeek)
    await fadeOn(after(daysOf('contact-quarter') + 6, '2024-10-01'))
    const ofAQuarter = { ...ofAWeek, day_precision: 'QUARTER' }
    expect(await contact(id)).toEqual(ofAQuarter)

    await fadeOn(after(daysOf('contact-details') - 1, '2024-12-31'))
    expect(await contact(id)).toEqual(ofAQuarter)
    await fadeOn(after(daysOf('contact-details'), '2024-12-31'))
    expect(await contact(id)).toEqual({ ...ofAQuarter, situation: false, themes: 0 })
    expect(await rows('SELECT 1 FROM visitor_contact_routing WHERE contact_id = $1 AND origin IS NOT NULL', id)).toEqual([])
  })

  test('of a quarter that the figures did not count keeps its details, and loses them once they did', async () => {
    const counted = await contactOn('2024-08-20')
    const uncounted = await contactOn(DAY)
    try {
      await countUntil('2024-07-01')
      await fadeOn('2026-11-01')
      expect((await contact(counted.id)).situation).toBe(false)
      expect(await contact(uncounted.id)).toMatchObject({ situation: true, themes: 1, day_precision: 'QUARTER' })
      await countUntil('2024-10-01')
      await fadeOn('2026-11-01')
      expect((await contact(uncounted.id)).situation).toBe(false)
    } finally {
      await countUntil('2027-01-01')
    }
  })

  test('that lost its key is called nothing any more by log, keys or hand-off', async () => {
    const { contactId, id } = await offeredOn(DAY)
    const [{ reference }] = await rows('SELECT reference FROM visitor_contact_reference WHERE contact_id = $1', contactId)
    const says = async (table: string) =>
      (await row(`SELECT count(*)::int AS n FROM ${table} t WHERE t::text LIKE $1`, `%${reference}%`)).n
    expect(await says('access_record_part')).toBeGreaterThan(0)
    expect(await says('idempotency_key')).toBe(1)
    await fadeOn(after(daysOf('contact-link')))
    // The log is as it was, its seals hold; but nothing in the database says whose name that was.
    expect(await says('access_record_part')).toBeGreaterThan(0)
    expect(await says('idempotency_key')).toBe(0)
    expect(await rows('SELECT 1 FROM visitor_contact_reference')).toEqual([])
    expect((await row('SELECT contact_id FROM hand_off_origin WHERE hand_off_id = $1', id)).contact_id).toBeNull()
    const tables = await rows(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
    )
    const holding = []
    for (const { name } of tables)
      if ((await rows(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1 LIMIT 1`, `%${contactId}%`)).length > 0) holding.push(name)
    expect(holding.sort()).toEqual([
      'visitor_contact',
      'visitor_contact_question',
      'visitor_contact_routing',
      'visitor_contact_situation',
    ])
  })
})

const handOff = (id: string) =>
  row(
    `SELECT h.offered_on::text, h.changed_on::text, h.changed_day_part, h.day_precision, h.recognition_code IS NOT NULL AS code, h.message_to_visitor,
       (SELECT array_agg(DISTINCT e.day::text) FROM hand_off_event e WHERE e.hand_off_id = h.id) AS events,
       (SELECT count(*)::int FROM hand_off_event e WHERE e.hand_off_id = h.id AND e.day_part IS NOT NULL) AS parts,
       (SELECT count(*)::int FROM hand_off_staff s WHERE s.hand_off_id = h.id) AS staff,
       (SELECT count(*)::int FROM hand_off_next_step s WHERE s.hand_off_id = h.id) AS next_step,
       (SELECT count(*)::int FROM hand_off_sensitive s WHERE s.hand_off_id = h.id) + (SELECT count(*)::int FROM hand_off_question s WHERE s.hand_off_id = h.id)
         + (SELECT count(*)::int FROM hand_off_routing s WHERE s.hand_off_id = h.id) + (SELECT count(*)::int FROM hand_off_situation s WHERE s.hand_off_id = h.id) AS context
     FROM hand_off h WHERE h.id = $1`,
    id,
  )

describe('A hand-off', () => {
  const CLOSED = '2024-11-06'

  test('loses the colleague and the appointment, then the context, then its days, counted from its last line', async () => {
    const offered = await offeredOn(DAY)
    await finish(offered, CLOSED)
    const fresh = await handOff(offered.id)
    expect(fresh).toMatchObject({
      offered_on: DAY,
      changed_on: CLOSED,
      staff: 1,
      next_step: 1,
      context: 4,
      code: true,
      message_to_visitor: 'COME_BY',
    })

    await fadeOn(after(daysOf('hand-off-link') - 1, CLOSED))
    expect(await handOff(offered.id)).toEqual(fresh)
    await fadeOn(after(daysOf('hand-off-link'), CLOSED))
    const unlinked = { ...fresh, staff: 0, next_step: 0, message_to_visitor: null }
    expect(await handOff(offered.id)).toEqual(unlinked)

    await fadeOn(after(daysOf('hand-off-context') - 1, CLOSED))
    expect(await handOff(offered.id)).toEqual(unlinked)
    await fadeOn(after(daysOf('hand-off-context'), CLOSED))
    const bare = { ...unlinked, context: 0, code: false }
    expect(await handOff(offered.id)).toEqual(bare)

    await fadeOn(after(daysOf('hand-off-week') - 1, CLOSED))
    expect(await handOff(offered.id)).toEqual(bare)
    await fadeOn(after(daysOf('hand-off-week'), CLOSED))
    const ofAWeek = {
      ...bare,
      offered_on: '2024-10-01',
      changed_on: '2024-11-04',
      changed_day_part: null,
      parts: 0,
      day_precision: 'WEEK',
      events: ['2024-10-01', '2024-11-04'],
    }
    expect(await handOff(offered.id)).toEqual(ofAWeek)

    await fadeOn(after(daysOf('hand-off-quarter') + 5, '2024-11-04'))
    expect(await handOff(offered.id)).toEqual(ofAWeek)
    await fadeOn(after(daysOf('hand-off-quarter') + 6, '2024-11-04'))
    expect(await handOff(offered.id)).toEqual({
      ...ofAWeek,
      changed_on: '2024-10-01',
      day_precision: 'QUARTER',
      events: ['2024-10-01'],
    })
    for (const table of ['consent', 'warm_call', 'hand_off_view'])
      expect(
        (await rows(`SELECT DISTINCT day::text FROM ${table}`)).map(({ day }) => day),
        table,
      ).toEqual(['2024-10-01'])
    expect((await row('SELECT expires_on::text FROM consent')).expires_on).toBe('2025-01-01')
  })

  test('that nobody closed waits a year longer', async () => {
    const offered = await offeredOn(DAY)
    await fadeOn(after(daysOf('hand-off-link') + daysOf('open-loop') - 1))
    expect(await handOff(offered.id)).toMatchObject({ next_step: 1, code: true })
    await fadeOn(after(daysOf('hand-off-link') + daysOf('open-loop')))
    expect(await handOff(offered.id)).toMatchObject({ next_step: 0, code: true })
  })

  test('to which something is added begins its terms anew, and what was coarse stays coarse', async () => {
    const offered = await offeredOn(DAY)
    await finish(offered, CLOSED)
    await fadeOn(after(daysOf('hand-off-week'), CLOSED))
    const later = after(300)
    now = at(later)
    await perform(world, codeHolder(world, offered.code), 'recordVisitorVoice', (act) => recordVoice(act, offered.id, 'WORKED'))
    await fadeOn(after(daysOf('hand-off-week') - 1, later))
    expect(await handOff(offered.id)).toMatchObject({ day_precision: 'WEEK', events: ['2024-10-01', '2024-11-04', later] })
    await fadeOn(after(daysOf('hand-off-week'), later))
    expect(await handOff(offered.id)).toMatchObject({ events: ['2024-10-01', '2024-11-04', '2025-07-28'] })
  })

  test('that faded breaks no list, says how exact its days are, and is closed to nobody it was open to', async () => {
    const offered = await offeredOn(DAY)
    await finish(offered, CLOSED)
    const other = await offeredOn(DAY, 'GEMEENTE')
    await fadeOn('2026-11-20')
    now = at('2026-11-20')
    for (const who of [guideOf('a'), handlerOf('UWV')]) {
      const page = await perform(world, who, 'handOffs', (act) => listHandOffs(act, { ended: true }, { first: 50, after: null }))
      expect(page.items).toMatchObject([
        { id: offered.id, offeredOn: '2024-10-01', dayPrecision: 'QUARTER', changedDayPart: null, recognitionCode: null },
      ])
      expect(await perform(world, who, 'handOff', (act) => findHandOff(act, offered.id))).toMatchObject({ state: 'COMPLETED' })
    }
    const open = await perform(world, guideOf('a'), 'openLoops', (act) => listOpenLoops(act, { first: 50, after: null }))
    expect(open.items).toMatchObject([{ id: other.id, state: 'OFFERED', dayPrecision: 'QUARTER', nextStep: null }])
    expect(await perform(world, codeHolder(world, offered.code), 'followUp', followUp)).toBeUndefined()
  })

  test('loses its follow-up code when that ends, and not before', async () => {
    const { code } = await offeredOn(DAY)
    await fadeOn(after(364))
    expect(await rows('SELECT 1 FROM follow_up_code')).toHaveLength(1)
    now = at(after(364))
    expect(await perform(world, codeHolder(world, code), 'followUp', followUp)).toBeDefined()
    await fadeOn(after(365))
    expect(await rows('SELECT 1 FROM follow_up_code')).toEqual([])
  })
})

describe('The job', () => {
  const many = async () => {
    for (const day of ['2024-06-29', '2024-07-01', '2024-09-30', DAY, '2025-02-02', '2025-12-30', '2026-10-19'])
      for (const desk of ['a', 'b'] as const) await contactOn(day, {}, desk)
    for (const day of ['2024-06-29', DAY, '2025-12-30']) await finish(await offeredOn(day), after(20, day))
    await offeredOn(DAY)
  }
  /** Everything that can fade, as it stands; ids are drawn, so they are left out. */
  const state = async () => [
    await rows(`SELECT c.day::text, c.day_part, c.faded, c.day_precision, q.themes, s.age FROM visitor_contact c JOIN visitor_contact_question q ON q.contact_id = c.id
      LEFT JOIN visitor_contact_situation s ON s.contact_id = c.id ORDER BY 1, 2, 3, 4, 5, 6`),
    await rows(`SELECT h.offered_on::text, h.changed_on::text, h.touched_on::text, h.faded, h.day_precision, h.recognition_code IS NULL AS code,
      (SELECT array_agg(e.day::text || coalesce(e.day_part, '') ORDER BY e.number) FROM hand_off_event e WHERE e.hand_off_id = h.id) AS events FROM hand_off h ORDER BY 1, 2, 3, 7`),
  ]

  test('that ran twice did it once', async () => {
    await many()
    expect(Object.keys(await fadeOn('2026-11-15')).length).toBeGreaterThan(8)
    const once = await state()
    const counted = await rows('SELECT subject, batches, things FROM fading_run ORDER BY 1')
    expect(await fadeOn('2026-11-15')).toEqual({})
    expect(await state()).toEqual(once)
    expect(await rows('SELECT subject, batches, things FROM fading_run ORDER BY 1')).toEqual(counted)
  })

  test('comes to the same whether it ran every month, in the batches of one, or once at the end', async () => {
    await many()
    await fadeOn('2026-11-15')
    const atOnce = await state()
    await admin.query('TRUNCATE hand_off, visitor_contact, fading_run, idempotency_key, entry_count CASCADE')
    await many()
    for (let day = '2024-07-05'; day < '2026-11-15'; day = after(47, day)) await fadeOn(day, { batch: 1 })
    await fadeOn('2026-11-15', { batch: 1 })
    expect(await state()).toEqual(atOnce)
  })

  test('of two runners at once does everything once', async () => {
    await many()
    const other = serverDatabase(database.serverUrl)
    try {
      const at15 = { now: () => at('2026-11-15') }
      const both = await Promise.all([
        fade({ database: server, ...at15 }, { batch: 1, rest: 0 }),
        fade({ database: other, ...at15 }, { batch: 1, rest: 0 }),
      ])
      const rest = await fadeOn('2026-11-15')
      const sum = [...both, rest].flatMap(Object.values).reduce((one: number, more) => one + (more as number), 0)
      expect(sum).toBe((await row('SELECT sum(things)::int AS n FROM fading_run')).n)
      // Every thing went each of its steps once: a contact of the first year four, of this one fewer.
      expect((await row(`SELECT sum(things)::int AS n FROM fading_run WHERE subject LIKE 'contact-%'`)).n).toBe(
        (await row('SELECT sum(faded)::int AS n FROM visitor_contact')).n,
      )
    } finally {
      await other.$disconnect()
    }
  })

  test('never goes by a day that has not come', async () => {
    await contactOn('2026-11-20')
    expect(await fadeOn('2036-01-01')).toEqual({})
  })

  test('says in its table what it did, by step and number, and nothing of whom', async () => {
    const { id } = await contactOn(DAY)
    await fadeOn(after(20))
    const [line] = await rows(`SELECT to_jsonb(f) AS line FROM fading_run f WHERE subject = 'contact-link'`)
    expect(line.line).toMatchObject({ day: after(20), batches: 1, things: 1 })
    expect(JSON.stringify(line)).not.toContain(id)
  })

  test('has a role that can neither read nor write what fades', async () => {
    await contactOn(DAY)
    for (const statement of [
      'SELECT 1 FROM visitor_contact',
      'SELECT 1 FROM hand_off',
      'SELECT 1 FROM entry_count',
      'UPDATE visitor_contact SET faded = 4',
      `DELETE FROM retention_rule`,
      `SELECT fade_things('contact', NULL, NULL, NULL)`,
    ]) {
      await admin.query('BEGIN; SET LOCAL ROLE wo_nobody')
      await expect(admin.query(statement), statement).rejects.toMatchObject({ code: '42501' })
      await admin.query('ROLLBACK')
    }
  })

  test('finds what is due by an index, whatever the size of the table', async () => {
    await admin.query(
      `INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result, faded)
       SELECT $1, gen_random_uuid(), $2, 'PHONE', '2026-11-01'::date - (n % 10), 'MORNING', 'ANSWERED', 4 FROM generate_series(1, 20000) n`,
      [WERKCENTRA.a, idOf('desk a')],
    )
    await admin.query('ANALYZE visitor_contact')
    const { rows: plan } = await admin.query(
      `EXPLAIN SELECT id FROM visitor_contact WHERE faded = 0 AND werkcentrum_id = $1 AND day >= '2026-10-01' AND day < '2027-01-01' ORDER BY day LIMIT 200 FOR NO KEY UPDATE SKIP LOCKED`,
      [WERKCENTRA.a],
    )
    expect(JSON.stringify(plan)).toContain('visitor_contact_fading')
    expect(JSON.stringify(plan)).not.toContain('Seq Scan')
  })
})
