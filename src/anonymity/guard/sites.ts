// Addresses on the web, written plainly or not: "hxxps://drive[.]google[.]com/x", "www punt jan punt nl". Sites of organisations pass.
import type { PassedSite } from './paths.js'
import { type Found, places, placesNear, type Reading } from './text.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, OTHER, PLACE, SURNAME_WORD, WORD, type Words } from './words.js'

/** The endings of sites that a desk meets; other dots end a sentence. */
export const TLD =
  /^(?:nl|com|org|net|eu|be|de|info|nu|online|io|me|site|app|uk|fr|pl|tr|ru|ua|bg|ro|it|es|pt|frl|amsterdam|shop|biz|tv|gg|link|edu|gov|ch|at|se|dk|no|co|cc|xyz|dev|page|blog|ma|sr|cw|ir|cn|in|tl|ly|gl|gle|ms|ee|so|nz|be|fm|to)$/
const SITE = /(?<![\w@.])(?:h(?:tt|xx)ps?:\/\/|www\.)?(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10}(?:[/?#][^\s<>"'()]{0,300})?/g
/** What a dot, a slash and a scheme can be written as. */
const DOT =
  '(?:\\.|\\s?[\\[({<]\\s?(?:\\.|punt|dot)\\s?[\\])}>]\\s?|\\s(?:-\\s)?(?:punt|dot|stip)\\s(?:-\\s)?|\\s\\.\\s?|\\.\\s|,(?=(?:com|nl|org)\\b))'
const SLASH = '(?:\\s?/\\s?|\\s(?:slash|streep|schuine streep|schuin streepje)\\s)'
const SCHEME = 'h(?:tt|xx)ps?\\s?:\\s?/\\s?/\\s?'
const LOOSE = new RegExp(
  `\\b(?<![@.])(?:${SCHEME})?(?:w ?w ?w ?\\. ?)?(?:[a-z0-9-]{1,40}(?![a-z0-9-])(?:\\s(?:streepje|koppelteken|min)\\s[a-z0-9]{1,40}(?![a-z0-9-]))?${DOT}){1,3}(?:n ?l|com|org|net|eu|be|nu|tl|ly|gl|gle|me|info)(?![a-z0-9])(?:${SLASH}[\\w@.~%?=&-]{1,80}){0,8}`,
  'g',
)
/** Only then is there a reason to look for what is written loosely. */
const IS_LOOSE =
  /\s(?:punt|dot|stip)\s|[[({<]\s?(?:punt|dot)|hxxp|[[({<]\.[\])}>]|\s\.\s?(?:nl|com|org|net|eu|be|nu|tl|ly|me)\b|\.\s(?:nl|com|org|net)\b|w w w|\. ?n l\b|https?\s:|:\s\/\/|,(?:com|nl|org)\b/g

/** UTF-16 units; a longer one ends there. */
const LONGEST_LOOSE = 320
/** Where people have pages and files: with a path it is one of them. */
const SOCIAL =
  /(?:^|\.)(?:facebook|fb|instagram|linkedin|lnkd|twitter|x|tiktok|snapchat|youtube|youtu|telegram|t|wa|whatsapp|pinterest|reddit|discord|twitch|skype|vk|ok|threads|linktr|marktplaats|vinted|drive|docs|sites|photos|forms|dropbox|wetransfer|we|onedrive|1drv|icloud|mega|box|sway|canva|notion|github|gitlab|medium|substack|behance|dribbble|soundcloud|spotify|strava|about|bit|tinyurl|goo|cutt|calendly|doodle|blogspot|wordpress|wixsite|jouwweb|webnode|weebly|carrd|tumblr|flickr|etsy|fiverr|upwork|xing|patreon|paypal|tikkie|gofundme|onlyfans|messenger|m|airtable|padlet|issuu|vimeo|academia|researchgate|freelancer|prezi|slideshare|jottacloud|stackoverflow|hackmd|koofr|transfernow|smash|filemail|sendgb|wesendit)\.(?:com|nl|me|be|ee|ly|gl|gle|tl|ms|gg|tv|so|io|nz|co|google\.com|live\.com|app\.goo\.gl|org|net|ru|site|gd)$/
const OF_AN_ORGANISATION =
  /^\/(?:company|school|jobs|groups|pages|showcase|learning|events|watch|feed|signup|login|help|business)\b/
/** On any site that is somebody's page. */
const PROFILE =
  /^\/(?:[a-z]{2}\/)?(?:profiel|profiles?|profielen|in|u|users?|members?|leden|r|cv|cvs|people|pub|athletes|@[^/]+|portfolio|freelancer|zzp|vakman|over-?mij|about-?me)(?:\/|$)/
/** Whose it is, is said. */
const OWN =
  /\b(?:eigen|zijn|haar|zn|hr|mijn|zelf)\s(?:web)?(?:site|shop|pagina)(?:\sis)?[\s:]{1,2}$|\b(?:portfolio|blog)[\s:]{1,2}$/
/** Endings that are words: "klaar.de cursus" is no site. */
const WORD_ENDING =
  /^(?:de|nu|me|in|is|no|to|at|co|be|it|es|ma|se|of|en|op|te|al|app|link|site|online|info|page|dev|tv|mag|wil|heeft|ook|dan|so|ms|gl|fm|ee|tl|ly)$/

/** `passed`: the sites of organisations; what comes after the host of one is read by paths.ts. */
export function findSites({ lower, text }: Reading, words: Words): { found: Found[]; passed: PassedSite[] } {
  const found: Found[] = []
  const passed: PassedSite[] = []
  const judge = (start: number, end: number, written: string) => {
    const isMarked = /^(?:h(?:tt|xx)ps?:\/\/|www\.)/.test(written)
    const [, host = '', path = ''] = /^(?:h(?:tt|xx)ps?:\/\/)?([a-z0-9.-]+)(.*)$/.exec(written) ?? []
    const ending = host.slice(host.lastIndexOf('.') + 1)
    if (!isMarked && (!TLD.test(ending) || (WORD_ENDING.test(ending) && path === '' && isWordBefore(host, words)))) return
    const site = { start, end, kind: 'link' as const }
    const isOwn = OWN.test(lower.slice(Math.max(0, start - 24), start)) && !labelsOf(host).some((label) => words.sites.has(label))
    if (isOwn || isPersonal(host, path, /^h/.test(written) && written.includes('://'), words)) found.push(site)
    else passed.push({ start, end, path: written.length === end - start ? text.slice(end - path.length, end) : path })
  }
  for (const word of dottedWords(lower))
    for (const { start, end, match } of places(SITE, lower.slice(word.start, word.end))) {
      const tail = /[.,;:!?]+$/.exec(match[0])?.[0].length ?? 0
      judge(word.start + start, word.start + end - tail, match[0].slice(0, match[0].length - tail))
    }
  for (const { start, end, match } of placesNear(LOOSE, lower, places(IS_LOOSE, lower), LONGEST_LOOSE)) {
    const written = match[0]
      .replace(/\s?[[({<]\s?(?:\.|punt|dot)\s?[\])}>]\s?|\s(?:-\s)?(?:punt|dot|stip)\s(?:-\s)?/g, '.')
      .replace(/\s(?:slash|streep|schuine streep|schuin streepje)\s/g, '/')
      .replace(/\s(?:streepje|koppelteken|min)\s/g, '-')
      .replace(/\s/g, '')
      .replaceAll(',', '.')
    if (written !== match[0]) judge(start, end, written)
  }
  return { found, passed }
}

/** What has a dot before a letter in it, up to white space on both sides. */
function* dottedWords(lower: string): Generator<{ start: number; end: number }> {
  const isSpace = (at: number) => lower[at] === ' ' || lower[at] === '\n'
  for (let dot = lower.indexOf('.'), end = 0; dot >= 0; dot = lower.indexOf('.', Math.max(dot + 1, end))) {
    const next = lower.charCodeAt(dot + 1)
    if (!(next >= 97 && next <= 122)) continue
    let start = dot
    while (start > end && !isSpace(start - 1)) start--
    end = dot + 1
    while (end < lower.length && !isSpace(end)) end++
    yield { start, end }
  }
}

const isWordBefore = (host: string, { sortOf, isCompound }: Words) => {
  const label = host.slice(0, host.lastIndexOf('.'))
  return /^[a-z]+$/.test(label) && ((sortOf(label) & (WORD | PLACE | ORGANISATION)) !== 0 || isCompound(label))
}

function isPersonal(host: string, path: string, hasScheme: boolean, words: Words): boolean {
  // "vera-tekent.wixsite.com"
  const [, own = ''] = HOSTED.exec(host) ?? []
  if (own !== '' && own !== 'www' && !(words.sortOf(own) & (ORGANISATION | PLACE))) return true
  if (SOCIAL.test(host)) return path.length > 1 && !OF_AN_ORGANISATION.test(path)
  if (PROFILE.test(path)) return true
  return !isPublicHost(host, words, hasScheme)
}

/** Where anybody can have a site under a name of his own. */
const HOSTED =
  /^(?:www\.)?([a-z0-9-]+)\.(?:wixsite|wordpress|blogspot|jouwweb|webnode|weebly|carrd|tumblr|myportfolio|github|business)\.(?:com|nl|be|co|io|site)$/

const labelsOf = (host: string) =>
  host
    .replace(/^www\./, '')
    .split('.')
    .slice(0, -1)

/** The site of an organisation: well known, or made of words that tell what it does, where, or for whom, and of no name. */
export function isPublicHost(host: string, words: Words, isStrict = false): boolean {
  const labels = labelsOf(host)
  if (labels.some((label) => words.sites.has(label))) return true
  // A whole address is copied: then the site must be known for one of an organisation.
  if (isStrict) return labels.every((label) => isOfOrganisation(label, words))
  return labels.every((label) => {
    const parts = label.split(/[-\d]+/).filter(Boolean)
    // "jan-klust"
    const isOfSomebody =
      parts.length > 1 &&
      parts.some((part) => words.sortOf(part) & (NAME | GIVEN_WORD) && !(words.sortOf(part) & (PLACE | ORGANISATION)))
    return !isOfSomebody && parts.every((part) => isMadeOfWords(part, words))
  })
}

const isOfOrganisation = (label: string, { sortOf }: Words) =>
  /^(?:www|mijn|mijn-?\w*|werkenbij\w*|werkenin\w*|gemeente-?\w*|provincie-?\w*|bibliotheek-?\w*|roc-?\w*|mbo-?\w*|wijkteam\w*|stichting\w*|\w{3,}(?:college|school|bibliotheek|gemeente|loket|wijkteams?|vacatures|taalhuis))$/.test(
    label,
  ) || label.split('-').every((part) => (sortOf(part) & (ORGANISATION | PLACE)) !== 0 && !(sortOf(part) & NAME))

const WORK =
  /(?:werk|baan|banen|job|zorg|school|college|gemeente|opleiding|cursus|training|uitzend|loopbaan|groep|bouw|techniek|stichting|vereniging|bakker|garage|hotel|restaurant|kinderopvang|bedrijf|vacature|leren|taal|wonen|transport|logistiek|installatie|welzijn|kapper|salon|winkel|horeca|catering)/
/** "fleurtekent" */
const WORKS =
  /^(?:tekent|maakt|klust|bouwt|kookt|schildert|naait|bakt|fotografeert|ontwerpt|schrijft|zingt|danst|knipt|coacht|leert|reist|haakt|breit|timmert|poetst|rijdt|werkt|verft|last|tuiniert|vertelt)/
/** What one person does, and calls after himself. */
const TRADE =
  /^(?:schilders|timmer|klus|klussen|hoveniers|stukadoors|schoonmaak|dakdekkers|loodgieters|tegelzetters|metsel|aannemers|bouw|montage|installatie|auto|garage|transport)?(?:bedrijf|salon|praktijk|studio|atelier|garage)/
/** How like a name what could be two words must look. */
const SURELY = 0.5
const ENDS_IN_WORK = new RegExp(`${WORK.source}s?$`)

function isMadeOfWords(label: string, { sortOf, isCompound, looksLikeName }: Words): boolean {
  if (sortOf(label) & (WORD | PLACE | ORGANISATION | OTHER) && !(sortOf(label) & NAME)) return true
  const [, where = ''] = /^(?:werken|werk|leren|wonen|jobs|banen|vacatures|ontdek|kies)(?:in|bij|voor)(.{3,})$/.exec(label) ?? []
  if (sortOf(where) & (PLACE | ORGANISATION) || (where !== '' && isCompound(where))) return true
  // "pietersmaakttuinen"
  for (let at = 4; at <= label.length - 4; at++) {
    const head = sortOf(label.slice(0, at))
    const rest = label.slice(at)
    if (head & (NAME | GIVEN_WORD) && WORKS.test(rest)) return false
    if (head & NAME && !(head & (PLACE | ORGANISATION | WORD)) && (sortOf(rest) & WORD || isCompound(rest)) && !isCompound(label))
      return false
  }
  // "kluspeter", "timmerbedrijfdejong": somebody's own.
  for (let at = 3; at <= label.length - 3; at++) {
    const head = sortOf(label.slice(0, at))
    const tail = label.slice(at).replace(/^(?:de|van|vd|der)(?=.{3})/, '')
    const isNamed =
      tail.length > 2 && tail !== label && (sortOf(tail) & (NAME | LISTED)) !== 0 && !(tail.length < 5 && sortOf(tail) & WORD)
    const isOfArticle = tail !== label.slice(at) && tail.length > 3 && (sortOf(tail) & SURNAME_WORD) !== 0
    if (
      (isNamed || isOfArticle) &&
      !isCompoundPlain(label.slice(at), sortOf) &&
      (head & WORD || isCompound(label.slice(0, at)) || ENDS_IN_WORK.test(label.slice(0, at)))
    )
      return false
  }
  // "kapsalonmirjamdehoop"
  for (let at = 4; at < label.length - 5; at++)
    if (
      WORK.test(label.slice(0, at)) &&
      (sortOf(label.slice(0, at)) & WORD || isCompound(label.slice(0, at))) &&
      !isCompoundPlain(label.slice(at), sortOf) &&
      !isCompound(label.slice(at)) &&
      beginsWithName(label.slice(at), sortOf)
    )
      return false
  // "schildersbedrijfhoekmans"
  const trade = TRADE.exec(label)?.[0]
  if (trade !== undefined && trade.length < label.length - 3) {
    const rest = label.slice(trade.length)
    if (sortOf(rest) & (NAME | LISTED) || (/s$/.test(rest) && sortOf(rest.slice(0, -1)) & (NAME | LISTED))) return false
    if (sortOf(rest) === 0 && looksLikeName(rest) > (isCompound(rest) ? SURELY : 0)) return false
  }
  if (isCompound(label) || WORK.test(label)) return true
  // "kpoa", "paww": the first letters of an organisation.
  if (
    label.length < 6 &&
    !(sortOf(label) & (NAME | LISTED | GIVEN_WORD)) &&
    !/^[^aeiouy]?[aeiouy]+[^aeiouy]+[aeiouy]?[^aeiouy]?$/.test(label)
  )
    return true
  // Two to four in one: places and little words too, but no names.
  const isKnown = (part: string) => {
    const sort = sortOf(part)
    return (sort & (WORD | PLACE | ORGANISATION) && !(sort & (NAME | LISTED))) || (part.length > 6 && isCompound(part))
  }
  const areKnown = (rest: string, most: number): boolean => {
    if (isKnown(rest)) return true
    for (let at = 2; most > 1 && at <= rest.length - 3; at++)
      if (isKnown(rest.slice(0, at)) && areKnown(rest.slice(at), most - 1)) return true
    return false
  }
  return label.length < 32 && areKnown(label, 4)
}

const beginsWithName = (part: string, sortOf: Words['sortOf']) => {
  for (let at = 5; at < part.length - 1; at++)
    if (sortOf(part.slice(0, at)) & NAME && !(sortOf(part.slice(0, at)) & WORD)) return true
  return false
}

/** A word that is hardly a name. */
const isCompoundPlain = (word: string, sortOf: Words['sortOf']) =>
  (sortOf(word) & (WORD | PLACE | ORGANISATION)) !== 0 && !(sortOf(word) & NAME)
