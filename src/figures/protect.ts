// Which values are told: small ones are not, and of the others no more than leaves every value that is not told in doubt. Pure but for the solver.
//
// A value that is not told is safe when there are two worlds that tell the same and differ in that value by the threshold at least. The solver
// looks for such worlds, at the price of as few told values as it can; what it finds is checked in whole numbers (audit.ts), so nothing rests on it.
import { hides, type World } from './audit.js'
import type { Limit } from './bounds.js'

/** A number that could be told: the sum of some cells. */
export type Value = Readonly<{
  /** Places of its cells in `counts`. */
  cells: readonly number[]
  /** Published before, or decided elsewhere: it stays as it is. */
  decided: boolean
  told: boolean
  /** What it costs a reader when it is not told. */
  price: number
}>

/** A move from the world as it is to another: what to find, and within which bounds. */
export type Move = Readonly<{
  counts: readonly number[]
  /** No cell moves further than this. */
  reach: number
  /** These sums may not move. */
  still: readonly (readonly number[])[]
  /** These may, at a price. */
  priced: readonly Readonly<{ cells: readonly number[]; price: number }>[]
  limits: readonly Limit[]
  /** The one sum that moves by so much; or several that move as far as they can, up or down, none further than is enough. */
  targets: readonly Readonly<{ cells: readonly number[]; down: boolean }>[]
  by: number | 'most'
  enough: number
}>

/** Finds the cheapest move in whole numbers; undefined where there is none. */
export type Solve = (move: Move) => readonly number[] | undefined

export type Method = (
  counts: readonly number[],
  values: readonly Value[],
  threshold: number,
  solve: Solve,
  limits?: readonly Limit[],
) => boolean[]

/**
 * Which of the values are told, in their order.
 * INVARIANT: what was decided stays as decided, no undecided value below the threshold is told, and every value that is not told is hidden by two worlds.
 * @throws Error where even telling nothing new would give something away: then nothing is published
 */
export const protect: Method = (counts, values, threshold, solve, limits = []) => {
  const truth = (cells: readonly number[]) => cells.reduce((sum, cell) => sum + counts[cell]!, 0)
  const first = values.map(({ cells, decided, told }) => (decided ? told : told && truth(cells) >= threshold))
  const told = [...first]
  const none = counts.map(() => 0)
  const worlds: World[] = [none]
  const low = values.map(() => 0)
  const high = values.map(() => 0)

  /** Keeps another world, and stops telling what it would contradict. */
  function keep(world: World): void {
    worlds.push(world)
    for (const [index, { cells }] of values.entries()) {
      const moved = cells.reduce((sum, cell) => sum + world[cell]!, 0)
      if (moved !== 0) told[index] = false
      low[index] = Math.min(low[index]!, moved)
      high[index] = Math.max(high[index]!, moved)
    }
  }
  const isHidden = (index: number) => high[index]! - low[index]! >= threshold

  const reach = 2 * threshold
  /** Hides as many as it can without another value that is not told: some go up and others down, others in each round. */
  function hideForNothing(): void {
    const still = values.filter((_, index) => told[index]).map(({ cells }) => cells)
    for (let round = 0, idle = 0; idle < 2; round++) {
      const open = values.map((_, index) => index).filter((index) => !told[index] && !isHidden(index))
      if (open.length < 2) return
      const targets = open.map((index) => ({ cells: values[index]!.cells, down: isDown(index, round) }))
      const world = solve({ counts, reach, limits, still, priced: [], targets, by: 'most', enough: threshold })
      if (world) keep(world)
      idle = open.every((index) => !isHidden(index)) ? idle + 1 : 0
    }
  }

  function hide(index: number): boolean {
    const target = values[index]!.cells
    const move = (by: number | 'most') => {
      const still: (readonly number[])[] = []
      const priced: { cells: readonly number[]; price: number }[] = []
      for (const [other, { cells, decided, price }] of values.entries())
        if (told[other]) decided ? still.push(cells) : priced.push({ cells, price })
      return solve({ counts, reach, limits, still, priced, targets: [{ cells: target, down: false }], by, enough: threshold })
    }
    // For nothing, as far up and down as what is told allows; then at the lowest price.
    const still = values.filter((_, other) => told[other]).map(({ cells }) => cells)
    for (const down of [false, true]) {
      const world = solve({
        ...{ counts, reach, limits, still, priced: [], targets: [{ cells: target, down }] },
        by: 'most',
        enough: threshold,
      })
      if (world) keep(world)
      if (isHidden(index)) return true
    }
    const up = move(threshold)
    if (up) keep(up)
    if (isHidden(index)) return true
    // Not so far up: as far as it goes, and the rest down.
    const most = move('most')
    const gained = most
      ? Math.min(
          threshold,
          target.reduce((sum, cell) => sum + most[cell]!, 0),
        )
      : 0
    const upward = gained > high[index]! ? move(gained) : undefined
    if (upward) keep(upward)
    if (isHidden(index)) return true
    const down = move(Math.max(-truth(target), high[index]! - threshold))
    if (down) keep(down)
    return isHidden(index)
  }

  // The largest first: what is left out for it often hides the smaller ones.
  const order = values.map((_, index) => index).sort((a, b) => truth(values[b]!.cells) - truth(values[a]!.cells))
  let wholly = false
  hideForNothing()
  for (let next = order.find((index) => !told[index] && !isHidden(index)); next !== undefined; ) {
    if (!hide(next)) {
      if (wholly) throw new Error('a value that is not told cannot be hidden')
      wholly = true
      for (const [index, { decided }] of values.entries()) if (!decided) told[index] = false
      hideForNothing()
    }
    next = order.find((index) => !told[index] && !isHidden(index))
  }
  const gaps = hides(
    counts,
    values.map(({ cells }, index) => ({ cells, told: told[index]! })),
    worlds,
    threshold,
    limits,
  )
  if (gaps > 0) throw new Error('the audit of what would be told found values that are not hidden')
  return told
}

/** As good as drawn, and the same every time. */
const isDown = (index: number, round: number): boolean => (Math.imul(index + 1, 0x9e3779b1) >>> (round % 28)) % 2 === 1
