// Who belongs to a place or to a story: the keeper of its church, the founder's heir, the one who is always seen there, the one from the programme.
import { type Rule, seek } from './telling-rules.js'
import * as tell from './telling-words.js'

const OF = /^(?:van|v|vd|vh)$/
const ARTICLE = /^(?:de|het|een|t|d|onze|dat|die)$/
/** Who sits at a desk, or sends somebody to one, is spoken of by the place of the desk. */
const AT_A_DESK =
  /(?:consulent|consulente|manager|coach|adviseur|adviseuse|medewerker|medewerkster|begeleider|begeleidster|wethouder|burgemeester|ambtenaar|docent|docente|trainer|contactpersoon|werkgever|recruiter|intercedent|^man|^vrouw|^jongen|^meisje|meneer|mevrouw|inwoner|bewoner|tolk|vrijwilliger|medew|makelaar|regisseur|verwijzer|^agent|team|teamleider|beller|aanmelder|stagiair|stagiaire|leverancier|planner)$/
/** One asks for one, or for a way to become one. */
const WANTED = /^(?:zoeken|zoekt|gezocht|gevraagd|nodig|vacature|worden|word|wordt|opleiding|cursus|opl)$/

/** "de kapster van marken", "stadsomroeper van leerdam": a place has one. */
export const ofAPlace: Rule = ({ folds, isTown, isPerson }) => {
  for (let index = 0; index < folds.length - 1; index++) {
    const fold = folds[index]!
    if (!OF.test(folds[index + 1]!) || !(isPerson(fold) || tell.ROLES.has(fold)) || AT_A_DESK.test(fold)) continue
    const previous = folds[index - 1] ?? ''
    if (index > 0 && !/^(?:de|die|onze|dorps|is|was|mw|dhr|klant|client)$/.test(previous)) continue
    const at = /^(?:de|het)$/.test(folds[index + 2] ?? '') ? index + 3 : index + 2
    if (at < folds.length && isTown(at) && seek(folds, WANTED, index, index + 6) < 0) return [index, at]
  }
  return undefined
}

/** Something is the matter with who leads a school or a club: then he is the one who came, and not the one who called. */
const COMES =
  /^(?:ontslag|ontslagen|ww|wia|bijstand|zit|thuis|burn|burnout|omscholen|anders|werkloos|werk|baan|bijbaan|pensioen|stoppen|stopt|gestopt|weg|geweest|nu|verkopen|uren|verkoopt|geschorst|failliet|schulden|omscholing|solliciteert|scheiding|ziek|overspannen|wajong|naast|uitgeschreven|minder|ander|andere|iets|loopbaan|aow)$/
const CALLS =
  /^(?:belt|belde|mailt|mailde|plekken|vacature|vacatures|stage|stages|personeel|samenwerken|meedoen|langs|vakmensen|medewerkers|leerlingen|leerwerkplekken|flyers|gesproken|uitgenodigd|gevraagd|hulp|subsidie|zoekt|zoeken|vraagt)$/

/** "directeur van basisschool de regenboog in leusden, ontslag", "de organist van de grote kerk". */
export const whoLeads: Rule = ({ folds, placeAfter, isTown }) => {
  for (let index = 0; index < folds.length - 2; index++) {
    if (!tell.LEADERS.test(folds[index]!)) continue
    const previous = folds[index - 1] ?? ''
    if (/^(?:met|door|naar|aan|bij|via|tegen|over|geen|worden|wil|zoekt|als|voor|voormalig|en|of)$/.test(previous)) continue
    const isOf = OF.test(folds[index + 1]!) || (/^(?:in|bij|voor|op)$/.test(folds[index + 1]!) && folds[index + 2] !== 'een')
    const place = isOf ? placeAfter(index + 1, 10) : -1
    if (place < 0) continue
    const comes = seek(folds, COMES, place) >= 0
    if (comes || (isTown(place) && seek(folds, CALLS, index) < 0 && seek(folds, WANTED, index, index + 5) < 0))
      return [index, place]
  }
  return undefined
}

