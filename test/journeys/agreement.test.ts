// An agreement over HTTP with real tokens: made by four people of two organisations, used, suspended in mid-use, replaced, ended.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lockOf } from '#app/agreements/agreement-state.js'
import { findAgreement, listAgreements } from '#app/agreements/agreements.js'
import { adviseOnAgreement, draftAgreement, signAgreement, type TermsInput } from '#app/agreements/life.js'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import type { Capacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import { A_DAY, type Answer, startServer, type TestServer } from '../support/server.js'
import { done, GEMEENTE, GUIDE, made, refusal, secondServer, step, UWV } from './hand-off.js'

const DESK_SIGNATORY = 'signatory-amersfoort'
const DESK_OFFICER = 'privacy-amersfoort'
const UWV_SIGNATORY = 'signatory-uwv'
const UWV_OFFICER = 'privacy-uwv'
const HANDLER = 'uwv-amersfoort'
const FIRST = demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort'))

let server: TestServer
let second: Awaited<ReturnType<typeof secondServer>>
/** An accepted hand-off to UWV, to look at. */
let handOff: string
beforeAll(async () => {
  server = await startServer({ connections: 8 })
  second = await secondServer(server)
})
beforeEach(async () => {
  handOff = (await made(server)).id
  await done(step(server, HANDLER, 'acceptHandOff', handOff))
})
afterEach(async () => {
  server.setClock(A_DAY)
  // Each story begins with the first version alone, as it was seeded.
  await server.sql.query(`BEGIN; SET LOCAL session_replication_role = replica;
    DELETE FROM agreement_event_person p USING agreement a WHERE a.id = p.agreement_id AND (a.version > 1 OR p.number > 5);
    DELETE FROM agreement_event e USING agreement a WHERE a.id = e.agreement_id AND (a.version > 1 OR e.number > 5);
    DELETE FROM agreement_party g USING agreement a WHERE a.id = g.agreement_id AND a.version > 1;
    DELETE FROM agreement WHERE version > 1;
    UPDATE agreement SET state = 'ACTIVE', events = 5; COMMIT`)
})
afterAll(async () => {
  await second?.stop()
  await server?.stop()
})

const AGREEMENT = `{ id version state lock lockSentence warnings termsHash terms signedOn validFrom validTo reviewOverdue contactPoint
  controllers { id name } actingFor { id } categories purposes basis { name version article law needsLawyer }
  advice { side advice } signatures { side day legalPerson { id } } events { number step side role advice reason state } }`

const TERMS = {
  controllers: [UWV, GEMEENTE],
  actingFor: [UWV],
  cells: [
    { category: 'logistics', purposes: ['OVERVIEW', 'HELP', 'FOLLOW_UP'] },
    { category: 'question', purposes: ['OVERVIEW', 'HELP'] },
    { category: 'situation', purposes: ['HELP'] },
  ],
  legalBasis: 'task-of-uwv',
  answerTermDays: 5,
  firstContactTermDays: 10,
  contactPoint: 'Privacyloket UWV',
  documentReference: 'Afspraak 2',
  reviewOn: '2027-06-01',
  validFrom: '2026-11-18',
  validTo: '2027-12-31',
}

const run = (account: string, name: string, declared: string, given: string, variables: object): Promise<Answer> =>
  server.as(account)(`mutation (${declared}) { ${name}(${given}) ${AGREEMENT} }`, variables as Record<string, unknown>)
const draft = (account: string, input: object = TERMS) =>
  account === UWV_SIGNATORY
    ? run(account, 'draftAgreement', '$to: ID!, $input: AgreementTermsInput!', 'werkcentrumId: $to, input: $input', {
        to: demoId('werkcentrum-amersfoort'),
        input,
      })
    : run(account, 'draftAgreement', '$to: ID!, $input: AgreementTermsInput!', 'partnerId: $to, input: $input', {
        to: UWV,
        input,
      })
const amend = (account: string, id: string, input: object, termsHash: string | null = null) =>
  run(
    account,
    'amendAgreement',
    '$id: ID!, $input: AgreementTermsInput!, $termsHash: String',
    'id: $id, input: $input, termsHash: $termsHash',
    {
      id,
      input,
      termsHash,
    },
  )
const advise = (account: string, id: string, advice: string, termsHash: string) =>
  run(account, 'adviseOnAgreement', '$id: ID!, $termsHash: String!', `id: $id, advice: ${advice}, termsHash: $termsHash`, {
    id,
    termsHash,
  })
const sign = (account: string, id: string, onBehalfOf: string, termsHash: string, ifState = '') =>
  run(
    account,
    'signAgreement',
    '$id: ID!, $onBehalfOf: ID!, $termsHash: String!',
    `id: $id, onBehalfOf: $onBehalfOf, termsHash: $termsHash${ifState && `, ifState: ${ifState}`}`,
    { id, onBehalfOf, termsHash },
  )
const stop = (account: string, name: 'suspendAgreement' | 'endAgreement', id: string, reason: string, ifState = '') =>
  run(account, name, '$id: ID!', `id: $id, reason: ${reason}${ifState && `, ifState: ${ifState}`}`, { id })
const read = async (account: string, id: string): Promise<any> =>
  (await done(server.as(account)(`query ($id: ID!) { agreement(id: $id) ${AGREEMENT} }`, { id }))) as any

/** What the handler reads of the situation, at either server; undefined: closed. */
async function situationAt(where: 'first' | 'second' = 'first'): Promise<string | undefined> {
  const query = '{ handOff(id: "ID") { reference: id situation { work } withheld { field } } }'.replace('ID', handOff)
  const { data } = where === 'first' ? await server.as(HANDLER)(query) : await second.as(HANDLER)(query)
  expect(data.handOff.reference).toBe(handOff)
  expect(data.handOff.withheld.some(({ field }: any) => field === 'situation')).toBe(data.handOff.situation === null)
  return data.handOff.situation?.work
}
const isOpen = async () => (await situationAt()) === 'NONE'

/** Ended, so that nothing is open by the version that was there. */
const withoutTheFirst = () => done(stop(UWV_SIGNATORY, 'endAgreement', FIRST, 'REPLACED'))

async function signedByBoth(input: object = TERMS): Promise<any> {
  const { id, termsHash } = await done(draft(DESK_SIGNATORY, input))
  await done(advise(DESK_OFFICER, id, 'AGREES', termsHash))
  await done(advise(UWV_OFFICER, id, 'AGREES', termsHash))
  await done(sign(DESK_SIGNATORY, id, GEMEENTE, termsHash))
  return done(sign(UWV_SIGNATORY, id, UWV, termsHash))
}

test('four people of two organisations make an agreement; it is used, suspended in mid-use, and signed again', async () => {
  expect(await isOpen()).toBe(true)
  const ended = await withoutTheFirst()
  expect(ended).toMatchObject({
    state: 'ENDED',
    lock: 'ended',
    lockSentence: expect.stringMatching(/^Beëindigd door de partner op 18 november 2026/),
  })
  expect(await isOpen()).toBe(false)

  // The desk's signatory drafts, with the cells of the old one as a table; it opens nothing, and says so.
  const { agreementMatrix: csv } = (await server.as(DESK_SIGNATORY)(`{ agreementMatrix(id: "${FIRST}") }`)).data
  expect(csv).toContain('category;OVERVIEW;HELP;FOLLOW_UP\r\n')
  const { cells: _, ...rest } = TERMS
  const drafted = await done(draft(DESK_SIGNATORY, { ...rest, csv }))
  const { id, termsHash } = drafted
  expect(drafted).toMatchObject({
    version: 2,
    state: 'DRAFT',
    lock: 'none',
    lockSentence:
      'Dit is een ontwerp dat niemand heeft getekend: het zet niets open. Eerst geeft de privacy officer van het werkcentrum en die van de partner advies.',
    signedOn: null,
    basis: { name: 'task-of-uwv', version: 1, article: 'AVG art. 6(1)(e)', law: 'Wet SUWI', needsLawyer: true },
    events: [{ number: 1, step: 'draft', side: 'WERKCENTRUM', role: 'SIGNATORY', state: 'DRAFT' }],
  })
  expect(JSON.parse(drafted.terms).cells).toHaveLength(21)
  // What is signed beyond the policy is said, and is no error.
  expect(drafted.warnings.length).toBeGreaterThan(0)
  expect(drafted.warnings[0]).toMatch(/^Het beleid staat ‘.*’ voor ‘.*’ niet toe/)
  expect(await isOpen()).toBe(false)

  // A draft is between officers and signatories of both sides.
  for (const account of [GUIDE, 'coordinator-amersfoort', HANDLER]) {
    expect(refusal(await server.as(account)(`{ agreement(id: "${id}") { id } }`))).toBe('NOT_FOUND')
    expect(refusal(await server.as(account)(`{ agreementMatrix(id: "${id}") }`))).toBe('NOT_FOUND')
    const { agreements } = (await server.as(account)('{ agreements { id state events { number step } advice { advice } } }')).data
    expect(agreements.map((agreement: any) => agreement.id)).not.toContain(id)
    expect(agreements.find((agreement: any) => agreement.id === FIRST)).toMatchObject({
      state: 'ENDED',
      // Numbered as if nobody had drafted it or advised on it: a gap would tell.
      events: [
        { number: 1, step: 'sign' },
        { number: 2, step: 'sign' },
        { number: 3, step: 'end' },
      ],
      advice: [],
    })
  }
  for (const account of [DESK_OFFICER, UWV_OFFICER, UWV_SIGNATORY]) expect((await read(account, id)).termsHash).toBe(termsHash)
  expect(
    refusal(
      await server.as('privacy-uwv')(
        `{ agreement(id: "${demoId(agreementKey('werkcentrum-amersfoort', 'lwl-amersfoort'))}") { id } }`,
      ),
    ),
  ).toBe('NOT_FOUND')

  // Nobody signs before both officers said what they think; an objection is no veto, and stays in sight.
  expect(refusal(await sign(UWV_SIGNATORY, id, UWV, termsHash))).toBe('BAD_INPUT')
  await done(advise(DESK_OFFICER, id, 'AGREES', termsHash))
  expect(refusal(await sign(UWV_SIGNATORY, id, UWV, termsHash))).toBe('BAD_INPUT')
  const advised = await done(advise(UWV_OFFICER, id, 'OBJECTS', termsHash))
  expect(advised.advice).toEqual([
    { side: 'WERKCENTRUM', advice: 'AGREES' },
    { side: 'PARTNER', advice: 'OBJECTS' },
  ])

  // One side alone opens nothing.
  const half = await done(sign(DESK_SIGNATORY, id, GEMEENTE, termsHash))
  expect(half).toMatchObject({
    state: 'DRAFT',
    lock: 'none',
    lockSentence: 'Alleen het werkcentrum heeft getekend. De afspraak zet pas iets open als ook de partner tekent.',
    signatures: [{ side: 'WERKCENTRUM', day: '2026-11-18', legalPerson: { id: GEMEENTE } }],
  })
  expect(await isOpen()).toBe(false)

  // Nor does one person with a capacity at both: the same subject of the same issuer.
  const both: Capacity = { role: 'SIGNATORY', side: 'PARTNER', organisationId: UWV, subject: DESK_SIGNATORY }
  await expect(perform(server.world, both, 'signAgreement', (act) => signAgreement(act, id, UWV, { termsHash }))).rejects.toThrow(
    'two different people',
  )
  expect(refusal(await sign(DESK_SIGNATORY, id, UWV, termsHash))).toBe('AGREEMENT_MOVED_ON')
  expect(refusal(await sign(UWV_SIGNATORY, id, GEMEENTE, termsHash))).toBe('BAD_INPUT')
  expect(await isOpen()).toBe(false)

  const active = await done(sign(UWV_SIGNATORY, id, UWV, termsHash))
  expect(active).toMatchObject({ state: 'ACTIVE', lock: 'active', signedOn: '2026-11-18' })
  expect(active.lockSentence).toMatch(/^Deze afspraak geldt/)
  expect(active.warnings).toContain('De privacy officer van de partner heeft bezwaar tegen deze afspraak.')
  expect(await isOpen()).toBe(true)
  expect(await situationAt('second')).toBe('NONE')

  // Suspended in mid-use: closed on the next read, of every process; both sides read who and why.
  const suspended = await done(stop(UWV_OFFICER, 'suspendAgreement', id, 'INCIDENT', 'ACTIVE'))
  expect(suspended).toMatchObject({ state: 'SUSPENDED', lock: 'suspended', signatures: [] })
  expect(await situationAt('second')).toBeUndefined()
  expect(await situationAt()).toBeUndefined()
  for (const account of [GUIDE, HANDLER, DESK_SIGNATORY])
    expect((await read(account, id)).lockSentence).toBe(
      'Opgeschort door de partner op 18 november 2026: er was een incident. Zij zet niets open tot beide kanten opnieuw tekenen.',
    )

  // Signatures given before no longer count; advice on unchanged terms stands.
  expect(await done(sign(UWV_SIGNATORY, id, UWV, termsHash))).toMatchObject({ state: 'SUSPENDED', lock: 'suspended' })
  expect(await isOpen()).toBe(false)
  server.setClock(new Date('2026-11-20T11:00:00Z'))
  const again = await done(sign(DESK_SIGNATORY, id, GEMEENTE, termsHash))
  // The first day on which it was in force stays.
  expect(again).toMatchObject({ state: 'ACTIVE', lock: 'active', signedOn: '2026-11-18' })
  expect(await isOpen()).toBe(true)
  expect(again.events.map(({ step }: any) => step)).toEqual([
    'draft',
    'advise',
    'advise',
    'sign',
    'sign',
    'suspend',
    'sign',
    'sign',
  ])

  // Nobody of it is in any answer, and nowhere but as keyed hashes in the table that no role reads.
  const { rows } = await server.sql.query('SELECT person FROM agreement_event_person WHERE agreement_id = $1', [id])
  expect(rows.every(({ person }) => /^k1:[\w-]{43}$/.test(person))).toBe(true)
  expect(new Set(rows.map(({ person }) => person)).size).toBe(4)
})

test('a new version replaces the old on its first day; the old stays readable; each says why it opens nothing', async () => {
  const narrow = {
    ...TERMS,
    cells: [{ category: 'question', purposes: ['HELP'] }],
    validFrom: '2026-12-01',
    validTo: '2026-12-31',
    reviewOn: '2026-12-15',
  }
  const next = await signedByBoth(narrow)
  expect(next).toMatchObject({
    version: 2,
    state: 'ACTIVE',
    lock: 'none',
    lockSentence: 'Deze afspraak begint op 1 december 2026. Tot die dag zet zij niets open.',
  })
  expect(await isOpen()).toBe(true)
  expect((await read(HANDLER, FIRST)).lock).toBe('active')

  server.setClock(new Date('2026-12-01T11:00:00Z'))
  expect(await isOpen()).toBe(false)
  expect(await read(GUIDE, FIRST)).toMatchObject({
    state: 'ACTIVE',
    lock: 'ended',
    lockSentence: 'Vervangen door versie 2. Deze versie zet niets meer open.',
  })
  expect(await read(GUIDE, next.id)).toMatchObject({ lock: 'active', reviewOverdue: false })
  server.setClock(new Date('2026-12-16T11:00:00Z'))
  expect(await read(GUIDE, next.id)).toMatchObject({
    lock: 'active',
    reviewOverdue: true,
    warnings: [expect.stringContaining('15 december 2026')],
  })
  server.setClock(new Date('2027-01-01T11:00:00Z'))
  expect(await read(GUIDE, next.id)).toMatchObject({
    lock: 'ended',
    lockSentence: 'De laatste dag van deze afspraak was 31 december 2026. Zij zet niets meer open.',
  })
  expect(await isOpen()).toBe(false)
})

test('what the newest version closed, no older one is said to open: lock, sentence, register and drift say what decisions say', async () => {
  const next = await signedByBoth()
  await done(stop(UWV_SIGNATORY, 'endAgreement', next.id, 'NO_LONGER_NEEDED'))
  expect(await isOpen()).toBe(false)
  expect(await read(UWV_OFFICER, FIRST)).toMatchObject({
    state: 'ACTIVE',
    lock: 'ended',
    lockSentence: 'Vervangen door versie 2. Deze versie zet niets meer open.',
  })
  for (const account of [DESK_OFFICER, UWV_OFFICER]) {
    const { data } = await server.as(account)(
      '{ agreementDrift { agreement { id } } processingRegister { activities { agreementId } } }',
    )
    const listed = [
      ...data.agreementDrift.map(({ agreement }: any) => agreement.id),
      ...data.processingRegister.activities.map(({ agreementId }: any) => agreementId),
    ]
    expect(listed.length).toBeGreaterThan(4)
    expect(listed).not.toContain(FIRST)
    expect(listed).not.toContain(next.id)
  }
})

test('whatever became of each version, the one that decisions go by is open, and no other is said to be', async () => {
  const officer: Capacity = { role: 'PRIVACY_OFFICER', side: 'PARTNER', organisationId: UWV, subject: UWV_OFFICER }
  const version = fc.record({
    state: fc.constantFrom('DRAFT', 'ACTIVE', 'SUSPENDED', 'ENDED'),
    signed: fc.boolean(),
    validFrom: fc.constantFrom('2026-11-01', '2026-11-18', '2026-11-19'),
    validTo: fc.constantFrom('2026-11-17', '2026-11-18', '2027-01-01'),
  })
  const property = fc.asyncProperty(fc.array(version, { minLength: 2, maxLength: 4 }), async (versions) => {
    await server.sql.query('BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM agreement WHERE version > 1')
    for (const [index, { state, signed, validFrom, validTo }] of versions.entries()) {
      // What is in force was signed, and a draft was not.
      const signedOn = state === 'ACTIVE' || (signed && state !== 'DRAFT') ? '2026-11-01' : null
      const days = validFrom > validTo ? [validTo, validTo] : [validFrom, validTo]
      const changes = { state, signed_on: signedOn, valid_from: days[0], valid_to: days[1], review_on: days[1] }
      await (index === 0
        ? server.sql.query(
            `UPDATE agreement SET (state, signed_on, valid_from, valid_to, review_on) =
             (SELECT state, signed_on, valid_from, valid_to, review_on FROM jsonb_populate_record(NULL::agreement, $2)) WHERE id = $1`,
            [FIRST, changes],
          )
        : server.sql.query('INSERT INTO agreement SELECT r.* FROM agreement a, jsonb_populate_record(a, $2) r WHERE a.id = $1', [
            FIRST,
            { ...changes, id: demoId(`version ${index + 1}`), version: index + 1 },
          ]))
    }
    await server.sql.query('COMMIT')
    const { counts, listed } = await perform(server.world, officer, 'agreements', async (act) => ({
      counts: await findAgreement(act, demoId('werkcentrum-amersfoort'), UWV),
      listed: (await listAgreements(act)).filter(({ werkcentrum }) => werkcentrum.id === demoId('werkcentrum-amersfoort')),
    }))
    expect(listed).toHaveLength(versions.length)
    for (const { id, lock, lockSentence } of listed) {
      if (id === counts?.id) expect(lock).toBe(lockOf(counts, '2026-11-18'))
      else expect(lock, lockSentence).not.toBe('active')
      expect(lockSentence.includes('zet open wat erin staat'), lockSentence).toBe(lock === 'active')
    }
  })
  const { rows } = await server.sql.query(
    'SELECT signed_on::text, valid_from::text, valid_to::text, review_on::text FROM agreement WHERE id = $1',
    [FIRST],
  )
  try {
    await fc.assert(property, { numRuns: 60 })
  } finally {
    await server.sql.query('ROLLBACK')
    await server.sql.query(
      `BEGIN; SET LOCAL session_replication_role = replica; UPDATE agreement SET (signed_on, valid_from, valid_to, review_on) =
       ('${rows[0].signed_on}', '${rows[0].valid_from}', '${rows[0].valid_to}', '${rows[0].review_on}') WHERE id = '${FIRST}'; COMMIT`,
    )
  }
})

test('who suspends today does not find a later version open tomorrow', async () => {
  const next = await signedByBoth({ ...TERMS, validFrom: '2026-12-01' })
  const half = await done(draft(UWV_SIGNATORY, { ...TERMS, validFrom: '2026-12-02' }))
  for (const officer of [DESK_OFFICER, UWV_OFFICER]) await done(advise(officer, half.id, 'AGREES', half.termsHash))
  await done(sign(UWV_SIGNATORY, half.id, UWV, half.termsHash))
  const untouched = await done(draft(UWV_SIGNATORY))
  await done(stop(UWV_SIGNATORY, 'suspendAgreement', FIRST, 'LEGAL_DOUBT'))
  expect((await read(DESK_OFFICER, next.id)).state).toBe('SUSPENDED')
  expect((await read(DESK_OFFICER, half.id)).state).toBe('SUSPENDED')
  expect((await read(DESK_OFFICER, untouched.id)).state).toBe('DRAFT')
  // The desk alone cannot undo it: the partner's signature from before no longer counts.
  expect(await done(sign(DESK_SIGNATORY, half.id, GEMEENTE, half.termsHash))).toMatchObject({ state: 'SUSPENDED', lock: 'none' })
  for (const day of ['2026-11-18', '2026-12-01', '2026-12-02']) {
    server.setClock(new Date(`${day}T12:00:00Z`))
    expect(await isOpen(), day).toBe(false)
  }
})

test('other terms forget advice and signatures; who read the earlier ones is told', async () => {
  await withoutTheFirst()
  const { id, termsHash } = await done(draft(UWV_SIGNATORY))
  await done(advise(DESK_OFFICER, id, 'AGREES', termsHash))
  await done(advise(UWV_OFFICER, id, 'AGREES', termsHash))
  await done(sign(UWV_SIGNATORY, id, UWV, termsHash))
  const amended = await done(amend(DESK_SIGNATORY, id, { ...TERMS, answerTermDays: 8 }, termsHash))
  expect(amended).toMatchObject({ state: 'DRAFT', advice: [], signatures: [] })
  expect(amended.termsHash).not.toBe(termsHash)
  for (const answer of [
    await sign(DESK_SIGNATORY, id, GEMEENTE, termsHash),
    await advise(DESK_OFFICER, id, 'AGREES', termsHash),
    await amend(UWV_SIGNATORY, id, TERMS, termsHash),
  ]) {
    expect(refusal(answer)).toBe('AGREEMENT_MOVED_ON')
    expect(answer.errors?.[0].extensions.state).toBe('DRAFT')
  }
  expect(refusal(await sign(DESK_SIGNATORY, id, GEMEENTE, amended.termsHash))).toBe('BAD_INPUT')
  // A draft that was suspended is a clear stop, and what was in force never changes again.
  await done(stop(UWV_OFFICER, 'suspendAgreement', id, 'LEGAL_DOUBT'))
  expect(refusal(await amend(DESK_SIGNATORY, id, TERMS))).toBe('AGREEMENT_MOVED_ON')
  expect((await read(GUIDE, FIRST)).state).toBe('ENDED')
  expect(refusal(await amend(DESK_SIGNATORY, FIRST, TERMS))).toBe('AGREEMENT_MOVED_ON')
  expect(refusal(await server.as(GUIDE)(`{ agreement(id: "${id}") { id } }`))).toBe('NOT_FOUND')
  expect(await isOpen()).toBe(false)
})

describe('At once', () => {
  const ofDesk = (role: 'SIGNATORY' | 'PRIVACY_OFFICER', subject: string): Capacity => ({
    role,
    side: 'WERKCENTRUM',
    organisationId: demoId('werkcentrum-amersfoort'),
    subject,
  })
  const ofUwv = (role: 'SIGNATORY' | 'PRIVACY_OFFICER', subject: string): Capacity => ({
    role,
    side: 'PARTNER',
    organisationId: UWV,
    subject,
  })
  const INPUT: TermsInput = { ...TERMS, csv: null }
  const freshDraft = () =>
    perform(server.world, ofDesk('SIGNATORY', DESK_SIGNATORY), 'draftAgreement', (act) =>
      draftAgreement(act, { werkcentrumId: null, partnerId: UWV }, INPUT),
    )
  /** Signed by the desk, so that one more signature makes it ACTIVE. */
  async function halfSigned() {
    const { id, termsHash } = await freshDraft()
    for (const officer of [ofDesk('PRIVACY_OFFICER', DESK_OFFICER), ofUwv('PRIVACY_OFFICER', UWV_OFFICER)])
      await perform(server.world, officer, 'adviseOnAgreement', (act) => adviseOnAgreement(act, id, 'AGREES', { termsHash }))
    await perform(server.world, ofDesk('SIGNATORY', DESK_SIGNATORY), 'signAgreement', (act) =>
      signAgreement(act, id, GEMEENTE, { termsHash }),
    )
    return { id, termsHash }
  }
  const outcome = (answer: Answer) =>
    [refusal(answer) ?? 'done', answer.errors?.[0].extensions.state ?? Object.values<any>(answer.data)[0].state].join(' ')

  test('signing and suspending come in one order, and both are told', async () => {
    const seen = new Map<string, number>()
    for (let round = 0; round < 36; round++) {
      const { id, termsHash } = await halfSigned()
      const view = ['', 'DRAFT'][round % 2]!
      const race = [
        () => sign(UWV_SIGNATORY, id, UWV, termsHash, view).then(outcome),
        () => stop(DESK_OFFICER, 'suspendAgreement', id, 'INCIDENT', view).then(outcome),
      ]
      if (round % 3 === 0) race.reverse()
      const told = await Promise.all(race.map((go) => go()))
      const [signed, suspended] = round % 3 === 0 ? [told[1], told[0]] : told
      const { state, events } = await read(DESK_OFFICER, id)
      const order = events
        .slice(4)
        .map((event: any) => `${event.step} ${event.state}`)
        .join(', ')
      const line = `${view || 'any state'}: sign ${signed}; suspend ${suspended}; ${order}; ${state}`
      seen.set(line, (seen.get(line) ?? 0) + 1)
    }
    const possible = [
      // The signature first.
      'any state: sign done ACTIVE; suspend done SUSPENDED; sign ACTIVE, suspend SUSPENDED; SUSPENDED',
      'DRAFT: sign done ACTIVE; suspend AGREEMENT_MOVED_ON ACTIVE; sign ACTIVE; ACTIVE',
      // The suspension first: what the desk signed before it no longer counts.
      'any state: sign done SUSPENDED; suspend done SUSPENDED; suspend SUSPENDED, sign SUSPENDED; SUSPENDED',
      'DRAFT: sign AGREEMENT_MOVED_ON SUSPENDED; suspend done SUSPENDED; suspend SUSPENDED; SUSPENDED',
    ]
    expect([...seen.keys()].filter((line) => !possible.includes(line))).toEqual([])
    // Either order was met, or this says nothing.
    expect([...seen.keys()].some((line) => line.includes('sign done ACTIVE'))).toBe(true)
    expect([...seen.keys()].some((line) => line.includes('suspend SUSPENDED'))).toBe(true)
  })

  test('of two signatories of one side one signs, and of two drafts each has a version of its own', async () => {
    for (let round = 0; round < 8; round++) {
      const { id, termsHash } = await halfSigned()
      const signing = ['one', 'two', 'three'].map((subject) =>
        perform(server.world, ofUwv('SIGNATORY', subject), 'signAgreement', (act) =>
          signAgreement(act, id, UWV, { termsHash }),
        ).then(
          ({ state }) => state,
          (fault) => `${fault.extensions.code} ${fault.extensions.state}`,
        ),
      )
      expect((await Promise.all(signing)).sort()).toEqual(['ACTIVE', 'AGREEMENT_MOVED_ON ACTIVE', 'AGREEMENT_MOVED_ON ACTIVE'])
    }
    const drafts = await Promise.all(Array.from({ length: 6 }, freshDraft))
    expect(new Set(drafts.map(({ version }) => version)).size).toBe(6)
  })
})

describe('Bad input', () => {
  const bad: [string, object, RegExp][] = [
    ['a category that needs no agreement', { cells: [{ category: 'progress', purposes: ['HELP'] }] }, /one of logistics/],
    ['a purpose that needs none', { cells: [{ category: 'question', purposes: ['RIGHTS'] }] }, /for one of OVERVIEW/],
    ['nothing', { cells: [] }, /Nothing is agreed/],
    ['neither cells nor a table', { cells: null }, /either cells or csv/],
    ['both', { csv: 'category;HELP\nquestion;ja' }, /either cells or csv/],
    ['a table with mistakes', { cells: null, csv: 'category;HELP\nsecret;ja\nquestion;x' }, /csv line 2.*csv line 3/],
    [
      'a basis that the policy does not know',
      { legalBasis: 'because' },
      /legalBasis must be one of task-of-uwv, explicit-consent: /,
    ],
    ['a basis of oversight', { legalBasis: 'accountability' }, /legalBasis must be one of task-of-uwv, explicit-consent: /],
    ['a basis of the visitor', { legalBasis: 'rights-of-the-visitor' }, /legalBasis must be one of/],
    ['a basis of another kind of partner', { legalBasis: 'task-of-the-gemeente' }, /legalBasis must be one of/],
    ['a basis of the desk', { legalBasis: 'task-of-the-desk' }, /legalBasis must be one of/],
    ['a term of nought', { answerTermDays: 0 }, /1 to 60/],
    ['a review after the end', { reviewOn: '2028-01-01' }, /reviewOn is after/],
    ['a day that is none', { validTo: '2027-02-30' }, /validTo must be a day/],
    ['a long text', { contactPoint: 'loket '.repeat(34) }, /at most 200/],
    ['a stranger as controller', { controllers: [demoId('gemeente-soest')] }, /controllers must be/],
    ['no id as controller', { controllers: ["' or true --"] }, /controllers must be/],
    ['another than the partner', { actingFor: [GEMEENTE] }, /acts for itself/],
  ]
  test.each(bad)('%s is refused, with what was expected', async (_, change, message) => {
    const answer = await draft(DESK_SIGNATORY, { ...TERMS, ...change })
    expect(refusal(answer)).toBe('BAD_INPUT')
    expect(answer.errors?.[0].message).toMatch(message)
    expect(answer.text).not.toContain('secret')
  })

  test('a draft does not come by a basis that no rule has either', async () => {
    const { id } = await done(draft(DESK_SIGNATORY))
    expect(refusal(await amend(UWV_SIGNATORY, id, { ...TERMS, legalBasis: 'accountability' }))).toBe('BAD_INPUT')
    expect((await read(DESK_OFFICER, id)).basis.name).toBe('task-of-uwv')
  })

  test('a partnership names legal persons that it acts for', async () => {
    const withWsp = (actingFor: string[]) =>
      run(DESK_SIGNATORY, 'draftAgreement', '$to: ID!, $input: AgreementTermsInput!', 'partnerId: $to, input: $input', {
        to: demoId('wsp-amersfoort'),
        input: { ...TERMS, actingFor, legalBasis: 'of-the-member-acting' },
      })
    for (const actingFor of [[demoId('wsp-amersfoort')], [demoId('gemeente-soest')], []])
      expect(refusal(await withWsp(actingFor))).toBe('BAD_INPUT')
    expect(await done(withWsp([UWV]))).toMatchObject({ state: 'DRAFT', version: 2, actingFor: [{ id: UWV }] })
  })

  test('the other side is named, and it alone', async () => {
    for (const given of [
      '',
      `werkcentrumId: "${demoId('werkcentrum-gooi')}", `,
      `partnerId: "${UWV}", werkcentrumId: "${demoId('werkcentrum-gooi')}", `,
    ])
      expect(
        refusal(
          await server.as(DESK_SIGNATORY)(
            `mutation ($input: AgreementTermsInput!) { draftAgreement(${given}input: $input) { id } }`,
            { input: TERMS },
          ),
        ),
      ).toBe('BAD_INPUT')
  })
})

test('every change is refused to every other role, and to other organisations it does not exist', async () => {
  const { id, termsHash } = await done(draft(DESK_SIGNATORY))
  const tries: Record<string, (account: string) => Promise<Answer>> = {
    draftAgreement: (account) => draft(account),
    amendAgreement: (account) => amend(account, id, TERMS),
    adviseOnAgreement: (account) => advise(account, id, 'AGREES', termsHash),
    signAgreement: (account) => sign(account, id, UWV, termsHash),
    suspendAgreement: (account) => stop(account, 'suspendAgreement', id, 'INCIDENT'),
    endAgreement: (account) => stop(account, 'endAgreement', id, 'ON_REQUEST'),
  }
  const roles: Record<string, string[]> = {
    adviseOnAgreement: ['PRIVACY_OFFICER'],
    suspendAgreement: ['PRIVACY_OFFICER', 'SIGNATORY'],
  }
  for (const [name, attempt] of Object.entries(tries))
    for (const { name: account, role } of ACCOUNTS) {
      if ((roles[name] ?? ['SIGNATORY']).includes(role)) continue
      expect([name, account, refusal(await attempt(account))]).toEqual([name, account, 'FORBIDDEN'])
    }
  const stranger: Capacity = { role: 'SIGNATORY', side: 'PARTNER', organisationId: demoId('gemeente-soest'), subject: 'x' }
  await expect(
    perform(server.world, stranger, 'signAgreement', (act) => signAgreement(act, id, UWV, { termsHash })),
  ).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  })
  expect((await read(DESK_OFFICER, id)).events).toHaveLength(1)
})

