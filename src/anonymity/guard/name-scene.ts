// A note as the search for names sees it: every word with what it can be, how it is written, and what stands around it.
import * as cue from './cues.js'
import { foreignProse } from './foreign.js'
import { namesOfOthers } from './namesakes.js'
import type { Reading, Spans } from './text.js'
import { perWord, type Token } from './tokens.js'
import { GIVEN_WORD, NAME, ORGANISATION, PLACE, SURNAME_WORD, SYLLABLE, WORD, type Words } from './words.js'

/** `sorts`: bits of words.ts, per token. `passes`: tokens of the names of places, organisations and streets. `taken`: what is found already. */
export type Scene = Readonly<{
  text: string
  tokens: readonly Token[]
  sorts: readonly number[]
  words: Words
  passes: ReadonlySet<number>
  taken: Spans
  /** Somebody who writes every word with a capital, or everything in capitals, tells nothing by it. */
  titles: boolean
  shouts: boolean
  /** Marks of foreign.ts, per token. */
  prose: Uint8Array
}>

export function sceneOf({ text, tokens }: Reading, taken: Spans, words: Words): Scene {
  const sortOf = perWord((fold) => sortWith(words, fold))
  const sorts = tokens.map((token) => (token.isNumber ? 0 : sortOf(token)))
  let known = 0
  let titled = 0
  let loud = 0
  let all = 0
  tokens.forEach(({ cap, first, isNumber, start, end }, index) => {
    if (isNumber || end - start < 2) return
    all++
    if (cap === 'UPPER' && end - start > 2) loud++
    // Names that are words do not tell how somebody writes.
    if (first || !(sorts[index]! & WORD) || sorts[index]! & (NAME | GIVEN_WORD | SURNAME_WORD)) return
    known++
    if (cap === 'Title') titled++
  })
  const style = { titles: known > 1 && titled > known * 0.6, shouts: all > 2 && loud > all * 0.5 }
  return {
    text,
    tokens,
    sorts,
    words,
    taken,
    prose: foreignProse(
      tokens,
      words.languages,
      (index) => sorts[index] === 0 && tokens[index]!.fold.length > 2 && !words.isCompound(tokens[index]!.fold),
    ),
    passes: namesOfOthers(text, tokens, sorts, words),
    ...style,
  }
}

/** "Fatimas", "Jeroens": a name with what makes it a genitive. */
function sortWith({ sortOf }: Words, fold: string): number {
  const sort = sortOf(fold)
  return sort === 0 && fold.endsWith('s') && fold.length > 4 ? sortOf(fold.slice(0, -1)) & NAME : sort
}

/** What the words before one tell about it. `at`: the token that told it. */
export type Before = Readonly<{
  title: boolean
  naming: boolean
  relation: boolean
  greeting: boolean
  hint: boolean
  particle: boolean
  at: number
}>

/** Back over initials and little words to what announces a person. */
export function whatComesBefore({ text, tokens }: Scene, index: number): Before {
  let at = index - 1
  let particle = false
  for (let steps = 0; at >= 0 && steps < 5; steps++, at--) {
    const { fold, start, end, isNumber } = tokens[at]!
    const gap = text.slice(end, tokens[at + 1]!.start)
    if (isNumber || gap.length > 3 || (gap !== ' ' && /[,;!?\n()]/.test(gap))) {
      // "Groetjes, Fatima" goes past a sign; the rest does not.
      const isNear = !isNumber && /^[,:\s]{1,4}$/.test(gap)
      return {
        title: false,
        naming: isNear && cue.NAMING.has(fold) && fold !== 'genoemd',
        relation: false,
        greeting: isNear && cue.GREETINGS.has(fold),
        hint: false,
        particle,
        at,
      }
    }
    const isInitial = end - start === 1 && gap.startsWith('.')
    // "mevrouw Op de Beek" is called so; "mevrouw op de hoogte" is not.
    const isTitled = tokens[at]!.cap === 'Title' && /^(?:op|in|uit|aan)$/.test(fold) && cue.TITLES.has(tokens[at - 1]?.fold ?? '')
    if (!isInitial && !isTitled && !(cue.PARTICLES.has(fold) && !gap.includes('.'))) break
    if (isInitial) continue
    particle = true
    // "van" can be the last word that announces, as in "de fiets van Roos"; after "mevrouw" it belongs to the name.
    const previous = tokens[at - 1]
    const goesOn = previous && (ANNOUNCES.some((words) => words.has(previous.fold)) || previous.end - previous.start === 1)
    if (goesOn) continue
    if (cue.PREPOSITIONS.has(fold)) return nothing(particle, at - 1, true)
    at--
    break
  }
  const token = tokens[at]
  if (!token) return nothing(particle, at)
  const gap = text.slice(token.end, tokens[at + 1]!.start)
  const { fold } = token
  const previous = tokens[at - 1]?.fold ?? ''
  if (gap !== ' ' && (/[!?\n]/.test(gap) || (gap.includes('.') && !cue.TITLES.has(fold) && fold !== 'gr')))
    return nothing(particle, at)
  return {
    title: cue.TITLES.has(fold),
    naming:
      (cue.NAMING.has(fold) && !(fold === 'naam' && particle && /^(?:de|het)$/.test(tokens[index - 1]?.fold ?? ''))) ||
      (fold === 'is' && cue.NAMING.has(previous)) ||
      (fold === 'ben' && previous === 'ik'),
    relation:
      cue.RELATIONS.has(fold) ||
      (fold === 'is' && cue.RELATIONS.has(previous)) ||
      (fold === 'naar' && /^(?:vraag|vragen|vraagt|gevraagd|vroeg)$/.test(previous)),
    greeting: cue.GREETINGS.has(fold) && token.first,
    hint: cue.PREPOSITIONS.has(fold) || cue.SUBJECTS.has(fold),
    particle,
    at,
  }
}

