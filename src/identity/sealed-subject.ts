// The account behind a pseudonym, encrypted: written with every record, and opened only where two people agreed to it (design 6).
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { derivedKey, type KeyRing, keyedHash, type Staff } from './pseudonym.js'

const CIPHER = 'aes-256-gcm'
const IV = 12
const TAG = 16
/** Bytes: an account's name is not to be known by its length. */
const BLOCK = 64

/**
 * `k1:<base64url>` of IV, ciphertext and tag, with the current key. Bound to the organisation and the pseudonym that it stands beside. The IV is
 * a keyed hash of all that goes in, so it is never used for two texts; one person is then always the same text, which the pseudonym says anyway.
 */
export function sealSubject(ring: KeyRing, { organisationId, subject }: Staff, pseudonym: string): string {
  const iv = Buffer.from(
    keyedHash(ring, 'staff', JSON.stringify([organisationId, pseudonym, subject])).split(':')[1]!,
    'base64url',
  )
  const cipher = createCipheriv(CIPHER, derivedKey(ring, ring.current, 'staff-subject'), iv.subarray(0, IV))
  cipher.setAAD(boundTo(organisationId, pseudonym))
  const text = Buffer.from(subject)
  const padded = Buffer.concat([text, Buffer.alloc(BLOCK - (text.length % BLOCK))])
  const sealed = Buffer.concat([iv.subarray(0, IV), cipher.update(padded), cipher.final(), cipher.getAuthTag()])
  return `${ring.current}:${sealed.toString('base64url')}`
}

/** The account; undefined when its key is no longer in the ring, or when it was sealed for another line. */
export function openSubject(ring: KeyRing, sealed: string, organisationId: string, pseudonym: string): string | undefined {
  const [id = '', text = ''] = sealed.split(':')
  if (!Object.hasOwn(ring.keys, id)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  try {
    const cipher = createDecipheriv(CIPHER, derivedKey(ring, id, 'staff-subject'), bytes.subarray(0, IV), { authTagLength: TAG })
    cipher.setAAD(boundTo(organisationId, pseudonym))
    cipher.setAuthTag(bytes.subarray(-TAG))
    const padded = Buffer.concat([cipher.update(bytes.subarray(IV, -TAG)), cipher.final()])
    return padded.toString().replace(/\0+$/, '')
  } catch {
    // What a cipher says of a text that was tampered with tells nobody anything.
    return undefined
  }
}

const boundTo = (organisationId: string, pseudonym: string) => Buffer.from(JSON.stringify([organisationId, pseudonym]))
