// What is promised about deciding and is about no cell: words that nobody knows, and what a decision may not hang on. The cells: test/proof.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as lists from '#app/decide/decide.js'
import { decider, type Question } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { SPACE } from './questions.js'

const decide = decider(readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url))).sharing)
const OPEN: Question = {
  ...{ role: 'HANDLER', partnerKind: 'UWV', relation: 'accepted', purpose: 'HELP', category: 'situation' },
  ...{ agreement: 'active', consent: 'covers', explicit: true, underSixteen: false, representative: false, ownSide: true },
}

test('the words are those of the domain', () => {
  const { ROLES, PARTNER_KINDS, RELATIONS, PURPOSES, CATEGORIES, AGREEMENT_STATES, CONSENT_STATES } = lists
  const own = [ROLES, PARTNER_KINDS, RELATIONS, PURPOSES, CATEGORIES, AGREEMENT_STATES, CONSENT_STATES]
  expect(own).toEqual(Object.values(SPACE).slice(0, own.length))
})

test('2. Unknown or missing input is closed', () => {
  expect(decide(OPEN).allowed).toBe(true)
  const strange = ['', 'guide', 'constructor', '__proto__', 0, 1, null, [], {}, ['HANDLER'], 'true', undefined, Number.NaN]
  for (const word of Object.keys(SPACE)) {
    const { [word as keyof Question]: _, ...without } = OPEN
    expect(decide(without as Question)).toEqual({ allowed: false, because: 'unknown-is-closed' })
    for (const value of strange)
      expect(decide({ ...OPEN, [word]: value } as Question)).toEqual({ allowed: false, because: 'unknown-is-closed' })
  }
})

test('17. A decision does not depend on whether there is a value: the question has no word for it', () => {
  expect(decide({ ...OPEN, value: 'x', hasValue: true } as Question)).toBe(decide(OPEN))
})

test('a code-holder never reads sensitive or the note back, and the rule says why', () => {
  for (const category of ['sensitive', 'note'] as const)
    expect(decide({ ...OPEN, role: 'CODE_HOLDER', relation: 'holds-code', purpose: 'RIGHTS', category })).toEqual({
      allowed: false,
      because: 'code-holder-sees-only-that-it-was-shared',
    })
})
