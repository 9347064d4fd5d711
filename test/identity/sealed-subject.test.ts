// What stands sealed beside a pseudonym: opened with the key ring, for its own line, and by nothing else.
import { describe, expect, test } from 'vitest'
import type { KeyRing } from '#app/identity/pseudonym.js'
import { openSubject, sealSubject } from '#app/identity/sealed-subject.js'

const [ONE, OTHER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const RING: KeyRing = { current: 'k1', keys: { k1: ONE } }
const PSEUDONYM = 'k1:abcd-efgh'
const HERE = { organisationId: 'here', subject: 'h.jansen' }
const seal = (subject: string, ring = RING) => sealSubject(ring, { ...HERE, subject }, PSEUDONYM)

test.each(['h', 'h.jansen@example.nl', 'é'.repeat(64), 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(255)])(
  '%s comes out as it went in',
  (subject) => {
    expect(openSubject(RING, seal(subject), 'here', PSEUDONYM)).toBe(subject)
  },
)

test('it does not show who it is, nor how long that is', () => {
  expect(seal('h.jansen')).toMatch(/^k1:[\w-]+$/)
  expect(Buffer.from(seal('h.jansen').slice(3), 'base64url').toString('latin1')).not.toContain('jansen')
  expect(seal('h')).toHaveLength(seal('x'.repeat(63)).length)
})

test('two people, two organisations and two pseudonyms never share a first block: no key stream is used twice', () => {
  const texts = [
    seal('h.jansen'),
    seal('h.janssen'),
    sealSubject(RING, { ...HERE, organisationId: 'there' }, PSEUDONYM),
    sealSubject(RING, HERE, 'k1:abcd-efgj'),
    seal('h.jansen', { current: 'k2', keys: { k2: OTHER } }),
  ]
  expect(new Set(texts.map((text) => Buffer.from(text.split(':')[1]!, 'base64url').subarray(0, 12).toString('hex'))).size).toBe(
    texts.length,
  )
  expect(seal('h.jansen')).toBe(texts[0])
})

test('after a rotation an old line still opens, and no longer when its key was taken out', () => {
  const old = seal('h.jansen')
  expect(openSubject({ current: 'k2', keys: { k1: ONE, k2: OTHER } }, old, 'here', PSEUDONYM)).toBe('h.jansen')
  expect(openSubject({ current: 'k2', keys: { k2: OTHER } }, old, 'here', PSEUDONYM)).toBeUndefined()
})

describe('It does not open', () => {
  const sealed = seal('h.jansen')
  const flipped = (place: number) => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    bytes[place]! ^= 1
    return `k1:${bytes.toString('base64url')}`
  }
  test.each([
    ['beside another pseudonym', sealed, 'here', 'k1:abcd-efgj', RING],
    ['in another organisation', sealed, 'there', PSEUDONYM, RING],
    ['with another key of the same name', sealed, 'here', PSEUDONYM, { current: 'k1', keys: { k1: OTHER } }],
    ['with a byte of the IV changed', flipped(0), 'here', PSEUDONYM, RING],
    ['with a byte of the text changed', flipped(20), 'here', PSEUDONYM, RING],
    ['with a byte of the tag changed', flipped(12 + 64 + 3), 'here', PSEUDONYM, RING],
    ['cut short', sealed.slice(0, 40), 'here', PSEUDONYM, RING],
    ['as nothing', '', 'here', PSEUDONYM, RING],
    ['under a key that objects have by nature', sealed.replace('k1', 'constructor'), 'here', PSEUDONYM, RING],
  ])('%s', (_, text, organisation, pseudonym, ring) => {
    expect(openSubject(ring, text, organisation, pseudonym)).toBeUndefined()
  })
})
