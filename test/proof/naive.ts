// The domain's text a second time, naive on purpose: what happened, in order, and plain ifs over it. It imports nothing of the product.

export const CATEGORIES = [
  'reference',
  'logistics',
  'routing',
  'question',
  'situation',
  'sensitive',
  'note',
  'progress',
  'outcome',
  'internal',
  'staff'
] as const
export type Category = (typeof CATEGORIES)[number]
export type Role = 'GUIDE' | 'HANDLER' | 'COORDINATOR' | 'PRIVACY_OFFICER' | 'SIGNATORY' | 'CODE_HOLDER'
export type Purpose = 'OVERVIEW' | 'HELP' | 'FOLLOW_UP' | 'ACCOUNT' | 'OVERSEE' | 'RIGHTS'

/** `of`: the werkcentrum or partner that somebody acts for; of a visitor: the hand-off whose code it is. */
export interface Asker {
  role: Role
  of: string
}

export type Step = 'accepted' | 'started' | 'completed' | 'declined' | 'returned' | 'forwarded' | 'withdrawn' | 'lapsed'

/** Whatever may matter, and when it was. Days are of Amsterdam, written 2028-02-29; a last day still counts, and null is for good. */
export type Event = { at: number } & (
  | { what: Step }
  | { what: 'wrote'; category: Category; by: string }
  | { what: 'agreed'; to: string; categories: Category[]; explicitly: Category[]; purposes: Purpose[]; representative: boolean; lastDay: string }
  | { what: 'narrowed'; to: Category[] }
  | { what: 'took back' | 'had erased' }
  | { what: 'drafted'; version: number; categories: Category[]; purposes: Purpose[]; firstDay: string; lastDay: string | null }
  | { what: 'signed'; version: number; by: 'werkcentrum' | 'partner' }
  | { what: 'suspended' | 'ended'; version: number }
)

/** What was offered, by whom, to whom, and all that happened to it, to what its visitor agreed to and to what both sides agreed. */
export interface Story {
  handOff: string
  werkcentrum: string
  partner: string
  partnerKind: string
  underSixteen: boolean
  happened: Event[]
}

/** May this asker see this category of that hand-off, for that purpose, at that instant (milliseconds since 1970)? */
export function maySee(asker: Asker, story: Story, purpose: Purpose, category: Category, now: number): boolean {
  const past = story.happened.filter((event) => event.at <= now)
  const today = dayInAmsterdam(now)
  const agreement = () => agreementNames(past, purpose, category, today)
  const consent = () => consentNames(story, past, purpose, category, today)
  const explicitConsent = () => consent() && wasExplicit(past, category)
  const wroteItself = () => lastWriter(past, category) === asker.of
  const ended = past.some((event) => ENDINGS.includes(event.what))
  const answered = past.some((event) => event.what === 'accepted' || event.what === 'started')

  // "HELP, and OVERVIEW and FOLLOW_UP, which are lists and capped at reference, logistics, question, progress."
  const isList = purpose === 'OVERVIEW' || purpose === 'FOLLOW_UP'
  if (isList && category !== 'reference' && category !== 'logistics' && category !== 'question' && category !== 'progress') return false

  if (asker.role === 'GUIDE') {
    if (asker.of !== story.werkcentrum) return false
    if (purpose !== 'HELP' && !isList) return false
    if (category === 'reference' || category === 'logistics' || category === 'question' || category === 'progress') return true
    if (category === 'routing' || category === 'situation' || category === 'note') return !ended
    if (category === 'sensitive') return !ended && explicitConsent()
    if (category === 'outcome') return agreement() && consent()
    return false
  }

  if (asker.role === 'HANDLER') {
    if (asker.of !== story.partner) return false
    if (purpose !== 'HELP' && !isList) return false
    if (category === 'reference' || category === 'progress') return true
    if (ended) return (category === 'outcome' || category === 'internal') && wroteItself()
    if (category === 'logistics') return agreement()
    if (category === 'routing' || category === 'question') return agreement() && consent()
    if (category === 'internal' || category === 'staff') return wroteItself()
    if (!answered) return false
    if (category === 'situation') return agreement() && consent()
    if (category === 'sensitive') {
      const helpsWithIllness = ['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'].includes(story.partnerKind)
      return helpsWithIllness && agreement() && explicitConsent()
    }
    if (category === 'note') return !['PRIVATE', 'EMPLOYERS', 'UNION'].includes(story.partnerKind) && agreement() && consent()
    if (category === 'outcome') return wroteItself()
    return false
  }

  // "A hand-off to a UNION is sensitive by existing: only its guide's desk, the union and the code-holder see the row."
  if (asker.role === 'COORDINATOR') {
    if (asker.of !== story.werkcentrum || story.partnerKind === 'UNION') return false
    return isList && (category === 'reference' || category === 'logistics' || category === 'progress')
  }

  if (asker.role === 'PRIVACY_OFFICER') {
    if (asker.of !== story.werkcentrum && asker.of !== story.partner) return false
    if (story.partnerKind === 'UNION') return false
    return purpose === 'OVERSEE' && (category === 'reference' || category === 'progress')
  }

  // Of sensitive and note the visitor reads that they are shared, not what they say.
  if (asker.role === 'CODE_HOLDER') {
    if (asker.of !== story.handOff || purpose !== 'RIGHTS') return false
    if (category === 'sensitive' || category === 'note') return false
    return category !== 'internal' && category !== 'staff'
  }

  return false
}

