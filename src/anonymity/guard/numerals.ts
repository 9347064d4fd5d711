// Numbers, in digits or in words, and the rows that they stand in: "nul zes, twaalf 34 - 5678" is one row of digits.
import { perWord, type Token } from './tokens.js'

/** `hard`: after it comes more than a space, a dot or a dash. `first` and `token` count in the tokens: "zes en twintig" is one of three. `spoken`: written as a word. */
export type Numeral = Readonly<{ digits: string; start: number; end: number; first: number; token: number; spoken: boolean }>
export type Row = Readonly<{ numerals: readonly Numeral[]; gaps: readonly ('soft' | 'hard')[] }>

const UNITS = ['nul', 'een', 'twee', 'drie', 'vier', 'vijf', 'zes', 'zeven', 'acht', 'negen']
const TEENS = 'tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien'.split(' ')
const TENS = ['twintig', 'dertig', 'veertig', 'vijftig', 'zestig', 'zeventig', 'tachtig', 'negentig']
const ENGLISH =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const ENGLISH_TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

const WORDS = new Map<string, string>()
ENGLISH_TENS.forEach((ten, n) => {
  WORDS.set(ten, `${n + 2}0`)
  for (let unit = 1; unit < 10; unit++) WORDS.set(`${ten}${ENGLISH[unit]}`, `${n + 2}${unit}`)
})
/** From nought on; in German, Turkish and Polish to nine. */
const COUNTED = [
  UNITS,
  ENGLISH,
  'null eins zwei drei vier funf sechs sieben acht neun'.split(' '),
  'sifir bir iki uc dort bes alti yedi sekiz dokuz'.split(' '),
  'zero jeden dwa trzy cztery piec szesc siedem osiem dziewiec'.split(' '),
]
for (const words of COUNTED)
  words.forEach((word, n) => {
    WORDS.set(word, String(n))
  })
'trije fjouwer fiif seis njoggen twa'.split(' ').forEach((word, n) => {
  WORDS.set(word, '345692'[n]!)
})
WORDS.set('fuenf', '5').set('zwo', '2').set('zehn', '10').set('zeuven', '7').set('noppes', '0').set('oh', '0')
TEENS.forEach((word, n) => {
  WORDS.set(word, String(n + 10))
})
TENS.forEach((ten, n) => {
  WORDS.set(ten, `${n + 2}0`)
  for (let unit = 1; unit < 10; unit++) WORDS.set(`${UNITS[unit]}en${ten}`, `${n + 2}${unit}`)
})

