// Ids of demo things, the same on every machine, so that accounts, story and tests can name them before a database exists.
import { createHash } from 'node:crypto'

/** A UUID shaped like version 4, made from a key such as 'uwv-amersfoort'. For the demo only: real ids are random. */
export function demoId(key: string): string {
  const bytes = createHash('sha256').update(`warme-overdracht demo ${key}`).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
