// The same text as somebody reads it who means to see through: "Stati0nsweg l18", "Ga-ns-st-raat", "k e n t e k e n", "54o2970o8". What is
// written plainly stays as it is; a text without disguise has no second reading.
import { apart, humps, unglued } from './glued.js'
import type { Plain } from './normalise.js'
import { codePlaces, type Match, places, type Reading } from './text.js'
import { perWord } from './tokens.js'
import { SURE_STREET } from './whereabouts.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, PLACE, SURNAME_WORD, WORD, type Words } from './words.js'

type Change = Readonly<{ start: number; end: number; read: string }>

/** UTF-16 units on both sides of what is read otherwise: all that a detector looks back or ahead. */
const AROUND = 100

/** Letters and digits in one word. */
const MIXED = /(?<![a-z0-9])(?=[a-z0-9]{0,24}(?:[a-z][0-9]|[0-9][a-z]))[a-z0-9]{2,24}(?![a-z0-9])/iy
/** "54o2970o8", "l18", "I973": the first and the last sign are what a digit could look like to anybody. */
const LIKE_DIGITS = /^(?=(?:\D*\d){2})[0-9oil](?:[0-9oilsbzgq]*[0-9o])$/i
/** Nobody means a digit by the letter behind a number, or by two before it: "20b", "iso9001". */
const NO_DIGITS = /^(?:\d+[a-z]|[a-z]{2,}\d+)$/i
const DIGITS: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1', z: '2', s: '5', b: '8', g: '9', q: '9' }
/** "Havenkade l4O": right after a street. */
const HOUSE = /^(?=\D*\d)[0-9oil]{2,4}$/i
/** "Stati0nsweg", "F4tima": digits among letters, the last of which is none. */
const LIKE_LETTERS = /^(?=(?:[^a-z]*[a-z]){3})[a-z0134578]*[a-z]$/i
const LETTERS: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' }
/** Letters, digits and letters, more than any code has. */
const RUN = /(?<![a-z0-9])(?=[a-z]{4,24}\d|[a-z0-9]{0,24}\d[a-z]{4})[a-z0-9]{10,48}(?![a-z0-9])/iy
/** "l5/ol/I973" */
const DATE = /(?<![\w/.-])(?=[^\n]{0,14}\d)[0-9oil]{1,2}( ?[-/.] ?| )[0-9oil]{1,2}\1[0-9oil]{2,4}(?![\w/-])/iy
/** "Ga-ns-st-raat", "K.a.n.a.a.l.w.e.g" */
const SYLLABLES = /\b(?<![.-])[a-z]{1,4}(?:[-._*~|/][a-z]{1,4}){2,30}(?![a-z0-9])/gi
/** "dirk&#64;casema&#46;nl" */
const ENTITY = /&#(?:x[0-9a-f]{2}|\d{2,3});/gi
/** "ln.tnebtreg.www", "taartsneloM": the end of a site or of a street, first. */
const TURNED =
  /\b(?<!\.)(?:[\w/.-]{3,40}\/(?:ln|moc)\.[a-z0-9-]{3,40}|(?:ln|moc)\.[a-z0-9-]{3,40}(?:\.www)?|(?:\d{1,4} )?(?:taarts|naal|nielp|edak|thcarg|feerd|legnis|geets)[a-z]{3,20}|\d{1,4} (?:gew|foh|kjid|dap)[a-z]{3,20})(?![\w.])/gi
/** "hxxps://fatima[.]art" */
const DEFUSED = /\bhxxp(?=s?:)|[[({<]\.[\])}>]|-(?:punt|dot)-/gi
/** "[S][T][2][1][6][R]" */
const FRAMED = /(?:[[({<]\w[\])}>][ ,.-]?){3,40}[[({<]\w[\])}>]/g
/** "Burg_van_Thielstraat_88_hs" */
const UNDERSCORED = /(?<![\w@.])[a-z0-9]+(?:_{1,3}[a-z0-9]+){1,8}(?![\w@.])/gi
/** "NL38 1NGB 4O22 4387 92" */
const MASKED_IBAN = /\bNL ?[0-9oilsb]{2} ?[a-z0-9]{4}(?: ?[0-9oilsb]{2,4}){3,5}\b/gi
/** "06 3I 44 S0 86" */
const MASKED_PHONE = /\b[0o]6(?:[ -]?[0-9oilsbz]{2}){4}\b/gi
/** "I-II-VII-III-VIII-IX-V-V-VI" */
const ROMANS = /\b(?:(?:I{1,3}|IV|VI{0,3}|IX)[-., ]{1,2}){5,14}(?:I{1,3}|IV|VI{0,3}|IX)\b/g
const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX']
/** "k e n t e k e n", "@ k o k k i e _ 0 4 0" */
const SPACED = /(?<!\S)(?:[\w@.\-/:] ){4,60}\w(?!\w)/g

const KNOWN = NAME | GIVEN_WORD | SURNAME_WORD | LISTED | PLACE | ORGANISATION | WORD

