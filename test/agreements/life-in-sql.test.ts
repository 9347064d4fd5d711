// The database keeps the life of an agreement too: SQL of each capacity against the pure machine, and against the wall.
import fc from 'fast-check'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AgreementEvent,
  type AgreementRole,
  type AgreementSide,
  type AgreementStep,
  afterStep,
  type Stand,
} from '#app/agreements/agreement-state.js'
import { asCapacity, type Sql } from '#app/database/door.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import type { Capacity } from '#app/identity/capacity.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import {
  arrangeOrganisations,
  capacity,
  connected,
  guideOf,
  handlerOf,
  idOf,
  PARTNERS,
  serverDatabase,
  TODAY,
  WERKCENTRA,
  YESTERDAY,
} from '../support/small-world.js'
import { canonicalTerms, hashOfTerms } from './canonical-terms.js'

let place: TestDatabase
let admin: Client
let database: PrismaClient

beforeAll(async () => {
  place = await freshDatabase()
  admin = await connected(place.adminUrl)
  await arrangeOrganisations(admin)
  // Both sides can bind UWV and the gemeente, as they often can.
  await admin.query('INSERT INTO controller (werkcentrum_id, partner_id) VALUES ($1, $2)', [WERKCENTRA.a, PARTNERS.UWV])
  await admin.query('INSERT INTO partner_acts_for (partner_id, member_id) VALUES ($1, $2)', [PARTNERS.WSP, PARTNERS.UWV])
  database = serverDatabase(place.serverUrl)
})
afterAll(async () => {
  await database?.$disconnect()
  await admin?.end()
  await place?.drop()
})

/** The one place where these tests become a capacity: one transaction of plain SQL through the door. */
const as = <T>(who: Capacity, work: (sql: Sql) => Promise<T>): Promise<T> =>
  asCapacity(
    database,
    who,
    { today: TODAY, purpose: 'OVERSEE', policyHash: '', keys: KEYS, codeHashes: [], kind: 'mutation' },
    work,
  )

const SIDES = ['WERKCENTRUM', 'PARTNER'] as const
const who = (role: AgreementRole, side: AgreementSide, organisation = side === 'PARTNER' ? PARTNERS.WSP : WERKCENTRA.a) =>
  capacity(role, side, organisation)
const said = (fault: unknown) => String((fault as Error).message)
const tried = (work: Promise<unknown>) => work.then(() => 'done', said)

/* SQL as somebody would inject it: values are written by this test alone. */

const draftSql = (id: string, partner: string = PARTNERS.WSP, werkcentrum: string = WERKCENTRA.a) =>
  `INSERT INTO agreement (werkcentrum_id, id, partner_id, cells, legal_basis, legal_basis_version, answer_term_days, first_contact_term_days,
     contact_point, document_reference, review_on, valid_from, valid_to)
   VALUES ('${werkcentrum}', '${id}', '${partner}', '{"question HELP","logistics OVERVIEW"}', 'task-of-uwv', 1, 1, 5, 'Loket “één” \\ "twee"', 'Afspraak',
     '2027-06-01', '2026-12-01', '2027-12-31')`
const partySql = (id: string, side: string, party: string) =>
  `INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side) VALUES ('${WERKCENTRA.a}', '${id}', '${party}', '${side}')`

type Step = {
  step: AgreementStep | 'load'
  side: AgreementSide
  role: AgreementRole
  person: string
  onBehalfOf?: string | undefined
  terms?: string | undefined
  reason?: string
}
const personSql = (id: string, person: string, number = 'a.events + 1') =>
  `INSERT INTO agreement_event_person SELECT a.werkcentrum_id, a.id, ${number}, '${person}' FROM agreement a WHERE a.id = '${id}'`
const eventSql = (id: string, { step, side, role, onBehalfOf, terms, reason = 'ON_REQUEST' }: Step) =>
  `INSERT INTO agreement_event (werkcentrum_id, agreement_id, partner_id, step, by_side, by_role, on_behalf_of, advice, reason, terms_hash, at)
   VALUES ('${WERKCENTRA.a}', '${id}', '${PARTNERS.WSP}', '${step}', '${side}', '${role}', ${onBehalfOf ? `'${onBehalfOf}'` : 'NULL'},
     ${step === 'advise' ? "'AGREES'" : 'NULL'}, ${step === 'suspend' || step === 'end' ? `'${reason}'` : 'NULL'},
     ${terms ? `'${terms}'` : 'NULL'}, '${TODAY}T10:00:00Z')`