const ENDINGS: string[] = ['completed', 'declined', 'returned', 'forwarded', 'withdrawn', 'lapsed']

/** The newest version that both sides have signed and whose first day has come is what counts. Each side signs again after a suspension. */
function agreementNames(past: Event[], purpose: Purpose, category: Category, today: string): boolean {
  let counts = false
  for (const draft of past) {
    if (draft.what !== 'drafted') continue
    if (today < draft.firstDay) continue
    let werkcentrum = false
    let partner = false
    let ended = false
    let everSigned = false
    for (const event of past) {
      if (!('version' in event) || event.version !== draft.version) continue
      if (event.what === 'signed' && event.by === 'werkcentrum') werkcentrum = true
      if (event.what === 'signed' && event.by === 'partner') partner = true
      if (werkcentrum && partner) everSigned = true
      if (event.what === 'suspended') werkcentrum = partner = false
      if (event.what === 'ended') ended = true
    }
    if (!everSigned) continue
    const expired = draft.lastDay !== null && today > draft.lastDay
    counts =
      werkcentrum && partner && !ended && !expired && draft.categories.includes(category) && draft.purposes.includes(purpose)
  }
  return counts
}

/** What the visitor said last, for that partner, that purpose and that category; and below sixteen somebody stood beside them. */
function consentNames(story: Story, past: Event[], purpose: Purpose, category: Category, today: string): boolean {
  let named = false
  for (const event of past) {
    if (event.what === 'agreed') {
      named = event.to === story.partner && event.categories.includes(category) && event.purposes.includes(purpose)
      if (today > event.lastDay) named = false
      if (story.underSixteen && !event.representative) named = false
    }
    if (event.what === 'narrowed' && !event.to.includes(category)) named = false
    if (event.what === 'took back' || event.what === 'had erased') named = false
  }
  return named
}

function wasExplicit(past: Event[], category: Category): boolean {
  let explicit = false
  for (const event of past) if (event.what === 'agreed') explicit = event.explicitly.includes(category)
  return explicit
}

function lastWriter(past: Event[], category: Category): string | null {
  let writer: string | null = null
  for (const event of past) if (event.what === 'wrote' && event.category === category) writer = event.by
  return writer
}

/** Summer time is from the last Sunday of March to the last Sunday of October, both at one o'clock in London. */
export function dayInAmsterdam(now: number): string {
  const year = new Date(now).getUTCFullYear()
  const summer = now >= lastSunday(year, 3, 31) && now < lastSunday(year, 10, 31)
  return new Date(now + (summer ? 2 : 1) * HOUR).toISOString().slice(0, 10)
}

function lastSunday(year: number, month: number, lastDay: number): number {
  for (let day = lastDay; ; day--) {
    const at = Date.UTC(year, month - 1, day, 1)
    if (new Date(at).getUTCDay() === 0) return at
  }
}

const HOUR = 3_600_000
