// What people do to a hand-off and its consent, through the product's own operations; each that is done is told to the story.
import { giveConsent } from '#app/consent/give-consent.js'
import { type NewConsent, narrow } from '#app/consent/record-consent.js'
import { logContact } from '#app/contacts/contacts.js'
import { Refusal } from '#app/errors.js'
import { eraseByCode, withdrawByCode } from '#app/follow-up/by-code.js'
import { correct } from '#app/follow-up/correct.js'
import { codeHolder } from '#app/follow-up/follow-up.js'
import { findHandOffOfCode } from '#app/handoffs/handoffs.js'
import { forwardHandOff, hashesOf, offerHandOff } from '#app/handoffs/offer.js'
import { isEnded, type StepName } from '#app/handoffs/steps.js'
import { takeStep } from '#app/handoffs/take-step.js'
import { type Act, perform } from '#app/operations/perform.js'
import { SITUATION } from '../support/story.js'
import { capacity, current, guide, handler, type Life } from './life.js'
import { type Category, dayInAmsterdam, type Event, type Step } from './naive.js'
import { standsAt } from './product.js'
import { dayAfter } from './stories.js'

function consentFor({ chance, clock, place }: Life, kind: string): { consent: NewConsent; lastDay: string } {
  const today = dayInAmsterdam(clock.now)
  const wished = chance.some(['routing', 'question', 'situation', 'sensitive', 'outcome'] as const, 0.7)
  const categories = wished.filter(
    (category) => category !== 'sensitive' || ['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'].includes(kind),
  )
  const explicitly = chance.some(categories, 0.5)
  if (categories.includes('sensitive') && !explicitly.includes('sensitive')) explicitly.push('sensitive')
  const lastDay = chance.in(0.4) ? dayAfter(today, chance.below(5)) : dayAfter(today, 182)
  const consent = {
    categories,
    explicitCategories: kind === 'UNION' ? [...categories] : explicitly,
    reservePartnerId: chance.in(0.6) ? place.reserve : null,
    expiresOn: dayAfter(lastDay, 1),
    askedForHelp: true,
    inOwnInterest: true,
    refusalIsFree: true,
    representativePresent: chance.in(0.4),
    givenHow: 'SPOKEN' as const,
    wordingVersion: 'THREE_SENTENCES_2026',
    language: 'nl',
  }
  return { consent, lastDay }
}
const agreedTo = (
  to: string,
  at: number,
  { categories, explicitCategories, representativePresent }: NewConsent,
  lastDay: string,
): Event => ({
  what: 'agreed',
  at,
  to,
  categories: [...categories],
  explicitly: [...explicitCategories],
  purposes: ['OVERVIEW', 'HELP', 'FOLLOW_UP'],
  representative: representativePresent,
  lastDay,
})

export async function offer(life: Life) {
  const { world, chance, clock, place } = life
  const isYoung = chance.in(0.15)
  const contact = await perform(world, guide(life), 'logContact', (act) =>
    logContact(act, {
      deskId: place.desk,
      channel: 'PHONE',
      visitorKind: 'WORKER',
      origin: null,
      journey: null,
      themes: ['CAREER'],
      situation: { ...SITUATION, age: isYoung ? 'U16' : 'A27_54' } as never,
      result: 'HANDED_OFF',
      note: null,
      idempotencyKey: null,
    }),
  )
  for (;;) {
    const given = chance.in(0.92) || place.partnerKind === 'UNION' ? consentFor(life, place.partnerKind) : null
    try {
      const offered = await perform(world, guide(life), 'offerHandOff', (act) =>
        offerHandOff(act, {
          contactId: contact.id,
          partnerId: place.partner,
          nextStep: { kind: 'VISITOR_COMES', day: null, dayPart: null },
          consent: given?.consent ?? null,
          sensitive: given?.consent.categories.includes('sensitive') ? ['JOBS_AGREEMENT'] : [],
          note: null,
          idempotencyKey: null,
        }),
      )
      const { partner, partnerKind, werkcentrum } = place
      const code = offered.followUpCode!
      const happened: Event[] = [...life.agreed, { what: 'offered', at: clock.now }]
      if (isYoung) happened.push({ what: 'turned out below sixteen', at: clock.now })
      if (given) happened.push(agreedTo(partner, clock.now, given.consent, given.lastDay))
      life.stories.push({ werkcentrum, partner, partnerKind, code, followUpCode: code, id: offered.handOff.id, happened })
      return
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault
    }
  }
}

