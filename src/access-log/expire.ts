// Retention of the log: the records of whole seals go when their term is over, and a signed line says which and under which term.
import { asNobody } from '../database/door.js'
import { repeat } from '../operations/repeat.js'
import { append } from './checkpoint-file.js'
import { monthsAfter } from './file-story.js'
import type { Retention } from './retention.js'
import { headOf, type Sealer, sealsFrom, signSeals, whileAlone } from './seal.js'
import type { Seal } from './tree.js'

/** The database lets nothing go that was sealed later than this. */
const LEAST_MONTHS = 12

/** How often the server looks, in milliseconds: the term is in years. */
const EVERY_HOUR = 3_600_000

/**
 * Says what is due in the file of checkpoints, then has the database remove it: it decides by its own clock and term. Returns of how many seals the
 * records went. After a crash in between, the next turn goes on.
 * @throws PlainError when the database and the checkpoints do not fit: nothing goes then
 */
export async function expireLog(sealer: Sealer, retention: Retention): Promise<number> {
  const months = Math.max(retention['access-log'], retention['processing-log'])
  const through = await whileAlone(sealer, async (sql, before) => {
    const { tail } = await signSeals(sealer, sql, before)
    const head = headOf(tail)
    const now = sealer.now()
    const due = (await sealsFrom(sql, head.expired + 1)).filter(({ number }) => number <= head.seal)
    const young = due.findIndex((seal) => !isOver(seal, months, now))
    const last = due.at(young < 0 ? -1 : young - 1)
    if (young === 0 || !last) return head.expired
    const oldest = due.slice(0, due.indexOf(last) + 1)
    const lastAt = oldest.map((seal) => seal.lastAt).reduce((one, other) => (one > other ? one : other))
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

function isOver({ lastAt, sealedAt }: Seal, months: number, now: Date): boolean {
  return monthsAfter(lastAt, months) <= now.getTime() && monthsAfter(sealedAt, LEAST_MONTHS) <= now.getTime()
}

/** Now and every hour until it is stopped. */
export const startExpiring = (
  sealer: Sealer,
  retention: Retention,
  fault: (error: unknown) => void,
): { stop: () => Promise<void> } => repeat(() => expireLog(sealer, retention), EVERY_HOUR, fault)
