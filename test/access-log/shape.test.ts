// The log is not sound when the tables it is read through are not as the release makes them, though every row is as it was written.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isSound, report } from '#app/access-log/report.js'
import { notAsReleased, OF_THE_LOG } from '#app/access-log/shape.js'
import { connected } from '../support/small-world.js'
import { type Log, sealedLog } from './sealed.js'

let log: Log
let owner: Client
beforeAll(async () => {
  log = await sealedLog()
})
afterAll(() => log?.drop())

describe('who owns the database and changes what everybody reads', () => {
  let copy: Log
  beforeEach(async () => {
    copy = await log.copy()
    owner = await connected(copy.database.ownerUrl)
  })
  afterEach(async () => {
    await owner.end()
    await copy.drop()
  })

  test('by a type whose cast to JSON tells the old value is found out, though every leaf is as it was', async () => {
    const { rows } = await owner.query<{ operation: string }>('SELECT DISTINCT operation FROM access_record')
    const [hidden, shown] = ['agreementMatrix', rows[0]!.operation]
    const names = [...new Set([hidden, ...rows.map(({ operation }) => operation)])].map((name) => `'${name}'`)
    await owner.query(`
      BEGIN;
      CREATE TYPE op_t AS ENUM (${names});
      CREATE FUNCTION op_json(op_t) RETURNS json LANGUAGE sql STABLE AS $$ SELECT to_json(CASE WHEN $1::text = '${hidden}' THEN '${shown}' ELSE $1::text END) $$;
      CREATE CAST (op_t AS json) WITH FUNCTION op_json(op_t);
      ALTER TABLE access_record ALTER operation TYPE op_t USING operation::op_t;
      UPDATE access_record SET operation = '${hidden}' WHERE operation = '${shown}';
      COMMIT`)
    expect((await owner.query(`SELECT FROM access_record WHERE operation = '${hidden}'`)).rowCount).toBeGreaterThan(0)
    const verdict = await copy.check()
    expect(verdict.faults.first).toEqual([])
    expect(isSound(verdict)).toBe(false)
    const said = report(verdict, { hasKeys: true, now: new Date() })
    expect(said[0]).toContain('THE LOG IS NOT AS IT WAS WRITTEN: 2 faults')
    expect(said[1]).toContain(
      'The first: access_record: its column operation is "public.op_t, not null", and the release made it "text',
    )
  })

  test('by a policy that hides records from officers is found out', async () => {
    await owner.query(`CREATE POLICY hide ON access_record AS RESTRICTIVE FOR SELECT USING (operation <> 'agreementMatrix')`)
    const verdict = await copy.check()
    expect(verdict.faults).toMatchObject({ first: [], all: 1 })
    expect(verdict.faults.inShape[0]).toContain(
      `access_record has what no release made: "policy hide", "restrictive, command r, to {PUBLIC}`,
    )
  })

  test('by an index that leaves records out while its function says that it does not is found out', async () => {
    await owner.query(`
      CREATE FUNCTION told(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 <> 'me' $$;
      CREATE INDEX quick ON access_record (at, id) WHERE told(operation);
      CREATE OR REPLACE FUNCTION told(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'`)
    expect((await copy.check()).faults.inShape).toEqual([
      expect.stringContaining('access_record has what no release made: "index quick"'),
      expect.stringContaining('the database has what no release made: "function told(text)"'),
    ])
  })

  test('so that it cannot be read any more gets no other answer', async () => {
    await owner.query('ALTER TABLE access_record RENAME operation TO other')
    await owner.query('ALTER TABLE processing_record RENAME at TO moment')
    const verdict = await copy.check()
    expect(verdict.faults.inShape).toContain('access_record has no column operation any more, that the release made')
    expect(verdict.faults.first).toEqual([{ what: 'the rows could not be read to the end (42703)' }])
  })

  test('is not believed when the database says it is of another release, but it is said', async () => {
    await owner.query(`UPDATE _prisma_migrations SET migration_name = '30001122000000_next' WHERE migration_name LIKE '%seals'`)
    expect(isSound(await copy.check())).toBe(true)
    await owner.query('ALTER TABLE log_seal ADD witness text')
    expect((await copy.check()).faults.inShape).toEqual([
      expect.stringContaining('The database says it is of another release'),
      'log_seal has what no release made: "column witness", "text, collation pg_catalog.\\"default\\""',
    ])
  })

  test('writes no line of the report', async () => {
    await owner.query(`CREATE POLICY "x\nThe log is sound: " ON log_leaf USING (true)`)
    const said = report(await copy.check(), { hasKeys: true, now: new Date() })
    expect(said[1]).toContain(String.raw`"policy \"x\nThe log is sound: \""`)
    expect(said.join('')).not.toContain('\n')
  })
})

