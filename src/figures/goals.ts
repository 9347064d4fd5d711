// What a werkcentrum means to reach in a year, set by its coordinator: of one row of one figure.
import { badInput, notFound } from '../errors.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { DIMENSIONS, TOTAL } from './labels.js'
import type { Figures } from './tables.js'

export type Goal = { year: number; figure: string; row: string; target: number }

/** Only what is told as a number of its own can be a goal: a total, or a row of one dimension that is always there. */
export async function setGoal(
  act: Act,
  { figures }: Figures,
  { year, figure, row, target }: Omit<Goal, 'target'> & { target: number | null },
): Promise<Goal[]> {
  const found = figures.find(({ id }) => id === figure)
  const [dimension, second] = found?.by ?? []
  const isRow = dimension ? Object.hasOwn(DIMENSIONS[dimension], row) : row === TOTAL
  if (!found || second || !isRow || found.of === 'answerDays')
    throw badInput('A goal is of a total, or of a row of a figure of one dimension.')
  if (year < 2000 || year > 9999) throw badInput('A year is written 2026.')
  if (target !== null && (target < 1 || target > 1_000_000)) throw badInput('A goal is a number from 1 to 1,000,000.')
  const organisation = organisationOf(act)
  await act.sql.$executeRaw`INSERT INTO figure_goal (werkcentrum_id, year, figure, row_key, target)
    VALUES (${organisation}::uuid, ${year}::integer, ${figure}, ${row}, ${target}::integer)
    ON CONFLICT (werkcentrum_id, year, figure, row_key) DO UPDATE SET target = excluded.target`
  return listGoals(act, year)
}

export async function listGoals(act: Act, year: number): Promise<Goal[]> {
  if (!('organisationId' in act.capacity)) throw notFound()
  return act.sql.$queryRaw<Goal[]>`SELECT year, figure, row_key AS "row", target FROM figure_goal
    WHERE werkcentrum_id = ${organisationOf(act)}::uuid AND year = ${year}::integer AND target IS NOT NULL ORDER BY figure, row_key`
}
