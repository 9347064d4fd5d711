// A full postcode, together: four digits and two letters that are no word. In pieces or spoken: codes.ts.
import { type Found, places, type Reading, unmasked } from './text.js'

const POSTCODE = /(?<![\w€.,-])([1-9]\d{3})( ?-?)([a-z]{2})(?![\w'])/g
const MASKED =
  /(?<![\w€.,-])(?:[1-9][\doOIl]{2}[eEsSbBoOIl]|[1-9]\d[eEsSbBoOIl]\d|[1-9][eEsSbBoOIl]\d\d|[IlSB]\d{3}) ?[A-Z]{2}(?!\w)/g
/** Words of two letters that come after a number, a year for example. */
const NO_LETTERS = new Set(
  'is in en op of om te ze we je al na nu er ik af ga ja uw zo wo ma di do vr za pm km kg eu ww mw bv nv hr zw pw aj az ic it ex jr st eu dd en ev gr cm mm ml uu mg gb mb tb kb kw kv st ha pp pj pu'.split(
    ' ',
  ),
)
const POSTCODE_WORD = /\b(?:postcode|pc|postc|woont|woonachtig|adres|zip)\b[^\n]{0,30}$/

export function findPostcodes(reading: Reading): Found[] {
  const { text, lower } = reading
  const found: Found[] = []
  for (const { start, end, match } of places(POSTCODE, unmasked(reading))) {
    const [, digits, gap, letters] = match as unknown as [string, string, string, string]
    const isCalled = POSTCODE_WORD.test(lower.slice(Math.max(0, start - 44), start))
    const isYear = /^(?:19|20)\d\d$/.test(digits)
    const inCapitals =
      /[A-Z]{2}/.test(text.slice(end - 2, end)) && !/^(?:BV|NV|WW|ZW|PW|EU|HR|KM|KG)$/.test(text.slice(end - 2, end))
    if (
      /^s[ads]$/.test(letters) ||
      /(?:\b(?:nen|iso|en|din|nta|crebo|art|artikel|lokaal|zaal|order|model|type|formulier)|[a-z]{3}(?<!post)code|codenr)[ -]$/.test(
        lower.slice(Math.max(0, start - 14), start),
      )
    )
      continue
    // In small letters a space apart it may be a number and a word: then the letters must be no word, or an address be spoken of.
    if (
      gap === ' ' &&
      NO_LETTERS.has(letters) &&
      !inCapitals &&
      (!isCalled || /^(?:is|in|en|op|of|om|te|we|je|al|na|nu)$/.test(letters))
    )
      continue
    if (gap === ' ' && NO_LETTERS.has(letters) && inCapitals && isYear && !isCalled) continue
    if (isYear && gap === ' ' && !isCalled && !inCapitals) continue
    found.push({ start, end, kind: 'postcode' })
  }
  // "354e JK": a letter that looks like the digit, and capitals.
  for (const { start, end, match } of places(MASKED, text))
    if (/\d\w?\d/.test(match[0])) found.push({ start, end, kind: 'postcode' })
  return found
}
