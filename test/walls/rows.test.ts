// The second wall alone: plain SQL with every filter forgotten, as every role, for every organisation, on every table there is.
import type { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Category, PartnerKind, Purpose, Relation, Role } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { opens, signInDomain } from '../decide/questions.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { POLICIES } from '../support/server.js'
import { signedAs } from '../support/signed.js'
import {
  arrangeSmallWorld,
  connected,
  idOf,
  PARTNERS,
  type SmallWorld,
  TODAY,
  WERKCENTRA,
  YESTERDAY,
} from '../support/small-world.js'

type Row = Record<string, unknown>

const DESK_ROLES = ['wo_guide', 'wo_coordinator', 'wo_officer_werkcentrum', 'wo_signatory_werkcentrum']
const PARTNER_ROLES = ['wo_handler', 'wo_officer_partner', 'wo_signatory_partner']
const ROLES = [...DESK_ROLES, ...PARTNER_ROLES, 'wo_visitor', 'wo_nobody']
const EVERYONE = ROLES
const STAFF = [...DESK_ROLES, ...PARTNER_ROLES]
const OFFICERS = ['wo_officer_werkcentrum', 'wo_officer_partner']
const SIGNATORIES = ['wo_signatory_werkcentrum', 'wo_signatory_partner']
const PROGRESS = ['wo_guide', 'wo_handler', 'wo_coordinator', ...OFFICERS, 'wo_visitor']
const CONTEXT = ['wo_guide', 'wo_handler', 'wo_visitor']

/** Written by hand from domain.md: who may read which table at all, and who may add to it. A table that is not here fails. */
const TABLES: Record<string, { read: string[]; add: string[] }> = {
  region: { read: EVERYONE, add: [] },
  municipality: { read: EVERYONE, add: [] },
  partner: { read: EVERYONE, add: [] },
  partner_acts_for: { read: EVERYONE, add: [] },
  werkcentrum: { read: EVERYONE, add: [] },
  desk: { read: EVERYONE, add: [] },
  controller: { read: EVERYONE, add: [] },
  policy_version: { read: EVERYONE, add: [] },
  policy_cell: { read: EVERYONE, add: [] },
  capacity_key: { read: [], add: [] },
  agreement: { read: STAFF, add: SIGNATORIES },
  agreement_party: { read: STAFF, add: SIGNATORIES },
  agreement_event: { read: STAFF, add: [...OFFICERS, ...SIGNATORIES] },
  agreement_event_person: { read: [], add: [...OFFICERS, ...SIGNATORIES] },
  visitor_contact: { read: ['wo_guide'], add: ['wo_guide'] },
  visitor_contact_routing: { read: ['wo_guide'], add: ['wo_guide'] },
  visitor_contact_question: { read: ['wo_guide'], add: ['wo_guide'] },
  visitor_contact_situation: { read: ['wo_guide'], add: ['wo_guide'] },
  visitor_contact_note: { read: ['wo_guide'], add: ['wo_guide'] },
  visitor_contact_reference: { read: ['wo_guide'], add: ['wo_guide'] },
  hand_off: { read: PROGRESS, add: ['wo_guide'] },
  hand_off_event: { read: PROGRESS, add: ['wo_guide', 'wo_handler', 'wo_coordinator', 'wo_visitor'] },
  hand_off_view: { read: PROGRESS, add: ['wo_handler'] },
  warm_call: { read: PROGRESS, add: ['wo_guide'] },
  hand_off_logistics: { read: ['wo_guide', 'wo_handler', 'wo_coordinator', 'wo_visitor'], add: ['wo_guide'] },
  hand_off_next_step: { read: CONTEXT, add: ['wo_guide'] },
  hand_off_routing: { read: CONTEXT, add: ['wo_guide'] },
  hand_off_question: { read: CONTEXT, add: ['wo_guide'] },
  hand_off_situation: { read: CONTEXT, add: ['wo_guide'] },
  hand_off_sensitive: { read: ['wo_guide', 'wo_handler'], add: ['wo_guide'] },
  // That there is a note the code-holder hears from the consent.
  hand_off_note: { read: ['wo_guide', 'wo_handler'], add: ['wo_guide'] },
  // A partner's own; the policy gives a desk none.
  hand_off_remark: { read: ['wo_handler'], add: ['wo_handler'] },
  hand_off_outcome: { read: CONTEXT, add: ['wo_guide', 'wo_handler'] },
  // Officers read what the visitor agreed to, never what it was about.
  consent: { read: [...CONTEXT, ...OFFICERS], add: CONTEXT },
  hand_off_origin: { read: ['wo_guide'], add: ['wo_guide'] },
  hand_off_staff: { read: ['wo_handler'], add: ['wo_handler'] },
  follow_up_code: { read: ['wo_guide', 'wo_visitor'], add: ['wo_guide'] },
  idempotency_key: { read: ['wo_guide'], add: ['wo_guide'] },
  // Through functions that run as the owner alone.
  erasure: { read: [], add: [] },
  context_due: { read: [], add: [] },
  code_attempt: { read: [], add: [] },
  access_record: { read: OFFICERS, add: EVERYONE },
  access_record_part: { read: OFFICERS, add: EVERYONE },
  access_record_actor: { read: OFFICERS, add: EVERYONE },
  processing_record: { read: OFFICERS, add: EVERYONE.filter((role) => role !== 'wo_nobody') },
  log_leaf: { read: [], add: EVERYONE },
  log_seal: { read: [], add: [] },
  retention_term: { read: [], add: [] },
  retention_rule: { read: ['wo_coordinator', ...OFFICERS, ...SIGNATORIES], add: [] },
  fading_run: { read: ['wo_coordinator', ...OFFICERS], add: [] },
  put_away: { read: [], add: [] },
  entry_count: { read: [], add: [] },
  entry_threshold: { read: [], add: [] },
  // Added to through functions that run as the owner.
  staff_identity_request: { read: [...OFFICERS, ...SIGNATORIES], add: [] },
  staff_identity_record: { read: OFFICERS, add: [] },
  // Counted and published by what is no capacity.
  figure_counted: { read: [], add: [] },
  figure_count: { read: [], add: [] },
  figure_publication: { read: ['wo_guide', 'wo_coordinator', 'wo_handler'], add: [] },
  figure_value: { read: ['wo_guide', 'wo_coordinator', 'wo_handler'], add: [] },
  figure_goal: { read: ['wo_guide', 'wo_coordinator'], add: ['wo_coordinator'] },
}
/** These columns and no others: the account behind a pseudonym is for nobody's eyes. */
const COLUMNS: Record<string, string> = {
  access_record_actor: 'at, record_id, organisation_id, pseudonym',
  // Nor is the person who asked for it.
  staff_identity_record: 'request_id, at, record_id',
}
const REFERENCE = [
  ...['region', 'municipality', 'partner', 'partner_acts_for', 'werkcentrum', 'desk', 'controller'],
  ...['policy_version', 'policy_cell', 'retention_rule', 'fading_run'],
]
/** The category that each table of a hand-off holds. */
const CATEGORY: Record<string, Category> = {
  hand_off: 'reference',
  hand_off_event: 'progress',
  hand_off_view: 'progress',
  warm_call: 'progress',
  hand_off_logistics: 'logistics',
  hand_off_next_step: 'question',
  hand_off_routing: 'routing',
  hand_off_question: 'question',
  hand_off_situation: 'situation',
  hand_off_sensitive: 'sensitive',
  hand_off_note: 'note',
  hand_off_remark: 'internal',
  hand_off_outcome: 'outcome',
  hand_off_staff: 'staff',
}
/** As whom, and for what: the widest purpose of each. */
const ACTS: Record<string, [Role, Purpose]> = {
  wo_guide: ['GUIDE', 'HELP'],
  wo_handler: ['HANDLER', 'HELP'],
  wo_coordinator: ['COORDINATOR', 'OVERVIEW'],
  wo_officer_werkcentrum: ['PRIVACY_OFFICER', 'OVERSEE'],
  wo_officer_partner: ['PRIVACY_OFFICER', 'OVERSEE'],
  wo_signatory_werkcentrum: ['SIGNATORY', 'OVERSEE'],
  wo_signatory_partner: ['SIGNATORY', 'OVERSEE'],
  wo_visitor: ['CODE_HOLDER', 'RIGHTS'],
  wo_nobody: ['NOBODY' as Role, 'OVERVIEW'],
}
const policyHash = readPolicies(POLICIES).hash

