// What row-level security lets each capacity read, with every filter forgotten: whole tables at once, compared row by row.
import type { Client } from 'pg'
import { MAY_HOLD_SENSITIVE } from '#app/consent/consent.js'
import type { PartnerKind } from '#app/decide/decide.js'
import { signedAs } from '../support/signed.js'
import { type Asker, type Category, maySee, maySeeContact, type Purpose, type Role, type Story } from './naive.js'
import { policies, standsAt, today } from './product.js'
import type { Contact, Placed, Population } from './rows.js'

/** `codes`: those that a visitor, or several at once, have with them. */
export type Capacity = { databaseRole: string; role: Role; of: string; codes: readonly string[] }

type Table = { name: string; category: Category; id: string; isLine?: true }
const beside = (name: string, category: Category): Table => ({ name, category, id: 'hand_off_id' })
const TABLES: readonly Table[] = [
  { name: 'hand_off', category: 'reference', id: 'id' },
  beside('hand_off_event', 'progress'),
  beside('hand_off_logistics', 'logistics'),
  beside('hand_off_routing', 'routing'),
  beside('hand_off_question', 'question'),
  beside('hand_off_next_step', 'question'),
  beside('hand_off_situation', 'situation'),
  beside('hand_off_sensitive', 'sensitive'),
  beside('hand_off_note', 'note'),
  { ...beside('hand_off_outcome', 'outcome'), isLine: true },
  { ...beside('hand_off_staff', 'staff'), isLine: true },
  { ...beside('hand_off_remark', 'internal'), isLine: true },
]
const CONTACT_TABLES: readonly Table[] = [
  { name: 'visitor_contact', category: 'logistics', id: 'id' },
  ...(['reference', 'routing', 'question', 'situation', 'note'] as const).map((category) => ({
    name: `visitor_contact_${category}`,
    category,
    id: 'contact_id',
  })),
]

/** Eight places of the id, and two of the line where one hand-off has many. */
const keyOf = (id: string) => id.slice(-8)
const lineKey = (id: string, number: number) => keyOf(id) + number.toString(16).padStart(2, '0')

export type Read = Map<string, Set<string>>

const statements = new Map<string, string>()

