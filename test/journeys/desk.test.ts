// The desk: its contacts, its open loops, and every step of a hand-off by every side, over HTTP and on a clock that is set.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { logContact, SITUATION } from '../support/story.js'
import {
  daysAfter,
  detail,
  done,
  EVERYTHING,
  FNV,
  followUp,
  forward,
  GEMEENTE,
  GUIDE,
  give,
  listed,
  made,
  type Offered,
  refusal,
  step,
  TO_A_UNION,
  UWV,
  visitorSays,
  WIDEST,
  WITH_SENSITIVE,
  WSP,
} from './hand-off.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
afterEach(() => server.setClock(A_DAY))

const PARTNER = 'uwv-amersfoort'
const COORDINATOR = 'coordinator-amersfoort'
const OFFICER = 'privacy-amersfoort'
const LOOPS = 'openLoops'

/** Is it in the shift view of whichever guide is on duty? */
const isOpenLoop = async (id: string) => (await listed(server, 'gids2-amersfoort', id, LOOPS)) !== undefined
const loopStatus = async (id: string) => (await detail(server, GUIDE, id)).data.handOff.loopStatus

describe('contacts', () => {
  const CONTACT = 'query ($id: ID!) { contact(id: $id) { id day routing { origin } situation { age } withheld { field } } }'
  const VOID = 'mutation ($id: ID!) { voidContact(id: $id) }'
  const NOWHERE = '00000000-0000-4000-8000-000000000000'

  test('a contact is there on its own day, for every guide of the own desk, and for no one else', async () => {
    const id = await logContact(server)
    for (const guide of [GUIDE, 'gids2-amersfoort']) {
      const { data } = await server.as(guide)(CONTACT, { id })
      expect(data.contact).toEqual({
        id,
        day: '2026-11-18',
        routing: { origin: 'GM0307' },
        situation: { age: 'A27_54' },
        withheld: [],
      })
    }
    expect((await server.as('gids2-amersfoort')('{ contacts { edges { node { id } } } }')).text).toContain(id)
    for (const other of ['gids-gooi']) {
      expect((await server.as(other)(CONTACT, { id })).text).toBe((await server.as(other)(CONTACT, { id: NOWHERE })).text)
      expect((await server.as(other)('{ contacts { edges { node { id } } } }')).text).not.toContain(id)
      expect(refusal(await server.as(other)(VOID, { id }))).toBe('NOT_FOUND')
    }
    for (const account of [PARTNER, COORDINATOR, OFFICER])
      expect(refusal(await server.as(account)(CONTACT, { id })), account).toBe('FORBIDDEN')
  })

  test('the next day it is not found, not listed, not voided, and no hand-off is made of it', async () => {
    const id = await logContact(server)
    server.setClock(daysAfter(A_DAY, 1))
    expect((await server.as(GUIDE)(CONTACT, { id })).text).toBe((await server.as(GUIDE)(CONTACT, { id: NOWHERE })).text)
    expect((await server.as(GUIDE)('{ contacts { edges { node { id } } } }')).text).not.toContain(id)
    expect(refusal(await server.as(GUIDE)(VOID, { id }))).toBe('NOT_FOUND')
    const input = { contactId: id, partnerId: UWV, nextStep: { kind: 'VISITOR_COMES' } }
    expect(
      refusal(
        await server.as(GUIDE)('mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { alreadyShown } }', {
          input,
        }),
      ),
    ).toBe('NOT_FOUND')
  })

  test('a voided contact is gone at once; one with a hand-off is not voided', async () => {
    const id = await logContact(server)
    expect((await server.as(GUIDE)(VOID, { id })).data.voidContact).toBe(id)
    expect(refusal(await server.as(GUIDE)(CONTACT, { id }))).toBe('NOT_FOUND')
    expect((await server.as(GUIDE)('{ contacts { edges { node { id } } } }')).text).not.toContain(id)
    expect(refusal(await server.as(GUIDE)(VOID, { id }))).toBe('NOT_FOUND')
    const used = await logContact(server)
    await server.as(GUIDE)('mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { alreadyShown } }', {
      input: { contactId: used, partnerId: UWV, nextStep: { kind: 'VISITOR_COMES' } },
    })
    expect(refusal(await server.as(GUIDE)(VOID, { id: used }))).toBe('BAD_INPUT')
    expect((await server.as(GUIDE)(CONTACT, { id: used })).data.contact.id).toBe(used)
  })

  const employer = { visitorKind: 'EMPLOYER', journey: null, situation: null, themes: ['RECRUITING'] }

  test('an employer has no journey and no situation, in the tables either', async () => {
    const id = await logContact(server, employer)
    const { data } = await server.as(GUIDE)(
      'query ($id: ID!) { contact(id: $id) { routing { visitorKind } question { journey } situation { work } } }',
      { id },
    )
    expect(data.contact).toEqual({ routing: { visitorKind: 'EMPLOYER' }, question: { journey: null }, situation: null })
    expect((await server.sql.query('SELECT 1 FROM visitor_contact_situation WHERE contact_id = $1', [id])).rows).toEqual([])
    for (const changes of [{ journey: 'WORK_TO_WORK' }, { situation: SITUATION }])
      await expect(logContact(server, { ...employer, ...changes }), JSON.stringify(changes)).rejects.toThrow('BAD_INPUT')
  })

  test('what an employer does not have is not shared with anyone', async () => {
    await expect(made(server, { consent: WIDEST }, employer)).rejects.toThrow('BAD_INPUT')
    const { id } = await made(server, { consent: { ...WIDEST, categories: ['routing', 'question'] } }, employer)
    await done(step(server, PARTNER, 'acceptHandOff', id))
    expect((await detail(server, PARTNER, id)).data.handOff).toMatchObject({
      routing: { visitorKind: 'EMPLOYER' },
      situation: null,
    })
  })
})

