// The guard by itself, on any text: it never throws, points at what was typed, takes no more than its share of time, and reads fields together.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkText } from '#app/anonymity/guard/check.js'
import { checkFields } from '#app/anonymity/guard/check-fields.js'
import { advice, KINDS } from '#app/anonymity/guard/kinds.js'

const spoken = (text: string, kind: string) =>
  checkText(text)
    .findings.filter((one) => one.kind === kind)
    .map(({ start, end }) => text.slice(start, end))

/** Words that set the detectors going, among signs of every kind. */
const PIECES = [
  ...[
    '06',
    '12345678',
    '-',
    ' ',
    '\n',
    '.',
    '@',
    'apenstaartje',
    'NL91ABNA0417164300',
    'Fatima',
    'de Vries',
    'mevrouw ',
    'Straat 12',
  ],
  ...[
    '\u200b',
    '\u00ad',
    '\ufeff',
    '😀',
    '👩‍👩‍👧',
    'é',
    '\u0301',
    'ß',
    'İ',
    '٠٦',
    '১',
    'Ж',
    'а',
    'Ω',
    '漢字',
    'ፍሬ',
    '\u202e',
    '\ud800',
    '\udc00',
    '\0',
  ],
]
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((codes) => String.fromCharCode(...codes)),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
)

/** In order, not empty, inside the text, no two overlapping, and never between the two halves of one character. */
function areSound(text: string, places: readonly { start: number; end: number }[], mayOverlap = false) {
  let last = 0
  for (const { start, end } of places) {
    expect(start).toBeLessThan(end)
    expect(start).toBeGreaterThanOrEqual(mayOverlap ? 0 : last)
    expect(end).toBeLessThanOrEqual(text.length)
    for (const at of [start, end]) {
      const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)]
      const isInside = before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
      expect(isInside, JSON.stringify(text)).toBe(false)
    }
    last = end
  }
}

describe('Any text', () => {
  test('is read without throwing, and every place is inside it, on whole characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { findings, sensitive } = checkText(text)
        areSound(text, findings)
        areSound(text, sensitive, true)
        for (const { kind } of findings) expect(KINDS).toContain(kind)
      }),
      { numRuns: 1500 },
    )
  })

  test('a character that is read as several belongs to one finding', () => {
    areSound('Ⰰ㎧⻳', checkText('Ⰰ㎧⻳').findings)
  })

  test('in several fields is read without throwing, each place inside its own field', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (a, b, c) => {
        const fields = { a, b, c }
        const checked = checkFields(fields)
        expect(Object.keys(checked)).toEqual(['a', 'b', 'c'])
        for (const [name, text] of Object.entries(fields)) areSound(text, checked[name]!.findings)
      }),
      { numRuns: 300 },
    )
  })

  test('is read the same every time: nothing is kept from one to the next', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, between) => {
        const first = checkText(text)
        checkText(between)
        expect(checkText(text)).toEqual(first)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['with a zero-width space inside', 'bel 06-1234\u200b5678 even', 'phone', '06-1234\u200b5678'],
    ['after an emoji', '😀😀 bel 06-12345678', 'phone', '06-12345678'],
    ['in digits of another script', 'bel ٠٦١٢٣٤٥٦٧٨ even', 'phone', '٠٦١٢٣٤٥٦٧٨'],
    ['with letters that look alike', 'mail jаn@voorbeeld.nl', 'email', 'jаn@voorbeeld.nl'],
    ['in another script', 'gesproken met Фатима vandaag', 'name', 'Фатима'],
    ['with letters that are taken apart', 'gesproken met Ge\u0301rard', 'name', 'Ge\u0301rard'],
  ])('a place is of the text as it was typed: %s', (_, text, kind, typed) => {
    expect(spoken(text, kind)).toEqual([typed])
  })

  test('every kind has an advice of its own, in Dutch', () => {
    const all = KINDS.map(advice)
    expect(new Set(all).size).toBe(KINDS.length)
    for (const one of all) expect(one).toMatch(/[Ss]chrijf|Laat weg/)
  })
})

/**
 * Work, and not the clock: how many units of text the patterns and the scanners touch cannot be counted from outside, so the shortest of several
 * readings is compared with the shortest of a text four times as long. Linear is 4; a text that is read in squares is 16.
 */
