// A value that somebody names, and whose signs stand near in their order, whatever is said between them: "haar kenteken kreeg ik deels, TRX, en
// buiten gelezen ook de 73 en de H". Only what has the form of a whole one is found, so a text that merely speaks of one passes.
import { isLoose } from './halves.js'
import type { Kind } from './kinds.js'
import type { Numeral } from './numerals.js'
import { SIDE_CODE } from './plates.js'
import type { Found, Reading, Spans } from './text.js'
import { perWord, type Token } from './tokens.js'

type Form = Readonly<{ kind: Kind; called: RegExp; whole: RegExp }>

const FORMS: readonly Form[] = [
  { kind: 'bsn', called: /^(?:b[s5]n|burger|sofi)/, whole: /^\d{9}$/ },
  {
    kind: 'postcode',
    called: /postc|letter/,
    whole: /^(?:[1-9]\d{3}|(?=..[1-9]\d{3}$))(?!ww|zw|pw|bv|nv|hr|nl|eu|ov|it|vo|ok|tv|pc|cv|wo|ss|sa|sd)[a-z]{2}(?:\d{4})?$/,
  },
  { kind: 'plate', called: /^(?:kente|kent$|nummerbord|nummerplaat|letter)/, whole: SIDE_CODE },
  {
    kind: 'document',
    called: /^(?:paspoort|rijbewijs|verblijfs|identiteits|id)/,
    whole: /^(?=(?:[a-z]*\d){3})(?:[a-z\d]{9}|\d{10})$/,
  },
  { kind: 'iban', called: /^(?:iban|rekening|nl)/, whole: /^nl\d{2}[a-z]{4}\d{10}$/ },
  { kind: 'phone', called: /^(?:bel|draai|tel|mobiel)/, whole: /^0[1-9]\d{8}$/ },
  {
    kind: 'case-number',
    called: /^(?:zaak|client|klant|dossier)/,
    whole: /^[a-z]{0,3}\d{6,10}(?:[a-z]{2}\d{2})?$/,
  },
]
const CALLED =
  /^(?:b[s5]n\w{0,6}|burgerservice\w*|sofi\w*|kenteken\w*|kent|nummerbord|nummerplaat|\w{0,8}postcode\w{0,7}|letters?|letterparen?|paspoort\w*|rijbewijs\w*|verblijfs\w+|identiteits\w+|id|idkaart|idbewijs|iban|rekening\w*|nl|bel|belt|bellen|draait|telefoon\w*|mobiel|(?:zaak|client|klant|dossier)(?:nummer|nr))$/

/** UTF-16 units from what it is called to its first sign, and from one sign to the next. */
const FARTHEST = 120
const GAP = 64
/** Letters together, at most: a bank has four. */
const LONGEST_GROUP = 4
/** More signs no value is told in. */
const MOST_SIGNS = 12
/** Names of what was just looked at are not looked at again so soon. */
const STEP = 20

/** "met nog zes cijfers" */
const COUNTS = /^ (?:cijfers|letters|tekens)/

type Sign = Readonly<{ start: number; end: number; text: string }>

export function findScattered({ text, lower, tokens, numerals }: Reading, harmless: Spans): Found[] {
  const signs = signsOf(text, tokens, numerals, harmless)
  const found: Found[] = []
  let at = 0
  let last = -STEP
  for (const { start, end, fold } of tokens.filter(perWord((fold) => CALLED.test(fold)))) {
    if (start < last + STEP) continue
    last = start
    while (at < signs.length && signs[at]!.start < start - FARTHEST) at++
    for (const { kind, called, whole } of FORMS) {
      const told = called.test(fold) && wholeOf(signs, at, end + FARTHEST, whole, lower)
      if (!told) continue
      for (const one of told) found.push({ start: one.start, end: one.end, kind })
      break
    }
  }
  return found
}

/** The first row of signs, two at least and somewhere a word between them, that is a whole one. */
function wholeOf(
  signs: readonly Sign[],
  first: number,
  until: number,
  whole: RegExp,
  lower: string,
): readonly Sign[] | undefined {
  for (let from = first; from < signs.length && signs[from]!.start < until; from++) {
    let joined = ''
    let isApart = false
    for (let to = from; to < signs.length && to < from + MOST_SIGNS; to++) {
      const { start, text } = signs[to]!
      const gap = to > from ? lower.slice(signs[to - 1]!.end, start) : ''
      joined += text
      if (gap.length > GAP || gap.includes('\n') || joined.length > 20) break
      isApart ||= /[a-z]{2}/.test(gap)
      if (isApart && whole.test(joined)) return signs.slice(from, to + 1)
    }
  }
  return undefined
}

/** Digits that nothing explains, and capitals that stand by themselves. */
function signsOf(text: string, tokens: readonly Token[], numerals: readonly Numeral[], harmless: Spans): Sign[] {
  const digits = numerals
    .filter(
      ({ start, end, digits, spoken }) =>
        !harmless.covers(start, end) &&
        !(spoken && (digits === '1' || COUNTS.test(text.slice(end, end + 10)))) &&
        !/^(?:19|20)\d\d$/.test(digits),
    )
    .map(({ start, end, digits }) => ({ start, end, text: digits }))
  const letters = tokens
    .filter((token) => isLoose(token, text, LONGEST_GROUP))
    .map(({ start, end, fold }) => ({ start, end, text: fold }))
  return [...digits, ...letters].sort((a, b) => a.start - b.start)
}
