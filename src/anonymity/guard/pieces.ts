// A code as somebody reads it who means to see through its disguise: its letters and digits one after the other, whatever stands between them.
import { type Numeral, spokenNumber } from './numerals.js'
import type { Reading } from './text.js'
import { perWord, type Token } from './tokens.js'
import { ORGANISATION, PLACE, WORD, type Words } from './words.js'

/** `isTied`: more than a space binds it to the piece before, or it is a single sign beside a single sign. */
export type Piece = Readonly<{
  text: string
  token: number
  /** Its last token. */
  until: number
  start: number
  end: number
  isTied: boolean
  isSpoken: boolean
  isLoud: boolean
  /** "en", "een": a letter or a digit, or a little word between the others. */
  isDoubtful: boolean
}>
/** Two pieces and one digit, at least. */
export type Chain = readonly Piece[]

/** A name of the telephone alphabets, Dutch and NATO, stands for its first letter. */
const ALPHABETS = new Set(
  'anna anton bernard cornelis dirk eduard ferdinand gerard hendrik isaak izaak jan johan karel lodewijk leo maria marie nico otto pieter quotient quirinus quinten rudolf simon theodoor teunis tinus utrecht victor willem xantippe xander ypsilon ijmuiden zaandam zacharias alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform whiskey whisky xray yankee zulu noordpool'.split(
    ' ',
  ),
)
/** How letters are said, in Dutch and in English. */
const LETTERS = new Map(
  'aa:a bee:b cee:c dee:d ef:f eff:f gee:g haa:h jee:j jay:j kaa:k ka:k kay:k ell:l el:l emm:m em:m enn:n oo:o pee:p kuu:q cue:q err:r ess:s es:s tee:t uu:u vee:v wee:w iks:x ieks:x ix:x ex:x ij:y zet:z zed:z zee:z'
    .split(' ')
    .map((entry) => entry.split(':') as [string, string]),
)
/** So are these, but they are words more often: they need a letter that is said, or stands alone, beside them. */
const LETTERS_THAT_ARE_WORDS = new Map(
  'a:a be:b see:c ce:c de:d ee:e ge:g ha:h ie:i je:j men:m en:n er:r te:t ve:v we:w'
    .split(' ')
    .map((entry) => entry.split(':') as [string, string]),
)
/** The letter or the digit that is called so. */
export const saidSign = (name: string): string | undefined => {
  const digit = spokenNumber(name)
  return digit?.length === 1 ? digit : (LETTERS.get(name) ?? LETTERS_THAT_ARE_WORDS.get(name))
}
/** Said or written between the pieces. */
const SILENT = new Set(
  'dubbelepunt dubbelpunt onderstreep streep streepje koppelteken punt slash schuine laag liggend underscore spatie dash dot hyphen dubbel dubbele double keer maal min sterretje ster dan daarna vervolgens voorop vooraan ervoor erachter achteraan eindigt eind einde slot rest letters letter cijfers deel tweede'.split(
    ' ',
  ),
)
/** "eindigt op", "letters van postcode" */
const AFTER_SILENT = /^(?:op|met|van|is|zijn|de|het|postcode|een|deel)$/
const DOUBLES = new Set(['dubbel', 'dubbele', 'double'])
const SPELLING = new Set(['van', 'als', 'of', 'for'])
/** No more pieces belong to one code, nor signs to one piece of letters. */
const MOST_PIECES = 40
const LONGEST_PIECE = 6

const isSeparator = (code: number) =>
  code === 32 ||
  (code >= 33 && code <= 47 && code !== 39 && code !== 34) ||
  (code >= 58 && code <= 64 && code !== 63) ||
  (code >= 91 && code <= 96) ||
  (code >= 123 && code <= 126)

