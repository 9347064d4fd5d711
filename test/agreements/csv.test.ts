// An agreement as a table: out and in again is the same, people's spreadsheets are read, and mistakes are named by line.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellsIn, csvOf, matrixOf } from '#app/agreements/csv.js'
import { ALL_CELLS, inOrder } from '#app/agreements/terms.js'

const anyCells = fc.subarray([...ALL_CELLS])

describe('The matrix', () => {
  test('is a header and a row for each category', () => {
    expect(matrixOf(['question HELP', 'logistics OVERVIEW']).split('\r\n')).toEqual([
      'category;OVERVIEW;HELP;FOLLOW_UP',
      'logistics;ja;;',
      'routing;;;',
      'question;;ja;',
      'situation;;;',
      'sensitive;;;',
      'note;;;',
      'outcome;;;',
      '',
    ])
  })

  test('comes back as it went out, whatever was agreed', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        expect(cellsIn(matrixOf(cells))).toEqual({ cells: inOrder(cells) })
      }),
    )
  })

  test('comes back through a spreadsheet: other separators and line ends, a byte order mark, quotes, capitals, spaces, rows turned round', () => {
    const changes: readonly ((text: string) => string)[] = [
      (text) => text.replaceAll(';', ','),
      (text) => text.replaceAll(';', '\t'),
      (text) => text.replaceAll('\r\n', '\n'),
      (text) => text.replaceAll('\r\n', '\r'),
      (text) => `\uFEFF${text}`,
      (text) => text.toUpperCase(),
      (text) => text.replaceAll(/[a-z_]+/gi, ' $& '),
      (text) => text.replaceAll(/[a-z_]+/gi, '"$&"'),
      (text) => text.trimEnd(),
      (text) => `${text};;;\r\n\r\n`,
      (text) => text.replaceAll('\r\n', ';;\r\n'),
      (text) => {
        const [head, ...rows] = text.trimEnd().split('\r\n')
        return [head, ...rows.reverse()].join('\r\n')
      },
    ]
    fc.assert(
      fc.property(anyCells, fc.constantFrom(...changes), (cells, change) => {
        expect(cellsIn(change(matrixOf(cells)))).toEqual({ cells: inOrder(cells) })
      }),
      { numRuns: 300 },
    )
  })

  test('what is left out is not agreed', () => {
    expect(cellsIn('category;HELP\nquestion;ja\n')).toEqual({ cells: ['question HELP'] })
  })

  const PURPOSES = 'expected one of OVERVIEW, HELP, FOLLOW_UP.'
  const CATEGORIES = 'expected one of logistics, routing, question, situation, sensitive, note, outcome.'
  test.each([
    ['', ['csv line 1: expected a header: category, and the purposes.']],
    ['\n ;;\n', ['csv line 1: expected a header: category, and the purposes.']],
    ['category', ['csv line 1: expected purposes after the first column: OVERVIEW, HELP, FOLLOW_UP.']],
    ['purpose;HELP', ['csv line 1: expected "category" in the first column.']],
    ['category;HELP;RIGHTS', [`csv line 1: column 3: ${PURPOSES}`]],
    ['category;HELP;;FOLLOW_UP', [`csv line 1: column 3: ${PURPOSES}`]],
    ['category;HELP;help', ['csv line 1: column 3: this purpose stands here twice.']],
    ['category;HELP\nreference;ja', [`csv line 2: column 1: ${CATEGORIES}`]],
    ['category;HELP\n;ja', [`csv line 2: column 1: ${CATEGORIES}`]],
    ['category;HELP\nquestion;ja\n\nquestion;', ['csv line 4: column 1: this category stands here twice.']],
    ['category;HELP\nquestion;x', ['csv line 2: column 2: expected "ja" or nothing.']],
    ['category;HELP\nquestion;=ja', ['csv line 2: column 2: expected "ja" or nothing.']],
    ['category;HELP\nquestion;ja;ja', ['csv line 2: expected at most 2 columns.']],
    [
      'category;HELP\nnote;nee\nname;ja',
      ['csv line 2: column 2: expected "ja" or nothing.', `csv line 3: column 1: ${CATEGORIES}`],
    ],
    ['x'.repeat(10_001), ['csv is longer than 10000 characters.']],
  ])('of %j it says what was expected, and where', (text, mistakes) => {
    expect(cellsIn(text)).toEqual({ mistakes })
  })

  test('no text makes it throw, or gives a cell that is not in the lists, or is repeated in a mistake', () => {
    const words = fc.constantFrom(
      'category',
      'question',
      'HELP',
      'ja',
      ';',
      ',',
      '\t',
      '\n',
      '"',
      '\uFEFF',
      ' ',
      '__proto__',
      'geheim',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          const read = cellsIn(text)
          if ('cells' in read) expect(read.cells.every((cell) => ALL_CELLS.includes(cell))).toBe(true)
          else expect(read.mistakes.join()).not.toContain('geheim')
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('Tables with text in them', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+31', "'+31"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1', "' =1"],
    ['\t=1', '"\'\t=1"'],
    ['a;b', '"a;b"'],
    ['say "ja"', '"say ""ja"""'],
    ['two\nlines', '"two\nlines"'],
    ['loket', 'loket'],
  ])('%j becomes %j: text stays text', (text, cell) => {
    expect(csvOf([[text, 'x']])).toBe(`${cell};x\r\n`)
  })
})
