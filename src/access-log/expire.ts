// Retention of the log: the records of whole seals go when their term is over, and a signed line says which and under which term.

import type { Retention } from '../anonymity/retention.js'
import { asNobody } from '../database/door.js'
import { repeat } from '../operations/repeat.js'
import { append } from './checkpoint-file.js'
import { monthsAfter } from './file-story.js'
import { headOf, type Sealer, sealsFrom, signSeals, whileAlone } from './seal.js'

/** How often the server looks, in milliseconds: the term is in years. */
const EVERY_HOUR = 3_600_000

/**
 * Says in the file of checkpoints what is due, by the clock and the term of both server and database, and then has the database remove it. Returns of
 * how many seals the records went. After a crash in between, the next turn goes on.
 * @throws PlainError when the database and the checkpoints do not fit: nothing goes then
 */
export async function expireLog(sealer: Sealer, retention: Retention): Promise<number> {
  const months = Math.max(retention.logs['access-log'], retention.logs['processing-log'])
  const through = await whileAlone(sealer, async (sql, before) => {
    const { tail } = await signSeals(sealer, sql, before)
    const head = headOf(tail)
    const now = sealer.now()
    const seals = (await sealsFrom(sql, head.expired + 1)).filter(({ number }) => number <= head.seal)
    const young = seals.findIndex(({ isDue, lastAt }) => !isDue || monthsAfter(lastAt, months) > now.getTime())
    const due = young < 0 ? seals : seals.slice(0, young)
    const last = due.at(-1)
    if (!last) return head.expired
    const lastAt = due.map((seal) => seal.lastAt).reduce((one, other) => (one > other ? one : other))
    const { seal, hash, records } = head
    await append(sealer.folder, sealer.key, tail, {
      kind: 'expired',
      seal,
      hash,
      records,
      expired: last.number,
      months,
      lastAt,
      signedAt: now.toISOString(),
    })
    return last.number
  })
  if (!through) return 0
  for (let seals = 0; ; seals++) {
    const [gone] = await asNobody(
      sealer.database,
      (sql) => sql.$queryRaw<{ number: number | null }[]>`SELECT expire_seal(${through}::bigint)::float8 AS number`,
    )
    if (!gone?.number) return seals
  }
}

/** Now and every hour until it is stopped. */
export const startExpiring = (
  sealer: Sealer,
  retention: Retention,
  fault: (error: unknown) => void,
): { stop: () => Promise<void> } => repeat(() => expireLog(sealer, retention), EVERY_HOUR, fault)