describe('What officers and signatories read of it', () => {
  test('an agreement on another basis than the policy has for this kind of partner says so', async () => {
    const drafted = await done(draft(DESK_SIGNATORY, { ...TERMS, legalBasis: 'explicit-consent' }))
    const about = (words: string) =>
      `De grondslag van deze afspraak is ‘${words}’. Het beleid noemt voor een partner van deze soort (UWV) een andere: ‘de taak van UWV’. Vraag een jurist welke klopt.`
    expect(drafted.warnings).toEqual([about('de uitdrukkelijke toestemming van de bezoeker')])
    expect((await done(amend(UWV_SIGNATORY, drafted.id, TERMS))).warnings).toEqual([])
    // As one that was loaded, or drafted before this was refused.
    await server.sql.query("UPDATE agreement SET legal_basis = 'accountability' WHERE id = $1", [drafted.id])
    expect((await read(DESK_OFFICER, drafted.id)).warnings).toEqual([about('de plicht om verantwoording te geven')])
  })

  const drift = async (account: string, args = '') =>
    (await server.as(account)(
      `{ agreementDrift${args} { agreement { id partner { name kind } } days useKnown differences { category purpose kind sentence } } }`,
    )) as Answer

  test('drift: signed, allowed and used, cell by cell; use for officers alone', async () => {
    const active = await signedByBoth({ ...TERMS, cells: [...TERMS.cells, { category: 'sensitive', purposes: ['OVERVIEW'] }] })
    expect(await isOpen()).toBe(true)
    // What the desk sees of its own hand-offs needs no agreement: it is no use of one.
    const overview = await done(server.as(GUIDE)('{ handOffs(first: 50) { edges { node { id question { themes } } } } }'))
    expect(overview.edges.some(({ node }: any) => node.id === handOff && node.question)).toBe(true)
    const of = async (account: string) => {
      const answer = await drift(account, `(agreementId: "${active.id}")`)
      expect(answer.data.agreementDrift).toHaveLength(1)
      const [{ useKnown, differences }] = answer.data.agreementDrift
      return { useKnown, kinds: new Map<string, string>(differences.map((d: any) => [`${d.category} ${d.purpose}`, d.kind])) }
    }
    for (const officer of [DESK_OFFICER, UWV_OFFICER]) {
      const { useKnown, kinds } = await of(officer)
      expect(useKnown).toBe(true)
      expect(kinds.get('sensitive OVERVIEW')).toBe('SIGNED_NOT_ALLOWED')
      expect(kinds.get('outcome HELP')).toBe('ALLOWED_NOT_SIGNED')
      expect(kinds.get('question OVERVIEW')).toBe('SIGNED_NOT_USED')
      expect(kinds.has('situation HELP')).toBe(false)
    }
    for (const account of [DESK_SIGNATORY, UWV_SIGNATORY, 'coordinator-amersfoort']) {
      const { useKnown, kinds } = await of(account)
      expect(useKnown).toBe(false)
      expect(new Set(kinds.values())).toEqual(new Set(['SIGNED_NOT_ALLOWED', 'ALLOWED_NOT_SIGNED']))
    }
    // What should not be possible is found, should it ever be: here somebody changed what was signed.
    await server.sql.query(`UPDATE agreement SET cells = '{question HELP}' WHERE id = $1`, [active.id])
    const { data } = await drift(UWV_OFFICER, `(agreementId: "${active.id}")`)
    expect(
      data.agreementDrift[0].differences
        .filter((d: any) => d.kind === 'USED_NOT_SIGNED')
        .map((d: any) => `${d.category} ${d.purpose}`),
    ).toContain('situation HELP')
  })

  test('drift of everything in force, within a number of days; a union is in no log', async () => {
    const { data } = await drift(DESK_OFFICER, '(days: 30)')
    expect(data.agreementDrift.length).toBeGreaterThan(10)
    const union = data.agreementDrift.find(({ agreement }: any) => agreement.partner.kind === 'UNION')
    expect(union.useKnown).toBe(false)
    for (const days of [0, 401, -1]) expect(refusal(await drift(DESK_OFFICER, `(days: ${days})`))).toBe('BAD_INPUT')
    for (const account of [GUIDE, HANDLER]) expect(refusal(await drift(account))).toBe('FORBIDDEN')
    expect(refusal(await drift(UWV_OFFICER, `(agreementId: "${demoId('nowhere')}")`))).toBe('NOT_FOUND')
  })

  const REGISTER = `{ processingRegister { organisation madeOn policyHash csv json activities { key name controllers { name legalPerson } contactPoint purpose
    bases { name version article law } dataSubjects dataCategories { category words purposes fields } recipients transfersOutsideEu retention security
    agreementId agreementVersion documentReference since } } }`

  test('the register has an activity for each agreement in force and for the own work, and every part that the law asks for', async () => {
    for (const [account, own, agreements] of [
      [DESK_OFFICER, 'desk', 15],
      [DESK_SIGNATORY, 'desk', 15],
      [UWV_OFFICER, 'inbox', 2],
    ] as const) {
      const { processingRegister: register } = (await server.as(account)(REGISTER)).data
      expect(register.madeOn).toBe('2026-11-18')
      const keys = register.activities.map(({ key }: any) => key)
      expect(keys).toEqual([own, ...keys.slice(1, -2), 'rights', 'accountability'])
      expect(keys.slice(1, -2)).toHaveLength(agreements)
      for (const activity of register.activities) {
        expect(activity.controllers.length, activity.key).toBeGreaterThan(0)
        expect(activity.controllers.every(({ legalPerson }: any) => legalPerson)).toBe(true)
        for (const part of ['name', 'contactPoint', 'purpose', 'transfersOutsideEu', 'retention', 'since'])
          expect(activity[part], `${activity.key} ${part}`).toBeTruthy()
        for (const part of ['bases', 'dataSubjects', 'dataCategories', 'recipients', 'security'])
          expect(activity[part].length, `${activity.key} ${part}`).toBeGreaterThan(0)
      }
      // Art. 30(1)(f): the terms that the job obeys.
      const retentions = new Map<string, string>(register.activities.map(({ key, retention }: any) => [key, retention]))
      for (const [key, retention] of retentions)
        if (key === 'accountability') expect(retention).toMatch(/^Het toegangslogboek: 60 maanden;/)
        else expect(retention).toMatch(/183 dagen.*na 14 dagen gewist.*een jaar.*Is een overdracht rond.*400 dagen een kwartaal/)
      expect(retentions.get('desk') ?? '').toMatch(own === 'desk' ? /na 28 dagen een week.*als ze geteld zijn/ : /^$/)
      for (const retention of retentions.values()) expect(retention).not.toMatch(/undefined|null|NaN/)
      const withUwv = register.activities.find(({ agreementId }: any) => agreementId === FIRST)
      expect(withUwv).toMatchObject({
        contactPoint: 'Privacyloket van UWV, kantoor Amersfoort',
        documentReference: expect.stringContaining('Voorbeeldafspraak'),
        agreementVersion: 1,
      })
      expect(withUwv.bases.map(({ article, law, version }: any) => [article, law, version])).toEqual([
        ['AVG art. 6(1)(e)', 'Wet SUWI', 1],
        ['AVG art. 9(2)(a)', 'UAVG art. 22(2)(a)', 1],
      ])
      expect(withUwv.dataCategories.find(({ category }: any) => category === 'situation').fields).toContain('HandOff.situation')
      const { csv, json, ...typed } = register
      expect(JSON.parse(json)).toMatchObject({
        organisation: typed.organisation,
        activities: typed.activities.map(({ key, name }: any) => ({ key, name })),
      })
      expect(csv.trim().split('\r\n')).toHaveLength(register.activities.length + 1)
      // No officer, signatory or other person is in it.
      for (const { name } of ACCOUNTS.filter(({ role }) => role !== 'HANDLER')) expect(json).not.toContain(`"${name}"`)
    }
    for (const account of [GUIDE, HANDLER, 'coordinator-amersfoort'])
      expect(refusal(await server.as(account)(REGISTER))).toBe('FORBIDDEN')
  })

  test('the register claims no more than is done: fields within reach, the own basis, Dutch words, and officers among the recipients', async () => {
    const { rows } = await server.sql.query('SELECT closed_context_days() AS days')
    for (const account of [DESK_OFFICER, UWV_OFFICER]) {
      const { activities, csv } = (await server.as(account)(REGISTER)).data.processingRegister
      for (const { key, dataCategories, bases, recipients, retention } of activities) {
        const fields: string[] = dataCategories.flatMap((category: any) => category.fields)
        expect(
          fields.some((field) => field.startsWith('HandOff.')),
          key,
        ).toBe(true)
        // Guides alone read contacts.
        expect(
          fields.some((field) => field.startsWith('VisitorContact.')),
          key,
        ).toBe(key === 'desk')
        if (key === 'inbox') expect(bases.map(({ name }: any) => name)).toEqual(['task-of-uwv'])
        if (key === 'desk' || key === 'inbox')
          expect(recipients.at(-1)).toMatch(/^de privacy officer van .*: alleen verwijzing en voortgang$/)
        if (key === `agreement ${FIRST}`)
          expect(recipients).toContain('de privacy officers van beide kanten: alleen verwijzing en voortgang')
        if (key === `agreement ${demoId(agreementKey('werkcentrum-amersfoort', 'fnv-amersfoort'))}`)
          expect(recipients.join()).not.toContain('privacy officer')
        if (key !== 'accountability') expect(retention).toContain(`na ${rows[0].days} dagen gewist`)
      }
      expect(csv).not.toMatch(/\b(that|of the|none|besides|acts|arts)\b/)
    }
    // No basis of the policy speaks English.
    for (const [name, { article, law, words }] of server.world.policies.sharing.bases)
      expect(`${article} ${law} ${words}`, name).not.toMatch(/\b(that|of the|none|besides|acts|arts)\b/)
  })

  test('what is suspended leaves the register, and a text cannot become a formula', async () => {
    await done(stop(DESK_OFFICER, 'suspendAgreement', FIRST, 'ON_REQUEST'))
    const keys = async () =>
      (await server.as(DESK_OFFICER)(REGISTER)).data.processingRegister.activities.map(({ key }: any) => key)
    expect(await keys()).not.toContain(`agreement ${FIRST}`)
    const { id } = await signedByBoth({ ...TERMS, documentReference: '=HYPERLINK("x")' })
    expect(await keys()).toContain(`agreement ${id}`)
    const { csv } = (await server.as(DESK_OFFICER)(REGISTER)).data.processingRegister
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
  })

  test('the words of a legal basis stay as they were agreed on, also when the policy gets others', async () => {
    await server.sql.query('UPDATE agreement SET legal_basis_version = 7 WHERE id = $1', [FIRST])
    try {
      expect(await read(DESK_OFFICER, FIRST)).toMatchObject({
        basis: { version: 7, article: null, law: null, needsLawyer: true },
        warnings: expect.arrayContaining([expect.stringContaining('grondslag')]),
      })
      const { sharing, actions } = server.world.policies.texts
      const earlier = sharing.replace(
        /(task-of-uwv:\n +)version: 1\n( +words: [^\n]*\n +)article: [^\n]*/,
        '$1version: 7\n$2article: AVG art. 6(1)(x)',
      )
      await server.sql.query('INSERT INTO policy_version (hash, sharing, actions) VALUES ($1, $2, $3)', [
        '7'.repeat(64),
        earlier,
        actions,
      ])
      expect((await read(DESK_OFFICER, FIRST)).basis).toMatchObject({ version: 7, article: 'AVG art. 6(1)(x)', law: 'Wet SUWI' })
    } finally {
      await server.sql.query('UPDATE agreement SET legal_basis_version = 1 WHERE id = $1', [FIRST])
    }
  })
})
