// A plain text as words and numbers, in one pass: what all detectors look at.

/** `fold` is the word in small letters, and `word` its number in the text. `cap`: how it is written. `first`: a sentence or a line starts here. */
export type Token = {
  readonly start: number
  readonly end: number
  readonly fold: string
  readonly word: number
  readonly isNumber: boolean
  readonly cap: 'lower' | 'Title' | 'UPPER' | 'miXed'
  readonly first: boolean
  /** Holds a letter that is of no Latin script. */
  readonly isForeign: boolean
}

const NUMBER = 1
const SMALL = 2
const CAPITAL = 3
const OTHER = 4

function sortOf(code: number): number {
  if (code >= 48 && code <= 57) return NUMBER
  if (code >= 97 && code <= 122) return SMALL
  if (code >= 65 && code <= 90) return CAPITAL
  return code >= 0x80 && isLetter(code) ? OTHER : 0
}

/** Of what normalise leaves: scripts that have no Latin look. Surrogates: rare scripts, and emoji, which are none. */
function isLetter(code: number): boolean {
  if (code >= 0xd800 && code <= 0xdfff) return false
  return /\p{L}/u.test(String.fromCharCode(code))
}

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  // One string for one word: all later look-ups of it compare no letters.
  const folds: string[] = []
  const words = new Map<string, number>()
  const wordOf = (fold: string) => {
    const known = words.get(fold)
    if (known !== undefined) return known
    words.set(fold, folds.length)
    return folds.push(fold) - 1
  }
  let first = true
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const sort = sortOf(code)
    if (sort === 0) {
      // A dot ends a sentence when a space comes after it; what stands between brackets or quotes does not start one.
      if (code === 10 || ((code === 46 || code === 33 || code === 63 || code === 58) && isGap(text.charCodeAt(at + 1))))
        first = true
      at++
      continue
    }
    const start = at
    let capitals = 0
    let others = 0
    if (sort === NUMBER) while (at < text.length && sortOf(text.charCodeAt(at)) === NUMBER) at++
    else
      for (let next = sort; next > NUMBER; next = at < text.length ? sortOf(text.charCodeAt(at)) : 0) {
        if (next === CAPITAL) capitals++
        if (next === OTHER) others++
        at++
      }
    const written = text.slice(start, at)
    const length = at - start
    const word = wordOf(sort === NUMBER || (capitals === 0 && others === 0) ? written : written.toLowerCase())
    tokens.push({
      start,
      end: at,
      fold: folds[word]!,
      word,
      isNumber: sort === NUMBER,
      cap:
        capitals === 0
          ? 'lower'
          : capitals === length && length > 1
            ? 'UPPER'
            : capitals === 1 && sort === CAPITAL
              ? 'Title'
              : 'miXed',
      first,
      isForeign: others > 0,
    })
    first = false
  }
  return tokens
}

/** Asks once for each word, however often it comes back; of tokens of one text. */
export function perWord<Answer extends number | boolean | object>(ask: (fold: string) => Answer): (token: Token) => Answer {
  const met: Answer[] = []
  return ({ word, fold }) => {
    const known = met[word]
    if (known !== undefined) return known
    const answer = ask(fold)
    met[word] = answer
    return answer
  }
}

const isGap = (code: number) => Number.isNaN(code) || code === 32 || code === 10 || code === 41 || code === 34
