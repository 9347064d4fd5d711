// What it takes to make a second world that differs in one respect, and only where somebody may not see it.
import type { Client } from 'pg'
import type { Chance } from '#app/demo/chance.js'
import { type Category, type Facts, type HandOff, knows, type Reach, sees } from './facts.js'
import { handler, NOBODY, PEOPLE, type Who } from './people.js'
import type { Body } from './side.js'

export type Hiding = Readonly<{
  sql: Client
  /** From whom it must stay hidden. */
  who: Who
  facts: Facts
  reach: Reach
  chance: Chance
}>

export type Kind = Readonly<{
  /** What is otherwise, in one sentence. */
  says: string
  /** Changes it for about three in four of the things it is hidden of; gives back which. */
  change: (hiding: Hiding) => Promise<string[]>
  /** Somebody who may see what was changed, and how they ask for it: one of these answers must be another one. */
  shownTo: (facts: Facts, changed: readonly string[]) => [Who, Body][]
}>

/** A repeatable share of them. */
export const some = <T>({ chance }: Hiding, things: readonly T[]): T[] => things.filter(() => chance.part() < 0.75)

/** Hand-offs of which somebody sees nothing of this category. */
export const closedTo = ({ who, facts, reach }: Hiding, category: Category): HandOff[] =>
  facts.handOffs.filter((handOff) => !sees(who, handOff, category, facts, reach))

export const unknownTo = ({ who, facts, reach }: Hiding): HandOff[] =>
  facts.handOffs.filter((handOff) => !knows(who, handOff, facts, reach))

export const idsOf = (things: readonly { id: string }[]): string[] => things.map(({ id }) => id)

/** The ids in the column `id` of what a statement changed; `$1` are the ids it may change. */
export async function changed(
  sql: Client,
  text: string,
  ids: readonly string[],
  more: readonly unknown[] = [],
): Promise<string[]> {
  const { rows } = await sql.query(text, [ids, ...more])
  return [...new Set(rows.map(({ id }) => id as string))].sort()
}

/** The next word of a closed list, in SQL. */
export const next = (column: string, words: readonly string[]): string => {
  const list = `ARRAY[${words.map((word) => `'${word}'`).join(', ')}]`
  return `${column} = (${list})[coalesce(array_position(${list}, ${column}), 0) % ${words.length} + 1]`
}

const FEW = 6
const about = (facts: Facts, ids: readonly string[]) => facts.handOffs.filter(({ id }) => ids.includes(id)).slice(0, FEW)
const deskOf = ({ desk }: { desk: string }): Who =>
  PEOPLE.find(({ role, organisation }) => role === 'GUIDE' && organisation?.id === desk)!

export const askHandOff = (id: string, selection: string): Body => ({ query: `{ handOff(id: "${id}") { ${selection} } }` })

/** Their own visitors see it, with the code. */
export const byCode =
  (selection: string): Kind['shownTo'] =>
  ({ stories }, ids) =>
    [...stories.values()]
      .filter(({ id }) => ids.includes(id))
      .slice(0, FEW)
      .map(({ code }) => [NOBODY, { query: `{ followUp(code: "${code}") { handOff { ${selection} } } }` }])

/** The guides of the desk see it. */
export const byGuides =
  (selection: string): Kind['shownTo'] =>
  (facts, ids) =>
    about(facts, ids).map((handOff) => [deskOf(handOff), askHandOff(handOff.id, selection)])

/** The people of the partner see it. */
export const byHandlers =
  (selection: string): Kind['shownTo'] =>
  (facts, ids) =>
    facts.handOffs
      .filter(({ id }) => ids.includes(id))
      .map(({ id, kind }) => [handler(kind as Parameters<typeof handler>[0]), askHandOff(id, selection)])