const nothing = (particle: boolean, at: number, hint = false): Before => ({
  title: false,
  naming: false,
  relation: false,
  greeting: false,
  hint,
  particle,
  at,
})

const ANNOUNCES = [cue.TITLES, cue.NAMING, cue.RELATIONS, cue.PARTICLES]

/** Nearly all words are parted so. */
const isOneSpace = (text: string, at: number) => text.charCodeAt(at) === 32 || text.charCodeAt(at) === 10

/** The word after this one, when nothing but a space is between. */
export function follows({ text, tokens }: Scene, index: number): Token | undefined {
  const next = tokens[index + 1]
  if (!next || next.isNumber) return undefined
  const { end } = tokens[index]!
  const isSpace = next.start === end + 1 ? isOneSpace(text, end) : /^\s+$/.test(text.slice(end, next.start))
  return isSpace ? next : undefined
}

/** Unknown words and short names stand where only somebody can: "vroeg of Osei", "wacht lin nog", "zoon kaan", "hai yen zus belt". */
export function isInPersonsPlace({ text, tokens, sorts }: Scene, index: number): boolean {
  const token = tokens[index]!
  const previous = tokens[index - 1]
  const isNear = previous !== undefined && previous.start >= 0 && /^\s$/.test(text.slice(previous.end, token.start))
  const next = follows({ text, tokens } as Scene, index)
  const before = isNear ? previous.fold : ''
  const beyond = tokens[index - 2]?.fold ?? ''
  if (isNear && cue.KINDRED.has(before) && !cue.DETERMINERS.has(beyond) && (previous.cap !== 'Title' || previous.first))
    return true
  if (next && cue.MET.has(next.fold) && !cue.DETERMINERS.has(before)) return true
  if (isNear && previous.first && cue.OPENING.has(before) && next !== undefined && cue.AFTER_SUBJECT.has(next.fold)) return true
  if (isNear && cue.SPEAKS.has(before) && token.cap === 'Title') return true
  if (next && cue.KINDRED.has(next.fold) && (token.first || cue.CONJUNCTIONS.has(before)) && !cue.DETERMINERS.has(before))
    return true
  if (next?.fold === 'en' && token.first && cue.KINDRED.has(tokens[index + 2]?.fold ?? '') && sorts[index] === 0) return true
  return (
    isNear &&
    cue.CONJUNCTIONS.has(before) &&
    next !== undefined &&
    cue.PERSONAL_AFTER.has(next.fold) &&
    !cue.DETERMINERS.has(beyond)
  )
}

export const doesSomething = (next: Token | undefined) => next !== undefined && cue.DOES.has(next.fold)

/** A short name of East Asia needs another beside it that is no frequent Dutch word, or a name. */
export function hasCompany({ text, tokens, sorts }: Scene, index: number): boolean {
  const { fold, cap } = tokens[index]!
  const isPure = !cue.SYLLABLES_THAT_ARE_WORDS.has(fold)
  return [index - 1, index + 1].some((at) => {
    const near = tokens[at]
    if (
      !near ||
      near.isNumber ||
      !/^(?:\s|-)$/.test(text.slice(tokens[Math.min(at, index)]!.end, tokens[Math.max(at, index)]!.start))
    )
      return false
    if (sorts[at]! & NAME) return cap === near.cap
    if (sorts[at] === 0 && near.fold.length < 5) return cap === 'Title' && near.cap === 'Title'
    if (!(sorts[at]! & SYLLABLE)) return false
    if (cap === 'lower' && near.cap === 'lower' && !(sorts[index]! & sorts[at]! & WORD) && fold.length + near.fold.length > 4)
      return true
    return isPure || !cue.SYLLABLES_THAT_ARE_WORDS.has(near.fold) || (cap === 'Title' && near.cap === 'Title')
  })
}

