// May this role see this category of this hand-off, and which lock decides? Through the very functions that decide for real; pure.
import type { AgreementFacts } from '../agreements/agreement-state.js'
import type { Consent } from '../consent/consent.js'
import {
  type Category,
  type Decide,
  LOCKS,
  type PartnerKind,
  type Purpose,
  type Question,
  type Role,
  reasonOf,
  type WithheldReason,
} from '../decide/decide.js'
import { type Action, purposeFor } from '../decide/policy-files.js'
import type { State } from '../handoffs/lists.js'
import { completion, relationTo } from '../handoffs/steps.js'
import { questionOf, type Standing } from './facts.js'

/** One lock before a category. */
export type LockState = Readonly<{
  lock: WithheldReason
  /** The rule that a decision names when this lock is the first that is closed. */
  rule: string
  /** Does what is asked about hang on it? */
  needed: boolean
  open: boolean
}>

export type Answer = Readonly<{
  question: Question
  allowed: boolean
  /** The rule that decides. */
  rule: string
  /** The first closed lock; null when it is allowed. */
  lock: WithheldReason | null
  /** Every lock, in the order in which they are tried. */
  locks: readonly LockState[]
}>

const ALL_OPEN = {
  agreement: 'active',
  consent: 'covers',
  explicit: true,
  underSixteen: false,
  representative: true,
  ownSide: true,
} as const satisfies Partial<Question>

/** What closes each lock and no other. */
const CLOSING: Readonly<Record<string, Partial<Question>>> = {
  'agreement-must-be-active': { agreement: 'none' },
  'consent-must-cover': { consent: 'none' },
  'explicit-consent-must-name-it': { explicit: false },
  'under-sixteen-needs-a-representative': { underSixteen: true, representative: false },
  'only-the-side-that-wrote-it': { ownSide: false },
}

/** Decides, and finds out lock by lock what the decision hangs on by asking the same `decide` with that lock closed and all others open. */
export function explain(decide: Decide, standing: Standing, category: Category, purpose: Purpose): Answer {
  const question = questionOf(standing, category, purpose)
  const { allowed, because } = decide(question)
  const unlocked = decide({ ...question, ...ALL_OPEN })
  const policy: LockState = {
    lock: 'POLICY',
    rule: unlocked.because,
    needed: true,
    open: unlocked.allowed,
  }
  const others = LOCKS.map(({ rule, reason, isOpen }) => ({
    lock: reason,
    rule,
    needed: unlocked.allowed && !decide({ ...question, ...ALL_OPEN, ...CLOSING[rule] }).allowed,
    open: isOpen(question),
  }))
  return { question, allowed, rule: because, lock: allowed ? null : reasonOf(because), locks: [policy, ...others] }
}

/** The closed locks without which this would be shown; none when it is shown, or when the policy itself closes it. */
export const inTheWay = ({ allowed, locks }: Answer): readonly LockState[] =>
  allowed || !locks[0]?.open ? [] : locks.filter(({ needed, open }) => needed && !open)

/** The purposes for which a role does anything at all; a follow-up code is there for its holder's rights (domain.md). */
export function purposesOf(actions: ReadonlyMap<string, Action>, role: Role): Purpose[] {
  if (role === 'CODE_HOLDER') return ['RIGHTS']
  const purposes = [...actions.values()].filter(({ purposes }) => purposes).map((action) => purposeFor(action, role))
  return [...new Set(purposes.filter((purpose) => purpose !== undefined))]
}

/** What the story of a hand-off tells, as far as decisions need it. Days are YYYY-MM-DD. */
export type Told = Readonly<{
  offeredOn: string
  events: readonly Readonly<{ step: string; state: State; heardByDesk: boolean; day: string }>[]
}>

/** How it stood at the end of that day; undefined before it was offered. */
export function stateOn({ offeredOn, events }: Told, day: string): { state: State; outcomeHeardByDesk: boolean } | undefined {
  if (day < offeredOn) return undefined
  const then = events.filter((event) => event.day <= day)
  const state = then.at(-1)?.state
  return state && { state, outcomeHeardByDesk: completion(then)?.heardByDesk === true }
}

/** Whose people may be asked about: those of the two sides, whoever holds the code, and for the rest nobody. */
type Asker = Readonly<{ role: Role; isInvolved: boolean }>

export function standingOf(
  { role, isInvolved }: Asker,
  then: { state: State; outcomeHeardByDesk: boolean } | undefined,
  facts: Readonly<{ partnerKind: PartnerKind; agreement: AgreementFacts | null; consent: Consent | null; day: string }>,
): Standing {
  return {
    ...facts,
    role,
    relation: then && isInvolved ? relationTo(role, then.state) : 'none',
    ownSide: (category) => category !== 'outcome' || then?.outcomeHeardByDesk !== true,
  }
}
