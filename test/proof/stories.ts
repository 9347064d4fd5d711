// Random stories of hand-offs with their consents and agreements, on and around every boundary of time; the same for the same seed.
import { STEPS as AGREEMENT_STEPS, type AgreementSide, type AgreementStep } from '#app/agreements/agreement-state.js'
import { PARTNER_KINDS } from '#app/decide/decide.js'
import {
  type Asker,
  type Category,
  dayInAmsterdam,
  type Event,
  PURPOSES,
  type Purpose,
  type Role,
  type Step,
  type Story,
} from './naive.js'
import { hasSaid, mayTake, standsAt } from './product.js'

export type Chance = {
  below: (n: number) => number
  in: (share: number) => boolean
  pick: <T>(list: readonly T[]) => T
  some: <T>(list: readonly T[], share: number) => T[]
}

/** Mulberry32: small, and good enough to choose with. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const chance: Chance = {
    below: (n) => Math.floor(next() * n),
    in: (share) => next() < share,
    pick: (list) => list[chance.below(list.length)]!,
    some: (list, share) => list.filter(() => chance.in(share)),
  }
  return chance
}

const DAY = 86_400_000
const HOUR = 3_600_000
export const dayAfter = (day: string, days: number) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10)

/** The first instant of a day in Amsterdam. */
export function midnight(day: string): number {
  const early = Date.parse(day) - 2 * HOUR
  return dayInAmsterdam(early) === day ? early : early + HOUR
}

/** Around these days everything happens, ends and is asked: both switches of the clock, leap days and days that are none, the ends of years. */
export const ANCHORS = [
  ...['2026-03-29', '2026-10-25', '2026-12-31', '2027-02-28', '2027-03-28', '2027-10-31', '2027-12-31'],
  ...['2028-02-28', '2028-02-29', '2028-03-01', '2028-03-26', '2028-10-29', '2028-12-31', '2026-11-24'],
]

