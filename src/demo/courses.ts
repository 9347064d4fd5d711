// How hand-offs of the demo go: each course is one story between desk, partner and visitor, told in the steps of the domain itself.
import type { Shareable } from '../consent/consent.js'
import { narrow } from '../consent/record-consent.js'
import type { PartnerKind } from '../decide/decide.js'
import { codeHolder, followUp } from '../follow-up/follow-up.js'
import { findHandOff, listHandOffs } from '../handoffs/handoffs.js'
import type { MessageToVisitor, NextStep, Outcome, Voice } from '../handoffs/lists.js'
import { forwardHandOff, hashesOf } from '../handoffs/offer.js'
import type { StepName } from '../handoffs/steps.js'
import { recordVoice, type StepDetails, takeStep } from '../handoffs/take-step.js'
import type { Capacity } from '../identity/capacity.js'
import { type Act, perform } from '../operations/perform.js'
import type { World } from '../world.js'
import type { Chance } from './chance.js'
import { drawConsent, type Extent } from './consents.js'
import { demoId } from './ids.js'
import { partnerOf } from './organisations.js'
import type { Visitor } from './visitors.js'

/** One hand-off while the story tells it. The follow-up code lives here and on the visitor's paper, and is never kept. */
export type Told = Readonly<{
  id: string
  code: string
  partner: string
  reserve: string | null
  visitor: Visitor
  world: World
  chance: Chance
  /** Until some working days later, in office hours. */
  wait: (low: number, high: number) => Promise<void>
  /** A little later on the same day. */
  pause: () => Promise<void>
  /** Whoever is on duty at the desk, not who began it (design 5). */
  guide: () => Capacity
  coordinator: () => Capacity
  /** One of the colleagues at the partner. */
  handler: (partner: string) => Capacity
}>

export type Course = Readonly<{
  /** How many working days before the end of the story it may begin, the last one being 1. */
  age: readonly [low: number, high: number]
  /** To these partners, in turn; otherwise to any. */
  at?: readonly string[]
  extent?: Extent
  nextStep?: NextStep
  hasReserve?: true
  play: (told: Told) => Promise<void>
}>

const TO_THE_BEGINNING = 1000

/** A partner that has this agreement promised to answer in time (src/demo/organisations.ts). */
const WITH_TERMS = [
  'uwv-amersfoort',
  'gemeente-amersfoort',
  'lwl-amersfoort',
  'rmt-amersfoort',
  'wsp-amersfoort',
  'gemeente-soest',
]
const AT_UWV = ['uwv-amersfoort', 'uwv-amersfoort', 'uwv-amersfoort', 'gemeente-amersfoort', 'uwv-amersfoort', 'lwl-amersfoort']
const ANSWERS_BY_PHONE = ['wijkteam-amersfoort', 'school-amersfoort', 'wijkteam-amersfoort', 'ontwikkelbedrijf-amersfoort']

/* What the courses are made of. */

const atDesk = <T>(told: Told, operation: string, work: (act: Act) => Promise<T>) =>
  perform(told.world, told.guide(), operation, work)

/** Somebody opens the inbox, then the hand-off, and takes the step. */
async function byPartner(told: Told, operation: string, step: StepName, details?: StepDetails): Promise<void> {
  const handler = told.handler(told.partner)
  if (told.chance.part() < 0.25)
    await perform(told.world, handler, 'handOffs', (act) => listHandOffs(act, {}, { first: 20, after: null }))
  if (told.chance.part() < 0.35) await perform(told.world, handler, 'handOff', (act) => findHandOff(act, told.id))
  await perform(told.world, handler, operation, (act) => takeStep(act, told.id, step, details))
}

async function accept(told: Told): Promise<void> {
  await told.wait(1, 3)
  const message = told.chance.weighted<MessageToVisitor | 'none'>({ COME_BY: 30, CALL_US: 25, none: 45 })
  await byPartner(told, 'acceptHandOff', 'accept', { message: message === 'none' ? null : message })
}

async function begin(told: Told): Promise<void> {
  await told.wait(1, 4)
  await byPartner(told, 'recordFirstContact', 'recordFirstContact')
}

async function complete(told: Told, outcome: Outcome = drawOutcome(told.chance)): Promise<void> {
  await told.wait(2, 6)
  await byPartner(told, 'completeHandOff', 'complete', { outcome })
}

const drawOutcome = (chance: Chance) =>
  chance.weighted<Outcome>({
    WORK: 22,
    WORK_KEPT: 8,
    TRAINING_STARTED: 20,
    GUIDANCE_STARTED: 22,
    QUESTION_SOLVED: 20,
    REFERRED_ON: 5,
    NO_RESULT: 3,
  })

async function finish(told: Told): Promise<void> {
  await accept(told)
  await begin(told)
  await complete(told)
}

