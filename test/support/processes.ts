// Real server processes on one released database, as in production: `node dist/main.js`, with a token issuer beside them.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { seedOrganisations } from '#app/demo/organisations.js'
import { dutchToday } from '#app/handoffs/calendar.js'
import { ACCOUNTS, issuerAccount } from '#app/identity/accounts.js'
import { startIssuer } from '#app/identity/issuer.js'
import { freshDatabase } from './database.js'
import { KEY_RING } from './keys.js'
import { connected } from './small-world.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const AUDIENCE = 'urn:warme-overdracht:api'

export type Processes = {
  /** As the superuser: for arranging and for looking behind the walls. */
  sql: Client
  adminUrl: string
  /** Where each answers GraphQL. */
  urls: readonly string[]
  token: (account: string) => Promise<string>
  stop: () => Promise<void>
}

/** With the organisations of the demo, and nothing else; `env` for all of them. */
export async function startProcesses(count: number, env: Record<string, string> = {}): Promise<Processes> {
  const folder = mkdtempSync(join(tmpdir(), 'wo-processes-'))
  const fresh = await freshDatabase()
  const sql = await connected(fresh.adminUrl)
  await seedOrganisations(sql, dutchToday(new Date()).day)
  const issuer = await startIssuer({
    accounts: ACCOUNTS.map(issuerAccount),
    dataFolder: join(folder, 'issuer'),
    audience: AUDIENCE,
  })
  const settings = { DATABASE_URL: fresh.serverUrl, OIDC_ISSUER: issuer.issuer, KEY_RING, ...env }
  const processes = await Promise.all(Array.from({ length: count }, () => start(settings)))
  return {
    sql,
    adminUrl: fresh.adminUrl,
    urls: processes.map(({ url }) => url.replace(/(\/graphql)?$/, '/graphql')),
    token: (account) => issuer.token(account),
    async stop() {
      await Promise.all(processes.map(({ child }) => stopped(child)))
      await issuer.stop()
      await sql.end()
      await fresh.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', NODE_ENV: 'production', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk
        const ready = /is ready: (http:\/\/[\d.:]+)/.exec(said)
        if (ready) resolve(ready[1]!)
      })
    child.once('exit', () => reject(new Error(said)))
  })
  return { child, url }
}

function stopped(child: ChildProcess): Promise<unknown> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return gone
}
