// Terms: every mistake is named, and drift is found in every combination.
import { describe, expect, test } from 'vitest'
import { differences } from '#app/agreements/drift.js'
import { ALL_CELLS, mistakeIn, type Terms } from '#app/agreements/terms.js'
import { canonicalTerms, hashOfTerms } from './canonical-terms.js'

const TODAY = '2026-11-18'
const TERMS: Terms = {
  controllers: ['b', 'a'],
  actingFor: ['c'],
  cells: ['question HELP', 'logistics OVERVIEW'],
  legalBasis: 'task-of-uwv',
  legalBasisVersion: 1,
  answerTermDays: 5,
  firstContactTermDays: 10,
  contactPoint: 'Privacyloket',
  documentReference: 'Afspraak 1',
  reviewOn: '2027-06-01',
  validFrom: TODAY,
  validTo: '2027-12-31',
}

test('sound terms have no mistake', () => expect(mistakeIn(TERMS, TODAY)).toBeUndefined())

test.each<[Partial<Terms>, RegExp]>([
  [{ cells: ['reference HELP'] }, /one of logistics, /],
  [{ cells: ['question OVERSEE'] }, /for one of OVERVIEW, HELP, FOLLOW_UP/],
  [{ cells: [] }, /Nothing is agreed/],
  [{ cells: ['question HELP', 'question HELP'] }, /twice/],
  [{ controllers: [] }, /controllers must name/],
  [{ controllers: ['a', 'a'] }, /controllers names one twice/],
  [{ actingFor: [] }, /actingFor must name/],
  [{ answerTermDays: 0 }, /answerTermDays must be 1 to 60/],
  [{ answerTermDays: 61 }, /answerTermDays must be 1 to 60/],
  [{ firstContactTermDays: 1.5 }, /firstContactTermDays must be/],
  [{ contactPoint: '' }, /contactPoint must be one line/],
  [{ contactPoint: ' ' }, /contactPoint must be one line/],
  [{ contactPoint: 'two\nlines' }, /contactPoint must be one line/],
  [{ contactPoint: 'hidden\u202etext' }, /contactPoint must be one line/],
  [{ documentReference: 'x'.repeat(201) }, /documentReference must be one line of at most 200/],
  [{ documentReference: ' x' }, /documentReference must be one line/],
  [{ reviewOn: '2027-02-30' }, /reviewOn must be a day/],
  [{ validFrom: 'tomorrow' }, /validFrom must be a day/],
  [{ validFrom: '2026-11-17' }, /does not work backwards/],
  [{ validTo: '2026-11-17' }, /validTo is before validFrom/],
  [{ reviewOn: '2026-11-17' }, /reviewOn is before validFrom/],
  [{ reviewOn: '2028-01-01' }, /reviewOn is after validTo/],
])('%j', (change, mistake) => expect(mistakeIn({ ...TERMS, ...change }, TODAY)).toMatch(mistake))

test('the canonical text does not depend on the order in which things were named, and its hash on every term', () => {
  const of = (terms: Terms) => hashOfTerms(canonicalTerms({ ...terms, werkcentrum: 'w', partner: 'p', version: 1 }))
  const turned = { ...TERMS, controllers: ['a', 'b'], cells: [...TERMS.cells].reverse() }
  expect(of(turned)).toBe(of(TERMS))
  const changes: Partial<Terms>[] = [
    { controllers: ['a'] },
    { actingFor: ['d'] },
    { cells: ['question HELP'] },
    { legalBasis: 'x' },
    { legalBasisVersion: 2 },
    { answerTermDays: 6 },
    { firstContactTermDays: 9 },
    { contactPoint: 'x' },
    { documentReference: 'x' },
    { reviewOn: '2027-06-02' },
    { validFrom: '2026-11-19' },
    { validTo: '2027-12-30' },
  ]
  expect(Object.keys(TERMS).sort()).toEqual(changes.flatMap((change) => Object.keys(change)).sort())
  const hashes = changes.map((change) => of({ ...TERMS, ...change }))
  expect(new Set([...hashes, of(TERMS)]).size).toBe(changes.length + 1)
  for (const other of [{ version: 2 }, { werkcentrum: 'x' }, { partner: 'x' }])
    expect(canonicalTerms({ ...TERMS, werkcentrum: 'w', partner: 'p', version: 1, ...other })).not.toBe(
      canonicalTerms({ ...TERMS, werkcentrum: 'w', partner: 'p', version: 1 }),
    )
})

describe('Drift', () => {
  const cell = 'question HELP'
  const set = (is: boolean) => new Set(is ? [cell] : [])
  const kinds = (signed: boolean, allowed: boolean, used: boolean | null) =>
    differences({ signed: set(signed), allowed: set(allowed), used: used === null ? null : set(used), days: 90 }).map(
      ({ kind }) => kind,
    )

  test('every combination of signed, allowed and used', () => {
    expect(
      [true, false].flatMap((signed) =>
        [true, false].flatMap((allowed) => [true, false, null].map((used) => kinds(signed, allowed, used))),
      ),
    ).toEqual([
      [], // signed, allowed, used
      ['SIGNED_NOT_USED'],
      [], // nobody may know
      ['SIGNED_NOT_ALLOWED'],
      ['SIGNED_NOT_ALLOWED'],
      ['SIGNED_NOT_ALLOWED'],
      ['ALLOWED_NOT_SIGNED', 'USED_NOT_SIGNED'],
      ['ALLOWED_NOT_SIGNED'],
      ['ALLOWED_NOT_SIGNED'],
      ['USED_NOT_SIGNED'],
      [],
      [],
    ])
  })

  test('each difference has a sentence of its own', () => {
    const all = new Set(ALL_CELLS)
    const sentences = [
      ...differences({ signed: all, allowed: new Set(), used: null, days: 30 }),
      ...differences({ signed: new Set(), allowed: all, used: all, days: 30 }),
      ...differences({ signed: all, allowed: all, used: new Set(), days: 30 }),
    ].map(({ sentence }) => sentence)
    expect(sentences).toHaveLength(4 * ALL_CELLS.length)
    expect(new Set(sentences).size).toBe(sentences.length)
  })
})
