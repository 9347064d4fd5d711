// The demo story: the same every time, with all there is to see in it, and nobody who exists.
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportLog, LOG_FORMATS } from '#app/access-log/export.js'
import { openDatabase } from '#app/database/door.js'
import { PARTNER_KINDS } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { demoId } from '#app/demo/ids.js'
import { seedOrganisations } from '#app/demo/organisations.js'
import { PLACES } from '#app/demo/places.js'
import { playDemo } from '#app/demo/story.js'
import { LOOP_STATUSES, OUTCOMES, STATES, VOICES, WITHDRAW_REASONS } from '#app/handoffs/lists.js'
import { loopStatus } from '#app/handoffs/loops.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { misses } from '../access-log/standards.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'

const TODAY = '2026-11-23'
const AMERSFOORT = demoId('werkcentrum-amersfoort')
const policies = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))

type Stage = {
  place: TestDatabase
  dataFolder: string
  admin: Client
  rows: <T>(sql: string, values?: unknown[]) => Promise<T[]>
  start: (days?: number) => Promise<void>
}
const stages: Stage[] = []

async function freshStage(): Promise<Stage> {
  const place = await freshDatabase()
  const dataFolder = mkdtempSync(join(tmpdir(), 'story-'))
  const admin = new Client({ connectionString: place.adminUrl })
  await admin.connect()
  const stage: Stage = {
    place,
    dataFolder,
    admin,
    rows: async (sql, values) => (await admin.query(sql, values)).rows,
    start: async (days) => {
      const database = openDatabase(place.serverUrl)
      const parts = { ownerUrl: place.ownerUrl, database, policies, keys: KEYS, dataFolder, today: TODAY }
      await playDemo(days ? { ...parts, days } : parts).finally(() => database.$disconnect())
    },
  }
  stages.push(stage)
  return stage
}

afterAll(async () => {
  for (const { place, dataFolder, admin } of stages) {
    await admin.end()
    await place.drop()
    rmSync(dataFolder, { recursive: true })
  }
})

/** One line per table: how many rows, and a hash over all of them. */
async function fingerprint({ rows }: Stage): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'policy_version') ORDER BY 1`,
  )
  const lines: string[] = []
  for (const { name } of tables) {
    const [found] = await rows<{ line: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")), '') AS line FROM ${name} t`,
    )
    lines.push(`${name} ${found!.line}`)
  }
  return lines
}

const markerOf = ({ dataFolder }: Stage) => JSON.parse(readFileSync(join(dataFolder, 'story.json'), 'utf8'))

