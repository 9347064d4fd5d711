// Reading figures: what was published and nothing else, by its key; so the answer is the same however it is asked (design 6).
import { isUuid } from '../database/door.js'
import { badInput, notFound, orNotFound } from '../errors.js'
import type { Act } from '../operations/perform.js'
import { DIMENSIONS, type Dimension, labelOf, OTHER_PARTNERS } from './labels.js'
import { periodCalled, periodInWords } from './period.js'
import type { Figure, Figures } from './tables.js'

/** Who reads, and the transaction it reads in: an operation, or the command line. */
export type Reader = Readonly<{ sql: Act['sql']; capacity: Readonly<{ role: string; organisationId?: string }> }>

export type Language = 'nl' | 'en'

export type Cell = {
  row: string
  rowLabel: string
  column: string | null
  columnLabel: string | null
  value: number | null
  suppressed: boolean
  /** Of the whole country: some werkcentra do not tell this number. */
  atLeast: boolean
}

export type FigureFacts = { id: string; title: string; definition: string; unit: string; dimensions: string[] }

export type FigureAnswer = FigureFacts & {
  period: string
  periodInWords: string
  /** Null: the whole country. */
  werkcentrumId: string | null
  version: number
  publishedOn: string
  cells: Cell[]
}

export type FigureQuestion = Readonly<{ figure: string; period: string; werkcentrumId: string | null; language: Language }>

/** What a partner may ask for: whom the desks reach, and its own row. The same as in row-level security. */
const isForPartners = (id: string) => id.startsWith('CONTACTS') || id === 'OFFERED_BY_PARTNER'

/** A median is no sum. */
const isForCountry = (id: string) => id !== 'MEDIAN_ANSWER_DAYS'

export const factsOf = (figure: Figure, language: Language): FigureFacts => ({
  id: figure.id,
  title: language === 'nl' ? figure.title : figure.titleEn,
  definition: language === 'nl' ? figure.definition : figure.definitionEn,
  unit: language === 'nl' ? figure.unit : figure.unitEn,
  dimensions: [...figure.by],
})

export const listDefinitions = async (act: Act, { figures }: Figures, language: Language): Promise<FigureFacts[]> =>
  figures
    .filter(({ id }) => act.capacity.role !== 'HANDLER' || isForPartners(id))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((figure) => factsOf(figure, language))

/** The periods of which a werkcentrum has published figures; of the whole country, those of any. @throws Refusal NOT_FOUND where nothing was published */
export async function listPeriods(act: Reader, werkcentrumId: string | null): Promise<string[]> {
  if (werkcentrumId !== null && !isUuid(werkcentrumId)) throw notFound()
  const rows = await act.sql.$queryRaw<{ period: string }[]>`
    SELECT DISTINCT period FROM figure_publication WHERE ${werkcentrumId}::uuid IS NULL OR werkcentrum_id = ${werkcentrumId}::uuid ORDER BY 1`
  if (werkcentrumId !== null && rows.length === 0) throw notFound()
  return rows.map(({ period }) => period)
}

/** @throws Refusal NOT_FOUND where nothing was published, or not for who asks; BAD_INPUT for a period that is none. */
export async function readFigure(act: Reader, { figures }: Figures, question: FigureQuestion): Promise<FigureAnswer> {
  const { period, werkcentrumId, language } = question
  const figure = orNotFound(figures.find(({ id }) => id === question.figure))
  if (!periodCalled(period)) throw badInput('A period is a quarter (2026-Q1), a half year (2026-H1) or a year (2026).')
  const isPartner = act.capacity.role === 'HANDLER'
  if (isPartner && !isForPartners(figure.id)) throw notFound()
  if (werkcentrumId === null && (!isForCountry(figure.id) || (isPartner && figure.id === 'OFFERED_BY_PARTNER'))) throw notFound()
  if (werkcentrumId !== null && !isUuid(werkcentrumId)) throw notFound()
  const found =
    werkcentrumId === null ? await ofCountry(act, figure.id, period) : await ofWerkcentrum(act, figure.id, period, werkcentrumId)
  const own =
    isPartner && figure.id === 'OFFERED_BY_PARTNER'
      ? found.cells.filter(({ row }) => row === act.capacity.organisationId)
      : found.cells
  const names = await namesFor(act, figure.by)
  const cells = own.map(({ row, column, value, atLeast }) => ({
    row,
    rowLabel: labelOf(figure.by[0], row, language, names),
    column: column || null,
    columnLabel: column ? labelOf(figure.by[1], column, language, names) : null,
    value,
    suppressed: value === null,
    atLeast,
  }))
  return {
    ...factsOf(figure, language),
    period,
    periodInWords: periodInWords(period, language),
    werkcentrumId,
    version: found.version,
    publishedOn: found.publishedOn,
    cells: cells.toSorted(
      (a, b) =>
        orderOf(figure.by[0], a.row) - orderOf(figure.by[0], b.row) ||
        a.rowLabel.localeCompare(b.rowLabel, 'nl') ||
        orderOf(figure.by[1], a.column ?? '') - orderOf(figure.by[1], b.column ?? ''),
    ),
  }
}

