// What the values of each dimension are called. Labels only: the numbers are the same in both languages.
import {
  AGES,
  BENEFITS,
  CHANNELS,
  CONTACT_RESULTS,
  EDUCATIONS,
  JOURNEYS,
  LANGUAGE_HELP,
  VISITOR_KINDS,
  WORK,
} from '../contacts/lists.js'
import { DECLINE_REASONS, OUTCOMES, STATES } from '../handoffs/lists.js'
import { PARTNER_KIND_LABELS } from '../partners/partners.js'

/** Hand-offs to unions are in no figure (domain.md, invariant 4). */
const { UNION: _, ...partnerKinds } = PARTNER_KIND_LABELS
const { COMPLETED, RETURNED, FORWARDED, WITHDRAWN, LAPSED } = STATES
const { ANSWERED, COMES_BACK, BROKEN_OFF } = CONTACT_RESULTS
const unknown = { UNKNOWN: 'onbekend' }

/** Of each dimension the values that are always there, in their order. */
export const DIMENSIONS = {
  visitorKind: VISITOR_KINDS,
  channel: CHANNELS,
  journey: { ...JOURNEYS, NONE: 'geen of onbekend' },
  age: AGES,
  work: WORK,
  benefit: BENEFITS,
  education: EDUCATIONS,
  languageHelp: LANGUAGE_HELP,
  result: { ANSWERED, PASSED_ON: 'verwezen of warm overgedragen', COMES_BACK, BROKEN_OFF },
  origin: { OWN_REGION: 'eigen regio', OTHER_REGION: 'andere regio', ...unknown },
  /** And those of the own region. */
  municipality: { OTHER_REGION: 'andere regio', ...unknown },
  partnerKind: partnerKinds,
  /** Those that are told, by id. */
  partner: {},
  answer: { ACCEPTED: 'aangenomen', DECLINED: 'niet aangenomen' },
  declineReason: DECLINE_REASONS,
  inTime: { WITHIN_TERM: 'binnen de termijn', LATE: 'na de termijn', NO_TERM: 'geen termijn afgesproken' },
  ending: { COMPLETED, RETURNED, FORWARDED, WITHDRAWN, LAPSED },
  outcome: { ...OUTCOMES, ...unknown },
  loop: {
    CLOSED: 'bezoeker zegt: gelukt',
    UNCONFIRMED: 'niet bevestigd: de bezoeker zei niets',
    CONTRADICTED: 'tegengesproken: de bezoeker zegt van niet',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type Dimension = keyof typeof DIMENSIONS

export const TOTAL = 'TOTAL'
/** Partners that are not named, together. */
export const OTHER_PARTNERS = 'OTHER_PARTNERS'

const GENERAL: Record<string, { nl: string; en: string }> = {
  [TOTAL]: { nl: 'totaal', en: 'total' },
  [OTHER_PARTNERS]: { nl: 'overige partners', en: 'other partners' },
}

/** `names`: of municipalities and partners, which are called the same in both languages. */
export function labelOf(
  dimension: Dimension | undefined,
  key: string,
  language: 'nl' | 'en',
  names: ReadonlyMap<string, string>,
): string {
  const general = GENERAL[key]
  if (general) return general[language]
  const known: Readonly<Record<string, string>> = dimension ? DIMENSIONS[dimension] : {}
  if (key in known) return language === 'nl' ? known[key]! : key.toLowerCase().replaceAll('_', ' ')
  return names.get(key) ?? key
}
