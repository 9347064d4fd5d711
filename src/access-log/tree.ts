// The Merkle tree over the leaves of a seal (RFC 9162, 2.1.1), and the hash by which each seal names the one before it.
import { createHash } from 'node:crypto'

/** A row of `log_seal`: instants to the microsecond, hashes in hexadecimals. */
export type Seal = Readonly<{
  number: number
  sealedAt: string
  size: number
  /** In this seal and all before it. */
  records: number
  /** Of its youngest record. */
  lastAt: string
  root: string
  previous: string
  hash: string
}>

/** The lock of whoever seals or expires; seal_log and expire_seal in the database take it too. */
export const LOCK = 72707371

/** What the first seal names as the one before. */
const NO_SEAL = '0'.repeat(64)

/** Where a log stands that has no seal yet. */
export const NOTHING = { seal: 0, hash: NO_SEAL, records: 0, expired: 0 } as const

/** The hash as it must be for what the seal says. The database says the same in `seal_hash`. */
export const sealHash = ({ number, sealedAt, size, records, lastAt, root, previous }: Omit<Seal, 'hash'>): string =>
  createHash('sha256')
    .update(['warme-overdracht seal', number, sealedAt, size, records, lastAt, root, previous].join('|'))
    .digest('hex')

/** What stands at the foot of the tree: the hash of a record and its keyed hash, so that neither changes unseen. */
export const treeLeaf = ({ hash, mac }: { hash: Buffer; mac: string }): Buffer =>
  createHash('sha256').update(Buffer.of(0)).update(hash).update(mac).digest()

/** A byte 1 stands before a node, as a byte 0 before a leaf: neither can pass for the other. */
const node = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()

/** A tree that grows leaf by leaf and keeps no more than one node per level. */
export function growingTree(): { add: (leaf: Buffer) => void; root: () => string } {
  const whole: { height: number; hash: Buffer }[] = []
  return {
    add: (leaf) => {
      let top = { height: 0, hash: leaf }
      while (whole.at(-1)?.height === top.height) top = { height: top.height + 1, hash: node(whole.pop()!.hash, top.hash) }
      whole.push(top)
    },
    root: () =>
      whole
        .map(({ hash }) => hash)
        .reduceRight((right, left) => node(left, right))
        .toString('hex'),
  }
}
