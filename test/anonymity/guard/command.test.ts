// The guard at the command line: notes in and findings out as JSON lines, for anybody's own program.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { guarded } from '#app/anonymity/guard/guarded.js'

const GUARD = fileURLToPath(new URL('../../../dist/anonymity/guard/command.js', import.meta.url))

async function answersTo(...pieces: string[]): Promise<any[]> {
  let text = ''
  for await (const line of guarded(
    (async function* () {
      yield* pieces
    })(),
  ))
    text += line
  expect(text === '' || text.endsWith('\n')).toBe(true)
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

describe('An answer per line, in the same order', () => {
  test('whatever the pieces in which they come', async () => {
    const lines = ['{"id":"a","text":"bel 06-12345678"}', '{"id":2,"text":"zoekt werk"}', '{"id":null,"text":"mw Yilmaz"}']
    const expected = [
      { id: 'a', findings: [{ start: 4, end: 15, kind: 'phone' }] },
      { id: 2, findings: [] },
      { id: null, findings: [{ start: 3, end: 9, kind: 'name' }] },
    ]
    const text = lines.join('\n')
    for (const size of [1, 7, 1000]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g'))!
      expect(await answersTo(...pieces)).toEqual(expected)
    }
    expect(await answersTo(`${text}\n`)).toEqual(expected)
    expect(await answersTo()).toEqual([])
  })

  test.each([
    ['no JSON', '{"id":1,'],
    ['nothing', ''],
    ['a list', '[1]'],
    ['a word', '"tekst"'],
    ['null', 'null'],
    ['no text', '{"id":1}'],
    ['a text that is none', '{"id":1,"text":5}'],
    ['a text that is a list', '{"id":1,"text":["Fatima"]}'],
  ])('%s is answered, and cannot be taken for a clean note', async (_, line) => {
    const [answer, after, ...rest] = await answersTo(`${line}\n{"id":"next","text":"werk"}\n`)
    expect(answer).toMatchObject({ findings: [], error: expect.stringMatching(/^This line/) })
    expect(after).toEqual({ id: 'next', findings: [] })
    expect(rest).toEqual([])
  })

  test('a line longer than any text is answered as one that cannot be read, without keeping it', async () => {
    async function* huge() {
      yield '{"id":1,"text":"'
      for (let piece = 0; piece < 12; piece++) yield 'werk '.repeat(200_000)
      yield '"}\n{"id":2,"text":"werk"}\n'
    }
    const answers: any[] = []
    for await (const line of guarded(huge())) answers.push(JSON.parse(line))
    expect(answers).toEqual([
      { id: null, findings: [], error: expect.any(String) },
      { id: 2, findings: [] },
    ])
  })
})

const run = (input: string, stopAfter = Number.POSITIVE_INFINITY) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [GUARD])
    let [out, err] = ['', '']
    child.stdout.on('data', (data) => {
      out += data
      if (out.length > stopAfter) child.stdout.destroy()
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.stdin.on('error', () => {})
    child.on('close', (code) => resolve({ code, out, err }))
    child.stdin.end(input)
  })

describe('The program', () => {
  test('reads standard input and writes nothing but answers', async () => {
    const { code, out, err } = await run('{"id":"x","text":"Groetjes, Fatima"}\n{"id":"y","text":"werk"}')
    expect([code, err]).toEqual([0, ''])
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: 'x', findings: [{ start: 10, end: 16, kind: 'name' }] },
      { id: 'y', findings: [] },
    ])
  })

  test('ends quietly when whoever reads has had enough', async () => {
    const { code, err } = await run('{"id":1,"text":"bel 06-12345678"}\n'.repeat(40_000), 1000)
    expect([code, err]).toEqual([0, ''])
  })
})
