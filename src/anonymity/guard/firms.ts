// Firms, schools and houses that are called after somebody: what stands before, after or around a name tells that it is theirs.
import * as cue from './cues.js'
import type { Scene } from './name-scene.js'
import type { Token } from './tokens.js'
import { LISTED, NAME, ORGANISATION, OTHER, PLACE, SURNAME_WORD, SYLLABLE, WORD } from './words.js'

const WORKING_AHEAD = /^(?:werk|werken|werkt|werkte|gewerkt|stage|vacature|vacatures|solliciteren|gesolliciteerd)$/
/** Endings that say "firm" also in small letters. */
const SURE_ENDING = /^(?:bv|nv|vof|holding|college|lyceum|ziekenhuis|zonen|zn|group)$/

const AFTER_WHOM = /^(?:sint|st|prinses|koningin|koning|prins|paus|koninklijke)$/
const GROUP =
  /^(?:applicatie|programma|systeem|chatbot|musical|voorstelling|film|wed|erven|fa|gebroeders|gebr|wijkteam|buurtteam|team|koninklijke)$/
/** "aannemer Van Bekkum", "bakker De Bie": who has such a trade and a surname alone is a firm. */
const TRADES =
  /^(?:aannemer|aannemersbedrijf|bakker|slager|hovenier|loodgieter|makelaar|notaris|transporteur|kweker|tuinder|loonwerker|loonbedrijf|installateur|schilder|garagehouder|drukker|groenteboer|bloemist|kaasboer|visboer|juwelier|opticien|apotheker|uitgever|uitgeverij|reisbureau|modezaak|schoenmaker|rederij|stucadoor|dakdekker|banketbakker|autoschade|scheepswerf|dierenarts|dierenkliniek|werf|apotheek|kliniek|pension|manege|fietsenmaker|podotherapie|verloskundigen|accountant|methode|lokaal|zaal|amendement|akkoord|rapport|norm|schaal)$/
/** A shop, a practice or a law has any name after it. */
const FORMULA =
  /^(?:jumbo|ah|plus|spar|bruna|etos|primera|hema|coop|boni|gamma|karwei|praxis|hubo|expert|shell|esso|bp|tankstation|fysio|fysiotherapie|tandarts|tandartspraktijk|wet|regeling|motie|commissie)$/
/** A business of one of these is called after somebody in small letters, too: "loonbedrijf hofstra". */
const BUSINESS =
  /(?:bedrijf|bedr|bureau|buro|handel|zorggroep|ziekenhuis|ziekenh|boerderij|manege|zaak|winkel|drukkerij|slagerij|bakkerij|kwekerij|salon|restaurant|garage|aannemer|gebroeders|gebr|firma|taxi|centrale|rederij|molen|atelier|stukadoors|schilders|hoveniers?|installateur|fysio|fysiotherapie|tandarts|huisartsen)$/
/** These are no people, whatever comes after. */
const SHOP =
  /^(?:\w*bakkerij|slagerij|kwekerij|drukkerij|kapsalon|restaurant|garage|\w*winkel|\w*handel|rederij|molen|brouwerij)$/
const isOfATrade = (tokens: readonly Token[], sorts: readonly number[], from: number) =>
  (TRADES.test(tokens[from - 1]?.fold ?? '') || FORMULA.test(tokens[from - 1]?.fold ?? '')) &&
  !cue.TITLES.has(tokens[from - 2]?.fold ?? '') &&
  (tokens[from]!.cap === 'Title' || /^(?:jumbo|spar|hubo|primera|bruna|coop|boni)$/.test(tokens[from - 1]!.fold)) &&
  (/^(?:de|van|den|ter|ten)$/.test(tokens[from]!.fold) || (sorts[from]! & (SURNAME_WORD | LISTED | OTHER)) !== 0) &&
  (!(sorts[from]! & NAME && !(sorts[from]! & LISTED)) || FORMULA.test(tokens[from - 1]!.fold))

