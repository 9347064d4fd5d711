// Fading: what is due goes one step, in small batches, one runner at a time, for as long as there is any (design 6).
import { setTimeout as wait } from 'node:timers/promises'
import { asNobody } from '../database/door.js'
import type { PrismaClient } from '../database/prisma/client.js'
import { dutchToday } from '../handoffs/calendar.js'
import { repeat } from '../operations/repeat.js'

/** Whose things fade, and by which clock; the database takes the earlier of this one and its own. */
export type Fader = Readonly<{ database: PrismaClient; now: () => Date }>

/** Contacts or hand-offs per transaction: some tens of milliseconds, so that nobody waits for a row. */
const BATCH = 200

/** How often the server looks, in milliseconds: terms are in days. */
const EVERY_HOUR = 3_600_000

/** How many things went which step. */
export type Faded = Readonly<Record<string, number>>

export type FadeOptions = {
  batch?: number
  /** Rests after each batch for this many times as long as it took: what else the database does goes on. */
  rest?: number
  /** Hears of each batch. */
  onBatch?: (step: string, things: number) => void
  /** Ends the turn after the batch that is under way. */
  signal?: AbortSignal
  /** Where another runner is at it: waits for it, rather than leave the rest to it. */
  isPatient?: boolean
}

/**
 * Goes on until nothing is due, and returns what it did. Where another runner is at it, that one does the rest. There is no progress to keep: how far
 * a thing faded stands in its own row, changed in one transaction with what faded, so after a crash at any point the next turn goes on.
 */
export async function fade(
  { database, now }: Fader,
  { batch = BATCH, rest = 1, onBatch, signal, isPatient = false }: FadeOptions = {},
): Promise<Faded> {
  const done: Record<string, number> = {}
  const steps = await asNobody(database, (sql) => sql.$queryRaw<{ step: string }[]>`SELECT fading_steps() AS step`)
  for (let before = -1, all = 0; all > before; ) {
    before = all
    for (const { step } of steps)
      for (;;) {
        if (signal?.aborted) return done
        const { day } = dutchToday(now())
        const began = performance.now()
        const [{ things } = { things: 0 }] = await asNobody(
          database,
          (sql) => sql.$queryRaw<{ things: number | null }[]>`SELECT fade(${step}, ${day}::date, ${batch}::integer) AS things`,
        )
        if (things === null && !isPatient) return done
        if (things === null) {
          await wait(50, undefined, { signal }).catch(() => {})
          continue
        }
        if (things === 0) break
        all += things
        done[step] = (done[step] ?? 0) + things
        onBatch?.(step, things)
        await wait((performance.now() - began) * rest, undefined, { signal }).catch(() => {})
      }
  }
  return done
}

/** In one sentence, numbers only. */
export const inWords = (faded: Faded): string =>
  Object.entries(faded)
    .map(([step, things]) => `${step} ${things}`)
    .join(', ') || 'nothing was due'

/** Fades now and every hour until it is stopped; says what it did, when it did something. */
export function startFading(
  fader: Fader,
  { said, fault }: { said: (sentence: string) => void; fault: (error: unknown) => void },
): { stop: () => Promise<void> } {
  const stopped = new AbortController()
  const turn = async () => {
    const faded = await fade(fader, { signal: stopped.signal })
    if (Object.keys(faded).length > 0) said(`faded: ${inWords(faded)}`)
  }
  const fading = repeat(turn, EVERY_HOUR, fault)
  return {
    stop: () => {
      stopped.abort()
      return fading.stop()
    },
  }
}
