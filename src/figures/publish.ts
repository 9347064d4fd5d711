// Counting a quarter when it is over, and publishing it: once, as it stays. Outside every request, by any number of servers at once.
import { asFigures, type Sql } from '../database/door.js'
import type { PrismaClient } from '../database/prisma/client.js'
import { PlainError } from '../errors.js'
import { repeat } from '../operations/repeat.js'
import { type Calculator, figuresOf } from './calculate.js'
import { type Calculating, startCalculating } from './calculating.js'
import type { Counted, Place, Published, Year } from './lay-out.js'
import { closedBy, firstDayOf, periodsUntil, type Quarter, quarterOf } from './period.js'
import { type Method, protect } from './protect.js'
import { COMPONENTS, type Component } from './tables.js'

/** Counts what is over and publishes what is counted. Returns how many quarters it published; what another server did meanwhile is not done again. */
export async function publishFigures(database: PrismaClient): Promise<number> {
  const due = await asFigures(
    database,
    (sql) => sql.$queryRaw<{ id: string; quarter: string }[]>`
      SELECT werkcentrum_id AS id, quarter::text FROM quarters_to_count()`,
  )
  for (const { id, quarter } of due)
    await asFigures(database, (sql) => sql.$queryRaw`SELECT count_quarter(${id}::uuid, ${quarter}::date, false)`)
  const ready = await asFigures(
    database,
    (sql) => sql.$queryRaw<{ id: string; quarter: string }[]>`
      SELECT DISTINCT c.werkcentrum_id AS id, c.quarter::text FROM figure_counted c
      WHERE NOT EXISTS (SELECT FROM figure_publication p WHERE p.werkcentrum_id = c.werkcentrum_id AND p.version = 1
        AND p.period = extract(year FROM c.quarter) || '-Q' || extract(quarter FROM c.quarter))
      ORDER BY 2, 1`,
  )
  if (ready.length === 0) return 0
  const thread = startCalculating()
  try {
    let made = 0
    for (const { id, quarter } of ready) if (await publishQuarter(database, thread.calculate, id, quarter)) made++
    return made
  } finally {
    await thread.stop()
  }
}

/** False: another was first. */
async function publishQuarter(
  database: PrismaClient,
  calculate: Calculating['calculate'],
  id: string,
  day: string,
): Promise<boolean> {
  const { year, quarter } = quarterOf(day)
  const about = await asFigures(database, (sql) => yearOf(sql, id, year, quarter))
  const published = await calculate(about)
  return asFigures(database, async (sql) => {
    for (const { name } of closedBy(year, quarter)) {
      const first = await sql.$executeRaw`INSERT INTO figure_publication (werkcentrum_id, period, version, published_on)
        VALUES (${id}::uuid, ${name}, 1, (now() AT TIME ZONE 'Europe/Amsterdam')::date) ON CONFLICT DO NOTHING`
      if (first === 0) return false
    }
    await store(sql, id, 1, published)
    return true
  })
}

async function store(sql: Sql, id: string, version: number, published: readonly Published[]): Promise<void> {
  await sql.$executeRaw`INSERT INTO figure_value (werkcentrum_id, period, figure, version, row_key, column_key, value)
    SELECT ${id}::uuid, v.period, v.figure, ${version}::integer, v."row", v."column", v.value
    FROM jsonb_to_recordset(${JSON.stringify(published)}::jsonb) AS v (period text, figure text, "row" text, "column" text, value integer)`
}

/** What was counted of a year until a quarter, and what was published of it, both in their last version. */
async function yearOf(sql: Sql, id: string, year: number, last: Quarter): Promise<Year> {
  const counted = await sql.$queryRaw<{ quarter: Quarter; component: Component; key: string; count: number }[]>`
    SELECT extract(quarter FROM c.quarter)::integer AS quarter, c.component, c.key, c.count FROM figure_count c
    WHERE c.werkcentrum_id = ${id}::uuid AND c.quarter BETWEEN ${firstDayOf(year, 1)}::date AND ${firstDayOf(year, last)}::date
      AND c.version = (SELECT max(l.version) FROM figure_counted l WHERE l.werkcentrum_id = c.werkcentrum_id AND l.quarter = c.quarter)`
  const before = await sql.$queryRaw<{ component: Component; key: string; count: number }[]>`
    SELECT c.component, c.key, sum(c.count)::integer AS count FROM figure_count c
    WHERE c.werkcentrum_id = ${id}::uuid AND c.quarter < ${firstDayOf(year, 1)}::date AND c.component IN ('offered', 'answered', 'ended')
      AND c.version = (SELECT max(l.version) FROM figure_counted l WHERE l.werkcentrum_id = c.werkcentrum_id AND l.quarter = c.quarter)
    GROUP BY c.component, c.key`
  const municipalities = await sql.$queryRaw<{ code: string }[]>`
    SELECT DISTINCT m.gm_code AS code FROM municipality m JOIN werkcentrum w USING (am_code) WHERE w.id = ${id}::uuid ORDER BY 1`
  const periods = periodsUntil(year, last).map(({ name }) => name)
  const published = await sql.$queryRaw<Published[]>`
    SELECT v.period, v.figure, v.row_key AS "row", v.column_key AS "column", v.value FROM figure_value v
    WHERE v.werkcentrum_id = ${id}::uuid AND v.period = ANY (${periods}::text[])
      AND v.version = (SELECT max(p.version) FROM figure_publication p WHERE p.werkcentrum_id = v.werkcentrum_id AND p.period = v.period)`
  return {
    year,
    last,
    before,
    published,
    counted: counted.filter(isKnown),
    municipalities: municipalities.map(({ code }) => code),
  }
}