/** "joris zorg ede zoekt begeleiders", "maria hoeve is zorgboerderij": in small letters it takes what firms do, too. */
function isFirmInSmall({ text, tokens }: Scene, index: number): boolean {
  const ending = tokens[index + 1]
  if (!ending || text.slice(tokens[index]!.end, ending.start) !== ' ') return false
  if (
    !cue.FIRM_ENDINGS.has(ending.fold) &&
    !/^(?:hoeve|hof|huis|winkel|tenten|verhuur|party|keukens|kaas|brood)$/.test(ending.fold)
  )
    return false
  for (let at = index + 2; at < index + 8 && tokens[at] && !tokens[at]!.first; at++) {
    const { fold } = tokens[at]!
    const isOne = /^(?:is|een)$/.test(tokens[at - 1]!.fold) && (cue.INSTITUTIONS.has(fold) || cue.INSTITUTION_ENDING.test(fold))
    if (
      isOne ||
      cue.WANTED.test(fold) ||
      /^(?:sluit|failliet|personeel|hulp|zaterdaghulp|bezorger|open|dicht|dagbesteding|stage|stageplek|proefdag|vacature|leerling)$/.test(
        fold,
      )
    )
      return true
  }
  return false
}

/** "drukkerij bosma", "meubelzaak de ruyter", "aannemer van den berg en zonen": right after the business, but for little words. */
function isOfABusiness(tokens: readonly Token[], sorts: readonly number[], index: number): boolean {
  let at = index - 1
  while (at > 0 && index - at < 4 && /^(?:de|van|den|der|ter|ten)$/.test(tokens[at]!.fold)) at--
  // "bakkerij jan smit"
  if (at > 0 && at === index - 1 && sorts[at]! & NAME && SHOP.test(tokens[at - 1]!.fold)) at--
  const business = tokens[at]
  if (isOfTheirs(tokens, at)) return false
  if (!business || !BUSINESS.test(business.fold) || tokens[at + 1]!.start - business.end > 1) return false
  // "de winkel van Ozkan" is somebody's, "aannemer van den berg" is one.
  if (at < index - 1 && tokens[at + 1]!.fold === 'van' && at + 2 === index && sorts[index]! & (NAME | SYLLABLE)) return false
  return (sorts[index]! & (NAME | LISTED | SURNAME_WORD | OTHER)) !== 0 || (sorts[index] === 0 && tokens[at + 1]!.fold !== 'van')
}

const HOUSE_NOUN =
  /^(?:mavo|havo|vmbo|vwo|gymnasium|marinekazerne|academie|academy|arena|beurs|brug|centrum|fabriek|hal|zaal|stadion|prijs|fonds|toren|tunnel|kliniek|museum|theater|therapie|ziekenhuis|opvang|haven|kazerne|sluis|sporthal|college|lyceum|school|huis|hoeve|schouwburg|concertgebouw|instituut|foundation|stichting|plein|park|bad|zwembad|pharmaceutica|beauty|parochie)$/
/** Nobody's name is followed by one of these but to call it so. */
const SURE_HOUSE =
  /^(?:academie|academy|arena|beurs|brug|stadion|prijs|fonds|toren|tunnel|lyceum|college|foundation|stichting|pharmaceutica|beauty|schouwburg|instituut|kazerne|sporthal|parochie)$/
/** Two names and one of these are a house, in small letters and without an article, too: "michiel de ruyter mavo". */
const SCHOOL = /^(?:mavo|havo|vmbo|vwo|lyceum|college|gymnasium|kazerne|marinekazerne|ziekenhuis|stadion|sporthal|zwembad)$/
const isOfAName = (sort: number, { fold, cap }: Token) =>
  (sort & (NAME | LISTED | SURNAME_WORD | OTHER)) !== 0 || cue.PARTICLES.has(fold) || cap === 'Title'
