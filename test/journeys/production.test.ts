// As in production: given databases, a given issuer, NODE_ENV=production, and nothing of the embedded run.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSealKey } from '#app/access-log/checkpoint.js'
import { ACCOUNTS, issuerAccount } from '#app/identity/accounts.js'
import { startIssuer } from '#app/identity/issuer.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'

const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wo-production-'))
const AUDIENCE = 'urn:warme-overdracht:api'
const KEY_RING = JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64url') } })

let fresh: TestDatabase
let issuer: Awaited<ReturnType<typeof startIssuer>>
beforeAll(async () => {
  fresh = await freshDatabase()
  issuer = await startIssuer({ accounts: ACCOUNTS.map(issuerAccount), dataFolder: join(folder, 'issuer'), audience: AUDIENCE })
})
afterAll(async () => {
  await issuer.stop()
  await fresh.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a program until it ends, or until it says `until`; then it is stopped in order. */
async function run(
  file: string,
  env: Record<string, string>,
  whenReady?: (url: string) => Promise<void>,
  args: string[] = [],
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [dist(file), ...args], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_FOLDER: join(folder, 'data'), LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let used: Promise<void> | undefined
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
      const ready = /is ready: (http:\/\/[\d.:]+)/.exec(said)
      if (ready && whenReady && !used) used = whenReady(ready[1]!).finally(() => child.kill('SIGTERM'))
    })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  await used
  return { code, said }
}

const given = () => ({ NODE_ENV: 'production', DATABASE_URL: fresh.serverUrl, OIDC_ISSUER: issuer.issuer, KEY_RING })

test('the release step runs again without harm, and says nothing secret', async () => {
  const { code, said } = await run('database/release.js', {
    DATABASE_OWNER_URL: fresh.ownerUrl,
    DATABASE_URL: fresh.serverUrl,
    KEY_RING,
  })
  expect(code).toBe(0)
  expect(said).toContain('municipalities')
  for (const url of [fresh.ownerUrl, fresh.serverUrl]) expect(said).not.toContain(new URL(url).password)
  expect(said).not.toContain(JSON.parse(KEY_RING).keys.k1)
})

test('the server runs on given database and issuer, without demo pages, and writes nothing to the data folder', async () => {
  const answers: { status: number; text: string }[] = []
  const { code, said } = await run('main.js', given(), async (url) => {
    const token = await issuer.token('gids-amersfoort')
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ me { role } regions { amCode } }"}',
      })
      answers.push({ status: response.status, text: await response.text() })
    }
    await ask({ authorization: `Bearer ${token}` })
    await ask({ authorization: 'Bearer nonsense' })
    for (const path of ['/', '/graphiql', '/tour.json']) answers.push({ status: (await fetch(url + path)).status, text: path })
    answers.push({ status: (await fetch(`${url}/demo/token`, { method: 'POST' })).status, text: '/demo/token' })
  })
  expect(code).toBe(0)
  expect(answers.map((answer) => answer.status)).toEqual([200, 401, 404, 404, 404, 404])
  expect(JSON.parse(answers[0]!.text).data.regions).toHaveLength(35)
  expect(JSON.parse(answers[0]!.text).data.me).toEqual({ role: 'GUIDE' })
  expect(existsSync(join(folder, 'data'))).toBe(false)
  expect(said).not.toMatch(/eyJ|Bearer|nonsense/)
})

test('a server with SEAL_KEY seals what it wrote when it is stopped, and one without says that it does not', async () => {
  const checkpoints = join(folder, 'checkpoints')
  const ask = async (url: string) => {
    const body = '{"query":"{ regions { amCode } }"}'
    // On a busy machine it may say at first that it is too busy.
    for (let status = 503; status === 503; )
      status = (await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status
  }
  const without = await run('main.js', given(), ask)
  expect(without.said).toContain('this server does not seal the access log')
  const SEAL_KEY = JSON.stringify(await newSealKey())
  const sealing = await run('main.js', { ...given(), SEAL_KEY, CHECKPOINT_FOLDER: checkpoints }, ask)
  expect([sealing.code, sealing.said]).toEqual([0, expect.not.stringContaining('does not seal')])
  expect(sealing.said).not.toContain(JSON.parse(SEAL_KEY).d)
  const verified = await run(
    'access-log/log.js',
    {
      DATABASE_OWNER_URL: fresh.ownerUrl,
      CHECKPOINT_FOLDER: checkpoints,
      KEY_RING,
    },
    undefined,
    ['verify'],
  )
  expect(verified).toEqual({ code: 0, said: expect.not.stringContaining('younger') })
  expect(verified.said).toMatch(/The log is sound: [1-9]\d* records/)
})

test.each([
  ['without an issuer', { OIDC_ISSUER: '' }, /OIDC_ISSUER/],
  ['without a database', { DATABASE_URL: '' }, /DATABASE_URL/],
  ['without keys', { KEY_RING: '' }, /KEY_RING/],
  [
    'with keys that the release step did not know',
    { KEY_RING: JSON.stringify({ current: 'k2', keys: { k2: randomBytes(32).toString('base64url') } }) },
    /does not know the current key of KEY_RING/,
  ],
  ['with the development issuer', { OIDC_ISSUER: '', DEV_ISSUER: 'on' }, /does not run in production/],
  ['with a key for checkpoints that is none', { SEAL_KEY: 'geheim' }, /^SEAL_KEY must be a private JWK of Ed25519/],
  ['as the owner', {} as Record<string, string>, /owns tables/],
])('production refuses to start %s, in one plain sentence', async (what, changes, sentence) => {
  const env = Object.fromEntries(
    Object.entries({ ...given(), ...changes, ...(what === 'as the owner' ? { DATABASE_URL: fresh.ownerUrl } : {}) }).filter(
      ([, value]) => value !== '',
    ),
  )
  const { code, said } = await run('main.js', env)
  expect(code).toBe(1)
  expect(said).toMatch(sentence)
  expect(said).not.toMatch(/\n\s+at /)
})
