// May this be shown? One pure function over closed lists. The policy is data, and this file imports nothing (design 3).

export const ROLES = ['GUIDE', 'HANDLER', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY', 'CODE_HOLDER'] as const
export const RELATIONS = [
  'desk',
  'desk-ended',
  'offered',
  'accepted',
  'ended',
  'coordinates',
  'audits',
  'holds-code',
  'none',
] as const
export const PURPOSES = ['OVERVIEW', 'HELP', 'FOLLOW_UP', 'ACCOUNT', 'OVERSEE', 'RIGHTS'] as const
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
  'staff',
] as const
export const PARTNER_KINDS = [
  'UWV',
  'GEMEENTE',
  'MUNICIPAL_SERVICE',
  'WSP',
  'LWL',
  'RMT',
  'SCHOOL',
  'UNION',
  'EMPLOYERS',
  'SOCIAL_DEVELOPMENT_COMPANY',
  'NEIGHBOURHOOD',
  'PRIVATE',
] as const
export const AGREEMENT_STATES = ['active', 'suspended', 'ended', 'none'] as const
export const CONSENT_STATES = ['covers', 'not-covered', 'withdrawn', 'expired', 'none'] as const
export const NEEDS = ['agreement', 'consent', 'explicit-consent', 'own-side'] as const
export const WITHHELD_REASONS = ['POLICY', 'AGREEMENT', 'CONSENT', 'UNDER_SIXTEEN', 'OWN_SIDE'] as const

export type Role = (typeof ROLES)[number]
export type Relation = (typeof RELATIONS)[number]
export type Purpose = (typeof PURPOSES)[number]
export type Category = (typeof CATEGORIES)[number]
export type PartnerKind = (typeof PARTNER_KINDS)[number]
export type AgreementState = (typeof AGREEMENT_STATES)[number]
export type ConsentState = (typeof CONSENT_STATES)[number]
/** What a share rule may ask for on top of the policy itself; `explicit-consent` includes `consent`. */
export type Need = (typeof NEEDS)[number]
/** Why a field stayed closed. For the desk, the code-holder and the privacy officer; a partner hears NOT_SHARED only. */
export type WithheldReason = (typeof WITHHELD_REASONS)[number]

/** The relations in which a role can stand to an object. Any other counts as `none`, and `none` sees nothing. */
export const RELATIONS_OF: Readonly<Record<Role, readonly Relation[]>> = {
  GUIDE: ['desk', 'desk-ended'],
  HANDLER: ['offered', 'accepted', 'ended'],
  COORDINATOR: ['coordinates'],
  PRIVACY_OFFICER: ['audits'],
  SIGNATORY: [],
  CODE_HOLDER: ['holds-code'],
}

/** One square of the policy: who, standing where, what for, about which receiving partner, which category. */
export interface Cell {
  readonly role: Role
  readonly relation: Relation
  readonly purpose: Purpose
  readonly partnerKind: PartnerKind
  readonly category: Category
}

/** A square and the state of the locks on it. Consent is seen from the category asked about. */
export interface Question extends Cell {
  readonly agreement: AgreementState
  readonly consent: ConsentState
  /** The consent was given explicitly for this category. */
  readonly explicit: boolean
  readonly underSixteen: boolean
  /** A representative was there when consent was given. */
  readonly representative: boolean
  /** What is asked about was written by the asker's own side. */
  readonly ownSide: boolean
}

export interface Decision {
  readonly allowed: boolean
  /** The id of exactly one rule. */
  readonly because: string
}
export type Decide = (question: Question) => Decision

/** The squares that a rule is about: every combination of what it lists. */
export interface Scope {
  readonly role: Role
  readonly relations: readonly Relation[]
  readonly purposes: readonly Purpose[]
  readonly partnerKinds: readonly PartnerKind[]
  readonly categories: readonly Category[]
}
export interface NeverRule extends Scope {
  readonly rule: string
}
export interface ShareRule extends Scope {
  readonly rule: string
  readonly needs: readonly Need[]
  /** Names of legal bases: said to people, never weighed by `decide`. */
  readonly bases: readonly string[]
}
export interface Policy {
  readonly share: readonly ShareRule[]
  readonly never: readonly NeverRule[]
}

const closed = (because: string): Decision => Object.freeze({ allowed: false, because })
const UNKNOWN = closed('unknown-is-closed')
const NO_RELATION = closed('without-a-relation-nothing-is-seen')
const NO_RULE = closed('nothing-is-shared-without-a-rule')

/** The locks, in the order in which they are tried: the first that is closed is the rule that the decision names. */
export const LOCKS: readonly {
  rule: string
  reason: WithheldReason
  needs: readonly Need[]
  isOpen: (question: Question) => boolean
}[] = [
  { rule: 'agreement-must-be-active', reason: 'AGREEMENT', needs: ['agreement'], isOpen: (q) => q.agreement === 'active' },
  {
    rule: 'consent-must-cover',
    reason: 'CONSENT',
    needs: ['consent', 'explicit-consent'],
    isOpen: (q) => q.consent === 'covers',
  },
  { rule: 'explicit-consent-must-name-it', reason: 'CONSENT', needs: ['explicit-consent'], isOpen: (q) => q.explicit },
  {
    // UAVG art. 5
    rule: 'under-sixteen-needs-a-representative',
    reason: 'UNDER_SIXTEEN',
    needs: ['consent', 'explicit-consent'],
    isOpen: (q) => !q.underSixteen || q.representative,
  },
  { rule: 'only-the-side-that-wrote-it', reason: 'OWN_SIDE', needs: ['own-side'], isOpen: (q) => q.ownSide },
]

