// The policy at the command line: `check` it, `prove` that it leaves nothing out, renew its `matrix`, `explain` it, `ask` it, `shrink` it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Client, type QueryConfig } from 'pg'
import type { Evidence, Row } from '../access-log/usage.js'
import { readRetention } from '../anonymity/retention.js'
import { policyCells } from '../database/policy-cells.js'
import { PlainError, Refusal } from '../errors.js'
import { readFigures } from '../figures/tables.js'
import { answers } from './ask.js'
import { BUILT_IN_RULES, decider } from './decide.js'
import { cells, matrix } from './matrix.js'
import { type Policies, readPolicies } from './policy-files.js'
import { NOT_SHARED_RULE, sentenceOf } from './sentence.js'
import { type UnusedGrant, usesOf } from './shrink.js'

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url))
const MATRIX = join(FOLDER, 'matrix.md')
const HOW = `Say which: npm run --silent policies -- check              are the files sound?
           npm run --silent policies -- prove              is everything in the schema decided by exactly one rule?
           npm run --silent policies -- matrix             write policies/matrix.md
           npm run --silent policies -- matrix --check     is policies/matrix.md up to date?
           npm run --silent policies -- explain            every rule in one Dutch sentence
           npm run --silent policies -- ask                questions in, decisions out, as JSON lines
           npm run --silent policies -- shrink FROM UNTIL  sharing.yaml without what nobody used from one day up to another`

function check({ sharing, actions, fields, hash }: Policies) {
  const months = readRetention(FOLDER).logs['access-log']
  const { threshold, figures } = readFigures(FOLDER)
  // What the tables cannot tell apart is refused here already, not only at the next release.
  policyCells(sharing)
  const types = `${fields.governed.size} governed types`
  console.log(`The policies are sound: ${sharing.share.length} rules share and ${sharing.never.length} close, deciding`)
  console.log(
    `${cells(sharing).length} squares; ${types}; ${actions.size} operations. The log is kept ${months} months. Version ${hash}`,
  )
  console.log(`${figures.length} figures; below ${threshold} nothing is told.`)
}

async function prove(policies: Policies) {
  // Here, because the other commands need no schema and should not wait for it.
  const [{ bareSchema }, proof] = [await import('../graphql/schema.js'), await import('./prove.js')]
  const { counts, gaps } = proof.prove(bareSchema(), policies)
  for (const [what, count, kinds] of counts) console.log(`${String(count).padStart(6)}  ${what}${kinds ? `: ${kinds}` : ''}`)
  if (gaps.length > 0) throw new PlainError(`Not proven:\n${gaps.map((gap) => `  - ${gap}`).join('\n')}`)
  console.log('Every place in the schema is decided by exactly one rule, or public with a reason; every rule decides something.')
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

/**
 * The proposal goes to stdout, ready to compare with the file; the evidence to stderr.
 * INVARIANT: never prints a URL, which holds a password.
 */
async function shrink(policies: Policies, [from = '', until = '']: readonly string[]) {
  const { DATABASE_OWNER_URL: connectionString } = process.env
  if (!connectionString || !URL.canParse(connectionString))
    throw new PlainError(
      'shrink reads the access log of the whole installation: DATABASE_OWNER_URL must be the URL with which the owner of the tables logs in.',
    )
  // Here, because the other commands need no database and should not wait for one.
  const { evidence, periodOf, usageIn, wholeLog } = await import('../access-log/usage.js')
  const period = periodOf(from, until)
  const found = evidence(policies, period, usageIn(await read<Row>(connectionString, wholeLog(period))), () => true)
  console.error(inSentences(policies, found))
  process.stdout.write(found.after.texts.sharing)
}

async function read<T extends object>(connectionString: string, statement: QueryConfig): Promise<T[]> {
  const client = new Client({ connectionString, application_name: 'warme-overdracht policies' })
  try {
    await client.connect()
    await client.query('SET default_transaction_read_only = on')
    return (await client.query<T>(statement)).rows
  } catch (fault) {
    throw new PlainError(`The access log could not be read (${(fault as { code?: string }).code ?? 'no reason given'}).`, {
      cause: fault,
    })
  } finally {
    await client.end()
  }
}

function inSentences({ sharing }: Policies, { from, until, examined, uses, unused }: Evidence): string {
  if (uses.length === 0)
    return `Nothing was seen from ${from} up to ${until}: nothing can be concluded, and sharing.yaml stays as it is.`
  const of = (grant: UnusedGrant) => {
    const rule = sharing.share.find(({ rule }) => rule === grant.rule)!
    const { times, firstDay, lastDay } = usesOf(rule, uses)
    const parts = [...grant.relations, ...grant.purposes, ...grant.categories].join(', ')
    const what = grant.whole ? 'Nobody used it.' : `Used ${times} times from ${firstDay} to ${lastDay}, and never for: ${parts}.`
    return `${grant.rule}\n  ${sentenceOf(sharing, grant.rule)}\n  ${what}`
  }
  return [
    `From ${from} up to ${until}, ${examined} records of the access log: of ${unused.length} of ${sharing.share.length} rules something was not used.`,
    ...unused.map(of),
    'Rights of the visitor and what oversight needs are not judged by use.',
  ].join('\n\n')
}

const COMMANDS: Readonly<Record<string, (policies: Policies, args: readonly string[]) => unknown>> = {
  check,
  prove,
  matrix: writeMatrix,
  'matrix --check': checkMatrix,
  explain,
  ask,
  shrink,
}

try {
  const words = process.argv.slice(2)
  const args = words[0] === 'shrink' ? words.splice(1) : []
  const command = new Map(Object.entries(COMMANDS)).get(words.join(' '))
  if (!command || args.length > 2) throw new PlainError(HOW)
  await command(readPolicies(FOLDER), args)
} catch (fault) {
  // Whoever reads the answers may stop when it has enough, as `head` does.
  if ((fault as NodeJS.ErrnoException).code !== 'EPIPE') {
    if (!(fault instanceof PlainError || fault instanceof Refusal)) throw fault
    console.error(fault.message)
    process.exitCode = 1
  }
}
