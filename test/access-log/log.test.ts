// `npm run log --`: what each command says and with which exit code, against a given database and against the embedded one; and never a secret.
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded } from '#app/database/embedded.js'
import { release } from '#app/database/release.js'
import { loadKeyRing } from '#app/identity/pseudonym.js'
import { KEY_RING } from '../support/keys.js'
import { connected } from '../support/small-world.js'
import { emptyLog, type Log, writeRecord } from './sealed.js'

const LOG = fileURLToPath(new URL('../../dist/access-log/log.js', import.meta.url))

async function run(env: Record<string, string>, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [LOG, ...args], {
    env: { PATH: process.env.PATH, POSTGRES_BIN: process.env.POSTGRES_BIN, ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...said }
}

async function write(url: string, count: number) {
  const client = await connected(url)
  for (let n = 0; n < count; n++) await writeRecord(client)
  await client.end()
}

describe('against a given database', () => {
  let log: Log
  let elsewhere: string
  beforeAll(async () => {
    log = await emptyLog()
    elsewhere = mkdtempSync(join(tmpdir(), 'wo-elsewhere-'))
    await write(log.database.ownerUrl, 5)
  })
  afterAll(async () => {
    rmSync(elsewhere, { recursive: true, force: true })
    await log.drop()
  })
  const owner = (more = {}) => ({ DATABASE_OWNER_URL: log.database.ownerUrl, CHECKPOINT_FOLDER: log.folder, KEY_RING, ...more })
  const sealer = (more = {}) => ({
    DATABASE_URL: log.database.serverUrl,
    CHECKPOINT_FOLDER: log.folder,
    SEAL_KEY: log.sealKey,
    ...more,
  })

  test('verify says before the first seal that nothing is confirmed', async () => {
    const { code, out } = await run(owner(), 'verify')
    expect([code, out]).toEqual([0, expect.stringContaining('There is no checkpoint')])
    expect(out).toContain('5 are younger, and under no checkpoint: that one of them was changed or put in would show')
    expect((await run(owner({ KEY_RING: '' }), 'verify')).out).toContain('nothing would show of them, for no key ring was given')
    expect(await run(owner(), 'checkpoint')).toMatchObject({ code: 1, err: expect.stringContaining('There is no checkpoint in') })
  })

  test('seal seals and signs with the server’s login, and needs neither owner nor key ring', async () => {
    expect(await run(sealer(), 'seal')).toMatchObject({ code: 0, out: expect.stringContaining('Seals made: 1.') })
    const { code, out } = await run(owner(), 'verify')
    expect([code, out]).toEqual([0, expect.stringContaining('5 of these records are under it.')])
    expect(out).toContain('The log is sound: 5 records and 1 seal as')
  })

  test('seal with the key ring keeps withdrawals beside the checkpoints, as a server that seals does; without it they wait', async () => {
    const [{ id }] = await log.run('SELECT gen_random_uuid() AS id')
    await log.run(`INSERT INTO put_away (hand_off_id, kind, version, categories) VALUES ($1, 'WITHDRAWN', 2, '{}')`, id)
    expect((await run(sealer(), 'seal')).out).toContain('none, for want of KEY_RING')
    expect((await run(sealer({ KEY_RING }), 'seal')).out).toContain('Withdrawals kept outside the database: 1.')
    const lines = readFileSync(join(log.folder, 'withdrawals.jsonl'), 'utf8')
    expect(lines).toContain('"kind":"WITHDRAWN"')
    expect(lines).not.toContain(id)
    expect((await run(sealer({ KEY_RING }), 'seal')).out).toContain('Withdrawals kept outside the database: 0.')
  })

  test('checkpoint prints a line that verify takes from who kept it, with the keys that they kept', async () => {
    const { code, out: token } = await run(owner(), 'checkpoint')
    expect([code, token]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)])
    cpSync(join(log.folder, 'keys.json'), join(elsewhere, 'keys.json'))
    await write(log.database.ownerUrl, 2)
    await run(sealer(), 'seal')
    const kept = ['--keys', join(elsewhere, 'keys.json'), '--checkpoint', token]
    expect(await run(owner(), 'verify', ...kept)).toMatchObject({ code: 0, out: expect.stringContaining('of seal 1, fits.') })
    await log.run('UPDATE log_seal SET size = 4 WHERE number = 1')
    const found = await run(owner(), 'verify', ...kept)
    expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/^THE LOG IS NOT AS IT WAS WRITTEN: \d faults/) })
    await log.run('UPDATE log_seal SET size = 5 WHERE number = 1')
  })

  test('verify exits with 1 and names the first bad record; what is in a record is never repeated', async () => {
    const [{ id }] = await log.run('SELECT record_id AS id FROM log_leaf WHERE seal = 1 AND place = 3')
    await log.run(`UPDATE access_record SET operation = 'geheim' WHERE id = $1`, id)
    const { code, out, err } = await run(owner(), 'verify')
    expect(code).toBe(1)
    expect(out).toMatch(new RegExp(`The first: record ${id} of .*Z, seal 1, place 3: it is not as it was written`))
    expect(out + err).not.toContain('geheim')
    await log.run(`UPDATE access_record SET operation = 'me' WHERE id = $1`, id)
    expect((await run(owner(), 'verify')).code).toBe(0)
  })

  test('a restore is accepted by name, once', async () => {
    const before = await log.copy()
    await write(log.database.ownerUrl, 2)
    await run(sealer(), 'seal')
    cpSync(join(log.folder, 'checkpoints.txt'), join(before.folder, 'checkpoints.txt'))
    const back = { CHECKPOINT_FOLDER: before.folder, DATABASE_URL: before.database.serverUrl }
    expect(await run(sealer(back), 'seal')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^The database is older than the checkpoints/),
    })
    expect(await run(sealer(back), 'accept-restore')).toMatchObject({
      code: 0,
      out: expect.stringContaining('from seal 3 to seal 2; sealed records given up: 2'),
    })
    expect(await run(sealer(back), 'seal')).toMatchObject({ code: 0 })
    expect(await run(sealer(back), 'accept-restore')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing to accept'),
    })
    await before.drop()
  })

  test('expire says of how many seals the records went', async () => {
    expect(await run(sealer(), 'expire')).toMatchObject({
      code: 0,
      out: 'Seals whose records were over their term, and are gone: 0.\n',
    })
  })

  test('new-key makes a key that seal takes, each time another', async () => {
    const [{ out: one }, { out: other }] = [await run({}, 'new-key'), await run({}, 'new-key')]
    expect(one).not.toBe(other)
    expect(await run(sealer({ SEAL_KEY: one }), 'seal')).toMatchObject({ code: 0 })
    expect((await run(owner(), 'verify')).code).toBe(0)
  })

  test('faults are one line, without a secret', async () => {
    const wrong = Object.assign(new URL(log.database.ownerUrl), { password: 'geheim' }).href
    const away = Object.assign(new URL(log.database.serverUrl), { port: '1', password: 'geheim' }).href
    for (const [env, ...args] of [
      [owner({ DATABASE_OWNER_URL: wrong }), 'verify'],
      [owner({ DATABASE_OWNER_URL: log.database.serverUrl }), 'verify'],
      [owner(), 'verify', '--keys', join(elsewhere, 'nothing.json')],
      [owner({ KEY_RING: 'geheim' }), 'verify'],
      [sealer({ DATABASE_URL: away }), 'seal'],
      [sealer({ SEAL_KEY: 'geheim' }), 'seal'],
      [sealer({ SEAL_KEY: '' }), 'seal'],
    ] as [Record<string, string>, ...string[]][]) {
      const { code, out, err } = await run(env, ...args)
      expect([args, code, out], err).toEqual([args, 1, ''])
      expect(err.trim().split('\n'), err).toHaveLength(1)
      expect(err).not.toMatch(/geheim| {4}at /)
      expect(err).not.toContain(JSON.parse(log.sealKey).d)
    }
  })

  test.each([[], ['nonsense'], ['__proto__'], ['seal', 'more'], ['verify', '--keys'], ['verify', '--what', 'x']])(
    'an unknown command or option (%s %s) says which there are',
    async (...args) => {
      expect(await run(owner(), ...(args as string[]))).toMatchObject({ code: 1, err: expect.stringContaining('log -- verify') })
    },
  )
})

