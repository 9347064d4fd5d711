// The first wall: what is not decided is not answered, what is refused is null without an error, and no schema starts that misses a rule.
import { buildSchema, type GraphQLSchema, getIntrospectionQuery, graphql, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CATEGORIES, type Category, type Question } from '#app/decide/decide.js'
import { type Policies, readPolicies } from '#app/decide/policy-files.js'
import { type Facts, see } from '#app/decide/seen.js'
import { behindShield, mistakesBetween, type ShieldOptions } from '#app/decide/shield.js'
import { bareSchema } from '#app/graphql/schema.js'
import { made } from '../journeys/hand-off.js'
import { POLICIES, startServer, type TestServer } from '../support/server.js'

type Parts = {
  governed?: Record<string, Record<string, Category | 'open'>>
  parts?: Record<string, Category>
  open?: string[]
  actions?: Record<string, 'query' | 'mutation'>
}

/** As readPolicies gives them, small enough to read. GUIDE may run everything. */
const policies = ({ governed = {}, parts = {}, open = [], actions = {} }: Parts): Policies =>
  ({
    fields: {
      governed: new Map(Object.entries(governed).map(([type, fields]) => [type, new Map(Object.entries(fields))])),
      parts: new Map(Object.entries(parts)),
      open: new Map(open.map((type) => [type, 'a reason, in a sentence'])),
    },
    actions: new Map(
      Object.entries(actions).map(([name, kind]) => [
        name,
        { kind, purposes: { GUIDE: 'HELP' }, ...(name === 'things' ? { order: ['Thing.id'] } : {}) },
      ]),
    ),
    inputs: new Map(),
  }) as never

const SDL =
  'type Query { thing: Thing things: [Thing!] } type Thing { id: ID secret: String detail: Detail withheld: Int! } type Detail { word: String }'
const SOUND: Parts = {
  governed: { Thing: { id: 'reference', secret: 'situation', detail: 'question', withheld: 'open' } },
  parts: { Detail: 'question' },
  actions: { thing: 'query', things: 'query' },
}

/** A thing, seen by someone to whom these categories are open. */
function thing(id: string, opened: readonly string[], of = policies(SOUND)) {
  const object = { id, secret: `secret of ${id}`, detail: { word: `word of ${id}` }, withheld: 0 }
  const decide = ({ category }: Question) =>
    opened.includes(category) ? { allowed: true, because: 'opened' } : { allowed: false, because: 'consent-must-cover' }
  const facts: Facts = {
    relation: 'desk',
    partnerKind: 'UWV',
    underSixteen: false,
    representative: false,
    agreementFor: () => 'active',
    consentFor: () => ({ state: 'covers', explicit: false }),
    ownSide: () => true,
    hasValue: () => true,
  }
  see({ role: 'GUIDE', purpose: 'HELP', decide, fields: of.fields }, 'Thing', facts, object)
  return object
}

async function ask(rootValue: object, source: string, role = 'GUIDE', options: ShieldOptions = {}, schema = buildSchema(SDL)) {
  const context = { capacity: { role }, withheld: [] as object[] }
  const { data, errors } = await graphql({
    schema: behindShield(schema, policies(SOUND), options),
    source,
    rootValue,
    contextValue: context,
  })
  return { data: JSON.parse(JSON.stringify(data ?? null)), errors, withheld: context.withheld }
}

const ALL = 'id secret detail { word } withheld'

test('a refused field is null, without an error, and said in the context with its path', async () => {
  const { data, errors, withheld } = await ask({ thing: thing('a', ['reference']) }, `{ thing { ${ALL} again: secret } }`)
  expect(errors).toBeUndefined()
  expect(data).toEqual({ thing: { id: 'a', secret: null, detail: null, withheld: 0, again: null } })
  const because = { reason: 'CONSENT', rule: 'consent-must-cover' }
  expect(withheld).toHaveLength(3)
  expect(withheld).toEqual(
    expect.arrayContaining([
      { field: 'secret', category: 'situation', ...because, path: ['thing', 'secret'] },
      { field: 'detail', category: 'question', ...because, path: ['thing', 'detail'] },
      { field: 'secret', category: 'situation', ...because, path: ['thing', 'again'] },
    ]),
  )
})

