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
 * SHA-256 with a byte 0 in front, so that no leaf can pass for a node of the tree above it. Columns that are null are left out, so that one that
 * is added later changes no old leaf.
 */
export const leafHash = ({ record, parts, actor, processing }: RecordRows): Buffer =>
  createHash('sha256')
    .update('\0')
    .update(
      canonical({
        record: filled(record),
        parts: parts.map(filled),
        actor: actor && filled(actor),
        processing: processing.map(filled),
      }),
    )
    .digest()

const filled = (row: LogRow): LogRow => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

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
  return `{${Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`)
    .join(',')}}`
}

/** An instant of JavaScript as a leaf has it. */
export const inMicroseconds = (at: Date): string => at.toISOString().replace('Z', '000Z')
