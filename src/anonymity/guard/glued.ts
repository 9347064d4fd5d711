// What somebody writes as one word to get it past: "naaitpuntnl", "elgeevierzesjeejee", "vierjuninegentienvijfennegentig", "nieuweVaartNegentien".
import { spokenNumber } from './numerals.js'
import { saidSign } from './pieces.js'

/** A sign that is said, and the ends of sites that it stands before. */
const ENDING = '(?:nl|com|org|net|eu|be|info)'
const DOT = new RegExp(`punt(?=${ENDING}(?:$|slash))`, 'g')
const SLASH = new RegExp(`(?<=\\.${ENDING})slash(?=.)`)
const DATE =
  /^([a-z]{3,20})(januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)((?:negentien|twee)[a-z]{4,24})$/

/** Letters and digits by their names, five at least, one of them a digit. */
function signsOf(fold: string): string | undefined {
  let signs = ''
  for (let at = 0; at < fold.length; ) {
    const size = [6, 5, 4, 3, 2].find((length) => saidSign(fold.slice(at, at + length)) !== undefined)
    if (size === undefined) return undefined
    signs += saidSign(fold.slice(at, at + size))
    at += size
  }
  return signs.length > 4 && /\d/.test(signs) ? signs : undefined
}

/** The parts of a word in small letters, or nothing when it is one. */
export function unglued(fold: string): string | undefined {
  if (fold.length < 9 || fold.length > 64) return undefined
  const site = fold
    .replace(/^weeweewee(?:punt)?/, 'www.')
    .replace(DOT, '.')
    .replace(SLASH, '/')
  if (site !== fold) return site
  const [, day, month, year] = DATE.exec(fold) ?? []
  if (day && spokenNumber(day) && spokenNumber(year!)) return `${day} ${month} ${year}`
  return signsOf(fold)
}

/** "nieuweVaartNegentien": three words or more, by their capitals. */
export const humps = (written: string): string | undefined =>
  /^[a-z]+(?:[A-Z][a-z]+){2,6}$/.test(written) ? written.replace(/(?<=[a-z])(?=[A-Z])/g, ' ') : undefined

/** "dossierD90417ZKovergedragen", "regio3453dkglasbewassing": words at both ends of a code, and the code. */
export function apart(run: string, isKnown: (word: string) => boolean): string | undefined {
  const [, before = ''] = /^([a-z]{4,24})/i.exec(run) ?? []
  const [, after = ''] = /([a-z]{4,24})$/i.exec(run) ?? []
  const head = cuts(before.length).find((size) => isKnown(before.slice(0, size).toLowerCase())) ?? 0
  const tail = cuts(after.length).find((size) => isKnown(after.slice(after.length - size).toLowerCase())) ?? 0
  if (head + tail === 0 || head + tail >= run.length) return undefined
  return [run.slice(0, head), run.slice(head, run.length - tail), run.slice(run.length - tail)].filter(Boolean).join(' ')
}
const cuts = (longest: number) => Array.from({ length: Math.max(0, longest - 3) }, (_, nth) => longest - nth)