test('what is allowed is shown, and nothing is said to be withheld', async () => {
  const { data, errors, withheld } = await ask({ thing: thing('a', CATEGORIES) }, `{ thing { ${ALL} } }`)
  expect([errors, withheld]).toEqual([undefined, []])
  expect(data.thing).toEqual({ id: 'a', secret: 'secret of a', detail: { word: 'word of a' }, withheld: 0 })
})

test('the resolver of a refused field never runs', async () => {
  let runs = 0
  const object = Object.assign(thing('a', ['reference']), { secret: () => `ran ${++runs}` })
  expect((await ask({ thing: object }, '{ thing { id secret } }')).data.thing).toEqual({ id: 'a', secret: null })
  expect(runs).toBe(0)
})

test('two objects of one list each get their own decision', async () => {
  const things = Array.from({ length: 60 }, (_, index) =>
    thing(String(index), index % 3 === 0 ? CATEGORIES : index % 3 === 1 ? ['reference'] : ['reference', 'question']),
  )
  const { data, withheld } = await ask({ things }, `{ things { ${ALL} } }`)
  for (const [index, found] of data.things.entries())
    expect(found).toEqual({
      id: String(index),
      secret: index % 3 === 0 ? `secret of ${index}` : null,
      detail: index % 3 === 1 ? null : { word: `word of ${index}` },
      withheld: 0,
    })
  expect(withheld).toHaveLength(60)
})

test('the same object asked for again, by other eyes, gets the other decision', async () => {
  const object = thing('a', CATEGORIES)
  expect((await ask({ thing: object }, '{ thing { secret } }')).data.thing.secret).toBe('secret of a')
  const closed = Object.assign(thing('b', ['reference']), { id: 'a', secret: object.secret })
  expect((await ask({ thing: closed }, '{ thing { secret } }')).data.thing.secret).toBeNull()
})

test('a governed object without a decision is a fault, field by field', async () => {
  const undecided = { ...thing('a', CATEGORIES) }
  for (const field of ['id', 'secret', 'detail { word }']) {
    const { data, errors } = await ask({ thing: undecided }, `{ thing { ${field} } }`)
    expect(errors?.[0]?.message, field).toMatch(/^no decision on Thing\./)
    expect(JSON.stringify(data), field).not.toContain('of a')
  }
})

test('a refusal that no decision explains is a fault, and never a silent null', async () => {
  // The decision closes it, but the policy that made the decision did not know the field.
  const other = policies({ ...SOUND, governed: { Thing: { id: 'reference', withheld: 'open' } } })
  const { errors, data } = await ask({ thing: thing('a', ['reference'], other) }, '{ thing { secret } }')
  expect(errors?.[0]?.message).toBe('no decision on Thing.secret')
  expect(JSON.stringify(data)).not.toContain('secret of a')
})

test('a root operation is for those who may run it: the others are refused with a code', async () => {
  for (const [role, code] of [
    ['HANDLER', 'FORBIDDEN'],
    ['NOBODY', 'UNAUTHENTICATED'],
    ['EVERYONE', 'FORBIDDEN'],
  ] as const) {
    const { data, errors } = await ask({ thing: thing('a', CATEGORIES) }, '{ thing { id } }', role)
    expect([data, errors?.[0]?.extensions.code], role).toEqual([{ thing: null }, code])
  }
})

test('forced open, for the test of the second wall: every field says yes, but an object without a decision is still a fault', async () => {
  const { data } = await ask({ thing: thing('a', ['reference']) }, `{ thing { ${ALL} } }`, 'GUIDE', { forcedOpen: true })
  expect(data.thing.secret).toBe('secret of a')
  expect((await ask({ thing: { id: 'a' } }, '{ thing { id } }', 'GUIDE', { forcedOpen: true })).errors).toHaveLength(1)
})

