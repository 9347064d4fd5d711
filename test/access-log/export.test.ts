// The log as it leaves: by page for privacy officers over HTTP, whole for whoever owns the database; each of its own organisation and no more.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { exportLog, LOG_FORMATS, type LogFormat, type Period } from '#app/access-log/export.js'
import { leafHash } from '#app/access-log/leaf.js'
import { makeRegister } from '#app/agreements/register.js'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import type { Capacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import { realWorld, type World } from '#app/world.js'
import {
  DETAIL,
  daysAfter,
  detail,
  done,
  FNV,
  forward,
  GEMEENTE,
  GUIDE,
  made,
  narrow,
  type Offered,
  refusal,
  step,
  TO_A_UNION,
  UWV,
} from '../journeys/hand-off.js'
import { onDatabase } from '../support/database.js'
import { KEY_RING } from '../support/keys.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { misses } from './standards.js'

const DESK = demoId('werkcentrum-amersfoort')
const DESK_OFFICER = 'privacy-amersfoort'
const UWV_OFFICER = 'privacy-uwv'
const WHOLE: Period = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }
const CALLER = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }

const EXPORT = `query ($format: LogFormat!, $from: String!, $until: String!, $first: Int, $after: String) {
  accessLogExport(format: $format, from: $from, until: $until, first: $first, after: $after) {
    lines pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

let server: TestServer
let handOffs: Offered[]
let ofOthers: Offered
let union: Offered
/** What the registers of all who acted have, while their agreements are in force. */
let activities: string[]

const page = (account: string, format: LogFormat, more: object = {}) => server.as(account)(EXPORT, { format, ...WHOLE, ...more })

/** Every page of it, as text. */
async function all(account: string, format: LogFormat, first = 50): Promise<string[]> {
  const lines: string[] = []
  for (let after: string | null = null; ; ) {
    const { lines: found, pageInfo } = await done(page(account, format, { first, after }))
    lines.push(...found)
    if (!pageInfo.hasNextPage) return lines
    after = pageInfo.endCursor
  }
}
const read = async (account: string, format: LogFormat): Promise<any[]> =>
  (await all(account, format)).map((line) => JSON.parse(line))

const operationOf = (record: any): string => record.body['adl.core.request'].action.name
const subjectOf = (record: any) => record.body['adl.core.request'].subject
const resourcesOf = ({ body: { 'adl.core.request': request } }: any): any[] =>
  request.evaluations?.map(({ resource }: any) => resource) ?? [request.resource]

/* As the owner. */

const world = (): Pick<World, 'keys' | 'now' | 'newId' | 'random'> => ({ ...realWorld(server.world), now: server.world.now })
const owned = async <T>(work: (client: Client) => Promise<T>) => {
  const client = new Client({ connectionString: onDatabase(inject('cluster').ownerUrl, server.sql.database!) })
  await client.connect()
  return work(client).finally(() => client.end())
}
const whole = (format: LogFormat, organisation: string | null, period = WHOLE) =>
  owned(async (client) => {
    const lines: string[] = []
    for await (const line of exportLog(client, world(), format, period, organisation)) lines.push(line)
    return lines
  })

// Three hand-offs to UWV, one of them forwarded, one to a gemeente and one to a union; looked at by everybody who may.
beforeAll(async () => {
  server = await startServer()
  handOffs = [await made(server), await made(server), await made(server)]
  const [first, second] = handOffs as [Offered, Offered]
  ofOthers = await made(server, { partnerId: GEMEENTE })
  union = await made(server, { partnerId: FNV, consent: TO_A_UNION })
  const uwv = server.as('uwv-amersfoort')
  // Of several partners in one operation, one of them a union.
  await done(server.as(GUIDE)('{ handOffs { edges { node { state } } } }'))
  await done(uwv('{ handOffs { edges { node { state question { themes } } } } }'))
  for (const { id } of [first, second])
    await done(uwv('mutation ($id: ID!) { acceptHandOff(id: $id) { state situation { work } } }', { id }))
  const asCalled = { authorization: `Bearer ${await server.token('uwv-amersfoort')}`, ...CALLER }
  await done(server.post({ query: DETAIL, variables: { id: first.id } }, asCalled))
  await done(detail(server, 'gemeente-amersfoort', ofOthers.id))
  await done(detail(server, 'fnv-amersfoort', union.id))
  await done(detail(server, 'coordinator-amersfoort', first.id))
  for (const account of [DESK_OFFICER, UWV_OFFICER]) await done(detail(server, account, first.id))
  for (const { code } of [first, union])
    await done(
      server.nobody('query ($code: String!) { followUp(code: $code) { status handOff { situation { work } } } }', { code }),
    )
  await done(narrow(server, GUIDE, first.id, ['question']))
  await done(step(server, 'uwv-amersfoort', 'completeHandOff', first.id, 'outcome: WORK'))
  await done(
    forward(server, second.id, GEMEENTE, { followUpCode: second.code, consent: { ...TO_A_UNION, explicitCategories: [] } }),
  )
  await done(server.as('signatory-uwv')('{ agreements { id } }'))
  for (const account of [GUIDE, 'uwv-amersfoort', DESK_OFFICER])
    await done(server.as(account)('{ agreements { id } me { role } }'))
  activities = await registered()
  // Without an agreement the partner still sees that there is a hand-off, and where it stands.
  const agreement = demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort'))
  await done(server.as(UWV_OFFICER)(`mutation { suspendAgreement(id: "${agreement}", reason: INCIDENT) { state } }`))
  await done(detail(server, 'uwv-amersfoort', handOffs[2]!.id))
  server.setClock(daysAfter(A_DAY, 1))
})
afterAll(() => server.stop())

/** By the domain itself, because not every organisation has an officer with an account here. */
async function registered(): Promise<string[]> {
  const of = (side: 'WERKCENTRUM' | 'PARTNER', organisationId: string) => {
    const officer = { role: 'PRIVACY_OFFICER', side, organisationId, subject: 'officer' } as Capacity
    return perform(server.world, officer, 'processingRegister', (act) => makeRegister(act, () => new Set()))
  }
  const registers = [await of('WERKCENTRUM', DESK), await of('PARTNER', UWV), await of('PARTNER', GEMEENTE)]
  return registers.flatMap(({ activities }) => activities.map(({ uri }) => uri))
}

describe('What a privacy officer exports', () => {
  test.each(LOG_FORMATS)('is as its standard says, line by line (%s)', async (format) => {
    for (const account of [DESK_OFFICER, UWV_OFFICER]) {
      const lines = await read(account, format)
      expect(lines.length, account).toBeGreaterThan(5)
      for (const line of lines) expect(misses(format, line), JSON.stringify(line)).toEqual([])
    }
  })

  test('is one decision per record of the own log, oldest first, with each of its traces once', async () => {
    for (const [account, condition] of [
      [DESK_OFFICER, `werkcentrum_id = '${DESK}'`],
      [UWV_OFFICER, `partner_id = '${UWV}' AND acting_organisation_id = '${UWV}'`],
    ] as const) {
      const { rows } = await server.sql.query(
        `SELECT DISTINCT r.at, r.id, r.span_id FROM access_record r JOIN access_record_part p ON p.at = r.at AND p.record_id = r.id
         WHERE NOT p.confidential AND ${condition} AND r.at < $1 ORDER BY r.at, r.id`,
        [daysAfter(A_DAY, 1)],
      )
      expect(rows.length).toBeGreaterThan(10)
      const spans = (await read(account, 'ADL')).map(({ span_id }) => span_id)
      expect(spans.slice(0, rows.length)).toEqual(rows.map(({ span_id }) => span_id))
      expect(new Set(spans).size).toBe(spans.length)
    }
  })

  test('of a partner is what its own people did; who they are is a pseudonym, and nobody else is a person in it', async () => {
    const records = await read(UWV_OFFICER, 'ADL')
    expect(new Set(records.map((record) => subjectOf(record).type))).toEqual(new Set(['staff']))
    expect(new Set(records.map((record) => subjectOf(record).properties.organisation))).toEqual(new Set([UWV]))
    const operations = new Set(records.map(operationOf))
    for (const own of ['handOffs', 'acceptHandOff', 'completeHandOff', 'suspendAgreement']) expect(operations).toContain(own)
    for (const others of ['offerHandOff', 'followUp', 'narrowConsent', 'forwardHandOff']) expect(operations).not.toContain(others)
    expect(new Set((await read(UWV_OFFICER, 'LDV')).map(({ name }) => name))).toEqual(
      new Set(['handOffs', 'acceptHandOff', 'handOff', 'completeHandOff']),
    )
  })

  test('of a desk has the partner and the visitor in it, without saying who: pseudonyms are of its own people', async () => {
    const records = await read(DESK_OFFICER, 'ADL')
    const subjects = records.map(subjectOf)
    expect(new Set(subjects.map(({ type }) => type))).toEqual(new Set(['staff', 'organisation', 'visitor']))
    const own = await server.sql.query(`SELECT DISTINCT pseudonym FROM access_record_actor WHERE organisation_id = $1`, [DESK])
    const pseudonyms = new Set(own.rows.map(({ pseudonym }) => pseudonym))
    for (const { type, id, properties } of subjects) {
      expect(type === 'staff', JSON.stringify(id)).toBe(properties.organisation === DESK)
      expect(pseudonyms.has(id)).toBe(type === 'staff')
    }
    expect(subjects).toContainEqual({ type: 'visitor', id: handOffs[0]!.id, properties: { role: 'CODE_HOLDER' } })
  })

  test.each(LOG_FORMATS)('has nothing of a hand-off to a union, nor of what others did for others (%s)', async (format) => {
    const ofDesk = (await all(DESK_OFFICER, format)).join('\n')
    const ofUwv = (await all(UWV_OFFICER, format)).join('\n')
    expect(ofDesk).toContain(handOffs[0]!.id)
    expect(ofDesk).toContain(ofOthers.id)
    expect(ofUwv).toContain(handOffs[0]!.id)
    expect(ofDesk).not.toContain(union.id)
    expect(ofDesk).not.toContain(FNV)
    for (const other of [union.id, ofOthers.id, FNV, GEMEENTE]) expect(ofUwv).not.toContain(other)
    // A third organisation has nothing of either, nor the union of what it did itself.
    for (const third of ['werkcentrum-gooi', 'uwv-gooi', 'fnv-amersfoort']) {
      const elsewhere = (await whole(format, demoId(third))).join('\n')
      for (const { id } of [...handOffs, ofOthers, union]) expect(elsewhere).not.toContain(id)
    }
  })

  test.each(LOG_FORMATS)('holds no values: codes, lists, places and results of no field stand in it (%s)', async (format) => {
    const { rows } = await server.sql.query('SELECT recognition_code FROM hand_off')
    const texts = [await all(DESK_OFFICER, format), await all(UWV_OFFICER, format)].flat().join('\n')
    const values = [
      'GM0307',
      'BENEFIT_TO_WORK',
      'FIND_WORK',
      'A27_54',
      'VISITOR_COMES',
      'WALK_IN',
      '"WORK"',
      'JOB_SEEKER',
      'COMPLETED',
    ]
    for (const value of [...values, ...rows.map(({ recognition_code }) => recognition_code), ...handOffs.map(({ code }) => code)])
      expect(texts).not.toContain(value)
  })

  test('of processing has no employee in it: no pseudonym, no role, no account', async () => {
    const people = await server.sql.query('SELECT DISTINCT pseudonym FROM access_record_actor')
    expect(people.rows.length).toBeGreaterThan(5)
    const roles = ['GUIDE', 'HANDLER', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY', 'staff']
    for (const format of ['LDV', 'OTLP'] as const)
      for (const account of [DESK_OFFICER, UWV_OFFICER]) {
        const text = (await all(account, format)).join('\n')
        for (const { pseudonym } of people.rows) expect(text).not.toContain(pseudonym)
        for (const word of [...roles, ...ACCOUNTS.map(({ name }) => name)]) expect(text, word).not.toContain(word)
      }
  })

  test('names for processing an activity that the register of that organisation has, and for each data subject a line', async () => {
    for (const account of [DESK_OFFICER, UWV_OFFICER]) {
      const lines = await read(account, 'LDV')
      const named = new Set(lines.map(({ attributes }) => attributes['dpl.core.processing_activity_id']))
      expect([...named].filter((uri) => !activities.includes(uri))).toEqual([])
      const kinds = new Set([...named].map((uri: string) => uri.split(':')[4]))
      expect(kinds).toEqual(
        new Set(
          account === DESK_OFFICER
            ? ['desk', 'agreement', 'inbox', 'rights', 'accountability']
            : ['agreement', 'inbox', 'accountability'],
        ),
      )
      expect(new Set(lines.map(({ trace_id, span_id }) => `${trace_id} ${span_id}`)).size).toBe(lines.length)
    }
    const inbox = (await read(UWV_OFFICER, 'LDV')).filter(({ name }) => name === 'handOffs')
    const ids = handOffs.map(({ id }) => id)
    expect(inbox).toHaveLength(1 + ids.length)
    expect(new Set(inbox.slice(1).map(({ attributes }) => attributes['dpl.core.data_subject_id']))).toEqual(new Set(ids))
    expect(new Set(inbox.slice(1).map(({ parent_span_id }) => parent_span_id))).toEqual(new Set([inbox[0].span_id]))
  })

  test('is of the agreement where something was shown under it, and of the own work where it is suspended', async () => {
    const lines = (await read(UWV_OFFICER, 'LDV')).filter(({ name }) => name === 'handOff')
    const activityOf = (id: string, nth: number) =>
      lines
        .filter(({ attributes }) => attributes['dpl.core.data_subject_id'] === id)
        .map(({ attributes }) => attributes['dpl.core.processing_activity_id'].split(':')[4])
        .at(nth)
    expect(activityOf(handOffs[0]!.id, 0)).toBe('agreement')
    expect(activityOf(handOffs[2]!.id, -1)).toBe('inbox')
  })

  test('lets decision and processing be laid side by side: one trace, and the same ids of whom it was about', async () => {
    for (const account of [DESK_OFFICER, UWV_OFFICER]) {
      const decisions = await read(account, 'ADL')
      for (const line of await read(account, 'LDV')) {
        const about = line.attributes['dpl.core.data_subject_id']
        if (about === undefined) continue
        const found = decisions.filter(
          (record) =>
            record.trace_id === line.trace_id &&
            record.timestamp === line.start_time &&
            resourcesOf(record).some(({ id }) => id === about),
        )
        expect(found, JSON.stringify(line)).toHaveLength(1)
      }
    }
  })

  test('goes on with the trace of a call from elsewhere, and says for whom that call was', async () => {
    const [, trace, span] = CALLER.traceparent.split('-')
    for (const account of [DESK_OFFICER, UWV_OFFICER]) {
      const [decision] = (await read(account, 'ADL')).filter(({ trace_id }) => trace_id === trace)
      expect(decision.parent_span_id).toBe(span)
      const [line] = (await read(account, 'LDV')).filter(({ trace_id }) => trace_id === trace)
      expect(line.parent_span_id).toBe(span)
      expect(line.attributes['dpl.core.foreign_operation.processor']).toBe(`urn:warme-overdracht:organisation:${UWV}`)
    }
  })

  test('shows a refusal as a decision against it, never as an error', async () => {
    const { rows } = await server.sql.query(
      `UPDATE access_record SET refusal = 'FORBIDDEN' WHERE operation = 'me' AND organisation_id = $1 RETURNING span_id`,
      [UWV],
    )
    const record = (await read(UWV_OFFICER, 'ADL')).find(({ span_id }) => span_id === rows[0].span_id)
    expect(misses('ADL', record)).toEqual([])
    expect(record).toMatchObject({
      status: 'Unset',
      body: { 'adl.core.response': { decision: false, context: { reason: 'FORBIDDEN' } } },
    })
  })

  test('names the policy, the agreement, the consent and the server that decided, so that it can be decided again', async () => {
    const accepted = (await read(UWV_OFFICER, 'ADL')).find((record) => operationOf(record) === 'acceptHandOff')
    expect(accepted.attributes).toMatchObject({
      'adl.core.policies': { 'sharing-and-actions': server.world.policies.hash },
      'adl.core.information': {
        agreements: [{ id: demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort')), version: 1 }],
        consents: [{ handOff: handOffs[0]!.id, version: 1 }],
      },
      'adl.core.configuration': { engine: expect.stringMatching(/^warme-overdracht@\d+\.\d+\.\d+$/) },
    })
  })
})

describe('Page by page', () => {
  test.each(LOG_FORMATS)('it is the same, and asked twice it is the same twice (%s)', async (format) => {
    // What is asked here is younger than what is asked about.
    const until = new Date(server.world.now().getTime() - 3_600_000).toISOString()
    const inPages = async (first: number) => {
      const lines: string[] = []
      let pages = 0
      for (let after: string | null = null; ; pages++) {
        const { lines: found, pageInfo } = await done(page(DESK_OFFICER, format, { until, first, after }))
        expect(pageInfo.hasPreviousPage).toBe(after !== null)
        lines.push(...found)
        if (!pageInfo.hasNextPage) return { lines, pages }
        after = pageInfo.endCursor
      }
    }
    const { lines } = await inPages(50)
    const small = await inPages(3)
    expect(small.pages).toBeGreaterThan(3)
    expect(small.lines).toEqual(lines)
    expect((await inPages(50)).lines).toEqual(lines)
  })

  test('a cursor is of one form: decisions and processing are not in one order', async () => {
    const { pageInfo } = await done(page(DESK_OFFICER, 'ADL', { first: 1 }))
    expect(refusal(await page(DESK_OFFICER, 'LDV', { after: pageInfo.endCursor }))).toBe('BAD_INPUT')
  })

  test('what is younger than two minutes waits, so that nothing can come in before what was exported', async () => {
    const now = () => server.world.now()
    const of = async () => (await read(UWV_OFFICER, 'ADL')).filter(({ timestamp }) => timestamp > now().getTime() - 3_600_000)
    server.setClock(daysAfter(A_DAY, 3))
    await done(server.as('uwv-amersfoort')('{ me { role } }'))
    expect(await of()).toEqual([])
    server.setClock(new Date(daysAfter(A_DAY, 3).getTime() + 150_000))
    expect((await of()).map(operationOf)).toContain('me')
  })

  test('a period that ends before it begins is refused', async () => {
    for (const period of [{ until: WHOLE.from }, { from: WHOLE.until }, { from: '2026-02-30T00:00:00Z' }, { until: 'now' }])
      expect(refusal(await page(DESK_OFFICER, 'ADL', period))).toBe('BAD_INPUT')
  })
})

test('exporting is in the log, and is for privacy officers alone', async () => {
  server.setClock(daysAfter(A_DAY, 5))
  await done(page(UWV_OFFICER, 'OTLP'))
  const [last] = (await done(server.as(UWV_OFFICER)('{ accessLog(first: 1) { edges { node { operation purpose role } } } }')))
    .edges
  expect(last.node).toEqual({ operation: 'accessLogExport', purpose: 'OVERSEE', role: 'PRIVACY_OFFICER' })
  for (const account of [GUIDE, 'uwv-amersfoort', 'coordinator-amersfoort', 'signatory-uwv'])
    expect(refusal(await page(account, 'ADL')), account).toBe('FORBIDDEN')
  expect(refusal(await server.nobody(EXPORT, { format: 'ADL', ...WHOLE }))).toBe('UNAUTHENTICATED')
})

describe('The owner of the database', () => {
  const until = () => new Date(server.world.now().getTime() - 3_600_000).toISOString()

  test.each(LOG_FORMATS)('exports for an organisation, by name or id, what its officer exports (%s)', async (format) => {
    const period = { ...WHOLE, until: until() }
    for (const [account, id, name] of [
      [DESK_OFFICER, DESK, 'Werkcentrum regio Amersfoort'],
      [UWV_OFFICER, UWV, 'UWV, kantoor Amersfoort'],
    ] as const) {
      const lines: string[] = []
      for (let after: string | null = null; ; ) {
        const found: any = await done(page(account, format, { ...period, first: 50, after }))
        lines.push(...found.lines)
        after = found.pageInfo.endCursor
        if (!found.pageInfo.hasNextPage) break
      }
      expect(await whole(format, id, period)).toEqual(lines)
      expect(await whole(format, name, period)).toEqual(lines)
    }
    await expect(whole(format, 'nobody', period)).rejects.toThrow('There is no werkcentrum or partner of that name or id.')
  })

  test('leaves a record of it in the log of that organisation before the first line, with a leaf like any other', async () => {
    server.setClock(daysAfter(A_DAY, 7))
    await owned(async (client) => {
      const lines = exportLog(client, world(), 'ADL', WHOLE, UWV)
      await lines.next()
      await lines.return(undefined)
    })
    const ask =
      '{ accessLog(first: 1) { edges { node { operation purpose role actor actingOrganisation partner objects { type } } } } }'
    const [{ node }] = (await done(server.as(UWV_OFFICER)(ask))).edges
    expect(node).toEqual({
      operation: 'accessLogExport',
      purpose: 'OVERSEE',
      role: 'OPERATOR',
      actor: null,
      actingOrganisation: 'UWV, kantoor Amersfoort',
      partner: 'UWV, kantoor Amersfoort',
      objects: [],
    })
    const instants = (table: string) =>
      `to_jsonb(${table}) || jsonb_build_object('at', to_char(${table}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))`
    const { rows } = await server.sql.query(
      `SELECT ${instants('r')} AS record, ${instants('p')} AS part, l.hash FROM access_record r
       JOIN access_record_part p ON p.at = r.at AND p.record_id = r.id JOIN log_leaf l ON l.at = r.at AND l.record_id = r.id
       WHERE r.role = 'OPERATOR' ORDER BY r.at DESC LIMIT 1`,
    )
    const { record, part, hash } = rows[0]
    expect(leafHash({ record, parts: [part], actor: null, processing: [] })).toEqual(hash)
    // A role that nobody can have sees nothing.
    const explained = await server.as(UWV_OFFICER)(
      `{ explainAccess(handOffId: "${handOffs[0]!.id}", role: OPERATOR, category: progress) { answers { allowed } } }`,
    )
    expect(explained.data?.explainAccess?.answers.every(({ allowed }: any) => !allowed) ?? true).toBe(true)
  })

  test('does it with a command, whose lines are its output and nothing else', async () => {
    const command = (...args: string[]) =>
      promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../dist/access-log/log.js', import.meta.url)), ...args], {
        env: { ...process.env, DATABASE_OWNER_URL: onDatabase(inject('cluster').ownerUrl, server.sql.database!), KEY_RING },
        maxBuffer: 1e8,
      })
    const { stdout, stderr } = await command('export', 'ldv', '2026-11-18T00:00:00Z', '2026-11-19T00:00:00Z', UWV)
    expect(stderr).toBe('')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) expect(misses('LDV', JSON.parse(line))).toEqual([])
    for (const wrong of [
      ['export', 'csv', WHOLE.from, WHOLE.until],
      ['export', 'adl', 'now', WHOLE.until],
    ]) {
      const failed: any = await command(...wrong).catch((fault) => fault)
      expect(failed.code).toBe(1)
      expect(failed.stdout).toBe('')
      expect(failed.stderr).not.toMatch(/postgresql:|at .*\.js/)
    }
  })
})
