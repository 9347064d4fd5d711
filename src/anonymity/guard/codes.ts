// Codes of one person that stand in pieces: "g b 4 1 7 k", "DUO_7718_30", "vier bernard zeven". What somebody calls them, or their form, tells.
import { type Chain, chainsOf, type Piece } from './pieces.js'
import { SIDE_CODE } from './plates.js'
import type { Found, Reading, Spans } from './text.js'
import type { Words } from './words.js'

/** Passports and cards: two letters, six signs, a digit; residence permits: "Y48R19C30"; abroad: one to three letters and six digits or more. */
const DOCUMENT = /^(?:[a-np-z]{2}[a-np-z0-9]{6}\d|[a-z]\d\d[a-z]\d\d[a-z]\d\d|w\d?[a-z]?\d{6,8}|[a-z]{1,3}\d{6,9})$/
const POSTCODE = /^[1-9]\d{3}[a-z]{2}$/
const POSTCODE_LETTERS_THAT_ARE_WORDS =
  /(?:is|in|en|op|of|om|tm|te|we|je|al|na|nu|er|ik|af|ga|ja|uw|zo|ma|di|do|vr|za|pm|km|kg|eu|ww|mw|bv|nv|hr|zw|pw|st|dd|wk|mg|ml|mm|cm|gb|mb|tb|kw|kv|ha|vp|sa|sd|ss|nl)$/
/** Of those, the ones that are no unit: a unit follows a number that is written together. */
const LETTERS_THAT_ARE_WORDS = /(?:is|in|en|op|of|om|tm|te|we|je|al|na|nu|er|ik|af|ga|ja|uw|zo|ma|di|do|vr|za|pm)$/
/** The letters that plates have been given since 1978. */
const GLUED_PLATE = /^(?:\d{2}[bdfghjklnprstvxz]{4}|[bdfghjklnprstvxz]{4}\d{2})$/
/** Courses, laws, standards, machines, weeks and versions have codes that are nobody's. */
const NOBODYS =
  /^(?:nen|iso|en|din|nta|brl|vca|mbo|hbo|wo|vmbo|nt|crebo|code|art|bw|cao|lid|nvq|haccp|bhv|stcw|adr|imo|ce|w|wk|week|q|h|v|versie|p|cv|pag|blz|nr|vac|vacnr|vacature|kvk|brin|ean|isbn|btw|rsin|wia|ww|max|min|ca|fase|groep|t|x|eur|u|rk|a|an|na|so|to|ong|circa|ongeveer|plm|lijn|halte|tram|perron|spoor|bbl|bol|bj|bouwjaar)$/
const OF_THE_CALENDAR = /(?:jan|feb|mrt|maa|apr|mei|jun|jul|aug|sep|okt|nov|dec|uur)/

