// The key ring of all tests: the database template is released with it, so every server of a test has to sign with it.
import type { KeyRing } from '#app/identity/pseudonym.js'

export const KEYS: KeyRing = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } }

/** The same, as KEY_RING holds it. */
export const KEY_RING = JSON.stringify({ current: 'k1', keys: { k1: Buffer.alloc(32, 1).toString('base64url') } })
