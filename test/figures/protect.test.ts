// What is told of a table: nothing small, nothing that gives it away, and no more is left out than that takes.
import { beforeAll, describe, expect, test } from 'vitest'
import { hides } from '#app/figures/audit.js'
import { protect, type Solve, type Value } from '#app/figures/protect.js'
import { loadSolver } from '#app/figures/solve.js'
import { parseFigures } from '#app/figures/tables.js'

let solve: Solve
beforeAll(async () => {
  solve = await loadSolver()
})

const value = (cells: readonly number[], more: Partial<Value> = {}): Value => ({
  cells,
  decided: false,
  told: true,
  price: 1,
  ...more,
})
const total = (counts: readonly number[]) =>
  value(
    counts.map((_, cell) => cell),
    { decided: true },
  )
const row = (counts: readonly number[]) => [total(counts), ...counts.map((_, cell) => value([cell]))]

describe('a row with its total', () => {
  test.each([
    ['a number at the threshold is told', [10, 30], [true, true, true]],
    ['a small number takes its cheapest neighbour along', [4, 30], [true, false, false]],
    ['a zero is small: that all are in one cell is not told', [0, 12], [true, false, false]],
    ['two small numbers that together are too few take a third along', [3, 4, 30], [true, false, false, false]],
    ['three small numbers that are enough together hide each other', [4, 4, 4, 30], [true, false, false, false, true]],
  ])('%s', (_, counts, told) => {
    expect(protect(counts, row(counts), 10, solve)).toEqual(told)
  })
})

test('a quarter that was published binds the half year: what would give it away is not told', () => {
  // First quarter 4 of 40, not told, nor its neighbour; then 20 of 50. The half year less the second quarter is the first.
  const counts = [4, 36, 20, 30]
  const first = [
    value([0, 1], { decided: true }),
    value([0], { decided: true, told: false }),
    value([1], { decided: true, told: false }),
  ]
  const later = [
    value([2, 3], { decided: true }),
    value([0, 1, 2, 3], { decided: true }),
    ...[[2], [3], [0, 2], [1, 3]].map((cells) => value(cells)),
  ]
  const told = protect(counts, [...first, ...later], 10, solve)
  expect(told.slice(0, 3)).toEqual([true, false, false])
  expect(told[5] && told[7]).toBe(false)
  expect(told[6] && told[8]).toBe(false)
})

test('a solver that is wrong cannot make anything known: what it gives is checked', () => {
  const counts = [4, 30]
  const wrong: Solve = ({ by }) => (by === 'most' ? undefined : [10, -5])
  const broken: Solve = () => [10.5, -10.5]
  // One that moves a total which is told, half people, fewer than nobody, and nothing at all.
  for (const bad of [wrong, broken, () => [40, -40], () => undefined])
    expect(() => protect(counts, row(counts), 10, bad)).toThrow()
})

describe('the audit', () => {
  const values = [
    { cells: [0, 1], told: true },
    { cells: [0], told: false },
    { cells: [1], told: false },
  ]
  test.each([
    [
      'two worlds that differ enough hide',
      [
        [0, 0],
        [10, -10],
      ],
      0,
    ],
    [
      'worlds that differ by less do not',
      [
        [0, 0],
        [9, -9],
      ],
      2,
    ],
    [
      'a world with fewer than nobody is none',
      [
        [0, 0],
        [-10, 10],
      ],
      2,
    ],
    [
      'a world with half people is none',
      [
        [0, 0],
        [10.5, -10.5],
      ],
      2,
    ],
    [
      'a world that tells another total is none',
      [
        [0, 0],
        [10, -9],
      ],
      2,
    ],
  ])('%s', (_, worlds, gaps) => {
    expect(hides([4, 30], values, worlds, 10)).toBe(gaps)
  })
})

test('a world with more answers than offers is none', () => {
  const values = [{ cells: [0], told: false }]
  const worlds = [
    [0, 0],
    [10, 0],
  ]
  const limit = { less: [0], more: [1], room: 9 }
  expect(hides([4, 13], values, worlds, 10)).toBe(0)
  expect(hides([4, 13], values, worlds, 10, [limit])).toBe(1)
})

describe('policies/figures.yaml', () => {
  const text = (threshold: number, by = '[work]') => `threshold: ${threshold}
figures:
  CONTACTS_BY_WORK: {of: work, by: ${by}, title: Werk, titleEn: Work, unit: stuks, unitEn: pieces, definition: Iets., definitionEn: Something.}
`
  test('a threshold below five is refused', () => {
    expect(parseFigures(text(5)).threshold).toBe(5)
    expect(() => parseFigures(text(4))).toThrow('below 5 people find themselves')
  })
  test('a figure is by two dimensions at most, and only by those that are counted together', () => {
    expect(() => parseFigures(text(10, '[work, age, journey]'))).toThrow('figures.yaml:3')
    expect(() => parseFigures(text(10, '[age]'))).toThrow('work is not counted by age')
  })
})
