// The guard of free text (design 6): what in it points at a person, and what makes it sensitive. Pure: no network, no clock, nothing kept.
import { readDates } from './dates.js'
import { type Finding, KINDS } from './kinds.js'
import { findLinks } from './links.js'
import { findNames } from './names.js'
import { normalise, type Plain } from './normalise.js'
import { findNumbers } from './numbers.js'
import { findSensitive, type Topic } from './sensitive.js'
import { findTelling } from './telling.js'
import { type Found, reading, Spans } from './text.js'
import { findWhereabouts } from './whereabouts.js'
import { words } from './words.js'

/** `sensitive` refuses nothing: it raises the category of the text. */
export type Sensitive = Readonly<{ start: number; end: number; topic: Topic }>
export type Checked = Readonly<{ findings: readonly Finding[]; sensitive: readonly Sensitive[] }>

/**
 * What in `text` has to go before it may be stored.
 *
 *     checkText('mw Yilmaz belt morgen').findings // [{ start: 3, end: 9, kind: 'name' }]
 */
export function checkText(text: string): Checked {
  const plain = normalise(text)
  const known = words()
  const read = reading(plain.text)
  const { births, harmless } = readDates(read)
  const structured = [...births, ...findNumbers(read, harmless), ...findLinks(read, known), ...findWhereabouts(read, known)]
  const taken = new Spans()
  for (const { start, end } of structured) taken.add(start, end)
  const telling = findTelling(read, taken, known)
  const found = [...structured, ...findNames(read, taken, known), ...telling]
  return {
    findings: apart(found).map((one) => ({ ...placed(plain, one), kind: one.kind })),
    sensitive: findSensitive(read.lower).map(({ topic, ...place }) => ({ ...placed(plain, place), topic })),
  }
}

/**
 * The fields of one mutation together, in their order: also what is split over two of them. A finding of a split one says in each field where
 * its part stands.
 */
export function checkFields(fields: Readonly<Record<string, string>>): Readonly<Record<string, Checked>> {
  const alone = Object.entries(fields).map(([name, text]) => ({ name, text, ...checkText(text) }))
  const findings = alone.map(({ findings }) => [...findings])
  for (let first = 0; first < alone.length; first++)
    for (let second = 0; second < alone.length; second++) {
      if (first === second) continue
      for (const [a, b] of acrossTwo(alone[first]!.text, alone[second]!.text)) {
        if (!overlaps(findings[first]!, a)) findings[first]!.push(a)
        if (!overlaps(findings[second]!, b)) findings[second]!.push(b)
      }
    }
  return Object.fromEntries(
    alone.map(({ name, sensitive }, nth) => [name, { findings: findings[nth]!.sort((a, b) => a.start - b.start), sensitive }]),
  )
}

const overlaps = (findings: readonly Finding[], { start, end }: Finding) => findings.some((other) => other.start < end && start < other.end)

/** How much of the end of one field and of the start of the next is read as one text. */
const EDGE = 120

/** What shows only when one text is read after the other: as if nothing, or a space, stood between. */
function* acrossTwo(first: string, second: string): Generator<[Finding, Finding]> {
  const tail = first.slice(-EDGE)
  const head = second.slice(0, EDGE)
  const shift = first.length - tail.length
  if (tail === '' || head === '') return
  for (const joint of ['', ' ']) {
    const border = tail.length
    for (const { start, end, kind } of checkText(tail + joint + head).findings) {
      if (start >= border || end <= border + joint.length) continue
      // A name on the border of two sentences is no name: "... met" and "Wil ...".
      if (kind === 'description' || (kind === 'name' && joint === '')) continue
      yield [
        { start: start + shift, end: first.length, kind },
        { start: 0, end: end - border - joint.length, kind },
      ]
    }
  }
}

/** From the plain text to the original. */
function placed({ starts, ends }: Plain, { start, end }: Pick<Found, 'start' | 'end'>): { start: number; end: number } {
  return { start: starts[start]!, end: ends[end - 1]! }
}

/** Of findings that overlap the more important stays (the order of KINDS), of equal ones the longer. */
function apart(found: readonly Found[]): Found[] {
  const kept = new Spans()
  const stays: Found[] = []
  for (const kind of KINDS) {
    const free = found.filter((one) => one.kind === kind && one.end > one.start && !kept.covers(one.start, one.end))
    let last: Found | undefined
    for (const one of free.sort((a, b) => a.start - b.start || b.end - a.end)) {
      if (last && one.start < last.end) continue
      stays.push(one)
      last = one
    }
    for (const { start, end } of stays.filter((one) => one.kind === kind)) kept.add(start, end)
  }
  return stays.sort((a, b) => a.start - b.start)
}
