// Only a fresh RFC 9068 access token of our issuer, for us, opens anything; all others are INVALID, without a reason.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  base64url,
  CompactSign,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { discover } from '#app/identity/discover.js'
import { authorizationOf, issuerKeys, tokenReader } from '#app/identity/tokens.js'

const NOW = new Date('2026-03-02T09:00:00Z')
const SECONDS = NOW.getTime() / 1000
const ISSUER = 'https://issuer.example.nl'
const AUDIENCE = 'urn:warme-overdracht:api'
const ID = '6f1f0f1e-3c58-4d0f-9a55-0a6d3f8f2b11'
const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'somebody',
  client_id: 'pages',
  jti: 'a-token',
  iat: SECONDS - 60,
  exp: SECONDS + 600,
  wo_role: 'HANDLER',
  wo_organisation: `partner:${ID}`,
}
const HANDLER = { role: 'HANDLER', side: 'PARTNER', organisationId: ID, subject: 'somebody' }

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
let ours: Pair
let jwk: JWK

beforeAll(async () => {
  ours = await generateKeyPair('ES256', { extractable: true })
  jwk = { ...(await exportJWK(ours.publicKey)), kid: 'first', alg: 'ES256', use: 'sig' }
})

/** A signed token; `payload` as text when JSON.stringify could not write it. */
function sign(payload: object | string, header: object = {}, key: CompactSignKey = ours.privateKey) {
  const bytes = new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return new CompactSign(bytes).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'first', ...header }).sign(key)
}
type CompactSignKey = Parameters<CompactSign['sign']>[0]

const reader = (jwks: JWTVerifyGetKey = createLocalJWKSet({ keys: [jwk] })) =>
  tokenReader({ issuer: ISSUER, audience: AUDIENCE, jwks, now: () => NOW })
const read = (token: string) => reader()(`Bearer ${token}`)

test('No header is nobody, which is not a fault', async () => {
  expect(await reader()(undefined)).toEqual({ role: 'NOBODY', side: 'NONE' })
})

test('A good token is its capacity', async () => {
  const capacity = await read(await sign(CLAIMS))
  expect(capacity).toEqual(HANDLER)
  expect(Object.isFrozen(capacity)).toBe(true)
})

for (const alg of ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'])
  test(`${alg} may sign`, async () => {
    const pair = await generateKeyPair(alg)
    const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'first', alg }] })
    expect(await reader(jwks)(`Bearer ${await sign(CLAIMS, { alg }, pair.privateKey)}`)).toEqual(HANDLER)
  })

