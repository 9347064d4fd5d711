// Every table has a use: what the schema declares, the server reads or writes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const SCHEMA = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url))
/** What the database does for the server in functions is the server's doing too. */
const FUNCTIONS = readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('migration.sql'))
  .flatMap((path) => [
    ...readFileSync(join(MIGRATIONS, path), 'utf8').matchAll(/CREATE (?:OR REPLACE )?FUNCTION[\s\S]*?AS \$\$([\s\S]*?)\$\$/g),
  ])
  .map(([, body]) => body)
  .join('\n')

/** The code of the server and its release step; the demo fills tables, which is no use of them. */
const CODE = `${FUNCTIONS}\n${readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/^(database\/prisma|demo)\//.test(path.replaceAll('\\', '/')))
  .map((path) => readFileSync(join(SRC, path), 'utf8').replace(/^\s*\/\/.*$/gm, ''))
  .join('\n')}`

const MODELS = [...SCHEMA.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)].map(([, model, body]) => ({
  model: model!,
  table: /@@map\("(\w+)"\)/.exec(body!)?.[1] ?? model!,
}))

const isUsed = ({ model, table }: { model: string; table: string }): boolean =>
  new RegExp(`\\b(FROM|JOIN|INTO|UPDATE|from|join|into|update)\\s+(public\\.)?${table}\\b|'${table}'|"${table}"`).test(CODE) ||
  new RegExp(`\\bsql\\.${model[0]!.toLowerCase()}${model.slice(1)}\\.`).test(CODE)

test('the schema has the tables of the first release', () => {
  expect(MODELS.length).toBeGreaterThan(30)
  expect(new Set(MODELS.map(({ table }) => table)).size).toBe(MODELS.length)
})

test.each(MODELS)('$table is read or written by the server', (model) => {
  expect(isUsed(model)).toBe(true)
})

test('a table that nothing uses would be noticed', () => {
  expect(isUsed({ model: 'Appointment', table: 'appointment' })).toBe(false)
})
