// A copy of the project to put faults into: the project itself stays as it is, and what fails in the copy fails for the fault alone.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const COPIED = [
  ...['src', 'dist', 'test', 'prisma', 'policies', 'schema'],
  ...['package.json', 'tsconfig.json', 'vitest.config.ts', 'prisma.config.ts'],
]

/** One place in one file that is changed for the worse. */
export type Change = Readonly<{ file: string; from: string; to: string }>

/** Of these files, the tests whose title holds one of these texts. */
export type Chosen = Readonly<{ files: readonly string[]; titles: readonly string[] }>

/** The titles of the tests that failed, and of those that passed. `broken`: what failed and is no test, as a build or a setup. */
export type Verdict = Readonly<{ failed: readonly string[]; passed: readonly string[]; broken: string | undefined }>

/** What the released database is made of, and what says that a test may ask for one, itself or through what it imports. */
const MAKES_THE_DATABASE = /^(prisma|policies|src\/database)\/|^src\/decide\/(decide|policy-files)\./
const ASKS_FOR_A_DATABASE = /freshDatabase|startServer|from '\.[^']*(support|everything|hand-off|sealed|product)/

/** On a busy machine a test takes its time, and may fail once for the want of it: that is no fault. */
const PATIENT = ['--testTimeout=300000', '--hookTimeout=300000', '--retry=1']

/** `cluster`: a PostgreSQL that is there already, with the released database of the project, for faults of neither. */
export function faultyCopy(cluster: object) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wo-faults-')))
  const report = join(folder, 'report.json')
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true, preserveTimestamps: true })
  // A folder of its own, for what vite keeps there; the packages themselves are those of the project.
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  const remove = () => rmSync(folder, { recursive: true, force: true })
  let isBuilt = true
  let running: ChildProcess | undefined
  // Stopped from outside: so is what runs inside, which takes its PostgreSQL along.
  process.once('disconnect', () => {
    running?.kill('SIGINT')
    remove()
    process.exit(1)
  })

  const program = (path: string, args: readonly string[], more: Record<string, string> = {}) =>
    new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      const env = { ...plainEnvironment(), ...more }
      const child = spawn(process.execPath, [join(ROOT, 'node_modules', path), ...args], { cwd: folder, env })
      running = child
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          output += chunk
        })
      child.once('error', reject)
      child.once('exit', (code) => resolve({ code, output }))
    })

  async function run({ files, titles }: Chosen, bail: number, more: Record<string, string>): Promise<Verdict> {
    rmSync(report, { force: true })
    const pattern = titles.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
    const { output } = await program(
      'vitest/vitest.mjs',
      [
        'run',
        ...PATIENT,
        `--bail=${bail}`,
        '--maxWorkers=1',
        '--reporter=json',
        `--outputFile=${report}`,
        '-t',
        pattern,
        ...files,
      ],
      more,
    )
    return verdictIn(report, output)
  }
  const ready = { TEST_CLUSTER: JSON.stringify(cluster) }

  return {
    /** The chosen tests on the copy as it is. */
    suite: (chosen: Chosen) => run(chosen, 0, ready),

    /** The chosen tests with the change in place, which is taken out again. */
    async suiteWith({ file, from, to }: Change, chosen: Chosen): Promise<Verdict> {
      const path = join(folder, file)
      const sound = readFileSync(path, 'utf8')
      const isSource = /\.tsx?$/.test(file)
      const asks = () => chosen.files.some((name) => ASKS_FOR_A_DATABASE.test(readFileSync(join(folder, name), 'utf8')))
      writeFileSync(path, sound.split(from).join(to))
      try {
        if (isSource || !isBuilt) {
          isBuilt = !isSource
          const { code, output } = await program('typescript/bin/tsc', [])
          if (code !== 0) return { failed: [], passed: [], broken: `it does not compile: ${output}` }
        }
        return await run(chosen, 1, MAKES_THE_DATABASE.test(file) && asks() ? {} : ready)
      } finally {
        writeFileSync(path, sound)
      }
    },

    remove,
  }
}

type Report = {
  testResults: {
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

function verdictIn(file: string, output: string): Verdict {
  let report: Report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { failed: [], passed: [], broken: output.trim().slice(-2000) || 'the tests did not start' }
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.filter(({ status }) => status === 'failed')
  const late = failed.find(({ failureMessages }) => failureMessages?.some((message) => message.includes('timed out in')))
  const hurt = report.testResults.find(({ status, message }) => status === 'failed' && message)
  return {
    failed: late ? [] : failed.map(({ fullName }) => fullName),
    passed: tests.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
    broken: late ? `it took too long: ${late.fullName}` : failed.length === 0 ? hurt?.message.slice(0, 2000) : undefined,
  }
}

/** Nothing of the run around it, which would make the inner run take itself for a worker, or prove everything once more. */
const plainEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^VITEST|^(TEST|PROD|DEV|MODE|SSR|NODE_ENV|PROOF)$/.test(name)),
  )