describe('a hand-off to a union', () => {
  const toUnion = () => made(server, { partnerId: FNV, consent: TO_A_UNION })

  test('is seen by the desk, the union and the visitor', async () => {
    const { id, code } = await toUnion()
    for (const account of [GUIDE, 'gids2-amersfoort', 'fnv-amersfoort']) {
      expect((await detail(server, account, id)).data.handOff.id, account).toBe(id)
      expect(await listed(server, account, id), account).toBeDefined()
    }
    expect(await isOpenLoop(id)).toBe(true)
    expect((await followUp(server, code)).data.followUp.handOff.id).toBe(id)
  })

  test('is not there for coordinator and privacy officers: no detail, no list, no loop, no step, no line in the log', async () => {
    const { id, code } = await toUnion()
    await done(step(server, 'fnv-amersfoort', 'acceptHandOff', id))
    await followUp(server, code)
    const nowhere = '00000000-0000-4000-8000-000000000000'
    for (const account of [COORDINATOR, OFFICER, 'privacy-uwv']) {
      expect((await detail(server, account, id)).text, account).toBe((await detail(server, account, nowhere)).text)
      for (const ended of [false, true])
        expect(await listed(server, account, id, 'handOffs', `ended: ${ended}`), account).toBeUndefined()
    }
    expect(await listed(server, COORDINATOR, id, LOOPS)).toBeUndefined()
    expect((await step(server, COORDINATOR, 'lapseHandOff', id)).text).toBe(
      (await step(server, COORDINATOR, 'lapseHandOff', nowhere)).text,
    )
    for (const account of [OFFICER, 'privacy-uwv']) {
      const about = await server.as(account)(
        'query ($id: ID) { accessLog(handOffId: $id, first: 50) { edges { node { id } } } }',
        { id },
      )
      expect(about.data.accessLog.edges, account).toEqual([])
      const all = await server.as(account)('{ accessLog(first: 50) { edges { node { partner objects { reference } } } } }')
      expect(all.text, account).not.toContain(id)
      expect(all.text, account).not.toContain('FNV')
    }
    // It is in the log all the same, for whoever has to prove it.
    const { rows } = await server.sql.query(
      'SELECT count(*)::int AS lines, bool_and(confidential) AS confidential FROM access_record_part WHERE objects @> $1',
      [JSON.stringify([{ reference: id }])],
    )
    expect(rows[0].lines).toBeGreaterThan(2)
    expect(rows[0].confidential).toBe(true)
  })

  test('is stored with explicit consent only', async () => {
    for (const consent of [null, WIDEST, { ...TO_A_UNION, explicitCategories: ['question'] }])
      await expect(made(server, { partnerId: FNV, consent })).rejects.toThrow('CONSENT_REQUIRED')
  })

  test('cannot be named as a reserve, at the offer, when widened, or when forwarded', async () => {
    const consent = { ...WIDEST, reservePartnerId: FNV }
    await expect(made(server, { consent })).rejects.toThrow('BAD_INPUT')
    const { id, code } = await made(server)
    expect(refusal(await give(server, id, code, consent))).toBe('BAD_INPUT')
    expect(refusal(await forward(server, id, GEMEENTE, { followUpCode: code, consent }))).toBe('BAD_INPUT')
    expect(refusal(await give(server, id, code, { ...WIDEST, reservePartnerId: 'nobody' }))).toBe('NOT_FOUND')
    expect(refusal(await give(server, id, code, { ...WIDEST, reservePartnerId: UWV }))).toBe('BAD_INPUT')
  })
})

test('16: the coordinator sees that it goes on, and nothing of what it is about', async () => {
  const { id } = await made(server, { consent: WITH_SENSITIVE, sensitive: ['WORK_LIMITATION'] })
  const inLoops = await listed(server, COORDINATOR, id, LOOPS)
  for (const handOff of [(await detail(server, COORDINATOR, id)).data.handOff, inLoops!.node]) {
    expect(handOff).toMatchObject({ id, state: 'OFFERED', desk: { name: 'Stadhuis Amersfoort' }, events: [{ step: 'offer' }] })
    for (const field of ['routing', 'question', 'nextStep', 'situation', 'sensitive', 'outcome', 'handledBy']) {
      expect(handOff[field], field).toBeNull()
      expect(handOff.withheld, field).toContainEqual(expect.objectContaining({ field, reason: 'POLICY' }))
    }
  }
})

describe('a hand-off to the wrong partner', () => {
  test.each([false, true])(
    'is withdrawn as such, says whether it was viewed (%s), and the privacy officer finds it',
    async (isViewed) => {
      const { id } = await made(server)
      if (isViewed) await listed(server, PARTNER, id)
      const answer = await server.as(GUIDE)(
        `mutation ($id: ID!) { withdrawHandOff(id: $id, reason: SENT_TO_WRONG_PARTNER) { state reason viewed loopStatus } }`,
        { id },
      )
      expect(answer.data.withdrawHandOff).toEqual({
        state: 'WITHDRAWN',
        reason: 'SENT_TO_WRONG_PARTNER',
        viewed: isViewed,
        loopStatus: 'CLOSED',
      })
      const found = (account: string, because: string) => listed(server, account, id, 'handOffs', `withdrawnBecause: ${because}`)
      for (const officer of [OFFICER, 'privacy-uwv']) {
        expect((await found(officer, 'SENT_TO_WRONG_PARTNER'))!.node, officer).toMatchObject({
          id,
          viewed: isViewed,
          reason: 'SENT_TO_WRONG_PARTNER',
          question: null,
        })
        expect(await found(officer, 'ENTERED_IN_ERROR'), officer).toBeUndefined()
      }
      // Who may not read the reason finds nothing by it.
      expect(await found(PARTNER, 'SENT_TO_WRONG_PARTNER')).toBeUndefined()
      const there = await detail(server, PARTNER, id)
      expect(there.data.handOff).toMatchObject({ state: 'WITHDRAWN', desk: null, question: null, situation: null })
    },
  )
})

