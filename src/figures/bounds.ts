// What everybody knows to hold between numbers that are counted apart: nobody answers or ends what was not offered. Pure.
import { DIMENSIONS } from './labels.js'
import type { CellPlace, Counted, Layout } from './lay-out.js'

/** In every possible world the cells of `less` move up by at most `room` more than those of `more` do. */
export type Limit = Readonly<{ less: readonly number[]; more: readonly number[]; room: number }>

type Is = (cell: Pick<CellPlace, 'component' | 'key'>) => boolean

/**
 * Each hand-off is offered before it is first answered or first ended, to one partner; what is completed or returned was accepted. Counted from the
 * beginning, so also over the years.
 */
const NEVER_MORE: readonly Readonly<{ less: Is; more: Is }>[] = [
  ...Object.keys(DIMENSIONS.partnerKind).map((kind) => ({
    less: ({ component, key }: Parameters<Is>[0]) => component === 'answered' && key.startsWith(`${kind} `),
    more: ({ component, key }: Parameters<Is>[0]) => component === 'offered' && key.startsWith(`${kind} `),
  })),
  { less: ({ component }) => component === 'answered', more: ({ component }) => component === 'offered' },
  { less: ({ component }) => component === 'ended', more: ({ component }) => component === 'offered' },
  {
    less: ({ component, key }) => component === 'ended' && /^(COMPLETED|RETURNED) /.test(key),
    more: ({ component, key }) => component === 'answered' && key.endsWith(' ACCEPTED'),
  },
]

/** The limits of these cells; `before`: what was counted in earlier years. */
export function limitsOf(
  { cells, counts }: Pick<Layout, 'cells' | 'counts'>,
  before: readonly Omit<Counted, 'quarter'>[],
): Limit[] {
  const quarters = [...new Set(cells.map(({ quarter }) => quarter))].sort()
  const those = (is: Is, within: (quarter: number) => boolean) =>
    cells.map((_, index) => index).filter((index) => within(cells[index]!.quarter) && is(cells[index]!))
  const sum = (of: readonly number[]) => of.reduce((total, cell) => total + counts[cell]!, 0)
  const earlier = (is: Is) => before.filter(is).reduce((total, { count }) => total + count, 0)
  const limits: Limit[] = []
  const add = (less: readonly number[], more: readonly number[], room: number) => {
    // Where the counts themselves do not keep to it, nobody can count on it; to allow less is always safe.
    if (less.length > 0 && more.length > 0) limits.push({ less, more, room: Math.max(0, room) })
  }
  for (const quarter of quarters) {
    for (const { less, more } of NEVER_MORE) {
      const [few, many] = [those(less, (each) => each <= quarter), those(more, (each) => each <= quarter)]
      add(few, many, earlier(more) - earlier(less) + sum(many) - sum(few))
    }
    // Each first answer is in both.
    const timed = those(
      ({ component }) => component === 'answerTime',
      (each) => each === quarter,
    )
    const answered = those(
      ({ component }) => component === 'answered',
      (each) => each === quarter,
    )
    add(timed, answered, 0)
    add(answered, timed, 0)
  }
  return limits
}
