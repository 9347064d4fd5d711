// Firms, schools and houses that are called after somebody: what stands before, after or around a name tells that it is theirs.
import * as cue from './cues.js'
import type { Scene } from './name-scene.js'
import type { Token } from './tokens.js'
import { NAME, ORGANISATION, WORD } from './words.js'

const WORKING_AHEAD = /^(?:werk|werken|werkt|werkte|gewerkt|stage|vacature|vacatures|solliciteren|gesolliciteerd)$/
/** Endings that say "firm" also in small letters. */
const SURE_ENDING = /^(?:bv|nv|vof|holding|college|lyceum|ziekenhuis|zonen|zn|group)$/

/** Does it belong to the name of a firm, a school, a house? */
export function isFirm({ text, tokens, sorts, words }: Scene, index: number): boolean {
  const isRun = (at: number) => /^(?:\s|-|'| & )$/.test(text.slice(tokens[at]!.end, tokens[at + 1]!.start))
  const isPart = ({ cap, fold }: Token) =>
    (cap === 'Title' || cap === 'miXed' || cue.PARTICLES.has(fold)) && !cue.TITLES.has(fold)
  const isSomebody = (sorts[index]! & NAME) !== 0 && !(sorts[index]! & ORGANISATION)
  let from = index
  while (from > 0 && index - from < 4 && isRun(from - 1) && isPart(tokens[from - 1]!)) from--
  // "Sint Maarten", "Prinses Beatrix": nobody at the desk.
  if (
    from < index &&
    /^(?:sint|st|prinses|koningin|koning|prins|paus)$/.test(tokens[from]!.fold) &&
    tokens[from]!.cap === 'Title'
  )
    return true
  for (let at = from; at <= index; at++) {
    const before = tokens[at - 1]
    if (!before || text.slice(before.end, tokens[at]!.start).trim() !== '') continue
    // "de winkel van Ozkan" is somebody's.
    const isOfSomebody = tokens[at]!.fold === 'van' && tokens[at]!.cap === 'lower' && at === index - 1 && isSomebody
    if (cue.INSTITUTIONS.has(before.fold) && !isOfSomebody) return true
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

/** "Hago zoekt schoonmakers", "een vacature van Jobster": nobody knows the word, and a firm would stand there. */
export function couldBeFirm({ tokens }: Scene, index: number): boolean {
  const { first } = tokens[index]!
  const next = tokens[index + 1]?.fold ?? ''
  if (first && /^(?:zoekt|heeft|biedt|neemt|is|gaat|had|wil|krijgt|vraagt)$/.test(next))
    for (let ahead = index + 2; ahead < index + 6; ahead++) if (cue.WANTED.test(tokens[ahead]?.fold ?? '')) return true
  return tokens[index - 1]?.fold === 'van' && cue.OF_A_FIRM.has(tokens[index - 2]?.fold ?? '')
}
