// The release step: what the server needs is there afterwards, and doing it again changes nothing.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, refuseUnsafeLogin } from '#app/database/door.js'
import { release } from '#app/database/release.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEY_RING, KEYS } from '../support/keys.js'

const policies = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
const SCRIPT = fileURLToPath(new URL('../../dist/database/release.js', import.meta.url))
let place: TestDatabase
let owner: Client

beforeAll(async () => {
  place = await freshDatabase()
  owner = new Client({ connectionString: place.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await place.drop()
})

const rows = async (sql: string) => (await owner.query(sql)).rows

/** As `npm run release` does. */
async function run(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const asked = promisify(execFile)(process.execPath, [SCRIPT], {
    env: { ...process.env, DATABASE_OWNER_URL: '', DATABASE_URL: '', KEY_RING, ...env },
  })
  return asked.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (fault: { code: number; stdout: string; stderr: string }) => ({ code: fault.code, said: fault.stdout + fault.stderr }),
  )
}

test('Again changes nothing, and says so', async () => {
  expect(await release({ ...place, keys: KEYS, policies })).toEqual([
    'The tables were up to date.',
    'wo_server was let in already.',
    'Loaded 35 regions and 342 municipalities (source: CBS).',
    `Kept policy version ${policies.hash}.`,
  ])
})

test('The login may be every capacity, and is nothing by itself', async () => {
  const database = openDatabase(place.serverUrl)
  await expect(refuseUnsafeLogin(database, policies.hash, KEYS)).resolves.toBeUndefined()
  await expect(database.$queryRaw`SELECT 1 FROM region`).rejects.toThrow(/does not exist|permission denied/)
  await database.$disconnect()
})

test('Reference data is whole, quoted names included, and corrections are taken over', async () => {
  await owner.query(`UPDATE municipality SET name = 'Nuenen' WHERE gm_code = 'GM0820'`)
  await release({ ...place, keys: KEYS, policies })
  expect(
    await rows(`SELECT gm_code, name, am_code, valid_from::text, valid_to FROM municipality WHERE gm_code = 'GM0820'`),
  ).toEqual([
    { gm_code: 'GM0820', name: 'Nuenen, Gerwen en Nederwetten', am_code: 'AM28', valid_from: '2026-01-01', valid_to: null },
  ])
  expect(
    await rows('SELECT count(*)::int AS regions, (SELECT count(*)::int FROM municipality) AS municipalities FROM region'),
  ).toEqual([{ regions: 35, municipalities: 342 }])
})

test('A new version of the policy comes beside the old ones', async () => {
  const next = { ...policies, hash: 'f'.repeat(64) }
  expect(await release({ ...place, keys: KEYS, policies: next })).toContain(`Loaded policy version ${next.hash}.`)
  expect(await rows('SELECT hash, sharing, actions FROM policy_version ORDER BY hash')).toEqual(
    [policies, next].map(({ hash, texts }) => ({ hash, ...texts })),
  )
})

test('Faults are plain sentences', async () => {
  const as = (login: string) => Object.assign(new URL(place.serverUrl), { username: login }).href
  await expect(release({ ...place, serverUrl: as('nobody_at_all'), keys: KEYS, policies })).rejects.toThrow(
    'there is no such role',
  )
  await expect(release({ ...place, serverUrl: place.ownerUrl, keys: KEYS, policies })).rejects.toThrow('needs a login of its own')
  await expect(release({ ...place, serverUrl: 'no url', keys: KEYS, policies })).rejects.toThrow('must say who logs in')
})

test('At the command line it says what it did and never a password', async () => {
  const { code, said } = await run({ DATABASE_OWNER_URL: place.ownerUrl, DATABASE_URL: place.serverUrl })
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('Loaded 35 regions') })
  for (const url of [place.ownerUrl, place.serverUrl]) expect(said).not.toContain(new URL(url).password)
})

test('At the command line a fault is one line, without a password', async () => {
  const wrong = Object.assign(new URL(place.ownerUrl), { password: 'geheim' }).href
  const away = Object.assign(new URL(place.ownerUrl), { port: '1' }).href
  for (const ownerUrl of ['', 'postgres//geheim', wrong, away]) {
    const { code, said } = await run({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: place.serverUrl })
    expect(code).toBe(1)
    expect(said.trim().split('\n'), said).toHaveLength(1)
    expect(said).not.toMatch(/geheim| {4}at /)
    expect(said).not.toContain(new URL(place.serverUrl).password)
  }
})
