// How much of what points at a person is found, and how many ordinary notes are refused: held against notes that were written for it.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkText } from '#app/anonymity/guard/check.js'
import { KINDS } from '#app/anonymity/guard/kinds.js'
import { type Measured, measure, notesIn, share } from '#app/anonymity/guard/measure.js'

const NOTES = new URL('notes/', import.meta.url)
const WORDS = new URL('../../../src/anonymity/guard/words/', import.meta.url)

type Shares = Measured['plain']
const together = (shares: Shares, of: (kind: string) => boolean) =>
  [...shares]
    .filter(([kind]) => of(kind))
    .reduce((sum, [, { hits, of }]) => ({ hits: sum.hits + hits, of: sum.of + of }), { hits: 0, of: 0 })
const part = ({ hits, of }: { hits: number; of: number }) => hits / of
/** What is told apart by its form, and not by knowing words. */
const isStructured = (kind: string) => kind !== 'name' && kind !== 'description'

// These were looked at while the detector was made, so they show what stays found. What it finds of notes that nobody looked at is no test: it is
// reported (report.txt, docs/guard.md).
describe.each(['development.txt', 'regression.txt'])('%s', (file) => {
  const text = readFileSync(new URL(file, NOTES), 'utf8')
  const notes = notesIn(text)
  const { plain, disguised, origins, refused, misses } = measure(notes, checkText)

  test('has hundreds of notes, every kind, and at least twelve origins of names', () => {
    expect(notes.length).toBeGreaterThan(400)
    expect(refused.of).toBeGreaterThan(200)
    expect(KINDS.filter((kind) => !plain.has(kind))).toEqual([])
    expect(origins.size).toBeGreaterThanOrEqual(12)
  })

  test('structured identifiers are all found when they are plain, and 98 % when they are disguised', () => {
    const found = together(plain, isStructured)
    expect(found, misses.join('\n')).toEqual({ hits: found.of, of: found.of })
    expect(part(together(disguised, isStructured))).toBeGreaterThanOrEqual(0.98)
  })

  test('names: 95 %, and of no origin fewer than 90 %', () => {
    const names = (kind: string) => kind === 'name'
    const [a, b] = [together(plain, names), together(disguised, names)]
    expect(part({ hits: a.hits + b.hits, of: a.of + b.of })).toBeGreaterThanOrEqual(0.95)
    const many = [...origins].filter(([, { of }]) => of >= 10)
    expect(many.length).toBeGreaterThanOrEqual(12)
    expect(many.filter(([, found]) => part(found) < 0.9).map(([origin]) => origin)).toEqual([])
  })

  test('at most 3 % of ordinary notes are refused', () => {
    expect(part(refused)).toBeLessThanOrEqual(0.03)
  })
})

test('the words are those that the report set was written after: it is unseen', () => {
  const hash = createHash('sha256')
  const lists = readdirSync(WORDS).filter((name) => name.endsWith('.txt'))
  for (const list of lists.sort()) hash.update(list).update(readFileSync(new URL(list, WORDS)))
  const [, frozen] = /words as ([0-9a-f]{64})/.exec(readFileSync(new URL('report.txt', NOTES), 'utf8')) ?? []
  expect(hash.digest('hex')).toBe(frozen)
})

test('a share of few says less than a share of many', () => {
  expect(share(10, 10)).toMatchObject({ hits: 10, of: 10, high: 1 })
  expect(share(10, 10).low).toBeCloseTo(0.722, 2)
  expect(share(1000, 1000).low).toBeGreaterThan(0.99)
})

test('a note is written with what must be found in braces', () => {
  expect(notesIn('# heading\n\nbel {phone|06-1} en {name~/polish|K\\u{200b}a}\n')).toEqual([
    {
      text: 'bel 06-1 en K\u200ba',
      marks: [
        { start: 4, end: 8, kind: 'phone', origin: undefined, isDisguised: false },
        { start: 12, end: 15, kind: 'name', origin: 'polish', isDisguised: true },
      ],
    },
  ])
})
