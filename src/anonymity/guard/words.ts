// The words the guard knows: what is Dutch, a place, an organisation or the name of a person. Read once, when first asked (words/ORIGIN.md).
import { readFileSync } from 'node:fs'
import type { Languages } from './foreign.js'
import { likeness } from './likeness.js'
import { normalise } from './normalise.js'
import { spokenNumber } from './numerals.js'
import { tokensOf } from './tokens.js'
import { wordList } from './word-list.js'

/** What a word can be; several at once. */
export const NAME = 1
/** A given name, or a surname, that is an ordinary word, too. */
export const GIVEN_WORD = 2
export const SURNAME_WORD = 4
/** A short East Asian name: it needs company. */
export const SYLLABLE = 8
/** A name in the dictionary, nearly always a Dutch surname. */
export const LISTED = 16
export const PLACE = 32
export const ORGANISATION = 64
export const WORD = 128
/** Another proper noun of the dictionary. */
export const OTHER = 256

export type Words = Readonly<{
  /** Bits of the above; 0 for a word that nobody knows. */
  sortOf: (fold: string) => number
  /** Is it two or three known words in one? */
  isCompound: (fold: string) => boolean
  /** Is it one slip of the finger away from a word, or from a name? */
  isNearWord: (fold: string) => boolean
  /** ... from one of the words that are typed most? */
  isNearCommon: (fold: string) => boolean
  /** ... from a place or an organisation that has six letters or more? */
  isNearThing: (fold: string) => boolean
  isNearName: (fold: string) => boolean
  /** Is it a word that somebody broke off, "basisond", or letters that nobody could say, "kpoa"? */
  isAbbreviation: (fold: string) => boolean
  /** How much more the letters look like a name than like Dutch; above 0 is a name. */
  looksLikeName: (fold: string) => number
  /** Names of places and organisations of several words, by their first and second. */
  phrases: ReadonlyMap<string, ReadonlyMap<string, readonly (readonly string[])[]>>
  /** The middle of the addresses of known sites: "uwv" of www.uwv.nl. */
  sites: ReadonlySet<string>
  languages: Languages
}>

const FOLDER = new URL('../../../src/anonymity/guard/words/', import.meta.url)
const REFERENCE = new URL('../../../prisma/reference/', import.meta.url)

let loaded: Words | undefined
/** The lists never change while a process runs. */
export function words(): Words {
  loaded ??= load()
  return loaded
}

