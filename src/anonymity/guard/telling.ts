// Descriptions that tell who somebody is without a name: the only, the oldest, the one whom everybody knows; the mayor's daughter.
import { findTellingClauses } from './telling-clauses.js'
import { type Found, placesNear, type Reading, type Spans } from './text.js'
import { perWord, type Token } from './tokens.js'
import { PLACE, type Words } from './words.js'

/** What a person can be called: by trade, by descent, by kinship. */
const PERSON =
  '(?:[\\w-]{2,30}(?:er|ling|ster|ist|iste|eur|euse|ier|iere|aar|ares|aris|ent|ente|ant|ante|loog|man|vrouw|aan|ees|oot|aal|iet|icus|or|arts|jongen|meisje|smid|kok|hulp|kind|coach|meester|juf|chef|bode|dokter|agent|air|aire)|vrouw|man|jongen|meisje|moeder|vader|weduwe|weduwnaar|kok|arts|imam|dominee|pastoor|rabbijn|juf|meester|smid|boer|boerin|turk|turkse|pool|poolse|syrier|eritrese|marokkaanse|somalische|afghaanse|iraanse|oekraiense|chinees|chinese|transgender|homo|lesbienne|moslim|moslima|jood|baas|slager|bakker|transvrouw|transman|kampioen|tweeling|dragqueen|albino|sikh|non)'
/** Kin and callers: the oldest son is no riddle, the first visitor of the day neither. */
const COMMON_PERSON =
  /\b(?:zoon|dochter|kind|kinderen|broer|zus|bezoeker|bezoekster|kandidaat|deelnemer|deelneemster|klant|client|collega|werkgever|docent|trainer|partner|kostwinner|aanbieder|leverancier|koffer|winter|zomer|semester|nummer|papier|kamer|computer|moment|contactpersoon|ouder|ouders|moeder|vader|keer|manier|dag|punt|kwartaal|uitzendbureau|element|document|instrument|argument|kantoor|loket|aanbod|groep|dokter|huisarts|sollicitant|cursist|gesprekspartner|werkzoekende)$/

const WHERE = "(?:in|van|uit|op|bij|binnen|aan)\\s(?:(?:het|de|heel|dit|deze|ons|onze|hele|een)\\s){0,2}([\\w'-]{2,40})"
const ONLY_ONE = new RegExp(
  `(?:\\b(?:de|als)\\s|^)(?:enige|enigste|eerste)\\s(?:met|zonder|die|in)\\s(?:[\\w-]{1,20}\\s){1,6}?${WHERE}`,
  'g',
)
const ONE_OF_FEW =
  /\b(?:de enige|enige|een van de (?:\d{1,2}|twee|drie|vier|vijf|tien|weinigen?|paar)(?: mensen)?) in (?:heel )?(?:nederland|nl|europa|de wereld|het land)\b/g
/** A group in which one can be the only one. */
const GROUP =
  /^(?:dorp|wijk|buurt|straat|stad|gemeente|school|basisschool|bedrijf|fabriek|moskee|kerk|synagoge|vereniging|club|voetbalclub|provincie|land|regio|eiland|nederland|korps|kazerne|brandweer|politie|politiekorps|praktijk|ziekenhuis|verpleeghuis|instelling|azc|flat|kamp|gemeenschap|haven|werf|markt|universiteit|hogeschool|college|lyceum|haven)$/

const KNOWN =
  /\b(?:bekend|beroemd|berucht)\s(?:van|uit|door|geworden (?:door|met))\s(?:(?:de|het|zijn|haar|een|heel|dat)\s){0,2}(?:tv|televisie|krant|radio|nieuws|film|serie|programma|youtube|internet|media|optreden|rechtszaak|zaak|ongeluk|brand|[\w-]{3,24} zoekt vrouw|opsporing)\b|\b(?:iedereen|heel het dorp|het hele dorp|de hele wijk|heel de wijk|de hele stad|heel [\w-]{3,24}|iedereen in (?:het dorp|de wijk|[\w-]{3,24}))\skent\s(?:hem|haar|die|deze|ze|mevrouw|meneer|mw|dhr)\b|\b(?:deed|doet|mee|meegedaan|kandidaat|kandidate|deelnemer|deelneemster|bekend|was|zat|stond|zien|won|finalist|finaliste|bruid|boer|boerin)\s(?:[\w-]{1,14}\s){0,3}?(?:boer zoekt vrouw|opsporing verzocht|expeditie robinson|heel holland bakt|the voice|big brother|ik vertrek|utopia)\b/g
