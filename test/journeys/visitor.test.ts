// The visitor with a code and nothing else: status, receipt, who looked, correct, narrow, voice, withdraw, erase, and what is left afterwards.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { A_DAY, type Answer, startServer, type TestServer } from '../support/server.js'
import { SITUATION } from '../support/story.js'
import {
  DETAIL,
  daysAfter,
  detail,
  done,
  FNV,
  forgetAttempts,
  forward,
  GEMEENTE,
  GUIDE,
  give,
  made,
  type Offered,
  refusal,
  secondServer,
  step,
  TO_A_UNION,
  visitorSays,
  WIDEST,
  WITH_SENSITIVE,
} from './hand-off.js'

let server: TestServer
let second: Awaited<ReturnType<typeof secondServer>>
beforeAll(async () => {
  server = await startServer()
  second = await secondServer(server)
})
afterAll(async () => {
  await second.stop()
  await server.stop()
})
afterEach(async () => {
  server.setClock(A_DAY)
  await forgetAttempts(server)
})

const PARTNER = 'uwv-amersfoort'
const CONTEXT = ['routing', 'question', 'situation', 'sensitive'] as const

const PAGE = `{ status expiresOn reservePartner { name } shared { category shared }
  looked { organisation day category purpose because }
  handOff { id state reason nextStep routing { visitorKind origin } question { journey themes } situation { work benefit age education languageHelp }
    events { number step by state } warmCalls { number } } }`
const byCode = (name: string, code: string, more = '') =>
  server.nobody(`mutation ($code: String!) { ${name}(code: $code${more && `, ${more}`}) ${PAGE} }`, { code })
const page = async (code: string) => done(server.nobody(`query ($code: String!) { followUp(code: $code) ${PAGE} }`, { code }))
const receipt = (code: string, language = 'nl') =>
  done(
    server.nobody(`query ($code: String!) { consentReceipt(code: $code, language: ${language}) { text record printable } }`, {
      code,
    }),
  )
const rows = async (sql: string, ...values: unknown[]): Promise<any[]> => (await server.sql.query(sql, values)).rows
const sharedOf = (answer: any): string[] => answer.shared.filter(({ shared }: any) => shared).map(({ category }: any) => category)

/** Which of the context this handler sees, on this server and on the other. */
async function seen(id: string, account = PARTNER): Promise<string[]> {
  const here = (await detail(server, account, id)).data.handOff
  const there = (await second.as(account)(DETAIL, { id })).data.handOff
  expect(there, 'two servers on one database give one answer').toEqual(here)
  return CONTEXT.filter((category) => here[category] !== null)
}

async function accepted(changes: object = {}, contact: object = {}): Promise<Offered> {
  const offered = await made(server, { consent: WITH_SENSITIVE, sensitive: ['DISABILITY_BENEFIT'], ...changes }, contact)
  await done(step(server, PARTNER, 'acceptHandOff', offered.id))
  return offered
}

const lines = (answer: any, organisation: string) =>
  answer.looked
    .filter((line: any) => line.organisation.startsWith(organisation))
    .map(({ category, purpose }: any) => `${purpose} ${category}`)

