// Names of people: known ones anywhere, unknown words where a name could stand. "Allow what is known, doubt what is not."
import * as cue from './cues.js'
import type { Found, Reading, Spans } from './text.js'
import type { Token } from './tokens.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, OTHER, PLACE, SURNAME_WORD, SYLLABLE, WORD, type Words } from './words.js'

/** How like a name an unknown word in small letters must look, from `Words.looksLikeName`: alone, after a hint, as a slip of a known word. */
const LOOKS = { alone: 0.55, hinted: 0, capital: -0.35, slip: 1.1 }
/** Looking for slips of the finger is slow: a text with more unknown words than this is doubted without it. */
const MOST_SLIPS = 160

/** What the words before one tell about it. */
type Before = Readonly<{ title: boolean; naming: boolean; relation: boolean; greeting: boolean; hint: boolean; particle: boolean; at: number }>

export function findNames({ text, tokens }: Reading, taken: Spans, words: Words): Found[] {
  const sorts = tokens.map(({ fold, isNumber }) => (isNumber ? 0 : sortWith(words, fold)))
  const passes = allowed(text, tokens, sorts, words)
  const writing = styleOf(tokens, sorts)
  let slips = 0
  const isSlip = (fold: string) => {
    if (fold.length < 4 || ++slips > MOST_SLIPS) return false
    return words.isNearWord(fold)
  }

  /** Two unknown words side by side are a name more often than one. */
  const isBesideUnknown = (index: number) =>
    [index - 1, index + 1].some((at) => {
      const near = tokens[at]
      if (!near || near.isNumber || sorts[at] !== 0 || near.fold.length < 4 || isShort(near)) return false
      const gap = at < index ? text.slice(near.end, tokens[index]!.start) : text.slice(tokens[index]!.end, near.start)
      return gap === ' ' && !words.isCompound(near.fold) && !isSlip(near.fold)
    })

  const isName = (index: number): boolean => {
    const token = tokens[index]!
    const { fold, cap, first } = token
    if (token.isForeign) return true
    const length = token.end - token.start
    if (length < 2) return false
    const sort = sorts[index]!
    const before = whatComesBefore(text, tokens, index)
    const next = follows(text, tokens, index)
    const isCapital = !first && ((cap === 'Title' && !writing.titles) || cap === 'miXed' || (cap === 'UPPER' && length > 5 && !writing.shouts))
    const isStart = first && cap === 'Title'
    const isCalled = before.title || before.naming
    const isNeverNamed = cue.NEVER_NAMED.has(fold)
    const firm = () => isFirm(text, tokens, sorts, index, words)
    if (isNeverNamed && !(isCapital && sort & (NAME | GIVEN_WORD)) && !(sort & GIVEN_WORD && next && cue.DOES.has(next.fold) && before.title)) return false

    if (sort & NAME) {
      if (sort & PLACE && !isCalled && !before.greeting && cap === 'lower') return false
      if (sort & ORGANISATION && /^(?:bij|via|voor|naar|van|door)$/.test(tokens[index - 1]?.fold ?? '') && !isCalled && !before.relation) return false
      if (sort & WORD && cap === 'lower' && cue.DETERMINERS.has(tokens[index - 1]?.fold ?? '') && !isCalled) return false
      return !firm()
    }
    if (sort & LISTED && !(sort & WORD)) {
      if (sort & (PLACE | ORGANISATION)) return before.title && !isFromThere(tokens, index)
      if (isCalled || before.greeting) return true
      if (firm()) return false
      return length > 3 || isCapital || before.relation
    }
    if (sort & SYLLABLE) {
      const isPure = !cue.SYLLABLES_THAT_ARE_WORDS.has(fold) && !(sort & (PLACE | ORGANISATION))
      if (isCalled || before.greeting) return isPure || cap !== 'lower' || !isNeverNamed
      if (isPure && length > 3) return !firm()
      const beside = [tokens[index - 1], next].some((near, side) => near && isBesideAlike(sorts[side === 0 ? index - 1 : index + 1]!, isPure, near, cap))
      if (beside && !(cap === 'lower' && sort & WORD && cue.PARTICLES.has(fold))) return true
      if (isPure) return isCapital || (isStart && doesSomething(next)) || before.relation || (first && doesSomething(next))
      if (!(sort & GIVEN_WORD)) return isCapital && !(sort & PLACE) && !isTrade(tokens, index) && cap === 'Title' && !(sort & ORGANISATION)
    }
    if (sort & (GIVEN_WORD | SURNAME_WORD)) {
      if (isCalled) return !isNeverNamed && !isTradeAfter(tokens, index)
      if (before.greeting && cap === 'Title') return true
      const nextSort = sorts[index + 1] ?? 0
      const isBesideName = next && next.cap === 'Title' && cap === 'Title' && (nextSort & (NAME | LISTED)) !== 0
      const isAfterName = isAfterGiven(text, tokens, sorts, index)
      if (isBesideName || isAfterName) return true
      if (sort & PLACE && cue.BEFORE_PLACES.has(tokens[index - 1]?.fold ?? '')) return false
      if (sort & GIVEN_WORD) {
        if (sort & (PLACE | ORGANISATION)) return isCapital && (before.relation || doesSomething(next)) && !firm()
        if (isCapital && !isTrade(tokens, index) && tokens[index - 1]?.fold !== 'het' && !firm()) return true
        if (before.relation && cap === 'Title') return true
        if (isStart && doesSomething(next) && next?.fold !== fold) return true
      }
      // A capital alone tells little of a surname; after "de" or "van den" with a small letter it tells much.
      if (sort & SURNAME_WORD && cap === 'Title' && before.particle && !first) {
        const particle = tokens[before.at + 1]
        const isOfSomebody = (particle?.cap === 'Title' && !particle.first) || sorts[before.at]! & (NAME | LISTED) || before.relation
        if (isOfSomebody && !isTrade(tokens, before.at + 1) && !firm() && !(sort & PLACE)) return true
      }
      return false
    }
    if (cue.KIN.has(tokens[index - 1]?.fold ?? '') && cap === 'Title' && isCapital && !isNeverNamed && !(sort & (PLACE | ORGANISATION))) return true
    if (sort & (PLACE | ORGANISATION)) return before.title && before.particle && cap !== 'UPPER' && (sort & ORGANISATION) === 0 && cap === 'Title'
    if (sort & OTHER && !(sort & WORD)) return isCalled && !isFromThere(tokens, index)
    if (sort & WORD || words.isCompound(fold)) return isCalled && before.title && isCapital && cap === 'Title' && (sort & ORGANISATION) === 0
    if (isShort(token)) return isCalled && cap === 'Title' && length > 1

    // Nobody knows this word.
    if (cap === 'UPPER' && length <= 5 && !isCalled) return false
    if (isGluedToNumber(tokens, index) || words.isNearCommon(fold)) return false
    const like = words.looksLikeName(fold)
    /** Must it look like a name that much; more, when it is one slip from a word? */
    const looks = (enough: number, enoughOfSlip: number) => like > enoughOfSlip || (like > enough && !isSlip(fold))
    if (isCalled || before.greeting) return cap === 'Title' || words.isNearName(fold) || looks(-9, 0)
    if (firm() || isElsewhere(tokens, index, cap)) return false
    if (isCapital) return length < 6 || looks(-9, LOOKS.alone)
    if (first && doesSomething(next)) return looks(isStart ? -9 : LOOKS.hinted, LOOKS.hinted + 0.2)
    if (isStart) return looks(LOOKS.capital, LOOKS.slip)
    if (before.relation) return looks(LOOKS.hinted, LOOKS.alone)
    if (isBesideUnknown(index)) return looks(LOOKS.hinted, LOOKS.alone)
    return looks(before.hint || words.isNearName(fold) ? LOOKS.hinted + 0.2 : LOOKS.alone, LOOKS.slip)
  }

  const seeds: boolean[] = tokens.map((token, index) => !token.isNumber && !passes.has(index) && !taken.covers(token.start, token.end) && isName(index))
  return [...joined(text, tokens, sorts, seeds, passes, taken, words), ...spelled(text, tokens, words, taken), ...initialled(text, tokens, sorts, seeds, passes, taken)]
}

