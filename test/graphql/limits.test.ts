// What is refused for its size alone, and that finding out takes no longer than reading the document.

import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery, Kind, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { checkDocument, checkStrings, HEAVY, LIMITS } from '#app/graphql/limits.js'

const check = (query: string, variables?: Record<string, unknown>, limits = LIMITS) =>
  checkDocument(parse(query), limits, variables)

function visits(query: string): { refusal: string | undefined; visited: number } {
  let visited = 0
  const refusal = checkDocument(parse(query), LIMITS, {}, () => visited++)
  return { refusal, visited }
}

/** Fragments that each spread the next one twice: 2 to the power n fields. */
const bomb = (n: number) =>
  `{ ...F0 } ${Array.from({ length: n }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F${n} on Query { a }`

const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`

describe('Fragments that double each other', () => {
  test('are refused after visiting each selection at most twice', () => {
    for (const n of [10, 30, 60, 99]) {
      const { refusal, visited } = visits(bomb(n))
      expect(refusal).toMatch(/fields|root fields/)
      expect(visited).toBeLessThanOrEqual(2 * (2 * n + 2))
    }
  })

  test('are refused below a field too, and also when nobody uses them', () => {
    expect(check(bomb(30).replace('{ ...F0 }', '{ a { ...F0 } }'))).toMatch(/fields/)
    expect(check(`{ a } ${bomb(30).replace('{ ...F0 }', '')}`)).toMatch(/fields/)
  })

  test('do not pass for being too many to count', () => {
    expect(check(bomb(190))).toMatch(/fields/)
    expect(check(`{ a(first: ${'9'.repeat(400)}) { a(first: ${'9'.repeat(400)}) { a } } }`)).toMatch(/costs/)
  })

  test('are visited once however often they are spread', () => {
    const { refusal, visited } = visits(`{ ${'a { ...F } '.repeat(10)} } fragment F on A { b c d }`)
    expect(refusal).toBeUndefined()
    expect(visited).toBe(10 + 10 + 3 + 3)
  })
})

describe('Fragments', () => {
  test.each([
    '{ ...A } fragment A on Query { ...A }',
    '{ ...A } fragment A on Query { a { ...B } } fragment B on Query { ... { ...A } }',
    '{ a } fragment A on Query { ...B } fragment B on Query { ...A }',
  ])('that contain themselves are refused: %s', (query) => expect(check(query)).toBe('A fragment contains itself.'))

  test('of the same name are refused', () => {
    expect(check('{ ...A } fragment A on Query { a } fragment A on Query { b }')).toBe('Two fragments have the same name.')
  })

  test('that do not exist are left to validation', () => expect(check('{ ...Nowhere }')).toBeUndefined())

  test('in a chain without end are refused before the stack is', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} }`).join(' ')
    expect(check(`{ ...F0 } ${chain}`)).toMatch(/nested/)
    expect(check(`{ ${'... { '.repeat(1_000)} a ${'}'.repeat(1_000)} }`)).toMatch(/nested/)
  })
})

describe('Depth', () => {
  test('is allowed up to the limit and not beyond', () => {
    expect(check(nested(LIMITS.depth))).toBeUndefined()
    expect(check(nested(LIMITS.depth + 1))).toMatch(/deeper than 10/)
  })

  test('is counted through fragments', () => {
    const half = Math.ceil((LIMITS.depth + 1) / 2)
    const query = `${'{ a '.repeat(half)} { ...F } ${'}'.repeat(half)} fragment F on A ${nested(half)}`
    expect(check(query)).toMatch(/deeper/)
  })
})

describe('Introspection', () => {
  test('as GraphiQL asks for it is allowed', () => {
    for (const options of [
      {},
      {
        descriptions: true,
        schemaDescription: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        inputValueDeprecation: true,
        oneOf: true,
      },
    ]) {
      expect(check(getIntrospectionQuery(options))).toBeUndefined()
    }
  })

  test('that goes round in circles is not', () => {
    const circle = `${'{ fields { type '.repeat(9)} { name } ${'} }'.repeat(9)}`
    expect(check(`{ __schema { types ${circle} } }`)).toMatch(/introspection is deeper/)
    expect(check(`{ __type(name: "A") ${circle} }`)).toMatch(/introspection is deeper/)
  })

  test('gives no depth to what stands beside it', () => {
    expect(check(`{ __schema { types { name } } ${nested(LIMITS.depth + 1).slice(1)}`)).toMatch(/operation is deeper/)
  })
})

