// Figures at the command line: `publish` what is over, `correct` a quarter that was counted wrong, `report` on a half year or a year.
import { fileURLToPath } from 'node:url'
import { dataFolder } from '../config.js'
import { asFigures, isUuid, openDatabase } from '../database/door.js'
import { reachEmbedded } from '../database/embedded.js'
import type { PrismaClient } from '../database/prisma/client.js'
import { PlainError, Refusal } from '../errors.js'
import { firstDayOf, periodCalled } from './period.js'
import { FIGURES } from './policy.js'
import { correctFigures, publishFigures } from './publish.js'
import { inFormat, makeReport, type ReportFormat } from './report.js'
import { loadSolver } from './solve.js'

const HOW = `Say which: npm run --silent figures -- publish                              count and publish whatever is over
           npm run --silent figures -- correct WERKCENTRUM 2026-Q1        count that quarter again, and publish a next version
           npm run --silent figures -- report WERKCENTRUM 2026-H1 html    the report, as html, csv or json
WERKCENTRUM by name or id. On the embedded database; elsewhere with DATABASE_URL, the server's own.`

const FORMATS: readonly ReportFormat[] = ['HTML', 'CSV', 'JSON']

async function main([what, ...args]: readonly string[]): Promise<void> {
  const { DATABASE_URL: url } = process.env
  if (!what || !Object.hasOwn(COMMANDS, what)) throw new PlainError(HOW)
  const place = url ? { serverUrl: url, stop: async () => {} } : await reachEmbedded(dataFolder(process.env))
  const database = openDatabase(place.serverUrl, { connections: 2, longest: 600_000 })
  try {
    await COMMANDS[what as keyof typeof COMMANDS](database, args)
  } finally {
    await database.$disconnect()
    await place.stop()
  }
}

const COMMANDS = {
  publish: async (database: PrismaClient) => {
    const made = await publishFigures(database)
    console.error(
      made === 0 ? 'There was nothing to publish.' : `Published ${made} quarters, with the half years and years that they close.`,
    )
  },
  correct: async (database: PrismaClient, [name = '', quarter = '']: readonly string[]) => {
    const period = periodCalled(quarter)
    if (period?.quarters.length !== 1) throw new PlainError(HOW)
    const id = await werkcentrumCalled(database, name)
    const calculator = { figures: FIGURES, solve: await loadSolver() }
    await correctFigures(database, calculator, id, firstDayOf(period.year, period.quarters[0]!))
    console.error('Counted again; what changed is published as a next version.')
  },
  report: async (database: PrismaClient, [name = '', period = '', format = 'html']: readonly string[]) => {
    const known = FORMATS.find((each) => each === format.toUpperCase())
    if (!known || !period) throw new PlainError(HOW)
    const id = await werkcentrumCalled(database, name)
    const report = await asFigures(database, (sql) => makeReport({ sql, capacity: { role: 'OPERATOR' } }, FIGURES, id, period))
    process.stdout.write(inFormat(report, known).content)
  },
} as const

async function werkcentrumCalled(database: PrismaClient, name: string): Promise<string> {
  const [found] = await asFigures(
    database,
    (sql) =>
      sql.$queryRaw<{ id: string }[]>`SELECT id FROM werkcentrum WHERE name = ${name} OR id::text = ${isUuid(name) ? name : ''}`,
  )
  if (!found) throw new PlainError('There is no werkcentrum of that name.')
  return found.id
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await main(process.argv.slice(2)).catch((fault: unknown) => {
    console.error(fault instanceof PlainError || fault instanceof Refusal ? fault.message : fault)
    process.exitCode = 1
  })
