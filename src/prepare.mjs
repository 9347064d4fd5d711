// What runs on a bare machine, before anything is installed: install, generate and build what changed, then do what was asked.
// Needs nothing but Node and npm. What it says goes to stderr: the stdout of `token` and `policies` is theirs alone.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.warme-overdracht-stamp')
const cli = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  prisma: 'node_modules/prisma/build/index.js',
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
}

const [task = 'start', ...args] = process.argv.slice(2)
const tasks = {
  start: () => [['dist/main.js', ...args]],
  test: () => [[cli.vitest, 'run', ...args]],
  build: () => [],
  token: () => [['dist/identity/token.js', ...args]],
  policies: () => [['dist/decide/policies.js', ...args]],
  release: () => [['dist/database/release.js', ...args]],
  log: () => [['dist/access-log/log.js', ...args]],
  fade: () => [['dist/anonymity/fade-once.js', ...args]],
  'restore-check': () => [['dist/anonymity/restore-check.js', ...args]],
  'bench:fade': () => [['test/bench/fade.mjs', ...args]],
  'bench:wall': () => [['test/bench/wall.mjs']],
  'bench:log': () => [['test/bench/log.mjs']],
  guard: () => [['dist/anonymity/guard/command.js', ...args]],
  'bench:guard': () => [['test/bench/guard.mjs', ...args]],
  figures: () => [['dist/figures/run.js', ...args]],
  'bench:figures': () => [['test/bench/figures.mjs', ...args]],
  ...proofs('attack-figures', 'cells', 'worlds', 'two-worlds', 'races', 'faults'),
  generate: () => [['dist/generated.js']],
  check: () => [
    [cli.biome, 'ci', '.'],
    ...(existsSync(join(root, 'test/tsconfig.json')) ? [[cli.tsc, '-p', 'test/tsconfig.json']] : []),
    ['dist/generated.js', '--check'],
    [cli.vitest, 'run', ...args],
  ],
}

refuseOldNode()
if (!Object.hasOwn(tasks, task)) fail(`There is no task "${task}". There are: ${Object.keys(tasks).join(', ')}.`)
process.chdir(root)
install()
generate()
build()
for (const command of tasks[task]()) {
  process.exitCode = await run(command)
  if (process.exitCode !== 0) break
}

/** What `npm test` does with a small sample, whole: each says on standard output what it counted. */
function proofs(...names) {
  const whole = (name) => () => {
    process.env.PROOF = 'whole'
    return [[cli.vitest, 'run', `test/proof/${name}.test.ts`, '--disable-console-intercept', ...args]]
  }
  return Object.fromEntries(names.map((name) => [name, whole(name)]))
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    fail(
      `This needs Node.js 20.19 or newer, and this is ${process.versions.node}. Install a newer one from https://nodejs.org and try again.`,
    )
}

/** `npm ci`, when node_modules is not what package-lock.json says on this platform. */
function install() {
  const stamp = fingerprint(['package-lock.json']) + process.platform + process.arch
  if (readStamp().install === stamp) return
  if (!isInstalled()) {
    say('Installing packages (npm ci) ...')
    // Started by npm, the same npm goes on; started by hand, the one on the path. Development packages build the server.
    const npm = process.env.npm_execpath
    const ci = ['ci', '--include=dev']
    const shown = { stdio: ['ignore', 2, 2] }
    const { status, error } =
      npm && basename(npm) === 'npm-cli.js'
        ? spawnSync(process.execPath, [npm, ...ci], shown)
        : spawnSync('npm', ci, { ...shown, shell: process.platform === 'win32' })
    if (status !== 0)
      fail(`Installing the packages failed${error ? ` (${error.message})` : ''}. Is the network there? Then try again.`)
  }
  noteStamp({ install: stamp })
}

/** Somebody may have run `npm ci` or `npm install` already: npm's own record says so, and it is written last. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
    const found = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages
    const same = (path) => found[path]?.version === wanted[path]?.version && found[path]?.integrity === wanted[path]?.integrity
    const here = ({ os, cpu, libc }) => !libc && (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch))
    const needed = ([path, entry]) => path && (!entry.optional || ((entry.os || entry.cpu) && here(entry)))
    return (
      Object.keys(found).every(same) &&
      Object.entries(wanted)
        .filter(needed)
        .every(([path]) => same(path))
    )
  } catch {
    return false
  }
}

/** Prisma's client, when the schema changed. Prisma would fetch an engine that `generate` does not use; any program stops that. */
function generate() {
  const stamp = fingerprint(['prisma/schema.prisma', 'prisma.config.ts'])
  if (readStamp().generate === stamp && existsSync('src/database/prisma/client.ts')) return
  say("Generating Prisma's client ...")
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli.prisma, 'generate'], { env, encoding: 'utf8' })
  if (status !== 0) fail(`${stdout}${stderr}prisma generate failed.`)
  noteStamp({ generate: stamp })
}

/** `tsc`, when a source changed. Where dist and src do not hold the same files (one was removed, or deleted), all is built anew. */
function build() {
  const sources = filesIn('src').filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  const times = () => [...sources, 'tsconfig.json'].map((file) => `${file} ${statSync(file).mtimeMs} ${statSync(file).size}`)
  const stamp = hash(times().join('\n'))
  const expected = sources.map((file) => file.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js')).sort()
  const isWhole =
    filesIn('dist')
      .filter((file) => file.endsWith('.js'))
      .sort()
      .join() === expected.join()
  if (isWhole && readStamp().build === stamp) return
  if (!isWhole) rmSync('dist', { recursive: true, force: true })
  say('Building (tsc) ...')
  const { status } = spawnSync(process.execPath, [cli.tsc], { stdio: ['ignore', 2, 2] })
  if (status !== 0) fail('The build failed.')
  noteStamp({ build: stamp })
}

/**
 * Runs one program of this project and gives its exit code. Ctrl-C comes here twice (from the terminal and from npm), and a kill of
 * npm once; the program, in a group of its own, hears each exactly once and decides itself when it is done.
 */
function run(command) {
  const child = spawn(process.execPath, command, { stdio: 'inherit', detached: process.platform !== 'win32' })
  const heard = {}
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      const now = Date.now()
      if (process.platform !== 'win32' && now - (heard[signal] ?? 0) > 500) child.kill(signal)
      heard[signal] = now
    })
  // npm passes a SIGTERM to the shell between us, which dies of it without a word: then there is another parent.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    child.kill('SIGTERM')
    clearInterval(watch)
  }, 200)
  if (!process.env.npm_lifecycle_event) clearInterval(watch)
  return new Promise((resolve) => {
    child.once('error', (fault) => fail(fault.message))
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}

function fingerprint(files) {
  return hash(files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('\n'))
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex')
}

/** Kept in node_modules, so that who deletes that starts afresh. */
function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}

function noteStamp(news) {
  writeFileSync(stampFile, JSON.stringify({ ...readStamp(), ...news }))
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