/** What each step is, who takes it, and where it leads: written once more by hand, from design 5. */
const OPEN = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS']
const STEPS = {
  accept: { by: PARTNER, as: ['acceptHandOff'], from: ['OFFERED'], to: 'ACCEPTED' },
  decline: { by: PARTNER, as: ['declineHandOff', 'reason: OUT_OF_AREA'], from: ['OFFERED'], to: 'DECLINED' },
  firstContact: { by: PARTNER, as: ['recordFirstContact'], from: ['ACCEPTED'], to: 'IN_PROGRESS' },
  complete: { by: PARTNER, as: ['completeHandOff', 'outcome: WORK_KEPT'], from: OPEN, to: 'COMPLETED' },
  return: { by: PARTNER, as: ['returnHandOff', 'reason: NO_SHOW'], from: ['ACCEPTED', 'IN_PROGRESS'], to: 'RETURNED' },
  hearAccepted: { by: GUIDE, as: ['recordAnswerHeard', 'answer: ACCEPTED'], from: ['OFFERED'], to: 'ACCEPTED' },
  hearDeclined: {
    by: GUIDE,
    as: ['recordAnswerHeard', 'answer: DECLINED, declineReason: NO_CAPACITY'],
    from: ['OFFERED'],
    to: 'DECLINED',
  },
  hearFirstContact: { by: GUIDE, as: ['recordAnswerHeard', 'answer: IN_PROGRESS'], from: ['ACCEPTED'], to: 'IN_PROGRESS' },
  hearCompleted: { by: GUIDE, as: ['recordAnswerHeard', 'answer: COMPLETED, outcome: WORK'], from: OPEN, to: 'COMPLETED' },
  hearReturned: {
    by: GUIDE,
    as: ['recordAnswerHeard', 'answer: RETURNED, returnReason: OTHER_HELP'],
    from: ['ACCEPTED', 'IN_PROGRESS'],
    to: 'RETURNED',
  },
  withdraw: { by: GUIDE, as: ['withdrawHandOff', 'reason: NOT_NEEDED'], from: OPEN, to: 'WITHDRAWN' },
  lapse: { by: COORDINATOR, as: ['lapseHandOff'], from: [...OPEN, 'DECLINED', 'RETURNED', 'COMPLETED'], to: 'LAPSED' },
} as const satisfies Record<string, { by: string; as: readonly [string, string?]; from: readonly string[]; to: string }>
type Step = keyof typeof STEPS

const take = (name: Step, id: string) => step(server, STEPS[name].by, STEPS[name].as[0], id, STEPS[name].as[1])

/** How to get to each state, by the partner's own word. */
const WAY: Record<string, Step[]> = {
  OFFERED: [],
  ACCEPTED: ['accept'],
  IN_PROGRESS: ['accept', 'firstContact'],
  COMPLETED: ['complete'],
  DECLINED: ['decline'],
  RETURNED: ['accept', 'return'],
  WITHDRAWN: ['withdraw'],
  LAPSED: ['lapse'],
}

async function inState(state: string): Promise<Offered> {
  const offered = await made(server, { consent: { ...WIDEST, reservePartnerId: GEMEENTE } })
  for (const name of WAY[state] ?? []) await done(take(name, offered.id))
  if (state === 'FORWARDED') await done(forward(server, offered.id, GEMEENTE))
  return offered
}

const toReserve = (id: string) => forward(server, id, GEMEENTE)

describe.each([...Object.keys(WAY), 'FORWARDED'])('from %s', (state) => {
  test('each step leads where it should, or says with HANDOFF_MOVED_ON what the state is and changes nothing', async () => {
    let taken = 0
    for (const name of Object.keys(STEPS) as Step[]) {
      const { id } = await inState(state)
      const isRight = (STEPS[name].from as readonly string[]).includes(state)
      const before = await server.sql.query('SELECT * FROM hand_off WHERE id = $1', [id])
      const answer = await take(name, id)
      if (isRight) {
        expect(answer.errors, name).toBeUndefined()
        expect((await done(Promise.resolve(answer))).state, name).toBe(STEPS[name].to)
        taken++
      } else {
        // To a partner, forwarded and withdrawn are one (invariant 10).
        const told = STEPS[name].by === PARTNER && state === 'FORWARDED' ? 'WITHDRAWN' : state
        expect(answer.errors?.[0].extensions, name).toEqual({ code: 'HANDOFF_MOVED_ON', state: told })
        expect((await server.sql.query('SELECT * FROM hand_off WHERE id = $1', [id])).rows, name).toEqual(before.rows)
      }
    }
    const { id } = await inState(state)
    const answer = await toReserve(id)
    if ([...OPEN, 'DECLINED', 'RETURNED', 'COMPLETED'].includes(state))
      expect(answer.data.forwardHandOff.handOff.partner.id).toBe(GEMEENTE)
    else expect(answer.errors?.[0].extensions).toEqual({ code: 'HANDOFF_MOVED_ON', state })
    expect(taken).toBe(Object.values(STEPS).filter(({ from }) => (from as readonly string[]).includes(state)).length)
  })
})

