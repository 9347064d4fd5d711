// Where a name begins and ends: with its little words, its initials and its other words; letter by letter; or with digits for letters.
import * as cue from './cues.js'
import { isShort, type Scene } from './name-scene.js'
import type { Found } from './text.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, OTHER, PLACE, SURNAME_WORD, SYLLABLE, WORD } from './words.js'

const LEFT_PARTICLE = /^(?:van|der|den|de|ten|ter|el|al|ben|bin|ait|da|dos|di|del|la|le|du|von|vd|t)$/
/** These belong to no sentence: they begin a name. */
const OWN_PARTICLE = /^(?:el|al|ait|vd|der|den)$/

/** One finding for a whole name: what was found, with the little words and names beside it. */
export function joined(scene: Scene, seeds: readonly boolean[]): Found[] {
  const { text, tokens } = scene
  const found: Found[] = []
  const isOne = (at: number) => /^(?:\s{1,2}|-|'|\. ?)$/.test(text.slice(tokens[at]!.end, tokens[at + 1]!.start))
  for (let index = 0; index < tokens.length; index++) {
    if (!seeds[index]) continue
    let from = index
    let to = index
    for (let at = index - 1; at >= 0 && index - at < 6 && isOne(at); at--) {
      const { fold, cap, start, end } = tokens[at]!
      const isAnnounced = cue.TITLES.has(tokens[at - 1]?.fold ?? '')
      if (canJoin(scene, seeds, at, false) || (end - start === 1 && text[end] === '.' && cap === 'Title')) from = at
      else if (!LEFT_PARTICLE.test(fold)) break
      else if (
        OWN_PARTICLE.test(fold) ||
        cap === 'Title' ||
        isAnnounced ||
        (from === at + 1 && OWN_PARTICLE.test(tokens[from]!.fold))
      )
        from = at
    }
    for (let at = index + 1; at < tokens.length && at - index < 7 && isOne(at - 1) && text[tokens[at - 1]!.end] !== '.'; at++) {
      if (canJoin(scene, seeds, at, true)) to = at
      else if (!cue.PARTICLES.has(tokens[at]!.fold)) break
    }
    found.push({ start: tokens[from]!.start, end: tokens[to]!.end, kind: 'name' })
    index = to
  }
  return found
}

/** Can the word be one more of the name beside it? */
function canJoin(
  { tokens, sorts, passes, taken, words }: Scene,
  seeds: readonly boolean[],
  index: number,
  isAfter: boolean,
): boolean {
  const token = tokens[index]!
  if (token.isNumber || passes.has(index) || taken.covers(token.start, token.end) || cue.TITLES.has(token.fold)) return false
  if (seeds[index]) return true
  const sort = sorts[index]!
  if (token.cap === 'Title' && sort & GIVEN_WORD && !isAfter) return true
  if (sort & (PLACE | ORGANISATION) || cue.NEVER_NAMED.has(token.fold)) return false
  if (token.cap === 'Title') {
    const isLikely =
      (sort & (LISTED | OTHER | SURNAME_WORD | GIVEN_WORD | SYLLABLE)) !== 0 || (sort === 0 && token.fold.length > 2)
    return isLikely && !(token.first && sort & WORD)
  }
  const isUnknown = sort === 0 && !isShort(token) && !words.isCompound(token.fold)
  return isAfter && (isUnknown || (sort & (LISTED | SURNAME_WORD | OTHER)) !== 0) && cue.DOES.has(tokens[index + 1]?.fold ?? '')
}

/** "F a t i m a", "J.a.n.s.e.n" */
export function spelled({ tokens, words }: Scene): Found[] {
  const found: Found[] = []
  const isLetter = (at: number) => tokens[at] !== undefined && tokens[at]!.end - tokens[at]!.start === 1 && !tokens[at]!.isNumber
  for (let index = 0; index < tokens.length; index++) {
    let to = index
    let letters = ''
    while (isLetter(to) && (to === index || tokens[to]!.start - tokens[to - 1]!.end < 3)) letters += tokens[to++]!.fold
    // Nobody's name begins with three consonants of these: "z w b i".
    if (letters.length > 3 && /[aeiouyhjlrs]/.test(letters.slice(1, 3))) {
      const sort = words.sortOf(letters)
      if (sort & (NAME | LISTED | GIVEN_WORD) || (sort === 0 && words.looksLikeName(letters) > 0))
        found.push({ start: tokens[index]!.start, end: tokens[to - 1]!.end, kind: 'name' })
      index = to - 1
    }
  }
  return found
}

/** "J. de Vries", "a.b. bakker", "J de Groot": initials, and then a surname, whatever word that is. */
export function initialled({ text, tokens, sorts, passes, taken }: Scene, seeds: readonly boolean[]): Found[] {
  const found: Found[] = []
  const isInitial = (at: number) => {
    const token = tokens[at]
    return token !== undefined && !token.isNumber && token.end - token.start === 1 && text[token.end] === '.'
  }
  for (let index = 0; index < tokens.length; index++) {
    const first = tokens[index]!
    // "Soeparman, R."
    if (
      first.cap === 'Title' &&
      first.end - first.start > 2 &&
      isInitial(index + 1) &&
      tokens[index + 1]!.cap === 'Title' &&
      text.slice(first.end, tokens[index + 1]!.start) === ', ' &&
      (sorts[index] === 0 || sorts[index]! & (NAME | LISTED | SURNAME_WORD))
    )
      found.push({ start: first.start, end: tokens[index + 1]!.end, kind: 'name' })
    const isBare =
      first.end - first.start === 1 &&
      first.cap === 'Title' &&
      text[first.end] === ' ' &&
      /^(?:de|van|der|den|ter|ten)$/.test(tokens[index + 1]?.fold ?? '')
    if (passes.has(index) || !(isInitial(index) || isBare)) continue
    let last = index
    while (isInitial(last) && isInitial(last + 1) && tokens[last + 1]!.start - tokens[last]!.end < 3) last++
    let surname = last + 1
    while (tokens[surname] && surname - last < 5 && cue.PARTICLES.has(tokens[surname]!.fold) && tokens[surname]!.fold.length > 1)
      surname++
    const many = last - index + 1
    const hasParticle = surname > last + 1
    const token = tokens[surname]
    index = last
    if (!token || token.isNumber || seeds[surname] || token.fold.length < 2) continue
    if (!/^\.?\s{0,2}$/.test(text.slice(tokens[surname - 1]!.end, token.start)) || taken.covers(first.start, token.end)) continue
    // "n.v. Amsterdam", "b.v. Jansen".
    if (/^[bn]$/.test(first.fold) && tokens[last]!.fold === 'v') continue
    const sort = sorts[surname]!
    const isNamed = (sort & (NAME | LISTED | GIVEN_WORD | SURNAME_WORD | SYLLABLE)) !== 0
    const isTitle = token.cap === 'Title' && !cue.NEVER_NAMED.has(token.fold) && !(sort & ORGANISATION)
    const isSure = isTitle && first.cap === 'Title' && (hasParticle || isNamed || !(sort & WORD) || many > 1)
    // In small letters "a.b." may be an abbreviation.
    const isQuiet = first.cap === 'lower' && isNamed && (many === 1 ? hasParticle : isTitle)
    if (isSure || isQuiet) found.push({ start: first.start, end: token.end, kind: 'name' })
  }
  return found
}
