// The second wall knows which steps exist: what the trigger lets through is what src/handoffs/steps.ts has, role by role and state by state.
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPolicies } from '#app/decide/policy-files.js'
import { STATES, type State } from '#app/handoffs/lists.js'
import { STEPS, type StepName, step } from '#app/handoffs/steps.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import { signedAs } from '../support/signed.js'
import { arrangeSmallWorld, connected, PARTNERS, TODAY, YESTERDAY } from '../support/small-world.js'

const ROLES = { wo_guide: 'GUIDE', wo_handler: 'HANDLER', wo_coordinator: 'COORDINATOR', wo_visitor: 'CODE_HOLDER' } as const
const ALL = Object.keys(STATES) as State[]
const HEARSAY: readonly State[] = ['ACCEPTED', 'IN_PROGRESS', 'DECLINED', 'COMPLETED', 'RETURNED']

let database: TestDatabase
let handOffs: Readonly<Record<string, string>>
let server: Client
beforeAll(async () => {
  database = await freshDatabase()
  handOffs = (await arrangeSmallWorld(database)).handOffs
  server = await connected(database.serverUrl)
})
afterAll(async () => {
  await server?.end()
  await database?.drop()
})

test.each(Object.keys(ROLES) as (keyof typeof ROLES)[])('%s takes the steps there are, and no other', async (databaseRole) => {
  const role = ROLES[databaseRole]
  const who = signedAs({ databaseRole, role, organisation: '', today: TODAY, purpose: 'HELP', policyHash: 'x', codeHashes: [] })
  await server.query('BEGIN')
  await server.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [databaseRole, who])
  let possible = 0
  for (const from of ALL)
    for (const to of ALL)
      for (const heard of [true, false])
        for (const open of [true, false]) {
          const was = { state: from, heard_by_desk: heard, open_until: open ? 'infinity' : YESTERDAY }
          const { rows } = await server.query(
            `SELECT step_is_possible(jsonb_populate_record(null::hand_off, $1), jsonb_populate_record(null::hand_off, $2), $3) AS possible`,
            [was, { state: to, heard_by_desk: false }, databaseRole],
          )
          const isMeant = (Object.keys(STEPS) as StepName[]).some((name) => {
            const { by, from: states, to: target, contradicts, openLoop } = step(name)
            const mayFrom = states.includes(from) || (contradicts === true && heard && HEARSAY.includes(from))
            return by === role && target === to && mayFrom && (!openLoop || open)
          })
          // A step into the state that it is in already is none to the trigger.
          if (from !== to) expect([from, to, heard, open, rows[0].possible]).toEqual([from, to, heard, open, isMeant])
          if (rows[0].possible) possible++
        }
  await server.query('ROLLBACK')
  expect(possible).toBeGreaterThan(5)
})

test('and refuses any other to whoever may change the row', async () => {
  const handOff = handOffs[`a UWV offered ${TODAY}`]
  const { hash: policyHash } = readPolicies(POLICIES)
  const moved: string[] = []
  for (const to of ALL.filter((state) => state !== 'OFFERED')) {
    await server.query('BEGIN')
    const who = {
      databaseRole: 'wo_handler',
      role: 'HANDLER',
      organisation: PARTNERS.UWV,
      today: TODAY,
      purpose: 'HELP',
      policyHash,
    } as const
    await server.query(`SELECT set_config('role', 'wo_handler', true), set_config('app.capacity', $1, true)`, [
      signedAs({ ...who, codeHashes: [] }),
    ])
    const reason = { DECLINED: 'NO_CAPACITY', RETURNED: 'NO_SHOW', WITHDRAWN: 'VISITOR_ASKED' }[to as string] ?? null
    const done = await server
      .query('UPDATE hand_off SET state = $1, reason = $2, steps = steps + 1 WHERE id = $3', [to, reason, handOff])
      .then(({ rowCount }) => rowCount === 1)
      .catch((fault) => {
        expect([to, fault.message]).toEqual([to, 'this step does not exist'])
        return false
      })
    if (done) moved.push(to)
    await server.query('ROLLBACK')
  }
  expect(moved.sort()).toEqual(['ACCEPTED', 'COMPLETED', 'DECLINED'])
})
