// The report that boards ask for, over a half year or a year of one werkcentrum: published figures and goals, and nothing else.
import { csvOf } from '../agreements/csv.js'
import { badInput, notFound, orNotFound } from '../errors.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { type FigureAnswer, listPeriods, type Reader, readFigure } from './figures.js'
import { DIMENSIONS, labelOf, TOTAL } from './labels.js'
import { periodCalled, periodInWords } from './period.js'
import { htmlOf } from './report-html.js'
import type { Figures } from './tables.js'

export type ReportFormat = 'JSON' | 'CSV' | 'HTML'
export type ReportText = { fileName: string; mediaType: string; content: string }

export type ReportRow = Readonly<{
  label: string
  value: number | null /** Of the total, in whole percents. */
  share: number | null
}>
export type ReportTable = Readonly<{
  figure: string
  title: string
  definition: string
  unit: string
  rows: readonly ReportRow[]
}>
export type ReportGoal = Readonly<{ label: string; target: number; reached: number | null; share: number | null }>
export type Report = Readonly<{
  werkcentrum: string
  region: string
  period: string
  periodInWords: string
  publishedOn: string
  threshold: number
  /** The totals of each quarter of the period that was counted, of contacts and of hand-offs offered. */
  quarters: readonly Readonly<{ label: string; contacts: number | null; offered: number | null }>[]
  totals: readonly Readonly<{ label: string; value: number | null; unit: string }>[]
  sections: readonly Readonly<{ title: string; tables: readonly ReportTable[] }>[]
  goalsYear: number
  goals: readonly ReportGoal[]
}>

const TOTALS = ['CONTACTS', 'OFFERED', 'ANSWERED', 'ENDED', 'MEDIAN_ANSWER_DAYS']
/** What share the rows are of. */
const SECTIONS: readonly Readonly<{ title: string; figures: Readonly<Record<string, string>> }>[] = [
  {
    title: 'Wie bereiken we?',
    figures: {
      CONTACTS_BY_JOURNEY: 'CONTACTS',
      CONTACTS_BY_VISITOR_KIND: 'CONTACTS',
      CONTACTS_BY_AGE: 'CONTACTS',
      CONTACTS_BY_CHANNEL: 'CONTACTS',
      CONTACTS_BY_ORIGIN: 'CONTACTS',
      CONTACTS_BY_EDUCATION: 'CONTACTS',
    },
  },
  {
    title: 'Komt de hulp tot stand?',
    figures: {
      OFFERED_BY_PARTNER_KIND: 'OFFERED',
      ANSWERED_BY_ANSWER: 'ANSWERED',
      ANSWERED_IN_TIME: 'ANSWERED',
      DECLINED_BY_REASON: 'DECLINED',
      COMPLETED_BY_OUTCOME: 'COMPLETED',
      COMPLETED_BY_LOOP: 'COMPLETED',
    },
  },
]

/** The report of the own werkcentrum. @throws Refusal BAD_INPUT for a quarter, NOT_FOUND where nothing is published */
export const readReport = async (act: Act, figures: Figures, period: string, format: ReportFormat): Promise<ReportText> =>
  inFormat(await makeReport(act, figures, organisationOf(act), period), format)

