// The rules by which a clause tells who somebody is, one after the other; the first that fits tells.
import * as tell from './telling-words.js'
import type { Token } from './tokens.js'

export type Range = readonly [from: number, to: number]

export type Clause = Readonly<{
  clause: readonly Token[]
  folds: readonly string[]
  text: string
  placeAfter: (index: number, within: number) => number
  /** A town, and not a group in one. */
  isTown: (at: number) => boolean
  isPerson: (fold: string) => boolean
}>
export type Rule = (clause: Clause) => Range | undefined

/** First index of a fold that fits, from `from` on. */
export const seek = (folds: readonly string[], fits: RegExp | ReadonlySet<string>, from = 0, until = folds.length): number => {
  for (let at = Math.max(0, from); at < Math.min(until, folds.length); at++)
    if (fits instanceof RegExp ? fits.test(folds[at]!) : fits.has(folds[at]!)) return at
  return -1
}

/** Between "enige" and who it is stand at most four words that say what kind. */
const LINKING =
  /^(?:is|was|in|op|bij|van|met|en|of|die|dat|om|te|voor|naar|niet|gesprek|keer|baan|werk|werkgever|stap|dag|week|afspraak|jaar|werkdag|contact|indruk|optie|ervaring|bus|wens|vraag|heeft|wil|kan|komt|gaat|er|ze|hij|zij|nog|aan|uit|kind|zoon|dochter|zijn|haar|als|voorkeur)$/

/** "enige kapper in het dorp zoekt een leerling" is a firm that hires. */
const HIRING =
  /\b(?:zoekt|vraagt|neemt)\b.*\b(?:leerling|leerlingen|personeel|hulp|mensen|iemand|stagiair|monteur|medewerkers?|krachten)\b/

/** "enige dove medewerker vd jumbo in grou", "the only somali dentist in assen". */
const oneOfAKind: Rule = ({ folds, placeAfter, isPerson }) => {
  for (let index = 0; index < folds.length; index++) {
    const isUnique = tell.UNIQUE.has(folds[index]!)
    if (!isUnique && !tell.FIRST_OR_LAST.has(folds[index]!)) continue
    // "de enige vrouw in de groep vca"
    if (
      /^in (?:de|het|mijn|haar|zijn) \w*(?:groep|klas|cursus|les|training|zaal|rij|opleiding)$/.test(
        folds.slice(index + 2, index + 5).join(' '),
      )
    )
      continue
    // "het enige gezin uit jemen in sint annaland"
    if (isUnique && /^(?:gezin|familie|echtpaar|stel)$/.test(folds[index + 1] ?? '') && placeAfter(index + 2, 6) > 0)
      return [index, placeAfter(index + 2, 6)]
    for (let at = index + 1; at <= index + 5 && at < folds.length; at++) {
      if (LINKING.test(folds[at]!)) break
      if (!isPerson(folds[at]!) && !tell.ROLES.has(folds[at]!)) continue
      // "eerste monteur" is a function, "laatste werkgever" a common word.
      if (
        !isUnique &&
        at === index + 1 &&
        folds[index] !== 'laatste' &&
        folds[index] !== 'last' &&
        !/(?:vrouw|man|gender|homo)$/.test(folds[at]!)
      )
        continue
      const last = placeAfter(at, isUnique ? 9 : 7)
      if (last > 0 && HIRING.test(folds.slice(last + 1).join(' '))) return undefined
      if (last > 0 && (isUnique || !folds.slice(last - 2, last).includes('voor'))) return [index, last]
      if (isUnique && /^(?:nederlands|neerlands|frieslands)$/.test(folds[index - 1] ?? '')) return [index - 1, at]
      if (seek(folds, tell.MEDIA, at) > 0) return [index, at]
    }
  }
  return undefined
}

const OF_A_CLUB =
  /(?:keeper|doelman|spits|voetballer|voetbalster|linksback|rechtsback|middenvelder|verdediger|aanvoerder|speler|speelster)$/