describe('played once', () => {
  const DAYS = 60
  let stage: Stage

  beforeAll(async () => {
    stage = await freshStage()
    await stage.start(DAYS)
  })

  test('The marker says that it was finished, and holds no code', () => {
    expect(markerOf(stage)).toEqual({ story: 'finished', today: TODAY })
  })

  test('A second start changes nothing', async () => {
    const before = await fingerprint(stage)
    await stage.start(DAYS)
    expect(await fingerprint(stage)).toEqual(before)
  })

  test('A database in use whose marker is gone is left alone', async () => {
    const before = await fingerprint(stage)
    rmSync(join(stage.dataFolder, 'story.json'))
    await stage.start(DAYS)
    expect(await fingerprint(stage)).toEqual(before)
  })

  test('Its log leaves as the standards say, line by line: each organisation its own, of every kind of operation, nothing of a union', async () => {
    const world = { keys: KEYS, now: () => new Date(`${TODAY}T12:00:00Z`), newId: randomUUID, random: randomBytes }
    const period = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }
    const operations = await stage.rows<{ name: string }>(
      `SELECT DISTINCT r.operation AS name FROM access_record r JOIN access_record_part p ON p.at = r.at AND p.record_id = r.id
       WHERE NOT p.confidential AND NOT (p.acting_organisation_id IS NULL AND p.werkcentrum_id IS NULL) ORDER BY 1`,
    )
    const unions = await stage.rows<{ id: string }>(
      `SELECT h.id FROM hand_off h JOIN partner p ON p.id = h.partner_id WHERE p.kind = 'UNION'`,
    )
    expect(unions.length).toBeGreaterThan(0)
    const confidential = new RegExp(unions.map(({ id }) => id).join('|'))
    // What the export itself leaves in the log does not stay: others count these rows.
    await stage.admin.query('BEGIN')
    try {
      const named = new Set<string>()
      for (const format of LOG_FORMATS) {
        let lines = 0
        for await (const line of exportLog(stage.admin, world, format, period, null)) {
          const record = JSON.parse(line)
          const wrong = misses(format, record)
          if (wrong.length > 0 || confidential.test(line)) expect.fail(`${wrong.join() || 'of a union'}: ${line}`)
          if (format === 'ADL') named.add(record.body['adl.core.request'].action.name)
          lines++
        }
        // More than a page of it.
        expect(lines, format).toBeGreaterThan(500)
      }
      expect([...named].sort()).toEqual(operations.map(({ name }) => name))
      expect(named.size).toBeGreaterThan(15)
    } finally {
      await stage.admin.query('ROLLBACK')
    }
  })

  test('Another database, where a begun story was cut short, ends up the same, row by row', async () => {
    const other = await freshStage()
    const owner = new Client({ connectionString: other.place.ownerUrl })
    await owner.connect()
    await seedOrganisations(owner, '2026-10-01')
    await owner.query(
      `INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result)
       VALUES ($1, $2, $3, 'PHONE', '2026-09-30', 'MORNING', 'ANSWERED')`,
      [AMERSFOORT, demoId('a contact'), demoId('desk-soest')],
    )
    await owner.end()
    writeFileSync(join(other.dataFolder, 'story.json'), JSON.stringify({ story: 'begun', today: '2026-10-01' }))
    await other.start(DAYS)
    expect(await fingerprint(other)).toEqual(await fingerprint(stage))
    expect(markerOf(other)).toEqual({ story: 'finished', today: TODAY })
  })
})