/** The npm package has no pg_dump; a PostgreSQL of the machine has (POSTGRES_BIN). */
const BIN = process.env.POSTGRES_BIN ?? ''
test.each(existsSync(join(BIN, 'pg_dump')) ? ['by the owner', 'by a superuser'] : [])(
  'a log that was dumped and put back %s is sound',
  async (who) => {
    const { ownerUrl, adminUrl } = log.database
    const url = who === 'by the owner' ? ownerUrl : adminUrl
    const name = 'test_put_back'
    const put = (into: string, sql: string) =>
      execFileSync(join(BIN, 'psql'), ['-qX', '-v', 'ON_ERROR_STOP=1', into], { input: sql })
    const dumped = execFileSync(join(BIN, 'pg_dump'), [adminUrl], { maxBuffer: 1e9 }).toString()
    const [to, postgres] = [url, adminUrl].map(
      (each, index) => Object.assign(new URL(each), { pathname: index ? 'postgres' : name }).href,
    )
    put(postgres!, `CREATE DATABASE ${name} TEMPLATE template0 OWNER wo_owner`)
    try {
      put(to!, dumped)
      const client = await connected(Object.assign(new URL(ownerUrl), { pathname: name }).href)
      const { faults } = await log.check({ client }).finally(() => client.end())
      expect(faults).toMatchObject({ first: [], inShape: [], all: 0 })
    } finally {
      put(postgres!, `DROP DATABASE ${name} WITH (FORCE)`)
    }
  },
)

type Column = { name: string; type: string; value: string; free?: string }
/** A column of each table to do things to, and what must go first. */
const COLUMN: Readonly<Record<string, Column>> = {
  access_record: { name: 'operation', type: 'text', value: `''` },
  access_record_part: { name: 'objects', type: 'jsonb', value: `'{}'`, free: 'DROP POLICY add_to_both ON access_record_part' },
  access_record_actor: { name: 'pseudonym', type: 'text', value: `''` },
  processing_record: { name: 'name', type: 'text', value: `''` },
  log_leaf: { name: 'mac', type: 'text', value: `''`, free: 'DROP POLICY as_signed ON log_leaf' },
  log_seal: { name: 'last_at', type: 'timestamptz', value: `'epoch'` },
  retention_term: {
    name: 'months',
    type: 'integer',
    value: '12',
    free: 'ALTER TABLE retention_term DROP CONSTRAINT retention_term_months_check',
  },
}

