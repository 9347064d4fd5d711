// A token that is not good is 401, in one constant answer that never says why; over HTTP, as it comes in.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { ACCOUNTS, issuerAccount } from '#app/identity/accounts.js'
import { discover } from '#app/identity/discover.js'
import { startIssuer } from '#app/identity/issuer.js'
import { issuerKeys, tokenReader } from '#app/identity/tokens.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
let good: string
/** Of an issuer of the same make, with the same accounts and audience, that is not ours. */
let foreign: string
beforeAll(async () => {
  server = await startServer()
  good = await server.token('gids-amersfoort')
  const folder = mkdtempSync(join(tmpdir(), 'wo-foreign-'))
  const issuer = await startIssuer({
    accounts: ACCOUNTS.map(issuerAccount),
    dataFolder: folder,
    audience: 'urn:warme-overdracht:api',
  })
  foreign = await issuer.token('gids-amersfoort')
  await issuer.stop()
  rmSync(folder, { recursive: true })
})
afterAll(() => server.stop())

const BODY = JSON.stringify({ query: '{ me { role } }' })
const THE_ANSWER = '{"errors":[{"message":"The access token is not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}'

/** With raw headers: fetch joins and tidies them. */
async function post(
  headers: readonly string[],
  body = BODY,
): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> {
  const { hostname, port } = new URL(server.url)
  const question = request({
    hostname,
    port,
    path: '/graphql',
    method: 'POST',
    headers: [
      'host',
      'localhost',
      'content-type',
      'application/json',
      'content-length',
      String(Buffer.byteLength(body)),
      ...headers,
    ],
  })
  question.on('error', () => {})
  question.end(body)
  const [answer] = await once(question, 'response')
  let text = ''
  for await (const piece of answer) text += piece
  return { status: answer.statusCode, text, headers: answer.headers }
}

const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const withPayload = (token: string, change: object) =>
  token
    .split('.')
    .with(1, part({ ...payloadOf(token), ...change }))
    .join('.')
const withHeader = (token: string, change: object) =>
  token
    .split('.')
    .with(0, part({ ...JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()), ...change }))
    .join('.')
const signed = async (change: object, header: object = {}) => {
  const { privateKey } = await generateKeyPair('ES256')
  return new SignJWT({ ...payloadOf(good), ...change })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
    .sign(privateKey)
}

const BAD: Record<string, () => readonly string[] | Promise<readonly string[]>> = {
  'no token': () => ['authorization', 'Bearer '],
  nothing: () => ['authorization', ''],
  'a word': () => ['authorization', 'Bearer token'],
  'two dots': () => ['authorization', 'Bearer ..'],
  'another scheme': () => ['authorization', `Basic ${Buffer.from('gids:gids').toString('base64')}`],
  'the token alone': () => ['authorization', good],
  'two headers with the same good token': () => ['authorization', `Bearer ${good}`, 'authorization', `Bearer ${good}`],
  'a good header and a bad one': () => ['authorization', `Bearer ${good}`, 'Authorization', 'Bearer x'],
  'a bad header and a good one': () => ['authorization', 'Bearer x', 'Authorization', `Bearer ${good}`],
  'two tokens in one header': () => ['authorization', `Bearer ${good}, Bearer ${good}`],
  'another issuer': () => ['authorization', `Bearer ${foreign}`],
  'another key': async () => ['authorization', `Bearer ${await signed({})}`],
  'another key that says to be ours': async () => [
    'authorization',
    `Bearer ${await signed({}, { kid: JSON.parse(Buffer.from(good.split('.')[0]!, 'base64url').toString()).kid })}`,
  ],
  'another role written in': () => ['authorization', `Bearer ${withPayload(good, { wo_role: 'PRIVACY_OFFICER' })}`],
  'a later end written in': () => ['authorization', `Bearer ${withPayload(good, { exp: 4_102_444_800 })}`],
  'no signature': () => ['authorization', `Bearer ${good.split('.').with(2, '').join('.')}`],
  'alg none': () => ['authorization', `Bearer ${withHeader(good, { alg: 'none' })}`],
  'alg none without a signature': () => [
    'authorization',
    `Bearer ${withHeader(good, { alg: 'none' }).split('.').with(2, '').join('.')}`,
  ],
  'a signature of one letter less': () => ['authorization', `Bearer ${good.slice(0, -1)}`],
  'another letter in the signature': () => [
    'authorization',
    `Bearer ${good.slice(0, -10)}${good.at(-10) === 'A' ? 'B' : 'A'}${good.slice(-9)}`,
  ],
  'a space behind': () => ['authorization', `Bearer ${good} x`],
  'letters that no token has': () => ['authorization', 'Bearer é\u00ff'],
  '9 KB': () => ['authorization', `Bearer ${'a'.repeat(3000)}.${'b'.repeat(3000)}.${'c'.repeat(3000)}`],
  '64 KB': () => ['authorization', `Bearer ${'a'.repeat(21_845)}.${'b'.repeat(21_845)}.${'c'.repeat(21_845)}`],
  '64 KB of good beginnings': () => ['authorization', `Bearer ${good}${'a'.repeat(65_000)}`],
}

