// The development identity provider gives real tokens for demo accounts, on this machine, quietly, and never in production.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { ACCOUNTS, issuerAccount } from '#app/identity/accounts.js'
import { discover } from '#app/identity/discover.js'
import { type DevelopmentIssuer, startIssuer } from '#app/identity/issuer.js'
import { issuerKeys, tokenReader } from '#app/identity/tokens.js'

const AUDIENCE = 'urn:warme-overdracht:api'
const accounts = ACCOUNTS.map(issuerAccount)

let dataFolder: string
let running: DevelopmentIssuer
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'issuer-'))
  running = await startIssuer({ accounts, dataFolder, audience: AUDIENCE })
})
afterAll(async () => {
  await running.stop()
  rmSync(dataFolder, { recursive: true })
})

const readerOf = async (issuer: string) => tokenReader({ issuer, audience: AUDIENCE, jwks: issuerKeys(await discover(issuer)) })
const secretOf = (name: string) => JSON.parse(readFileSync(join(dataFolder, 'keys', 'accounts.json'), 'utf8'))[name] as string

for (const account of ACCOUNTS)
  test(`${account.name} is ${account.role} of ${account.organisation}`, async () => {
    const readToken = await readerOf(running.issuer)
    expect(await readToken(`Bearer ${await running.token(account.name)}`)).toEqual({
      role: account.role,
      side: account.side.toUpperCase(),
      organisationId: demoId(account.organisation),
      subject: account.name,
    })
  })

test('Demo ids are stable and shaped like random ones', () => {
  expect(demoId('uwv-amersfoort')).toBe('d4cce446-1bfb-4a01-8d4d-8f54ae2eab04')
  for (const { organisation } of ACCOUNTS)
    expect(demoId(organisation)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('A token is an ES256 access token for fifteen minutes', async () => {
  const token = await running.token('gids-amersfoort')
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
  const { iat, exp, aud } = decodeJwt(token)
  expect(exp! - iat!).toBe(900)
  expect(aud).toBe(AUDIENCE)
})

describe('Nobody gets a token', () => {
  const ask = (name: string, secret: string, form: Record<string, string> = {}) =>
    fetch(`${running.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
    })

  test('with a wrong secret, or that of another account', async () => {
    for (const secret of ['wrong', secretOf('gids-gooi')]) expect((await ask('gids-amersfoort', secret)).status).toBe(401)
  })
  test('for another audience', async () => {
    expect((await ask('gids-gooi', secretOf('gids-gooi'), { resource: 'urn:other' })).status).toBe(400)
  })
  test('in another way than with client credentials', async () => {
    for (const grant_type of ['password', 'authorization_code', 'refresh_token', 'implicit'])
      expect((await ask('gids-gooi', secretOf('gids-gooi'), { grant_type })).status).toBe(400)
  })
  test('for an account that does not exist', async () => {
    await expect(running.token('toString')).rejects.toThrow('no demo account')
  })
})

test('Keys and secrets are files that only their owner can read', () => {
  for (const file of ['accounts.json', 'issuer.json'])
    expect(statSync(join(dataFolder, 'keys', file)).mode & 0o777, file).toBe(0o600)
})

test('Keys and secrets survive a restart, and a new account gets its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'issuer-'))
  const start = (names: number) => startIssuer({ accounts: accounts.slice(0, names), dataFolder: folder, audience: AUDIENCE })
  const first = await start(1)
  const token = await first.token(accounts[0]!.name)
  await first.stop()
  const again = await start(2)
  expect(await again.token(accounts[1]!.name)).toBeTruthy()
  const fromNowOn = tokenReader({ issuer: first.issuer, audience: AUDIENCE, jwks: issuerKeys(new URL(`${again.issuer}/jwks`)) })
  expect(await fromNowOn(`Bearer ${token}`)).toMatchObject({ subject: accounts[0]!.name })
  await again.stop()
  rmSync(folder, { recursive: true })
})

test('It does not run in production', async () => {
  const start = startIssuer({ accounts, dataFolder: '/nowhere', audience: AUDIENCE, env: { NODE_ENV: 'production' } })
  await expect(start).rejects.toThrow('does not run in production')
})

test('A port that is taken is said in plain words', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await expect(startIssuer({ accounts, dataFolder, audience: AUDIENCE, port })).rejects.toThrow(`Port ${port} is taken`)
  other.close()
})

test('It prints nothing', async () => {
  const program = `
    import { startIssuer } from '#app/identity/issuer.js'
    const running = await startIssuer(${JSON.stringify({ accounts, dataFolder, audience: AUDIENCE })})
    await running.token('gids-gooi')
    const authorization = 'Basic ' + btoa('gids-gooi:${secretOf('gids-gooi')}')
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    await fetch(running.issuer + '/token', { method: 'POST', headers: { authorization, origin: 'http://a.example' }, body: form })
    for (const path of ['/auth', '/jwks', '/nothing', '/.well-known/openid-configuration']) await fetch(running.issuer + path)
    await running.stop()`
  expect(await run(['--input-type=module', '-e', program])).toEqual({ code: 0, out: '', err: '' })
})

describe('npm run --silent token -- ACCOUNT', () => {
  const token = (...names: string[]) => run(['dist/identity/token.js', ...names])
  const leaveNote = (text: string) => writeFileSync(join(dataFolder, 'server.json'), text)

  test('prints a token and nothing else', async () => {
    leaveNote(JSON.stringify({ pid: 1, issuer: running.issuer }))
    const { code, out, err } = await token('uwv-amersfoort')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(await (await readerOf(running.issuer))(`Bearer ${out.trim()}`)).toMatchObject({ subject: 'uwv-amersfoort' })
  })

  test('lists the accounts when it does not know the name', async () => {
    for (const names of [[], ['nobody'], ['uwv-amersfoort', 'gids-gooi']]) {
      const { code, out, err } = await token(...names)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      for (const { name, about } of ACCOUNTS) expect(err).toMatch(new RegExp(`${name} +${about}`))
    }
  })

  test('says in one sentence that no server is running', async () => {
    for (const text of ['', '{}', '{"issuer":"http://127.0.0.1:1"}', '{"issuer":"https://issuer.example.nl"}']) {
      leaveNote(text)
      const { code, out, err } = await token('uwv-amersfoort')
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toBe('There is no running server with demo accounts. Start one with `npm start` and try again.\n')
    }
  })
})

function run(args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATA_FOLDER: dataFolder, NODE_ENV: 'test' }
  return new Promise((resolve) =>
    execFile(process.execPath, args, { env }, (fault, out, err) => resolve({ code: Number(fault?.code ?? 0), out, err })),
  )
}
