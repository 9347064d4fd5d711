// Two worlds that differ only in what is hidden from somebody give that person the same answers, byte for byte: rows, order, counts, cursors,
// errors, extensions, length and headers, whatever they ask (design 3, invariants 1, 10, 13 and 17).
//
// In the suite a small sample; `npm run two-worlds` does all of it. SEED=... for another one.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chanceFrom } from '#app/demo/chance.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { connected } from '../support/small-world.js'
import { type Facts, type Reach, readFacts } from './facts.js'
import { HIDDEN_RECORDS } from './hidden-records.js'
import { HIDDEN_HAND_OFFS, HIDDEN_THINGS } from './hidden-things.js'
import { HIDDEN_VALUES } from './hidden-values.js'
import type { Kind } from './hiding.js'
import { type Answers, type Difference, makePair, type Pair, type Sides } from './pair.js'
import { NOBODY, PEOPLE, type Who } from './people.js'
import { askerFor, bodyOf, type Question } from './questions-of-schema.js'
import { reached } from './reached.js'
import { inWords, parting, shrunk } from './shrink.js'
import { type Body, openSide } from './side.js'
import { thingsOf } from './things.js'
import { arrangeTwinStory } from './twin-story.js'

const WHOLE = process.env.PROOF === 'whole'
const SEED = process.env.SEED ?? '1'
/** How many pairs of worlds for each person, and how many questions to each pair: of whoever only asks, and of whoever acts as well. */
const ROUNDS = WHOLE ? 2 : 1
const QUESTIONS: Record<Reach, number> = WHOLE
  ? { now: Number(process.env.Q ?? 100), ever: Number(process.env.Q ?? 70) }
  : { now: 12, ever: 12 }
const SAMPLE: Readonly<Record<string, Reach>> = {
  'GUIDE of desk a': 'ever',
  'HANDLER of UWV': 'now',
  'PRIVACY_OFFICER of desk a': 'now',
  'visitor with the code of "forwarded"': 'ever',
}
const ROWS = PEOPLE.flatMap((who) =>
  (['now', 'ever'] as const)
    .filter((reach) => WHOLE || SAMPLE[who.name] === reach)
    .flatMap((reach) => Array.from({ length: ROUNDS }, (_, n) => ({ who, reach, round: n + 1 }))),
)

const KINDS: readonly Kind[] = [...HIDDEN_VALUES, ...HIDDEN_RECORDS, ...HIDDEN_THINGS]

/** Not proven yet: the cursors of a log count lines that its privacy officer does not read, and so can tell of them. */
const kindsFor = ({ role }: Who): readonly Kind[] =>
  role === 'PRIVACY_OFFICER' ? KINDS.filter((kind) => !HIDDEN_HAND_OFFS.includes(kind)) : KINDS

let base: TestDatabase
let sides: Sides
let facts: Facts
const count = { worlds: 0, questions: 0, answered: 0, refused: 0, bytes: 0, changes: 0 }
const perPerson = new Map<string, number>()
const perKind = new Map<string, number>()
const reach = reached()

beforeAll(async () => {
  base = await freshDatabase()
  sides = { left: await openSide(), right: await openSide() }
  const told = await arrangeTwinStory(base, sides.left)
  await sides.left.rest()
  const sql = await connected(base.adminUrl)
  facts = await readFacts(sql, told)
  await sql.end()
})
afterAll(async () => {
  await sides.left.stop()
  await sides.right.stop()
  await base.drop()
  const { operations, arguments: args, fields } = reach.missing()
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, n]) => `  ${String(n).padStart(6)}  ${name}`).join('\n')
  console.info(
    [
      `seed ${SEED}: ${count.questions} questions (${count.answered} answered with data, ${count.refused} with an error as well or instead) to ${count.worlds} pairs of worlds`,
      `that differ in ${count.changes} things of ${KINDS.length} kinds; ${count.bytes} bytes of answers compared`,
      `reached: ${operations.of - operations.never.length} of ${operations.of} operations, ${args.of - args.never.length} of ${args.of} arguments and input fields, ${fields.of - fields.never.length} of ${fields.of} fields`,
      ...(WHOLE ? [`questions by each:\n${list(perPerson)}`, `things that differed, by kind:\n${list(perKind)}`] : []),
    ].join('\n'),
  )
})

test('Each kind of difference is seen by somebody who may see it: otherwise that nobody else does would prove nothing', async () => {
  // Kind by kind, the one world always one kind ahead of the other.
  const unseen: string[] = []
  const pair = await makePair(base, facts, sides, { who: NOBODY, reach: 'now', kinds: [], seed: SEED })
  for (const kind of KINDS) {
    const changed = await pair.change(kind, 'right')
    const differing = await firstThatDiffers(pair, kind.shownTo(facts, changed))
    if (!differing) unseen.push(`${kind.says} (${changed.length} changed)`)
    await pair.change(kind, 'left')
  }
  await pair.stop()
  expect(unseen).toEqual([])
})

