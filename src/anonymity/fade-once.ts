// `npm run fade`: what is due fades now, whether a server runs or not.
import { dataFolder } from '../config.js'
import { openDatabase } from '../database/door.js'
import { reachEmbedded } from '../database/embedded.js'
import { PlainError, Refusal } from '../errors.js'
import { fade, inWords } from './fade.js'

const env = process.env
let total = 0

try {
  const place = env.DATABASE_URL ? { serverUrl: env.DATABASE_URL, stop: async () => {} } : await reachEmbedded(dataFolder(env))
  const database = openDatabase(place.serverUrl, { connections: 1 })
  try {
    const faded = await fade(
      { database, now: () => new Date() },
      {
        isPatient: true,
        // A line now and then, so that who waits for millions sees that it goes on.
        onBatch: (step, things) => {
          const before = total
          total += things
          if (Math.floor(total / 100_000) > Math.floor(before / 100_000)) console.error(`${total} so far (${step})`)
        },
      },
    )
    console.log(`Faded: ${inWords(faded)}.`)
  } finally {
    await database.$disconnect()
    await place.stop()
  }
} catch (fault) {
  // INVARIANT: never a URL, which holds a password.
  const { code, message } = fault as Error & { code?: string }
  const isPlain = fault instanceof PlainError || fault instanceof Refusal
  if (!isPlain && code === undefined) throw fault
  console.error(isPlain ? message : `The database could not be reached (${code}).`)
  process.exitCode = 1
}
