// A seal and its records made again from what stands in the tables: what is wrong, where, and which part of it, as far as that can be told.
import type { KeyRing } from '../identity/pseudonym.js'
import { isOurs, leafHash } from './leaf.js'
import { lacks, rowsOf } from './stored.js'
import { growingTree, type Seal, sealHash, treeLeaf } from './tree.js'
import type { Ahead, LeafRow, Orphan } from './walk.js'

export type Fault = Readonly<{
  seal?: number | null
  place?: number | null
  at?: string | null
  id?: string | null
  what: string
}>
export type Faults = {
  readonly first: Fault[]
  readonly inFile: readonly string[]
  /** Of the tables themselves, and of what is between them and whoever reads. */
  readonly inShape: readonly string[]
  all: number
  add: (fault: Fault) => void
}

/** Faults that are told one by one; of the others how many there are. */
const MOST = 20

export function faultsOf(inFile: readonly string[], inShape: readonly string[] = []): Faults {
  const faults: Faults = {
    first: [],
    inFile,
    inShape,
    all: inFile.length + inShape.length,
    add: (fault) => {
      faults.all++
      if (faults.first.length < MOST) faults.first.push(fault)
    },
  }
  return faults
}

export const whereOf = ({ seal, place, at, id }: LeafRow) => ({ seal, place, at, id })

export type Log = {
  faults: Faults
  keys: KeyRing | undefined
  /** Rows without a leaf: one of them may be what a gap is of. */
  orphans: Orphan[]
  /** Up to this seal the records have expired. */
  expired: number
  otherKeys: Map<string, number>
}

/** What is wrong with a record: in words, or that its rows are not what its leaf is the hash of. */
type Wrong = { what: string } | { differs: true; hint: string | undefined; changed: 'rows' | 'leaf' | undefined }

export function inWords(wrong: Wrong): string {
  if ('what' in wrong) return wrong.what
  if (wrong.changed === 'leaf') return 'its leaf was changed; its rows are as they were written'
  const rows = wrong.hint ?? 'a value in its rows was changed'
  return wrong.changed === 'rows'
    ? `it is not as it was written: ${rows}`
    : `its rows and its leaf do not fit each other: ${rows}`
}

/** The hash of the rows as they stand now, what is wrong, and the key that the ring does not have. */
export function leafAgain({ keys, otherKeys }: Log, leaf: LeafRow): { wrong?: Wrong; again?: Buffer; key?: string } {
  const rows = rowsOf(leaf)
  if (typeof rows === 'string') return { wrong: { what: rows } }
  const again = leafHash(rows)
  const isBy = (hash: Buffer) => keys && isOurs(keys, { hash, mac: leaf.mac })
  const stored = Buffer.from(leaf.hash, 'hex')
  if (!again.equals(stored)) {
    const changed = isBy(stored) ? 'rows' : isBy(again) ? 'leaf' : undefined
    return { again, wrong: { differs: true, hint: lacks(rows), changed } }
  }
  const ours = isBy(stored)
  if (!keys || ours) return { again }
  if (ours === false)
    return { again, wrong: { what: 'its keyed hash is not of this key ring: no server wrote it, or that hash was changed' } }
  const key = /^k\d{1,4}(?=:)/.exec(leaf.mac)?.[0]
  if (!key) return { again, wrong: { what: 'its keyed hash is none: it was changed' } }
  // The database lets a server write with its current key alone, so what is not sealed yet is of that key.
  if (leaf.seal === null) return { again, wrong: { what: `its keyed hash is of the key ${key}, which is not in the key ring` } }
  otherKeys.set(key, (otherKeys.get(key) ?? 0) + 1)
  return { again, key }
}

/** Where the log stood after the seal before. */
export type Before = { number: number; hash: string; records: number }

/**
 * Takes the leaves of a seal, in the order of their places, and makes it again. `signed` is its hash in the file of checkpoints.
 * Returns how many records are there, and how many have expired.
 */