/** Right after a given name, or beside one with "en" or a comma between. */
export function isBesideName({ text, tokens, sorts, passes }: Scene, index: number): boolean {
  const { cap } = tokens[index]!
  for (let at = index - 1; at >= 0 && index - at < 4; at--) {
    // "Anne Frank Huis" is no family.
    if (passes.has(at) || /[^\s'-]/.test(text.slice(tokens[at]!.end, tokens[at + 1]!.start))) break
    if (sorts[at]! & NAME) return cap === 'Title' || at < index - 1
    const areTitled = tokens[at]!.cap === 'Title' && cap === 'Title'
    if (
      sorts[at]! & GIVEN_WORD &&
      !(sorts[index]! & PLACE) &&
      (areTitled || (tokens[at]!.first && doesSomething(tokens[index + 1])))
    )
      return true
    if (!cue.PARTICLES.has(tokens[at]!.fold)) break
  }
  const next = tokens[index + 1]
  if (cap !== 'Title' || !next) return false
  const gap = text.slice(tokens[index]!.end, next.start)
  if (gap === ' ' && next.cap === 'Title' && sorts[index + 1]! & NAME) return true
  const other = gap === ', ' ? index + 1 : gap === ' ' && next.fold === 'en' ? index + 2 : -1
  return tokens[other]?.cap === 'Title' && (sorts[other]! & NAME) !== 0
}

const isOldArticle = (fold: string) => fold === 'der' || fold === 'vd' || fold === 'den'
/** "van der Meer", "vd Berg": the old articles stand in names and hardly elsewhere. */
export const isAfterOldArticle = ({ tokens }: Scene, index: number) =>
  index > 1 &&
  isOldArticle(tokens[index - 1]!.fold) &&
  /^(?:van|v|vd|op|in|uit|aan)$/.test(tokens[index - 2]?.fold ?? '') &&
  !/^(?:duur|beginne|boze|vreemde|lande|treure|haag|bosch)$/.test(tokens[index]!.fold)

/** An unknown word after "in", "spreekt" or "cursus" is a place, a language or a course. */
export function isElsewhere({ text, tokens }: Scene, index: number): boolean {
  const { cap } = tokens[index]!
  const before = tokens[index - 1]?.fold ?? ''
  if (cue.BEFORE_PLACES.has(before)) return cap !== 'lower' || before !== 'te'
  const isApart = index > 0 && text.slice(tokens[index - 1]!.end, tokens[index]!.start).includes(',')
  if (!isApart && (cue.BEFORE_COURSES.has(before) || cue.BEFORE_LANGUAGES.has(before))) return true
  if (cap === 'lower') return false
  // "spreekt Tigrinya, Bilen en wat Arabisch"; "gesproken met" is another thing.
  for (let at = index - 1; at >= Math.max(0, index - 7); at--) {
    if (tokens[at]!.fold === 'met' || tokens[at]!.fold === 'over') return false
    if (cue.BEFORE_LANGUAGES.has(tokens[at]!.fold) && !(isApart && tokens[at]!.fold === 'tolk')) return true
  }
  return false
}

/** "mw uit Utrecht", "meneer van UWV": that is where somebody comes from. */
export const isFromThere = ({ tokens }: Scene, index: number) =>
  /^(?:uit|in|te|vanuit|gemeente|regio|bij)$/.test(tokens[index - 1]?.fold ?? '')
export const isTrade = ({ tokens }: Scene, index: number) => cue.BEFORE_TRADES.has(tokens[index - 1]?.fold ?? '')

/** "Fit4Work", "mbo4plus": a code. */
export const isGluedToNumber = ({ tokens }: Scene, index: number) =>
  (tokens[index - 1]?.isNumber && tokens[index - 1]!.end === tokens[index]!.start) ||
  (tokens[index + 1]?.isNumber && tokens[index + 1]!.start === tokens[index]!.end)

/** Too short to judge, or without a vowel: an abbreviation. */
export const isShort = ({ fold }: Token) =>
  fold.length < 3 || (fold.length < 6 && !/[aeiouy]/.test(fold)) || (fold.length === 3 && !/^[^aeiouy]?[aeiouy]/.test(fold))

/** A word that somebody knows as something else than a name. */
export const isKnownThing = (sort: number) => (sort & (PLACE | ORGANISATION)) !== 0
