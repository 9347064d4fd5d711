// Where somebody lives: a street with a house number, a home with one. A street alone is a place, and may be where somebody works.
import { spokenNumber } from './numerals.js'
import type { Found, Reading } from './text.js'
import { perWord, type Token } from './tokens.js'
import { ORGANISATION, PLACE, WORD, type Words } from './words.js'

const STREET =
  /(?:straat|straatje|str|laan|laantje|weggetje|pleintje|steegje|paadje|dijkje|ln|pl|weg|plein|kade|gracht|hof|hofje|dreef|singel|steeg|pad|markt|dijk|plantsoen|park|ring|wal|haven|akker|erf|kamp|brink|hoeve|waard|meent|schans|vaart|sluis|brug|poort|boulevard|allee|heuvel|horst|donk|kwartier|baan|berg|burg|bos|duin|eind|einde|gaarde|veld|hoek|oever|rak|rade|stede|stee|tuin|velden|weide|werf|wijk|zoom|zijde|land|oord|dorp|bergen|hagen|kreek|molen|toren|rijn|kerk|huizen|rode|loo|ven|broek|beek|meer|water|stroom|dam|sloot|wetering|vliet|grift|diep|strjitte|leane|dyk|paed|buorren|hiem|finne|stege|wyk|(?<=...)wei|(?<=...)reed)$/
/** What nothing but a street ends with. */
export const SURE_STREET =
  /.(?:straat|(?<=....)straa|(?<=....)strat|straatje|str|laan|laantje|weggetje|pleintje|steegje|paadje|dijkje|singeltje|kadetje|(?<=...)ln|plein|kade|gracht|dreef|singel|steeg|plantsoen|dijk|weg|hof|hofje|boulevard|allee|gaarde|pad)$/
const STREET_ALONE = new Set(
  'straat laan weg plein kade gracht hof dreef singel steeg pad markt dijk plantsoen park burgemeester'.split(' '),
)
/** No house number is more tokens away from its street. */
const FARTHEST_HOUSE = 8
const isRomanNumber = ({ cap, fold }: Token) => cap === 'UPPER' && /^[ivx]{2,6}$/.test(fold)
/** Words between a street and its number. */
const BEFORE_NUMBER = /^(?:op|met|en|aan|in|t|een|huisje|huis|pand|dubbel|dubbele|[nozw]z)$/
/** Between a street and the number of the house on the other side. */
const OPPOSITE = /^(?:tegenover|tgo|thv|naast)$/
/** They end like streets, and are none. */
const NO_STREET =
  /^(?:.*(?:arbeids|vacature|banen|super|woning|beroepen|kerst|rommel|super|bedrijven|wagen|dieren|vakantie|pret|machine|ontwikkel|loopbaan|leer|groei|stappen|carriere|tijd|fiets|voet|snel|auto|spoor|lucht|werk|ondernemers|school|zij|huis|gerechts|banken|stage|vlooien|weekmarkt|uitzend|zorg|jobs|kansen|scholings|leerwerk|bij|deeltijd|voltijd|droom|vakantie|zater dag|zaterdag|start|leer|werkervarings|participatie|brug|bruto|huiswerk|stagiaire)(?:markt|park|pad|weg|plein|hof|baan|weide|dijk)|onderweg|vanweg|vanwege|omweg|uitweg|halverwege|weg|eigenweg|verblijf|spring|kring|hoek|overweg|scheepvaart|nederland|duitsland|zeeland|friesland|buitenland|binnenland|vaderland|thuisland|platteland|duim|magazijn|\w*(?:stroom|meer|water|land|kerk|dorp|tuin|wijk|molen|einde|veld|velden|bos|werf|huizen|berg|eind))$/