const take = (id: string, step: Step, days?: number) =>
  as(who(step.role, step.side), async (sql) => {
    if (days !== undefined) await sql.$executeRawUnsafe(`UPDATE agreement SET answer_term_days = ${days} WHERE id = '${id}'`)
    await sql.$executeRawUnsafe(personSql(id, step.person))
    await sql.$executeRawUnsafe(eventSql(id, step))
  })

const PARTIES = { WERKCENTRUM: [PARTNERS.UWV, PARTNERS.GEMEENTE], PARTNER: [PARTNERS.UWV, PARTNERS.GEMEENTE] }
async function drafted(id: string, by: AgreementSide = 'WERKCENTRUM'): Promise<string> {
  await as(who('SIGNATORY', by), async (sql) => {
    await sql.$executeRawUnsafe(draftSql(id))
    for (const side of SIDES) for (const party of PARTIES[side]) await sql.$executeRawUnsafe(partySql(id, side, party))
    await sql.$executeRawUnsafe(personSql(id, 'k1:drafter'))
    await sql.$executeRawUnsafe(eventSql(id, { step: 'draft', side: by, role: 'SIGNATORY', person: '' }))
  })
  return (await rowOf(id)).hash
}
const rowOf = async (
  id: string,
): Promise<{ state: Stand; events: number; signed_on: string | null; hash: string; terms: string; version: number }> =>
  (
    await admin.query(
      `SELECT state, events, signed_on::text, version, agreement_terms(werkcentrum_id, id) AS terms, agreement_terms_hash(werkcentrum_id, id) AS hash
       FROM agreement WHERE id = $1`,
      [id],
    )
  ).rows[0]

/** As they stand in the database, in our names: what the pure machine is told is what it says. */
const termsAt = (version: number, days: number) =>
  canonicalTerms({
    werkcentrum: WERKCENTRA.a,
    partner: PARTNERS.WSP,
    version,
    controllers: PARTIES.WERKCENTRUM,
    actingFor: PARTIES.PARTNER,
    cells: ['question HELP', 'logistics OVERVIEW'],
    legalBasis: 'task-of-uwv',
    legalBasisVersion: 1,
    answerTermDays: days,
    firstContactTermDays: 5,
    contactPoint: 'Loket “één” \\ "twee"',
    documentReference: 'Afspraak',
    reviewOn: '2027-06-01',
    validFrom: '2026-12-01',
    validTo: '2027-12-31',
  })

let count = 0
const fresh = () => idOf(`agreement in sql ${count++}`)

test('the database writes the terms as we do, also with signs that need care', async () => {
  const id = fresh()
  await drafted(id)
  const { terms, hash, version } = await rowOf(id)
  expect(terms).toBe(termsAt(version, 1))
  expect(hash).toBe(hashOfTerms(terms))
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (text) => {
      fc.pre(!text.includes('\0'))
      const { rows } = await admin.query(`SELECT to_json($1::text)::text AS json`, [text])
      expect(rows[0].json).toBe(JSON.stringify(text))
    }),
    { numRuns: 200 },
  )
})

