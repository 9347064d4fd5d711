// The promises about deciding, held against every question there is: nothing is sampled.
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import * as lists from '#app/decide/decide.js'
import { decider, type Question } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { COUNT, everyQuestion, everySquare, opens, SPACE, signInDomain } from './questions.js'

const { sharing } = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
const decide = decider(sharing)
const isOpen = (question: Question) => decide(question).allowed

const STORY = ['routing', 'question', 'situation', 'sensitive', 'note']
const OWN = ['outcome', 'internal', 'staff']
const NOT_ACTIVE = ['suspended', 'ended', 'none'] as const
const NOT_COVERING = ['not-covered', 'withdrawn', 'expired', 'none'] as const

const open: Question[] = []
const unlikeTheTable: Question[] = []
const because = { open: new Set<string>(), closed: new Set<string>(), noRelation: new Set<string>() }
let asked = 0

beforeAll(() => {
  everySquare((square) => {
    const sign = signInDomain(square)
    everyQuestion(square, (q) => {
      asked++
      const decision = decide(q)
      if (decision.allowed) open.push({ ...q })
      if (decision.allowed !== opens(sign, q) && unlikeTheTable.length < 5) unlikeTheTable.push({ ...q })
      because[decision.allowed ? 'open' : 'closed'].add(decision.because)
      if (q.relation === 'none') because.noRelation.add(decision.because)
    })
  })
  console.info(`${asked} questions asked, ${open.length} of them open`)
}, 60_000)

/** The open questions for which this does not hold; the first few, to read. */
const openUnless = (holds: (question: Question) => boolean) => open.filter((question) => !holds(question)).slice(0, 3)
const of = (words: readonly string[], word: string) => words.includes(word)

test('the words are those of the domain', () => {
  const { ROLES, PARTNER_KINDS, RELATIONS, PURPOSES, CATEGORIES, AGREEMENT_STATES, CONSENT_STATES } = lists
  const own = [ROLES, PARTNER_KINDS, RELATIONS, PURPOSES, CATEGORIES, AGREEMENT_STATES, CONSENT_STATES]
  expect(own).toEqual(Object.values(SPACE).slice(0, own.length))
})

test(`all ${COUNT} questions are answered as the table of the domain says`, () => {
  expect(asked).toBe(COUNT)
  expect(open.length).toBeGreaterThan(100_000)
  expect(unlikeTheTable).toEqual([])
})

test('1. Relation `none` yields nothing, and cannot be told from non-existence', () => {
  expect(openUnless((q) => q.relation !== 'none')).toEqual([])
  expect(because.noRelation.size).toBe(1)
})

test('1. A relation that does not fit the role counts as `none`', () => {
  const [likeNone] = because.noRelation
  const seen = new Set(open.map((q) => `${q.role} ${q.relation}`))
  expect(seen.size).toBe(8)
  everySquare((square) => {
    const decision = decide({ ...(open[0] as Question), ...square })
    if (seen.has(`${square.role} ${square.relation}`) === (decision.because === likeNone)) expect(square).toBeUndefined()
  })
})

test('2. Unknown or missing input is closed', () => {
  const known = open[0] as Question
  expect(isOpen(known)).toBe(true)
  const strange = ['', 'guide', 'constructor', '__proto__', 0, 1, null, [], {}, ['HANDLER'], 'true', undefined, Number.NaN]
  for (const word of Object.keys(SPACE)) {
    const { [word as keyof Question]: _, ...without } = known
    expect(decide(without as Question)).toEqual({ allowed: false, because: 'unknown-is-closed' })
    for (const value of strange)
      expect(decide({ ...known, [word]: value } as Question)).toEqual({ allowed: false, because: 'unknown-is-closed' })
  }
})

test('2. Expired consent is closed wherever consent is needed', () => {
  for (const q of open) if (isOpen({ ...q, consent: 'expired' }) !== isOpen({ ...q, consent: 'none' })) expect(q).toBeUndefined()
})

test('2. Every decision names exactly one rule', () => {
  const share = sharing.share.map((rule) => rule.rule)
  const never = sharing.never.map((rule) => rule.rule)
  expect(because.open).toEqual(new Set(share))
  for (const rule of because.closed) expect([...never, ...lists.BUILT_IN_RULES]).toContain(rule)
  expect([...because.open].filter((rule) => because.closed.has(rule))).toEqual([])
})

test('3. Partners see routing, question, situation, note only with an active agreement and a valid consent', () => {
  const guarded = ['routing', 'question', 'situation', 'note']
  expect(
    openUnless((q) => q.role !== 'HANDLER' || !of(guarded, q.category) || (q.agreement === 'active' && q.consent === 'covers')),
  ).toEqual([])
})

test('4. `sensitive` needs explicit consent that names it; never in lists, figures', () => {
  expect(openUnless((q) => q.category !== 'sensitive' || (q.consent === 'covers' && q.explicit && q.purpose === 'HELP'))).toEqual(
    [],
  )
})

