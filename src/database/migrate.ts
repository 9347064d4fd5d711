// Applies prisma/migrations and keeps Prisma's own record of it, so that `prisma migrate deploy` agrees in both directions.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, type DatabaseError } from 'pg'
import { PlainError } from '../errors.js'

/** The lock that Prisma takes too: two releases at once become one after the other. */
const LOCK = 72707369

const RECORD = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`

/**
 * Brings the database up to date, each migration in its own transaction, and returns the names that it applied.
 * @throws PlainError that names the migration which failed, or which was changed after it was applied
 */
export async function migrate({
  ownerUrl,
  folder = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url)),
}: {
  ownerUrl: string
  folder?: string
}): Promise<string[]> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `set lock_timeout = '60s'; select pg_advisory_lock(${LOCK}); reset lock_timeout; set client_min_messages = warning; ${RECORD}`,
    )
    const recorded = await client.query<{ name: string; checksum: string; finished: boolean }>(
      `select migration_name as name, checksum, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null`,
    )
    const applied: string[] = []
    for (const { name, sql } of readMigrations(folder)) {
      const before = recorded.rows.filter((row) => row.name === name)
      if (before.some(({ finished }) => !finished))
        throw new PlainError(
          `Migration ${name} was begun by Prisma and did not finish. Resolve it first (prisma migrate resolve).`,
        )
      if (before.some(({ checksum }) => !checksums(sql).includes(checksum)))
        throw new PlainError(`Migration ${name} was changed after it was applied. Put it back as it was, and write a new one.`)
      if (before.length > 0) continue
      await apply(client, name, sql)
      applied.push(name)
    }
    return applied
  } finally {
    await client.end()
  }
}

async function apply(client: Client, name: string, sql: string) {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), sha256(sql), name],
    )
    await client.query('commit')
  } catch (fault) {
    await client.query('rollback').catch(() => {})
    const { message, position } = fault as DatabaseError
    const line = position ? `, line ${sql.slice(0, Number(position)).split('\n').length}` : ''
    throw new PlainError(`Migration ${name} failed${line}: ${message}. Nothing of it was kept.`, { cause: fault })
  }
}

function readMigrations(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** As Prisma does: line endings of another system are no change. */
function checksums(sql: string) {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sql, unix, unix.replaceAll('\n', '\r\n')].map(sha256)
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
