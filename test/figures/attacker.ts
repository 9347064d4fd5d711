// Somebody who may ask for figures, asks for all of them, and calculates. Knows the lists and nothing of the product's code.
//
// Every number of every answer is an unknown or is known. What must hold between them (parts and totals, quarters and years, both languages) makes a
// linear system; it is solved in exact fractions, bounds are pushed through it until nothing moves, and a solver looks how small and how large a
// number can be.
import * as highsModule from 'highs'

/** An answer of the gate: what anybody gets who may ask. */
export type Told = Readonly<{ figure: string; period: string; row: string; column: string | null; value: number | null }>

export type Found = Readonly<{ name: string; how: 'solved' | 'bounded'; low: number; high: number }>

export type Equation = { terms: Map<string, bigint>; constant: bigint }

/** Which figures are the parts of which. Partners of a kind are public: `kindOf` says which kind a partner is. */
const PARTS: readonly (readonly [parts: string, whole: string])[] = [
  ...[
    'VISITOR_KIND',
    'CHANNEL',
    'JOURNEY',
    'AGE',
    'WORK',
    'BENEFIT',
    'EDUCATION',
    'LANGUAGE_HELP',
    'RESULT',
    'ORIGIN',
    'MUNICIPALITY',
  ].map((dimension) => [`CONTACTS_BY_${dimension}`, 'CONTACTS'] as const),
  ['OFFERED_BY_PARTNER_KIND', 'OFFERED'],
  ['OFFERED_BY_PARTNER', 'OFFERED'],
  ['ANSWERED_BY_ANSWER', 'ANSWERED'],
  ['ANSWERED_BY_PARTNER_KIND', 'ANSWERED'],
  ['ANSWERED_IN_TIME', 'ANSWERED'],
  ['ENDED_BY_STATE', 'ENDED'],
]
const CROSSED: readonly (readonly [table: string, rows: string, columns: string])[] = [
  ['CONTACTS_BY_VISITOR_KIND_AND_CHANNEL', 'CONTACTS_BY_VISITOR_KIND', 'CONTACTS_BY_CHANNEL'],
  ['CONTACTS_BY_JOURNEY_AND_AGE', 'CONTACTS_BY_JOURNEY', 'CONTACTS_BY_AGE'],
  ['ANSWERED_BY_PARTNER_KIND_AND_ANSWER', 'ANSWERED_BY_PARTNER_KIND', 'ANSWERED_BY_ANSWER'],
]
const WITHIN: readonly (readonly [table: string, rows: readonly string[] | null, whole: string])[] = [
  ['DECLINED_BY_REASON', null, 'ANSWERED_BY_ANSWER|DECLINED|'],
  ['COMPLETED_BY_OUTCOME', null, 'ENDED_BY_STATE|COMPLETED|'],
  ['COMPLETED_BY_LOOP', null, 'ENDED_BY_STATE|COMPLETED|'],
  ['CONTACTS_BY_MUNICIPALITY', ['OTHER_REGION'], 'CONTACTS_BY_ORIGIN|OTHER_REGION|'],
  ['CONTACTS_BY_MUNICIPALITY', ['UNKNOWN'], 'CONTACTS_BY_ORIGIN|UNKNOWN|'],
]

export const nameOf = ({ figure, period, row, column }: Omit<Told, 'value'>) => `${figure}|${row}|${column ?? ''}@${period}`

export type Attacked = Readonly<{ equations: readonly Equation[]; unknown: ReadonlySet<string> }>