describe('The whole path with nothing but the code', () => {
  test('from the first look to the last', async () => {
    const { id, code } = await accepted({ consent: { ...WITH_SENSITIVE, reservePartnerId: GEMEENTE } })
    expect(await seen(id)).toEqual([...CONTEXT])

    const first = await page(code)
    expect(first).toMatchObject({
      status: 'UWV, kantoor Amersfoort gaat u helpen.',
      expiresOn: '2027-05-20',
      reservePartner: { name: 'Gemeente Amersfoort' },
    })
    expect(sharedOf(first)).toEqual(['routing', 'question', 'situation', 'sensitive', 'outcome'])
    expect(lines(first, 'UWV')).toEqual(
      [
        'HELP question',
        'HELP logistics',
        'HELP outcome',
        'HELP progress',
        'HELP reference',
        'HELP routing',
        'HELP sensitive',
        'HELP situation',
        'HELP staff',
        // That it looked for remarks of its own; it has none.
        'HELP internal',
      ].sort(),
    )

    const { text } = await receipt(code)
    expect(text).toContain('UWV, kantoor Amersfoort')

    await done(byCode('correctByCode', code, 'correction: { situation: { work: EMPLOYED, benefit: NONE, age: A27_54 } }'))
    expect((await detail(server, PARTNER, id)).data.handOff.situation).toMatchObject({
      work: 'EMPLOYED',
      benefit: 'NONE',
      education: 'UNKNOWN',
    })

    const narrowed = await done(
      byCode('narrowByCode', code, 'categories: [routing, question, outcome], until: "2026-12-01", dropReserve: true'),
    )
    expect([sharedOf(narrowed), narrowed.expiresOn, narrowed.reservePartner]).toEqual([
      ['routing', 'question', 'outcome'],
      '2026-12-01',
      null,
    ])
    expect(await seen(id)).toEqual(['routing', 'question'])

    await done(visitorSays(server, code, 'HEARD_NOTHING'))
    const withdrawn = await done(byCode('withdrawByCode', code))
    expect([sharedOf(withdrawn), withdrawn.expiresOn, withdrawn.handOff.state]).toEqual([[], null, 'ACCEPTED'])
    expect(await seen(id)).toEqual([])

    const erased = await done(byCode('eraseByCode', code))
    expect(erased.handOff).toMatchObject({ state: 'ACCEPTED', routing: null, question: null, situation: null, nextStep: null })
    for (const table of [
      'hand_off_routing',
      'hand_off_question',
      'hand_off_next_step',
      'hand_off_situation',
      'hand_off_sensitive',
      'hand_off_note',
    ])
      expect(await rows(`SELECT 1 FROM ${table} WHERE hand_off_id = $1`, id), table).toEqual([])
    expect(await rows('SELECT contact_id FROM hand_off_origin WHERE hand_off_id = $1', id)).toEqual([{ contact_id: null }])
    expect(await rows('SELECT category, because FROM erasure WHERE hand_off_id = $1 ORDER BY category', id)).toEqual(
      ['contact', 'question', 'routing', 'sensitive', 'situation'].map((category) => ({ category, because: 'CODE' })),
    )

    // Afterwards: the story and who looked are there; nothing of what was told.
    const last = await page(code)
    expect(last.handOff.events.map(({ step, by }: any) => `${step} ${by}`)).toEqual([
      'offer WERKCENTRUM',
      'accept PARTNER',
      'correct VISITOR',
      'visitorVoice VISITOR',
      'erase VISITOR',
    ])
    expect(last.looked).toEqual(expect.arrayContaining(first.looked))
    expect((await receipt(code)).text).toContain('U hebt uw toestemming ingetrokken op 18 november 2026.')
    expect(
      (await rows('SELECT change, by_side, asked_by_role FROM consent WHERE hand_off_id = $1 ORDER BY version', id)).map((row) =>
        Object.values(row).join(' '),
      ),
    ).toEqual(['GIVEN WERKCENTRUM GUIDE', 'NARROWED VISITOR GUIDE', 'WITHDRAWN VISITOR GUIDE'])
    // Again is as good as once.
    expect((await done(byCode('eraseByCode', code))).handOff.events).toHaveLength(5)
    expect(await rows('SELECT 1 FROM erasure WHERE hand_off_id = $1', id)).toHaveLength(5)
    // And the desk cannot bring it back by agreeing again: it is not there to share.
    expect(refusal(await give(server, id, code, WIDEST))).toBe('BAD_INPUT')
  })

  test('erasing keeps what it says it keeps: the consent without values, desk, channel and day, the story, the outcome, the conversation', async () => {
    const { id, code } = await accepted()
    await done(step(server, PARTNER, 'completeHandOff', id, 'outcome: WORK'))
    const [{ contact_id: contact }] = await rows('SELECT contact_id FROM hand_off_origin WHERE hand_off_id = $1', id)
    await done(byCode('eraseByCode', code))
    const kept = await rows('SELECT change, categories FROM consent WHERE hand_off_id = $1 ORDER BY version', id)
    expect(kept.map(({ change }) => change)).toEqual(['GIVEN', 'WITHDRAWN'])
    expect(kept[0].categories).toContain('sensitive')
    expect(await rows('SELECT 1 FROM hand_off_logistics WHERE hand_off_id = $1', id)).toHaveLength(1)
    expect(await rows('SELECT 1 FROM visitor_contact WHERE id = $1', contact)).toHaveLength(1)
    expect((await detail(server, PARTNER, id)).data.handOff.outcome).toBe('WORK')
    const { mutationType } = await done(server.nobody('{ __schema { mutationType { fields { name description } } } }'))
    const { description } = mutationType.fields.find(({ name }: any) => name === 'eraseByCode')
    expect(description).not.toMatch(/, en de toestemming/)
    for (const words of ['als bewijs', 'AVG art. 7(1)', 'balie, kanaal en dag', 'het resultaat', 'wie keek', 'het gesprek zelf'])
      expect(description).toContain(words)
  })

  test('erasing withdraws too, in one step', async () => {
    const { id, code } = await accepted()
    expect(sharedOf(await done(byCode('eraseByCode', code)))).toEqual([])
    expect(await seen(id)).toEqual([])
    expect((await rows('SELECT change FROM consent WHERE hand_off_id = $1 ORDER BY version DESC LIMIT 1', id))[0]).toEqual({
      change: 'WITHDRAWN',
    })
    // The desk sees that it was erased, and nothing of it either.
    const { data } = await detail(server, GUIDE, id)
    expect(data.handOff).toMatchObject({ routing: null, question: null, situation: null, nextStep: null })
    expect(data.handOff.events.at(-1)).toMatchObject({ step: 'erase', by: 'VISITOR' })
  })

  test('without any consent there is nothing to narrow, and still everything else', async () => {
    const { code } = await made(server, { consent: null })
    for (const name of ['narrowByCode', 'withdrawByCode'])
      expect(refusal(await byCode(name, code, name === 'narrowByCode' ? 'categories: []' : ''))).toBe('CONSENT_REQUIRED')
    expect((await receipt(code)).text).toContain('U hebt niet afgesproken dat wij iets delen.')
    expect((await done(byCode('withdrawByCode', code, 'stopHandOff: true'))).handOff.state).toBe('WITHDRAWN')
  })

  test('stops the hand-off itself, when so asked and as long as it runs', async () => {
    const { id, code } = await accepted()
    const stopped = await done(byCode('withdrawByCode', code, 'stopHandOff: true'))
    expect([stopped.status, stopped.handOff.state, stopped.handOff.reason, sharedOf(stopped)]).toEqual([
      'Uw vraag is ingetrokken.',
      'WITHDRAWN',
      'VISITOR_ASKED',
      [],
    ])
    expect(stopped.handOff.events.at(-1)).toMatchObject({ step: 'stop', by: 'VISITOR', state: 'WITHDRAWN' })
    expect(refusal(await step(server, PARTNER, 'completeHandOff', id, 'outcome: WORK'))).toBe('HANDOFF_MOVED_ON')
    // What has ended stays as it ended, and consent is withdrawn all the same.
    const completed = await accepted()
    await done(step(server, PARTNER, 'completeHandOff', completed.id, 'outcome: WORK'))
    const after = await done(byCode('withdrawByCode', completed.code, 'stopHandOff: true'))
    expect([after.handOff.state, sharedOf(after)]).toEqual(['COMPLETED', []])
  })

  test('a lost code is never made again, and the desk starts another hand-off', async () => {
    const { id, code } = await made(server, { idempotencyKey: 'een-verloren-code' })
    expect(refusal(await give(server, id, 'verloren', WIDEST))).toBe('CONSENT_REQUIRED')
    await done(step(server, GUIDE, 'withdrawHandOff', id, 'reason: NOT_NEEDED'))
    expect((await rows('SELECT count(*)::int AS codes FROM follow_up_code WHERE hand_off_id = $1', id))[0].codes).toBe(1)
    expect((await page(code)).status).toBe('Uw vraag is ingetrokken.')
    expect((await made(server)).code).not.toBe(code)
  })
})

