// The same question through the product's own functions: what it would keep of a story, and what it decides from that.
import {
  type AgreementEvent,
  type AgreementSide,
  type AgreementStep,
  afterStep,
  type Stand,
  standing,
} from '#app/agreements/agreement-state.js'
import { isWithin } from '#app/consent/consent.js'
import { type Category, decider, type PartnerKind, type Purpose } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { dutchToday } from '#app/handoffs/calendar.js'
import type { State } from '#app/handoffs/lists.js'
import { addDays, isOpenLoop, loopStatus } from '#app/handoffs/loops.js'
import { completion, type StepName, step } from '#app/handoffs/steps.js'
import { capacityFrom } from '#app/identity/capacity.js'
import { standingOf, stateOn } from '#app/insight/explain.js'
import { type AgreementStory, agreementNow, agreementOn, type ConsentVersion, consentOn, questionOf } from '#app/insight/facts.js'
import { POLICIES } from '../support/server.js'
import type { Asker, Event, Step, Story } from './naive.js'

export const policies = readPolicies(POLICIES)
/** The categories that some field of a hand-off is of; for the others there is no field yet. */
export const SHOWN = [...new Set(policies.fields.governed.get('HandOff')!.values())].filter((category) => category !== 'open')

const decide = decider(policies.sharing)
const days = new Map<number, string>()

/** Which day it is in the Netherlands, by the product's own calendar; worked out once for an instant. */
export function today(now: number): string {
  const day = days.get(now) ?? dutchToday(new Date(now)).day
  if (days.size > 100_000) days.clear()
  days.set(now, day)
  return day
}

type Line = { number: number; step: string; state: State; heardByDesk: boolean; at: number }
type Kept = AgreementStory & { isSignedBySomebody: boolean; events: number }

/** What stands in the database at an instant, in the product's names. */
export type Rows = {
  state: State | null
  heardByDesk: boolean
  lines: Line[]
  consents: ConsentVersion[]
  agreements: Kept[]
}

/** A story that the product would not have let happen. */
export class Impossible extends Error {}

/** What was worked out before, by how much of the story had happened. */
const known = new WeakMap<Story, Map<number, Rows>>()

export function standsAt(story: Story, now: number): Rows {
  const past = story.happened.filter(({ at }) => at <= now)
  const rows = known.get(story)?.get(past.length) ?? rowsOf(story, past)
  if (!known.has(story)) known.set(story, new Map())
  known.get(story)!.set(past.length, rows)
  return rows
}

function rowsOf(story: Story, past: readonly Event[]): Rows {
  const lines = linesOf(story, past)
  const last = lines.at(-1)
  return {
    state: last?.state ?? null,
    heardByDesk: last?.heardByDesk ?? false,
    lines,
    consents: consentsOf(story, past),
    agreements: agreementsOf(story, past),
  }
}

/* The life of the hand-off */

const OF_DESK: Record<Step, StepName> = {
  accepted: 'hearAccepted',
  started: 'hearFirstContact',
  completed: 'hearCompleted',
  declined: 'hearDeclined',
  returned: 'hearReturned',
  forwarded: 'forward',
  withdrawn: 'withdraw',
  lapsed: 'lapse',
}
const OF_PARTNER: Partial<Record<Step, StepName>> = {
  accepted: 'accept',
  started: 'recordFirstContact',
  completed: 'complete',
  declined: 'decline',
  returned: 'return',
}
const isStep = (event: Event): event is Extract<Event, { what: Step }> => event.what in OF_DESK

function nameOf(story: Story, what: Step, by: string): StepName | undefined {
  if (by === story.code) return what === 'withdrawn' ? 'stop' : undefined
  return by === story.partner ? OF_PARTNER[what] : OF_DESK[what]
}

const CONTRADICTED: readonly State[] = ['ACCEPTED', 'IN_PROGRESS', 'DECLINED', 'COMPLETED', 'RETURNED']

function isPossible(last: Line | undefined, name: StepName | undefined, at: number): name is StepName {
  if (!last || !name) return false
  const { from, contradicts, openLoop } = step(name)
  const changedOn = today(last.at)
  if (openLoop && !isOpenLoop(loopStatus({ state: last.state, changedOn, guideVoice: null, visitorVoice: null }, today(at))))
    return false
  return from.includes(last.state) || (contradicts === true && last.heardByDesk && CONTRADICTED.includes(last.state))
}

