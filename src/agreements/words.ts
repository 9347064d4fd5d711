// What people read about agreements, in plain Dutch (B1), pure: why it was stopped, why an agreement opens nothing, and what to look at.
import type { AgreementState, Category, Purpose } from '../decide/decide.js'
import { CATEGORY_LABELS, PURPOSE_LABELS } from '../decide/sentence.js'
import { dayInWords } from '../handoffs/calendar.js'
import type { AgreementSide, Stand } from './agreement-state.js'

export const SIDE_WORDS: Readonly<Record<AgreementSide, string>> = { WERKCENTRUM: 'het werkcentrum', PARTNER: 'de partner' }

/** Why somebody suspends: at once, from either side. */
export const SUSPEND_REASONS = {
  INCIDENT: 'er was een incident',
  NOT_FOLLOWED: 'de afspraak werd niet nagekomen',
  LEGAL_DOUBT: 'er is twijfel of het mag',
  ON_REQUEST: 'de andere kant of een toezichthouder vroeg erom',
} as const
/** Why somebody ends it for good. */
export const END_REASONS = {
  NO_LONGER_NEEDED: 'de afspraak is niet meer nodig',
  REPLACED: 'er is een andere afspraak voor in de plaats gekomen',
  NOT_FOLLOWED: SUSPEND_REASONS.NOT_FOLLOWED,
  LEGAL_DOUBT: SUSPEND_REASONS.LEGAL_DOUBT,
  ON_REQUEST: SUSPEND_REASONS.ON_REQUEST,
} as const
export type SuspendReason = keyof typeof SUSPEND_REASONS
export type EndReason = keyof typeof END_REASONS

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export type LockFacts = Readonly<{
  state: Stand
  validFrom: string
  validTo: string
  signedOn: string | null
  lock: AgreementState
  /** The version that has taken its place, if one has. */
  replacedBy: number | null
  /** The sides whose signature counts now. */
  signedBy: readonly AgreementSide[]
  /** The sides whose privacy officer advised on these terms. */
  advisedBy: readonly AgreementSide[]
  /** The last suspension or end: who, on which day, why. */
  stop: Readonly<{ side: AgreementSide | null; day: string; reason: string | null }> | null
}>

/** One or two sentences: what this agreement opens today, or why it opens nothing. */
export function lockSentence(facts: LockFacts, today: string): string {
  const { state, validFrom, validTo, replacedBy, signedBy, stop } = facts
  if (state === 'ENDED') return `${stopped('Beëindigd', stop)} Deze afspraak zet niets meer open.`
  if (today > validTo) return `De laatste dag van deze afspraak was ${dayInWords(validTo)}. Zij zet niets meer open.`
  if (state === 'SUSPENDED' && replacedBy !== null)
    return `${stopped('Opgeschort', stop)} Versie ${replacedBy} is ervoor in de plaats gekomen: deze versie zet niets meer open.`
  if (state === 'SUSPENDED')
    return `${stopped('Opgeschort', stop)} ${
      signedBy.length === 1
        ? `${capital(SIDE_WORDS[signedBy[0]!])} heeft daarna opnieuw getekend; ${SIDE_WORDS[otherSide(signedBy[0]!)]} nog niet.`
        : 'Zij zet niets open tot beide kanten opnieuw tekenen.'
    }`
  if (state === 'DRAFT') {
    if (signedBy.length === 1)
      return `Alleen ${SIDE_WORDS[signedBy[0]!]} heeft getekend. De afspraak zet pas iets open als ook ${SIDE_WORDS[otherSide(signedBy[0]!)]} tekent.`
    const missing = (['WERKCENTRUM', 'PARTNER'] as const).filter((side) => !facts.advisedBy.includes(side))
    const advice =
      missing.length === 0
        ? 'De privacy officers van beide kanten hebben advies gegeven.'
        : `Eerst geeft de privacy officer van ${missing.map((side) => SIDE_WORDS[side]).join(' en die van ')} advies.`
    return `Dit is een ontwerp dat niemand heeft getekend: het zet niets open. ${advice}`
  }
  if (replacedBy !== null) return `Vervangen door versie ${replacedBy}. Deze versie zet niets meer open.`
  if (today < validFrom) return `Deze afspraak begint op ${dayInWords(validFrom)}. Tot die dag zet zij niets open.`
  return `Deze afspraak geldt tot en met ${dayInWords(validTo)} en zet open wat erin staat.`
}

