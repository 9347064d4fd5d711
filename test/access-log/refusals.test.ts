// A refusal is a decision, and so it is in the log: with its code, without what was asked, before the answer leaves.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonical, leafHash } from '#app/access-log/leaf.js'
import { orNotFound, RECORDED_REFUSALS } from '#app/errors.js'
import { findHandOff } from '#app/handoffs/handoffs.js'
import { takeStep } from '#app/handoffs/take-step.js'
import { perform } from '#app/operations/perform.js'
import {
  done,
  FNV,
  forward,
  GEMEENTE,
  GUIDE,
  made,
  type Offered,
  refusal,
  step,
  TO_A_UNION,
  UWV,
  WIDEST,
} from '../journeys/hand-off.js'
import { type Answer, startServer, type TestServer } from '../support/server.js'
import { handlerOf, serverDatabase, worldAt } from '../support/small-world.js'
import { logContact } from '../support/story.js'

const NOWHERE = '00000000-0000-4000-8000-000000000000'
const PARTNER = 'uwv-amersfoort'
const OFFICER = 'privacy-amersfoort'

let server: TestServer
let adminUrl: string
let serverUrl: string
let offered: Offered
let ended: Offered
let ofUnion: Offered
beforeAll(async () => {
  server = await startServer({
    serverUrl: (urls) => {
      ;({ adminUrl, serverUrl } = urls)
      return urls.serverUrl
    },
  })
  offered = await made(server)
  ended = await made(server)
  await done(step(server, GUIDE, 'withdrawHandOff', ended.id, 'reason: NOT_NEEDED'))
  ofUnion = await made(server, { partnerId: FNV, consent: TO_A_UNION })
})
afterAll(() => server.stop())

type Written = { record: Record<string, unknown>; parts: any[]; processing: any[] }

/** What the log holds that it did not hold before `work`, as rows. */
async function written(work: () => Promise<unknown>): Promise<Written[]> {
  const rows = async () =>
    (
      await server.sql.query(
        `SELECT to_jsonb(r) AS record, (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY number), '[]') FROM access_record_part p WHERE p.record_id = r.id) AS parts,
           (SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') FROM processing_record d WHERE d.record_id = r.id) AS processing
         FROM access_record r ORDER BY r.at`,
      )
    ).rows as Written[]
  const before = new Set((await rows()).map(({ record }) => record.id))
  await work()
  return (await rows()).filter(({ record }) => !before.has(record.id))
}

const inLogOf = async (officer: string, filter = 'first: 50') =>
  (
    await done(
      server.as(officer)(
        `{ accessLog(${filter}) { edges { node { id operation role refusal purpose actor actingOrganisation objects { type reference relation
          categories { category shown rule } } } } } }`,
      ),
    )
  ).edges.map(({ node }: any) => node)

/** Without what differs from one record to the next. */
function alike({ record, parts }: Written): string {
  const { at: _, id: __, trace_id: ___, span_id: ____, ...rest } = record
  return canonical({ rest, parts: parts.map(({ at: _, record_id: __, ...part }) => part) })
}