type Called = 'plate' | 'vehicle' | 'document' | 'case-number' | 'postcode'
const CALLED: ReadonlyMap<string, Called> = new Map(
  (
    [
      ['plate', 'ktk kt kenteken kentekn kent kentek kentekennr kentekennummer nummerbord nummerplaat plaat'],
      [
        'vehicle',
        'auto oldtimer parkeert parkeren geparkeerd slagboom bus busje bestelbus bestelauto bestelwagen voertuig wagen aanhanger motor brommer scooter lease leaseauto apk golf caravan camper tractor scooterplaat brommobiel rdw trekker taxi vrachtwagen vrachtauto plaat opel volkswagen vw ford renault peugeot toyota kia fiat seat skoda audi bmw citroen nissan volvo mazda suzuki hyundai dacia mercedes tesla rijdt',
      ],
      [
        'document',
        'ppn paspoort paspoortnr paspoortnummer pasp pas id idkaart idnr kaart identiteitskaart identiteitsbewijs legitimatie bewijs rijbewijs rijbewijsnr rijbewijsnummer rijb rijbew verblijfsdoc verblijfsdocument verblijfspas vreemdelingendoc vreemdelingenpas wdoc doc docnr document documentnr documentnummer dowod osobisty passport vnr visum reisdocument',
      ],
      [
        'case-number',
        'zaak zaaknr zaaknummer dossier dossiernr dossiernummer kenmerk kenm klant klantnr klantnummer duo uwv svb cjib ind crm gkb bezwaar bezwaarnr bezw sonar aanvraag aanvraagnr aanvr ref refnr referentie polis polisnr lidnr corr stap melding meldingsnr meldnr beschikking parketnr relatienr registratienr clientnr clnt case',
      ],
      ['postcode', 'pc postkode postcode postc zip postcde'],
    ] as const
  ).flatMap(([called, words]) => words.split(' ').map((word) => [word, called] as const)),
)
/** Whatever comes after such a beginning: "verblijfskrt", "vreemd.nr", "kentknr". */
const CALLED_SO: readonly (readonly [RegExp, Called])[] = [
  [/^(?:kente?k|kntk|nummerb|nrplaat)/, 'plate'],
  [
    /^(?:v\w{0,3}blijfs[dkpt]|vreemd(?:elingen)?[dknp]|vreemd$|rijbew|rijb|paspo|pasp|pasnr|identiteits|legitim|reisdoc|grensdoc)/,
    'document',
  ],
  [
    /^(?:zaak|dossier|dos|klant|client|debiteur|polis|incasso|registratie|relatie|meld|melding|meldings|aanvraag|bezwaar|kenmerk|parket|lid)(?:nr|nrs|nummer|no|code|num)$/,
    'case-number',
  ],
  [/^(?:postc(?!odegeb)|pc?code|pstc)/, 'postcode'],
  [/^(?:les|lease|huur|bestel|bedrijfs|werk)auto$|parkeer|parkeren/, 'vehicle'],
  [/(?:paspoort|rijbewijs|verblijfsvergunning)(?:nr|nummer)?$/, 'document'],
]
export function calledOf(fold: string): Called | undefined {
  const known = CALLED.get(fold)
  if (known || fold.length < 4 || fold.length > 24) return known
  return CALLED_SO.find(([pattern]) => pattern.test(fold))?.[1]
}
const BETWEEN = new Set(
  'nr nummer no is van het de zijn haar was luidt nl dus met op doc bewijs code in hier id kaart begint begin start eindigt staat met op eerste deel'.split(
    ' ',
  ),
)

/** After a number these say something else. */
const VERBS = new Set(['kent', 'rijdt', 'pas', 'kaart', 'bewijs'])

export function findCodes(reading: Reading, harmless: Spans, words: Words): Found[] {
  const found: Found[] = []
  for (const chain of chainsOf(reading, words)) {
    const one = readCode(reading, chain, harmless)
    if (one) found.push(one)
  }
  return found
}

/** The longest beginning of the chain, or of what is left of it, that has the form of something. */
function readCode({ tokens }: Reading, chain: Chain, harmless: Spans): Found | undefined {
  // Digits alone are a code only when somebody says so.
  if (!chain.some(({ text }) => text.charCodeAt(0) > 57) && calledBy(tokens, chain).size === 0) return undefined
  const isExplained = chain.some(({ start, end }) => harmless.covers(start, end))
  let longest: Found | undefined
  nextReading: for (const read of readings(chain))
    for (let from = 0; from < Math.min(read.length - 1, 5); from++) {
      let joined = ''
      const ends: string[] = []
      for (let to = from; to < read.length && joined.length < 26; to++) {
        joined += read[to]!.text
        ends.push(joined)
      }
      for (let size = ends.length; size > 1; size--) {
        const pieces = read.slice(from, from + size)
        const after = read[from + size]
        if (after && after.start === pieces.at(-1)!.end) continue
        const called = calledBy(tokens, pieces)
        const isOfAThing =
          OF_A_THING.test(tokens[pieces[0]!.token - 1]?.fold ?? '') ||
          THING_AFTER.test(tokens[pieces.at(-1)!.until + 1]?.fold ?? '')
        if (called.size === 0 && isOfAThing) continue
        if (called.size === 0 && !/[a-z]/.test(ends[size - 1]!)) continue
        // "golf" and "bravo" are also words that end a code.
        const goesOn = after?.isTied && !CALLED.has(tokens[after.token]!.fold)
        // "idk I.V.9.D.2.K.F.0.8": sign by sign, whatever word stands before.
        const isFirst = from === 0 || (isSingles(pieces) && (!read[from]!.isTied || pieces.length > 5))
        const kind = kindOf(ends[size - 1]!, pieces, called, isExplained, isFirst && (size === ends.length || !goesOn))
        if (kind) {
          const one = { start: pieces[0]!.start, end: pieces.at(-1)!.end, kind }
          if (!longest || one.end - one.start > longest.end - longest.start) longest = one
          continue nextReading
        }
      }
    }
  return longest
}

