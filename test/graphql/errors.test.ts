// Errors are of one closed list and say nothing that somebody typed.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSchema, execute, GraphQLError, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ERROR_CODES, Refusal } from '#app/errors.js'
import { formatError, withoutValues } from '#app/graphql/errors.js'

const NAME = 'Fatima van Zwollerkerspel'
const WORD = 'Zwollerkerspel'

describe('What graphql-js says of a mistake is kept without the value', () => {
  const schema = buildSchema(`
    enum Stand { OFFERED ACCEPTED }
    input Deep { stand: Stand!, day: String, more: [Deep!], flag: Boolean, count: Int }
    type Query { one(id: ID, stand: Stand, deep: Deep, count: Int, flag: Boolean, share: Float, text: String): String }`)
  const declared = 'query ($stand: Stand, $deep: Deep, $count: Int, $flag: Boolean, $share: Float, $text: String, $id: ID)'
  const variables: Record<string, unknown>[] = [
    { stand: NAME },
    { stand: [NAME] },
    { stand: { [WORD]: NAME } },
    { deep: NAME },
    { deep: { stand: NAME } },
    { deep: { stand: 'OFFERED', [WORD]: 1 } },
    { deep: { stand: 'OFFERED', [`${WORD}"; at "x"`]: 1 } },
    { deep: { stand: 'OFFERED', more: [{ stand: `x" at "${WORD}"; ${NAME}` }] } },
    { deep: { day: NAME } },
    { deep: { stand: 'OFFERED', flag: NAME } },
    { deep: { stand: 'OFFERED', count: `${NAME}"; Int cannot represent ${NAME}` } },
    { count: NAME },
    { count: `${NAME}\n; ${NAME}` },
    { flag: NAME },
    { share: NAME },
    { text: [NAME] },
    { text: { a: NAME } },
    { id: { a: NAME } },
    { id: [`"; ${NAME}`] },
  ]
  const document = parse(
    `${declared} { one(stand: $stand, deep: $deep, count: $count, flag: $flag, share: $share, text: $text, id: $id) }`,
  )
  for (const values of variables)
    test(`variables ${JSON.stringify(values)}`, () => {
      const result = execute({ schema, document, variableValues: values }) as { errors: readonly GraphQLError[] }
      expect(result.errors.length).toBeGreaterThan(0)
      for (const { message } of result.errors) {
        expect(withoutValues(message)).not.toMatch(/Zwollerkerspel|Fatima/)
        expect(withoutValues(message)).toMatch(/^Variable "\$\w+" has an invalid value/)
      }
    })

  const literals = [
    `one(stand: "${NAME}")`,
    `one(stand: ${WORD})`,
    `one(stand: [${WORD}])`,
    `one(count: "${NAME}")`,
    `one(count: ${WORD})`,
    `one(count: """${NAME}""")`,
    `one(flag: "${NAME}")`,
    `one(share: "${NAME}")`,
    `one(text: ${WORD})`,
    `one(text: {a: "${NAME}"})`,
    `one(id: {a: "${NAME}"})`,
    `one(deep: "${NAME}")`,
    `one(deep: {stand: "${NAME}"})`,
    `one(deep: {day: "${NAME}"})`,
    `one(deep: {stand: OFFERED, count: "${NAME}"})`,
    `one(stand: OFFERED, stand: "${NAME}", count: "a, found ${NAME}")`,
  ]
  for (const literal of literals)
    test(`literal ${literal}`, () => {
      const errors = validate(schema, parse(`{ ${literal} }`))
      expect(errors.length).toBeGreaterThan(0)
      for (const { message } of errors) expect(withoutValues(message), message).not.toMatch(/Zwollerkerspel|Fatima/)
    })

  test.each([`"${NAME}`, `{ one(id: "${NAME}) }`, `${NAME}`, `{ ${WORD}`, `{ one(id: ${NAME}) }`, `{ one ? ${NAME}`])(
    'a syntax error: %s',
    (query) => {
      try {
        parse(query)
        expect.unreachable()
      } catch (fault) {
        expect(withoutValues((fault as Error).message)).toBe('Syntax error.')
      }
    },
  )

  test('names of the schema stay, as they help', () => {
    const said = (query: string) => validate(schema, parse(query)).map(({ message }) => withoutValues(message))
    expect(said('{ one(stand: NO) }')).toEqual(['The value does not exist in "Stand" enum.'])
    expect(said('{ one(deep: {day: "x"}) }')).toEqual(['Field "Deep.stand" of required type "Stand!" was not provided.'])
    expect(said('{ one(count: "x") }')).toEqual(['Int cannot represent non-integer value.'])
  })
})

describe('formatError', () => {
  const told: unknown[] = []
  const format = (error: GraphQLError) => formatError(error.toJSON(), error, (fault) => `id-${told.push(fault)}`)

  test('a refusal leaves with its code and what it adds, and without what Apollo puts there', () => {
    const error = new GraphQLError('x', {
      originalError: new Refusal('HANDOFF_MOVED_ON', 'Moved on.', {
        state: 'ACCEPTED',
        http: { status: 400 },
        stacktrace: ['at x'],
      }),
      path: ['a'],
    })
    expect(format(error)).toEqual({
      message: 'Moved on.',
      path: ['a'],
      extensions: { code: 'HANDOFF_MOVED_ON', state: 'ACCEPTED' },
    })
  })

  const faults: Record<string, unknown> = {
    'an Error': new Error(`duplicate key value (${NAME})`),
    'an Error with a code of its own': Object.assign(new Error(NAME), { code: '23505', detail: NAME, meta: { target: NAME } }),
    'an Error with a code of the list': Object.assign(new Error(NAME), { code: 'NOT_FOUND', extensions: { code: 'NOT_FOUND' } }),
    'a GraphQLError without a code': new GraphQLError(NAME),
    'a GraphQLError with another code': new GraphQLError(NAME, { extensions: { code: 'TEAPOT', name: NAME } }),
    'a code that only prototypes have': new GraphQLError(NAME, { extensions: { code: 'constructor' } }),
    'a code that is no text': new GraphQLError(NAME, { extensions: { code: ['NOT_FOUND'] } }),
  }
  for (const [what, fault] of Object.entries(faults))
    test(`${what} is a fault of ours: an id, and nothing else`, () => {
      const error =
        fault instanceof GraphQLError
          ? fault
          : new GraphQLError(String((fault as Error).message), { originalError: fault as Error, path: ['a'] })
      const answer = format(error)
      expect({ ...answer, path: undefined }).toEqual({
        message: 'Something went wrong on our side; quote the id.',
        extensions: { code: 'INTERNAL', id: `id-${told.length}` },
      })
      expect(told.at(-1)).toBe(fault)
    })
})

test('every code that is used is of the list, and every code of the list is used', () => {
  const folder = fileURLToPath(new URL('../../src/', import.meta.url))
  const used = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || file.startsWith('database/prisma/')) continue
    // A code is said where a refusal is made, or beside the word `code`.
    for (const [text] of readFileSync(folder + file, 'utf8').matchAll(/(?:Refusal|refusal)\([^,)]*|\bcode: [^,}\n]*/g))
      for (const [, code] of text.matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)) used.add(code!)
  }
  expect([...used].sort()).toEqual(Object.keys(ERROR_CODES).sort())
})