const STEP = ['changed_day_part', 'changed_on', 'heard_by_desk', 'reason', 'state', 'steps']
const TERMS = [
  'answer_term_days',
  'cells',
  'contact_point',
  'document_reference',
  'first_contact_term_days',
  'legal_basis',
  'legal_basis_version',
  'review_on',
  'valid_from',
  'valid_to',
]
/** What may be corrected: values that are there, never that there are any. */
const CORRECTED = {
  hand_off_routing: ['origin', 'visitor_kind'],
  hand_off_question: ['journey', 'themes'],
  hand_off_situation: ['age', 'benefit', 'education', 'language_help', 'work'],
}
const CHANGES: Record<string, Record<string, string[]>> = {
  wo_guide: {
    hand_off: [...STEP, 'first_contact_on', 'guide_voice'],
    visitor_contact: ['voided'],
    ...CORRECTED,
    hand_off_note: ['note'],
  },
  wo_handler: {
    hand_off: [...STEP, 'first_contact_on', 'message_to_visitor'],
  },
  wo_coordinator: { hand_off: STEP, figure_goal: ['target'] },
  wo_signatory_werkcentrum: { agreement: TERMS },
  wo_signatory_partner: { agreement: TERMS },
  wo_visitor: { hand_off: [...STEP, 'visitor_voice'], ...CORRECTED },
}

let database: TestDatabase
let admin: Client
let server: Client
let world: SmallWorld
/** Every row of every table, past the wall. */
const all = new Map<string, Row[]>()
const handOffs = new Map<unknown, Row>()

beforeAll(async () => {
  database = await freshDatabase()
  world = await arrangeSmallWorld(database)
  admin = await connected(database.adminUrl)
  server = await connected(database.serverUrl)
  for (let seal = 0; seal < 2; seal++) await admin.query('SELECT seal_log(20)')
  await admin.query(`INSERT INTO fading_run VALUES ('2026-11-22', 'contact-link', 1, 1, now())`)
  const { rows } = await admin.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname <> '_prisma_migrations'`,
  )
  for (const { name } of rows) all.set(name, await select(admin, name))
  for (const row of all.get('hand_off') ?? []) handOffs.set(row.id, row)
})

afterAll(async () => {
  await server?.end()
  await admin?.end()
  await database?.drop()
})

const select = async (client: Client, table: string) =>
  (await client.query<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM (SELECT ${COLUMNS[table] ?? '*'} FROM ${table}) t`)).rows.map(
    ({ row }) => row,
  )

type Settings = { organisation?: string; today?: string; hashes?: readonly string[] }

/** As the door does it, except that a capacity of which nothing is said is not set at all; always rolled back. */
async function as<T>(role: string | undefined, settings: Settings, work: (client: Client) => Promise<T>): Promise<T> {
  await server.query('BEGIN')
  try {
    if (role) await server.query(`SELECT set_config('role', $1, true)`, [role])
    if (role && Object.keys(settings).length > 0) {
      const { organisation = '', today = TODAY, hashes = [] } = settings
      const [as, purpose] = ACTS[role]!
      await server.query(`SELECT set_config('app.capacity', $1, true)`, [
        signedAs({ databaseRole: role, role: as, purpose, organisation, today, codeHashes: hashes, policyHash }),
      ])
    }
    return await work(server)
  } finally {
    await server.query('ROLLBACK')
  }
}

