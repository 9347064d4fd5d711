// After a restore: what was withdrawn and erased is so again, and what faded fades again, until nothing is left.
import type { ClientBase } from 'pg'
import { PlainError } from '../errors.js'
import { type KeyRing, keyedHashes } from '../identity/pseudonym.js'
import type { PutAway } from './put-away.js'

const BATCH = 5000

export type Replayed = Readonly<{
  /** Lines whose hand-off is in this database, and those whose hand-off is not: offered after the backup was made. */
  known: number
  unknown: number
  /** Rows that were withdrawn or erased again. */
  changed: number
  faded: Readonly<Record<string, number>>
  /** What could not be brought about: none, or the copy is not fit for use. */
  left: number
}>

/** As the owner. Run again it changes nothing. @throws PlainError when lines were made with a key that is not in the ring */
export async function replay(client: ClientBase, keys: KeyRing, lines: readonly PutAway[]): Promise<Replayed> {
  const lost = new Set(lines.map(({ handOff }) => handOff.split(':')[0]!).filter((id) => !Object.hasOwn(keys.keys, id)))
  if (lost.size > 0) throw new PlainError(`The lines were made with the keys ${[...lost].join(', ')}, which are not in KEY_RING.`)
  const byHandOff = await handOffsOf(client, keys, lines)
  let changed = await sum(client, byHandOff, 'replay_put_away')
  changed += await first(client, 'SELECT replay_erasures() AS n')
  const faded: Record<string, number> = {}
  // The day of the database: nothing is due by any other.
  for (let done = -1; done !== 0; ) {
    done = 0
    for (let looked = 500; looked === 500; )
      looked = await first(client, 'SELECT erase_closed_context(current_date + 1, 500) AS n')
    const { rows } = await client.query<{ step: string }>('SELECT fading_steps() AS step')
    for (const { step } of rows)
      for (let things: number | null = -1; things !== 0; ) {
        things = await first(client, 'SELECT fade($1, current_date + 1, 1000) AS n', [step])
        if (things === null) throw new Error('another fades')
        done += things
        if (things > 0) faded[step] = (faded[step] ?? 0) + things
      }
  }
  const known = [...byHandOff.values()].reduce((sum, each) => sum + each.length, 0)
  return { known, unknown: lines.length - known, changed, faded, left: await sum(client, byHandOff, 'still_there') }
}

/** The lines, by the hand-off of this database that they are about. */
async function handOffsOf(client: ClientBase, keys: KeyRing, lines: readonly PutAway[]): Promise<Map<string, PutAway[]>> {
  const byHash = new Map<string, PutAway[]>()
  for (const line of lines) byHash.set(line.handOff, [...(byHash.get(line.handOff) ?? []), line])
  const found = new Map<string, PutAway[]>()
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM hand_off WHERE id > $1 ORDER BY id LIMIT $2', [
      last,
      BATCH,
    ])
    for (const { id } of rows) {
      const about = keyedHashes(keys, 'put-away', id).flatMap((hash) => byHash.get(hash) ?? [])
      if (about.length > 0) found.set(id, about)
    }
    const end = rows.at(-1)
    if (!end) return found
    last = end.id
  }
}

async function sum(
  client: ClientBase,
  byHandOff: ReadonlyMap<string, readonly PutAway[]>,
  what: 'replay_put_away' | 'still_there',
): Promise<number> {
  let all = 0
  for (const [id, lines] of byHandOff)
    for (const { kind, version, categories, until, dropsReserve } of lines)
      all += await first(client, `SELECT ${what}($1, $2, $3, $4, $5, $6) AS n`, [
        id,
        kind,
        version,
        categories,
        until,
        dropsReserve,
      ])
  return all
}

async function first(client: ClientBase, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ n: number }>(sql, values)
  return rows[0]!.n
}