/** Which tables a database role may read at all; of the others it reads nothing. */
async function statementFor(client: Client, databaseRole: string): Promise<string> {
  const known = statements.get(databaseRole)
  if (known !== undefined) return known
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND has_table_privilege($1, c.oid, 'SELECT')`,
    [databaseRole],
  )
  const columns = [...TABLES, ...CONTACT_TABLES]
    .filter((table) => rows.some(({ name }) => name === table.name))
    .map(({ name, id, isLine }) => {
      const key = isLine ? `right(${id}::text, 8) || lpad(to_hex(number), 2, '0')` : `right(${id}::text, 8)`
      return `(SELECT string_agg(${key}, '') FROM ${name}) AS ${name}`
    })
  const statement = columns.length > 0 ? `SELECT ${columns.join(', ')}` : ''
  statements.set(databaseRole, statement)
  return statement
}

/** `client` logs in as the server, or is in a transaction of the superuser's. */
export async function readAs(client: Client, capacity: Capacity, purpose: Purpose, now: number, inside = false): Promise<Read> {
  const { databaseRole, role, of, codes } = capacity
  const statement = await statementFor(client, databaseRole)
  const read: Read = new Map()
  if (!statement) return read
  const organisation = role === 'CODE_HOLDER' ? '' : of
  const codeHashes = codes.map((code) => `k1:${code}`)
  const capacitySigned = signedAs({
    databaseRole,
    role,
    organisation,
    today: today(now),
    purpose,
    policyHash: policies.hash,
    codeHashes,
  })
  if (!inside) await client.query('BEGIN')
  await client.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [databaseRole, capacitySigned])
  const { rows } = await client.query<Record<string, string | null>>(statement)
  await client.query(inside ? 'RESET ROLE' : 'ROLLBACK')
  const [row] = rows
  for (const { name, isLine } of [...TABLES, ...CONTACT_TABLES]) {
    const keys = new Set<string>()
    const all = row?.[name] ?? ''
    for (let at = 0; at < all.length; at += isLine ? 10 : 8) keys.add(all.slice(at, at + (isLine ? 10 : 8)))
    read.set(name, keys)
  }
  return read
}

export type Difference = {
  asker: Asker
  story: Placed | null
  contact: Contact | null
  purpose: Purpose
  category: Category
  now: number
  naive: boolean
  database: boolean
  table: string
}
export type Count = { worlds: number; cells: number; open: number }

/** Somebody as the door would let them in; of an organisation that is neither side, as a werkcentrum's. */
export function capacityOf({ role, of }: Asker, story: Story): Capacity {
  const side = of === story.partner ? 'partner' : 'werkcentrum'
  const names: Record<Role, string> = {
    GUIDE: 'wo_guide',
    HANDLER: 'wo_handler',
    COORDINATOR: 'wo_coordinator',
    PRIVACY_OFFICER: `wo_officer_${side}`,
    SIGNATORY: `wo_signatory_${side}`,
    CODE_HOLDER: 'wo_visitor',
  }
  return { databaseRole: names[role], role, of, codes: role === 'CODE_HOLDER' ? [of] : [] }
}

/** One whole reading; a world counts once, with the `isFirst` of its purposes. */
export type Turn = { capacity: Capacity; purpose: Purpose; now: number; isFirst: boolean }

/** Every row that was read against what the naive reading says of it. `count` is added to; what is found is reported. */
export function compare(
  read: Read,
  { capacity: { role, of, codes }, purpose, now, isFirst }: Turn,
  { stories, contacts }: Population,
  count: Count,
  report: (difference: Difference) => void,
): void {
  const holds = new Set(codes)
  const isOwn = (story: Placed) =>
    role === 'CODE_HOLDER' ? holds.has(story.code) : [story.werkcentrum, story.partner].includes(of)
  const own = stories.filter((story) => isOwn(story) && standsAt(story, now).state)
  if (isFirst) count.worlds += own.length
  for (const { name: table, category, isLine } of TABLES) {
    const found = read.get(table) ?? new Set()
    for (const story of own) {
      if (table === 'hand_off_sensitive' && !MAY_HOLD_SENSITIVE.has(story.partnerKind as PartnerKind)) continue
      const asker: Asker = { role, of: role === 'CODE_HOLDER' ? story.code : of }
      for (const { key, by } of isLine ? linesOf(story, category, now) : [{ key: keyOf(story.id), by: undefined }]) {
        const naive = maySee(asker, story, purpose, category, now, by)
        const database = found.delete(key)
        count.cells++
        if (naive) count.open++
        if (naive !== database) report({ asker, story, contact: null, purpose, category, now, naive, database, table })
      }
    }
    // Whatever is left over was not theirs to read.
    for (const key of found) {
      const story = stories.find(({ id }) => keyOf(id) === key.slice(0, 8)) ?? null
      report({ asker: { role, of }, story, contact: null, purpose, category, now, naive: false, database: true, table })
    }
  }
  // Of contacts this wall guards whose row it is and which day, and no categories (prisma/wall.md): whether anything of it may be seen at all.
  if (purpose !== 'HELP') return
  for (const contact of contacts) {
    const naive = maySeeContact({ role, of }, contact, 'HELP', 'reference', now)
    for (const { name, category } of CONTACT_TABLES) {
      const database = read.get(name)?.has(keyOf(contact.id)) ?? false
      count.cells++
      if (naive) count.open++
      if (naive !== database)
        report({ asker: { role, of }, story: null, contact, purpose, category, now, naive, database, table: name })
    }
  }
}

/** Who wrote each line that stands there. */
function linesOf(story: Placed, category: Category, now: number): { key: string; by: string }[] {
  // One remark each, of the partner.
  if (category === 'internal') return [{ key: lineKey(story.id, 1), by: story.partner }]
  return standsAt(story, now).lines.flatMap(({ number, step, heardByDesk }) => {
    const isLine =
      category === 'staff'
        ? ['accept', 'recordFirstContact', 'complete', 'decline', 'return'].includes(step)
        : step === 'complete' || step === 'hearCompleted'
    return isLine ? [{ key: lineKey(story.id, number), by: heardByDesk ? story.werkcentrum : story.partner }] : []
  })
}
