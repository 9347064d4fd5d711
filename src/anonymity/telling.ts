// Descriptions that tell who somebody is without a name: the only, the oldest, the known; the mayor's daughter.
import { type Found, places, type Reading, type Spans } from './text.js'
import { PLACE, type Words } from './words.js'

/** What a person can be called: by trade, by descent, by kinship. */
const PERSON =
  '(?:\\w{2,30}(?:er|ling|ster|ist|iste|eur|euse|ier|iere|aar|ares|aris|ent|ente|ant|ante|loog|man|vrouw|ares|aan|ees|oot|aal|iet|icus|or|arts|jongen|meisje|smid|kok|gast|hulp|kind|piloot|coach|meester|juf|wever|chef)|vrouw|man|jongen|meisje|moeder|vader|weduwe|weduwnaar|kok|arts|imam|dominee|pastoor|rabbijn|juf|meester|smid|boer|boerin|turk|turkse|pool|poolse|syrier|eritrese|marokkaanse|somalische|afghaanse|iraanse|oekraiense|chinees|chinese|transgender|homo|lesbienne|moslim|moslima|jood|gast|tweeling|kind|baas|slager|bakker|persoon|iemand|transvrouw|transman|zzp|held|kampioen|coach|vluchteling)'
const WHERE =
  '(?:in|van|uit|op|bij|binnen|aan)\\s(?:(?:het|de|heel|dit|deze|ons|onze|zijn|haar|hele)\\s){0,2}[\\w\'-]{2,40}'

/** "de enige vrouwelijke loodgieter van Urk": at most three words between, and a place, a school or a firm after it. */
const ONLY = new RegExp(
  `\\b((?:de|het|als|onze|zowat de|ongeveer de)\\s(?:enige|enigste|eerste|oudste|jongste|langste|dikste|kleinste|rijkste|bekendste|laatste|langstzittende|langst zittende)\\s(?:[\\w-]{2,24}\\s){0,4}?${PERSON})\\s(?:[\\w-]{2,20}\\s){0,2}?${WHERE}`,
  'g',
)
/** What is only one of its kind, and no person. */
const THING =
  /\b(?:mogelijkheid|optie|opleiding|aanbieder|werkgever|kantoor|school|cursus|manier|reden|dag|dagen|week|keer|maand|vacature|bus|trein|leverancier|partner|stap|gesprek|afspraak|uitzendbureau|instelling|computer|locatie|trainer|koffer|nummer|papier|kamer|winter|zomer|semester|kwartaal|kostwinner|docent|keuze|brief|baan|werkdag|ervaring|contact|punt|loket|regeling|inkomen|diploma|voorwaarde|vraag|taal|plek|aanbod|klas|groep|uur|moment|tafel|halte|lokaal|praktijk)\b/
const KNOWN = new RegExp(
  `\\b(?:bekend|beroemd|berucht|herkenbaar)\\s(?:van|uit|door|in)\\s(?:(?:de|het|zijn|haar|een|heel)\\s){0,2}(?:tv|televisie|krant|radio|nieuws|film|serie|programma|youtube|internet|media|social|optreden|rechtszaak|zaak|ongeluk|brand|dorp|wijk|stad|buurt|omgeving|${'[\\w-]{3,24}'} zoekt vrouw|opsporing|boer)\\b|\\b(?:stond|staat|was|kwam|komt|is)\\s(?:[\\w-]{2,16}\\s){0,4}?(?:in de krant|op tv|op televisie|in het nieuws|op het nieuws|in het ad|in de telegraaf|bij opsporing verzocht)\\b|\\b(?:iedereen|heel het dorp|het hele dorp|de hele wijk|heel de wijk|de hele stad|heel [\\w-]{3,24})\\skent\\s(?:hem|haar|die|deze|ze)\\b|\\b(?:boer zoekt vrouw|opsporing verzocht|expeditie robinson|heel holland bakt|the voice)\\b`,
  'g',
)
/** Who holds or held an office of which a place has one, and their kin. */
const OFFICE = '(?:oud-?|ex-?|voormalig |vorige |huidige |loco-?)?(?:burgemeester|wethouder|dominee|pastoor|imam|rabbijn|koster|huisarts|dorpsdokter|notaris|directeur|rector|voorzitter|brandweercommandant|dorpsagent|wijkagent|schooldirecteur|hoofdmeester|schoolhoofd|raadslid|schaatskampioen|kampioen|voetballer|presentator|presentatrice|zanger|zangeres|prinses|carnaval|prins carnaval|schoolmeester|veearts|molenaar|veerman|havenmeester)'
const OF_OFFICE = new RegExp(
  `\\b(?:zoon|dochter|vrouw|man|weduwe|weduwnaar|broer|zus|neef|nicht|ex|partner|kleinzoon|kleindochter|schoonzoon|schoondochter|moeder|vader|echtgenoot|echtgenote)\\svan\\s(?:de|onze|een|het)?\\s?${OFFICE}\\b|\\b(?:de|onze|als|was|is|oud-?|ex-?|voormalig|voormalige)\\s?${OFFICE}\\s(?:van|in|uit|te)\\s(?:(?:de|het|onze)\\s)?[\\w'-]{3,30}`,
  'g',
)
const KIN_OF_A_TRADE = new RegExp(
  `\\b(?:zoon|dochter|weduwe|weduwnaar|vrouw|man|zus|broer)\\svan\\sde\\s(?:${PERSON})\\s(?:uit|van|in|op)\\s(?:(?:de|het)\\s)?[\\w'-]{3,30}`,
  'g',
)
/** What happened to one person alone, as everybody knows. */
const EVENT =
  /\b(?:degene|diegene|de (?:man|vrouw|jongen|persoon)|die (?:man|vrouw|jongen)|dat meisje|het meisje|overlevende|slachtoffer|nabestaande|dader|verdachte)\s(?:[\w-]{1,16}\s){0,5}?(?:van|bij|na|door|in)\s(?:(?:de|het|dat|die)\s)?(?:[\w-]{2,20}\s){0,2}?(?:ongeluk|ongeval|brand|moord|steekpartij|schietpartij|explosie|overval|ramp|aanslag|gijzeling|familiedrama|gezinsdrama|dodelijke|verkeersongeluk|treinongeluk|busongeluk)\b/g
/** Several traits at once point at one: sex or descent, trade, small place and age. */
const TRAITS = new RegExp(
  `\\b(?:de|het|een)\\s(?:[\\w-]{2,24}\\s){0,3}?${PERSON}\\s(?:uit|van|in|op|te)\\s([\\w'-]{2,30}),?\\s(?:(?:van\\s)?\\d{2}|\\d{2}\\s?(?:jaar|jr))\\b|\\b(?:de|een)\\s\\d{2}-jarige\\s(?:[\\w-]{3,24}e\\s){1,2}${PERSON}\\s(?:uit|van|in|op)\\s([\\w'-]{2,30})`,
  'g',
)

export function findTelling({ lower }: Reading, taken: Spans, { sortOf }: Words): Found[] {
  const found: Found[] = []
  const add = (pattern: RegExp, fits: (match: RegExpExecArray) => boolean = () => true) => {
    for (const { start, end, match } of places(pattern, lower)) if (fits(match) && !taken.covers(start, end)) found.push({ start, end, kind: 'description' })
  }
  add(ONLY, ([, who]) => !THING.test(who!))
  for (const pattern of [KNOWN, OF_OFFICE, KIN_OF_A_TRADE, EVENT]) add(pattern)
  add(TRAITS, ([, a, b]) => (sortOf((a ?? b)!) & PLACE) !== 0)
  return found
}
