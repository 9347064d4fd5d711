// prisma/schema.prisma says what the migrations make: every table a model, every column a field, in type and nullability.
import { readFileSync } from 'node:fs'
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { connected } from '../support/small-world.js'

/** One line per fact, so that a difference reads as a sentence. */
type Facts = string[]

const WRITTEN = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')

/** What a field's type and attribute stand for in PostgreSQL; anything else is a fault of the file. */
const TYPES: Record<string, string> = {
  String: 'text',
  'String @db.Uuid': 'uuid',
  'String[]': 'text[]',
  'String[] @db.Uuid': 'uuid[]',
  'Int[] @db.SmallInt': 'smallint[]',
  Boolean: 'boolean',
  Int: 'integer',
  'Int @db.SmallInt': 'smallint',
  'Int[]': 'integer[]',
  BigInt: 'bigint',
  Bytes: 'bytea',
  'DateTime @db.Date': 'date',
  'DateTime @db.Timestamptz(6)': 'timestamp with time zone',
  Float: 'double precision',
  Json: 'jsonb',
}

function factsOf(schema: string): Facts {
  const facts: Facts = []
  for (const [, model, body] of schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const table = /^ {2}@@map\("(\w+)"\)$/m.exec(body!)?.[1] ?? model!
    const columns = new Map<string, string>()
    for (const line of body!.split('\n').filter((text) => /^ {2}\w/.test(text))) {
      const [, field, type, optional, rest] = /^ {2}(\w+)\s+(\w+(?:\[\])?)(\?)?(.*)$/.exec(line) ?? []
      if (!field) throw new Error(`schema.prisma: cannot read ${line}`)
      const column = /@map\("(\w+)"\)/.exec(rest!)?.[1] ?? field
      columns.set(field, column)
      const written = `${type}${/ @db\.\w+(\(\d+\))?/.exec(rest!)?.[0] ?? ''}`
      facts.push(
        `${table}.${column}: ${TYPES[written] ?? `unknown (${written})`}${optional ? '' : ' not null'}${/@default\(/.test(rest!) ? ' default' : ''}`,
      )
      if (/@id\b/.test(rest!)) facts.push(`${table} key: ${column}`)
    }
    const key = /^ {2}@@id\(\[(.+)\]\)$/m.exec(body!)?.[1]
    if (key)
      facts.push(
        `${table} key: ${key
          .split(', ')
          .map((field) => columns.get(field))
          .join(', ')}`,
      )
  }
  return facts.sort()
}

async function factsIn(client: Client): Promise<Facts> {
  const { rows } = await client.query<{ fact: string }>(`
    SELECT c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || CASE WHEN a.atthasdef THEN ' default' ELSE '' END AS fact
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> '_prisma_migrations'
    UNION ALL
    SELECT c.relname || ' key: ' || string_agg(a.attname, ', ' ORDER BY k.place) FROM pg_constraint p JOIN pg_class c ON c.oid = p.conrelid
      CROSS JOIN unnest(p.conkey) WITH ORDINALITY k (number, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
    WHERE p.contype = 'p' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations' GROUP BY c.relname`)
  return rows.map(({ fact }) => fact).sort()
}

let database: TestDatabase
let owner: Client

beforeAll(async () => {
  database = await freshDatabase()
  owner = await connected(database.ownerUrl)
})

afterAll(async () => {
  await owner?.end()
  await database?.drop()
})

const difference = async (schema: string) => {
  const [written, real] = [factsOf(schema), await factsIn(owner)]
  return {
    onlyInSchema: written.filter((fact) => !real.includes(fact)),
    onlyInDatabase: real.filter((fact) => !written.includes(fact)),
  }
}

test('schema.prisma and the migrated database agree', async () => {
  expect(factsOf(WRITTEN).length).toBeGreaterThan(200)
  expect(await difference(WRITTEN)).toEqual({ onlyInSchema: [], onlyInDatabase: [] })
})

test.each([
  [
    'another type',
    /(changedOn .*) @db\.Date/,
    '$1 @db.Timestamptz(6)',
    'hand_off.changed_on: timestamp with time zone not null',
    'hand_off.changed_on: date not null',
  ],
  [
    'a value that may be missing',
    /(heardByDesk .*\n +reason +)String\?/,
    '$1String',
    'hand_off.reason: text not null',
    'hand_off.reason: text',
  ],
  [
    'another column',
    /@map\("wording_version"\)/,
    '@map("wording")',
    'consent.wording: text not null',
    'consent.wording_version: text not null',
  ],
  [
    'another key',
    /@@id\(\[werkcentrumId, handOffId, version\]\)/,
    '@@id([handOffId, version])',
    'consent key: hand_off_id, version',
    'consent key: werkcentrum_id, hand_off_id, version',
  ],
  [
    'another order of the key',
    /@@id\(\[at, recordId\]\)/,
    '@@id([recordId, at])',
    'access_record_actor key: record_id, at',
    'access_record_actor key: at, record_id',
  ],
  [
    'no default',
    / @default\(false\) @map\("heard_by_desk"\)/,
    ' @map("heard_by_desk")',
    'hand_off.heard_by_desk: boolean not null',
    'hand_off.heard_by_desk: boolean not null default',
  ],
  [
    'a list that is none',
    /themes( +)String\[\]/,
    'themes$1String',
    'visitor_contact_question.themes: text not null default',
    'visitor_contact_question.themes: text[] not null default',
  ],
])('it would show %s', async (_, from, to, onlyInSchema, onlyInDatabase) => {
  const changed = WRITTEN.replace(from, to)
  expect(changed).not.toBe(WRITTEN)
  expect(await difference(changed)).toEqual({ onlyInSchema: [onlyInSchema], onlyInDatabase: [onlyInDatabase] })
})

test('it would show a missing model and a new column', async () => {
  const { onlyInDatabase } = await difference(WRITTEN.replace(/^model Region \{[\s\S]*?^\}/m, ''))
  expect(onlyInDatabase).toEqual(['region key: am_code', 'region.am_code: text not null', 'region.name: text not null'])
  await owner.query('BEGIN')
  await owner.query('ALTER TABLE partner ADD COLUMN telephone text')
  expect(await difference(WRITTEN)).toEqual({ onlyInSchema: [], onlyInDatabase: ['partner.telephone: text'] })
  await owner.query('ROLLBACK')
})
