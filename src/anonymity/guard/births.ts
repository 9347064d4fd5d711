// A day or a year of birth that somebody calls so, in whatever words and order: "geb 3e v/d 9e in 71", "dertig juni zesennegentig jarig".
import type { Numeral } from './numerals.js'
import { spokenNumber } from './numerals.js'
import type { Reading } from './text.js'
import { perWord, type Token } from './tokens.js'

export type Place = Readonly<{ start: number; end: number }>

const CALLED = new Set(
  'geb gebdat gebdt gebdatum gebjaar gebjr geboren berne geboortedatum geboortedag geboorte geboortedat geboortejr geboortejaar gbd gbdt gebd gd dob geboortedtm born birth birthdate birthday bday verjaardag verjaart jarig urodzony urodzona'.split(
    ' ',
  ),
)
/** "gebortedatm" */
const MISSPELLED = /^gebo+r\w*d[ae]/
/** Of a person in one note and of a car in another. */
const BUILT = new Set(['bouwjaar', 'bj'])
const THINGS =
  /^(?:auto|bus|busje|woning|huis|wagen|motor|scooter|caravan|opel|vw|volkswagen|ford|camper|boot|\w*truck|machine|kraan|pand|gebouw|schip|trekker|tractor)$/
const KIN = new Set(
  'zoon dochter kind kids zoontje dochtertje kleinzoon kleindochter jongen meisje broertje zusje stiefzoon stiefdochter'.split(
    ' ',
  ),
)
const FILLERS = new Set(
  'zegt gaf kerstdag paasdag pinksterdag plus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag mnd jaartal datum dat dd dag jr jaar op de het is in van v d vd e ste den the of was ie ze hij zij maand nr zn haar zijn en on m'.split(
    ' ',
  ),
)
const ORDINALS = new Map(
  'eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde'
    .split(' ')
    .map((word, n) => [word, n + 1]),
)
'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ').forEach((word, n) => {
  ORDINALS.set(word, n + 1)
})
const MONTH =
  /^(?:jan(?:uari|uary)?|febr?(?:uari|uary)?|maart|mrt|march|mar|apr(?:il)?|mei|may|june?|juni|july?|juli|jannewaris|febrewaris|maaie|juny|septimber|novimber|desimber|aug(?:ustus|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:louw|sprokkel|lente|gras|bloei|zomer|hooi|oogst|herfst|wijn|slacht|winter)maand)$/
