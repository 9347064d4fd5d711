// Migrations: in order, once, whole or not at all, and recorded as Prisma records them.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { migrate } from '#app/database/migrate.js'
import { onDatabase } from '../support/database.js'

let folder: string
let ownerUrl: string
let client: Client

// An empty database, because the template is migrated already.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'))
  writeFileSync(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n')
  await asOwner('create database empty_for_migrate template template0')
  ownerUrl = onDatabase(inject('cluster').ownerUrl, 'empty_for_migrate')
  client = new Client({ connectionString: ownerUrl })
  await client.connect()
})

afterEach(async () => {
  await client.end()
  await asOwner('drop database empty_for_migrate with (force)')
  rmSync(folder, { recursive: true, force: true })
})

async function asOwner(sql: string) {
  const owner = new Client({ connectionString: onDatabase(inject('cluster').ownerUrl, 'postgres') })
  await owner.connect()
  await owner.query(sql).finally(() => owner.end())
}

function write(name: string, sql: string) {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'migration.sql'), sql)
}

const rows = async (sql: string) => (await client.query(sql)).rows

test('they are applied in order, each once', async () => {
  write('20260102_second', 'alter table t add b text;')
  write('20260101_first', 'create table t (a text);')
  expect(await migrate({ ownerUrl, folder })).toEqual(['20260101_first', '20260102_second'])
  expect(await migrate({ ownerUrl, folder })).toEqual([])
  write('20260103_third', 'alter table t add c text;')
  expect(await migrate({ ownerUrl, folder })).toEqual(['20260103_third'])
})

test("the record has Prisma's columns and checksums", async () => {
  const sql = 'create table t (a text); -- één'
  write('20260101_first', sql)
  await migrate({ ownerUrl, folder })
  const [{ id, started_at, finished_at, ...record }] = await rows('select * from _prisma_migrations')
  expect(record).toEqual({
    checksum: createHash('sha256').update(sql).digest('hex'),
    migration_name: '20260101_first',
    logs: null,
    rolled_back_at: null,
    applied_steps_count: 1,
  })
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect(finished_at >= started_at).toBe(true)
})

test('an applied migration may not change, except for its line endings', async () => {
  write('20260101_first', 'create table t (\n  a text\n);\n')
  await migrate({ ownerUrl, folder })
  write('20260101_first', 'create table t (\r\n  a text\r\n);\r\n')
  expect(await migrate({ ownerUrl, folder })).toEqual([])
  write('20260101_first', 'create table t (\n  a text not null\n);\n')
  write('20260102_second', 'create table u (a text);')
  await expect(migrate({ ownerUrl, folder })).rejects.toThrow('20260101_first was changed after it was applied')
  expect(await rows(`select to_regclass('u') as u`)).toEqual([{ u: null }])
})

test('a failed migration is named with its line, nothing of it is kept, and it can be mended', async () => {
  write('20260101_first', 'create table t (a text);')
  write('20260102_second', 'create table u (a text);\nalter table nowhere add b text;')
  write('20260103_third', 'create table v (a text);')
  await expect(migrate({ ownerUrl, folder })).rejects.toThrow(
    /^Migration 20260102_second failed.*"nowhere" does not exist\. Nothing of it was kept\.$/,
  )
  expect(await rows(`select to_regclass('t')::text as t, to_regclass('u') as u, to_regclass('v') as v`)).toEqual([
    { t: 't', u: null, v: null },
  ])
  expect(await rows('select migration_name as name from _prisma_migrations')).toEqual([{ name: '20260101_first' }])
  write('20260102_second', 'create table u (a text);\nselect 1 +;')
  await expect(migrate({ ownerUrl, folder })).rejects.toThrow('20260102_second failed, line 2: syntax error')
  write('20260102_second', 'create table u (a text);')
  expect(await migrate({ ownerUrl, folder })).toEqual(['20260102_second', '20260103_third'])
})

test('one that Prisma left unfinished must be resolved first', async () => {
  write('20260101_first', 'create table t (a text);')
  await migrate({ ownerUrl, folder })
  await client.query('update _prisma_migrations set finished_at = null')
  await expect(migrate({ ownerUrl, folder })).rejects.toThrow('20260101_first was begun by Prisma and did not finish')
})

test('two releases at once become one after the other', async () => {
  write('20260101_first', 'select pg_sleep(0.2); create table t (a text);')
  const both = await Promise.all([migrate({ ownerUrl, folder }), migrate({ ownerUrl, folder })])
  expect(both.flat()).toEqual(['20260101_first'])
})
