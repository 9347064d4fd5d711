// The real server on a database of its own, with a clock that tests set, and real tokens of a real issuer.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { buildApp } from '#app/app.js'
import { openDatabase } from '#app/database/door.js'
import { readPolicies } from '#app/decide/policy-files.js'
import type { ShieldOptions } from '#app/decide/shield.js'
import { seedOrganisations } from '#app/demo/organisations.js'
import { ACCOUNTS, issuerAccount } from '#app/identity/accounts.js'
import { discover } from '#app/identity/discover.js'
import { startIssuer } from '#app/identity/issuer.js'
import { issuerKeys, tokenReader } from '#app/identity/tokens.js'
import { registerPages } from '#app/pages/start.js'
import { realWorld, type World } from '#app/world.js'
import { freshDatabase } from './database.js'
import { KEYS } from './keys.js'

export const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))
const OPERATIONS = new URL('../../schema/operations/', import.meta.url)
const AUDIENCE = 'urn:warme-overdracht:api'

export type Answer = { status: number; headers: Headers; data: any; errors: any[] | undefined; extensions: any; text: string }
export type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Answer>

export type TestServer = {
  url: string
  world: World
  /** As the superuser: for arranging and for looking behind the walls. */
  sql: Client
  /** Sets the clock of the server to this instant, from which it ticks on. */
  setClock: (instant: Date) => void
  as: (account: string) => Ask
  nobody: Ask
  token: (account: string) => Promise<string>
  post: (body: string | object, headers?: Record<string, string>) => Promise<Answer>
  stop: () => Promise<void>
}

export type TestServerOptions = {
  pages?: boolean
  shield?: ShieldOptions
  connections?: number
  patience?: number
  serverUrl?: (urls: { serverUrl: string; adminUrl: string }) => string
}

/** Noon on a Wednesday, well away from holidays. */
export const A_DAY = new Date('2026-11-18T11:00:00Z')

/** Test machines are slow, and shedding is tried in a test of its own: milliseconds for which a request waits for a connection. */
const SLOW = 30_000

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const fresh = await freshDatabase()
  const sql = new Client({ connectionString: fresh.adminUrl })
  await sql.connect()
  await seedOrganisations(sql, '2026-07-20')
  const folder = mkdtempSync(join(tmpdir(), 'wo-server-'))
  const issuer = await startIssuer({ accounts: ACCOUNTS.map(issuerAccount), dataFolder: folder, audience: AUDIENCE })
  const database = openDatabase(options.serverUrl?.(fresh) ?? fresh.serverUrl, { patience: SLOW, ...options })
  // It ticks on from where it was set, so that no two records are of one moment.
  let lag = Date.now() - A_DAY.getTime()
  const world = realWorld({
    database,
    policies: readPolicies(POLICIES),
    keys: KEYS,
    now: () => new Date(Date.now() - lag),
  })
  const app = await buildApp({
    world,
    busyAfter: 0,
    readToken: tokenReader({ issuer: issuer.issuer, audience: AUDIENCE, jwks: issuerKeys(await discover(issuer.issuer)) }),
    ...(options.shield ? { shield: options.shield } : {}),
    ...(options.pages
      ? {
          pages: (app) =>
            registerPages(app, {
              accounts: ACCOUNTS.map(({ name, about }) => ({ name, description: about })),
              token: (account) => issuer.token(account),
              operationsFolder: OPERATIONS,
            }),
        }
      : {}),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const tokens = new Map<string, { token: Promise<string>; until: number }>()
  /** The same for five minutes: a token is valid for fifteen. */
  const token = (account: string) => {
    const known = tokens.get(account)
    if (known && known.until > Date.now()) return known.token
    const fresh = { token: issuer.token(account), until: Date.now() + 300_000 }
    tokens.set(account, fresh)
    return fresh.token
  }

  async function post(body: string | object, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    let json: any
    try {
      json = JSON.parse(text)
    } catch {
      json = {}
    }
    return {
      status: response.status,
      headers: response.headers,
      data: json.data,
      errors: json.errors,
      extensions: json.extensions,
      text,
    }
  }

  return {
    url,
    world,
    sql,
    token,
    post,
    setClock: (instant) => {
      lag = Date.now() - instant.getTime()
    },
    as: (account) => async (query, variables) => post({ query, variables }, { authorization: `Bearer ${await token(account)}` }),
    nobody: (query, variables) => post({ query, variables }),
    async stop() {
      await app.close()
      await database.$disconnect()
      await issuer.stop()
      await sql.end()
      await fresh.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
