// `npm run restore-check`: a backup was put back; what was withdrawn, erased and faded since is so again, or it says what is not.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { checkpointFolder, dataFolder } from '../config.js'
import { reachEmbedded } from '../database/embedded.js'
import { PlainError } from '../errors.js'
import { loadKeyRing } from '../identity/pseudonym.js'
import { inWords } from './fade.js'
import { FILE, readPutAway } from './put-away.js'
import { replay } from './replay.js'

const env = process.env

/** Of every server that kept one: the order between files does not matter, because each hand-off was withdrawn in the order of its versions. */
async function readAll(names: readonly string[]) {
  const texts = await Promise.all(
    names.map((name) =>
      readFile(name, 'utf8').catch((fault: NodeJS.ErrnoException) => {
        throw new PlainError(`${name} could not be read (${fault.code}). Say which file: npm run restore-check -- FILE ...`)
      }),
    ),
  )
  return texts.flatMap((text, index) => readPutAway(text, names[index]!)).sort((one, other) => one.version - other.version)
}

try {
  const isEmbedded = !env.DATABASE_OWNER_URL
  const [...names] = process.argv.slice(2)
  const lines = await readAll(names.length > 0 ? names : [join(checkpointFolder(env), FILE)])
  const place = isEmbedded ? await reachEmbedded(dataFolder(env)) : { ownerUrl: env.DATABASE_OWNER_URL!, stop: async () => {} }
  const client = new Client({ connectionString: place.ownerUrl, application_name: 'warme-overdracht restore-check' })
  try {
    const keys = loadKeyRing({ keyRing: env.KEY_RING, dataFolder: isEmbedded ? dataFolder(env) : undefined })
    await client.connect()
    const { known, unknown, changed, faded, left } = await replay(client, keys, lines)
    console.log(
      `Lines of withdrawals and erasures: ${lines.length}, of which ${unknown} are about hand-offs that are not in this copy.`,
    )
    console.log(`Of the other ${known}, what was not so any more is so again: ${changed} rows.`)
    console.log(`Faded again: ${inWords(faded)}.`)
    console.log(left === 0 ? 'Nothing is left: this copy can be used.' : `NOT READY: ${left} rows are still there.`)
    if (left > 0) process.exitCode = 1
  } finally {
    await client.end().catch(() => {})
    await place.stop()
  }
} catch (fault) {
  // INVARIANT: never a URL, which holds a password, nor a key.
  const { code, message } = fault as Error & { code?: string }
  if (!(fault instanceof PlainError) && code === undefined) throw fault
  console.error(fault instanceof PlainError ? message : `The database could not be checked (${code}).`)
  process.exitCode = 1
}