const OFFICE =
  '(?:burgemeester|wethouder|dominee|pastoor|imam|rabbijn|koster|dorpsdokter|brandweercommandant|dorpsagent|schoolhoofd|raadslid|kampioen|wereldkampioen|olympisch kampioen|prins carnaval|veerman|havenmeester|ambassadeur|minister|kamerlid|gedeputeerde|commissaris|legerleider|generaal)'
const FORMER =
  '(?:oud-?|ex-?|voormalige?\\s)(?:directeur|directrice|rector|voorzitter|voorzitster|international|speler|voetballer|prof|hoofdredacteur|presentator|presentatrice|zanger|zangeres|minister|burgemeester|wethouder|raadslid|kamerlid|commandant|gevangenisdirecteur|schoolhoofd|dominee|imam|pastoor|kampioen|topsporter|schaatser|wielrenner)'
const AT = "(?:van|in|uit|te|bij|op)\\s(?:(?:de|het|onze|een)\\s)?[\\w'-]{2,30}"
const KIN =
  '(?:zoon|dochter|vrouw|man|weduwe|weduwnaar|broer|zus|neef|nicht|ex|partner|kleinzoon|kleindochter|schoonzoon|schoondochter|moeder|vader|echtgenoot|echtgenote)'
/** Who holds or held an office of which a place has one, and their kin. */
const OF_OFFICE = new RegExp(
  `\\b${KIN}\\svan\\s(?:de|onze|een|het)?\\s?(?:oud-?|ex-?|voormalige?\\s|vorige\\s|huidige\\s)?${OFFICE}\\b|\\b(?:is|was|als)\\s(?:de\\s|een\\s)?${OFFICE}\\s(?:geweest\\s)?${AT}|\\b${FORMER}\\s${AT}`,
  'g',
)
const KIN_OF_A_TRADE = new RegExp(
  `\\b(?:de\\s|het\\s)?${KIN}\\svan\\sde\\s(${PERSON})\\s(?:uit|van|in|op)\\s(?:(?:de|het)\\s)?([\\w'-]{2,30})`,
  'g',
)
/** What happened to one person alone, as everybody knows. */
const DISASTER =
  '(?:ongeluk|ongeval|brand|moord|steekpartij|schietpartij|explosie|overval|ramp|aanslag|gijzeling|familiedrama|gezinsdrama|verkeersongeluk|treinongeluk|busongeluk)'
const EVENT = new RegExp(
  `\\b(?:degene|diegene|de (?:man|vrouw|jongen|persoon|familie|moeder|vader)|die (?:man|vrouw|jongen)|dat meisje|het meisje|overlevende|slachtoffer|nabestaande|dader|verdachte|de weduwe|ouders|moeder|vader)\\s(?:[\\w-]{1,16}\\s){0,6}?(?:(?:van|bij|na|door|in)\\s(?:(?:de|het|dat|die)\\s)?(?:[\\w-]{2,20}\\s){0,2}?${DISASTER}|(?:verdronk|verongelukte|omkwam|neergestoken|neergeschoten|vermoord|(?:loterij|staatsloterij|jackpot)\\s(?:won|gewonnen)|overleefde))\\b|\\b(?:winnaar|winnares|finalist|finaliste|deelnemer|deelneemster)\\s(?:van|aan|bij)\\s(?:heel holland|expeditie|the voice|boer zoekt|wie is de mol|idols|big brother|de slimste|miss )`,
  'g',
)
/** One of a kind to look at. */
const LOOKS =
  /\b(?:de|die|een|het)\s(?:[\w-]{2,20}\s){0,3}?(?:man|vrouw|jongen|meisje|bakker|[\w-]{3,20}er)\s(?:[\w-]{2,16}\s){0,3}?met\s(?:maar\s)?(?:(?:een|1)\s)?(?:arm|been|oog|hand|kunstbeen|kunstarm|beenprothese|armprothese|glazen oog|houten been|getatoeeerd gezicht|gezichtstatoeages?|tatoeage in het gezicht|brandwonden in het gezicht|litteken over)\b(?!\s(?:gebroken|in het gips|geblesseerd|gekneusd))/g
