// The second wall on consent: by plain SQL, as each role, no version is wider than the last without the visitor's code, and none is invented.
import type { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPolicies } from '#app/decide/policy-files.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import { signedAs } from '../support/signed.js'
import { arrangeSmallWorld, connected, PARTNERS, type SmallWorld, TODAY, WERKCENTRA } from '../support/small-world.js'

let database: TestDatabase
let world: SmallWorld
let admin: Client
let server: Client

beforeAll(async () => {
  database = await freshDatabase()
  world = await arrangeSmallWorld(database)
  admin = await connected(database.adminUrl)
  server = await connected(database.serverUrl)
})
afterAll(async () => {
  await server?.end()
  await admin?.end()
  await database?.drop()
})

type Row = Record<string, unknown>
type Who = { role: 'wo_guide' | 'wo_handler' | 'wo_visitor'; organisation?: string; hashes?: readonly string[]; today?: string }

const ACTS = { wo_guide: ['GUIDE', 'HELP'], wo_handler: ['HANDLER', 'HELP'], wo_visitor: ['CODE_HOLDER', 'RIGHTS'] } as const
const policyHash = readPolicies(POLICIES).hash

const become = ({ role, organisation = '', today = TODAY, hashes = [] }: Who) => {
  const [as, purpose] = ACTS[role]
  const who = signedAs({ databaseRole: role, role: as, purpose, organisation, today, codeHashes: hashes, policyHash })
  return server.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [role, who])
}

/** As the door does it, in a transaction that leaves nothing; the outcome of each statement: rows, or the SQLSTATE. */
async function as(who: Who, statements: readonly [string, unknown[]][]): Promise<(number | string)[]> {
  await server.query('BEGIN')
  try {
    await become(who)
    const said: (number | string)[] = []
    for (const [sql, values] of statements)
      try {
        said.push((await server.query(sql, values)).rowCount ?? 0)
      } catch (fault) {
        said.push((fault as DatabaseError).code ?? String(fault))
        break
      }
    return said
  } finally {
    await server.query('ROLLBACK')
  }
}

const lastOf = async (id: string): Promise<Row> =>
  (
    await admin.query<{ row: Row }>(
      'SELECT to_jsonb(c) AS row FROM consent c WHERE c.hand_off_id = $1 ORDER BY c.version DESC LIMIT 1',
      [id],
    )
  ).rows[0]!.row

