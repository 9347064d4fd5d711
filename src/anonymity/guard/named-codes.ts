// Documents, cases and licence plates that somebody names, and what looks like nothing else. In pieces: codes.ts; plates alone: plates.ts.
import { digitsOf, MOST_PARTS } from './numbers.js'
import { SIDE_CODE } from './plates.js'
import { codeFrom, codePlaces, type Found, placesNear, type Reading, type Spans } from './text.js'
import { perWord } from './tokens.js'

const DOCUMENT =
  /\b(?:paspoort|pasp|id[- ]?kaart|id[- ]?bewijs|identiteits(?:kaart|bewijs)|legitimatie(?:bewijs)?|rijbewijs|verblijfs(?:vergunning|document|pas|kaart|titel)|vreemdelingen(?:document|pas|nummer|kaart)?|reisdocument|documentnummer|document|docnr|doc|v[- ]?(?:nummer|nr)|vnr|w[- ]?document|a-?(?:nummer|nr)|ind[- ]?(?:nummer|nr)|passport|visum|rijbewijsnummer|paspoortnummer|rijbewijsnr|paspoortnr|(?<!-)id|idnr)(?:[- ]?(?:nummer|nr|no|code))?\b/g
const DOCUMENT_ALONE = /\b(?=[a-z0-9]{0,8}\d)[a-np-z]{2}[a-np-z0-9]{6}\d\b/y
const CASE_CALLED =
  /\b(?:zaak|dossier|klant|clnt|klnt|clienten|client|relatie|polis|referentie|registratie|case|deelnemers?|kandidaat|patient|leerling|student|casus|meldings?|aanvraag|lidmaatschaps?|trajectplan|traject|pas|kaart)[- ](?:nummer|nrs?|no|id|code|kenmerk)\b|(?<=[a-z]{2})(?:nummers?|nrs?|kenmerk)\b|\b(?:kenmerk|dossier|zaak|klant|client|polis|cjib|ref|referentie|casus|rekening|bankrekening|giro)\b/g
/** These have a number that is nobody's. */
const NOBODYS =
  /^(?:antwoord|werkgevers|aansluit|loonheffings|vacature|vac|crebo|functie|huis|kamer|lokaal|bus|lijn|artikel|volg|klas|groep|zaal|telefoon|tel|mobiel|kvk|brin|isbn|norm|module|cursus|opleidings|nood|alarm|info|service|rang|rug|model|type|order|bestel|product|formulier|artikel|serie|zending|pakket|pallet|lot|batch|pagina|week|uur|nummer)(?:nummer|nummers|nr|nrs|kenmerk)$/
const CASE_ALONE =
  /\b(?:z|zk|zaak|d|dos|wmo|pw|sr|sd|k|kl|cl|c|wr|jz|uit|in)[-.]?(?:19|20)\d{2}[-./]?\d{3,8}\b|\b(?:19|20)\d{2}[-./]\d{5,8}\b|\b[a-z]{1,5}[-/](?:19|20)\d{2}[-/.]\d{3,8}\b|\b(?!(?:nen|en|iso|nta|din|art|crebo)[-./])[a-z]{2,4}[-./]\d{5,9}\b|\b\d{2,4}[/-]\d{3,6}[/-][a-z]{2,4}\b|\b(?!art|lid|nen|iso)[a-z]{3} \d{2}\/\d{3,5}\b/y
const PLATE_WORD =
  /\b(?:kenteken|kentekens|kentekennummer|kent|nummerbord|nummerplaat|plaat|auto|scooter|bus|busje|bestelbus|voertuig|wagen|aanhanger|motor|brommer)\b/g
/** Of these one is in whatever calls a code, which is no longer than so many UTF-16 units. */
const MARK =
  /(?:nummers?|nrs?|no|id|code|kenmerk|document)$|^(?:paspoort|pasp|id|identiteits|legitimatie|rijbewijs|verblijfs|vreemdelingen|reisdoc|doc|ind|passport|visum|zaak|dossier|klant|client|polis|cjib|ref|casus|rekening|bankrekening|giro|duo|sonar|bezwaar|aanvraag|crm|corr|beschikking|svb|stap|kent|nummer|plaat|auto|scooter|bus|bestelbus|voertuig|wagen|aanhanger|motor|brommer)/
