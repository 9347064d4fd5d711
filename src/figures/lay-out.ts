// What was counted of one werkcentrum in one year, laid out as cells and as all the numbers that could be told of them.
import type { Dimension } from './labels.js'
import { TOTAL } from './labels.js'
import { closedBy, type Period, periodsUntil, type Quarter } from './period.js'
import type { Value } from './protect.js'
import { COMPONENTS, type Component, type Figure, standingKeys, type Unit, valuesOf } from './tables.js'

/** A line of what was counted. */
export type Counted = Readonly<{ quarter: Quarter; component: Component; key: string; count: number }>
/** A number of a figure in a period; `value` is null where it is not told. */
export type Published = Readonly<{ period: string; figure: string; row: string; column: string; value: number | null }>

export type Year = Readonly<{
  year: number
  /** The quarter that is published now; the shorter periods before it are published already. */
  last: Quarter
  counted: readonly Counted[]
  /** What was counted in earlier years, together. */
  before: readonly Omit<Counted, 'quarter'>[]
  /** Of the own region. */
  municipalities: readonly string[]
  /** What was published of this year before. */
  published: readonly Published[]
}>

/** A value with its place: which number of which figure in which period it is. `figure` is null for a total that only binds. */
export type Place = Value & Readonly<{ period: Period; figure: string | null; row: string; column: string; truth: number }>

/** What a cell counts; the key is empty where it counts all of them. */
export type CellPlace = Readonly<{ component: Component; key: string; quarter: Quarter }>

export type Layout = Readonly<{ cells: readonly CellPlace[]; counts: readonly number[]; places: readonly Place[] }>

/** Several as one, so that what holds between them can be kept to. */
export function joined(layouts: readonly Layout[]): Layout {
  const cells: CellPlace[] = []
  const counts: number[] = []
  const places: Place[] = []
  for (const layout of layouts) {
    const shift = cells.length
    places.push(...layout.places.map((place) => ({ ...place, cells: place.cells.map((cell) => cell + shift) })))
    cells.push(...layout.cells)
    counts.push(...layout.counts)
  }
  return { cells, counts, places }
}

/** Longer periods are what boards ask for; margins say more than what is within them. A small number is missed less than a large one. */
const price = (period: Period, by: readonly Dimension[], truth: number) =>
  period.quarters.length * (by.length === 2 || by.some((each) => DETAILS.has(each)) ? 1 : 3) * (1 + Math.log10(1 + truth))
const DETAILS: ReadonlySet<Dimension> = new Set(['partner', 'municipality'])

const nameOf = (period: string, figure: string, row: string, column: string) => [period, figure, row, column].join('|')

/** The totals of a unit over the periods: decided before anything that they are the totals of. */
export function layOutTotals(unit: Unit, { year, last, counted, published }: Year): Layout {
  const quarters = [1, 2, 3, 4].filter((quarter) => quarter <= last) as Quarter[]
  const one = TOTAL_OF[unit]
  const counts = quarters.map((quarter) => sumOf(counted.filter((line) => line.component === one && line.quarter === quarter)))
  const stored = new Map(published.map((value) => [nameOf(value.period, value.figure, value.row, value.column), value.value]))
  const now = new Set(closedBy(year, last).map(({ name }) => name))
  const places = periodsUntil(year, last).flatMap((period): Place[] => {
    const cells = period.quarters.map((quarter) => quarter - 1)
    const truth = cells.reduce((sum, cell) => sum + counts[cell]!, 0)
    const value = stored.get(nameOf(period.name, unit, TOTAL, ''))
    const decided = !now.has(period.name)
    // Before the werkcentrum began.
    if (decided && value === undefined && truth === 0) return []
    const told = decided ? typeof value === 'number' : true
    return [{ cells, decided, told, price: price(period, [], truth), period, figure: unit, row: TOTAL, column: '', truth }]
  })
  return { cells: quarters.map((quarter) => ({ component: one, key: '', quarter })), counts, places }
}

/** Which component counts the unit whole. */
const TOTAL_OF: Record<Unit, Component> = { CONTACTS: 'visitors', OFFERED: 'offered', ANSWERED: 'answered', ENDED: 'ended' }

const sumOf = (lines: readonly Counted[]) => lines.reduce((sum, { count }) => sum + count, 0)

/** All figures of a component together. `totals`: the periods of which the total is told. */
export function layOut(
  component: Component,
  figures: readonly Figure[],
  { year, last, counted, municipalities, published }: Year,
  totals: ReadonlySet<string>,
): Layout {
  const lines = counted.filter((line) => line.component === component)
  // Before the werkcentrum began there is nothing to be in doubt about.
  const isPublished = (quarter: number) => published.some(({ period }) => period === `${year}-Q${quarter}`)
  const cells: (CellPlace & { count: number })[] = []
  for (const quarter of [1, 2, 3, 4].filter((each) => each === last || isPublished(each)) as Quarter[]) {
    const found = new Map(lines.filter((line) => line.quarter === quarter).map(({ key, count }) => [key, count]))
    for (const key of new Set([...standingKeys(component, municipalities), ...found.keys()]))
      cells.push({ component, key, quarter, count: found.get(key) ?? 0 })
  }
  const stored = new Map(published.map((value) => [nameOf(value.period, value.figure, value.row, value.column), value.value]))
  const now = new Set(closedBy(year, last).map(({ name }) => name))
  const places: Place[] = []
  for (const period of periodsUntil(year, last)) {
    const inPeriod = cells.map((_, index) => index).filter((index) => period.quarters.includes(cells[index]!.quarter))
    const add = (figure: string | null, by: readonly Dimension[], row: string, column: string, of: readonly number[]) => {
      if (of.length === 0) return
      const truth = of.reduce((sum, cell) => sum + cells[cell]!.count, 0)
      const value = figure === null ? undefined : stored.get(nameOf(period.name, figure, row, column))
      const isNow = now.has(period.name)
      const decided = figure === null || !isNow || !totals.has(period.name)
      if (!isNow && value === undefined && truth === 0) return
      const told = figure === null ? totals.has(period.name) : isNow ? totals.has(period.name) : typeof value === 'number'
      places.push({ cells: of, decided, told, price: price(period, by, truth), period, figure, row, column, truth })
    }
    add(null, [], TOTAL, '', inPeriod)
    for (const { id, by } of figures) {
      if (by.length === 0) continue
      const groups = new Map<string, number[]>()
      for (const cell of inPeriod) {
        const values = valuesOf(component, cells[cell]!.key)
        const [row, column = ''] = by.map((dimension) => values[dimension])
        if (row === undefined || (by.length === 2 && column === '')) continue
        const place = `${row}|${column}`
        groups.set(place, [...(groups.get(place) ?? []), cell])
      }
      for (const [place, of] of groups) {
        const [row = '', column = ''] = place.split('|')
        add(id, by, row, column, of)
      }
    }
  }
  return { cells, counts: cells.map(({ count }) => count), places }
}

/** The median of the days to the answer in a period: that of the lower half where there are two. */
export function medianDays(counted: readonly Counted[], period: Period): number | null {
  const lines = counted
    .filter(({ component, quarter }) => component === 'answerDays' && period.quarters.includes(quarter))
    .toSorted((a, b) => Number(a.key) - Number(b.key))
  const half = sumOf(lines) / 2
  let passed = 0
  for (const { key, count } of lines) {
    passed += count
    if (passed >= half) return Number(key)
  }
  return null
}

export const componentsOf = (unit: Unit): Component[] =>
  (Object.keys(COMPONENTS) as Component[]).filter((component) => COMPONENTS[component].unit === unit)