const otherSide = (side: AgreementSide): AgreementSide => (side === 'PARTNER' ? 'WERKCENTRUM' : 'PARTNER')

function stopped(how: string, stop: LockFacts['stop']): string {
  if (!stop) return `${how}.`
  const by = stop.side ? ` door ${SIDE_WORDS[stop.side]}` : ''
  const reasons: Readonly<Record<string, string>> = { ...SUSPEND_REASONS, ...END_REASONS }
  const why = stop.reason && Object.hasOwn(reasons, stop.reason) ? `: ${reasons[stop.reason]}` : ''
  return `${how}${by} op ${dayInWords(stop.day)}${why}.`
}

/** 'question HELP' as people say it. */
export function cellInWords(cell: string): string {
  const [category, purpose] = cell.split(' ') as [Category, Purpose]
  return `‘${CATEGORY_LABELS[category]}’ voor ‘${PURPOSE_LABELS[purpose]}’`
}

type WarningFacts = Readonly<{
  state: Stand
  reviewOverdue: boolean
  reviewOn: string
  /** The label of the kind of partner. */
  partnerKind: string
  /** Signed or drafted, and more than the policy allows for that kind. */
  beyondPolicy: readonly string[]
  /** The policy has a newer version of the legal basis, or knows it no more. */
  basisIsOld: boolean
  objections: readonly AgreementSide[]
  /** The basis that was agreed on and the one of the policy for this kind of partner, in words; null when they are the same. */
  otherBasis: Readonly<{ agreed: string; usual: string }> | null
  /** Signed versions of later, whatever became of them. */
  laterVersions: readonly Readonly<{ version: number; state: Stand; validFrom: string }>[]
}>

/** What somebody who drafts, signs or oversees this should look at; no error. */
export function warningsOf(facts: WarningFacts): string[] {
  const warnings = facts.beyondPolicy.map(
    (cell) =>
      `Het beleid staat ${cellInWords(cell)} niet toe voor een partner van deze soort (${facts.partnerKind}). Dit vak zet niets open.`,
  )
  if (facts.state !== 'ENDED' && facts.reviewOverdue)
    warnings.push(
      `Deze afspraak moest uiterlijk op ${dayInWords(facts.reviewOn)} opnieuw bekeken worden. Dat is nog niet vastgelegd.`,
    )
  if (facts.state !== 'ENDED' && facts.basisIsOld)
    warnings.push(
      'De tekst van deze grondslag is in het beleid veranderd. Maak een nieuwe versie als de nieuwe tekst moet gelden.',
    )
  if (facts.state !== 'ENDED' && facts.otherBasis)
    warnings.push(
      `De grondslag van deze afspraak is ‘${facts.otherBasis.agreed}’. Het beleid noemt voor een partner van deze soort (${facts.partnerKind}) een andere: ‘${facts.otherBasis.usual}’. Vraag een jurist welke klopt.`,
    )
  for (const side of facts.objections)
    warnings.push(`De privacy officer van ${SIDE_WORDS[side]} heeft bezwaar tegen deze afspraak.`)
  if (facts.state === 'ENDED')
    for (const { version, validFrom } of facts.laterVersions.filter(({ state }) => state !== 'ENDED'))
      warnings.push(
        `Versie ${version} is ook getekend en geldt vanaf ${dayInWords(validFrom)}. Stop die apart als er niets meer gedeeld mag worden.`,
      )
  return warnings
}
