// Verification: the whole log made again from its rows, in the order of its seals, and laid beside what was signed outside the database.
import type { ClientBase } from 'pg'
import type { KeyRing } from '../identity/pseudonym.js'
import type { Read } from './checkpoint.js'
import { lengthOf } from './checkpoint-file.js'
import { type FileStory, isGivenUp, type Standing, standing, storyOf } from './file-story.js'
import { type Faults, faultsOf, inWords, leafAgain, sealAgain, whereOf } from './made-again.js'
import { notAsReleased } from './shape.js'
import { NOTHING } from './tree.js'
import { ahead, beginReading, inOrder, leavesIn, orphansIn, sealsIn } from './walk.js'

export type Verdict = Readonly<{
  /** The first of them, in the order of the log, each in a sentence; `all` with those in the file of checkpoints. */
  faults: Faults
  seals: number
  /** Records that are there, and how many of them are under a checkpoint. */
  records: number
  covered: number
  /** Records that have expired under the term, and are gone. */
  expired: number
  /** When the oldest record was written that has no seal yet. */
  oldestYoung: string | undefined
  /** Records by a key that is not in the ring: their keyed hash could not be looked at. */
  otherKeys: ReadonlyMap<string, number>
  story: FileStory
  /** What became of each checkpoint that somebody kept, in a sentence. */
  kept: readonly string[]
}>

export type Verification = {
  /** As the owner of the tables. */
  client: ClientBase
  folder: string
  read: Read
  /** Without it, a forged record that is not under a checkpoint passes. */
  keys?: KeyRing | undefined
  /** Checkpoints that somebody kept elsewhere. */
  kept?: readonly string[]
}

/** Milliseconds by which an unsealed record can be older than the youngest of the newest seal: no transaction lasts that long. */
const LATEST = 3_600_000

/** Reads only, as of one moment, beside a server that goes on. @throws PlainError when the database knows no seals */
export async function verify({ client, folder, read, keys, kept = [] }: Verification): Promise<Verdict> {
  const length = await beginReading(client, () => lengthOf(folder))
  const story = await storyOf(folder, length, read, kept)
  const faults = faultsOf(story.faults, await notAsReleased(client))
  const tokens = await keptTokens(read, kept, story, faults)
  const counts = { seals: 0, records: 0, covered: 0, expired: 0, oldestYoung: undefined as string | undefined }
  const otherKeys = new Map<string, number>()
  await readThrough({ client, folder, keys, story, faults, tokens, counts, otherKeys }).catch(
    (fault: Error & { code?: string }) => {
      // Tables of another shape need not be readable; that they are of another shape is said already.
      if (faults.inShape.length === 0) throw fault
      faults.add({ what: `the rows could not be read to the end (${fault.code ?? fault.name})` })
    },
  )
  return { faults, ...counts, otherKeys, story, kept: tokens.sentences }
}

/** Where reading is: what was counted so far, and against what. */
type Reading = Pick<Verification, 'client' | 'folder' | 'keys'> &
  Pick<Verdict, 'faults' | 'story'> & {
    tokens: Awaited<ReturnType<typeof keptTokens>>
    counts: { seals: number; records: number; covered: number; expired: number; oldestYoung: string | undefined }
    otherKeys: Map<string, number>
  }

/** Every seal and every record, in order. */
async function readThrough({ client, folder, keys, story, faults, tokens, counts, otherKeys }: Reading): Promise<void> {
  const { orphans, all } = await orphansIn(client)
  faults.all += all - orphans.length
  await inOrder(client)
  const log = { faults, keys, orphans, expired: story.head.expired, otherKeys }
  const leaves = await ahead(leavesIn(client, 'sealed'))
  const lines = await ahead(standing(folder, story))

  const ofNoSeal = async (until: number) => {
    for (; leaves.next && leaves.next.seal! < until; await leaves.take())
      faults.add({ ...whereOf(leaves.next), what: `there is no seal ${leaves.next.seal}, in which it is said to be` })
  }
  const gone = async (until: number) => {
    for (; lines.next && lines.next.seal < until; await lines.take())
      faults.add({
        seal: lines.next.seal,
        what: `this seal${ofThen(lines.next)} was signed and is not in the database: it was taken out, or the database was set back`,
      })
  }

  let before: { number: number; hash: string; records: number; lastAt?: string } = { ...NOTHING, number: 0 }
  for await (const seal of sealsIn(client)) {
    await ofNoSeal(seal.number)
    await gone(seal.number)
    const signed = lines.next?.seal === seal.number ? lines.next.hash : undefined
    if (signed) await lines.take()
    const { there, gone: expired } = await sealAgain(log, before, seal, signed, leaves)
    counts.seals++
    counts.records += there
    counts.expired += expired
    if (seal.number <= story.head.seal) counts.covered += there
    tokens.compare(seal.number, seal.hash)
    before = seal
  }
  await ofNoSeal(Number.POSITIVE_INFINITY)
  await gone(Number.POSITIVE_INFINITY)
  tokens.compareRest()
  if (story.lines === 0 && counts.seals > 0)
    faults.add({ what: `there is no checkpoint in ${folder}: nothing confirms the seals that the database has` })

  for await (const leaf of leavesIn(client, 'unsealed')) {
    const isLate = before.lastAt !== undefined && Date.parse(leaf.at) < Date.parse(before.lastAt) - LATEST
    const { wrong } = leafAgain(log, leaf)
    if (wrong || isLate)
      faults.add({
        ...whereOf(leaf),
        what: wrong ? inWords(wrong) : `it has no seal: seal ${before.number} passed it over, or it was taken out of one`,
      })
    counts.records++
    counts.oldestYoung ??= leaf.at
  }
  for (const { table, at, id } of log.orphans)
    faults.add({
      at,
      id,
      what: table === 'access_record' ? 'it has no leaf: no server wrote it like that' : `a row of ${table} hangs on no leaf`,
    })
}

const ofThen = ({ sealedAt, size }: Standing) => (sealedAt && size ? ` made at ${sealedAt}, size ${size},` : '')

/** The checkpoints that somebody kept: each is compared with its seal when that comes by. */
async function keptTokens(read: Read, kept: readonly string[], story: FileStory, faults: Faults) {
  const sentences: string[] = []
  const waiting: { seal: number; hash: string; line: number | undefined; name: string }[] = []
  for (const [index, token] of kept.entries()) {
    const said = await read(token)
    const name = kept.length > 1 ? `Checkpoint ${index + 1} that was kept` : 'The checkpoint that was kept'
    if (!said) faults.add({ what: `${name} was signed with none of the keys` })
    else waiting.push({ seal: said.seal, hash: said.hash, line: story.found.get(token), name: `${name}, of seal ${said.seal},` })
  }
  const settle = ({ seal, hash: wanted, line, name }: (typeof waiting)[number], hash: string | undefined) => {
    if (wanted === hash) sentences.push(`${name} fits${line ? '' : ', although it is not in the file of checkpoints'}.`)
    else if (line && isGivenUp(story, line, seal)) sentences.push(`${name} was given up when a restore was accepted.`)
    else faults.add({ seal, what: `${name} does not fit: ${hash ? 'the seal was made anew' : 'there is no such seal any more'}` })
  }
  return {
    sentences,
    compare: (number: number, hash: string) => {
      for (const one of waiting.filter(({ seal }) => seal === number)) {
        settle(one, hash)
        waiting.splice(waiting.indexOf(one), 1)
      }
    },
    compareRest: () => {
      for (const one of waiting) settle(one, undefined)
    },
  }
}