type Found = {
  version: number
  publishedOn: string
  cells: { row: string; column: string; value: number | null; atLeast: boolean }[]
}

async function ofWerkcentrum(act: Reader, figure: string, period: string, id: string): Promise<Found> {
  const [publication] = await act.sql.$queryRaw<{ version: number; publishedOn: string }[]>`
    SELECT version, published_on::text AS "publishedOn" FROM figure_publication
    WHERE werkcentrum_id = ${id}::uuid AND period = ${period} ORDER BY version DESC LIMIT 1`
  const { version, publishedOn } = orNotFound(publication)
  const cells = await act.sql.$queryRaw<{ row: string; column: string; value: number | null }[]>`
    SELECT row_key AS "row", column_key AS "column", value FROM figure_value
    WHERE werkcentrum_id = ${id}::uuid AND period = ${period} AND figure = ${figure} AND version = ${version}`
  return { version, publishedOn, cells: cells.map((cell) => ({ ...cell, atLeast: false })) }
}

/**
 * The sum of what the werkcentra tell. INVARIANT: it is made of told numbers alone, so whoever has them has this; and where a werkcentrum does not
 * tell one it is "at least".
 */
async function ofCountry(act: Reader, figure: string, period: string): Promise<Found> {
  const rows = await act.sql.$queryRaw<
    { row: string; column: string; value: number | null; atLeast: boolean; version: number; publishedOn: string }[]
  >`SELECT v.row_key AS "row", v.column_key AS "column", sum(v.value)::integer AS value, bool_or(v.value IS NULL) AS "atLeast",
      sum(v.version)::integer AS version, max(p.published_on)::text AS "publishedOn"
    FROM figure_value v JOIN figure_publication p USING (werkcentrum_id, period, version)
    WHERE v.period = ${period} AND v.figure = ${figure} AND NOT EXISTS (
      SELECT FROM figure_publication n WHERE n.werkcentrum_id = p.werkcentrum_id AND n.period = p.period AND n.version > p.version)
    GROUP BY v.row_key, v.column_key`
  const first = orNotFound(rows[0])
  const cells = rows.map(({ row, column, value, atLeast }) => ({ row, column, value, atLeast: atLeast && value !== null }))
  return { version: Math.max(...rows.map(({ version }) => version)), publishedOn: first.publishedOn, cells }
}

/** Municipalities and partners are called by their names. */
async function namesFor(act: Reader, by: readonly Dimension[]): Promise<ReadonlyMap<string, string>> {
  if (by.includes('municipality')) {
    const rows = await act.sql.municipality.findMany({ orderBy: { validFrom: 'asc' } })
    return new Map(rows.map(({ gmCode, name }) => [gmCode, name]))
  }
  if (!by.includes('partner')) return new Map()
  const rows = await act.sql.partner.findMany({ select: { id: true, name: true } })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Names come before "other" and "unknown". */
function orderOf(dimension: Dimension | undefined, key: string): number {
  if (key === OTHER_PARTNERS) return 999
  return dimension ? Object.keys(DIMENSIONS[dimension]).indexOf(key) : -1
}
