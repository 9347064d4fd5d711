// Functions that run as the owner see past row-level security, so each says itself who may have what: tried by plain SQL, as every role.
import type { Client, DatabaseError } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readPolicies } from '#app/decide/policy-files.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import { signedAs } from '../support/signed.js'
import { arrangeSmallWorld, connected, PARTNERS, type SmallWorld, TODAY, WERKCENTRA } from '../support/small-world.js'

let database: TestDatabase
let world: SmallWorld
let sql: Client
beforeAll(async () => {
  database = await freshDatabase()
  world = await arrangeSmallWorld(database)
  sql = await connected(database.adminUrl)
})
afterAll(async () => {
  await sql?.end()
  await database?.drop()
})

const policyHash = readPolicies(POLICIES).hash
const ACTS = {
  wo_guide: ['GUIDE', 'HELP'],
  wo_handler: ['HANDLER', 'HELP'],
  wo_officer_werkcentrum: ['PRIVACY_OFFICER', 'OVERSEE'],
  wo_officer_partner: ['PRIVACY_OFFICER', 'OVERSEE'],
} as const

/** The one value that a function gives this role of this organisation, or the SQLSTATE; it leaves nothing behind. */
async function given(role: keyof typeof ACTS, organisation: string, call: string, values: string[], codeHashes: string[] = []) {
  const [as, purpose] = ACTS[role]
  const who = signedAs({ databaseRole: role, role: as, purpose, organisation, today: TODAY, codeHashes, policyHash })
  await sql.query('SAVEPOINT before')
  try {
    await sql.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [role, who])
    return Object.values((await sql.query(`SELECT ${call}`, values)).rows[0])[0]
  } catch (fault) {
    return (fault as DatabaseError).code
  } finally {
    await sql.query('ROLLBACK TO before')
  }
}

beforeEach(() => sql.query('BEGIN'))
afterEach(() => sql.query('ROLLBACK'))

describe('What goes along with a forwarded hand-off', () => {
  const old = () => world.handOffs[`a UWV forwarded ${TODAY}`]!
  const next = () => world.handOffs[`a GEMEENTE offered ${TODAY}`]!
  const copied = (role: 'wo_guide' | 'wo_handler', organisation: string, from = old(), hashes: string[] = []) =>
    given(role, organisation, 'copy_forwarded_context($1, $2)', [from, next()], hashes)
  /** The visitor changes what was agreed with the first partner, after it was forwarded. */
  const now = (change: string, categories: string[], expiresOn = '2027-05-01') =>
    sql.query(
      `INSERT INTO consent SELECT (jsonb_populate_record(c, jsonb_build_object('version', c.version + 1, 'change', $2::text, 'categories', $3::text[],
         'explicit_categories', '{}'::text[], 'expires_on', $4::text))).* FROM consent c WHERE c.hand_off_id = $1 ORDER BY c.version DESC LIMIT 1`,
      [old(), change, categories, expiresOn],
    )

  beforeEach(async () => {
    // As it is before anything goes along.
    for (const table of ['hand_off_routing', 'hand_off_question', 'hand_off_situation', 'follow_up_code'])
      await sql.query(`DELETE FROM ${table} WHERE hand_off_id = $1`, [next()])
  })

  test('goes for the own desk, and from the hand-off that it came from', async () => {
    expect(await copied('wo_guide', WERKCENTRA.a)).toEqual(['routing', 'question', 'situation'])
    expect(await copied('wo_guide', WERKCENTRA.b)).toEqual([])
    expect(await copied('wo_guide', WERKCENTRA.a, world.handOffs[`a UWV accepted ${TODAY}`])).toEqual([])
    expect(await copied('wo_handler', PARTNERS.GEMEENTE)).toBe('42501')
  })

  test('is no more than the visitor left open', async () => {
    await now('NARROWED', ['question', 'outcome'])
    expect(await copied('wo_guide', WERKCENTRA.a)).toEqual(['question'])
  })

  test('is nothing once it was withdrawn, or has run out', async () => {
    await sql.query('SAVEPOINT agreed')
    await now('WITHDRAWN', [])
    expect(await copied('wo_guide', WERKCENTRA.a)).toEqual([])
    await sql.query('ROLLBACK TO agreed')
    await now('NARROWED', ['routing', 'question'], TODAY)
    expect(await copied('wo_guide', WERKCENTRA.a)).toEqual([])
  })

  test('is with the visitor’s code what was agreed to anew, and with another code not', async () => {
    await now('WITHDRAWN', [])
    expect(await copied('wo_guide', WERKCENTRA.a, old(), world.hashes.get(old()))).toEqual(['routing', 'question', 'situation'])
    const other = world.hashes.get(world.handOffs[`a UWV accepted ${TODAY}`]!)
    expect(await copied('wo_guide', WERKCENTRA.a, old(), other)).toEqual([])
  })

  test('and the code itself follows for the own desk alone', async () => {
    const kept = (role: 'wo_guide' | 'wo_handler', organisation: string, from = old()) =>
      given(role, organisation, 'keep_code($1, $2)', [from, next()])
    expect(await kept('wo_guide', WERKCENTRA.a)).toBe(true)
    expect(await kept('wo_guide', WERKCENTRA.b)).toBe(false)
    expect(await kept('wo_guide', WERKCENTRA.a, world.handOffs[`a UWV accepted ${TODAY}`])).toBe(false)
    expect(await kept('wo_handler', PARTNERS.GEMEENTE)).toBe('42501')
  })
})

test('of the log of a hand-off an officer gets the keys that row-level security would show, and no others', async () => {
  const parts = async (id: string, condition: string) =>
    (
      await sql.query(
        `SELECT count(*)::int AS n FROM access_record_part p WHERE p.hand_offs @> ARRAY[$1::uuid] AND ${condition}`,
        [id],
      )
    ).rows[0].n
  const keys = (role: 'wo_officer_werkcentrum' | 'wo_officer_partner', organisation: string, id: string) =>
    given(role, organisation, '(SELECT count(*)::int FROM access_parts_of($1))', [id])
  const id = world.handOffs[`a UWV accepted ${TODAY}`]!
  const all = await parts(id, 'true')
  const ofUwv = await parts(id, `p.acting_organisation_id = '${PARTNERS.UWV}'`)
  expect(ofUwv).toBeGreaterThan(0)
  expect(all).toBeGreaterThan(ofUwv)
  expect(await keys('wo_officer_werkcentrum', WERKCENTRA.a, id)).toBe(all)
  expect(await keys('wo_officer_partner', PARTNERS.UWV, id)).toBe(ofUwv)
  for (const [role, organisation] of [
    ['wo_officer_werkcentrum', WERKCENTRA.b],
    ['wo_officer_partner', PARTNERS.GEMEENTE],
  ] as const)
    expect(await keys(role, organisation, id)).toBe(0)
  const union = world.handOffs[`a UNION accepted ${TODAY}`]!
  expect(await parts(union, 'true')).toBeGreaterThan(0)
  expect(await keys('wo_officer_werkcentrum', WERKCENTRA.a, union)).toBe(0)
  expect(await keys('wo_officer_partner', PARTNERS.UNION, union)).toBe(0)
})
