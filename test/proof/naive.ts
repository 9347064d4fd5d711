// The domain's text a second time, naive on purpose: what happened, in order, and plain ifs over it. It imports nothing of the product.

export const CATEGORIES = [
  ...(['reference', 'logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'progress', 'outcome'] as const),
  ...(['internal', 'staff'] as const),
]
export type Category = (typeof CATEGORIES)[number]
export type Role = 'GUIDE' | 'HANDLER' | 'COORDINATOR' | 'PRIVACY_OFFICER' | 'SIGNATORY' | 'CODE_HOLDER'
export const PURPOSES = ['OVERVIEW', 'HELP', 'FOLLOW_UP', 'ACCOUNT', 'OVERSEE', 'RIGHTS'] as const
export type Purpose = (typeof PURPOSES)[number]

/** `of`: the werkcentrum or partner that somebody acts for; of a visitor: the code. */
export interface Asker {
  role: Role
  of: string
}

export const ENDINGS = ['completed', 'declined', 'returned', 'forwarded', 'withdrawn', 'lapsed'] as const
export type Step = 'accepted' | 'started' | (typeof ENDINGS)[number]

/** What may matter, and the instant of it. Days are of Amsterdam, written 2028-02-29; on a first and a last day it counts. */
export type Event = { at: number } & (
  | { what: 'offered' }
  | { what: Step; by: string }
  | { what: 'wrote'; category: 'internal' | 'staff'; by: string }
  | {
      what: 'agreed'
      to: string
      categories: Category[]
      explicitly: Category[]
      purposes: Purpose[]
      representative: boolean
      lastDay: string
    }
  | { what: 'narrowed'; keep: Category[]; lastDay: string | null }
  | { what: 'took back' | 'had erased' | 'turned out below sixteen' }
  | { what: 'drafted'; version: number; categories: Category[]; purposes: Purpose[]; firstDay: string; lastDay: string }
  | { what: 'signed'; version: number; by: string }
  | { what: 'suspended' | 'ended'; version: number; by: string }
)

/** What was offered, by whom, to whom; and all that happened to it, to what its visitor agreed to and to what both sides agreed. */
export interface Story {
  werkcentrum: string
  partner: string
  partnerKind: string
  code: string
  happened: Event[]
}

/**
 * May this asker see this category of that hand-off, for that purpose, at that instant (milliseconds since 1970)?
 * `by`: who wrote what is asked about.
 */
export function maySee(
  asker: Asker,
  story: Story,
  purpose: Purpose,
  category: Category,
  now: number,
  by: string | null = whoWrote(story, category, now),
): boolean {
  const past = story.happened.filter((event) => event.at <= now)
  if (!past.some((event) => event.what === 'offered')) return false
  const agreement = () => agreementNames(past, purpose, category, dayInAmsterdam(now))
  const consent = () => consentNames(story, past, purpose, category, dayInAmsterdam(now))
  const explicitConsent = () => consent() && wasExplicit(story, past, category)
  // What nobody wrote is nobody else's.
  const ownSide = () => by === null || by === asker.of
  const lastStep = past.findLast((event) => event.what === 'accepted' || event.what === 'started' || isEnding(event))
  const ended = lastStep !== undefined && isEnding(lastStep)
  const answered = lastStep !== undefined

  // "HELP, and OVERVIEW and FOLLOW_UP, which are lists and capped at reference, logistics, question, progress."
  const isList = purpose === 'OVERVIEW' || purpose === 'FOLLOW_UP'
  if (isList && category !== 'reference' && category !== 'logistics' && category !== 'question' && category !== 'progress')
    return false

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
    if (category === 'internal') return ownSide()
    if (ended) return category === 'outcome' && ownSide()
    if (category === 'logistics') return agreement()
    if (category === 'routing' || category === 'question') return agreement() && consent()
    if (category === 'staff') return ownSide()
    if (!answered) return false
    if (category === 'situation') return agreement() && consent()
    if (category === 'sensitive') {
      if (!['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'].includes(story.partnerKind)) return false
      return agreement() && explicitConsent()
    }
    if (category === 'note') {
      if (['PRIVATE', 'EMPLOYERS', 'UNION'].includes(story.partnerKind)) return false
      return agreement() && consent()
    }
    return category === 'outcome' && ownSide()
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
    if (asker.of !== story.code || purpose !== 'RIGHTS') return false
    if (category === 'sensitive' || category === 'note') return false
    return category !== 'internal' && category !== 'staff'
  }

  return false
}

/** "A contact has one relation only: desk, and only on its own day." What is sensitive is never in it, and no partner is to agree with. */
export function maySeeContact(
  asker: Asker,
  contact: { werkcentrum: string; at: number },
  purpose: Purpose,
  category: Category,
  now: number,
): boolean {
  if (asker.role !== 'GUIDE' || asker.of !== contact.werkcentrum) return false
  if (now < contact.at || dayInAmsterdam(now) !== dayInAmsterdam(contact.at)) return false
  if (category === 'reference' || category === 'logistics' || category === 'question' || category === 'progress')
    return purpose === 'HELP' || purpose === 'OVERVIEW' || purpose === 'FOLLOW_UP'
  return purpose === 'HELP' && (category === 'routing' || category === 'situation' || category === 'note')
}

const isEnding = (event: Event): boolean => (ENDINGS as readonly string[]).includes(event.what)

/** The newest version that both sides have signed, and whose first day has come, is the one that counts. */
function agreementNames(past: Event[], purpose: Purpose, category: Category, today: string): boolean {
  let newest = 0
  let isOpen = false
  for (const draft of past) {
    if (draft.what !== 'drafted' || draft.version <= newest) continue
    let terms = draft
    let signatures: string[] = []
    let everSigned = false
    let ended = false
    for (const event of past) {
      if (!('version' in event) || event.version !== draft.version) continue
      if (event.what === 'drafted') {
        // Other terms: what was signed was something else.
        terms = event
        signatures = []
      }
      if (event.what === 'signed') signatures.push(event.by)
      if (event.what === 'suspended') signatures = []
      if (event.what === 'ended') ended = true
      if (new Set(signatures).size === 2) everSigned = true
    }
    if (!everSigned || today < terms.firstDay) continue
    newest = draft.version
    const bothSignedNow = new Set(signatures).size === 2
    isOpen = bothSignedNow && !ended && today <= terms.lastDay
    if (!terms.categories.includes(category) || !terms.purposes.includes(purpose)) isOpen = false
  }
  return isOpen
}

/** What the visitor said last, for that partner, that purpose and that category; and below sixteen somebody stood beside them. */
function consentNames(story: Story, past: Event[], purpose: Purpose, category: Category, today: string): boolean {
  let named = false
  let lastDay = ''
  let representative = false
  let belowSixteen = false
  for (const event of past) {
    if (event.what === 'turned out below sixteen') belowSixteen = true
    if (event.what === 'agreed' && event.to === story.partner) {
      named = event.categories.includes(category) && event.purposes.includes(purpose)
      lastDay = event.lastDay
      representative = event.representative
    }
    if (event.what === 'narrowed') {
      if (!event.keep.includes(category)) named = false
      if (event.lastDay !== null && event.lastDay < lastDay) lastDay = event.lastDay
    }
    if (event.what === 'took back' || event.what === 'had erased') named = false
  }
  if (today > lastDay) return false
  if (belowSixteen && !representative) return false
  return named
}

function wasExplicit(story: Story, past: Event[], category: Category): boolean {
  let explicit = false
  for (const event of past) {
    if (event.what === 'agreed' && event.to === story.partner) explicit = event.explicitly.includes(category)
  }
  return explicit
}

/** An outcome is written with the end. When the partner contradicts that it was done, there is none. */
function whoWrote(story: Story, category: Category, now: number): string | null {
  let writer: string | null = null
  for (const event of story.happened) {
    if (event.at > now) break
    if (event.what === 'wrote' && event.category === category) writer = event.by
    if (category !== 'outcome') continue
    if (event.what === 'completed') writer = event.by
    if (event.what === 'accepted' || event.what === 'started' || event.what === 'declined' || event.what === 'returned')
      writer = null
  }
  return writer
}

/** Summer time is from the last Sunday of March to the last Sunday of October, both at one o'clock in London. */
export function dayInAmsterdam(now: number): string {
  const year = new Date(now).getUTCFullYear()
  const summer = now >= lastSunday(year, 3) && now < lastSunday(year, 10)
  return new Date(now + (summer ? 2 : 1) * 3_600_000).toISOString().slice(0, 10)
}

/** Of a month of 31 days, at one o'clock in London. */
function lastSunday(year: number, month: number): number {
  for (let day = 31; ; day--) {
    const at = Date.UTC(year, month - 1, day, 1)
    if (new Date(at).getUTCDay() === 0) return at
  }
}