describe('the whole story', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await freshStage()
    await stage.start()
  })

  const one = async (sql: string): Promise<number> => Number((await stage.rows<{ n: string }>(`SELECT (${sql}) AS n`))[0]!.n)
  const distinct = async (sql: string): Promise<unknown[]> =>
    (await stage.rows<{ v: unknown }>(`SELECT DISTINCT v FROM (${sql}) AS q (v) WHERE v IS NOT NULL ORDER BY v`)).map(
      ({ v }) => v,
    )

  test('500 conversations in four months, before today and on working days', async () => {
    expect(await one(`SELECT count(*) FROM visitor_contact WHERE werkcentrum_id = '${AMERSFOORT}' AND NOT voided`)).toBe(500)
    expect(await one(`SELECT count(*) FROM visitor_contact WHERE voided`)).toBe(3)
    expect(await one(`SELECT count(*) FROM visitor_contact WHERE extract(isodow FROM day) > 5`)).toBe(0)
    const [span] = await stage.rows(`SELECT min(day)::text AS first, max(day)::text AS last FROM visitor_contact`)
    expect(span).toEqual({ first: '2026-07-24', last: '2026-11-20' })
  })

  test('A quarter comes from other regions', async () => {
    const elsewhere = await one(`SELECT count(*) FROM visitor_contact_routing r JOIN visitor_contact c ON c.id = r.contact_id
      JOIN municipality m ON m.gm_code = r.origin WHERE c.werkcentrum_id = '${AMERSFOORT}' AND NOT c.voided AND m.am_code <> 'AM14'`)
    expect(elsewhere).toBeGreaterThanOrEqual(123)
    expect(elsewhere).toBeLessThanOrEqual(127)
  })

  test('About 150 hand-offs, to every kind of partner, and each conversation that led to one says so', async () => {
    const count = await one(`SELECT count(*) FROM hand_off WHERE werkcentrum_id = '${AMERSFOORT}'`)
    expect(count).toBeGreaterThan(140)
    expect(count).toBeLessThan(175)
    expect(await distinct('SELECT partner_kind FROM hand_off')).toEqual([...PARTNER_KINDS].sort())
    expect(
      await one(`SELECT count(*) FROM visitor_contact c WHERE (result = 'HANDED_OFF') <>
        EXISTS (SELECT FROM hand_off_origin o WHERE o.contact_id = c.id) AND NOT voided`),
    ).toBe(0)
  })

  test('Twenty guides, and colleagues at every partner that signs in', async () => {
    const actors = (role: string, organisation: string) =>
      one(`SELECT count(DISTINCT a.pseudonym) FROM access_record_actor a JOIN access_record r ON r.at = a.at AND r.id = a.record_id
        WHERE r.role = '${role}' AND r.organisation_id = '${demoId(organisation)}'`)
    expect(await actors('GUIDE', 'werkcentrum-amersfoort')).toBe(20)
    expect(await actors('HANDLER', 'uwv-amersfoort')).toBe(3)
    expect(await actors('HANDLER', 'wijkteam-amersfoort')).toBe(0)
  })

  test('Every state, loop status, voice and outcome occurs, and every reason to withdraw', async () => {
    const handOffs = await stage.rows<Parameters<typeof loopStatus>[0]>(
      `SELECT state, changed_on::text AS "changedOn", guide_voice AS "guideVoice", visitor_voice AS "visitorVoice" FROM hand_off`,
    )
    expect(new Set(handOffs.map(({ state }) => state))).toEqual(new Set(Object.keys(STATES)))
    expect(new Set(handOffs.map((handOff) => loopStatus(handOff, TODAY)))).toEqual(new Set(Object.keys(LOOP_STATUSES)))
    expect(await distinct('SELECT visitor_voice FROM hand_off')).toEqual(Object.keys(VOICES).sort())
    expect(await distinct('SELECT outcome FROM hand_off_outcome')).toEqual(Object.keys(OUTCOMES).sort())
    expect(await distinct(`SELECT reason FROM hand_off WHERE state = 'WITHDRAWN'`)).toEqual(Object.keys(WITHDRAW_REASONS).sort())
  })

  test('Some are fresh, some overdue: without an answer, and without first contact after an appointment', async () => {
    const uwv = `partner_id = '${demoId('uwv-amersfoort')}'`
    expect(
      await one(`SELECT count(*) FROM hand_off WHERE state = 'OFFERED' AND ${uwv} AND answer_due_on >= '${TODAY}'`),
    ).toBeGreaterThanOrEqual(3)
    expect(
      await one(`SELECT count(*) FROM hand_off WHERE state = 'OFFERED' AND answer_due_on < '${TODAY}'`),
    ).toBeGreaterThanOrEqual(5)
    expect(
      await one(
        `SELECT count(*) FROM hand_off h JOIN hand_off_next_step s ON s.hand_off_id = h.id
         WHERE state = 'ACCEPTED' AND first_contact_on IS NULL AND first_contact_due_on < '${TODAY}'`,
      ),
    ).toBeGreaterThanOrEqual(3)
  })

  test('Mistakes: sent to the wrong partner, once seen there and once not', async () => {
    const viewed = `SELECT EXISTS (SELECT FROM hand_off_view v WHERE v.hand_off_id = h.id) FROM hand_off h WHERE reason = 'SENT_TO_WRONG_PARTNER'`
    expect(await distinct(viewed)).toEqual([false, true])
  })

  test('The desk heard answers, and a partner contradicted one', async () => {
    expect(await one(`SELECT count(*) FROM hand_off WHERE heard_by_desk AND state = 'COMPLETED'`)).toBeGreaterThan(0)
    expect(
      await one(`SELECT count(*) FROM hand_off_event heard JOIN hand_off_event own ON own.hand_off_id = heard.hand_off_id
        AND own.number > heard.number WHERE heard.step = 'hearDeclined' AND own.step = 'accept'`),
    ).toBeGreaterThan(0)
  })

  test('Consent was given, not given, widened, narrowed and withdrawn; to the reserve it went along', async () => {
    expect(await distinct('SELECT change FROM consent')).toEqual(['GIVEN', 'NARROWED', 'WIDENED', 'WITHDRAWN'])
    expect(
      await one('SELECT count(*) FROM hand_off h WHERE NOT EXISTS (SELECT FROM consent c WHERE c.hand_off_id = h.id)'),
    ).toBeGreaterThan(0)
    expect(await one('SELECT count(*) FROM hand_off_sensitive')).toBeGreaterThan(3)
    expect(await distinct('SELECT representative_present FROM consent WHERE under_sixteen')).toEqual([false, true])
    expect(
      await one(`SELECT count(*) FROM hand_off_origin o JOIN consent first ON first.hand_off_id = o.forwarded_from
        JOIN consent next ON next.hand_off_id = o.hand_off_id WHERE first.reserve_partner_id = next.partner_id`),
    ).toBeGreaterThan(0)
    expect(
      await one(`SELECT count(*) FROM hand_off h LEFT JOIN consent c ON c.hand_off_id = h.id AND c.version = 1
        WHERE h.partner_kind = 'UNION' AND (c.categories IS NULL OR NOT c.categories <@ c.explicit_categories)`),
    ).toBe(0)
  })

  test('Agreements are in every state, one is past its review, one partner has none, and some cross regions', async () => {
    expect(await distinct('SELECT state FROM agreement')).toEqual(['ACTIVE', 'ENDED', 'SUSPENDED'])
    expect(
      await one(`SELECT count(*) FROM agreement WHERE state = 'ACTIVE' AND valid_to >= '${TODAY}' AND review_on < '${TODAY}'`),
    ).toBe(1)
    expect(await one(`SELECT count(*) FROM partner p WHERE NOT EXISTS (SELECT FROM agreement a WHERE a.partner_id = p.id)`)).toBe(
      1,
    )
    const across = `FROM hand_off h JOIN werkcentrum w ON w.id = h.werkcentrum_id JOIN partner p ON p.id = h.partner_id WHERE p.am_code <> w.am_code`
    expect(await distinct(`SELECT w.am_code ${across}`)).toEqual(['AM12', 'AM14'])
  })

  test('Partnerships are no parties: those they act for are', async () => {
    expect(
      await one(
        `SELECT count(*) FROM agreement a WHERE NOT EXISTS (SELECT FROM agreement_party g WHERE g.agreement_id = a.id AND side = 'PARTNER')`,
      ),
    ).toBe(0)
    expect(
      await one(`SELECT count(*) FROM partner WHERE NOT legal_person AND id NOT IN (SELECT partner_id FROM partner_acts_for)`),
    ).toBe(0)
  })

  test('Every organisation of a demo account exists', async () => {
    for (const { side, organisation } of ACCOUNTS)
      expect(await one(`SELECT count(*) FROM ${side} WHERE id = '${demoId(organisation)}'`)).toBe(1)
  })

  test('It names no person: no account, and no follow-up code, is anywhere in it', async () => {
    const names = [...ACCOUNTS.map(({ name }) => name), ...PLACES.flatMap(({ guides }) => guides)].join('|')
    const code = /\b[0-9B-DF-HJKMNP-TV-Z]{5}-[0-9B-DF-HJKMNP-TV-Z]{5}-[0-9B-DF-HJKMNP-TV-Z]{4}\b/
    const tables = await distinct(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    )
    for (const table of tables) {
      const [found] = await stage.rows<{ text: string | null }>(`SELECT string_agg(t::text, E'\\n') AS text FROM ${table} t`)
      expect(found!.text?.match(names)?.[0] ?? found!.text?.match(code)?.[0], `${table}`).toBeUndefined()
    }
  })

  test('All of it went through the one door: as many records as things that were done', async () => {
    expect(await one('SELECT count(*) FROM access_record')).toBeGreaterThan(1500)
    expect(await distinct('SELECT role FROM access_record')).toEqual([
      'CODE_HOLDER',
      'COORDINATOR',
      'GUIDE',
      'HANDLER',
      'PRIVACY_OFFICER',
      'SIGNATORY',
    ])
    expect(await one(`SELECT count(*) FROM access_record WHERE at >= '${TODAY}T00:00:00+01:00'`)).toBe(0)
  })
})