/** The second reading of `plain`, with as much of the text around as tells what it is; nothing when it would be the first once more. */
export function undisguised({ text, starts, ends }: Plain, reading: Reading, words: Words): Plain | undefined {
  const changes = changesIn(reading, words)
  if (changes.length === 0) return undefined
  let read = ''
  const from: number[] = []
  const to: number[] = []
  const put = (piece: string, begin: number, end: number) => {
    read += piece
    for (let nth = 0; nth < piece.length; nth++) {
      from.push(begin)
      to.push(end)
    }
  }
  const copy = (begin: number, end: number) => {
    for (let at = begin; at < end; at++) put(text[at]!, starts[at]!, ends[at]!)
  }
  let at = 0
  for (const { start, end, read: piece } of changes) {
    if (start - at > AROUND * 2) {
      copy(at, at === 0 ? 0 : at + AROUND)
      if (read !== '') put('\n', starts[start]!, starts[start]!)
      at = start - AROUND
    }
    copy(at, start)
    put(piece, starts[start]!, ends[end - 1]!)
    at = end
  }
  copy(at, Math.min(text.length, at + AROUND))
  return { text: read, starts: Int32Array.from(from), ends: Int32Array.from(to) }
}

/** In order of place, none within another. */
function changesIn({ text, tokens, codes }: Reading, words: Words): Change[] {
  const isKnown = (word: string) => (words.sortOf(word) & KNOWN) !== 0 || SURE_STREET.test(word)
  const isWord = (word: string) => (words.sortOf(word) & WORD) !== 0 || words.isCompound(word)
  const seenThrough = (word: string, start: number): string | undefined => {
    if (HOUSE.test(word) && SURE_STREET.test(text.slice(Math.max(0, start - 30), start - 1).toLowerCase())) return asDigits(word)
    if (LIKE_DIGITS.test(word) && !NO_DIGITS.test(word)) return asDigits(word)
    if (!LIKE_LETTERS.test(word)) return undefined
    const asI = word.replace(/\d/g, (digit) => LETTERS[digit]!)
    return [asI, word.replace(/\d/g, (digit) => (digit === '1' ? 'l' : LETTERS[digit]!))].find((each) =>
      isKnown(each.toLowerCase()),
    )
  }
  const isGlued = perWord((fold) => unglued(fold) !== undefined)
  const found = [
    ...tokens
      .filter((token) => token.cap === 'miXed' || isGlued(token))
      .flatMap(({ start, end, fold }): Change[] => {
        const read = unglued(fold) ?? humps(text.slice(start, end))
        return read === undefined ? [] : [{ start, end, read }]
      }),
    ...changed(codePlaces(DATE, text, codes), asDigits),
    ...changed(codePlaces(RUN, text, codes), (run, start) =>
      seenThrough(run, start) === undefined ? apart(run, isWord) : undefined,
    ),
    ...changed(text.includes('&#') ? places(ENTITY, text) : [], (entity) =>
      String.fromCharCode(/x/i.test(entity) ? Number.parseInt(entity.slice(3), 16) : Number(entity.slice(2, -1))),
    ),
    ...changed(places(TURNED, text), (word) =>
      words.sortOf(word.replace(/^\d+ /, '').toLowerCase()) === 0 ? [...word].reverse().join('') : undefined,
    ),
    ...changed(places(DEFUSED, text), (sign) => (/^h/i.test(sign) ? 'http' : '.')),
    ...changed(places(FRAMED, text), (signs) => signs.replace(/\W/g, '')),
    ...changed(text.includes('_') ? places(UNDERSCORED, text) : [], (word) => word.replace(/_+/g, ' ')),
    ...changed(places(MASKED_IBAN, text), (account) => {
      const signs = account.replaceAll(' ', '').toLowerCase()
      if (signs.length !== 18 || signs.replace(/\D/g, '').length < 8) return undefined
      const bank = signs.slice(4, 8).replace(/\d/g, (digit) => LETTERS[digit] ?? digit)
      return `NL${asDigits(signs.slice(2, 4))} ${bank} ${asDigits(signs.slice(8))}`
    }),
    ...changed(places(MASKED_PHONE, text), (number) => (number.replace(/\D/g, '').length > 5 ? asDigits(number) : undefined)),
    ...changed(places(ROMANS, text), (row) =>
      row.replace(/[IVX]+/g, (roman) => String(ROMAN.indexOf(roman) + 1)).replace(/[-., ]/g, ''),
    ),
    ...changed(codePlaces(MIXED, text, codes), seenThrough),
    ...changed(places(SYLLABLES, text), (pieces) => {
      const word = pieces.replace(/[^a-z]/gi, '')
      const isSpelled = pieces.length === 2 * word.length - 1 && word.length > 3
      return (word.length > 5 || isSpelled) && isKnown(word.toLowerCase()) ? word : undefined
    }),
    ...changed(places(SPACED, text), (pieces) => {
      const together = pieces.replaceAll(' ', '').replace(/(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])/gi, ' ')
      const [letters = ''] = /[a-z]{4,}/i.exec(together) ?? []
      return /[@._/]/.test(together) && letters !== '' ? together : isKnown(letters.toLowerCase()) ? together : undefined
    }),
  ].sort((a, b) => a.start - b.start || b.end - a.end)
  let until = 0
  return found.filter(({ start, end }) => {
    if (start < until) return false
    until = end
    return true
  })
}

const asDigits = (word: string) => word.replace(/[a-z]/gi, (letter) => DIGITS[letter.toLowerCase()]!)

function* changed(found: Iterable<Match>, readAs: (found: string, start: number) => string | undefined): Generator<Change> {
  for (const { start, end, match } of found) {
    const read = readAs(match[0], start)
    if (read !== undefined && read !== match[0]) yield { start, end, read }
  }
}
