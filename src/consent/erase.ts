// Erasing what consent has not covered for its whole term: in small batches, by any number of processes at once (design 3, invariant 7).
import { asCapacity } from '../database/door.js'
import { dutchToday } from '../handoffs/calendar.js'
import { NOBODY } from '../identity/capacity.js'
import { repeat } from '../operations/repeat.js'
import type { World } from '../world.js'

/** Hand-offs per transaction: a fraction of a second. */
const BATCH = 100

/** How often the server looks, in milliseconds: the term is in days, so an hour more or less is nothing. */
const EVERY_HOUR = 3_600_000

/**
 * Erases whatever is due, and returns at how many hand-offs it looked. Nobody's capacity will do: the database function decides itself what
 * is due, by its own clock, so whoever calls it can do no harm with it.
 */
export async function eraseClosed(world: World, batch = BATCH): Promise<number> {
  const { day: today } = dutchToday(world.now())
  const { keys, policies } = world
  const moment = { today, purpose: 'OVERVIEW', policyHash: policies.hash, codeHashes: [], kind: 'mutation', keys } as const
  for (let all = 0; ; ) {
    const [{ looked } = { looked: 0 }] = await asCapacity(
      world.database,
      NOBODY,
      moment,
      (sql) => sql.$queryRaw<{ looked: number }[]>`SELECT erase_closed_context(${today}::date, ${batch}::integer) AS looked`,
    )
    all += looked
    if (looked < batch) return all
  }
}

/** Erases now and every hour until it is stopped. A turn that fails is told to `fault`, and the next one does its work. */
export const startErasing = (
  world: World,
  { every = EVERY_HOUR, fault }: { every?: number; fault?: (error: unknown) => void } = {},
): { stop: () => Promise<void> } => repeat(() => eraseClosed(world), every, fault)
