// Who asks, signed: row-level security believes what the server says, and not what SQL in the server's name says (prisma/wall.md, app_capacity).
import { createHmac } from 'node:crypto'
import { derivedKey, type KeyRing } from '../identity/pseudonym.js'

/** What a transaction is for. Written in this order, with `|` between: app_capacity() in the database reads it back. */
export type Said = Readonly<{
  databaseRole: string
  /** As the policy calls it. */
  role: string
  /** Empty: of nobody's organisation. */
  organisation: string
  /** YYYY-MM-DD, in the Netherlands. */
  today: string
  purpose: string
  policyHash: string
  codeHashes: readonly string[]
}>

/** Seconds. Longer than any transaction lasts; in between, a setting that somebody copied is worth something. */
const VALID = 120

/** The value of the setting `app.capacity`: the words, and an HMAC-SHA256 over them in 64 hexadecimals. `now` is in milliseconds. */
export function signed(keys: KeyRing, said: Said, now = Date.now()): string {
  const until = Math.floor(now / 1000) + VALID
  const words = [
    keys.current,
    said.databaseRole,
    said.role,
    said.organisation,
    said.today,
    said.purpose,
    said.policyHash,
    said.codeHashes.join(' '),
    `${until}|`,
  ]
  // INVARIANT: one word cannot become two. None of them comes from a caller as it is; this is for who changes that.
  if (words.slice(0, -1).some((word) => /[|]/.test(word))) throw new Error('a word of the capacity holds a |')
  const text = words.join('|')
  return (
    text +
    createHmac('sha256', derivedKey(keys, keys.current, 'capacity'))
      .update(text)
      .digest('hex')
  )
}

/** What the database needs to check a signature of each key of the ring (RFC 2104): the key, padded to a block, XORed with two constants. */
export function padsOf(keys: KeyRing): { id: string; inner: Buffer; outer: Buffer }[] {
  return Object.keys(keys.keys).map((id) => {
    const block = Buffer.alloc(64)
    derivedKey(keys, id, 'capacity').copy(block)
    return { id, inner: block.map((byte) => byte ^ 0x36) as Buffer, outer: block.map((byte) => byte ^ 0x5c) as Buffer }
  })
}
