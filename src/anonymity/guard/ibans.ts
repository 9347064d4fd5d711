// Account numbers, together or in pieces: their length, their letters and their check digits tell.
import { type Found, places, type Reading } from './text.js'
import { perWord } from './tokens.js'

/** How long the account number of a country is (SWIFT, IBAN registry). */
const IBAN_LENGTHS = new Map(
  'ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 br29 by28 ch21 cr22 cy28 cz24 de22 dk18 do28 ee18 eg29 es24 fi18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 li21 lt20 lu20 lv21 ly25 mc27 md24 me22 mk19 mr27 mt31 mu30 nl18 no15 pk24 pl28 ps29 pt25 qa29 ro24 rs22 sa24 sd18 se24 si19 sk24 sm27 sn28 so23 tl23 tn24 tr26 ua29 va22 vg24 xk20'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Said between the halves of one. */
const BETWEEN = new Set(
  'en dan daarna slot eind einde eindigt rest is op de vervolg vervolgens staat hier gaat verder met streep punt spatie'.split(
    ' ',
  ),
)

/** Read without what stands between: spaces, dots, dashes, digits as words. A Dutch one also when its check digits are wrong. */
export function findIbans({ tokens, numerals }: Reading): Found[] {
  if (numerals.reduce((digits, numeral) => digits + numeral.digits.length, 0) < 10) return []
  const spoken = numerals.filter(({ digits, token }) => digits !== tokens[token]!.fold)
  const isBetween = perWord((fold) => BETWEEN.has(fold))
  const pieces: string[] = []
  /** Where in the joined text each token begins. */
  const begins = new Int32Array(tokens.length + 1)
  for (let index = 0, next = 0; index < tokens.length; index++) {
    // "DE89" is Germany, and no article.
    const isSaidBetween = isBetween(tokens[index]!) && tokens[index + 1]?.start !== tokens[index]!.end
    const isSpoken = spoken[next]?.token === index
    const piece = isSpoken ? spoken[next++]!.digits : isSaidBetween ? '' : tokens[index]!.fold
    begins[index + 1] = begins[index]! + piece.length
    pieces.push(piece)
  }
  /** From a place in the joined text to one in the text: of a number that was said, its edge. */
  const placeOf = (at: number, isEnd: boolean) => {
    let low = 0
    let high = tokens.length
    while (low < high - 1) {
      const middle = (low + high) >> 1
      if (begins[middle]! <= at) low = middle
      else high = middle
    }
    const { start, end } = tokens[low]!
    if (begins[low + 1]! - begins[low]! !== end - start) return isEnd ? end : start
    return start + at - begins[low]! + (isEnd ? 1 : 0)
  }
  const joined = pieces.join('')
  const found: Found[] = []
  for (const { start, match } of places(/[a-z]{2}\d{2}/g, joined)) {
    const size = IBAN_LENGTHS.get(match[0].slice(0, 2))
    if (size === undefined) continue
    const account = joined.slice(start, start + size)
    const isDutch = /^nl\d{2}[a-z]{4}\d{10}$/.test(account)
    if (isDutch || (account.length === size && account.replace(/\D/g, '').length >= 8 && passesModulo97(account)))
      found.push({ start: placeOf(start, false), end: placeOf(start + size - 1, true), kind: 'iban' })
  }
  return found
}

/** ISO 13616: the first four at the end, letters as numbers from 10 on, the remainder is 1. */
function passesModulo97(account: string): boolean {
  let rest = 0
  for (const char of account.slice(4) + account.slice(0, 4)) {
    const value = parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