async function give(life: Life) {
  const { world, clock } = life
  const story = current(life)
  const { consent, lastDay } = consentFor(life, story.partnerKind)
  const reservePartnerId = consent.reservePartnerId === story.partner ? null : consent.reservePartnerId
  const isFirst = !story.happened.some(({ what }) => what === 'agreed')
  const offered = story.happened.find(({ what }) => what === 'offered')!
  await perform(
    world,
    guide(life),
    'giveConsent',
    (act) =>
      giveConsent(act, {
        handOffId: story.id,
        followUpCode: story.followUpCode,
        consent: { ...consent, reservePartnerId },
        sensitive: consent.categories.includes('sensitive') ? ['JOBS_AGREEMENT'] : [],
        note: null,
      }),
    { codeHashes: hashesOf(world, story.followUpCode) },
  )
  // The conversation can no longer be read, so nobody knows how old they are: what is unknown is closed.
  if (isFirst && dayInAmsterdam(offered.at) !== dayInAmsterdam(clock.now))
    story.happened.push({ what: 'turned out below sixteen', at: clock.now })
  story.happened.push(agreedTo(story.partner, clock.now, consent, lastDay))
}

const visitor = (life: Life) => codeHolder(life.world, current(life).followUpCode)
const found = async (act: Act) => {
  const handOff = await findHandOffOfCode(act)
  if (!handOff) throw new Refusal('NOT_FOUND', 'not there')
  return handOff
}

async function narrowIt(life: Life) {
  const { world, chance, clock } = life
  const story = current(life)
  const keep = chance.some(['routing', 'question', 'situation', 'sensitive', 'outcome'] as const, 0.7)
  const lastDay = chance.in(0.3) ? dayAfter(dayInAmsterdam(clock.now), chance.below(4)) : null
  const until = lastDay && dayAfter(lastDay, 1)
  const who = chance.pick(['desk', 'partner', 'visitor'] as const)
  if (who === 'visitor')
    await perform(world, visitor(life), 'narrowByCode', async (act) => narrow(act, (await found(act)).id, keep, { until }))
  else {
    const acting = who === 'desk' ? guide(life) : handler(story)
    await perform(world, acting, 'narrowConsent', (act) => narrow(act, story.id, keep, { until }))
  }
  story.happened.push({ what: 'narrowed', at: clock.now, keep: [...keep], lastDay })
}
async function takeBack(life: Life) {
  const story = current(life)
  if (life.chance.in(0.5)) await perform(life.world, guide(life), 'withdrawConsent', (act) => narrow(act, story.id, []))
  else await perform(life.world, visitor(life), 'withdrawByCode', async (act) => withdrawByCode(act, await found(act), false))
  story.happened.push({ what: 'took back', at: life.clock.now })
}
async function stop(life: Life) {
  const story = current(life)
  const { state } = standsAt(story, life.clock.now)
  if (!state || isEnded(state)) throw new Refusal('NOT_FOUND', 'it has ended')
  await perform(life.world, visitor(life), 'withdrawByCode', async (act) => withdrawByCode(act, await found(act), true))
  story.happened.push({ what: 'took back', at: life.clock.now })
  story.happened.push({ what: 'withdrawn', at: life.clock.now, by: story.code })
}
async function erase(life: Life) {
  await perform(life.world, visitor(life), 'eraseByCode', async (act) => eraseByCode(act, await found(act)))
  current(life).happened.push({ what: 'had erased', at: life.clock.now })
}
async function turnOutYoung(life: Life) {
  const situation = { ...SITUATION, age: 'U16' } as never
  await perform(life.world, visitor(life), 'correctByCode', async (act) =>
    correct(act, await found(act), { routing: null, question: null, situation, note: null }),
  )
  current(life).happened.push({ what: 'turned out below sixteen', at: life.clock.now })
}