const TRAITS = new RegExp(
  `\\b(?:de|het|een)\\s(?:[\\w-]{2,24}\\s){0,3}?${PERSON}\\s(?:(?:van|bij|in)\\s(?:de|het)\\s[\\w-]{3,20}\\s)?(?:uit|van|in|op|te)\\s([\\w'-]{2,30}),?\\s(?:(?:van\\s)?\\d{2}|\\d{2}\\s?(?:jaar|jr))\\b(?!\\s?(?:uur|dagen|weken|mensen|km|euro))|\\b(?:de|een)\\s\\d{2}-jarige\\s(?:[\\w-]{3,24}e?\\s){1,2}?${PERSON}\\s(?:uit|van|in|op)\\s([\\w'-]{2,30})`,
  'g',
)

/** UTF-16 units between the first of a pattern and its last. */
const REACH = 160
/** Of these every pattern but TRAITS has one; TRAITS has a number. */
const MARK = new RegExp(
  [
    '^(?:enige|enigste|eerste|nederland|nl|europa|wereld|land|voormalige?)$|^(?:oud|ex)',
    '^(?:bekend|beroemd|berucht|kent|boer|opsporing|expeditie|holland|voice|brother|vertrek|utopia|carnaval)$',
    '^(?:verdronk|verongelukte|omkwam|neergestoken|neergeschoten|vermoord|won|gewonnen|overleefde|winnaar|winnares|finalist|finaliste|deelnemer|deelneemster)$',
    '(?:arm|been|oog|hand|prothese|gezicht|tatoeages?|brandwonden|litteken)$',
    `^${KIN}$`,
    `${OFFICE}$`,
    `${DISASTER}$`,
  ].join('|'),
)

export function findTelling(reading: Reading, taken: Spans, words: Words): Found[] {
  const { text, lower, tokens } = reading
  const { sortOf } = words
  const found: Found[] = []
  const isMark = perWord((fold) => MARK.test(fold))
  const marks = tokens.filter(isMark)
  const numbers = tokens.filter(({ isNumber, fold }) => isNumber && fold.length === 2)
  const add = (
    pattern: RegExp,
    fits: (match: RegExpExecArray, end: number) => boolean = () => true,
    spots: readonly Token[] = marks,
  ) => {
    for (const { start, end, match } of placesNear(pattern, lower, spots, REACH)) {
      const skipped = /^[.,;:(\s]*/.exec(match[0])![0].length
      if (fits(match, end) && !taken.covers(start + skipped, end))
        found.push({ start: start + skipped, end, kind: 'description' })
    }
  }
  const isPlace = (word: string) => (sortOf(word) & PLACE) !== 0
  /** A place, a group, or what has a name of its own. */
  const isSomewhere = (where: string, end: number) =>
    isPlace(where) || GROUP.test(where) || /^[A-Z]/.test(text.slice(end - where.length))
  add(ONLY_ONE, (match) => isPlace(match[1]!) || GROUP.test(match[1]!))
  add(KIN_OF_A_TRADE, (match, end) => !COMMON_PERSON.test(match[1]!) && isSomewhere(match[2]!, end))
  for (const pattern of [ONE_OF_FEW, KNOWN, OF_OFFICE, EVENT, LOOKS]) add(pattern)
  add(TRAITS, ([, a, b]) => isPlace((a ?? b)!), numbers)
  return [...found, ...findTellingClauses(reading, words)]
}