/** The SQLSTATE, or how many rows it touched; the transaction goes on. */
async function tried(client: Client, sql: string, values: unknown[] = []): Promise<string | number> {
  await client.query('SAVEPOINT tried')
  try {
    return (await client.query(sql, values)).rowCount ?? 0
  } catch (fault) {
    return (fault as DatabaseError).code ?? String(fault)
  } finally {
    await client.query('ROLLBACK TO tried')
  }
}

const REFUSED = '42501' // insufficient_privilege: no grant, or a row against the policy

// ---- The oracle: what a person would say, row by row --------------------------------------------------------------------

type Who = { role: string; organisation?: string | undefined; hashes: readonly string[] }

const isUnion = (handOff: Row) => handOff.partner_kind === 'UNION'

function ownHandOff({ role, organisation, hashes }: Who, id: unknown): boolean {
  const handOff = handOffs.get(id)!
  switch (role) {
    case 'wo_guide':
      return handOff.werkcentrum_id === organisation
    case 'wo_handler':
      return handOff.partner_id === organisation
    case 'wo_coordinator':
    case 'wo_officer_werkcentrum':
      return handOff.werkcentrum_id === organisation && !isUnion(handOff)
    case 'wo_officer_partner':
      return handOff.partner_id === organisation && !isUnion(handOff)
    case 'wo_visitor':
      return world.hashes.get(id as string)!.some((hash) => hashes.includes(hash))
    default:
      return false
  }
}

/** The three locks, by the table of the domain written out by hand (test/decide/questions.ts). */
function isOpen({ role: databaseRole }: Who, table: string, row: Row, handOff: Row): boolean {
  const [role, purpose] = ACTS[databaseRole]!
  const phase = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS'].indexOf(handOff.state as string)
  const relations: Partial<Record<Role, Relation>> = {
    GUIDE: phase < 0 ? 'desk-ended' : 'desk',
    HANDLER: phase < 0 ? 'ended' : phase === 0 ? 'offered' : 'accepted',
    COORDINATOR: 'coordinates',
    PRIVACY_OFFICER: 'audits',
    CODE_HOLDER: 'holds-code',
  }
  const category = CATEGORY[table]!
  const relation = relations[role] ?? 'none'
  const [agreement] = all
    .get('agreement')!
    .filter((a) => a.werkcentrum_id === handOff.werkcentrum_id && a.partner_id === handOff.partner_id)
    .filter((a) => a.signed_on !== null && (a.valid_from as string) <= TODAY)
    .sort((a, b) => Number(b.version) - Number(a.version))
  const [consent] = all
    .get('consent')!
    .filter((c) => c.hand_off_id === handOff.id)
    .sort((a, b) => Number(b.version) - Number(a.version))
  const cell = { role, relation, purpose, category, partnerKind: handOff.partner_kind as PartnerKind }
  const isAgreed =
    agreement?.state === 'ACTIVE' &&
    (agreement.valid_to as string) >= TODAY &&
    (agreement.cells as string[]).includes(`${category} ${purpose}`)
  const covers =
    consent !== undefined &&
    (consent.expires_on as string) > TODAY &&
    (consent.categories as string[]).includes(category) &&
    (consent.purposes as string[]).includes(purpose)
  return opens(signInDomain(cell), {
    ...cell,
    agreement: isAgreed ? 'active' : 'none',
    consent: covers ? 'covers' : 'none',
    explicit: (consent?.explicit_categories as string[] | undefined)?.includes(category) ?? false,
    underSixteen: consent?.under_sixteen === true,
    representative: consent?.representative_present === true,
    ownSide: row.heard_by_desk !== true || table !== 'hand_off_outcome',
  })
}

function isOwn(who: Who, table: string, row: Row): boolean {
  // What was published is for every organisation that may ask; a partner reads of hand-offs its own row alone.
  if (table === 'figure_publication') return who.organisation !== undefined
  if (table === 'figure_value')
    return (
      who.organisation !== undefined &&
      (who.role !== 'wo_handler' ||
        (row.figure as string).startsWith('CONTACTS') ||
        (row.figure === 'OFFERED_BY_PARTNER' && row.row_key === who.organisation))
    )
  if (table === 'figure_goal') return row.werkcentrum_id === who.organisation
  // Invariant 17: to a partner such lines would tell that there was something to correct or to erase.
  if (table === 'hand_off_event' && PARTNER_ROLES.includes(who.role) && (row.step === 'correct' || row.step === 'erase'))
    return false
  if (CATEGORY[table]) {
    const handOff = handOffs.get(table === 'hand_off' ? row.id : row.hand_off_id)!
    return ownHandOff(who, handOff.id) && isOpen(who, table, row, handOff)
  }
  const { role, organisation, hashes } = who
  if (REFERENCE.includes(table)) return true
  // What was never signed by both is between officers and signatories, and so is what led to it.
  const isMaker = OFFICERS.includes(role) || SIGNATORIES.includes(role)
  if (table === 'agreement')
    return (
      (DESK_ROLES.includes(role) ? row.werkcentrum_id : row.partner_id) === organisation && (isMaker || row.signed_on !== null)
    )
  if (table === 'agreement_event' && !isMaker && !['load', 'sign', 'suspend', 'end'].includes(row.step as string)) return false
  if (table === 'agreement_party' || table === 'agreement_event')
    return isOwn(
      who,
      'agreement',
      find('agreement', (agreement) => agreement.id === row.agreement_id),
    )
  if (table === 'visitor_contact') return row.werkcentrum_id === organisation && row.day === TODAY
  if (table.startsWith('visitor_contact_'))
    return isOwn(
      who,
      'visitor_contact',
      find('visitor_contact', (contact) => contact.id === row.contact_id),
    )
  if (table === 'follow_up_code')
    return hashes.includes(row.hash as string) && (role === 'wo_visitor' || row.werkcentrum_id === organisation)
  if (table === 'idempotency_key') return row.organisation_id === organisation
  if (table === 'access_record_part' || table === 'processing_record')
    return (
      !row.confidential &&
      (role === 'wo_officer_werkcentrum'
        ? row.werkcentrum_id === organisation
        : row.partner_id === organisation && row.acting_organisation_id === organisation)
    )
  if (table === 'access_record')
    return all.get('access_record_part')!.some((part) => part.record_id === row.id && isOwn(who, 'access_record_part', part))
  if (table === 'access_record_actor')
    return row.organisation_id === organisation && isOwn(who, 'access_record', { id: row.record_id })
  // The other side reads that it is asked, not about which line.
  if (table === 'staff_identity_request')
    return SIGNATORIES.includes(role)
      ? row.organisation_id === organisation && row.other_organisation_id === organisation
      : row.organisation_id === organisation || row.other_organisation_id === organisation
  if (table === 'staff_identity_record')
    return find('staff_identity_request', ({ id }) => id === row.request_id).organisation_id === organisation
  if ('hand_off_id' in row) return ownHandOff(who, row.hand_off_id)
  throw new Error(`the test does not know whose rows ${table} holds`)
}

