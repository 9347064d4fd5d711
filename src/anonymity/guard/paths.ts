// What stands behind the host of an organisation's site is text like any other: a name in its path or its query points at somebody.
import { normalise } from './normalise.js'
import { NAME, type Words } from './words.js'

type Place = Readonly<{ start: number; end: number }>
/** `path`: all that comes after the host, as it was typed. */
export type PassedSite = Place & Readonly<{ path: string }>

/**
 * The sites in whose path `find` finds something. All paths are read as one text, each on lines of its own: so many links take no more than
 * their length.
 */
export function sitesWithSomebody(
  sites: readonly PassedSite[],
  find: (text: string) => readonly Place[],
  words: Words,
): ReadonlySet<PassedSite> {
  const telling = new Set<PassedSite>()
  const lines: string[] = []
  const begins: number[] = []
  const asked: PassedSite[] = []
  let length = 0
  for (const site of sites) {
    const text = textOf(site.path)
    if (text.trim() === '') continue
    if (text.split(/\s+/).some((part) => areTwoNames(part.toLowerCase(), words))) telling.add(site)
    asked.push(site)
    begins.push(length)
    lines.push(text)
    length += text.length + 1
  }
  if (asked.length === 0) return telling
  let at = 0
  for (const { start } of find(lines.join('\n'))) {
    while (at + 1 < begins.length && begins[at + 1]! <= start) at++
    telling.add(asked[at]!)
  }
  return telling
}

/** "/%66atma-yilmaz/?id=1" is "fatma yilmaz", and then "id 1". Endings of files are no words of a note. */
function textOf(path: string): string {
  return normalise(decoded(path))
    .text.replace(/\.(?:html?|php|aspx?|jsp|pdf|docx?|xlsx?|png|jpe?g)\b/gi, '')
    .replace(/[-_.+~%:;,|\\]+/g, ' ')
    .replace(/=/g, ' ')
    .replace(/[/?#&@!]+/g, '\n')
}

/** What is encoded twice is decoded twice; what is no code stays what it is. */
function decoded(path: string): string {
  let text = path
  for (let round = 0; round < 3 && text.includes('%'); round++)
    try {
      text = decodeURIComponent(text)
    } catch {
      text = text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    }
  return text
}

/** "fatmayilmaz" */
function areTwoNames(part: string, { sortOf }: Words): boolean {
  if (part.length < 7 || part.length > 32 || sortOf(part) !== 0) return false
  for (let at = 3; at <= part.length - 4; at++) if (sortOf(part.slice(0, at)) & NAME && sortOf(part.slice(at)) & NAME) return true
  return false
}
