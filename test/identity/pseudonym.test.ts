// A keyed hash is found again after a rotation, says nothing without its key, and one use says nothing about another.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyedHash, keyedHashes, loadKeyRing, staffPseudonym } from '#app/identity/pseudonym.js'

const K1 = Buffer.alloc(32, 1).toString('base64url')
const K2 = Buffer.alloc(32, 2).toString('base64url')
const ringOf = (ring: object) => loadKeyRing({ keyRing: JSON.stringify(ring) })
const before = ringOf({ current: 'k1', keys: { k1: K1 } })
const after = ringOf({ current: 'k2', keys: { k1: K1, k2: K2 } })

let dataFolder: string
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'keys-'))
})
afterEach(() => rmSync(dataFolder, { recursive: true }))

test('A hash names its key and is the same each time', () => {
  const hash = keyedHash(before, 'follow-up-code', 'appel-beer-citroen')
  expect(hash).toMatch(/^k1:[\w-]{43}$/)
  expect(keyedHash(before, 'follow-up-code', 'appel-beer-citroen')).toBe(hash)
})

test('Text, use and key each change the hash', () => {
  const hashes = [
    keyedHash(before, 'follow-up-code', 'appel'),
    keyedHash(before, 'follow-up-code', 'beer'),
    keyedHash(before, 'idempotency', 'appel'),
    keyedHash(after, 'follow-up-code', 'appel'),
  ]
  expect(new Set(hashes.map((hash) => hash.slice(3))).size).toBe(4)
})

test('After a rotation old hashes are still found, and new ones have the new key', () => {
  const old = keyedHash(before, 'follow-up-code', 'appel')
  expect(keyedHashes(after, 'follow-up-code', 'appel')).toContain(old)
  expect(keyedHashes(after, 'follow-up-code', 'appel')).toContain(keyedHash(after, 'follow-up-code', 'appel'))
  expect(keyedHash(after, 'follow-up-code', 'appel')).toMatch(/^k2:/)
})

test('A pseudonym is short, readable, and another one in each organisation', () => {
  const staff = { organisationId: 'a', subject: 'somebody' }
  expect(staffPseudonym(before, staff)).toMatch(/^k1:[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}$/)
  expect(staffPseudonym(before, staff)).toBe(staffPseudonym(before, staff))
  expect(staffPseudonym(before, { ...staff, organisationId: 'b' })).not.toBe(staffPseudonym(before, staff))
  expect(staffPseudonym(before, { ...staff, subject: 'other' })).not.toBe(staffPseudonym(before, staff))
})

test('The ring is made once, in a file that only its owner can read', () => {
  const ring = loadKeyRing({ dataFolder })
  expect(statSync(join(dataFolder, 'keys', 'ring.json')).mode & 0o777).toBe(0o600)
  expect(statSync(join(dataFolder, 'keys')).mode & 0o777).toBe(0o700)
  expect(loadKeyRing({ dataFolder })).toEqual(ring)
  expect(Object.isFrozen(ring)).toBe(true)
})

test('KEY_RING goes before the file', () => {
  loadKeyRing({ dataFolder })
  expect(loadKeyRing({ keyRing: JSON.stringify({ current: 'k7', keys: { k7: K2 } }), dataFolder }).current).toBe('k7')
})

test('A damaged file is never replaced', () => {
  loadKeyRing({ dataFolder })
  const file = join(dataFolder, 'keys', 'ring.json')
  writeFileSync(file, '{"current"')
  expect(() => loadKeyRing({ dataFolder })).toThrow('restore it from a copy')
  expect(readFileSync(file, 'utf8')).toBe('{"current"')
})

test('Without KEY_RING and folder there is no start', () => {
  expect(() => loadKeyRing({})).toThrow('KEY_RING is missing')
})

describe('A ring is complete, or refused without being shown', () => {
  for (const bad of [
    '',
    'secret',
    'null',
    '[]',
    '{}',
    '{"current":"k1"}',
    '{"current":"k1","keys":{}}',
    `{"current":"k2","keys":{"k1":"${K1}"}}`,
    `{"current":"toString","keys":{"k1":"${K1}"}}`,
    `{"current":"k1","keys":{"k1":"${K1.slice(1)}"}}`,
    `{"current":"k1","keys":{"k1":"${K1}="}}`,
    `{"current":"k1","keys":{"k1":"${K1}","k2":"${K1}"}}`,
    `{"current":"first:","keys":{"first:":"${K1}"}}`,
    `{"current":"k1","keys":{"k1":7}}`,
  ])
    test(`not ${bad}`, () => {
      expect(() => loadKeyRing({ keyRing: bad })).toThrow(/^KEY_RING must look like/)
      try {
        loadKeyRing({ keyRing: bad })
      } catch (fault) {
        expect(String(fault)).not.toContain(K1)
      }
    })
})
