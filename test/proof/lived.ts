// Worlds that are lived: everything happens through the product's own operations, and after each it is asked who sees what.
import type { Client } from 'pg'
import { readAgreement } from '#app/agreements/agreements.js'
import {
  adviseOnAgreement,
  amendAgreement,
  draftAgreement,
  endAgreement,
  signAgreement,
  suspendAgreement,
} from '#app/agreements/life.js'
import { giveConsent } from '#app/consent/give-consent.js'
import { type NewConsent, narrow } from '#app/consent/record-consent.js'
import { logContact } from '#app/contacts/contacts.js'
import type { PartnerKind } from '#app/decide/decide.js'
import { sightOf } from '#app/decide/seen.js'
import { Refusal } from '#app/errors.js'
import { eraseByCode, withdrawByCode } from '#app/follow-up/by-code.js'
import { correct } from '#app/follow-up/correct.js'
import { codeHolder } from '#app/follow-up/follow-up.js'
import { findHandOff, findHandOffOfCode, type HandOffData } from '#app/handoffs/handoffs.js'
import { forwardHandOff, hashesOf, offerHandOff } from '#app/handoffs/offer.js'
import type { StepName } from '#app/handoffs/steps.js'
import { takeStep } from '#app/handoffs/take-step.js'
import type { Capacity } from '#app/identity/capacity.js'
import { type Act, perform } from '#app/operations/perform.js'
import type { World } from '#app/world.js'
import { SITUATION } from '../support/story.js'
import {
  type Asker,
  type Category,
  dayInAmsterdam,
  type Event,
  maySee,
  type Purpose,
  type Role,
  type Step,
  type Story,
} from './naive.js'
import { ORGANISATION_OF_DESK, policies, SHOWN, standsAt } from './product.js'
import type { World as Asked } from './smallest.js'
import { type Chance, dayAfter, midnight } from './stories.js'

export type Place = {
  werkcentrum: string
  desk: string
  partner: string
  partnerKind: string
  reserve: string
  reserveKind: string
}
export type Wrong = { world: Asked; naive: boolean; product: boolean }

type Living = Story & { id: string; followUpCode: string }
type Life = {
  world: World
  clock: { now: number }
  chance: Chance
  place: Place
  stories: Living[]
  versions: Map<number, string>
  agreed: Event[]
}

const capacity = (role: Role, side: 'WERKCENTRUM' | 'PARTNER', organisationId: string): Capacity =>
  ({ role, side, organisationId, subject: `${role} of ${organisationId}` }) as Capacity
const guide = ({ place }: Life) => capacity('GUIDE', 'WERKCENTRUM', place.werkcentrum)

/** Its organisations, of nobody else's life. */
export async function arrangeLife(
  admin: Client,
  { werkcentrum, desk, partner, partnerKind, reserve, reserveKind }: Place,
): Promise<void> {
  await admin.query(
    `INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, 'x', 'GEMEENTE', true), ($2, 'x', $3, true), ($4, 'x', $5, true) ON CONFLICT DO NOTHING`,
    [ORGANISATION_OF_DESK, partner, partnerKind, reserve, reserveKind],
  )
  await admin.query(`INSERT INTO werkcentrum SELECT $1, 'x', am_code FROM region LIMIT 1`, [werkcentrum])
  await admin.query(`INSERT INTO desk VALUES ($1, $2, 'x', NULL)`, [werkcentrum, desk])
  await admin.query('INSERT INTO controller (werkcentrum_id, partner_id) VALUES ($1, $2)', [werkcentrum, ORGANISATION_OF_DESK])
}

/** One life of a hand-off, with `length` things that somebody tries to do. Returns how much was done, and how many worlds were asked. */
export async function live(life: Omit<Life, 'stories' | 'versions' | 'agreed'>, length: number, report: (wrong: Wrong) => void) {
  const lived: Life = { ...life, stories: [], versions: new Map(), agreed: [] }
  const count = { done: 0, refused: 0, worlds: 0, cells: 0, open: 0 }
  const { chance, clock } = life
  if (chance.in(0.85)) await settle(lived)
  await offer(lived)
  for (let n = 0; n < length; n++) {
    clock.now = later(chance, clock.now)
    const action = chance.pick(ACTIONS)
    try {
      await action(lived)
      count.done++
    } catch (fault) {
      // What the product refuses did not happen.
      if (!(fault instanceof Refusal)) throw fault
      count.refused++
    }
    if (chance.in(0.3)) clock.now = later(chance, clock.now)
    for (const story of lived.stories) await ask(lived, story, count, report)
  }
  return count
}

