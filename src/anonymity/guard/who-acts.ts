// Names that are ordinary words: what somebody does, is or is told right beside the word says that it is a person's name all the same.
import * as cue from './cues.js'
import { doesSomething, follows, type Scene } from './name-scene.js'
import { spokenNumber } from './numerals.js'
import { isPerson } from './telling-words.js'
import type { Token } from './tokens.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, PLACE, SURNAME_WORD, SYLLABLE, WORD } from './words.js'

const COULD_NAME = NAME | GIVEN_WORD | SURNAME_WORD | SYLLABLE | LISTED
/** Where the people sit whom one knows by their given name. */
const DESKS =
  /^(?:wsp|uwv|gem|gemeente|balie|bieb|bibliotheek|taalhuis|taalpunt|wijkteam|wijk|loket|leerwerkloket|lwl|rmt|roc|werkcentrum|vluchtelingenwerk|vwn|humanitas|school|hr|personeelszaken|receptie|buurthuis|buurtteam|inloop|coa|azc|voedselbank|ggd|ggz|fnv|cnv|uitzendbureau|uzb|kringloop|taalschool|isk|mee|rmc|duo|ind|servicepunt|salarisadministratie|planning|administratie)$/
const OF = /^(?:van|vd|vh|v|bij|uit)$/
/** What one has of one's own, and what people alone are told of; a storm has none. */
const OWN =
  /^(?:zich|haar|zijn|zn|hr|hij|zij|ze|cv|id|idee|diploma|diplomas|werk|baan|baantje|ww|wia|wajong|bijstand|opleiding|opl|mbo|hbo|havo|vmbo|les|taalles|rijbewijs|gesprek|afspraak|afspr|vso|contract|vog|stage|stageplek|zin|mail|gemaild|gebeld|schulden|kinderen|kids|jaar|jr|klacht|vraag|vragen|moeite|last|papieren|pas|paspoort|digid|inschrijving|ontslag|ervaring|auto|geld|uren|formulier|bewijs|brief|laptop|hulp|tolk|partner|man|vrouw)$/
const HAS =
  /^(?:heeft|had|is|was|kan|kon|moet|mag|gaat|ging|komt|kwam|kreeg|krijgt|zit|zat|wordt|werd|blijft|doet|neemt|start|startte|stopt|volgt|haalt|ziet|staat|stond)$/
/** Nobody but a person does this. */
const SAYS =
  /^(?:wil|wilde|wou|zegt|zei|belt|belde|vraagt|vroeg|mailt|mailde|appt|appte|zoekt|zocht|twijfelt|twijfelde|solliciteert|solliciteerde|spreekt|sprak|denkt|dacht|weet|wist|vertelt|vertelde|durft|durfde|hoopt|wacht|vindt|woont|woonde|werkt|werkte|leert|studeert|vertaalt|tolkt|overlegt|begeleidt|helpt|hielp|verhuist|mist|snapt|begrijpt|kent|gestart)$/
const HANDED =
  /^(?:overgedragen|doorgezet|gemaild|doorgestuurd|gestuurd|afgegeven|uitgelegd|gegeven|voorgelegd|gevraagd|doorgegeven|gemeld)$/
const TOLD = /^(?:gezegd|zei|verteld|gemeld|gemaild|geappt|beloofd|uitgelegd|zeg|zegt)$/
/** Ordinary enough that no verb makes them a name in small letters. */
const NEVER =
  /^(?:hem|haar|hun|mij|me|je|wil|ons|door|dan|max|ver|let|page|an|rust|dag|ed|do|ab|ad|de|en|er|al|zo|wel|nog|best|anders|van|ook|die|dit|dat|wie|hoe|nu|toen|ten|te|tel|men|man|vrouw|broer|zoon|zwager|vriend|mens|deken|school|zorg|werk|bank|groep|top|vast|open|post|zaal|kamer|kerk|land|markt|stap|bode|baas|heer|kleine|grote|lange|korte|oude|jonge|beide|som|bel|stel|komen|snel|lang|kort|klein|groot|goed|oud|hard|hoog|zuid|west|noord|oost|maandag|zondag|zomer|winter|mei|juni|juli|april|august|augustus|september|oktober|maart|deel|punt|recht|plan|kwam|rand|reis|plek|plaat|geld|brood|huis|water|stam|son|top|ring|dal|grond|kans|pas|pal|keur|mager|rap|los|klaar|leger|last|loon|lot|land|tol|trouw|vreugde|vroom|wakker|want)$/

