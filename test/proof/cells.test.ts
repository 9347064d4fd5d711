// Every cell of the question space: against the twenty invariants, through decide and through the database's own rules, compared cell by cell.
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  BUILT_IN_RULES,
  type Category,
  type Cell,
  decider,
  type PartnerKind,
  type Question,
  type Role,
} from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { COUNT, everyQuestion, everySquare, opens, SPACE, signInDomain } from '../decide/questions.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { readAs, TABLE_OF } from '../support/facts.js'
import { POLICIES } from '../support/server.js'
import { signedAs } from '../support/signed.js'
import { connected, TODAY } from '../support/small-world.js'
import {
  fits,
  locksAsAsked,
  mayHoldSensitive,
  namedFor,
  partnerOf,
  putRows,
  READERS,
  RELATIONS,
  ROWS,
  type Row,
  relationTo,
  whyNoRow,
} from './cells-in-rows.js'
import { INVARIANTS } from './invariants.js'

const policies = readPolicies(POLICIES)
const { sharing, hash: policyHash } = policies
const decide = decider(sharing)
const isWhole = process.env.PROOF === 'whole'

let database: TestDatabase
let admin: Client
let server: Client
beforeAll(async () => {
  database = await freshDatabase()
  admin = await connected(database.adminUrl)
  server = await connected(database.serverUrl)
  await putRows(admin)
  await readRules()
})
afterAll(async () => {
  await server?.end()
  await admin?.end()
  await database?.drop()
})

const inNumbers = (count: number) => count.toLocaleString('en-US')
const table: string[] = []
const tell = (what: string, count: number | string, more = '') =>
  table.push(`${what.padEnd(110)} ${(typeof count === 'number' ? inNumbers(count) : count).padStart(12)}${more && `  ${more}`}`)
afterAll(() => console.info(`\n${table.join('\n')}\n`))

/** The place of a question in the space, the last word counting ones. */
const places = Object.entries(SPACE).map(([name, words]) => ({
  name: name as keyof Question,
  size: words.length,
  of: new Map<unknown, number>((words as readonly unknown[]).map((word, place) => [word, place])),
}))
function placeOf(q: Question): number {
  let place = 0
  for (const { name, size, of } of places) place = place * size + of.get(q[name])!
  return place
}
const SPACE_BEGINS = Object.fromEntries(Object.entries(SPACE).map(([name, words]) => [name, words[0]])) as unknown as Question

/* The rules as the database holds them. */

/** Whoever is signed as one of these roles, at any organisation: the lens does not look at the rest. */
const SPEAKERS: Record<Role, string> = {
  GUIDE: 'wo_guide',
  HANDLER: 'wo_handler',
  COORDINATOR: 'wo_coordinator',
  PRIVACY_OFFICER: 'wo_officer_partner',
  SIGNATORY: 'wo_signatory_partner',
  CODE_HOLDER: 'wo_visitor',
}
/** By role, purpose and category: for each of the 36 squares (phase by kind) and each sum of open locks, '1' or '0'. */
const rules = new Map<string, string>()

/** One statement for each role and purpose: the function through which every policy reads the rules, asked about every category. */
async function readRules() {
  for (const role of SPACE.role)
    for (const purpose of SPACE.purpose) {
      const databaseRole = SPEAKERS[role]
      const said = { databaseRole, role, organisation: partnerOf('UWV'), today: TODAY, purpose, policyHash, codeHashes: [] }
      await server.query('BEGIN')
      await server.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [
        databaseRole,
        signedAs(said),
      ])
      const { rows } = await server.query<{ category: Category; truths: string }>(
        `SELECT c AS category, string_agg(((l.truths[square] >> locks) & 1)::text, '' ORDER BY square, locks) AS truths
         FROM unnest($1::text[]) c, app_lens(c) l, generate_series(1, 36) square, generate_series(0, 15) locks GROUP BY c`,
        [SPACE.category],
      )
      await server.query('ROLLBACK')
      for (const { category, truths } of rows) rules.set(`${role} ${purpose} ${category}`, truths)
    }
}

