// Numbers that belong to one person: BSN, phone, IBAN, documents, licence plates, client and case numbers.
import type { Numeral, Row } from './numerals.js'
import { codeFrom, type Found, places, type Reading, type Spans } from './text.js'

/** The test that every BSN passes, and one in eleven of other nine digits. */
export function passesElevenProof(digits: string): boolean {
  if (!/^\d{8,9}$/.test(digits) || /^0*$/.test(digits)) return false
  const nine = digits.padStart(9, '0')
  let sum = -Number(nine[8])
  for (let i = 0; i < 8; i++) sum += Number(nine[i]) * (9 - i)
  return sum % 11 === 0
}

const BSN_WORD = /\b(?:bsn|b\.s\.n|bsnr|bsnummer|burger ?service ?(?:nummer|nr)|sofi(?:[- ]?(?:nummer|nr))?|sofinummer)\b/g
const PHONE_WORD =
  /(?:\b(?:tel|telefoon|telefoonnummer|telnr|telnummer|mobiel|mobiele|mob|gsm|06|bel|bellen|belt|bereikbaar|nummer|nr|whatsapp|wapp|app|appen|sms|sms'en|phone|0six)\b)[^\n]{0,24}$/
const ORGANISATIONS = new Set(
  'uwv gemeente wsp werkcentrum leerwerkloket lwl rmt balie kantoor receptie loket klantcontactcentrum kcc stadhuis gemeentehuis roc school secretariaat duo svb ind belastingdienst kvk servicepunt algemeen algemene centrale infolijn helpdesk wijkteam vakbond fnv cnv bibliotheek taalhuis'.split(
    ' ',
  ),
)
const BETWEEN = new Set('tel telefoon telefoonnummer nummer nr vast vaste het van de'.split(' '))

/** Nobody cuts a number into more pieces. */
const MOST_PARTS = 24

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
  return [...found, ...ibans(reading), ...named(reading, harmless)]
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

const digitsOf = (numerals: readonly Numeral[]) => numerals.map(({ digits }) => digits).join('')

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
      if (nine && (isNamed || isCalled) && !nine.some((each) => used.has(each))) take('bsn', nine)
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
      const isSure = mobile || isWithPlus || head.startsWith('0031') || whole.length === 1
      const isPlausible = isSure || (inside.every((gap) => gap === 'soft') && first.digits.length < 5)
      // A mobile number may hold what looks like a time; a date or a count is no other number.
      const isInside = ({ start, end }: Numeral) => harmless.covers(start, end)
      const isHarmless = mobile ? whole.every(isInside) : whole.some(isInside)
      if (isPlausible && !isHarmless) {
        if (mobile || !isOfAnOffice(reading, first)) take('phone', whole, Math.max(0, start))
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
  for (let at = token - 1, steps = 0; at >= 0 && steps < 4; at--, steps++) {
    const { fold, cap } = tokens[at]!
    if (ORGANISATIONS.has(fold)) return true
    if (!BETWEEN.has(fold) && cap === 'lower') return false
  }
  return false
}

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
      else if (nine.length === 1 || nine.every((part) => part.digits.length <= 3)) take('case-number', nine)
    } else if (first.digits.length >= 7 && !first.spoken) take('case-number', [first])
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

/** Marks of a school or a test. */
const MARKS = /\b(?:cijfers?|cijferlijst|punten|scores?|niveaus?|stappen|opties|uitslag)\b[^\n\d]{0,12}$/

const isCounting = (numerals: readonly Numeral[]) =>
  numerals.every(({ digits }, index) => index === 0 || Number(digits) - Number(numerals[index - 1]!.digits) === 1)

/** How long the account number of a country is (SWIFT, IBAN registry). */
const IBAN_LENGTHS = new Map(
  'ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 br29 by28 ch21 cr22 cy28 cz24 de22 dk18 do28 ee18 eg29 es24 fi18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 li21 lt20 lu20 lv21 ly25 mc27 md24 me22 mk19 mr27 mt31 mu30 nl18 no15 pk24 pl28 ps29 pt25 qa29 ro24 rs22 sa24 sd18 se24 si19 sk24 sm27 sn28 so23 tl23 tn24 tr26 ua29 va22 vg24 xk20'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Read without what stands between: spaces, dots, dashes, digits as words. A Dutch one also when its check digits are wrong. */
function ibans({ tokens, numerals }: Reading): Found[] {
  if (numerals.reduce((digits, numeral) => digits + numeral.digits.length, 0) < 10) return []
  const spoken = new Map<number, Numeral>()
  for (const numeral of numerals) if (numeral.digits !== tokens[numeral.token]!.fold) spoken.set(numeral.token, numeral)
  const pieces: string[] = []
  /** Where in the joined text each token begins. */
  const begins = new Int32Array(tokens.length + 1)
  for (let index = 0; index < tokens.length; index++) {
    const piece = spoken.get(index)?.digits ?? tokens[index]!.fold
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

const DOCUMENT =
  /\b(?:paspoort|pasp|id[- ]?kaart|id[- ]?bewijs|identiteits(?:kaart|bewijs)|legitimatie(?:bewijs)?|rijbewijs|verblijfs(?:vergunning|document|pas|kaart|titel)|vreemdelingen(?:document|pas|nummer|kaart)?|reisdocument|documentnummer|document|docnr|doc|v[- ]?(?:nummer|nr)|vnr|w[- ]?document|a-?(?:nummer|nr)|ind[- ]?(?:nummer|nr)|passport|visum|rijbewijsnummer|paspoortnummer|rijbewijsnr|paspoortnr|(?<!-)id|idnr)(?:[- ]?(?:nummer|nr|no|code))?\b/g
const DOCUMENT_ALONE = /\b(?=[a-z0-9]{0,8}\d)[a-np-z]{2}[a-np-z0-9]{6}\d\b/g
const CASE_CALLED =
  /\b(?:zaak|dossier|klant|clienten|client|relatie|polis|referentie|registratie|deelnemers?|kandidaat|patient|leerling|student|casus|meldings?|aanvraag|lidmaatschaps?|trajectplan|traject|pas|kaart)[- ](?:nummer|nrs?|no|id|code|kenmerk)\b|(?<=[a-z]{2})(?:nummers?|nrs?|kenmerk)\b|\b(?:kenmerk|dossier|zaak|klant|client|polis|cjib|ref|referentie|casus|rekening|bankrekening|giro)\b/g
/** These have a number that is nobody's. */
const NOBODYS =
  /^(?:vacature|vac|crebo|functie|huis|kamer|lokaal|bus|lijn|artikel|volg|klas|groep|zaal|telefoon|tel|mobiel|kvk|brin|isbn|norm|module|cursus|opleidings|nood|alarm|info|service|rang|rug|model|type|order|bestel|product|pagina|week|uur|nummer)(?:nummer|nummers|nr|nrs|kenmerk)$/
const CASE_ALONE =
  /\b(?:z|zk|zaak|d|dos|wmo|pw|sr|sd|k|kl|cl|c|wr|jz|uit|in)[-.]?(?:19|20)\d{2}[-./]?\d{3,8}\b|\b(?:19|20)\d{2}[-./]\d{5,8}\b|\b[a-z]{1,5}[-/](?:19|20)\d{2}[-/.]\d{3,8}\b|\b(?!(?:nen|en|iso|nta|din|art|crebo)[-./])[a-z]{2,4}[-./]\d{5,9}\b|\b\d{2,4}[/-]\d{3,6}[/-][a-z]{2,4}\b/g
const PLATE_WORD =
  /\b(?:kenteken|kentekens|kentekennummer|kent|nummerbord|nummerplaat|plaat|auto|scooter|bus|busje|bestelbus|voertuig|wagen|aanhanger|motor|brommer)\b/g
const SIDECODE =
  /(?:[a-z]{2}\d{4}|\d{4}[a-z]{2}|\d{2}[a-z]{2}\d{2}|[a-z]{2}\d{2}[a-z]{2}|[a-z]{4}\d{2}|\d{2}[a-z]{4}|\d{2}[a-z]{3}\d|\d[a-z]{3}\d{2}|[a-z]{2}\d{3}[a-z]|[a-z]\d{3}[a-z]{2}|[a-z]{3}\d{2}[a-z]|[a-z]\d{2}[a-z]{3}|\d[a-z]{2}\d{3}|\d{3}[a-z]{2}\d)/
const PLATE =
  /(?<![\w-])(?:[a-z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[a-z]{2}|\d{2}-[a-z]{2}-\d{2}|[a-z]{2}-\d{2}-[a-z]{2}|[a-z]{2}-[a-z]{2}-\d{2}|\d{2}-[a-z]{2}-[a-z]{2}|\d{2}-[a-z]{3}-\d|\d-[a-z]{3}-\d{2}|[a-z]{2}-\d{3}-[a-z]|[a-z]-\d{3}-[a-z]{2}|[a-z]{3}-\d{2}-[a-z]|[a-z]-\d{2}-[a-z]{3}|\d-[a-z]{2}-\d{3}|\d{3}-[a-z]{2}-\d)(?![\w-])/g
const PLATE_CAPITALS =
  /(?<![\w-])(?:\d{2}[ .]?[A-Z]{3}[ .]?\d|\d[ .]?[A-Z]{3}[ .]?\d{2}|[A-Z]{2}[ .]?\d{3}[ .]?[A-Z]|[A-Z][ .]?\d{3}[ .]?[A-Z]{2}|[A-Z]{3}[ .]?\d{2}[ .]?[A-Z]|\d{2}[ .]?[A-Z]{2}[ .]?\d{2}|[A-Z]{2}[ .]?\d{2}[ .]?[A-Z]{2}|\d[ .]?[A-Z]{2}[ .]?\d{3}|\d{3}[ .]?[A-Z]{2}[ .]?\d|[A-Z]{2} [A-Z]{2} \d{2}|\d{2} [A-Z]{2} [A-Z]{2})(?![\w-])/g
const NO_PLATE =
  /^(?:ma|di|wo|do|vr|za|zo)-\d|^\d{1,2}-(?:jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)-|^(?:nr|wk|wv|kw|q)-|-(?:uu|pm|am)$/

/** Codes that are what they are because somebody names them, or because they look like nothing else. */
function named(reading: Reading, harmless: Spans): Found[] {
  const { lower, text } = reading
  const found: Found[] = []
  const after = (
    pattern: RegExp,
    kind: Found['kind'],
    fits: (code: NonNullable<ReturnType<typeof codeFrom>>, called: string) => boolean,
  ) => {
    for (const { start, end } of places(pattern, lower)) {
      const code = codeFrom(reading, firstTokenAt(reading, end)) ?? spokenCode(reading, firstTokenAt(reading, end))
      if (
        code &&
        code.start - end < 30 &&
        !lower.slice(end, code.start).includes('\n') &&
        fits(code, lower.slice(wordStart(lower, start), end))
      )
        found.push({ start: code.start, end: code.end, kind })
    }
  }
  after(DOCUMENT, 'document', ({ joined, digits }) => joined.length >= 6 && digits >= 4 && !/^(?:19|20)\d{6}$/.test(joined))
  for (const { start, end, match } of places(DOCUMENT_ALONE, lower))
    if (match[0].replace(/\D/g, '').length >= 3 && !/(?:19|20)\d\d$/.test(match[0])) found.push({ start, end, kind: 'document' })
  after(CASE_CALLED, 'case-number', ({ joined, digits, start, end }, called) => {
    if (NOBODYS.test(called)) return false
    const isNumbered = /(?:nummer|nrs?|no|id|code|kenmerk)$/.test(called)
    if (!isNumbered && harmless.covers(start, end)) return false
    const isCount = /^\s?(?:jaar|jr|x|keer|uur|km|euro|mensen|dagen|weken|maanden|%)/.test(lower.slice(end, end + 9))
    return !isCount && (isNumbered ? digits >= 3 : digits >= 4 && !/^(?:19|20)\d\d$/.test(joined))
  })
  after(
    /\b(?:duo|bezwaar|aanvraag|crm|corr|beschikking|svb|stap)\b/g,
    'case-number',
    ({ joined, digits, start, end }) => digits > 5 && !joined.startsWith('0') && !harmless.covers(start, end),
  )
  for (const { start, end } of places(CASE_ALONE, lower)) found.push({ start, end, kind: 'case-number' })
  after(
    PLATE_WORD,
    'plate',
    ({ joined, letters, digits }) =>
      letters >= 1 &&
      digits >= 1 &&
      (new RegExp(`^${SIDECODE.source}$`).test(joined) ||
        (joined.length >= 6 && joined.length <= 8 && letters >= 2 && digits >= 3)),
  )
  for (const { start, end, match } of places(PLATE, lower))
    if (!NO_PLATE.test(match[0])) found.push({ start, end, kind: 'plate' })
  for (const { start, end, match } of places(PLATE_CAPITALS, text)) {
    const isSpread = /[ .]/.test(match[0])
    if (
      !isSpread ||
      !/\b(?:UUR|JAAR|DAG|MBO|HBO|VCA|MAX|MIN|OF|EN|IN|OP|TE|OM|TOT|AAN|NA|ZO|MA|DI|WO|DO|VR|ZA|BV|NV|CV|MW|HR|PW|ZW|WW|UWV|KM|JAN|FEB|MRT|APR|MEI|JUN|JUL|AUG|SEP|OKT|NOV|DEC|WK|PER|BBL|BOL|VMBO|HAVO|NEN|ISO)\b/.test(
        match[0],
      )
    )
      found.push({ start, end, kind: 'plate' })
  }
  return found
}

/** "klantnummer negen nul nul drie een". */
function spokenCode({ rows, tokens }: Reading, index: number): NonNullable<ReturnType<typeof codeFrom>> | undefined {
  const first = tokens[index]
  let low = 0
  let high = rows.length
  while (first && low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.numerals.at(-1)!.start < first.start) low = middle + 1
    else high = middle
  }
  const numerals = rows[low]?.numerals.filter(({ start }) => start >= (first?.start ?? 0)).slice(0, MOST_PARTS)
  if (!first || !numerals || numerals.length === 0 || numerals[0]!.token > index + 3) return undefined
  const joined = digitsOf(numerals)
  return { start: numerals[0]!.start, end: numerals.at(-1)!.end, letters: 0, digits: joined.length, joined }
}

/** Back to where the word begins that `position` stands in. */
function wordStart(lower: string, position: number): number {
  let start = position
  while (start > 0 && position - start < 22 && /[a-z]/.test(lower[start - 1]!)) start--
  return start
}

/** Index of the first token that starts at or after `position`. */
function firstTokenAt({ tokens }: Reading, position: number): number {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tokens[middle]!.start < position) low = middle + 1
    else high = middle
  }
  return low
}
