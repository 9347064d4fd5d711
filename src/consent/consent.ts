// The third lock, pure: what a consent covers, and how it narrows (design 3; AVG art. 4(11), 7, 9(2)(a); UAVG art. 5).
import type { Category, ConsentState, PartnerKind, Purpose } from '../decide/decide.js'
import { CATEGORY_LABELS } from '../decide/sentence.js'

export const SHAREABLE = {
  routing: CATEGORY_LABELS.routing,
  question: CATEGORY_LABELS.question,
  situation: CATEGORY_LABELS.situation,
  sensitive: CATEGORY_LABELS.sensitive,
  note: CATEGORY_LABELS.note,
  outcome: 'terugkoppeling aan de balie',
} as const
export type Shareable = keyof typeof SHAREABLE

/** A version of the consent of one hand-off, as far as decisions need it. Days are YYYY-MM-DD. */
export type Consent = Readonly<{
  version: number
  change: 'GIVEN' | 'NARROWED' | 'WIDENED' | 'WITHDRAWN'
  categories: readonly string[]
  explicitCategories: readonly string[]
  purposes: readonly string[]
  underSixteen: boolean
  representativePresent: boolean
  /** The first day on which it no longer holds. */
  expiresOn: string
}>

/** Consent as seen from one category (domain.md, "The question"). */
export function consentFor(
  consent: Consent | null,
  category: Category,
  purpose: Purpose,
  today: string,
): { state: ConsentState; explicit: boolean } {
  if (!consent) return { state: 'none', explicit: false }
  if (consent.change === 'WITHDRAWN') return { state: 'withdrawn', explicit: false }
  if (today >= consent.expiresOn) return { state: 'expired', explicit: false }
  if (!consent.categories.includes(category) || !consent.purposes.includes(purpose))
    return { state: 'not-covered', explicit: false }
  return { state: 'covers', explicit: consent.explicitCategories.includes(category) }
}

/** What of a consent can be more or less than what stood. `expiresOn` is YYYY-MM-DD. */
export type Extent = Pick<Consent, 'categories' | 'explicitCategories' | 'expiresOn' | 'representativePresent'> & {
  readonly reservePartnerId: string | null
}

/** Does what is given open nothing that did not stand, and no longer? Equal is within. */
export function isWithin(given: Extent, stood: Extent): boolean {
  return (
    given.categories.every((category) => stood.categories.includes(category)) &&
    given.explicitCategories.every((category) => stood.explicitCategories.includes(category)) &&
    given.expiresOn <= stood.expiresOn &&
    (given.reservePartnerId === null || given.reservePartnerId === stood.reservePartnerId) &&
    (!given.representativePresent || stood.representativePresent)
  )
}

/** Help is help, seen in a list or in full: one purpose to the visitor, three root purposes to us. */
export const CONSENT_PURPOSES: readonly Purpose[] = ['HELP', 'OVERVIEW', 'FOLLOW_UP']

/** How long a consent holds unless it is withdrawn, in days. */
export const CONSENT_DAYS = 183

/** Which kinds of partner may be told what AVG art. 9 protects (the CHECK on hand_off_sensitive says the same). */
export const MAY_HOLD_SENSITIVE: ReadonlySet<PartnerKind> = new Set(['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'])

/** The three sentences in which consent is asked, by version; a changed sentence is a new version. */
export const WORDINGS = {
  THREE_SENTENCES_2026:
    'Mag ik deze partner vertellen waarvoor u komt? Zij gebruiken dat alleen om u te helpen. U mag nee zeggen, en u mag zich later bedenken.',
} as const
export type WordingVersion = keyof typeof WORDINGS
/** The same sentences in English, for the receipt; what was said aloud was in the language of the consent. */
export const WORDINGS_IN_ENGLISH: Readonly<Record<WordingVersion, string>> = {
  THREE_SENTENCES_2026:
    'May I tell this partner what you came for? They use it only to help you. You may say no, and you may change your mind later.',
}
export const LANGUAGES = {
  nl: 'Nederlands',
  en: 'Engels',
  de: 'Duits',
  fr: 'Frans',
  pl: 'Pools',
  tr: 'Turks',
  ar: 'Arabisch',
  uk: 'Oekraïens',
  ti: 'Tigrinya',
  es: 'Spaans',
} as const
export const GIVEN_HOW = { SPOKEN: 'mondeling', WRITTEN: 'schriftelijk', WITH_CODE: 'met de volgcode' } as const
