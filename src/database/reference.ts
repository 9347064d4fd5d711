// Reference data: the labour-market regions and municipalities of the Netherlands, as CBS published them (prisma/reference/ORIGIN.md).
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ClientBase } from 'pg'
import { PlainError } from '../errors.js'

const FOLDER = new URL('../../prisma/reference/', import.meta.url)

/** The day from which the rows of 2026 hold. */
export const REFERENCE_FROM = '2026-01-01'

/** As the owner. Loading again changes nothing, and never touches rows of another year or a `valid_to`. */
export async function loadReference(client: ClientBase): Promise<{ regions: number; municipalities: number }> {
  const regions = readCsv('arbeidsmarktregios-2026.csv', ['am_code', 'name'])
  const municipalities = readCsv('gemeenten-2026.csv', ['gm_code', 'name', 'am_code'])
  await client.query(
    `INSERT INTO region (am_code, name) SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT (am_code) DO UPDATE SET name = excluded.name WHERE region.name <> excluded.name`,
    regions,
  )
  await client.query(
    `INSERT INTO municipality (gm_code, name, am_code, valid_from)
     SELECT n.*, '${REFERENCE_FROM}'::date FROM unnest($1::text[], $2::text[], $3::text[]) AS n
     ON CONFLICT (gm_code, valid_from) DO UPDATE SET name = excluded.name, am_code = excluded.am_code
       WHERE (municipality.name, municipality.am_code) <> (excluded.name, excluded.am_code)`,
    municipalities,
  )
  return { regions: regions[0]!.length, municipalities: municipalities[0]!.length }
}

/** The named columns, each a list from top to bottom. */
function readCsv(name: string, columns: readonly string[]): string[][] {
  const file = fileURLToPath(new URL(name, FOLDER))
  const [header = [], ...rows] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/).map(cellsOf)
  return columns.map((column) => {
    const place = header.indexOf(column)
    return rows.map((row, index) => {
      const cell = row[place]
      if (row.length !== header.length || !cell) throw new PlainError(`${file}, line ${index + 2}: there is no ${column}.`)
      return cell
    })
  })
}

/** RFC 4180, without line breaks inside quotes. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