test.each([
  ['one letter', (size: number) => 'a'.repeat(size)],
  ['one digit', (size: number) => '1'.repeat(size)],
  ['single digits', (size: number) => '1 '.repeat(size / 2)],
  ['words of no language', (size: number) => 'qwzx vrtkl '.repeat(size / 11)],
  ['capitals', (size: number) => 'Abc Def '.repeat(size / 8)],
  ['initials', (size: number) => 'a.b.'.repeat(size / 4)],
  ['at signs', (size: number) => 'a@'.repeat(size / 2)],
  ['dots', (size: number) => '.'.repeat(size)],
  ['spaces', (size: number) => ' '.repeat(size)],
  ['hyphens', (size: number) => 'a-'.repeat(size / 2)],
  ['zero-width characters', (size: number) => '\u200b'.repeat(size)],
  ['numbers in words', (size: number) => 'nul zes '.repeat(size / 8)],
  ['numbers in halves', (size: number) => 'begint met 12 en dan '.repeat(size / 21)],
  ['a number that is called, in halves', (size: number) => 'bsn begint met 12 eindigt op 34 '.repeat(size / 32)],
  ['sites with a path', (size: number) => 'www.uwv.nl/aan-vraag '.repeat(size / 21)],
  ['plates', (size: number) => 'auto kx 12 l '.repeat(size / 13)],
  ['letters that are said', (size: number) => 'tee bee een en '.repeat(size / 15)],
  ['who leads whom', (size: number) => 'directeur van die met de '.repeat(size / 25)],
  ['firms and their heirs', (size: number) => 'zoekt Van Dam en '.repeat(size / 17)],
  ['the only one of', (size: number) => 'de enige '.repeat(size / 9)],
  ['streets', (size: number) => 'straat 12 '.repeat(size / 10)],
  ['dates', (size: number) => '12-03-1985 '.repeat(size / 11)],
  ['what goes before an address', (size: number) => 'mail ervoor a.b '.repeat(size / 16)],
  ['parts', (size: number) => 'deel 1 '.repeat(size / 7)],
  ['underscores', (size: number) => 'a_'.repeat(size / 2)],
  ['frames', (size: number) => '[1]'.repeat(size / 3)],
  ['words and digits', (size: number) => 'dossier1'.repeat(size / 8)],
  ['paths, backwards', (size: number) => 'x/moc.abc'.repeat(size / 9)],
  ['little words of names', (size: number) => 'van der '.repeat(size / 8)],
])('twice the text takes about twice the work: %s', (_, made) => {
  const fastest = (text: string) => {
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < 4; round++) {
      const began = process.cpuUsage()
      checkText(text)
      const { user, system } = process.cpuUsage(began)
      least = Math.min(least, user + system)
    }
    return least
  }
  fastest(made(2_000))
  let ratio = Number.POSITIVE_INFINITY
  // The work of other threads of this process is counted along: what is read in squares is so each time.
  for (let turn = 0; turn < 4 && ratio >= 10; turn++) {
    const [small, large] = [fastest(made(12_000)), fastest(made(48_000))]
    // Where the small one is hardly anything, the ratio is noise.
    ratio = Math.min(ratio, large / Math.max(small, 1_500))
  }
  expect(ratio).toBeLessThan(10)
})

describe('The fields of one mutation together', () => {
  const found = (fields: Record<string, string>) =>
    Object.entries(checkFields(fields)).flatMap(([name, { findings }]) =>
      findings.map(({ kind, start, end }) => `${name} ${kind} ${fields[name]!.slice(start, end)}`),
    )
  test.each<[string, Record<string, string>, string[]]>([
    ['a number that goes on', { a: 'bel 06 1234', b: '5678 graag' }, ['a phone 06 1234', 'b phone 5678']],
    ['whatever the order of the fields', { a: '5678 graag', b: 'bel 06 1234' }, ['a phone 5678', 'b phone 06 1234']],
    ['with words around it', { a: 'eerst 0612', b: 'en dan 345678' }, ['a phone 0612', 'b phone en dan 345678']],
    ['over three fields', { a: 'bel 06 12', b: '34', c: '5678' }, ['a phone 06 12', 'b phone 34', 'c phone 5678']],
    [
      'at the far end of long ones',
      { a: `${'werk '.repeat(80)}06 1234`, b: `5678 ${'werk '.repeat(80)}` },
      ['a phone 06 1234', 'b phone 5678'],
    ],
    ['alone it is found in its own field', { a: 'zoekt werk', b: 'bel 06-12345678' }, ['b phone 06-12345678']],
  ])('%s is found', (_, fields, expected) => {
    expect(found(fields)).toEqual(expect.arrayContaining(expected))
  })

  test.each([
    [{ a: 'Zoekt werk voor 24 uur', b: 'Afspraak op 12-01-2027' }],
    [{ a: 'Loket van het stadhuis', b: 'Afspraak 2026' }],
    [{ a: '', b: 'Wil in de buurt werken' }],
  ])('what tells nothing passes: %j', (fields) => {
    expect(found(fields as unknown as Record<string, string>)).toEqual([])
  })
})