/** All that was told, as one system. `kindOf`: of each partner that is named. */
export function systemOf(told: readonly Told[], kindOf: ReadonlyMap<string, string>): Attacked {
  const known = new Map<string, bigint>()
  const unknown = new Set<string>()
  for (const each of told) {
    if (each.figure === 'MEDIAN_ANSWER_DAYS') continue
    if (each.value === null) unknown.add(nameOf(each))
    else known.set(nameOf(each), BigInt(each.value))
  }
  // Told elsewhere (another role, another language): known is known.
  for (const name of known.keys()) unknown.delete(name)
  const equations: Equation[] = []
  const relate = (plus: readonly string[], minus: readonly string[]) => {
    const terms = new Map<string, bigint>()
    let constant = 0n
    for (const [names, sign] of [
      [plus, 1n],
      [minus, -1n],
    ] as const)
      for (const name of names) {
        if (known.has(name)) constant += sign * known.get(name)!
        else if (unknown.has(name)) terms.set(name, (terms.get(name) ?? 0n) + sign)
        else return
      }
    if (terms.size > 0) equations.push({ terms, constant })
  }
  const periods = [...new Set(told.map(({ period }) => period))]
  const rowsOf = new Map<string, { row: string; column: string | null; name: string }[]>()
  for (const each of told) {
    const key = `${each.figure}@${each.period}`
    const rows = rowsOf.get(key) ?? []
    if (!rows.some(({ row, column }) => row === each.row && column === each.column))
      rows.push({ row: each.row, column: each.column, name: nameOf(each) })
    rowsOf.set(key, rows)
  }
  for (const period of periods) {
    const rows = (figure: string) => rowsOf.get(`${figure}@${period}`) ?? []
    for (const [parts, whole] of PARTS)
      if (rows(parts).length > 0)
        relate(
          rows(parts).map(({ name }) => name),
          [`${whole}|TOTAL|@${period}`],
        )
    for (const [table, byRow, byColumn] of CROSSED) {
      for (const { row, name } of rows(byRow))
        relate(
          rows(table)
            .filter((each) => each.row === row)
            .map((each) => each.name),
          [name],
        )
      for (const { row, name } of rows(byColumn))
        relate(
          rows(table)
            .filter((each) => each.column === row)
            .map((each) => each.name),
          [name],
        )
    }
    for (const [table, only, whole] of WITHIN)
      if (rows(table).length > 0)
        relate(
          rows(table)
            .filter(({ row }) => !only || only.includes(row))
            .map(({ name }) => name),
          [`${whole}@${period}`],
        )
    const own = rows('CONTACTS_BY_MUNICIPALITY').filter(({ row }) => row.startsWith('GM'))
    if (own.length > 0)
      relate(
        own.map(({ name }) => name),
        [`CONTACTS_BY_ORIGIN|OWN_REGION|@${period}`],
      )
    // What is left of a kind when its named partners are taken away went to partners that are not named.
    for (const { row: kind, name } of rows('OFFERED_BY_PARTNER_KIND')) {
      const rest = `rest of ${kind}@${period}`
      unknown.add(rest)
      relate(
        [
          ...rows('OFFERED_BY_PARTNER')
            .filter(({ row }) => kindOf.get(row) === kind)
            .map((each) => each.name),
          rest,
        ],
        [name],
      )
    }
  }
  // Quarters in half years in years, wherever all of them were asked for.
  for (const { figure, period: whole, row, column } of told)
    for (const parts of nested(whole)) {
      const at = (period: string) => nameOf({ figure, period, row, column })
      relate(parts.map(at), [at(whole)])
    }
  // Nobody answers or ends what was not offered; what is completed or returned was accepted. Counted from the first figures.
  const quarters = periods.filter((period) => /-Q[1-4]$/.test(period)).sort()
  const atMost = (until: readonly string[], less: readonly string[], more: readonly string[]) => {
    const slack = `rest of ${more[0]} over ${less[0]} until ${until.at(-1)}`
    unknown.add(slack)
    const all = (names: readonly string[]) => until.flatMap((period) => names.map((name) => `${name}@${period}`))
    relate(all(more), [...all(less), slack])
  }
  for (const [index] of quarters.entries()) {
    const until = quarters.slice(0, index + 1)
    for (const kind of new Set(kindOf.values()))
      atMost(until, [`ANSWERED_BY_PARTNER_KIND|${kind}|`], [`OFFERED_BY_PARTNER_KIND|${kind}|`])
    atMost(until, ['ANSWERED|TOTAL|'], ['OFFERED|TOTAL|'])
    atMost(until, ['ENDED|TOTAL|'], ['OFFERED|TOTAL|'])
    atMost(until, ['ENDED_BY_STATE|COMPLETED|', 'ENDED_BY_STATE|RETURNED|'], ['ANSWERED_BY_ANSWER|ACCEPTED|'])
  }
  return { equations, unknown }
}

/** What comes out of it by calculating. `threshold` is public. */
export const attack = ({ equations, unknown }: Attacked, threshold: number): Found[] => solve(equations, unknown, threshold)

function nested(period: string): string[][] {
  const [year, part] = period.split('-')
  if (part === 'H1') return [[`${year}-Q1`, `${year}-Q2`]]
  if (part === 'H2') return [[`${year}-Q3`, `${year}-Q4`]]
  return part ? [] : [[`${year}-H1`, `${year}-H2`]]
}

/* Calculating. */

type Fraction = readonly [bigint, bigint]
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))
const fraction = (top: bigint, bottom: bigint): Fraction => {
  const common = gcd(top, bottom) || 1n
  return bottom < 0n ? [-top / common, -bottom / common] : [top / common, bottom / common]
}
const minus = ([a, b]: Fraction, [c, d]: Fraction) => fraction(a * d - c * b, b * d)
const times = ([a, b]: Fraction, [c, d]: Fraction) => fraction(a * c, b * d)
const by = ([a, b]: Fraction, [c, d]: Fraction) => fraction(a * d, b * c)
const ONE: Fraction = [1n, 1n]

/** What is determined, and what is known to within less than the threshold. */
function solve(equations: readonly Equation[], unknowns: ReadonlySet<string>, threshold: number): Found[] {
  const found = new Map<string, Found>()
  for (const [name, value] of eliminate(equations)) found.set(name, { name, how: 'solved', low: value, high: value })
  const bounds = propagate(equations, unknowns)
  for (const [name, [low, high]] of bounds)
    if (!found.has(name) && high - low < threshold) found.set(name, { name, how: 'bounded', low, high })
  return [...found.values()].filter(({ name }) => !name.startsWith('rest of'))
}

