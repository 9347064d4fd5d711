// Numbers that belong to one person and have no letters: BSN, telephone, and long ones that nothing explains.
import type { Numeral, Row } from './numerals.js'
import { type Found, places, type Reading, type Spans } from './text.js'

/** The test that every BSN passes, and one in eleven of other nine digits. */
export function passesElevenProof(digits: string): boolean {
  if (!/^\d{8,9}$/.test(digits) || /^0*$/.test(digits)) return false
  const nine = digits.padStart(9, '0')
  let sum = -Number(nine[8])
  for (let i = 0; i < 8; i++) sum += Number(nine[i]) * (9 - i)
  return sum % 11 === 0
}

const BSN_WORD =
  /\b(?:(?:nr|nummer) van (?:de )?burger|b[s5]n|b\.s\.n|bsnr|bsnummer|burger ?service ?(?:nummer|nr)|sofi(?:[- ]?(?:nummer|nr))?|sofinummer)\b/g
const PHONE_WORD =
  /(?:\b(?:t(?=:)|tel|telefoon|telefoonnummer|telnr|telnummer|mobiel|mobiele|mob|vast|gsm|06|bel|\w*gebeld|terugbel\w*|bellen|belt|bereikbaar|nummer|nr|whatsapp|wapp|app|appen|sms|sms'en|phone|0six)\b)[^\n]{0,24}$/
const ORGANISATIONS = new Set(
  'servicelijn meldpunt spw uwv gemeente wsp werkcentrum leerwerkloket lwl rmt balie kantoor receptie loket klantcontactcentrum kcc stadhuis gemeentehuis roc school secretariaat duo svb ind belastingdienst kvk servicepunt algemeen algemene centrale infolijn helpdesk wijkteam vakbond fnv cnv bibliotheek taalhuis'.split(
    ' ',
  ),
)
const BETWEEN = new Set('tel telefoon telefoonnummer nummer nr vast vaste het van de bel bellen gebeld via op is te'.split(' '))

/** Nobody cuts a number into more pieces. */
export const MOST_PARTS = 24

export function findNumbers(reading: Reading, harmless: Spans): Found[] {
  const found: Found[] = []
  const used = new Set<Numeral>()
  const take = (kind: Found['kind'], numerals: readonly Numeral[], start = numerals[0]!.start) => {
    for (const numeral of numerals) used.add(numeral)
    found.push({ start, end: numerals.at(-1)!.end, kind })
  }
  namedBsn(reading, used, take)
  for (const row of reading.rows) {
    findPhones(reading, row, harmless, used, take)
    findRest(reading, row, harmless, used, take)
  }
  return found
}

type Take = (kind: Found['kind'], numerals: readonly Numeral[], start?: number) => void

/** The numerals from `from` on that together have exactly so many digits. */
function exactly({ numerals }: Row, from: number, length: number): readonly Numeral[] | undefined {
  let total = 0
  for (let to = from; to < numerals.length && total < length; to++) {
    total += numerals[to]!.digits.length
    if (total === length) return numerals.slice(from, to + 1)
  }
  return undefined
}

export const digitsOf = (numerals: readonly Numeral[]) => numerals.map(({ digits }) => digits).join('')

/** Nine digits that somebody calls a BSN are one to whoever reads them, also when the proof fails. */
function namedBsn({ lower, rows }: Reading, used: Set<Numeral>, take: Take) {
  const words = [...places(BSN_WORD, lower)]
  if (words.length === 0) return
  let at = 0
  for (const row of rows) {
    row.numerals.forEach((numeral, index) => {
      while (at < words.length - 1 && words[at + 1]!.end <= numeral.start) at++
      const before = words[at]!
      const isNamed =
        before.end <= numeral.start && numeral.start - before.end <= 40 && !lower.slice(before.end, numeral.start).includes('\n')
      const nine = exactly(row, index, 9) ?? exactly(row, index, 8) ?? exactly(row, index, 10) ?? exactly(row, index, 7)
      const next = words[at + 1] ?? before
      const isCalled = nine && next.start >= nine.at(-1)!.end && next.start - nine.at(-1)!.end <= 12
      const areYears = nine?.every(({ digits }) => /^20[0-4]\d$/.test(digits))
      if (nine && !areYears && (isNamed || isCalled) && !nine.some((each) => used.has(each))) take('bsn', nine)
    })
  }
}

function findPhones(reading: Reading, row: Row, harmless: Spans, used: Set<Numeral>, take: Take) {
  const { lower, text } = reading
  const { numerals, gaps } = row
  for (let from = 0; from < numerals.length; from++) {
    const first = numerals[from]!
    if (used.has(first)) continue
    // Nothing else begins a number that is called.
    const sign = lower[first.start - 1]
    const couldHavePlus = sign === '+' || sign === '(' || sign === 's' || sign === ' '
    if (first.digits[0] !== '0' && first.digits[0] !== '3' && !couldHavePlus) continue
    const isWithPlus = couldHavePlus && /(?:\+|\bplus)[\s(]{0,2}$/.test(lower.slice(Math.max(0, first.start - 7), first.start))
    if (!isWithPlus && first.digits[0] !== '0' && first.digits[0] !== '3') continue
    const start = isWithPlus ? lower.lastIndexOf(lower[first.start - 1] === '+' ? '+' : 'p', first.start) : first.start
    const head = digitsOf(numerals.slice(from, from + 5))
    const length = isWithPlus && !head.startsWith('31') ? undefined : dutchLength(head, isWithPlus)
    const whole = length && exactly(row, from, length)
    if (whole) {
      const mobile = /^(?:06|316|3106|00316|003106)/.test(head)
      const inside = gaps.slice(from, from + whole.length - 1)
      const isCalled =
        whole.length === numerals.length && PHONE_WORD.test(lower.slice(Math.max(0, first.start - 40), first.start))
      const isSure =
        isCalled || mobile || isWithPlus || head.startsWith('0031') || whole.length === 1 || whole.every(({ spoken }) => spoken)
      const isPlausible = isSure || (inside.every((gap) => gap === 'soft') && first.digits.length < 5)
      // A mobile number may hold what looks like a time; a date or a count is no other number.
      const isInside = ({ start, end }: Numeral) => harmless.covers(start, end)
      const isHarmless = mobile ? whole.every(isInside) : whole.some(isInside)
      if (isPlausible && !isHarmless) {
        if (mobile || !(isOfAnOffice(reading, first) || isThenOfAnOffice(reading, whole.at(-1)!)))
          take('phone', whole, Math.max(0, start))
        else for (const numeral of whole) used.add(numeral)
        continue
      }
    }
    // Abroad: a plus or two noughts, a country, and what follows without a break.
    if (!isWithPlus && (!/^00[1-9]/.test(head) || harmless.covers(first.start, first.end))) continue
    let to = from
    while (gaps[to] === 'soft' && to < from + MOST_PARTS) to++
    const abroad = numerals.slice(from, to + 1)
    const total = digitsOf(abroad).length
    if (total >= 8 && total <= 17 && text[first.start] !== undefined) take('phone', abroad, Math.max(0, start))
  }
}

function dutchLength(head: string, isWithPlus: boolean): number | undefined {
  if (isWithPlus) return head.startsWith('310') ? 12 : 11
  if (head.startsWith('0031')) return head.startsWith('00310') ? 14 : 13
  if (/^0[1-9]/.test(head)) return 10
  return head.startsWith('316') ? 11 : undefined
}

/** "WSP Amersfoort tel. 033-...": the land line of a desk, which stands in every folder. */
function isOfAnOffice({ tokens }: Reading, { token }: Numeral): boolean {
  for (let at = token - 1, steps = 0; at >= 0 && steps < 6; at--, steps++) {
    const { fold, cap } = tokens[at]!
    if (ORGANISATIONS.has(fold)) return true
    if (!BETWEEN.has(fold) && cap === 'lower') return false
  }
  return false
}

/** "0341-551234 is van de balie" */
const isThenOfAnOffice = ({ tokens }: Reading, { token }: Numeral) =>
  tokens[token + 1]?.fold === 'is' &&
  tokens[token + 2]?.fold === 'van' &&
  [token + 3, token + 4].some((at) => ORGANISATIONS.has(tokens[at]?.fold ?? ''))

/** Nine digits that pass the proof; and long numbers that nothing explains. */
function findRest(reading: Reading, row: Row, harmless: Spans, used: Set<Numeral>, take: Take) {
  const { numerals, gaps } = row
  const explained = new Set(numerals.filter(({ start, end }) => harmless.covers(start, end)))
  const isFree = (numeral: Numeral) => !used.has(numeral) && !explained.has(numeral)
  const isEdge = (index: number) =>
    gaps[index] === undefined || gaps[index] === 'hard' || used.has(numerals[index]!) || used.has(numerals[index + 1]!)
  const before = (position: number, length: number) => reading.lower.slice(Math.max(0, position - length), position)
  const areMarks = MARKS.test(before(numerals[0]!.start, 30))
  // A mobile number with a digit too few or too many.
  if (
    numerals.length < 8 &&
    numerals[0]!.digits.startsWith('06') &&
    numerals.every(isFree) &&
    /^(?:\d{9}|\d{11})$/.test(digitsOf(numerals))
  )
    take('phone', numerals)
  for (let from = 0; from < numerals.length; from++) {
    const first = numerals[from]!
    if (!isFree(first)) continue
    const nine = exactly(row, from, 9)
    if (nine && (nine.length === 1 || (isEdge(from - 1) && isEdge(from + nine.length - 1))) && nine.every(isFree)) {
      const digits = digitsOf(nine)
      if (/^6[1-58]/.test(digits) && PHONE_WORD.test(before(first.start, 40))) take('phone', nine)
      else if (passesElevenProof(digits)) take('bsn', nine)
      else if (OF_A_THING.test(before(first.start, 24))) for (const part of nine) used.add(part)
      else if (nine.length === 1 || nine.every((part) => part.digits.length <= 3)) take('case-number', nine)
    } else if (first.digits.length >= 7 && !first.spoken && !OF_A_THING.test(before(first.start, 24)))
      take('case-number', [first])
    else if (first.digits.length < 3 && !areMarks) {
      let to = from
      while (to < gaps.length && to < from + MOST_PARTS && numerals[to + 1]!.digits.length < 3 && isFree(numerals[to + 1]!)) to++
      const many = numerals.slice(from, to + 1)
      const digits = digitsOf(many)
      // "1, 2, 3, 4" counts; seven single digits in a row are spelled.
      const isSpelled = many.some(({ spoken }) => spoken) || many.every((part) => part.digits.length === 1)
      if (digits.length >= 7 && isSpelled && !isCounting(many)) take(passesElevenProof(digits) ? 'bsn' : 'case-number', many)
    }
  }
}

/** Of a thing, and not of a person. */
const OF_A_THING =
  /\b(?:order|bestelling|pallet\w*|pakket|zending|artikel|serie|partij|lot|batch|track\S*|formulier|product|machine|sku|ean|barcode|vacature|advertentie|factuur)(?:nummers?|nrs?|label|code)?[:.\s]{1,2}$/
/** Marks of a school or a test. */
const MARKS = /\b(?:cijfers?|cijferlijst|punten|scores?|niveaus?|stappen|opties|uitslag)\b[^\n\d]{0,12}$/

const isCounting = (numerals: readonly Numeral[]) =>
  numerals.every(({ digits }, index) => index === 0 || Number(digits) - Number(numerals[index - 1]!.digits) === 1)