/** 0: nothing stands between, 1: a space, 2: separators, -1: what parts. */
function gapOf(text: string, from: number, to: number): number {
  if (to - from > 4) return -1
  let kind = 0
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (!isSeparator(code)) return -1
    kind = Math.max(kind, code === 32 || code === 44 ? 1 : 2)
  }
  return kind
}

export function chainsOf(reading: Reading, { sortOf }: Words): Chain[] {
  const { text, tokens, numerals } = reading
  const chains: Chain[] = []
  let pieces: Piece[] = []
  let hasDigit = false
  /** Was something said between the last piece and this? */
  let isLinked = false
  const close = () => {
    isLinked = false
    while (pieces.at(-1)?.isDoubtful && pieces.at(-1)!.text !== 'n') pieces.pop()
    if (hasDigit && pieces.length > 1) chains.push(pieces)
    pieces = []
    hasDigit = false
  }
  const couldGoOn = perWord(
    (fold) => fold.length <= LONGEST_PIECE || ALPHABETS.has(fold) || SILENT.has(fold) || SPELLING.has(fold),
  )
  const couldBegin = perWord((fold) => fold.length < 5 || ALPHABETS.has(fold) || LETTERS.has(fold))
  let nextNumeral = 0
  let silentUntil = -1
  let doubled = -1
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!
    while (nextNumeral < numerals.length && numerals[nextNumeral]!.first < index) nextNumeral++
    const numeral = numerals[nextNumeral]?.first === index ? numerals[nextNumeral] : undefined
    // Most words are neither a piece nor beside one.
    if (pieces.length === 0 && !numeral && !token.isNumber) {
      const next = tokens[index + 1]
      const isBesideNumber = next?.isNumber || numerals[nextNumeral]?.first === index + 1
      if (!couldBegin(token) && (token.cap !== 'UPPER' || token.end - token.start > LONGEST_PIECE)) continue
      if (next === undefined || !(isBesideNumber || couldGoOn(next))) continue
    }
    const before = index > 0 ? gapOf(text, tokens[index - 1]!.end, token.start) : -1
    if (before < 0 || pieces.length === MOST_PIECES) close()
    if (isLinked && AFTER_SILENT.test(token.fold)) continue
    // "dubbel h"
    if (DOUBLES.has(token.fold) && tokens[index + 1] && isLetter(tokens[index + 1]!)) {
      doubled = index + 1
      if (pieces.length > 0) isLinked = true
      continue
    }
    if (pieces.length > 0 && (index <= silentUntil || (!numeral && SILENT.has(token.fold)))) {
      isLinked ||= SILENT.has(token.fold)
      continue
    }
    if (pieces.length > 0 && SPELLING.has(token.fold) && tokens[index + 1]?.fold[0] === pieces.at(-1)!.text) {
      silentUntil = index + 1
      isLinked = true
      continue
    }
    const read = readAs(reading, index, numeral, pieces, sortOf)
    if (read === undefined) {
      // "395 en een G"
      const next = tokens[index + 1]
      // "9203 en de letters zijn JT"
      if (pieces.length > 0 && token.fold === 'en' && next?.fold === 'de' && SILENT.has(tokens[index + 2]?.fold ?? '')) {
        isLinked = true
        continue
      }
      if (pieces.length > 0 && token.fold === 'en' && next && (isSaid(next) || SILENT.has(next.fold))) continue
      close()
      continue
    }
    const until = numeral?.token ?? index
    const last = pieces.at(-1)
    const isTied = last !== undefined && (before !== 1 || (last.text.length === 1 && read.length === 1) || isLinked)
    pieces.push({
      text: doubled === index && read.length === 1 ? read + read : read,
      token: index,
      until,
      start: numeral?.start ?? token.start,
      end: tokens[until]!.end,
      isTied,
      isSpoken: numeral?.spoken ?? false,
      isLoud: token.cap === 'UPPER',
      isDoubtful: token.fold === 'en' || token.fold === 'een',
    })
    isLinked = false
    index = until
    if (read.charCodeAt(0) < 58) hasDigit = true
  }
  close()
  return chains
}

