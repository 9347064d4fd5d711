// Every string that comes in is free text and guarded, or on a short list with a reason: read from the schema itself.
import {
  buildSchema,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  graphql,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { FreeText, guarded, NOT_TYPED, stringsOf } from '#app/graphql/free-text.js'
import { bareSchema } from '#app/graphql/schema.js'

describe('The schema', () => {
  const strings = stringsOf(bareSchema())

  test('has no string that is neither', () => {
    expect(strings.length).toBeGreaterThan(50)
    expect(strings.filter(({ place, name }) => !(place in NOT_TYPED || name in NOT_TYPED))).toEqual([])
    expect(() => guarded(bareSchema())).not.toThrow()
  })

  test('has every string of the list, each with its reason', () => {
    const used = new Set(strings.flatMap(({ place, name }) => [place, name]))
    expect(Object.keys(NOT_TYPED).filter((name) => !used.has(name))).toEqual([])
    for (const because of Object.values(NOT_TYPED)) expect(because).toMatch(/^[A-Z].{10,}\.$/)
  })

  test('takes free text in these places, and in no others', () => {
    const free = stringsOf(bareSchema(), FreeText.name).map(({ place }) => place)
    expect(free.sort()).toEqual([
      'AgreementTermsInput.contactPoint',
      'AgreementTermsInput.documentReference',
      'CorrectionInput.note',
      'GiveConsentInput.note',
      'LogContactInput.note',
      'OfferHandOffInput.note',
      'recordRemark.remark',
    ])
  })

  test.each([
    'type Query { find(motto: String): Int }',
    'type Query { find(mottos: [String!]!): Int }',
    'type Query { a: Int } type Mutation { make(input: In!): Int } input In { inner: Inner } input Inner { motto: String! }',
  ])('that takes another string is not served: %s', (source) => {
    expect(() => guarded(buildSchema(source))).toThrow(/A string comes in that nobody guards: \w+\.mottos?/)
  })
})

describe('An operation that takes free text', () => {
  const ran: unknown[] = []
  const schemaOf = (type: GraphQLScalarType = FreeText) =>
    new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: {
          say: {
            type: GraphQLString,
            args: { a: { type }, b: { type: new GraphQLNonNull(type) } },
            resolve: (_, args) => {
              ran.push(args)
              return 'done'
            },
          },
        },
      }),
    })
  const contextValue = { capacity: { role: 'NOBODY' }, world: { policies: { actions: new Map() } } }
  const ask = (schema: GraphQLSchema, source: string, variableValues?: object) =>
    graphql({ schema, source, contextValue, variableValues: variableValues as never })

  test('is not begun when the guard finds something, and what was typed is not repeated', async () => {
    ran.length = 0
    const { errors } = await ask(guarded(schemaOf()), '{ say(b: "mw Yilmaz belt") }')
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'TEXT_REFUSED',
      findings: [{ field: 'b', start: 3, end: 9, kind: 'name' }],
    })
    expect(JSON.stringify(errors)).not.toContain('Yilmaz')
    expect(ran).toEqual([])
    expect((await ask(guarded(schemaOf()), '{ say(b: "zoekt werk") }')).data).toEqual({ say: 'done' })
  })

  test('is read with all its fields together, as variables too', async () => {
    const query = 'query ($a: FreeText, $b: FreeText!) { say(a: $a, b: $b) }'
    const { errors } = await ask(guarded(schemaOf()), query, { a: 'bel 06 1234', b: '5678 graag' })
    expect((errors![0]!.extensions.findings as any[]).map(({ field, kind }) => `${field} ${kind}`)).toEqual([
      'a phone',
      'b phone',
    ])
  })

  test('is not begun when the guard itself fails', async () => {
    ran.length = 0
    const failing = guarded(schemaOf(), () => {
      throw new Error('out of order')
    })
    const { data, errors } = await ask(failing, '{ say(b: "zoekt werk") }')
    expect(data).toEqual({ say: null })
    expect(errors).toHaveLength(1)
    expect(ran).toEqual([])
  })

  test.each(['5', 'true', '{ x: 1 }', '["a"]'])('takes nothing but a string: %s', async (value) => {
    ran.length = 0
    expect((await ask(guarded(schemaOf()), `{ say(b: ${value}) }`)).errors).toHaveLength(1)
    expect(ran).toEqual([])
  })
})
