// Tables as text for a spreadsheet, pure: an agreement as a matrix of category by purpose, out and in again (RFC 4180, with semicolons).
import { AGREED_CATEGORIES, AGREED_PURPOSES, inOrder } from './terms.js'

const BOM = '\uFEFF'

/**
 * Rows as CSV: semicolons, as Dutch spreadsheets expect, and CRLF. A cell that a spreadsheet would run as a formula gets an apostrophe before
 * it, so that it stays text (OWASP, CSV injection).
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(';')}\r\n`).join('')
}

function cellOf(text: string): string {
  const safe = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[";,\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const AGREED = 'ja'

/** One row per category, one column per purpose; `ja` where it is agreed. */
export function matrixOf(cells: readonly string[]): string {
  return csvOf([
    ['category', ...AGREED_PURPOSES],
    ...AGREED_CATEGORIES.map((category) => [
      category,
      ...AGREED_PURPOSES.map((purpose) => (cells.includes(`${category} ${purpose}`) ? AGREED : '')),
    ]),
  ])
}

/** Longest matrix that is read, in characters: many times what one takes. */
const LONGEST = 10_000

/**
 * The cells of a matrix as people send it back: separated by semicolon, comma or tab, any line ends, spaces and capitals. What is left out is
 * not agreed. Mistakes name the line and what was expected, and never what was found: that is not ours to repeat.
 */
export function cellsIn(text: string): { cells: string[] } | { mistakes: string[] } {
  if (text.length > LONGEST) return { mistakes: [`csv is longer than ${LONGEST} characters.`] }
  const lines = text
    .replace(new RegExp(`^${BOM}`), '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line, number: index + 1 }))
    // Spreadsheets leave empty rows behind, with or without separators.
    .filter(({ line }) => line.replace(/[;,\t\s"]/g, '') !== '')
  const [head, ...rows] = lines
  if (!head) return { mistakes: ['csv line 1: expected a header: category, and the purposes.'] }
  const separator = [';', '\t', ','].find((sign) => head.line.includes(sign)) ?? ';'
  const cellsOf = (line: string) =>
    line.split(separator).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim()
        .toLowerCase(),
    )

  const mistakes: string[] = []
  const mistake = (number: number, expected: string) => mistakes.push(`csv line ${number}: ${expected}`)
  const purposeNames = AGREED_PURPOSES.map((purpose) => purpose.toLowerCase())
  const [corner, ...columns] = cellsOf(head.line)
  // Trailing separators make trailing empty columns.
  while (columns.at(-1) === '') columns.pop()
  if (corner !== 'category' && corner !== '') mistake(head.number, 'expected "category" in the first column.')
  if (columns.length === 0) mistake(head.number, `expected purposes after the first column: ${AGREED_PURPOSES.join(', ')}.`)
  for (const [index, column] of columns.entries())
    if (!purposeNames.includes(column as never))
      mistake(head.number, `column ${index + 2}: expected one of ${AGREED_PURPOSES.join(', ')}.`)
    else if (columns.indexOf(column) < index) mistake(head.number, `column ${index + 2}: this purpose stands here twice.`)

  const seen = new Set<string>()
  const cells: string[] = []
  for (const { line, number } of rows) {
    const [category = '', ...values] = cellsOf(line)
    while (values.length > columns.length && values.at(-1) === '') values.pop()
    if (!AGREED_CATEGORIES.includes(category as never))
      mistake(number, `column 1: expected one of ${AGREED_CATEGORIES.join(', ')}.`)
    else if (seen.has(category)) mistake(number, 'column 1: this category stands here twice.')
    seen.add(category)
    if (values.length > columns.length) mistake(number, `expected at most ${columns.length + 1} columns.`)
    for (const [index, value] of values.slice(0, columns.length).entries())
      if (value === AGREED) cells.push(`${category} ${columns[index]!.toUpperCase()}`)
      else if (value !== '') mistake(number, `column ${index + 2}: expected "${AGREED}" or nothing.`)
  }
  return mistakes.length > 0 ? { mistakes } : { cells: inOrder(cells) }
}
