// The log at the command line: `verify` it, `export` it, `seal` it where no server does, take its newest `checkpoint` elsewhere, let it `expire`,
// accept a restore.
import { randomBytes, randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { putAway } from '../anonymity/put-away.js'
import { readRetention } from '../anonymity/retention.js'
import { checkpointFolder, dataFolder } from '../config.js'
import { openDatabase } from '../database/door.js'
import { reachEmbedded } from '../database/embedded.js'
import { PlainError, Refusal } from '../errors.js'
import { type KeyRing, loadKeyRing } from '../identity/pseudonym.js'
import { loadSealKey, newSealKey, readerOf } from './checkpoint.js'
import { keysOf, readKeys, tailOf } from './checkpoint-file.js'
import { expireLog } from './expire.js'
import { exportLog, LOG_FORMATS } from './export.js'
import { isSound, report } from './report.js'
import { acceptRestore } from './restore.js'
import { type Sealer, sealLog } from './seal.js'
import { verify } from './verify.js'

const HOW = `Say which: npm run --silent log -- verify           is the log as it was written?
             --keys FILE                       by these public keys, and not those beside the checkpoints
             --checkpoint TOKEN                and does it go on from this checkpoint, that somebody kept?
           npm run --silent log -- export adl|ldv|otlp FROM UNTIL [ORGANISATION]   as JSON lines
                                             FROM and UNTIL as 2026-11-22T00:00:00Z; ORGANISATION by name or id, all in turn without it
           npm run --silent log -- checkpoint       the newest checkpoint, to be kept elsewhere
           npm run --silent log -- seal             seal and sign what is not sealed, and keep withdrawals, once
           npm run --silent log -- expire           remove what is older than policies/retention.yaml says
           npm run --silent log -- accept-restore   a backup was put back on purpose: sign that, and go on
           npm run --silent log -- new-key          a private key for SEAL_KEY
The README says which variables each needs.`

const env = process.env
const folder = checkpointFolder(env)

/** Exits with 1 where something is wrong. */
async function verifyLog(args: readonly string[]): Promise<void> {
  const { keysFile, kept } = options(args)
  const read = await readerOf(keysFile === undefined ? await keysOf(folder) : await readKeys(keysFile))
  await asOwner(async (client, keys) => {
    const verdict = await verify({ client, folder, read, keys, kept })
    for (const sentence of report(verdict, { hasKeys: keys !== undefined, now: new Date() })) console.log(sentence)
    if (!isSound(verdict)) process.exitCode = 1
  })
}

/** The export is in the log too, so it needs the ring of the servers. */
async function writeLines([format = '', from, until, organisation, ...more]: readonly string[]): Promise<void> {
  const known = LOG_FORMATS.find((each) => each.toLowerCase() === format.toLowerCase())
  if (!known || !from || !until || more.length > 0) throw new PlainError(HOW)
  await asOwner(async (client, keys) => {
    if (!keys) throw new PlainError('KEY_RING is missing: the export is logged too.')
    const world = { keys, now: () => new Date(), newId: randomUUID, random: randomBytes }
    await pipeline(exportLog(client, world, known, { from, until }, organisation ?? null), inLines, process.stdout)
  })
}

async function* inLines(texts: AsyncIterable<string>) {
  for await (const text of texts) yield `${text}\n`
}

const ringOf = (isEmbedded: boolean): KeyRing | undefined =>
  isEmbedded || env.KEY_RING ? loadKeyRing({ keyRing: env.KEY_RING, dataFolder: dataFolder(env) }) : undefined

/** Runs `work` as the owner of the tables: by DATABASE_OWNER_URL, or on the embedded database with the ring of its data folder. */
async function asOwner(work: (client: Client, keys: KeyRing | undefined) => Promise<void>): Promise<void> {
  const isEmbedded = !env.DATABASE_OWNER_URL
  const place = isEmbedded ? await reachEmbedded(dataFolder(env)) : { ownerUrl: env.DATABASE_OWNER_URL!, stop: async () => {} }
  const keys = ringOf(isEmbedded)
  const client = new Client({ connectionString: place.ownerUrl, application_name: 'warme-overdracht log' })
  try {
    await client.connect()
    await work(client, keys)
  } finally {
    await client.end().catch(() => {})
    await place.stop()
  }
}

function options(args: readonly string[]): { keysFile: string | undefined; kept: string[] } {
  const kept: string[] = []
  let keysFile: string | undefined
  for (let index = 0; index < args.length; index += 2) {
    const [name, value] = [args[index], args[index + 1]]
    if (value === undefined || (name !== '--keys' && name !== '--checkpoint')) throw new PlainError(HOW)
    if (name === '--keys') keysFile = value
    else kept.push(value.trim())
  }
  return { keysFile, kept }
}

/** Runs `work` as a sealer: by DATABASE_URL and SEAL_KEY, or on the embedded database with the key of its data folder. */
async function asSealer(work: (sealer: Sealer) => Promise<string>): Promise<void> {
  const isEmbedded = !env.DATABASE_URL
  const key = await loadSealKey({ sealKey: env.SEAL_KEY, dataFolder: isEmbedded ? dataFolder(env) : undefined })
  if (!key) throw new PlainError('SEAL_KEY is missing: a private JWK of Ed25519, as npm run --silent log -- new-key makes one.')
  const place = isEmbedded ? await reachEmbedded(dataFolder(env)) : { serverUrl: env.DATABASE_URL!, stop: async () => {} }
  const database = openDatabase(place.serverUrl, { connections: 1 })
  try {
    console.log(await work({ database, folder, key, now: () => new Date() }))
  } finally {
    await database.$disconnect()
    await place.stop()
  }
}

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  verify: verifyLog,
  export: writeLines,
  checkpoint: async () => {
    const { last } = await tailOf(folder, await readerOf(await keysOf(folder)))
    if (last === undefined) throw new PlainError(`There is no checkpoint in ${folder} yet.`)
    console.log(last)
  },
  // What a server that seals does each minute, once.
  seal: () =>
    asSealer(async (sealer) => {
      const seals = await sealLog(sealer)
      const keys = ringOf(!env.DATABASE_URL)
      const kept = keys ? await putAway({ database: sealer.database, keys }, folder) : 'none, for want of KEY_RING'
      return `Seals made: ${seals}. Withdrawals kept outside the database: ${kept}. Both are in ${folder}.`
    }),
  expire: () =>
    asSealer(
      async (sealer) =>
        `Seals whose records were over their term, and are gone: ${await expireLog(sealer, readRetention(POLICIES))}.`,
    ),
  'accept-restore': () => asSealer(acceptRestore),
  'new-key': async () => console.log(JSON.stringify(await newSealKey())),
}

try {
  const [name = '', ...args] = process.argv.slice(2)
  const command = new Map(Object.entries(COMMANDS)).get(name)
  if (!command || (args.length > 0 && command !== verifyLog && command !== writeLines)) throw new PlainError(HOW)
  await command(args)
} catch (fault) {
  // INVARIANT: never a URL, which holds a password, nor a key.
  const { code, message } = fault as Error & { code?: string }
  const isPlain = fault instanceof PlainError || fault instanceof Refusal
  if (!isPlain && code === undefined) throw fault
  // Whoever reads the lines may stop when it has enough, as `head` does.
  if (code !== 'EPIPE') {
    console.error(isPlain ? message : `The log could not be read or written (${code}).`)
    process.exitCode = 1
  }
}
