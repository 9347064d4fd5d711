// The guard of free text (design 6): what in it points at a person, and what makes it sensitive. Pure: no network, no clock, nothing kept.
import { findCodes } from './codes.js'
import { readDates } from './dates.js'
import { undisguised } from './disguise.js'
import { findHalves } from './halves.js'
import { findHomes } from './homes.js'
import { findIbans } from './ibans.js'
import { type Finding, KINDS, type Kind } from './kinds.js'
import { findLinks } from './links.js'
import { findNamedCodes } from './named-codes.js'
import { findNames } from './names.js'
import { normalise, type Plain } from './normalise.js'
import { findNumbers } from './numbers.js'
import { sitesWithSomebody } from './paths.js'
import { findPlates } from './plates.js'
import { findPostcodes } from './postcodes.js'
import { findScattered } from './scattered.js'
import { findSensitive, type Topic } from './sensitive.js'
import { findTelling } from './telling.js'
import { type Found, type Reading, reading, Spans } from './text.js'
import { codesOfThings } from './things.js'
import { findWhereabouts } from './whereabouts.js'
import { remembering, type Words, words } from './words.js'

/** Refuses nothing: it raises the category of the text. */
export type Sensitive = Readonly<{ start: number; end: number; topic: Topic }>
export type Checked = Readonly<{ findings: readonly Finding[]; sensitive: readonly Sensitive[] }>

/**
 * What has to go from `text` before it may be stored.
 *
 *     checkText('mw Yilmaz belt morgen').findings // [{ start: 3, end: 9, kind: 'name' }]
 */
export function checkText(text: string): Checked {
  const known = remembering(words())
  const plain = normalise(text)
  const read = reading(plain.text)
  const second = undisguised(plain, read, known)
  const found = [
    ...findIn(read, known).map((one) => placed(plain, one)),
    ...(second ? findIn(reading(second.text), known).map((one) => placed(second, one)) : []),
  ]
  return {
    findings: clipped(apart(found)),
    sensitive: findSensitive(read.lower).map((one) => placed(plain, one)),
  }
}

function findIn(read: Reading, known: Words): Found[] {
  const { births, harmless } = readDates(read)
  const things = codesOfThings(read)
  const links = findLinks(read, known)
  const telling = sitesWithSomebody(links.passed, (path) => checkText(path).findings, known)
  const structured = [
    ...[...telling].map(({ start, end }) => ({ start, end, kind: 'link' as const })),
    ...births,
    ...findNumbers(read, harmless),
    ...findIbans(read),
    ...findNamedCodes(read, harmless),
    ...findCodes(read, harmless, known),
    ...links.found,
    ...findWhereabouts(read, known),
    ...findHomes(read),
    ...findHalves(read, harmless, known),
    ...findScattered(read, harmless),
    ...findPlates(read, known),
    ...findPostcodes(read, known),
  ].filter((one) => !(CODES.has(one.kind) && things.covers(one.start, one.end)))
  const taken = new Spans()
  for (const { start, end } of [...structured, ...links.passed]) taken.add(start, end)
  return [...structured, ...findNames(read, taken, known), ...findTelling(read, taken, known)]
}

/** What a thing has, too. */
const CODES: ReadonlySet<Kind> = new Set(['case-number', 'document', 'plate'])

/** From the plain text to the original. */
const placed = <Place extends Pick<Found, 'start' | 'end'>>({ starts, ends }: Plain, one: Place): Place => ({
  ...one,
  start: starts[one.start]!,
  end: ends[one.end - 1]!,
})

/** One character can be read as several ("㎧"), and two findings then share it: the first has it. In order of place. */
function clipped(findings: readonly Finding[]): Finding[] {
  const clear: Finding[] = []
  for (const one of findings) {
    const start = Math.max(one.start, clear.at(-1)?.end ?? 0)
    if (start < one.end) clear.push({ ...one, start })
  }
  return clear
}

/** Of findings that overlap the more important stays (the order of KINDS), of equal ones the first and longest. */
function apart(found: readonly Found[]): Found[] {
  const kept = new Spans()
  const stays: Found[] = []
  for (const kind of KINDS) {
    let until = -1
    const free = found.filter((one) => one.kind === kind && one.end > one.start && !kept.covers(one.start, one.end))
    for (const one of free.sort((a, b) => a.start - b.start || b.end - a.end)) {
      if (one.start < until) continue
      until = one.end
      stays.push(one)
      kept.add(one.start, one.end)
    }
  }
  return stays.sort((a, b) => a.start - b.start)
}
