// Records of before there were leaves get one, once, by who has the keys: so that the first seals cover them too.
import type { ClientBase } from 'pg'
import { PlainError } from '../errors.js'
import type { KeyRing } from '../identity/pseudonym.js'
import { leafOf } from './leaf.js'
import { rowsOf, type StoredLeaf, storedColumns } from './stored.js'

const BATCH = 1000

/**
 * As the owner. Returns how many got one. Once there is a seal, a record without a leaf is one that somebody put there: it is left for who verifies.
 * @throws PlainError
 */
export async function adoptRecords(client: ClientBase, keys: KeyRing): Promise<number> {
  const { rowCount } = await client.query('SELECT FROM log_seal LIMIT 1')
  if (rowCount) return 0
  const columns = await storedColumns(client)
  for (let adopted = 0; ; ) {
    const { rows } = await client.query<StoredLeaf>(
      `SELECT ${columns} FROM (SELECT r.at, r.id AS record_id FROM access_record r
         WHERE NOT EXISTS (SELECT FROM log_leaf f WHERE f.at = r.at AND f.record_id = r.id) ORDER BY r.at, r.id LIMIT ${BATCH}) l`,
    )
    const leaves = rows.map((row) => {
      const found = rowsOf(row)
      if (typeof found === 'string') throw new PlainError(`Record ${row.id} of ${row.at} cannot get a leaf: ${found}.`)
      return leafOf(keys, found)
    })
    await client.query(
      `INSERT INTO log_leaf (at, record_id, hash, mac)
       SELECT * FROM unnest($1::timestamptz[], $2::uuid[], $3::bytea[], $4::text[]) ON CONFLICT DO NOTHING`,
      [rows.map(({ at }) => at), rows.map(({ id }) => id), leaves.map(({ hash }) => hash), leaves.map(({ mac }) => mac)],
    )
    adopted += rows.length
    if (rows.length < BATCH) return adopted
  }
}
