// Whatever comes in, what goes out is small, has a code of the closed list, and is never a fault of ours.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildApp } from '#app/app.js'
import type { Role } from '#app/decide/decide.js'
import { purposeFor, readPolicies } from '#app/decide/policy-files.js'
import { demoId } from '#app/demo/ids.js'
import { ERROR_CODES } from '#app/errors.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { type Answer, POLICIES, startServer, type TestServer } from '../support/server.js'
import { logContact, offer } from '../support/story.js'
import { changed, NOWHERE, OPERATIONS, operationCalled } from './every-operation.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** Refused, and well: nothing of it was done, and the caller can see that it is the caller's. */
function expectRefused(answer: Answer, what: string) {
  expect(answer.text.length, what).toBeLessThan(2048)
  expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(500)
  const codes: string[] = answer.errors?.map((error) => error.extensions.code) ?? []
  expect(codes.length, `${what}: ${answer.text}`).toBeGreaterThan(0)
  expect(codes, what).not.toContain('INTERNAL')
  expect(codes, what).not.toContain('UNAVAILABLE')
  for (const code of codes) expect(Object.keys(ERROR_CODES), what).toContain(code)
}

const GUIDE = async () => ({ authorization: `Bearer ${await server.token('gids-amersfoort')}` })

// Some thousands of refusals, each written to the log.
vi.setConfig({ testTimeout: 300_000 })

