// What is called after somebody, and words that are the word itself: a street, a house, a program, a trade.
import * as cue from './cues.js'
import type { Scene } from './name-scene.js'
import { isPerson } from './telling-words.js'
import { perWord, type Token } from './tokens.js'
import { LISTED, NAME, ORGANISATION, OTHER, PLACE, WORD, type Words } from './words.js'

const STREET =
  /(?:straat|laan|weg|plein|kade|gracht|hof|dreef|singel|steeg|pad|plantsoen|park|dijk|brug|markt|kanaal|kwartier|(?<![hwnm])oord)$/
/** What is called after somebody, when the word itself is known. */
const HOUSE =
  /(?:kerk|school|college|lyceum|kliniek|hogeschool|universiteit|gymnasium|museum|theater|stadion|bibliotheek|(?:zieken|buurt|stad|dorps|gezondheids|verpleeg|verzorgings|gemeente|koffie|wees|gast|wijk|taal|jeugd|school|provincie|pension)huis|centrum|stichting|prijs|fonds|toren|hal|tunnel|station|norm|akkoord|methode)$/
/** "Prins Hendrikhal", "Burgemeester Jansenzaal" */
const NAMED_HALL = /(?:zaal|hal|tunnel|arena)$/
const BARE =
  /^(?:straat|laan|weg|plein|kade|gracht|hof|singel|steeg|pad|park|dijk|brug|markt|kerk|school|universiteit|gymnasium|museum|theater|toren|hal|huis|centrum|station|fonds|norm|akkoord|methode|prijs|kanaal|kwartier|oord)$/

/** Their names go on: "Laan van Meerdervoort". */
const AND_ON = /^(?:laan|plein|park|plantsoen)$/
const BARE_STREET = /^(?:straat|laan|weg|plein|kade|gracht|singel|park|brug)$/
/** Surnames end like these streets. */
const SURNAME = /(?:hof|dijk|brug|weg|pad)$/
/** Before a place. */
const LED = /^(?:op|aan|in|de|het|t|langs|naar|hoek|bij|via|over|van|uit|vanaf|richting|locatie|vestiging|kantoor|stage)$/