/** "het pieter baan centrum", "de van nelle fabriek", "Marie Curie beurs": a name of several words, and what is called after it. */
function isHouse(tokens: readonly Token[], sorts: readonly number[], index: number): boolean {
  let from = index
  while (
    from > 0 &&
    index - from < 4 &&
    isOfAName(sorts[from - 1]!, tokens[from - 1]!) &&
    !/^(?:de|het|t)$/.test(tokens[from - 1]!.fold) &&
    !tokens[from]!.first
  )
    from--
  let to = index
  while (to < index + 4 && tokens[to + 1] && isOfAName(sorts[to + 1]!, tokens[to + 1]!) && !HOUSE_NOUN.test(tokens[to + 1]!.fold))
    to++
  if (!HOUSE_NOUN.test(tokens[to + 1]?.fold ?? '') || tokens[to + 1]!.start - tokens[to]!.end > 1) return false
  // "spinoza zaal 1.08"
  if (cue.ROOMS.has(tokens[to + 1]!.fold) && tokens[to + 2]?.isNumber) return true
  if (cue.TITLES.has(tokens[from - 1]?.fold ?? '') || cue.RELATIONS.has(tokens[from - 1]?.fold ?? '')) return false
  const isTitled = tokens.slice(from, to + 1).every(({ cap, fold }) => cap === 'Title' || cue.PARTICLES.has(fold))
  const isSure = SURE_HOUSE.test(tokens[to + 1]!.fold)
  const isThe = /^(?:de|het|t|burgemeester)$/.test(tokens[from - 1]?.fold ?? '') || /^(?:de|het)$/.test(tokens[from]!.fold)
  const isSchool = SCHOOL.test(tokens[to + 1]!.fold)
  return (isTitled && isSure) || (to > from && (isThe || (isSchool && !cue.RELATIONS.has(tokens[from]!.fold))))
}

const HIRES = /^(?:zoekt|zoeken|vraagt|vragen|neemt|nemen|heeft|hebben|biedt|bieden|wil|willen|werft|plaatst)$/
const HANDS =
  /^(?:mensen|iemand|leerling|leerlingen|krachten|seizoenskrachten|personeel|plek|plekken|leerwerkplek|vacature|ervaring|zonder|huishouding|hulp|coupeuse|voorlichting|seizoenswerk)$/
/** "Peeters transport neemt mensen aan", "De Koning groente en fruit heeft seizoenskrachten nodig": a name, what it deals in, and whom it takes on. */
function isHiring({ text, tokens, sorts }: Scene, from: number, index: number): boolean {
  if (!tokens[from]!.first) return false
  if (cue.TITLES.has(tokens[from - 1]?.fold ?? '')) return false
  let at = index + 1
  while (
    at < index + 5 &&
    tokens[at] &&
    /^(?:\s| & )$/.test(text.slice(tokens[at - 1]!.end, tokens[at]!.start)) &&
    !HIRES.test(tokens[at]!.fold)
  ) {
    const { fold } = tokens[at]!
    if (fold !== 'en' && (cue.PREPOSITIONS.has(fold) || cue.DOES.has(fold) || sorts[at]! & NAME)) return false
    at++
  }
  const verb = tokens[at]
  if (!verb || !HIRES.test(verb.fold) || text.slice(tokens[at - 1]!.end, verb.start) !== ' ') return false
  const deals = at > index + 1
  for (let ahead = at + 1; ahead < at + 7 && tokens[ahead] && !tokens[ahead]!.first; ahead++) {
    const { fold } = tokens[ahead]!
    if (fold === 'anders') return false
    if (
      deals
        ? HANDS.test(fold) || cue.WANTED.test(fold)
        : /^(?:zoekt|neemt|werft)$/.test(verb.fold) &&
          /^(?:mensen|personeel|leerlingen|.{3,}(?:lieden|krachten|monteurs|chauffeurs|lassers|medewerkers|begeleiders|verkopers|kappers|schilders|schoonmakers|vullers|verpleegkundigen))$/.test(
            fold,
          ) &&
          (sorts[index]! & LISTED) !== 0
    )
      return true
  }
  return false
}