/** "13 VIII '87" */
const ROMAN = /^(?:i{1,3}|iv|vi{1,3}|ix|xi{0,2})$/
/** Day, month and year in six or eight digits; a visitor was born long ago, a child not yesterday. */
const RUN =
  /^(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)?\d\d)|(?:19[2-9]\d|20[01]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/
const FARTHEST = 12

type Part = Place & Readonly<{ value: number; digits: number; isMonth: boolean }>

export function calledBirths({ tokens, numerals }: Reading): Place[] {
  const found: Place[] = []
  /** By the last token, and by the first. */
  const spoken = new Map<number, Numeral>()
  const firsts = new Map<number, Numeral>()
  let isRead = false
  const read = () => {
    if (!isRead)
      for (const numeral of numerals)
        if (numeral.spoken) {
          spoken.set(numeral.token, numeral)
          firsts.set(numeral.first, numeral)
        }
    isRead = true
  }
  const couldTell = perWord(
    (fold) =>
      CALLED.has(fold) ||
      BUILT.has(fold) ||
      MISSPELLED.test(fold) ||
      KIN.has(fold) ||
      HOLIDAY.test(fold) ||
      fold === 'maand' ||
      ORDINALS.has(fold),
  )
  tokens.forEach((token, index) => {
    if (!couldTell(token)) return
    const isBuilt = BUILT.has(token.fold) && ![1, 2, 3, -1].some((back) => THINGS.test(tokens[index - back]?.fold ?? ''))
    if (CALLED.has(token.fold) || isBuilt || MISSPELLED.test(token.fold)) {
      read()
      // "geboren in het jaar zevenenzestig"
      const ofYear = tokens.slice(index + 1, index + 4).findIndex(({ fold }) => /^(?:jaar|jr)$/.test(fold))
      const one =
        digitByDigit(tokens, index) ??
        dateOf(partsFrom(tokens, spoken, index + 1), /j(?:aa)?r$/.test(token.fold)) ??
        (ofYear < 0 ? undefined : dateOf(partsFrom(tokens, spoken, index + ofYear + 2), true)) ??
        dateOf(partsBefore(tokens, spoken, index), /j(?:aa)?r$/.test(token.fold))
      if (one) found.push(one)
      // "verjaart op koningsdag en is van 1998", "geb op 22 november in zwolle en dat was in 1990"
      const day = [1, 2, 3, 4].map((ahead) => tokens[index + ahead]).find((one) => HOLIDAY.test(one?.fold ?? ''))
      if (day) found.push({ start: day.start, end: day.end })
      const year = yearAfter(tokens, index)
      if (year && !(one && year.start >= one.start && year.end <= one.end)) found.push({ start: year.start, end: year.end })
    } else if (HOLIDAY.test(token.fold)) {
      // "is van oudjaarsdag negentien achtenzestig": no appointment is so long ago.
      read()
      const [year, rest] = partsFrom(tokens, spoken, index + 1)
      const value = year?.value === 19 && rest?.digits === 2 ? 1900 + rest.value : (year?.value ?? 0)
      if (value > 1919 && value < 2013) found.push({ start: token.start, end: (value === year!.value ? year! : rest!).end })
    } else if (ORDINALS.has(token.fold)) {
      // "is vd 19e van de achtste 1991"
      read()
      const next = tokens[index + 1]
      const said = firsts.get(index + 1)
      const year = next?.isNumber
        ? { value: Number(next.fold), end: next.end }
        : said && { value: Number(said.digits), end: said.end }
      const day = [4, 3, 2]
        .map((back) => tokens[index - back] && partAt(tokens[index - back]!, spoken, index - back))
        .find((part) => part && !part.isMonth && part.value < 32)
      if (day && year && tokens[index - 1]!.fold === 'de' && year.value > 1919 && year.value < 2013)
        found.push({ start: day.start, end: year.end })
    } else if (token.fold === 'maand') {
      read()
      const one = byItsParts(tokens, spoken, index)
      if (one) found.push(one)
    } else if (KIN.has(token.fold)) {
      // "zoon 030609 nog leerplichtig"
      const next = tokens[index + 1]?.isNumber ? tokens[index + 1]! : tokens[index + 2]
      if (next?.isNumber && next.start - token.end < 8 && RUN.test(next.fold)) found.push({ start: next.start, end: next.end })
    }
  })
  return found
}

/** "jaar 66 maand 2 dag 27", "de eenendertigste van de vijfde maand van vijfenzestig": each part by its name. */
function byItsParts(tokens: readonly Token[], spoken: ReadonlyMap<number, Numeral>, month: number): Place | undefined {
  const near = (of: RegExp) => {
    for (let at = Math.max(0, month - 8); at < month + 9; at++)
      if (of.test(tokens[at]?.fold ?? '') && tokens[at + 1]) {
        const part = partAt(tokens[at + 1]!, spoken, at + 1)
        if (part && !part.isMonth) return part
      }
    return undefined
  }
  const year = near(/^(?:jaar|jr)$/)
  const day = near(/^(?:dag|dd)$/)
  const next = tokens[month + 1] && partAt(tokens[month + 1]!, spoken, month + 1)
  const isOld = (part: Part) => (part.digits === 2 ? part.value > 20 : part.value > 1919 && part.value < 2013)
  if (year && day && next && (isOld(year) || CALLED.has(tokens[month - 3]?.fold ?? '')))
    return { start: Math.min(year.start, day.start, next.start), end: Math.max(year.end, day.end, next.end) }
  const nth = tokens[month - 1] && partAt(tokens[month - 1]!, spoken, month - 1)
  const first = [4, 3, 2].map((back) => tokens[month - back] && partAt(tokens[month - back]!, spoken, month - back)).find(Boolean)
  const last = partsFrom(tokens, spoken, month + 1)[0]
  return nth && first && last && nth.value < 13 && first.value < 32 && isOld(last)
    ? { start: first.start, end: last.end }
    : undefined
}

const HOLIDAY =
  /^(?:koningsdag|koninginnedag|kerstavond|kerstdag|kerst|oudjaarsdag|oudjaarsavond|oudjaar|nieuwjaarsdag|nieuwjaar|sinterklaas|pakjesavond|valentijnsdag|dierendag|bevrijdingsdag|vrouwendag|driekoningen|schrikkeldag)$/
/** The year that is told beside a birthday, later in its sentence. */
const yearAfter = (tokens: readonly Token[], index: number): Token | undefined => {
  for (let at = index + 1; at < index + 14 && tokens[at] && !tokens[at]!.first; at++)
    if (/^(?:19[2-9]\d|20[01]\d)$/.test(tokens[at]!.fold) && /^(?:van|in|uit|jaar|bouwjaar|bj|is)$/.test(tokens[at - 1]!.fold))
      return tokens[at]
  return undefined
}

/** "1 2 0 3 1 9 8 8 geb" */
function digitByDigit(tokens: readonly Token[], index: number): Place | undefined {
  let from = index
  let digits = ''
  while (from > 0 && index - from < 8 && tokens[from - 1]!.isNumber && tokens[from]!.start - tokens[from - 1]!.end < 4)
    digits = tokens[--from]!.fold + digits
  return index - from > 3 && RUN.test(digits) ? { start: tokens[from]!.start, end: tokens[index - 1]!.end } : undefined
}

function partAt(token: Token, spoken: ReadonlyMap<number, Numeral>, index: number): Part | undefined {
  const { fold, start, end } = token
  if (token.isNumber) return { start, end, value: Number(fold), digits: fold.length, isMonth: false }
  if (MONTH.test(fold) || ROMAN.test(fold)) return { start, end, value: 0, digits: 0, isMonth: true }
  const ordinal =
    ORDINALS.get(fold) ?? (/(?:ste|de)$/.test(fold) ? Number(spokenNumber(fold.replace(/(?:ste|de)$/, ''))) : Number.NaN)
  if (ordinal > 0) return { start, end, value: ordinal, digits: 2, isMonth: false }
  const numeral = spoken.get(index)
  return numeral && { start: numeral.start, end, value: Number(numeral.digits), digits: numeral.digits.length, isMonth: false }
}

function partsFrom(tokens: readonly Token[], spoken: ReadonlyMap<number, Numeral>, index: number): Part[] {
  const parts: Part[] = []
  for (let at = index; at < index + FARTHEST && tokens[at] && parts.length < 8; at++) {
    const token = tokens[at]!
    const gap = token.start - tokens[at - 1]!.end
    const part = gap > 4 ? undefined : partAt(token, spoken, at)
    if (part) parts.push(part)
    else if (gap > 4 || !FILLERS.has(token.fold)) break
  }
  return parts
}

function partsBefore(tokens: readonly Token[], spoken: ReadonlyMap<number, Numeral>, index: number): Part[] {
  const parts: Part[] = []
  for (let at = index - 1; at > index - FARTHEST && at >= 0 && parts.length < 3; at--) {
    const token = tokens[at]!
    const part = tokens[at + 1]!.start - token.end > 4 ? undefined : partAt(token, spoken, at)
    if (part) parts.unshift(part)
    else if (!FILLERS.has(token.fold)) break
  }
  return parts
}

/** A day and a month, or six digits, or a year of birth alone: in four digits, or when a year is spoken of. */
function dateOf(parts: readonly Part[], isYearAsked: boolean): Place | undefined {
  // "26 0 5 1995"
  const [first, second] = parts.filter(({ value, digits, isMonth }, nth) => nth === 0 || isMonth || value > 0 || digits > 1)
  if (!first) return undefined
  const last = parts.at(-1)!
  if (isYearAsked && parts.length > 2 && !last.isMonth && last.digits === 2 && last.value > 15) return last
  const whole = { start: first.start, end: last.end }
  // "nul twee nul zeven zesennegentig"
  if (parts.length > 3 && RUN.test(parts.map(({ value }) => value).join(''))) return whole
  if (!first.isMonth && (first.digits === 6 || first.digits === 8) && RUN.test(String(first.value).padStart(first.digits, '0')))
    return first
  const isDay = first.value > 0 && first.value < 32 && first.digits < 3
  if (second && isDay && (second.isMonth || (second.digits < 3 && second.value > 0 && second.value < 13))) return whole
  // "eerste kerstdag 1993"
  if (second && isDay && second.digits === 4 && second.value > 1919 && second.value < 2030) return whole
  // "'80, 15 september"
  if (parts.length > 2 && parts.some(({ isMonth }) => isMonth)) return whole
  const isYear = first.digits === 4 && first.value > 1919 && first.value < 2016
  return isYear || (isYearAsked && first.digits === 2 && first.value > 15) ? { start: first.start, end: first.end } : undefined
}
