// A difference between two worlds made small and readable: the shortest question that still shows it, and the kinds of difference that do.
import { type Asked, bodyOf, type Question } from './questions-of-schema.js'
import type { Answer } from './side.js'

/** Every question that is a little smaller, the largest steps first. */
function* smaller(question: Question): Generator<Question> {
  const { roots } = question
  if (question.broken) yield { kind: question.kind, roots }
  if (roots.length > 1) for (const root of roots) yield { ...question, roots: roots.filter((other) => other !== root) }
  for (const [place, root] of roots.entries())
    for (const less of smallerField(root)) yield { ...question, roots: roots.with(place, less) }
}

function* smallerField(asked: Asked): Generator<Asked> {
  const { below, args, alias, directive, how, ...rest } = asked
  const { length } = below
  if (length > 3) {
    yield { ...asked, below: below.slice(0, length >> 1) }
    yield { ...asked, below: below.slice(length >> 1) }
  }
  if (length > 1) for (const one of below) yield { ...asked, below: below.filter((other) => other !== one) }
  for (const arg of args) yield { ...asked, args: args.filter((other) => other !== arg) }
  if (directive || how !== 'plain') yield { ...rest, below, args, how: 'plain', ...(alias ? { alias } : {}) }
  for (const [place, field] of below.entries())
    for (const less of smallerField(field)) yield { ...asked, below: below.with(place, less) }
}

/** The smallest that was found to differ too, within so many tries. */
export async function shrunk(
  question: Question,
  differs: (question: Question) => Promise<boolean>,
  tries = 150,
): Promise<Question> {
  let smallest = question
  for (let left = tries; left > 0; ) {
    let found: Question | undefined
    for (const candidate of smaller(smallest)) {
      if (left-- <= 0) break
      if (await differs(candidate)) {
        found = candidate
        break
      }
    }
    if (!found) break
    smallest = found
  }
  return smallest
}

/** Where two answers part, with a little around it. */
export function parting(one: Answer, other: Answer): string {
  const [a, b] = [one, other].map(({ status, headers, text }) => `${status} ${text}\n${headers}`) as [string, string]
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const around = (text: string) => `…${text.slice(Math.max(0, at - 120), at)}⟦${text.slice(at, at + 160)}…`
  return `  one world:   ${around(a)}\n  the other:   ${around(b)}`
}

export const inWords = (question: Question): string => {
  const { query, variables } = bodyOf(question)
  return `  ${query}\n  ${JSON.stringify(variables)}`
}
