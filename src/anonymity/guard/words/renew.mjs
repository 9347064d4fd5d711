// Makes dutch.txt, dutch-names.txt and other-names.txt anew from the Hunspell dictionary of OpenTaal (see ORIGIN.md), by hand, never in a build:
// node src/anonymity/guard/words/renew.mjs FOLDER-WITH-index.aff-AND-index.dic
import { readFileSync, writeFileSync } from 'node:fs'

const from = (name) => readFileSync(`${process.argv[2]}/${name}`, 'utf8').split('\n')
const to = (name, words) => writeFileSync(new URL(name, import.meta.url), `${[...words].sort().join('\n')}\n`)
const fold = (word) =>
  word
    .replace(/ĳ/g, 'ij')
    .replace(/Ĳ/g, 'IJ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()

/** Two letters make a flag; a flag is a list of endings or beginnings. */
const rules = new Map()
for (const line of from('index.aff')) {
  const [kind, flag, strip, add, condition = '.'] = line.split(/\s+/)
  if (!/^[SP]FX$/.test(kind) || add === undefined || /^\d+$/.test(add)) continue
  const isPrefix = kind === 'PFX'
  const rule = { isPrefix, strip: strip === '0' ? '' : strip, add: add.split('/')[0].replace(/^0$/, '') }
  if (condition !== '.' && !condition.startsWith('ts:')) rule.fits = new RegExp(isPrefix ? `^${condition}` : `${condition}$`)
  rules.set(flag, [...(rules.get(flag) ?? []), rule])
}

/** The word with everything its flags let it become. */
function forms(word, flags) {
  const fitting = flags.flatMap((flag) => rules.get(flag) ?? []).filter(({ fits }) => !fits || fits.test(word))
  const endings = fitting.filter(({ isPrefix, strip }) => !isPrefix && word.endsWith(strip))
  const found = [word, ...endings.map(({ strip, add }) => word.slice(0, word.length - strip.length) + add)]
  const beginnings = fitting.filter(({ isPrefix }) => isPrefix)
  return [...found, ...beginnings.flatMap(({ add }) => found.map((form) => add + form))]
}

const words = new Set()
const names = new Set()
const others = new Set()
for (const line of from('index.dic').slice(1)) {
  const [word = '', marks = ''] = line.split('\t')[0].split('/')
  const flags = marks.match(/../g) ?? []
  const isWrong = flags.includes('Fw')
  if (!/^[\p{L}'’-]+$/u.test(word) || isWrong) continue
  if (/^\p{Lu}/u.test(word)) {
    // PN: has a genitive, as people have; PI, PJ and PK: has inhabitants, as places have; Ll and Lr: is a language or a country.
    const isPlace = flags.some((flag) => /^(PI|PJ|PK|Ll|Lr|GL)$/.test(flag))
    const isPlain = fold(word).length > 2 && !/[-'’]/.test(word) && word !== word.toUpperCase()
    if (isPlain) (flags.includes('PN') && !isPlace ? names : others).add(fold(word))
  } else
    for (const form of forms(word, flags)) {
      const folded = fold(form)
      if (folded.length > 1) words.add(folded)
    }
}

// What is two known words, or two with an s between, is not kept: words.ts finds it again the same way.
const kept = new Set()
const isTwo = (word) => {
  for (let at = 4; at <= word.length - 4; at++) {
    const head = word.slice(0, at)
    if (!kept.has(word.slice(at))) continue
    if (kept.has(head) || (at > 4 && head.endsWith('s') && kept.has(head.slice(0, -1)))) return true
  }
  return false
}
for (const word of [...words].sort((a, b) => a.length - b.length)) if (!isTwo(word)) kept.add(word)

to('dutch.txt', kept)
to('dutch-names.txt', names)
to(
  'other-names.txt',
  [...others].filter((name) => !words.has(name) && !names.has(name)),
)