describe('Narrowing and widening', () => {
  test('a part at a time: the end, the reserve, the feedback, a category', async () => {
    const { id, code } = await accepted({ consent: { ...WIDEST, reservePartnerId: GEMEENTE }, sensitive: [] })
    expect((await done(byCode('narrowByCode', code, 'until: "2026-11-20"'))).expiresOn).toBe('2026-11-20')
    const dropped = await done(byCode('narrowByCode', code, 'dropReserve: true'))
    expect([dropped.reservePartner, sharedOf(dropped)]).toEqual([null, WIDEST.categories])
    expect(refusal(await forward(server, id, GEMEENTE))).toBe('CONSENT_REQUIRED')
    expect(sharedOf(await done(byCode('narrowByCode', code, 'categories: [routing, question, situation]')))).toEqual([
      'routing',
      'question',
      'situation',
    ])
    expect(await seen(id)).toEqual(['routing', 'question', 'situation'])
    server.setClock(daysAfter(A_DAY, 2))
    expect(await seen(id)).toEqual([])
    const [{ versions }] = await rows('SELECT count(*)::int AS versions FROM consent WHERE hand_off_id = $1', id)
    expect(versions).toBe(4)
  })

  test('by desk and partner the same parts; a partner never hears whether there was a reserve, or until when it holds', async () => {
    const ask = (account: string, id: string, more: string) =>
      server.as(account)(`mutation ($id: ID!) { narrowConsent(id: $id, ${more}) { id } }`, { id })
    const { id } = await accepted({ consent: { ...WIDEST, reservePartnerId: GEMEENTE }, sensitive: [] })
    for (const more of [
      'until: "2027-05-21"',
      'until: "2027-05-20"',
      'categories: [sensitive, routing, question, situation, outcome]',
    ]) {
      expect((await ask(PARTNER, id, more)).errors, more).toBeUndefined()
      expect(refusal(await ask(GUIDE, id, more)), more).toBe('BAD_INPUT')
    }
    expect(await rows('SELECT 1 FROM consent WHERE hand_off_id = $1', id)).toHaveLength(1)
    for (const account of [GUIDE, PARTNER]) {
      const other = await accepted({ consent: { ...WIDEST, reservePartnerId: GEMEENTE }, sensitive: [] })
      expect((await ask(account, other.id, 'dropReserve: true, until: "2026-12-24"')).errors).toBeUndefined()
      expect(await page(other.code)).toMatchObject({ reservePartner: null, expiresOn: '2026-12-24' })
      expect((await ask(PARTNER, other.id, 'dropReserve: true')).errors).toBeUndefined()
      expect(refusal(await ask(GUIDE, other.id, 'dropReserve: true'))).toBe('BAD_INPUT')
    }
  })

  test('longer takes the code at the desk, without any new category; a shorter end can be agreed on from the start', async () => {
    const { id, code } = await accepted({ consent: { ...WIDEST, expiresOn: '2026-11-25' }, sensitive: [] })
    expect((await page(code)).expiresOn).toBe('2026-11-25')
    server.setClock(daysAfter(A_DAY, 7))
    expect(await seen(id)).toEqual([])
    expect(refusal(await give(server, id, 'geen-code', WIDEST))).toBe('CONSENT_REQUIRED')
    expect((await give(server, id, code, { ...WIDEST, expiresOn: '2027-01-31' })).errors).toBeUndefined()
    expect(await seen(id)).toEqual(['routing', 'question', 'situation'])
    expect(
      (await rows('SELECT change, expires_on::text FROM consent WHERE hand_off_id = $1 ORDER BY version DESC LIMIT 1', id))[0],
    ).toEqual({ change: 'WIDENED', expires_on: '2027-01-31' })
    for (const expiresOn of ['2026-11-25', '2027-12-31', 'morgen', '2026-02-30'])
      expect(refusal(await give(server, id, code, { ...WIDEST, expiresOn })), expiresOn).toBe('BAD_INPUT')
  })

  test('what goes to a reserve holds no longer than was agreed to', async () => {
    const { id, code } = await accepted({
      consent: { ...WIDEST, reservePartnerId: GEMEENTE, expiresOn: '2026-12-01' },
      sensitive: [],
    })
    server.setClock(daysAfter(A_DAY, 5))
    const next = await done(forward(server, id, GEMEENTE))
    expect(await page(code)).toMatchObject({ expiresOn: '2026-12-01', handOff: { id: next.handOff.id } })
  })
})

