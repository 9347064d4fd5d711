// The locks as they were at a moment, read back from what is never changed; and the question that was then asked of them. Pure.
import { type AgreementFacts, agreementFor } from '../agreements/agreement-state.js'
import { type Consent, consentFor } from '../consent/consent.js'
import type { Category, PartnerKind, Purpose, Question, Relation, Role } from '../decide/decide.js'

/** A version of an agreement with its story; `story` is in the order of the numbers, `at` an instant. */
export type AgreementStory = AgreementFacts &
  Readonly<{
    werkcentrumId: string
    partnerId: string
    /** Null: never in force. */
    signedOn: string | null
    story: readonly Readonly<{ number: number; state: AgreementFacts['state']; at: string }>[]
  }>

/** A version of a consent and the day from which it stood; the log keeps instants, consents do not (design 5). */
export type ConsentVersion = Consent & Readonly<{ day: string }>

/** How somebody stands to a hand-off, and the two locks that hang on it. `day` is YYYY-MM-DD. */
export type Standing = Readonly<{
  role: Role
  relation: Relation
  partnerKind: PartnerKind
  agreement: AgreementFacts | null
  consent: Consent | null
  ownSide: (category: Category) => boolean
  day: string
}>

/** The question that the server asks of a hand-off, category by category (src/handoffs/handoffs.ts, src/decide/seen.ts). */
export function questionOf(standing: Standing, category: Category, purpose: Purpose): Question {
  const { role, relation, partnerKind, agreement, consent, ownSide, day } = standing
  const { state, explicit } = consentFor(consent, category, purpose, day)
  return {
    role,
    relation,
    purpose,
    partnerKind,
    category,
    agreement: agreementFor(agreement, category, purpose, day),
    consent: state,
    explicit,
    underSixteen: consent?.underSixteen ?? false,
    representative: consent?.representativePresent ?? false,
    ownSide: ownSide(category),
  }
}

/** The agreement as it was after so many events; undefined when its story does not tell. */
export function agreementAtEvent(agreement: AgreementStory, number: number): AgreementFacts | undefined {
  const event = agreement.story.find((event) => event.number === number)
  return event && { ...agreement, state: event.state, events: number }
}

/**
 * The version that counted on `day` between the two sides, in the state of its last event that `happened`: the newest that was signed and had
 * begun (as in src/agreements/agreements.ts). Those of other organisations are to be left out of `agreements`.
 */
export function agreementOn(
  agreements: readonly AgreementStory[],
  day: string,
  happened: (at: string) => boolean,
): AgreementFacts | null {
  let counted: AgreementFacts | null = null
  for (const agreement of agreements) {
    if (agreement.validFrom > day || (counted && counted.version > agreement.version)) continue
    const then = agreement.story.filter(({ at }) => happened(at))
    // Both had signed by then; or it was loaded, as signed elsewhere. A draft can be suspended and ended too, and opens and replaces nothing.
    const wasSigned = then.some(({ state }) => state === 'ACTIVE') || (then[0] && then[0].state !== 'DRAFT')
    const last = then.at(-1)
    if (last && wasSigned) counted = { ...agreement, state: last.state, events: last.number }
  }
  return counted
}

/** The version that counts now: what stands in the agreement itself, as the decisions of today read it. */
export const agreementNow = (agreements: readonly AgreementStory[], today: string): AgreementFacts | null =>
  agreements
    .filter(({ signedOn, validFrom }) => signedOn !== null && validFrom <= today)
    .reduce<AgreementFacts | null>((newest, next) => (newest && newest.version > next.version ? newest : next), null)

/** The version that stood at the end of that day. `versions` is in order. */
export const consentOn = (versions: readonly ConsentVersion[], day: string): ConsentVersion | null =>
  versions.findLast((version) => version.day <= day) ?? null
