// Starts the server: with an embedded database, the demo story and a development issuer, or on the databases and issuer that are given.
import 'reflect-metadata'
import { fileURLToPath } from 'node:url'
import { loadSealKey } from './access-log/checkpoint.js'
import { startExpiring } from './access-log/expire.js'
import { startSealing } from './access-log/seal.js'
import { startFading } from './anonymity/fade.js'
import { words } from './anonymity/guard/words.js'
import { startPuttingAway } from './anonymity/put-away.js'
import { readRetention } from './anonymity/retention.js'
import { buildApp } from './app.js'
import { type Config, readConfig } from './config.js'
import { startErasing } from './consent/erase.js'
import { openDatabase, refuseUnsafeLogin } from './database/door.js'
import { startEmbedded } from './database/embedded.js'
import { noteUrl } from './database/holder.js'
import { release } from './database/release.js'
import { readPolicies } from './decide/policy-files.js'
import { playDemo } from './demo/story.js'
import { PlainError } from './errors.js'
import { startPublishing } from './figures/publish.js'
import { dutchToday } from './handoffs/calendar.js'
import { ACCOUNTS, issuerAccount } from './identity/accounts.js'
import { discover } from './identity/discover.js'
import { loadKeyRing } from './identity/pseudonym.js'
import { issuerKeys, tokenReader } from './identity/tokens.js'
import { registerPages } from './pages/start.js'
import { realWorld } from './world.js'

type Stop = () => Promise<unknown>

const POLICIES = fileURLToPath(new URL('../policies/', import.meta.url))
const OPERATIONS = new URL('../schema/operations/', import.meta.url)

/** Starts everything; `stops` is filled on the way, to be called from last to first. */
async function start(config: Config, stops: Stop[]): Promise<string[]> {
  const policies = readPolicies(POLICIES)
  const retention = readRetention(POLICIES)
  const embedded = config.databaseUrl ? undefined : await startEmbedded({ folder: config.dataFolder, announce: console.error })
  const dataFolder = embedded || !config.issuer ? config.dataFolder : undefined
  const keys = loadKeyRing({ keyRing: config.keyRing, dataFolder })
  const sealKey = await loadSealKey({ sealKey: config.sealKey, dataFolder: embedded ? config.dataFolder : undefined })
  if (embedded) {
    stops.push(() => embedded.stop())
    await release({ ...embedded, keys })
  }
  const database = openDatabase(embedded?.serverUrl ?? config.databaseUrl!, { connections: config.connections })
  stops.push(() => database.$disconnect())
  await refuseUnsafeLogin(database, policies.hash, keys)

  if (embedded)
    await playDemo({
      ownerUrl: embedded.ownerUrl,
      database,
      policies,
      keys,
      dataFolder: config.dataFolder,
      today: dutchToday(new Date()).day,
      announce: console.error,
    })

  const { audience, claimNames } = config
  // Loaded only when asked for: production never even reads the development issuer.
  const dev = config.issuer
    ? undefined
    : await (await import('./identity/issuer.js')).startIssuer({
        accounts: ACCOUNTS.map(issuerAccount),
        dataFolder: config.dataFolder,
        audience,
      })
  if (dev) stops.push(() => dev.stop())
  const issuer = config.issuer ?? dev!.issuer
  const world = realWorld({ database, policies, keys })
  const app = await buildApp({
    world,
    trustProxy: config.trustProxy,
    readToken: tokenReader({ issuer, audience, claimNames, jwks: issuerKeys(await discover(issuer)) }),
    logLevel: config.logLevel,
    ...(dev
      ? {
          pages: (app) =>
            registerPages(app, {
              accounts: ACCOUNTS.map(({ name, about }) => ({ name, description: about })),
              token: (account) => dev.token(account),
              operationsFolder: OPERATIONS,
            }),
        }
      : {}),
  })
  if (sealKey) {
    const sealer = { database, folder: config.checkpointFolder, key: sealKey, now: world.now }
    const fault = (error: unknown) =>
      app.log.error(error instanceof PlainError ? error.message : 'the log could not be sealed; it is tried again')
    const sealing = startSealing(sealer, config.sealEvery * 1000, fault)
    const expiring = startExpiring(sealer, retention, fault)
    const putting = startPuttingAway(world, config.checkpointFolder, () =>
      app.log.error('withdrawals could not be kept outside the database; it is tried again'),
    )
    // Stopped after the app: what the last requests wrote is sealed too.
    stops.push(
      () => sealing.stop(),
      () => expiring.stop(),
      () => putting.stop(),
    )
  } else
    app.log.warn('this server does not seal the access log: set SEAL_KEY, or have npm run log -- seal run every minute with it')
  stops.push(() => app.close())
  const erasing = startErasing(world, {
    fault: () => app.log.error('erasing what consent no longer covers failed; it is tried again in an hour'),
  })
  stops.push(async () => erasing.stop())
  // Half a second of reading, which the first who types something need not wait for; without its words, no server.
  words()
  const fading = startFading(world, {
    said: (sentence) => app.log.info(sentence),
    fault: () => app.log.error('fading failed; it is tried again in an hour'),
  })
  stops.push(() => fading.stop())
  const publishing = startPublishing(database, {
    fault: () => app.log.error('figures could not be counted or published; it is tried again in an hour'),
  })
  stops.push(() => publishing.stop())
  const url = await app.listen({ host: config.host, port: config.port })
  if (embedded) noteUrl(config.dataFolder, url, dev ? { issuer: dev.issuer } : {})

  const lines = [`Warme Overdracht is ready: ${url}${dev ? '/' : '/graphql'}`]
  if (dev) {
    lines.push('', 'Demo accounts (a token: npm run --silent token -- ACCOUNT):')
    for (const { name, about } of ACCOUNTS) lines.push(`  ${name.padEnd(22)} ${about}`)
    lines.push('', `GraphQL: ${url}/graphql    Stop: Ctrl-C`)
  }
  return lines
}

const stops: Stop[] = []
let stopping: Promise<void> | undefined

function stop(): Promise<void> {
  stopping ??= (async () => {
    // A stop that hangs must not keep the process: PostgreSQL is stopped on exit in any case.
    setTimeout(() => process.exit(1), 9000).unref()
    for (const each of stops.reverse()) await each().catch((error: Error) => console.error(error.message))
  })()
  return stopping
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop().then(() => process.exit(0)))

try {
  for (const line of await start(readConfig(process.env), stops)) console.log(line)
} catch (error) {
  // Who is stopped while still starting has not failed.
  if (stopping) await stopping.then(() => process.exit(0))
  await stop()
  if (error instanceof PlainError) console.error(error.message)
  else console.error(error)
  process.exit(1)
}