test('a step is for its own side alone: anybody else is refused, or finds nothing', async () => {
  const { id } = await made(server)
  const accounts = [
    GUIDE,
    PARTNER,
    COORDINATOR,
    'gids-gooi',
    'gemeente-amersfoort',
    'uwv-gooi',
    OFFICER,
    'signatory-uwv',
    'privacy-uwv',
  ]
  for (const [name, { by, as }] of Object.entries(STEPS))
    for (const account of accounts.filter((account) => account !== by))
      expect(['FORBIDDEN', 'NOT_FOUND'], `${account} would ${name}`).toContain(
        refusal(await step(server, account, as[0], id, as[1])),
      )
  expect((await detail(server, GUIDE, id)).data.handOff).toMatchObject({
    state: 'OFFERED',
    events: [{ number: 1, step: 'offer' }],
  })
})

test('of two who act at once exactly one wins, and the other hears the new state', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await made(server)
    const answers = await Promise.all([take('accept', id), take('decline', id), take('withdraw', id), take('complete', id)])
    const won = answers.filter(({ errors }) => !errors)
    // Accepting first leaves completing and withdrawing open: then more than one may win, one after the other.
    expect(won.length).toBeGreaterThan(0)
    const { data } = await detail(server, GUIDE, id)
    expect(data.handOff.events.map((event: any) => event.number)).toEqual(
      data.handOff.events.map((_: any, index: number) => index + 1),
    )
    expect(data.handOff.events).toHaveLength(1 + won.length)
    for (const { errors } of answers.filter(({ errors }) => errors))
      expect(errors![0].extensions).toEqual({ code: 'HANDOFF_MOVED_ON', state: expect.any(String) })
  }
})

describe('heard by the desk', () => {
  const HEARD: [Step, Step[]][] = [
    ['hearAccepted', []],
    ['hearDeclined', []],
    ['hearFirstContact', ['hearAccepted']],
    ['hearCompleted', []],
    ['hearReturned', ['hearAccepted']],
  ]

  test.each(HEARD)('%s is marked as heard, to the partner too, and in the story', async (name, way) => {
    const { id } = await made(server)
    for (const before of way) await done(take(before, id))
    expect(await done(take(name, id))).toMatchObject({ state: STEPS[name].to, heardByDesk: true })
    const { handOff } = (await detail(server, PARTNER, id)).data
    expect(handOff).toMatchObject({ state: STEPS[name].to, heardByDesk: true })
    expect(handOff.events.at(-1)).toMatchObject({ by: 'WERKCENTRUM', heardByDesk: true, state: STEPS[name].to })
  })

  for (const [name, way] of HEARD)
    for (const [contradiction, to] of [
      ['accept', 'ACCEPTED'],
      ['decline', 'DECLINED'],
      ['complete', 'COMPLETED'],
    ] as const)
      test(`after ${name} the partner may contradict with ${contradiction}, and then the partner's word stands`, async () => {
        const { id, code } = await made(server)
        for (const before of way) await done(take(before, id))
        await done(take(name, id))
        expect(await done(take(contradiction, id))).toMatchObject({
          state: to,
          heardByDesk: false,
          outcome: to === 'COMPLETED' ? 'WORK_KEPT' : null,
        })
        const outcome = to === 'COMPLETED' ? 'WORK_KEPT' : null
        expect((await detail(server, GUIDE, id)).data.handOff).toMatchObject({
          state: to,
          heardByDesk: false,
          outcome,
          reason: to === 'DECLINED' ? 'OUT_OF_AREA' : null,
        })
        expect((await followUp(server, code)).data.followUp.handOff).toMatchObject({ state: to, outcome })
        // What the partner said itself is no more to be contradicted.
        for (const again of ['accept', 'decline', 'complete'] as const)
          if (!(STEPS[again].from as readonly string[]).includes(to))
            expect(refusal(await take(again, id)), again).toBe('HANDOFF_MOVED_ON')
      })

  test('a first contact that the partner contradicts was none', async () => {
    const { id } = await made(server)
    await done(take('hearAccepted', id))
    expect((await done(take('hearFirstContact', id))).firstContactOn).toBe('2026-11-18')
    expect((await done(take('accept', id))).firstContactOn).toBeNull()
  })

  test('an outcome is the side’s that wrote it: what the desk heard is withheld from the partner until it says so itself', async () => {
    const { id } = await made(server)
    await done(take('hearCompleted', id))
    expect((await detail(server, GUIDE, id)).data.handOff.outcome).toBe('WORK')
    expect((await detail(server, PARTNER, id)).data.handOff).toMatchObject({
      outcome: null,
      withheld: expect.arrayContaining([expect.objectContaining({ field: 'outcome' })]),
    })
    await done(take('complete', id))
    for (const account of [GUIDE, PARTNER])
      expect((await detail(server, account, id)).data.handOff.outcome, account).toBe('WORK_KEPT')
  })

  test.each([
    'answer: ACCEPTED, outcome: WORK',
    'answer: DECLINED',
    'answer: DECLINED, returnReason: NO_SHOW',
    'answer: COMPLETED',
    'answer: RETURNED, declineReason: DUPLICATE',
  ])('an answer comes with its own detail and no other: %s is refused', async (more) => {
    const { id } = await made(server)
    expect(refusal(await step(server, GUIDE, 'recordAnswerHeard', id, more))).toBe('BAD_INPUT')
  })
})

