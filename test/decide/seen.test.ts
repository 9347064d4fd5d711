// An object as it is seen: every category decided once, tied to that object alone, and the same words to a partner whatever the reason.
import { expect, test } from 'vitest'
import { CATEGORIES, type Decision, PARTNER_KINDS, type Question, type Role } from '#app/decide/decide.js'
import { type Eyes, type Facts, see, sightOf, withheldOf } from '#app/decide/seen.js'

const fields: Eyes['fields'] = {
  governed: new Map([
    [
      'Thing',
      new Map([
        ['title', 'reference'],
        ['place', 'logistics'],
        ['open', 'open'],
        ['who', 'routing'],
        ['what', 'question'],
        ['result', 'outcome'],
      ] as const),
    ],
  ]),
  parts: new Map(),
  open: new Map(),
  numbers: new Map(),
}

const HELD = ['reference', 'logistics', 'routing', 'question', 'outcome']

/** Opens these categories; the others are closed by the rule that is said, or because no rule opens them. */
function eyes(role: Role, opened: readonly string[], because = 'nothing-is-shared-without-a-rule'): Eyes & { asked: Question[] } {
  const asked: Question[] = []
  const decide = (question: Question): Decision => {
    asked.push(question)
    return opened.includes(question.category) ? { allowed: true, because: 'opened' } : { allowed: false, because }
  }
  return { role, purpose: 'HELP', decide, fields, asked }
}

const facts = (changes: Partial<Facts> = {}): Facts => ({
  relation: 'accepted',
  partnerKind: 'UWV',
  agreementFor: () => 'active',
  consentFor: () => ({ state: 'covers', explicit: false }),
  underSixteen: false,
  representative: false,
  ownSide: () => true,
  hasValue: () => true,
  ...changes,
})

const seen = (looks: Eyes, of: Facts = facts()) => see(looks, 'Thing', of, { title: 'x' })?.seen

test('every category that the type has a field of is decided exactly once, with the locks of that very category', () => {
  const looks = eyes('HANDLER', ['reference'])
  const of = facts({
    agreementFor: (category) => (category === 'question' ? 'suspended' : 'active'),
    consentFor: (category) =>
      category === 'routing' ? { state: 'expired', explicit: false } : { state: 'covers', explicit: category === 'sensitive' },
    ownSide: (category) => category !== 'outcome',
    underSixteen: true,
    representative: true,
  })
  seen(looks, of)
  expect(looks.asked.map(({ category }) => category)).toEqual(HELD)
  for (const question of looks.asked)
    expect(question).toEqual({
      role: 'HANDLER',
      purpose: 'HELP',
      relation: 'accepted',
      partnerKind: 'UWV',
      category: question.category,
      agreement: question.category === 'question' ? 'suspended' : 'active',
      consent: question.category === 'routing' ? 'expired' : 'covers',
      explicit: question.category === 'sensitive',
      underSixteen: true,
      representative: true,
      ownSide: question.category !== 'outcome',
    })
})

test('1: an object of which nothing is shown is not there, and carries no decision', () => {
  const object = {}
  expect(see(eyes('HANDLER', []), 'Thing', facts(), object)).toBeUndefined()
  expect(sightOf(object)).toBeUndefined()
  expect(withheldOf(object)).toEqual([])
})

test('one category shown is enough to be there', () => {
  for (const category of HELD) expect(seen(eyes('GUIDE', [category])), category).toBeDefined()
})

test('the decision belongs to the object, not to one that looks the same', () => {
  const object = seen(eyes('GUIDE', ['reference']))!
  expect(sightOf(object)?.get('reference')).toEqual({ allowed: true, because: 'opened' })
  for (const other of [{ ...object }, structuredClone(object), null, undefined, 'text', 1]) expect(sightOf(other)).toBeUndefined()
})

