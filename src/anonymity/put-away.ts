// What was withdrawn and erased, kept outside the database, so that a backup that is put back does not bring it back.
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asNobody } from '../database/door.js'
import type { PrismaClient } from '../database/prisma/client.js'
import { PlainError } from '../errors.js'
import { type KeyRing, keyedHash } from '../identity/pseudonym.js'
import { repeat } from '../operations/repeat.js'

/** Who keeps it: whose withdrawals, and the ring that makes hashes of what they were about. */
export type Keeper = Readonly<{ database: PrismaClient; keys: KeyRing }>

export const FILE = 'withdrawals.jsonl'

/** Between a withdrawal and its line, in milliseconds: what is younger than that is lost with the database. */
const EVERY_MINUTE = 60_000

const BATCH = 500

const line = z.strictObject({
  /** Keyed: without the ring nobody finds the hand-off, and with it only who has the database too. */
  handOff: z.string().regex(/^[^:]+:[\w-]{43}$/),
  kind: z.enum(['NARROWED', 'WITHDRAWN', 'ERASED']),
  version: z.int().min(0),
  categories: z.array(z.string()),
  /** Where the visitor made it end earlier. */
  until: z.iso.date().nullable(),
  dropsReserve: z.boolean(),
})

/** One line: which hand-off, and what was done. No day of its own: that would undo the fading. */
export type PutAway = z.infer<typeof line>

/**
 * Writes what waits, and returns how many lines. A line is on the disk before the database forgets it: after a crash in between it is there twice,
 * which does no harm.
 */
export async function putAway({ database, keys }: Keeper, folder: string): Promise<number> {
  for (let all = 0; ; ) {
    const written = await asNobody(database, async (sql) => {
      const rows = await sql.$queryRaw<(Omit<PutAway, 'handOff'> & { id: string })[]>`
        SELECT hand_off_id AS id, kind, version, categories, until::text AS until, drops_reserve AS "dropsReserve" FROM take_put_away(${BATCH}::integer)`
      if (rows.length > 0)
        await appendLines(
          folder,
          rows.map(({ id, ...what }) => ({ handOff: keyedHash(keys, 'put-away', id), ...what })),
        )
      return rows.length
    })
    all += written
    if (written < BATCH) return all
  }
}

async function appendLines(folder: string, lines: readonly PutAway[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const file = await open(join(folder, FILE), 'a', 0o600)
  try {
    // One write, begun on a line of its own: what a crash cut off does not take the next with it.
    await file.appendFile(`\n${lines.map((each) => JSON.stringify(each)).join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The lines of a file, in order. A line that a crash cut off was never forgotten by the database, so it stands there whole further on. @throws PlainError */
export function readPutAway(text: string, name: string): PutAway[] {
  const found: PutAway[] = []
  for (const [index, written] of text.split('\n').entries()) {
    if (written === '') continue
    let read: unknown
    try {
      read = JSON.parse(written)
    } catch {
      continue
    }
    const { success, data } = line.safeParse(read)
    if (!success) throw new PlainError(`${name}, line ${index + 1}: this is no line of a withdrawal.`)
    found.push(data)
  }
  return found
}

/** Now and every minute until it is stopped, and once more then. */
export function startPuttingAway(keeper: Keeper, folder: string, fault: (error: unknown) => void): { stop: () => Promise<void> } {
  const putting = repeat(() => putAway(keeper, folder), EVERY_MINUTE, fault)
  return {
    stop: async () => {
      await putting.stop()
      await putAway(keeper, folder).catch(fault)
    },
  }
}