test('warm calls are kept in order, in one numbering with the steps, and every party sees them', async () => {
  const { id, code } = await made(server)
  const CALLS = [
    ['PHONE', 'NO_ANSWER', false],
    ['WALKED_OVER', 'SPOKEN', true],
    ['EMAIL', 'MESSAGE_SENT', false],
    ['VIDEO', 'APPOINTMENT', true],
  ] as const
  for (const [channel, result, present] of CALLS)
    await done(step(server, GUIDE, 'recordWarmCall', id, `channel: ${channel}, result: ${result}, visitorPresent: ${present}`))
  await done(take('accept', id))
  const calls = CALLS.map(([channel, result, visitorPresent], index) => ({
    number: index + 2,
    channel,
    result,
    visitorPresent,
    day: '2026-11-18',
    dayPart: 'AFTERNOON',
  }))
  for (const account of [GUIDE, PARTNER, COORDINATOR, OFFICER, 'privacy-uwv']) {
    const { handOff } = (await detail(server, account, id)).data
    expect(handOff.warmCalls, account).toEqual(calls)
    expect(
      handOff.events.map((event: any) => event.number),
      account,
    ).toEqual([1, 6])
  }
  expect((await followUp(server, code)).data.followUp.handOff.warmCalls).toEqual(calls)
  expect(
    refusal(await step(server, PARTNER, 'recordWarmCall', id, 'channel: PHONE, result: SPOKEN, visitorPresent: false')),
  ).toBe('FORBIDDEN')
})

describe('three voices', () => {
  const guideSays = (id: string, voice: string) => done(step(server, GUIDE, 'recordGuideVoice', id, `voice: ${voice}`))

  test('a loop is open as long as the partner is not done, whatever anybody says', async () => {
    for (const state of OPEN) {
      const { id, code } = await inState(state)
      for (const voice of ['WORKED', 'NOT_WORKED', 'HEARD_NOTHING']) {
        await visitorSays(server, code, voice)
        expect([state, voice, await loopStatus(id)]).toEqual([state, voice, 'OPEN'])
      }
      expect(await isOpenLoop(id), state).toBe(true)
    }
  })

  test('what was said before the partner was done says nothing of how it was done', async () => {
    const { id, code } = await inState('ACCEPTED')
    await visitorSays(server, code, 'WORKED')
    await guideSays(id, 'WORKED')
    await done(step(server, PARTNER, 'completeHandOff', id, 'outcome: WORK'))
    expect([await loopStatus(id), await isOpenLoop(id)]).toEqual(['OPEN', true])
  })

  test('done, and silence: open for fourteen days, then closed but not confirmed', async () => {
    const { id, code } = await inState('COMPLETED')
    for (const [days, status] of [
      [0, 'OPEN'],
      [13, 'OPEN'],
      [14, 'UNCONFIRMED'],
      [364, 'UNCONFIRMED'],
    ] as const) {
      server.setClock(daysAfter(A_DAY, days))
      expect([days, await loopStatus(id), await isOpenLoop(id)]).toEqual([days, status, status === 'OPEN'])
    }
    // As long as the code opens the page, it is not too late to say how it went.
    expect((await visitorSays(server, code, 'HEARD_NOTHING')).data.recordVisitorVoice.handOff).toEqual({
      visitorVoice: 'HEARD_NOTHING',
      loopStatus: 'CONTRADICTED',
    })
    expect(await isOpenLoop(id)).toBe(true)
  })

  test('done, and the visitor speaks: closed, or contradicted and open; the last word counts', async () => {
    const { id, code } = await inState('COMPLETED')
    for (const [voice, status] of [
      ['NOT_WORKED', 'CONTRADICTED'],
      ['WORKED', 'CLOSED'],
      ['HEARD_NOTHING', 'CONTRADICTED'],
      ['WORKED', 'CLOSED'],
    ]) {
      await visitorSays(server, code, voice!)
      expect([voice, await loopStatus(id), await isOpenLoop(id)]).toEqual([voice, status, status !== 'CLOSED'])
    }
  })

  test('done, and the guide speaks: the same, until the visitor does', async () => {
    const { id, code } = await inState('COMPLETED')
    await guideSays(id, 'WORKED')
    expect(await loopStatus(id)).toBe('CLOSED')
    await visitorSays(server, code, 'HEARD_NOTHING')
    expect(await loopStatus(id)).toBe('CONTRADICTED')
    await guideSays(id, 'WORKED')
    expect([await loopStatus(id), await isOpenLoop(id)]).toEqual(['CONTRADICTED', true])
  })

  test.each(['DECLINED', 'RETURNED'])('%s is open until the guide says how it ended', async (state) => {
    const { id, code } = await inState(state)
    await visitorSays(server, code, 'WORKED')
    server.setClock(daysAfter(A_DAY, 100))
    expect([await loopStatus(id), await isOpenLoop(id)]).toEqual(['OPEN', true])
    await guideSays(id, 'NOT_WORKED')
    expect([await loopStatus(id), await isOpenLoop(id)]).toEqual(['CLOSED', false])
  })

  test.each(['DECLINED', 'RETURNED', 'COMPLETED'])(
    '%s is closed by forwarding, and the loop goes on with the new partner',
    async (state) => {
      const { id } = await inState(state)
      const next = (await done(toReserve(id))).handOff.id
      expect([await loopStatus(id), await isOpenLoop(id), await isOpenLoop(next)]).toEqual(['CLOSED', false, true])
    },
  )

  test.each(['WITHDRAWN', 'LAPSED', 'FORWARDED'])('%s is closed', async (state) => {
    const { id } = await inState(state)
    expect([await loopStatus(id), await isOpenLoop(id)]).toEqual(['CLOSED', false])
  })

  test('nothing lapses by itself: after a year an offer is still open', async () => {
    const { id } = await made(server)
    server.setClock(daysAfter(A_DAY, 366))
    expect((await listed(server, GUIDE, id, LOOPS))!.node).toMatchObject({ state: 'OFFERED', loopStatus: 'OPEN', overdue: true })
  })
})

