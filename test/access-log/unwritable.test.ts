// The log cannot be written: held by somebody, read-only, the disk full. Then nobody is answered, nothing is half done, and it passes without a restart.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { openDatabase } from '#app/database/door.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { NOBODY } from '#app/identity/capacity.js'
import { GUIDE, made, type Offered, refusal } from '../journeys/hand-off.js'
import { type FullDisk, fullDisk } from '../support/full-disk.js'
import { type Answer, startServer, type TestServer } from '../support/server.js'
import { logContact } from '../support/story.js'

const TABLES = ['access_record', 'access_record_part', 'access_record_actor', 'processing_record', 'log_leaf'] as const
type Table = (typeof TABLES)[number]

let server: TestServer
let adminUrl: string
/** The server that is tried, for as long as all of this lasts: it waits less long for a statement. */
let app: Awaited<ReturnType<typeof buildApp>>
let database: PrismaClient
let contact: string
const offered: Offered[] = []
beforeAll(async () => {
  let serverUrl = ''
  server = await startServer({
    serverUrl: (urls) => {
      ;({ adminUrl, serverUrl } = urls)
      return serverUrl
    },
  })
  database = openDatabase(serverUrl, { connections: 24, patience: 8000, longest: 1500 })
  app = await buildApp({
    world: { ...server.world, database },
    busyAfter: 0,
    readToken: async (authorization) => {
      const account = ACCOUNTS.find(({ name }) => authorization === `Bearer ${name}`)
      if (!account) return NOBODY
      const { role, side, organisation, name } = account
      return { role, side: side.toUpperCase(), organisationId: demoId(organisation), subject: name } as never
    },
  })
  contact = await logContact(server)
  for (let n = 0; n < 10; n++) offered.push(await made(server))
})
afterAll(async () => {
  await app.close()
  await database.$disconnect()
  await server.stop()
})

const ask = async (account: string | null, query: string, variables: object = {}): Promise<Answer> => {
  const { statusCode, body, headers } = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: account ? { authorization: `Bearer ${account}` } : {},
    payload: { query, variables },
  })
  return { status: statusCode, text: body, headers: headers as never, ...JSON.parse(body) }
}

const AGREEMENT = demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort'))
type Case = { who: string | null; query: string; variables: () => object; writes: readonly Table[]; changes?: true }
const EVERYTHING = TABLES
const WITHOUT_OBJECTS = ['access_record', 'access_record_part', 'access_record_actor', 'log_leaf'] as const
const BY_CODE = ['access_record', 'access_record_part', 'processing_record', 'log_leaf'] as const

/** Every kind of capacity, reading and changing; each change has a hand-off of its own, so that none waits for another. */
const CASES: Record<string, Case> = {
  'a guide opens one': {
    who: GUIDE,
    query: 'query ($id: ID!) { handOff(id: $id) { state } }',
    variables: () => ({ id: offered[0]!.id }),
    writes: EVERYTHING,
  },
  'a guide lists conversations': {
    who: GUIDE,
    query: '{ contacts { edges { node { id } } } }',
    variables: () => ({}),
    writes: EVERYTHING,
  },
  'a guide offers': {
    who: GUIDE,
    query: 'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { followUpCode handOff { id } } }',
    variables: () => ({
      input: { contactId: contact, partnerId: demoId('gemeente-amersfoort'), nextStep: { kind: 'VISITOR_COMES' } },
    }),
    writes: EVERYTHING,
    changes: true,
  },
  'a guide withdraws': {
    who: GUIDE,
    query: 'mutation ($id: ID!) { withdrawHandOff(id: $id, reason: NOT_NEEDED) { state } }',
    variables: () => ({ id: offered[1]!.id }),
    writes: EVERYTHING,
    changes: true,
  },
  'a handler looks into the inbox': {
    who: 'uwv-amersfoort',
    query: '{ handOffs(first: 50) { edges { node { state } } } }',
    variables: () => ({}),
    writes: EVERYTHING,
  },
  'a handler accepts': {
    who: 'uwv-amersfoort',
    query: 'mutation ($id: ID!) { acceptHandOff(id: $id) { state } }',
    variables: () => ({ id: offered[2]!.id }),
    writes: EVERYTHING,
    changes: true,
  },
  'a coordinator lists open loops': {
    who: 'coordinator-amersfoort',
    query: '{ openLoops { edges { node { state } } } }',
    variables: () => ({}),
    writes: EVERYTHING,
  },
  'a coordinator lets one lapse': {
    who: 'coordinator-amersfoort',
    query: 'mutation ($id: ID!) { lapseHandOff(id: $id) { state } }',
    variables: () => ({ id: offered[3]!.id }),
    writes: EVERYTHING,
    changes: true,
  },
  'an officer of the desk reads agreements': {
    who: 'privacy-amersfoort',
    query: '{ agreements { id } }',
    variables: () => ({}),
    writes: WITHOUT_OBJECTS,
  },
  'an officer of a partner suspends': {
    who: 'privacy-uwv',
    query: 'mutation ($id: ID!) { suspendAgreement(id: $id, reason: INCIDENT) { state } }',
    variables: () => ({ id: AGREEMENT }),
    writes: WITHOUT_OBJECTS,
    changes: true,
  },
  'a signatory of the desk reads the policy': {
    who: 'signatory-amersfoort',
    query: '{ policyVersions { hash } }',
    variables: () => ({}),
    writes: WITHOUT_OBJECTS,
  },
  'a signatory of a partner ends an agreement': {
    who: 'signatory-uwv',
    query: 'mutation ($id: ID!) { endAgreement(id: $id, reason: ON_REQUEST) { state } }',
    variables: () => ({ id: demoId(agreementKey('werkcentrum-gooi', 'uwv-amersfoort')) }),
    writes: WITHOUT_OBJECTS,
    changes: true,
  },
  'a visitor looks': {
    who: null,
    query: 'query ($code: String!) { followUp(code: $code) { status } }',
    variables: () => ({ code: offered[4]!.code }),
    writes: BY_CODE,
  },
  'a visitor erases': {
    who: null,
    query: 'mutation ($code: String!) { eraseByCode(code: $code) { status } }',
    variables: () => ({ code: offered[5]!.code }),
    writes: BY_CODE,
    changes: true,
  },
  'nobody asks what is public': {
    who: null,
    query: '{ regions { name } }',
    variables: () => ({}),
    writes: ['access_record', 'log_leaf'],
  },
  'a handler may not': {
    who: 'uwv-amersfoort',
    query: '{ contacts { edges { node { id } } } }',
    variables: () => ({}),
    writes: WITHOUT_OBJECTS,
  },
  'a guide finds nothing': {
    who: GUIDE,
    query: 'query ($id: ID!) { handOff(id: $id) { state } }',
    variables: () => ({ id: demoId('nowhere') }),
    writes: WITHOUT_OBJECTS,
  },
}