describe('The desk sees what was agreed, and nobody else', () => {
  const HISTORY = `query ($id: ID!) { consentHistory(handOffId: $id) { version change day bySide askedByRole basis categories explicitCategories feedbackToDesk
    reservePartner { name } askedForHelp inOwnInterest refusalIsFree underSixteen representativePresent givenHow wordingVersion wording language expiresOn } }`

  test('every version, newest first, feedback and reserve apart', async () => {
    const { id, code } = await accepted({ consent: { ...WITH_SENSITIVE, reservePartnerId: GEMEENTE, language: 'ar' } })
    await done(byCode('narrowByCode', code, 'categories: [question]'))
    const versions = await done(server.as(GUIDE)(HISTORY, { id }))
    expect(versions).toMatchObject([
      {
        version: 2,
        change: 'NARROWED',
        bySide: 'VISITOR',
        askedByRole: 'GUIDE',
        categories: ['question'],
        feedbackToDesk: false,
        reservePartner: { name: 'Gemeente Amersfoort' },
      },
      {
        version: 1,
        change: 'GIVEN',
        bySide: 'WERKCENTRUM',
        basis: 'SAFEGUARD',
        categories: ['routing', 'question', 'situation', 'sensitive'],
        explicitCategories: ['sensitive'],
        feedbackToDesk: true,
        language: 'ar',
        expiresOn: '2027-05-20',
      },
    ])
    expect(versions[0].wording).toMatch(/^Mag ik/)
    for (const [account, code] of [
      ['gids-gooi', 'NOT_FOUND'],
      [PARTNER, 'FORBIDDEN'],
      ['coordinator-amersfoort', 'FORBIDDEN'],
      ['privacy-amersfoort', 'FORBIDDEN'],
      ['privacy-uwv', 'FORBIDDEN'],
    ] as const)
      expect(refusal(await server.as(account)(HISTORY, { id })), account).toBe(code)
  })

  test('only as long as the desk has work with it', async () => {
    const { id } = await made(server)
    await done(step(server, GUIDE, 'withdrawHandOff', id, 'reason: NOT_NEEDED'))
    expect(refusal(await server.as(GUIDE)(HISTORY, { id }))).toBe('NOT_FOUND')
  })
})

