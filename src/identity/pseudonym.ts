// Keyed hashes: what the server keeps instead of codes and account ids. Without the key ring they cannot be tried out.
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { PlainError } from '../errors.js'
import { kept } from './kept.js'

/** `current` makes new hashes; the other keys only find old ones. Taking a key out makes its hashes unfindable for ever. */
export type KeyRing = Readonly<{ current: string; keys: Readonly<Record<string, Uint8Array>> }>

/** Each use has a key of its own, so that a hash of one kind says nothing about another. */
export type HashUse =
  | 'follow-up-code'
  | 'staff'
  | 'idempotency'
  | 'person'
  | 'capacity'
  | 'network'
  | 'entry'
  | 'teller'
  | 'put-away'
  | 'receipt'
  | 'log'
  | 'staff-subject'

/** As written in KEY_RING or in the file: {"current": "k1", "keys": {"k1": "<32 bytes, base64url>"}}. */
type WrittenRing = { current: string; keys: Record<string, string> }

const KEY_ID = /^k[1-9][0-9]{0,3}$/
const KEY = /^[\w-]{43}$/

/**
 * The key ring from `keyRing` (the text of KEY_RING), else from `<dataFolder>/keys/ring.json`, which is made when it is not there.
 * Give no folder in production: every server process needs the same ring, and a lost ring loses every follow-up code.
 */
export function loadKeyRing({
  keyRing,
  dataFolder,
  random = randomBytes,
}: {
  keyRing?: string | undefined
  dataFolder?: string | undefined
  random?: (bytes: number) => Buffer
}): KeyRing {
  if (keyRing !== undefined) return ringFrom(parse(keyRing), 'KEY_RING')
  if (dataFolder === undefined) throw new PlainError('KEY_RING is missing: without it no follow-up code can be recognised.')
  const file = join(dataFolder, 'keys', 'ring.json')
  const written = kept<WrittenRing>(file, (found) => found ?? { current: 'k1', keys: { k1: random(32).toString('base64url') } })
  return ringFrom(written, file)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function ringFrom(written: unknown, where: string): KeyRing {
  const { current, keys } = (written ?? {}) as Partial<WrittenRing>
  const isRing =
    typeof current === 'string' &&
    typeof keys === 'object' &&
    keys !== null &&
    Object.hasOwn(keys, current) &&
    Object.entries(keys).every(([id, key]) => KEY_ID.test(id) && typeof key === 'string' && KEY.test(key)) &&
    new Set(Object.values(keys)).size === Object.keys(keys).length
  // The text itself is never repeated here: it is a secret.
  if (!isRing) throw new PlainError(`${where} must look like {"current": "k1", "keys": {"k1": "<32 random bytes, base64url>"}}.`)
  const decoded = Object.entries(keys).map(([id, key]) => [id, Buffer.from(key, 'base64url')] as const)
  return Object.freeze({ current, keys: Object.freeze(Object.fromEntries(decoded)) })
}

/** `k1:<base64url>`, made with the current key: what is stored. */
export function keyedHash(ring: KeyRing, use: HashUse, text: string): string {
  return `${ring.current}:${mac(ring, ring.current, use, text).toString('base64url')}`
}

/** The hash under every key of the ring: what is searched for, so that what was stored before a rotation is still found. */
export function keyedHashes(ring: KeyRing, use: HashUse, text: string): string[] {
  return Object.keys(ring.keys).map((id) => `${id}:${mac(ring, id, use, text).toString('base64url')}`)
}

export type Staff = Readonly<{ organisationId: string; subject: string }>

/** Who acted, as `k1:ab3d-9f2k`: readable to compare two lines of a log, different for one person in two organisations. */
export function staffPseudonym(ring: KeyRing, staff: Staff): string {
  return pseudonymWith(ring, ring.current, staff)
}

/** Without i, l, o and u, which are misread. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

/** 40 bits: enough to tell the staff of one organisation apart, few enough to read aloud. */
function pseudonymWith(ring: KeyRing, id: string, { organisationId, subject }: Staff): string {
  const bytes = mac(ring, id, 'staff', JSON.stringify([organisationId, subject])).subarray(0, 8)
  const text = [...bytes].map((byte) => LETTERS[byte % 32]).join('')
  return `${id}:${text.slice(0, 4)}-${text.slice(4)}`
}

function mac(ring: KeyRing, id: string, use: HashUse, text: string): Buffer {
  return createHmac('sha256', derivedKey(ring, id, use))
    .update(text)
    .digest()
}

const derivedKeys = new WeakMap<KeyRing, Map<string, Buffer>>()

/**
 * The key of this ring for one use, 32 bytes: what it makes for one use says nothing about another, nor about the ring. Derived once: every
 * record of the log needs two.
 */
export function derivedKey(ring: KeyRing, id: string, use: HashUse): Buffer {
  const known = derivedKeys.get(ring) ?? new Map<string, Buffer>()
  derivedKeys.set(ring, known)
  const name = `${id} ${use}`
  const key = known.get(name) ?? Buffer.from(hkdfSync('sha256', ring.keys[id]!, '', `warme-overdracht ${use}`, 32))
  known.set(name, key)
  return key
}
