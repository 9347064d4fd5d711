// The PostgreSQL child: one holder, nothing left over, nothing touched that another version made.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Embedded, startEmbedded, superuserUrl } from '#app/database/embedded.js'
import { noteUrl, processStart } from '#app/database/holder.js'

let folder: string
let running: Embedded | undefined
let holder: ChildProcess | undefined

// One folder for all: making a cluster costs a second, starting it again a moment.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warme-overdracht-'))
  chmodSync(folder, 0o755)
})

afterEach(async () => {
  holder?.kill('SIGKILL')
  await running?.stop()
  running = holder = undefined
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = async (announce?: (sentence: string) => void) => {
  running = await startEmbedded({ folder, ...(announce && { announce }) })
  return running
}

const ask = async (url: string, sql: string) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const postmaster = () => Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])

/** Another process that holds the folder; it prints a line when its PostgreSQL runs. */
async function startHolder() {
  const embedded = import.meta.resolve('#app/database/embedded.js')
  const noting = import.meta.resolve('#app/database/holder.js')
  const code = `
    import { startEmbedded } from '${embedded}'
    import { noteUrl } from '${noting}'
    const folder = ${JSON.stringify(folder)}
    await startEmbedded({ folder })
    noteUrl(folder, 'http://localhost:4000/start')
    console.log('ready')
    setInterval(() => {}, 1000)`
  holder = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout!, 'data')
  return holder
}

test('the owner may make roles and hand them to the server, and neither is a superuser', async () => {
  const { ownerUrl, serverUrl, major } = await start()
  await ask(ownerUrl, 'create role guide nologin; grant guide to wo_server; create table t (a text); grant select on t to guide')
  expect(await ask(serverUrl, 'set role guide; select 1').then(() => true)).toBe(true)
  await expect(ask(serverUrl, 'select * from t')).rejects.toThrow('permission denied')
  await expect(ask(serverUrl, 'create table u (a text)')).rejects.toThrow('permission denied')
  const roles = await ask(
    ownerUrl,
    `select rolname, rolsuper or rolbypassrls or rolreplication as mighty from pg_roles where rolname like 'wo_%' order by 1`,
  )
  expect(roles).toEqual([
    { rolname: 'wo_owner', mighty: false },
    { rolname: 'wo_server', mighty: false },
  ])
  const [database] = await ask(
    ownerUrl,
    `select datlocprovider, pg_encoding_to_char(encoding) as encoding, pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()`,
  )
  expect(database).toEqual({ datlocprovider: major >= 17 ? 'b' : 'c', encoding: 'UTF8', owner: 'wo_owner' })
})

test('it is durable, checks its pages, listens on loopback only, and writes no statements to its log', async () => {
  const { ownerUrl, port } = await start()
  const settings = await ask(
    superuserUrl(folder, port),
    `select string_agg(name || '=' || setting, ' ' order by name) as all from pg_settings
     where name in ('fsync', 'data_checksums', 'listen_addresses', 'unix_socket_directories', 'synchronous_commit')`,
  )
  expect(settings[0].all).toBe(
    'data_checksums=on fsync=on listen_addresses=127.0.0.1 synchronous_commit=on unix_socket_directories=',
  )
  await expect(ask(ownerUrl, `select 'Fatima'::int`)).rejects.toThrow()
  await ask(ownerUrl, 'create table once (name text unique)')
  await expect(ask(ownerUrl, `insert into once values ('Fatima'), ('Fatima')`)).rejects.toThrow()
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).not.toMatch(/insert into|\(Fatima\)/)
})

test('passwords are for the owner of the folder only', async () => {
  await start()
  expect(statSync(join(folder, 'keys', 'postgres.json')).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700)
})

test('stop is clean, and leaves nothing but the data', async () => {
  const { stop } = await start()
  const pid = postmaster()
  await Promise.all([stop(), stop()])
  expect(processStart(pid)).toBeUndefined()
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toContain('database system is shut down')
  expect(readdirSync(folder).sort()).toEqual(['keys', 'postgres', 'postgres-major', 'postgres.log'])
})