const LONGEST_CALL = 32
/** Codes that are what they are because somebody names them, or because they look like nothing else. */
export function findNamedCodes(reading: Reading, harmless: Spans): Found[] {
  const { lower, tokens, codes } = reading
  const found: Found[] = []
  const marks = tokens.filter(perWord((fold) => MARK.test(fold)))
  const after = (
    pattern: RegExp,
    kind: Found['kind'],
    fits: (code: NonNullable<ReturnType<typeof codeFrom>>, called: string) => boolean,
  ) => {
    for (const { start, end } of placesNear(pattern, lower, marks, LONGEST_CALL)) {
      const at = firstTokenAt(reading, end)
      const [written, said] = [codeFrom(reading, at), spokenCode(reading, at)]
      const code = written && written.digits >= (said?.digits ?? 0) ? written : said
      if (
        code &&
        code.start - end < 30 &&
        !lower.slice(end, code.start).includes('\n') &&
        fits(code, lower.slice(wordStart(lower, start), end))
      )
        found.push({ start: code.start, end: code.end, kind })
    }
  }
  after(
    DOCUMENT,
    'document',
    ({ joined, digits, start, end }) =>
      joined.length >= 6 &&
      digits >= 4 &&
      !/^(?:19|20)\d{6}$/.test(joined) &&
      // "rijbewijs kost 6.000"
      !/^[a-z ]{0,8}\d{1,3}\.\d{3}$/.test(lower.slice(start, end)),
  )
  for (const { start, end, match } of codePlaces(DOCUMENT_ALONE, lower, codes))
    if (match[0].replace(/\D/g, '').length >= 3 && !/(?:19|20)\d\d$/.test(match[0])) found.push({ start, end, kind: 'document' })
  after(CASE_CALLED, 'case-number', ({ joined, digits, start, end }, called) => {
    if (NOBODYS.test(called)) return false
    const isNumbered = /(?:nummer|nrs?|no|id|code|kenmerk)$/.test(called)
    if (!isNumbered && harmless.covers(start, end)) return false
    const isCount = /^\s?(?:jaar|jr|x|keer|uur|km|euro|mensen|dagen|weken|maanden|%)/.test(lower.slice(end, end + 9))
    const isAmount = !isNumbered && /^(?:ong\S* |ca\S* )?\d{1,3}(?:\.\d{3})+$/.test(lower.slice(start, end))
    return !isCount && !isAmount && (isNumbered ? digits >= 3 : digits >= 4 && !/^(?:19|20)\d\d$/.test(joined))
  })
  after(
    /\b(?:duo|sonar|bezwaar|aanvraag|crm|corr|beschikking|svb|stap)\b/g,
    'case-number',
    ({ joined, digits, start, end }) => digits > 5 && !joined.startsWith('0') && !harmless.covers(start, end),
  )
  for (const { start, end } of codePlaces(CASE_ALONE, lower, codes)) found.push({ start, end, kind: 'case-number' })
  found.push(...namedAfter(reading))
  after(
    PLATE_WORD,
    'plate',
    ({ joined, letters, digits, start, end }) =>
      letters >= 1 &&
      digits >= 1 &&
      // "auto van 9000 te duur"
      !/^(?:bj|lijn|halte|tram|perron|spoor|kamer|pas|om|tot|vanaf|rond|nog) |^\d{3,6} (?:te|en|in|is|om|op|of|km|pm|eu|kg|pk|cc|bj|an|ex)$/.test(
        lower.slice(start, end),
      ) &&
      (SIDE_CODE.test(joined) || (joined.length >= 6 && joined.length <= 8 && letters >= 2 && digits >= 3)),
  )
  return found
}

/** "driehonderdtwaalf 908 elf is klantnummer" */
const IS_CALLED =
  /^\s(?:is|=|als|staat)\s(?:[a-z]{2,10}\s){0,4}(?:klant|client|zaak|dossier|polis|relatie|deelnemers?|leerling|student|lid)[ -]?(?:nummer|nrs?|id|code)\b/
const namedAfter = ({ rows, lower }: Reading): Found[] =>
  rows
    .filter(
      ({ numerals }) =>
        digitsOf(numerals).length > 3 && IS_CALLED.test(lower.slice(numerals.at(-1)!.end, numerals.at(-1)!.end + 40)),
    )
    .map(({ numerals }) => ({ start: numerals[0]!.start, end: numerals.at(-1)!.end, kind: 'case-number' }))

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
