// The second wall against the first, cell by cell: what row-level security lets through is what `decide` says, and what the domain says.

import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreementFor } from '#app/agreements/agreement-state.js'
import { type Consent, consentFor } from '#app/consent/consent.js'
import { policyCells } from '#app/database/policy-cells.js'
import { release } from '#app/database/release.js'
import { signed } from '#app/database/signed.js'
import {
  type Category,
  decider,
  PARTNER_KINDS,
  type PartnerKind,
  type Purpose,
  type Question,
  type Role,
} from '#app/decide/decide.js'
import { parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import type { State } from '#app/handoffs/lists.js'
import { relationTo } from '#app/handoffs/steps.js'
import { opens, SPACE, signInDomain } from '../decide/questions.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { hashOf, isPartner, putAgreement, putHandOffs, putPartner, ROLE_OF, readAs, TABLE_OF } from '../support/facts.js'
import { KEYS } from '../support/keys.js'
import { POLICIES } from '../support/server.js'
import { signedAs } from '../support/signed.js'
import { connected, idOf, TODAY, YESTERDAY } from '../support/small-world.js'

const TOMORROW = '2026-11-25'
const WERKCENTRUM = idOf('werkcentrum of the locks')
const PURPOSES = ['OVERVIEW', 'HELP', 'FOLLOW_UP'] as const

/** Every way in which an agreement can stand on a day; `cells` undefined: all there are. */
const AGREEMENTS: Record<
  string,
  { state?: string; from?: string; to?: string; signed?: string | null; without?: string; none?: true }
> = {
  active: {},
  'begun today': { from: TODAY },
  'on its last day': { to: TODAY },
  'over since yesterday': { to: YESTERDAY },
  'to begin tomorrow': { from: TOMORROW },
  'a draft': { state: 'DRAFT', signed: null },
  'never signed by both': { signed: null },
  suspended: { state: 'SUSPENDED' },
  ended: { state: 'ENDED' },
  'without the situation': { without: 'situation HELP' },
  'without the outcome': { without: 'outcome HELP' },
  none: { none: true },
}
const ALL_CELLS = ['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'outcome'].flatMap((category) =>
  PURPOSES.map((purpose) => `${category} ${purpose}`),
)
const ALL = ['routing', 'question', 'situation', 'sensitive', 'note', 'outcome']

/** Every way in which a consent can stand. */
const CONSENTS: Record<string, Partial<Consent> | null> = {
  none: null,
  'for everything': { categories: ALL },
  'for everything, explicitly': { categories: ALL, explicitCategories: ALL },
  'until tomorrow': { categories: ALL, explicitCategories: ALL, expiresOn: TOMORROW },
  'until today': { categories: ALL, explicitCategories: ALL, expiresOn: TODAY },
  'for the question alone': { categories: ['question'] },
  'for all but the question': {
    categories: ALL.filter((category) => category !== 'question'),
    explicitCategories: ['situation'],
  },
  'for one purpose': { categories: ALL, explicitCategories: ALL, purposes: ['HELP'] },
  withdrawn: { change: 'WITHDRAWN', version: 2, categories: [] },
  'below sixteen alone': { categories: ALL, explicitCategories: ALL, underSixteen: true },
  'below sixteen with a representative': {
    categories: ALL,
    explicitCategories: ALL,
    underSixteen: true,
    representativePresent: true,
  },
}
const STATES = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS', 'COMPLETED', 'DECLINED', 'WITHDRAWN'] as const satisfies State[]

type Case = { id: string; partner: string; kind: PartnerKind; agreement: string; consent: string; state: State; heard: boolean }
const partnerOf = (kind: string, agreement: string) => idOf(`partner ${kind} ${agreement}`)
const CASES: Case[] = PARTNER_KINDS.flatMap((kind) =>
  Object.keys(AGREEMENTS).flatMap((agreement) =>
    Object.keys(CONSENTS).flatMap((consent) =>
      STATES.map((state, place) => ({
        id: idOf(`${kind} ${agreement} ${consent} ${state}`),
        partner: partnerOf(kind, agreement),
        kind,
        agreement,
        consent,
        state,
        heard: place % 2 === 1,
      })),
    ),
  ),
)

let database: TestDatabase
let admin: Client
let server: Client
const policies = readPolicies(POLICIES)

beforeAll(async () => {
  database = await freshDatabase()
  admin = await connected(database.adminUrl)
  server = await connected(database.serverUrl)
  await admin.query(`INSERT INTO werkcentrum VALUES ($1, 'Werkcentrum', 'AM01')`, [WERKCENTRUM])
  await admin.query('INSERT INTO desk VALUES ($1, $2, $3, NULL)', [WERKCENTRUM, idOf('desk'), 'Desk'])
  for (const kind of PARTNER_KINDS)
    for (const [name, { without, none, ...said }] of Object.entries(AGREEMENTS)) {
      await putPartner(admin, partnerOf(kind, name), kind)
      const cells = ALL_CELLS.filter((cell) => cell !== without)
      if (!none) await putAgreement(admin, { werkcentrum: WERKCENTRUM, partner: partnerOf(kind, name), cells, ...said })
    }
  const versions = (name: string): Consent[] => {
    const now = consentOf(name)
    // What was withdrawn was once given: the newest version counts.
    return now ? (now.version > 1 ? [consentOf('for everything')!, now] : [now]) : []
  }
  await putHandOffs(
    admin,
    CASES.map((each) => ({ ...each, werkcentrum: WERKCENTRUM, consents: versions(each.consent) })),
  )
})
afterAll(async () => {
  await server?.end()
  await admin?.end()
  await database?.drop()
})

function consentOf(name: string): Consent | null {
  const said = CONSENTS[name]
  if (!said) return null
  return {
    version: 1,
    change: 'GIVEN',
    categories: [],
    explicitCategories: [],
    purposes: [...PURPOSES],
    underSixteen: false,
    representativePresent: false,
    expiresOn: '2027-06-01',
    ...said,
  }
}

function questionAbout(each: Case, role: Role, purpose: Purpose, category: Category): Question {
  const said = AGREEMENTS[each.agreement]!
  const agreement =
    said.none || said.signed === null
      ? null
      : {
          id: 'x',
          version: 1,
          state: (said.state ?? 'ACTIVE') as 'ACTIVE',
          cells: ALL_CELLS.filter((cell) => cell !== said.without),
          events: 1,
          validFrom: said.from ?? '2026-01-01',
          validTo: said.to ?? '2027-12-31',
        }
  const consent = consentOf(each.consent)
  const { state, explicit } = consentFor(consent, category, purpose, TODAY)
  return {
    role,
    purpose,
    category,
    partnerKind: each.kind,
    relation: relationTo(role, each.state),
    agreement: agreementFor(agreement, category, purpose, TODAY),
    consent: state,
    explicit,
    underSixteen: consent?.underSixteen ?? false,
    representative: consent?.representativePresent ?? false,
    ownSide: category !== 'outcome' || !each.heard,
  }
}

/** What each database role of each organisation reads of a table, with every filter forgotten. */
async function readAll(
  databaseRole: string,
  purpose: Purpose,
  organisation: string,
  table: string,
  hash = policies.hash,
): Promise<Set<string>> {
  const said = {
    databaseRole,
    role: ROLE_OF[databaseRole]!,
    organisation,
    today: TODAY,
    purpose,
    policyHash: hash,
    codeHashes: codes(databaseRole),
  }
  // With every filter forgotten for one partner of each kind; for the others with one, to be done in time.
  return readAs(
    server,
    said,
    table,
    isPartner(databaseRole) && !ALL_OF.has(organisation) ? `partner_id = '${organisation}'` : 'true',
  )
}
const ALL_OF = new Set(PARTNER_KINDS.map((kind) => partnerOf(kind, 'active')))

/** A code for every sixth hand-off. */
const COVERED = CASES.filter((_, place) => place % 6 === 0)
const codes = (databaseRole: string) => (databaseRole === 'wo_visitor' ? COVERED.map(({ id }) => hashOf(id)) : [])

test('every square has its place, and the database counts them as the policy does', async () => {
  const { rows } = await admin.query<{ state: State; kind: PartnerKind; square: number }>(
    'SELECT DISTINCT state, partner_kind AS kind, square FROM hand_off',
  )
  expect(rows).toHaveLength(STATES.length * 12)
  for (const { state, kind, square } of rows) {
    const phase = state === 'OFFERED' ? 0 : state === 'ACCEPTED' || state === 'IN_PROGRESS' ? 1 : 2
    expect([state, kind, square]).toEqual([state, kind, phase * 12 + PARTNER_KINDS.indexOf(kind) + 1])
  }
})

describe(`${CASES.length} hand-offs: every kind of partner, phase, agreement and consent`, () => {
  test('row-level security lets through what decide says, and decide says what the domain says', async () => {
    const decide = decider(policies.sharing)
    let cells = 0
    let open = 0
    const wrong: string[] = []
    for (const [databaseRole, role] of Object.entries(ROLE_OF))
      for (const purpose of SPACE.purpose)
        for (const [category, table] of Object.entries(TABLE_OF) as [Category, string][]) {
          const organisations = isPartner(databaseRole)
            ? PARTNER_KINDS.flatMap((kind) => Object.keys(AGREEMENTS).map((name) => partnerOf(kind, name)))
            : [WERKCENTRUM]
          // A purpose that opens nothing to a role needs no round for each partner.
          const squares = PARTNER_KINDS.flatMap((partnerKind) =>
            STATES.map((state) => signInDomain({ role, purpose, category, partnerKind, relation: relationTo(role, state) })),
          )
          const asked = squares.every((sign) => sign === '–') ? organisations.slice(0, 3) : organisations
          for (const organisation of asked) {
            const found = await readAll(databaseRole, purpose, organisation, table)
            const own = isPartner(databaseRole)
              ? CASES.filter(({ partner }) => partner === organisation)
              : databaseRole === 'wo_visitor'
                ? COVERED
                : CASES
            for (const each of own) {
              if (category === 'sensitive' && !['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'].includes(each.kind)) continue
              const question = questionAbout(each, role, purpose, category)
              const decided = decide(question).allowed
              const meant = opens(signInDomain(question), question)
              const got = found.has(each.id)
              cells++
              if (got) open++
              found.delete(each.id)
              if ((got !== decided || decided !== meant) && wrong.length < 20)
                wrong.push(
                  `${databaseRole} ${purpose} ${category} of ${each.kind}, ${each.state}, agreement ${each.agreement}, consent ${each.consent}: database ${got}, decide ${decided}, domain ${meant}`,
                )
            }
            if (found.size > 0) wrong.push(`${databaseRole} ${purpose} ${category}: ${found.size} rows of others`)
          }
        }
    expect(wrong).toEqual([])
    console.log(`${cells} cells compared, ${open} of them open`)
    expect(cells).toBeGreaterThan(500_000)
    expect(open).toBeGreaterThan(50_000)
  })

  test('a policy that is not loaded opens nothing, and another policy opens what it says', async () => {
    const uwv = partnerOf('UWV', 'active')
    expect((await readAll('wo_handler', 'HELP', uwv, 'hand_off', 'f'.repeat(64))).size).toBe(0)
    const before = await readAll('wo_handler', 'HELP', uwv, 'hand_off_situation')
    expect(before.size).toBeGreaterThan(0)
    const sharing = policies.texts.sharing.replace(
      '    relations: [accepted]\n    purposes: [HELP]\n    partnerKinds: any-partner\n    categories: [situation]',
      '    relations: [accepted]\n    purposes: [FOLLOW_UP]\n    partnerKinds: any-partner\n    categories: [situation]',
    )
    const stricter = parsePolicies({ ...policies.texts, sharing })
    expect(stricter.hash).not.toBe(policies.hash)
    await release({ ...database, keys: KEYS, policies: stricter })
    expect((await readAll('wo_handler', 'HELP', uwv, 'hand_off_situation', stricter.hash)).size).toBe(0)
    expect((await readAll('wo_handler', 'FOLLOW_UP', uwv, 'hand_off_situation', stricter.hash)).size).toBeGreaterThan(0)
    expect(await readAll('wo_handler', 'HELP', uwv, 'hand_off_situation')).toEqual(before)
  })
})

test('a policy that parts reference and progress, which share a table, is refused', () => {
  const share = policies.sharing.share.map((rule) =>
    rule.rule === 'privacy-officer-sees-that-it-happened' ? { ...rule, categories: ['reference' as const] } : rule,
  )
  expect(() => policyCells({ ...policies.sharing, share })).toThrow(/PRIVACY_OFFICER, OVERSEE: they share a table/)
})

const OTHER_RING = { current: 'k1', keys: { k1: Buffer.alloc(32, 9) } }

describe('Becoming somebody else by SQL', () => {
  const UWV = partnerOf('UWV', 'active')
  const GEMEENTE = partnerOf('GEMEENTE', 'active')
  const handler = {
    databaseRole: 'wo_handler',
    role: 'HANDLER',
    organisation: UWV,
    today: TODAY,
    purpose: 'HELP',
    policyHash: policies.hash,
    codeHashes: [],
  }
  const count = `SELECT (SELECT count(*)::int FROM hand_off) AS mine, (SELECT count(*)::int FROM hand_off WHERE partner_id <> '${UWV}') AS others`

  type Statement = [string, unknown[]?]
  /** In a transaction that the server has just opened for UWV, somebody runs these statements; what is then seen? */
  async function after(statements: (mine: string) => Statement[]) {
    const mine = signedAs(handler)
    await server.query('BEGIN')
    try {
      await server.query(`SELECT set_config('role', 'wo_handler', true), set_config('app.capacity', $1, true)`, [mine])
      for (const [sql, values] of statements(mine)) await server.query(sql, values)
      return (await server.query(count)).rows[0]
    } finally {
      await server.query('ROLLBACK')
    }
  }
  const set = (value: string): Statement => [`SELECT set_config('app.capacity', $1, true)`, [value]]
  const role = (name: string): Statement => [`SET LOCAL ROLE ${name}`]

  test('the one who was signed sees what is theirs', async () => {
    expect(await after(() => [])).toEqual({ mine: 66, others: 0 })
    expect(await after((mine) => [set(''), set(mine)])).toEqual({ mine: 66, others: 0 })
  })

  const ATTEMPTS: Record<string, (mine: string) => Statement[]> = {
    'another organisation in the words': (mine) => [set(mine.replace(UWV, GEMEENTE))],
    'another database role, the words as they are': () => [role('wo_guide')],
    'the role of an officer of the own partner, the words as they are': () => [role('wo_officer_partner')],
    'the words of a guide, the signature of a handler': (mine) => [
      role('wo_guide'),
      set(mine.replace('wo_handler|HANDLER', 'wo_guide|GUIDE')),
    ],
    'an officer of the own partner': (mine) => [
      role('wo_officer_partner'),
      set(mine.replace('wo_handler|HANDLER', 'wo_officer_partner|PRIVACY_OFFICER')),
    ],
    'another role of the policy': (mine) => [set(mine.replace('HANDLER', 'GUIDE'))],
    'another purpose': (mine) => [set(mine.replace('|HELP|', '|OVERSEE|'))],
    'another policy': (mine) => [set(mine.replace(policies.hash, '0'.repeat(64)))],
    'another day': (mine) => [set(mine.replace(TODAY, YESTERDAY))],
    'a code added': (mine) => [set(mine.replace(`${policies.hash}||`, `${policies.hash}|k1:${CASES[0]!.id}|`))],
    'a later end': (mine) => [set(mine.replace(/\d+(?=\|[0-9a-f]{64}$)/, '9999999999'))],
    'no signature': (mine) => [set(mine.slice(0, -64))],
    'a signature of zeros': (mine) => [set(mine.slice(0, -64) + '0'.repeat(64))],
    'half a signature': (mine) => [set(mine.slice(0, -32))],
    'a signature that is SQL': (mine) => [set(mine.slice(0, -64) + "' or true --".padEnd(64))],
    'the setting taken away': () => [set('')],
    'the words twice': (mine) => [set(mine.slice(0, -64) + mine)],
    'another key id': (mine) => [set(mine.replace('k1|', 'k2|'))],
    'no key id': (mine) => [set(mine.replace('k1|', '|'))],
    'a signature of another ring': () => [set(signed(OTHER_RING, { ...handler, organisation: GEMEENTE }))],
    'a signature of ten minutes ago': () => [set(signed(KEYS, { ...handler, organisation: GEMEENTE }, Date.now() - 600_000))],
    'the settings of an older version': () => [[`SET LOCAL app.organisation = '${GEMEENTE}'`], set('')],
    'a table of its own for the keys': (mine) => [
      ['CREATE TEMP TABLE capacity_key (id text, inner_pad bytea, outer_pad bytea)'],
      [`INSERT INTO pg_temp.capacity_key VALUES ('k9', decode(repeat('36', 64), 'hex'), decode(repeat('5c', 64), 'hex'))`],
      set(mine.replace('k1|', 'k9|')),
    ],
    'a path that puts its own tables first': (mine) => [
      ['CREATE TEMP TABLE policy_cell AS SELECT * FROM public.policy_cell'],
      ['SET LOCAL search_path = pg_temp, public'],
      set(mine.replace(UWV, GEMEENTE)),
    ],
  }
  test.each(Object.keys(ATTEMPTS))('%s: sees nothing at all', async (name) => {
    // Temporary tables are refused to begin with; here they are allowed, so that it is seen that they would not help.
    const { rows } = await admin.query('SELECT current_database() AS name')
    await admin.query(`GRANT TEMPORARY ON DATABASE ${rows[0].name} TO PUBLIC`)
    try {
      expect(await after(ATTEMPTS[name]!)).toEqual({ mine: 0, others: 0 })
    } finally {
      await admin.query(`REVOKE TEMPORARY ON DATABASE ${rows[0].name} FROM PUBLIC`)
    }
  })

  test('a temporary table, which would take the place of a real one for the next on this connection, is refused', async () => {
    for (const sql of ['CREATE TEMP TABLE access_record (at timestamptz)', 'CREATE FUNCTION pg_temp.spy() RETURNS int RETURN 1'])
      await expect(after(() => [[sql]])).rejects.toMatchObject({ code: '42501' })
  })

  test('an organisation made from a value that holds a | is refused by the signer', () => {
    expect(() => signed(KEYS, { ...handler, organisation: `${UWV}|${TODAY}` })).toThrow('holds a |')
  })

  test('the keys are read by no role, and no function gives them', async () => {
    for (const name of ['wo_handler', 'wo_guide', 'wo_nobody', 'wo_officer_werkcentrum']) {
      await server.query('BEGIN')
      await server.query(`SELECT set_config('role', $1, true)`, [name])
      await expect(server.query('SELECT * FROM public.capacity_key')).rejects.toMatchObject({ code: '42501' })
      await server.query('ROLLBACK')
    }
    const { rows } = await admin.query(
      `SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc LIKE '%capacity_key%'`,
    )
    expect(rows).toEqual([{ proname: 'app_capacity' }])
  })

  test('what can run as the owner has a fixed path', async () => {
    const { rows } = await admin.query<{ path: string }>(
      `SELECT array_to_string(p.proconfig, ' ') AS path FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef`,
    )
    expect(rows.length).toBeGreaterThan(10)
    // What no role may create in, and last of all what anybody may; so every table and function of ours is named with its schema.
    expect(new Set(rows.map(({ path }) => path))).toEqual(new Set(['search_path=pg_catalog, pg_temp']))
  })
})
