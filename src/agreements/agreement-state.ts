// The second lock, pure: the life of an agreement, and what it opens as seen from one category and purpose (design 3).
import type { AgreementState, Category, Purpose } from '../decide/decide.js'

export type Stand = 'DRAFT' | 'ACTIVE' | 'SUSPENDED' | 'ENDED'
export type AgreementSide = 'WERKCENTRUM' | 'PARTNER'

export type AgreementFacts = Readonly<{
  id: string
  version: number
  state: Stand
  /** What was agreed, as 'question HELP': category and purpose. */
  cells: readonly string[]
  /** How many events its story has; the log names the last. */
  events: number
  /** First and last day on which it holds, YYYY-MM-DD. */
  validFrom: string
  validTo: string
}>

/** Does it open anything at all today? */
export function lockOf(agreement: Pick<AgreementFacts, 'state' | 'validFrom' | 'validTo'> | null, today: string): AgreementState {
  if (!agreement || agreement.state === 'DRAFT' || today < agreement.validFrom) return 'none'
  if (agreement.state === 'ENDED' || today > agreement.validTo) return 'ended'
  return agreement.state === 'SUSPENDED' ? 'suspended' : 'active'
}

export function agreementFor(
  agreement: AgreementFacts | null,
  category: Category,
  purpose: Purpose,
  today: string,
): AgreementState {
  const lock = lockOf(agreement, today)
  // What was not signed for is not agreed.
  const isNamed = agreement?.cells.includes(`${category} ${purpose}`)
  return lock === 'active' && !isNamed ? 'none' : lock
}

/* The life of an agreement. The trigger take_agreement_step says the same in SQL; test/agreements compares them. */

export type AgreementStep = 'draft' | 'amend' | 'advise' | 'sign' | 'suspend' | 'end'
export type AgreementRole = 'SIGNATORY' | 'PRIVACY_OFFICER'

/** An event of the story; `load` stands for agreements that the owner of the database put there, as signed elsewhere. */
export type AgreementEvent = Readonly<{
  number: number
  step: AgreementStep | 'load'
  side: AgreementSide | null
  role: AgreementRole | null
  /** Id of the legal person that a signature binds. */
  onBehalfOf: string | null
  advice: 'AGREES' | 'OBJECTS' | null
  reason: string | null
  termsHash: string | null
  /** After the step. */
  state: Stand
}>

/** Who may take a step, and from which states. A privacy officer advises and suspends, and never decides (AVG art. 38(6), 39). */
export const STEPS: Readonly<Record<AgreementStep, { roles: readonly AgreementRole[]; from: readonly Stand[] }>> = {
  draft: { roles: ['SIGNATORY'], from: [] },
  amend: { roles: ['SIGNATORY'], from: ['DRAFT'] },
  advise: { roles: ['PRIVACY_OFFICER'], from: ['DRAFT', 'ACTIVE', 'SUSPENDED'] },
  sign: { roles: ['SIGNATORY'], from: ['DRAFT', 'SUSPENDED'] },
  suspend: { roles: ['PRIVACY_OFFICER', 'SIGNATORY'], from: ['DRAFT', 'ACTIVE'] },
  end: { roles: ['SIGNATORY'], from: ['DRAFT', 'ACTIVE', 'SUSPENDED'] },
}

/** What the story comes to on these terms: the last advice of each side, and the signatures since the last suspension. */
export function standing<E extends AgreementEvent>(events: readonly E[], termsHash: string): { advice: E[]; signatures: E[] } {
  const onTheseTerms = events.filter((event) => event.termsHash === termsHash)
  const suspended = events.findLast(({ step }) => step === 'suspend')?.number ?? 0
  const advice = (['WERKCENTRUM', 'PARTNER'] as const).flatMap(
    (side) => onTheseTerms.findLast((event) => event.step === 'advise' && event.side === side) ?? [],
  )
  return { advice, signatures: onTheseTerms.filter(({ step, number }) => step === 'sign' && number > suspended) }
}

type Attempt = Readonly<{
  step: AgreementStep
  side: AgreementSide
  role: AgreementRole
  /** The terms that the asker has read. */
  termsHash?: string
  onBehalfOf?: string
  /** Did the other side sign by this same person? */
  isSamePerson?: boolean
}>

/** Why a step is not taken. */
export type Obstacle =
  | 'wrong-role'
  | 'wrong-state'
  | 'other-terms'
  | 'expired'
  | 'advice-missing'
  | 'no-party'
  | 'signed-already'
  | 'same-legal-person'
  | 'same-person'

export type LivingAgreement = Readonly<{
  state: Stand
  validTo: string
  /** Of the terms as they are now. */
  termsHash: string
  events: readonly AgreementEvent[]
  /** Ids of the legal persons on either side. */
  parties: Readonly<Record<AgreementSide, readonly string[]>>
}>

/** The state after a step, or what stands in its way. */
export function afterStep(agreement: LivingAgreement, attempt: Attempt, today: string): Stand | { obstacle: Obstacle } {
  const { step, side, role, onBehalfOf } = attempt
  const { state, events, termsHash } = agreement
  if (!STEPS[step].roles.includes(role)) return { obstacle: 'wrong-role' }
  const isFresh = events.length === 0
  if (step === 'draft' ? !isFresh || state !== 'DRAFT' : isFresh || !STEPS[step].from.includes(state))
    return { obstacle: 'wrong-state' }
  if ((step === 'advise' || step === 'sign') && attempt.termsHash !== termsHash) return { obstacle: 'other-terms' }
  if (step === 'suspend') return 'SUSPENDED'
  if (step === 'end') return 'ENDED'
  if (step !== 'sign') return state

  const { advice, signatures } = standing(events, termsHash)
  if (today > agreement.validTo) return { obstacle: 'expired' }
  if (advice.length < 2) return { obstacle: 'advice-missing' }
  if (!onBehalfOf || !agreement.parties[side].includes(onBehalfOf)) return { obstacle: 'no-party' }
  if (signatures.some((signature) => signature.side === side)) return { obstacle: 'signed-already' }
  const [other] = signatures
  if (!other) return state
  if (other.onBehalfOf === onBehalfOf) return { obstacle: 'same-legal-person' }
  return attempt.isSamePerson ? { obstacle: 'same-person' } : 'ACTIVE'
}