async function decline(told: Told): Promise<void> {
  await told.wait(1, 3)
  const reason = told.chance.weighted({
    NO_CAPACITY: 30,
    NOT_OUR_SERVICE: 20,
    OUT_OF_AREA: 10,
    NOT_FITTING: 20,
    TOO_LITTLE_INFORMATION: 15,
    DUPLICATE: 5,
  })
  await byPartner(told, 'declineHandOff', 'decline', { reason, message: 'TRY_OTHER' })
}

async function giveBack(told: Told): Promise<void> {
  await accept(told)
  await told.wait(3, 8)
  const reason = told.chance.weighted({ NO_SHOW: 35, NO_CONTACT: 25, VISITOR_STOPPED: 15, OTHER_HELP: 15, NOT_FITTING: 10 })
  await byPartner(told, 'returnHandOff', 'return', { reason })
}

async function visitorSays(told: Told, voice: Voice): Promise<void> {
  await told.wait(1, 7)
  const visitor = codeHolder(told.world, told.code)
  await perform(told.world, visitor, 'followUp', followUp)
  await perform(told.world, visitor, 'recordVisitorVoice', (act) => recordVoice(act, told.id, voice))
}

async function guideHears(told: Told, voice: Voice): Promise<void> {
  await told.wait(1, 5)
  await atDesk(told, 'recordGuideVoice', (act) => recordVoice(act, told.id, voice))
}

const answerHeard = (told: Told, step: StepName, details?: StepDetails) =>
  atDesk(told, 'recordAnswerHeard', (act) => takeStep(act, told.id, step, details))

const withdraw = (told: Told, reason: string) =>
  atDesk(told, 'withdrawHandOff', (act) => takeStep(act, told.id, 'withdraw', { reason }))

const visitorKeeps = (told: Told, capacity: Capacity, keep: readonly Shareable[]) =>
  perform(told.world, capacity, keep.length === 0 ? 'withdrawConsent' : 'narrowConsent', async (act) => {
    await findHandOff(act, told.id)
    await narrow(act, told.id, keep)
    return findHandOff(act, told.id)
  })

/** To the reserve that the visitor named, or to another with the visitor's code; the story goes on there, with a code of its own. */
async function forward(told: Told, to: string, asksAgain: boolean): Promise<Told> {
  const { world, chance } = told
  const { kind } = partnerOf(to) as { kind: PartnerKind }
  const { consent } = asksAgain ? drawConsent(chance, told.visitor, kind, { extent: 'everything' }) : { consent: null }
  const followUpCode = asksAgain ? told.code : null
  const forwarding = {
    handOffId: told.id,
    partnerId: demoId(to),
    nextStep: { kind: 'VISITOR_COMES', day: null, dayPart: null } as const,
    followUpCode,
    consent,
    idempotencyKey: null,
  }
  const offered = await perform(world, told.guide(), 'forwardHandOff', (act) => forwardHandOff(act, forwarding), {
    codeHashes: hashesOf(world, followUpCode),
  })
  return { ...told, id: offered.handOff.id, code: offered.followUpCode ?? told.code, partner: to }
}

/* The courses. Their ages leave room for every wait in them. */