const isDigit = ({ fold, isNumber }: Token) => isNumber || spokenNumber(fold) !== undefined
const isLetter = ({ fold, start, end, isNumber }: Token) => !isNumber && (end - start === 1 || LETTERS.has(fold))
/** What can stand beside a letter that is said. */
const isSaid = (token: Token) => isDigit(token) || isLetter(token)

function readAs(
  { text, tokens }: Reading,
  index: number,
  numeral: Numeral | undefined,
  pieces: readonly Piece[],
  sortOf: Words['sortOf'],
): string | undefined {
  const token = tokens[index]!
  const { fold, start, end } = token
  if (token.isNumber) return numeral?.digits ?? fold
  const next = tokens[index + 1]
  const previous = tokens[index - 1]
  const length = end - start
  const isInside = pieces.length > 0
  if (token.isForeign) return undefined
  if (length === 1) return numeral?.digits ?? fold
  // "een" is an article, unless it stands in a row.
  const isInRow = isInside || (next !== undefined && isDigit(next) && !(next.isNumber && next.fold.length > 2))
  if (numeral) return fold === 'een' && !isInRow ? undefined : numeral.digits
  const said = LETTERS.get(fold)
  const isNextSaid = next !== undefined && isSaid(next)
  if (said && (isInside || isNextSaid || LETTERS_THAT_ARE_WORDS.has(next?.fold ?? ''))) return said
  const doubtful = LETTERS_THAT_ARE_WORDS.get(fold)
  const isAfterLetter = isInside && previous !== undefined && isLetter(previous)
  const isBeforeLetter = next !== undefined && isLetter(next)
  if (
    doubtful &&
    (fold === 'en' || fold === 'er'
      ? isInside && (isAfterLetter || isBeforeLetter)
      : isBeforeLetter || isAfterLetter || (isInside && isNextSaid))
  )
    return doubtful
  if (
    ALPHABETS.has(fold) &&
    (isInside || (next !== undefined && (next.isNumber || ALPHABETS.has(next.fold) || next.end - next.start === 1)))
  )
    return fold[0]
  if (length > LONGEST_PIECE) return undefined
  // Letters that are bound to a digit or to other letters by more than a space ...
  const isBound = (near: Token | undefined, gap: number) =>
    near !== undefined && (gap === 0 || gap === 2) && (isDigit(near) || near.end - near.start < 4)
  const gapBefore = previous ? gapOf(text, previous.end, start) : -1
  const gapAfter = next ? gapOf(text, end, next.start) : -1
  if (isBound(previous, gapBefore) || isBound(next, gapAfter)) return length < 5 || token.cap === 'UPPER' ? fold : undefined
  // ... or that are no word, or go on as a postcode or a plate does.
  if (
    length === 2 &&
    gapBefore === 1 &&
    isInside &&
    pieces.length < 5 &&
    /^(?:[\doil]{4}|\d\d|\d\d[a-z]{2}|[a-z]{2}\d\d)$/.test(pieces.map((piece) => piece.text).join(''))
  )
    return fold
  const isNear =
    (gapBefore === 1 && isInside) ||
    (next !== undefined && SILENT.has(next.fold)) ||
    (gapAfter === 1 && isDigit(next!)) ||
    (gapAfter === 1 && next!.end - next!.start < 4)
  // "CBR 481927"
  if (gapAfter === 1 && token.cap === 'UPPER' && length < 4 && next!.isNumber && next!.fold.length > 5) return fold
  // "TZ streep drieenzestig"
  if (token.cap === 'UPPER' && length < 4 && next !== undefined && /^(?:streep|streepje|koppelteken)$/.test(next.fold))
    return fold
  if (isNear && length < 5 && (token.cap === 'UPPER' || length < 4) && !(sortOf(fold) & (WORD | PLACE | ORGANISATION)))
    return fold
  return undefined
}