describe('forwarding', () => {
  const named = { ...WIDEST, reservePartnerId: GEMEENTE }

  test('to the reserve that the visitor named takes no code, and what was agreed goes along, without sensitive facts', async () => {
    const { id } = await made(server, {
      consent: { ...WITH_SENSITIVE, reservePartnerId: GEMEENTE },
      sensitive: ['JOBS_AGREEMENT'],
    })
    await done(take('decline', id))
    const next = (await done(toReserve(id))).handOff.id
    await done(step(server, 'gemeente-amersfoort', 'acceptHandOff', next))
    const { handOff } = (await detail(server, 'gemeente-amersfoort', next)).data
    expect(handOff).toMatchObject({
      routing: { visitorKind: 'JOB_SEEKER' },
      question: { themes: ['FIND_WORK'] },
      situation: { work: 'NONE' },
      sensitive: null,
    })
    expect((await server.sql.query('SELECT 1 FROM hand_off_sensitive WHERE hand_off_id = $1', [next])).rows).toEqual([])
  })

  test('to the reserve takes along what the visitor left open, and nothing once it was withdrawn or ran out', async () => {
    const narrowed = await made(server, { consent: named })
    await server.as(GUIDE)('mutation ($id: ID!) { narrowConsent(id: $id, categories: [question]) { id } }', { id: narrowed.id })
    const next = (await done(toReserve(narrowed.id))).handOff.id
    await done(step(server, 'gemeente-amersfoort', 'acceptHandOff', next))
    expect((await detail(server, 'gemeente-amersfoort', next)).data.handOff).toMatchObject({
      question: { themes: ['FIND_WORK'] },
      routing: null,
      situation: null,
    })
    // Not there to leak, either.
    expect((await server.sql.query('SELECT 1 FROM hand_off_situation WHERE hand_off_id = $1', [next])).rows).toEqual([])

    const withdrawn = await made(server, { consent: named })
    await server.as(GUIDE)('mutation ($id: ID!) { withdrawConsent(id: $id) { id } }', { id: withdrawn.id })
    expect(refusal(await toReserve(withdrawn.id))).toBe('CONSENT_REQUIRED')
    const old = await made(server, { consent: named })
    server.setClock(daysAfter(A_DAY, 183))
    expect(refusal(await toReserve(old.id))).toBe('CONSENT_REQUIRED')
    // A refusal changes nothing.
    for (const { id } of [withdrawn, old])
      expect((await detail(server, GUIDE, id)).data.handOff).toMatchObject({ state: 'OFFERED', events: [{ number: 1 }] })
  })

  test('18: to another partner takes the code of this hand-off and a consent of its own', async () => {
    const { id, code } = await made(server, { consent: named })
    const other = await made(server)
    const consent = { ...WIDEST, categories: ['question'] }
    for (const more of [
      {},
      { consent },
      { followUpCode: code },
      { followUpCode: other.code, consent },
      { followUpCode: 'not-a-code', consent },
    ])
      expect(refusal(await forward(server, id, WSP, more)), JSON.stringify(more)).toBe('CONSENT_REQUIRED')
    for (const condition of ['askedForHelp', 'inOwnInterest', 'refusalIsFree'])
      expect(
        refusal(await forward(server, id, WSP, { followUpCode: code, consent: { ...consent, [condition]: false } })),
        condition,
      ).toBe('CONSENT_REQUIRED')
    expect((await detail(server, GUIDE, id)).data.handOff.state).toBe('OFFERED')
    const answer = await done(forward(server, id, WSP, { followUpCode: code.toLowerCase(), consent }))
    await done(step(server, 'wsp-amersfoort', 'acceptHandOff', answer.handOff.id))
    expect((await detail(server, 'wsp-amersfoort', answer.handOff.id)).data.handOff).toMatchObject({
      question: { themes: ['FIND_WORK'] },
      routing: null,
      situation: null,
    })
  })

  test('18: what is newly agreed to is copied from the contact on its own day, and refused when it is gone', async () => {
    const question = { ...WIDEST, categories: ['question'] }
    const today = await made(server, { consent: question })
    const next = (await done(forward(server, today.id, WSP, { followUpCode: today.code, consent: WIDEST }))).handOff.id
    await done(step(server, 'wsp-amersfoort', 'acceptHandOff', next))
    expect((await detail(server, 'wsp-amersfoort', next)).data.handOff).toMatchObject({
      routing: { origin: 'GM0307' },
      situation: { work: 'NONE' },
    })
    const yesterday = await made(server, { consent: question })
    server.setClock(daysAfter(A_DAY, 1))
    expect(refusal(await forward(server, yesterday.id, WSP, { followUpCode: yesterday.code, consent: WIDEST }))).toBe('BAD_INPUT')
    expect(
      (await done(forward(server, yesterday.id, WSP, { followUpCode: yesterday.code, consent: question }))).handOff.id,
    ).toBeTruthy()
  })

  test('AVG art. 9: to or from a union nothing is forwarded; what others do not see of it would tell', async () => {
    const { id, code } = await made(server)
    for (const more of [{}, { followUpCode: code, consent: TO_A_UNION }])
      expect(refusal(await forward(server, id, FNV, more))).toBe('BAD_INPUT')
    const union = await made(server, { partnerId: FNV, consent: TO_A_UNION })
    await done(step(server, 'fnv-amersfoort', 'declineHandOff', union.id, 'reason: NOT_OUR_SERVICE'))
    expect(refusal(await forward(server, union.id, UWV, { followUpCode: union.code, consent: WIDEST }))).toBe('BAD_INPUT')
    expect((await detail(server, GUIDE, id)).data.handOff.state).toBe('OFFERED')
  })

  test('6: the code that the visitor has follows the question to the reserve, and closes and erases it there', async () => {
    const { id, code } = await made(server, { consent: named })
    await done(take('decline', id))
    const next = await done(toReserve(id))
    expect(next.followUpCode).toBeNull()
    await done(step(server, 'gemeente-amersfoort', 'acceptHandOff', next.handOff.id))
    const there = async () => (await detail(server, 'gemeente-amersfoort', next.handOff.id)).data.handOff
    expect(await there()).toMatchObject({ situation: { work: 'NONE' } })
    const { data } = await followUp(server, code)
    expect(data.followUp.status).toContain('Gemeente Amersfoort gaat u helpen')
    expect(data.followUp.handOff.id).toBe(next.handOff.id)
    const byCode = async (name: string) =>
      done(server.nobody(`mutation ($code: String!) { ${name}(code: $code) { status } }`, { code }))
    await byCode('withdrawByCode')
    expect(await there()).toMatchObject({ situation: null, routing: null, question: null })
    await byCode('eraseByCode')
    for (const table of ['hand_off_routing', 'hand_off_question', 'hand_off_situation'])
      expect(
        (await server.sql.query(`SELECT 1 FROM ${table} WHERE hand_off_id = ANY ($1)`, [[id, next.handOff.id]])).rows,
      ).toEqual([])
  })

  test('19: under sixteen stays under sixteen, also when nothing was agreed to before', async () => {
    const young = { situation: { ...SITUATION, age: 'U16' } }
    const consent = { ...WIDEST, categories: ['question'] }
    const withoutConsent = await made(server, { consent: null }, young)
    const withConsent = await made(server, { consent: { ...consent, reservePartnerId: GEMEENTE } }, young)
    for (const next of [
      (await done(forward(server, withoutConsent.id, GEMEENTE, { followUpCode: withoutConsent.code, consent }))).handOff.id,
      (await done(toReserve(withConsent.id))).handOff.id,
    ]) {
      await done(step(server, 'gemeente-amersfoort', 'acceptHandOff', next))
      expect((await detail(server, 'gemeente-amersfoort', next)).data.handOff).toMatchObject({ question: null, nextStep: null })
    }
    // Once the contact is out of sight nobody knows the age any more: closed, unless a representative is there.
    for (const [representativePresent, nextStep] of [
      [false, null],
      [true, 'VISITOR_COMES'],
    ] as const) {
      server.setClock(A_DAY)
      const adult = await made(server, { consent: null })
      server.setClock(daysAfter(A_DAY, 1))
      const refused = await forward(server, adult.id, GEMEENTE, {
        followUpCode: adult.code,
        consent: { ...consent, representativePresent, categories: ['outcome'] },
      })
      expect(refused.errors).toBeUndefined()
      const { rows } = await server.sql.query('SELECT under_sixteen FROM consent WHERE hand_off_id = $1', [
        refused.data.forwardHandOff.handOff.id,
      ])
      expect([nextStep, rows]).toEqual([nextStep, [{ under_sixteen: true }]])
    }
  })

  test('10: the new partner learns nothing of the first, nor the first of the new one', async () => {
    const { id, recognitionCode, code } = await made(server, { consent: named })
    await done(take('accept', id))
    await done(step(server, GUIDE, 'recordWarmCall', id, 'channel: PHONE, result: SPOKEN, visitorPresent: true'))
    await done(take('return', id))
    server.setClock(daysAfter(A_DAY, 2))
    const next = await done(toReserve(id))
    const there = await detail(server, 'gemeente-amersfoort', next.handOff.id)
    for (const trace of [id, recognitionCode, 'UWV', 'NO_SHOW', 'FORWARD', 'forward'])
      expect(there.text, trace).not.toContain(trace)
    expect(there.data.handOff).toMatchObject({
      state: 'OFFERED',
      events: [{ number: 1, step: 'offer', reason: null }],
      warmCalls: [],
      guideVoice: null,
      visitorVoice: null,
    })
    expect(there.data.handOff.recognitionCode).not.toBe(recognitionCode)
    const before = await detail(server, PARTNER, id)
    for (const trace of [next.handOff.id, 'Gemeente', there.data.handOff.recognitionCode])
      expect(before.text, trace).not.toContain(trace)
    // Nor that there is another at all: it was taken back, and that is all.
    expect(before.data.handOff).toMatchObject({ state: 'WITHDRAWN', reason: null, question: null })
    expect(before.text).not.toMatch(/forward/i)
    expect(await listed(server, PARTNER, id, 'handOffs', 'state: FORWARDED')).toBeUndefined()
    expect(await listed(server, PARTNER, id, 'handOffs', 'state: WITHDRAWN')).toBeDefined()
    expect(refusal(await detail(server, PARTNER, next.handOff.id))).toBe('NOT_FOUND')
    expect(refusal(await detail(server, 'gemeente-amersfoort', id))).toBe('NOT_FOUND')
    // One code: it is about where the question is now.
    expect(next.followUpCode).toBeNull()
    expect((await followUp(server, code)).data.followUp.handOff.id).toBe(next.handOff.id)
  })
})

