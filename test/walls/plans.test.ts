// Fast behind the wall: the SQL that the server really sends stays on its index under row-level security, and a page costs as many
// statements as a single row.
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAccessRecords } from '#app/access-log/access-log.js'
import { exportPage, LOG_FORMATS } from '#app/access-log/export.js'
import { narrow } from '#app/consent/record-consent.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { codeHolder, followUp } from '#app/follow-up/follow-up.js'
import { findHandOff, listHandOffs, listOpenLoops } from '#app/handoffs/handoffs.js'
import { takeStep } from '#app/handoffs/take-step.js'
import type { Capacity } from '#app/identity/capacity.js'
import { keyedHash } from '#app/identity/pseudonym.js'
import { replayAccess } from '#app/insight/period.js'
import { explainAccess } from '#app/insight/who-may-see.js'
import type { Page } from '#app/operations/page.js'
import { type Act, perform } from '#app/operations/perform.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { signedAs } from '../support/signed.js'
import {
  arrangeOrganisations,
  capacity,
  connected,
  guideOf,
  handlerOf,
  PARTNERS,
  serverDatabase,
  TODAY,
  WERKCENTRA,
  worldAt,
  YESTERDAY,
} from '../support/small-world.js'

const HAND_OFFS = 60_000
const CODE = '00000-00000-0000'

let database: TestDatabase
let admin: Client
let explainer: Client
let server: PrismaClient
let world: ReturnType<typeof worldAt>
let said: { sql: string; values: unknown[] }[] = []