test('5. Without an active agreement a partner keeps reference, progress and what it wrote itself, and nothing else', () => {
  const kept = ['reference', 'progress', ...OWN]
  expect(openUnless((q) => q.role !== 'HANDLER' || q.agreement === 'active' || of(kept, q.category))).toEqual([])
  expect(
    openUnless(
      (q) => q.role !== 'HANDLER' || !of(kept, q.category) || NOT_ACTIVE.every((agreement) => isOpen({ ...q, agreement })),
    ),
  ).toEqual([])
})

test('6. Withdrawal closes all context to the partner; reference, logistics, progress and what it wrote itself stay', () => {
  expect(openUnless((q) => q.role !== 'HANDLER' || q.consent !== 'withdrawn' || !of(STORY, q.category))).toEqual([])
  expect(openUnless((q) => q.role !== 'HANDLER' || of(STORY, q.category) || isOpen({ ...q, consent: 'withdrawn' }))).toEqual([])
})

test('8. Narrowing any lock never opens a cell', () => {
  // The same the other way round: what is open stays open when any lock is opened further.
  const wider: Partial<Question>[] = [
    { agreement: 'active' },
    { consent: 'covers' },
    { explicit: true },
    { underSixteen: false },
    { representative: true },
    { ownSide: true },
  ]
  for (const lock of wider) expect(openUnless((q) => isOpen({ ...q, ...lock }))).toEqual([])
  expect(openUnless((q) => q.agreement === 'active' || NOT_ACTIVE.every((agreement) => isOpen({ ...q, agreement })))).toEqual([])
  expect(openUnless((q) => q.consent === 'covers' || NOT_COVERING.every((consent) => isOpen({ ...q, consent })))).toEqual([])
})

test('10. A partner that a hand-off was not offered to sees nothing of it', () => {
  expect(openUnless((q) => q.role !== 'HANDLER' || of(['offered', 'accepted', 'ended'], q.relation))).toEqual([])
})

test('11. A GUIDE never opens an inbox; a HANDLER never opens a desk', () => {
  expect(openUnless((q) => q.role !== 'GUIDE' || of(['desk', 'desk-ended'], q.relation))).toEqual([])
  expect(openUnless((q) => q.role !== 'HANDLER' || !of(['desk', 'desk-ended'], q.relation))).toEqual([])
})

test('12. Offered shows no more than accepted; ended no more than accepted, under the same locks', () => {
  expect(openUnless((q) => !of(['offered', 'ended'], q.relation) || isOpen({ ...q, relation: 'accepted' }))).toEqual([])
  expect(openUnless((q) => q.relation !== 'desk-ended' || isOpen({ ...q, relation: 'desk' }))).toEqual([])
})

test('13. A list shows no more than the detail', () => {
  const detail = {
    GUIDE: 'HELP',
    HANDLER: 'HELP',
    COORDINATOR: 'FOLLOW_UP',
    PRIVACY_OFFICER: 'OVERSEE',
    CODE_HOLDER: 'RIGHTS',
  } as const
  expect(openUnless((q) => q.role !== 'SIGNATORY' && isOpen({ ...q, purpose: detail[q.role] }))).toEqual([])
  expect(openUnless((q) => q.purpose !== 'ACCOUNT')).toEqual([])
})

test('14. Only the writing side sees its `internal`', () => {
  expect(openUnless((q) => q.category !== 'internal' || q.ownSide)).toEqual([])
})

test('15. Staff never crosses organisations and never reaches visitors', () => {
  expect(openUnless((q) => q.category !== 'staff' || (q.role !== 'CODE_HOLDER' && q.ownSide))).toEqual([])
})

test('16. Coordinators and privacy officers never see situation, sensitive, note', () => {
  expect(
    openUnless((q) => !of(['COORDINATOR', 'PRIVACY_OFFICER'], q.role) || !of(['situation', 'sensitive', 'note'], q.category)),
  ).toEqual([])
})

test('16. A hand-off to a union is out of sight for coordinators and privacy officers', () => {
  expect(openUnless((q) => q.partnerKind !== 'UNION' || !of(['COORDINATOR', 'PRIVACY_OFFICER'], q.role))).toEqual([])
})

test('17. A decision does not depend on whether there is a value: the question has no word for it', () => {
  const q = open[0] as Question
  expect(decide({ ...q, value: 'x', hasValue: true } as Question)).toBe(decide(q))
})

test('18. Forwarding shows the new partner nothing of the story without consent naming it', () => {
  expect(openUnless((q) => q.relation !== 'offered' || q.consent === 'covers' || !of(STORY, q.category))).toEqual([])
})

test('19. Below 16 nothing that needs consent opens unless a representative was present', () => {
  // What is open to a child alone is what would be open without any consent.
  expect(openUnless((q) => !q.underSixteen || q.representative || isOpen({ ...q, consent: 'none', explicit: false }))).toEqual([])
})

test('a code-holder never reads sensitive or the note back, and the rule says why', () => {
  const q = { ...(open.find((q) => q.role === 'CODE_HOLDER') as Question), explicit: true, consent: 'covers' } as const
  for (const category of ['sensitive', 'note'] as const)
    expect(decide({ ...q, category })).toEqual({ allowed: false, because: 'code-holder-sees-only-that-it-was-shared' })
})
