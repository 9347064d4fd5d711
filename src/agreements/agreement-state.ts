// The second lock, pure: what an agreement opens, as seen from one category and purpose (design 3).
import type { AgreementState, Category, Purpose } from '../decide/decide.js'

export type AgreementFacts = Readonly<{
  id: string
  version: number
  state: 'DRAFT' | 'ACTIVE' | 'SUSPENDED' | 'ENDED'
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