const kindAt = new Map<PartnerKind, number>(SPACE.partnerKind.map((kind, place) => [kind, place]))
const CLOSED = '0'.repeat(36 * 16)
/** The rules about a square, and where in them it stands: once for every phase that it can be about. */
function rulesFor({ role, relation, purpose, partnerKind, category }: Cell): { truths: string; starts: number[] } {
  const phases = (RELATIONS[role] ?? []).flatMap((own, phase) => (own === relation ? [phase] : []))
  return {
    truths: rules.get(`${role} ${purpose} ${category}`) ?? CLOSED,
    starts: phases.map((phase) => (phase * 12 + kindAt.get(partnerKind)!) * 16),
  }
}
/** As in the migration: agreement 1, consent 2, explicit consent 4, own side 8; below sixteen alone there is no consent. */
function locksOf({ agreement, consent, explicit, underSixteen, representative, ownSide }: Omit<Question, keyof Cell>): number {
  const isGiven = consent === 'covers' && (!underSixteen || representative)
  return (agreement === 'active' ? 1 : 0) + (isGiven ? (explicit ? 6 : 2) : 0) + (ownSide ? 8 : 0)
}
const isOpen = (q: Question) => decide(q).allowed
function isOpenInRules(q: Question): boolean {
  const { truths, starts } = rulesFor(q)
  return starts.some((start) => truths[start + locksOf(q)] === '1')
}

/* The space. */

const asked = INVARIANTS.map(() => 0)
const broken: Record<'decide' | 'database', Question[][]> = {
  decide: INVARIANTS.map(() => []),
  database: INVARIANTS.map(() => []),
}
const opened = { decide: 0, database: 0 }
const unlikeTheDomain: Question[] = []
const unlikeTheDatabase: Question[] = []
const because = { open: new Set<string>(), closed: new Set<string>(), noRelation: new Set<string>() }
let cells = 0

const keep = (list: Question[], q: Question) => list.length < 5 && list.push({ ...q })

/** What decide said to each question, at its place in the space. */
const answers = new Uint8Array(COUNT)

beforeAll(() => {
  // Called fourteen million times: not by way of the module.
  const inDomain = opens
  const locksAt: number[] = []
  everyQuestion(SPACE_BEGINS, (q) => locksAt.push(locksOf(q)))
  everySquare((square) => {
    const sign = signInDomain(square)
    const { truths, starts } = rulesFor(square)
    const spoken = INVARIANTS.filter(({ about }) => about?.(square))
    const first = placeOf({ ...SPACE_BEGINS, ...square })
    let nth = 0
    let last = ''
    everyQuestion(square, (q) => {
      const { allowed, because: rule } = decide(q)
      const locks = locksAt[nth]!
      const inWall = starts.length > 0 && truths[starts[0]! + locks] === '1'
      let isSame = inWall === allowed
      for (let phase = 1; phase < starts.length; phase++) if ((truths[starts[phase]! + locks] === '1') !== allowed) isSame = false
      if (!isSame) keep(unlikeTheDatabase, q)
      if (allowed !== inDomain(sign, q)) keep(unlikeTheDomain, q)
      if (rule !== last) {
        last = rule
        because[allowed ? 'open' : 'closed'].add(rule)
        if (starts.length === 0) because.noRelation.add(rule)
      }
      if (allowed) {
        answers[first + nth] = 1
        opened.decide++
        for (const { number, holds } of spoken) if (!holds!(q, isOpen)) keep(broken.decide[number - 1]!, q)
      }
      if (inWall) {
        opened.database++
        for (const { number, holds } of spoken) if (!holds!(q, isOpenInRules)) keep(broken.database[number - 1]!, q)
      }
      nth++
    })
    cells += nth
    for (const { number } of spoken) asked[number - 1]! += nth
  })
})

describe(`all ${inNumbers(COUNT)} cells`, () => {
  test('are answered by decide as the table of the domain says', () => {
    expect(cells).toBe(COUNT)
    expect(opened.decide).toBeGreaterThan(100_000)
    expect(unlikeTheDomain).toEqual([])
    tell('cells of the question space, answered by decide as domain.md says', cells, `${inNumbers(opened.decide)} open`)
  })

  test('are answered by the rules that the database holds as by decide', () => {
    expect(unlikeTheDatabase).toEqual([])
    expect(opened.database).toBe(opened.decide)
    tell('the same by the rules in the database (policy_cell, through app_lens)', cells, `${inNumbers(opened.database)} open`)
  })

  for (const { number, says } of INVARIANTS.filter(({ about }) => about))
    test(`${number}. ${says}`, () => {
      expect(asked[number - 1]).toBeGreaterThan(0)
      expect(broken.decide[number - 1]).toEqual([])
      expect(broken.database[number - 1]).toEqual([])
    })

  test('1. A relation that does not fit the role counts as `none`: both are closed by one rule', () => {
    expect([...because.noRelation]).toEqual(['without-a-relation-nothing-is-seen'])
  })

  test('2. Every decision names exactly one rule, and a rule either shares or closes', () => {
    expect(because.open).toEqual(new Set(sharing.share.map(({ rule }) => rule)))
    for (const rule of because.closed) expect([...sharing.never.map(({ rule }) => rule), ...BUILT_IN_RULES]).toContain(rule)
    expect([...because.open].filter((rule) => because.closed.has(rule))).toEqual([])
  })

  afterAll(() => {
    for (const { number, says, tried } of INVARIANTS)
      tell(`${String(number).padStart(2)}. ${says}`, tried ? '' : asked[number - 1]!, tried ?? '')
  })
})

