// Names of people: known ones anywhere, unknown words where a name could stand. "Allow what is known, doubt what is not."
import * as cue from './cues.js'
import { couldBeFirm, isFirm } from './firms.js'
import { DIALECT, FOREIGN, GERMAN } from './foreign.js'
import { isBeforeEnglish, isNameInProse } from './foreign-names.js'
import {
  doesSomething,
  follows,
  hasCompany,
  isAfterOldArticle,
  isBesideName,
  isElsewhere,
  isFromThere,
  isGluedToNumber,
  isInPersonsPlace,
  isKnownThing,
  isShort,
  isTrade,
  type Scene,
  sceneOf,
  whatComesBefore,
} from './name-scene.js'
import { initialled, joined, spelled } from './name-spans.js'
import { isOrdinaryHere } from './namesakes.js'
import type { Found, Reading, Spans } from './text.js'
import { isActingSurname, isToldOf } from './who-acts.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, OTHER, PLACE, SURNAME_WORD, SYLLABLE, WORD, type Words } from './words.js'

/** How like a name an unknown word must look (`Words.looksLikeName`): with a hint beside it, alone, and when it is one slip from a word. */
const LOOKS = { hinted: 0, likely: 0.2, alone: 0.55, slip: 1.1, start: -0.35, whatever: -9 }
/** Looking for slips of the finger is slow: a text with more unknown words than this is doubted without it. */
const MOST_SLIPS = 32

export function findNames(reading: Reading, taken: Spans, words: Words): Found[] {
  const scene = sceneOf(reading, taken, words)
  const isName = judge(scene)
  const seeds = scene.tokens.map(
    ({ isNumber, start, end }, index) => !isNumber && !scene.passes.has(index) && isName(index) && !taken.covers(start, end),
  )
  return [...joined(scene, seeds), ...spelled(scene), ...initialled(scene, seeds)]
}

/** Words that are hardly typed, and names: after "zoon" they are the name. */
const isNameMoreThanWord = (fold: string) => fold.length > 2 && !cue.NEVER_ACTING.has(fold) && !cue.NEEDS_A_HINT.has(fold)

const isListedBesideFirm = ({ text, tokens, sorts }: Scene, index: number) =>
  [index - 1, index + 1].some(
    (at) =>
      ((sorts[at] ?? 0) & (ORGANISATION | NAME)) === ORGANISATION &&
      text.slice(tokens[Math.min(at, index)]!.end, tokens[Math.max(at, index)]!.start) === ', ',
  )

const isAmongFlowers = ({ tokens }: Scene, index: number) =>
  tokens.slice(Math.max(0, index - 6), index + 7).some(({ fold }) => fold !== tokens[index]!.fold && cue.FLOWERS.has(fold))

/** A capital after them is a place, a firm or a brand, when nobody knows the word. */
const THERE = /^(?:bij|naar|via|in|op|of|over|uit|te|genoemd|de|het|als|per|langs|rond)$/
/** Before "het" and the name of a house; after a verb "het" is something else: "vond het Fatima's beurt". */
const OF_A_HOUSE = /^(?:in|bij|naar|uit|via|van|op|voor|door|en|of|tegenover)$/