export async function sealAgain(
  log: Log,
  before: Before,
  seal: Seal,
  signed: string | undefined,
  leaves: Ahead<LeafRow>,
): Promise<{ there: number; gone: number }> {
  const { number, size } = seal
  const found: { leaf: LeafRow; wrong: Wrong }[] = []
  const gaps: Fault[] = []
  const [asStored, asRows] = [growingTree(), growingTree()]
  let [there, place] = [0, 0]
  let first: LeafRow | undefined
  let last: LeafRow | undefined
  let ofOtherKey: LeafRow | undefined
  for (; leaves.next?.seal === number; await leaves.take()) {
    const leaf: LeafRow = leaves.next
    const { wrong, again, key } = leafAgain(log, leaf)
    if (leaf.place! > place + 1) gaps.push(gap(log, number, place + 1, leaf.place! - 1, last, leaf))
    const isTurned = last !== undefined && keyOf(last) >= keyOf(leaf)
    const isWrong =
      leaf.place! <= place
        ? { what: 'another record has its place in the seal' }
        : (wrong ?? (isTurned ? { what: 'its place in the seal is not its own: places go by time' } : undefined))
    if (isWrong && found.length < MOST) found.push({ leaf, wrong: isWrong })
    else if (isWrong) log.faults.all++
    const stored = Buffer.from(leaf.hash, 'hex')
    asStored.add(treeLeaf({ hash: stored, mac: leaf.mac }))
    asRows.add(treeLeaf({ hash: again ?? stored, mac: leaf.mac }))
    if (key) ofOtherKey ??= leaf
    place = Math.max(place, leaf.place!)
    first ??= leaf
    last = leaf
    there++
  }
  const isExpired = there === 0 && number <= log.expired
  if (!isExpired && place < size) gaps.push(gap(log, number, place + 1, size, last, undefined))
  const root = there > 0 ? asStored.root() : undefined
  const isRootOfRows = there > 0 && asRows.root() === seal.root
  for (const { leaf, wrong } of found) {
    const changed = root === seal.root ? 'rows' : isRootOfRows ? 'leaf' : undefined
    gaps.push({ ...whereOf(leaf), what: inWords('differs' in wrong && changed ? { ...wrong, changed } : wrong) })
  }
  for (const fault of gaps.sort((one, other) => (one.place ?? Number.MAX_VALUE) - (other.place ?? Number.MAX_VALUE)))
    log.faults.add(fault)
  const isUnexplained = gaps.length === 0

  const all = { seal: number, ...(first && { at: first.at, id: first.id }) }
  if (number !== before.number + 1)
    log.faults.add({
      seal: before.number + 1,
      what: number > before.number ? 'this seal is gone' : `seal ${number} is there more than once`,
    })
  else if (seal.previous !== before.hash || seal.records !== before.records + size)
    log.faults.add({ ...all, what: `this seal does not go on from seal ${before.number}: one of the two was changed` })
  if (seal.hash !== sealHash(seal)) log.faults.add({ ...all, what: 'this seal was changed: its hash is not of what it says' })
  if (signed && signed !== seal.hash) log.faults.add({ ...all, what: 'this seal is not the one that was signed' })
  if (!isExpired && root !== seal.root && isUnexplained)
    log.faults.add(
      ofOtherKey
        ? { ...whereOf(ofOtherKey), what: 'its keyed hash was changed, or that of another record of this seal' }
        : { ...all, what: `the ${there} records of this seal, from this one on, are not those that were sealed` },
    )
  return { there, gone: isExpired ? size : 0 }
}

const keyOf = ({ at, id }: { at: string; id: string }) => `${at} ${id}`

/** Places that nothing stands at. A record without a leaf that is of the time between is named: it is the first of them. */
function gap(
  { orphans }: Log,
  seal: number,
  from: number,
  to: number,
  last: LeafRow | undefined,
  next: LeafRow | undefined,
): Fault {
  const index = orphans.findIndex(
    ({ table, at, id }) =>
      table === 'access_record' &&
      at !== null &&
      id !== null &&
      (!last || keyOf({ at, id }) > keyOf(last)) &&
      (!next || keyOf({ at, id }) < keyOf(next)),
  )
  const more = to > from ? `, and so are those of the ${to - from} places after it` : ''
  const [orphan] = index < 0 ? [] : orphans.splice(index, 1)
  if (orphan) return { seal, place: from, at: orphan.at, id: orphan.id, what: `its leaf is gone from the seal${more}` }
  const since = last
    ? ` It came after record ${last.id} of ${last.at}.`
    : next
      ? ` It came before record ${next.id} of ${next.at}.`
      : ''
  return { seal, place: from, what: `the record of this place is gone${more}.${since}` }
}
