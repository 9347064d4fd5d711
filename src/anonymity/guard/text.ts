// What every detector gets: the plain text, its words and numbers, and how to say where something was found.
import type { Kind } from './kinds.js'
import { type Numeral, numeralsOf, type Row, rowsOf } from './numerals.js'
import { type Token, tokensOf } from './tokens.js'

/** `start` and `end` count in the plain text. */
export type Found = Readonly<{ start: number; end: number; kind: Kind }>

/** `lower` is the plain text in small letters, unit for unit the same length. `codes`: where letters or digits begin that a digit is among or soon after. */
export type Reading = Readonly<{
  text: string
  lower: string
  tokens: readonly Token[]
  numerals: readonly Numeral[]
  rows: readonly Row[]
  codes: readonly number[]
}>

export function reading(text: string): Reading {
  const tokens = tokensOf(text)
  const numerals = numeralsOf(tokens)
  const lower = lowered(text)
  return { text, lower, tokens, numerals, rows: rowsOf(text, tokens, numerals), codes: codesIn(lower) }
}

/** Units from where a code begins to its first digit, at most. */
const FIRST_DIGIT = 25

function codesIn(lower: string): number[] {
  const starts: number[] = []
  let digit = Number.POSITIVE_INFINITY
  let isNext = false
  for (let at = lower.length - 1; at >= -1; at--) {
    const code = at < 0 ? 0 : lower.charCodeAt(at)
    const isDigit = code >= 48 && code <= 57
    const isSign = isDigit || (code >= 97 && code <= 122)
    if (isNext && !isSign && digit - at - 1 <= FIRST_DIGIT) starts.push(at + 1)
    if (isDigit) digit = at
    isNext = isSign
  }
  return starts.reverse()
}

/** Some capitals become two units when small; those stay as they are. */
function lowered(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Places of the text, to be asked "does this overlap one of you?". */
export class Spans {
  #spans: { start: number; end: number }[] = []
  #isMerged = true

  add(start: number, end: number) {
    this.#spans.push({ start, end })
    this.#isMerged = false
  }

  covers(start: number, end: number): boolean {
    if (!this.#isMerged) this.#merge()
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#spans[middle]!.start < end) low = middle + 1
      else high = middle
    }
    return low > 0 && this.#spans[low - 1]!.end > start
  }

  #merge() {
    const merged: { start: number; end: number }[] = []
    for (const span of this.#spans.sort((a, b) => a.start - b.start)) {
      const last = merged.at(-1)
      if (last && last.end >= span.start) last.end = Math.max(last.end, span.end)
      else merged.push({ ...span })
    }
    this.#spans = merged
    this.#isMerged = true
  }
}

export type Match = Readonly<{ start: number; end: number; match: RegExpExecArray }>

/** Where a pattern is found; the pattern must be global. */
export function* places(pattern: RegExp, text: string): Generator<Match> {
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    yield { start: match.index, end: match.index + match[0].length, match }
    if (match[0].length === 0) pattern.lastIndex++
  }
}

/** The same, looked for only so near to some spots, which come in their order; the pattern must be found nowhere else. */
export function* placesNear(
  pattern: RegExp,
  text: string,
  spots: Iterable<Readonly<{ start: number; end: number }>>,
  reach: number,
): Generator<Match> {
  let from = 0
  let to = -1
  function* within() {
    if (to >= 0)
      for (const { start, end, match } of places(pattern, text.slice(from, to)))
        yield { start: from + start, end: from + end, match }
  }
  for (const { start, end } of spots) {
    if (start - reach > to) {
      yield* within()
      from = Math.max(0, start - reach)
      while (from > 0 && text[from - 1] !== ' ' && text[from - 1] !== '\n') from--
    }
    to = end + reach
  }
  yield* within()
}

/** The same of a pattern that begins where `codes` do, and nowhere else; the pattern must be sticky. */
export function* codePlaces(pattern: RegExp, text: string, codes: readonly number[]): Generator<Match> {
  let until = 0
  for (const start of codes) {
    if (start < until) continue
    pattern.lastIndex = start
    const match = pattern.exec(text)
    if (!match) continue
    until = pattern.lastIndex
    yield { start, end: until, match }
  }
}

/** A code that somebody names before writing it, together or in pieces: "kenmerk: AB 12-345". */
export type Code = Readonly<{ start: number; end: number; letters: number; digits: number; joined: string }>

const BEFORE_A_CODE = new Set('nummer nr no num is van het de zijn haar luidt met als dus hier id code op'.split(' '))

/** What is written as a code at or after `index`, past at most four little words. Letters of more than five are no code. */
export function codeFrom({ text, tokens }: Reading, index: number, longest = 24): Code | undefined {
  let at = index
  while (at < index + 4 && tokens[at] && BEFORE_A_CODE.has(tokens[at]!.fold)) at++
  const begin = tokens[at]
  if (!begin || begin.start - (tokens[index - 1]?.end ?? begin.start) > 40) return undefined
  let joined = ''
  let end = begin.start
  for (; tokens[at]; at++) {
    const token = tokens[at]!
    const gap = text.slice(end, token.start)
    if (joined !== '' && !/^[\s.\-/_:*]{0,3}$/.test(gap)) break
    if (!token.isNumber) {
      const isGlued = gap === '' && joined !== ''
      const isLone = token.end - token.start === 1
      if (token.end - token.start > 5 || (!isGlued && !isLone && token.cap === 'lower' && gap.includes(' ') && joined !== ''))
        break
      if (!isGlued && !isLone && token.cap === 'lower' && !/\d/.test(text.slice(token.end, token.end + 3))) break
    }
    if (joined.length + token.fold.length > longest) break
    joined += token.fold
    end = token.end
  }
  const digits = joined.replace(/\D/g, '').length
  return digits === 0 ? undefined : { start: begin.start, end, letters: joined.length - digits, digits, joined }
}
