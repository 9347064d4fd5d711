// A log to seal and to tamper with: a database and a folder of checkpoints of its own, and copies of both as they are at a moment.
import { randomBytes, randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { inject } from 'vitest'
import { loadSealKey, newSealKey, readerOf, type SealKey } from '#app/access-log/checkpoint.js'
import { keysOf } from '#app/access-log/checkpoint-file.js'
import { inMicroseconds, leafOf } from '#app/access-log/leaf.js'
import { type Sealer, sealLog } from '#app/access-log/seal.js'
import { type Verdict, type Verification, verify } from '#app/access-log/verify.js'
import { openDatabase } from '#app/database/door.js'
import { freshDatabase, onDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { arrangeSmallWorld, connected } from '../support/small-world.js'

export type Log = {
  database: TestDatabase
  folder: string
  key: SealKey
  /** The same, as SEAL_KEY holds it. */
  sealKey: string
  /** As the superuser, with triggers and foreign keys off. */
  run: (sql: string, ...values: unknown[]) => Promise<any[]>
  /** Seals as a server does, with a connection of its own. */
  seal: (batch?: number, more?: Partial<Sealer>) => Promise<number>
  check: (more?: Partial<Verification>) => Promise<Verdict>
  /** The same log once more, database and folder; nobody else may be connected to this one. */
  copy: () => Promise<Log>
  drop: () => Promise<void>
}

/** A log with nothing in it. */
export const emptyLog = async (): Promise<Log> => logIn(await freshDatabase(), newFolder(), JSON.stringify(await newSealKey()))

/** Leaves in each seal of the small world but the last. */
export const BATCH = 40

/** The records of a day and a half of work, in four seals. */
export async function sealedLog(): Promise<Log> {
  const log = await emptyLog()
  await arrangeSmallWorld(log.database)
  await log.seal(BATCH)
  return log
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'wo-checkpoints-'))

async function logIn(database: TestDatabase, folder: string, sealKey: string): Promise<Log> {
  const key = (await loadSealKey({ sealKey }))!
  let superuser: Client | undefined
  const hangUp = async () => {
    await superuser?.end()
    superuser = undefined
  }
  return {
    database,
    folder,
    key,
    sealKey,
    run: async (sql, ...values) => {
      if (!superuser) {
        superuser = await connected(database.adminUrl)
        await superuser.query('SET session_replication_role = replica')
      }
      return (await superuser.query(sql, values)).rows
    },
    seal: async (batch, more = {}) => {
      const server = openDatabase(database.serverUrl, { connections: 1 })
      return sealLog({ database: server, folder, key, now: () => new Date(), ...more }, batch).finally(() => server.$disconnect())
    },
    check: async (more = {}) => {
      const client = await connected(database.ownerUrl)
      const read = await readerOf(await keysOf(folder))
      return verify({ client, folder, read, keys: KEYS, ...more }).finally(() => client.end())
    },
    copy: async () => {
      await hangUp()
      const copied = newFolder()
      cpSync(folder, copied, { recursive: true })
      return logIn(await copyOf(database), copied, sealKey)
    },
    drop: async () => {
      await hangUp()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function copyOf({ adminUrl }: TestDatabase): Promise<TestDatabase> {
  const { ownerUrl, serverUrl, superuserUrl } = inject('cluster')
  const name = `test_${randomBytes(6).toString('hex')}`
  const superuser = await connected(onDatabase(superuserUrl, 'postgres'))
  await superuser.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(adminUrl).pathname.slice(1)} OWNER wo_owner`)
  await superuser.query(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`)
  return {
    ownerUrl: onDatabase(ownerUrl, name),
    serverUrl: onDatabase(serverUrl, name),
    adminUrl: onDatabase(superuserUrl, name),
    drop: async () => {
      await superuser.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await superuser.end()
    },
  }
}

/** A record of nobody's, with its leaf, in the transaction of this client. Returns its id. */
export async function writeRecord(client: Pick<Client, 'query'>, at = new Date(), keys = KEYS): Promise<string> {
  const id = randomUUID()
  const { rows } = await client.query<{ hash: string }>('SELECT hash FROM policy_version LIMIT 1')
  const record = { at: inMicroseconds(at), id, role: 'NOBODY', operation: 'me', purpose: 'OVERVIEW', policy_hash: rows[0]!.hash }
  await client.query(
    'INSERT INTO access_record (at, id, role, operation, purpose, policy_hash) VALUES ($1, $2, $3, $4, $5, $6)',
    Object.values(record),
  )
  const { hash, mac } = leafOf(keys, { record, parts: [], actor: null, processing: [] })
  await client.query('INSERT INTO log_leaf (at, record_id, hash, mac) VALUES ($1, $2, $3, $4)', [record.at, id, hash, mac])
  return id
}