/** With its doubtful pieces read, and without them; many of those are prose. */
function readings(chain: Chain): readonly Chain[] {
  const doubtful = chain.filter(({ isDoubtful }) => isDoubtful)
  if (doubtful.length === 0 || doubtful.length > 4) return [chain]
  const without = (left: readonly Piece[]) => chain.filter((piece) => !left.includes(piece))
  return [chain, ...doubtful.map((piece) => without([piece])), without(doubtful)]
}

/** "formulier 17b v2.1", "lokaal GB-101-A", "S7-1200 plc training" */
const THING_AFTER = /^(?:plc|training|cursus|opleiding|module|machine|besturing|printer|norm|certificaat|toets)$/
const OF_A_THING =
  /^(?:heftruck|stapelaar|reachtruck|kraan|shovel|hoogwerker|werkschoen|werkschoenen|schoen|schoenen|maat|broek|jas|helm|printer|toner|hp|error|fout|foutcode|lokaal|lokalen|zaal|ruimte|gebouw|vleugel|locker|stelling|perron|kamer|siemens|plc|formulier|formuliernr|formuliernummer|versie|artikel|artikelnr|order|ordernr|model|type|pallet|palletlabel|kavelnr|software|app|module)$/

/** What stands before it, past a few little words, or right after it. */
function calledBy(tokens: Reading['tokens'], pieces: readonly Piece[]): ReadonlySet<Called> {
  const called = new Set<Called>()
  const first = pieces[0]!.token
  for (let at = first - 1; at >= 0 && at >= first - 4 && pieces[0]!.start - tokens[at]!.end < 30; at--) {
    const kind = calledOf(tokens[at]!.fold)
    if (kind) called.add(kind)
    if (!kind && !BETWEEN.has(tokens[at]!.fold) && at < first - 1) break
  }
  const last = pieces.at(-1)!
  for (let at = last.until + 1; at <= last.until + 3 && tokens[at]; at++) {
    if (tokens[at]!.start - last.end > 24) break
    const kind = calledOf(tokens[at]!.fold)
    // "3021 WP volgens briefje postcode"
    if (kind !== 'postcode' && (at > last.until + 2 || tokens[at]!.start - last.end > 16)) continue
    if (kind && !VERBS.has(tokens[at]!.fold)) called.add(kind)
  }
  // "duo DUO-5572": the code says itself whose it is.
  for (const { text } of pieces.slice(0, 2)) {
    const kind = calledOf(text)
    if (kind === 'case-number') called.add(kind)
  }
  return called
}

