// Pages of 50 through the real server, by several people at once; and the access log, compared answer by answer.
import { createHash } from 'node:crypto'
import { demoId } from '#app/demo/ids.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { A_DAY, type TestServer } from '../support/server.js'
import type { Category } from './naive.js'
import { bringTo, deskOf, emptyLedger, type Population } from './rows.js'
import { type Chance, contactId, handOffId, storyOf } from './stories.js'

const DESK = demoId('werkcentrum-amersfoort')
/** More to some than to others, as it is; one is a union. */
const PARTNERS = [
  ...Array<[string, string]>(5).fill(['uwv-amersfoort', 'UWV']),
  ...Array<[string, string]>(3).fill(['gemeente-amersfoort', 'GEMEENTE']),
  ['wsp-amersfoort', 'WSP'],
  ['fnv-amersfoort', 'UNION'],
] as const

/** Hand-offs and contacts of one desk, as rows; the agreements are those of the demo. */
export async function arrangePages(server: TestServer, chance: Chance, handOffs: number): Promise<void> {
  const now = A_DAY.getTime()
  const stories = Array.from({ length: handOffs }, (_, n) => {
    const [partner, partnerKind] = chance.pick(PARTNERS)
    const id = handOffId(n + 1)
    return { ...storyOf(chance, '2026-11-14', { werkcentrum: DESK, partner: demoId(partner), partnerKind, code: id }, []), id }
  })
  const contacts = Array.from({ length: 200 }, (_, n) => ({ id: contactId(n + 1), werkcentrum: DESK, at: now }))
  const people: Population = { werkcentra: [DESK], partners: [], stories, contacts }
  await server.sql.query('INSERT INTO desk VALUES ($1, $2, $3, NULL)', [DESK, deskOf(DESK), 'Desk'])
  await server.sql.query('BEGIN')
  await bringTo(server.sql, people, now, emptyLedger())
  await server.sql.query('COMMIT')
  await server.sql.query('ANALYZE')
}

/** A field of each category; which of the others are closed, `withheld` says. */
const FIELDS: Record<string, Partial<Record<Category, string>>> = {
  HandOff: {
    reference: 'id',
    logistics: 'channel',
    routing: 'routing { visitorKind }',
    question: 'question { themes }',
    situation: 'situation { work }',
    sensitive: 'sensitive',
    progress: 'state',
    outcome: 'outcome',
    staff: 'handledBy',
  },
  VisitorContact: {
    reference: 'id',
    logistics: 'channel',
    routing: 'routing { visitorKind }',
    question: 'question { themes }',
    situation: 'situation { work }',
  },
}
const nodes = (type: string) => `${Object.values(FIELDS[type]!).join(' ')} withheld { category }`

type List = { operation: string; type: string | null; query: string }
const list = (operation: string, type: string | null, args = '', node = nodes(type!)): List => ({
  operation,
  type,
  query: `query ($after: String) { ${operation}(first: 50, after: $after${args}) { edges { cursor node { ${node} } } } }`,
})
const ONGOING = list('handOffs', 'HandOff')
const ENDED = list('handOffs', 'HandOff', ', ended: true')
const LOOPS = list('openLoops', 'HandOff')
const CONTACTS = list('contacts', 'VisitorContact')
const LOG = list('accessLog', null, '', 'id operation objects { reference }')

const LISTS: Record<string, readonly List[]> = {
  'gids-amersfoort': [ONGOING, ENDED, LOOPS, CONTACTS],
  'gids2-amersfoort': [ONGOING, LOOPS, CONTACTS],
  'coordinator-amersfoort': [ONGOING, ENDED, LOOPS],
  'privacy-amersfoort': [ONGOING, ENDED, LOG],
  'uwv-amersfoort': [ONGOING, ENDED],
  'gemeente-amersfoort': [ONGOING, ENDED],
  'privacy-uwv': [ONGOING, LOG],
}

/** How often each thing was said: what was answered, by operation, role, organisation, objects and categories. */
export type Tally = Map<string, number>
const add = (tally: Tally, said: string) => {
  const key = createHash('sha256').update(said).digest('base64')
  tally.set(key, (tally.get(key) ?? 0) + 1)
}
const sayObject = (type: string, reference: string, shown: Iterable<string>, withheld: Iterable<string>) =>
  `${type} ${reference} shown ${[...shown].sort()} withheld ${[...withheld].sort()}`