/** One line for each table; attempts at codes are counted whatever comes of them. */
async function everything(): Promise<Record<string, string>> {
  const { rows } = await server.sql.query(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'code_attempt' ORDER BY 1",
  )
  const contents: Record<string, string> = {}
  for (const { tablename } of rows)
    contents[tablename] = (
      await server.sql.query(
        `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS line FROM "${tablename}" t`,
      )
    ).rows[0].line
  return contents
}

const putTo = ([what, { who, query, variables }]: [string, Case]) =>
  ask(who, query, variables()).then((answer) => ({ what, answer }))

/** All at once, as they come to a server: those who would have to write there hear 503 and nothing else. Gives the rest. */
async function refusedToAllWhoWrite(where: readonly Table[]): Promise<void> {
  const concerned = Object.entries(CASES).filter(([, { writes }]) => writes.some((table) => where.includes(table)))
  expect(concerned.length).toBeGreaterThanOrEqual(10)
  for (const { what, answer } of await Promise.all(concerned.map(putTo))) {
    expect([answer.status, answer.errors?.map(({ extensions }) => extensions.code)], `${what}: ${answer.text}`).toEqual([
      503,
      ['UNAVAILABLE'],
    ])
    expect(Object.values(answer.data ?? { none: null }), what).toEqual([null])
    expect((answer.headers as never as Record<string, string>)['retry-after'], what).toBe('2')
    expect(answer.extensions, what).toBeUndefined()
    expect(answer.text, what).not.toMatch(
      /access_record|log_leaf|disk|space|read-only|lock|WITHDRAWN|OFFERED|FORBIDDEN|NOT_FOUND/i,
    )
  }
}

/** The reading ones are answered as ever, by the same server, with the same connections. */
async function expectWell(): Promise<void> {
  for (const [what, { who, query, variables, changes }] of Object.entries(CASES)) {
    if (changes) continue
    await expect.poll(async () => (await ask(who, query, variables())).status, { message: what }).toBe(200)
  }
}

describe('Held by somebody: 503 as soon as a statement has waited long enough, while it is still held', () => {
  test.each(TABLES)('%s', async (table) => {
    const before = await everything()
    const somebody = new Client({ connectionString: adminUrl })
    await somebody.connect()
    try {
      await somebody.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
      await refusedToAllWhoWrite([table])
    } finally {
      await somebody.end()
    }
    expect(await everything()).toEqual(before)
    await expectWell()
  })
})

describe('Read-only: 503, and well again when it is over', () => {
  /** As after a failover: every connection of the server begins anew. */
  const readOnly = async (how: 'on' | 'off') => {
    await server.sql.query(`ALTER DATABASE ${server.sql.database} SET default_transaction_read_only = ${how}`)
    await server.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'warme-overdracht'`,
    )
  }

  test('the whole database', async () => {
    const before = await everything()
    try {
      await readOnly('on')
      // Once on connections that were cut, once on those that came instead.
      for (let times = 0; times < 2; times++) await refusedToAllWhoWrite(TABLES)
    } finally {
      await readOnly('off')
    }
    expect(await everything()).toEqual(before)
    await expectWell()
  })
})

describe('The disk is full', () => {
  let disk: FullDisk | undefined
  beforeAll(async () => {
    disk = await fullDisk(server.sql)
  })
  afterAll(() => disk?.remove())

  test.for(TABLES)('under %s: 503, and well again when there is room', async (table, { skip }) => {
    if (!disk) return skip('there is neither a small file system nor a full device here')
    const [{ row }] = (await server.sql.query(`SELECT to_jsonb(t) AS row FROM ${table} t LIMIT 1`)).rows
    await disk.fill(table)
    const before = await everything()
    // What PostgreSQL itself says: no space left on the device.
    const copy = server.sql.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`, [row])
    await expect(copy, disk.kind).rejects.toMatchObject({ code: '53100' })
    await refusedToAllWhoWrite([table])
    expect(await everything(), disk.kind).toEqual(before)
    await disk.free(table)
    await expectWell()
  })
})

test('afterwards every change that was refused is there to be made, once', async () => {
  for (const { what, answer } of await Promise.all(
    Object.entries(CASES)
      .filter(([, { changes }]) => changes)
      .map(putTo),
  )) {
    expect(answer.errors, `${what}: ${answer.text}`).toBeUndefined()
    expect(Object.values(answer.data)[0], what).not.toBeNull()
  }
  expect(refusal(await ask('uwv-amersfoort', CASES['a handler accepts']!.query, CASES['a handler accepts']!.variables()))).toBe(
    'HANDOFF_MOVED_ON',
  )
})