describe('What reads a year of the log or of figures, or every agreement', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))
  const queries = schema.getQueryType()!.getFields()

  test('is each of these', () => {
    expect([...HEAVY].sort()).toEqual([
      'accessLogExport',
      'agreementDrift',
      'figuresReport',
      'processingRegister',
      'replayAccess',
      'unusedGrants',
      'whatIf',
    ])
  })

  test.each([...HEAVY])('%s is asked once or twice in a request, not more', (name) => {
    expect(queries).toHaveProperty(name)
    const times = (n: number) => Array.from({ length: n }, (_, i) => `x${i}: ${name} { a { b c d e f g h i } }`).join(' ')
    expect(check(`{ ${times(1)} }`)).toBeUndefined()
    expect(check(`{ ${times(2)} }`)).toBeUndefined()
    expect(check(`{ ${times(3)} }`)).toMatch(/costs more/)
    expect(check(`{ ...A ...A2 } fragment A on Query { ${times(2)} } fragment A2 on Query { y: ${name} { a } }`)).toMatch(
      /costs more/,
    )
    expect(check(`{ x0: ${name}(first: 50) { a { b c d e f g h i } } }`)).toBeUndefined()
  })

  test('no more than two of them together, whichever', () => {
    const all = [...HEAVY].map((name) => `${name} { a }`)
    expect(check(`{ ${all.slice(0, 2).join(' ')} }`)).toBeUndefined()
    expect(check(`{ ${all.slice(0, 3).join(' ')} }`)).toMatch(/costs more/)
  })
})

describe('Aliases and root fields', () => {
  const aliases = (n: number) => Array.from({ length: n }, (_, i) => `x${i}: a`).join(' ')

  test('at the root count as fields', () => {
    expect(check(`{ ${aliases(10)} }`)).toBeUndefined()
    expect(check(`{ ${aliases(11)} }`)).toMatch(/more than 10 root fields/)
    expect(check(`{ ...A ...B } fragment A on Query { ${aliases(6)} } fragment B on Query { ... { b c d e f } }`)).toMatch(
      /root fields/,
    )
    expect(check(`mutation { ${'a '.repeat(11)} }`)).toMatch(/root fields/)
  })

  test('below it count as often as their fragment is spread', () => {
    expect(check(`{ a { ${aliases(30)} } }`)).toBeUndefined()
    expect(check(`{ a { ${aliases(31)} } }`)).toMatch(/more than 30 aliases/)
    expect(check(`{ a { ...F } b { ...F } } fragment F on A { ${aliases(16)} }`)).toMatch(/aliases/)
  })
})

test('Fields are counted with fragments written out', () => {
  expect(check(`{ a { ${'b '.repeat(499)} } }`)).toBeUndefined()
  expect(check(`{ a { ${'b '.repeat(500)} } }`)).toMatch(/more than 500 fields/)
})

test('Operations are counted, and each is weighed', () => {
  const operations = (n: number) => Array.from({ length: n }, (_, i) => `query Q${i} { a }`).join(' ')
  expect(check(operations(20))).toBeUndefined()
  expect(check(operations(21))).toMatch(/more than 20 operations/)
  expect(check(`query A { a } query B ${nested(11)}`)).toMatch(/deeper/)
})

test('Directives are counted wherever they stand', () => {
  expect(check(`{ a ${'@b '.repeat(50)} }`)).toBeUndefined()
  expect(check(`{ a ${'@b '.repeat(51)} }`)).toMatch(/more than 50 directives/)
  expect(check(`query ($v: Int ${'@b '.repeat(17)}) ${'@b '.repeat(17)} { ... ${'@b '.repeat(17)} { a } }`)).toMatch(/directives/)
  expect(check(`{ a } fragment F on A ${'@b '.repeat(51)} { a }`)).toMatch(/directives/)
})

