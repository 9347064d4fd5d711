// `npm run --silent token -- ACCOUNT`: a token for a demo account of the server that runs on this machine, and nothing else.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ACCOUNTS } from './accounts.js'
import { accountSecrets, askForToken } from './ask.js'

const NOT_RUNNING = 'There is no running server with demo accounts. Start one with `npm start` and try again.'

const [name, ...more] = process.argv.slice(2)
if (more.length > 0 || !ACCOUNTS.some((account) => account.name === name)) {
  const names = ACCOUNTS.map((account) => `  ${account.name.padEnd(24)}${account.about}`)
  fail(2, ['Which account? npm run --silent token -- ACCOUNT', ...names].join('\n'))
}

const projectRoot = fileURLToPath(new URL('../../', import.meta.url))
const dataFolder = resolve(projectRoot, process.env.DATA_FOLDER ?? '.data')
const issuer = runningIssuer() ?? fail(1, NOT_RUNNING)
const secret = accountSecrets(dataFolder, [name!])[name!]!
const token = await askForToken(issuer, name!, secret).catch(() => fail(1, NOT_RUNNING))
process.stdout.write(`${token}\n`)

/** The running server leaves its addresses in `server.json`. A killed one leaves them too: then the question finds nobody. */
function runningIssuer(): string | undefined {
  try {
    const { issuer } = JSON.parse(readFileSync(join(dataFolder, 'server.json'), 'utf8'))
    // The secrets of demo accounts never leave this machine, whatever issuer the server trusts.
    return new URL(issuer).hostname === '127.0.0.1' ? issuer : undefined
  } catch {
    return undefined
  }
}

function fail(code: number, sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}