/** "Fatimas", "Jeroens": a name with what makes it a genitive. */
function sortWith({ sortOf }: Words, fold: string): number {
  const sort = sortOf(fold)
  if (sort !== 0 || !fold.endsWith('s') || fold.length < 5) return sort
  return sortOf(fold.slice(0, -1)) & NAME
}

/** Tokens that are part of the name of a place, an organisation or a street, whatever they look like. */
function allowed(text: string, tokens: readonly Token[], sorts: readonly number[], { phrases, isCompound }: Words): ReadonlySet<number> {
  const passes = new Set<number>()
  tokens.forEach((token, index) => {
    for (const phrase of phrases.get(token.fold) ?? [])
      if (phrase.every((part, nth) => tokens[index + nth]?.fold === part)) for (let nth = 0; nth < phrase.length; nth++) passes.add(index + nth)
    // "de Jan van Galenstraat", "op de Burgemeester Grothestraat": back over what is written with a capital.
    const before = tokens[index - 1]
    const isStreet = STREET.test(token.fold) ? !(sorts[index]! & (NAME | LISTED)) || before?.fold === 'de' : HOUSE.test(token.fold) && (sorts[index]! & WORD || isCompound(token.fold))
    // "Van Dijk" is no street, "Oude Gracht" is.
    const isBare = /^(?:straat|laan|weg|plein|kade|gracht|hof|singel|steeg|park|dijk|brug|markt|kerk|school|toren|hal|huis)$/.test(token.fold)
    if (!isStreet || NO_NAME_OF_A_STREET.test(token.fold) || (isBare && (before?.cap !== 'Title' || cue.PARTICLES.has(before.fold)))) return
    passes.add(index)
    for (let at = index - 1; at >= 0 && index - at < 6; at--) {
      const { cap, fold, end } = tokens[at]!
      if (tokens[at + 1]!.start - end > 2 || /[,;:!?\n]/.test(text.slice(end, tokens[at + 1]!.start))) break
      if ((cap !== 'Title' || cue.TITLES.has(fold)) && !cue.PARTICLES.has(fold)) break
      passes.add(at)
    }
  })
  return passes
}