function load(): Words {
  const read = (file: string) => readFileSync(new URL(file, FOLDER))
  const files = { dutch: read('dutch.txt'), listed: read('dutch-names.txt'), other: read('other-names.txt') }
  const dutch = wordList(files.dutch)
  const listed = wordList(files.listed)
  const other = wordList(files.other)

  const phrases = new Map<string, Map<string, string[][]>>()
  const readEntries = (text: string, into: Set<string>) => {
    for (const entry of text.split(/[,\n]/)) {
      const parts = tokensOf(entry).map(({ fold }) => fold)
      const [first, second] = parts
      if (first === undefined) continue
      if (second === undefined) {
        into.add(first)
        continue
      }
      const begun = phrases.get(first) ?? new Map<string, string[][]>()
      phrases.set(first, begun.set(second, [...(begun.get(second) ?? []), parts]))
    }
  }
  const places = new Set<string>()
  const organisations = new Set<string>()
  for (const { text } of [...sections('places.txt'), ...sections('towns.txt')]) readEntries(text, places)
  const common = new Set<string>()
  const jargon = new Set<string>()
  const shortForms = new Set<string>()
  for (const { title, text } of sections('work.txt')) {
    if (title.startsWith('Short')) readEntries(text, shortForms)
    readEntries(
      text,
      title.startsWith('What is typed most') ? common : /^(?:Short|Words|English|Health)/.test(title) ? jargon : organisations,
    )
  }
  readEntries([...municipalities()].join('\n'), places)

  const isKnown = (word: string) => dutch.has(word) || jargon.has(word) || organisations.has(word) || places.has(word)
  const isPart = (word: string) => word.length > 3 && isKnown(word)
  const isCompound = (word: string, depth = 2): boolean => {
    if (word.length > LONGEST_COMPOUND) return false
    const short = SHORT_HEAD.exec(word)
    const tail = short && word.slice(short[0].length)
    if (tail && (isPart(tail) || (depth > 1 && tail.length > 7 && isCompound(tail, 1)))) return true
    if (word.length > 7 && dutch.has(word.slice(0, 3)) && isPart(word.slice(3))) return true
    if (SHORT_PAIR.test(word)) return true
    if (/..(?:nrs?|opl)$/.test(word) && isKnown(word.replace(/(?:nrs?|opl)$/, ''))) return true
    for (let at = 4; at <= word.length - 4; at++) {
      const tail = word.slice(at)
      if (!isPart(tail) && !(depth > 1 && tail.length > 7 && isCompound(tail, depth - 1))) continue
      const head = word.slice(0, at)
      if (isPart(head) || (at > 4 && head.endsWith('s') && isPart(head.slice(0, -1)))) return true
    }
    return false
  }
  const ambiguous = sections('ambiguous.txt')
  const [mostly, given, surnames] = (['mostly', 'given', 'surname'] as const).map(
    (kind) => new Set(folded(ambiguous.find(({ title }) => title.startsWith(kind))!.text)),
  ) as unknown as readonly [Names, Names, Names]
  const names = new Map<string, number>()
  const note = (name: string, sort: number) => names.set(name, (names.get(name) ?? 0) | sort)
  for (const { title, text } of sections('names.txt')) {
    const isSyllabic = /Chinese|Vietnamese|Korean/.test(title)
    for (const name of folded(text)) {
      const isAmbiguous = given.has(name) || surnames.has(name)
      const isWord =
        dutch.has(name) ||
        jargon.has(name) ||
        places.has(name) ||
        (name.length < 4 && organisations.has(name)) ||
        (isAmbiguous && isCompound(name))
      const isMostlyName = mostly.has(name) && !isAmbiguous
      note(name, isSyllabic && name.length <= 4 ? SYLLABLE : !isWord || isMostlyName ? NAME : GIVEN_WORD)
    }
  }
  for (const name of mostly) if (!given.has(name) && !surnames.has(name)) note(name, NAME)
  for (const name of given) if (dutch.has(name) || places.has(name) || !names.has(name)) note(name, GIVEN_WORD)
  for (const name of surnames) if (dutch.has(name) || places.has(name)) note(name, SURNAME_WORD)

  const written = new Map(names)
  for (const [list, sort] of [[places, PLACE] as const, [organisations, ORGANISATION] as const, [jargon, WORD] as const])
    for (const word of list) written.set(word, (written.get(word) ?? 0) | sort)
  const sortOf = (word: string) =>
    (written.get(word) ?? 0) |
    (dutch.has(word) || spokenNumber(word) !== undefined ? WORD : 0) |
    (listed.has(word) ? LISTED : 0) |
    (other.has(word) ? OTHER : 0)

  const strong = bytesOf([...names.keys()].filter((name) => name.length > 2 && (names.get(name)! & NAME) !== 0))
  const namesNear = wordList(strong)
  const commonNear = wordList(bytesOf([...common].filter((word) => word.length > 3)))
  const placesNear = wordList(bytesOf([...places, ...organisations, ...jargon].filter((word) => word.length > 3)))
  const isNearWord = (word: string): boolean => {
    if (word.length > LONGEST_COMPOUND) return false
    if (dutch.isNear(word) || placesNear.isNear(word)) return true
    // Of two words in one, one may be misspelled.
    for (let at = 4; at <= word.length - 4; at++) {
      const tail = word.slice(at)
      const head = word.slice(0, at)
      const stem = head.endsWith('s') ? head.slice(0, -1) : head
      if ((isPart(head) || isPart(stem)) && tail.length > 4 && dutch.isNear(tail)) return true
      if (isPart(tail) && head.length > 4 && dutch.isNear(head)) return true
    }
    return false
  }
  const spoken = sections('languages.txt').map(({ title, text }) => ({ title, words: tokensOf(text).map(({ fold }) => fold) }))
  const foreign = (fits: (title: string) => boolean) =>
    new Set(spoken.filter(({ title }) => fits(title)).flatMap((part) => part.words))
  /** A short form of the desk, or somebody's name, tells nothing of a language. */
  const isDutch = (word: string) => common.has(word) || dutch.has(word) || shortForms.has(word) || names.has(word)
  const languages = {
    words: new Set([...foreign((title) => !title.startsWith('Names'))].filter((word) => !isDutch(word))),
    german: foreign((title) => title === 'German'),
    dialect: foreign((title) => /^(?:Frisian|Eastern)/.test(title)),
    all: foreign((title) => !title.startsWith('Names')),
    names: foreign((title) => title.startsWith('Names')),
  }
  const { like, isSayable } = likeness(Buffer.concat([strong, files.listed]), files.dutch)
  /** One breaks off after a consonant, before the next vowel. */
  const isBrokenOff = (part: string) =>
    /[^aeiouy]$/.test(part) && ['a', 'e', 'i', 'o', 'u'].some((vowel) => dutch.begins(part + vowel))
  const isAbbreviation = (word: string): boolean => {
    if (word.length < 4 || word.length > LONGEST_COMPOUND) return false
    if (word.length < 6 && !isSayable(word)) return true
    if ((word.length > 4 || /[^aeiouy]{2}$/.test(word)) && isBrokenOff(word)) return true
    for (let at = 4; at <= word.length - 3; at++) if (isPart(word.slice(0, at)) && isBrokenOff(word.slice(at))) return true
    return false
  }
  return {
    sortOf,
    isCompound,
    isAbbreviation,
    isNearWord,
    isNearCommon: (word) => commonNear.isNear(word),
    isNearThing: (word) => word.length > 5 && placesNear.isNear(word),
    isNearName: (word) => namesNear.isNear(word),
    looksLikeName: like,
    phrases,
    languages,
    sites: new Set(sections('sites.txt').flatMap(({ text }) => text.split(/\s+/).filter(Boolean))),
  }
}