const sayAnswer = (operation: string, role: string, organisation: string, objects: string[]) =>
  [operation, role, organisation, ...objects.sort()].join('\n')

export type Asked = { answers: Tally; pages: number; full: number; objects: number }

/** Asks for `pages` pages, `clients` at a time, each from a place in a list that was seen before. */
export async function askPages(server: TestServer, chance: Chance, pages: number, clients: number): Promise<Asked> {
  const asked: Asked = { answers: new Map(), pages: 0, full: 0, objects: 0 }
  /** Where a whole page can begin, by account and list. */
  const places = new Map<string, Set<string>>()
  const turns = Object.entries(LISTS).flatMap(([account, lists]) => lists.map((each) => ({ account, list: each })))

  const ask = async (account: string, { operation, type, query }: List, after: string | null) => {
    const answer = await server.as(account)(query, { after })
    if (answer.status !== 200 || answer.errors)
      throw new Error(`${account}, ${operation}: ${answer.status} ${answer.text.slice(0, 500)}`)
    const edges: { cursor: string; node: any }[] = answer.data[operation].edges
    const { role, organisation } = ACCOUNTS.find(({ name }) => name === account)!
    const objects = type === null ? [] : edges.map(({ node }) => objectIn(type, node))
    add(asked.answers, sayAnswer(operation, role, demoId(organisation), objects))
    asked.pages++
    asked.objects += objects.length
    if (edges.length === 50) asked.full++
    return edges
  }

  for (const { account, list: each } of turns) {
    const known = new Set<string>()
    const cursors: string[] = []
    for (let after: string | null = null; ; ) {
      const edges = await ask(account, each, after)
      cursors.push(...edges.map(({ cursor }) => cursor))
      if (edges.length < 50 || cursors.length > 5_000) break
      after = cursors.at(-1)!
    }
    for (const cursor of cursors.slice(0, Math.max(0, cursors.length - 50))) known.add(cursor)
    places.set(`${account} ${each.query}`, known)
  }

  const left = () => asked.pages + underWay < pages
  let underWay = 0
  const client = async () => {
    while (left()) {
      const { account, list: each } = chance.pick(turns)
      const known = places.get(`${account} ${each.query}`)!
      const after = known.size > 0 && chance.in(0.98) ? chance.pick([...known]) : null
      underWay++
      const edges = await ask(account, each, after)
      underWay--
      // The log grows meanwhile: the older half of what was just read can be followed by as much again.
      if (each === LOG && edges.length === 50 && after === null) known.add(edges[0]!.cursor)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return asked
}

/** What an answer shows of an object: what is withheld is null, and named. */
function objectIn(type: string, node: Record<string, unknown> & { id: string; withheld: { category: string }[] }): string {
  const withheld = new Set(node.withheld.map(({ category }) => category))
  const asked = Object.entries(FIELDS[type]!) as [string, string][]
  for (const [category, field] of asked)
    if (withheld.has(category) && node[field.split(' ')[0]!] !== null)
      throw new Error(`${type} ${node.id} shows ${category}, which is withheld`)
  return sayObject(
    type,
    node.id,
    asked.map(([category]) => category).filter((category) => !withheld.has(category)),
    withheld,
  )
}

/** The whole log, record by record, in the same words. */
export async function readLog(server: TestServer): Promise<{ records: Tally; count: number }> {
  const records: Tally = new Map()
  let count = 0
  for (let last = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' }; ; ) {
    const { rows } = await server.sql.query(
      `SELECT r.at::text, r.id, r.role, r.organisation_id, r.operation, (SELECT jsonb_agg(o) FROM access_record_part p, jsonb_array_elements(p.objects) o
         WHERE p.at = r.at AND p.record_id = r.id) AS objects
       FROM access_record r WHERE (r.at, r.id) > ($1::timestamptz, $2::uuid) ORDER BY r.at, r.id LIMIT 250`,
      [last.at, last.id],
    )
    for (const { operation, role, organisation_id, objects } of rows) {
      const said = (objects ?? []).map((object: any) =>
        sayObject(object.type, object.reference, Object.keys(object.shown), Object.keys(object.withheld)),
      )
      add(records, sayAnswer(operation, role, organisation_id, said))
      count++
    }
    if (rows.length === 0) return { records, count }
    last = rows.at(-1)
  }
}

/** What was said more often in one than in the other. */
export const missing = (wanted: Tally, there: Tally): number =>
  [...wanted].reduce((sum, [key, times]) => sum + Math.max(0, times - (there.get(key) ?? 0)), 0)