describe('A body that is no request is refused with 4xx', () => {
  const doubled = `{ ...f0 } ${Array.from({ length: 30 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f30 on Query { __typename }`
  const bodies: Record<string, string | object> = {
    empty: '',
    'no JSON': '{"query": "{ me { role } }"',
    'not JSON at all': 'query { me { role } }',
    null: 'null',
    'a number': '1',
    'a text': '"{ me { role } }"',
    'an empty list': '[]',
    'a batch': [{ query: '{ me { role } }' }],
    'a batch of two': [{ query: '{ me { role } }' }, { query: '{ me { role } }' }],
    'no query': {},
    'a query of null': { query: null },
    'a query of spaces': { query: '   ' },
    'a query that is a number': { query: 1 },
    'a query that is a list': { query: ['{ me { role } }'] },
    'a persisted query': { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
    'variables that are a list': { query: '{ me { role } }', variables: [1] },
    'variables that are a text': { query: '{ me { role } }', variables: '{}' },
    'an operation that is not there': { query: 'query a { me { role } }', operationName: 'b' },
    'two operations and no name': { query: 'query a { me { role } } query b { me { role } }' },
    'an operationName that is a list': { query: 'query a { me { role } }', operationName: ['a'] },
    'a subscription': { query: 'subscription { me { role } }' },
    'only a fragment': { query: 'fragment f on Query { me { role } }' },
    'a syntax error': { query: '{ me { role }' },
    'a field that does not exist': { query: '{ me { name } }' },
    'no such root field': { query: '{ visitors { name } }' },
    'no such argument': { query: '{ me(as: "GUIDE") { role } }' },
    'no such directive': { query: '{ me @admin { role } }' },
    'no such variable': { query: '{ handOff(id: $id) { id } }' },
    'a selection on a text': { query: '{ me { role { name } } }' },
    'no selection': { query: '{ me }' },
    'a missing argument': { query: '{ handOff { id } }' },
    'a missing variable': { query: 'query ($id: ID!) { handOff(id: $id) { id } }' },
    'a fragment bomb': { query: doubled },
    'a fragment of itself': { query: '{ ...f } fragment f on Query { ...f }' },
    '10,000 aliases': { query: `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}:me`).join(' ')} }` },
    '400 aliases': { query: `{ me { ${Array.from({ length: 400 }, (_, i) => `a${i}: role`).join(' ')} } }` },
    '400 root fields': { query: `{ ${'__typename '.repeat(400)} }` },
    'deep fields': {
      query: `${'{ handOffs { edges { node { partner { actsFor '.repeat(1)}${'{ actsFor '.repeat(30)}{ id }${'}'.repeat(30)} } } } } }`,
    },
    'deep lists in a value': { query: `{ handOff(id: ${'['.repeat(900)}1${']'.repeat(900)}) { id } }` },
    'very deep lists in a value': { query: `{ handOff(id: ${'['.repeat(40_000)}` },
    'very deep selections': { query: '{ a '.repeat(20_000) },
    'deep variables': `{"query":"query ($id: ID!) { handOff(id: $id) { id } }","variables":{"id":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
    'deep introspection': {
      query: `{ __schema { types { fields { type ${'{ ofType '.repeat(30)}{ name }${'}'.repeat(30)} } } } }`,
    },
    '1,000 directives': { query: `{ me { role ${'@include(if: true) '.repeat(300)} } }` },
    'a __proto__': '{"query":"{ me { role } }","__proto__":{"a":1}}',
    'a constructor': '{"query":"{ me { role } }","constructor":{"prototype":{"a":1}}}',
  }
  for (const [what, body] of Object.entries(bodies))
    test(what, async () => {
      for (const headers of [{}, await GUIDE()]) {
        const answer = await server.post(body, headers)
        expectRefused(answer, what)
        expect(answer.status).toBeGreaterThanOrEqual(400)
      }
    })

  test('more than 100,000 bytes: 413', async () => {
    const answer = await server.post({ query: '{ me { role } }', variables: { a: 'x'.repeat(200_000) } })
    expectRefused(answer, 'huge')
    expect(answer.status).toBe(413)
    expect(answer.errors?.[0].extensions.code).toBe('LIMIT_EXCEEDED')
  })
})

describe('What is no POST of JSON to /graphql is not answered', () => {
  const body = JSON.stringify({ query: '{ me { role } }' })
  const shapes: Record<string, [path: string, init: RequestInit]> = {
    'a GET': ['/graphql?query=%7Bme%7Brole%7D%7D', { method: 'GET' }],
    'a GET with the header against forgery': [
      '/graphql?query=%7Bme%7Brole%7D%7D',
      { method: 'GET', headers: { 'apollo-require-preflight': '1' } },
    ],
    'a HEAD': ['/graphql', { method: 'HEAD' }],
    'an OPTIONS': [
      '/graphql',
      { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' } },
    ],
    'a PUT': ['/graphql', { method: 'PUT', body, headers: { 'content-type': 'application/json' } }],
    'a DELETE': ['/graphql', { method: 'DELETE' }],
    'another path': ['/graphql/x', { method: 'POST', body, headers: { 'content-type': 'application/json' } }],
    'a path with a percent sign': ['/%', { method: 'GET' }],
    'a long path': [`/${'a'.repeat(5000)}`, { method: 'GET' }],
    'the root': ['/', { method: 'GET' }],
    'text/plain': ['/graphql', { method: 'POST', body, headers: { 'content-type': 'text/plain' } }],
    'a form': [
      '/graphql',
      { method: 'POST', body: 'query=%7Bme%7Brole%7D%7D', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    multipart: ['/graphql', { method: 'POST', body: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
    'application/graphql': [
      '/graphql',
      { method: 'POST', body: '{ me { role } }', headers: { 'content-type': 'application/graphql' } },
    ],
    'no content type': ['/graphql', { method: 'POST', body: new TextEncoder().encode(body) }],
    'a broken content type': ['/graphql', { method: 'POST', body, headers: { 'content-type': 'json' } }],
    'another charset': [
      '/graphql',
      {
        method: 'POST',
        body: new Uint8Array([0xff, 0xfe, 0x7b, 0]),
        headers: { 'content-type': 'application/json; charset=utf-16' },
      },
    ],
    'an unanswerable Accept': [
      '/graphql',
      { method: 'POST', body, headers: { 'content-type': 'application/json', accept: 'text/html' } },
    ],
  }
  for (const [what, [path, init]] of Object.entries(shapes))
    test(what, async () => {
      const response = await fetch(server.url + path, init)
      const text = await response.text()
      expect(response.status, text).toBeGreaterThanOrEqual(400)
      expect(response.status, text).toBeLessThan(500)
      expect(text.length).toBeLessThan(2048)
      expect(text).not.toContain('"role"')
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      if (init.method !== 'HEAD') expect(Object.keys(ERROR_CODES), text).toContain(JSON.parse(text).errors?.[0].extensions.code)
    })

  test('what is no HTTP is answered with a small 4xx too', async () => {
    const { hostname, port } = new URL(server.url)
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => socket.write('NO HTTP AT ALL\r\n\r\n'))
      let text = ''
      socket
        .on('data', (piece) => (text += piece))
        .on('end', () => resolve(text))
        .on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer.length).toBeLessThan(2048)
  })
})

describe('A NUL or half a surrogate pair in any text: a clear 4xx', () => {
  const query = 'query Q($code: String!) { followUp(code: $code) { status } }'
  for (const [name, bad] of [
    ['NUL', '\\u0000'],
    ['high half', '\\ud800'],
    ['low half', '\\udc00'],
    ['halves the wrong way round', '\\udc00\\ud800'],
  ] as const) {
    const bodies: Record<string, string> = {
      'in a variable': `{"query":${JSON.stringify(query)},"variables":{"code":"a${bad}b"}}`,
      'in a key of a variable': `{"query":${JSON.stringify(query)},"variables":{"code":"a","b${bad}":1}}`,
      'deep in a variable that nobody uses': `{"query":${JSON.stringify(query)},"variables":{"code":"a","x":[{"y":["${bad}"]}]}}`,
      'in the name of the operation': `{"query":${JSON.stringify(query)},"variables":{"code":"a"},"operationName":"Q${bad}"}`,
      'in the extensions': `{"query":${JSON.stringify(query)},"variables":{"code":"a"},"extensions":{"a":"${bad}"}}`,
      'in the query itself': `{"query":"{ followUp(code: \\"${bad}\\") { status } }"}`,
      'escaped in a literal of the query': `{"query":"{ followUp(code: \\"${bad.replaceAll('\\', '\\\\')}\\") { status } }"}`,
      'in a comment': `{"query":"{ me { role } } # ${bad}"}`,
      'in a block text': `{"query":"{ followUp(code: \\"\\"\\"a${bad}\\"\\"\\") { status } }"}`,
      'in a default': `{"query":"query ($code: String! = \\"${bad.replaceAll('\\', '\\\\')}\\") { followUp(code: $code) { status } }"}`,
    }
    for (const [where, body] of Object.entries(bodies))
      test(`${name} ${where}`, async () => {
        const answer = await server.post(body)
        expectRefused(answer, where)
        expect(answer.status, answer.text).toBeGreaterThanOrEqual(400)
      })
  }
  test('a whole pair is only a character', async () => {
    const answer = await server.nobody(query, { code: '😀' })
    expect(answer.errors?.[0].extensions.code).toBe('NOT_FOUND')
  })
})

describe('Values that do not fit are refused, whoever asks', () => {
  const TEXTS = [
    '',
    ' ',
    'x',
    "' OR 1=1 --",
    '1; DROP TABLE hand_off',
    '%',
    '{}',
    '../../etc/passwd',
    'a'.repeat(20_000),
    '😀',
    `${NOWHERE} `,
    NOWHERE.toUpperCase().replace('0', 'G'),
    '{00000000-0000-4000-8000-000000000000}',
    'null',
    '-1',
  ]

  test('every id of every operation, with whatever is no id', async () => {
    for (const { name, document, variables, ids } of OPERATIONS)
      for (const path of ids)
        for (const id of [...TEXTS, 1, 2 ** 31, -1]) {
          // A wrong code beside it would be what is refused, after twenty of them.
          await server.sql.query('DELETE FROM code_attempt')
          const answer = await asAllowed(name)(document, changed(variables, path, id))
          if (path === 'handOffId' && name === 'accessLog') expect(answer.errors, `${name} ${path} ${id}`).toBeUndefined()
          else expectRefused(answer, `${name} ${path} ${id}`)
        }
  })

  // Partners are in the order of their names, and a name may be any text.
  const isName = (cursor: string) => /^\["partners","[^\\]+","[0-9a-f-]{36}"\]$/.test(Buffer.from(cursor, 'base64url').toString())
  const WRONG_PARTS = [
    '\0',
    'a\0',
    '0000-01-01',
    '2026-02-30',
    '9999-99-99',
    '2026-02-30T11:00:00.000Z',
    '2026-11-18T99:00:00.000Z',
    'infinity',
    'now',
    '-1',
    '99999',
    "' OR 1=1 --",
  ]

  test('every cursor of every list, with whatever it did not give', async () => {
    const cursor = (key: unknown) => Buffer.from(typeof key === 'string' ? key : JSON.stringify(key)).toString('base64url')
    await offer(server, await logContact(server))
    // What is younger than two minutes is not exported.
    server.setClock(new Date(server.world.now().getTime() + 180_000))
    const one = async (account: string, list: string, more = '') =>
      (await server.as(account)(`{ ${list}(first: 1, ${more}) { pageInfo { endCursor } } }`)).data[list].pageInfo.endCursor
    const given: Record<string, string> = {
      contacts: await one('gids-amersfoort', 'contacts'),
      partners: await one('gids-amersfoort', 'partners'),
      accessLog: await one('privacy-amersfoort', 'accessLog'),
      accessLogExport: await one(
        'privacy-amersfoort',
        'accessLogExport',
        'format: ADL, from: "2026-11-18T00:00:00Z", until: "2026-11-19T00:00:00Z"',
      ),
      handOffs: await one('gids-amersfoort', 'handOffs'),
      openLoops: await one('gids-amersfoort', 'openLoops'),
    }
    const lists = OPERATIONS.filter(({ document }) => document.includes('$after'))
    expect(lists.map(({ name }) => name).sort()).toEqual(Object.keys(given).sort())
    for (const { name, document, variables } of lists) {
      const ask = asAllowed(name)
      expect((await ask(document, { ...variables, after: given[name] })).errors, `${name} with its own`).toBeUndefined()
      // The two lists of hand-offs have one order.
      const others = Object.entries(given).filter(
        ([other]) => other !== name && !(other.match(/handOffs|openLoops/) && name.match(/handOffs|openLoops/)),
      )
      const own: string[] = JSON.parse(Buffer.from(given[name]!, 'base64url').toString())
      const broken = [
        ...others.map(([, other]) => other),
        ...TEXTS.filter((text) => text !== ''),
        ...['{}', 'null', '[]', '[null]', '[[]]', '[1,2]', '[', '""', '["\\ud800"]'].map(cursor),
        // Its own, with one part of it changed, or one too few.
        ...own
          .flatMap((_, place) => WRONG_PARTS.map((wrong) => cursor(own.with(place, wrong))))
          .filter((made) => made !== given[name] && !(name === 'partners' && isName(made))),
        ...own.map((_, length) => cursor(own.slice(0, length))),
      ]
      for (const after of broken) {
        const what = `${name} after ${Buffer.from(after, 'base64url').toString().slice(0, 80)}`
        expectRefused(await ask(document, { ...variables, after }), what)
      }
    }
  })

  test('first is 1 to 50', async () => {
    for (const { name, document, variables } of OPERATIONS.filter(({ document }) => document.includes('$first'))) {
      for (const first of [0, -1, 51, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 1e300, 1.5, '10', true, [], {}])
        expectRefused(await asAllowed(name)(document, { ...variables, first }), `${name} first ${first}`)
      for (const first of [1, 50, null]) expect((await asAllowed(name)(document, { ...variables, first })).errors).toBeUndefined()
      const literal = async (first: string) => asAllowed(name)(`{ ${name}(first: ${first}) { __typename } }`)
      for (const first of ['0', '-1', '51', '2147483648', '99999999999999999999', '1.5', '"1"', 'ALL'])
        expectRefused(await literal(first), `${name} first ${first}`)
    }
  })

  test('days and instants that do not exist', async () => {
    for (const day of [
      '',
      '2026-2-1',
      '2026-02-30',
      '2026-13-01',
      '0000-01-01',
      '99999-01-01',
      '-0001-01-01',
      'today',
      'infinity',
      '2026-11-22T00:00:00Z',
      '٢٠٢٦-٠١-٠١',
    ])
      expectRefused(await server.nobody('query ($day: String) { municipalities(day: $day) { gmCode } }', { day }), day)
    for (const at of [
      '',
      'now',
      'infinity',
      '2026-02-30T00:00:00Z',
      '2026-11-22T24:30:00Z',
      '2026-11-22T09:30:00+23:59',
      '0000-01-01T00:00:00Z',
      '2026-11-22',
      '2026-11-22T09:30:60Z',
      '2026-11-22T09:30:00',
    ])
      for (const place of ['from', 'until'])
        expectRefused(
          await server.as('privacy-uwv')(`query ($at: String) { accessLog(${place}: $at) { __typename } }`, { at }),
          `${place} ${at}`,
        )
    const contactId = await logContact(server)
    for (const day of ['', '2026-11-17', '2026-02-30', '9999-12-31', '10000-01-01', '2126-11-18', 'tomorrow', '0000-01-01'])
      expectRefused(
        await server.as('gids-amersfoort')(
          'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { __typename } }',
          {
            input: { contactId, partnerId: demoId('uwv-amersfoort'), nextStep: { kind: 'APPOINTMENT', day, dayPart: 'MORNING' } },
          },
        ),
        `nextStep.day ${day}`,
      )
  })

  test('a closed list takes its own words only', async () => {
    const { document, variables } = operationCalled('logContact')
    for (const [place, value] of Object.entries({
      channel: 'walk_in',
      visitorKind: 'JAN JANSEN',
      journey: '',
      themes: [['FIND_WORK']],
      result: 1,
    }))
      expectRefused(await server.as('gids-amersfoort')(document, changed(variables, `input.${place}`, value)), place)
    for (const themes of [[], ['FIND_WORK', 'FIND_WORK'], ['FIND_WORK', 'FIND_WORK', 'FIND_WORK'], Array(5000).fill('FIND_WORK')])
      expectRefused(
        await server.as('gids-amersfoort')(document, changed(variables, 'input.themes', themes)),
        `${themes.length} themes`,
      )
    for (const origin of ['', 'x', 'GM9999', 'a'.repeat(50_000), "GM0307' --"])
      expectRefused(await server.as('gids-amersfoort')(document, changed(variables, 'input.origin', origin)), origin.slice(0, 20))
  })

  test('many long texts, many lines: what is wrong is answered once and briefly', async () => {
    const { document, variables } = operationCalled('logContact')
    expectRefused(
      await server.as('gids-amersfoort')(
        document,
        changed(
          variables,
          'input.themes',
          Array.from({ length: 3000 }, (_, i) => `WRONG_${i}`),
        ),
      ),
      'many wrong words',
    )
    expectRefused(
      await server.nobody(`{ me { ${Array.from({ length: 450 }, (_, i) => `wrong${i}`).join(' ')} } }`),
      'many wrong fields',
    )
    expectRefused(
      await server.nobody(`query (${Array.from({ length: 200 }, (_, i) => `$v${i}: ID!`).join(' ')}) { me { role } }`),
      'many unused variables',
    )
    expectRefused(await server.nobody(`{ me { ${'x'.repeat(50_000)} } }`), 'a long field')
    expectRefused(await server.nobody(`query ($${'x'.repeat(50_000)}: ID!) { me { role } }`), 'a long variable')
    expectRefused(await server.nobody(`query ($a: ${'X'.repeat(50_000)}) { me { role } }`), 'a long type')
    expectRefused(
      await server.nobody(`fragment ${'x'.repeat(50_000)} on Query { me { role } } { me { role } }`),
      'a long fragment',
    )
  })
})

test('who may not run an operation hears that, and nothing of it happens', async () => {
  const { actions } = readPolicies(POLICIES)
  const accounts = new Map(ACCOUNTS.map(({ role, name }) => [role as string, name]))
  let refused = 0
  for (const { name, document, variables } of OPERATIONS) {
    for (const [role, account] of [['NOBODY', null], ...accounts] as [string, string | null][]) {
      const may = purposeFor(actions.get(name), role as Role | 'NOBODY')
      const answer = await (account === null ? server.nobody : server.as(account))(document, { ...variables })
      const code = answer.errors?.[0].extensions.code
      if (may) expect(['UNAUTHENTICATED', 'FORBIDDEN'], `${name} as ${role}`).not.toContain(code)
      else {
        expect(code, `${name} as ${role}`).toBe(role === 'NOBODY' ? 'UNAUTHENTICATED' : 'FORBIDDEN')
        expect(
          Object.values(answer.data ?? {}).filter((value) => value !== null),
          name,
        ).toEqual([])
        refused++
      }
    }
  }
  expect(refused).toBeGreaterThan(100)
})

test('what somebody typed is in no error and in no log line', async () => {
  const NAME = 'Fatima van Zwollerkerspel'
  const lines: string[] = []
  const app = await buildApp({
    world: server.world,
    readToken: async () => ({
      role: 'GUIDE',
      side: 'WERKCENTRUM',
      organisationId: demoId('werkcentrum-amersfoort'),
      subject: 'x',
    }),
    logLevel: 'trace',
    logTo: { write: (line) => void lines.push(line) },
  })
  const ask = async (payload: unknown) =>
    (
      await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json' },
        payload: payload as object,
      })
    ).body
  const said: string[] = []
  for (const { document, variables, name } of OPERATIONS) {
    for (const path of placesIn(variables))
      said.push(
        await ask({ query: document, variables: changed(variables, path, NAME) }),
        await ask({ query: document, variables: changed(variables, path, { [NAME]: NAME }) }),
      )
    said.push(
      await ask({ query: document, variables: { ...variables, input: NAME, first: NAME, [NAME]: 1 } }),
      await ask({
        query: `{ ${name}(id: ${JSON.stringify(NAME)}, first: ${JSON.stringify(NAME)}, x: ${NAME.replaceAll(' ', '')}) { __typename } }`,
      }),
    )
  }
  for (const query of [
    `{ me { role } } ${NAME}`,
    `"${NAME}`,
    `{ me(a: "${NAME}) }`,
    `{ handOffs(state: Fatima_van_Zwollerkerspel) { __typename } }`,
    `{ handOffs(state: "${NAME}") { __typename } }`,
    `{ partners(first: "${NAME}") { __typename } }`,
    `{ handOffs(ended: "${NAME}") { __typename } }`,
    `query ($x: Int = "${NAME}") { partners(first: $x) { __typename } }`,
  ])
    said.push(await ask({ query }))
  said.push(
    await ask({ query: '{ me { role } }', operationName: NAME }),
    await ask({ query: 'query A { me { role } } query B { me { role } }', operationName: NAME }),
    await ask(`{"query": "${NAME}`),
  )
  const url = await app.inject({ method: 'GET', url: `/${encodeURIComponent(NAME)}?naam=${encodeURIComponent(NAME)}` })
  await app.close()
  expect(said.length).toBeGreaterThan(100)
  for (const text of [...said, url.body, ...lines]) expect(text).not.toMatch(/Zwollerkerspel/i)
  expect(lines.length).toBeGreaterThan(100)
})

test('a fault is in the log with the id that was given, its name and its place, and never with what it says', async () => {
  const { id } = (await offer(server, await logContact(server))).handOff
  const lines: string[] = []
  const decide = () => {
    throw Object.assign(new TypeError('a row of Fatima van Zwollerkerspel'), { detail: 'Fatima van Zwollerkerspel' })
  }
  const app = await buildApp({
    world: { ...server.world, decide },
    readToken: async () => ({
      role: 'HANDLER',
      side: 'PARTNER',
      organisationId: demoId('uwv-amersfoort'),
      subject: 'x',
    }),
    logLevel: 'trace',
    logTo: { write: (line) => void lines.push(line) },
  })
  const payload = { query: 'query ($id: ID!) { handOff(id: $id) { id } }', variables: { id } }
  const answer = await app.inject({ method: 'POST', url: '/graphql', payload })
  await app.close()
  const fault = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'fault')
  expect(fault).toMatchObject({ id: answer.json().errors[0].extensions.id, name: 'TypeError' })
  expect(fault.place[0]).toContain('decide')
  expect([answer.body, ...lines].join()).not.toContain('Zwollerkerspel')
})

function placesIn(variables: object, above = ''): string[] {
  return Object.entries(variables).flatMap(([name, value]) => [
    above + name,
    ...(value && typeof value === 'object' && !Array.isArray(value) ? placesIn(value, `${above}${name}.`) : []),
  ])
}

/** As somebody of Amersfoort who may run this operation. */
function asAllowed(name: string) {
  const action = readPolicies(POLICIES).actions.get(name)
  const account = ACCOUNTS.find(({ role }) => action?.purposes?.[role])
  return account ? server.as(account.name) : server.nobody
}