describe('The header is one bearer token and nothing else', () => {
  const shapes: Record<string, (token: string) => string> = {
    empty: () => '',
    'without a token': () => 'Bearer ',
    'without a scheme': (token) => token,
    'of another scheme': (token) => `Basic ${token}`,
    'in lower case': (token) => `bearer ${token}`,
    'with two spaces': (token) => `Bearer  ${token}`,
    'with a space behind': (token) => `Bearer ${token} `,
    'with a line behind': (token) => `Bearer ${token}\n`,
    'given twice': (token) => `Bearer ${token}, Bearer ${token}`,
    'two tokens': (token) => `Bearer ${token},${token}`,
    'of two parts': (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}`,
    'of four parts': (token) => `Bearer ${token}.x`,
    padded: (token) => `Bearer ${token}=`,
  }
  for (const [name, shape] of Object.entries(shapes))
    test(`not ${name}`, async () => expect(await reader()(shape(await sign(CLAIMS)))).toBe('INVALID'))

  test('Several Authorization headers are refused, though Node shows the first only', async () => {
    const header = `Bearer ${await sign(CLAIMS)}`
    expect(authorizationOf(['Host', 'x', 'authorization', header])).toBe(header)
    expect(authorizationOf(['Host', 'authorization'])).toBeUndefined()
    expect(await reader()(authorizationOf(['Authorization', header, 'authorization', header]))).toBe('INVALID')
  })
})

describe('Only the issuer can have signed it', () => {
  test('not alg none', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      const head = base64url.encode(JSON.stringify({ alg, typ: 'at+jwt', kid: 'first' }))
      const body = base64url.encode(JSON.stringify(CLAIMS))
      expect(await read(`${head}.${body}.`)).toBe('INVALID')
      expect(await read(`${head}.${body}.x`)).toBe('INVALID')
    }
  })

  test('not HS256 with the public key as its secret', async () => {
    for (const secret of [await exportSPKI(ours.publicKey), JSON.stringify(jwk)])
      expect(await read(await sign(CLAIMS, { alg: 'HS256' }, new TextEncoder().encode(secret)))).toBe('INVALID')
  })

  test('not another key, also when the token brings that key along', async () => {
    const theirs = await generateKeyPair('ES256', { extractable: true })
    const brought = await exportJWK(theirs.publicKey)
    for (const header of [{}, { jwk: brought }, { jku: 'https://evil.example/jwks' }, { kid: 'unknown' }])
      expect(await read(await sign(CLAIMS, header, theirs.privateKey))).toBe('INVALID')
  })

  test('not an algorithm outside the list, even with a key of the issuer', async () => {
    const pair = await generateKeyPair('ES384')
    const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'first' }] })
    expect(await reader(jwks)(`Bearer ${await sign(CLAIMS, { alg: 'ES384' }, pair.privateKey)}`)).toBe('INVALID')
  })

  test('not when the claims were changed afterwards', async () => {
    const [head, , signature] = (await sign(CLAIMS)).split('.')
    const body = base64url.encode(JSON.stringify({ ...CLAIMS, wo_role: 'SIGNATORY' }))
    expect(await read(`${head}.${body}.${signature}`)).toBe('INVALID')
  })

  test('not with critical extensions', async () => {
    expect(await read(await sign(CLAIMS, { crit: ['b64'], b64: true }))).toBe('INVALID')
  })
})

describe('It is an access token', () => {
  for (const typ of [undefined, 'JWT', 'at', 'id+jwt', 'logout+jwt', 'dpop+jwt', ''])
    test(`not of type ${typ}`, async () => expect(await read(await sign(CLAIMS, { typ }))).toBe('INVALID'))

  test('its type may be written in full', async () => {
    expect(await read(await sign(CLAIMS, { typ: 'application/at+jwt' }))).toEqual(HANDLER)
  })

  for (const claim of ['iss', 'aud', 'sub', 'exp', 'iat', 'jti', 'client_id', 'wo_role', 'wo_organisation'])
    test(`not without ${claim}`, async () => expect(await read(await sign({ ...CLAIMS, [claim]: undefined }))).toBe('INVALID'))

  const bad: Record<string, unknown[]> = {
    iss: ['https://other.example.nl', `${ISSUER}/`, [ISSUER], null],
    aud: ['urn:other', [], ['urn:other'], `${AUDIENCE} `, null],
    sub: ['', 1, null],
    jti: ['', 1, null],
    client_id: ['', ['pages'], null],
    exp: [SECONDS - 6, SECONDS + 0.5, String(SECONDS + 600), 253402300799, 1e300, -1, null],
    iat: [SECONDS + 6, SECONDS + 600, SECONDS - 0.5, SECONDS - 3001, String(SECONDS), null],
    nbf: [SECONDS + 6, SECONDS - 0.5, String(SECONDS), null],
    wo_role: [['HANDLER'], ['HANDLER', 'SIGNATORY'], 'GUIDE', 'CODE_HOLDER', 'NOBODY'],
    wo_organisation: [`werkcentrum:${ID}`, ID, [`partner:${ID}`]],
    cnf: [{ jkt: 'bound-to-a-key' }],
  }
  for (const [claim, values] of Object.entries(bad))
    for (const value of values)
      test(`not with ${claim} ${JSON.stringify(value)}`, async () =>
        expect(await read(await sign({ ...CLAIMS, [claim]: value }))).toBe('INVALID'))

  test('it may be for others as well', async () => {
    expect(await read(await sign({ ...CLAIMS, aud: ['urn:other', AUDIENCE] }))).toEqual(HANDLER)
  })
})

test('Clocks may differ by five seconds, not by six', async () => {
  expect(await read(await sign({ ...CLAIMS, iat: SECONDS + 5 }))).toEqual(HANDLER)
  expect(await read(await sign({ ...CLAIMS, iat: SECONDS + 6 }))).toBe('INVALID')
  expect(await read(await sign({ ...CLAIMS, exp: SECONDS - 4 }))).toEqual(HANDLER)
  expect(await read(await sign({ ...CLAIMS, exp: SECONDS - 5 }))).toBe('INVALID')
})

test('A token lives for an hour at most', async () => {
  expect(await read(await sign({ ...CLAIMS, iat: SECONDS, exp: SECONDS + 3600 }))).toEqual(HANDLER)
  expect(await read(await sign({ ...CLAIMS, iat: SECONDS, exp: SECONDS + 3601 }))).toBe('INVALID')
})

test('A token does not expire before it was issued', async () => {
  expect(await read(await sign({ ...CLAIMS, iat: SECONDS + 2, exp: SECONDS + 1 }))).toBe('INVALID')
})

test('A token is 8 KB at most', async () => {
  expect(await read(await sign({ ...CLAIMS, more: 'x'.repeat(4_000) }))).toEqual(HANDLER)
  for (const size of [8_000, 64_000]) expect(await read(await sign({ ...CLAIMS, more: 'x'.repeat(size) }))).toBe('INVALID')
})

describe('No member is there twice', () => {
  const text = JSON.stringify(CLAIMS)
  const doubled = {
    'the role': text.replace('{', '{"wo_role":"SIGNATORY",'),
    'the role, spelled with an escape': text.replace('{', '{"wo_\\u0072ole":"SIGNATORY",'),
    'the subject': text.replace(/}$/, ',"sub":"somebody"}'),
    'something nested': text.replace('{', '{"a":{"b":[{"c":1,"c":2}]},'),
  }
  for (const [name, payload] of Object.entries(doubled))
    test(`not ${name}`, async () => expect(await read(await sign(payload))).toBe('INVALID'))

  test('colons, quotes and braces inside of texts do not count', async () => {
    const tricky = { ...CLAIMS, 'a:"b': 'c:{"d":1}\\', e: ['f:', { g: [] }, [{}]], '': ':', __proto__: null }
    expect(await read(await sign(tricky))).toEqual(HANDLER)
    expect(await read(await sign(text.replace('{', '{ "__proto__" : {"x" : null},\n')))).toEqual(HANDLER)
  })
})

test('Claims that are no JSON object are invalid', async () => {
  for (const payload of ['', 'null', '[]', '"text"', '{', `${'['.repeat(3000)}${']'.repeat(3000)}`])
    expect(await read(await sign(payload))).toBe('INVALID')
})

describe('The keys of the issuer', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    vi.useRealTimers()
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  async function serve(listener: RequestListener) {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const stop = async () => {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
    stops.push(stop)
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
  }
  const answer =
    (status: number, body: () => unknown): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body()))

  test('a new key is found, and a withdrawn key dies within 60 seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW })
    const next = await generateKeyPair('ES256', { extractable: true })
    const nextJwk = { ...(await exportJWK(next.publicKey)), kid: 'second', alg: 'ES256' }
    let keys = [jwk]
    const { url } = await serve(answer(200, () => ({ keys })))
    const readToken = reader(issuerKeys(new URL(url)))
    const before = `Bearer ${await sign(CLAIMS)}`
    const after = `Bearer ${await sign(CLAIMS, { kid: 'second' }, next.privateKey)}`
    expect(await readToken(before)).toEqual(HANDLER)
    expect(await readToken(after)).toBe('INVALID')

    keys = [jwk, nextJwk]
    vi.setSystemTime(NOW.getTime() + 11_000)
    expect(await readToken(after)).toEqual(HANDLER)
    expect(await readToken(before)).toEqual(HANDLER)

    keys = [nextJwk]
    vi.setSystemTime(NOW.getTime() + 72_000)
    expect(await readToken(before)).toBe('INVALID')
    expect(await readToken(after)).toEqual(HANDLER)
  })

  test('an issuer that is away is UNAVAILABLE, and heals by itself', async () => {
    let status = 503
    const { url } = await serve((request, response) => answer(status, () => ({ keys: [jwk] }))(request, response))
    const readToken = reader(issuerKeys(new URL(url)))
    const token = `Bearer ${await sign(CLAIMS)}`
    expect(await readToken(token)).toBe('UNAVAILABLE')
    status = 200
    expect(await readToken(token)).toEqual(HANDLER)
  })

  test('an issuer that cannot be reached, or answers nonsense, is UNAVAILABLE', async () => {
    const token = `Bearer ${await sign(CLAIMS)}`
    const gone = await serve(answer(200, () => ({})))
    await gone.stop()
    expect(await reader(issuerKeys(new URL(gone.url)))(token)).toBe('UNAVAILABLE')
    const nonsense = await serve(answer(200, () => ({ keys: 'none' })))
    expect(await reader(issuerKeys(new URL(nonsense.url)))(token)).toBe('UNAVAILABLE')
  })

  test('a header that is no token is INVALID even then: nobody is asked', async () => {
    let asked = 0
    const { url } = await serve(answer(503, () => asked++))
    expect(await reader(issuerKeys(new URL(url)))('Bearer x')).toBe('INVALID')
    expect(asked).toBe(0)
  })

  test('are found through OpenID Connect Discovery, or through RFC 8414', async () => {
    for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
      let url = ''
      const listener: RequestListener = (request, response) =>
        answer(request.url === path ? 200 : 404, () => ({ issuer: url, jwks_uri: `${url}/jwks` }))(request, response)
      url = (await serve(listener)).url
      expect((await discover(url)).href).toBe(`${url}/jwks`)
    }
  })

  test('an issuer with a path is asked at both places', async () => {
    const asked: (string | undefined)[] = []
    const { url } = await serve((request, response) => {
      asked.push(request.url)
      response.writeHead(404).end()
    })
    await expect(discover(`${url}/realms/wo`)).rejects.toThrow('publishes no metadata')
    expect(asked).toEqual(['/realms/wo/.well-known/openid-configuration', '/.well-known/oauth-authorization-server/realms/wo'])
  })

  test('metadata of another issuer are refused', async () => {
    const { url } = await serve(
      answer(200, () => ({ issuer: 'https://other.example.nl', jwks_uri: 'https://other.example.nl/j' })),
    )
    await expect(discover(url)).rejects.toThrow('another issuer')
  })

  for (const bad of [undefined, 7, '', 'http://issuer.example.nl/jwks', 'file:///etc/passwd'])
    test(`keys are not fetched from ${bad}`, async () => {
      let url = ''
      url = (await serve(answer(200, () => ({ issuer: url, jwks_uri: bad })))).url
      await expect(discover(url)).rejects.toThrow('no safe address')
    })

  for (const bad of [
    '',
    'issuer',
    'http://issuer.example.nl',
    'http://127.0.0.1.example.nl',
    `${ISSUER}?a=b`,
    'https://a:b@c.nl',
  ])
    test(`'${bad}' is no issuer`, async () => {
      await expect(discover(bad)).rejects.toThrow('must be an https address')
    })
})