describe('Correcting', () => {
  const CORRECT =
    'mutation ($id: ID!, $correction: CorrectionInput!) { correctShared(handOffId: $id, correction: $correction) { id routing { visitorKind origin } question { journey themes } } }'

  test('at the desk on the visitor’s word: the partner reads it at once, the story says that and not what', async () => {
    const { id, code } = await accepted()
    const correction = {
      routing: { visitorKind: 'WORKER', origin: 'GM0344' },
      question: { journey: 'WORK_TO_WORK', themes: ['CAREER'] },
    }
    await done(server.as(GUIDE)(CORRECT, { id, correction }))
    expect((await detail(server, PARTNER, id)).data.handOff).toMatchObject({
      routing: correction.routing,
      question: correction.question,
    })
    const { events } = (await page(code)).handOff
    expect(events.at(-1)).toEqual({ number: 3, step: 'correct', by: 'WERKCENTRUM', state: 'ACCEPTED' })
    expect(JSON.stringify(await rows('SELECT * FROM hand_off_event WHERE hand_off_id = $1', id))).not.toMatch(
      /GM0344|CAREER|WORKER/,
    )
  })

  test('never adds a category that was not shared', async () => {
    const { id, code } = await accepted({ consent: { ...WIDEST, categories: ['question'] }, sensitive: [] })
    for (const correction of [
      'routing: { visitorKind: WORKER }',
      'situation: { work: NONE }',
      'question: { themes: [CAREER] }, routing: { visitorKind: WORKER }',
    ])
      expect(refusal(await byCode('correctByCode', code, `correction: { ${correction} }`)), correction).toBe('BAD_INPUT')
    expect(await rows('SELECT 1 FROM hand_off_routing WHERE hand_off_id = $1', id)).toEqual([])
    expect((await page(code)).handOff.events).toHaveLength(2)
    expect((await page(code)).handOff.question.themes).toEqual(['FIND_WORK'])
  })

  test('19: an age that becomes below sixteen closes what needs consent, and another correction does not open it again', async () => {
    const { id, code } = await accepted()
    const age = (age: string) => byCode('correctByCode', code, `correction: { situation: { work: NONE, age: ${age} } }`)
    expect(sharedOf(await done(age('U16')))).toEqual([])
    expect(await seen(id)).toEqual([])
    await done(age('A27_54'))
    expect(await seen(id)).toEqual([])
    expect(
      (await rows('SELECT change, under_sixteen, by_side FROM consent WHERE hand_off_id = $1 ORDER BY version', id)).map((row) =>
        Object.values(row),
      ),
    ).toEqual([
      ['GIVEN', false, 'WERKCENTRUM'],
      ['NARROWED', true, 'VISITOR'],
    ])
    // Nor does the contact, which still says otherwise; a representative does.
    expect((await give(server, id, code, WIDEST)).errors).toBeUndefined()
    expect(await seen(id)).toEqual([])
    expect((await give(server, id, code, { ...WIDEST, representativePresent: true })).errors).toBeUndefined()
    expect(await seen(id)).toEqual(['routing', 'question', 'situation'])
  })

  test('19: also when the consent was withdrawn before', async () => {
    const { id, code } = await accepted({ consent: WIDEST, sensitive: [] })
    await done(byCode('withdrawByCode', code))
    await done(byCode('correctByCode', code, 'correction: { situation: { work: NONE, age: U16 } }'))
    expect((await give(server, id, code, WIDEST)).errors).toBeUndefined()
    expect(await seen(id)).toEqual([])
  })

  test('by the visitor also after the end, by the desk no more', async () => {
    const { id, code } = await accepted()
    await done(step(server, PARTNER, 'completeHandOff', id, 'outcome: WORK'))
    expect(refusal(await server.as(GUIDE)(CORRECT, { id, correction: { routing: { visitorKind: 'WORKER' } } }))).toBe(
      'HANDOFF_MOVED_ON',
    )
    expect(
      (await done(byCode('correctByCode', code, 'correction: { routing: { visitorKind: WORKER } }'))).handOff.routing,
    ).toEqual({ visitorKind: 'WORKER', origin: null })
  })
})

