// A record as it stands in the tables, every column of every row, for whoever makes its leaf again.
import type { ClientBase } from 'pg'
import { PlainError } from '../errors.js'
import type { LogRow, RecordRows } from './leaf.js'

/** The tables of one record, and how each finds its rows for a leaf `l`. */
const TABLES = {
  record: { table: 'access_record', id: 'id', order: '' },
  parts: { table: 'access_record_part', id: 'record_id', order: 'ORDER BY t.number' },
  actor: { table: 'access_record_actor', id: 'record_id', order: '' },
  processing: { table: 'processing_record', id: 'record_id', order: 'ORDER BY t.number' },
} as const
type Kind = keyof typeof TABLES

/** Tables whose rows hang on a leaf: by `at` and this column. */
export const OF_A_RECORD = Object.values(TABLES).map(({ table, id }) => ({ table, id }))

export const instantText = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** A leaf, and as texts of JSON the rows that stand there for it. */
export type StoredLeaf = { at: string; id: string } & { [kind in Kind]: string | null }

/**
 * Columns to select of `log_leaf l`, or of anything with `at` and `record_id`. What the tables hold is asked of the catalogue, so that no column can
 * be forgotten, or added unseen.
 * @throws PlainError when one of them is not there, or is no table
 */
export async function storedColumns(client: ClientBase): Promise<string> {
  const selected: string[] = [`${instantText('l.at')} AS at`, 'l.record_id::text AS id']
  for (const [kind, { table, id, order }] of Object.entries(TABLES)) {
    const { rows } = await client.query<{ name: string; isInstant: boolean }>(
      `SELECT a.attname AS name, a.atttypid = 'timestamptz'::regtype AS "isInstant" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
      [table],
    )
    if (rows.length === 0)
      throw new PlainError(`This database has no table ${table}. Run the release step first (npm run release).`)
    const columns = rows.map(({ name, isInstant }) => {
      const column = client.escapeIdentifier(name)
      return isInstant ? `${instantText(`t.${column}`)} AS ${column}` : `t.${column}`
    })
    selected.push(
      `(SELECT json_agg(r) FROM (SELECT ${columns.join(', ')} FROM public.${table} t WHERE t.at = l.at AND t.${id} = l.record_id ${order}) r)::text AS ${kind}`,
    )
  }
  return selected.join(', ')
}

/** The rows of a record, or what is wrong with them as a whole. */
export function rowsOf(stored: StoredLeaf): RecordRows | string {
  const [records, parts, actors, processing] = [stored.record, stored.parts, stored.actor, stored.processing].map(listOf)
  if (records === undefined || parts === undefined || actors === undefined || processing === undefined)
    return 'it holds a number that no record is written with'
  const [record] = records
  if (!record) return 'its row of access_record is gone'
  if (records.length > 1) return 'its row of access_record is there more than once'
  if (actors.length > 1) return 'its row of access_record_actor is there more than once'
  return { record, parts, actor: actors[0] ?? null, processing }
}

/** What JavaScript would read as another number than PostgreSQL: no record is written with a fraction, an exponent, or so many digits. */
const OTHER_NUMBER = /[[:,]\s*-?\d+(?:[.eE]|\d{15})/

function listOf(text: string | null): LogRow[] | undefined {
  if (text === null) return []
  // Mostly there is none, not even in a text; what is in a text is no number.
  if (OTHER_NUMBER.test(text) && OTHER_NUMBER.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'))) return undefined
  return JSON.parse(text)
}

/**
 * Why a record cannot be whole, where that can be seen without knowing what it was: every operation of an organisation has a part and an actor,
 * and a line of the processing log for each part that shows something.
 */
export function lacks({ record, parts, actor, processing }: RecordRows): string | undefined {
  if (parts.some(({ number }, index) => number !== index + 1)) return 'a row of access_record_part is missing or there twice'
  const isOfStaff = (record.organisation_id ?? null) !== null
  if (isOfStaff && parts.length === 0) return 'its rows of access_record_part are gone'
  if (isOfStaff !== (actor !== null)) return `its row of access_record_actor ${isOfStaff ? 'is gone' : 'was added'}`
  // Of before there was a processing log.
  if ((record.trace_id ?? null) === null) return undefined
  const shown = parts.filter(({ objects }) => Array.isArray(objects) && objects.length > 0).map(({ number }) => number)
  const lines = processing.map(({ number }) => number)
  return shown.join() === lines.join() ? undefined : 'its rows of processing_record are not those of its parts'
}
