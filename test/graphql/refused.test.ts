// A refused change leaves nothing behind but the record that says so, and tells no more of what is out of sight than of what does not exist.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPolicies } from '#app/decide/policy-files.js'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { POLICIES, startServer, type TestServer } from '../support/server.js'
import { CONSENT, logContact, offer } from '../support/story.js'
import { changed, NOWHERE, OPERATIONS, operationCalled } from './every-operation.js'

let server: TestServer
/** At Amersfoort. */
let contact: string
let offered: { id: string; code: string }
let ended: { id: string; code: string }
/** At another werkcentrum, for its own partner. */
let elsewhere: { contact: string; id: string; code: string }
beforeAll(async () => {
  server = await startServer()
  contact = await logContact(server)
  offered = made(await offer(server, contact))
  ended = made(await offer(server, await logContact(server)))
  await server.as('gids-amersfoort')('mutation ($id: ID!) { withdrawHandOff(id: $id, reason: NOT_NEEDED) { id } }', {
    id: ended.id,
  })
  const there = await logContact(server, { deskId: demoId('desk-hilversum'), origin: 'GM0402' }, 'gids-gooi')
  elsewhere = { contact: there, ...made(await offer(server, there, { partnerId: demoId('uwv-gooi') }, 'gids-gooi')) }
})
afterAll(() => server.stop())

const made = (answer: { handOff: { id: string }; followUpCode: string }) => ({ id: answer.handOff.id, code: answer.followUpCode })

