// The policy at the command line: `check` it, renew its `matrix`, or `ask` it (JSON lines).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { PlainError } from '../errors.js'
import { answers } from './ask.js'
import { BUILT_IN_RULES, decider } from './decide.js'
import { cells, matrix } from './matrix.js'
import { type Policies, readPolicies } from './policy-files.js'
import { NOT_SHARED_RULE, sentenceOf } from './sentence.js'

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url))
const MATRIX = join(FOLDER, 'matrix.md')
const HOW = `Say which: npm run --silent policies -- check           are the files sound?
           npm run --silent policies -- matrix          write policies/matrix.md
           npm run --silent policies -- matrix --check  is policies/matrix.md up to date?
           npm run --silent policies -- explain         every rule in one Dutch sentence
           npm run --silent policies -- ask             questions in, decisions out, as JSON lines`

function check({ sharing, actions, fields, hash }: Policies) {
  const types = `${fields.governed.size} governed types`
  console.log(`The policies are sound: ${sharing.share.length} rules share and ${sharing.never.length} close, deciding`)
  console.log(`${cells(sharing).length} squares; ${types}; ${actions.size} operations. Version ${hash}`)
}

function writeMatrix(policies: Policies) {
  writeFileSync(MATRIX, matrix(policies))
  console.log('policies/matrix.md is written. Have it reviewed with the change.')
}

function checkMatrix(policies: Policies) {
  if (textOf(MATRIX) !== matrix(policies))
    throw new PlainError('policies/matrix.md does not show the policy as it is now. Renew it: npm run policies -- matrix')
  console.log('policies/matrix.md shows the policy as it is.')
}

function explain({ sharing }: Policies) {
  const rules = [...sharing.share, ...sharing.never].map(({ rule }) => rule)
  for (const rule of [...rules, ...BUILT_IN_RULES, NOT_SHARED_RULE]) console.log(`${rule}\n  ${sentenceOf(sharing, rule)}\n`)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const ask = ({ sharing }: Policies) =>
  pipeline(process.stdin.setEncoding('utf8'), (input) => answers(input, decider(sharing)), process.stdout)

const COMMANDS: Readonly<Record<string, (policies: Policies) => unknown>> = {
  check,
  matrix: writeMatrix,
  'matrix --check': checkMatrix,
  explain,
  ask,
}

try {
  const command = new Map(Object.entries(COMMANDS)).get(process.argv.slice(2).join(' '))
  if (!command) throw new PlainError(HOW)
  await command(readPolicies(FOLDER))
} catch (fault) {
  // Whoever reads the answers may stop when it has enough, as `head` does.
  if ((fault as NodeJS.ErrnoException).code !== 'EPIPE') {
    if (!(fault instanceof PlainError)) throw fault
    console.error(fault.message)
    process.exitCode = 1
  }
}
