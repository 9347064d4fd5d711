// Notes in, findings out: one line of JSON for each, in the same order, for anybody's own program.
import { checkText } from './check.js'

/** Characters; the longest text that may be stored is far shorter. */
const LONGEST_LINE = 4_000_000

/** Lines in whatever pieces they come; an answer for every line, also for an empty one and for one that is no note. */
export async function* guarded(input: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of input) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) rest = TOO_LONG
    for (const line of lines) yield `${JSON.stringify(answer(line))}\n`
  }
  if (rest !== '') yield `${JSON.stringify(answer(rest))}\n`
}

const TOO_LONG = '?'.repeat(16)

/** What cannot be read has no findings and says why: whoever reads the answer must not take it for a clean note. */
function answer(line: string): object {
  let note: { id?: unknown; text?: unknown }
  try {
    note = Object(JSON.parse(line))
  } catch {
    return { id: null, findings: [], error: 'This line is no JSON.' }
  }
  const { id = null, text } = note
  if (typeof text !== 'string') return { id, findings: [], error: 'This line has no text.' }
  return { id, findings: checkText(text).findings }
}
