// Finding another world with HiGHS, a solver of linear programs that runs in this process (WebAssembly). What it says is checked in audit.ts.
import * as highsModule from 'highs'
import type { Move, Solve } from './protect.js'

type Highs = { solve: (text: string, options: object) => { Status: string; Columns: Record<string, { Primal?: number }> } }
// Its types are those of its other format, where the loader is the module itself.
const load = highsModule.default as unknown as () => Promise<Highs>

/** Loaded once, by the job that publishes and by nobody else. */
export async function loadSolver(): Promise<Solve> {
  const highs = await load()
  return (move) => {
    const whole = (text: string): readonly number[] | undefined => {
      const { Status, Columns } = highs.solve(text, { output_flag: false, presolve: 'off' })
      if (Status !== 'Optimal') return undefined
      return move.counts.map((_, cell) => Columns[`d${cell}`]?.Primal ?? 0)
    }
    const found = whole(inWords(move, false))
    if (!found) return undefined
    // Nearly always whole by itself; where it is not, asked for whole numbers.
    const isWhole = found.every((moved) => Math.abs(moved - Math.round(moved)) < 1e-6)
    return (isWhole ? found : whole(inWords(move, true)))?.map((moved) => Math.round(moved) + 0)
  }
}

/** In the format of CPLEX. Cells that cannot move are left out. */
function inWords({ counts, reach, limits, still, priced, targets, by, enough }: Move, integer: boolean): string {
  const stuck = new Set(still.filter(({ length }) => length === 1).map(([cell]) => cell))
  const sum = (cells: readonly number[]) =>
    cells
      .filter((cell) => !stuck.has(cell))
      .map((cell) => `d${cell}`)
      .join(' + ')
  const rows = [...new Set(still.map(sum))].filter(Boolean).map((cells) => `${cells} = 0`)
  for (const { less, more, room } of limits) {
    const minus = more.filter((cell) => !stuck.has(cell)).map((cell) => ` - d${cell}`)
    const text = `${sum(less)}${minus.join('')}`.trim()
    if (text) rows.push(`${text} <= ${room}`)
  }
  const costs: string[] = []
  for (const [index, { cells, price }] of priced.entries()) {
    const text = sum(cells)
    if (!text) continue
    rows.push(`${text} - p${index} + m${index} = 0`)
    costs.push(`${price} p${index} + ${price} m${index}`)
  }
  const wanted = targets.map(({ cells, down }) => ({ text: sum(cells), down }))
  if (by !== 'most') rows.push(`${wanted[0]?.text || '0 d0'} = ${by}`)
  const gained: string[] = []
  for (const [index, { text, down }] of wanted.entries())
    if (by === 'most' && text) {
      rows.push(down ? `${text} + s${index} <= 0` : `${text} - s${index} >= 0`)
      gained.push(`s${index}`)
    }
  const moving = counts.map((_, cell) => cell).filter((cell) => !stuck.has(cell))
  const bounds = moving.map((cell) => `${-Math.min(counts[cell]!, reach)} <= d${cell} <= ${reach}`)
  if (by === 'most') bounds.push(...gained.map((name) => `${-1000 * reach} <= ${name} <= ${enough}`))
  return [
    by === 'most' ? 'Maximize' : 'Minimize',
    ` o: ${(by === 'most' ? gained : costs).join(' + ') || '0 d0'}`,
    'Subject To',
    ...rows.map((row, index) => ` r${index}: ${row}`),
    'Bounds',
    ...bounds.map((bound) => ` ${bound}`),
    ...(integer ? ['General', ...moving.map((cell) => ` d${cell}`)] : []),
    'End',
  ].join('\n')
}
