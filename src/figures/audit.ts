// The last gate before anything is frozen: are the other worlds that were found worlds, do they tell the same, and do they differ enough? Pure.

import type { Limit } from './bounds.js'

/** By how much each cell differs from the world as it is. */
export type World = readonly number[]

/**
 * How many values are not hidden: those that are not told, and of which no two of these worlds differ by the threshold. A world that is none
 * (fewer than nobody, half a person, another told value, more answers than offers) hides nothing. Whole numbers only, so there is no rounding to trust.
 */
export function hides(
  counts: readonly number[],
  values: readonly Readonly<{ cells: readonly number[]; told: boolean }>[],
  worlds: readonly World[],
  threshold: number,
  limits: readonly Limit[] = [],
): number {
  const sum = (cells: readonly number[], of: readonly number[]) => cells.reduce((total, cell) => total + of[cell]!, 0)
  const possible = worlds.filter(
    (world) =>
      world.length === counts.length &&
      world.every((moved, cell) => Number.isSafeInteger(moved) && counts[cell]! + moved >= 0) &&
      values.every(({ cells, told }) => !told || sum(cells, world) === 0) &&
      limits.every(({ less, more, room }) => sum(less, world) - sum(more, world) <= room),
  )
  return values.filter(({ cells, told }) => {
    if (told) return false
    const moves = possible.map((world) => sum(cells, world))
    return Math.max(...moves) - Math.min(...moves) < threshold
  }).length
}
