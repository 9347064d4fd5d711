// Questions in, decisions out: one line of JSON for each, in the same order, for anybody's own program (domain: The question).
import type { Decide, Question } from './decide.js'

/** Characters; a question is some 300. What is longer cannot be one. */
const LONGEST_LINE = 65_536

/** Lines in whatever pieces they come; an answer for every line, also for an empty one and for one that is no JSON. */
export async function* answers(input: AsyncIterable<string>, decide: Decide): AsyncGenerator<string> {
  const answer = (line: string) => `${JSON.stringify(decide(questionIn(line)))}\n`
  let rest = ''
  for await (const piece of input) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) rest = 'too long'
    if (lines.length > 0) yield lines.map(answer).join('')
  }
  if (rest !== '') yield answer(rest)
}

/** What is no question has none of its words, and so is closed. */
function questionIn(line: string): Question {
  try {
    return line.length > LONGEST_LINE ? Object() : Object(JSON.parse(line))
  } catch {
    return Object()
  }
}