describe('The trigger and the pure machine', () => {
  const step = fc.record({
    step: fc.constantFrom<AgreementStep>(
      'sign',
      'sign',
      'sign',
      'sign',
      'sign',
      'advise',
      'advise',
      'suspend',
      'amend',
      'draft',
      'end',
    ),
    side: fc.constantFrom(...SIDES),
    isOfficer: fc.boolean(),
    /** Mostly the role that may. */
    isRightRole: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    person: fc.constantFrom('k1:one', 'k1:one', 'k1:two'),
    onBehalfOf: fc.constantFrom(PARTNERS.UWV, PARTNERS.GEMEENTE, PARTNERS.GEMEENTE, PARTNERS.WSP),
    readsTerms: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    days: fc.integer({ min: 1, max: 2 }),
  })

  test('take the same steps and refuse the same, through stories of both sides', async () => {
    const reached = new Set<string>()
    const obstacles = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 3, maxLength: 14 }), async (isAdvised, attempts) => {
        const id = fresh()
        const first = await drafted(id)
        const { version } = await rowOf(id)
        let state: Stand = 'DRAFT'
        let days = 1
        let signedOn: string | null = null
        const events: (AgreementEvent & { person: string })[] = []
        const note = (
          { step, side, role, person, onBehalfOf, terms }: Step & { step: AgreementStep },
          after: Stand,
          hash: string,
        ) =>
          events.push({
            number: events.length + 1,
            step,
            side,
            role,
            person,
            onBehalfOf: onBehalfOf ?? null,
            advice: step === 'advise' ? 'AGREES' : null,
            reason: null,
            termsHash: step === 'draft' || step === 'amend' ? hash : (terms ?? null),
            state: after,
          })
        note({ step: 'draft', side: 'WERKCENTRUM', role: 'SIGNATORY', person: 'k1:drafter' }, 'DRAFT', first)
        if (isAdvised)
          for (const side of SIDES) {
            const advice = { step: 'advise', side, role: 'PRIVACY_OFFICER', person: `k1:officer ${side}`, terms: first } as const
            await take(id, advice)
            note(advice, 'DRAFT', first)
          }
        for (const attempt of attempts) {
          const role: AgreementRole =
            (attempt.step === 'advise' || (attempt.step === 'suspend' && attempt.isOfficer)) === attempt.isRightRole
              ? 'PRIVACY_OFFICER'
              : 'SIGNATORY'
          const hash = hashOfTerms(termsAt(version, days))
          const isAboutTerms = attempt.step === 'sign' || attempt.step === 'advise'
          const given: Step & { step: AgreementStep } = {
            ...attempt,
            role,
            onBehalfOf: attempt.step === 'sign' ? attempt.onBehalfOf : undefined,
            terms: isAboutTerms ? (attempt.readsTerms ? hash : hashOfTerms('others')) : undefined,
          }
          const suspended = events.findLast((event) => event.step === 'suspend')?.number ?? 0
          const isSamePerson = events.some(
            (event) =>
              event.step === 'sign' &&
              event.number > suspended &&
              event.termsHash === hash &&
              event.side !== given.side &&
              event.person === given.person,
          )
          const expected = afterStep(
            { state, validTo: '2027-12-31', termsHash: hash, events, parties: PARTIES },
            { ...given, ...(given.terms ? { termsHash: given.terms } : {}), isSamePerson } as never,
            TODAY,
          )
          const happened = await tried(take(id, given, given.step === 'amend' && role === 'SIGNATORY' ? attempt.days : undefined))
          const now = await rowOf(id)
          if (typeof expected === 'string') {
            expect([given.step, happened]).toEqual([given.step, 'done'])
            state = expected
            if (given.step === 'amend') days = attempt.days
            if (state === 'ACTIVE') signedOn ??= TODAY
            note(given, state, hashOfTerms(termsAt(version, days)))
            reached.add(`${given.step} ${state}`)
          } else {
            expect([given.step, expected.obstacle, happened]).not.toContain('done')
            obstacles.add(expected.obstacle)
          }
          expect(now).toMatchObject({
            state,
            events: events.length,
            signed_on: signedOn,
            hash: hashOfTerms(termsAt(version, days)),
          })
        }
        const { rows } = await admin.query(
          'SELECT number, step, state FROM agreement_event WHERE agreement_id = $1 ORDER BY number',
          [id],
        )
        expect(rows).toEqual(events.map(({ number, step, state }) => ({ number, step, state })))
      }),
      { numRuns: 60, seed: 20261122 },
    )
    // Otherwise the comparison was about little.
    expect([...reached]).toEqual(
      expect.arrayContaining(['sign DRAFT', 'sign ACTIVE', 'sign SUSPENDED', 'suspend SUSPENDED', 'end ENDED', 'amend DRAFT']),
    )
    expect([...obstacles].sort()).toEqual(
      [
        'advice-missing',
        'no-party',
        'other-terms',
        'same-legal-person',
        'same-person',
        'signed-already',
        'wrong-role',
        'wrong-state',
      ].sort(),
    )
  })

  test('a person is known again under a key that was replaced, and nobody signs who cannot be compared', async () => {
    const id = fresh()
    const terms = await drafted(id)
    for (const side of SIDES) await take(id, { step: 'advise', side, role: 'PRIVACY_OFFICER', person: 'k1:o', terms })
    await take(id, {
      step: 'sign',
      side: 'WERKCENTRUM',
      role: 'SIGNATORY',
      person: 'k1:one',
      onBehalfOf: PARTNERS.GEMEENTE,
      terms,
    })
    const second = (...people: string[]) =>
      tried(
        as(who('SIGNATORY', 'PARTNER'), async (sql) => {
          for (const person of people) await sql.$executeRawUnsafe(personSql(id, person))
          await sql.$executeRawUnsafe(
            eventSql(id, { step: 'sign', side: 'PARTNER', role: 'SIGNATORY', person: '', onBehalfOf: PARTNERS.UWV, terms }),
          )
        }),
      )
    expect(await second('k2:one-under-the-new-key', 'k1:one')).toContain('two different people')
    expect(await second('k2:somebody')).toContain('two different people')
    expect(await second()).toContain('taken by somebody')
    expect(await second('k2:two-under-the-new-key', 'k1:two')).toBe('done')
    expect((await rowOf(id)).state).toBe('ACTIVE')
  })

  test('a suspension takes every later version along that was signed, or half signed, and no other', async () => {
    const versions: string[] = []
    const signatures = [2, 2, 2, 1, 0]
    for (const signed of signatures) {
      const id = fresh()
      const terms = await drafted(id)
      versions.push(id)
      for (const side of SIDES) await take(id, { step: 'advise', side, role: 'PRIVACY_OFFICER', person: 'k1:o', terms })
      for (const side of SIDES.slice(0, signed))
        await take(id, {
          step: 'sign',
          side,
          role: 'SIGNATORY',
          person: `k1:${side}`,
          onBehalfOf: side === 'PARTNER' ? PARTNERS.UWV : PARTNERS.GEMEENTE,
          terms,
        })
    }
    const states = async () => {
      const found: Stand[] = []
      for (const id of versions) found.push((await rowOf(id)).state)
      return found
    }
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAFT', 'DRAFT'])
    await take(versions[1]!, { step: 'suspend', side: 'PARTNER', role: 'PRIVACY_OFFICER', person: 'k1:o', reason: 'INCIDENT' })
    expect(await states()).toEqual(['ACTIVE', 'SUSPENDED', 'SUSPENDED', 'SUSPENDED', 'DRAFT'])
    const { rows } = await admin.query(
      `SELECT e.step, e.by_side, e.reason, p.person FROM agreement_event e JOIN agreement_event_person p USING (werkcentrum_id, agreement_id, number)
       WHERE e.agreement_id = $1 ORDER BY number DESC LIMIT 1`,
      [versions[3]],
    )
    expect(rows).toEqual([{ step: 'suspend', by_side: 'PARTNER', reason: 'INCIDENT', person: 'k1:o' }])
  })
})