/** The same, remembering its answers while one text is read: words come back. Nothing is kept after that. */
export function remembering(words: Words): Words {
  const remember = <Answer>(ask: (fold: string) => Answer) => {
    const met = new Map<string, Answer>()
    return (fold: string): Answer => {
      const known = met.get(fold)
      if (known !== undefined) return known
      const answer = ask(fold)
      met.set(fold, answer)
      return answer
    }
  }
  return {
    ...words,
    sortOf: remember(words.sortOf),
    isCompound: remember(words.isCompound),
    isAbbreviation: remember(words.isAbbreviation),
    isNearName: remember(words.isNearName),
    isNearThing: remember(words.isNearThing),
    looksLikeName: remember(words.looksLikeName),
  }
}

/** Nobody types a longer word at a desk. */
const LONGEST_COMPOUND = 40
/** Words of three letters that begin another. */
const SHORT_HEAD =
  /^(?:las|hef|rij|vak|kop|job|zzp|mbo|hbo|ict|web|pop|ggz|vso|vog|app|top|dag|les|uwv|cao|mee|bbl|bol|zij|weg|eco|eur|bio|uit|bij|aan)(?=.{4})/
/** Two short words of the field in one: "jobdag", "taalles". */
const SHORT_PAIR =
  /^(?:job|wsp|vca|bbl|bol|mbo|hbo|ict|zzp|ggz|lwl|roc|uwv|taal|stage|doe|kijk)(?:dag|les|bus|pas|map|fee|app|test|week|bon)s?$/

type Names = ReadonlySet<string>

const bytesOf = (list: readonly string[]) =>
  Buffer.from(
    `${list
      .filter((word) => /^[a-z]+$/.test(word))
      .sort()
      .join('\n')}\n`,
  )
const folded = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z\s]/g, '')
    .split(/\s+/)
    .filter((name) => name.length > 1)

/** A hand-written list, read as a text is read: lines that start with # are headings. */
function sections(file: string): { title: string; text: string }[] {
  const { text } = normalise(readFileSync(new URL(file, FOLDER), 'utf8'))
  return text
    .split(/^# /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n')
      return { title: section.slice(0, end), text: section.slice(end + 1) }
    })
}

function* municipalities(): Generator<string> {
  for (const file of ['gemeenten-2026.csv', 'arbeidsmarktregios-2026.csv'])
    for (const line of normalise(readFileSync(new URL(file, REFERENCE), 'utf8'))
      .text.trim()
      .split('\n')
      .slice(1)) {
      const [, quoted, bare] = /^\w+,(?:"([^"]+)"|([^,]+))/.exec(line) ?? []
      yield (quoted ?? bare)!.replaceAll(',', ' ')
    }
}