/* The same, with rows. */

const seed = Number(process.env.SEED ?? 1)
/** Of every so many readings one is done in the ordinary run; all of them with PROOF=whole. */
const isTaken = (reading: number) => isWhole || (reading * 7 + seed) % 12 === 0

describe(`${inNumbers(ROWS.length)} hand-offs, one for each way in which the locks can stand`, () => {
  test('row-level security lets through what decide says, and no row of others', async () => {
    const met = new Uint8Array(COUNT)
    const othersMet = new Set<string>()
    const wrong: string[] = []
    const seen = { rows: 0, open: 0, others: 0 }
    let readings = 0
    for (const { databaseRole, role, organisation, own, codes, where } of READERS)
      for (const purpose of SPACE.purpose)
        for (const [category, table] of Object.entries(TABLE_OF) as [Category, string][]) {
          if (!isTaken(readings++)) continue
          const said = { databaseRole, role, organisation, today: TODAY, purpose, policyHash, codeHashes: codes }
          const found = await readAs(server, said, table, where)
          for (const row of own) {
            const got = found.delete(row.id) ? 1 : 0
            if (category === 'sensitive' && !mayHoldSensitive(row.kind)) continue
            const square = placeOf({
              ...SPACE_BEGINS,
              role,
              purpose,
              category,
              partnerKind: row.kind,
              relation: relationTo(row, role),
            })
            for (const state of statesOf(row, purpose, category)) {
              met[square + state] = 1
              seen.rows++
              seen.open += got
              if (answers[square + state] !== got && wrong.length < 20)
                wrong.push(
                  `${databaseRole}, ${got ? 'open' : 'closed'} in the database: ${role} ${purpose} ${category} of ${JSON.stringify(row)}`,
                )
            }
          }
          if (found.size > 0) wrong.push(`${databaseRole} ${purpose} ${category}: ${found.size} rows of others`)
          if (where && where !== 'true') continue
          seen.others += ROWS.length - own.length
          othersMet.add(`${role} ${purpose} ${category}`)
        }
    expect(wrong).toEqual([])
    expect(seen.open).toBeGreaterThan(1000)
    tell(`answers of row-level security about rows, as those of decide (seed ${seed})`, seen.rows, `${inNumbers(seen.open)} open`)
    tell('rows of others that were there to be read: none came', seen.others)
    if (isWhole)
      countCells((q) =>
        fits(q.role, q.relation) ? met[placeOf(q)] === 1 : othersMet.has(`${q.role} ${q.purpose} ${q.category}`),
      )
  })
})

const known = new Map<string, readonly number[]>()
/** The places, within a square, of what the server would ask about this row. */
function statesOf(row: Row, purpose: Question['purpose'], category: Category): readonly number[] {
  const key = `${row.id} ${namedFor(category, purpose)}`
  const states = known.get(key) ?? locksAsAsked(row, purpose, category).map((locks) => placeOf({ ...SPACE_BEGINS, ...locks }))
  known.set(key, states)
  return states
}

/** Every cell was put to the tables as a row, or there is a reason why none can be. */
function countCells(isMet: (q: Question) => boolean) {
  const why = new Map<string, number>()
  const forgotten: Question[] = []
  let count = 0
  everySquare((square) =>
    everyQuestion(square, (q) => {
      const reason = whyNoRow(q)
      if (reason) why.set(reason, (why.get(reason) ?? 0) + 1)
      else if (isMet(q)) count++
      else keep(forgotten, q)
    }),
  )
  expect(forgotten).toEqual([])
  tell('cells that these rows stand for', count)
  for (const [reason, cells] of why) tell(`cells that no row stands for, because ${reason}`, cells)
}