const FOUNDERS =
  /^(?:oprichter|oprichtster|stichter|grondlegger|eigenaar|eigenares|uitvinder|ontwerper|maker|schilder|schrijver|directeur|bouwer|baas)$/
/** "kleindochter vd oprichter van de meubelfabriek in culemborg". */
export const whoseHeir: Rule = ({ folds, placeAfter }) => {
  for (let index = 0; index < folds.length - 2; index++) {
    const isHeir = /^(?:erfgenaam|erfgename|erfgenamen|nazaat)$/.test(folds[index]!)
    if (!isHeir && !tell.isKin(folds[index]!)) continue
    if (!OF.test(folds[index + 1]!)) continue
    const founder = isHeir ? index : seek(folds, FOUNDERS, index + 2, index + 5)
    const house =
      founder < 0
        ? -1
        : seek(
            folds,
            /(?:fabriek|keten|hotel|zaak|winkel|bedrijf|concern|uitgeverij|brouwerij|drukkerij|restaurant|school|kerk|moskee|werf|bank)$/,
            founder + 1,
            founder + 5,
          )
    const place = founder < 0 ? -1 : Math.max(house, placeAfter(founder + 1, 8))
    if (place > 0) return [index, place]
  }
  return undefined
}

/** "man met de accordeon bij de ah in soest", "de pianist die op station utrecht speelt". */
export const whereOneIsSeen: Rule = ({ folds, placeAfter, isPerson }) => {
  for (let index = 0; index < folds.length - 2; index++) {
    const fold = folds[index]!
    const isSomebody = isPerson(fold) || tell.ROLES.has(fold)
    if ((isSomebody || fold === 'die') && folds[index + 1] === 'met' && ARTICLE.test(folds[index + 2]!)) {
      const thing = seek(folds, tell.SEEN_WITH, index + 3, index + 6)
      const place = thing < 0 ? -1 : placeAfter(thing, 9)
      if (place > 0) return [index, place]
      // "de buurman van het werkcentrum in dokkum, die met de papegaai"
      const earlier = thing > 0 && fold === 'die' ? placeAfter(0, index) : -1
      if (earlier > 0) return [Math.max(0, earlier - 4), thing]
    }
    const relative = isSomebody && folds[index + 1] === 'die' ? index + 1 : -1
    if (relative < 0) continue
    const stands = seek(folds, /^(?:staat|zit|loopt|speelt|zingt|fietst|bedelt|danst)$/, relative, relative + 9)
    const isAlways =
      seek(folds, /^(?:altijd|elke|iedere|steeds)$/, relative, relative + 4) > 0 ||
      /^(?:speelt|zingt|bedelt|danst)$/.test(folds[stands] ?? '')
    const place = placeAfter(relative, 7)
    if (stands > 0 && isAlways && place > 0) return [index, Math.max(stands, place)]
  }
  return undefined
}

/** "vrouw met de ziekte van huntington uit urk". */
export const whoIsIll: Rule = ({ folds, placeAfter, isPerson }) => {
  const illness = seek(folds, tell.RARE_ILLNESS)
  if (illness < 0) return undefined
  const who = folds.findIndex((fold) => isPerson(fold) || /^(?:kind|dochter|zoon|gezin)$/.test(fold))
  const place = placeAfter(illness, 5)
  return who >= 0 && who < illness && place > 0 ? [who, place] : undefined
}