/** Is the word at that place part of a name? */
function judge(scene: Scene): (index: number) => boolean {
  const { text, tokens, sorts, words } = scene
  const slips = {
    word: new Map<string, boolean>(),
    common: new Map<string, boolean>(),
    name: new Map<string, boolean>(),
    thing: new Map<string, boolean>(),
  }
  const slip = (met: Map<string, boolean>, isNear: (fold: string) => boolean) => (fold: string) => {
    const known = met.get(fold)
    if (known !== undefined) return known
    const found = fold.length > 3 && met.size < MOST_SLIPS && isNear(fold)
    met.set(fold, found)
    return found
  }
  const isSlip = slip(slips.word, words.isNearWord)
  const isSlipOfCommon = slip(slips.common, words.isNearCommon)
  const isSlipOfName = slip(slips.name, words.isNearName)
  const isSlipOfThing = slip(slips.thing, words.isNearThing)
  /** Must it look like a name that much; more, when it is one slip from a word? */
  const looks = (fold: string, enough: number, enoughOfSlip: number) => {
    const like = words.looksLikeName(fold)
    return like > enoughOfSlip || (like > enough && !isSlip(fold))
  }
  /** Two unknown words side by side are a name more often than one. */
  const isBesideUnknown = (index: number) =>
    [index - 1, index + 1].some((at) => {
      const near = tokens[at]
      if (!near || near.isNumber || sorts[at] !== 0 || near.fold.length < 4 || isShort(near)) return false
      const gap = text.slice(tokens[Math.min(at, index)]!.end, tokens[Math.max(at, index)]!.start)
      return gap === ' ' && !words.isCompound(near.fold) && !isSlip(near.fold)
    })

  return (index) => {
    const token = tokens[index]!
    const { fold, cap, first } = token
    const prose = scene.prose[index]
    if (prose === DIALECT && words.languages.all.has(fold) && cap !== 'Title') return false
    if (prose === FOREIGN || prose === GERMAN) return isNameInProse(scene, index)
    if (token.isForeign) return !words.languages.words.has(fold)
    if (fold.length < 2) return false
    const sort = sorts[index]!
    // Most words of a note: no more need be known of them.
    const isVan = tokens[index - 1]?.fold === 'van' && cue.AFTER_VAN.has(fold)
    if (
      cap === 'lower' &&
      sort & WORD &&
      !(sort & (NAME | GIVEN_WORD | SURNAME_WORD | SYLLABLE | LISTED)) &&
      !isVan &&
      fold !== 'vries'
    )
      return isAfterOldArticle(scene, index)
    const before = whatComesBefore(scene, index)
    const next = follows(scene, index)
    const previous = tokens[index - 1]?.fold ?? ''
    const isCalled = before.title || before.naming
    const isAwaited =
      previous === 'op' && [index - 2, index - 3].some((at) => /^(?:wacht|wachten|gewacht)$/.test(tokens[at]?.fold ?? ''))
    const isLed = before.hint || isAwaited || /^(?:vond|vindt)$/.test(previous)
    const isCapital =
      !first && ((cap === 'Title' && !scene.titles) || cap === 'miXed' || (cap === 'UPPER' && fold.length > 5 && !scene.shouts))
    const isStart = first && cap === 'Title'
    const isActing = first && doesSomething(next)
    const isThing = isKnownThing(sort)
    // "zegt dat kees": there "dat" determines nothing.
    const isThat =
      previous === 'dat' &&
      (index === 1 ||
        cue.SPEAKS.has(tokens[index - 2]?.fold ?? '') ||
        /^(?:denkt|dacht|weet|wist|vindt|hoopt|gezegd|hoort|hoorde|gehoord|blijkt|bleek)$/.test(tokens[index - 2]?.fold ?? ''))
    const isDetermined = cue.DETERMINERS.has(previous) && !isThat
    const isNeverNamed = cue.NEVER_NAMED.has(fold)
    const firm = () => isFirm(scene, index)
    const inPersonsPlace = () => isInPersonsPlace(scene, index)

    if (cue.KINDRED.has(fold) && (first || cap === 'lower') && !isCalled) return false
    // "wil iets met vogels"
    if (
      cap === 'lower' &&
      sort & WORD &&
      previous === 'met' &&
      /^(?:iets|werken|werk|graag|niets)$/.test(tokens[index - 2]?.fold ?? '')
    )
      return false
    // "Sint Jansteen"; "het Elisabeth" is a hospital or a school.
    if (previous === 'sint' && cap === 'Title' && tokens[index - 1]!.cap === 'Title' && !isCalled) return false
    if (previous === 'het' && cap === 'Title' && OF_A_HOUSE.test(tokens[index - 2]?.fold ?? 'in')) return false
    if (cap === 'lower' && cue.DAYS.has(fold) && !before.title) return false
    // "roos, tulp en iris sorteren"
    if (cue.FLOWERS.has(fold) && !isCalled && isAmongFlowers(scene, index)) return false
    if (cap === 'lower' && previous === 'naam' && (cue.INSTITUTIONS.has(fold) || cue.ROOMS.has(fold))) return false
    if (fold === 'engels' && !before.title) return false
    if (first && /^(?:prins|prinses|koning|koningin|sint)$/.test(fold) && next?.cap === 'Title') return false
    // "Dan is hij bijna met pensioen"
    if (fold === 'dan' && first && next && cue.SUBJECT_WORDS.has(tokens[index + 2]?.fold ?? '')) return false
    if (first && cue.ROOMS.has(fold) && next?.cap === 'Title') return false
    if (cap === 'lower' && /^(?:haar|hem|hun|mij|jou|ons|zijn)$/.test(fold)) return false
    if (cap === 'lower' && !isCalled && cue.INSTITUTIONS.has(fold)) return false
    if (cue.TITLES.has(fold) && !isCalled) return false
    if (isToldOf(scene, index) && !firm()) return true
    if (isActingSurname(scene, index)) return true
    if (isNeverNamed) {
      const isGiven = (sort & (NAME | GIVEN_WORD)) !== 0
      const isSurname = before.title && before.particle && (sort & SURNAME_WORD) !== 0
      if (!isSurname && !(isGiven && (isCapital || ((isStart || before.title) && doesSomething(next))))) return false
    }
    if (isAfterOldArticle(scene, index) && !isThing) return isCalled || !firm()
    // "moet el mouden nog tekenen", "belt van gelderen zelf".
    if (cue.FOREIGN_PARTICLES.has(previous) && !(sort & (WORD | PLACE | ORGANISATION)) && fold.length > 2) return !firm()
    const isBen = previous === 'ben' && tokens[index - 1]!.first && doesSomething(next)
    if (isBen && !(sort & WORD) && !isThing) return true
    if (previous === 't' && tokens[index - 2]?.fold === 'van' && sort & (SURNAME_WORD | LISTED | NAME) && doesSomething(next))
      return true
    if (previous === 'van' && cue.SPEAKS.has(tokens[index - 2]?.fold ?? '') && !(sort & WORD) && !isThing && fold.length > 3)
      return true
    if (previous === 'de' && ((cue.AFTER_DE.has(fold) && cap === 'Title') || fold === 'vries'))
      return !firm() && !isTrade(scene, index - 1)
    const isAfterGiven = ((sorts[index - 2] ?? 0) & (NAME | GIVEN_WORD)) !== 0
    if (
      isVan &&
      !cue.BEFORE_COURSES.has(tokens[index - 2]?.fold ?? '') &&
      (isCalled || isAfterGiven || (!isThing && (cap === 'Title' || doesSomething(next))))
    )
      return !firm()

    if (sort & NAME) {
      if (sort & PLACE && !isCalled && !before.greeting && (cap === 'lower' || cue.BEFORE_PLACES.has(previous))) return false
      const isMeant = isCalled || before.relation || before.greeting || doesSomething(next) || isBesideName(scene, index)
      // "douglas verkoopster": a firm, unless somebody is spoken of.
      if (sort & ORGANISATION && cap === 'lower' && !isMeant) return false
      if (cap === 'lower' && cue.ENGLISH_WORDS.has(fold) && isBeforeEnglish(scene, index)) return false
      if (isOrdinaryHere(scene, index)) return false
      if (sort & ORGANISATION && cap === 'UPPER' && !scene.shouts) return false
      // "M&S Zwolle, Douglas, Rituals"
      if (sort & ORGANISATION && !isCalled && isListedBesideFirm(scene, index)) return false
      if (sort & ORGANISATION && /^(?:of|en)$/.test(previous) && (sorts[index - 2] ?? 0) & ORGANISATION) return false
      if (sort & ORGANISATION && /^(?:bij|via|voor|naar|van|door)$/.test(previous) && !isCalled && !before.relation) return false
      const isHinted = isCalled || before.relation || before.greeting || before.hint || isActing
      if (cap === 'lower' && fold.length < 5 && !isHinted && isSlipOfCommon(fold)) return false
      if (sort & WORD && cap === 'lower' && !isCalled) {
        if (isDetermined) return false
        const isMeant =
          before.relation ||
          before.greeting ||
          before.hint ||
          doesSomething(next) ||
          isBesideName(scene, index) ||
          isBesideUnknown(index)
        if (cue.NEEDS_A_HINT.has(fold) && !isMeant) return false
      }
      return !firm()
    }
    if (sort & LISTED && !(sort & (WORD | SYLLABLE))) {
      if (cue.KIN.has(previous) && cap === 'Title' && isCapital && !(sort & ORGANISATION)) return true
      if (isThing) return before.title && !isFromThere(scene, index)
      // "Jisp en Wormer"
      if (/^(?:en|of)$/.test(previous) && (sorts[index - 2] ?? 0) & PLACE && !((sorts[index - 2] ?? 0) & NAME)) return false
      if (cap === 'lower' && /^(?:is|was|erg|heel|zeer|zo|te|niet)$/.test(previous) && /(?:baar|ig|lijk|zaam|loos)$/.test(fold))
        return false
      if (isCalled || before.greeting) return true
      if (sort & GIVEN_WORD && fold.length > 4) return !firm()
      if (fold.length < 6 && cap === 'lower' && !before.relation && isSlipOfCommon(fold)) return false
      return !firm() && (fold.length > 3 || isCapital || before.relation)
    }
    if (sort & SYLLABLE) {
      const isPure = !cue.SYLLABLES_THAT_ARE_WORDS.has(fold) && !isThing && !(sort & WORD && cap === 'lower' && fold.length > 3)
      if (isCalled || before.greeting) return isPure || cap !== 'lower' || !isNeverNamed
      if (isPure && fold.length > 3) return !firm()
      if (hasCompany(scene, index) && !(cap === 'lower' && cue.PARTICLES.has(fold))) return true
      if (!(sort & WORD && cap === 'lower' && isNeverNamed) && !isThing && inPersonsPlace()) return true
      if (isPure) return isCapital || before.relation || isActing
      if (!(sort & GIVEN_WORD)) return isCapital && cap === 'Title' && !isThing && !isTrade(scene, index)
    }
    if (sort & (GIVEN_WORD | SURNAME_WORD)) {
      if (isCalled) return !(tokens[index + 1]?.fold === 'van' && tokens[index + 2]?.fold === 'beroep')
      if (before.greeting && cap === 'Title') return true
      if (isBesideName(scene, index) && !isOrdinaryHere(scene, index)) return !firm()
      if (sort & PLACE && cue.BEFORE_PLACES.has(previous)) return false
      if (
        inPersonsPlace() &&
        !isNeverNamed &&
        !isTrade(scene, index) &&
        (cap === 'Title' || (sort & GIVEN_WORD && isNameMoreThanWord(fold)))
      )
        return !firm()
      if (sort & GIVEN_WORD) {
        if (isThing) return isCapital && (before.relation || doesSomething(next)) && !firm()
        if (isCapital && previous !== 'het' && !isTrade(scene, index) && !firm()) return true
        if (before.relation && cap === 'Title') return true
        const isPersonal =
          cue.ACTING_IN_SMALL.has(fold) ||
          (cue.PERSONAL.has(next?.fold ?? '') && !(sort & SURNAME_WORD) && !cue.NEVER_ACTING.has(fold))
        if (isActing && next?.fold !== fold && (cap === 'Title' || isPersonal)) return true
      }
      // A capital alone tells little of a surname; after a name, or after "Van" with a capital, it tells much.
      if (sort & SURNAME_WORD && cap === 'Title' && before.particle && !first) {
        const particle = tokens[before.at + 1]
        const isOfSomebody = particle?.fold === 'van' && particle.cap === 'Title'
        const isAfterSomebody = ((sorts[before.at] ?? 0) & (NAME | LISTED)) !== 0 || before.relation
        return (isOfSomebody || isAfterSomebody) && !firm() && !(sort & PLACE)
      }
      return false
    }
    // A surname of the dictionary that is a word, too: "met Slim gesproken".
    if (sort & LISTED && sort & WORD && isCapital && cap === 'Title' && !isThing) {
      if (before.relation || cue.SPOKEN_WITH.has(tokens[before.at]?.fold ?? '')) return !isTrade(scene, index) && !firm()
    }
    if (cue.KIN.has(previous) && cap === 'Title' && isCapital && (!isThing || (sort & LISTED && !(sort & ORGANISATION))))
      return true
    // "mevrouw van Utrecht"; "mevrouw Pop", whom an organisation shares its letters with.
    if (isThing)
      return (
        before.title && cap === 'Title' && (sort & ORGANISATION ? before.at === index - 1 && !(sort & PLACE) : before.particle)
      )
    if (sort & OTHER && !(sort & WORD)) {
      if (isCalled) return !isFromThere(scene, index)
      return (before.relation || (before.hint && !firm())) && isSlipOfName(fold)
    }
    const isJoined = sort === 0 && words.isCompound(fold) && !(words.looksLikeName(fold) > LOOKS.alone && isSlipOfName(fold))
    if (sort & WORD || isJoined) return before.title && isCapital && cap === 'Title'
    if (isShort(token)) return isCalled && cap === 'Title'

    // Nobody knows this word.
    if (cap === 'UPPER' && fold.length <= 5 && !isCalled) return false
    const isDotted = text[token.end] === '.' && !first
    if (
      cap === 'lower' &&
      !isCalled &&
      !isActing &&
      (!before.relation || fold.length > 6 || fold.length < 5) &&
      words.isAbbreviation(fold) &&
      (isDotted || !isSlipOfName(fold))
    )
      return false
    if (isGluedToNumber(scene, index) || isSlipOfCommon(fold)) return false
    if (isCalled || before.greeting) return cap === 'Title' || isSlipOfName(fold) || looks(fold, LOOKS.whatever, LOOKS.hinted)
    // "GoodHabitz" and "een Chromebook" are brands.
    if (
      (cap === 'miXed' && !/^(?:Mc|Mac|De|Van|El|Al|O)[A-Z][a-z]/.test(text.slice(token.start, token.end))) ||
      (isDetermined && cap !== 'lower')
    )
      return false
    if (
      cue.FIRM_ENDINGS.has(fold) ||
      firm() ||
      couldBeFirm(scene, index) ||
      isElsewhere(scene, index) ||
      (next && cue.THINGS.has(next.fold))
    )
      return false
    if (isSlipOfThing(fold) && !isSlipOfName(fold)) return false
    if (fold.length > 4 && isSlipOfName(fold) && !isSlip(fold)) return true
    if (fold.length > 2 && inPersonsPlace() && (looks(fold, LOOKS.whatever, LOOKS.likely) || doesSomething(next))) return true
    if (isCapital && THERE.test(previous) && !before.relation && !doesSomething(next) && !isSlipOfName(fold)) return false
    if (isCapital) return fold.length < 6 || looks(fold, LOOKS.whatever, isSlipOfName(fold) ? LOOKS.start : LOOKS.hinted)
    if (isStart && next?.cap === 'Title' && !isKnownThing(sorts[index + 1]!)) return looks(fold, LOOKS.whatever, LOOKS.hinted)
    if (isActing)
      return looks(fold, isStart ? LOOKS.whatever : LOOKS.start, cue.PERSONAL.has(next!.fold) ? LOOKS.start : LOOKS.likely)
    // "Zorgmedewerkr", "Proefpl."
    if (
      isStart &&
      ((fold.length > 8 && isSlip(fold) && !isSlipOfName(fold)) || (text[token.end] === '.' && words.isAbbreviation(fold)))
    )
      return false
    if (isStart)
      return looks(fold, fold.length < 10 ? LOOKS.whatever : LOOKS.start, isSlipOfName(fold) ? LOOKS.hinted : LOOKS.alone)
    if (before.relation || isBesideUnknown(index)) return looks(fold, LOOKS.hinted, LOOKS.alone)
    if (isThat || (previous === 'omdat' && fold.length > 3))
      return looks(fold, LOOKS.start, isSlipOfName(fold) ? LOOKS.hinted : LOOKS.alone)
    // Short words are near many others.
    if (fold.length < 4) return false
    if (fold.length < 6 && !before.hint && isSlip(fold) && !(first && isSlipOfName(fold))) return false
    if (isLed) return looks(fold, LOOKS.hinted, isSlipOfName(fold) ? LOOKS.alone : LOOKS.slip)
    return looks(fold, first ? LOOKS.likely : LOOKS.alone, isSlipOfName(fold) ? LOOKS.alone + LOOKS.likely : LOOKS.slip)
  }
}