/** A moment later, or over midnight, or some days. */
function later(chance: Chance, now: number): number {
  const day = dayInAmsterdam(now)
  const at = chance.in(0.4)
    ? now + 1 + chance.below(600_000)
    : midnight(dayAfter(day, chance.pick([1, 1, 1, 2, 3, 9]))) + chance.pick([-1, 0, 1, 3_600_000])
  return Math.max(at, now + 1)
}

/* What can happen */

const said = ({ agreed, stories }: Life, story: Living | null, event: Event) => {
  for (const each of story ? [story] : stories) if (story || each.partner === stories[0]!.partner) each.happened.push(event)
  if (!story) agreed.push(event)
}
const current = ({ stories }: Life) => stories.at(-1)!

function termsFor({ chance, clock, place }: Life) {
  const today = dayInAmsterdam(clock.now)
  const validFrom = chance.in(0.6) ? today : dayAfter(today, chance.below(4))
  const validTo = chance.in(0.6) ? dayAfter(validFrom, 400) : dayAfter(validFrom, chance.below(6))
  const all: readonly Category[] = ['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'outcome']
  const categories: Category[] = chance.in(0.7)
    ? [...all]
    : ['question', ...chance.some(all, 0.6).filter((category) => category !== 'question')]
  const purposes: Purpose[] = chance.in(0.8) ? ['OVERVIEW', 'HELP', 'FOLLOW_UP'] : [chance.pick(['OVERVIEW', 'HELP'] as const)]
  const input = {
    controllers: [ORGANISATION_OF_DESK],
    actingFor: [place.partner],
    cells: categories.map((category) => ({ category, purposes })),
    csv: null,
    legalBasis: policies.sharing.basisOfPartner[place.partnerKind as PartnerKind],
    answerTermDays: 5,
    firstContactTermDays: 5,
    contactPoint: 'x',
    documentReference: `${clock.now}`,
    reviewOn: validTo,
    validFrom,
    validTo,
  }
  return { input, said: { categories, purposes, firstDay: validFrom, lastDay: validTo } }
}
const ofSide = ({ place }: Life, role: Role, atDesk: boolean) =>
  atDesk ? capacity(role, 'WERKCENTRUM', place.werkcentrum) : capacity(role, 'PARTNER', place.partner)
const sideId = ({ place }: Life, atDesk: boolean) => (atDesk ? place.werkcentrum : place.partner)

async function draft(life: Life) {
  const { world, place, clock } = life
  const terms = termsFor(life)
  const made = await perform(world, ofSide(life, 'SIGNATORY', true), 'draftAgreement', (act) =>
    draftAgreement(act, { werkcentrumId: null, partnerId: place.partner }, terms.input),
  )
  life.versions.set(made.version, made.id)
  said(life, null, { what: 'drafted', at: clock.now, version: made.version, ...terms.said })
  await advise(life, made.id, made.termsHash)
}
async function amend(life: Life) {
  const [version, id] = pickVersion(life)
  const terms = termsFor(life)
  const made = await perform(life.world, ofSide(life, 'SIGNATORY', false), 'amendAgreement', (act) =>
    amendAgreement(act, id, terms.input),
  )
  said(life, null, { what: 'drafted', at: life.clock.now, version, ...terms.said })
  await advise(life, id, made.termsHash)
}
async function advise(life: Life, id: string, termsHash: string) {
  for (const atDesk of [true, false])
    await perform(life.world, ofSide(life, 'PRIVACY_OFFICER', atDesk), 'adviseOnAgreement', (act) =>
      adviseOnAgreement(act, id, 'AGREES', { termsHash }),
    )
}
function pickVersion({ chance, versions }: Life): [number, string] {
  if (versions.size === 0) throw new Refusal('NOT_FOUND', 'there is none')
  return chance.pick([...versions])
}
async function sign(life: Life, atDesk = life.chance.in(0.5), [version, id] = pickVersion(life)) {
  const onBehalfOf = atDesk ? ORGANISATION_OF_DESK : life.place.partner
  await perform(life.world, ofSide(life, 'SIGNATORY', atDesk), 'signAgreement', async (act) => {
    const termsHash = (await readAgreement(act, id))!.termsHash
    return signAgreement(act, id, onBehalfOf, { termsHash })
  })
  said(life, null, { what: 'signed', at: life.clock.now, version, by: sideId(life, atDesk) })
}
async function suspend(life: Life) {
  const { chance, clock, world } = life
  const [version, id] = pickVersion(life)
  const atDesk = chance.in(0.5)
  // Who suspends a version suspends the later ones too that somebody has signed (docs/decisions.md).
  const later = standsAt({ ...current(life), happened: life.agreed }, clock.now).agreements.filter(
    (other) => other.version > version && other.isSignedBySomebody,
  )
  await perform(world, ofSide(life, chance.pick(['PRIVACY_OFFICER', 'SIGNATORY']), atDesk), 'suspendAgreement', (act) =>
    suspendAgreement(act, id, 'INCIDENT'),
  )
  for (const each of [version, ...later.map((other) => other.version)])
    said(life, null, { what: 'suspended', at: clock.now, version: each, by: sideId(life, atDesk) })
}
async function end(life: Life) {
  const [version, id] = pickVersion(life)
  const atDesk = life.chance.in(0.5)
  await perform(life.world, ofSide(life, 'SIGNATORY', atDesk), 'endAgreement', (act) => endAgreement(act, id, 'ON_REQUEST'))
  said(life, null, { what: 'ended', at: life.clock.now, version, by: sideId(life, atDesk) })
}
async function settle(life: Life) {
  await draft(life)
  for (const atDesk of [true, false]) await sign(life, atDesk, [...life.versions][0]!)
}

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

async function offer(life: Life) {
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
      }),
    { codeHashes: hashesOf(world, story.followUpCode) },
  )
  // The conversation can no longer be read, so nobody knows how old they are: what is unknown is closed.
  if (isFirst && dayInAmsterdam(offered.at) !== dayInAmsterdam(clock.now))
    said(life, story, { what: 'turned out below sixteen', at: clock.now })
  said(life, story, agreedTo(story.partner, clock.now, consent, lastDay))
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
    const acting = who === 'desk' ? guide(life) : capacity('HANDLER', 'PARTNER', story.partner)
    await perform(world, acting, 'narrowConsent', (act) => narrow(act, story.id, keep, { until }))
  }
  said(life, story, { what: 'narrowed', at: clock.now, keep: [...keep], lastDay })
}
async function takeBack(life: Life) {
  const story = current(life)
  if (life.chance.in(0.5)) await perform(life.world, guide(life), 'withdrawConsent', (act) => narrow(act, story.id, []))
  else await perform(life.world, visitor(life), 'withdrawByCode', async (act) => withdrawByCode(act, await found(act), false))
  said(life, story, { what: 'took back', at: life.clock.now })
}
async function stop(life: Life) {
  const story = current(life)
  await perform(life.world, visitor(life), 'withdrawByCode', async (act) => {
    if (
      standsAt(story, life.clock.now).state &&
      !['OFFERED', 'ACCEPTED', 'IN_PROGRESS'].includes(standsAt(story, life.clock.now).state!)
    )
      throw new Refusal('NOT_FOUND', 'it has ended')
    return withdrawByCode(act, await found(act), true)
  })
  said(life, story, { what: 'took back', at: life.clock.now })
  said(life, story, { what: 'withdrawn', at: life.clock.now, by: story.code })
}
async function erase(life: Life) {
  await perform(life.world, visitor(life), 'eraseByCode', async (act) => eraseByCode(act, await found(act)))
  said(life, current(life), { what: 'had erased', at: life.clock.now })
}
async function turnOutYoung(life: Life) {
  const situation = { ...SITUATION, age: 'U16' } as never
  await perform(life.world, visitor(life), 'correctByCode', async (act) =>
    correct(act, await found(act), { routing: null, question: null, situation }),
  )
  said(life, current(life), { what: 'turned out below sixteen', at: life.clock.now })
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
  const acting = byPartner ? capacity('HANDLER', 'PARTNER', story.partner) : guide(life)
  const details = {
    ...(what === 'completed' ? { outcome: 'WORK' as const } : {}),
    ...(what === 'declined' || what === 'returned' ? { reason: 'NO_CAPACITY' } : {}),
  }
  await perform(world, acting, byPartner ? BY_PARTNER[what]![0] : 'recordAnswerHeard', (act) =>
    takeStep(act, story.id, name, details),
  )
  const by = byPartner ? story.partner : story.werkcentrum
  said(life, story, { what, at: clock.now, by })
  if (byPartner) said(life, story, { what: 'wrote', category: 'staff', at: clock.now, by })
}
async function putAway(life: Life) {
  const story = current(life)
  const lapses = life.chance.in(0.5)
  const acting = lapses ? capacity('COORDINATOR', 'WERKCENTRUM', story.werkcentrum) : guide(life)
  await perform(life.world, acting, lapses ? 'lapseHandOff' : 'withdrawHandOff', (act) =>
    takeStep(act, story.id, lapses ? 'lapse' : 'withdraw', lapses ? {} : { reason: 'NOT_NEEDED' }),
  )
  said(life, story, { what: lapses ? 'lapsed' : 'withdrawn', at: life.clock.now, by: story.werkcentrum })
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
  said(life, story, { what: 'forwarded', at: clock.now, by: story.werkcentrum })
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

const ACTIONS = [
  ...[
    take,
    take,
    take,
    take,
    give,
    give,
    give,
    narrowIt,
    narrowIt,
    takeBack,
    erase,
    turnOutYoung,
    stop,
    putAway,
    forward,
    forward,
  ],
  ...[draft, amend, sign, sign, sign, sign, suspend, suspend, end],
] as const satisfies ((life: Life) => Promise<void>)[]

/* Who sees what of it */

async function ask(
  life: Life,
  story: Living,
  count: { worlds: number; cells: number; open: number },
  report: (wrong: Wrong) => void,
) {
  const { world, chance, clock } = life
  const { now } = clock
  const { werkcentrum, partner } = story
  const looks: [Asker, Purpose, Capacity, string][] = [
    [{ role: 'GUIDE', of: werkcentrum }, 'HELP', guide(life), 'handOff'],
    [{ role: 'HANDLER', of: partner }, 'HELP', capacity('HANDLER', 'PARTNER', partner), 'handOff'],
    [{ role: 'COORDINATOR', of: werkcentrum }, 'FOLLOW_UP', capacity('COORDINATOR', 'WERKCENTRUM', werkcentrum), 'handOff'],
    [{ role: 'PRIVACY_OFFICER', of: partner }, 'OVERSEE', capacity('PRIVACY_OFFICER', 'PARTNER', partner), 'handOff'],
    [{ role: 'HANDLER', of: life.place.werkcentrum }, 'HELP', capacity('HANDLER', 'PARTNER', life.place.werkcentrum), 'handOff'],
    [{ role: 'CODE_HOLDER', of: story.code }, 'RIGHTS', codeHolder(world, story.followUpCode), 'followUp'],
  ]
  for (const [asker, purpose, acting, operation] of [...looks.slice(0, 2), chance.pick(looks.slice(2))]) {
    const handOff: HandOffData | undefined = await perform(world, acting, operation, (act) =>
      operation === 'followUp' ? findHandOffOfCode(act) : findHandOff(act, story.id),
    )
    // A code that followed its question shows where that is now.
    if (handOff && handOff.id !== story.id) continue
    count.worlds++
    for (const category of SHOWN) {
      const product = handOff ? (sightOf(handOff)!.get(category)?.allowed ?? false) : false
      const naive = maySee(asker, story, purpose, category, now)
      count.cells++
      if (naive) count.open++
      if (naive !== product) report({ world: { asker, story, purpose, category, now }, naive, product })
    }
  }
}