describe('clocks', () => {
  /** Noon in the Netherlands on this day. */
  const noon = (day: string) => new Date(`${day}T11:00:00Z`)
  const dueOf = async (account: string, id: string) =>
    (({ answerDueOn, firstContactDueOn, overdue }) => ({ answerDueOn, firstContactDueOn, overdue }))(
      (await detail(server, account, id)).data.handOff,
    )

  // Terms in working days: UWV 5 to answer and 10 to a first contact, WSP 3 and 5; closed on 25 and 26 December, 1 January, Easter Monday, King's Day.
  test.each([
    ['an ordinary week', UWV, '2026-11-18', '2026-11-25'],
    ['over a weekend', WSP, '2026-11-20', '2026-11-25'],
    ['over Christmas', UWV, '2026-12-22', '2026-12-30'],
    ['over New Year', WSP, '2026-12-30', '2027-01-05'],
    ['over Easter Monday', WSP, '2027-03-25', '2027-03-31'],
    ['over King’s Day', WSP, '2027-04-23', '2027-04-29'],
  ])(
    'an answer is due in the working days of the agreement, %s, and overdue the day after',
    async (_, partnerId, offeredOn, dueOn) => {
      server.setClock(noon(offeredOn))
      const { id } = await made(server, { partnerId })
      const account = partnerId === UWV ? PARTNER : 'wsp-amersfoort'
      for (const who of [GUIDE, account])
        expect(await dueOf(who, id), who).toEqual({ answerDueOn: dueOn, firstContactDueOn: null, overdue: false })
      server.setClock(noon(dueOn))
      expect((await dueOf(GUIDE, id)).overdue).toBe(false)
      server.setClock(daysAfter(noon(dueOn), 1))
      for (const who of [GUIDE, account, COORDINATOR]) expect((await dueOf(who, id)).overdue, who).toBe(true)
      expect((await listed(server, GUIDE, id, LOOPS))!.node.overdue).toBe(true)
      await done(step(server, account, 'acceptHandOff', id))
      expect((await dueOf(GUIDE, id)).overdue).toBe(false)
    },
  )

  test('a first contact is due after the appointment, and is never overdue once it was there', async () => {
    server.setClock(noon('2026-12-01'))
    const { id } = await made(server, { nextStep: { kind: 'APPOINTMENT', day: '2026-12-17', dayPart: 'MORNING' } })
    await done(step(server, PARTNER, 'acceptHandOff', id))
    expect(await dueOf(GUIDE, id)).toEqual({ answerDueOn: '2026-12-08', firstContactDueOn: '2027-01-04', overdue: false })
    server.setClock(noon('2027-01-04'))
    const isLate = async () => (await detail(server, PARTNER, id)).data.handOff.firstContactOverdue
    expect(await isLate()).toBe(false)
    server.setClock(noon('2027-01-05'))
    expect(await isLate()).toBe(true)
    await done(take('firstContact', id))
    expect(await isLate()).toBe(false)
  })

  test('without an agreement in force nothing was promised, so nothing is overdue', async () => {
    const { id } = await made(server, { partnerId: demoId('wijkteam-amersfoort') })
    server.setClock(daysAfter(A_DAY, 100))
    expect(await dueOf(GUIDE, id)).toEqual({ answerDueOn: null, firstContactDueOn: null, overdue: false })
  })
})