const STREET = /(?:straat|laan|weg|plein|kade|gracht|hof|dreef|singel|steeg|pad|plantsoen|park|dijk|brug|markt)$/
/** What is called after somebody, when the word itself is known. */
const HOUSE = /(?:kerk|school|college|lyceum|ziekenhuis|kliniek|hogeschool|huis|centrum|stichting|prijs|fonds|toren|hal|tunnel|station)$/
const NO_NAME_OF_A_STREET = /^(?:onderweg|vanweg|weg|thuis|stadhuis|ziekenhuis|huis|school|kerk|centrum|basisschool|hogeschool|station|park|pad|stichting)$/

/** Somebody who writes every word with a capital, or everything in capitals, tells nothing by it. */
function styleOf(tokens: readonly Token[], sorts: readonly number[]) {
  let known = 0
  let titled = 0
  let loud = 0
  let all = 0
  tokens.forEach(({ cap, first, isNumber, start, end }, index) => {
    if (isNumber || end - start < 2) return
    all++
    if (cap === 'UPPER' && end - start > 2) loud++
    if (first || !(sorts[index]! & WORD)) return
    known++
    if (cap === 'Title') titled++
  })
  return { titles: known > 3 && titled > known * 0.5, shouts: all > 2 && loud > all * 0.5 }
}

