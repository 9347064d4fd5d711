// Dates: which are a day of birth, and which an appointment or a period. And the other numbers that need no doubt: times, amounts, counts.
import { calledBirths } from './births.js'
import { spokenNumber } from './numerals.js'
import { type Found, places, type Reading, Spans } from './text.js'
import { perWord } from './tokens.js'

const MONTHS = 'januari februari maart april mei juni juli augustus september oktober november december'.split(' ')
const BIRTH_WORD =
  'geb|gebdat|gebdt|gebdatum|gebjaar|gebjr|geboren|geboortedatum|geboortedag|geboorte|geboortedat|geboortejr|geboortejaar|gbd|gbdt|gebd|gd|g\\.d|geboortedtm|dob|d\\.o\\.b|born|birth|birthdate|birthday|bday|verjaardag|verjaart|jarig|bouwjaar(?!\\s\\w*(?:truck|machine|kraan|pand|auto|wagen))|bj|wordt op|word op|ur|urodzony|urodzona|urodz|dogum'
const MONTH = `(?:${[...MONTHS, 'january', 'february', 'march', 'may', 'june', 'july', 'august', 'october'].join('|')}|jan|febr?|mrt|maa|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec)`
const IS_MONTH = new RegExp(`^${MONTH}$`)
const SEPARATOR = '[ ]?[-/._*|\\\\~+,:][ ]?'

/** Day and month, with or without a year; or the year first. */
const NUMERIC = new RegExp(
  `(?<![\\d+])(?:(\\d{1,2})${SEPARATOR}(\\d{1,2})(?:${SEPARATOR}'?(\\d{4}|\\d{2}))?|(\\d{4})${SEPARATOR}(\\d{1,2})${SEPARATOR}(\\d{1,2})|(\\d{1,2}) (\\d{1,2}) (\\d{4}|\\d{2}))(?!\\d|[-/.]\\d)`,
  'g',
)
const IN_WORDS = new RegExp(
  `\\b(?:(\\d{1,2})(?:e|ste|de|st|nd|rd|th)?(?:[ ./_*-]{1,3}|)(?:van )?${MONTH}(?![a-z])[.,]?(?:[ /_*-]{0,3}'?(\\d{4}|\\d{2})(?![:.]?\\d))?|${MONTH}[ .]{1,2}(\\d{1,2})(?:st|nd|rd|th)?,? ((?:19|20)\\d{2})\\b|${MONTH}[ .]{1,2}'?((?:19|20)\\d{2}|\\d{2})\\b(?! uur))`,
  'g',
)
const RUN_TOGETHER =
  /(?<![\d+])(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19[2-9]\d|200\d|201[0-2])|(?:19[2-9]\d|200\d|201[0-2])(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)/g