export async function makeReport(act: Reader, figures: Figures, werkcentrumId: string, period: string): Promise<Report> {
  const about = periodCalled(period)
  if (!about || about.quarters.length < 2) throw badInput('A report is of a half year (2026-H1) or a year (2026).')
  const read = (figure: string, of = period) => readFigure(act, figures, { figure, period: of, werkcentrumId, language: 'nl' })
  const answers = new Map<string, FigureAnswer>()
  for (const id of [...TOTALS, 'ENDED_BY_STATE', ...SECTIONS.flatMap((section) => Object.keys(section.figures))])
    answers.set(id, await read(id))
  const cell = (figure: string, row = TOTAL) => answers.get(figure)?.cells.find((each) => each.row === row)?.value ?? null
  const bases: Record<string, number | null> = {
    CONTACTS: cell('CONTACTS'),
    OFFERED: cell('OFFERED'),
    ANSWERED: cell('ANSWERED'),
    DECLINED: cell('ANSWERED_BY_ANSWER', 'DECLINED'),
    COMPLETED: cell('ENDED_BY_STATE', 'COMPLETED'),
  }
  // A werkcentrum that began later has no such quarter: that is not a number that is not told.
  const published = await listPeriods(act, werkcentrumId)
  const quarters = []
  for (const name of about.quarters.map((quarter) => `${about.year}-Q${quarter}`).filter((each) => published.includes(each))) {
    const total = async (figure: string) => (await read(figure, name)).cells[0]?.value ?? null
    quarters.push({ label: periodInWords(name), contacts: await total('CONTACTS'), offered: await total('OFFERED') })
  }
  const [place] = await act.sql.$queryRaw<{ name: string; region: string }[]>`
    SELECT w.name, r.name AS region FROM werkcentrum w JOIN region r USING (am_code) WHERE w.id = ${werkcentrumId}::uuid`
  const { name, region } = orNotFound(place)
  return {
    werkcentrum: name,
    region,
    period,
    periodInWords: periodInWords(period),
    publishedOn: answers.get('CONTACTS')!.publishedOn,
    threshold: figures.threshold,
    quarters,
    totals: TOTALS.map((id) => ({ label: answers.get(id)!.title, value: cell(id), unit: answers.get(id)!.unit })),
    sections: SECTIONS.map((section) => ({
      title: section.title,
      tables: Object.entries(section.figures).map(([id, base]) => {
        const { title, definition, unit, cells } = answers.get(id)!
        const rows = cells.map(({ rowLabel, value }) => ({ label: rowLabel, value, share: shareOf(value, bases[base] ?? null) }))
        return { figure: id, title, definition, unit, rows }
      }),
    })),
    goalsYear: about.year,
    goals: await progressOf(act, figures, werkcentrumId, about.year, period),
  }
}

const shareOf = (value: number | null, of: number | null): number | null =>
  value === null || of === null || of === 0 ? null : Math.round((100 * value) / of)

/** How far each goal of the year has come in this period: from published values alone. */
async function progressOf(
  act: Reader,
  figures: Figures,
  werkcentrumId: string,
  year: number,
  period: string,
): Promise<ReportGoal[]> {
  const goals = await act.sql.$queryRaw<{ figure: string; row: string; target: number }[]>`
    SELECT figure, row_key AS "row", target FROM figure_goal WHERE werkcentrum_id = ${werkcentrumId}::uuid AND year = ${year}::integer AND target IS NOT NULL
    ORDER BY figure, row_key`
  const shown: ReportGoal[] = []
  for (const { figure, row, target } of goals) {
    const known = figures.figures.find(({ id }) => id === figure)
    if (!known) continue
    const { cells } = await readFigure(act, figures, { figure, period, werkcentrumId, language: 'nl' })
    const reached = cells.find((each) => each.row === row)?.value ?? null
    const dimension = known.by[0]
    const label =
      dimension && Object.hasOwn(DIMENSIONS[dimension], row)
        ? `${known.title}: ${labelOf(dimension, row, 'nl', new Map())}`
        : known.title
    shown.push({ label, target, reached, share: shareOf(reached, target) })
  }
  return shown
}

export function inFormat(report: Report, format: ReportFormat): ReportText {
  const fileName = `rapport-${report.werkcentrum.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${report.period}`
  switch (format) {
    case 'JSON':
      return { fileName: `${fileName}.json`, mediaType: 'application/json', content: `${JSON.stringify(report, null, 2)}\n` }
    case 'CSV':
      return { fileName: `${fileName}.csv`, mediaType: 'text/csv', content: csvOf(rowsOf(report)) }
    case 'HTML':
      return { fileName: `${fileName}.html`, mediaType: 'text/html', content: htmlOf(report) }
    default:
      throw notFound()
  }
}

/** One line per number; an empty cell is a number that is not told. */
function rowsOf({ werkcentrum, period, totals, sections, goals, goalsYear }: Report): string[][] {
  const line = (table: string, row: string, value: number | null, unit: string) => [
    werkcentrum,
    period,
    table,
    row,
    value === null ? '' : String(value),
    unit,
  ]
  return [
    ['werkcentrum', 'periode', 'cijfer', 'rij', 'aantal', 'eenheid'],
    ...totals.map(({ label, value, unit }) => line(label, 'totaal', value, unit)),
    ...sections.flatMap(({ tables }) =>
      tables.flatMap(({ title, unit, rows }) => rows.map(({ label, value }) => line(title, label, value, unit))),
    ),
    ...goals.flatMap(({ label, target, reached }) => [
      line(`Doel ${goalsYear}`, label, target, 'doel'),
      line(`Doel ${goalsYear}`, label, reached, 'bereikt'),
    ]),
  ]
}
