// How somebody is reached on the internet: mail addresses, accounts and handles; sites in sites.ts.
import type { PassedSite } from './paths.js'
import { findSites, isPublicHost, TLD } from './sites.js'
import { type Found, places, type Reading } from './text.js'
import { perWord, type Token } from './tokens.js'
import { GIVEN_WORD, LISTED, NAME, ORGANISATION, OTHER, PLACE, SURNAME_WORD, WORD, type Words } from './words.js'

const DOTS = new Set(['punt', 'dot', 'stip', 'pt', 'pnt'])
const DASHES = new Set(['onderstreep', 'streepje', 'underscore', 'laag', 'liggend', 'koppelteken', 'min', 'dash'])
/** "apenstaartje" is spelled in every way. */
const AT_WORD = /^(?:at|ad|arobase|slingeraap|aap|aapje|a+p+en?n?st\w{1,7})$/
const PROVIDERS = new Set(
  'gmail googlemail hotmail outlook live msn ziggo kpnmail kpn planet hetnet icloud me yahoo proton protonmail upcmail upc xs4all home telfort casema chello quicknet solcon online mail gmx web freeler tele2 zonnet wanadoo abv mailru yandex ukr wp onet interia kpnplanet ymail aol'.split(
    ' ',
  ),
)
/** A mailbox of a desk, not of somebody. */
const DESK_MAILBOX =
  /^(?:info|contact|balie|receptie|loket|werkcentrum|wsp|klantenservice|klantcontact|secretariaat|administratie|hr|personeelszaken|sollicitatie|sollicitaties|vacatures|werkenbij|jobs|recruitment|scholing|inschrijven|aanmelden|aanmelding|post|mail|gemeente|servicepunt|werkgeversservicepunt|leerwerkloket|studentenzaken|opleidingen|vacature|planning|inkoop|verkoop|sales|service|team|stage|stages|bbl|intake|cursus|cursussen|training|trainingen|zorg|wonen|werk|scholingsadvies|inloop|taalhuis|bibliotheek|leren|helpdesk|support|algemeen|klachten|klacht|bezwaar|bezwaren|meldingen|communicatie|privacy|fg|factuur|facturen|crediteuren|voorlichting|events|banenmarkt|opleiding|examens|examen|leerlingenzaken|studieadvies|zzp|ondernemers|subsidie|schuldhulp|inkomen|uitkering|participatie|wmo|jeugd|burgerzaken|servicedesk|servicecentrum|afspraak|afspraken|aanvraag|aanvragen|nieuwsbrief|welkom|inburgering|formulieren|mutaties|salaris|verzuim|bedrijven|ideal|noreply|no-reply)$/
/** Words of a desk's mailbox that go with others: "werk.inkomen", "sociaaldomein". */
const OF_A_DESK =
  /^(?:info|team|afd|afdeling|dienst|balie|loket|sociaal|domein|sociaaldomein|inkomen|inburger(?:en|ing)|werkgevers|werkgeversdienst|werkgeverschap|jongeren|jongerenloket|statushouders|nieuwkomers|schuldhulpverlening|participatie|wsp|uitkeringen|zorgloket|wijkteam|bedrijfsvoering|reintegratie|toeleiding|jobcoaching|leerlingzaken|stagebureau|trajecten|open|dag|webcare|redactie|bestuur|directie|management|kantoor|vestiging|regio|noord|oost|zuid|west|centrum)$/
/** No part is a name, an initial or what nobody knows. */
function isDeskMailbox(local: string, { sortOf, isCompound }: Words): boolean {
  if (DESK_MAILBOX.test(local)) return true
  const parts = local.split(/[._-]/)
  const isOfDesk = (part: string) =>
    DESK_MAILBOX.test(part) ||
    OF_A_DESK.test(part) ||
    (/^(?:werk|dienst|afdeling|team|loket|balie|gemeente|leerwerk|scholing)/.test(part) && isCompound(part))
  const isPlain = (part: string) =>
    part.length > 3 &&
    (sortOf(part) & (PLACE | ORGANISATION)) !== 0 &&
    !(sortOf(part) & (NAME | GIVEN_WORD | SURNAME_WORD | LISTED))
  return parts.length < 5 && parts.some(isOfDesk) && parts.every((part) => isOfDesk(part) || isPlain(part))
}