/** "eigenaar bakkerij Mustapha Chaoui", "contact vakbond Helder Monteiro": who is there, and what for. */
const THEIRS =
  /^(?:contact|contactpersoon|consulent|consulente|eigenaar|eigenares|eigenaresse|baas|bazin|begeleider|begeleidster|docent|mentor|jobcoach|medewerker|accountmanager|adviseur|collega|praktijkbegeleider|leidinggevende)$/
const isOfTheirs = (tokens: readonly Token[], house: number) =>
  THEIRS.test(tokens[house - 1]?.fold ?? '') || (THEIRS.test(tokens[house - 2]?.fold ?? '') && tokens[house - 1]!.cap === 'lower')

/** Does it belong to the name of a firm, a school, a house? */
export function isFirm({ text, tokens, sorts, words }: Scene, index: number): boolean {
  const isRun = (at: number) => /^(?:\s|-|'| & )$/.test(text.slice(tokens[at]!.end, tokens[at + 1]!.start))
  const isPart = ({ cap, fold }: Token) =>
    (cap === 'Title' || cap === 'miXed' || cue.PARTICLES.has(fold)) && !cue.TITLES.has(fold)
  const isLikelySomebody =
    tokens[index]!.cap === 'Title' && (sorts[index]! & SYLLABLE) !== 0 && !(sorts[index]! & (PLACE | ORGANISATION))
  const isSomebody = (sorts[index]! & NAME) !== 0 && !(sorts[index]! & ORGANISATION)
  let from = index
  while (from > 0 && index - from < 4 && isRun(from - 1) && isPart(tokens[from - 1]!)) from--
  // "Sint Maarten", "prinses beatrix": nobody at the desk.
  for (let at = from; at < index; at++) if (AFTER_WHOM.test(tokens[at]!.fold) && tokens[at]!.cap === 'Title') return true
  if (AFTER_WHOM.test(tokens[index - 1]?.fold ?? '') && tokens[index]!.cap === 'lower') return true
  if (isOfATrade(tokens, sorts, from) || (from < index && FORMULA.test(tokens[from]!.fold))) return true
  if (GROUP.test(tokens[from - 1]?.fold ?? '') || (from < index && GROUP.test(tokens[from]!.fold))) return true
  const afterName = tokens[index + 1]?.fold ?? ''
  if (
    /^(?:en|&)$/.test(afterName) &&
    /^(?:zonen|zn|partners|co|dochters|zoon)$/.test(tokens[index + 2]?.fold ?? '') &&
    !cue.KINDRED.has(tokens[index + 3]?.fold ?? '')
  )
    return true
  if (
    isOfABusiness(tokens, sorts, index) ||
    isHouse(tokens, sorts, index) ||
    isBesideItsBusiness({ text, tokens, sorts, words } as Scene, index) ||
    isHiring({ text, tokens, sorts } as Scene, from, index)
  )
    return true
  const isBesideAnd =
    /&/.test(text.slice(tokens[index]!.end, tokens[index]!.end + 3)) ||
    /&\s$/.test(text.slice(Math.max(0, tokens[from]!.start - 3), tokens[from]!.start))
  // "Ahmed & Fatima" are two people; "Kok & Van Engelen confectie zoekt coupeuse" is a firm.
  if (isBesideAnd)
    for (let at = index + 1; at < index + 8 && tokens[at] && !tokens[at]!.first; at++)
      if (cue.FIRM_ENDINGS.has(tokens[at]!.fold) || cue.WANTED.test(tokens[at]!.fold) || HANDS.test(tokens[at]!.fold)) return true
  if (isBeforeItsBusiness({ text, tokens, sorts } as Scene, from, index)) return true
  if (tokens[index]!.cap === 'lower' && isFirmInSmall({ text, tokens } as Scene, index)) return true
  for (let at = from; at <= index; at++) {
    const before = tokens[at - 1]
    if (!before || text.slice(before.end, tokens[at]!.start).trim() !== '') continue
    // "de winkel van Ozkan" is somebody's.
    const isOfSomebody =
      tokens[at]!.fold === 'van' && tokens[at]!.cap === 'lower' && at === index - 1 && (isSomebody || isLikelySomebody)
    if (cue.INSTITUTIONS.has(before.fold) && !isOfSomebody && !isOfTheirs(tokens, at - 1)) return true
    if (isOfSomebody) continue
    if (tokens[at]!.cap !== 'lower' && before.cap !== 'UPPER' && cue.INSTITUTION_ENDING.test(before.fold)) return true
    if (!/^(?:bij|voor|via)$/.test(before.fold) || isSomebody) continue
    for (let back = at - 2; back >= Math.max(0, at - 8); back--)
      if (cue.WORKING.test(tokens[back]!.fold)) return tokens[back]!.fold !== 'jaar' || /werk/.test(tokens[back - 3]?.fold ?? '')
    for (let ahead = index + 1; ahead < index + 4; ahead++) if (WORKING_AHEAD.test(tokens[ahead]?.fold ?? '')) return true
  }
  // Forward over the rest of the name to what says that it is a firm.
  const isWork = /^(?:bij|voor|via|van|naar|in|werkgever|bedrijf)$/.test(tokens[from - 1]?.fold ?? '')
  for (let to = index; to + 1 < tokens.length && to - index < 3 && isRun(to); to++) {
    const { fold, cap } = tokens[to + 1]!
    // "Osei zn vca": "zijn"; "Jansen & Zn" is a firm.
    if (fold === 'zn' && !text.slice(tokens[to]!.end, tokens[to + 1]!.start).includes('&') && tokens[to]!.fold !== 'en') break
    if (cue.FIRM_ENDINGS.has(fold)) return cap !== 'lower' || SURE_ENDING.test(fold)
    // "Vink Kunststoffen": nobody's surname is followed by a common noun with a capital.
    const sort = sorts[to + 1]!
    const isNoun = sort === WORD || (sort === 0 && words.isCompound(fold))
    const isVanFirm = /^(?:van|de|den|ter|ten)$/.test(tokens[from]!.fold) && tokens[from]!.cap === 'Title' && !tokens[from]!.first
    if (
      cap === 'Title' &&
      isNoun &&
      (isWork || isVanFirm) &&
      !cue.NEVER_NAMED.has(fold) &&
      !cue.DOES.has(fold) &&
      !cue.PARTICLES.has(fold)
    )
      return true
    if (cap !== 'Title' && !cue.PARTICLES.has(fold)) break
  }
  return false
}

/** What a firm does, in one word of two: "sleepdienst", "meelfabriek", "bloemzaden". */
const BUSINESS_AFTER =
  /.{3}(?:fabriek|dienst|diensten|bedrijf|bedrijven|handel|zaden|winkel|zaak|werken|werf|transport|bouw|techniek|verhuur|service|zorg|opvang|makelaardij|installaties|montage|kozijnen|machines|producten|verpakkingen|logistiek|wegenbouw|grondverzet|conserven|vlees|zuivel)$/
const LIKE_SURNAME = /...(?:sen|stra|inga|enga|sma|mans|ofs|ers|ink|huis|berg|kamp|veld|meijer)$/
/** Of a firm, also where a sentence begins: "Roelofs wegenbouw had de ploeg vol". */
const SURE_BUSINESS =
  /^(?:wegenbouw|grondverzet|transport|bouw|techniek|logistiek|installaties|metaal|hoveniers|schoonmaak|makelaardij)$/
/** "werkte bij Koopmans meelfabriek en daarna Smit sleepdienst", "Philips Drachten": a surname, and then its business or its branch. */
function isBesideItsBusiness({ text, tokens, sorts, words }: Scene, index: number): boolean {
  const next = tokens[index + 1]
  if (!next || tokens[index]!.cap !== 'Title' || text.slice(tokens[index]!.end, next.start) !== ' ') return false
  const sort = sorts[index]!
  if (sort & ORGANISATION && sorts[index + 1]! & PLACE && next.cap === 'Title')
    return !cue.TITLES.has(tokens[index - 1]?.fold ?? '')
  if (
    !(sort & (LISTED | SURNAME_WORD) || LIKE_SURNAME.test(tokens[index]!.fold)) ||
    next.cap !== 'lower' ||
    !BUSINESS_AFTER.test(next.fold)
  )
    return false
  if (!(sorts[index + 1]! & WORD) && !words.isCompound(next.fold)) return false
  let at = index - 1
  while (at > 0 && /^(?:de|van|den|der|jan)$/.test(tokens[at]!.fold)) at--
  if (tokens[at + 1]!.first && SURE_BUSINESS.test(next.fold)) return true
  if (!/^(?:bij|daarna|eerst|toen|nu|voor|via|naar|en)$/.test(tokens[at]?.fold ?? '')) return false
  for (let back = at; back >= Math.max(0, at - 10); back--) if (cue.WORKING.test(tokens[back]!.fold)) return true
  return false
}

/** "van der poel fietsen", "jansen tholen metaalbouw", "roelofs den ham, wegenbouw": after a particle, or with a town between, it is a firm in any letters. */
const IN_ITS_BRANCH =
  /(?:bouw|wegenbouw|transport|fietsen|logistics|logistiek|terminals|verhuur|grondverzet|installaties|installatietechniek|techniek|metaal|staal|hout|handel|meubelen|bloemen|keukens|schilders|hoveniers|tweewielers|automotive|machines|recycling|makelaardij|shipping|productie|verpakkingen|confectie|beton|tenten|haarmode|kozijnen|ramen)$/
const BRANCH = /^(?:bouw|transport|groen|techniek|logistiek|metaal|installaties|infra|hout|staal)$/
function isBeforeItsBusiness({ text, tokens, sorts }: Scene, from: number, index: number): boolean {
  let begin = from
  while (begin > 0 && index - begin < 4 && /^(?:van|de|der|den|ter|ten)$/.test(tokens[begin - 1]!.fold)) begin--
  const before = tokens[begin - 1]
  if (before && (cue.TITLES.has(before.fold) || cue.RELATIONS.has(before.fold) || cue.KINDRED.has(before.fold))) return false
  let at = index + 1
  while (at < index + 4 && (sorts[at] ?? 0) & PLACE && /^,? $/.test(text.slice(tokens[at - 1]!.end, tokens[at]!.start))) at++
  const next = tokens[at]
  if (!next || !/^,? $/.test(text.slice(tokens[at - 1]!.end, next.start)) || !IN_ITS_BRANCH.test(next.fold)) return false
  // "scheeper bouw, ballast nedam genoemd"
  const after = tokens[at + 1]
  const isClosed = after !== undefined && text.slice(next.end, after.start) !== ' '
  if (BRANCH.test(next.fold) && isClosed && sorts[index]! & (LISTED | SURNAME_WORD)) return true
  const hasParticle = begin < index && /^(?:der|den|de|van|ter|ten)$/.test(tokens[index - 1]!.fold)
  return hasParticle || at > index + 1
}

/** "Hago zoekt schoonmakers", "een vacature van Jobster": nobody knows the word, and a firm would stand there. */
export function couldBeFirm({ tokens }: Scene, index: number): boolean {
  const { first } = tokens[index]!
  const next = tokens[index + 1]?.fold ?? ''
  if (first && /^(?:zoekt|heeft|biedt|neemt|is|gaat|had|wil|krijgt|vraagt)$/.test(next))
    for (let ahead = index + 2; ahead < index + 6; ahead++) if (cue.WANTED.test(tokens[ahead]?.fold ?? '')) return true
  // "vacatures Chemelot meegegeven"
  if (/^(?:vacatures?|folders?|flyers?|banenmarkt|website|brochure)$/.test(tokens[index - 1]?.fold ?? '')) return true
  return tokens[index - 1]?.fold === 'van' && cue.OF_A_FIRM.has(tokens[index - 2]?.fold ?? '')
}
