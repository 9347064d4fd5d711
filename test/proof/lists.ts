// The same rows read by the product itself, statement and all: whole lists, single hand-offs, and the page of a code.
import { listContacts } from '#app/contacts/contacts.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { sightOf } from '#app/decide/seen.js'
import { findHandOff, findHandOffOfCode, type HandOffData, listHandOffs, listOpenLoops } from '#app/handoffs/handoffs.js'
import type { Capacity as Acting } from '#app/identity/capacity.js'
import type { Page, PageRequest } from '#app/operations/page.js'
import { type Act, perform } from '#app/operations/perform.js'
import { realWorld, type World } from '#app/world.js'
import { KEYS } from '../support/keys.js'
import { type Asker, maySee, maySeeContact, type Purpose } from './naive.js'
import { everybody } from './population.js'
import { policies, SHOWN, standsAt } from './product.js'
import type { Placed, Population } from './rows.js'
import type { Chance } from './stories.js'
import type { Capacity, Count, Difference } from './wall.js'

type Report = (difference: Difference) => void
type Asked = { acting: Acting; asker: Asker; purpose: Purpose }

const actingAs = ({ role, databaseRole, of, codes }: Capacity): Acting =>
  role === 'CODE_HOLDER'
    ? { role, side: 'VISITOR', codeHashes: codes.map((code) => `k1:${code}`) }
    : ({
        role,
        side: /guide|coordinator|werkcentrum/.test(databaseRole) ? 'WERKCENTRUM' : 'PARTNER',
        organisationId: of,
        subject: 'x',
      } as Acting)

/** Everybody reads the whole of every list, and of all hand-offs they open so many one by one; of others too. */
export async function compareLists(
  database: PrismaClient,
  people: Population,
  now: number,
  { chance, opened }: { chance: Chance; opened: number },
  count: Count,
  report: Report,
): Promise<void> {
  const world = realWorld({ database, policies, keys: KEYS, now: () => new Date(now) })
  const ids = new Map(people.stories.map((story) => [story.id, story]))
  for (const capacity of everybody(people)) {
    const { role, of } = capacity
    const acting = actingAs(capacity)
    const own = people.stories.filter((story) => [story.werkcentrum, story.partner].includes(of) && standsAt(story, now).state)
    const asked = (purpose: Purpose): Asked => ({ acting, asker: { role, of }, purpose })
    if (role === 'CODE_HOLDER') {
      for (const story of few(chance, people.stories, opened)) await openWithCode(world, story, now, people, count, report)
      continue
    }
    if (role === 'SIGNATORY') continue
    const purpose: Purpose = role === 'PRIVACY_OFFICER' ? 'OVERSEE' : 'OVERVIEW'
    const ongoing = await whole(world, acting, 'handOffs', (act, request) => listHandOffs(act, { ended: false }, request))
    const ended = await whole(world, acting, 'handOffs', (act, request) => listHandOffs(act, { ended: true }, request))
    check(asked(purpose), own, [...ongoing, ...ended], now, count, report)
    if (role === 'GUIDE' || role === 'COORDINATOR') {
      const loops = await whole(world, acting, 'openLoops', listOpenLoops)
      check(
        asked('FOLLOW_UP'),
        loops.map(({ id }) => ids.get(id!)!),
        loops,
        now,
        count,
        report,
      )
    }
    if (role === 'GUIDE') {
      const contacts = new Set((await whole(world, acting, 'contacts', listContacts)).map(({ id }) => id))
      for (const contact of people.contacts) {
        const naive = maySeeContact({ role, of }, contact, 'OVERVIEW', 'reference', now)
        const database = contacts.has(contact.id)
        if (naive !== database)
          report({
            asker: { role, of },
            story: null,
            contact,
            purpose: 'OVERVIEW',
            category: 'reference',
            now,
            naive,
            database,
            table: 'contacts',
          })
      }
    }
    const detail: Purpose = role === 'COORDINATOR' ? 'FOLLOW_UP' : role === 'PRIVACY_OFFICER' ? 'OVERSEE' : 'HELP'
    const strangers = people.stories.filter((story) => !own.includes(story))
    for (const story of [...few(chance, own, opened), ...few(chance, strangers, opened / 4)]) {
      const found = await perform(world, acting, 'handOff', (act) => findHandOff(act, story.id))
      check(asked(detail), [story], found ? [found] : [], now, count, report)
    }
  }
}

/** About so many of them. */
const few = <T>(chance: Chance, list: readonly T[], many: number): T[] => chance.some(list, many / list.length)

async function openWithCode(
  world: World,
  { code }: Placed,
  now: number,
  people: Population,
  count: Count,
  report: Report,
): Promise<void> {
  const acting: Acting = { role: 'CODE_HOLDER', side: 'VISITOR', codeHashes: [`k1:${code}`] }
  const found = await perform(world, acting, 'followUp', findHandOffOfCode)
  const held = people.stories.filter((story) => story.code === code && standsAt(story, now).state)
  const current = held.filter((story) => found === undefined || story.id === found.id)
  check(
    { acting, asker: { role: 'CODE_HOLDER', of: code }, purpose: 'RIGHTS' },
    current,
    found ? [found] : [],
    now,
    count,
    report,
  )
}

async function whole<T>(
  world: World,
  acting: Acting,
  operation: string,
  list: (act: Act, request: PageRequest) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = []
  for (let after: string | null = null; ; ) {
    const page: Page<T> = await perform(world, acting, operation, (act) => list(act, { first: 50, after }))
    all.push(...page.items)
    if (!page.hasNextPage) return all
    after = page.cursors.at(-1)!
  }
}

/** What of each of `expected` is shown, and that nothing else is. */
function check(
  { asker, purpose }: Asked,
  expected: readonly Placed[],
  found: readonly HandOffData[],
  now: number,
  count: Count,
  report: Report,
): void {
  const shown = new Map(found.map((handOff) => [handOff.id, sightOf(handOff)!]))
  for (const story of expected) {
    const sight = shown.get(story.id)
    shown.delete(story.id)
    count.worlds++
    for (const category of SHOWN) {
      const naive = maySee(asker, story, purpose, category, now)
      const database = sight?.get(category)?.allowed ?? false
      count.cells++
      if (naive) count.open++
      if (naive !== database) report({ asker, story, contact: null, purpose, category, now, naive, database, table: 'a list' })
    }
  }
  for (const id of shown.keys()) throw new Error(`${asker.role} was shown ${id}, which is not of ${asker.of}`)
}