const insert = (table: string, row: Row): [string, unknown[]] => {
  const columns = Object.keys(row).join(', ')
  return [
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_record(null::${table}, $1)`,
    [JSON.stringify(row)],
  ]
}

const REFUSED = '42501'
const SIDES = { wo_guide: 'WERKCENTRUM', wo_handler: 'PARTNER', wo_visitor: 'VISITOR' } as const

describe('A version follows from the last', () => {
  const WIDER: [string, (last: Row) => Row][] = [
    ['a category more', ({ categories }) => ({ categories: [...(categories as string[]), 'note'] })],
    [
      'an explicit category more',
      ({ categories, explicit_categories }) => ({
        explicit_categories: [...(explicit_categories as string[]), (categories as string[])[0]],
      }),
    ],
    ['a later end', () => ({ expires_on: '2027-05-27' })],
    ['another reserve', () => ({ reserve_partner_id: PARTNERS.WSP })],
    ['a representative that was not there', () => ({ representative_present: true })],
    ['the ground as another', ({ basis }) => ({ basis: basis === 'BASIS' ? 'SAFEGUARD' : 'BASIS' })],
    ['another wording', () => ({ wording_version: 'ANOTHER' })],
    ['another language', () => ({ language: 'ti' })],
    ['given another way', () => ({ given_how: 'WRITTEN' })],
    ['another day', () => ({ day: '2026-11-01' })],
    ['a number that skips one', ({ version }) => ({ version: (version as number) + 2 })],
  ]
  const NARROWER: [string, Row][] = [
    ['the same again', {}],
    ['fewer categories', { categories: ['question'], explicit_categories: [] }],
    ['an earlier end', { expires_on: '2026-11-25' }],
    ['no reserve', { reserve_partner_id: null }],
    ['below sixteen', { under_sixteen: true }],
    ['nothing', { change: 'WITHDRAWN', categories: [], explicit_categories: [], reserve_partner_id: null }],
  ]

  test.each(['wo_guide', 'wo_handler', 'wo_visitor'] as const)('narrowed by %s', async (role) => {
    const id = world.handOffs[`a UWV accepted ${TODAY}`]!
    const last = await lastOf(id)
    const who = {
      role,
      organisation: role === 'wo_guide' ? WERKCENTRA.a : role === 'wo_handler' ? PARTNERS.UWV : '',
      hashes: role === 'wo_visitor' ? world.hashes.get(id)! : [],
    }
    const next = { ...last, version: (last.version as number) + 1, change: 'NARROWED', by_side: SIDES[role] }
    for (const [what, change] of WIDER)
      expect([what, await as(who, [insert('consent', { ...next, ...change(last) })])]).toEqual([what, [REFUSED]])
    for (const [what, change] of NARROWER)
      expect([what, await as(who, [insert('consent', { ...next, ...change })])]).toEqual([what, [1]])
  })

  test('narrower in two steps, and never back', async () => {
    const id = world.handOffs[`a UWV accepted ${TODAY}`]!
    const last = await lastOf(id)
    const guide: Who = { role: 'wo_guide', organisation: WERKCENTRA.a }
    const next = (more: Row, version = 2) => insert('consent', { ...last, version, change: 'NARROWED', ...more })
    expect(
      await as(guide, [
        next({ categories: ['question'], explicit_categories: [] }),
        next({ categories: ['question', 'routing'], explicit_categories: [] }, 3),
      ]),
    ).toEqual([1, REFUSED])
    expect(await as(guide, [next({ under_sixteen: true }), next({ under_sixteen: false }, 3)])).toEqual([1, REFUSED])
    expect(
      await as({ ...guide, hashes: world.hashes.get(id)! }, [
        next({ under_sixteen: true }),
        next({ change: 'WIDENED', under_sixteen: false }, 3),
      ]),
    ).toEqual([1, REFUSED])
    const none = { change: 'WITHDRAWN', categories: [], explicit_categories: [], reserve_partner_id: null }
    expect(await as(guide, [next(none), next({ categories: ['question'], explicit_categories: [] }, 3)])).toEqual([1, REFUSED])
    expect(await as(guide, [next(none), next(none, 3)])).toEqual([1, REFUSED])
    expect(await as(guide, [next(none), next({ ...none, under_sixteen: true }, 3)])).toEqual([1, 1])
    const withReserve = await lastOf(world.handOffs[`a PRIVATE withdrawn ${TODAY}`]!)
    expect(withReserve.reserve_partner_id).not.toBeNull()
    expect(
      await as(guide, [
        insert('consent', { ...withReserve, version: 2, ...none, reserve_partner_id: withReserve.reserve_partner_id }),
      ]),
    ).toEqual([REFUSED])
  })

  test('widened with the code of this hand-off, for at most as long as consent can hold; an expired code is none', async () => {
    const id = world.handOffs[`a UWV accepted ${TODAY}`]!
    const last = await lastOf(id)
    const own = world.hashes.get(id)!
    const others = world.hashes.get(world.handOffs[`a WSP returned ${TODAY}`]!)!
    const wider = { ...last, version: 2, change: 'WIDENED', reserve_partner_id: PARTNERS.WSP }
    const guide = (hashes: readonly string[], today = TODAY): Who => ({
      role: 'wo_guide',
      organisation: WERKCENTRA.a,
      hashes,
      today,
    })
    expect(await as(guide(own), [insert('consent', wider)])).toEqual([1])
    expect(await as(guide([]), [insert('consent', wider)])).toEqual([REFUSED])
    expect(await as(guide(others), [insert('consent', wider)])).toEqual([REFUSED])
    expect(await as(guide(own), [insert('consent', { ...wider, expires_on: '2027-05-27' })])).toEqual([REFUSED])
    const later = { ...wider, day: '2027-11-24', expires_on: '2027-12-24' }
    expect(await as(guide(own, '2027-11-24'), [insert('consent', later)])).toEqual([REFUSED])
    expect(await as(guide(own, '2027-11-23'), [insert('consent', { ...later, day: '2027-11-23' })])).toEqual([1])
  })
})

describe('A first consent', () => {
  const without = () => world.handOffs[`a PRIVATE lapsed ${TODAY}`]!
  const first = async (): Promise<Row> => ({
    ...(await lastOf(world.handOffs[`a PRIVATE withdrawn ${TODAY}`]!)),
    hand_off_id: without(),
    version: 1,
    change: 'GIVEN',
    reserve_partner_id: null,
  })

  test('cannot be invented afterwards, also not by touching the hand-off or adding to its story in the same transaction', async () => {
    const guide: Who = { role: 'wo_guide', organisation: WERKCENTRA.a }
    const row = await first()
    const event = (number: number) =>
      insert('hand_off_event', {
        werkcentrum_id: WERKCENTRA.a,
        hand_off_id: without(),
        number,
        partner_id: PARTNERS.PRIVATE,
        step: 'offer',
        by_side: 'WERKCENTRUM',
        heard_by_desk: false,
        state: 'OFFERED',
        reason: null,
        day: TODAY,
        day_part: 'MORNING',
      })
    const touch: [string, unknown[]] = ['UPDATE hand_off SET steps = steps + 1 WHERE id = $1', [without()]]
    expect(await as(guide, [insert('consent', row)])).toEqual([REFUSED])
    expect(await as(guide, [touch, insert('consent', row)])).toEqual([1, REFUSED])
    expect(await as(guide, [event(99), insert('consent', row)])).toEqual([1, REFUSED])
    expect(await as(guide, [event(1)])).toEqual(['23505'])
    expect(await as(guide, [insert('consent', { ...row, change: 'WIDENED' })])).toEqual([REFUSED])
  })

  test('is given with the code, or with the offer itself', async () => {
    const row = await first()
    expect(
      await as({ role: 'wo_guide', organisation: WERKCENTRA.a, hashes: world.hashes.get(without())! }, [insert('consent', row)]),
    ).toEqual([1])
    const { rows } = await admin.query(
      'SELECT (SELECT to_jsonb(h) FROM hand_off h WHERE h.id = $1) AS hand_off, (SELECT to_jsonb(e) FROM hand_off_event e WHERE e.hand_off_id = $1 AND e.number = 1) AS event',
      [without()],
    )
    const id = '11111111-1111-4111-8111-111111111111'
    // Without what the database works out itself.
    const { ended, open_until, square, consent_locks, consent_until, faded, day_precision, touched_on, ...handOff } =
      rows[0].hand_off
    expect(
      await as({ role: 'wo_guide', organisation: WERKCENTRA.a }, [
        insert('hand_off', { ...handOff, id, recognition_code: 'appel-molen-42' }),
        insert('hand_off_event', { ...rows[0].event, hand_off_id: id }),
        insert('consent', { ...row, hand_off_id: id }),
      ]),
    ).toEqual([1, 1, 1])
  })
})

describe('The visitor by SQL', () => {
  const id = () => world.handOffs[`a UWV accepted ${TODAY}`]!
  const visitor = (hashes = world.hashes.get(id())!): Who => ({ role: 'wo_visitor', hashes })

  test('stops a hand-off that has not ended, for the one reason there is, and moves it nowhere else', async () => {
    const stop = (set: string): [string, unknown[]] => [`UPDATE hand_off SET ${set} WHERE id = $1`, [id()]]
    expect(await as(visitor(), [stop("state = 'WITHDRAWN', reason = 'VISITOR_ASKED'")])).toEqual([1])
    for (const set of [
      "state = 'COMPLETED'",
      "state = 'WITHDRAWN'",
      "state = 'WITHDRAWN', reason = 'NOT_NEEDED'",
      "state = 'WITHDRAWN', reason = 'VISITOR_ASKED', heard_by_desk = true",
      "reason = 'NO_SHOW'",
      "changed_on = '2020-01-01'",
    ])
      expect([set, await as(visitor(), [stop(set)])]).toEqual([set, [REFUSED]])
    const done = world.handOffs[`a GEMEENTE completed ${TODAY}`]!
    expect(
      await as(visitor(world.hashes.get(done)!), [
        ["UPDATE hand_off SET state = 'WITHDRAWN', reason = 'VISITOR_ASKED' WHERE id = $1", [done]],
      ]),
    ).toEqual([REFUSED])
    expect(
      await as(visitor(world.hashes.get(done)!), [
        ["UPDATE hand_off SET visitor_voice = 'WORKED', steps = steps + 1 WHERE id = $1", [done]],
      ]),
    ).toEqual([1])
    expect(await as(visitor([]), [stop("state = 'WITHDRAWN', reason = 'VISITOR_ASKED'")])).toEqual([0])
  })

  test('erases and reads by its own code alone; a guide with the code cannot', async () => {
    const other = world.handOffs[`b UWV accepted ${TODAY}`]!
    const erased = async (who: Who) => as(who, [['SELECT erase_by_code()', []]])
    expect(await erased({ role: 'wo_guide', organisation: WERKCENTRA.a, hashes: world.hashes.get(id())! })).toEqual([REFUSED])
    await server.query('BEGIN')
    await become({ role: 'wo_visitor', hashes: world.hashes.get(id())! })
    expect((await server.query('SELECT erase_by_code() AS gone')).rows[0].gone).toBe(6)
    const looked = await server.query('SELECT * FROM looked_at_by_code()')
    await server.query('ROLLBACK')
    // And not with a code that has expired.
    await server.query('BEGIN')
    await become({ role: 'wo_visitor', hashes: world.hashes.get(id())!, today: '2027-11-24' })
    expect((await server.query('SELECT erase_by_code() AS gone')).rows[0].gone).toBe(0)
    await server.query('ROLLBACK')
    expect(looked.rows.length).toBeGreaterThan(0)
    expect(new Set(looked.rows.map(({ organisation }) => organisation))).toEqual(new Set(['Partner UWV', 'Werkcentrum a']))
    const there = await admin.query('SELECT hand_off_id FROM hand_off_situation WHERE hand_off_id = ANY ($1)', [[id(), other]])
    expect(there.rows).toHaveLength(2)
  })

  test('of the functions that run as their owner, each role may run just its own', async () => {
    const { rows } = await admin.query<{ name: string; roles: string[] }>(
      `SELECT p.proname AS name, array_remove(array_agg(CASE WHEN has_function_privilege(r.rolname, p.oid, 'EXECUTE') THEN r.rolname::text END ORDER BY r.rolname::text COLLATE "C"), NULL) AS roles
       FROM pg_proc p, pg_roles r WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND r.rolname LIKE 'wo\\_%' AND r.rolname <> 'wo_owner'
         AND p.proname = ANY ($1) GROUP BY 1`,
      [
        [
          'consent_follows_the_last',
          'note_context_due',
          'erase_by_code',
          'erase_closed_context',
          'take_code_attempt',
          'give_back_code_attempt',
          'looked_at_by_code',
          'agreement_of_code',
        ],
      ],
    )
    expect(Object.fromEntries(rows.map(({ name, roles }) => [name, roles]))).toEqual({
      consent_follows_the_last: [],
      note_context_due: [],
      erase_by_code: ['wo_visitor'],
      erase_closed_context: ['wo_nobody'],
      take_code_attempt: ['wo_guide', 'wo_nobody'],
      give_back_code_attempt: ['wo_guide', 'wo_nobody'],
      looked_at_by_code: ['wo_visitor'],
      agreement_of_code: ['wo_visitor'],
    })
    const plain = await admin.query<{ name: string }>(
      `SELECT DISTINCT p.proname AS name FROM pg_proc p, pg_roles r WHERE p.proname IN ('replay_erasures', 'erase_category', 'cut_from_contact', 'context_closed_on', 'code_attempt_source')
         AND r.rolname LIKE 'wo\\_%' AND r.rolname <> 'wo_owner' AND has_function_privilege(r.rolname, p.oid, 'EXECUTE')`,
    )
    expect(plain.rows).toEqual([])
  })
})
