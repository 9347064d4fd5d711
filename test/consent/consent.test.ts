// Consent as seen from one category, and what counts as more than what stood. Pure.
import { describe, expect, test } from 'vitest'
import { type Consent, consentFor, type Extent, isWithin } from '#app/consent/consent.js'

const CONSENT: Consent = {
  version: 1,
  change: 'GIVEN',
  categories: ['question', 'situation'],
  explicitCategories: ['situation'],
  purposes: ['OVERVIEW', 'HELP'],
  underSixteen: false,
  representativePresent: false,
  expiresOn: '2027-05-19',
}

describe('As seen from one category, consent', () => {
  test.each([
    ['covers what it names', CONSENT, 'question', 'HELP', '2026-11-18', 'covers', false],
    ['covers explicitly what it names so', CONSENT, 'situation', 'HELP', '2026-11-18', 'covers', true],
    ['covers no other category', CONSENT, 'routing', 'HELP', '2026-11-18', 'not-covered', false],
    ['covers for no other purpose', CONSENT, 'situation', 'FOLLOW_UP', '2026-11-18', 'not-covered', false],
    ['covers up to the day before it no longer holds', CONSENT, 'situation', 'HELP', '2027-05-18', 'covers', true],
    ['covers nothing from that day on', CONSENT, 'situation', 'HELP', '2027-05-19', 'expired', false],
    ['that was withdrawn says so', { ...CONSENT, change: 'WITHDRAWN' }, 'situation', 'HELP', '2026-11-18', 'withdrawn', false],
    ['that was never given is none', null, 'situation', 'HELP', '2026-11-18', 'none', false],
  ] as const)('%s', (_, consent, category, purpose, today, state, explicit) => {
    expect(consentFor(consent, category, purpose, today)).toEqual({ state, explicit })
  })
})

describe('What is given anew', () => {
  const STOOD: Extent = {
    categories: ['routing', 'question'],
    explicitCategories: ['question'],
    expiresOn: '2027-05-19',
    representativePresent: false,
    reservePartnerId: 'the reserve',
  }

  test.each<[string, Partial<Extent>]>([
    ['the same', {}],
    ['fewer categories', { categories: ['question'] }],
    ['less of it explicitly', { explicitCategories: [] }],
    ['a shorter time', { expiresOn: '2027-05-18' }],
    ['no reserve', { reservePartnerId: null }],
  ])('is no wider with %s', (_, change) => expect(isWithin({ ...STOOD, ...change }, STOOD)).toBe(true))

  test('nor without the representative who was there before', () =>
    expect(isWithin(STOOD, { ...STOOD, representativePresent: true })).toBe(true))

  test.each<[string, Partial<Extent>]>([
    ['another category', { categories: ['question', 'situation'] }],
    ['more of it explicitly', { explicitCategories: ['routing', 'question'] }],
    ['a day more', { expiresOn: '2027-05-20' }],
    ['another reserve', { reservePartnerId: 'another' }],
    ['a representative', { representativePresent: true }],
  ])('is wider with %s, whatever it leaves out', (_, change) =>
    expect(isWithin({ ...STOOD, categories: ['question'], ...change }, STOOD)).toBe(false),
  )
})