/** One line for the contents of each table. */
async function everything(): Promise<Record<string, string>> {
  // An attempt at a code is counted also when it was refused; that is what it is for. And so is the log.
  const { rows } = await server.sql.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('code_attempt', 'access_record', 'access_record_part',
      'access_record_actor', 'processing_record', 'log_leaf') ORDER BY 1`,
  )
  const contents: Record<string, string> = {}
  for (const { tablename } of rows)
    contents[tablename] = (
      await server.sql.query(
        `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS line FROM "${tablename}" t`,
      )
    ).rows[0].line
  return contents
}

const refusals = async (): Promise<string[]> =>
  (await server.sql.query('SELECT operation, refusal FROM access_record WHERE refusal IS NOT NULL ORDER BY at')).rows.map(
    ({ operation, refusal }) => `${operation} ${refusal}`,
  )

type Case = [what: string, account: string | null, variables: () => Record<string, unknown>, code: string | RegExp]

const NEXT = { kind: 'VISITOR_COMES' }
const KEY = 'sleutel-van-een-test'
const BAD_INPUT = /BAD_INPUT/
const movedOnBy = (account: string, more: object = {}): Case[] => [
  ['of nowhere', account, () => ({ id: NOWHERE, ...more }), 'NOT_FOUND'],
  ['of another', account, () => ({ id: elsewhere.id, ...more }), 'NOT_FOUND'],
  ['that has moved on', account, () => ({ id: ended.id, ...more }), 'HANDOFF_MOVED_ON'],
]
const offerOf = (change: object) => () => ({
  input: {
    contactId: contact,
    partnerId: demoId('uwv-amersfoort'),
    nextStep: NEXT,
    consent: CONSENT,
    idempotencyKey: KEY,
    ...change,
  },
})
const contactOf = (change: object) => () => ({
  input: {
    deskId: demoId('desk-amersfoort-stadhuis'),
    channel: 'WALK_IN',
    visitorKind: 'JOB_SEEKER',
    themes: ['FIND_WORK'],
    result: 'HANDED_OFF',
    idempotencyKey: KEY,
    ...change,
  },
})

/** The agreement of Amersfoort with UWV, in force; and one that concerns neither. */
const AGREEMENT = demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort'))
const OTHERS = demoId(agreementKey('werkcentrum-gooi', 'gemeente-hilversum'))
const TERMS = {
  controllers: [demoId('gemeente-amersfoort')],
  actingFor: [demoId('uwv-amersfoort')],
  cells: [{ category: 'question', purposes: ['HELP'] }],
  legalBasis: 'task-of-uwv',
  answerTermDays: 5,
  firstContactTermDays: 5,
  contactPoint: 'Privacyloket',
  documentReference: 'Afspraak',
  reviewOn: '2027-06-01',
  validFrom: '2026-12-01',
  validTo: '2027-12-31',
}
const agreementBy = (account: string, more: object = {}): Case[] => [
  ['of nowhere', account, () => ({ id: NOWHERE, ...more }), 'NOT_FOUND'],
  ['of others', account, () => ({ id: OTHERS, ...more }), 'NOT_FOUND'],
  ['by a handler', 'uwv-amersfoort', () => ({ id: AGREEMENT, ...more }), 'FORBIDDEN'],
  ['by nobody', null, () => ({ id: AGREEMENT, ...more }), 'UNAUTHENTICATED'],
]
const NOON = '2026-11-18T11:00:00.000Z'
const HASH = '0'.repeat(64)
const MOVED_ON = 'AGREEMENT_MOVED_ON'
const withoutTheCode = (more: object = {}): Case[] => [
  ['with a code of nowhere', null, () => ({ code: '00000-00000-0000', ...more }), 'NOT_FOUND'],
  [
    'with a code that was mistyped',
    null,
    () => ({ code: `${offered.code.slice(0, -1)}${offered.code.endsWith('0') ? '1' : '0'}`, ...more }),
    'NOT_FOUND',
  ],
  ['with the recognition code', null, () => ({ code: 'molen-appel-42', ...more }), 'NOT_FOUND'],
]
const wrongCorrections = (account: string | null, which: () => object): Case[] =>
  (
    [
      ['of nothing', {}],
      ['to a municipality that is not there', { routing: { visitorKind: 'WORKER', origin: 'GM0000' } }],
      ['to no theme', { question: { themes: [] } }],
      ['to three themes', { question: { themes: ['FIND_WORK', 'CAREER', 'TRAINING'] } }],
      ['to one theme twice', { question: { themes: ['FIND_WORK', 'FIND_WORK'] } }],
      ['to an employer with a situation', { routing: { visitorKind: 'EMPLOYER' } }],
    ] as const
  ).map(([what, correction]) => [what, account, () => ({ ...which(), correction }), BAD_INPUT])

const CASES: Record<string, Case[]> = {
  draftAgreement: [
    ['with a partner of nowhere', 'signatory-amersfoort', () => ({ partnerId: NOWHERE, input: TERMS }), 'NOT_FOUND'],
    ['with a werkcentrum of nowhere', 'signatory-uwv', () => ({ werkcentrumId: NOWHERE, input: TERMS }), 'NOT_FOUND'],
    ['with the own side', 'signatory-uwv', () => ({ partnerId: demoId('uwv-amersfoort'), input: TERMS }), BAD_INPUT],
    [
      'with a party of others',
      'signatory-amersfoort',
      () => ({ partnerId: demoId('uwv-amersfoort'), input: { ...TERMS, actingFor: [demoId('uwv-gooi')] } }),
      BAD_INPUT,
    ],
    [
      'that works backwards',
      'signatory-amersfoort',
      () => ({ partnerId: demoId('uwv-amersfoort'), input: { ...TERMS, validFrom: '2026-11-17' } }),
      BAD_INPUT,
    ],
    ['by a privacy officer', 'privacy-amersfoort', () => ({ partnerId: demoId('uwv-amersfoort'), input: TERMS }), 'FORBIDDEN'],
  ],
  amendAgreement: [
    ...agreementBy('signatory-uwv', { input: TERMS }),
    ['that is in force', 'signatory-uwv', () => ({ id: AGREEMENT, input: TERMS }), MOVED_ON],
  ],
  adviseOnAgreement: [
    ...agreementBy('privacy-uwv', { advice: 'AGREES', termsHash: HASH }),
    ['on other terms', 'privacy-uwv', () => ({ id: AGREEMENT, advice: 'OBJECTS', termsHash: HASH }), MOVED_ON],
    ['on no terms', 'privacy-uwv', () => ({ id: AGREEMENT, advice: 'OBJECTS', termsHash: '' }), MOVED_ON],
  ],
  signAgreement: [
    ...agreementBy('signatory-uwv', { onBehalfOf: demoId('uwv-amersfoort'), termsHash: HASH }),
    [
      'that is in force',
      'signatory-uwv',
      () => ({ id: AGREEMENT, onBehalfOf: demoId('uwv-amersfoort'), termsHash: '' }),
      MOVED_ON,
    ],
  ],
  suspendAgreement: [
    ...agreementBy('privacy-uwv', { reason: 'INCIDENT' }),
    ['that was no draft', 'privacy-uwv', () => ({ id: AGREEMENT, reason: 'INCIDENT', ifState: 'DRAFT' }), MOVED_ON],
  ],
  endAgreement: [
    ...agreementBy('signatory-uwv', { reason: 'ON_REQUEST' }),
    ['that was no draft', 'signatory-uwv', () => ({ id: AGREEMENT, reason: 'ON_REQUEST', ifState: 'DRAFT' }), MOVED_ON],
    ['by a privacy officer', 'privacy-uwv', () => ({ id: AGREEMENT, reason: 'ON_REQUEST' }), 'FORBIDDEN'],
  ],
  requestStaffIdentity: [
    ['of a line of nowhere', 'privacy-uwv', () => ({ recordId: NOWHERE, at: NOON, reason: 'COMPLAINT' }), 'NOT_FOUND'],
    ['of no line', 'privacy-uwv', () => ({ recordId: 'no-id', at: NOON, reason: 'COMPLAINT' }), 'NOT_FOUND'],
    ['at no instant', 'privacy-uwv', () => ({ recordId: NOWHERE, at: 'noon', reason: 'COMPLAINT' }), BAD_INPUT],
    ['by a handler', 'uwv-amersfoort', () => ({ recordId: NOWHERE, at: NOON, reason: 'COMPLAINT' }), 'FORBIDDEN'],
    ['by nobody', null, () => ({ recordId: NOWHERE, at: NOON, reason: 'COMPLAINT' }), 'UNAUTHENTICATED'],
  ],
  answerStaffIdentityRequest: [
    ['of nowhere', 'privacy-amersfoort', () => ({ id: NOWHERE, agree: true }), 'NOT_FOUND'],
    ['of nowhere, by a signatory', 'signatory-uwv', () => ({ id: NOWHERE, agree: true }), 'NOT_FOUND'],
    ['by a guide', 'gids-amersfoort', () => ({ id: NOWHERE, agree: true }), 'FORBIDDEN'],
  ],
  logContact: [
    ['at a desk of nowhere', 'gids-amersfoort', contactOf({ deskId: NOWHERE }), BAD_INPUT],
    ['at a desk of another', 'gids-amersfoort', contactOf({ deskId: demoId('desk-hilversum') }), BAD_INPUT],
    ['with an origin that is not there', 'gids-amersfoort', contactOf({ origin: 'GM0000' }), BAD_INPUT],
    ['without themes', 'gids-amersfoort', contactOf({ themes: [] }), BAD_INPUT],
    [
      'of an employer with a journey',
      'gids-amersfoort',
      contactOf({ visitorKind: 'EMPLOYER', journey: 'WORK_TO_WORK' }),
      BAD_INPUT,
    ],
    ['with a short key', 'gids-amersfoort', contactOf({ idempotencyKey: 'kort' }), BAD_INPUT],
    ['with a name in the note', 'gids-amersfoort', contactOf({ note: 'Fatima Yilmaz zoekt werk.' }), 'TEXT_REFUSED'],
    ['with a note that is too long', 'gids-amersfoort', contactOf({ note: 'werk '.repeat(60) }), BAD_INPUT],
    ['by a partner', 'uwv-amersfoort', contactOf({}), 'FORBIDDEN'],
    ['by nobody', null, contactOf({}), 'UNAUTHENTICATED'],
  ],
  voidContact: [
    ['of nowhere', 'gids-amersfoort', () => ({ id: NOWHERE }), 'NOT_FOUND'],
    ['of another', 'gids-amersfoort', () => ({ id: elsewhere.contact }), 'NOT_FOUND'],
    ['that was handed off', 'gids-amersfoort', () => ({ id: contact }), BAD_INPUT],
  ],
  offerHandOff: [
    ['of a contact of nowhere', 'gids-amersfoort', offerOf({ contactId: NOWHERE }), 'NOT_FOUND'],
    ['to a partner of nowhere', 'gids-amersfoort', offerOf({ partnerId: NOWHERE }), 'NOT_FOUND'],
    [
      'with consent that is not free',
      'gids-amersfoort',
      offerOf({ consent: { ...CONSENT, refusalIsFree: false } }),
      'CONSENT_REQUIRED',
    ],
    [
      'to a union without consent',
      'gids-amersfoort',
      offerOf({ partnerId: demoId('fnv-amersfoort'), consent: null }),
      'CONSENT_REQUIRED',
    ],
    [
      'to a union with consent that is not explicit',
      'gids-amersfoort',
      offerOf({ partnerId: demoId('fnv-amersfoort') }),
      'CONSENT_REQUIRED',
    ],
    ['with sensitive facts nobody agreed to', 'gids-amersfoort', offerOf({ sensitive: ['WORK_LIMITATION'] }), 'CONSENT_REQUIRED'],
    ['with a name in the note', 'gids-amersfoort', offerOf({ note: 'Fatima Yilmaz zoekt werk.' }), 'TEXT_REFUSED'],
    ['with a note nobody agreed to', 'gids-amersfoort', offerOf({ note: 'Wil in de buurt werken.' }), 'CONSENT_REQUIRED'],
    ['with a note that is not there', 'gids-amersfoort', offerOf({ consent: { ...CONSENT, categories: ['note'] } }), BAD_INPUT],
    [
      'with a category twice',
      'gids-amersfoort',
      offerOf({ consent: { ...CONSENT, categories: ['question', 'question'] } }),
      BAD_INPUT,
    ],
    [
      'with a reserve of nowhere',
      'gids-amersfoort',
      offerOf({ consent: { ...CONSENT, reservePartnerId: NOWHERE } }),
      'NOT_FOUND',
    ],
    [
      'with an appointment of yesterday',
      'gids-amersfoort',
      offerOf({ nextStep: { kind: 'APPOINTMENT', day: '2026-11-17', dayPart: 'MORNING' } }),
      BAD_INPUT,
    ],
    [
      'with a day without an appointment',
      'gids-amersfoort',
      offerOf({ nextStep: { kind: 'VISITOR_COMES', day: '2026-11-19', dayPart: 'MORNING' } }),
      BAD_INPUT,
    ],
  ],
  forwardHandOff: [
    [
      'of nowhere',
      'gids-amersfoort',
      () => ({ input: { id: NOWHERE, partnerId: demoId('gemeente-amersfoort'), nextStep: NEXT, idempotencyKey: KEY } }),
      'NOT_FOUND',
    ],
    [
      'to the same partner',
      'gids-amersfoort',
      () => ({ input: { id: offered.id, partnerId: demoId('uwv-amersfoort'), nextStep: NEXT } }),
      BAD_INPUT,
    ],
    // The step itself is taken before the consent is looked at: it must be taken back.
    [
      'without a consent that names the partner',
      'gids-amersfoort',
      () => ({ input: { id: offered.id, partnerId: demoId('gemeente-amersfoort'), nextStep: NEXT, idempotencyKey: KEY } }),
      'CONSENT_REQUIRED',
    ],
    [
      'with the code of another',
      'gids-amersfoort',
      () => ({
        input: {
          id: offered.id,
          partnerId: demoId('gemeente-amersfoort'),
          nextStep: NEXT,
          consent: CONSENT,
          followUpCode: ended.code,
        },
      }),
      'CONSENT_REQUIRED',
    ],
    [
      'with consent that is not free',
      'gids-amersfoort',
      () => ({
        input: {
          id: offered.id,
          partnerId: demoId('gemeente-amersfoort'),
          nextStep: NEXT,
          consent: { ...CONSENT, askedForHelp: false },
          followUpCode: offered.code,
        },
      }),
      'CONSENT_REQUIRED',
    ],
    [
      'that has moved on',
      'gids-amersfoort',
      () => ({ input: { id: ended.id, partnerId: demoId('gemeente-amersfoort'), nextStep: NEXT } }),
      'HANDOFF_MOVED_ON',
    ],
  ],
  acceptHandOff: movedOnBy('uwv-amersfoort', { message: 'COME_BY' }),
  declineHandOff: movedOnBy('uwv-amersfoort', { reason: 'NO_CAPACITY' }),
  completeHandOff: movedOnBy('uwv-amersfoort', { outcome: 'WORK' }),
  recordFirstContact: [
    ...movedOnBy('uwv-amersfoort'),
    ['that is not accepted yet', 'uwv-amersfoort', () => ({ id: offered.id }), 'HANDOFF_MOVED_ON'],
    ['for another partner', 'gemeente-amersfoort', () => ({ id: offered.id }), 'NOT_FOUND'],
  ],
  returnHandOff: [
    ...movedOnBy('uwv-amersfoort', { reason: 'NO_SHOW' }),
    ['that is not accepted yet', 'uwv-amersfoort', () => ({ id: offered.id, reason: 'NO_SHOW' }), 'HANDOFF_MOVED_ON'],
  ],
  withdrawHandOff: movedOnBy('gids-amersfoort', { reason: 'NOT_NEEDED' }),
  lapseHandOff: movedOnBy('coordinator-amersfoort'),
  recordWarmCall: movedOnBy('gids-amersfoort', { channel: 'PHONE', result: 'SPOKEN', visitorPresent: true }).slice(0, 2),
  recordGuideVoice: movedOnBy('gids-amersfoort', { voice: 'WORKED' }).slice(0, 2),
  recordAnswerHeard: [
    ...movedOnBy('gids-amersfoort', { answer: 'COMPLETED', outcome: 'WORK' }),
    ['without what it needs', 'gids-amersfoort', () => ({ id: offered.id, answer: 'DECLINED' }), BAD_INPUT],
    ['with what it must not have', 'gids-amersfoort', () => ({ id: offered.id, answer: 'ACCEPTED', outcome: 'WORK' }), BAD_INPUT],
  ],
  recordVisitorVoice: withoutTheCode({ voice: 'WORKED' }),
  narrowByCode: [
    ...withoutTheCode({ categories: ['question'] }),
    ['to more', null, () => ({ code: offered.code, categories: ['question', 'sensitive'] }), BAD_INPUT],
    ['to the same', null, () => ({ code: offered.code, categories: CONSENT.categories }), BAD_INPUT],
    ['to nothing less', null, () => ({ code: offered.code }), BAD_INPUT],
    ['for longer', null, () => ({ code: offered.code, until: '2027-11-18' }), BAD_INPUT],
    ['until today', null, () => ({ code: offered.code, until: '2026-11-18' }), BAD_INPUT],
    ['until no day', null, () => ({ code: offered.code, until: '2026-13-45' }), BAD_INPUT],
    ['without a reserve that is not there', null, () => ({ code: offered.code, dropReserve: true }), BAD_INPUT],
  ],
  withdrawByCode: withoutTheCode(),
  correctByCode: [
    ...withoutTheCode({ correction: { routing: { visitorKind: 'WORKER' } } }),
    ...wrongCorrections(null, () => ({ code: offered.code })),
  ],
  eraseByCode: withoutTheCode(),
  correctShared: [
    [
      'of nowhere',
      'gids-amersfoort',
      () => ({ handOffId: NOWHERE, correction: { routing: { visitorKind: 'WORKER' } } }),
      'NOT_FOUND',
    ],
    [
      'of another',
      'gids-amersfoort',
      () => ({ handOffId: elsewhere.id, correction: { routing: { visitorKind: 'WORKER' } } }),
      'NOT_FOUND',
    ],
    [
      'that has ended',
      'gids-amersfoort',
      () => ({ handOffId: ended.id, correction: { routing: { visitorKind: 'WORKER' } } }),
      'HANDOFF_MOVED_ON',
    ],
    [
      'by a partner',
      'uwv-amersfoort',
      () => ({ handOffId: offered.id, correction: { routing: { visitorKind: 'WORKER' } } }),
      'FORBIDDEN',
    ],
    ...wrongCorrections('gids-amersfoort', () => ({ handOffId: offered.id })),
  ],
  giveConsent: [
    [
      'of nowhere',
      'gids-amersfoort',
      () => ({ input: { handOffId: NOWHERE, followUpCode: offered.code, consent: CONSENT } }),
      'NOT_FOUND',
    ],
    [
      'of another, with its code',
      'gids-amersfoort',
      () => ({ input: { handOffId: elsewhere.id, followUpCode: elsewhere.code, consent: CONSENT } }),
      'NOT_FOUND',
    ],
    [
      'with the code of another',
      'gids-amersfoort',
      () => ({ input: { handOffId: offered.id, followUpCode: ended.code, consent: CONSENT } }),
      'CONSENT_REQUIRED',
    ],
    [
      'without sensitive facts that are named',
      'gids-amersfoort',
      () => ({
        input: {
          handOffId: offered.id,
          followUpCode: offered.code,
          consent: { ...CONSENT, categories: ['sensitive'], explicitCategories: ['sensitive'] },
        },
      }),
      BAD_INPUT,
    ],
    [
      'for longer than consent can hold',
      'gids-amersfoort',
      () => ({ input: { handOffId: offered.id, followUpCode: offered.code, consent: { ...CONSENT, expiresOn: '2027-11-18' } } }),
      BAD_INPUT,
    ],
    [
      'for a note that is not there',
      'gids-amersfoort',
      () => ({ input: { handOffId: offered.id, followUpCode: offered.code, consent: { ...CONSENT, categories: ['note'] } } }),
      BAD_INPUT,
    ],
  ],
  narrowConsent: [
    ['of nowhere', 'gids-amersfoort', () => ({ id: NOWHERE, categories: ['question'] }), 'NOT_FOUND'],
    ['of another', 'uwv-amersfoort', () => ({ id: elsewhere.id, categories: ['question'] }), 'NOT_FOUND'],
    ['to more', 'gids-amersfoort', () => ({ id: offered.id, categories: ['question', 'sensitive'] }), BAD_INPUT],
    ['to the same', 'gids-amersfoort', () => ({ id: offered.id, categories: CONSENT.categories }), BAD_INPUT],
    ['to nothing less', 'gids-amersfoort', () => ({ id: offered.id }), BAD_INPUT],
    ['for longer', 'gids-amersfoort', () => ({ id: offered.id, until: '2027-11-18' }), BAD_INPUT],
    ['until today, by the partner', 'uwv-amersfoort', () => ({ id: offered.id, until: '2026-11-18' }), BAD_INPUT],
    ['without a reserve that is not there', 'gids-amersfoort', () => ({ id: offered.id, dropReserve: true }), BAD_INPUT],
  ],
  recordRemark: [
    ['of nowhere', 'uwv-amersfoort', () => ({ id: NOWHERE, remark: 'Belt terug.' }), 'NOT_FOUND'],
    ['of another', 'uwv-amersfoort', () => ({ id: elsewhere.id, remark: 'Belt terug.' }), 'NOT_FOUND'],
    ['of nothing', 'uwv-amersfoort', () => ({ id: offered.id, remark: ' ' }), BAD_INPUT],
    ['with a name in it', 'uwv-amersfoort', () => ({ id: offered.id, remark: 'Fatima Yilmaz belt.' }), 'TEXT_REFUSED'],
    ['by a desk', 'gids-amersfoort', () => ({ id: offered.id, remark: 'Belt terug.' }), 'FORBIDDEN'],
  ],
  setFigureGoal: [
    ['of nothing', 'coordinator-amersfoort', () => ({ year: 2026, figure: 'CONTACTS', target: 0 }), BAD_INPUT],
    ['in no year', 'coordinator-amersfoort', () => ({ year: 20260, figure: 'CONTACTS', target: 5 }), BAD_INPUT],
    [
      'of two dimensions',
      'coordinator-amersfoort',
      () => ({ year: 2026, figure: 'CONTACTS_BY_JOURNEY_AND_AGE', target: 5 }),
      BAD_INPUT,
    ],
    ['by a guide', 'gids-amersfoort', () => ({ year: 2026, figure: 'CONTACTS', target: 5 }), 'FORBIDDEN'],
  ],
  withdrawConsent: [
    ['of nowhere', 'gids-amersfoort', () => ({ id: NOWHERE }), 'NOT_FOUND'],
    ['of another', 'uwv-amersfoort', () => ({ id: elsewhere.id }), 'NOT_FOUND'],
  ],
}

test('every change of the schema has its refusals here', () => {
  expect(Object.keys(CASES).sort()).toEqual(
    OPERATIONS.filter(({ kind }) => kind === 'mutation')
      .map(({ name }) => name)
      .sort(),
  )
})

describe('A refused change leaves nothing behind, in no table; and one record of the refusal, where somebody was refused', () => {
  for (const [name, cases] of Object.entries(CASES))
    test(name, async () => {
      await server.sql.query('DELETE FROM code_attempt')
      const before = await everything()
      expect(Object.keys(before).length).toBeGreaterThan(30)
      for (const [what, account, variables, code] of cases) {
        const told = await refusals()
        const asked = variables()
        const answer = await (account ? server.as(account) : server.nobody)(operationCalled(name).document, asked)
        const refusal = answer.errors?.[0].extensions.code
        expect(refusal, `${name} ${what}: ${answer.text}`).toMatch(code)
        // Whoever has no token and no right code is nobody.
        const isSomebody = account !== null || asked.code === offered.code
        expect(await refusals(), `${name} ${what}`).toEqual(isSomebody ? [...told, `${name} ${refusal}`] : told)
        expect(answer.data?.[name] ?? null, what).toBeNull()
        if (code === 'HANDOFF_MOVED_ON') expect(answer.errors?.[0].extensions.state, what).toMatch(/^(OFFERED|WITHDRAWN)$/)
        if (code === MOVED_ON) expect(answer.errors?.[0].extensions.state, what).toBe('ACTIVE')
        expect(await everything(), `${name} ${what}`).toEqual(before)
      }
    })

  test('of two changes in one request, the refused one takes only itself back', async () => {
    const answer = await server.as('gids-amersfoort')(
      'mutation ($id: ID!, $no: ID!) { one: recordGuideVoice(id: $id, voice: WORKED) { guideVoice } two: recordGuideVoice(id: $no, voice: WORKED) { guideVoice } }',
      { id: offered.id, no: NOWHERE },
    )
    expect(answer.data).toEqual({ one: { guideVoice: 'WORKED' }, two: null })
  })
})

describe('What is out of sight is answered like what does not exist, byte for byte', () => {
  const { actions } = readPolicies(POLICIES)
  for (const { name, document, variables, ids } of OPERATIONS)
    for (const path of ids) {
      // Partners are public: which there are is no secret.
      if (/partnerId$/i.test(path)) continue
      test(`${name} ${path}`, async () => {
        const accounts = ACCOUNTS.filter(
          ({ role, organisation }) => actions.get(name)?.purposes?.[role] && organisation.endsWith('-amersfoort'),
        )
        expect(accounts.length).toBeGreaterThan(0)
        for (const account of accounts) {
          const ask = async (id: string) => {
            // A wrong code beside it would be what is answered, after twenty of them.
            await server.sql.query('DELETE FROM code_attempt')
            return server.as(account.name)(document, changed({ ...variables }, path, id))
          }
          const unknown = await ask(NOWHERE)
          expect(unknown.text).not.toContain('INTERNAL')
          const hidden = [
            elsewhere.id,
            elsewhere.contact,
            demoId('desk-hilversum'),
            demoId('uwv-gooi'),
            demoId('werkcentrum-gooi'),
            'no-id',
            elsewhere.id.toUpperCase(),
          ]
          if (account.role === 'HANDLER' && account.organisation !== 'uwv-amersfoort') hidden.push(offered.id, ended.id)
          for (const id of hidden) {
            const answer = await ask(id)
            expect([answer.status, answer.text], `${account.name} ${id}`).toEqual([unknown.status, unknown.text])
          }
        }
      })
    }
})