/** What can be done to a table and to that column, and what is said of it. */
const DONE: Readonly<Record<string, (t: string, c: string, of: Column) => [sql: string, said: string]>> = {
  'a column more': (t) => [`ALTER TABLE ${t} ADD more jsonb`, 'no release made: "column more", "jsonb"'],
  'a column less': (t, c) => [`ALTER TABLE ${t} DROP ${c} CASCADE`, `no column ${c} any more`],
  'a column of another name': (t, c) => [`ALTER TABLE ${t} RENAME ${c} TO other`, `no column ${c} any more`],
  'a type of the owner': (t, c, { type }) => [
    `CREATE DOMAIN d AS ${type}; ALTER TABLE ${t} ALTER ${c} TYPE d`,
    `its column ${c} is "public.d`,
  ],
  'another type': (t, c) => [`ALTER TABLE ${t} ALTER ${c} TYPE varchar`, `its column ${c} is "character varying`],
  'a default': (t, c, { value }) => [`ALTER TABLE ${t} ALTER ${c} SET DEFAULT ${value}`, `its column ${c} is`],
  'null where there was none': (t, c) => [`ALTER TABLE ${t} ALTER ${c} DROP NOT NULL`, `its column ${c} is`],
  'a generated column': (t, c, { type, value }) => [
    `ALTER TABLE ${t} DROP ${c} CASCADE, ADD ${c} ${type} NOT NULL GENERATED ALWAYS AS (${value}::${type}) STORED`,
    'generated s, default',
  ],
  'an identity': (t) => [`ALTER TABLE ${t} ADD more integer GENERATED ALWAYS AS IDENTITY`, 'identity a'],
  'no row-level security': (t) => [`ALTER TABLE ${t} DISABLE ROW LEVEL SECURITY`, 'row-level security OFF"'],
  'row-level security before its owner': (t) => [`ALTER TABLE ${t} FORCE ROW LEVEL SECURITY`, 'for its owner too'],
  'a policy that hides': (t) => [
    `CREATE POLICY hide ON ${t} AS RESTRICTIVE FOR SELECT USING (false)`,
    '"policy hide", "restrictive, command r, to {PUBLIC}, using false"',
  ],
  'a policy that opens': (t) => [
    `CREATE POLICY show ON ${t} USING (true)`,
    '"policy show", "permissive, command *, to {PUBLIC}, using true"',
  ],
  'a policy for writing': (t) => [
    `CREATE POLICY add ON ${t} FOR INSERT TO wo_guide WITH CHECK (true)`,
    'command a, to {wo_guide}, with check true',
  ],
  'a rule': (t) => [`CREATE RULE quiet AS ON DELETE TO ${t} DO INSTEAD NOTHING`, '"rule quiet"'],
  'a trigger': (t) => [
    `CREATE TRIGGER quiet BEFORE UPDATE ON ${t} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    '"trigger quiet"',
  ],
  'a child': (t) => [`CREATE TABLE child () INHERITS (${t})`, '"child public.child"'],
  'a parent': (t) => [`CREATE TABLE parent (); ALTER TABLE ${t} INHERIT parent`, '"parent public.parent"'],
  'a view in its place': (t) => [
    `ALTER TABLE ${t} RENAME TO old; CREATE VIEW ${t} AS SELECT * FROM old`,
    `${t}: its kind is "view`,
  ],
  'a copy in its place': (t) => [
    `ALTER TABLE ${t} RENAME TO old; CREATE TABLE ${t} (LIKE old INCLUDING ALL)`,
    'row-level security OFF"',
  ],
  'partitions in its place': (t, c) => [
    `ALTER TABLE ${t} RENAME TO old; CREATE TABLE ${t} (LIKE old) PARTITION BY LIST (${c})`,
    'its kind is "relation of kind p',
  ],
  'a table in its place that a crash empties': (t) => [
    `ALTER TABLE ${t} RENAME TO old; CREATE UNLOGGED TABLE ${t} (LIKE old)`,
    'persistence u',
  ],
  'nothing in its place': (t) => [`DROP TABLE ${t} CASCADE`, `${t} is gone`],
  'an index of some rows': (t, c) => [`CREATE INDEX more ON ${t} (${c}) WHERE ${c} IS NOT NULL`, '"index more"'],
  'an index of something else': (t, c) => [`CREATE INDEX more ON ${t} ((${c} IS NULL))`, '"index more"'],
  'a check more': (t, c) => [`ALTER TABLE ${t} ADD CONSTRAINT more CHECK (${c} IS NULL) NOT VALID`, '"constraint more"'],
  'a key less': (t) => [`ALTER TABLE ${t} DROP CONSTRAINT ${t}_pkey CASCADE`, `no constraint ${t}_pkey any more`],
  'a cast of its rows': (t) => [
    `CREATE FUNCTION tell(${t}) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$; CREATE CAST (${t} AS jsonb) WITH FUNCTION tell(${t})`,
    `"cast from public.${t} to jsonb"`,
  ],
  'a cast of many of its rows': (t) => [
    `CREATE FUNCTION tell(${t}[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$; CREATE CAST (${t}[] AS jsonb) WITH FUNCTION tell(${t}[])`,
    `"cast from public.${t}[] to jsonb"`,
  ],
}

