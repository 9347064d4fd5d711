// The way to the domain asks by itself who may run what, whatever stands before it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPolicies } from '#app/decide/policy-files.js'
import { type Capacity, NOBODY } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import { realWorld, type World } from '#app/world.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { serverDatabase } from '../support/small-world.js'

const policies = readPolicies(new URL('../../policies/', import.meta.url).pathname)
let fresh: TestDatabase
let world: World
const HANDLER: Capacity = {
  role: 'HANDLER',
  side: 'PARTNER',
  organisationId: '00000000-0000-4000-8000-000000000000',
  subject: 'x',
}

beforeAll(async () => {
  fresh = await freshDatabase()
  world = realWorld({ database: serverDatabase(fresh.serverUrl), policies, keys: KEYS })
})
afterAll(async () => {
  await world.database.$disconnect()
  await fresh.drop()
})

test.each([
  ['of another role', HANDLER, 'logContact', 'FORBIDDEN'],
  ['of nobody who is signed in', NOBODY, 'handOffs', 'UNAUTHENTICATED'],
  ['that no policy names', HANDLER, 'noSuchOperation', 'FORBIDDEN'],
] as const)('an operation %s does not begin', async (_, capacity, operation, code) => {
  let began = false
  const work = async () => {
    began = true
  }
  await expect(perform(world, capacity, operation, work)).rejects.toMatchObject({ extensions: { code } })
  expect(began).toBe(false)
})
