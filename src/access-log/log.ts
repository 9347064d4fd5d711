// The log at the command line, as whoever owns the database: `export` it as JSON lines after the standards.
import { randomBytes, randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { PlainError, Refusal } from '../errors.js'
import { loadKeyRing } from '../identity/pseudonym.js'
import { exportLog, LOG_FORMATS } from './export.js'

const HOW = `Say which: npm run --silent log -- export adl|ldv|otlp FROM UNTIL [ORGANISATION]
FROM and UNTIL are instants as 2026-11-22T00:00:00Z; ORGANISATION is the name or id of a werkcentrum or partner, and all in turn without it.
DATABASE_OWNER_URL is the URL with which the owner of the tables logs in, KEY_RING the ring of the servers: the export is logged too.`

/** INVARIANT: never prints a URL, which holds a password. */
async function writeLog([format = '', from, until, organisation, ...more]: readonly string[]) {
  const known = LOG_FORMATS.find((each) => each.toLowerCase() === format.toLowerCase())
  const { DATABASE_OWNER_URL: connectionString, KEY_RING: keyRing } = process.env
  if (!known || !from || !until || more.length > 0 || !connectionString || !URL.canParse(connectionString))
    throw new PlainError(HOW)
  const world = {
    keys: loadKeyRing({ keyRing }),
    now: () => new Date(),
    newId: randomUUID,
    random: (size: number) => randomBytes(size),
  }
  const client = new Client({ connectionString, application_name: 'warme-overdracht log' })
  try {
    await client.connect()
    const lines = exportLog(client, world, known, { from, until }, organisation ?? null)
    await pipeline(lines, inLines, process.stdout)
  } catch (fault) {
    const { code } = fault as { code?: string }
    if (fault instanceof PlainError || fault instanceof Refusal || code === 'EPIPE') throw fault
    throw new PlainError(`The log could not be read (${code ?? 'no reason given'}).`, { cause: fault })
  } finally {
    await client.end()
  }
}

async function* inLines(texts: AsyncIterable<string>) {
  for await (const text of texts) yield `${text}\n`
}

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = { export: writeLog }

try {
  const [name = '', ...args] = process.argv.slice(2)
  const command = new Map(Object.entries(COMMANDS)).get(name)
  if (!command) throw new PlainError(HOW)
  await command(args)
} catch (fault) {
  // Whoever reads the lines may stop when it has enough, as `head` does.
  if ((fault as NodeJS.ErrnoException).code !== 'EPIPE') {
    if (!(fault instanceof PlainError || fault instanceof Refusal)) throw fault
    console.error(fault.message)
    process.exitCode = 1
  }
}
