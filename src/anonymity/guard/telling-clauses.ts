// A clause that tells who somebody is: what is rare about a person, and the place, the event or the relative by which others know him.
import { howOldOrManyFold, MARKS_OF_DEEDS, whatNobodyElseIs, whoDidIt } from './telling-deeds.js'
import { ofAPlace, onWhatStage, whereOneIsSeen, whoIsIll, whoLeads, whoseHeir } from './telling-roles.js'
import { type Range, RULES } from './telling-rules.js'
import * as tell from './telling-words.js'
import type { Found, Reading } from './text.js'
import { perWord, type Token } from './tokens.js'
import { ORGANISATION, OTHER, PLACE, type Words } from './words.js'

const LONGEST = 40
const OF = /^(?:van|v|vd|vh)$/
const ALL_RULES = [...RULES, ofAPlace, whoLeads, whoseHeir, whereOneIsSeen, whoIsIll, onWhatStage]
/** These tell nothing without a place. */
const RULES_OF_PLACES = [whoDidIt, howOldOrManyFold, whatNobodyElseIs]
const DEEDS = new RegExp([...MARKS_OF_DEEDS, tell.RARE_TRADE].map(({ source }) => source).join('|'))

const IS_REASON = 1
const IS_OF = 2
/** What one word tells of the clause that it stands in. */
const markOf = (fold: string): number =>
  tell.isReason(fold) || (fold.length < 24 && DEEDS.test(fold)) || /^(?:oud|ex|voormalig)$/.test(fold)
    ? IS_REASON
    : OF.test(fold)
      ? IS_OF
      : 0

export function findTellingClauses({ tokens, text }: Reading, { sortOf }: Words): Found[] {
  const found: Found[] = []
  const marked = perWord(markOf)
  const persons = new Map<string, boolean>()
  const isPerson = (fold: string) => {
    const known = persons.get(fold) ?? tell.isPerson(fold)
    persons.set(fold, known)
    return known
  }
  let from = 0
  let hasReason = false
  for (let index = 0; index <= tokens.length; index++) {
    const token = tokens[index]
    if (index > from && (token === undefined || token.first || index - from === LONGEST)) {
      const place = hasReason ? tellingIn(tokens.slice(from, index), text, sortOf, isPerson) : undefined
      if (place) found.push({ start: tokens[from + place[0]]!.start, end: tokens[from + place[1]]!.end, kind: 'description' })
      from = index
      hasReason = false
    }
    if (token === undefined || hasReason) continue
    const mark = marked(token)
    // "van 2.18 m"; "de kapster van marken": what she is tells nothing before "van" does.
    const isSize = token.fold === '2' && /^(?:\d\d|m|meter|mtr)$/.test(tokens[index + 1]?.fold ?? '')
    const isAge = token.isNumber && token.fold.length < 4 && Number(token.fold) > 94 && Number(token.fold) < 116
    const before = mark === IS_OF && index > from ? tokens[index - 1]!.fold : undefined
    hasReason =
      mark === IS_REASON ||
      isSize ||
      isAge ||
      (before !== undefined && (isPerson(before) || /^(?:moeder|vader|oma|opa)$/.test(before)))
  }
  return found
}

/** The rules, one after the other; the first that fits tells. */
function tellingIn(
  clause: readonly Token[],
  text: string,
  sortOf: Words['sortOf'],
  isPerson: (fold: string) => boolean,
): Range | undefined {
  if (clause.length < 3) return undefined
  const folds = clause.map(({ fold }) => fold)
  /** Index of the place or the group that is named in the next words, or -1. */
  const placeAfter = (index: number, within: number): number => {
    for (let at = index + 1; at <= index + within && at < clause.length; at++) {
      const { fold, cap, isNumber } = clause[at]!
      if (isNumber) continue
      const previous = folds[at - 1]!
      const isIn =
        tell.PREPOSITIONS.has(previous) ||
        (/^(?:de|het|een|onze|hele|heel|fc|sc|vv|dorp|gemeente)$/.test(previous) && at > index + 1) ||
        /^(?:de|het|onze)$/.test(folds[at - 2] ?? '')
      // "in nieuw-buinen", "in sint annaland"
      const isSecond =
        /^(?:nieuw|oud|sint|st|den|de|lage|hoge|klein|groot|nieuwe|oude|noord|zuid)$/.test(previous) &&
        /^(?:in|uit|te)$/.test(folds[at - 2] ?? '')
      const isUnknownTown =
        (isSecond || /^(?:in|uit|te)$/.test(previous)) && fold.length > 3 && ((sortOf(fold) & OTHER) !== 0 || sortOf(fold) === 0)
      if (
        sortOf(fold) & PLACE ||
        isUnknownTown ||
        (isIn && (tell.GROUPS.has(fold) || cap === 'Title' || (sortOf(fold) & ORGANISATION) !== 0))
      )
        return at
    }
    return -1
  }
  const isTown = (at: number) =>
    at > 0 && ((sortOf(folds[at]!) & PLACE) !== 0 || (/^(?:in|uit|te|op)$/.test(folds[at - 1]!) && !tell.GROUPS.has(folds[at]!)))
  for (const rule of ALL_RULES) {
    const range = rule({ clause, folds, text, placeAfter, isTown, isPerson })
    if (range) return range
  }
  if (placeAfter(0, clause.length) < 0) return undefined
  for (const rule of RULES_OF_PLACES) {
    const range = rule({ clause, folds, text, placeAfter, isTown, isPerson })
    if (range) return range
  }
  return undefined
}
