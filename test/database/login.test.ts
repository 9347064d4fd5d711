// Start-up refuses a login that could walk through the second wall, and a database of another release (design 8).
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, refuseUnsafeLogin } from '#app/database/door.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { freshDatabase, onDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'

const { hash } = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
let fresh: TestDatabase
let admin: Client
beforeAll(async () => {
  fresh = await freshDatabase()
  admin = new Client({ connectionString: fresh.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin.query('DROP ROLE IF EXISTS test_inherits, test_bypasses, test_outsider')
  await admin.end()
  await fresh.drop()
})

async function refusal(url: string, policyHash = hash): Promise<string> {
  const database = openDatabase(url, { connections: 1 })
  try {
    await refuseUnsafeLogin(database, policyHash, KEYS)
    return 'started'
  } catch (error) {
    return (error as Error).message
  } finally {
    await database.$disconnect()
  }
}

async function login(name: string, attributes: string, grant: string): Promise<string> {
  await admin.query(`CREATE ROLE ${name} LOGIN ${attributes} PASSWORD 'only-for-this-test'`)
  if (grant) await admin.query(`GRANT wo_guide TO ${name} ${grant}`)
  return Object.assign(new URL(fresh.serverUrl), { username: name, password: 'only-for-this-test' }).href
}

test("the server's own login is accepted", async () => {
  expect(await refusal(fresh.serverUrl)).toBe('started')
})

test('the owner is refused, as owner of tables', async () => {
  expect(await refusal(fresh.ownerUrl)).toMatch(/owns tables/)
})

test('a superuser is refused', async () => {
  expect(await refusal(fresh.adminUrl)).toMatch(/is a superuser/)
})

test('a login with BYPASSRLS is refused', async () => {
  expect(await refusal(await login('test_bypasses', 'NOINHERIT BYPASSRLS', ' '))).toMatch(/has BYPASSRLS/)
})

test('a login that inherits its capacities is refused', async () => {
  expect(await refusal(await login('test_inherits', 'INHERIT', ' '))).toMatch(/inherits the rights of its capacities/)
})

test('a login that the release step did not let in is refused', async () => {
  expect(await refusal(await login('test_outsider', 'NOINHERIT', ''))).toMatch(/not let in by the release step/)
})

test('a database that does not know the policies of this server is refused', async () => {
  expect(await refusal(fresh.serverUrl, '0'.repeat(64))).toMatch(/does not know these policies/)
})

test('an empty database is refused in plain words', async () => {
  expect(await refusal(onDatabase(fresh.adminUrl, 'postgres'))).toMatch(/this database is empty/)
})
