// The terms of an agreement, pure: what people agree on, and what can be wrong with it.
import type { Category, Purpose } from '../decide/decide.js'
import { isDay } from '../handoffs/calendar.js'

/** What can be agreed on: the rest needs no agreement, or none can open it. The database has the same list. */
export const AGREED_CATEGORIES = [
  'logistics',
  'routing',
  'question',
  'situation',
  'sensitive',
  'note',
  'outcome',
] as const satisfies Category[]
export const AGREED_PURPOSES = ['OVERVIEW', 'HELP', 'FOLLOW_UP'] as const satisfies Purpose[]

/** 'question HELP' for each; in the order of the lists, so that the same agreement is always written the same. */
export const inOrder = (cells: readonly string[]): string[] => ALL_CELLS.filter((cell) => cells.includes(cell))
export const ALL_CELLS: readonly string[] = AGREED_CATEGORIES.flatMap((category) =>
  AGREED_PURPOSES.map((purpose) => `${category} ${purpose}`),
)

export type Terms = Readonly<{
  /** Ids of legal persons: controllers of the werkcentrum, and those on the side of the partner. */
  controllers: readonly string[]
  actingFor: readonly string[]
  /** 'question HELP': category and purpose. */
  cells: readonly string[]
  /** Name of a basis in policies/sharing.yaml, and its version there. */
  legalBasis: string
  legalBasisVersion: number
  /** Working days. */
  answerTermDays: number
  firstContactTermDays: number
  contactPoint: string
  documentReference: string
  /** Days, YYYY-MM-DD. */
  reviewOn: string
  validFrom: string
  validTo: string
}>

/** Longest text, in characters; both texts are about organisations, never about visitors. */
const LONGEST_TEXT = 200
/** Longest term, in working days. */
const LONGEST_TERM = 60

/** What is wrong with terms, in one sentence, or nothing. `today` is YYYY-MM-DD; which parties and bases there are is asked elsewhere. */
export function mistakeIn(terms: Omit<Terms, 'legalBasisVersion'>, today: string): string | undefined {
  const unknown = terms.cells.filter((cell) => !ALL_CELLS.includes(cell))
  if (unknown.length > 0)
    return `What is agreed is one of ${AGREED_CATEGORIES.join(', ')}, for one of ${AGREED_PURPOSES.join(', ')}; the rest needs no agreement.`
  if (terms.cells.length === 0) return 'Nothing is agreed: name at least one category with a purpose.'
  if (new Set(terms.cells).size < terms.cells.length) return 'A category is named twice for one purpose.'
  for (const [name, parties] of [
    ['controllers', terms.controllers],
    ['actingFor', terms.actingFor],
  ] as const) {
    if (parties.length === 0) return `${name} must name at least one legal person.`
    if (new Set(parties).size < parties.length) return `${name} names one twice.`
  }
  for (const name of ['answerTermDays', 'firstContactTermDays'] as const)
    if (!Number.isInteger(terms[name]) || terms[name] < 1 || terms[name] > LONGEST_TERM)
      return `${name} must be 1 to ${LONGEST_TERM} working days.`
  for (const name of ['contactPoint', 'documentReference'] as const) {
    const text = terms[name]
    if (
      text.trim() === '' ||
      text !== text.trim() ||
      text.length > LONGEST_TEXT ||
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)
    )
      return `${name} must be one line of at most ${LONGEST_TEXT} characters, without spaces around it.`
  }
  for (const name of ['reviewOn', 'validFrom', 'validTo'] as const)
    if (!isDay(terms[name])) return `${name} must be a day, as YYYY-MM-DD.`
  if (terms.validFrom < today) return 'validFrom is before today: an agreement does not work backwards.'
  if (terms.validTo < terms.validFrom) return 'validTo is before validFrom.'
  if (terms.reviewOn < terms.validFrom) return 'reviewOn is before validFrom.'
  if (terms.reviewOn > terms.validTo) return 'reviewOn is after validTo: look at it again before it ends.'
  return undefined
}