describe('17: to a partner, what the visitor did looks like nothing', () => {
  test('erased and corrected look like refused: in the fields, the story, its numbers, and what is withheld', async () => {
    const told = async ({ id }: Offered) => {
      await done(step(server, GUIDE, 'recordWarmCall', id, 'channel: PHONE, result: SPOKEN, visitorPresent: true'))
      const { data, extensions } = await detail(server, PARTNER, id)
      return JSON.stringify([{ ...data.handOff, id: null, recognitionCode: null }, extensions])
    }
    const refused = await accepted({ consent: null, sensitive: [] })
    const erased = await accepted()
    await done(byCode('correctByCode', erased.code, 'correction: { routing: { visitorKind: WORKER } }'))
    await done(byCode('eraseByCode', erased.code))
    const withdrawn = await accepted()
    await done(byCode('correctByCode', withdrawn.code, 'correction: { routing: { visitorKind: WORKER } }'))
    await done(byCode('withdrawByCode', withdrawn.code))
    const answers = new Set([await told(refused), await told(erased), await told(withdrawn)])
    expect(answers.size).toBe(1)
    expect([...answers][0]).not.toMatch(/correct|erase/)
  })

  test('stopped by the visitor looks like withdrawn by the desk', async () => {
    const told = async ({ id }: Offered) => {
      const { data, extensions } = await detail(server, PARTNER, id)
      return JSON.stringify([{ ...data.handOff, id: null, recognitionCode: null }, extensions])
    }
    const byDesk = await accepted()
    await done(step(server, GUIDE, 'withdrawHandOff', byDesk.id, 'reason: NOT_NEEDED'))
    const byVisitor = await accepted()
    await done(byCode('withdrawByCode', byVisitor.code, 'stopHandOff: true'))
    expect(await told(byVisitor)).toBe(await told(byDesk))
    expect(await told(byVisitor)).not.toMatch(/VISITOR_ASKED|"stop"|"by":"VISITOR"/)
  })
})

