// A value told in parts, or backwards: "begint met 2065 en eindigt op 95360", "eerst NB dan 83 en als laatste RZ", "achterstevoren: artskeoH".
import type { Kind } from './kinds.js'
import { digitsOf, passesElevenProof } from './numbers.js'
import { SIDE_CODE } from './plates.js'
import { type Found, places, type Reading, type Spans } from './text.js'
import { perWord, type Token } from './tokens.js'
import { LISTED, NAME, ORGANISATION, PLACE, WORD, type Words } from './words.js'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))
/** What somebody says it is. */
const CALLED: readonly (readonly [RegExp, Kind])[] = [
  [/^(?:bsn|b5n|bsnnr|bsnnummer|sofi|sofinummer|sofinr|burgerservicenummer)$/, 'bsn'],
  [/^(?:kenteken|kentekennr|nummerbord|nummerplaat|plaat)$/, 'plate'],
  [
    /^(?:paspoort|paspoortnr|paspoortnummer|rijbewijs\w*|idkaart|documentnr|documentnummer|vnr|vnummer|verblijfsdocument)$/,
    'document',
  ],
  [/^(?:iban|rekening|rekeningnr|rekeningnummer|bankrek|bankrekening|banknr|reknr|giro)$/, 'iban'],
  [/^(?:tel|telnr|telefoon|telefoonnr|telefoonnummer|mobiel|mob|gsm|whatsapp)$/, 'phone'],
  [/^(?:postcode|pc)$/, 'postcode'],
  [/^(?:zaaknr|zaaknummer|dossiernr|dossiernummer|klantnr|klantnummer|kenmerk|clientnr|clientnummer)$/, 'case-number'],
  [/^(?:naam|voornaam|achternaam|roepnaam|familienaam|meisjesnaam)$/, 'name'],
]
const calledOf = (fold: string) => CALLED.find(([pattern]) => pattern.test(fold))?.[1]
const REVERSED = set('achterstevoren omgekeerd andersom gespiegeld omgedraaid omdraaien achteruit')

/** A part comes next. */
const CUES = set(
  'begint begin start starten eerst eerste vooraan voorop dan daarna vervolgens daarachter gevolgd verder vervolg eindigt eindigend einde eind slot laatste tweede achteraan rest middelste midden sluit',
)
/** Between a cue and its part. */
const LINKS = set(
  'met op is zijn staat staan hier de het letters letter cijfers cijfer deel stuk helft door als zelfde hetzelfde dezelfde nummer komt komen gaat af tot daarvan nog in van was twee drie vier',
)
/** No value is told in more words. */
const FARTHEST = 26

type Part = Readonly<{ start: number; end: number; fold: string; until: number }>

export function findHalves(reading: Reading, harmless: Spans, { sortOf }: Words): Found[] {
  const { text, tokens } = reading
  const found: Found[] = []
  const couldTell = perWord((fold) => REVERSED.has(fold) || calledOf(fold) !== undefined)
  let until = -1
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!
    if (!couldTell(token)) continue
    if (REVERSED.has(token.fold)) found.push(...backwards(tokens, index, sortOf))
    const kind = index > until ? calledOf(token.fold) : undefined
    if (!kind) continue
    const parts = partsFrom(text, tokens, index)
    if (parts.length > 1 && areOf(kind, parts, sortOf)) {
      for (const { start, end } of parts) found.push({ start, end, kind })
      until = parts.at(-1)!.until
    }
  }
  return [...found, ...assembled(reading, harmless), ...toldOnline(reading, sortOf)]
}

function partsFrom(text: string, tokens: readonly Token[], called: number): Part[] {
  const parts: Part[] = []
  let isAwaited = false
  for (let at = called + 1; at < tokens.length && at <= called + FARTHEST; at++) {
    const { fold, start } = tokens[at]!
    if (text.slice(tokens[at - 1]!.end, start).includes('\n')) break
    const isGlued = tokens[at + 1]?.start === tokens[at]!.end
    if (!isGlued && CUES.has(fold)) isAwaited = true
    else if (isAwaited && !(LINKS.has(fold) && !isGlued)) {
      const from = at
      let joined = fold
      while (tokens[at + 1]?.start === tokens[at]!.end) joined += tokens[++at]!.fold
      if (joined.length > 10) break
      parts.push({ start, end: tokens[at]!.end, fold: joined, until: at })
      isAwaited = false
      if (from === called + FARTHEST) break
    }
  }
  return parts
}

/** Of a code each part has a digit, or is as short as its groups; of a name it is no word. */
function areOf(kind: Kind, parts: readonly Part[], sortOf: Words['sortOf']): boolean {
  const joined = parts.map(({ fold }) => fold).join('')
  if (kind === 'name')
    return (
      joined.length > 4 &&
      joined.length < 24 &&
      /^[a-z]+$/.test(joined) &&
      (parts.every(({ fold }) => fold.length > 1 && !(sortOf(fold) & WORD)) || (sortOf(joined) & (NAME | LISTED)) !== 0)
    )
  return (
    joined.length > 4 &&
    joined.length < 28 &&
    /\d.*\d/.test(joined) &&
    parts.every(({ fold }) => /\d/.test(fold) || fold.length < 5)
  )
}