for (const [what, headers] of Object.entries(BAD))
  test(`${what}: 401, the same for all`, async () => {
    const answer = await post(await headers())
    expect(answer.status).toBe(401)
    expect(answer.text).toBe(THE_ANSWER)
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

test('a token that has expired is 401, the same as all', async () => {
  // The clock of a server is its own: one whose reader lives an hour later is handed the same token.
  const issuer = payloadOf(good).iss as string
  const later = new Date(Date.now() + 3600_000)
  const app = await buildApp({
    world: server.world,
    readToken: tokenReader({ issuer, audience: payloadOf(good).aud, jwks: issuerKeys(await discover(issuer)), now: () => later }),
  })
  const answer = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${good}` },
    payload: BODY,
  })
  await app.close()
  expect([answer.statusCode, answer.body]).toEqual([401, THE_ANSWER])
})

test('a bad token is refused before the body is looked at', async () => {
  for (const body of ['', '{', '[]', 'x'.repeat(99_999)]) {
    const answer = await post(['authorization', 'Bearer x'], body)
    expect([answer.status, answer.text]).toEqual([401, THE_ANSWER])
  }
})

test('headers past what Node takes are a small 4xx', async () => {
  for (const headers of [
    ['authorization', `Bearer ${'a'.repeat(200_000)}`],
    Array.from({ length: 5000 }, (_, i) => [`x-header-${i}`, 'a'.repeat(20)]).flat(),
  ]) {
    const answer = await post(headers)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.text.length).toBeLessThan(2048)
    expect(answer.text).not.toContain('aaaa')
    expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('BAD_INPUT')
  }
})

test('no token at all is nobody, and a good token is who it says', async () => {
  expect(JSON.parse((await post([])).text).data.me.role).toBe('NOBODY')
  expect(JSON.parse((await post(['authorization', `Bearer ${good}`])).text).data.me.role).toBe('GUIDE')
})

test('keys of the issuer that cannot be fetched are 503 and not 401', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  const payload = payloadOf(good)
  const app = await buildApp({
    world: server.world,
    readToken: tokenReader({
      issuer: payload.iss,
      audience: payload.aud,
      jwks: issuerKeys(new URL(`http://127.0.0.1:${port}/jwks`)),
    }),
  })
  const ask = (headers: object) =>
    app.inject({ method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json', ...headers }, payload: BODY })
  const answer = await ask({ authorization: `Bearer ${good}` })
  expect([answer.statusCode, answer.json().errors[0].extensions.code, answer.headers['retry-after']]).toEqual([
    503,
    'UNAVAILABLE',
    '2',
  ])
  expect((await ask({})).statusCode).toBe(200)
  await app.close()
})