test('what was written is there at the next start', async () => {
  const { ownerUrl, stop } = await start()
  await ask(ownerUrl, `create table written (a text); insert into written values ('yes')`)
  await stop()
  expect(await ask((await start()).ownerUrl, 'select a from written')).toEqual([{ a: 'yes' }])
})

test('a second live server on the folder is refused, and the holder is named', async () => {
  const { pid } = await startHolder()
  await expect(startEmbedded({ folder })).rejects.toThrow(
    new RegExp(`process ${pid}, started at .*, at http://localhost:4000/start`),
  )
  expect(processStart(postmaster())).toBeDefined()
})

test('of many that start at once, one gets the folder', async () => {
  await (await start()).stop()
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ pid: 2 ** 22 + 1, processStart: 'x', startedAt: '' }))
  const tries = await Promise.allSettled([1, 2, 3, 4, 5].map(() => startEmbedded({ folder })))
  const winners = tries.filter((one) => one.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  running = winners[0]!.value
})

test('a PostgreSQL left by a killed server is stopped, and nothing that was acknowledged is lost', async () => {
  const killed = await startHolder()
  const left = postmaster()
  const { superuser } = JSON.parse(readFileSync(join(folder, 'keys', 'postgres.json'), 'utf8'))
  const port = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3]
  await ask(
    `postgresql://postgres:${superuser}@127.0.0.1:${port}/warme_overdracht`,
    `create table kept as select 'yes' as a; grant select on kept to wo_owner`,
  )
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  expect(processStart(left)).toBeDefined()

  const { ownerUrl } = await start()
  expect(processStart(left)).toBeUndefined()
  expect(await ask(ownerUrl, 'select a from kept')).toEqual([{ a: 'yes' }])
})

test('a recycled process number is neither taken for the holder nor for PostgreSQL', async () => {
  await (await start()).stop()
  const stranger = spawn('sleep', ['60'])
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ pid: stranger.pid, processStart: 'another', startedAt: '' }))
  writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${stranger.pid}\n${join(folder, 'postgres')}\n1\n1\n`)
  await start()
  expect(processStart(stranger.pid!)).toBeDefined()
  stranger.kill()
})

test('a lock file that its writer never finished is taken over', async () => {
  writeFileSync(join(folder, 'server.json'), '')
  await start()
  noteUrl(folder, 'http://localhost:1/', { pages: true })
  expect(JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'))).toMatchObject({
    pid: process.pid,
    url: 'http://localhost:1/',
    pages: true,
  })
})

test('data of another major version is refused in plain words, before anything is touched', async () => {
  const { major, stop } = await start()
  await stop()
  writeFileSync(join(folder, 'postgres-major'), '14\n')
  const before = readdirSync(folder)
  await expect(startEmbedded({ folder })).rejects.toThrow(
    new RegExp(`made by PostgreSQL 14, and .* is PostgreSQL ${major}.*dump`),
  )
  expect(readdirSync(folder)).toEqual(before)
  writeFileSync(join(folder, 'postgres-major'), `${major}\n`)
})

test('an interrupted first start is simply done again', async () => {
  await (await start()).stop()
  renameSync(join(folder, 'postgres'), join(folder, 'postgres.new'))
  await start()
  expect(existsSync(join(folder, 'postgres.new'))).toBe(false)
})

test('when PostgreSQL dies by itself, that is announced, and stop still returns', async () => {
  const heard: string[] = []
  const { stop } = await start((sentence) => heard.push(sentence))
  process.kill(postmaster(), 'SIGKILL')
  await expect.poll(() => heard.length).toBeGreaterThan(0)
  expect(heard[0]).toMatch(/PostgreSQL stopped by itself \(SIGKILL\)\. Its log: .*postgres\.log/)
  await stop()
  await start()
})

test('a folder that the user of PostgreSQL may not enter is named, with the way out', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('only root runs PostgreSQL as another user')
  const closed = join(folder, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  await expect(startEmbedded({ folder: join(closed, 'inner') })).rejects.toThrow(`may not enter ${closed}. Put`)
  await expect(startEmbedded({ folder: join(closed, 'inner') })).rejects.toThrow('DATABASE_URL')
})