describe('Cost', () => {
  /** The cost of this operation: the lowest limit under which it passes. */
  function costOf(query: string, variables?: Record<string, unknown>): number {
    for (let cost = 1; cost < 3_000; cost++) if (!check(query, variables, { ...LIMITS, cost })) return cost
    throw new Error('more than was tried')
  }

  test.each([
    ['{ a }', {}, 1],
    ['{ a { b c } }', {}, 3],
    ['{ a(first: 50) { nodes { b } } }', {}, 1 + 50 * 2],
    ['{ a(first: 50) { edges { node { b } } } }', {}, 1 + 50 * 3],
    ['{ a(last: 5) { nodes { b } } }', {}, 1 + 5 * 2],
    ['{ a(first: 10) { nodes { b(first: 10) { nodes { c } } } } }', {}, 1 + 10 * (2 + 10 * 2)],
    ['{ a { nodes { b } } }', {}, 1 + 20 * 2],
    ['{ a { ...F } } fragment F on A { x: edges { node { b } } }', {}, 1 + 20 * 3],
    ['query ($n: Int) { a(first: $n) { nodes { b } } }', { n: 50 }, 1 + 50 * 2],
    ['query ($n: Int = 30) { a(first: $n) { nodes { b } } }', {}, 1 + 30 * 2],
    ['query ($n: Int = 30) { a(first: $n) { nodes { b } } }', { n: null }, 1 + 20 * 2],
    [
      'query ($n: Int) { a(first: $n) { ...F } } fragment F on A { nodes { b(first: $n) { nodes { c } } } }',
      { n: 3 },
      1 + 3 * (2 + 3 * 2),
    ],
    ['query ($n: Int) { a(first: $n) { nodes { b } } }', {}, 1 + 20 * 2],
    ['query ($n: Int) { a(first: $n) { nodes { b } } }', { n: 'many' }, 1 + 20 * 2],
    ['{ a(first: 0) { nodes { b } } }', {}, 1 + 2],
    ['{ a(first: -5) { nodes { b } } }', {}, 1 + 20 * 2],
  ])('of %s with %j is %i', (query, variables, cost) => expect(costOf(query, variables)).toBe(cost))

  test('of huge pages is refused, and so is a page of infinite length', () => {
    const query = 'query ($n: Int) { a(first: $n) { nodes { b } } }'
    expect(check(query, { n: 1e9 })).toMatch(/costs/)
    expect(check(query, JSON.parse('{"n": 1e999}'))).toMatch(/costs/)
    expect(check('{ a(first: 50) { nodes { b(first: 50) { nodes { c d } } } } }')).toMatch(/costs/)
  })

  test('does not take a variable named like something else for its value', () => {
    expect(check('query ($constructor: Int) { a(first: $constructor) { b } }')).toBeUndefined()
  })
})

describe('Strings', () => {
  test.each(['a\0b', '\ud800', 'x\udc00y', '\udc00\ud800'])('%j is refused, as a value and as a key, at any depth', (text) => {
    for (const value of [text, [text], { a: [{ b: text }] }, { [text]: 1 }, [[[{ a: { [text]: null } }]]]]) {
      expect(checkStrings(value)).toMatch(/not allowed/)
    }
    expect(checkStrings(text)).not.toContain(text)
  })

  test.each([undefined, null, 1, true, '', 'één 🎈', '\u{10ffff}\n\t', { a: ['b', { c: null }] }])('%j is fine', (value) =>
    expect(checkStrings(value)).toBeUndefined(),
  )

  test('nested a hundred thousand deep are found without a stack', () => {
    let value: unknown = 'a\0'
    for (let i = 0; i < 100_000; i++) value = i % 2 ? [value] : { a: value }
    expect(checkStrings(value)).toMatch(/not allowed/)
  })

  test('in the document are found, wherever they stand', () => {
    const nul = String.raw`"\u0000"`
    for (const query of [
      `{ a(b: ${nul}) }`,
      `{ a(b: [{ c: ${nul} }]) }`,
      `query ($v: String = ${nul}) { a }`,
      `{ a @b(c: ${nul}) }`,
      `{ a } fragment F on A { a(b: ${nul}) }`,
    ]) {
      expect(check(query)).toMatch(/not allowed/)
    }
    const block = { kind: Kind.STRING, value: 'x\ud800', block: true } as const
    const document = parse('{ a(b: "x") }', { noLocation: true })
    expect(
      checkDocument(
        JSON.parse(JSON.stringify(document), (_, node) => (node?.kind === Kind.STRING ? block : node)),
        LIMITS,
      ),
    ).toMatch(/not allowed/)
  })

  test('no refusal echoes what was sent', () => {
    for (const query of ['{ geheim: a(b: "geheim\\u0000") }', `{ ...geheim } fragment geheim on Query { ...geheim }`]) {
      expect(check(query)).toBeDefined()
      expect(check(query)).not.toContain('geheim')
    }
  })
})