test('a list for one state finds what is in that state, ended or not', async () => {
  for (const [account, state] of [
    [GUIDE, 'COMPLETED'],
    [PARTNER, 'DECLINED'],
    [GUIDE, 'ACCEPTED'],
  ] as const) {
    const { id } = await inState(state)
    const answer = await server.as(account)(`{ handOffs(state: ${state}, first: 50) { edges { node { id state } } } }`)
    const found = answer.data.handOffs.edges.map(({ node }: any) => node)
    expect(found).toContainEqual({ id, state })
    expect(new Set(found.map((node: any) => node.state))).toEqual(new Set([state]))
  }
  const { id } = await inState('WITHDRAWN')
  expect(await listed(server, GUIDE, id, 'handOffs', 'ended: true')).toBeDefined()
  expect((await server.as(GUIDE)(`query ($id: ID!) { handOff(id: $id) ${EVERYTHING} }`, { id })).data.handOff.state).toBe(
    'WITHDRAWN',
  )
})

test('the order of a list tells the day and the id, and nothing that happened since; page by page it gives each once', async () => {
  const account = 'rmt-amersfoort'
  const things: Offered[] = []
  for (let n = 0; n < 4; n++) things.push(await made(server, { partnerId: demoId(account), consent: WIDEST }))
  const byId = things.map(({ id }) => id).sort()
  // What a partner is not told of: something was erased. And what it is told of: a call.
  const first = things.find(({ id }) => id === byId[0])!
  await done(server.nobody('mutation ($code: String!) { eraseByCode(code: $code) { status } }', { code: first.code }))
  await done(step(server, GUIDE, 'recordWarmCall', byId[1]!, 'channel: PHONE, result: SPOKEN, visitorPresent: true'))
  server.setClock(daysAfter(A_DAY, 1))
  const later = await made(server, { partnerId: demoId(account), consent: WIDEST })
  const found: string[] = []
  for (let after: string | null = null; ; ) {
    const { data } = await server.as(account)(
      'query ($after: String) { handOffs(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      { after },
    )
    found.push(...data.handOffs.edges.map(({ node }: any) => node.id))
    if (!data.handOffs.pageInfo.hasNextPage) break
    after = data.handOffs.pageInfo.endCursor
  }
  expect(found).toEqual([...byId, later.id])
})

test.each([
  ['withdrawHandOff', GUIDE, 'reason: NOT_NEEDED'],
  ['lapseHandOff', COORDINATOR, ''],
  ['completeHandOff', PARTNER, 'outcome: WORK'],
  ['returnHandOff', PARTNER, 'reason: NO_SHOW'],
])('%s is not taken when the state is no longer the one that was read', async (name, account, more) => {
  const { id } = await inState('ACCEPTED')
  const outdated = await step(server, account, name, id, [more, 'ifState: OFFERED'].filter(Boolean).join(', '))
  expect([refusal(outdated), outdated.errors?.[0].extensions.state]).toEqual(['HANDOFF_MOVED_ON', 'ACCEPTED'])
  expect((await detail(server, GUIDE, id)).data.handOff.state).toBe('ACCEPTED')
  await done(step(server, account, name, id, [more, 'ifState: ACCEPTED'].filter(Boolean).join(', ')))
})