/** Ids that can be read back: a letter for what it is, and a number. */
const idOf = (letter: string) => (n: number) => `${letter}0000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
export const werkcentrumId = idOf('a')
export const partnerId = idOf('b')
export const handOffId = idOf('c')
export const contactId = idOf('e')

const NEAR = [-3, -2, -1, -1, 0, 0, 0, 1, 1, 2, 3]
const near = (chance: Chance, anchor: string) => dayAfter(anchor, chance.pick(NEAR))
const notBefore = (day: string, first: string) => (day < first ? first : day)

/** The instants that are asked about, and those at which things happen: the start of a day, just before, just after, and in the middle. */
function instantOn(chance: Chance, day: string): number {
  const start = midnight(day)
  if (chance.in(0.45)) return start + chance.pick([-1, 0, 0, 1])
  // The hours in which clocks are put forward and back.
  if (chance.in(0.3)) return start + chance.pick([1, 2, 3]) * HOUR - chance.pick([0, 1])
  return start + chance.below(DAY)
}

/** In order, `most` at most, from some weeks before the anchor to some days after it, and none before `first`. */
function instants(chance: Chance, anchor: string, most: number, first: number): number[] {
  const drawn = Array.from({ length: chance.below(most + 1) }, () =>
    instantOn(chance, chance.in(0.7) ? near(chance, anchor) : dayAfter(anchor, -chance.below(40))),
  )
  return drawn.map((at) => Math.max(at, first)).sort((a, b) => a - b)
}

const AGREED: readonly Category[] = ['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'outcome']
const CONSENTED: readonly Category[] = AGREED.slice(1)
const WORK: readonly Purpose[] = ['OVERVIEW', 'HELP', 'FOLLOW_UP']
const mostOf = <T>(chance: Chance, list: readonly T[], whole: number) => (chance.in(whole) ? [...list] : chance.some(list, 0.7))

/** What two organisations agreed to, in up to three versions. */
export function agreementsBetween(chance: Chance, anchor: string, werkcentrum: string, partner: string): Event[] {
  const happened: Event[] = []
  const between = { werkcentrum, partner, partnerKind: 'UWV', code: '', happened }
  const terms = (at: number) => {
    const today = dayInAmsterdam(at)
    const firstDay = chance.in(0.5) ? today : notBefore(near(chance, anchor), today)
    const lastDay = notBefore(chance.in(0.5) ? near(chance, anchor) : dayAfter(anchor, 30 + chance.below(300)), firstDay)
    return { categories: mostOf(chance, AGREED, 0.75), purposes: mostOf(chance, WORK, 0.85), firstDay, lastDay }
  }
  let versions = 0
  const draft = (at: number) => happened.push({ what: 'drafted', at, version: ++versions, ...terms(at) })
  const sign = (at: number, version: number, by: string) => happened.push({ what: 'signed', at, version, by })

  const early = midnight(dayAfter(anchor, -220))
  const begins = early + chance.below(60) * DAY
  if (chance.in(0.8)) {
    draft(begins)
    for (const by of chance.in(0.5) ? [werkcentrum, partner] : [partner, werkcentrum]) if (chance.in(0.95)) sign(begins, 1, by)
  }
  for (const at of instants(chance, anchor, 6, begins)) {
    if (versions < 3 && chance.in(versions === 0 ? 0.8 : 0.3)) {
      draft(at)
      continue
    }
    const standing = standsAt(between, at).agreements.filter(({ state }) => state !== 'ENDED')
    if (standing.length === 0) continue
    const { version, state } = chance.pick(standing)
    const by = chance.pick([werkcentrum, partner])
    const side: AgreementSide = by === werkcentrum ? 'WERKCENTRUM' : 'PARTNER'
    const step: AgreementStep = chance.pick(
      (['amend', 'sign', 'sign', 'sign', 'suspend', 'end'] as const).filter((name) => AGREEMENT_STEPS[name].from.includes(state)),
    )
    if (step === 'amend') happened.push({ what: 'drafted', at, version, ...terms(at) })
    if (step === 'end') happened.push({ what: 'ended', at, version, by })
    if (step === 'sign' && !hasSaid(between, at, version, side)) sign(at, version, by)
    if (step === 'suspend') {
      // Who suspends a version suspends the later ones too that somebody has signed (docs/decisions.md).
      const later = standsAt(between, at).agreements.filter((other) => other.version > version && other.isSignedBySomebody)
      for (const each of [version, ...later.map((other) => other.version)])
        happened.push({ what: 'suspended', at, version: each, by })
    }
  }
  return happened
}

const STEPS = [
  'accepted',
  'accepted',
  'started',
  'completed',
  'declined',
  'returned',
  'withdrawn',
  'forwarded',
  'lapsed',
] as const

/** One hand-off and what its visitor said, under these agreements. */
export function storyOf(
  chance: Chance,
  anchor: string,
  who: { werkcentrum: string; partner: string; partnerKind: string; code: string },
  agreements: readonly Event[],
): Story {
  const happened: Event[] = []
  const story = { ...who, happened }
  const offered = instantOn(chance, chance.in(0.5) ? dayAfter(anchor, -6) : dayAfter(anchor, -40 - chance.below(100)))
  happened.push({ what: 'offered', at: offered })
  if (chance.in(0.12)) happened.push({ what: 'turned out below sixteen', at: offered })
  const agree = (at: number) => {
    const categories = mostOf(chance, CONSENTED, 0.6)
    const today = dayInAmsterdam(at)
    const lastDay = chance.in(0.5) ? near(chance, anchor) : dayAfter(today, 1 + chance.below(181))
    happened.push({
      what: 'agreed',
      at,
      to: chance.in(0.97) ? who.partner : partnerId(999_999),
      categories: categories.length > 0 ? categories : ['question'],
      explicitly: mostOf(chance, categories, 0.6),
      purposes: mostOf(chance, WORK, 0.85),
      representative: chance.in(0.4),
      lastDay: notBefore(lastDay, today),
    })
  }
  if (chance.in(0.9)) agree(offered)
  const words = instants(chance, anchor, 4, offered).map((at) => () => {
    const said = chance.pick(['narrowed', 'narrowed', 'agreed', 'agreed', 'took back', 'had erased', 'below sixteen'] as const)
    if (said === 'agreed') agree(at)
    else if (said === 'narrowed') {
      const lastDay = chance.in(0.5) ? null : notBefore(near(chance, anchor), dayInAmsterdam(at))
      happened.push({ what: 'narrowed', at, keep: chance.some(CONSENTED, 0.7), lastDay })
    } else if (said === 'below sixteen') happened.push({ what: 'turned out below sixteen', at })
    else happened.push({ what: said, at })
  })
  for (const say of words) say()
  for (const at of instants(chance, anchor, 4, offered)) {
    const what: Step = chance.pick(STEPS)
    const by =
      what === 'withdrawn'
        ? chance.pick([who.werkcentrum, who.code])
        : what === 'forwarded' || what === 'lapsed'
          ? who.werkcentrum
          : chance.pick([who.partner, who.partner, who.werkcentrum])
    if (!mayTake(story, at, what, by)) continue
    happened.push({ what, at, by })
    if (by === who.partner) happened.push({ what: 'wrote', category: 'staff', at, by })
    if (chance.in(0.3)) happened.push({ what: 'wrote', category: 'internal', at, by: who.partner })
  }
  return { ...who, happened: [...agreements, ...happened].sort((a, b) => a.at - b.at) }
}

/** On the days on which something begins, ends or happens, and the days around them. */
export function momentIn(chance: Chance, anchor: string, { happened }: Story): number {
  const event = chance.pick(happened)
  if (chance.in(0.15)) return event.at + chance.pick([-1, 0, 1])
  const days = [anchor, dayInAmsterdam(event.at)]
  if ('firstDay' in event) days.push(event.firstDay)
  if ('lastDay' in event && event.lastDay) days.push(event.lastDay, event.lastDay)
  return instantOn(chance, dayAfter(chance.pick(days), chance.pick([-1, 0, 0, 1, 1])))
}

const OWN: readonly (readonly [Role, 'werkcentrum' | 'partner' | 'code'])[] = [
  ...Array<[Role, 'partner']>(5).fill(['HANDLER', 'partner']),
  ...Array<[Role, 'werkcentrum']>(4).fill(['GUIDE', 'werkcentrum']),
  ...Array<[Role, 'code']>(2).fill(['CODE_HOLDER', 'code']),
  ['COORDINATOR', 'werkcentrum'],
  ['PRIVACY_OFFICER', 'werkcentrum'],
  ['PRIVACY_OFFICER', 'partner'],
]
const ROLES: readonly Role[] = ['GUIDE', 'HANDLER', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY', 'CODE_HOLDER']

/** Mostly somebody who has to do with it; else any role of any organisation, also one that no such organisation has. */
export function askerOf(chance: Chance, story: Story): Asker {
  const [role, side] = chance.pick(OWN)
  if (chance.in(0.88)) return { role, of: story[side] }
  const stranger = chance.pick([werkcentrumId(999_998), partnerId(999_998), 'another code'])
  return { role: chance.pick(ROLES), of: chance.pick([story.werkcentrum, story.partner, story.code, stranger]) }
}

export const kindOf = (chance: Chance): string => chance.pick(['UWV', 'GEMEENTE', 'UNION', 'PRIVATE', ...PARTNER_KINDS])

/** What a role does anything for, and one other. */
export const purposesOf = (chance: Chance, role: Role): Purpose[] => {
  const own: Partial<Record<Role, Purpose[]>> = {
    GUIDE: ['HELP', 'OVERVIEW', 'FOLLOW_UP'],
    HANDLER: ['HELP', 'OVERVIEW', 'FOLLOW_UP'],
    COORDINATOR: ['OVERVIEW', 'FOLLOW_UP'],
    PRIVACY_OFFICER: ['OVERSEE'],
    CODE_HOLDER: ['RIGHTS'],
  }
  return [...new Set([...(own[role] ?? []), chance.pick(PURPOSES)])]
}
