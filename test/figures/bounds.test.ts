// What is known to hold between offers, answers and ends is no way to a number that is not told.
import { expect, test } from 'vitest'
import { limitsOf } from '#app/figures/bounds.js'
import type { CellPlace } from '#app/figures/lay-out.js'
import { protect, type Value } from '#app/figures/protect.js'
import { loadSolver } from '#app/figures/solve.js'

const cell = (component: CellPlace['component'], key: string): CellPlace => ({ component, key, quarter: 1 })
const value = (cells: readonly number[], more: Partial<Value> = {}): Value => ({
  cells,
  decided: false,
  told: true,
  price: 1,
  ...more,
})

/** Two kinds of partners; what was offered to each, what each accepted, and both totals. */
const CELLS = [
  cell('offered', 'UWV -'),
  cell('offered', 'WSP -'),
  cell('answered', 'UWV ACCEPTED'),
  cell('answered', 'WSP ACCEPTED'),
]
const VALUES = [value([0, 1], { decided: true }), value([2, 3], { decided: true }), ...CELLS.map((_, place) => value([place]))]

/** How far apart the least and the most of a value are, over every world that tells the same and in which nobody answers what was not offered. */
function widths(counts: readonly number[], told: readonly boolean[], carried: number): number[] {
  const sum = (cells: readonly number[], of: readonly number[]) => cells.reduce((total, each) => total + of[each]!, 0)
  const low = VALUES.map(() => Number.POSITIVE_INFINITY)
  const high = VALUES.map(() => 0)
  const most = 60
  for (let a = 0; a <= most; a++)
    for (let b = 0; b <= most; b++)
      for (let c = 0; c <= a + carried && c <= most; c++)
        for (let d = 0; d <= b && d <= most; d++) {
          const world = [a, b, c, d]
          if (VALUES.some(({ cells }, index) => told[index] && sum(cells, world) !== sum(cells, counts))) continue
          for (const [index, { cells }] of VALUES.entries()) {
            low[index] = Math.min(low[index]!, sum(cells, world))
            high[index] = Math.max(high[index]!, sum(cells, world))
          }
        }
  return VALUES.map((_, index) => high[index]! - low[index]!)
}

test.each([
  ['nearly all was answered', [12, 12, 9, 11], 0],
  ['all was answered', [15, 13, 15, 13], 0],
  ['little was answered', [30, 20, 5, 12], 0],
  ['some was offered in an earlier year', [12, 12, 14, 9], 5],
])('where %s, what is not told could be another by ten, for all that offers say of answers', async (_, counts, carried) => {
  const before = carried > 0 ? [{ component: 'offered' as const, key: 'UWV -', count: carried }] : []
  const limits = limitsOf({ cells: CELLS, counts }, before)
  const told = protect(counts, VALUES, 10, await loadSolver(), limits)
  expect(told.slice(0, 2)).toEqual([true, true])
  for (const [index, width] of widths(counts, told, carried).entries())
    if (!told[index]) expect(width, `${VALUES[index]!.cells}`).toBeGreaterThanOrEqual(10)
})

test('without it, an answer is known to within less than ten by what was offered', async () => {
  const counts = [12, 12, 9, 11]
  const told = protect(counts, VALUES, 10, await loadSolver())
  expect(told).toEqual([true, true, true, true, false, false])
  expect(widths(counts, told, 0)[4]).toBe(4)
})

test('what is counted against the rule bounds nothing: it is not relied on', () => {
  for (const { room } of limitsOf({ cells: CELLS, counts: [1, 1, 20, 20] }, [])) expect(room).toBe(0)
})
