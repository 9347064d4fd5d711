// Names in prose of another language, and words of another language that are names in ours.
import { FOREIGN, hasCapital } from './foreign.js'
import { isKnownThing, type Scene, whatComesBefore } from './name-scene.js'
import { NAME, OTHER, WORD } from './words.js'

/** In another language a name has to be known, or to have a capital that nothing else gives it. */
export function isNameInProse(scene: Scene, index: number): boolean {
  const { text, tokens, sorts, words, prose } = scene
  const token = tokens[index]!
  const { fold, cap, first, isForeign } = token
  const { languages } = words
  if (languages.names.has(fold)) return true
  if (fold.length < 3 || languages.words.has(fold) || (cap === 'lower' && languages.all.has(fold))) return false
  const sort = sorts[index]!
  if (isForeign) return hasCapital(text, token) && !first
  if (isKnownThing(sort)) return false
  if (sort & NAME) return (cap === 'Title' && !(sort & WORD)) || fold.length > 3 || whatComesBefore(scene, index).title
  const before = whatComesBefore(scene, index)
  if (before.title || before.naming) return cap !== 'lower' || (sort & (WORD | OTHER)) === 0
  return cap === 'Title' && !first && prose[index] === FOREIGN && !scene.titles && (sort & (WORD | OTHER)) === 0
}

/** "grace period", "faith in himself" */
export const isBeforeEnglish = ({ tokens, words }: Scene, index: number) =>
  [index + 1, index + 2].some(
    (at) =>
      words.languages.words.has(tokens[at]?.fold ?? '') || /^(?:period|himself|herself|themselves)$/.test(tokens[at]?.fold ?? ''),
  )