/** "ex wethouder uit zeewolde", "de imam van de moskee in ede", "nationaal kampioen turnen van 2019". */
const ofOneRole: Rule = ({ folds, placeAfter }) => {
  for (let index = 0; index < folds.length; index++) {
    const fold = folds[index]!
    if (/kampioene?$/.test(fold)) {
      const isTitled =
        /^(?:nederlands|nationaal|wereld|europees|olympisch|oud|ex|fries|nk|regionaal|voormalig|meervoudig)$/.test(
          folds[index - 1] ?? '',
        ) || /^.{3,}kampioene?$/.test(fold)
      const hasYear = seek(folds, /^(?:vorig|19\d\d|20\d\d|jr|nl|nederland|friesland)$/, index + 1, index + 6) > 0
      const isFrom = /^(?:uit|van)$/.test(folds[placeAfter(index, 4) - 1] ?? '')
      if (!/^(?:wil|wilde|worden)$/.test(folds[index - 1] ?? '') && (isTitled || hasYear || isFrom))
        return [Math.max(0, index - 1), index]
    }
    const isRole = tell.ROLES.has(fold) || (/^(?:oud|ex).{4,}$/.test(fold) && tell.ROLES.has(fold.replace(/^(?:oud|ex)/, '')))
    const isPublic = tell.PUBLIC_ROLE.test(fold)
    if (!isRole && !isPublic && !tell.OFFICES.has(fold)) continue
    const before = folds.slice(Math.max(0, index - 3), index)
    const isFormer = before.some((word) => tell.FORMER.has(word))
    const isOfKin = before.some((word, at) => tell.isKin(word) && /^(?:van|v|vd)$/.test(before[at + 1] ?? ''))
    const isClub =
      OF_A_CLUB.test(fold) &&
      folds[index + 1] === 'van' &&
      folds.length > index + 2 &&
      !/^(?:de|het|een)$/.test(folds[index + 2]!)
    const last = Math.max(placeAfter(index, 7), isClub ? index + 2 : -1)
    if (isOfKin && last > 0) return [Math.max(0, index - 3), last]
    if (
      isFormer &&
      last > 0 &&
      (isRole ||
        isPublic ||
        !/^was$/.test(before.find((word) => tell.FORMER.has(word))!) ||
        /^(?:burgemeester|wethouder|minister)$/.test(fold))
    )
      return [Math.max(0, index - 1), last]
    if (isFormer && folds[index + 1] !== 'als' && /^(?:burgemeester|wethouder|minister)$/.test(fold))
      return [Math.max(0, index - 1), index]
    // Somebody may be spoken with, or written to.
    const previous = folds[index - 1] ?? ''
    if (/^(?:zoeken|zoekt|gezocht|gevraagd|nodig)$/.test(folds[index + 1] ?? '')) continue
    const isOther = before.some((word) =>
      /^(?:met|door|naar|aan|bij|via|brief|gesprek|afspraak|tegen|over|als|geen|worden|wil|zoekt)$/.test(word),
    )
    if (isRole && last > 0 && !isOther && (index === 0 || /^(?:de|een|vr|is|onze|die|mnl|als|vrouwelijk)$/.test(previous)))
      return [index, last]
  }
  return undefined
}

/** "stond in de stentor omdat zn schuur was afgebrand"; "stond in de krant dat ..." tells of something else. */
const inThePaper: Rule = ({ folds }) => {
  const media = seek(folds, tell.MEDIA)
  if (media < 1 || !/^(?:de|op|bij|het|in|een|van|lokale)$/.test(folds[media - 1]!)) return undefined
  const appears = seek(folds, tell.APPEARS, media - 6, media + 4)
  if (appears < 0 || /^(?:dat|over|een|hoe|wat)$/.test(folds[media + 1] ?? '')) return undefined
  if (folds.some((fold) => tell.THING_SUBJECT.test(fold)) && !folds.some((fold) => tell.KIN.has(fold))) return undefined
  return [Math.min(appears, media), Math.max(appears, media)]
}