/** How somebody says that what stands apart belongs together. */
const TOLD =
  /\bbegin(?:t|nend)? (?:met )?(?=[a-z]{0,4}\s?\d|nul|[a-z] )|\b(?:eerste|tweede|laatste|achterste|voorste|andere) (?:helft|deel|stuk|zes|vijf|vier|drie|twee|cijfers|letters)\b|\b(?:als laatste|daarvoor|ervoor|erachter|daarachter|achteraan|vooraan|voorop|erachteraan|aan elkaar|achter elkaar|plakken|achterstevoren|omgekeerd|andersom|van achter(?:en)? naar vo(?:or|ren)|letters eerst|cijfers eerst|lettertjes)\b|\bletters (?:zijn|ervoor|voor|achter|erachter|van|[a-z]{2}\b)|\bcijfers (?:zijn|ervoor|voor|achter|erachter|\d)|\b[a-z\d] (?:is|=) (?:een |de )?(?:\d|nul|een|twee|drie|[a-z])\b|\ben (?:dan|daarna) (?:komt |nog |het getal |(?:de )?cijfers )?(?=\d)|\bdeel (?:1|2|een|twee|drie)\b|\bom en om\b|\b(?:on)?even plek(?:ken)?\b|\bplek(?:ken)? \d|\b(?:in|per) (?:\d|twee|drie) (?:delen|stukken|stukjes|helften)\b|\btweetal(?:len)?\b|\bpaar omgedraaid\b|\bmidden (?=\d)|\b(?:begin|einde?|rest|kop|staart) (?:van|is)?\s?(?=[a-z]{0,3}[\d-]|[a-z]{2,12}\b)|\b(?:links|rechts) (?:daarvan|ervan)\b|\blandcode\b|\bloopt door\b|\bkom(?:t|en) (?:er|daar)?(?:voor|achter)\b|\bhoort (?:er|daar)(?:bij)?\b|\bvan rechts naar links\b|\bvooraan en dan\b/g
/** What is told so, by a word somewhere in the note. */
const TOLD_OF: readonly (readonly [RegExp, Kind])[] = [
  [/\b(?:b[s5]n\w*|burger ?service\w*|sofi\w*)\b/, 'bsn'],
  [/\b(?:tel\w*|mob(?:iel\w*)?|bel(?:t|len)?|06|app|whatsapp|gsm)\b/, 'phone'],
  [/\b(?:\w{0,8}postc\w*|pc)\b/, 'postcode'],
  [/\b(?:kente?k\w*|kent(?=\.)|nummerbord|nummerplaat|plaat|auto ?(?:nr|nummer))\b/, 'plate'],
  [
    /\b(?:paspoort\w*|pasp\w*|docnr|doc|verblijfs\w*|rijbewijs\w*|rijb|document\w*|id[- ]?(?:kaart|bewijs)|ppn|identiteits\w*)\b/,
    'document',
  ],
  [/\b(?:klan|klant|client|dossier|dos\.|zaak|zk\.|polis|kenmerk)\s?(?:t?nr|tnr|nummer|no|id)?\b/, 'case-number'],
  [/\b(?:iban|rek\w*|bank\w*|bunq|knab|triodos)\b/, 'iban'],
  [/\b(?:geb\w*|gbd|verjaar\w*)\b/, 'birth-date'],
]
const VEHICLE = /\b(?:\w{0,8}auto|bus|busje|scooter|motor|brommer|wagen|aanhanger)\b/
/** Signs on both sides of what says so; what it is may be said farther off. */
const NEAR = 160
/** Looked through once more only so much farther. */
const STEP = 16

/** "zn nr eerst 06 dan 4410 en dan als laatste 5729", "letters XD, cijfers ervoor 7411": whatever order and words, when enough is told. */
function assembled({ text, lower, tokens, numerals }: Reading, harmless: Spans): Found[] {
  const found: Found[] = []
  const numbersIn = between(numerals)
  const wordsIn = between(tokens)
  let until = -1
  for (const { start, end } of places(TOLD, lower)) {
    if (start < until) continue
    const before = lower.slice(Math.max(0, start - 2 * NEAR), start)
    const line = before.slice(before.lastIndexOf('\n') + 1) + lower.slice(start, end + NEAR).split('\n', 1)[0]!
    const from = Math.max(start - NEAR, start - before.length + before.lastIndexOf('\n') + 1)
    const to = Math.min(end + NEAR, start - (before.length - before.lastIndexOf('\n') - 1) + line.length)
    const kind = TOLD_OF.find(([pattern]) => pattern.test(line))?.[1]
    const parts = numbersIn(from, to).filter(
      ({ start, end, digits, spoken }) =>
        !harmless.covers(start, end) && !(spoken && digits === '1') && (kind === 'birth-date' || !/^20[0-3]\d$/.test(digits)),
    )
    const digits = digitsOf(parts)
    const letters = wordsIn(from, to).filter((token) => isLoose(token, text))
    const signs = digits.length + letters.reduce((sum, { fold }) => sum + fold.length, 0)
    const inOrder = [...parts, ...letters].sort((a, b) => a.start - b.start)
    const joined = inOrder.map((one) => ('digits' in one ? one.digits : one.fold)).join('')
    // "auto eerst KT dan 204 en als laatste X"
    const isPlate = kind === undefined && letters.length > 0 && VEHICLE.test(line) && SIDE_CODE.test(joined)
    const isEnough = isPlate
      ? true
      : kind !== undefined
        ? signs >= (kind === 'iban' ? 10 : 5)
        : (digits.length > 8 && /^(?:06|316)/.test(digits)) || (digits.length === 9 && passesElevenProof(digits))
    if (!isEnough || parts.length === 0 || parts.length + letters.length < 2) {
      until = end + STEP
      continue
    }
    const isLettered = isPlate || kind === 'plate' || kind === 'postcode' || kind === 'document'
    for (const one of isLettered ? [...parts, ...letters] : parts)
      found.push({ start: one.start, end: one.end, kind: kind ?? (isPlate ? 'plate' : digits.length === 9 ? 'bsn' : 'phone') })
    until = to
  }
  return found
}