describe('What the record of a refusal says', () => {
  test('of one who came second: the hand-off, and that the state was told by its rule; the officers of both sides read it', async () => {
    const accept = () => step(server, PARTNER, 'acceptHandOff', ended.id)
    const [line, ...more] = await written(async () => expect(refusal(await accept())).toBe('HANDOFF_MOVED_ON'))
    expect(more).toEqual([])
    expect(line!.record).toMatchObject({
      operation: 'acceptHandOff',
      role: 'HANDLER',
      purpose: 'HELP',
      refusal: 'HANDOFF_MOVED_ON',
    })
    expect(line!.parts).toHaveLength(1)
    expect(line!.parts[0]).toMatchObject({
      hand_offs: [ended.id],
      confidential: false,
      partner_id: UWV,
      acting_organisation_id: UWV,
    })
    expect(line!.parts[0].objects).toMatchObject([{ reference: ended.id, relation: 'ended', withheld: {} }])
    expect(Object.keys(line!.parts[0].objects[0].shown)).toEqual(['progress'])
    expect(line!.processing).toMatchObject([{ name: 'acceptHandOff', subjects: [`HandOff ${ended.id}`] }])
    for (const officer of ['privacy-uwv', OFFICER]) {
      const [read] = (await inLogOf(officer, `first: 1, handOffId: "${ended.id}"`)) as any[]
      expect(read).toMatchObject({
        operation: 'acceptHandOff',
        refusal: 'HANDOFF_MOVED_ON',
        actingOrganisation: 'UWV, kantoor Amersfoort',
      })
      expect(read.objects[0].categories).toMatchObject([{ category: 'progress', shown: true }])
    }
  })

  test('of what is out of sight: the same as of what does not exist, and not what was asked for', async () => {
    const elsewhere = 'gemeente-amersfoort'
    for (const ask of [
      (id: string) => server.as(elsewhere)('query ($id: ID!) { handOff(id: $id) { state } }', { id }),
      (id: string) => step(server, elsewhere, 'acceptHandOff', id),
      (id: string) => step(server, elsewhere, 'withdrawConsent', id),
    ]) {
      const lines = []
      for (const id of [NOWHERE, offered.id, ended.id, ofUnion.id]) {
        const [line, ...more] = await written(async () => expect(refusal(await ask(id))).toBe('NOT_FOUND'))
        expect(more).toEqual([])
        expect(line!.record.refusal).toBe('NOT_FOUND')
        expect(line!.parts).toMatchObject([
          { partner_id: GEMEENTE, werkcentrum_id: null, hand_offs: [], objects: [], confidential: false },
        ])
        expect(JSON.stringify(line)).not.toContain(id)
        lines.push(alike(line!))
      }
      expect(new Set(lines).size).toBe(1)
    }
  })

  test('and it takes the same statements to say that it is out of sight as that it does not exist', async () => {
    const said: string[] = []
    const database = serverDatabase(serverUrl, (sql) => said.push(sql))
    const world = worldAt(database, server.world.now)
    const stranger = { ...handlerOf('GEMEENTE'), organisationId: GEMEENTE } as never
    const statements = async (work: (id: string) => Promise<unknown>, id: string) => {
      said.length = 0
      await expect(work(id)).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } })
      return [...said]
    }
    for (const work of [
      (id: string) => perform(world, stranger, 'handOff', async (act) => orNotFound(await findHandOff(act, id))),
      (id: string) => perform(world, stranger, 'acceptHandOff', (act) => takeStep(act, id, 'accept')),
    ]) {
      const nowhere = await statements(work, NOWHERE)
      expect(nowhere.filter((sql) => sql.includes('INSERT INTO access_record'))).toHaveLength(1)
      expect(await statements(work, offered.id)).toEqual(nowhere)
    }
    await database.$disconnect()
  })

  test('of an operation that a capacity may not run: no purpose, because it has none, and no object', async () => {
    const ask = () =>
      server.as(PARTNER)('mutation ($id: ID!) { withdrawHandOff(id: $id, reason: NOT_NEEDED) { id } }', { id: offered.id })
    const [line, ...more] = await written(async () => expect(refusal(await ask())).toBe('FORBIDDEN'))
    expect(more).toEqual([])
    expect(line!.record).toMatchObject({
      operation: 'withdrawHandOff',
      purpose: null,
      refusal: 'FORBIDDEN',
      organisation_id: UWV,
    })
    expect(line!.parts).toMatchObject([{ objects: [], hand_offs: [] }])
    const [read] = (await inLogOf('privacy-uwv', 'first: 1')) as any[]
    expect(read).toMatchObject({
      operation: 'withdrawHandOff',
      refusal: 'FORBIDDEN',
      purpose: null,
      role: 'HANDLER',
      objects: [],
    })
    expect(read.actor).toMatch(/^k1:/)
  })

  test('of two operations in one request, each has its own', async () => {
    const both = 'query ($id: ID!) { one: handOff(id: $id) { id } two: accessLog { edges { node { id } } } three: me { role } }'
    const lines = await written(() => server.as(PARTNER)(both, { id: NOWHERE }))
    expect(lines.map(({ record }) => `${record.operation} ${record.refusal}`).sort()).toEqual([
      'accessLog FORBIDDEN',
      'handOff NOT_FOUND',
      'me null',
    ])
  })

  test('of a visitor with the right code: the hand-off, without a category', async () => {
    const ask = () =>
      server.nobody('mutation ($code: String!) { narrowByCode(code: $code, until: "2026-11-01") { status } }', {
        code: offered.code,
      })
    const [line] = await written(async () => expect(refusal(await ask())).toBe('BAD_INPUT'))
    expect(line!.record).toMatchObject({ role: 'CODE_HOLDER', refusal: 'BAD_INPUT', organisation_id: null })
    expect(line!.parts[0].objects).toMatchObject([{ reference: offered.id, shown: {}, withheld: {} }])
  })

  test('stands in its leaf', async () => {
    await step(server, PARTNER, 'acceptHandOff', NOWHERE)
    const micro = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    const { rows } = await server.sql.query(
      `SELECT to_jsonb(r) || jsonb_build_object('at', ${micro('r.at')}) AS record,
         (SELECT jsonb_agg(to_jsonb(p) || jsonb_build_object('at', ${micro('p.at')}) ORDER BY number) FROM access_record_part p WHERE p.record_id = r.id) AS parts,
         (SELECT to_jsonb(a) || jsonb_build_object('at', ${micro('a.at')}) FROM access_record_actor a WHERE a.record_id = r.id) AS actor, l.hash
       FROM access_record r JOIN log_leaf l ON l.record_id = r.id WHERE r.refusal = 'NOT_FOUND' ORDER BY r.at DESC LIMIT 1`,
    )
    const { hash, ...found } = rows[0]
    expect(leafHash({ ...found, processing: [] })).toEqual(hash)
    expect(leafHash({ ...found, record: { ...found.record, refusal: 'FORBIDDEN' }, processing: [] })).not.toEqual(hash)
    expect(leafHash({ ...found, record: { ...found.record, refusal: null }, processing: [] })).not.toEqual(hash)
  })

  test('every code that is written is one that the database knows, and the other way round', async () => {
    const { rows } = await server.sql.query(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conrelid = 'access_record'::regclass AND pg_get_constraintdef(oid) LIKE '%NOT_FOUND%'`,
    )
    expect([...rows[0].text.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code).sort()).toEqual([...RECORDED_REFUSALS].sort())
  })
})

describe('Who is nobody is not in it: whoever needs no account could fill it', () => {
  test.each([
    [
      'without a token',
      () => server.nobody('query ($id: ID!) { handOff(id: $id) { id } }', { id: offered.id }),
      'UNAUTHENTICATED',
    ],
    ['with a code that is nobody’s', () => server.nobody('{ followUp(code: "00000-00000-0000") { status } }'), 'NOT_FOUND'],
    [
      'with a code that was mistyped, beside a token',
      () => server.as(GUIDE)('mutation { withdrawByCode(code: "00000-00000-0000") { status } }'),
      'NOT_FOUND',
    ],
  ])('%s', async (_, ask, code) => {
    expect(await written(async () => expect(refusal(await ask())).toBe(code))).toEqual([])
  })
})

describe('A refusal about a union is in no officer’s log', () => {
  const OFFER = 'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { alreadyShown } }'
  const offering = async (change: object, contactId: string) =>
    server.as(GUIDE)(OFFER, {
      input: { contactId, partnerId: UWV, nextStep: { kind: 'VISITOR_COMES' }, consent: WIDEST, ...change },
    })
  const CASES: [string, () => Promise<Answer>, string][] = [
    ['offered without explicit consent', async () => offering({ partnerId: FNV }, await logContact(server)), 'CONSENT_REQUIRED'],
    [
      'named as a reserve',
      async () => offering({ consent: { ...WIDEST, reservePartnerId: FNV } }, await logContact(server)),
      'BAD_INPUT',
    ],
    ['forwarded to', () => forward(server, offered.id, FNV, { consent: TO_A_UNION, followUpCode: offered.code }), 'BAD_INPUT'],
    ['forwarded from', () => forward(server, ofUnion.id, UWV), 'BAD_INPUT'],
    ['forwarded to nowhere', () => forward(server, ofUnion.id, NOWHERE), 'NOT_FOUND'],
    ['moved on', () => step(server, 'fnv-amersfoort', 'recordFirstContact', ofUnion.id), 'HANDOFF_MOVED_ON'],
    [
      'asked for after its end',
      async () => {
        const { id } = await made(server, { partnerId: FNV, consent: TO_A_UNION })
        await done(step(server, GUIDE, 'withdrawHandOff', id, 'reason: NOT_NEEDED'))
        return server.as(GUIDE)('query ($id: ID!) { consentHistory(handOffId: $id) { version } }', { id })
      },
      'NOT_FOUND',
    ],
    [
      'told by a contact that can no longer be taken back',
      async () => {
        const contact = await logContact(server)
        await done(offering({ partnerId: FNV, consent: TO_A_UNION }, contact))
        return server.as(GUIDE)('mutation ($id: ID!) { voidContact(id: $id) }', { id: contact })
      },
      'BAD_INPUT',
    ],
    [
      'told by a key that was used for it',
      async () => {
        const contact = await logContact(server)
        await done(offering({ partnerId: FNV, consent: TO_A_UNION, idempotencyKey: 'een-sleutel' }, contact))
        return offering({ idempotencyKey: 'een-sleutel' }, contact)
      },
      'IDEMPOTENCY_CONFLICT',
    ],
  ]
  test.each(CASES)('%s', async (_, ask, code) => {
    const lines = await written(async () => expect(refusal(await ask())).toBe(code))
    const refused = lines.filter(({ record }) => record.refusal)
    expect(refused).toHaveLength(1)
    expect(refused[0]!.parts.length).toBeGreaterThan(0)
    for (const { confidential } of refused[0]!.parts) expect(confidential).toBe(true)
    for (const officer of [OFFICER, 'privacy-uwv'])
      expect((await inLogOf(officer)).map(({ id }: { id: string }) => id)).not.toContain(refused[0]!.record.id)
  })

  test('but the same about another partner is in it', async () => {
    const contact = await logContact(server)
    const [line] = await written(async () =>
      expect(refusal(await offering({ consent: { ...WIDEST, refusalIsFree: false } }, contact))).toBe('CONSENT_REQUIRED'),
    )
    expect((await inLogOf(OFFICER)).map(({ id }: { id: string }) => id)).toContain(line!.record.id)
  })
})

describe('The log cannot be written: then nothing is said, not even no', () => {
  const cases = (): [string, () => ReturnType<TestServer['nobody']>][] => [
    ['FORBIDDEN', () => server.as(PARTNER)('{ accessLog { edges { node { id } } } }')],
    ['NOT_FOUND', () => server.as(PARTNER)('query ($id: ID!) { handOff(id: $id) { state } }', { id: NOWHERE })],
    ['HANDOFF_MOVED_ON', () => step(server, PARTNER, 'acceptHandOff', ended.id)],
  ]

  test('held by somebody: 503, and neither code nor state', async () => {
    const somebody = new Client({ connectionString: adminUrl })
    await somebody.connect()
    for (const [code, ask] of cases()) {
      await somebody.query('BEGIN; LOCK TABLE log_leaf IN ACCESS EXCLUSIVE MODE')
      const asked = ask()
      await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0)
      await server.sql.query('SELECT pg_cancel_backend(pid) FROM unnest($1::int[]) pid', [await waiting()])
      const answer = await asked
      await somebody.query('ROLLBACK')
      expect([answer.status, refusal(answer)], code).toEqual([503, 'UNAVAILABLE'])
      expect(Object.values(answer.data ?? { none: null }), code).toEqual([null])
      expect(answer.text, code).not.toMatch(/FORBIDDEN|NOT_FOUND|MOVED_ON|WITHDRAWN/)
      expect(refusal(await ask()), code).toBe(code)
    }
    await somebody.end()
  })

  const waiting = async () =>
    (
      await server.sql.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    ).rows.map((row) => row.pid)
})

describe('What is made of the log is not confused by refusals', () => {
  const PERIOD = { from: '2026-11-01T00:00:00Z', until: '2027-01-31T00:00:00Z' }

  test('decided again, what was told with a refusal is the same; the rest decides nothing', async () => {
    for (const officer of [OFFICER, 'privacy-uwv']) {
      const replayed = await done(
        server.as(officer)(
          'query ($from: String!, $until: String!) { replayAccess(from: $from, until: $until) { decisions same differences notReplayable missing } }',
          PERIOD,
        ),
      )
      expect(replayed).toMatchObject({ differences: 0, notReplayable: 0, missing: [] })
      expect(replayed.same).toBe(replayed.decisions)
      expect(replayed.decisions).toBeGreaterThan(0)
    }
  })

  test('the visitor reads that the state was told, and nothing of what was told no', async () => {
    const looked = async ({ code }: Offered) =>
      (
        await done(
          server.nobody('query ($code: String!) { followUp(code: $code) { looked { organisation category } } }', { code }),
        )
      ).looked
    expect(await looked(ended)).toContainEqual({ organisation: 'UWV, kantoor Amersfoort', category: 'progress' })
    expect((await looked(offered)).map(({ organisation }: any) => organisation)).not.toContain('Gemeente Amersfoort')
  })

  test('what was forbidden is no use of a rule', async () => {
    const unused = async () =>
      done(
        server.as('privacy-uwv')(
          '{ unusedGrants(from: "2026-11-01", until: "2026-12-01") { recordsExamined grants { rule times } } }',
        ),
      )
    const before = await unused()
    await server.as(PARTNER)('{ contacts { edges { node { id } } } }')
    const after = await unused()
    expect(after.grants).toEqual(before.grants)
    // The question before, and what was forbidden.
    expect(after.recordsExamined).toBe(before.recordsExamined + 2)
  })
})
