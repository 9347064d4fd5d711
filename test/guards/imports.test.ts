// Imports point one way (design 7), and each thing from outside has one door: database, shield, environment, console.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))

/** Every file of ours, and what it imports; what Prisma generates is left out. */
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter(
    (path) =>
      /\.(ts|tsx|mjs)$/.test(path) &&
      !path.endsWith('.d.ts') &&
      !path.startsWith('database/prisma/') &&
      !path.startsWith('pages/assets/'),
  )
  .sort()
const textOf = (path: string) => readFileSync(join(SRC, path), 'utf8')
const codeOf = (path: string) =>
  textOf(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')

type Import = { from: string; isType: boolean; names: string }

/** `from` is a path inside src ('handoffs/steps.ts'), or the name of a package. */
function importsOf(path: string): Import[] {
  const found = [
    ...codeOf(path).matchAll(
      /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
    ),
  ]
  return found.map(([, type, names = '', from, dynamic, bare]) => ({
    from: inSrc(path, (from ?? dynamic ?? bare)!),
    isType: type !== undefined,
    names,
  }))
}
const inSrc = (path: string, from: string) =>
  from.startsWith('.')
    ? relative(SRC, join(SRC, dirname(path), from))
        .replaceAll('\\', '/')
        .replace(/\.js$/, '.ts')
    : from

const ALL = FILES.flatMap((path) => importsOf(path).map((what) => ({ path, ...what })))
const offenders = (isWrong: (what: (typeof ALL)[number]) => boolean) =>
  ALL.filter(isWrong).map(({ path, from }) => `${path} -> ${from}`)

/** Braces with types in them and nothing else. */
const isTypes = (names: string) => /^\{(\s*type \w+,?)+\s*\}$/.test(names)
const isFace = (path: string) => path.endsWith('.graphql.ts')
const DOMAIN =
  /^(anonymity|identity|partners|contacts|handoffs|consent|follow-up|figures|agreements|access-log|insight|operations|decide)\//
/** Commands that are run by people, not by the server. */
const COMMANDS = [
  'main.ts',
  'generated.ts',
  'prepare.mjs',
  'access-log/log.ts',
  'anonymity/fade-once.ts',
  'anonymity/restore-check.ts',
  'database/release.ts',
  'figures/run.ts',
  'database/reference.ts',
  'access-log/log.ts',
  'decide/policies.ts',
  'decide/ask.ts',
  'identity/token.ts',
  'identity/ask.ts',
]
/** The first wall is of the decisions, and stands in the way out. */
const SHIELD = 'decide/shield.ts'
/** What holds the policies against the schema knows both. */
const KNOWS_THE_SCHEMA = [
  SHIELD,
  ...['places', 'proof', 'proof-of-asking', 'prove', 'witness-query'].map((name) => `decide/${name}.ts`),
]
const isDomain = (path: string) =>
  DOMAIN.test(path) && !isFace(path) && !KNOWS_THE_SCHEMA.includes(path) && !COMMANDS.includes(path)

test('the reader of imports sees what is there', () => {
  expect(FILES.length).toBeGreaterThan(60)
  expect(ALL.length).toBeGreaterThan(250)
  expect(importsOf('handoffs/take-step.ts')).toContainEqual({
    from: 'handoffs/steps.ts',
    isType: false,
    names: '{ type StepName, step }',
  })
  expect(importsOf('main.ts').map(({ from }) => from)).toEqual(
    expect.arrayContaining(['reflect-metadata', 'app.ts', 'identity/issuer.ts']),
  )
})

describe('one way', () => {
  test('decide imports nothing', () => {
    expect(importsOf('decide/decide.ts')).toEqual([])
    expect(codeOf('decide/decide.ts')).not.toMatch(/\brequire\(|\bimport\(|\bglobalThis\b|\bprocess\b|\bDate\b/)
  })

  test('what decides knows decisions alone', () => {
    expect(
      offenders(
        ({ path, from }) =>
          /^decide\//.test(path) &&
          !isFace(path) &&
          !COMMANDS.includes(path) &&
          path !== SHIELD &&
          DOMAIN.test(from) &&
          !from.startsWith('decide/'),
      ),
    ).toEqual([])
    // Of GraphQL, that it is a schema; and nothing of what is behind it.
    expect(
      offenders(
        ({ path, from }) =>
          KNOWS_THE_SCHEMA.includes(path) && path !== SHIELD && /^[@a-z]/.test(from) && !/^(decide\/|graphql$)/.test(from),
      ),
    ).toEqual([])
    // What a rule says is made of what is executed, and of nothing that stands in a file besides.
    expect(importsOf('decide/sentence.ts').map(({ from, isType }) => [from, isType])).toEqual([
      ['decide/decide.ts', false],
      ['decide/policy-files.ts', true],
    ])
  })

  test('the rules of an idea are pure: no database, no operation, nothing of Node', () => {
    const pure = [
      'handoffs/steps.ts',
      'handoffs/loops.ts',
      'handoffs/calendar.ts',
      'handoffs/codes.ts',
      'handoffs/lists.ts',
      'handoffs/words.ts',
      'handoffs/told.ts',
      'follow-up/receipt.ts',
      'contacts/lists.ts',
      'access-log/decision-log.ts',
      'access-log/processing-log.ts',
      'agreements/csv.ts',
      'agreements/terms.ts',
      'agreements/words.ts',
      'consent/consent.ts',
      'agreements/agreement-state.ts',
      'figures/audit.ts',
      'figures/period.ts',
      'figures/protect.ts',
      'figures/report-html.ts',
      'insight/facts.ts',
      'insight/explain.ts',
      'insight/replay.ts',
      'insight/what-if.ts',
    ]
    for (const path of pure) expect(FILES).toContain(path)
    // Nor by way of a file that is not: what it runs is a rule too, or a decision.
    expect(
      offenders(
        ({ path, from, isType, names }) =>
          pure.includes(path) && !isType && !isTypes(names) && !from.startsWith('decide/') && !pure.includes(from),
      ),
    ).toEqual([])
    expect(
      offenders(
        ({ path, from }) => pure.includes(path) && /^(node:|database\/|operations\/|identity\/|world|[@a-z-]+$)/.test(from),
      ),
    ).toEqual([])
  })

  test('the domain knows no face, no GraphQL, no pages, no app, no demo', () => {
    const above =
      /^(graphql\/|pages\/|demo\/|app\.ts|main\.ts|config\.ts|generated\.ts|fastify|@fastify\/|@apollo\/|@as-integrations\/|type-graphql$|graphql$|graphql-)/
    const known = ['identity/accounts.ts -> demo/ids.ts'] // The demo accounts are part of the demo.
    expect(offenders(({ path, from }) => isDomain(path) && (isFace(from) || above.test(from)))).toEqual(known)
  })

  test('faces know their domain and the technical rim, and are known by the schema and each other alone', () => {
    expect(
      offenders(({ path, from }) => isFace(path) && /^(app|main|config)\.ts$|^(pages|demo|database)\/|^fastify/.test(from)),
    ).toEqual([])
    expect(offenders(({ path, from }) => isFace(from) && !isFace(path) && path !== 'graphql/schema.ts')).toEqual([])
  })

  test('the door to the database knows nothing of what goes through it', () => {
    const door = ['database/door.ts', 'database/migrate.ts', 'database/embedded.ts', 'database/holder.ts', 'database/binaries.ts']
    expect(
      offenders(
        ({ path, from, isType }) => door.includes(path) && DOMAIN.test(from) && !isType && from !== 'identity/capacity.ts',
      ),
    ).toEqual([])
  })

  test('only main starts things: nothing imports it, and nothing but main imports the app', () => {
    expect(offenders(({ from }) => from === 'main.ts')).toEqual([])
    expect(offenders(({ path, from }) => from === 'app.ts' && path !== 'main.ts')).toEqual([])
    expect(offenders(({ path, from }) => from.startsWith('pages/') && !path.startsWith('pages/') && path !== 'main.ts')).toEqual(
      [],
    )
  })

  test('no two files need each other to load', () => {
    const needs = (path: string) =>
      importsOf(path)
        .filter(({ isType, from, names }) => !isType && FILES.includes(from) && !isTypes(names))
        .map(({ from }) => from)
    const circles: string[] = []
    const visit = (path: string, above: readonly string[]) => {
      if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path].join(' -> '))
      else if (!seen.has(path)) {
        for (const next of needs(path)) visit(next, [...above, path])
        seen.add(path)
      }
    }
    const seen = new Set<string>()
    for (const path of FILES) visit(path, [])
    expect(circles).toEqual([])
  })
})

describe('one door', () => {
  test('only the database folder and those who act as owner speak to pg; the domain takes Prisma.sql and nothing else of it', () => {
    const owners = ['generated.ts', 'demo/story.ts', 'decide/policies.ts', 'access-log/log.ts', 'anonymity/restore-check.ts']
    expect(
      offenders(
        ({ path, from, isType }) =>
          /^(pg$|@prisma\/)/.test(from) && !isType && !path.startsWith('database/') && !owners.includes(path),
      ),
    ).toEqual([])
    expect(
      offenders(
        ({ path, from, names, isType }) =>
          from === 'database/prisma/client.ts' && !isType && !path.startsWith('database/') && names !== '{ Prisma }',
      ),
    ).toEqual([])
    for (const path of FILES.filter(isDomain))
      expect(codeOf(path).match(/\bPrisma\.(?!sql\b|join\b|empty\b|raw\b|Sql\b)\w+|\bnew PrismaClient\b/g) ?? [], path).toEqual(
        [],
      )
    // What Prisma.raw takes is written in the file: never what somebody typed.
    expect(FILES.filter((path) => /Prisma\.raw\(/.test(codeOf(path)))).toEqual(['handoffs/handoffs.ts'])
    expect(FILES.filter((path) => /RawUnsafe/.test(codeOf(path)))).toEqual([])
  })

  test('transactions are opened by the door alone', () => {
    expect(FILES.filter((path) => /\$transaction\(/.test(codeOf(path)))).toEqual(['database/door.ts'])
    // Besides operations: what has to be committed by itself (attempts at codes), and what nobody asks for (erasing after a term).
    expect(FILES.filter((path) => /\basCapacity(<T>)?\(/.test(codeOf(path)))).toEqual([
      'consent/erase.ts',
      'database/door.ts',
      'follow-up/attempts.ts',
      'operations/perform.ts',
    ])
  })

  test('only one file knows graphql-shield', () => {
    expect(FILES.filter((path) => /graphql-(shield|middleware)['"]/.test(codeOf(path)))).toEqual([SHIELD])
  })

  test('the environment is read by the configuration and the commands alone', () => {
    const known = [...COMMANDS, 'config.ts', 'database/binaries.ts', 'database/embedded.ts', 'identity/issuer.ts']
    expect(FILES.filter((path) => /\bprocess\.env\b/.test(codeOf(path)) && !known.includes(path))).toEqual([])
    // As a default of an argument, where people start something themselves.
    for (const path of ['database/embedded.ts', 'identity/issuer.ts'])
      expect(codeOf(path).match(/\bprocess\.env\b/g)?.length ?? 0, path).toBeLessThanOrEqual(1)
  })

  test('only commands speak to the console', () => {
    expect(FILES.filter((path) => /\bconsole\.\w+/.test(codeOf(path)) && !COMMANDS.includes(path))).toEqual([])
  })

  test('clock, ids and randomness come in', () => {
    const known = ['world.ts', ...COMMANDS]
    const homemade = /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\brandomUUID\(/
    expect(
      FILES.filter(
        (path) =>
          /^(contacts|handoffs|consent|follow-up|figures|agreements|access-log|insight|operations|partners|decide|demo)\//.test(
            path,
          ) &&
          homemade.test(codeOf(path)) &&
          !known.includes(path),
      ),
    ).toEqual([])
  })
})

test('every file says in its first line what the idea is', () => {
  for (const path of FILES) expect(textOf(path).split('\n')[0], path).toMatch(/^(#!.*|\/\/ .{20,})/)
})