/** Back over initials and little words to what announces a person. */
function whatComesBefore(text: string, tokens: readonly Token[], index: number): Before {
  let at = index - 1
  let particle = false
  for (let steps = 0; at >= 0 && steps < 5; steps++, at--) {
    const { fold, start, end, isNumber } = tokens[at]!
    const gap = text.slice(end, tokens[at + 1]!.start)
    if (isNumber || gap.length > 3 || /[,;!?\n()]/.test(gap)) {
      // "Groetjes, Fatima" and "naam: Fatima" go past a sign; the rest does not.
      const isNear = /^[,:\s]{1,4}$/.test(gap) && !isNumber
      return { title: false, naming: isNear && cue.NAMING.has(fold), relation: false, greeting: isNear && cue.GREETINGS.has(fold), hint: false, particle, at }
    }
    const isInitial = end - start === 1 && /^\./.test(gap)
    const isParticle = cue.PARTICLES.has(fold) && !/\./.test(gap)
    if (!isInitial && !isParticle) break
    if (isParticle) {
      // "van" may be the last word that announces, as in "de fiets van Roos"; and "heer" comes before it.
      const previous = tokens[at - 1]?.fold ?? ''
      const goesOn = cue.TITLES.has(previous) || cue.NAMING.has(previous) || cue.RELATIONS.has(previous) || cue.PARTICLES.has(previous) || (tokens[at - 1] && tokens[at - 1]!.end - tokens[at - 1]!.start === 1)
      if (!goesOn) {
        particle = true
        if (cue.PREPOSITIONS.has(fold)) return { title: false, naming: false, relation: false, greeting: false, hint: true, particle, at: at - 1 }
        at--
        break
      }
      particle = true
    }
  }
  const token = at >= 0 ? tokens[at]! : undefined
  const fold = token?.fold ?? ''
  const gap = token ? text.slice(token.end, tokens[at + 1]!.start) : ''
  const isSentence = /[!?\n]/.test(gap) || (gap.includes('.') && !cue.TITLES.has(fold) && fold !== 'gr')
  if (isSentence) return { title: false, naming: false, relation: false, greeting: false, hint: false, particle, at }
  return {
    title: cue.TITLES.has(fold),
    naming: cue.NAMING.has(fold) || (fold === 'is' && cue.NAMING.has(tokens[at - 1]?.fold ?? '')) || (fold === 'ben' && tokens[at - 1]?.fold === 'ik'),
    relation: cue.RELATIONS.has(fold) || (fold === 'is' && cue.RELATIONS.has(tokens[at - 1]?.fold ?? '') && token?.cap === 'lower'),
    greeting: cue.GREETINGS.has(fold) && token!.first,
    hint: cue.PREPOSITIONS.has(fold),
    particle,
    at,
  }
}

/** The word after this one, when nothing but a space is between. */
function follows(text: string, tokens: readonly Token[], index: number): Token | undefined {
  const next = tokens[index + 1]
  return next && !next.isNumber && /^\s+$/.test(text.slice(tokens[index]!.end, next.start)) ? next : undefined
}

const doesSomething = (next: Token | undefined) => next !== undefined && cue.DOES.has(next.fold)

function isBesideAlike(sort: number, isPure: boolean, near: Token, cap: Token['cap']): boolean {
  if (near.isNumber) return false
  if (sort & SYLLABLE && (isPure || !cue.SYLLABLES_THAT_ARE_WORDS.has(near.fold))) return near.cap === cap || isPure
  return (sort & NAME) !== 0
}

