// The same request twice makes one thing: a key remembers what was made, never what was answered (issue: a replay re-reads and re-decides).
import { createHash } from 'node:crypto'
import { badInput, Refusal } from '../errors.js'
import { keyedHash } from '../identity/pseudonym.js'
import type { Act } from './perform.js'

/**
 * Runs `make` with a fresh reference, unless this organisation used the key before: then nothing is made and the first reference comes back.
 * `body` is what must be equal for that; it is kept as a keyed hash.
 * @throws Refusal IDEMPOTENCY_CONFLICT when the key was used for something else.
 */
export async function replayable(
  act: Act,
  key: string | null,
  body: unknown,
  make: (reference: string) => Promise<void>,
): Promise<{ reference: string; replayed: boolean }> {
  const reference = act.world.newId()
  if (key === null) {
    await make(reference)
    return { reference, replayed: false }
  }
  if (!/^[\x21-\x7e]{8,100}$/.test(key)) throw badInput('idempotencyKey must be 8 to 100 printable characters without spaces.')
  if (!('organisationId' in act.capacity)) throw badInput('This operation takes no idempotencyKey.')
  const { organisationId, subject } = act.capacity
  // INVARIANT: with the current key only, so that after a rotation a late replay makes a second thing rather than show another's.
  const keyHash = keyedHash(act.world.keys, 'idempotency', JSON.stringify([organisationId, subject, key]))
  const bodyHash = keyedHash(act.world.keys, 'idempotency', createHash('sha256').update(JSON.stringify(body)).digest('hex'))
  // A second request with the same key waits here for the first to commit or fail.
  const isFirst = await act.sql.$executeRaw`
    INSERT INTO idempotency_key (organisation_id, key_hash, operation, body_hash, reference, day)
    VALUES (${organisationId}::uuid, ${keyHash}, ${act.operation}, ${bodyHash}, ${reference}::uuid, ${act.today}::date) ON CONFLICT DO NOTHING`
  if (isFirst) {
    await make(reference)
    return { reference, replayed: false }
  }
  const [known] = await act.sql.$queryRaw<{ operation: string; body_hash: string; reference: string }[]>`
    SELECT operation, body_hash, reference FROM idempotency_key WHERE organisation_id = ${organisationId}::uuid AND key_hash = ${keyHash}`
  if (known?.operation !== act.operation || known.body_hash !== bodyHash) {
    // It says that something was made with this key, and that may have been for a union.
    act.notes.confidential = true
    throw new Refusal('IDEMPOTENCY_CONFLICT', 'This idempotencyKey was used before, with another body.')
  }
  return { reference: known.reference, replayed: true }
}