test('of one object seen twice, the last decision counts', () => {
  const object = { title: 'x' }
  see(eyes('GUIDE', [...CATEGORIES]), 'Thing', facts(), object)
  see(eyes('GUIDE', ['reference']), 'Thing', facts(), object)
  expect(withheldOf(object).map(({ field }) => field)).toEqual(['place', 'who', 'what', 'result'])
})

test('what is withheld is named in the order of the policy file, each field once, and an open field never', () => {
  const object = seen(eyes('GUIDE', ['question']))!
  expect(withheldOf(object)).toEqual(
    [
      ['title', 'reference'],
      ['place', 'logistics'],
      ['who', 'routing'],
      ['result', 'outcome'],
    ].map(([field, category]) => ({
      field,
      category,
      reason: 'POLICY',
      rule: 'nothing-is-shared-without-a-rule',
    })),
  )
})

test.each([
  ['agreement-must-be-active', 'AGREEMENT'],
  ['consent-must-cover', 'CONSENT'],
  ['explicit-consent-must-name-it', 'CONSENT'],
  ['under-sixteen-needs-a-representative', 'UNDER_SIXTEEN'],
  ['only-the-side-that-wrote-it', 'OWN_SIDE'],
  ['a-rule-of-the-file', 'POLICY'],
])('17: %s: the desk hears %s, a partner hears what it always hears', (because, reason) => {
  for (const role of ['GUIDE', 'CODE_HOLDER', 'PRIVACY_OFFICER', 'COORDINATOR'] as const) {
    const object = seen(eyes(role, ['reference', 'logistics', 'question', 'outcome'], because))!
    expect(withheldOf(object), role).toEqual([{ field: 'who', category: 'routing', reason, rule: because }])
  }
  const object = seen(eyes('HANDLER', ['reference', 'logistics', 'question', 'outcome'], because))!
  expect(withheldOf(object)).toEqual([{ field: 'who', category: 'routing', reason: 'NOT_SHARED', rule: 'not-shared' }])
})

test('17: to a partner, context that is not there is withheld as if it were refused; to the desk it is simply empty', () => {
  const nothing = facts({ hasValue: () => false })
  const refused = withheldOf(seen(eyes('HANDLER', ['reference', 'logistics', 'outcome']))!)
  expect(withheldOf(seen(eyes('HANDLER', [...CATEGORIES]), nothing)!)).toEqual(refused)
  expect(withheldOf(seen(eyes('HANDLER', ['reference', 'logistics', 'outcome']), nothing)!)).toEqual(refused)
  expect(refused.map(({ field }) => field)).toEqual(['who', 'what'])
  expect(withheldOf(seen(eyes('GUIDE', [...CATEGORIES]), nothing)!)).toEqual([])
})

test('what has no receiving partner is open only where it is open whoever received it', () => {
  for (const closedFor of PARTNER_KINDS) {
    const decide = ({ category, partnerKind }: Question): Decision =>
      category === 'routing' && partnerKind === closedFor
        ? { allowed: false, because: 'not-for-this-kind' }
        : { allowed: true, because: 'opened' }
    const object = seen({ role: 'GUIDE', purpose: 'HELP', decide, fields }, facts({ partnerKind: null }))!
    expect(withheldOf(object), closedFor).toEqual([
      { field: 'who', category: 'routing', reason: 'POLICY', rule: 'not-for-this-kind' },
    ])
    expect(
      withheldOf(
        seen({ role: 'GUIDE', purpose: 'HELP', decide, fields }, facts({ partnerKind: closedFor === 'UWV' ? 'RMT' : 'UWV' }))!,
      ),
    ).toEqual([])
  }
})

test('a policy that throws leaves no decision behind', () => {
  const object = {}
  const decide = () => {
    throw new Error('broken')
  }
  expect(() => see({ role: 'GUIDE', purpose: 'HELP', decide, fields }, 'Thing', facts(), object)).toThrow('broken')
  expect(sightOf(object)).toBeUndefined()
})
