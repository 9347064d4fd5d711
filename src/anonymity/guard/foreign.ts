// Prose in another language: its words are unknown here, and are no names for that.
import type { Token } from './tokens.js'

/**
 * `words`: what is written often in some other language, and is neither Dutch nor a name; `all`: those with the rest. `german` gives every noun a
 * capital; `dialect` is so near to Dutch that names stand in it as they do in Dutch. `names`: in other scripts.
 */
export type Languages = Readonly<Record<'words' | 'all' | 'german' | 'dialect' | 'names', ReadonlySet<string>>>

export const NATIVE = 0
export const FOREIGN = 1
/** A capital tells nothing. */
export const GERMAN = 2
export const DIALECT = 3

/** A longer sentence is judged in parts. */
const LONGEST = 40

/** Of each token, whether it stands in a sentence of which two words and a quarter at least are of another language, or one and half is strange. */
export function foreignProse(
  tokens: readonly Token[],
  { words, german, dialect }: Languages,
  isUnknown: (index: number) => boolean,
): Uint8Array {
  const marks = new Uint8Array(tokens.length)
  let from = 0
  let all = 0
  let hits = 0
  let ofGerman = 0
  let ofDialect = 0
  let strange = 0
  for (let index = 0; index <= tokens.length; index++) {
    const token = tokens[index]
    if (index > from && (token === undefined || token.first || index - from === LONGEST)) {
      // Few known ones will do where most of the others are known in no language.
      if ((hits > 1 && hits * 4 >= all) || (hits > 0 && all > 4 && (hits + strange) * 2 >= all))
        marks.fill(ofDialect * 2 > hits ? DIALECT : ofGerman * 2 > hits ? GERMAN : FOREIGN, from, index)
      from = index
      all = 0
      hits = 0
      ofGerman = 0
      ofDialect = 0
      strange = 0
    }
    if (token === undefined || token.isNumber) continue
    all++
    if (!words.has(token.fold)) {
      if (token.cap === 'lower' && isUnknown(index)) strange++
      continue
    }
    hits++
    if (german.has(token.fold)) ofGerman++
    if (dialect.has(token.fold)) ofDialect++
  }
  return marks
}

/** Other scripts than the Latin one may have capitals, too. */
export const hasCapital = (text: string, { start }: Token) => {
  const first = text[start]!
  return first !== first.toLowerCase()
}
