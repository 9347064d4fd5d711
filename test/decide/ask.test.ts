// Anybody may put questions to the policy: a line in, a line out, in the same order, and nothing stops the stream.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { answers } from '#app/decide/ask.js'
import { decider } from '#app/decide/decide.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { run as program } from '../support/program.js'

const PROGRAM = fileURLToPath(new URL('../../dist/decide/policies.js', import.meta.url))
const decide = decider(readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url))).sharing)

const OPEN = {
  ...{ role: 'HANDLER', partnerKind: 'UWV', relation: 'accepted', purpose: 'HELP', category: 'situation', agreement: 'active' },
  ...{ consent: 'covers', explicit: false, underSixteen: false, representative: false, ownSide: false },
}
const open = JSON.stringify(OPEN)
const ALLOWED = '{"allowed":true,"because":"partner-reads-the-situation-only-after-accepting-and-with-consent"}'
const UNKNOWN = '{"allowed":false,"because":"unknown-is-closed"}'

async function ask(...pieces: string[]) {
  let text = ''
  for await (const piece of answers(
    (async function* () {
      yield* pieces
    })(),
    decide,
  ))
    text += piece
  return text
}
const run = (args: string[], input = '') => program([PROGRAM, ...args], input)

test.each([
  '',
  ' ',
  '\r',
  'null',
  'true',
  '1',
  '"GUIDE"',
  '[]',
  '{}',
  '{',
  'role=GUIDE',
  '\u0000',
  '{"__proto__":null}',
  `[${open}]`,
  `{"__proto__":${open}}`,
  open.replace('HANDLER', 'handler'),
  open.replace('"UWV"', 'null'),
  open.replace('"explicit":false', '"explicit":"false"'),
  open.replace('"ownSide"', '"owner"'),
  '['.repeat(60_000),
  `${open}${' '.repeat(70_000)}`,
])('%j is unknown, closed, and the stream goes on', async (line) => {
  expect(await ask(`${line}\n${open}\n`)).toBe(`${UNKNOWN}\n${ALLOWED}\n`)
})

test('lines may come in any pieces, and the last needs no end', async () => {
  const text = `${open}\n\n${open.replace('HELP', 'ACCOUNT')}\r\n${open}`
  const whole = await ask(text)
  expect(whole.split('\n').length).toBe(5)
  expect(await ask(...text)).toBe(whole)
  expect(await ask(...(text.match(/.{1,7}/gs) ?? []))).toBe(whole)
  expect(await ask()).toBe('')
})

test('a line without end takes no memory and gets one answer', async () => {
  expect(await ask(...Array<string>(50).fill(' '.repeat(60_000)), `${open}\n${open}\n`)).toBe(`${UNKNOWN}\n${ALLOWED}\n`)
})

test('a separator that is none in JSON does not cut a line in two', async () => {
  expect(await ask(`{"remark":"a\u2028b",${open.slice(1)}\n`)).toBe(`${ALLOWED}\n`)
})

test('the program answers 100,000 questions in order, in a few seconds', async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => (index % 3 === 0 ? 'no question' : open))
  const began = performance.now()
  const { out, err, code } = await run(['ask'], `${lines.join('\n')}\n`)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect({ err, code }).toEqual({ err: '', code: 0 })
  const answered = out.split('\n')
  expect(answered.pop()).toBe('')
  expect(answered).toEqual(lines.map((line) => (line === open ? ALLOWED : UNKNOWN)))
})

test('the program ends quietly when nobody listens any more', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'ask'])
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  child.stdin.on('error', () => {})
  child.stdout.once('data', () => child.stdout.destroy())
  child.stdin.end(`${open}\n`.repeat(50_000))
  const [code] = await once(child, 'close')
  expect({ err, code }).toEqual({ err: '', code: 0 })
})

test('check and matrix --check pass on the policy as it is', async () => {
  expect(await run(['check'])).toMatchObject({ err: '', code: 0, out: expect.stringContaining('The policies are sound') })
  expect(await run(['matrix', '--check'])).toMatchObject({ err: '', code: 0 })
})

test.each([[[]], [['constructor']], [['ask', 'more']]])('a command that does not exist (%j) is told how', async (args) => {
  expect(await run(args)).toMatchObject({ out: '', code: 1, err: expect.stringContaining('Say which:') })
})
