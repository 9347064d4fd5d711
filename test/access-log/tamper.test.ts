// Whoever owns the database, with triggers, foreign keys and checks off, changes nothing of the log unseen: each column of each table, each row, the whole.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { leafHash } from '#app/access-log/leaf.js'
import { isSound, report } from '#app/access-log/report.js'
import { rowsOf, storedColumns } from '#app/access-log/stored.js'
import type { Verdict } from '#app/access-log/verify.js'
import { connected } from '../support/small-world.js'
import { BATCH, type Log, sealedLog, writeRecord } from './sealed.js'

/** The tables of a record, and how a row of each is found for record `id`; a record is found in `log_leaf` by its seal and place. */
const KEY: Record<string, string> = {
  access_record: 'id',
  access_record_part: 'record_id',
  access_record_actor: 'record_id',
  processing_record: 'record_id',
  log_leaf: 'record_id',
}
const TABLES = Object.keys(KEY)

type Column = { name: string; table: string; column: string; type: string }
/** Every column there is, so that one that is added later is tried by itself. */
const COLUMNS: Column[] = await (async () => {
  const client = await connected(inject('cluster').ownerUrl)
  const { rows } = await client.query<Column>(
    `SELECT c.relname || '.' || a.attname AS name, c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relname = ANY ($1) AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
    [[...TABLES, 'log_seal']],
  )
  await client.end()
  return rows
})()

/** Another value of the same type, as little another as can be; where there is none, the first that comes to mind. */
const OTHER: Record<string, (column: string) => string> = {
  text: (c) => `coalesce(${c}, '') || 'x'`,
  uuid: (c) => `coalesce(overlay(${c}::text placing 'beef' from 1)::uuid, '11111111-1111-4111-8111-111111111111')`,
  'timestamp with time zone': (c) => `${c} + interval '1 microsecond'`,
  boolean: (c) => `NOT ${c}`,
  smallint: (c) => `${c} + 1`,
  integer: (c) => `${c} + 1000`,
  bigint: (c) => `${c} + 1000`,
  bytea: (c) => `set_byte(${c}, 31, (get_byte(${c}, 31) + 1) % 256)`,
  'text[]': (c) => `${c} || 'x'::text`,
  'uuid[]': (c) => `${c} || '11111111-1111-4111-8111-111111111111'::uuid`,
  jsonb: (c) => `jsonb_set(${c}, '{0,shown,unheard}', '"of"')`,
}

let log: Log
let copy: Log
beforeAll(async () => {
  log = await sealedLog()
})
afterAll(() => log?.drop())
const run = (sql: string, ...values: unknown[]) => copy.run(sql, ...values)
const firstOf = ({ faults: { first } }: Verdict) => first[0] as any
const said = (verdict: Verdict) => report(verdict, { hasKeys: true, now: new Date() })

type Chosen = { at: string; id: string; seal: number; place: number }
/** A record in the middle of the log that has a row in this table for which it holds. */
async function chosen(table: string, holds = 'true'): Promise<Chosen> {
  const [row] = await run(
    `SELECT l.at::text, l.record_id AS id, l.seal::int, l.place FROM log_leaf l JOIN ${table} t ON t.at = l.at AND t.${KEY[table]} = l.record_id
     WHERE ${holds} ORDER BY l.seal, l.place OFFSET (SELECT count(*) / 2 FROM ${table} t WHERE ${holds}) LIMIT 1`,
  )
  return row
}
const OF = (table: string) => `(at, ${KEY[table]}) = ($1::timestamptz, $2::uuid)`

/** Constraints are the owner's to drop. */
async function dropConstraints() {
  for (const { name, table } of await run(
    `SELECT conname AS name, conrelid::regclass::text AS table FROM pg_constraint WHERE contype IN ('c', 'u', 'f') AND conrelid::regclass::text = ANY ($1)`,
    [...TABLES, 'log_seal'],
  ))
    await run(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`)
}

/** What the report says first of the rows: the record, by its id and by its place in its seal. Before it stands what keys and checks are gone. */
function expectNamed(verdict: Verdict, record: Partial<Chosen>) {
  expect(isSound(verdict)).toBe(false)
  const { id, seal, place } = firstOf(verdict)
  expect({ id, seal, place }).toMatchObject(record)
  expect(said(verdict)[1 + Math.min(20, verdict.faults.inShape.length)]).toContain(`seal ${record.seal}`)
}

test('a log that nobody touched is sound, with its key ring and without, and says what it covers', async () => {
  copy = await log.copy()
  const verdict = await copy.check()
  expect(verdict.faults).toMatchObject({ first: [], inFile: [], inShape: [], all: 0 })
  const [{ records, seals }] = await run(
    'SELECT (SELECT count(*)::int FROM access_record) AS records, (SELECT count(*)::int FROM log_seal) AS seals',
  )
  expect(verdict).toMatchObject({ records, seals, covered: records, expired: 0 })
  expect(seals).toBeGreaterThan(3)
  expect(isSound(await copy.check({ keys: undefined }))).toBe(true)
  expect(said(verdict)[0]).toBe(`The log is sound: ${records} records and ${seals} seals as they were written.`)
  await copy.drop()
})

/** Changes one value of one row, looks, and puts it back: so one copy is enough for all columns. */
async function changed(table: string, column: string, value: string, where: string): Promise<Verdict> {
  const [before] = await run(`SELECT ctid, to_jsonb(t) AS row FROM ${table} t WHERE ${where} LIMIT 1`)
  const [after] = await run(
    `UPDATE ${table} SET ${column} = ${value} WHERE ctid = $1 RETURNING ctid, to_jsonb(${table}) AS row, ${column}::text AS text`,
    before.ctid,
  )
  const verdict = await copy.check()
  await run(
    `UPDATE ${table} SET ${column} = (jsonb_populate_record(NULL::${table}, $2)).${column} WHERE ctid = $1`,
    after.ctid,
    JSON.stringify(before.row),
  )
  return verdict
}

function otherThan({ column, type }: Column): string {
  const change = OTHER[type]
  if (!change) throw new Error(`the test cannot change a ${type}`)
  return change(column)
}

describe('a value that is changed', () => {
  beforeAll(async () => {
    copy = await log.copy()
    await dropConstraints()
  })
  afterAll(async () => {
    // Everything was put back: nothing was found because of the test before.
    expect((await copy.check()).faults.first).toEqual([])
    await copy.drop()
  })

  test('is tried in every column of every table', () => {
    for (const table of [...TABLES, 'log_seal'])
      expect(COLUMNS.filter((column) => column.table === table).length).toBeGreaterThan(4)
  })

  test.each(COLUMNS.filter(({ table }) => table !== 'log_seal'))('in $name is found, and the record named', async (tried) => {
    const { table, column, type } = tried
    const { at, id, seal, place } = await chosen(table, type === 'jsonb' ? `t.${column} <> '[]'` : 'true')
    const verdict = await changed(table, column, otherThan(tried), `(at, ${KEY[table]}) = ('${at}', '${id}')`)
    // A leaf under another key stands at its place still, and names what it was changed to.
    const isElsewhere = table === 'log_leaf' && ['at', 'record_id', 'seal', 'place'].includes(column)
    expectNamed(verdict, isElsewhere ? { seal, place } : { seal, place, id })
  })

  test.each(COLUMNS.filter(({ table }) => table === 'log_seal'))('in $name is found, and the seal named', async (tried) => {
    const verdict = await changed('log_seal', tried.column, otherThan(tried), 'number = 2')
    expect(isSound(verdict)).toBe(false)
    expect(firstOf(verdict).seal).toBe(2)
  })

  test('into null is found too, in every column that may be null', async () => {
    const found: string[] = []
    const optional = await run(
      `SELECT attrelid::regclass::text AS table, attname AS column FROM pg_attribute
       WHERE attrelid::regclass::text = ANY ($1) AND attnum > 0 AND NOT attisdropped AND NOT attnotnull`,
      TABLES,
    )
    for (const { table, column } of optional) {
      const record = await chosen(table, `t.${column} IS NOT NULL`)
      if (!record) continue
      const { at, id, seal, place } = record
      const where = `(at, ${KEY[table]}) = ('${at}', '${id}') AND t.${column} IS NOT NULL`
      expectNamed(await changed(table, column, 'NULL', where), { seal, place })
      found.push(`${table}.${column}`)
    }
    expect(found).toContain('access_record_part.partner_id')
    expect(found.length).toBeGreaterThan(8)
  })

  test.each([
    ['a number written otherwise', `jsonb_set(objects, '{0,consent}', '1.00')`],
    ['a null that was not there', `jsonb_set(objects, '{0,unheard}', 'null')`],
    ['a null that was', `objects #- '{0,consent}'`],
    ['an object twice', 'objects || objects'],
    ['no objects', `'[]'`],
  ])('into %s, in what a part holds, is found', async (_, value) => {
    const where = value.includes('#-') ? `t.objects #> '{0,consent}' = 'null'` : `t.objects #> '{0,consent}' = '1'`
    const { at, id, seal, place } = await chosen('access_record_part', where)
    const verdict = await changed('access_record_part', 'objects', value, `(at, record_id) = ('${at}', '${id}') AND ${where}`)
    expectNamed(verdict, { id, seal, place })
  })
})

test('a keyed hash that is changed is found without the key ring too, and one of a key that nobody has', async () => {
  copy = await log.copy()
  const { id, seal, place } = await chosen('log_leaf')
  await run(`UPDATE log_leaf SET mac = overlay(mac placing '9' from 2) WHERE record_id = $1`, id)
  expectNamed(await copy.check(), { id, seal, place })
  expect(firstOf(await copy.check({ keys: undefined })).seal).toBe(seal)
  await run(`UPDATE log_leaf SET mac = 'none' WHERE record_id = $1`, id)
  expectNamed(await copy.check(), { id, seal, place })
  await copy.drop()
})

describe('what is done to rows', () => {
  beforeEach(async () => {
    copy = await log.copy()
  })
  afterEach(() => copy?.drop())

  const there = async (seal: number, place: number): Promise<Chosen> =>
    (await run('SELECT at::text, record_id AS id, seal::int, place FROM log_leaf WHERE seal = $1 AND place = $2', seal, place))[0]
  /** Every row of a record, in one table or in all. */
  const take = async ({ at, id }: Chosen, tables: readonly string[] = TABLES) => {
    for (const table of tables) await run(`DELETE FROM ${table} WHERE ${OF(table)}`, at, id)
  }
  /** Puts a copy of a record's rows there, as a record `id` of the same moment. */
  const double = async (record: Chosen, id: string, tables: readonly string[]) => {
    for (const table of tables) {
      const columns = COLUMNS.filter((column) => column.table === table).map(({ column }) => column)
      const values = columns.map((column) =>
        column === KEY[table] ? `'${id}'` : ['seal', 'place'].includes(column) ? 'NULL' : column,
      )
      await run(`INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${table} WHERE ${OF(table)}`, record.at, record.id)
    }
  }
  const written = async (at: string) => {
    const client = await connected(copy.database.adminUrl)
    return writeRecord(client, new Date(at)).finally(() => client.end())
  }
  const STRANGER = '11111111-1111-4111-8111-111111111111'
  const RECORD = TABLES.filter((table) => table !== 'log_leaf')

  test.each(TABLES)('a row that is deleted from %s is missed, and the record named', async (table) => {
    const record = await chosen(table)
    await take(record, [table])
    expectNamed(await copy.check(), record.seal ? { seal: record.seal, place: record.place, id: record.id } : {})
  })

  test('a record that is deleted with all its rows and its leaf is missed at its place', async () => {
    const [before, record] = [await there(2, 6), await there(2, 7)]
    await take(record)
    const verdict = await copy.check()
    expectNamed(verdict, { seal: 2, place: 7 })
    expect(firstOf(verdict).what).toContain(`It came after record ${before.id}`)
  })

  test.each([
    ['the first', [1, 1]],
    ['the last of a seal', [2, BATCH]],
    ['the last of all', undefined],
  ])('%s record too', async (_, where) => {
    const [last] = await run('SELECT seal::int, place FROM log_leaf ORDER BY seal DESC, place DESC LIMIT 1')
    const [seal, place] = where ?? [last.seal, last.place]
    await take(await there(seal!, place!))
    expectNamed(await copy.check(), { seal: seal!, place: place! })
  })

  test('a copy under another id is found: without a leaf, with one that is not sealed, and with one in a seal', async () => {
    const record = await there(2, 7)
    await double(record, STRANGER, RECORD)
    expect(firstOf(await copy.check())).toMatchObject({ id: STRANGER, what: expect.stringContaining('has no leaf') })
    await double(record, STRANGER, ['log_leaf'])
    expect(firstOf(await copy.check())).toMatchObject({ id: STRANGER, what: expect.stringContaining('is not as it was written') })
    await run('UPDATE log_leaf SET seal = 2, place = 1 + $1 WHERE record_id = $2', BATCH, STRANGER)
    expect(firstOf(await copy.check())).toMatchObject({ id: STRANGER, seal: 2, place: BATCH + 1 })
  })

  test('a record with a leaf of its own making is found by its keyed hash, sealed by the sealer itself or not', async () => {
    const record = await there(4, 3)
    await double(record, STRANGER, TABLES)
    const owner = await connected(copy.database.ownerUrl)
    const [row] = await run(`SELECT ${await storedColumns(owner)} FROM log_leaf l WHERE record_id = $1`, STRANGER)
    await owner.end()
    const rows = rowsOf(row)
    if (typeof rows === 'string') throw new Error(rows)
    await run('UPDATE log_leaf SET hash = $1 WHERE record_id = $2', leafHash(rows), STRANGER)
    const keyed = { id: STRANGER, what: expect.stringContaining('keyed hash') }
    expect(firstOf(await copy.check())).toMatchObject(keyed)
    // What nobody with the key looks at, nothing tells from a true one until it is sealed; and then the seal covers it.
    expect(isSound(await copy.check({ keys: undefined }))).toBe(true)
    await run(`UPDATE log_leaf SET mac = 'k9:' || split_part(mac, ':', 2) WHERE record_id = $1`, STRANGER)
    expect(firstOf(await copy.check())).toMatchObject(keyed)
    await run(`UPDATE log_leaf SET mac = 'k1:' || split_part(mac, ':', 2) WHERE record_id = $1`, STRANGER)
    expect(await copy.seal()).toBe(1)
    expect(firstOf(await copy.check())).toMatchObject({ ...keyed, place: 1 })
  })

  test.each(RECORD)('what two records have in %s, swapped, is found, and the first of them named', async (table) => {
    const [one] = await run(
      `SELECT l.at::text, l.record_id AS id, l.seal::int, l.place FROM log_leaf l JOIN ${table} t ON t.at = l.at AND t.${KEY[table]} = l.record_id ORDER BY l.seal, l.place LIMIT 1`,
    )
    const key = ['at', KEY[table], 'number']
    const columns = COLUMNS.filter((column) => column.table === table && !key.includes(column.column)).map(({ column }) => column)
    const [other] = await run(
      `SELECT t.at::text, t.${KEY[table]} AS id FROM ${table} t WHERE ${columns
        .map((c) => `t.${c}::text`)
        .join(` || ' ' || `)
        .replaceAll(/t\.\w+::text/g, (c) => `coalesce(${c}, '')`)} <>
         (SELECT ${columns.map((c) => `coalesce(o.${c}::text, '')`).join(` || ' ' || `)} FROM ${table} o WHERE ${OF(table).replace('(at', '(o.at')} LIMIT 1) ORDER BY t.at DESC LIMIT 1`,
      one.at,
      one.id,
    )
    await run(
      `UPDATE ${table} t SET (${columns}) = (SELECT ${columns.map((c) => `o.${c}`)} FROM ${table} o
         WHERE o.at = CASE WHEN t.${KEY[table]} = $2 THEN $3::timestamptz ELSE $1::timestamptz END AND o.${KEY[table]} = CASE WHEN t.${KEY[table]} = $2 THEN $4::uuid ELSE $2::uuid END LIMIT 1)
       WHERE t.${KEY[table]} IN ($2, $4)`,
      one.at,
      one.id,
      other.at,
      other.id,
    )
    expectNamed(await copy.check(), { id: one.id, seal: one.seal, place: one.place })
  })

  test.each([
    ['within a seal', [2, 5], [2, 9]],
    ['between seals', [1, 5], [3, 5]],
    ['of neighbours', [2, 5], [2, 6]],
  ] as [string, [number, number], [number, number]][])('places that are swapped %s are found', async (_, one, other) => {
    const [a, b] = [await there(...one), await there(...other)]
    await run('ALTER TABLE log_leaf DROP CONSTRAINT log_leaf_pkey; DROP INDEX log_leaf_of_seal')
    await run(
      'UPDATE log_leaf SET seal = $3, place = $4 WHERE (at, record_id) = ($1::timestamptz, $2::uuid)',
      a.at,
      a.id,
      b.seal,
      b.place,
    )
    await run(
      'UPDATE log_leaf SET seal = $3, place = $4 WHERE (at, record_id) = ($1::timestamptz, $2::uuid)',
      b.at,
      b.id,
      a.seal,
      a.place,
    )
    const verdict = await copy.check()
    expect(isSound(verdict)).toBe(false)
    // Named is the first that is out of order: at the first of the two places, or beside it.
    expect(firstOf(verdict).seal).toBe(Math.min(a.seal, b.seal))
    expect(Math.abs(firstOf(verdict).place - one[1])).toBeLessThanOrEqual(1)
  })

  test.each(TABLES)('a row that stands in %s twice, after its keys were dropped, is found', async (table) => {
    await dropConstraints()
    const [{ name }] = await run(
      `SELECT conname AS name FROM pg_constraint WHERE contype = 'p' AND conrelid = $1::regclass`,
      table,
    )
    await run(`ALTER TABLE ${table} DROP CONSTRAINT ${name} CASCADE`)
    if (table === 'log_leaf') await run('DROP INDEX log_leaf_of_seal')
    const record = await chosen(table)
    await run(`INSERT INTO ${table} SELECT * FROM ${table} WHERE ${OF(table)} LIMIT 1`, record.at, record.id)
    expectNamed(await copy.check(), { id: record.id, seal: record.seal })
  })

  test.each(TABLES)('%s, emptied, is missed from the first record on', async (table) => {
    const [first] = await run(
      `SELECT l.seal::int, l.place FROM log_leaf l JOIN ${table} t ON t.at = l.at AND t.${KEY[table]} = l.record_id ORDER BY l.seal, l.place LIMIT 1`,
    )
    await run(`DELETE FROM ${table}`)
    const verdict = await copy.check()
    expectNamed(verdict, first)
    expect(verdict.faults.all).toBeGreaterThan(3)
  })

  test('the whole log, emptied, is missed; with its seals too', async () => {
    for (const table of RECORD) await run(`DELETE FROM ${table}`)
    await run('DELETE FROM log_leaf')
    expectNamed(await copy.check(), { seal: 1, place: 1 })
    await run('DELETE FROM log_seal')
    expect(firstOf(await copy.check())).toMatchObject({
      seal: 1,
      what: expect.stringContaining('was signed and is not in the database'),
    })
  })

  test('rows that belong to no record are found in every table', async () => {
    for (const table of RECORD) {
      const record = await chosen(table)
      await double(record, STRANGER, [table])
      const verdict = await copy.check()
      expect(verdict.faults.first.map(({ id }) => id)).toContain(STRANGER)
      await run(`DELETE FROM ${table} WHERE ${KEY[table]} = $1`, STRANGER)
    }
  })

  test('a record that is taken out of its seal is found, and one that the sealer passed over', async () => {
    const record = await there(2, 7)
    await run('UPDATE log_leaf SET seal = NULL, place = NULL WHERE record_id = $1', record.id)
    expectNamed(await copy.check(), { seal: 2, place: 7 })
    // As a sealer would that was made to look away: the record was there long before the youngest of its seals.
    await run(`UPDATE log_leaf SET seal = 2, place = 7 WHERE record_id = $1`, record.id)
    const id = await written('2026-11-01T10:00:00Z')
    expect(firstOf(await copy.check())).toMatchObject({ id, what: expect.stringContaining('passed it over') })
  })

  test('what row-level security hides from the owner is an error, never rows that look as if they were all', async () => {
    await run('ALTER TABLE access_record FORCE ROW LEVEL SECURITY')
    const { first, inShape } = (await copy.check()).faults
    expect(inShape[0]).toContain('access_record: its kind is "table, persistence p, row-level security on, for its owner too"')
    expect(first).toEqual([{ what: 'the rows could not be read to the end (42501)' }])
  })

  test('a view in the place of a table is no table', async () => {
    await run(
      'ALTER TABLE access_record RENAME TO hidden; CREATE VIEW access_record AS SELECT * FROM hidden; GRANT SELECT ON access_record TO wo_owner',
    )
    expect((await copy.check()).faults.inShape[0]).toContain('access_record: its kind is "view')
  })
})