export const mayTake = (story: Story, at: number, what: Step, by: string): boolean =>
  isPossible(linesOf(story, story.happened).at(-1), nameOf(story, what, by), at)

function linesOf(story: Story, past: readonly Event[]): Line[] {
  const lines: Line[] = []
  for (const event of past) {
    const number = lines.length + 1
    if (event.what === 'offered') lines.push({ number, step: 'offer', state: 'OFFERED', heardByDesk: false, at: event.at })
    if (!isStep(event)) continue
    const name = nameOf(story, event.what, event.by)
    if (!isPossible(lines.at(-1), name, event.at)) throw new Impossible(`${event.what} by ${event.by}`)
    lines.push({ number, step: name, state: step(name).to, heardByDesk: name.startsWith('hear'), at: event.at })
  }
  return lines
}

/* Consent: a version for each thing that the visitor said */

function consentsOf(story: Story, past: readonly Event[]): ConsentVersion[] {
  const versions: ConsentVersion[] = []
  let belowSixteen = false
  for (const event of past) {
    const last = versions.at(-1)
    const next = (said: Partial<ConsentVersion>) => {
      const kept = { ...last!, ...said, version: versions.length + 1, underSixteen: belowSixteen, day: today(event.at) }
      const explicitCategories = kept.explicitCategories.filter((category) => kept.categories.includes(category))
      versions.push({ ...kept, explicitCategories })
    }
    const takeBack = () => next({ change: 'WITHDRAWN', categories: [] })
    const stands = last && last.change !== 'WITHDRAWN'
    if (event.what === 'turned out below sixteen') {
      const isNew = !belowSixteen
      belowSixteen = true
      if (last && isNew) next({ change: stands ? 'NARROWED' : 'WITHDRAWN' })
    }
    if (event.what === 'agreed' && event.to === story.partner) {
      const { categories, explicitly: explicitCategories, purposes, representative: representativePresent } = event
      const said = { categories, explicitCategories, purposes, representativePresent, expiresOn: addDays(event.lastDay, 1) }
      const isLess = stands && isWithin({ ...said, reservePartnerId: null }, { ...last, reservePartnerId: null })
      next({ ...said, change: !last ? 'GIVEN' : isLess ? 'NARROWED' : 'WIDENED' })
    }
    if (event.what === 'narrowed' && stands) {
      const categories = last.categories.filter((category) => (event.keep as string[]).includes(category))
      const until = event.lastDay ? addDays(event.lastDay, 1) : last.expiresOn
      if (categories.length === 0) takeBack()
      else next({ change: 'NARROWED', categories, expiresOn: until < last.expiresOn ? until : last.expiresOn })
    }
    if ((event.what === 'took back' || event.what === 'had erased') && stands) takeBack()
  }
  return versions
}

/* Agreements: the story of each version, told by the product's own machine */

export const ORGANISATION_OF_DESK = 'b0000000-0000-4000-8000-00000000dddd'
type Told = Extract<Event, { what: 'drafted' }> & { terms: string; state: Stand; signedOn: string | null; story: Happened[] }
type Happened = AgreementEvent & { at: string }

function agreementsOf(story: Story, past: readonly Event[]): Kept[] {
  const versions = new Map<number, Told>()
  for (const event of past) {
    if (!('version' in event)) continue
    const known = versions.get(event.version)
    if (event.what === 'drafted') {
      const steps = known?.story ?? []
      const told = { ...event, terms: `terms ${steps.length}`, state: 'DRAFT' as Stand, signedOn: null, story: steps }
      if (known && known.state !== 'DRAFT') throw new Impossible('other terms after signing')
      versions.set(event.version, told)
      take(story, told, known ? 'amend' : 'draft', 'WERKCENTRUM', event.at)
      for (const side of ['WERKCENTRUM', 'PARTNER'] as const) take(story, told, 'advise', side, event.at)
      continue
    }
    if (!known) throw new Impossible(`${event.what} without a draft`)
    const side = event.by === story.werkcentrum ? 'WERKCENTRUM' : 'PARTNER'
    take(story, known, ({ signed: 'sign', suspended: 'suspend', ended: 'end' } as const)[event.what], side, event.at)
  }
  return [...versions.values()].map((told) => ({
    id: `${story.werkcentrum} ${story.partner} ${told.version}`,
    version: told.version,
    state: told.state,
    cells: told.categories.flatMap((category) => told.purposes.map((purpose) => `${category} ${purpose}`)),
    events: told.story.length,
    validFrom: told.firstDay,
    validTo: told.lastDay,
    werkcentrumId: story.werkcentrum,
    partnerId: story.partner,
    signedOn: told.signedOn,
    story: told.story,
    isSignedBySomebody:
      told.state === 'ACTIVE' || (told.state === 'DRAFT' && told.story.some((happened) => happened.step === 'sign')),
  }))
}