/** What somebody says between the parts of a number. */
const FILLERS = new Set(
  'en dan daarna vervolgens punt streep streepje min spatie plus verder tot slot is slash schuine dash dot underscore laag liggend koppelteken and then dubbel dubbele double triple'.split(
    ' ',
  ),
)
/** How somebody says the halves of a number: "begint met 2411 en de rest is 48297". */
const HALVES = new Set(
  'begint begin start eindigt eind einde slot rest midden laatste eerste tweede derde vierde vijfde zesde zevende achtste negende tiende pauze stuk deel stukje vervolg cijfers eerst'.split(
    ' ',
  ),
)
/** Fillers beside one of those. */
const BESIDE_HALVES = new Set('met op na de het is een daar zijn'.split(' '))
const REPEATS = new Map([
  ['tweemaal', 2],
  ['driemaal', 3],
  ['dubbel', 2],
  ['dubbele', 2],
  ['double', 2],
  ['dubbeltwee', 2],
  ['triple', 3],
  ['trippel', 3],
  ['driedubbel', 3],
])
/** "twee drieën" */
const MANY = new Map(
  'nullen enen tweeen drieen vieren vijven zessen zevens achten negens'.split(' ').map((word, n) => [word, String(n)]),
)
const TIMES = new Set(['keer', 'maal', 'x'])
const GAP = /^[\s.,\-/()+_*|:;'"~=\\#<>[\]{}&!^%$]*$/

/** Up to 9999: "negentienhonderdvijfentachtig" is 1985, "tweeduizend drie" is two words. */
export function spokenNumber(word: string): string | undefined {
  const known = WORDS.get(word)
  if (known !== undefined) return known
  if (word.length < 6 || word.length > 80 || !BEGINNING.test(word)) return undefined
  // A year as it is said: "negentienvijfentachtig".
  if (word.startsWith('negentien') && (WORDS.get(word.slice(9))?.length ?? 0) === 2) return `19${WORDS.get(word.slice(9))}`
  for (const [size, name] of [
    [1000, 'duizend'],
    [100, 'honderd'],
  ] as const) {
    const at = word.indexOf(name)
    if (at < 0) continue
    const before = at === 0 ? '1' : WORDS.get(word.slice(0, at))
    const rest = word.slice(at + name.length).replace(/^en/, '')
    const after = rest === '' ? '0' : size === 1000 ? spokenNumber(rest) : WORDS.get(rest)
    if (before === undefined || after === undefined) break
    return String(Number(before) * size + Number(after))
  }
  return glued(word)
}

const BEGINNING =
  /^(?:nul|een|twee|drie|vier|vijf|zes|zev|zeu|acht|neg|tien|elf|twaa|der|vee|twin|tach|hon|dui|zero|zwei|zwo|null|fun|fue|sie|neu|eins|one|two|thr|fou|fiv|six|sev|eig|nin|oh)/
/** The longest number at a place comes first: "zestien" is 16. */
const BY_LENGTH = [...WORDS.keys()].filter((word) => word.length > 2).sort((a, b) => b.length - a.length)

/** "nulzes", "zevenvijf": nothing but numbers, without a space. */
function glued(word: string): string | undefined {
  let digits = ''
  for (let at = 0; at < word.length; ) {
    const next = BY_LENGTH.find((number) => word.startsWith(number, at))
    if (next === undefined) return undefined
    digits += WORDS.get(next)
    at += next.length
  }
  return digits
}

const LIKE_DIGITS = /^[oil]+$/
/** Letters that pass for digits when digits stand beside them. */
function disguised({ fold, end }: Token, isBeside: boolean, next: Token | undefined): string | undefined {
  if (fold === 'o' && next && (next.isNumber || WORDS.has(next.fold))) return '0'
  const most = next?.isNumber && next.start === end ? 4 : 2
  if (!isBeside || fold.length > most || !LIKE_DIGITS.test(fold)) return undefined
  return fold.replace(/o/g, '0').replace(/[il]/g, '1')
}

export function numeralsOf(tokens: readonly Token[]): Numeral[] {
  const found: Numeral[] = []
  const couldCount = perWord(
    (fold) =>
      spokenNumber(fold) !== undefined || REPEATS.has(fold) || TIMES.has(fold) || MANY.has(fold) || LIKE_DIGITS.test(fold),
  )
  let repeat = 1
  /** What says how often: "drie" of "drie keer de vier". */
  let count: Numeral | undefined
  tokens.forEach((token, index) => {
    const { start, end, fold, isNumber } = token
    if (!isNumber && !couldCount(token) && fold !== 'de') {
      repeat = 1
      count = undefined
      return
    }
    const isBeside =
      (tokens[index - 1]?.isNumber && tokens[index - 1]!.end === start) ||
      (tokens[index + 1]?.isNumber && tokens[index + 1]!.start === end)
    const digits = isNumber ? fold : (spokenNumber(fold) ?? disguised(token, Boolean(isBeside), tokens[index + 1]))
    if (REPEATS.has(fold)) repeat = REPEATS.get(fold)!
    else if (TIMES.has(fold) && found.at(-1)?.token === index - 1 && /^[2-6]$/.test(found.at(-1)!.digits)) {
      count = found.pop()!
      repeat = Number(count.digits)
    } else if (MANY.has(fold) && found.at(-1)?.token === index - 1 && /^[2-6]$/.test(found.at(-1)!.digits)) {
      const often = found.pop()!
      found.push({ ...often, digits: MANY.get(fold)!.repeat(Number(often.digits)), end, token: index })
    } else if (repeat > 1 && fold === 'de' && TIMES.has(tokens[index - 1]!.fold)) return
    else if (digits !== undefined) {
      // "zes en twintig" is one number.
      const unit = found.at(-1)
      if (
        unit?.spoken &&
        unit.token === index - 2 &&
        /^[1-9]$/.test(unit.digits) &&
        /^[2-9]0$/.test(digits) &&
        !isNumber &&
        tokens[index - 1]!.fold === 'en'
      ) {
        found.pop()
        found.push({ ...unit, digits: `${digits[0]}${unit.digits}`, end, token: index })
        return
      }
      // "tweeduizend vijfhonderdzestien" is one, too.
      if (unit?.spoken && unit.token === index - 1 && /^[1-9]000$/.test(unit.digits) && !isNumber && digits.length === 3) {
        found.pop()
        found.push({ ...unit, digits: String(Number(unit.digits) + Number(digits)), end, token: index })
        return
      }
      // "negenduizend tweehonderd drie", "honderd twaalf"
      if (unit?.spoken && unit.token === index - 1 && /^[1-9]\d?00$/.test(unit.digits) && !isNumber && digits.length < 3) {
        found.pop()
        found.push({ ...unit, digits: String(Number(unit.digits) + Number(digits)), end, token: index })
        return
      }
      const from = count ?? { start, first: index }
      found.push({
        digits: digits.repeat(repeat),
        start: from.start,
        end,
        first: from.first,
        token: index,
        spoken: !isNumber && !isBeside,
      })
      repeat = 1
      count = undefined
    } else {
      repeat = 1
      count = undefined
    }
  })
  return found
}

export function rowsOf(text: string, tokens: readonly Token[], numerals: readonly Numeral[]): Row[] {
  const rows: Row[] = []
  let row: Numeral[] = []
  let gaps: ('soft' | 'hard')[] = []
  for (const numeral of numerals) {
    const before = row.at(-1)
    const gap = before && gapBetween(text, tokens, before, numeral)
    if (before && gap) gaps.push(gap)
    else {
      if (row.length > 0) rows.push({ numerals: row, gaps })
      row = []
      gaps = []
    }
    row.push(numeral)
  }
  if (row.length > 0) rows.push({ numerals: row, gaps })
  return rows
}

function gapBetween(text: string, tokens: readonly Token[], a: Numeral, b: Numeral): 'soft' | 'hard' | undefined {
  const words = b.first - a.token - 1
  if (words > 5 || b.start - a.end > 36) return undefined
  let hasHalf = false
  let hasOther = false
  for (let index = a.token + 1; index < b.first; index++) {
    const { fold } = tokens[index]!
    if (HALVES.has(fold)) hasHalf = true
    else if (BESIDE_HALVES.has(fold)) hasOther ||= fold !== 'is'
    else if (!FILLERS.has(fold)) return undefined
  }
  if (hasOther && !hasHalf) return undefined
  if (words > 0) return 'hard'
  if (b.start === a.end || (b.start === a.end + 1 && text.charCodeAt(a.end) === 32)) return 'soft'
  const gap = text.slice(a.end, b.start)
  if (gap.length > 6 || !GAP.test(gap)) return undefined
  return gap.trim().length > 1 || /[,;|\n&]/.test(gap) || gap.length > 3 ? 'hard' : 'soft'
}