export const COURSES = {
  fresh: { age: [1, 3], at: AT_UWV, extent: 'everything', play: async () => {} },
  overdue: { age: [12, 40], at: WITH_TERMS, play: async () => {} },
  accepted: { age: [4, 8], play: accept },
  'accepted, and then silence past the first-contact term': {
    age: [24, 50],
    at: WITH_TERMS,
    nextStep: 'APPOINTMENT',
    play: accept,
  },
  'in progress': {
    age: [8, 35],
    play: async (told) => {
      await accept(told)
      await begin(told)
    },
  },
  'completed, and the visitor says so': {
    age: [22, TO_THE_BEGINNING],
    play: async (told) => {
      await finish(told)
      await visitorSays(told, 'WORKED')
    },
  },
  'completed, and the guide heard that it worked': {
    age: [22, TO_THE_BEGINNING],
    play: async (told) => {
      await finish(told)
      await guideHears(told, 'WORKED')
    },
  },
  'completed, and the visitor heard nothing': {
    age: [22, 60],
    play: async (told) => {
      await finish(told)
      await visitorSays(told, 'HEARD_NOTHING')
    },
  },
  'completed, and it did not work for the visitor': {
    age: [22, 60],
    play: async (told) => {
      await accept(told)
      await complete(told, 'REFERRED_ON')
      await visitorSays(told, 'NOT_WORKED')
    },
  },
  'completed, and the visitor stays silent': { age: [26, TO_THE_BEGINNING], play: finish },
  'completed just now': {
    age: [6, 8],
    play: async (told) => {
      await told.wait(1, 2)
      await byPartner(told, 'acceptHandOff', 'accept')
      await told.wait(1, 2)
      await byPartner(told, 'completeHandOff', 'complete', { outcome: 'GUIDANCE_STARTED' })
    },
  },
  'helped on the spot': {
    age: [2, TO_THE_BEGINNING],
    nextStep: 'HELPED_NOW',
    play: async (told) => {
      await told.wait(0, 1)
      await byPartner(told, 'completeHandOff', 'complete', { outcome: 'QUESTION_SOLVED' })
    },
  },
  declined: { age: [5, 20], play: decline },
  'declined, and closed by the desk': {
    age: [15, TO_THE_BEGINNING],
    play: async (told) => {
      await decline(told)
      await guideHears(told, 'NOT_WORKED')
    },
  },
  returned: { age: [12, 30], play: giveBack },
  'returned, and closed by the desk': {
    age: [20, TO_THE_BEGINNING],
    play: async (told) => {
      await giveBack(told)
      await guideHears(told, 'WORKED')
    },
  },
  'forwarded to the reserve': {
    age: [30, TO_THE_BEGINNING],
    at: ['rmt-amersfoort', 'uwv-amersfoort', 'lwl-amersfoort'],
    extent: 'everything',
    hasReserve: true,
    play: async (told) => {
      await decline(told)
      await told.wait(0, 2)
      const next = await forward(told, told.reserve!, false)
      await finish(next)
      await visitorSays(next, 'WORKED')
    },
  },
  'forwarded with the code of the visitor': {
    age: [14, 40],
    at: ['gemeente-amersfoort', 'uwv-amersfoort'],
    // Only what was copied the first time is there to go along.
    extent: 'everything',
    play: async (told) => {
      await giveBack(told)
      await told.wait(0, 2)
      await accept(await forward(told, 'lwl-amersfoort', true))
    },
  },
  'withdrawn because the visitor asked': {
    age: [6, TO_THE_BEGINNING],
    play: async (told) => {
      await told.wait(1, 4)
      await withdraw(told, 'VISITOR_ASKED')
    },
  },
  'withdrawn as no longer needed': {
    age: [10, TO_THE_BEGINNING],
    play: async (told) => {
      await accept(told)
      await told.wait(2, 5)
      await withdraw(told, 'NOT_NEEDED')
    },
  },
  'sent to the wrong partner, and seen there': {
    age: [4, 40],
    at: ['gemeente-leusden', 'gemeente-amersfoort'],
    play: async (told) => {
      await told.wait(0, 1)
      await perform(told.world, told.handler(told.partner), 'handOff', (act) => findHandOff(act, told.id))
      await told.pause()
      await withdraw(told, 'SENT_TO_WRONG_PARTNER')
    },
  },
  'sent to the wrong partner, and not seen': {
    age: [2, 40],
    at: ['sociale-dienst-eemland'],
    play: async (told) => {
      await withdraw(told, 'SENT_TO_WRONG_PARTNER')
    },
  },
  'entered in error': {
    age: [2, TO_THE_BEGINNING],
    play: async (told) => {
      await withdraw(told, 'ENTERED_IN_ERROR')
    },
  },
  lapsed: {
    age: [36, TO_THE_BEGINNING],
    play: async (told) => {
      await told.wait(28, 34)
      await perform(told.world, told.coordinator(), 'lapseHandOff', (act) => takeStep(act, told.id, 'lapse'))
    },
  },
  'heard by the desk from a partner that does not sign in': {
    age: [16, TO_THE_BEGINNING],
    at: ANSWERS_BY_PHONE,
    play: async (told) => {
      await told.wait(1, 4)
      await answerHeard(told, 'hearAccepted')
      await told.wait(2, 5)
      await answerHeard(told, 'hearFirstContact')
      await told.wait(2, 5)
      await answerHeard(told, 'hearCompleted', { outcome: 'GUIDANCE_STARTED' })
    },
  },
  'heard as declined, and the partner says otherwise': {
    age: [8, 40],
    at: ['gemeente-soest', 'ontwikkelbedrijf-amersfoort'],
    play: async (told) => {
      await told.wait(1, 2)
      await answerHeard(told, 'hearDeclined', { reason: 'NO_CAPACITY' })
      await told.wait(1, 3)
      await byPartner(told, 'acceptHandOff', 'accept', { message: 'CALL_US' })
    },
  },
  'accepted, and then the visitor shares less': {
    age: [10, 35],
    at: ['uwv-amersfoort', 'lwl-amersfoort', 'gemeente-amersfoort'],
    extent: 'everything',
    play: async (told) => {
      await accept(told)
      await told.wait(1, 2)
      await visitorKeeps(told, told.handler(told.partner), ['question', 'routing'])
      await begin(told)
    },
  },
  'accepted, and then the visitor withdraws consent': {
    age: [8, 30],
    at: ['gemeente-amersfoort', 'uwv-amersfoort', 'fnv-amersfoort'],
    extent: 'context',
    play: async (told) => {
      await accept(told)
      await told.wait(1, 2)
      await visitorKeeps(told, told.guide(), [])
    },
  },
} as const satisfies Record<string, Course>

export type CourseName = keyof typeof COURSES
