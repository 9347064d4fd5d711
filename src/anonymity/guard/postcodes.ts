// A full postcode, together: four digits and two letters that are no word. In pieces or spoken: codes.ts.
import { OF_AN_OFFICE } from './homes.js'
import { codePlaces, type Found, type Reading } from './text.js'
import { PLACE, type Words } from './words.js'

const POSTCODE = /(?:(?<![\w€.,-])|(?<=\bnl-))([1-9]\d{3})( {0,4}-? ?)([a-z]{2})(?![\w'])/y
const MASKED =
  /(?<![\w€.,-])(?:[1-9][\doOIl]{2}[eEsSbBoOIl]|[1-9]\d[eEsSbBoOIl]\d|[1-9][eEsSbBoOIl]\d\d|[IlSB]\d{3}) {0,3}[A-Z]{2}(?!\w)/y

const SAID = /(?<![\w€.,-])[1-9]\d{3},? (?:(?:en |dan |met ){0,2}(?:de )?letters? |met )[A-Z](?: ?en | ?)[A-Z](?!\w)/y

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))
/** Words of a sentence that come after a number, a year for example. */
const LITTLE = set('is in en op of om tm te ze we je al na nu er ik af ga ja uw zo ma di do vr za')
/** What is counted, or measured, in thousands. */
const UNITS = set('pk km kg eu mw gr cm mm ml uu mg gb mb tb kb kw kv st ha')
/** Of work, firms and laws; others name a place where somebody leaves from as well. */
const SHORT_FORMS = set('ww bv nv hr zw pw aj az ic it ex jr dd ev pm pp pj pu br nt bt')
/** What a sum of money is followed by: gross, net, without tax, a month, a head. */
const OF_MONEY = set('br bt nt ex pp pm pj pu pw pd')
const MONEY_BEFORE =
  /(?:€|\b(?:max|maximaal|min|minimaal|budget|cursus|opleiding|training|schaal|salaris|loon|verdien\w*|kost\w*|prijs|bedrag|vergoed\w*|subsidie|bruto|netto|euro|tarief|bijdrage|uitkering|inkomen|ca|circa|ruim|ongeveer|plm)\b)[^\n\d]{0,14}$/
const MONEY_AFTER = /^\s(?:btw|pm|per|p\/m|bruto|netto|euro|voor|incl|excl|kost|opleiding|cursus)\b/
const POSTCODE_WORD = /\b(?:pos\w{0,2}co+de?|pc|postc|woont|woonachtig|\w*adres|zip)\b[^\n]{0,30}$/
/** Somebody leaves from there, lives there, or looks around. */
const LED = /\b(?:vanaf|vanuit|in|uit|omgeving|omg|regio|rond|rondom|richting|nabij|buurt|reist)\s$/
/** "vanaf 2026 ZZ regeling" */
const OF_A_YEAR = /\b(?:in|vanaf|sinds|tot|per|voor|na|en|jaar)\s$/
const OF_A_THING =
  /(?:\b(?:nen|iso|en|din|nta|crebo|art|artikel|lokaal|zaal|order|model|type|formulier)|[a-z]{3}(?<!post)code|codenr)[ -]$/

export function findPostcodes(reading: Reading, { sortOf }: Words): Found[] {
  const { text, lower, codes } = reading
  const found: Found[] = []
  for (const { start, end, match } of codePlaces(POSTCODE, lower, codes)) {
    const [, digits, gap, letters] = match as unknown as [string, string, string, string]
    const before = lower.slice(Math.max(0, start - 44), start)
    if (/\b0[89]00[ -]?$/.test(before)) continue
    // "vacaturenr 2291-HB-07" goes on.
    if (gap.includes('-') && /^-\d/.test(lower.slice(end, end + 2))) continue
    // Never given out.
    if (/^s[ads]$/.test(letters) || OF_A_THING.test(before)) continue
    if (/\bpostbus \d+[, ]{1,2}$/.test(before) && (OF_AN_OFFICE.test(before) || OF_AN_OFFICE.test(lower.slice(end, end + 40))))
      continue
    const isGlued = gap === ''
    const isCalled = POSTCODE_WORD.test(before)
    const isYear = /^(?:19|20)\d\d$/.test(digits)
    const inCapitals = /[A-Z]{2}/.test(text.slice(end - 2, end))
    const isMoney = OF_MONEY.has(letters) && (MONEY_BEFORE.test(before) || MONEY_AFTER.test(lower.slice(end, end + 8)))
    if (isMoney && !isCalled) continue
    const town = /^,?\s([a-z'-]{2,30})/.exec(lower.slice(end, end + 33))?.[1]
    const isInTown = town !== undefined && (sortOf(town) & PLACE) !== 0
    // "postcodegebied 7811 en 7812"
    if (!isGlued && LITTLE.has(letters) && /^ \d{4}/.test(lower.slice(end, end + 5))) continue
    if (!isGlued && LITTLE.has(letters) && (!inCapitals || (isYear && !isCalled))) continue
    if (UNITS.has(letters) && !isCalled && !isInTown && !(isGlued && (inCapitals || LED.test(before)))) continue
    if (!isGlued && SHORT_FORMS.has(letters)) {
      const isPlace = isCalled || isInTown || (!isYear && !OF_MONEY.has(letters) && LED.test(before))
      if (!isPlace && (!inCapitals || isYear || /^(?:bv|nv|ww|zw|pw)$/.test(letters))) continue
    }
    if (isYear && !isGlued && !isCalled && (!inCapitals || (!isInTown && OF_A_YEAR.test(before)))) continue
    found.push({ start, end, kind: 'postcode' })
  }
  // "6522 en dan letters DM", "5237 met S en G"
  for (const { start, end } of codePlaces(SAID, text, codes)) found.push({ start, end, kind: 'postcode' })
  // "354e JK": a letter that looks like the digit, and capitals.
  for (const { start, end, match } of codePlaces(MASKED, text, codes))
    if (/\d\w?\d/.test(match[0])) found.push({ start, end, kind: 'postcode' })
  return found
}
