// Reading the whole log as of one moment and in order, with as much memory as one page takes.
import type { ClientBase } from 'pg'
import { PlainError } from '../errors.js'
import { OF_THE_LOG } from './shape.js'
import { instantText, OF_A_RECORD, type StoredLeaf, storedColumns } from './stored.js'
import { LOCK, type Seal } from './tree.js'

/** Rows at a time. */
const PAGE = 1000

export type LeafRow = StoredLeaf & { seal: number | null; place: number | null; hash: string; mac: string }
/** A row that hangs on no leaf. */
export type Orphan = { table: string; at: string | null; id: string | null }

/**
 * Begins the transaction in which everything is read, past row-level security; `atThatMoment` runs while nobody seals or expires, so that what it
 * finds outside the database is of the same moment.
 */
export async function beginReading<T>(client: ClientBase, atThatMoment: () => Promise<T>): Promise<T> {
  await client.query(`SET lock_timeout = '60s'; SET statement_timeout = 0`)
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]).catch((fault) => {
    throw new PlainError('Somebody has been sealing for a minute: try again, or see who holds the lock (pg_locks).', {
      cause: fault,
    })
  })
  // Functions and operators of PostgreSQL alone: what somebody put beside them is not found.
  await client.query('SET search_path = pg_catalog, pg_temp')
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($1) AND relkind IN ('r', 'p', 'v')`,
    [OF_THE_LOG],
  )
  const there = rows.map(({ name }) => name)
  if (!there.includes('log_seal') || !there.includes('log_leaf'))
    throw new PlainError(
      'This database does not know seals. Run the release step first (npm run release), or start the server once.',
    )
  // An error where somebody put row-level security before the owner too, instead of rows that are not shown. And locked before the snapshot is
  // taken: the tables that are looked at (shape.ts) are those that are read.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off')
  await client.query(`LOCK TABLE ${there.map((name) => `public.${name}`).join(', ')} IN ACCESS SHARE MODE; SELECT`)
  const found = await atThatMoment()
  await client.query('SELECT pg_advisory_unlock($1)', [LOCK])
  return found
}

/** The first rows of each table that hang on no leaf, and how many there are. */
export async function orphansIn(client: ClientBase): Promise<{ orphans: Orphan[]; all: number }> {
  const orphans: Orphan[] = []
  let all = 0
  for (const { table, id } of OF_A_RECORD) {
    const { rows } = await client.query<Orphan & { all: number }>(
      `SELECT '${table}' AS table, ${instantText('t.at')} AS at, t.${id}::text AS id, count(*) OVER ()::float8 AS all FROM public.${table} t
       WHERE NOT EXISTS (SELECT FROM public.log_leaf l WHERE l.at = t.at AND l.record_id = t.${id}) ORDER BY t.at, t.${id} LIMIT ${PAGE}`,
    )
    all += rows[0]?.all ?? 0
    orphans.push(...rows.map(({ table, at, id }) => ({ table, at, id })))
  }
  return { orphans, all }
}

/** To be asked for before the pages: in order from the indexes, for sorting fifty million rows first would take a disk. */
export const inOrder = (client: ClientBase) =>
  client.query(`SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_bitmapscan = off;
    SET LOCAL enable_seqscan = off; SET LOCAL jit = off`)

export const sealsIn = (client: ClientBase): AsyncGenerator<Seal> =>
  pages(
    client,
    'seals',
    `SELECT number::float8, ${instantText('sealed_at')} AS "sealedAt", size, records::float8, ${instantText('last_at')} AS "lastAt",
       encode(root, 'hex') AS root, encode(previous, 'hex') AS previous, encode(hash, 'hex') AS hash FROM public.log_seal ORDER BY log_seal.number`,
  )

/** The leaves with their rows: those that are sealed in the order of their places, or the others in the order of time. */
export async function* leavesIn(client: ClientBase, which: 'sealed' | 'unsealed'): AsyncGenerator<LeafRow> {
  const columns = `${await storedColumns(client)}, l.seal::float8, l.place, encode(l.hash, 'hex') AS hash, l.mac`
  yield* pages<LeafRow>(
    client,
    which,
    which === 'sealed'
      ? `SELECT ${columns} FROM public.log_leaf l WHERE l.seal IS NOT NULL ORDER BY l.seal, l.place`
      : `SELECT ${columns} FROM public.log_leaf l WHERE l.seal IS NULL ORDER BY l.at, l.record_id`,
  )
}

async function* pages<T extends object>(client: ClientBase, name: string, statement: string): AsyncGenerator<T> {
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${statement}`)
  for (;;) {
    const { rows } = await client.query<T>(`FETCH ${PAGE} FROM ${name}`)
    yield* rows
    if (rows.length < PAGE) return
  }
}

/** A sequence whose next item can be looked at before it is taken. */
export type Ahead<T> = { next: T | undefined; take: () => Promise<void> }

export async function ahead<T>(items: AsyncIterator<T>): Promise<Ahead<T>> {
  const read = async () => {
    const { value, done } = await items.next()
    return done ? undefined : (value as T)
  }
  const sequence: Ahead<T> = {
    next: await read(),
    take: async () => {
      sequence.next = await read()
    },
  }
  return sequence
}
