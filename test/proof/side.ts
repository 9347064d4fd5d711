// One of two worlds: the real server on a database that can be exchanged, where the same question at the same moment gets the same clock,
// ids and randomness, so that two sides can be compared byte for byte.
import { createHash } from 'node:crypto'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { buildApp } from '#app/app.js'
import { openDatabase } from '#app/database/door.js'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { tokenReader } from '#app/identity/tokens.js'
import { realWorld } from '#app/world.js'
import type { TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { POLICIES } from '../support/server.js'
import { idOf } from '../support/small-world.js'
import type { Who } from './people.js'

export type Body = { query: string; variables?: Record<string, unknown>; operationName?: string }
export type Answer = { status: number; headers: string; text: string }
/** When something is asked, and from which chance ids and codes are then made. */
export type Moment = { at: Date; seed: string }

export type Side = {
  use(database: TestDatabase): Promise<void>
  /** Lets go of its database, so that others can copy or drop it. */
  rest(): Promise<void>
  ask(who: Who, body: Body | string, moment: Moment): Promise<Answer>
  stop(): Promise<void>
}

export const policies = readPolicies(POLICIES)

const ISSUER = 'https://issuer.example.nl'
const AUDIENCE = 'urn:warme-overdracht:api'
const SIGNED_AT = new Date('2026-11-24T08:00:00Z')
const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] })
const readToken = tokenReader({ issuer: ISSUER, audience: AUDIENCE, jwks, now: () => SIGNED_AT })
const tokens = new Map<string, string>()

async function tokenOf(who: Who): Promise<string | undefined> {
  if (!who.organisation) return undefined
  const known = tokens.get(who.name)
  if (known) return known
  const seconds = SIGNED_AT.getTime() / 1000
  const { side, id } = who.organisation
  const token = await new SignJWT({ client_id: 'proof', wo_role: who.role, wo_organisation: `${side}:${id}` })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(who.name)
    .setJti(who.name)
    .setIssuedAt(seconds - 60)
    .setExpirationTime(seconds + 600)
    .sign(privateKey)
  tokens.set(who.name, token)
  return token
}

export async function openSide(): Promise<Side> {
  let database: PrismaClient | undefined
  let now: Moment = { at: SIGNED_AT, seed: '' }
  // Ids and randomness of each size are drawn apart: how many spans a record has must not make another code.
  let drawn = new Map<string, number>()
  const draw = (what: string) => {
    const number = drawn.get(what) ?? 0
    drawn.set(what, number + 1)
    return `${now.seed} ${what} ${number}`
  }
  const parts = {
    policies,
    keys: KEYS,
    now: () => now.at,
    newId: () => idOf(draw('id')),
    random: (size: number) =>
      createHash('sha512')
        .update(draw(`${size} bytes`))
        .digest()
        .subarray(0, size),
  }
  const world = realWorld({ ...parts, database: undefined as never })
  Object.defineProperty(world, 'database', { enumerable: true, get: () => database })
  const app = await buildApp({ world, readToken, busyAfter: 0, trustProxy: 1 })
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`

  const rest = async () => {
    await database?.$disconnect()
    database = undefined
  }
  return {
    rest,
    async use(next) {
      await rest()
      // One connection: what is asked in one request then happens one after the other, and draws its ids in the same order each time.
      database = openDatabase(next.serverUrl, { connections: 1, patience: 60_000, longest: 60_000 })
    },
    async ask(who, body, moment) {
      now = moment
      drawn = new Map()
      const token = await tokenOf(who)
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // A network of its own for each question: how many codes were tried from where is not what is asked here.
          'x-forwarded-for': networkOf(moment.seed),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      const text = await response.text()
      const headers = [...response.headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${value}`)
      return { status: response.status, headers: headers.join('\n'), text }
    },
    async stop() {
      await app.close()
      await rest()
    },
  }
}

function networkOf(seed: string): string {
  const [a, b, c] = createHash('sha256').update(seed).digest()
  return `10.${a}.${b}.${c}`
}

export const sameAnswer = (one: Answer, other: Answer): boolean =>
  one.status === other.status && one.headers === other.headers && one.text === other.text