/** "voor het apenstaartje komt gekke_gerritje", "na de /in/ komt jdb-kok-zwolle": where somebody is reached, and what goes before or after. */
const ONLINE_TOLD =
  /\b(?:ervoor|erachter|daarvoor|daarachter|daarna|(?:voor|na|achter) (?:het|de|t) (?:a+p\w*|@|schuine|slash|\/)|domein|provider|deel (?:1|2|een|twee)|eerste deel|begin|zonder eind|eind is|na de|laatste (?:stuk|deel))(?!\w)/g
const ONLINE =
  /\b(?:e?-?mail\w*|gmail\w*|a+p+e[ns]\w*st\w*|domein|hotmail|ziggo|kpnmail|outlook|linkedin|facebook|insta\w*|tiktok|github|youtube|pinterest|snap\w*|site|website)\b|@/
const MAIL = /mail|staart|@|domein|ziggo|outlook/
/** Of a name that nobody else would take: with a sign or digits in it. */
const HANDLE = /(?<![\w@/-])(?:www\.)?[a-z][a-z]+(?:(?:[._-][a-z0-9]{2,}){1,4}|\d{2,4})(?!\w)/g

function toldOnline({ lower }: Reading, sortOf: Words['sortOf']): Found[] {
  const found: Found[] = []
  let until = -1
  for (const { start, end } of places(ONLINE_TOLD, lower)) {
    if (start < until) continue
    const before = lower.slice(Math.max(0, start - NEAR), start)
    const from = start - before.length + before.lastIndexOf('\n') + 1
    const line = lower.slice(from, end + NEAR).split('\n', 1)[0]!
    if (!ONLINE.test(line)) continue
    const kind = MAIL.test(line) ? 'email' : 'link'
    for (const { start: at, end: past, match } of places(HANDLE, line))
      if (!match[0].split(/[._-]/).every((part) => (sortOf(part) & (WORD | PLACE | ORGANISATION)) !== 0))
        found.push({ start: from + at, end: from + past, kind })
    until = from + line.length
  }
  return found
}

/** Those that lie between two places; the first place never goes back. */
function between<Place extends { start: number; end: number }>(all: readonly Place[]) {
  let at = 0
  return (from: number, to: number): readonly Place[] => {
    while (at < all.length && all[at]!.start < from) at++
    let past = at
    while (past < all.length && all[past]!.end <= to) past++
    return all.slice(at, past)
  }
}

/** Letters that stand by themselves: "XD", "P". */
export const isLoose = ({ start, end, cap, isNumber }: Token, text: string, longest = 3) =>
  !isNumber && end - start <= longest && (cap === 'UPPER' || (end - start === 1 && cap === 'Title')) && text[start - 1] !== "'"

const NAMING = /^(?:naam|voornaam|achternaam|roepnaam|familienaam|heet|genaamd)$/
/** Words near it that are a name when they are turned round, or that nobody knows and that are said to be one; "JT 9203" is a postcode. */
function backwards(tokens: readonly Token[], cue: number, sortOf: Words['sortOf']): Found[] {
  const found: Found[] = []
  const near = tokens.slice(Math.max(0, cue - 6), cue + 5)
  const isNamed = near.some(({ fold }) => NAMING.test(fold))
  near.forEach(({ fold, start, end, isNumber }, nth) => {
    const next = near[nth + 1]
    if (!isNumber && fold.length === 2 && next?.isNumber && next.fold.length === 4 && next.start - end < 3)
      found.push({ start, end: next.end, kind: 'postcode' })
    if (isNumber || fold.length < 4 || sortOf(fold) !== 0) return
    const turned = [...fold].reverse().join('')
    if (isNamed || sortOf(turned) & (NAME | LISTED)) found.push({ start, end, kind: 'name' })
  })
  return found
}