/** `passed`: the sites of organisations. */
export function findLinks(reading: Reading, words: Words): { found: Found[]; passed: PassedSite[] } {
  const { found, passed } = findSites(reading, words)
  return {
    found: [
      ...mailAddresses(reading, words),
      ...mailNames(reading),
      ...gluedMails(reading),
      ...otherSigns(reading),
      ...handles(reading, words),
      ...found,
      ...accounts(reading, words),
      ...looseAccounts(reading, words),
    ],
    passed,
  }
}

/** From each "@" or what stands for it to both sides. */
function mailAddresses(reading: Reading, words: Words): Found[] {
  const { text, tokens } = reading
  const found: Found[] = []
  let sign = text.indexOf('@')
  const isAt = perWord((fold) => AT_WORD.test(fold))
  tokens.forEach((token, index) => {
    // What stands between the token before and this one: "@", "(at)", or the word itself.
    const previous = tokens[index - 1]
    const isWord = isAt(token)
    if (sign >= 0 && previous !== undefined && sign < previous.end) sign = text.indexOf('@', previous.end)
    const isSign =
      sign >= 0 &&
      sign < token.start &&
      previous !== undefined &&
      token.start - previous.end < 8 &&
      /^[\s"'<([{._*-]{0,2}@{1,2}[\s)\]}._*-]{0,2}$/.test(text.slice(previous.end, token.start))
    // "jan(a)gmail.com"
    const isLetterA = token.fold === 'a' && /^[([{<]a[)\]}>]$/i.test(text.slice(token.start - 1, token.end + 1))
    if (!isWord && !isSign && !isLetterA) return
    const left = index - 1
    const right = isSign ? index : index + 1
    if (!tokens[left] || !tokens[right]) return
    const from = leftOf(reading, left)
    const { to, hasEnding, isProvider } = domainFrom(reading, right)
    // "cv @ printer": so somebody says where something is.
    const isApart = isSign && from === left && /^\s.*\s$/.test(text.slice(previous.end, token.start))
    // "info@werkcentrum": the desk's, whatever comes after.
    const isOfDesk = isSign && from === left && /^(?:info|contact|balie|receptie|loket)$/.test(tokens[left]!.fold)
    if (isOfDesk && to === right && words.sortOf(tokens[right]!.fold) & (WORD | ORGANISATION | PLACE)) return
    const isSure = (isSign && !isApart) || (token.fold.startsWith('a') && token.fold.length > 2)
    const isFenced =
      (isWord || isLetterA) && /^\s?[([{<"']$/.test(text.slice(Math.max(0, token.start - 2), token.start).trim() || ' ')
    if (isLetterA && !hasEnding) return
    if (!(hasEnding || isProvider || (isSure && !isHandle(text, tokens[left]!, token, isSign)) || isFenced)) return
    const local = text.slice(tokens[from]!.start, tokens[left]!.end).toLowerCase()
    const host = text.slice(tokens[right]!.start, tokens[to]!.end).toLowerCase()
    if (isSign && hasEnding && isDeskMailbox(local, words) && isPublicHost(host, words)) return
    found.push({ start: tokens[from]!.start, end: tokens[to]!.end, kind: 'email' })
  })
  return found
}

const INSTEAD = new RegExp(`[#&=*~] ?(?:${[...PROVIDERS].join('|')})\\.(?:com|nl|net|org)\\b`, 'g')
const GLUED = /[a-z0-9._-]{2,40}(?:apenstaartje?|apestaartje?|\(at\))[a-z0-9._-]{2,40}/g

/** "heftruckheld#gmail.com" */
function otherSigns({ lower }: Reading): Found[] {
  const found: Found[] = []
  for (const { start, end } of places(INSTEAD, lower)) {
    const local = /[a-z0-9][a-z0-9._-]{1,40} ?$/.exec(lower.slice(Math.max(0, start - 42), start))?.[0]
    if (local) found.push({ start: start - local.length, end, kind: 'email' })
  }
  return found
}

/** "gerritAPENSTAARTJExs4allPUNTnl" */
const gluedMails = ({ lower }: Reading): Found[] =>
  lower.includes('staart') ? [...places(GLUED, lower)].map(({ start, end }) => ({ start, end, kind: 'email' })) : []

/** "linkedin\\com\\in\\fatima", "linkedin/in/fatima": an account on a network, whatever stands between. */
const LOOSE_ACCOUNT =
  /\b(?:linkedin|facebook|fb|instagram|insta|tiktok|twitter|youtube|snapchat|telegram|github|pinterest)(\s?[.,|\\\s]\s?(?:com|nl|me|be))?\s?[\\/|]\s?((?:in|u|user|profile|pub|add|channel)\s?[\\/|]\s?)?@?([a-z0-9][\w.-]{2,60})/g

const looseAccounts = ({ lower }: Reading, { sortOf }: Words): Found[] =>
  [...places(LOOSE_ACCOUNT, lower)]
    .filter(
      ({ match: [, , marked, who = ''] }) =>
        marked || !who.split(/[._-]+/).every((part) => part === '' || sortOf(part) & (WORD | ORGANISATION | PLACE | OTHER)),
    )
    .filter(({ match: [whole] }) => !/[/](?:company|school|jobs|groups|pages)\b/.test(whole))
    .map(({ start, end }) => ({ start, end, kind: 'link' }))

const MAILBOXES = new Set('gmail hotmail outlook icloud yahoo ziggo kpnmail live protonmail hetnet'.split(' '))

/** "fatima.yilmaz op gmail", "gmail: fatima_85": half an address, and the provider. */
function mailNames({ text, tokens }: Reading): Found[] {
  const found: Found[] = []
  const isMailbox = perWord((fold) => MAILBOXES.has(fold))
  tokens.forEach((token, index) => {
    if (!isMailbox(token)) return
    const isTogether = (at: number) =>
      tokens[at] !== undefined &&
      tokens[at + 1] !== undefined &&
      /^[._-]?$/.test(text.slice(tokens[at]!.end, tokens[at + 1]!.start))
    // "jan.bakker gmail"
    const isBeside =
      index > 1 &&
      /^ \(?$/.test(text.slice(tokens[index - 1]!.end, token.start)) &&
      /^[._]$/.test(text.slice(tokens[index - 2]!.end, tokens[index - 1]!.start))
    const isAfter = isBeside || /^(?:op|bij|van|via|met)$/.test(tokens[index - 1]?.fold ?? '')
    const isBefore = text[token.end] === ':'
    // "gmail gebruiker bertvandermolen1959"
    const user = /^(?:gebruiker|gebruikersnaam|naam|account|adres)$/.test(tokens[index + 1]?.fold ?? '') ? index + 2 : -1
    if (user > 0 && tokens[user + 1]?.isNumber && tokens[user + 1]!.start === tokens[user]!.end && tokens[user]!.fold.length > 2)
      found.push({ start: tokens[user]!.start, end: tokens[user + 1]!.end, kind: 'email' })
    let from = isBeside ? index - 1 : isAfter ? index - 2 : index + 1
    let to = from
    if ((!isAfter && !isBefore) || !tokens[from]) return
    if (isAfter) while (from > 0 && to - from < 6 && isTogether(from - 1)) from--
    else while (to - from < 6 && isTogether(to)) to++
    if (from !== to) found.push({ start: tokens[from]!.start, end: tokens[to]!.end, kind: 'email' })
  })
  return found
}

/** "volg @fatima": a space before the sign and none after it. */
const isHandle = (text: string, before: Token, after: Token, isSign: boolean) => {
  const gap = text.slice(before.end, after.start)
  return isSign && /^\s/.test(gap) && !/\s$/.test(gap)
}

function leftOf({ text, tokens }: Reading, last: number): number {
  let from = last
  for (let steps = 0; from > 0 && steps < 16; steps++) {
    const before = tokens[from - 1]!
    const gap = text.slice(before.end, tokens[from]!.start)
    if (/^[._+\-%']?$/.test(gap) || isLetterByLetter(before, tokens[from]!, gap)) from--
    else if (isJoint(before) && from > 1 && gap.length < 4) from -= 2
    else if (isJoint(tokens[from]!) && gap.length < 4) from--
    else if (/^ ?[._-] ?$/.test(gap) && before.cap === 'lower') from--
    else break
  }
  return Math.max(0, from)
}

/** "f a t i m a @ g m a i l". */
const isLetterByLetter = (a: Token, b: Token, gap: string) =>
  /^ ?\.? ?$/.test(gap) && a.end - a.start === 1 && b.end - b.start === 1

const isJoint = ({ fold }: Token) => DOTS.has(fold) || DASHES.has(fold)

function domainFrom({ text, tokens }: Reading, first: number): { to: number; hasEnding: boolean; isProvider: boolean } {
  let to = first
  let hasEnding = false
  // "g mail" is one, too.
  const isSplit = tokens[first + 1] !== undefined && PROVIDERS.has(tokens[first]!.fold + tokens[first + 1]!.fold)
  const isProvider = isSplit || PROVIDERS.has(tokens[first]!.fold)
  if (isSplit) to++
  for (let steps = 0; tokens[to + 1] && steps < 16; steps++) {
    const next = tokens[to + 1]!
    const gap = text.slice(tokens[to]!.end, next.start)
    const isDot = /^-?\s?[([{]?[.,][)\]}]?\s?$/.test(gap) && !(gap === ', ' && !/^(?:nl|com|org|net|eu|be)$/.test(next.fold))
    if (DOTS.has(next.fold) && gap.length < 4 && tokens[to + 2]) {
      to += 2
      hasEnding ||= TLD.test(tokens[to]!.fold)
    } else if (isDot && (gap.length === 1 || TLD.test(next.fold))) {
      to++
      hasEnding ||= TLD.test(next.fold)
    } else if (/^[-_]$/.test(gap) || gap === '' || isLetterByLetter(tokens[to]!, next, gap)) to++
    else if (isProvider && to === first && TLD.test(next.fold) && gap === ' ') {
      to++
      hasEnding = true
    } else break
  }
  return { to, hasEnding, isProvider }
}

/** ".kraanvogel.12": nothing else begins so. */
const DOTTED = /[._](?<=\s.)[a-z][a-z0-9]{2,20}[._][a-z0-9._]{1,20}/g
const HANDLE = /@(?<![\w.@].)(?=[a-z0-9._]{0,29}[a-z])[a-z0-9._]{2,30}/g

function handles({ lower }: Reading, { sortOf }: Words): Found[] {
  const found: Found[] = []
  for (const { start, end } of places(DOTTED, lower)) found.push({ start, end, kind: 'link' })
  for (const { start, end, match } of places(HANDLE, lower))
    if (
      !match[0]
        .slice(1)
        .split(/[._]/)
        .some((part) => sortOf(part) & (ORGANISATION | PLACE))
    )
      found.push({ start, end, kind: 'link' })
  return found
}

const ACCOUNT =
  /\b(?:insta|instagram|ig|snap|snapnaam|vintednaam|vinted|snapchat|tiktok|twitter|facebook|fb|telegram|linkedin|skype|discord|messenger|twitch|gebruikersnaam|username|inlognaam|accountnaam|usernaam|gamertag|profielnaam)\b/g
const LEADS = new Set(
  'at a t is account naam als heet onder via handle gebruikersnaam username profiel profielnaam op te vinden de het van haar zijn mijn mij me ze hij zij'.split(
    ' ',
  ),
)

/** "insta: fatima_88": a network, and then what is no word. */
function accounts(reading: Reading, { sortOf }: Words): Found[] {
  const { lower, text, tokens } = reading
  const found: Found[] = []
  let at = 0
  for (const { start, end, match } of places(ACCOUNT, lower)) {
    while (at < tokens.length && tokens[at]!.start < end) at++
    let next = at
    let isLed = /^\s?[:=]/.test(lower.slice(end, end + 2)) || /naam$/.test(match[0])
    while (next < at + 4 && tokens[next] && LEADS.has(tokens[next]!.fold))
      isLed = /^(?:als|heet|naam|onder|account|handle|gebruikersnaam|username|is)$/.test(tokens[next++]!.fold) || isLed
    const first = tokens[next]
    if (!first || first.start - end > 40 || lower.slice(end, first.start).includes('\n')) continue
    let last = next
    let isJoined = false
    while (tokens[last + 1] && last < next + 12) {
      if (/^(?:|[._]{1,2})$/.test(text.slice(tokens[last]!.end, tokens[last + 1]!.start))) last++
      else if (/^(?:underscore|streepje|punt|liggend|hekje)$/.test(tokens[last + 1]!.fold) && tokens[last + 2]) {
        last += 2
        isJoined = true
      } else break
    }
    const written = text.slice(first.start, tokens[last]!.end)
    const isMixed = isJoined || /[._]/.test(written) || (/\d/.test(written) && /[a-z]/i.test(written))
    const isUnknown = !first.isNumber && !(sortOf(first.fold) & (WORD | ORGANISATION | PLACE | OTHER))
    if (written.length > 3 && (isMixed || (isLed && isUnknown)) && start < first.start && !/^(?:com|nl)$/.test(first.fold))
      found.push({ start: first.start, end: tokens[last]!.end, kind: 'link' })
  }
  return found
}