describe('a schema and a policy that do not fit do not start', () => {
  const BROKEN: [string, string, Parts, string][] = [
    [
      'a type without a home',
      `${SDL} type Stray { x: Int }`,
      SOUND,
      'sharing.yaml: the type Stray is neither governed, nor a part, nor open',
    ],
    ['a type with two homes', SDL, { ...SOUND, open: ['Detail'] }, 'sharing.yaml: the type Detail stands in more than one list'],
    ['a root type with a home', SDL, { ...SOUND, open: ['Query'] }, 'sharing.yaml: the type Query stands in more than one list'],
    [
      'a field without a category',
      SDL.replace('secret: String', 'secret: String more: Int'),
      SOUND,
      'sharing.yaml: the field Thing.more has no category',
    ],
    [
      'a governed field that cannot be null',
      SDL.replace('secret: String', 'secret: String!'),
      SOUND,
      'Thing.secret is governed and must be nullable',
    ],
    [
      'a part whose field cannot be null',
      SDL.replace('word: String', 'word: String!'),
      SOUND,
      'Detail.word is governed and must be nullable',
    ],
    [
      'a category for a field that is not there',
      SDL.replace('secret: String', ''),
      SOUND,
      'sharing.yaml: Thing.secret does not exist',
    ],
    [
      'a governed type that is not there',
      SDL,
      { ...SOUND, governed: { ...SOUND.governed!, Ghost: { id: 'reference' } } },
      'sharing.yaml: the type Ghost does not exist',
    ],
    [
      'a part that is not there',
      SDL,
      { ...SOUND, parts: { ...SOUND.parts!, Ghost: 'note' } },
      'sharing.yaml: the type Ghost does not exist',
    ],
    ['an open type that is not there', SDL, { ...SOUND, open: ['Ghost'] }, 'sharing.yaml: the type Ghost does not exist'],
    [
      'an operation without an action',
      SDL.replace('thing: Thing', 'thing: Thing other: Int'),
      SOUND,
      'actions.yaml: the operation other has no action',
    ],
    [
      'an action without an operation',
      SDL,
      { ...SOUND, actions: { ...SOUND.actions!, gone: 'query' } },
      'actions.yaml: gone is no operation of the schema',
    ],
    [
      'a query that is called a mutation',
      SDL,
      { ...SOUND, actions: { ...SOUND.actions!, thing: 'mutation' } },
      'actions.yaml: thing is a query, not a mutation',
    ],
    [
      'a mutation that is called a query',
      `${SDL} type Mutation { change: Thing }`,
      { ...SOUND, actions: { ...SOUND.actions!, change: 'query' } },
      'actions.yaml: change is a mutation, not a query',
    ],
    ['a union', `${SDL} union Either = Thing | Detail`, SOUND, 'Either is a union: shield ignores rules on unions'],
    ['an interface', `${SDL} interface Any { x: Int }`, SOUND, 'Any is an interface: it hides which type is reached'],
    [
      'a part reached from another category',
      SDL,
      { ...SOUND, parts: { Detail: 'note' } },
      'Thing.detail leads to Detail, which belongs to note',
    ],
    [
      'a part reached from an open field',
      SDL,
      { ...SOUND, governed: { Thing: { ...SOUND.governed!.Thing!, detail: 'open' } } },
      'Thing.detail leads to Detail, which belongs to question',
    ],
    [
      'a part reached from an operation, in a list',
      SDL.replace('thing: Thing', 'thing: Thing loose: [Detail!]!'),
      { ...SOUND, actions: { ...SOUND.actions!, loose: 'query' } },
      'Query.loose leads to Detail, which belongs to question',
    ],
  ]

  test('the sound one has no mistakes', () => {
    expect(mistakesBetween(buildSchema(SDL), policies(SOUND))).toEqual([])
  })

  test.each(BROKEN)('%s is named', (_, sdl, parts, mistake) => {
    const [schema, policy] = [buildSchema(sdl), policies(parts)]
    expect(mistakesBetween(schema, policy)).toContain(mistake)
    expect(() => behindShield(schema, policy)).toThrow(mistake)
  })

  test('every mistake is in one message', () => {
    const sdl = SDL.replace('secret: String', 'secret: String! more: Int')
    expect(() => behindShield(buildSchema(sdl), policies({ ...SOUND, open: ['Ghost'] }))).toThrow(
      /must be nullable[\s\S]*Thing\.more[\s\S]*Ghost|Thing\.more[\s\S]*must be nullable[\s\S]*Ghost/,
    )
  })
})

