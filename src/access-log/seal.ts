// Sealing: one sealer at a time gathers the leaves that have no seal, in the database, and signs what it sealed, outside it.
import { asNobody, type Sql } from '../database/door.js'
import type { PrismaClient } from '../database/prisma/client.js'
import { PlainError } from '../errors.js'
import { repeat } from '../operations/repeat.js'
import type { Head, SealKey } from './checkpoint.js'
import { append, type Tail, tailFor } from './checkpoint-file.js'
import { LOCK, NOTHING, type Seal, sealHash } from './tree.js'

/** Who seals: where the database is, where the checkpoints go, and the key that signs them. */
export type Sealer = Readonly<{ database: PrismaClient; folder: string; key: SealKey; now: () => Date }>

/** Leaves in one seal: about a second's work, and the most that a crash leaves unsigned. */
const BATCH = 10_000

const HOW_TO_GO_ON =
  'Nothing is sealed until this is explained. If a backup was put back on purpose: npm run log -- accept-restore. Otherwise somebody changed the log: npm run log -- verify.'

/**
 * Seals whatever has no seal, and signs every seal that has no checkpoint. Returns how many seals it made; 0 too when another is at it.
 * Each turn signs what was committed before, and only then seals more: after a crash in between, the next turn writes what is missing.
 * @throws PlainError when the database and the checkpoints do not fit: nothing is sealed then
 */
export async function sealLog(sealer: Sealer, batch = BATCH): Promise<number> {
  for (let made = 0; ; ) {
    const more = await whileAlone(sealer, async (sql, tail) => {
      const { isWhole } = await signSeals(sealer, sql, tail)
      if (!isWhole) return true
      const [sealed] = await sql.$queryRaw<{ number: number | null }[]>`SELECT seal_log(${batch}::integer)::float8 AS number`
      made += sealed?.number ? 1 : 0
      return Boolean(sealed?.number)
    })
    if (!more) return made
  }
}

/** Runs `work` as the only one who writes to the file; undefined when somebody else is at it. The lock goes with the transaction. */
export async function whileAlone<T>(
  { database, folder, key }: Sealer,
  work: (sql: Sql, tail: Tail) => Promise<T>,
): Promise<T | undefined> {
  return asNobody(database, async (sql) => {
    const [{ taken } = { taken: false }] = await sql.$queryRaw<{ taken: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${LOCK}::bigint) AS taken`
    return taken ? work(sql, await tailFor(folder, key)) : undefined
  })
}

/**
 * Signs the seals that came after the last checkpoint, if the database still goes on from there: a hundred at most, so that the lock outlasts it.
 * Returns the tail after that, and whether all are signed now.
 */
export async function signSeals(sealer: Sealer, sql: Sql, before: Tail): Promise<{ tail: Tail; isWhole: boolean }> {
  await refuseUnfit(sql, before)
  let tail = before
  for (const seal of await sealsFrom(sql, headOf(before).seal + 1)) {
    const { expired, ...head } = headOf(tail)
    refuseBroken(head, seal)
    const { number, hash, records, root, size, sealedAt, lastAt } = seal
    const signedAt = sealer.now().toISOString()
    const said = { kind: 'checkpoint', seal: number, hash, records, expired, root, size, sealedAt, lastAt, signedAt } as const
    tail = await append(sealer.folder, sealer.key, tail, said)
  }
  return { tail, isWhole: headOf(tail).seal === (await newestSeal(sql)) }
}

export const headOf = ({ said }: Tail): Head => said ?? NOTHING

/** @throws PlainError when the newest seal that was signed is not in the database */
async function refuseUnfit(sql: Sql, tail: Tail): Promise<void> {
  const { seal, hash } = headOf(tail)
  const newest = await newestSeal(sql)
  // One can be sealed and not yet signed: then a first turn was cut short.
  if (!tail.said && newest > 1)
    throw new PlainError(
      `The database has seals up to ${newest}, and there is no checkpoint at all: the folder is another one, or it was emptied. ${HOW_TO_GO_ON}`,
    )
  if (newest < seal)
    throw new PlainError(
      `The database is older than the checkpoints: seal ${seal} was signed, and the database has ${newest === 0 ? 'none' : `no more than ${newest}`}. ${HOW_TO_GO_ON}`,
    )
  if (seal > 0 && (await sealsFrom(sql, seal))[0]?.hash !== hash)
    throw new PlainError(`Seal ${seal} of the database is not the one that was signed. ${HOW_TO_GO_ON}`)
}

/** @throws PlainError when a seal does not go on from there, or is not what its hash says */
function refuseBroken(head: Omit<Head, 'expired'>, seal: Seal): void {
  const follows = seal.number === head.seal + 1 && seal.previous === head.hash && seal.records === head.records + seal.size
  if (!follows || seal.hash !== sealHash(seal))
    throw new PlainError(
      `Seal ${seal.number} of the database does not follow seal ${head.seal}, which was signed. ${HOW_TO_GO_ON}`,
    )
}

/** `isDue`: the database would let its records go. */
export type SealInDatabase = Seal & { isDue: boolean }

/** A hundred at most, from this number on. */
export async function sealsFrom(sql: Sql, first: number): Promise<SealInDatabase[]> {
  return sql.$queryRaw<
    SealInDatabase[]
  >`SELECT number::float8, sealed_at AS "sealedAt", size, records::float8, last_at AS "lastAt", root, previous,
    hash, is_due AS "isDue" FROM seals_from(${first}::bigint)`
}

export async function newestSeal(sql: Sql): Promise<number> {
  const [{ newest } = { newest: 0 }] = await sql.$queryRaw<{ newest: number }[]>`SELECT newest_seal()::float8 AS newest`
  return newest
}

/** Seals now and every so many milliseconds, and once more when it is stopped: then nothing that was written is left outside a seal. */
export function startSealing(sealer: Sealer, every: number, fault: (error: unknown) => void): { stop: () => Promise<void> } {
  const sealing = repeat(() => sealLog(sealer), every, fault)
  return {
    stop: async () => {
      await sealing.stop()
      await sealLog(sealer).catch(fault)
    },
  }
}