/** Tokens that are part of the name of a place, an organisation or a street, whatever they look like. */
export function namesOfOthers(
  text: string,
  tokens: readonly Token[],
  sorts: readonly number[],
  { phrases, isCompound, sortOf }: Words,
): ReadonlySet<number> {
  const passes = new Set<number>()
  const isShaped = perWord((fold) => STREET.test(fold) || HOUSE.test(fold) || (fold.length > 6 && NAMED_HALL.test(fold)))
  const begunBy = perWord((fold) => phrases.get(fold) ?? false)
  const isAfterSomebody = (fold: string) =>
    STREET.test(fold) && !isCompound(fold) && !BARE.test(fold) && !(sortOf(fold) & (WORD | NAME))
  tokens.forEach((token, index) => {
    const begun = begunBy(token)
    if (begun && !cue.TITLES.has(tokens[index - 1]?.fold ?? ''))
      for (const phrase of begun.get(tokens[index + 1]?.fold ?? '') ?? [])
        if (phrase.every((part, nth) => tokens[index + nth]?.fold === part))
          for (let nth = 0; nth < phrase.length; nth++) passes.add(index + nth)
    if (!isShaped(token)) return
    // "marie heineken plein"
    if (
      BARE_STREET.test(token.fold) &&
      token.cap === 'lower' &&
      ((sorts[index - 1] ?? 0) & (NAME | LISTED | ORGANISATION | OTHER)) !== 0 &&
      ((sorts[index - 2] ?? 0) & NAME) !== 0 &&
      text.slice(tokens[index - 2]!.end, token.start).split(' ').length === 3
    )
      for (let at = index - 2; at <= index; at++) passes.add(at)
    if (AND_ON.test(token.fold) && token.cap === 'Title' && tokens[index + 1]?.fold === 'van')
      for (let at = index; at < index + 6 && (tokens[at]?.cap === 'Title' || cue.PARTICLES.has(tokens[at]?.fold ?? '')); at++)
        passes.add(at)
    const before = tokens[index - 1]
    const isStreet = STREET.test(token.fold)
      ? !(sortOf(token.fold) & NAME) || before?.fold === 'de'
      : HOUSE.test(token.fold)
        ? (sorts[index]! & WORD) !== 0 || isCompound(token.fold) || (token.cap !== 'lower' && token.fold.length > 9)
        : (sortOf(token.fold.replace(NAMED_HALL, '')) & (NAME | LISTED)) !== 0 ||
          (/zaal$/.test(token.fold) && token.fold.length > 8)
    // "Van Dijk" is no street, "Oude Gracht" is.
    const isNamed = before?.cap === 'Title' && !cue.PARTICLES.has(before.fold)
    if (!isStreet || /^(?:onderweg|vanweg|thuis)$/.test(token.fold) || (BARE.test(token.fold) && !isNamed)) return
    // "de Jan van Galenstraat": back over what is written with a capital; "zoon Boyan school" is no school.
    let from = index
    // "pieter calandlaan": what is no word of two is called after somebody.
    if (token.cap === 'lower' && before && isAfterSomebody(token.fold) && (sorts[index - 1]! & (NAME | WORD)) === NAME) from--
    for (let at = from - 1; at >= 0 && index - at < 6; at--) {
      const { cap, fold, end } = tokens[at]!
      if (!/^[\s.'-]{1,2}$/.test(text.slice(end, tokens[at + 1]!.start))) break
      if ((cap !== 'Title' || cue.TITLES.has(fold)) && !cue.PARTICLES.has(fold)) break
      // "Kasia van het taalhuis" sits there.
      if (fold === 'van' && cap === 'lower' && !STREET.test(token.fold)) break
      from = at
    }
    const announces = tokens[from - 1]?.fold ?? ''
    // "contact is Marieke Oldenhof", "mw Westerdijk": so end surnames, too.
    const isOfSomebody =
      cue.TITLES.has(announces) ||
      cue.RELATIONS.has(announces) ||
      (from < index && (sorts[from]! & (NAME | WORD | PLACE)) === NAME && !LED.test(announces))
    if (SURNAME.test(token.fold) && token.fold.length > 5 && isOfSomebody) return
    if (BARE.test(token.fold) && (cue.RELATIONS.has(announces) || cue.TITLES.has(announces))) return
    for (let at = from; at <= index; at++) passes.add(at)
  })
  return passes
}

/** What gets the name of a person. */
const THING =
  /^\w*(?:app|systeem|programma|chatbot|merk|project|website|tool|pakket|cursus|software|robot|platform|methode|boekje|gebouw|boot|pont|trein|orkaan|training|pelikaan)$/
/** "kuiper is een oud beroep", "bloem winkel", "op de albert cuyp": the word itself, one half of another, or what is called after somebody. */
export function isOrdinaryHere({ text, tokens, words }: Scene, index: number): boolean {
  const { fold, cap, end, start } = tokens[index]!
  const next = tokens[index + 1]
  const previous = tokens[index - 1]
  // "robin is de chatbot van de gemeente", "emma de taalapp"
  const article = next && /^(?:is|was|wordt)$/.test(next.fold) ? index + 2 : index + 1
  if (tokens[index]!.first && /^(?:een|de|het)$/.test(tokens[article]?.fold ?? ''))
    for (let at = article + 1; at < article + 4; at++) if (THING.test(tokens[at]?.fold ?? '')) return true
  if (cap === 'lower' && next?.fold === 'is' && tokens[index + 2]?.fold === 'een')
    for (let at = index + 3; at < index + 6; at++)
      if (/^(?:vak|beroep|functie|baan|woord|merk|keten|winkel|bedrijf)$/.test(tokens[at]?.fold ?? '')) return true
  if (
    next &&
    /^(?:is|was)$/.test(next.fold) &&
    tokens[index + 2]?.fold === 'de' &&
    tokens[index + 3]?.fold === 'naam' &&
    tokens[index + 4]?.fold === 'van'
  )
    return true
  // "smid, boer en molenaar"
  const besides = /^(?:en|of)$/.test(previous?.fold ?? '')
    ? tokens[index - 2]
    : text[previous?.end ?? 0] === ','
      ? previous
      : undefined
  if (
    cap === 'lower' &&
    besides &&
    words.sortOf(fold) & WORD &&
    isPerson(fold) &&
    isPerson(besides.fold) &&
    !(words.sortOf(besides.fold) & NAME)
  )
    return true
  const isWhole = (head: Token | undefined, tail: Token | undefined) =>
    head !== undefined &&
    tail !== undefined &&
    head.cap === tail.cap &&
    text.slice(head.end, tail.start) === ' ' &&
    (words.sortOf(head.fold) & WORD) !== 0 &&
    (words.sortOf(tail.fold) & WORD) !== 0 &&
    head.fold.length + tail.fold.length > 7 &&
    (words.sortOf(head.fold + tail.fold) & WORD) !== 0
  if (cap === 'lower' && (isWhole(previous, tokens[index]) || isWhole(tokens[index], next))) return true
  return (
    previous?.fold === 'de' &&
    /^(?:op|aan|in)$/.test(tokens[index - 2]?.fold ?? '') &&
    cap === 'lower' &&
    end > start &&
    fold.length > 3
  )
}