function take(story: Story, told: Told, name: AgreementStep, side: AgreementSide, at: number): void {
  const role = name === 'advise' ? 'PRIVACY_OFFICER' : 'SIGNATORY'
  const onBehalfOf = name === 'sign' ? (side === 'PARTNER' ? story.partner : ORGANISATION_OF_DESK) : null
  const parties = { WERKCENTRUM: [ORGANISATION_OF_DESK], PARTNER: [story.partner] }
  const attempt = { step: name, side, role, termsHash: told.terms, onBehalfOf: onBehalfOf ?? '' } as const
  const living = { state: told.state, validTo: told.lastDay, termsHash: told.terms, events: told.story, parties }
  const state = afterStep(living, attempt, today(at))
  if (typeof state !== 'string') throw new Impossible(`${name}: ${state.obstacle}`)
  told.state = state
  if (state === 'ACTIVE') told.signedOn ??= today(at)
  const advice = name === 'advise' ? 'AGREES' : null
  const number = told.story.length + 1
  told.story.push({
    number,
    step: name,
    side,
    role,
    onBehalfOf,
    advice,
    reason: null,
    termsHash: told.terms,
    state,
    at: new Date(at).toISOString(),
  })
}

/** Has this side signed what is on the table, or is it too late to? */
export function hasSaid(story: Story, at: number, version: number, side: AgreementSide): boolean {
  const kept = agreementsOf(story, story.happened).find((agreement) => agreement.version === version)!
  const events = kept.story as Happened[]
  const terms = events.findLast(({ step }) => step === 'draft' || step === 'amend')!.termsHash!
  return today(at) > kept.validTo || standing(events, terms).signatures.some((signature) => signature.side === side)
}

/* The decision */

export type Answer = (purpose: Purpose, category: Category) => boolean

/** As src/handoffs/handoffs.ts reads what stands and asks; and the agreement read back from its story, as a what-if does afterwards. */
export function answersAt(story: Story, now: number, asker: Asker): { decided: Answer; recalled: Answer } {
  const day = today(now)
  const { state, lines, consents, agreements } = standsAt(story, now)
  const then = state ? { state, outcomeHeardByDesk: completion(lines)?.heardByDesk === true } : undefined
  const facts = { consent: consents.at(-1) ?? null, day }
  const all = standsAt(story, Number.POSITIVE_INFINITY).agreements
  return {
    decided: asks(story, asker, then, { ...facts, agreement: agreementNow(agreements, day) }),
    recalled: asks(story, asker, then, { ...facts, agreement: agreementOn(all, day, (at) => Date.parse(at) <= now) }),
  }
}

/** As an officer has it explained afterwards: how it stood at the end of that day, from the whole story. */
export function explainedOn(story: Story, end: number, asker: Asker): Answer {
  const day = today(end)
  const { lines, consents, agreements } = standsAt(story, Number.POSITIVE_INFINITY)
  const events = lines.map((line) => ({ ...line, day: today(line.at) }))
  return asks(story, asker, stateOn({ offeredOn: events[0]!.day, events }, day), {
    agreement: agreementOn(agreements, day, (at) => today(Date.parse(at)) <= day),
    consent: consentOn(consents, day),
    day,
  })
}

function asks(
  story: Story,
  asker: Asker,
  then: Parameters<typeof standingOf>[1],
  facts: Omit<Parameters<typeof standingOf>[2], 'partnerKind'>,
): Answer {
  const who = { role: asker.role, isInvolved: isInvolved(asker, story) }
  const standing = standingOf(who, then, { ...facts, partnerKind: story.partnerKind as PartnerKind })
  return (purpose, category) => decide(questionOf(standing, category, purpose)).allowed
}

/** As the rows of the own organisation are found: by the capacity that the token makes, or by the code. */
function isInvolved({ role, of }: Asker, story: Story): boolean {
  if (role === 'CODE_HOLDER') return of === story.code
  const kind = of === story.werkcentrum ? 'werkcentrum' : of === story.partner ? 'partner' : null
  return kind !== null && capacityFrom({ sub: 'somebody', wo_role: role, wo_organisation: `${kind}:${of}` }) !== undefined
}