const BIRTH = new RegExp(`\\b(?:${BIRTH_WORD})\\b[^\\n\\d]{0,24}$`)
const AFTER_BIRTH =
  /^[^\n\p{L}\d]{0,4}(?:gebor\w*|geb\b|geb[. ]?dat|gebdat|jarig|born\b|is (?:haar|zijn|zn|z'n|hr|de) (?:verjaardag|geb|geboorte))/u
const OF_A_CHILD =
  /\b(?:zoon|dochter|kind|kindje|zoontje|dochtertje|kleinkind|kleinzoon|kleindochter|baby|peuter|kleuter|tweeling|jongste|oudste|meisje|jongen)(?: is)?(?: van| v| geb)?[\s:,(]{1,2}$/
/** "sinds 1 december '58, vertelt hij over zijn geboortedag" */
const BORN_AFTER = /^[^\n]*\b(?:geboorte|verjaar)/
/** "1998 tot 31-12-2004": a time with an end. */
const UNTIL = /^\s?(?:tot(?: en met)?|t\/m|tm)\s\d/
const OTHERWISE_AFTER =
  /^[^\n\d]{0,30}\b(?:gekomen|gestart|begonnen|gehaald|behaald|ontslagen|getrouwd|gescheiden|afgerond|afgestudeerd|verhuisd|ingeschreven|aangevraagd|in dienst|uit dienst|opgericht|gewerkt|overleden|gevlucht|aangekomen)\b/
/** A date after such a word tells of a job, a course or an appointment. */
const OTHERWISE =
  /\b(?:sinds|vanaf|per|periode|tot|tm|t\/m|dienst|dienstverband|ontslag|ontslagen|ingang|contract|start|startte|gestart|startdatum|begin|begonnen|einde|einddatum|afloop|loopt|verloopt|diploma|behaald|gehaald|certificaat|werkzaam|gewerkt|werkte|nederland|afspraak|gesprek|geldig|uitkering|ingeschreven|inschrijving|wet|besluit|oprichting|opgericht|sluit|sluiting|failliet|verhuisd|getrouwd|gescheiden|overleden|brief|mail|dagtekening|aanvraag|aangevraagd|versie|update)\b[^\n]{0,16}$/

const TIME =
  /\b(?:[01]?\d|2[0-4]):[0-5]\d\b|\b(?:[01]?\d|2[0-4])(?:[.u]|\s?uur\s?)[0-5]\d\b(?![-/.]\d)|\b\d{1,2}(?:[.:]\d\d)?\s?(?:uur|u|h)\b/g
const AMOUNT = /(?:€|\beuro?s?|\beur)\s?-?\d[\d.,]*|\b\d[\d.,]{0,14}\s?(?:€|euro?s?\b|bruto\b|netto\b|,-|%|procent\b|cent\b)/g
const COUNT =
  /\b\d{1,6}(?:[.,]\d{1,3})?\s?(?:x\b|uur|uren|jaar|jr\b|jaren|km\b|kilometer|dag|dagen|week|weken|wk\b|wkn\b|maand|maanden|mnd\b|min\b|minuten|mensen|personen|kinderen|kids|keer|maal|m2|kg\b|kilo|punten|plekken|plaatsen|vacatures|deelnemers|leerlingen|stuks|fte\b|diensten|pers\b|p\b|medewerkers|collega|bezoekers|gesprekken|sollicitaties|brieven|lessen|modules|dagdelen|dagdeel)/g
const LAW =
  /\b(?:art|artikel|artikelen|lid|par|paragraaf|hoofdstuk|iso|nen|crebo|creboknr|crebonummer|vacature|vacaturenummer|vacaturenr|vacnr|functienummer|lokaal|kamer|zaal|bus|(?<!vaste )lijn|perron|groep|klas|niveau|schaal|fase|route|spoor|code|versie|windows|office|nvq|isbn)\s?[-:.#]?\s?(?:nr\.?|nummer)?\s?\d[\d.:]*(?:\s?lid\s?\d+)?/g
/** "de A28 en N348": roads. "ploeg 06-14 14-22 22-06": shifts. "21.600 = 1.728": sums in thousands. */
const ROAD = /\b(?:de|via|langs|file|afslag|route|en|dan|op|over|snelweg|\d),?\s[an]\d{1,3}\b/g
const SHIFTS =
  /\b(?:ploeg\w*|diensten?|\w*rooster|werktijden|tijden|shifts?):?\s(?:[012]?\d-[012]?\d(?:[\s,/]{1,3}(?:en )?|\b)){1,6}|\b[012]?\d[.:]\d\d\s?-\s?[012]?\d[.:]\d\d\b/g
const THOUSANDS = /(?<![\d.,-])\d{1,3}\.\d{3}(?![\d-]|[ .,/]{1,2}\d)/g
/** 14 + area code, and the numbers that anybody calls for nothing or for a fee; 088 belongs to organisations. */
const PUBLIC = /(?<![\d+])(?:14[ -]?0\d{2,3}|0[89]00[ -]?\d(?:[ -]?\d){3,6}|088(?:[ -]?\d){7}|11[236])(?!\d)/g

const isYear = (year: number) => year >= 1900 && year <= 2099

/** `harmless`: numbers that are explained and so no other number; a day of birth is explained, too. */
export type Dates = Readonly<{ births: readonly Found[]; harmless: Spans }>

const ROMAN = /\b(?:[ivx]{1,6}|\d{1,2})[-./ ](?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})[-./ ](?:19|20)\d\d\b/g

export function readDates(reading: Reading): Dates {
  const { lower } = reading
  const births: Found[] = []
  const born = new Spans()
  const isCalledBirth = (start: number) => BIRTH.test(lower.slice(Math.max(0, start - 48), start))
  const harmless = new Spans()
  const note = (start: number, end: number, year: string | undefined, isWhole: boolean) => {
    const before = lower.slice(Math.max(0, start - 48), start)
    const isChild = isWhole && /^(?:20)?(?:0\d|1\d|2[0-5])$/.test(year ?? '') && OF_A_CHILD.test(before)
    const isBirth = isChild || BIRTH.test(before) || AFTER_BIRTH.test(lower.slice(end, end + 30))
    if (
      isBirth ||
      (isWhole &&
        isLongAgo(year) &&
        (!OTHERWISE.test(before) || BORN_AFTER.test(lower.slice(end, end + 60))) &&
        !UNTIL.test(lower.slice(end, end + 12)) &&
        !OTHERWISE_AFTER.test(lower.slice(end, end + 48)))
    ) {
      births.push({ start, end, kind: 'birth-date' })
      born.add(start, end)
      harmless.add(start, end)
    } else harmless.add(start, end)
  }
  for (const { start, end, match } of places(NUMERIC, lower)) {
    const [, d1, m1, y1, y2, m2, d2, d3, m3, y3] = match
    const [day, month, year] = d2 ? [d2, m2, y2] : d3 ? [d3, m3, y3] : [d1, m1, y1]
    const fits = (a: number, b: number) => a >= 1 && a <= 31 && b >= 1 && b <= 12
    if (!fits(Number(day), Number(month)) && !fits(Number(month), Number(day))) continue
    if (year?.length === 4 && !isYear(Number(year))) continue
    if (/\d[-/.]$/.test(lower.slice(Math.max(0, start - 2), start))) continue
    // "2008/5.1" is a version.
    if (new Set(match[0].match(/[-/._*|\\~+,:]/g)).size > 1 && !BIRTH.test(lower.slice(Math.max(0, start - 48), start))) continue
    // 0.5, 3.2 and 10.30 are no days; what stands between the parts of a row is not always a date's.
    if (year === undefined && !/\d[-/]\d/.test(match[0])) continue
    if (/[,:+]/.test(match[0]) && !isCalledBirth(start)) continue
    // "1 2 3-4 5 6" is one number in pieces.
    if (year === undefined && (/\d $/.test(lower.slice(Math.max(0, start - 2), start)) || /^ \d/.test(lower.slice(end, end + 2))))
      continue
    // "geb 4 7 79"; elsewhere three small numbers are no day.
    if (y3?.length === 2 && !BIRTH.test(lower.slice(Math.max(0, start - 48), start))) continue
    note(start, end, year, year !== undefined)
  }
  for (const { start, end, match } of places(IN_WORDS, lower)) {
    const year = match[2] ?? match[4] ?? match[5]
    note(start, end, year, year !== undefined && match[5] === undefined)
  }
  for (const { start, end } of places(ROMAN, lower)) note(start, end, lower.slice(end - 4, end), true)
  for (const { start, end } of places(RUN_TOGETHER, lower)) note(start, end, '1900', true)
  for (const { start, end } of calledBirths(reading)) {
    births.push({ start, end, kind: 'birth-date' })
    born.add(start, end)
    harmless.add(start, end)
  }
  spokenDates(reading, isCalledBirth, note)
  // A place that is a day of birth is not excused by being a count, too.
  for (const pattern of [TIME, AMOUNT, COUNT, LAW, PUBLIC, ROAD, SHIFTS, THOUSANDS])
    for (const { start, end } of places(pattern, lower)) if (!born.covers(start, end)) harmless.add(start, end)
  return { births, harmless }
}

/** Nobody makes an appointment for then, and who is a visitor was born then. Two digits from 30 on are of the last century. */
function isLongAgo(year: string | undefined): boolean {
  if (year === undefined) return false
  const number = Number(year)
  return year.length === 2 ? number >= 30 : number >= 1900 && number <= 2012
}

/** "twaalf mei negentienhonderd vijfentachtig": a day, a month and a year of which one at least is a word. */
function spokenDates(
  { tokens, rows, lower }: Reading,
  isCalledBirth: (start: number) => boolean,
  note: (start: number, end: number, year: string, isWhole: boolean) => void,
) {
  // "twaalf - drie - vijfentachtig"
  for (const { numerals } of rows) {
    const [day, month, year] = numerals
    if (!day || !month || !year || !numerals.some(({ spoken }) => spoken)) continue
    const isYear = year.digits.length === 2 || /^(?:19|20)\d\d$/.test(year.digits)
    if (numerals.length > 3 && !isCalledBirth(day.start)) continue
    if (Number(day.digits) < 32 && Number(month.digits) < 13 && Number(month.digits) > 0 && isYear)
      note(day.start, year.end, year.digits, numerals.length === 3)
  }
  const isMonth = perWord((fold) => IS_MONTH.test(fold))
  tokens.forEach((token, index) => {
    if (!isMonth(token)) return
    const day = tokens[index - 1]
    const spokenDay =
      day && (day.isNumber ? day.fold : (spokenNumber(day.fold.replace(/(?:ste|de|e)$/, '')) ?? spokenNumber(day.fold)))
    // "dertigste augustus anno 1961"
    const ahead = /^(?:anno|jaar)$/.test(tokens[index + 1]?.fold ?? '') ? index + 2 : index + 1
    const first = tokens[ahead]
    if (day && !day.isNumber && spokenDay && Number(spokenDay) < 32 && /^(?:19|20)\d\d$/.test(first?.fold ?? ''))
      note(day.start, first!.end, first!.fold, true)
    const century = first && !first.isNumber ? spokenNumber(first.fold) : undefined
    if (!day || !spokenDay || Number(spokenDay) > 31 || !first || century === undefined) return
    const second = tokens[ahead + 1]
    const rest = second && second.start - first.end < 3 ? (second.isNumber ? second.fold : spokenNumber(second.fold)) : undefined
    const joins = rest !== undefined && Number(rest) < 100
    const number = Number(century)
    const year = !joins ? number : number < 100 ? number * 100 + Number(rest) : number + Number(rest)
    const isShort =
      !joins &&
      number < 100 &&
      (isCalledBirth(day.start) || /\bv(?:an)?(?: ?de|d)?\s$/.test(lower.slice(Math.max(0, day.start - 9), day.start)))
    if (!isShort && (year < 1900 || year > 2099)) return
    note(day.start, joins ? second!.end : first.end, String(year), true)
  })
}