describe('What the wall refuses, role by role', () => {
  const STAFF: Capacity[] = [
    guideOf('a'),
    handlerOf('WSP'),
    capacity('COORDINATOR', 'WERKCENTRUM', WERKCENTRA.a),
    who('PRIVACY_OFFICER', 'WERKCENTRUM'),
    who('PRIVACY_OFFICER', 'PARTNER'),
    who('SIGNATORY', 'WERKCENTRUM'),
    who('SIGNATORY', 'PARTNER'),
    who('SIGNATORY', 'WERKCENTRUM', WERKCENTRA.b),
    who('SIGNATORY', 'PARTNER', PARTNERS.UWV),
  ]
  const run = (capacity: Capacity, ...statements: string[]) =>
    tried(
      as(capacity, async (sql) => {
        let touched = 0
        for (const statement of statements) touched = await sql.$executeRawUnsafe(statement)
        if (touched === 0) throw new Error('nothing touched')
        throw new Error('let through')
      }),
    )
  const NO = /permission denied|row-level security/

  test('states are written by nobody', async () => {
    const id = fresh()
    await drafted(id)
    for (const capacity of STAFF)
      for (const change of [
        "state = 'ACTIVE'",
        "signed_on = '2026-01-01'",
        'events = 0',
        'version = 9',
        `partner_id = '${PARTNERS.UWV}'`,
      ])
        expect(await run(capacity, `UPDATE agreement SET ${change} WHERE id = '${id}'`)).toMatch(NO)
    for (const capacity of STAFF) {
      expect(await run(capacity, `UPDATE agreement_event SET state = 'ACTIVE' WHERE agreement_id = '${id}'`)).toMatch(NO)
      expect(await run(capacity, `DELETE FROM agreement_event WHERE agreement_id = '${id}'`)).toMatch(NO)
      expect(await run(capacity, `DELETE FROM agreement WHERE id = '${id}'`)).toMatch(NO)
      expect(await run(capacity, 'SELECT * FROM agreement_event_person')).toMatch(NO)
      const whole = eventSql(id, { step: 'suspend', side: 'PARTNER', role: 'SIGNATORY', person: '' })
      for (const [column, value] of [
        ['number', '7'],
        ['state', "'ACTIVE'"],
      ])
        expect(
          await run(
            capacity,
            whole.replace('(werkcentrum_id,', `(${column}, werkcentrum_id,`).replace('VALUES (', `VALUES (${value}, `),
          ),
        ).toMatch(NO)
    }
  })

  test('drafts are written by a signatory of either side, for the own side', async () => {
    const outcome: string[] = []
    for (const capacity of STAFF)
      outcome.push(`${capacity.role} ${(await run(capacity, draftSql(fresh()))).replace(NO, 'refused')}`.slice(0, 40))
    expect(outcome.filter((line) => line.includes('let through'))).toEqual(['SIGNATORY let through', 'SIGNATORY let through'])
    expect(await run(who('SIGNATORY', 'WERKCENTRUM'), draftSql(fresh(), PARTNERS.WSP, WERKCENTRA.b))).toMatch(NO)
    expect(await run(who('SIGNATORY', 'PARTNER'), draftSql(fresh(), PARTNERS.UWV))).toMatch(NO)
    const asActive = draftSql(fresh())
      .replace('(werkcentrum_id,', '(state, werkcentrum_id,')
      .replace('VALUES (', `VALUES ('ACTIVE', `)
    expect(await run(who('SIGNATORY', 'PARTNER'), asActive)).toMatch(NO)
    expect(await run(who('SIGNATORY', 'PARTNER'), draftSql(fresh()).replace('2027-06-01', '2028-06-01'))).toContain(
      'not after its end',
    )
  })

  test('a step is taken in the name of the own side and role, about an own agreement, and never loaded', async () => {
    const id = fresh()
    const terms = await drafted(id)
    for (const capacity of STAFF)
      for (const side of SIDES)
        for (const role of ['SIGNATORY', 'PRIVACY_OFFICER'] as const) {
          const isOwn =
            capacity.role === role &&
            'organisationId' in capacity &&
            capacity.organisationId === (side === 'PARTNER' ? PARTNERS.WSP : WERKCENTRA.a)
          for (const step of ['suspend', 'load'] as const) {
            const outcome = await run(capacity, personSql(id, 'k1:x'), eventSql(id, { step, side, role, person: '', terms }))
            const expected =
              isOwn && step === 'suspend'
                ? /let through/
                : /permission denied|row-level security|name of the own side|no agreement of the own|nothing touched|cannot be taken|not of this role/
            expect([capacity.role, side, role, step, outcome]).toEqual([
              capacity.role,
              side,
              role,
              step,
              expect.stringMatching(expected),
            ])
          }
        }
  })

  test('terms and parties change in a draft alone, and never after a day in force', async () => {
    const id = fresh()
    const terms = await drafted(id)
    const change = `UPDATE agreement SET cells = '{"sensitive HELP"}' WHERE id = '${id}'`
    const takeAway = `DELETE FROM agreement_party WHERE agreement_id = '${id}' AND partner_id = '${PARTNERS.UWV}'`
    const add = partySql(id, 'PARTNER', PARTNERS.WSP)
    for (const side of SIDES) {
      expect(await run(who('SIGNATORY', side), change)).toContain('let through')
      expect(await run(who('SIGNATORY', side), takeAway)).toContain('let through')
      expect(await run(who('PRIVACY_OFFICER', side), change)).toMatch(NO)
      expect(await run(who('PRIVACY_OFFICER', side), takeAway)).toMatch(NO)
    }
    expect(await run(who('SIGNATORY', 'PARTNER', PARTNERS.UWV), change)).toBe('nothing touched')
    expect(await run(who('SIGNATORY', 'PARTNER', PARTNERS.UWV), add)).toContain('no agreement of the own side')
    // A party is a controller, or whom the partner acts for; and a legal person.
    expect(await run(who('SIGNATORY', 'WERKCENTRUM'), partySql(id, 'WERKCENTRUM', PARTNERS.PRIVATE))).toContain(
      'A party is a controller',
    )
    expect(await run(who('SIGNATORY', 'PARTNER'), partySql(id, 'PARTNER', PARTNERS.PRIVATE))).toContain(
      'whom the partner acts for',
    )
    expect(await run(who('SIGNATORY', 'PARTNER'), add)).toMatch(/foreign ?key/i)

    for (const side of SIDES) await take(id, { step: 'advise', side, role: 'PRIVACY_OFFICER', person: 'k1:o', terms })
    for (const side of SIDES)
      await take(id, {
        step: 'sign',
        side,
        role: 'SIGNATORY',
        person: `k1:${side}`,
        onBehalfOf: side === 'PARTNER' ? PARTNERS.UWV : PARTNERS.GEMEENTE,
        terms,
      })
    const frozen = async () => {
      for (const side of SIDES) {
        expect(await run(who('SIGNATORY', side), change)).toBe('nothing touched')
        expect(await run(who('SIGNATORY', side), takeAway)).toBe('nothing touched')
        expect(await run(who('SIGNATORY', side), add)).toContain('never after')
      }
    }
    await frozen()
    await take(id, { step: 'suspend', side: 'PARTNER', role: 'SIGNATORY', person: 'k1:x' })
    await frozen()
  })

  test('a person is noted for the next step of an own agreement alone, and not without that step', async () => {
    const id = fresh()
    await drafted(id)
    expect(await run(who('SIGNATORY', 'PARTNER'), personSql(id, 'k1:x', '1'))).toMatch(NO)
    expect(await run(who('SIGNATORY', 'PARTNER'), personSql(id, 'k1:x', '3'))).toMatch(NO)
    expect(await run(guideOf('a'), personSql(id, 'k1:x', '2'))).toMatch(NO)
    expect(await tried(as(who('SIGNATORY', 'PARTNER'), (sql) => sql.$executeRawUnsafe(personSql(id, 'k1:x'))))).toMatch(
      /foreign ?key/i,
    )
  })

  test('a step is taken today, and nobody signs what has run out', async () => {
    const id = fresh()
    const terms = await drafted(id)
    const suspend = eventSql(id, { step: 'suspend', side: 'PARTNER', role: 'SIGNATORY', person: '' })
    for (const day of [YESTERDAY, '2027-01-01'])
      expect(await run(who('SIGNATORY', 'PARTNER'), personSql(id, 'k1:x'), suspend.replace(`${TODAY}T`, `${day}T`))).toContain(
        'taken today',
      )
    expect(await run(who('SIGNATORY', 'PARTNER'), personSql(id, 'k1:x'), suspend)).toContain('let through')
    for (const side of SIDES) await take(id, { step: 'advise', side, role: 'PRIVACY_OFFICER', person: 'k1:o', terms })
    const signs = { step: 'sign', side: 'PARTNER', role: 'SIGNATORY', person: 'k1:x', onBehalfOf: PARTNERS.UWV } as const
    // The advice is on the terms with that end, so that nothing but the end is in the way.
    for (const [validTo, outcome] of [
      [YESTERDAY, 'last day of this agreement'],
      [TODAY, 'done'],
    ] as const) {
      await admin.query(`UPDATE agreement SET valid_from = '2026-11-01', review_on = '2026-11-01', valid_to = $2 WHERE id = $1`, [
        id,
        validTo,
      ])
      const { hash } = await rowOf(id)
      for (const side of SIDES) await take(id, { step: 'advise', side, role: 'PRIVACY_OFFICER', person: 'k1:o', terms: hash })
      expect(await tried(take(id, { ...signs, terms: hash }))).toContain(outcome)
    }
  })

  test('the owner of the database is asked the same questions, but for whom it acts', async () => {
    const id = fresh()
    const terms = await drafted(id)
    await expect(
      admin.query(
        eventSql(id, { step: 'sign', side: 'PARTNER', role: 'SIGNATORY', person: '', onBehalfOf: PARTNERS.UWV, terms }),
      ),
    ).rejects.toThrow('taken by somebody')
  })
})