describe('against the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wo-embedded-log-'))
  chmodSync(folder, 0o755)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const env = { DATA_FOLDER: folder }

  test('there is none before the server was started once', async () => {
    expect(await run(env, 'verify')).toMatchObject({ code: 1, err: expect.stringContaining('There is no database in') })
    expect(await run(env, 'seal')).toMatchObject({ code: 1, err: expect.stringContaining('There is no database in') })
  })

  test('it is reached while a server runs on it, and started for the check when none does; with the keys of its own folder', async () => {
    const embedded = await startEmbedded({ folder })
    await release({ ...embedded, keys: loadKeyRing({ dataFolder: folder }) })
    const keys = loadKeyRing({ dataFolder: folder })
    const client = await connected(embedded.ownerUrl)
    await writeRecord(client, new Date(), keys)
    await client.end()
    expect(await run(env, 'seal')).toMatchObject({ code: 0, out: expect.stringContaining('Seals made: 1.') })
    expect(await run(env, 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('1 of these records are under it') })
    // The server that runs on it is still there.
    expect(
      (await connected(embedded.ownerUrl).then((again) => again.query('SELECT 1').finally(() => again.end()))).rowCount,
    ).toBe(1)
    await embedded.stop()
    expect(await run(env, 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('1 of these records are under it') })
    expect(JSON.parse(readFileSync(join(folder, 'keys', 'seal.json'), 'utf8'))).toMatchObject({ kty: 'OKP', crv: 'Ed25519' })
    // And nothing was left running.
    const once = await startEmbedded({ folder })
    await once.stop()
  })

  test('checkpoints that are lost with their folder are missed', async () => {
    rmSync(join(folder, 'checkpoints'), { recursive: true })
    mkdirSync(join(folder, 'checkpoints'))
    writeFileSync(join(folder, 'checkpoints', 'keys.json'), '{"keys":[]}')
    expect(await run(env, 'verify')).toMatchObject({ code: 1, out: expect.stringContaining('nothing confirms the seals') })
  })
})
