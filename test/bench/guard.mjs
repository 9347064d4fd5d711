// How good and how fast is the guard of free text? Recall by kind and by origin of names, ordinary notes refused, with intervals; time, room and
// growth. Prints; asserts nothing (test/anonymity does). Run: npm run bench:guard [-- FILE of marked notes]
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { checkText } from '#app/anonymity/guard/check.js'
import { measure, notesIn } from '#app/anonymity/guard/measure.js'
import { words } from '#app/anonymity/guard/words.js'

const NOTES = new URL('../anonymity/guard/notes/', import.meta.url)
const WORDS = new URL('../../src/anonymity/guard/words/', import.meta.url)
const percent = (part) => `${(100 * part).toFixed(1)} %`
const shown = ({ hits, of, low, high }) => {
  const counted = `${hits} of ${of}`.padEnd(13)
  return `${counted}${percent(hits / of).padStart(8)}   (${percent(low)} - ${percent(high)})`
}
const table = (title, shares) => {
  if (shares.size === 0) return
  console.log(`\n${title}`)
  const total = [...shares.values()].reduce((sum, { hits, of }) => ({ hits: sum.hits + hits, of: sum.of + of }), {
    hits: 0,
    of: 0,
  })
  for (const [name, share] of [...shares].sort()) console.log(`  ${name.padEnd(16)}${shown(share)}`)
  console.log(`  ${'all'.padEnd(16)}${total.hits} of ${total.of}, ${percent(total.hits / total.of)}`)
}

const before = process.memoryUsage()
const cpu = process.cpuUsage()
const began = performance.now()
words()
const took = performance.now() - began
const used = process.cpuUsage(cpu)
const after = process.memoryUsage()
console.log(
  `The word lists are read in ${took.toFixed(0)} ms (${((used.user + used.system) / 1000).toFixed(0)} ms of work); memory grows by ${((after.rss - before.rss) / 1e6).toFixed(0)} MB.`,
)

console.log(`The words are ${hashOfWords()}.`)

const [given] = process.argv.slice(2)
for (const file of given ? [given] : ['development.txt', 'variations.txt', 'regression.txt', 'report.txt']) {
  const text = readFileSync(given ?? new URL(file, NOTES), 'utf8')
  const { plain, disguised, origins, refused, misses } = measure(notesIn(text), checkText)
  console.log(`\n==== ${file}`)
  const frozen = /words as ([0-9a-f]{64})/.exec(text)?.[1]
  if (frozen)
    console.log(
      frozen === hashOfWords()
        ? 'The word lists are those that this set was written after.'
        : 'The word lists were CHANGED after this set was written: it is no longer unseen.',
    )
  table('found, plain', plain)
  table('found, disguised', disguised)
  table('names by origin', origins)
  console.log(`\nordinary notes refused  ${shown(refused)}`)
  if (misses.length > 0) console.log(`\n${misses.map((miss) => `  ${miss}`).join('\n')}`)
}

const ordinary = notesIn(readFileSync(new URL('development.txt', NOTES), 'utf8')).filter(({ marks }) => marks.length === 0)
const long = ordinary
  .map(({ text }) => text)
  .join(' ')
  .repeat(10)
console.log('\n==== time, the fastest and the median of many')
for (const [name, text, times] of [
  ['a note of 280 characters', long.slice(0, 280), 500],
  ['100 KB of notes', long.slice(0, 102_400), 20],
  ['100 KB of one letter', 'a'.repeat(102_400), 10],
  ['100 KB of digits', '1 '.repeat(51_200), 10],
  [
    '100 KB of unknown words',
    Array.from({ length: 12_800 }, (_, n) => `qu${n.toString(36).replace(/\d/g, (digit) => 'abcdefghij'[digit])}vwz`)
      .join(' ')
      .slice(0, 102_400),
    10,
  ],
]) {
  const taken = []
  for (let round = 0; round < times; round++) {
    const start = performance.now()
    checkText(text)
    taken.push(performance.now() - start)
  }
  taken.sort((a, b) => a - b)
  console.log(`  ${name.padEnd(26)}${taken[0].toFixed(2)} ms   ${taken[taken.length >> 1].toFixed(2)} ms`)
}

function hashOfWords() {
  const hash = createHash('sha256')
  for (const file of readdirSync(WORDS)
    .filter((name) => name.endsWith('.txt'))
    .sort())
    hash.update(file).update(readFileSync(new URL(file, WORDS)))
  return hash.digest('hex')
}