/** An empty line for either side of a request that one reads: that it was asked, agreed to or read stands in both logs. */
function isOfRequest(
  who: Who,
  { objects, hand_offs, confidential, werkcentrum_id, partner_id, acting_organisation_id }: Row,
): boolean {
  const isEmpty = [objects, hand_offs].every((list) => (list as unknown[]).length === 0) && !confidential
  const sides = [werkcentrum_id, partner_id].filter((side) => side !== null)
  return (
    (OFFICERS.includes(who.role) || SIGNATORIES.includes(who.role)) &&
    isEmpty &&
    sides.length === 1 &&
    sides[0] === acting_organisation_id &&
    all
      .get('staff_identity_request')!
      .some((q) => isOwn(who, 'staff_identity_request', q) && [q.organisation_id, q.other_organisation_id].includes(sides[0]))
  )
}

const isDraft = (id: unknown) => find('agreement', (agreement) => agreement.id === id).state === 'DRAFT'

const find = (table: string, fits: (row: Row) => boolean) => all.get(table)!.find(fits)!

function mayAdd(who: Who, table: string, row: Row): boolean {
  const { role, organisation } = who
  const isDesk = DESK_ROLES.includes(role)
  // One adds to a hand-off that one sees, also what one may not read back.
  if (table !== 'hand_off_event' && CATEGORY[table])
    return table === 'hand_off' ? ownHandOff(who, row.id) : isOwn(who, 'hand_off', handOffs.get(row.hand_off_id)!)
  switch (table) {
    case 'access_record':
      // A line is what was signed, of the day that was signed.
      return (
        row.organisation_id === (STAFF.includes(role) ? (organisation ?? '') : null) &&
        row.role === ACTS[role]![0] &&
        row.purpose === ACTS[role]![1] &&
        (row.at as string).startsWith(TODAY)
      )
    case 'access_record_actor':
      return STAFF.includes(role) && row.organisation_id === organisation
    case 'log_leaf':
      return (row.at as string).startsWith(TODAY)
    case 'processing_record':
    case 'access_record_part':
      if (table === 'access_record_part' && isOfRequest(who, row)) return true
      if (row.acting_organisation_id !== (STAFF.includes(role) ? organisation : null)) return false
      // Nobody writes about what they do not see.
      if (!((row.hand_offs ?? []) as string[]).every((id) => handOffs.has(id) && isOwn(who, 'hand_off', handOffs.get(id)!)))
        return false
      if (role === 'wo_visitor')
        return [...handOffs.values()].some(
          (h) => h.werkcentrum_id === row.werkcentrum_id && h.partner_id === row.partner_id && ownHandOff(who, h.id),
        )
      return STAFF.includes(role) && (isDesk ? row.werkcentrum_id : row.partner_id) === organisation
    case 'follow_up_code':
      return row.werkcentrum_id === organisation
    case 'agreement_party':
      return isOwn(who, table, row) && isDraft(row.agreement_id)
    // Every copy is of a step that was taken already: who took it is noted once, and test/agreements tries the steps.
    case 'agreement_event':
    case 'agreement_event_person':
      return false
    case 'hand_off_event':
    case 'consent': {
      const side = isDesk ? 'WERKCENTRUM' : role === 'wo_visitor' ? 'VISITOR' : 'PARTNER'
      if (row.by_side !== side || !isOwn(who, table, row)) return false
      if (table !== 'consent') return true
      if (role === 'wo_handler' || role === 'wo_visitor') return row.change === 'NARROWED' || row.change === 'WITHDRAWN'
      return (
        role !== 'wo_guide' ||
        row.change !== 'WIDENED' ||
        world.hashes.get(row.hand_off_id as string)!.some((hash) => who.hashes.includes(hash))
      )
    }
    default:
      return isOwn(who, table, row)
  }
}

/** Every role as every organisation there is, also those it can never be; one that does not exist; and visitors with one, two and no codes. */
function everyone(): Who[] {
  const organisations = [...Object.values(WERKCENTRA), ...Object.values(PARTNERS), idOf('an organisation that is not there')]
  const codes = [...world.hashes.values()]
  return ROLES.flatMap((role): Who[] => {
    if (role === 'wo_visitor')
      return [...codes, [...codes[0]!, ...codes[1]!], ['k1:unknown'], []].map((hashes) => ({ role, hashes }))
    if (role === 'wo_nobody')
      return [
        { role, hashes: [] },
        { role, hashes: codes[0]! },
        ...organisations.map((organisation) => ({ role, organisation, hashes: [] })),
      ]
    const known = organisations.map((organisation): Who => ({ role, organisation, hashes: [] }))
    // A guide who was shown a code, also one of the other desk.
    return role === 'wo_guide' ? [...known, ...codes.map((hashes) => ({ role, organisation: WERKCENTRA.a, hashes }))] : known
  })
}

