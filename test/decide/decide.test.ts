// How one decision is made: which rule it names, and that the order of the policy does not matter.
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decider, type Policy, type Question, reasonOf, whicheverPartner } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { SPACE } from './questions.js'

const { sharing } = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
const decide = decider(sharing)

const sensitive: Question = {
  role: 'HANDLER',
  partnerKind: 'UWV',
  relation: 'accepted',
  purpose: 'HELP',
  category: 'sensitive',
  agreement: 'active',
  consent: 'covers',
  explicit: true,
  underSixteen: false,
  representative: false,
  ownSide: false,
}
const anyQuestion = fc.record(
  Object.fromEntries(Object.entries(SPACE).map(([word, values]) => [word, fc.constantFrom(...values)])),
) as unknown as fc.Arbitrary<Question>

test('an open question names the rule that shares', () => {
  expect(decide(sensitive)).toEqual({
    allowed: true,
    because: 'partner-reads-sensitive-only-after-accepting-and-with-explicit-consent',
  })
})

test.each<[Partial<Question>, string, string]>([
  [{ agreement: 'suspended', consent: 'none' }, 'agreement-must-be-active', 'AGREEMENT'],
  [{ consent: 'withdrawn', explicit: false }, 'consent-must-cover', 'CONSENT'],
  [{ explicit: false, underSixteen: true }, 'explicit-consent-must-name-it', 'CONSENT'],
  [{ underSixteen: true }, 'under-sixteen-needs-a-representative', 'UNDER_SIXTEEN'],
  [{ category: 'internal' }, 'only-the-side-that-wrote-it', 'OWN_SIDE'],
  [{ purpose: 'ACCOUNT' }, 'nothing-is-shared-without-a-rule', 'POLICY'],
  [{ relation: 'desk' }, 'without-a-relation-nothing-is-seen', 'POLICY'],
  [{ role: 'BOSS' as 'GUIDE', relation: 'none' }, 'unknown-is-closed', 'POLICY'],
  [
    { role: 'PRIVACY_OFFICER', relation: 'audits', purpose: 'OVERSEE', category: 'reference', partnerKind: 'UNION' },
    'union-hand-offs-are-out-of-sight-for-privacy-officers',
    'POLICY',
  ],
])('%o is closed by %s', (change, because, reason) => {
  expect(decide({ ...sensitive, ...change })).toEqual({ allowed: false, because })
  expect(reasonOf(because)).toBe(reason)
})

test('a representative opens what is below sixteen', () => {
  expect(decide({ ...sensitive, underSixteen: true, representative: true }).allowed).toBe(true)
})

test('the order of rules, and of the words in them, does not matter', () => {
  const anyOrder = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length })
  const anyOrderInside = <R extends Policy['never'][number]>(rule: R) =>
    fc
      .tuple(anyOrder(rule.relations), anyOrder(rule.purposes), anyOrder(rule.partnerKinds), anyOrder(rule.categories))
      .map(([relations, purposes, partnerKinds, categories]) => ({ ...rule, relations, purposes, partnerKinds, categories }))
  const anyPolicy = fc
    .tuple(fc.tuple(...sharing.share.map(anyOrderInside)), fc.tuple(...sharing.never.map(anyOrderInside)))
    .chain(([share, never]) => fc.record({ share: anyOrder(share), never: anyOrder(never) }))
  fc.assert(
    fc.property(anyPolicy, fc.array(anyQuestion, { minLength: 300, maxLength: 300 }), (policy, questions) => {
      const other = decider(policy)
      for (const question of questions) expect(other(question)).toEqual(decide(question))
    }),
    { numRuns: 30 },
  )
})

test('never beats share', () => {
  const never = sharing.share.map((rule) => ({ ...rule, rule: `never-${rule.rule}` }))
  const silent = decider({ share: sharing.share, never })
  expect(silent(sensitive)).toEqual({
    allowed: false,
    because: 'never-partner-reads-sensitive-only-after-accepting-and-with-explicit-consent',
  })
})

test('two rules that share one square are refused, because a decision names exactly one', () => {
  const [first] = sharing.share
  expect(() => decider({ share: [...sharing.share, { ...first!, rule: 'again' }], never: [] })).toThrow(/and "again" both share/)
})

test('a decision cannot be changed by whoever receives it', () => {
  expect(Object.isFrozen(decide(sensitive))).toBe(true)
  expect(Object.isFrozen(decide({ ...sensitive, explicit: false }))).toBe(true)
})

test('what has no receiving partner is open only if it were open whichever partner came', () => {
  const { partnerKind: _, ...contact } = { ...sensitive, role: 'GUIDE', relation: 'desk', category: 'situation' } as const
  expect(whicheverPartner(decide)(contact)).toEqual({ allowed: true, because: 'guide-reads-the-hand-offs-of-the-own-desk' })
  const { partnerKind: __, ...audited } = {
    ...sensitive,
    role: 'PRIVACY_OFFICER',
    relation: 'audits',
    purpose: 'OVERSEE',
  } as const
  expect(whicheverPartner(decide)({ ...audited, category: 'reference' }).allowed).toBe(false)
})
