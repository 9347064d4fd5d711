// How rows come out: instants as text, and JSON in which PostgreSQL's names with underscores become ours, all the way down.
import { Prisma } from './prisma/client.js'

/** An instant as ISO 8601 in UTC, to the millisecond. `column` is a timestamptz. */
export const asInstant = (column: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** `{ offered_on: ... }` becomes `{ offeredOn: ... }`; what is in text stays as it is. T is trusted: the query has to fit it. */
export function fromJson<T>(value: unknown): T {
  return renamed(value) as T
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), renamed(inner)]))
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