/** Gauss and Jordan, in fractions: an unknown alone in its row is determined. */
function eliminate(equations: readonly Equation[]): Map<string, number> {
  const rows: { terms: Map<string, Fraction>; right: Fraction; pivot: string }[] = []
  const holding = new Map<string, Set<number>>()
  const note = (index: number, name: string, is: boolean) => {
    const set = holding.get(name) ?? new Set()
    is ? set.add(index) : set.delete(index)
    holding.set(name, set)
  }
  const takeAway = (
    from: { terms: Map<string, Fraction>; right: Fraction },
    row: { terms: Map<string, Fraction>; right: Fraction },
    factor: Fraction,
    index?: number,
  ) => {
    for (const [name, coefficient] of row.terms) {
      const next = minus(from.terms.get(name) ?? [0n, 1n], times(factor, coefficient))
      if (next[0] === 0n) from.terms.delete(name)
      else from.terms.set(name, next)
      if (index !== undefined) note(index, name, next[0] !== 0n)
    }
    from.right = minus(from.right, times(factor, row.right))
  }
  const pivots = new Map<string, number>()
  for (const { terms, constant } of equations) {
    const row = {
      terms: new Map([...terms].map(([name, count]) => [name, [count, 1n] as Fraction])),
      right: [-constant, 1n] as Fraction,
    }
    for (const name of [...row.terms.keys()]) {
      const at = pivots.get(name)
      const factor = row.terms.get(name)
      if (at !== undefined && factor) takeAway(row, rows[at]!, factor)
    }
    const [pivot] = [...row.terms.keys()]
    if (pivot === undefined) {
      if (row.right[0] !== 0n) throw new Error('the figures contradict each other')
      continue
    }
    const lead = row.terms.get(pivot)!
    for (const [name, coefficient] of row.terms) row.terms.set(name, by(coefficient, lead))
    const made = { ...row, right: by(row.right, lead), pivot }
    const index = rows.push(made) - 1
    pivots.set(pivot, index)
    for (const other of [...(holding.get(pivot) ?? [])]) takeAway(rows[other]!, made, rows[other]!.terms.get(pivot)!, other)
    for (const name of made.terms.keys()) note(index, name, true)
  }
  return new Map(
    rows
      .filter(({ terms }) => terms.size === 1)
      .map(({ pivot, terms, right }) => [pivot, Number(by(right, terms.get(pivot) ?? ONE)[0])]),
  )
}

/** Nobody is counted less than never: what each equation says of the least and most of each of its unknowns, until nothing moves. */
function propagate(equations: readonly Equation[], unknowns: ReadonlySet<string>): Map<string, [number, number]> {
  const bounds = new Map<string, [number, number]>([...unknowns].map((name) => [name, [0, Number.POSITIVE_INFINITY]]))
  for (let moved = true, round = 0; moved && round < 200; round++) {
    moved = false
    for (const { terms, constant } of equations) {
      for (const [name, sign] of terms) {
        // sign * name = -constant - the others
        let least = -Number(constant)
        let most = -Number(constant)
        for (const [other, of] of terms) {
          if (other === name) continue
          const [low, high] = bounds.get(other)!
          least -= of > 0n ? Number(of) * high : Number(of) * low
          most -= of > 0n ? Number(of) * low : Number(of) * high
        }
        const [low, high] = bounds.get(name)!
        const next: [number, number] =
          sign > 0n ? [Math.max(low, least), Math.min(high, most)] : [Math.max(low, -most), Math.min(high, -least)]
        if (next[0] > low || next[1] < high) {
          bounds.set(name, next)
          moved = true
        }
      }
    }
  }
  return bounds
}

type Highs = { solve: (text: string, options: object) => { Status: string; ObjectiveValue: number } }

/** A solver that says between which bounds a number lies, if nobody is counted less than never; people need not be whole, which only widens it. */
export async function loadExtremes(): Promise<(attacked: Attacked, names: readonly string[], threshold: number) => Found[]> {
  const highs = await (highsModule.default as unknown as () => Promise<Highs>)()
  return ({ equations, unknown }, names, threshold) => {
    const variable = new Map([...unknown].map((name, index) => [name, `u${index}`]))
    const rows = equations.map(({ terms, constant }, index) => {
      const sum = [...terms].map(
        ([name, count]) => `${count < 0n ? '-' : '+'} ${count < 0n ? -count : count} ${variable.get(name)}`,
      )
      return ` e${index}: ${sum.join(' ')} = ${-constant}`
    })
    const extreme = (name: string, way: 'Minimize' | 'Maximize') => {
      const text = [way, ` o: ${variable.get(name)}`, 'Subject To', ...rows, 'End'].join('\n')
      const { Status, ObjectiveValue } = highs.solve(text, { output_flag: false })
      if (Status === 'Unbounded' || Status === 'Primal infeasible or unbounded')
        return way === 'Minimize' ? 0 : Number.POSITIVE_INFINITY
      if (Status !== 'Optimal') throw new Error(`the solver says ${Status}`)
      return ObjectiveValue
    }
    return names.flatMap((name) => {
      const [low, high] = [extreme(name, 'Minimize'), extreme(name, 'Maximize')]
      return high - low < threshold - 1e-6 ? [{ name, how: 'bounded' as const, low, high }] : []
    })
  }
}
