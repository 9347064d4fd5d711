// Two worlds side by side: the second differs from the first in what is hidden from one of the people, and the day went on in both.
import { chanceFrom } from '#app/demo/chance.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { connected, TODAY } from '../support/small-world.js'
import { type Facts, type Reach } from './facts.js'
import type { Kind } from './hiding.js'
import { coordinator, guide, handler, NOBODY, officerOf, officerOfDesk, type Who } from './people.js'
import { type Answer, type Body, type Side, sameAnswer } from './side.js'

export type Difference = Readonly<{ who: Who; reach: Reach; kinds: readonly Kind[]; seed: string }>
export type Answers = Readonly<{ left: Answer; right: Answer; same: boolean }>

export type Pair = {
  /** How many things each kind changed. */
  changed: ReadonlyMap<Kind, number>
  /** One kind of difference more, in one of the two: the same things each time. */
  change(kind: Kind, side: 'left' | 'right'): Promise<string[]>
  ask(who: Who, body: Body): Promise<Answers>
  stop(): Promise<void>
}

export type Sides = Readonly<{ left: Side; right: Side }>

const NOON = Date.parse(`${TODAY}T12:00:00Z`)

export async function makePair(
  base: TestDatabase,
  facts: Facts,
  sides: Sides,
  { who, reach, kinds, seed }: Difference,
): Promise<Pair> {
  const left = await freshDatabase(base)
  const right = await freshDatabase(base)
  const admins = { left: await connected(left.adminUrl), right: await connected(right.adminUrl) }
  const change: Pair['change'] = (kind, side) =>
    kind.change({ sql: admins[side], who, facts, reach, chance: chanceFrom(`${seed} ${kind.says}`) })
  const changed = new Map<Kind, number>()
  for (const kind of kinds) changed.set(kind, (await change(kind, 'right')).length)
  await sides.left.use(left)
  await sides.right.use(right)
  let asked = 0
  let isStopped = false

  async function ask(asker: Who, body: Body): Promise<Answers> {
    const moment = { at: new Date(NOON + asked * 1000), seed: `${seed} ${asked++}` }
    // Attempts are counted by the clock of the database, which nobody sets.
    if (asker === who && who.role === 'GUIDE' && body.query.includes('ollowUpCode'))
      for (const admin of Object.values(admins))
        await admin.query('DELETE FROM code_attempt WHERE source = $1', [`organisation ${asker.organisation!.id}`])
    const [one, other] = await Promise.all([sides.left.ask(asker, body, moment), sides.right.ask(asker, body, moment)])
    return { left: one, right: other, same: sameAnswer(one, other) }
  }

  for (const [other, query] of goingOn(facts)) await ask(other, { query })
  return {
    changed,
    change,
    ask,
    async stop() {
      if (isStopped) return
      isStopped = true
      for (const admin of Object.values(admins)) await admin.end()
      await sides.left.rest()
      await sides.right.rest()
      await left.drop()
      await right.drop()
    },
  }
}

/** What the others do that day, in both worlds: they see the difference, and what they see is in the log. */
function goingOn({ stories }: Facts): [Who, string][] {
  const list = (what: string) => `{ ${what} { edges { node { id state question { themes } outcome withheld { field } } } } }`
  const union = stories.get('accepted by the union')!
  return [
    ...(['a', 'b'] as const).flatMap((desk): [Who, string][] => [
      [guide(desk), list('handOffs(first: 50)')],
      [guide(desk), list('handOffs(first: 50, ended: true)')],
      [guide(desk), list(`handOffs(recognitionCode: "${union.recognitionCode}")`)],
      [guide(desk), '{ contacts(first: 50) { edges { node { id situation { age } } } } }'],
      [coordinator(desk), '{ handOffs(first: 50) { edges { node { id } } } }'],
    ]),
    ...(['UWV', 'GEMEENTE', 'WSP', 'UNION', 'PRIVATE'] as const).map((kind): [Who, string] => [
      handler(kind),
      list('handOffs(first: 50)'),
    ]),
    ...['forwarded', 'withdrawn consent', 'accepted by the union', 'accepted with sensitive facts'].flatMap(
      (name): [Who, string][] => {
        const { code, id, kind, desk } = stories.get(name)!
        const detail = `{ handOff(id: "${id}") { state situation { age } sensitive outcome handledBy } }`
        return [
          [guide(desk), detail],
          [handler(kind), detail],
          [NOBODY, `{ followUp(code: "${code}") { status looked { day } handOff { situation { age } } } }`],
        ]
      },
    ),
    [officerOfDesk('a'), '{ accessLog(first: 5) { edges { node { at } } } }'],
    [officerOf('UWV'), '{ accessLog(first: 5) { edges { node { at } } } }'],
  ]
}