/** "vader van het kind dat verdronk in de vaart", "heeft als enige de ontploffing overleefd", "zn schuur is afgebrand". */
const whatBefell: Rule = ({ folds, isPerson }) => {
  const event = seek(folds, tell.BEFELL)
  if (event >= 0) {
    const who = folds.findIndex(
      (fold) =>
        tell.KIN.has(fold) ||
        /^(?:wier|wiens|degene|diegene|overlevende|slachtoffer|nabestaande|dader|getuige|kindje)$/.test(fold) ||
        (isPerson(fold) && fold !== folds[event]),
    )
    if (who >= 0 && Math.abs(who - event) < 10) return [Math.min(who, event), Math.max(who, event)]
    const alone = seek(folds, /^(?:enige|overleefde|overleefd|overlever)$/)
    if (alone >= 0) return [Math.min(alone, event), Math.max(alone, event)]
  }
  const loss = seek(folds, tell.OWN_LOSS)
  const owned = seek(folds, tell.OWNED, loss - 8, loss + 4)
  // "het pannenkoekenhuis in vierhouten dat vorig jaar afbrandde"
  if (
    /^(?:afbrandde|uitbrandde)$/.test(folds[loss] ?? '') &&
    /^(?:dat|die)$/.test(folds[seek(folds, /^(?:dat|die)$/, loss - 5, loss)] ?? '')
  )
    return [Math.max(0, loss - 5), loss]
  return loss >= 0 && owned >= 0 && /^(?:zijn|haar|zn|z|hr|hun|eigen|n)$/.test(folds[owned - 1] ?? '')
    ? [Math.min(owned, loss) - 1, Math.max(loss, owned)]
    : undefined
}

/** "die agent die ontslagen is om de appgroep in horst", "de kroegbaas v cafe de zwaan die failliet ging". */
const whatIsTold: Rule = ({ folds, placeAfter, isPerson }) => {
  for (let index = 0; index < folds.length; index++) {
    const fold = folds[index]!
    if (
      !isPerson(fold) &&
      !tell.ROLES.has(fold) &&
      !tell.OFFICES.has(fold) &&
      !tell.LEADERS.test(fold) &&
      !/^(?:tweeling|gezin|echtpaar|zussen|broers|directeur|eigenaar|eigenares|kroegbaas|uitbater|dochter|zoon)$/.test(fold)
    )
      continue
    const article = folds[index - 1] ?? ''
    const relative = seek(folds, /^(?:die|dat|wiens|wier|waar|who)$/, index + 1, index + 9)
    const broke = seek(folds, /^(?:failliete?|(?:af|uit)gebrande?)$/, index, index + 8)
    if (relative < 0 && broke < 0) continue
    const place = placeAfter(index, 12)
    const told = relative > 0 ? seek(folds, tell.NOTORIOUS, relative, relative + 10) : -1
    const isPointed = article === 'die' || article === 'dat' || tell.FORMER.has(article) || place > 0
    if (told > 0 && isPointed && !/^(?:vrouw|man|persoon|jongen|meisje)$/.test(fold)) return [index, Math.max(told, place)]
    const isOver = seek(folds, /^(?:om|na|wegens|vanwege|door|met)$/, told, told + 4)
    if (told > 0 && isOver > 0 && /^(?:die|dat)$/.test(folds[isOver + 1] ?? '')) return [index, isOver + 1]
    if (told > 0 && (article === 'die' || article === 'dat') && place > 0) return [index, Math.max(told, place)]
    if (
      (/^(?:directeur|directrice|eigenaar|eigenares|kroegbaas|uitbater|baas)$/.test(fold) || place > 0) &&
      broke > 0 &&
      /^(?:van|v|vd|vh)$/.test(folds[index + 1] ?? '')
    )
      return [index, Math.max(broke, place)]
    if (/^(?:tweeling|echtpaar|zussen|broers)$/.test(fold) && relative > 0 && place > 0 && folds.includes('samen'))
      return [index, place]
    // "die kapper uit ermelo die op tv was"
    if (relative > 0 && seek(folds, tell.MEDIA, relative) > 0) return [index, seek(folds, tell.MEDIA, relative)]
  }
  return undefined
}

