// A log to tamper with: the small world's records in four seals, signed, in a database that is copied for each test, with its file of checkpoints.
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import { loadSealKey, newSealKey, readerOf, type SealKey } from '#app/access-log/checkpoint.js'
import { keysOf } from '#app/access-log/checkpoint-file.js'
import { type Sealer, sealLog } from '#app/access-log/seal.js'
import { type Verdict, type Verification, verify } from '#app/access-log/verify.js'
import { openDatabase } from '#app/database/door.js'
import { freshDatabase, onDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { arrangeSmallWorld, connected } from '../support/small-world.js'

export const newKey = async (): Promise<SealKey> => (await loadSealKey({ sealKey: JSON.stringify(await newSealKey()) }))!

export type SealedLog = {
  database: TestDatabase
  folder: string
  key: SealKey
  /** A sealer on a database of its own connection; the last thing is to call `close`. */
  copy: () => Promise<Copy>
  drop: () => Promise<void>
}

/** A database and a folder of its own, as they were at the moment of copying. */
export type Copy = {
  /** The superuser, with triggers and foreign keys off and checks gone. */
  tamper: Client
  folder: string
  sealer: Sealer
  check: (more?: Partial<Verification>) => Promise<Verdict>
  drop: () => Promise<void>
}

/** Leaves in each of the first three seals; what is left is in the fourth. */
export const BATCH = 60

export async function sealedLog(): Promise<SealedLog> {
  const database = await freshDatabase()
  await arrangeSmallWorld(database)
  const folder = mkdtempSync(join(tmpdir(), 'wo-checkpoints-'))
  const key = await newKey()
  await seal(database, { folder, key, now: () => new Date() })
  return {
    database,
    folder,
    key,
    copy: () => copyOf(database, folder, key),
    drop: async () => {
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Seals with a connection that is gone afterwards, so that the database can be copied. */
export async function seal(database: { serverUrl: string }, sealer: Omit<Sealer, 'database'>, batch = BATCH): Promise<number> {
  const connection = openDatabase(database.serverUrl, { connections: 1 })
  return sealLog({ ...sealer, database: connection }, batch).finally(() => connection.$disconnect())
}

export async function copyOf(database: Pick<TestDatabase, 'adminUrl' | 'serverUrl'>, of: string, key: SealKey): Promise<Copy> {
  const { superuserUrl } = inject('cluster')
  const name = `test_${randomBytes(6).toString('hex')}`
  const maintenance = await connected(onDatabase(superuserUrl, 'postgres'))
  await maintenance.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(database.adminUrl).pathname.slice(1)} OWNER wo_owner`)
  const folder = mkdtempSync(join(tmpdir(), 'wo-checkpoints-'))
  cpSync(of, folder, { recursive: true })
  const tamper = await connected(onDatabase(database.adminUrl, name))
  await tamper.query('SET session_replication_role = replica')
  const server = openDatabase(onDatabase(database.serverUrl, name), { connections: 1 })
  return {
    tamper,
    folder,
    sealer: { database: server, folder, key, now: () => new Date() },
    check: async (more = {}) => {
      const client = new Client({ connectionString: onDatabase(inject('cluster').ownerUrl, name) })
      await client.connect()
      const read = await readerOf(await keysOf(folder))
      return verify({ client, folder, read, keys: KEYS, ...more }).finally(() => client.end())
    },
    drop: async () => {
      await tamper.end()
      await server.$disconnect()
      await maintenance.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await maintenance.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