/** The log grows with everything the world does: of a long table, what is wanted and some thirty others will do. */
const aSample = (rows: readonly Row[], wanted: (row: Row) => boolean) =>
  rows.filter((row, place) => wanted(row) || place % Math.ceil(rows.length / 30) === 0)

const key = (row: Row) => JSON.stringify(row, Object.keys(row).sort())

// ---- The tests ----------------------------------------------------------------------------------------------------------

describe('The test itself', () => {
  test('knows every table that the database has, and no other', () =>
    expect([...all.keys()].sort()).toEqual(Object.keys(TABLES).sort()))

  test('knows every role that the database has', async () => {
    const { rows } = await admin.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'wo\\_%' AND NOT rolcanlogin`)
    // What counts and publishes figures is nobody's capacity: test/figures.
    expect(rows.map(({ rolname }) => rolname).sort()).toEqual([...ROLES, 'wo_figures'].sort())
  })

  test('has something to hide in every table, in every state of a hand-off', () => {
    const scant = [...all].filter(
      ([name, rows]) => rows.length < (REFERENCE.includes(name) || ['capacity_key', 'entry_threshold'].includes(name) ? 1 : 2),
    )
    expect(scant.map(([name]) => name)).toEqual([])
    const states = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS', 'COMPLETED', 'DECLINED', 'RETURNED', 'FORWARDED', 'WITHDRAWN', 'LAPSED']
    expect(new Set([...handOffs.values()].map(({ state }) => state))).toEqual(new Set(states))
    expect(new Set(all.get('visitor_contact')!.map(({ day }) => day))).toEqual(new Set([YESTERDAY, TODAY]))
    expect(all.get('access_record_part')!.some(({ confidential }) => confidential)).toBe(true)
  })
})

describe('Reading with every filter forgotten', () => {
  test('gives each role exactly the rows of its own organisation or code, on every table', async () => {
    const wrong: string[] = []
    const seen = new Map<string, number>()
    const tables = new Set<string>()
    for (const who of everyone()) {
      await as(
        who.role,
        { ...(who.organisation ? { organisation: who.organisation } : {}), hashes: who.hashes },
        async (client) => {
          for (const [table, rows] of all) {
            // Without a grant the organisation makes no difference: tried once per role.
            if (!TABLES[table]?.read.includes(who.role)) {
              if (tables.has(`${who.role} ${table}`)) continue
              tables.add(`${who.role} ${table}`)
              const said = await tried(client, `SELECT ${COLUMNS[table] ?? '*'} FROM ${table}`)
              if (said !== REFUSED) wrong.push(`${who.role} reads ${table}: ${said}`)
              continue
            }
            const found = new Set((await select(client, table)).map(key))
            const expected = rows.filter((row) => isOwn(who, table, row)).map(key)
            if (found.size !== expected.length || expected.some((row) => !found.has(row)))
              wrong.push(
                `${who.role} of ${who.organisation ?? who.hashes.length} on ${table}: ${found.size} rows, ${expected.length} allowed`,
              )
            seen.set(`${who.role} ${table}`, (seen.get(`${who.role} ${table}`) ?? 0) + found.size)
          }
        },
      )
    }
    expect(wrong).toEqual([])
    // And each grant is of some use: nothing above held because there was nothing to see.
    const useless = Object.entries(TABLES).flatMap(([table, { read }]) =>
      read.filter((role) => !seen.get(`${role} ${table}`)).map((role) => `${role} ${table}`),
    )
    expect(useless).toEqual([])
  })

  test.each(ROLES)('gives %s no governed row when nothing was set', async (role) => {
    for (const settings of [{}, { organisation: '', hashes: [] }])
      await as(role, settings, async (client) => {
        for (const [table, { read }] of Object.entries(TABLES))
          if (read.includes(role) && !REFERENCE.includes(table))
            expect([table, (await select(client, table)).length]).toEqual([table, 0])
      })
  })

  test.each(['x', "' or true --", '00000000-0000-0000-0000-00000000000', '%', 'null', `${WERKCENTRA.a} `.repeat(2)])(
    'gives an error or nothing when the organisation is %j',
    async (organisation) => {
      for (const role of ROLES)
        await as(role, { organisation }, async (client) => {
          for (const [table, { read }] of Object.entries(TABLES))
            if (read.includes(role) && !REFERENCE.includes(table))
              expect([role, table, await tried(client, `SELECT ${COLUMNS[table] ?? '*'} FROM ${table}`)]).toEqual([
                role,
                table,
                expect.toSatisfy((said) => said === 0 || said === '22P02'),
              ])
        })
    },
  )

  test.each(['x', '2026-13-45', ''])('gives a guide no contact when the day is %j', (today) =>
    as('wo_guide', { organisation: WERKCENTRA.a, today }, async (client) => {
      expect(await tried(client, 'SELECT * FROM visitor_contact')).toSatisfy((said) => said === 0 || /^22/.test(String(said)))
    }),
  )

  test("gives the server's login nothing before it became a capacity", async () => {
    await as(undefined, { organisation: WERKCENTRA.a, hashes: [...world.hashes.values()].flat() }, async (client) => {
      for (const table of [...all.keys(), '_prisma_migrations'])
        expect([table, await tried(client, `SELECT * FROM public.${table}`)]).toEqual([table, REFUSED])
    })
  })

  test('gives nobody a follow-up code whose hash they did not bring', async () => {
    for (const role of ROLES)
      for (const organisation of [...Object.values(WERKCENTRA), ...Object.values(PARTNERS)])
        await as(role, { organisation, hashes: ['k1:guess', '%', 'k1:'] }, async (client) => {
          expect(await tried(client, 'SELECT * FROM follow_up_code')).toBe(
            TABLES.follow_up_code!.read.includes(role) ? 0 : REFUSED,
          )
        })
  })

  test('invariant 16: coordinators and officers have no grant at all on any context', async () => {
    const { rows } = await admin.query(
      `SELECT r, t FROM unnest($1::text[]) r, unnest($2::text[]) t WHERE has_table_privilege(r, t, 'SELECT') OR has_any_column_privilege(r, t, 'SELECT')`,
      [
        ['wo_coordinator', ...OFFICERS, 'wo_signatory_werkcentrum', 'wo_signatory_partner', 'wo_nobody'],
        [
          'hand_off_routing',
          'hand_off_question',
          'hand_off_next_step',
          'hand_off_situation',
          'hand_off_sensitive',
          'visitor_contact',
          'visitor_contact_routing',
          'visitor_contact_question',
          'visitor_contact_situation',
        ],
      ],
    )
    expect(rows).toEqual([])
  })
})

describe('Writing', () => {
  test('is granted on the columns of the list above and no others, and deleting is granted to nobody', async () => {
    const { rows } = await admin.query<{ role: string; table: string; columns: string[] }>(
      `SELECT r AS role, c.relname AS table, array_agg(a.attname::text ORDER BY a.attname::text COLLATE "C") AS columns
       FROM unnest($1::text[]) r, pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND has_column_privilege(r, c.oid, a.attnum, 'UPDATE') GROUP BY 1, 2`,
      [[...ROLES, 'wo_server']],
    )
    const found: typeof CHANGES = {}
    for (const { role, table, columns } of rows) found[role] = { ...found[role], [table]: columns }
    for (const tables of Object.values(CHANGES)) for (const columns of Object.values(tables)) columns.sort()
    expect(found).toEqual(CHANGES)
    const others = await admin.query<{ r: string; relname: string; p: string }>(
      `SELECT r, c.relname, p FROM unnest($1::text[]) r, pg_class c, unnest(ARRAY['DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND has_table_privilege(r, c.oid, p)`,
      [[...ROLES, 'wo_server', 'public']],
    )
    // The parties of a draft alone.
    expect(others.rows.map(({ r, relname, p }) => `${r} ${relname} ${p}`).sort()).toEqual([
      'wo_signatory_partner agreement_party DELETE',
      'wo_signatory_werkcentrum agreement_party DELETE',
    ])
    const added = await admin.query<{ r: string; t: string }>(
      `SELECT r, c.relname AS t FROM unnest($1::text[]) r, pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
         AND (has_table_privilege(r, c.oid, 'INSERT') OR has_any_column_privilege(r, c.oid, 'INSERT'))`,
      [[...ROLES, 'wo_server']],
    )
    expect(added.rows.map(({ r, t }) => `${r} ${t}`).sort()).toEqual(
      Object.entries(TABLES)
        .flatMap(([t, { add }]) => add.map((r) => `${r} ${t}`))
        .sort(),
    )
  })

  test('changes own rows alone, with every filter forgotten', async () => {
    const wrong: string[] = []
    for (const who of everyone())
      await as(
        who.role,
        { ...(who.organisation ? { organisation: who.organisation } : {}), hashes: who.hashes },
        async (client) => {
          for (const table of all.keys()) {
            const columns = CHANGES[who.role]?.[table]
            if (!columns) continue
            const touched = await tried(
              client,
              `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column}`).join(', ')}`,
            )
            const own = all
              .get(table)!
              .filter((row) => isOwn(who, table, row) && (table !== 'agreement' || isDraft(row.id))).length
            if (touched !== own)
              wrong.push(`${who.role} of ${who.organisation ?? who.hashes.length} changes ${touched} of ${table}, owns ${own}`)
          }
        },
      )
    expect(wrong).toEqual([])
  })

  test('of what is never changed is refused to every role: events, calls, consent, codes, views, and the access log', async () => {
    const NEVER = [
      'hand_off_event',
      'warm_call',
      'consent',
      'follow_up_code',
      'hand_off_view',
      'access_record',
      'access_record_part',
      'access_record_actor',
      'processing_record',
      'log_leaf',
    ]
    for (const role of ROLES)
      await as(role, { organisation: WERKCENTRA.a }, async (client) => {
        for (const table of NEVER)
          for (const column of Object.keys(all.get(table)![0]!))
            expect([role, table, await tried(client, `UPDATE ${table} SET ${column} = ${column}`)]).toEqual([
              role,
              table,
              REFUSED,
            ])
        for (const table of all.keys())
          if (table !== 'agreement_party' || !SIGNATORIES.includes(role))
            expect([role, table, await tried(client, `DELETE FROM ${table}`)]).toEqual([role, table, REFUSED])
      })
  })

  test('a copy of any row is let through where it is the own side’s to write, and refused everywhere else', async () => {
    // What the database works out itself, and so nobody writes.
    const generated: Record<string, string[]> = {
      visitor_contact: ['faded', 'day_precision'],
      put_away: ['number'],
      hand_off: ['ended', 'open_until', 'square', 'consent_locks', 'consent_until', 'faded', 'day_precision', 'touched_on'],
      agreement: ['version', 'state', 'signed_on', 'events'],
      agreement_event: ['number', 'state'],
      agreement_party: ['legal_person'],
      log_leaf: ['seal', 'place'],
      staff_identity_request: ['open_until'],
    }
    const wrong: string[] = []
    const passed = new Map<string, number>()
    const codes = [...world.hashes.values()]
    const completed = world.hashes.get(world.handOffs[`a GEMEENTE completed ${TODAY}`]!)!
    const whos: Who[] = [
      ...DESK_ROLES.map((role) => ({ role, organisation: WERKCENTRA.a, hashes: [] })),
      { role: 'wo_guide', organisation: WERKCENTRA.b, hashes: codes.flat() },
      ...PARTNER_ROLES.flatMap((role) =>
        [PARTNERS.UWV, PARTNERS.GEMEENTE, PARTNERS.UNION].map((organisation) => ({ role, organisation, hashes: [] })),
      ),
      { role: 'wo_visitor', hashes: completed },
      { role: 'wo_nobody', organisation: WERKCENTRA.a, hashes: completed },
    ]
    for (const who of whos)
      await as(
        who.role,
        { ...(who.organisation ? { organisation: who.organisation } : {}), hashes: who.hashes },
        async (client) => {
          for (const [table, rows] of all) {
            const columns = Object.keys(rows[0]!)
              .filter((column) => !generated[table]?.includes(column))
              .join(', ')
            const granted = TABLES[table]!.add.includes(who.role)
            for (const row of granted ? aSample(rows, (row) => mayAdd(who, table, row)) : rows.slice(0, 1)) {
              const said = await tried(
                client,
                `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_record(null::${table}, $1)`,
                [JSON.stringify(row)],
              )
              // Past the wall, the primary key says that the row is there already.
              const expected = granted && mayAdd(who, table, row) ? '23505' : REFUSED
              // About agreements the database asks first whether the step can be taken at all, and then whose it is.
              const isStep = granted && ['agreement_party', 'agreement_event'].includes(table) && expected === REFUSED
              if (said !== expected && !(isStep && said === '23514'))
                wrong.push(
                  `${who.role} of ${who.organisation ?? 'a code'} adds to ${table}: ${said}, not ${expected}: ${key(row)}`,
                )
              if (said === '23505') passed.set(`${who.role} ${table}`, (passed.get(`${who.role} ${table}`) ?? 0) + 1)
            }
          }
        },
      )
    expect(wrong).toEqual([])
    // Every grant got through at least once, but for those that this world has no row to copy for.
    const useless = Object.entries(TABLES).flatMap(([table, { add }]) =>
      add.filter((role) => !passed.get(`${role} ${table}`)).map((role) => `${role} ${table}`),
    )
    expect(useless.sort()).toEqual(
      [
        ...[...OFFICERS, ...SIGNATORIES].flatMap((role) => [`${role} agreement_event`, `${role} agreement_event_person`]),
        'wo_coordinator access_record',
        'wo_signatory_partner access_record',
        'wo_signatory_werkcentrum access_record',
        'wo_nobody access_record_actor',
        'wo_nobody access_record_part',
        'wo_visitor access_record_actor',
        'wo_visitor consent',
      ].sort(),
    )
  })

  test('invariant 9: without the code nobody widens consent, and nobody does so in another side’s name', async () => {
    const id = world.handOffs[`a UWV accepted ${TODAY}`]!
    const before = all.get('consent')!.find(({ hand_off_id }) => hand_off_id === id)!
    const columns = Object.keys(before).join(', ')
    const guide = { role: 'wo_guide', organisation: WERKCENTRA.a }
    const handler = { role: 'wo_handler', organisation: PARTNERS.UWV }
    const [own, others] = [world.hashes.get(id)!, world.hashes.get(world.handOffs[`b UWV accepted ${TODAY}`]!)!]
    for (const [who, hashes, change, by_side, said] of [
      [handler, [], 'WIDENED', 'PARTNER', REFUSED],
      [handler, own, 'WIDENED', 'PARTNER', REFUSED],
      [handler, [], 'NARROWED', 'WERKCENTRUM', REFUSED],
      [handler, [], 'NARROWED', 'PARTNER', 1],
      [guide, [], 'WIDENED', 'WERKCENTRUM', REFUSED],
      [guide, others, 'WIDENED', 'WERKCENTRUM', REFUSED],
      [guide, own, 'WIDENED', 'VISITOR', REFUSED],
      [guide, own, 'WIDENED', 'WERKCENTRUM', 1],
      [guide, [], 'NARROWED', 'WERKCENTRUM', 1],
      [{ role: 'wo_visitor' }, others, 'WIDENED', 'VISITOR', REFUSED],
      // Wider is asked at the desk, where it is asked whether it is free.
      [{ role: 'wo_visitor' }, own, 'WIDENED', 'VISITOR', REFUSED],
      [{ role: 'wo_visitor' }, own, 'NARROWED', 'VISITOR', 1],
    ] as const)
      await as(who.role, { ...('organisation' in who ? { organisation: who.organisation } : {}), hashes }, async (client) => {
        const row = JSON.stringify({ ...before, version: 2, change, by_side })
        const sql = `INSERT INTO consent (${columns}) SELECT ${columns} FROM jsonb_populate_record(null::consent, $1)`
        expect([who.role, change, by_side, await tried(client, sql, [row])]).toEqual([who.role, change, by_side, said])
      })
  })
})

describe('Getting round the wall', () => {
  const ATTEMPTS = [
    'TRUNCATE public.hand_off_event',
    'DROP TABLE public.consent',
    'DROP POLICY read_of_desk ON public.hand_off',
    'ALTER TABLE public.hand_off DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE public.hand_off NO FORCE ROW LEVEL SECURITY',
    'ALTER TABLE public.hand_off ADD COLUMN name text',
    'ALTER POLICY own_desk ON public.hand_off USING (true)',
    'CREATE POLICY open ON public.hand_off USING (true)',
    'CREATE TABLE public.copy AS SELECT 1 AS a',
    'CREATE VIEW public.copy AS SELECT * FROM public.hand_off',
    `CREATE FUNCTION public.app_organisation() RETURNS uuid LANGUAGE sql AS 'SELECT null::uuid'`,
    `CREATE OR REPLACE FUNCTION public.app_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT null::uuid'`,
    'CREATE TRIGGER spy AFTER INSERT ON public.hand_off EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    'CREATE SCHEMA mine',
    'CREATE ROLE mine SUPERUSER',
    'ALTER ROLE wo_server SUPERUSER',
    'ALTER ROLE wo_server BYPASSRLS',
    'SET LOCAL ROLE wo_owner',
    'SET LOCAL ROLE postgres',
    'SET LOCAL SESSION AUTHORIZATION postgres',
    'SET LOCAL session_replication_role = replica',
    `COPY public.hand_off TO PROGRAM 'cat'`,
    `COPY public.hand_off TO '/tmp/hand_off'`,
    `SELECT pg_read_file('/etc/passwd')`,
    'SELECT * FROM pg_authid',
    'SELECT * FROM public._prisma_migrations',
    `INSERT INTO public.policy_version (hash, sharing, actions) VALUES (repeat('0', 64), '', '')`,
  ]
  test.each([...ROLES, 'wo_server'])('is refused to %s', async (role) => {
    await as(role === 'wo_server' ? undefined : role, { organisation: WERKCENTRA.a }, async (client) => {
      for (const sql of ATTEMPTS) expect([sql, await tried(client, sql)]).toEqual([sql, REFUSED])
      // The database cannot give what was not granted on, and says so with a warning.
      await tried(client, 'GRANT SELECT ON hand_off_sensitive TO PUBLIC')
    })
    expect((await admin.query(`SELECT has_table_privilege('public', 'hand_off_sensitive', 'SELECT') AS yes`)).rows).toEqual([
      { yes: false },
    ])
  })

  test('with row_security off is an error, not more rows', async () => {
    for (const [role, table] of [
      ['wo_guide', 'hand_off'],
      ['wo_handler', 'consent'],
      ['wo_officer_partner', 'access_record_part'],
    ] as const)
      await as(role, { organisation: WERKCENTRA.a }, async (client) => {
        await client.query('SET LOCAL row_security = off')
        expect(await tried(client, `SELECT * FROM ${table}`)).toBe(REFUSED)
      })
  })
})

describe('What the tables themselves refuse, whoever asks', () => {
  const refusals: [string, string, () => [string, unknown[]]][] = [
    [
      'a controller that is no legal person',
      '23503',
      () => ['INSERT INTO controller (werkcentrum_id, partner_id) VALUES ($1, $2)', [WERKCENTRA.a, PARTNERS.WSP]],
    ],
    [
      'a controller that says it is one',
      '23503',
      () => ['INSERT INTO controller VALUES ($1, $2, true)', [WERKCENTRA.a, PARTNERS.WSP]],
    ],
    [
      'a controller that says it is none',
      '23514',
      () => ['INSERT INTO controller VALUES ($1, $2, false)', [WERKCENTRA.a, PARTNERS.WSP]],
    ],
    [
      'a werkcentrum as controller',
      '23503',
      () => ['INSERT INTO controller (werkcentrum_id, partner_id) VALUES ($1, $1)', [WERKCENTRA.a]],
    ],
    [
      'an agreement signed by no legal person',
      '23503',
      () => [
        `INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side) VALUES ($1, $2, $3, 'PARTNER')`,
        [WERKCENTRA.a, idOf('agreement a WSP'), PARTNERS.WSP],
      ],
    ],
    [
      'a partnership that acts for one',
      '23503',
      () => ['INSERT INTO partner_acts_for (partner_id, member_id) VALUES ($1, $2)', [PARTNERS.UWV, PARTNERS.WSP]],
    ],
    [
      'that a controller stops being a legal person',
      '23503',
      () => ['UPDATE partner SET legal_person = false WHERE id = $1', [PARTNERS.GEMEENTE]],
    ],
    ...(['WSP', 'UNION', 'PRIVATE'] as const).flatMap((kind): [string, string, () => [string, unknown[]]][] => {
      const sensitive = (said: string): [string, unknown[]] => {
        const { werkcentrum_id, id } = [...handOffs.values()].find(({ partner_kind }) => partner_kind === kind)!
        return [
          `INSERT INTO hand_off_sensitive VALUES ($1, $2, $3, $4, '{JOBS_AGREEMENT}')`,
          [werkcentrum_id, id, PARTNERS[kind], said],
        ]
      }
      return [
        [`sensitive facts for a partner of kind ${kind}`, '23514', () => sensitive(kind)],
        [`sensitive facts for a ${kind} that calls itself UWV`, '23503', () => sensitive('UWV')],
      ]
    }),
    [
      'a hand-off that says its partner is of another kind',
      '23503',
      () => [`UPDATE hand_off SET partner_kind = 'UWV' WHERE partner_kind = 'UNION'`, []],
    ],
    [
      'context for another partner than the hand-off is for',
      '23503',
      () => ['UPDATE hand_off_situation SET partner_id = $1 WHERE partner_id <> $1', [PARTNERS.PRIVATE]],
    ],
    ...['asked_for_help', 'in_own_interest', 'refusal_is_free'].map((condition): [string, string, () => [string, unknown[]]] => [
      `consent without ${condition}`,
      '23514',
      () => [`UPDATE consent SET ${condition} = false`, []],
    ]),
    [
      'consent that is withdrawn and covers something',
      '23514',
      () => [`UPDATE consent SET change = 'WITHDRAWN' WHERE version > 1`, []],
    ],
    ['consent that is given twice', '23514', () => [`UPDATE consent SET change = 'GIVEN' WHERE version > 1`, []]],
    ['explicit consent for what was not agreed', '23514', () => [`UPDATE consent SET explicit_categories = '{note}'`, []]],
    ['a state that does not exist', '23514', () => [`UPDATE hand_off SET state = 'LOST'`, []]],
    ['to say that a hand-off has ended', '428C9', () => ['UPDATE hand_off SET ended = true', []]],
    ['to say until when a loop is open', '428C9', () => [`UPDATE hand_off SET open_until = 'infinity'`, []]],
  ]
  test.each(refusals)('%s', async (_, code, attempt) => {
    await admin.query('BEGIN')
    expect(await tried(admin, ...attempt())).toBe(code)
    await admin.query('ROLLBACK')
  })
})