/** "was te zien in spoorloos", "deed mee aan de olympische spelen", "bassist van die band". */
export const onWhatStage: Rule = ({ folds, placeAfter, isPerson }) => {
  for (let index = 0; index < folds.length; index++) {
    const fold = folds[index]!
    if (
      tell.PROGRAMMES.test(fold) &&
      seek(
        folds,
        /^(?:zat|zit|was|deed|mee|zien|meegedaan|geweest|kandidaat|bekend|winnaar|stond|finalist|van)$/,
        index - 7,
        index + 4,
      ) >= 0
    )
      return [Math.max(0, index - 3), index]
    if (
      /^(?:olympische|paralympische|paralympics|olympics|wk|ek)$/.test(fold) &&
      // "examen wk 12"
      !/^\d+$/.test(folds[index + 1] ?? '') &&
      seek(folds, /^(?:medaille|mee|meegedaan|brons|goud|zilver|brons|uitkwam|speelde|zwom|reed)$/, index - 7, index + 5) >= 0
    )
      return [Math.max(0, index - 3), index]
    if (
      /^(?:bassist|drummer|gitarist|toetsenist|zanger|zangeres|bandlid|violist)$/.test(fold) &&
      OF.test(folds[index + 1] ?? '') &&
      seek(folds, /^(?:band|groep|orkest|hit|koor)$/, index + 2, index + 5) > 0
    )
      return [index, index + 3]
    // "won twee keer de dijkloop van oosterbierum"
    if (/^(?:won|gewonnen|winnaar|winnares)$/.test(fold)) {
      const contest = seek(folds, /.(?:loop|quiz|wedstrijd|race|toernooi|verkiezing|rally|kampioenschap)$/, index - 7, index + 8)
      const place = contest < 0 ? -1 : placeAfter(contest, 7)
      if (place > 0) return [Math.min(index, contest), Math.max(index, place)]
    }
    if (fold === 'voorprogramma' && folds.includes('van')) return [Math.max(0, index - 3), index]
    if (
      fold === 'boek' &&
      seek(folds, /^(?:schreef|geschreven)$/, index - 4, index + 8) >= 0 &&
      seek(folds, /^(?:haar|zijn|zn)$/, index, index + 4) > 0
    )
      return [Math.max(0, index - 2), index]
    if (
      /^(?:documentaire|film|boek|podcast)$/.test(fold) &&
      seek(folds, /^(?:wie|hem)$/, index - 4, index) > 0 &&
      seek(folds, /^(?:ging|gaat|gemaakt)$/, index) > 0
    )
      return [Math.max(0, index - 4), index]
    // "veroordeeld in de zaak van de vuurwerkbom in ede"; "getuige van een ruzie" is another thing.
    if (/^(?:veroordeeld|getuige|slachtoffer|verdachte|gedetineerde|dader|aangeefster)$/.test(fold)) {
      const affair = seek(folds, /(?:zaak|proces|affaire|schandaal)$/, index + 1, index + 6)
      if (affair > 0 && /^(?:de|die|het|dat|marengo)$/.test(folds[affair - 1]!) && folds.length > affair + 1)
        return [index, Math.max(affair, placeAfter(affair, 7))]
    }
    // "leerling die van het dak vh farel college viel"
    const relative =
      (isPerson(fold) || /^(?:leerling|kind|kindje|jongetje|student|peuter)$/.test(fold)) &&
      /^(?:die|dat)$/.test(folds[index + 1] ?? '')
        ? index + 1
        : -1
    if (relative > 0) {
      const fell = seek(folds, /^(?:viel|sprong|gevallen|gesprongen|kwam)$/, relative, relative + 12)
      const from = seek(folds, /^(?:raam|dak|flat|balkon|toren|brug|viaduct|trein|galerij)$/, relative, relative + 8)
      if (fell > 0 && from > 0) return [index, Math.max(fell, from)]
    }
    if (
      /^(?:overlevende|nabestaande|veteraan)$/.test(fold) &&
      /^(?:van|uit)$/.test(folds[index + 1] ?? '') &&
      folds.length > index + 2 &&
      (placeAfter(index + 1, 2) > 0 || !ARTICLE.test(folds[index + 2]!))
    )
      return [index, index + 2]
  }
  return undefined
}
