// What is told of a quarter and of the periods that it closes: laid out, decided, and nothing else. Takes seconds: never in the thread of the requests.
import { limitsOf } from './bounds.js'
import { OTHER_PARTNERS, TOTAL } from './labels.js'
import {
  componentsOf,
  joined,
  type Layout,
  layOut,
  layOutTotals,
  medianDays,
  type Place,
  type Published,
  type Year,
} from './lay-out.js'
import { closedBy } from './period.js'
import { type Method, protect, type Solve } from './protect.js'
import type { Figures, Unit } from './tables.js'

export type Calculator = Readonly<{
  figures: Figures
  solve: Solve
  /** How it is decided what is told; tests put in worse ones. */
  method?: Method
}>

/** Decided together, because something holds between them (bounds.ts); the figures of contacts share their totals alone. */
const TOGETHER: readonly (readonly Unit[])[] = [['CONTACTS'], ['OFFERED', 'ANSWERED', 'ENDED']]

type Decided = Place & { told: boolean }

/**
 * All that is published of the periods that a quarter closes. `orNothing`: of units whose numbers cannot be hidden together, nothing new is told.
 * @throws Error where something would be given away
 */
export function figuresOf(
  year: Year,
  { figures: { threshold, figures }, solve, method = protect }: Calculator,
  orNothing = false,
): Published[] {
  const now = new Set(closedBy(year.year, year.last).map(({ name }) => name))
  const decide = (layouts: readonly Layout[]): Decided[] => {
    const layout = joined(layouts)
    const told = method(layout.counts, layout.places, threshold, solve, limitsOf(layout, year.before))
    return layout.places.map((place, index) => ({ ...place, told: told[index]! }))
  }

  function ofUnits(units: readonly Unit[], totals: readonly Decided[]): Published[] {
    const published: Published[] = []
    const add = (period: string, figure: string, row: string, column: string, value: number | null) =>
      published.push({ period, figure, row, column, value })
    const layouts: Layout[] = []
    for (const unit of units) {
      const own = totals.filter(({ figure }) => figure === unit)
      const open = new Set(own.filter(({ told }) => told).map(({ period }) => period.name))
      for (const { period, truth } of own)
        if (now.has(period.name)) add(period.name, unit, TOTAL, '', open.has(period.name) ? truth : null)
      for (const component of componentsOf(unit)) {
        const those = figures.filter(({ of }) => of === component)
        if (component !== 'answerDays') layouts.push(layOut(component, those, year, open))
        else
          for (const period of closedBy(year.year, year.last))
            for (const { id } of those)
              add(period.name, id, TOTAL, '', open.has(period.name) ? medianDays(year.counted, period) : null)
      }
    }
    const isNamed = (figure: string) => !figures.find(({ id }) => id === figure)?.by.includes('partner')
    // A partner that is not told is not named either: that it has a row would say that it has hand-offs.
    for (const group of units.length > 1 ? [layouts] : layouts.map((layout) => [layout]))
      for (const { period, figure, row, column, truth, told } of decide(group))
        if (figure && now.has(period.name) && (told || isNamed(figure)))
          add(period.name, figure, row, column, told ? truth : null)
    return published
  }

  const published: Published[] = []
  for (const units of TOGETHER) {
    const layouts = units.map((unit) => layOutTotals(unit, year))
    const mute = joined(layouts).places.map((place) => (now.has(place.period.name) ? { ...place, told: false } : place))
    try {
      published.push(...ofUnits(units, decide(layouts)))
    } catch (fault) {
      if (!orNothing) throw fault
      published.push(...ofUnits(units, mute))
    }
  }
  return [...published, ...others(published)]
}

/** Partners that are not named, together: what is left of the total, which the audit has seen to be enough people. */
function others(published: readonly Published[]): Published[] {
  return published
    .filter(({ figure, value }) => figure === 'OFFERED' && value !== null)
    .flatMap(({ period, value: total }) => {
      const named = published.filter((each) => each.figure === 'OFFERED_BY_PARTNER' && each.period === period)
      const value = total! - named.reduce((sum, each) => sum + (each.value ?? 0), 0)
      return value > 0 ? [{ period, figure: 'OFFERED_BY_PARTNER', row: OTHER_PARTNERS, column: '', value }] : []
    })
}
