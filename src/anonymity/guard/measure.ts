// How good is the guard? Notes in which somebody marked what must be found, and how much of it was, with intervals.
import type { Checked } from './check.js'

/**
 * A note is a line. What must be found stands in braces, with its kind: `bel {phone|06-12345678}`; `{phone~|nul zes ...}` is disguised;
 * `{name/polish|Kowalska}` tells an origin. A note without marks is an ordinary one. Lines that start with # are headings, and `\u{200b}`
 * is the character of that number.
 */
export type Mark = Readonly<{ start: number; end: number; kind: string; origin: string | undefined; isDisguised: boolean }>
export type Note = Readonly<{ text: string; marks: readonly Mark[] }>

export function notesIn(file: string): Note[] {
  const notes: Note[] = []
  for (const line of file.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const whole = line.replace(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    const marks: Mark[] = []
    let text = ''
    let last = 0
    for (const match of whole.matchAll(/\{([a-z-]+)(~?)(?:\/([a-z]+))?\|([^}]*)\}/g)) {
      text += whole.slice(last, match.index)
      const [all, kind = '', disguise, origin, marked = ''] = match
      marks.push({ start: text.length, end: text.length + marked.length, kind, origin, isDisguised: disguise === '~' })
      text += marked
      last = match.index + all.length
    }
    notes.push({ text: text + whole.slice(last), marks })
  }
  return notes
}

/** `low` and `high`: where the true share lies with 95 % certainty, if the notes are a fair sample (Wilson). */
export type Share = Readonly<{ hits: number; of: number; low: number; high: number }>

export function share(hits: number, of: number): Share {
  if (of === 0) return { hits, of, low: 0, high: 1 }
  const z = 1.96
  const p = hits / of
  const middle = p + z ** 2 / (2 * of)
  const spread = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))
  const scale = 1 + z ** 2 / of
  return { hits, of, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

export type Measured = Readonly<{
  plain: ReadonlyMap<string, Share>
  disguised: ReadonlyMap<string, Share>
  origins: ReadonlyMap<string, Share>
  /** Ordinary notes that were refused, which should not have been. */
  refused: Share
  /** What was missed, and the ordinary notes that were refused, to be read. */
  misses: readonly string[]
}>

/** A mark counts as found when a finding of any kind touches it: the note is refused then, and the words are shown. */
export function measure(notes: readonly Note[], check: (text: string) => Checked): Measured {
  const misses: string[] = []
  const tallies = {
    plain: new Map<string, boolean[]>(),
    disguised: new Map<string, boolean[]>(),
    origins: new Map<string, boolean[]>(),
  }
  const note = (tally: Map<string, boolean[]>, key: string, hit: boolean) => tally.set(key, [...(tally.get(key) ?? []), hit])
  let ordinary = 0
  let refused = 0
  for (const { text, marks } of notes) {
    const { findings } = check(text)
    if (marks.length === 0) {
      ordinary++
      if (findings.length > 0) {
        refused++
        misses.push(
          `refused: ${text}  <- ${findings.map(({ start, end, kind }) => `${kind} "${text.slice(start, end)}"`).join(', ')}`,
        )
      }
    }
    for (const { start, end, kind, origin, isDisguised } of marks) {
      const hit = findings.some((finding) => finding.start < end && start < finding.end)
      note(isDisguised ? tallies.disguised : tallies.plain, kind, hit)
      if (origin !== undefined) note(tallies.origins, origin, hit)
      if (!hit) misses.push(`missed ${kind}: ${text}  <- "${text.slice(start, end)}"`)
    }
  }
  const shares = (tally: Map<string, boolean[]>) =>
    new Map([...tally].map(([key, hits]) => [key, share(hits.filter(Boolean).length, hits.length)]))
  return {
    plain: shares(tallies.plain),
    disguised: shares(tallies.disguised),
    origins: shares(tallies.origins),
    refused: share(refused, ordinary),
    misses,
  }
}