const BY_PARTNER: Partial<Record<Step, [string, StepName]>> = {
  accepted: ['acceptHandOff', 'accept'],
  started: ['recordFirstContact', 'recordFirstContact'],
  completed: ['completeHandOff', 'complete'],
  declined: ['declineHandOff', 'decline'],
  returned: ['returnHandOff', 'return'],
}
const HEARD: Partial<Record<Step, StepName>> = {
  accepted: 'hearAccepted',
  started: 'hearFirstContact',
  completed: 'hearCompleted',
  declined: 'hearDeclined',
  returned: 'hearReturned',
}

async function take(life: Life) {
  const { world, chance, clock } = life
  const story = current(life)
  const what = chance.pick(['accepted', 'accepted', 'started', 'completed', 'declined', 'returned'] as const)
  const byPartner = chance.in(0.65)
  const name = byPartner ? BY_PARTNER[what]![1] : HEARD[what]!
  const acting = byPartner ? handler(story) : guide(life)
  const details = {
    ...(what === 'completed' ? { outcome: 'WORK' as const } : {}),
    ...(what === 'declined' || what === 'returned' ? { reason: 'NO_CAPACITY' } : {}),
  }
  await perform(world, acting, byPartner ? BY_PARTNER[what]![0] : 'recordAnswerHeard', (act) =>
    takeStep(act, story.id, name, details),
  )
  const by = byPartner ? story.partner : story.werkcentrum
  story.happened.push({ what, at: clock.now, by })
  if (byPartner) story.happened.push({ what: 'wrote', category: 'staff', at: clock.now, by })
}
async function putAway(life: Life) {
  const story = current(life)
  const lapses = life.chance.in(0.5)
  const acting = lapses ? capacity('COORDINATOR', 'WERKCENTRUM', story.werkcentrum) : guide(life)
  await perform(life.world, acting, lapses ? 'lapseHandOff' : 'withdrawHandOff', (act) =>
    takeStep(act, story.id, lapses ? 'lapse' : 'withdraw', lapses ? {} : { reason: 'NOT_NEEDED' }),
  )
  story.happened.push({ what: lapses ? 'lapsed' : 'withdrawn', at: life.clock.now, by: story.werkcentrum })
}
/** To the reserve that was named: what was agreed to for the first goes along, but for what is sensitive. */
async function forward(life: Life) {
  const { world, clock, place } = life
  const story = current(life)
  const { consents } = standsAt(story, clock.now)
  const stood = consents.at(-1)
  const offered = await perform(world, guide(life), 'forwardHandOff', (act) =>
    forwardHandOff(act, {
      handOffId: story.id,
      partnerId: place.reserve,
      nextStep: { kind: 'VISITOR_COMES', day: null, dayPart: null },
      followUpCode: null,
      consent: null,
      idempotencyKey: null,
    }),
  )
  story.happened.push({ what: 'forwarded', at: clock.now, by: story.werkcentrum })
  const isOrdinary = (category: string) => category !== 'sensitive'
  const happened: Event[] = [{ what: 'offered', at: clock.now }]
  if (stood!.underSixteen) happened.push({ what: 'turned out below sixteen', at: clock.now })
  happened.push({
    what: 'agreed',
    at: clock.now,
    to: place.reserve,
    categories: stood!.categories.filter(isOrdinary) as Category[],
    explicitly: stood!.explicitCategories.filter(isOrdinary) as Category[],
    purposes: ['OVERVIEW', 'HELP', 'FOLLOW_UP'],
    representative: stood!.representativePresent,
    lastDay: dayAfter(stood!.expiresOn, -1),
  })
  life.stories.push({ ...story, partner: place.reserve, partnerKind: place.reserveKind, id: offered.handOff.id, happened })
}

export const HAND_OFF_DEEDS: readonly ((life: Life) => Promise<void>)[] = [
  ...[take, take, take, take, give, give, give, narrowIt, narrowIt],
  ...[takeBack, erase, turnOutYoung, stop, putAway, forward, forward],
]
