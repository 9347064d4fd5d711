// The door alone: what one transaction sees, what stays of it on the connection, and what a commit is worth.
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asCapacity, type Moment, openDatabase, type Sql } from '#app/database/door.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'

let fresh: TestDatabase
let admin: Client
let database: ReturnType<typeof openDatabase>
beforeAll(async () => {
  fresh = await freshDatabase()
  admin = new Client({ connectionString: fresh.adminUrl })
  await admin.connect()
  // A database that was told to forget what it acknowledged; connections begin like that.
  await admin.query(`ALTER DATABASE ${new URL(fresh.adminUrl).pathname.slice(1)} SET synchronous_commit = off`)
  database = openDatabase(fresh.serverUrl, { connections: 1 })
})
afterAll(async () => {
  await database?.$disconnect()
  await admin?.end()
  await fresh?.drop()
})

const { hash: policyHash } = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
const HANDLER = {
  role: 'HANDLER',
  side: 'PARTNER',
  organisationId: '00000000-0000-4000-8000-000000000000',
  subject: 'x',
} as const
const through = <T>(kind: Moment['kind'], work: (sql: Sql) => Promise<T>) =>
  asCapacity(database, HANDLER, { today: '2026-11-24', purpose: 'HELP', policyHash, codeHashes: [], kind, keys: KEYS }, work)

test.each([
  ['query', 'everything is of one moment, whatever others commit', 0],
  ['mutation', 'what others commit counts at once', 1],
] as const)('within a %s %s', async (kind, _, more) => {
  const regions = async (sql: Sql) => (await sql.$queryRaw<{ n: number }[]>`SELECT count(*)::int AS n FROM region`)[0]!.n
  const seen = await through(kind, async (sql) => {
    const before = await regions(sql)
    await admin.query(`INSERT INTO region VALUES ($1, 'Meanwhile')`, [kind === 'query' ? 'AM98' : 'AM99'])
    return (await regions(sql)) - before
  })
  expect(seen).toBe(more)
})

test('whoever a transaction acted for, the next on its connection is nobody', async () => {
  const now = (sql: Pick<Sql, '$queryRaw'>) =>
    sql.$queryRaw`SELECT current_user::text AS who, coalesce(current_setting('app.capacity', true), '') <> '' AS signed`
  expect(await through('query', now)).toEqual([{ who: 'wo_handler', signed: true }])
  expect(await now(database)).toEqual([{ who: new URL(fresh.serverUrl).username, signed: false }])
})

test('what is committed survives a crash, whatever the database was set to forgo', async () => {
  const durable = (sql: Pick<Sql, '$queryRaw'>) => sql.$queryRaw`SELECT current_setting('synchronous_commit') AS commits`
  expect(await durable(database)).toEqual([{ commits: 'off' }])
  expect(await through('mutation', durable)).toEqual([{ commits: 'on' }])
})