describe('the schema that is served', () => {
  const real = readPolicies(POLICIES)
  const schema: GraphQLSchema = bareSchema()
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__')) as any[]

  test('every field of every type has exactly one home: a category, open with a reason, a part, or a root operation', () => {
    let fields = 0
    for (const type of types)
      for (const name of Object.keys(type.getFields())) {
        fields++
        const governed = real.fields.governed.get(type.name)
        const homes = [
          ['Query', 'Mutation'].includes(type.name) && real.actions.has(name),
          governed !== undefined && (governed.get(name) === 'open' || CATEGORIES.includes(governed.get(name) as Category)),
          real.fields.parts.has(type.name),
          (real.fields.open.get(type.name) ?? '').length > 10,
        ]
        expect(homes.filter(Boolean), `${type.name}.${name}`).toHaveLength(1)
      }
    expect(fields).toBeGreaterThan(150)
    expect(mistakesBetween(schema, real)).toEqual([])
  })

  test('takes away any one line of the policy, and it does not start', () => {
    for (const [type, categories] of real.fields.governed)
      for (const name of categories.keys()) {
        const without = new Map([...real.fields.governed, [type, new Map([...categories].filter(([field]) => field !== name))]])
        expect(mistakesBetween(schema, { ...real, fields: { ...real.fields, governed: without } }), `${type}.${name}`).toContain(
          `sharing.yaml: the field ${type}.${name} has no category`,
        )
      }
    for (const name of real.actions.keys())
      expect(
        mistakesBetween(schema, { ...real, actions: new Map([...real.actions].filter(([other]) => other !== name)) }),
        name,
      ).toContain(`actions.yaml: the operation ${name} has no action`)
  })

  test('can be introspected by anyone', async () => {
    const { data, errors } = await graphql({
      schema: behindShield(bareSchema(), real),
      source: getIntrospectionQuery(),
      contextValue: { capacity: { role: 'NOBODY' }, withheld: [] },
    })
    expect(errors).toBeUndefined()
    expect((data as any).__schema.types.map(({ name }: any) => name)).toContain('HandOff')
  })
})

describe('on the real server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  /** The server was compiled with the field, and decides without it. */
  const withoutSituation = () => {
    const fields = new Map(server.world.policies.fields.governed.get('HandOff'))
    fields.delete('situation')
    return new Map([['HandOff', fields]])
  }
  const QUERY = 'query ($id: ID!) { me { role } handOff(id: $id) { id state desk { name } situation { work } sensitive } }'

  test.each([
    [
      'a policy that throws',
      () => ({
        decide: () => {
          throw new Error('the value of a secret')
        },
      }),
    ],
    [
      'a decision that cannot be explained',
      () => ({
        policies: { ...server.world.policies, fields: { ...server.world.policies.fields, governed: withoutSituation() } },
      }),
    ],
  ])('%s is INTERNAL, with an id to quote and no data at all', async (_, breaking) => {
    const { id } = await made(server, { consent: null })
    const world = { ...server.world }
    const ask = () => server.as('uwv-amersfoort')(QUERY, { id })
    expect((await ask()).data.handOff).toMatchObject({ id, situation: null })
    Object.assign(server.world, breaking())
    try {
      const { status, data, errors, text, extensions } = await ask()
      expect([status, data, errors?.[0].extensions.code]).toEqual([500, null, 'INTERNAL'])
      expect(errors?.[0].extensions.id).toMatch(/^[0-9a-f-]{36}$/)
      expect(extensions?.withheld).toBeUndefined()
      expect(text).not.toMatch(/secret|Stadhuis|OFFERED|no decision/)
    } finally {
      Object.assign(server.world, world)
    }
    expect((await ask()).data.handOff.id).toBe(id)
  })
})