async function firstThatDiffers(pair: Pair, asks: ReturnType<Kind['shownTo']>): Promise<boolean> {
  for (const [who, body] of asks) {
    const { left, right, same } = await pair.ask(who, body)
    if (!same && [left, right].every(({ status }) => status === 200)) return true
  }
  return false
}

for (const { who, reach, round } of ROWS)
  test(
    `What is hidden from ${who.name} changes nothing in any answer when they ${reach === 'now' ? 'ask' : 'ask and act'} (${round})`,
    () => compare(who, reach, round),
    600_000,
  )

async function compare(who: Who, until: Reach, round: number): Promise<void> {
  const seed = `${SEED} ${who.name} ${until} ${round}`
  const chance = chanceFrom(seed)
  // First everything at once; then some of it, so that nothing hides behind something else.
  const kinds = kindsFor(who).filter(() => round === 1 || chance.part() < 0.4)
  const difference = { who, reach: until, kinds, seed }
  const things = thingsOf(who, facts, chance)
  const asker = askerFor(who, things, chance)
  const pair = await makePair(base, facts, sides, difference)
  try {
    count.worlds++
    for (const [kind, changed] of pair.changed) {
      count.changes += changed
      perKind.set(kind.says, (perKind.get(kind.says) ?? 0) + changed)
    }
    for (let place = 0; place < QUESTIONS[until]; place++) {
      const question = asker.next(until === 'ever' && chance.part() < 0.6 ? 'mutation' : 'query')
      const answers = await pair.ask(who, bodyOf(question))
      note(who, question, answers)
      if (!answers.same) throw new Error(await told(difference, question, pair, answers))
      things.learn(answers.left.text)
    }
  } finally {
    await pair.stop()
  }
}

function note(who: Who, question: Question, { left, right }: Answers): void {
  count.questions++
  count.bytes += Buffer.byteLength(left.text) + Buffer.byteLength(right.text)
  perPerson.set(who.name, (perPerson.get(who.name) ?? 0) + 1)
  const { data, errors } = JSON.parse(left.text)
  if (data && Object.values(data).some((value) => value !== null)) count.answered++
  if (errors) count.refused++
  // Its id is by chance, and it is a fault in any world.
  if (left.text.includes('"INTERNAL"')) throw new Error(`A fault: ${left.text}\n${inWords(question)}`)
  reach.note(question, left.text)
}

/** The kinds of difference that show by themselves: all of them are tried, then each half of those that show. */
async function takenApart(difference: Difference, body: Body): Promise<[Kind, Answers][]> {
  const { who, kinds } = difference
  const pair = await makePair(base, facts, sides, difference)
  const answers = await pair.ask(who, body)
  await pair.stop()
  if (answers.same || kinds.length === 0) return []
  if (kinds.length === 1) return [[kinds[0]!, answers]]
  const half = kinds.length >> 1
  return [
    ...(await takenApart({ ...difference, kinds: kinds.slice(0, half) }, body)),
    ...(await takenApart({ ...difference, kinds: kinds.slice(half) }, body)),
  ]
}

/** The difference in a form that a person can read. */
async function told(difference: Difference, question: Question, pair: Pair, answers: Answers): Promise<string> {
  const { who, seed } = difference
  const again = async (smaller: Question) => !(await pair.ask(who, bodyOf(smaller))).same
  const said = [`To ${who.name} the two worlds are not the same (SEED=${SEED}, ${seed}).`]
  if (!(await again(question)))
    return [
      ...said,
      'It shows once, in this place of the row of questions:',
      inWords(question),
      parting(answers.left, answers.right),
    ].join('\n')
  const smallest = await shrunk(question, again)
  const last = await pair.ask(who, bodyOf(smallest))
  said.push(
    'They ask:',
    inWords(smallest),
    'and are answered:',
    parting(last.left, last.right),
    'It takes one of these kinds of difference:',
  )
  await pair.stop()
  for (const [kind, { left, right }] of await takenApart(difference, bodyOf(smallest)))
    said.push(`- ${kind.says}`, parting(left, right))
  return said.join('\n')
}

if (WHOLE)
  test('every operation, argument and field of the schema was reached', () => {
    const { operations, arguments: args, fields } = reach.missing()
    expect({ operations: operations.never, arguments: args.never, fields: fields.never }).toEqual({
      operations: [],
      arguments: [],
      fields: [],
    })
  })