const MONTHS = /^(?:mei|juni|juli|april|august|june|may)$/

/** A word that tells who somebody is by trade stands where a name would: "bakker zoekt hulp". */
const isTradeWord = (fold: string) => isPerson(fold) || /^(?:kok|boer|smid|slager|visser|herder|jager|koster)$/.test(fold)

const isClauseStart = ({ text, tokens }: Scene, index: number) =>
  tokens[index]!.first || (index > 0 && /[,;(]\s?$/.test(text.slice(tokens[index - 1]!.end, tokens[index]!.start)))

/** Does what stands around the word say that it names somebody? */
export function isToldOf(scene: Scene, index: number): boolean {
  const { text, tokens, sorts } = scene
  const { fold, cap, first } = tokens[index]!
  const sort = sorts[index]!
  const isUnknown = sort === 0 && cap === 'Title' && !scene.words.isCompound(fold)
  if ((!(sort & COULD_NAME) && !isUnknown) || fold.length < 2) return false
  const next = follows(scene, index)
  const previous = tokens[index - 1]
  const before = previous && /^\s$/.test(text.slice(previous.end, tokens[index]!.start)) ? previous.fold : ''
  const beyond = tokens[index - 2]?.fold ?? ''
  const isTitle = cap === 'Title'
  const isOrdinary = cap === 'lower' && NEVER.test(fold)
  const opens = isClauseStart(scene, index)
  if (sort !== 0 && opens && isIntroduced(scene, index)) return !isOrdinary
  if (
    next &&
    OF.test(next.fold) &&
    isDesk(tokens, index + 2) &&
    sort & (NAME | GIVEN_WORD | SYLLABLE | LISTED) &&
    (!isOrdinary || MONTHS.test(fold)) &&
    !(sort & PLACE)
  )
    return opens || cue.PREPOSITIONS.has(before) || isTitle
  // "blok, 48, wil omscholen"
  if (
    first &&
    !isTradeWord(fold) &&
    !isOrdinary &&
    /^,\s[1-7]\d(?:\sjr|\sjaar)?,/.test(text.slice(tokens[index]!.end, tokens[index]!.end + 11))
  )
    return true
  const isOfTwo = (sort & (GIVEN_WORD | SURNAME_WORD)) !== 0 && next !== undefined && SAYS.test(next.fold)
  const isClient = /^(?:klant|client|kandidaat|bezoeker|collega|leerling)$/.test(before) && (sort & SURNAME_WORD) !== 0
  if (isOrdinary || (sort & (PLACE | ORGANISATION) && !isTitle && !(opens && isOfTwo) && !isClient)) return false
  const isTrade = isTradeWord(fold)
  // "Visser, 2e keer hier", "Koning, wil ander werk": a trade in front of a comma needs more.
  if (first && isTitle && text[tokens[index]!.end] === ',' && sort & (SURNAME_WORD | GIVEN_WORD | LISTED)) {
    const after = tokens[index + 1]
    const isTurn =
      after?.isNumber &&
      /^(?:e|de|ste)$/.test(tokens[index + 2]?.fold ?? '') &&
      /^(?:keer|gesprek|x|afspraak|bezoek|contact)$/.test(tokens[index + 3]?.fold ?? '')
    if (isTurn || (after && !isTrade && (SAYS.test(after.fold) || HAS.test(after.fold)))) return true
  }
  // "heb bakker gevraagd": without an article it is who one asks.
  if (
    /^(?:heb|hebben)$/.test(before) &&
    next &&
    /^(?:gevraagd|gesproken|gebeld|gemaild|gezien|geholpen|geappt|ontmoet)$/.test(next.fold)
  )
    return sort !== 0
  if (isTrade) return false
  if (first && isTitle && next?.fold === 'uit' && sort & (SURNAME_WORD | LISTED) && ((sorts[index + 2] ?? 0) & PLACE) !== 0)
    return true
  // "Tenzin Dolma wil"
  if (
    first &&
    isTitle &&
    next?.cap === 'Title' &&
    SAYS.test(tokens[index + 2]?.fold ?? '') &&
    !(sort & WORD) &&
    !cue.NEVER_NAMED.has(next.fold)
  )
    return true
  // "li na vertaalt": nobody says so of a thing.
  if (first && sort & SYLLABLE && next && next.fold.length < 5 && SAYS.test(tokens[index + 2]?.fold ?? '')) return true
  if (isUnknown) return false
  if (before === 'tegen' && TOLD.test(beyond)) return true
  if (before === 'aan' && HANDED.test(beyond) && sort & (GIVEN_WORD | SYLLABLE | NAME | LISTED)) return true
  if (before === 'of' && next && cue.AFTER_SUBJECT.has(next.fold) && sort & (GIVEN_WORD | SYLLABLE | LISTED | NAME)) return true
  const acts = next !== undefined && (SAYS.test(next.fold) || doesSomething(next))
  // "stagiair sem zoekt", "vrouw van beer belde"
  if (acts && cue.RELATIONS.has(before) && !cue.DETERMINERS.has(beyond)) return true
  if (acts && before === 'van' && cue.KINDRED.has(beyond)) return true
  if (!opens || !next) return false
  if (SAYS.test(next.fold)) return isTitle || (sort & (GIVEN_WORD | LISTED | SYLLABLE | NAME)) !== 0 || tokens[index]!.first
  return (
    HAS.test(next.fold) && (isTitle || (sort & (GIVEN_WORD | LISTED | SYLLABLE | NAME)) !== 0) && hasOfOneself(tokens, index + 2)
  )
}

/** "is 18 en", "is haar achternaam", "geb 1970". */
function isIntroduced({ tokens, text }: Scene, index: number): boolean {
  const next = tokens[index + 1]
  if (!next || text.slice(tokens[index]!.end, next.start) !== ' ') return false
  if (/^(?:geb|geboren)$/.test(next.fold)) return true
  if (next.fold !== 'is' && next.fold !== 'was') return false
  const what = tokens[index + 2]
  if (!what) return false
  if (/^(?:haar|zijn|zn|hr|mijn|de|een)$/.test(what.fold))
    return /^(?:achternaam|voornaam|familienaam|roepnaam|meisjesnaam|naam|bijnaam|dochter|zoon|zoontje|dochtertje|zus|broer|partner|jobcoach|begeleider|klantmanager|consulent|contactpersoon)$/.test(
      tokens[index + 3]?.fold ?? '',
    )
  const age = what.isNumber ? Number(what.fold) : Number(spokenNumber(what.fold))
  return (
    age > 13 &&
    age < 80 &&
    /^(?:$|[,.]|\s(?:en|jaar|jr|geworden|maar|dus|nu|net)\b)/.test(text.slice(what.end, what.end + 12).toLowerCase())
  )
}

const isDesk = (tokens: readonly Token[], at: number) =>
  DESKS.test(tokens[at]?.fold ?? '') ||
  (/^(?:de|het|t|d|h)$/.test(tokens[at]?.fold ?? '') && DESKS.test(tokens[at + 1]?.fold ?? ''))

const hasOfOneself = (tokens: readonly Token[], from: number) => {
  for (let at = from; at < from + 6 && tokens[at] && !tokens[at]!.first; at++) if (OWN.test(tokens[at]!.fold)) return true
  return false
}

/** "de jong vraagt", "van de berg twijfelt", "v d meer komt": a surname of several words, in small letters, that acts. */
export function isActingSurname(scene: Scene, index: number): boolean {
  const { tokens, sorts } = scene
  const { fold } = tokens[index]!
  const next = follows(scene, index)
  const article = tokens[index - 1]?.fold ?? ''
  const van = tokens[index - 2]
  if (!next) return false
  // "afspraak met de graaf verzet"
  if (
    article === 'de' &&
    van?.fold === 'met' &&
    cue.AFTER_DE.has(fold) &&
    !isTradeWord(fold) &&
    cue.SUBJECTS.has(tokens[index - 3]?.fold ?? '')
  )
    return doesSomething(next) || /^(?:verzet|gehad|gepland|gemaakt|over|om|op|geweest)$/.test(next.fold)
  if (!(SAYS.test(next.fold) || HAS.test(next.fold)) || !(sorts[index]! & (SURNAME_WORD | LISTED)) || isTradeWord(fold))
    return false
  // "vd laan had", "ter horst wil"
  if (/^(?:vd|ter|ten|vander|vande)$/.test(article)) return !NEVER.test(fold) && isClauseStart(scene, index - 1)
  if (/^(?:de|den|d|het|t)$/.test(article) && van && /^(?:van|v)$/.test(van.fold))
    return !NEVER.test(fold) && isClauseStart(scene, index - 2)
  const opens = (at: number) => isClauseStart(scene, at) || cue.RELATIONS.has(tokens[at - 1]?.fold ?? '')
  return (
    article === 'de' && cue.AFTER_DE.has(fold) && opens(index - 1) && (SAYS.test(next.fold) || hasOfOneself(tokens, index + 2))
  )
}