/** "blinde pianostemmer uit bolsward", "man met 1 arm die op de markt in gouda staat", "man van 2.18 m uit grou". */
const howOneLooks: Rule = ({ clause, folds, text, placeAfter, isPerson }) => {
  const who = folds.findIndex((fold) => (isPerson(fold) && !tell.BODY.test(fold)) || tell.ROLES.has(fold) || tell.RARE.test(fold))
  if (who < 0) return undefined
  const place = placeAfter(0, clause.length)
  if (place < 0) return undefined
  for (let index = 0; index < folds.length; index++) {
    const fold = folds[index]!
    const isLimb =
      tell.LIMB.test(fold) &&
      (folds[index - 1] === 'zonder' || (/^(?:1|een|glazen|houten)$/.test(folds[index - 1] ?? '') && folds[index - 2] === 'met'))
    const isMark = tell.BODY.test(fold) && (index === who || index === who - 1 || folds[index + 1] === folds[who] || index > who)
    const isWheel = fold === 'rolstoel' && index > who && folds.some((word) => tell.ROLES.has(word))
    const size =
      clause[index]!.isNumber &&
      fold === '2' &&
      (/^[.,]\s?[0-3]\d\s?(?:m\b|meter)/.test(text.slice(clause[index]!.end, clause[index]!.end + 10)) ||
        (folds[index - 1] === 'van' &&
          /^(?:[.,][0-3]\d\b|\s?m(?:eter|tr)?\b)/.test(text.slice(clause[index]!.end, clause[index]!.end + 8))))
    if (isLimb || isMark || isWheel || size) return [Math.min(who, index), Math.max(who, index, place)]
  }
  return undefined
}

/** "gezin van 11 kinderen in staphorst", "moeder van de vierling uit urk". */
const howManyAreThey: Rule = ({ clause, folds, placeAfter }) => {
  for (let index = 0; index < folds.length; index++) {
    const isMany =
      clause[index]!.isNumber &&
      Number(folds[index]) > 7 &&
      Number(folds[index]) < 25 &&
      /^(?:kinderen|kids|kind)$/.test(folds[index + 1] ?? '')
    if (/^(?:vierling|vijfling|zesling)$/.test(folds[index]!) && /^(?:een|de|n)$/.test(folds[index - 1] ?? ''))
      return [Math.max(0, index - 3), index]
    const isFamily = isMany && /^(?:van|met|heeft|had)$/.test(folds[index - 1] ?? '')
    if (!isFamily && !tell.MULTIPLE.test(folds[index]!)) continue
    const place = placeAfter(0, clause.length)
    if (place >= 0) return [Math.max(0, index - 2), Math.max(index, place)]
  }
  return undefined
}

/** "zus van die voetballer van ajax", "was gezicht vd campagne", "won de staatsloterij", "iedereen in lunteren kent m". */
const whomOthersKnow: Rule = ({ folds }) => {
  for (let index = 0; index < folds.length; index++) {
    const fold = folds[index]!
    if (tell.KIN.has(fold) && /^(?:van|v|vd|of)$/.test(folds[index + 1] ?? '')) {
      const known = seek(folds, tell.PUBLIC, index + 2, index + 5)
      if (known > 0) return [index, known]
    }
    if (
      fold === 'gezicht' &&
      /^(?:van|vd|v)$/.test(folds[index + 1] ?? '') &&
      seek(folds, /^(?:campagne|reclame|poster|posters|actie|bushokjes)$/, index + 2, index + 5) > 0
    )
      return [index, index + 2]
    if (fold === 'klokkenluider' && folds.length > index + 1) return [index, index + 1]
    if (/^(?:won|gewonnen|winnaar|winnares|winner|lottoprijs)$/.test(fold)) {
      const prize = seek(folds, tell.PRIZE, index - 5, index + 5)
      if (prize >= 0) return [Math.min(index, prize), Math.max(index, prize)]
    }
    if (
      fold === 'kent' &&
      (folds[index - 1] === 'iedereen' ||
        folds[index + 1] === 'iedereen' ||
        /^(?:iedereen|heel)$/.test(folds[index - 3] ?? '')) &&
      seek(folds, /^(?:hem|haar|m|hr|die|ze|iedereen|man|vrouw)$/) >= 0
    )
      return [Math.max(0, index - 3), index]
  }
  return undefined
}

export const RULES: readonly Rule[] = [
  oneOfAKind,
  ofOneRole,
  inThePaper,
  whatBefell,
  whatIsTold,
  howOneLooks,
  howManyAreThey,
  whomOthersKnow,
]