/** Right after a given name, with or without little words between. */
function isAfterGiven(text: string, tokens: readonly Token[], sorts: readonly number[], index: number): boolean {
  for (let at = index - 1; at >= 0 && index - at < 4; at--) {
    if (/[^\s'-]/.test(text.slice(tokens[at]!.end, tokens[at + 1]!.start))) return false
    if (sorts[at]! & NAME) return tokens[index]!.cap === 'Title' || at < index - 1
    if (!cue.PARTICLES.has(tokens[at]!.fold)) return false
  }
  return false
}

/** "mw uit Utrecht", "meneer van UWV": that is where somebody comes from. */
const isFromThere = (tokens: readonly Token[], index: number) => /^(?:uit|in|te|vanuit|gemeente|regio|bij)$/.test(tokens[index - 1]?.fold ?? '')

const isTrade = (tokens: readonly Token[], index: number) => cue.BEFORE_TRADES.has(tokens[index - 1]?.fold ?? '')
const isTradeAfter = (tokens: readonly Token[], index: number) => tokens[index + 1]?.fold === 'van' && tokens[index + 2]?.fold === 'beroep'

/** An unknown word after "in", "spreekt" or "cursus" is a place, a language or a course. */
function isElsewhere(tokens: readonly Token[], index: number, cap: Token['cap']): boolean {
  const before = tokens[index - 1]?.fold ?? ''
  if (cue.BEFORE_PLACES.has(before)) return cap !== 'lower' || before !== 'te'
  if (cue.BEFORE_COURSES.has(before) || cue.BEFORE_LANGUAGES.has(before)) return true
  if (cap === 'lower') return false
  // "spreekt Tigrinya, Bilen en wat Arabisch"; "gesproken met" is another thing.
  for (let at = index - 1; at >= Math.max(0, index - 7); at--) {
    if (tokens[at]!.fold === 'met' || tokens[at]!.fold === 'over') return false
    if (cue.BEFORE_LANGUAGES.has(tokens[at]!.fold)) return true
  }
  return false
}

/** Does it belong to the name of a firm, a school, a house? */
function isFirm(text: string, tokens: readonly Token[], sorts: readonly number[], index: number, { isCompound }: Words): boolean {
  const isRun = (a: number, b: number) => /^(?:\s|-|'| & )$/.test(text.slice(tokens[a]!.end, tokens[b]!.start))
  let from = index
  while (from > 0 && index - from < 4 && isRun(from - 1, from) && (tokens[from - 1]!.cap === 'Title' || tokens[from - 1]!.cap === 'miXed' || cue.PARTICLES.has(tokens[from - 1]!.fold)) && !cue.TITLES.has(tokens[from - 1]!.fold)) from--
  for (let at = from; at <= index; at++) {
    const before = tokens[at - 1]
    if (!before || text.slice(before.end, tokens[at]!.start).trim() !== '') continue
    if (cue.INSTITUTIONS.has(before.fold)) return true
    if (at < index + 1 && /^(?:bij|voor|via)$/.test(before.fold) && !(sorts[index]! & NAME && !(sorts[index]! & ORGANISATION)))
      for (let back = at - 2; back >= Math.max(0, at - 8); back--) if (cue.WORKING.test(tokens[back]!.fold)) return tokens[back]!.fold !== 'jaar' || /werk/.test(tokens[back - 3]?.fold ?? '')
  }
  // "bij Kentalis werken ze".
  if (/^(?:bij|voor)$/.test(tokens[from - 1]?.fold ?? '') && !(sorts[index]! & NAME))
    for (let ahead = index + 1; ahead < index + 4; ahead++) if (/^(?:werk|werken|werkt|werkte|gewerkt|stage|vacature|vacatures|solliciteren|gesolliciteerd)$/.test(tokens[ahead]?.fold ?? '')) return true
  // Forward over the rest of the name to what says that it is a firm.
  let to = index
  while (to + 1 < tokens.length && to - index < 3 && isRun(to, to + 1)) {
    const next = tokens[to + 1]!
    if (cue.FIRM_ENDINGS.has(next.fold)) return next.cap !== 'lower' || /^(?:bv|nv|vof|holding|logistics|catering|college|lyceum|ziekenhuis|installaties|uitzendbureau|bakkerij|garage|supermarkt|zonen|zn|group)$/.test(next.fold)
    // "Vink Kunststoffen": nobody's surname is followed by a common noun with a capital.
    const isThing = next.cap === 'Title' && ((sorts[to + 1]! & WORD) !== 0 || (sorts[to + 1] === 0 && isCompound(next.fold) && /^(?:bij|voor|via|van|werkgever)$/.test(tokens[from - 1]?.fold ?? ''))) && !(sorts[to + 1]! & (GIVEN_WORD | SURNAME_WORD | NAME | SYLLABLE))
    if (isThing && !cue.NEVER_NAMED.has(next.fold) && !cue.DOES.has(next.fold) && !cue.PARTICLES.has(next.fold)) return true
    if (next.cap !== 'Title' && !cue.PARTICLES.has(next.fold)) break
    to++
  }
  return false
}

/** "Fit4Work", "mbo4plus": a code. */
const isGluedToNumber = (tokens: readonly Token[], index: number) =>
  (tokens[index - 1]?.isNumber && tokens[index - 1]!.end === tokens[index]!.start) || (tokens[index + 1]?.isNumber && tokens[index + 1]!.start === tokens[index]!.end)

/** Too short to judge, or without a vowel: an abbreviation. */
const isShort = ({ fold }: Token) => fold.length < 3 || (fold.length < 6 && !/[aeiouy]/.test(fold)) || (fold.length === 3 && !/^[^aeiouy]?[aeiouy]/.test(fold))

/** One finding for a whole name: what was found, with the little words and names beside it. */
function joined(text: string, tokens: readonly Token[], sorts: readonly number[], seeds: readonly boolean[], passes: ReadonlySet<number>, taken: Spans, { isCompound }: Words): Found[] {
  const found: Found[] = []
  const isOne = (a: number, b: number) => /^(?:\s{1,2}|-|'|\. ?)$/.test(text.slice(tokens[a]!.end, tokens[b]!.start))
  const canJoin = (index: number, isAfter: boolean) => {
    const token = tokens[index]
    if (!token || token.isNumber || passes.has(index) || taken.covers(token.start, token.end) || cue.TITLES.has(token.fold)) return false
    const sort = sorts[index]!
    if (seeds[index]) return true
    if (sort & (PLACE | ORGANISATION) || cue.NEVER_NAMED.has(token.fold)) return false
    const isLikely = sort & (LISTED | OTHER | SURNAME_WORD | GIVEN_WORD | SYLLABLE) || (sort === 0 && token.fold.length > 2)
    if (token.cap === 'Title') return isLikely && (!token.first || !(sort & WORD))
    return isAfter && ((sort === 0 && !isCompound(token.fold) && !isShort(token)) || sort & (LISTED | SURNAME_WORD | OTHER)) && cue.DOES.has(tokens[index + 1]?.fold ?? '')
  }
  for (let index = 0; index < tokens.length; index++) {
    if (!seeds[index]) continue
    let from = index
    let to = index
    for (let at = index - 1, steps = 0; at >= 0 && steps < 5 && isOne(at, at + 1); at--, steps++) {
      const { fold, cap, start, end } = tokens[at]!
      if (canJoin(at, false)) from = at
      else if (end - start === 1 && /^\./.test(text.slice(end, end + 1)) && cap === 'Title') from = at
      else if (!/^(?:van|der|den|de|ten|ter|el|al|ben|bin|ait|da|dos|di|del|la|le|du|von|vd|t)$/.test(fold)) break
      else if (/^(?:el|al|ben|ait|vd|der|den)$/.test(fold) || cap === 'Title' || cue.TITLES.has(tokens[at - 1]?.fold ?? '')) from = at
    }
    for (let at = index + 1, steps = 0; at < tokens.length && steps < 6 && isOne(at - 1, at) && !/\./.test(text.slice(tokens[at - 1]!.end, tokens[at]!.start)); at++, steps++) {
      if (canJoin(at, true)) to = at
      else if (!cue.PARTICLES.has(tokens[at]!.fold)) break
    }
    found.push({ start: tokens[from]!.start, end: tokens[to]!.end, kind: 'name' })
    index = to
  }
  return found
}

/** "F a t i m a", "J.a.n.s.e.n", "f4t1ma": letter by letter, or with digits for letters. */
function spelled(text: string, tokens: readonly Token[], words: Words, taken: Spans): Found[] {
  const found: Found[] = []
  for (let index = 0; index < tokens.length; index++) {
    let to = index
    let letters = ''
    while (to < tokens.length && tokens[to]!.end - tokens[to]!.start === 1 && !tokens[to]!.isNumber && (to === index || tokens[to]!.start - tokens[to - 1]!.end < 3) && tokens[to]!.start > tokens[to - 1 < index ? index : to - 1]!.end - 1) letters += tokens[to++]!.fold
    if (letters.length > 3) {
      if (words.sortOf(letters) & (NAME | LISTED | GIVEN_WORD) || (words.sortOf(letters) === 0 && words.looksLikeName(letters) > LOOKS.hinted))
        found.push({ start: tokens[index]!.start, end: tokens[to - 1]!.end, kind: 'name' })
      index = to - 1
      continue
    }
    // Digits inside a word: read as the letters they look like.
    let last = index
    while (tokens[last + 1] && tokens[last + 1]!.start === tokens[last]!.end) last++
    if (last === index) continue
    const whole = text.slice(tokens[index]!.start, tokens[last]!.end).toLowerCase()
    const read = whole.replace(/[0134578]/g, (digit) => LEET[digit]!)
    if (whole.length > 3 && whole.length < 24 && /^[a-z]/.test(whole) && /\d.*[a-z]/.test(whole) && words.sortOf(read) & NAME && !taken.covers(tokens[index]!.start, tokens[last]!.end))
      found.push({ start: tokens[index]!.start, end: tokens[last]!.end, kind: 'name' })
    index = last
  }
  return found
}

const LEET: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' }

/** "J. de Vries", "a.b. bakker": initials, and then a surname, whatever word that is. */
function initialled(text: string, tokens: readonly Token[], sorts: readonly number[], seeds: readonly boolean[], passes: ReadonlySet<number>, taken: Spans): Found[] {
  const found: Found[] = []
  tokens.forEach((token, index) => {
    if (token.isNumber || token.end - token.start !== 1 || text[token.end] !== '.' || passes.has(index)) return
    const previous = tokens[index - 1]
    if (previous && previous.end - previous.start === 1 && text[previous.end] === '.' && token.start - previous.end < 3) return
    let at = index
    while (tokens[at + 1] && tokens[at + 1]!.end - tokens[at + 1]!.start === 1 && text[tokens[at + 1]!.end] === '.' && tokens[at + 1]!.start - tokens[at]!.end < 3) at++
    const isAbbreviation = token.cap === 'lower' && at > index
    const wasParticle: boolean[] = []
    let surname = at + 1
    while (tokens[surname] && surname - at < 5 && cue.PARTICLES.has(tokens[surname]!.fold) && tokens[surname]!.end - tokens[surname]!.start > 1) {
      wasParticle.push(true)
      surname++
    }
    const last = tokens[surname]
    if (!last || last.isNumber || seeds[surname] || last.end - last.start < 2 || !/^\.?\s{0,2}$/.test(text.slice(tokens[surname - 1]!.end, last.start))) return
    const sort = sorts[surname]!
    const isNameLike = (sort & (NAME | LISTED | GIVEN_WORD | SURNAME_WORD | SYLLABLE)) !== 0
    const isCapital = last.cap === 'Title' && token.cap === 'Title' && !cue.NEVER_NAMED.has(last.fold) && !(sort & ORGANISATION)
    if (isAbbreviation ? !(isNameLike && last.cap === 'Title') : !(isCapital && (wasParticle.length > 0 || isNameLike || !(sort & WORD) || at > index)) && !(isNameLike && token.cap === 'lower' && wasParticle.length > 0)) return
    if (/^(?:b|n)$/.test(token.fold) && tokens[at]?.fold === 'v') return
    if (!taken.covers(token.start, last.end)) found.push({ start: token.start, end: last.end, kind: 'name' })
  })
  return found
}