/** Rules that are not in the policy file because no policy may do without them. */
export const BUILT_IN_RULES: readonly string[] = [
  ...[UNKNOWN, NO_RELATION, NO_RULE].map((decision) => decision.because),
  ...LOCKS.map((lock) => lock.rule),
]

/** The reason behind a refusal, from the rule that it names. */
export const reasonOf = (rule: string): WithheldReason => LOCKS.find((lock) => lock.rule === rule)?.reason ?? 'POLICY'

/** Every combination of needs that a rule may have, and its sign in the matrix. */
const SYMBOLS: Readonly<Record<string, string>> = {
  '': '●',
  agreement: 'A',
  'agreement, consent': 'C',
  'agreement, explicit-consent': 'X',
  'explicit-consent': 'D',
  'own-side': 'o',
}

/** The sign of these needs, or undefined when the policy knows no such combination. */
export const symbolOf = (needs: readonly Need[]): string | undefined =>
  SYMBOLS[NEEDS.filter((need) => needs.includes(need)).join(', ')]

export function* cellsOf(scope: Scope): Generator<Cell> {
  for (const relation of scope.relations)
    for (const purpose of scope.purposes)
      for (const partnerKind of scope.partnerKinds)
        for (const category of scope.categories) yield { role: scope.role, relation, purpose, partnerKind, category }
}

const numbered = (words: readonly string[]) => new Map<unknown, number>(words.map((word, index) => [word, index]))
const NUMBER = {
  role: numbered(ROLES),
  relation: numbered(RELATIONS),
  purpose: numbered(PURPOSES),
  partnerKind: numbered(PARTNER_KINDS),
  category: numbered(CATEGORIES),
}

/** A number for each square, to look it up by; NaN when one of its words is missing or unknown. */
export function squareOf(cell: Cell): number {
  const role = NUMBER.role.get(cell.role) ?? Number.NaN
  const relation = NUMBER.relation.get(cell.relation) ?? Number.NaN
  const purpose = NUMBER.purpose.get(cell.purpose) ?? Number.NaN
  const partnerKind = NUMBER.partnerKind.get(cell.partnerKind) ?? Number.NaN
  const category = NUMBER.category.get(cell.category) ?? Number.NaN
  return (
    (((role * RELATIONS.length + relation) * PURPOSES.length + purpose) * PARTNER_KINDS.length + partnerKind) *
      CATEGORIES.length +
    category
  )
}

/** The same in words. */
export const inWords = (cell: Cell): string =>
  `${cell.role} / ${cell.relation}, ${cell.purpose}, ${cell.partnerKind}: ${cell.category}`

const isKnownState = (q: Question): boolean =>
  AGREEMENTS.has(q.agreement) &&
  CONSENTS.has(q.consent) &&
  typeof q.explicit === 'boolean' &&
  typeof q.underSixteen === 'boolean' &&
  typeof q.representative === 'boolean' &&
  typeof q.ownSide === 'boolean'
const AGREEMENTS = new Set<unknown>(AGREEMENT_STATES)
const CONSENTS = new Set<unknown>(CONSENT_STATES)

/**
 * Compiles a policy once; what it returns answers within a microsecond, and never throws, whatever the question holds.
 *
 *     const decide = decider(readPolicies(folder).sharing)
 *     decide({ role: 'HANDLER', relation: 'accepted', … }) // { allowed: true, because: 'partner-reads-…' }
 */
export function decider(policy: Policy): Decide {
  const squares = new Map<
    number,
    { decision: Decision; locks: readonly { isOpen: (typeof LOCKS)[number]['isOpen']; closed: Decision }[] }
  >()
  for (const rule of policy.share) {
    const decision = Object.freeze({ allowed: true, because: rule.rule })
    const locks = LOCKS.filter((lock) => lock.needs.some((need) => rule.needs.includes(need))).map((lock) => ({
      isOpen: lock.isOpen,
      closed: closed(lock.rule),
    }))
    for (const cell of cellsOf(rule)) {
      const other = squares.get(squareOf(cell))?.decision.because
      if (other) throw new Error(`"${other}" and "${rule.rule}" both share ${inWords(cell)}: a decision names exactly one rule`)
      squares.set(squareOf(cell), { decision, locks })
    }
  }
  // INVARIANT: never beats share, whatever the order of the rules.
  for (const rule of policy.never)
    for (const cell of cellsOf(rule)) squares.set(squareOf(cell), { decision: closed(rule.rule), locks: [] })

  return (question) => {
    const square = squareOf(question)
    if (Number.isNaN(square) || !isKnownState(question)) return UNKNOWN
    if (!RELATIONS_OF[question.role].includes(question.relation)) return NO_RELATION
    const found = squares.get(square)
    if (!found) return NO_RULE
    for (const lock of found.locks) if (!lock.isOpen(question)) return lock.closed
    return found.decision
  }
}

/** For what has no receiving partner, as a contact: open only if it were open whichever partner came. */
export const whicheverPartner =
  (decide: Decide) =>
  (question: Omit<Question, 'partnerKind'>): Decision => {
    const decisions = PARTNER_KINDS.map((partnerKind) => decide({ ...question, partnerKind }))
    return decisions.find((decision) => !decision.allowed) ?? decisions[0] ?? UNKNOWN
  }