const isKnown = ({ component }: Counted) => Object.hasOwn(COMPONENTS, component)

/**
 * Counts a quarter again, because the count was wrong, and publishes what follows from it as a next version, under the same suppression.
 * @throws PlainError where that would tell of few people: then all stays as it was published
 */
export async function correctFigures(database: PrismaClient, calculator: Calculator, id: string, day: string): Promise<void> {
  const { year, quarter } = quarterOf(day)
  const { threshold } = calculator.figures
  const work = async (sql: Sql) => {
    // It calculates in between, and its count goes with it where it is refused.
    await sql.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 0`
    const [latest] = await sql.$queryRaw<{ quarter: Quarter }[]>`
      SELECT substr(max(p.period), 7)::integer AS quarter FROM figure_publication p
      WHERE p.werkcentrum_id = ${id}::uuid AND p.period LIKE ${`${year}-Q_`}`
    if (!latest?.quarter || latest.quarter < quarter)
      throw new PlainError('That quarter was not published, so there is nothing to correct.')
    const before = await yearOf(sql, id, year, latest.quarter)
    const [made] = await sql.$queryRaw<
      { version: number | null }[]
    >`SELECT count_quarter(${id}::uuid, ${day}::date, true) AS version`
    if (!made?.version) throw new PlainError('Something of that quarter has faded since, so it cannot be counted again.')
    const after = await yearOf(sql, id, year, latest.quarter)
    const counts = new Map(before.counted.map((line) => [`${line.quarter} ${line.component} ${line.key}`, line.count]))
    for (const { quarter: of, component, key, count } of after.counted) {
      const name = `${of} ${component} ${key}`
      counts.set(name, (counts.get(name) ?? 0) - count)
    }
    // Who compares both versions sees the difference: it is about nobody, or about enough people, cell by cell.
    if ([...counts.values()].some((moved) => moved !== 0 && Math.abs(moved) < threshold))
      throw new PlainError(
        `Not corrected: somewhere it differs by fewer than ${threshold}, and who compares both versions would see who was added.`,
      )
    await storeCorrection(sql, id, after, calculator)
  }
  await asFigures(database, work, LONGEST)
}

/** A correction, in milliseconds. */
const LONGEST = 600_000

/** What of it changed, with what was told and what was not as before. */
async function storeCorrection(sql: Sql, id: string, year: Year, { figures, solve }: Calculator): Promise<void> {
  const nameOf = ({ period, figure, row, column }: Omit<Published, 'value'>) => [period, figure, row, column].join('|')
  const before = new Map(year.published.map((each) => [nameOf(each), each.value]))
  const values: Published[] = []
  for (const last of [1, 2, 3, 4].filter((each) => each <= year.last) as Quarter[]) {
    const closing = new Set(closedBy(year.year, last).map(({ name }) => name))
    if (!year.published.some(({ period }) => closing.has(period))) continue
    const others = year.published.filter(({ period }) => !closing.has(period))
    // Decided as it was: the method only sees to it that all that is not told is hidden still.
    const asBefore: Method = (counts, places, threshold, by, limits) =>
      protect(
        counts,
        places.map((place) => {
          const { period, figure, row, column } = place as Place
          const isAgain = figure !== null && closing.has(period.name)
          const told = isAgain ? typeof before.get(nameOf({ period: period.name, figure, row, column })) === 'number' : place.told
          return { ...place, decided: true, told }
        }),
        threshold,
        by,
        limits,
      )
    values.push(...figuresOf({ ...year, last, published: others }, { figures, solve, method: asBefore }))
  }
  if (values.some(({ value, figure }) => value !== null && value < figures.threshold && figure !== 'MEDIAN_ANSWER_DAYS'))
    throw new PlainError('Not corrected: a number that was told would fall below the threshold.')
  const changed = new Set(values.filter((each) => before.get(nameOf(each)) !== each.value).map(({ period }) => period))
  for (const period of changed) {
    const [{ version } = { version: 0 }] = await sql.$queryRaw<{ version: number }[]>`
      INSERT INTO figure_publication (werkcentrum_id, period, version, published_on)
      SELECT ${id}::uuid, ${period}, max(p.version) + 1, (now() AT TIME ZONE 'Europe/Amsterdam')::date
      FROM figure_publication p WHERE p.werkcentrum_id = ${id}::uuid AND p.period = ${period} RETURNING version`
    await store(
      sql,
      id,
      version,
      values.filter((value) => value.period === period),
    )
  }
}

/** How often the server looks, in milliseconds: a quarter is over four times a year. */
const EVERY_HOUR = 3_600_000

/** Publishes now and every hour until it is stopped. A turn that fails is told to `fault`, and the next one does its work. */
export const startPublishing = (
  database: PrismaClient,
  { every = EVERY_HOUR, fault }: { every?: number; fault?: (error: unknown) => void } = {},
): { stop: () => Promise<void> } => repeat(() => publishFigures(database), every, fault)