/** What can be done beside the tables. */
const BESIDE: Readonly<Record<string, [sql: string, said: string]>> = {
  'another policy of the same name': [
    'DROP POLICY read_of_own_people ON access_record_part; CREATE POLICY read_of_own_people ON access_record_part FOR SELECT TO wo_officer_partner USING (false)',
    'access_record_part: its policy read_of_own_people is "permissive, command r, to {wo_officer_partner}, using false", and the release made it',
  ],
  'a policy for others': [
    'ALTER POLICY read_of_own_people ON access_record_part TO wo_guide',
    'its policy read_of_own_people is',
  ],
  'a check of the same name': [
    'ALTER TABLE log_seal DROP CONSTRAINT log_seal_size_check; ALTER TABLE log_seal ADD CONSTRAINT log_seal_size_check CHECK (size > 1) NOT VALID',
    'log_seal: its constraint log_seal_size_check is',
  ],
  'a function that a policy calls': [
    `CREATE OR REPLACE FUNCTION app_organisation() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid'`,
    'the database: its function app_organisation() is',
  ],
  'a function with another path': [
    'ALTER FUNCTION seal_log(integer) SET search_path = public',
    'the database: its function seal_log(most integer) is',
  ],
  'a function without a text': [
    'CREATE OR REPLACE FUNCTION newest_seal() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp BEGIN ATOMIC SELECT 0::bigint; END',
    'the database: its function newest_seal() is',
  ],
  'a function less': ['DROP FUNCTION expire_seal(bigint)', 'the database has no function expire_seal(through bigint) any more'],
  'a function that PostgreSQL has for other types': [
    `CREATE FUNCTION jsonb_array_elements(text) RETURNS SETOF jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$`,
    '"function jsonb_array_elements(text)"',
  ],
  'an aggregate': [
    'CREATE AGGREGATE json_agg(integer) (sfunc = int4_sum, stype = bigint)',
    '"function json_agg(integer)", "returns bigint, kind a',
  ],
  'an operator': [
    `CREATE FUNCTION same(text, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false'; CREATE OPERATOR = (LEFTARG = text, RIGHTARG = varchar, FUNCTION = same)`,
    '"operator = (text, character varying)"',
  ],
  'another collation': [
    'ALTER TABLE access_record ALTER operation TYPE text COLLATE "C"',
    'its column operation is "text, not null, collation pg_catalog.\\"C\\""',
  ],
  'a collation of the same name': [
    'CREATE COLLATION "default" FROM "C"; ALTER TABLE access_record ALTER operation TYPE text COLLATE public."default"',
    'its column operation is "text, not null, collation public.\\"default\\""',
  ],
  'an operator on rows of the log': [
    `CREATE FUNCTION same(log_seal, log_seal) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR = (LEFTARG = log_seal, RIGHTARG = log_seal, FUNCTION = same)`,
    '"operator = (public.log_seal, public.log_seal)"',
  ],
}

describe('of the shape of the log', () => {
  beforeAll(async () => {
    owner = await connected(log.database.ownerUrl)
  })
  afterAll(() => owner.end())
  beforeEach(() => owner.query('BEGIN'))
  afterEach(() => owner.query('ROLLBACK'))

  test('every table is known, each of its columns and policies, and what they call', async () => {
    expect(await notAsReleased(owner)).toEqual([])
    expect(OF_THE_LOG.toSorted()).toEqual([
      'access_record',
      'access_record_actor',
      'access_record_part',
      'log_leaf',
      'log_seal',
      'processing_record',
      'retention_term',
    ])
  })

  test.each(OF_THE_LOG.flatMap((table) => Object.keys(DONE).map((what) => ({ table, what }))))(
    'it is said that $table has $what',
    async ({ table, what }) => {
      const column = COLUMN[table]!
      const [sql, said] = DONE[what]!(table, column.name, column)
      await owner.query(`${column.free ?? ''}; ${sql}`)
      const odd = await notAsReleased(owner)
      expect(odd.filter((sentence) => sentence.startsWith(table)).join('\n')).toContain(said)
    },
  )

  test.each([
    ['for the database', 'ALTER DATABASE %', 'setting constraint_exclusion of this database'],
    ['for a role', 'ALTER ROLE wo_nobody IN DATABASE %', 'setting constraint_exclusion of this database for wo_nobody'],
  ])('it is said that there is a setting that changes what is read %s', async (_, where, said) => {
    const { rows } = await owner.query('SELECT current_database() AS name')
    const set = async (setting: string) => {
      await owner.query(`${where.replace('%', rows[0].name)} SET ${setting}`)
      return (await notAsReleased(owner)).join('\n')
    }
    expect(await set(`statement_timeout = '1min'`)).toBe('')
    expect(await set('constraint_exclusion = on')).toContain(said)
  })

  test.each(Object.keys(BESIDE))('it is said that there is %s', async (what) => {
    const [sql, said] = BESIDE[what]!
    await owner.query(sql)
    expect((await notAsReleased(owner)).join('\n')).toContain(said)
  })
})
