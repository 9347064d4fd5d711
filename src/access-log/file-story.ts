// What the file of checkpoints tells from its first line to its last: what was signed, restored and expired, and whether a line was tampered with.
import { decodeJwt } from 'jose'
import { type Head, type Read, type Statement, sha256 } from './checkpoint.js'
import { linesOf } from './checkpoint-file.js'
import { NOTHING } from './tree.js'

type Restored = Extract<Statement, { kind: 'restored' }> & { line: number }
type Expired = Extract<Statement, { kind: 'expired' }> & { line: number }

export type FileStory = {
  /** Characters of the file that are told. */
  length: number
  lines: number
  head: Head
  /** The last line, as it stands there and as it is read. */
  newest: { token: string; said: Statement & { kid: string } } | undefined
  restored: Restored[]
  expired: Expired[]
  /** Seals that were signed long after they were made: between the two, nothing kept them from being made anew. */
  late: { seals: number; first: number }
  /** Half lines that a crash left, each followed by the whole one. */
  torn: number
  /** Lines that say nothing, by number. */
  unread: Set<number>
  faults: string[]
  /** On which line each checkpoint that somebody kept was found. */
  found: Map<string, number>
}

/** Milliseconds between a seal and its checkpoint, after which it is told. */
const LATE = 600_000

/** Constant memory, whatever the length of the file. `kept` are checkpoints that are looked for among the lines. */
export async function storyOf(folder: string, length: number, read: Read, kept: readonly string[] = []): Promise<FileStory> {
  const story: FileStory = {
    length,
    lines: 0,
    head: NOTHING,
    newest: undefined,
    restored: [],
    expired: [],
    late: { seals: 0, first: 0 },
    torn: 0,
    unread: new Set(),
    faults: [],
    found: new Map(),
  }
  const fault = (line: number, what: string) => story.faults.push(`line ${line} of the checkpoints ${what}`)
  let unread: number[] = []
  let isEnded = true
  for await (const { token, ended } of endedLines(folder, length)) {
    const line = ++story.lines
    isEnded = ended
    if (kept.includes(token)) story.found.set(token, line)
    const said = await read(token)
    if (!said) {
      unread.push(line)
      story.unread.add(line)
      continue
    }
    const before = story.newest
    const follows = said.previous === (before ? sha256(before.token) : null)
    if (follows) story.torn += unread.length
    else if (isTwice(before?.said, said) && unread.length === 0) continue
    else fault(unread[0] ?? line, unread[0] ? UNSIGNED : 'does not follow the one before it: a line was taken out or put in')
    unread = []
    if (follows) whatIsWrong(story.head, said, (what) => fault(line, what))
    if (said.kind === 'restored') story.restored.push({ ...said, line })
    if (said.kind === 'expired') story.expired.push({ ...said, line })
    if (said.kind === 'checkpoint' && Date.parse(said.signedAt) - Date.parse(said.sealedAt) > LATE) {
      story.late.seals++
      story.late.first ||= said.seal
    }
    story.newest = { token, said }
    story.head = said
  }
  // What a crash leaves at the end has no end of line.
  if (unread.length > 0 && !(unread.length === 1 && !isEnded)) fault(unread[0]!, UNSIGNED)
  else story.torn += unread.length
  return story
}

const UNSIGNED = 'was signed with none of the keys: it was changed, or its key is not given'

async function* endedLines(folder: string, length: number): AsyncGenerator<{ token: string; ended: boolean }> {
  let read = 0
  for await (const token of linesOf(folder, length)) {
    read += token.length + 1
    yield { token, ended: read <= length }
  }
}

/** Two who both thought they had the lock say the same of one seal; that is no harm. */
const isTwice = (before: Statement | undefined, said: Statement): boolean =>
  before !== undefined && before.seal === said.seal && before.hash === said.hash && before.previous === said.previous

function whatIsWrong(before: Head, said: Statement, fault: (what: string) => void): void {
  if (said.kind === 'checkpoint' && (said.seal !== before.seal + 1 || said.records !== before.records + said.size))
    fault(`signs seal ${said.seal}, and the one before signed seal ${before.seal}`)
  if (said.kind !== 'expired') return
  if (monthsAfter(said.lastAt, said.months) > Date.parse(said.signedAt))
    fault(`lets records expire before their ${said.months} months are over`)
}

/** In milliseconds. Months are as long as the calendar says; where there is no such day, the days after it. */
export function monthsAfter(instant: string, months: number): number {
  const at = new Date(instant)
  return at.setUTCMonth(at.getUTCMonth() + months)
}

/** Whether a later line says that the database was set back to before this seal. */
export const isGivenUp = (story: FileStory, line: number, seal: number): boolean =>
  story.restored.some((restored) => restored.line > line && restored.seal < seal)

export type Standing = Pick<Head, 'seal' | 'hash'> & { sealedAt?: string; size?: number }

/** What stands of the file: each seal as it was signed last, in order. */
export async function* standing(folder: string, story: FileStory): AsyncGenerator<Standing> {
  let number = 0
  let last = 0
  for await (const line of linesOf(folder, story.length)) {
    number++
    if (story.unread.has(number)) continue
    const said = decodeJwt<Standing>(line)
    if (said.seal <= last || isGivenUp(story, number, said.seal)) continue
    last = said.seal
    yield said
  }
}
