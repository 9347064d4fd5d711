// The twenty invariants of domain.md: those about cells as something that can be asked of every cell, the others with where they are tried.
import type { Cell, Question } from '#app/decide/decide.js'

type IsOpen = (question: Question) => boolean

export type Invariant = Readonly<{
  number: number
  says: string
  /** The squares that it speaks of, in every state of their locks. Left out: it is about none, and `tried` says where it is. */
  about?: (square: Cell) => boolean
  /** What is so wherever such a cell is open; `isOpen` asks about another cell. */
  holds?: (question: Question, isOpen: IsOpen) => boolean
  tried?: string
}>

const STORY = ['routing', 'question', 'situation', 'sensitive', 'note']
/** What a partner keeps without any agreement: which hand-off it is, how it stands, and what it wrote itself. */
const KEPT = ['reference', 'progress', 'outcome', 'internal', 'staff']
const NOT_ACTIVE = ['suspended', 'ended', 'none'] as const
const NOT_COVERING = ['not-covered', 'withdrawn', 'expired', 'none'] as const
/** Every lock, opened further. */
const WIDER: readonly Partial<Question>[] = [
  { agreement: 'active' },
  { consent: 'covers' },
  { explicit: true },
  { underSixteen: false },
  { representative: true },
  { ownSide: true },
]
/** The purpose in which each role sees most. */
const DETAIL = {
  GUIDE: 'HELP',
  HANDLER: 'HELP',
  COORDINATOR: 'FOLLOW_UP',
  PRIVACY_OFFICER: 'OVERSEE',
  CODE_HOLDER: 'RIGHTS',
} as const

const every = () => true
const never = () => false
const among = (words: readonly string[], word: string) => words.includes(word)
const isPartner = (q: Cell) => q.role === 'HANDLER'
const looksOn = (q: Cell) => q.role === 'COORDINATOR' || q.role === 'PRIVACY_OFFICER'

export const INVARIANTS: readonly Invariant[] = [
  {
    number: 1,
    says: 'Relation `none` yields nothing, and cannot be told from non-existence',
    about: (q) => q.relation === 'none',
    holds: never,
  },
  {
    number: 2,
    says: 'Unknown, missing or expired input is closed; every decision names exactly one rule',
    about: every,
    holds: (q, isOpen) => isOpen({ ...q, consent: 'expired' }) === isOpen({ ...q, consent: 'none' }),
  },
  {
    number: 3,
    says: 'Partners see routing, question, situation, note only with an active agreement and a valid consent',
    about: (q) => isPartner(q) && among(['routing', 'question', 'situation', 'note'], q.category),
    holds: (q) => q.agreement === 'active' && q.consent === 'covers',
  },
  {
    number: 4,
    says: '`sensitive` needs explicit consent that names it; never in lists, figures',
    about: (q) => q.category === 'sensitive',
    holds: (q) => q.consent === 'covers' && q.explicit && q.purpose === 'HELP',
  },
  {
    number: 5,
    says: 'Without an active agreement a partner keeps reference, progress and what it wrote itself, and nothing else',
    about: isPartner,
    holds: (q, isOpen) =>
      among(KEPT, q.category) ? NOT_ACTIVE.every((agreement) => isOpen({ ...q, agreement })) : q.agreement === 'active',
  },
  {
    number: 6,
    says: 'Withdrawal closes all context to the partner; reference, logistics, progress and what it wrote itself stay',
    about: isPartner,
    holds: (q, isOpen) => (among(STORY, q.category) ? q.consent !== 'withdrawn' : isOpen({ ...q, consent: 'withdrawn' })),
  },
  {
    number: 7,
    says: 'Withdrawn context is erased after its term and stays erased after a restore',
    tried: 'test/consent/erase.test.ts',
  },
  {
    number: 8,
    says: 'Narrowing any lock never opens a cell',
    about: every,
    // The same the other way round: what is open stays open when any lock is opened further.
    holds: (q, isOpen) =>
      WIDER.every((lock) => isOpen({ ...q, ...lock })) &&
      (q.agreement === 'active' || NOT_ACTIVE.every((agreement) => isOpen({ ...q, agreement }))) &&
      (q.consent === 'covers' || NOT_COVERING.every((consent) => isOpen({ ...q, consent }))),
  },
  {
    number: 9,
    says: 'Only the code-holder widens consent',
    tried: 'test/journeys/consent.test.ts, test/consent/versions.test.ts',
  },
  {
    number: 10,
    says: "No partner learns that another partner's hand-off exists",
    about: (q) => isPartner(q) && !among(['offered', 'accepted', 'ended'], q.relation),
    holds: never,
  },
  {
    number: 11,
    says: 'A GUIDE capacity never opens an inbox; a HANDLER capacity never opens a desk',
    about: (q) =>
      q.role === 'GUIDE'
        ? among(['offered', 'accepted', 'ended'], q.relation)
        : isPartner(q) && among(['desk', 'desk-ended'], q.relation),
    holds: never,
  },
  {
    number: 12,
    says: 'Offered shows no more than accepted; ended no more than accepted, under the same locks',
    about: (q) => among(['offered', 'ended', 'desk-ended'], q.relation),
    holds: (q, isOpen) => isOpen({ ...q, relation: q.relation === 'desk-ended' ? 'desk' : 'accepted' }),
  },
  {
    number: 13,
    says: 'A list shows no more than the detail; figures show nothing of one',
    about: every,
    holds: (q, isOpen) => q.role !== 'SIGNATORY' && q.purpose !== 'ACCOUNT' && isOpen({ ...q, purpose: DETAIL[q.role] }),
  },
  {
    number: 14,
    says: 'Only the writing side sees its `internal`',
    about: (q) => q.category === 'internal',
    holds: (q) => q.ownSide,
  },
  {
    number: 15,
    says: 'Staff never crosses organisations and never reaches visitors',
    about: (q) => q.category === 'staff',
    holds: (q) => q.ownSide && q.role !== 'CODE_HOLDER',
  },
  {
    number: 16,
    says: 'Coordinators and privacy officers never see situation, sensitive, note; nor anything that went to a union',
    about: (q) => looksOn(q) && (q.partnerKind === 'UNION' || among(['situation', 'sensitive', 'note'], q.category)),
    holds: never,
  },
  {
    number: 17,
    says: 'What a withheld field looks like does not depend on whether there is a value',
    tried: 'test/journeys/partners.test.ts; the question has no word for a value',
  },
  {
    number: 18,
    says: 'Forwarding shows the new partner nothing without consent naming it',
    about: (q) => q.relation === 'offered' && among(STORY, q.category),
    holds: (q) => q.consent === 'covers',
  },
  {
    number: 19,
    says: 'Below 16 nothing that needs consent opens unless a representative was present',
    about: every,
    // What is open to a child alone is what would be open without any consent.
    holds: (q, isOpen) => !q.underSixteen || q.representative || isOpen({ ...q, consent: 'none', explicit: false }),
  },
  {
    number: 20,
    says: 'No answer without its log record; no record contains values',
    tried: 'test/graphql/outage.test.ts, test/journeys/main-job.test.ts',
  },
]
