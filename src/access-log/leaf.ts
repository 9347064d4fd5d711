// The leaf of a record: one hash over every column of every row that was written about one operation (design 4; RFC 9162, 2.1.1).
import { createHash } from 'node:crypto'
import { type KeyRing, keyedHash, keyedHashes } from '../identity/pseudonym.js'

/** A row as column and value. Instants are written as 2026-11-22T09:30:00.000000Z, to the microsecond; a column that is null may be left out. */
export type LogRow = Readonly<Record<string, unknown>>

/** Everything that stands in the log about one operation, lines in the order of their numbers. */
export type RecordRows = Readonly<{
  record: LogRow
  parts: readonly LogRow[]
  actor: LogRow | null
  processing: readonly LogRow[]
}>

export type Leaf = { hash: Buffer; mac: string }

/**
 * SHA-256 with a byte 0 in front, as of what stands at the foot of a tree. Columns that are null are left out, so that one that is added later
 * changes no old leaf.
 */
export function leafHash({ record, parts, actor, processing }: RecordRows): Buffer {
  const rows = {
    record: filled(record),
    parts: parts.map(filled),
    actor: actor && filled(actor),
    processing: processing.map(filled),
  }
  return createHash('sha256')
    .update(`\0${canonical(rows)}`)
    .digest()
}

function filled(row: LogRow): LogRow {
  const rest: Record<string, unknown> = { ...row }
  for (const name in rest) if (rest[name] === null) delete rest[name]
  return rest
}

/** The keyed hash is what the servers alone can make. */
export function leafOf(keys: KeyRing, rows: RecordRows): Leaf {
  const hash = leafHash(rows)
  return { hash, mac: keyedHash(keys, 'log', hash.toString('hex')) }
}

/** Made by somebody with this key ring? Undefined: with a key that is not in it, or not any more. */
export function isOurs(keys: KeyRing, { hash, mac }: Leaf): boolean | undefined {
  if (!Object.hasOwn(keys.keys, mac.split(':', 1)[0]!)) return undefined
  return keyedHashes(keys, 'log', hash.toString('hex')).includes(mac)
}

/** One text for one value: names sorted, no spaces. For texts, whole numbers, booleans, lists and objects the same as RFC 8785. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = value as Record<string, unknown>
  // As UTF-16 code units, which is the order of sort() and of RFC 8785.
  const names = Object.keys(members).sort()
  return `{${names
    .filter((name) => members[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`)
    .join(',')}}`
}

/** An instant of JavaScript as a leaf has it. */
export const inMicroseconds = (at: Date): string => at.toISOString().replace('Z', '000Z')