/** Firms and parts of a site. */
const NEVER_STREET = /(?:markt|park|tuin|huis|bad|hal|land)$/
const LIVES =
  /\b(?:huis gezet aan|straat is|straatnaam|staat op|zit(?: nu)? op(?= (?:t|it|de|het)\b)|zit (?:mevrouw|mw|meneer|hij|ze|zij) op|(?:bij|van) (?:oma|opa|moeder|vader|ouders|zijn ouders|haar ouders|zus|broer|vriend|vriendin|tante|oom|ex|schoonmoeder)(?=,)|woont|woon|wonen|woonde|woonachtig|\w*adres|(?:woon)?adr|verhuisd|verhuist|verhuizen|verh|ingeschreven|ingeschr|inschrijven|inschr|slaapt|slapen|sliep|briefadres|post|thuisadres|huisadres|woonadres|postadres|logeert|verblijft|bezorgen|opsturen|sturen|brief|pakket|huurt|huren)\b[^\n\d]{0,34}$/
export const UNIT =
  /^(?:[:.]\d\d|,\d|e (?:verdieping|verd|etage|lokaal|deel|keer|gesprek|hands|ronde)|\s?(?:%|(?:u|x|uur|uren|jaar|jr|km|dgn|dg|werkdagen|dagen|dag|weken|week|wkn?|maanden|maand|mnd|min|minuten|mensen|medewerkers?|personen|kinderen|keer|maal|euro?|procent|diensten|plekken|plaatsen|vacatures|winkels|bedrijven|zaken|banen|adressen|panden|restaurants|huizen|kantoren|locaties|ondernemers|werkgevers|collega'?s?|leerlingen|nachten|haltes?|jan|feb|mrt|maart|apr|april|mei|juni?|juli?|aug|augustus|sept?|september|okt|oktober|nov|november|dec|december)\b))/
export const OFFICE = new Set(
  'uwv gemeente werkcentrum werkplein wsp leerwerkloket lwl rmt balie stadhuis gemeentehuis bibliotheek wijkteam taalhuis buurthuis wijkcentrum roc kantoor vestiging locatie hoofdkantoor bezoekadres inloop spreekuur werkcafe werkgeversservicepunt fnv cnv duo ind kvk ggd loket sporthal banenmarkt beurs banenbeurs vacaturemarkt open'.split(
    ' ',
  ),
)
const ON_THE_WAY = new Set(
  'nu tegenwoordig voortaan inmiddels aan op de het in te zit is gevestigd bij adres aanwezig straat van den der'.split(' '),
)
/** What comes after a house number, when somebody lives there: "Havik 31, Amersfoort", "16-b, woont boven". */
const LIVES_AFTER =
  /^\s?(?:-?[a-h]|-\d{1,3}|bis|hs)?,?\s(?:[a-z]+,?\s){0,3}(?:woont|woonachtig|verdieping|hoog|[1-9]\d{3} ?[a-z]{2})\b/
const NUMBERED = new Set(['nr', 'no', 'nummer', 'huisnummer', 'huisnr', 'hnr', 'huisno', 'num', 'nmr', 'number'])
export function findWhereabouts(reading: Reading, { sortOf }: Words): Found[] {
  /** "Zuideinde" ends like a place, and is in no dictionary. */
  const isNoWord = (fold: string) => !(sortOf(fold) & (WORD | PLACE | ORGANISATION)) && !NEVER_STREET.test(fold)
  const found: Found[] = []
  const { tokens, text, lower } = reading
  const spoken = new Map(
    reading.numerals.filter(({ digits, spoken }) => spoken && digits !== '1' && digits.length < 4).map((one) => [one.first, one]),
  )
  /** "Plein 1940", "Plein '45" */
  const isYearAt = (at: number) =>
    /^(?:1[6-9]|20)\d\d$/.test(tokens[at]?.fold ?? '') ||
    (/^\d\d$/.test(tokens[at]?.fold ?? '') && text[tokens[at]!.start - 1] === "'")
  /** How many tokens from here a number stands; most words have none near. */
  let away = FARTHEST_HOUSE + 1
  const hasNumberNear = new Uint8Array(tokens.length)
  for (let index = tokens.length - 1; index >= 0; index--) {
    hasNumberNear[index] = away <= FARTHEST_HOUSE ? 1 : 0
    away = tokens[index]!.isNumber || spoken.has(index) || isRomanNumber(tokens[index]!) ? 1 : away + 1
  }
  const isOnTheWay = perWord((fold) => NUMBERED.has(fold) || OPPOSITE.test(fold) || BEFORE_NUMBER.test(fold))
  tokens.forEach((token, index) => {
    if (token.isNumber || !hasNumberNear[index]) return
    const next = tokens[index + 1]
    if (!next || !(next.isNumber || spoken.has(index + 1) || isOnTheWay(next))) return
    // The number comes next, or after "nr", or after the year that a street is called after; before it nothing but spaces and a comma.
    const isOfYear =
      STREET_ALONE.has(token.fold) &&
      isYearAt(index + 1) &&
      (token.cap === 'Title' || NUMBERED.has(tokens[index + 2]?.fold ?? ''))
    let at = index + 1
    if (isOfYear) while (at < index + 3 && isYearAt(at)) at++
    // "Calandlaan in letters: zeven nul negen"
    if (tokens[at]?.fold === 'in' && /^(?:letters|cijfers|woorden)$/.test(tokens[at + 1]?.fold ?? '')) at += 2
    // "met huisnr 36", "op nummer 24"
    if (/^(?:op|met|en|aan)$/.test(tokens[at]?.fold ?? '') && NUMBERED.has(tokens[at + 1]?.fold ?? '')) at++
    if (tokens[at]?.fold === 'en' && tokens[at + 1]?.fold === 'dan') at += 2
    if (/^(?:huisje|huis|pand)$/.test(tokens[at]?.fold ?? '')) at++
    if (NUMBERED.has(tokens[at]?.fold ?? '')) at++
    // "Oosterdiep WZ 88": a side of the water
    if (/^[nozw]z$/.test(tokens[at]?.fold ?? '') && tokens[at]!.cap === 'UPPER') at++
    // "Zuiderkade t/o 61"
    if (tokens[at]?.fold === 't' && tokens[at + 1]?.fold === 'o') at += 2
    else if (OPPOSITE.test(tokens[at]?.fold ?? '')) at++
    while (/^(?:een|dubbel|dubbele)$/.test(tokens[at]?.fold ?? '') && spoken.has(at + 1)) at++
    const house = tokens[at]
    // "Ossenmarkt no. VII"
    const isRoman = house !== undefined && isRomanNumber(house) && NUMBERED.has(tokens[at - 1]!.fold)
    if (!house || !(house.isNumber ? house.fold.length < 5 : isRoman || spoken.has(at))) return
    const gap = text.slice(tokens[at - 1]!.end, house.start)
    if (!/^[\s,.:;#()[\]<>|/-]{0,5}$/.test(gap)) return
    // "leyweg: 14 aangemeld" counts.
    if (gap.startsWith(':') && /^\s[a-z]{4,}/.test(text.slice(house.end, house.end + 6))) return
    if (house.start === token.end && !SURE_STREET.test(token.fold)) return
    const end = spoken.get(at)?.end ?? house.end
    const isUnit = UNIT.test(lower.slice(end, end + 12))
    const livesThere =
      LIVES.test(lower.slice(Math.max(0, token.start - 60), token.start)) ||
      /^\s(?:is|was) (?:het|haar|zijn|zn|hun|mijn) (?:woon)?adres/.test(lower.slice(end, end + 24))
    const begin = beginning(tokens, index, text)
    const isInSmall = token.cap === 'lower' && STREET_HEAD.test(tokens[index - 1]?.fold ?? '') && !NO_HOUSE.test(token.fold)
    const head = tokens[begin]!
    const isYear = /^(?:19|20)\d\d$/.test(house.fold) && (token.cap === 'lower' || !SURE_STREET.test(token.fold))
    const isKnown = (sortOf(token.fold) & (PLACE | ORGANISATION)) !== 0
    const isStreet =
      (SURE_STREET.test(token.fold) && !NO_STREET.test(token.fold)) ||
      (token.cap === 'Title' && STREET.test(token.fold) && !isKnown && (!NO_STREET.test(token.fold) || isNoWord(token.fold))) ||
      (STREET.test(token.fold) && isInPieces(tokens, at, text)) ||
      isOfYear ||
      // "Lindenl. 12"
      (token.cap === 'Title' && /....l$/.test(token.fold) && text[token.end] === '.' && sortOf(token.fold) === 0) ||
      // "'t Hofke 5"
      (token.cap === 'Title' && isElided(tokens[index - 1], text) && !NEVER_STREET.test(token.fold)) ||
      // "lange nering 33 emmeloord", "nieuwe gracht 33"
      (isElided(tokens[index - 1], text) && isInTown(tokens, at, text, sortOf, true)) ||
      (isInSmall && (STREET_ALONE.has(token.fold) || isInTown(tokens, at, text, sortOf, true)) && !COUNTED.test(token.fold)) ||
      (isInSmall && livesThere && !COUNTED.test(token.fold)) ||
      (token.cap === 'lower' &&
        STREET_ALONE.has(head.fold) &&
        begin < index &&
        (livesThere || isInTown(tokens, at, text, sortOf, true))) ||
      (token.cap === 'Title' &&
        !(sortOf(token.fold) & ORGANISATION) &&
        !NO_HOUSE.test(token.fold) &&
        DWELLING_AFTER.test(lower.slice(end, end + 24))) ||
      (begin < index && STREET_ALONE.has(head.fold) && head.cap === 'Title') ||
      (/^(?:straat|str|laan|gracht|kade|plein)$/.test(token.fold) &&
        (isFirstHalf(tokens[index - 1]) || text[token.start - 1] === "'")) ||
      (SECOND_HALF.test(token.fold) && /[-.]/.test(text[token.start - 1] ?? '') && isFirstHalf(tokens[index - 1])) ||
      (/^(?:weg|dijk|pad|hof|singel|dreef)$/.test(token.fold) &&
        tokens[index - 1]?.cap === 'Title' &&
        isFirstHalf(tokens[index - 1])) ||
      (token.cap === 'Title' &&
        !isKnown &&
        !NO_HOUSE.test(token.fold) &&
        (LIVES_AFTER.test(lower.slice(end, end + 44)) || isInTown(tokens, at, text, sortOf))) ||
      (livesThere &&
        token.cap === 'lower' &&
        text[token.end] === ' ' &&
        isQuietStreet(tokens, index) &&
        !isKnown &&
        !NO_HOUSE.test(token.fold)) ||
      (livesThere && token.cap !== 'lower' && (!isKnown || STREET_ALONE.has(token.fold)) && token.fold.length > 2)
    // "Marktplein 1 is ons adres"
    const isOurs = /^\s(?:is|wordt) ons (?:nieuwe )?(?:bezoek)?adres/.test(lower.slice(end, end + 32))
    if (!isStreet || isUnit || isYear || isOurs || isOffice(tokens, begin, lower, sortOf)) return
    found.push({
      start: isElided(head, text) ? head.start - 1 : head.start,
      end: Math.max(end, withAddition(reading, at)),
      kind: 'address',
    })
  })
  return [...found, ...numberFirst(reading), ...numberApart(reading)]
}

/** "14 bis", "5 caravan 33", "9 boven": who lives in a part of a house, or in what stands beside others. */
const DWELLING_AFTER =
  /^[\s,-]{0,3}(?:bis|hs|huis|boven|bovenwoning|beneden|benedenwoning|achter(?:huis)?|(?:caravan|stacaravan|chalet|unit|kamer|kmr|k|plek|huisje|app|apt|appartement|flat|kavel|studio|etage|verdieping|woonwagen|staanplaats|lodge|bungalow|barak)\s?(?:nr\.?\s?)?[a-z]?\d{0,4}|\d\s?-?hoog|i{1,3}|iv)(?![a-z])/
/** "woont op t hofke 18", "bij oma, grote beer 206": what has a number where somebody lives, and counts nothing. */
const isQuietStreet = (tokens: readonly Token[], index: number) => {
  const previous = tokens[index - 1]
  const isLed = previous !== undefined && /^(?:op|aan|t|it|de|het|in|nog|nu|is)$/.test(previous.fold)
  const isAfterVerb = previous !== undefined && /^(?:woont|wonen|slaapt|logeert|verblijft|adres|adr)$/.test(previous.fold)
  const isAfterName = previous !== undefined && previous.fold.length > 3 && !NO_HOUSE.test(previous.fold)
  return (
    tokens[index]!.fold.length > 2 &&
    (isLed || isAfterVerb || (isAfterName && !tokens[index]!.first) || tokens[index]!.first) &&
    !COUNTED.test(tokens[index]!.fold)
  )
}
/** After these a number counts, or names a time. */
const COUNTED =
  /^(?:samen|sinds|hier|daar|zo|bijna|ongeveer|toen|slechts|zeker|maar|ook|elke|iedere|deze|vanaf|tijdelijk|alleen|verdieping|nummer|postcode|minder|meer|minstens|hooguit|gezin|moeder|vader|kinderen|dochters?|zoons?|zonen|mensen|uit|fase|wordt|werd|heeft|komt|werkt|werk|alweer|reeds|straks|half|kwart|jaar|week|maand|mbo|niveau|zes|vier|drie|buiten|stage|route|bus|lijn|tram|metro|trein|max|maximaal|circa|gemiddeld|dagelijks|voltijd|parttime|oproep|avond|nacht|contract|school|loopt|totaal|leeftijd|azc|flat|wooncomplex|begeleid)$/
const SECOND_HALF = /^(?:straat|str|laan|weg|dijk|pad|hof|singel|dreef|kade|gracht|plein|steeg)$/
/** "2 . 7 . 7", "twee zeven zeven": a house number digit by digit. */
const isInPieces = (tokens: readonly Token[], at: number, text: string) =>
  [at, at + 1].every((nth) => {
    const token = tokens[nth]
    const isDigit =
      token !== undefined && (token.isNumber ? token.fold.length === 1 : /^[1-9]$/.test(spokenNumber(token.fold) ?? ''))
    return isDigit && (nth === at || /^[\s.-]{1,3}$/.test(text.slice(tokens[nth - 1]!.end, token.start)))
  })
/** These have numbers that are no house. */
const NO_HOUSE =
  /^(?:[a-z]|model|klasse|categorie|rubriek|type|wachtlijst|lijst|baan|wijk|buurt|werkplek|van|op|aan|naar|uit|sinds|tot|per|vanaf|rond|in|om|na|voor|tussen|circa|ongeveer|max|min|nog|al|met|ruim|ca|bij|over|binnen|de|het|een|niveau|groep|klas|zaal|lokaal|kamer|balie|loket|module|fase|stap|route|spoor|bus|lijn|perron|week|code|schaal|artikel|lid|deel|punt|nummer|nr|versie|les|blok|jaar|ronde|team|afdeling|verdieping|etage|gate|hal|terminal|level|windows|office|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)$/
/** The "'t" of "'t Hofke". */
const isElided = (token: Token | undefined, text: string) => token?.fold === 't' && text[token.start - 1] === "'"
/** "Havik 31, Amersfoort"; in small letters no comma need be there. */
const isInTown = (tokens: readonly Token[], house: number, text: string, sortOf: Words['sortOf'], inSmall = false) => {
  const next = tokens[house + 1]
  return (
    next !== undefined &&
    (inSmall ? /^,?\s$/ : /^,\s$/).test(text.slice(tokens[house]!.end, next.start)) &&
    (inSmall || next.cap === 'Title') &&
    (sortOf(next.fold) & PLACE) !== 0
  )
}

/** "kerk straat 12"; "op straat 3 nachten" has a little word there. */
const isFirstHalf = (before: Token | undefined) =>
  before !== undefined &&
  before.fold.length > 3 &&
  !/^(?:deze|dezelfde|elke|iedere|andere|zelfde|langs|over|naar|onze|hele|drukke|door|vanaf)$/.test(before.fold)

/** "op nummer 12 in de Kerkstraat", "huis drieentachtig aan de oude rijksweg", "verblijft acht tulpenhof". */
function numberFirst({ tokens, lower, numerals }: Reading): Found[] {
  const found: Found[] = []
  for (const { first, token: last, start, end, digits, spoken } of numerals) {
    if (digits.length > 4) continue
    const before = tokens[first - 1]?.fold ?? ''
    const isNamed = NUMBERED.has(before) || before === 'huis'
    const livesThere = !isNamed && digits.length < 4 && /^(?:woont|verblijft|slaapt|logeert|adres)$/.test(before)
    // "14, kerkstraat"
    const isTurned =
      (tokens[first]!.first || (spoken && lower.slice(start - 2, start) === ', ')) &&
      digits.length < 4 &&
      lower.slice(end, end + 2) === ', ' &&
      tokens[last + 1] !== undefined
    // "31 aan de Tulpstraat"
    const street = tokens[last + 3]
    if (
      tokens[first]!.first &&
      /^ (?:aan|op) de $/.test(lower.slice(end, street?.start ?? end)) &&
      street!.cap === 'Title' &&
      SURE_STREET.test(street!.fold)
    )
      found.push({ start, end: street!.end, kind: 'address' })
    if (isTurned && SURE_STREET.test(tokens[last + 1]!.fold) && !NO_STREET.test(tokens[last + 1]!.fold))
      found.push({ start, end: tokens[last + 1]!.end, kind: 'address' })
    if (!isNamed && !livesThere) continue
    for (let at = last + 1; at <= last + (isNamed ? 6 : 1) && tokens[at]; at++) {
      const { fold, end: until } = tokens[at]!
      if (
        !SURE_STREET.test(fold) ||
        NO_STREET.test(fold) ||
        !/^\s(?:[a-z/]{1,12}\s){0,5}$/.test(lower.slice(end, tokens[at]!.start))
      )
        continue
      found.push({ start, end: until, kind: 'address' })
      break
    }
  }
  return found
}

/** What somebody calls the number of a house, elsewhere in the sentence. */
const CALLED_NUMBER =
  /(?<!(?:bus|lijn|kamer|balie|vacature|tel|telefoon|order|lokaal|artikel|rij|sein|plaat|stap|punt|spoor)[\s-]?)\b(?:nr|nummer|huisnr|huisnummer|hnr|cijfer|deur|hoekhuis|gevel|de bel want)\b(?:\s?[:.=]|(?:\s(?:is|van|de|het|op|deur|huis|dus|nu|daar|een|ook|wel|gaf|hij|ze|zij|staat|want))+)?\s?$/
/** "op de Eikenlaan, als je nr 31 ziet", "nummer 67, daar in de Tulpenlaan", "drieëntwintig op de Esdoornlaan woont hij". */
function numberApart({ tokens, lower, numerals }: Reading): Found[] {
  const found: Found[] = []
  for (const { first, token: last, start, end, digits, spoken } of numerals) {
    const before = lower.slice(Math.max(0, start - 40), start)
    const isOfHouse = OF_HOUSE.test(before)
    if (digits.length > 4 || (!isOfHouse && UNIT.test(lower.slice(end, end + 12)))) continue
    const isCalled = isOfHouse || CALLED_NUMBER.test(before)
    const isHeld = /^\s(?:bis,? )?(?:op|aan|in) (?:de |het |t )?[a-z]+ (?:woont|is (?:het|zijn|haar) adres)\b/.test(
      lower.slice(end, end + 60),
    )
    if (!isCalled && !isHeld && !(spoken && /^\s?(?:bis|hs|hoog)\b/.test(lower.slice(end, end + 5)))) continue
    for (let at = Math.max(0, first - (isOfHouse ? 30 : 12)); at <= last + (isOfHouse ? 12 : 10) && tokens[at]; at++) {
      const { fold } = tokens[at]!
      if ((at >= first && at <= last) || !SURE_STREET.test(fold) || NO_STREET.test(fold) || STREET_ALONE.has(fold)) continue
      const [from, to] = at < first ? [tokens[at]!.end, start] : [end, tokens[at]!.start]
      if (to - from > (isOfHouse ? 160 : 60) || /\n/.test(lower.slice(from, to))) continue
      if (to - from > 60)
        found.push({ start: tokens[at]!.start, end: tokens[at]!.end, kind: 'address' }, { start, end, kind: 'address' })
      else found.push({ start: Math.min(start, tokens[at]!.start), end: Math.max(end, tokens[at]!.end), kind: 'address' })
      break
    }
  }
  return found
}

/** Nothing else has one. */
const OF_HOUSE =
  /\b(?:huisnr|huisnummer|hnr|huisno)\b(?:\s?[:.=]|(?:\s(?:is|van|de|het|daar|dus|nu|een|ook|wel|gaf|hij|ze|zij))+)?\s?$/

/** Before the second half of a street that is written in small letters. */
const STREET_HEAD =
  /^(?:lange|korte|hoge|lage|oude|nieuwe|grote|kleine|burg|burgemeester|prins|prinses|koning|koningin|dr|st|sint|pastoor|noorder|zuider|ooster|wester)$/
/** "Burgemeester de Vlugtlaan", "Laan van Meerdervoort": back over what is written with a capital, and the little words between. */
function beginning(tokens: readonly Token[], index: number, text: string): number {
  let begin = index
  for (let at = index - 1; at >= 0 && index - at < 6; at--) {
    const { fold, cap, end, isNumber } = tokens[at]!
    if (isNumber || !/^[\s.'-]{1,2}$/.test(text.slice(end, tokens[at + 1]!.start))) break
    const isHead = tokens[index]!.cap === 'lower' && STREET_HEAD.test(fold)
    // "1e Oosterparkstraat"
    const isOrdinal = /^(?:e|de|ste)$/.test(fold) && tokens[at - 1]?.isNumber && tokens[at - 1]!.end === tokens[at]!.start
    if (isOrdinal) begin = at - 1
    else if (cap === 'Title' || STREET_ALONE.has(fold) || isHead || isElided(tokens[at], text)) begin = at
    else if (!/^(?:van|der|den|de|het|ter|ten|t|s)$/.test(fold)) break
  }
  return begin
}

/** An office has an address that anybody may know; who lives somewhere has not. */
function isOffice(tokens: readonly Token[], begin: number, lower: string, sortOf: Words['sortOf']): boolean {
  const before = lower.slice(Math.max(0, tokens[begin]!.start - 60), tokens[begin]!.start)
  if (/\b(?:woon|woont|wonen|woonde|thuis|verhui|ingeschreven|woonadres)/.test(before)) return false
  for (let at = begin - 1, steps = 0; at >= 0 && steps < 5; at--, steps++) {
    const { fold } = tokens[at]!
    if (OFFICE.has(fold)) return true
    if (!ON_THE_WAY.has(fold) && !(sortOf(fold) & PLACE)) return false
  }
  return false
}

/** 12a, 12-3, 12 bis, 12 hs: the number with what belongs to it. */
function withAddition({ tokens, text }: Reading, house: number): number {
  const number = tokens[house]!
  const next = tokens[house + 1]
  if (!next || next.start - number.end > 1) return number.end
  const gap = text.slice(number.end, next.start)
  const isAddition = next.isNumber
    ? gap === '-' || gap === '/'
    : /^(?:[a-h]|bis|hs|huis|zw|rd|ii|iii|iv)$/.test(next.fold) && (gap !== ' ' || next.fold.length > 1 || next.cap !== 'lower')
  return isAddition ? next.end : number.end
}
