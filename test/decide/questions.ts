// The whole space of questions and the table of the domain, written out once more by hand: tests compare, and import no list.
import type { Cell, Purpose, Question, Role } from '#app/decide/decide.js'

export const SPACE = {
  role: ['GUIDE', 'HANDLER', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY', 'CODE_HOLDER'],
  partnerKind: [
    ...['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE', 'WSP', 'LWL', 'RMT', 'SCHOOL', 'UNION', 'EMPLOYERS'],
    ...['SOCIAL_DEVELOPMENT_COMPANY', 'NEIGHBOURHOOD', 'PRIVATE'],
  ],
  relation: ['desk', 'desk-ended', 'offered', 'accepted', 'ended', 'coordinates', 'audits', 'holds-code', 'none'],
  purpose: ['OVERVIEW', 'HELP', 'FOLLOW_UP', 'ACCOUNT', 'OVERSEE', 'RIGHTS'],
  category: [
    ...['reference', 'logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'progress', 'outcome'],
    ...['internal', 'staff'],
  ],
  agreement: ['active', 'suspended', 'ended', 'none'],
  consent: ['covers', 'not-covered', 'withdrawn', 'expired', 'none'],
  explicit: [true, false],
  underSixteen: [true, false],
  representative: [true, false],
  ownSide: [true, false],
} as const satisfies { [word in keyof Question]: readonly unknown[] }

export const COUNT = Object.values(SPACE).reduce((product, words) => product * words.length, 1)

const SQUARES = ['role', 'partnerKind', 'relation', 'purpose', 'category'] as const
const STATES = ['agreement', 'consent', 'explicit', 'underSixteen', 'representative', 'ownSide'] as const

/** Every square of the policy. As below, the object is not for keeping: copy it. */
export const everySquare = (visit: (square: Cell) => void) => everyWord(SQUARES, FIRST, (square) => visit(square))

/** Every question about a square: the square in every state that its locks can be in. */
export function everyQuestion(square: Cell, visit: (question: Question) => void): void {
  for (const question of QUESTIONS) {
    question.role = square.role
    question.partnerKind = square.partnerKind
    question.relation = square.relation
    question.purpose = square.purpose
    question.category = square.category
    visit(question)
  }
}

function everyWord(names: readonly (keyof Question)[], words: Question, visit: (words: Question) => void) {
  const [name, ...others] = names
  if (!name) return visit(words)
  for (const word of SPACE[name]) everyWord(others, { ...words, [name]: word }, visit)
}

const FIRST = Object.fromEntries(Object.entries(SPACE).map(([name, words]) => [name, words[0]])) as unknown as Question
// Made once and filled in again for each square: there are fourteen million.
const QUESTIONS: { -readonly [word in keyof Question]: Question[word] }[] = []
everyWord(STATES, FIRST, (question) => QUESTIONS.push({ ...question }))

// As in the domain: reference logistics routing question situation sensitive note progress outcome internal staff.
const TABLE: Record<string, string> = {
  'GUIDE / desk': '● ● ● ● ● D ● ● C – –',
  'GUIDE / desk-ended': '● ● – ● – – – ● C – –',
  'HANDLER / offered': '● A C C – – – ● – o o',
  'HANDLER / accepted': '● A C C C X C ● o o o',
  'HANDLER / ended': '● – – – – – – ● o o –',
  'COORDINATOR / coordinates': '● ● – – – – – ● – – –',
  'PRIVACY_OFFICER / audits': '● – – – – – – ● – – –',
  'CODE_HOLDER / holds-code': '● ● ● ● ● – – ● ● – –',
}
const LISTS: Partial<Record<Role, Purpose[]>> = {
  GUIDE: ['OVERVIEW', 'FOLLOW_UP'],
  HANDLER: ['OVERVIEW', 'FOLLOW_UP'],
}
const DETAIL: Record<Role, Purpose[]> = {
  GUIDE: ['HELP'],
  HANDLER: ['HELP'],
  COORDINATOR: ['OVERVIEW', 'FOLLOW_UP'],
  PRIVACY_OFFICER: ['OVERSEE'],
  SIGNATORY: [],
  CODE_HOLDER: ['RIGHTS'],
}

/** The sign that the table of the domain, with the sentences around it, gives to a square. */
export function signInDomain({ role, relation, purpose, partnerKind: kind, category }: Cell): string {
  const sign = TABLE[`${role} / ${relation}`]?.split(' ')[SPACE.category.indexOf(category)] ?? '–'
  const listed = ['reference', 'logistics', 'question', 'progress'].includes(category)
  if (!DETAIL[role].includes(purpose) && !(LISTS[role]?.includes(purpose) && listed)) return '–'
  if (kind === 'UNION' && (relation === 'coordinates' || relation === 'audits')) return '–'
  if (role === 'HANDLER' && category === 'sensitive' && !['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'].includes(kind)) return '–'
  if (role === 'HANDLER' && category === 'note' && ['PRIVATE', 'EMPLOYERS', 'UNION'].includes(kind)) return '–'
  return sign
}

/** Whether a square with this sign is open, by the legend under the table and the sentence about sixteen. */
export function opens(sign: string, q: Question): boolean {
  const agreed = q.agreement === 'active'
  const consented = q.consent === 'covers' && (!q.underSixteen || q.representative)
  if (sign === '●') return true
  if (sign === 'A') return agreed
  if (sign === 'C') return agreed && consented
  if (sign === 'X') return agreed && consented && q.explicit
  if (sign === 'D') return consented && q.explicit
  if (sign === 'o') return q.ownSide
  return false
}