describe('Who looked', () => {
  test('which organisation, category, day and why; never who, never the visitor; what was not asked for is not in it', async () => {
    const { id, code } = await accepted({ consent: { ...WIDEST, categories: ['question'] }, sensitive: [] })
    await server.sql.query('TRUNCATE access_record CASCADE')
    await done(
      server.as(PARTNER)('query ($id: ID!) { handOff(id: $id) { state question { themes } situation { work } } }', { id }),
    )
    await done(server.as(PARTNER)('query ($id: ID!) { handOff(id: $id) { state } }', { id }))
    server.setClock(daysAfter(A_DAY, 1))
    await done(server.as('coordinator-amersfoort')('{ openLoops(first: 50) { edges { node { state } } } }'))
    await done(server.as('privacy-amersfoort')('query ($id: ID!) { handOff(id: $id) { id } }', { id }))
    await page(code)
    const { looked } = await page(code)
    expect(looked).toEqual([
      {
        organisation: 'Werkcentrum regio Amersfoort',
        day: '2026-11-19',
        category: 'progress',
        purpose: 'FOLLOW_UP',
        because: 'Om te volgen of u geholpen wordt.',
      },
      {
        organisation: 'Werkcentrum regio Amersfoort',
        day: '2026-11-19',
        category: 'reference',
        purpose: 'OVERSEE',
        because: 'Om te controleren of er goed met uw gegevens wordt omgegaan.',
      },
      {
        organisation: 'UWV, kantoor Amersfoort',
        day: '2026-11-18',
        category: 'progress',
        purpose: 'HELP',
        because: 'Om u te helpen met uw vraag.',
      },
      {
        organisation: 'UWV, kantoor Amersfoort',
        day: '2026-11-18',
        category: 'question',
        purpose: 'HELP',
        because: 'Om u te helpen met uw vraag.',
      },
    ])
    expect(JSON.stringify(looked)).not.toMatch(/k1:|gids|HANDLER/)
  })

  test('of another’s hand-off nothing, of one to a union everything, at most 200 lines', async () => {
    const [mine, other] = [await accepted(), await accepted()]
    await detail(server, PARTNER, other.id)
    await server.sql.query('TRUNCATE access_record CASCADE')
    await detail(server, PARTNER, other.id)
    expect((await page(mine.code)).looked).toEqual([])
    const union = await made(server, { partnerId: FNV, consent: TO_A_UNION })
    await detail(server, 'fnv-amersfoort', union.id)
    expect(lines(await page(union.code), 'FNV')).toContain('HELP question')
    await server.sql.query(
      `INSERT INTO access_record SELECT timestamptz '2020-01-01' + n * interval '1 day', gen_random_uuid(), r.role, r.organisation_id, r.operation, r.purpose, r.policy_hash
       FROM generate_series(1, 250) n, (SELECT r.* FROM access_record r JOIN access_record_part p ON p.record_id = r.id WHERE p.hand_offs @> ARRAY[$1::uuid] AND r.role = 'HANDLER' LIMIT 1) r`,
      [other.id],
    )
    await server.sql.query(
      `INSERT INTO access_record_part SELECT r.at, r.id, 1, p.werkcentrum_id, p.partner_id, false, p.objects, p.acting_organisation_id, p.hand_offs
       FROM access_record r, (SELECT * FROM access_record_part WHERE hand_offs @> ARRAY[$1::uuid] AND at > '2026-01-01' LIMIT 1) p WHERE r.at < '2021-01-01'`,
      [other.id],
    )
    const { looked } = await page(other.code)
    expect(looked).toHaveLength(200)
    expect(looked[0].day > looked.at(-1).day).toBe(true)
  })

  test('is read by its index from a log of any length', async () => {
    const [{ prosrc }] = await rows("SELECT prosrc FROM pg_proc WHERE proname = 'looked_at_by_code'")
    // The tables of a test are small, and read whole where nobody says otherwise. How the code is found, test/walls/plans.test.ts sees.
    await server.sql.query('ANALYZE')
    await server.sql.query('SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off')
    const plan = JSON.stringify(await rows(`EXPLAIN ${prosrc}`))
    await server.sql.query('RESET ALL')
    expect(plan).toContain('Bitmap Index Scan on access_record_part_hand_offs')
  })
})

test('an expired code is a code that nobody has, on every server', async () => {
  const { id, code } = await made(server)
  server.setClock(daysAfter(A_DAY, 364))
  expect((await page(code)).handOff.id).toBe(id)
  server.setClock(daysAfter(A_DAY, 365))
  const expired = await server.nobody(`query ($code: String!) { followUp(code: $code) ${PAGE} }`, { code })
  const unknown = await server.nobody(`query ($code: String!) { followUp(code: $code) ${PAGE} }`, { code: '00000-00000-0000' })
  expect(expired.text).toBe(unknown.text)
  expect(refusal(expired as Answer)).toBe('NOT_FOUND')
  expect(refusal(await byCode('eraseByCode', code))).toBe('NOT_FOUND')
  expect(refusal(await give(server, id, code, WIDEST))).toBe('CONSENT_REQUIRED')
  const there = await second.as()('query ($code: String!) { followUp(code: $code) { status } }', { code })
  expect(there.errors[0].extensions.code).toBe('NOT_FOUND')
  expect(await rows('SELECT 1 FROM hand_off_situation WHERE hand_off_id = $1', id)).toHaveLength(1)
  expect(SITUATION.age).toBe('A27_54')
})