function kindOf(
  joined: string,
  pieces: readonly Piece[],
  called: ReadonlySet<Called>,
  isExplained: boolean,
  isWhole: boolean,
): Found['kind'] | undefined {
  const digits = digitsIn(joined)
  const letters = joined.length - digits
  if (digits === 0) return undefined
  const isTied = pieces.every((piece, nth) => nth === 0 || piece.isTied)
  if (called.has('postcode') && POSTCODE.test(unmasked(joined))) return 'postcode'
  if (called.has('plate') && (SIDE_CODE.test(joined) || (joined.length > 4 && joined.length < 9 && letters > 1 && digits > 1)))
    return 'plate'
  if (
    called.has('vehicle') &&
    !NOBODYS.test(pieces[0]!.text) &&
    SIDE_CODE.test(joined) &&
    (!isExplained || (isTied && hasThree(joined))) &&
    // "auto van 9000 te duur"
    (isTied || pieces.at(-1)!.isLoud || !POSTCODE_LETTERS_THAT_ARE_WORDS.test(joined)) &&
    !/^(?:pas|om|tot|nog|ca|rond|elke|vanaf|max|min)$/.test(pieces[0]!.text) &&
    !OF_THE_CALENDAR.test(joined)
  )
    return 'plate'
  if (
    called.has('document') &&
    joined.length > 5 &&
    joined.length < 16 &&
    digits > 2 &&
    (letters > 0 || digits > 6) &&
    !isExplained
  )
    return 'document'
  if (
    called.has('case-number') &&
    letters > 0 &&
    letters < 12 &&
    digits > 3 &&
    !isExplained &&
    !areYears(pieces) &&
    !(NOBODYS.test(pieces[0]!.text) && pieces[0]!.text.length > 1 && pieces[0]!.text !== 'nr')
  )
    return 'case-number'
  if (isExplained || letters === 0) return undefined
  const areSpelled = pieces.length > 4 && pieces.slice(0, 4).every(({ text }) => text.length === 1)
  const isSpoken =
    (pieces[0]!.isSpoken && (pieces[1]!.isSpoken || (pieces.length === 2 && pieces[1]!.isLoud))) ||
    (pieces.length === 3 && pieces[0]!.text.length === 2 && pieces[2]!.isLoud)
  // "4817 lima alfa"
  const areNamed = pieces.length === 3 && pieces.slice(1).every(({ text, start, end }) => text.length === 1 && end - start > 1)
  const areWords = areSpelled || (isTied && pieces.length > 2) ? LETTERS_THAT_ARE_WORDS : POSTCODE_LETTERS_THAT_ARE_WORDS
  if (POSTCODE.test(joined) && (isTied || isSpoken || areSpelled || areNamed) && !areWords.test(joined)) return 'postcode'
  // Nothing else has four consonants after two digits.
  if (
    GLUED_PLATE.test(joined) &&
    (pieces.length === 2 ? isTied && isWhole : pieces.length === 3 && pieces.every(({ text }) => text.length === 2))
  )
    return 'plate'
  if (SIDE_CODE.test(joined) && isSaid(pieces) && !OF_THE_CALENDAR.test(joined)) return 'plate'
  if (
    SIDE_CODE.test(joined) &&
    isTied &&
    isWhole &&
    !OF_THE_CALENDAR.test(joined) &&
    (pieces.length === 6 || hasThree(joined)) &&
    pieces.length > 2 &&
    !(pieces[0]!.text.length > 1 && NOBODYS.test(pieces[0]!.text))
  )
    return 'plate'
  if (!isTied || !isWhole || (NOBODYS.test(pieces[0]!.text) && !isSingles(pieces))) return undefined
  if (DOCUMENT.test(joined) && digits > 2 && (digits > 4 || turns(joined) > 2)) return 'document'
  if (letters > 2 && digits > 2 && joined.length > 7 && joined.length < 13 && turns(joined) > 3) return 'document'
  if (digits > 4 && letters < 12 && !areYears(pieces)) return 'case-number'
  return undefined
}

/** "IIO2 TB", "38I7 kd": letters where a postcode has digits. */
const unmasked = (joined: string) =>
  joined.slice(0, 4).replace(/[oils]/g, (letter) => ({ o: '0', i: '1', l: '1', s: '5' })[letter]!) + joined.slice(4)
/** Letter by letter and digit by digit, half of it at least in words. */
const isSaid = (pieces: readonly Piece[]) =>
  pieces.length > 3 &&
  pieces.filter(({ isSpoken, text, start, end }) => isSpoken || (text.length === 1 && end - start > 1)).length * 2 >=
    pieces.length
const digitsIn = (joined: string) => {
  let digits = 0
  for (let at = 0; at < joined.length; at++) if (joined.charCodeAt(at) < 58) digits++
  return digits
}
/** How often letters and digits take turns. */
const turns = (joined: string) => (joined.match(/[a-z](?=\d)|\d(?=[a-z])/g) ?? []).length
/** Sidecodes of three groups. */
const hasThree = (joined: string) =>
  /^(?:\d+[a-z]+\d+|[a-z]+\d+[a-z]+)$/.test(joined) || /^(?:[a-z]{4}\d\d|\d\d[a-z]{4})$/.test(joined)
const isSingles = (pieces: readonly Piece[]) => pieces.every(({ text }) => text.length === 1)
/** "MBO 2024-2025" counts no more than its years. */
const areYears = (pieces: readonly Piece[]) =>
  pieces.reduce((sum, { text }) => sum + (/^(?:19|20)\d\d$/.test(text) ? 0 : digitsIn(text)), 0) < 3