// A third goes to UWV, a third to the gemeente, the rest to the others; half to each desk; one in ten still runs.
beforeAll(async () => {
  database = await freshDatabase()
  admin = await connected(database.adminUrl)
  await arrangeOrganisations(admin)
  // Without looking up every foreign key: a million of them.
  await admin.query('SET session_replication_role = replica')
  await admin.query(
    `INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, reason, steps)
     SELECT CASE WHEN n % 2 = 0 THEN $1::uuid ELSE $2::uuid END, md5(n::text)::uuid, p.id, p.kind, 'code-' || n,
       CASE n / 6 % 10 WHEN 0 THEN 'OFFERED' WHEN 1 THEN 'WITHDRAWN' ELSE 'COMPLETED' END, $3::date - (n % 700), $3::date - (n % 700), 'MORNING',
       CASE WHEN n / 6 % 10 = 1 THEN (ARRAY['NOT_NEEDED', 'VISITOR_ASKED', 'ENTERED_IN_ERROR', 'SENT_TO_WRONG_PARTNER'])[1 + n / 60 % 4] END, 1
     FROM generate_series(0, ${HAND_OFFS - 1}) n
     JOIN partner p ON p.id = (ARRAY[$4, $4, $5, $5, $6, $7]::uuid[])[1 + n % 6]`,
    [WERKCENTRA.a, WERKCENTRA.b, TODAY, PARTNERS.UWV, PARTNERS.GEMEENTE, PARTNERS.UNION, PARTNERS.WSP],
  )
  const hangs = async (table: string, columns: string, values: string) =>
    admin.query(
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, ${columns}) SELECT h.werkcentrum_id, h.id, h.partner_id, ${values} FROM hand_off h`,
    )
  await hangs(
    'hand_off_event',
    'number, step, by_side, heard_by_desk, state, day, day_part',
    `1, 'offer', 'WERKCENTRUM', false, 'OFFERED', h.offered_on, 'MORNING'`,
  )
  await hangs(
    'warm_call',
    'number, channel, result, visitor_present, day, day_part',
    `2, 'PHONE', 'SPOKEN', true, h.offered_on, 'MORNING'`,
  )
  await hangs('hand_off_next_step', 'next_step', `'VISITOR_CALLS'`)
  await hangs(
    'hand_off_logistics',
    'desk_id, channel, contact_day, contact_day_part',
    `(SELECT d.id FROM desk d WHERE d.werkcentrum_id = h.werkcentrum_id), 'PHONE', h.offered_on, 'MORNING'`,
  )
  await hangs('hand_off_question', 'themes', `'{CAREER}'`)
  await hangs('hand_off_routing', 'visitor_kind', `'WORKER'`)
  await hangs(
    'hand_off_situation',
    'work, benefit, age, education, language_help',
    `'AT_RISK', 'WW', 'A27_54', 'SECONDARY', 'NO'`,
  )
  await hangs('hand_off_outcome', 'number, outcome, heard_by_desk', `1, 'WORK', false`)
  await hangs('hand_off_staff', 'number, handled_by', `1, 'k1:x'`)
  await hangs('hand_off_view', 'day', 'h.offered_on')
  await hangs('hand_off_note', 'note', `'x'`)
  await hangs('hand_off_remark', 'by_side, number, remark, day', `'PARTNER', 1, 'x', h.offered_on`)
  await admin.query(
    `INSERT INTO hand_off_sensitive SELECT werkcentrum_id, id, partner_id, partner_kind, '{JOBS_AGREEMENT}' FROM hand_off WHERE partner_kind IN ('UWV', 'GEMEENTE')`,
  )
  await hangs(
    'consent',
    'version, change, by_side, basis, categories, explicit_categories, purposes, asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version, language, day, expires_on',
    `1, 'GIVEN', 'WERKCENTRUM', 'BASIS', '{question}', '{}', '{HELP,OVERVIEW,FOLLOW_UP}', true, true, true, false, false, 'SPOKEN', 'x', 'nl', h.offered_on, h.offered_on + 1000`,
  )
  server = serverDatabase(database.serverUrl, (sql, values) => said.push({ sql, values }))
  world = worldAt(server)
  await hangs('follow_up_code', 'hash', `'k1:' || h.id`)
  const [mine] = (
    await admin.query(`SELECT id FROM hand_off WHERE partner_kind = 'UWV' AND state = 'OFFERED' ORDER BY id LIMIT 1`)
  ).rows
  await admin.query('UPDATE follow_up_code SET hash = $1 WHERE hand_off_id = $2', [
    keyedHash(world.keys, 'follow-up-code', CODE),
    mine.id,
  ])
  const record = `SELECT $1::timestamptz - n * interval '1 minute' AS at, md5('record' || n)::uuid AS id, n FROM generate_series(1, 40000) n`
  const now = `${TODAY}T09:00:00Z`
  await admin.query(
    `INSERT INTO access_record SELECT r.at, r.id, 'GUIDE', CASE WHEN n % 2 = 0 THEN $2::uuid ELSE $3::uuid END, 'handOffs', 'OVERVIEW', $4 FROM (${record}) r`,
    [now, WERKCENTRA.a, WERKCENTRA.b, world.policies.hash],
  )
  await admin.query(
    `INSERT INTO access_record_part SELECT r.at, r.id, 1, CASE WHEN n % 2 = 0 THEN $2::uuid ELSE $3::uuid END, (ARRAY[$4, $5, $6]::uuid[])[1 + n % 3], n % 3 = 2, '[]',
     (ARRAY[$4, $5, $6]::uuid[])[1 + n % 3], ARRAY[md5((n / 40)::text)::uuid] FROM (${record}) r`,
    [now, WERKCENTRA.a, WERKCENTRA.b, PARTNERS.UWV, PARTNERS.GEMEENTE, PARTNERS.UNION],
  )
  await admin.query(
    `INSERT INTO access_record_actor SELECT r.at, r.id, CASE WHEN n % 2 = 0 THEN $2::uuid ELSE $3::uuid END, 'k1:x' FROM (${record}) r`,
    [now, WERKCENTRA.a, WERKCENTRA.b],
  )
  await admin.query(
    `INSERT INTO processing_record (at, record_id, number, trace_id, span_id, name, activity, ended_at, werkcentrum_id, partner_id, confidential,
       acting_organisation_id, subjects)
     SELECT p.at, p.record_id, p.number, md5(p.record_id::text), left(md5(p.record_id::text), 16), 'handOffs', 'desk', p.at, p.werkcentrum_id,
       p.partner_id, p.confidential, p.acting_organisation_id, ARRAY['HandOff ' || p.hand_offs[1]] FROM access_record_part p`,
  )
  await admin.query('VACUUM ANALYZE')
  explainer = await connected(database.serverUrl)
})

afterAll(async () => {
  await server?.$disconnect()
  await explainer?.end()
  await admin?.end()
  await database?.drop()
})

/** Runs an operation and gives back the statements it sent, in order. */
async function statements<T>(who: Capacity, operation: string, work: (act: Act) => Promise<T>) {
  said = []
  const result = await perform(world, who, operation, work)
  return { result, sent: said }
}

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; 'Index Cond'?: string; Plans?: Plan[] }
type Scan = { table: string; how: string; index: string | undefined; condition: string | undefined }

const scansOf = (plan: Plan): Scan[] => [
  ...('Relation Name' in plan || 'Index Name' in plan
    ? [{ table: plan['Relation Name'] ?? '', how: plan['Node Type'], index: plan['Index Name'], condition: plan['Index Cond'] }]
    : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
]

/** Tables that grow without end; the reference tables are small enough to be read whole. */
const GROWS = /^(hand_off|consent|warm_call|follow_up_code|access_record|processing_record|visitor_contact|idempotency_key)/

/** Explains every statement on hand-offs or the log as the very role, settings and values it was sent with. */
async function explain(sent: typeof said): Promise<Scan[]> {
  const door = sent.find(({ sql }) => sql.includes(`set_config('role'`))!
  const questions = sent.filter(({ sql }) =>
    /\b(FROM|UPDATE|INTO|JOIN) (hand_off|consent|access_record_part p|processing_record p)/.test(sql),
  )
  const scans: Scan[] = []
  await explainer.query('BEGIN')
  try {
    await explainer.query(door.sql, door.values)
    for (const { sql, values } of questions) {
      const { rows } = await explainer.query(`EXPLAIN (FORMAT JSON) ${sql}`, values)
      scans.push(...scansOf(rows[0]['QUERY PLAN'][0].Plan))
    }
  } finally {
    await explainer.query('ROLLBACK')
  }
  expect(questions.length).toBeGreaterThan(0)
  const readWhole = scans.filter(
    ({ table, how, condition, index }) => GROWS.test(table) && (how === 'Seq Scan' || (index && !condition)),
  )
  expect(readWhole).toEqual([])
  return scans
}

const first50 = { first: 50, after: null }
const on = (scans: readonly Scan[], table: string) => [
  ...new Set(scans.filter((scan) => scan.table === table).map(({ how, index }) => `${how} ${index}`)),
]
const coordinator = capacity('COORDINATOR', 'WERKCENTRUM', WERKCENTRA.a)
const officer = capacity('PRIVACY_OFFICER', 'WERKCENTRUM', WERKCENTRA.a)
const officerOfPartner = capacity('PRIVACY_OFFICER', 'PARTNER', PARTNERS.UWV)

describe(`With ${HAND_OFFS} hand-offs, 20000 of them at one partner`, () => {
  test.each([
    ['the inbox of a partner', handlerOf('UWV'), 'handOffs', 'hand_off_inbox'],
    ['the list of a desk', guideOf('a'), 'handOffs', 'hand_off_of_werkcentrum'],
    ['the list of a coordinator', coordinator, 'handOffs', 'hand_off_of_werkcentrum'],
    ['the list of a privacy officer of the desk', officer, 'handOffs', 'hand_off_of_werkcentrum'],
    ['the list of a privacy officer of a partner', officerOfPartner, 'handOffs', 'hand_off_inbox'],
  ] as const)('%s is read in the order of its index, page after page', async (_, who, operation, index) => {
    let after: string | null = null
    for (let page = 0; page < 3; page++) {
      const { result, sent } = await statements(who, operation, (act) => listHandOffs(act, {}, { first: 50, after }))
      expect(result.items.length).toBe(50)
      after = result.cursors.at(-1)!
      const scans = await explain(sent)
      expect(on(scans, 'hand_off')).toContain(`Index Scan ${index}`)
      const own = scans.find((scan) => scan.index === index)!
      expect(own.condition).toContain('ended = false')
      if (page > 0) expect(own.condition).toContain('ROW(offered_on, id) >')
    }
  })

  test.each([
    ['ended ones', handlerOf('UWV'), { ended: true }],
    ['what was sent by mistake', officerOfPartner, { ended: true, reason: 'SENT_TO_WRONG_PARTNER' }],
    ['one state', handlerOf('UWV'), { state: 'OFFERED' }],
    ['a code said aloud', handlerOf('UWV'), { recognitionCode: 'Molen appel 42' }],
  ] as const)('the inbox filtered on %s stays on the index', async (_, who, filter) => {
    const { sent } = await statements(who, 'handOffs', (act) => listHandOffs(act, filter, first50))
    const scans = await explain(sent)
    // PostgreSQL may gather the few of one state in a bitmap and sort them; explain() has refused anything that is read whole.
    expect(scans.map(({ index }) => index)).toContainEqual(expect.stringMatching(/^hand_off_(inbox|recognition)$/))
  })

  test.each([
    ['a guide', guideOf('a')],
    ['a coordinator', coordinator],
  ])('the open loops of %s are found by their own index', async (_, who) => {
    const { result, sent } = await statements(who, 'openLoops', (act) => listOpenLoops(act, first50))
    expect(result.items.length).toBe(50)
    const scans = await explain(sent)
    expect(
      scans.filter(({ table, index }) => table === 'hand_off' || index?.startsWith('hand_off_o')).map(({ index }) => index),
    ).toContain('hand_off_open_loops')
  })

  test.each([
    ['a guide', guideOf('a')],
    ['a handler', handlerOf('UWV')],
    ['a coordinator', coordinator],
    ['an officer of the desk', officer],
    ['an officer of the partner', officerOfPartner],
  ] as const)('one hand-off is found by its id for %s', async (_, who) => {
    const [{ id }] = (
      await admin.query(`SELECT id FROM hand_off WHERE werkcentrum_id = $1 AND partner_id = $2 LIMIT 1 OFFSET 5000`, [
        WERKCENTRA.a,
        PARTNERS.UWV,
      ])
    ).rows
    const { result, sent } = await statements(who, 'handOff', (act) => findHandOff(act, id))
    expect(result?.id).toBe(id)
    const scans = await explain(sent)
    const found = scans.filter(({ table }) => table === 'hand_off')
    for (const { index, condition } of found) {
      expect(['hand_off_by_id', 'hand_off_pkey']).toContain(index)
      expect(condition).toMatch(/\bid = /)
    }
  })

  test('a follow-up code is found by its hash', async () => {
    const { result, sent } = await statements(codeHolder(world, CODE), 'followUp', followUp)
    expect(result?.handOff.partner.kind).toBe('UWV')
    const scans = await explain(sent)
    expect(scans.find(({ table, index }) => table === 'follow_up_code' || index === 'follow_up_code_by_hash')).toMatchObject({
      index: 'follow_up_code_by_hash',
    })
    expect(on(scans, 'consent').every((scan) => scan.endsWith('consent_pkey'))).toBe(true)
  })

  test('a step and a narrower consent look at one hand-off only', async () => {
    const [{ id }] = (
      await admin.query(`SELECT id FROM hand_off WHERE partner_id = $1 AND state = 'OFFERED' LIMIT 1 OFFSET 77`, [PARTNERS.UWV])
    ).rows
    await explain((await statements(handlerOf('UWV'), 'narrowConsent', (act) => narrow(act, id, []))).sent)
    await explain((await statements(handlerOf('UWV'), 'acceptHandOff', (act) => takeStep(act, id, 'accept'))).sent)
  })

  test.each([
    ['of a desk', officer, 'access_record_part_of_werkcentrum'],
    ['of a partner', officerOfPartner, 'access_record_part_of_partner'],
  ] as const)('the access log %s is read newest first, in the order of its index', async (_, who, index) => {
    let after: string | null = null
    for (let page = 0; page < 2; page++) {
      const { result, sent } = await statements(who, 'accessLog', (act) =>
        listAccessRecords(act, { handOffId: null, from: null, until: null }, { first: 50, after }),
      )
      expect(result.items.length).toBe(50)
      after = result.cursors.at(-1)!
      const scans = await explain(sent)
      expect(on(scans, 'access_record_part')).toContain(`Index Scan ${index}`)
      expect(on(scans, 'access_record')).toEqual(['Index Scan access_record_pkey'])
    }
  })
})

describe.each(LOG_FORMATS)('The log exported as %s', (format) => {
  const table = format === 'ADL' ? 'access_record_part' : 'processing_record'

  test.each([
    ['of a desk', officer, `${table}_of_werkcentrum`],
    ['of a partner', officerOfPartner, `${table}_of_partner`],
  ] as const)('%s is read oldest first, in the order of an index, however long the period', async (_, who, index) => {
    const period = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }
    let after: string | null = null
    for (let page = 0; page < 2; page++) {
      const { result, sent } = await statements(who, 'accessLogExport', (act) =>
        exportPage(act, format, period, { first: 50, after }),
      )
      expect(result.items.length).toBe(50)
      after = result.cursors.at(-1)!
      const scans = await explain(sent)
      // With two desks alone, what is of all is as near in order of the key.
      expect([index, `${table}_pkey`]).toContain(scans.find((scan) => scan.index?.startsWith(table))?.index)
      expect(scans.filter(({ how }) => how !== 'Index Scan' && how !== 'Index Only Scan').map(({ how }) => how)).toEqual([])
    }
  })
})

describe('The log of one hand-off', () => {
  // In forty parts of the log, of both desks and all three partners.
  const filter = async () => ({
    handOffId: (await admin.query(`SELECT md5('7')::uuid AS id`)).rows[0].id as string,
    from: null,
    until: null,
  })

  test.each([
    ['an officer of the desk', officer, 13],
    ['an officer of the partner', officerOfPartner, 13],
  ] as const)('is found for %s by the keys that the index on hand-offs gives', async (_, who, count) => {
    const about = await filter()
    const { result, sent } = await statements(who, 'accessLog', (act) => listAccessRecords(act, about, first50))
    expect(result.items.length).toBeGreaterThanOrEqual(count)
    const scans = await explain(sent)
    // The parts by their keys; and for each record, whether a part of it may be read.
    expect(on(scans, 'access_record_part')).toContain('Index Scan access_record_part_pkey')
    for (const { table, condition } of scans) if (table === 'access_record_part') expect(condition).toMatch(/record_id = /)
    expect(on(scans, 'access_record')).toEqual(['Index Scan access_record_pkey'])
  })

  test('inside the function that gives the keys, as its owner, the index is used; and it reads few pages', async () => {
    const { handOffId } = await filter()
    const owner = await connected(database.ownerUrl)
    const { rows } = await owner.query(`SELECT prosrc FROM pg_proc WHERE proname = 'access_parts_of'`)
    const plan = await owner.query(`EXPLAIN (FORMAT JSON) ${rows[0].prosrc.replaceAll('$1', `'${handOffId}'::uuid`)}`)
    await owner.end()
    expect(scansOf(plan.rows[0]['QUERY PLAN'][0].Plan).map(({ index }) => index)).toContain('access_record_part_hand_offs')
    const about = await filter()
    const { sent } = await statements(officer, 'accessLog', (act) => listAccessRecords(act, about, first50))
    const [door, question] = [
      sent.find(({ sql }) => sql.includes(`set_config('role`))!,
      sent.find(({ sql }) => sql.includes('access_parts_of'))!,
    ]
    await explainer.query('BEGIN')
    await explainer.query(door.sql, door.values)
    const analysed = await explainer.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${question.sql}`, question.values)
    await explainer.query('ROLLBACK')
    const { Plan } = analysed.rows[0]['QUERY PLAN'][0]
    // All of the log are some two thousand.
    expect(Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']).toBeLessThan(700)
  })

  test('of another organisation, of a union, or asked by nobody, no key is given', async () => {
    const { handOffId } = await filter()
    const keysFor = async (role: string, organisation: string) => {
      await explainer.query('BEGIN')
      try {
        await explainer.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [
          role,
          signedAs({
            databaseRole: role,
            role: 'PRIVACY_OFFICER',
            purpose: 'OVERSEE',
            organisation,
            today: TODAY,
            codeHashes: [],
            policyHash: world.policies.hash,
          }),
        ])
        return (await explainer.query('SELECT count(*)::int AS n FROM access_parts_of($1)', [handOffId])).rows[0].n as number
      } catch (fault) {
        return (fault as { code: string }).code
      } finally {
        await explainer.query('ROLLBACK')
      }
    }
    expect(await keysFor('wo_officer_werkcentrum', WERKCENTRA.a)).toBeGreaterThan(10)
    expect(await keysFor('wo_officer_partner', PARTNERS.UWV)).toBeGreaterThan(10)
    expect(await keysFor('wo_officer_partner', PARTNERS.UNION)).toBe(0)
    expect(await keysFor('wo_officer_partner', PARTNERS.WSP)).toBe(0)
    expect(await keysFor('wo_officer_werkcentrum', '')).toBe(0)
    for (const role of ['wo_guide', 'wo_handler', 'wo_coordinator', 'wo_signatory_partner', 'wo_visitor', 'wo_nobody'])
      expect(await keysFor(role, WERKCENTRA.a)).toBe('42501')
  })
})

test.each([
  ['of a desk', officer, 'access_record_part_of_werkcentrum'],
  ['of a partner', officerOfPartner, 'access_record_part_of_partner'],
] as const)('the log %s is decided again in pages that stay on the index', async (_, who, index) => {
  const period = { from: `${TODAY}T00:00:00Z`, until: `${TODAY}T09:00:00Z` }
  const { result, sent } = await statements(who, 'replayAccess', (act) => replayAccess(act, period, 20))
  expect(result.records).toBeGreaterThan(100)
  const scans = await explain(sent)
  expect(on(scans, 'access_record_part')).toContain(`Index Scan ${index}`)
})

test('a period that holds too much is refused by a bound that is named', async () => {
  const period = { from: '2026-01-01T00:00:00Z', until: `${TODAY}T12:00:00Z` }
  await expect(statements(officer, 'replayAccess', (act) => replayAccess(act, period, 20))).rejects.toThrow(
    'This period holds more than 10000 lines or 250000 decisions: ask for a shorter one.',
  )
})

test('the locks of one hand-off are looked up by its key', async () => {
  const [{ id }] = (
    await admin.query('SELECT id FROM hand_off WHERE werkcentrum_id = $1 AND partner_id = $2 LIMIT 1 OFFSET 5000', [
      WERKCENTRA.a,
      PARTNERS.UWV,
    ])
  ).rows
  const asked = {
    handOffId: id,
    role: 'HANDLER',
    field: null,
    category: 'question',
    purpose: null,
    partnerId: null,
    on: YESTERDAY,
  } as const
  const { sent } = await statements(officer, 'explainAccess', (act) => explainAccess(act, asked))
  const scans = await explain(sent)
  expect(on(scans, 'consent')).toEqual(['Index Scan consent_pkey'])
  // Who asks, the hand-off, its agreements, its consents, the policy of that day, the record.
  expect(sent.filter(({ sql }) => !/^(BEGIN|COMMIT)/.test(sql)).length).toBeLessThanOrEqual(6)
})

describe('A page with everything on it costs as many statements as one row', () => {
  const kinds = (sent: typeof said) =>
    sent.map(
      ({ sql }) =>
        /^\s*(BEGIN|COMMIT|SET TRANSACTION|WITH h|WITH p|WITH record|SELECT set_config\('\w+)/.exec(sql)?.[1]?.trim() ?? sql,
    )

  test.each([
    ['the inbox', handlerOf('UWV'), 'handOffs', (act: Act, first: number) => listHandOffs(act, {}, { first, after: null })],
    ['the list of a desk', guideOf('a'), 'handOffs', (act: Act, first: number) => listHandOffs(act, {}, { first, after: null })],
    ['the open loops', guideOf('a'), 'openLoops', (act: Act, first: number) => listOpenLoops(act, { first, after: null })],
    [
      'the access log',
      officer,
      'accessLog',
      (act: Act, first: number) => listAccessRecords(act, { handOffId: null, from: null, until: null }, { first, after: null }),
    ],
  ] as [string, Capacity, string, (act: Act, first: number) => Promise<Page<unknown>>][])(
    '%s',
    async (_, who, operation, list) => {
      await statements(who, operation, (act) => list(act, 50)) // The first look is noted as such; the second has nothing left to note.
      const one = await statements(who, operation, (act) => list(act, 1))
      const fifty = await statements(who, operation, (act) => list(act, 50))
      expect([one.result.items.length, fifty.result.items.length]).toEqual([1, 50])
      expect(kinds(fifty.sent)).toEqual(kinds(one.sent))
      const page = operation === 'accessLog' ? 'WITH p' : 'WITH h'
      // Who asks, the page, the log. Prisma does not report its BEGIN.
      expect(kinds(fifty.sent)).toEqual([`SELECT set_config('role`, page, 'WITH record', 'COMMIT'])
    },
  )
})
