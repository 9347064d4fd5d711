// The PostgreSQL child of a bare machine: real, durable, loopback only, and gone when the server is (design 8).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { PlainError } from '../errors.js'
import { findBinaries, mustReach, postgresEnv, postgresUser } from './binaries.js'
import { isTaken, processStart, takeFolder, writeWhole } from './holder.js'

const DATABASE = 'warme_overdracht'

type Keys = { superuser: string; owner: string; server: string }
type User = { uid?: number; gid?: number }

export type Embedded = {
  /** Migrates and owns everything; may make roles, but is no superuser and cannot get round row-level security. */
  ownerUrl: string
  /** What the server logs in with: owns nothing, inherits nothing. */
  serverUrl: string
  port: number
  major: number
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL on `folder`, making the cluster when it is not there yet.
 * @param binaries a bin folder of PostgreSQL 15 or newer; by default POSTGRES_BIN, or else the npm package
 * @param announce hears it when PostgreSQL stops by itself
 * @throws PlainError when another live server has the folder, or another major version made it
 */
export async function startEmbedded({
  folder,
  binaries = process.env.POSTGRES_BIN,
  announce = () => {},
}: {
  folder: string
  binaries?: string | undefined
  announce?: (sentence: string) => void
}): Promise<Embedded> {
  const { bin, major } = findBinaries(binaries)
  refuseOtherMajor(folder, bin, major)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const home = realpathSync(folder)
  const data = join(home, 'postgres')
  const release = await takeFolder(folder)
  try {
    const user = postgresUser()
    mustReach([home, join(bin, 'postgres')], user)
    const made = existsSync(data)
    if (made) mustOwn(data, user)
    await stopLeftOver(data, bin)
    const keys = readKeys(home, made)
    if (!made) makeCluster({ home, data, bin, major, user, keys })
    writeWhole(join(home, 'postgres-major'), `${major}\n`)

    const log = join(home, 'postgres.log')
    const { child, port } = await run({ data, bin, user, log })
    let stopping: Promise<void> | undefined
    const onExit = () => signal(child.pid!, 'INT', bin)
    const stop = () => {
      process.off('exit', onExit)
      stopping ??= shutDown(child.pid!, bin).finally(release)
      return stopping
    }
    // A server that ends without order (an uncaught fault) still takes its child along.
    process.once('exit', onExit)
    child.once('exit', (code, by) => {
      process.off('exit', onExit)
      if (!stopping) announce(`PostgreSQL stopped by itself (${by ?? `exit code ${code}`}). Its log: ${log}`)
    })
    try {
      await ensureRoles(superuserUrl(home, port, 'postgres'), keys)
    } catch (fault) {
      await stop()
      throw fault
    }
    return { ownerUrl: url('wo_owner', keys.owner, port), serverUrl: url('wo_server', keys.server, port), port, major, stop }
  } catch (fault) {
    release()
    throw fault
  }
}

/**
 * The database of a folder for a command beside the server: as it runs, or else started for as long as the command takes.
 * @throws PlainError when there is none
 */
export async function reachEmbedded(folder: string): Promise<Pick<Embedded, 'ownerUrl' | 'serverUrl' | 'stop'>> {
  if (!existsSync(join(folder, 'postgres')))
    throw new PlainError(
      `There is no database in ${folder}. Start the server once, or say where it is (DATABASE_OWNER_URL, DATABASE_URL).`,
    )
  if (!isTaken(folder)) return startEmbedded({ folder })
  const port = Number(readIfThere(join(folder, 'postgres', 'postmaster.pid'))?.split('\n')[3])
  if (!port) throw new PlainError(`The server that has ${folder} is just starting or stopping: try again.`)
  const keys = readKeys(folder, true)
  return { ownerUrl: url('wo_owner', keys.owner, port), serverUrl: url('wo_server', keys.server, port), stop: async () => {} }
}

/** For tests only: they must be able to look past row-level security. The server never has this URL. */
export const superuserUrl = (folder: string, port: number, database = DATABASE) =>
  url('postgres', readKeys(folder, true).superuser, port, database)

const url = (role: string, password: string, port: number, database = DATABASE) =>
  `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`

function refuseOtherMajor(folder: string, bin: string, major: number) {
  const recorded = Number(
    readIfThere(join(folder, 'postgres-major')) ?? readIfThere(join(folder, 'postgres', 'PG_VERSION')) ?? major,
  )
  if (recorded === major) return
  throw new PlainError(
    `The data in ${folder} was made by PostgreSQL ${recorded}, and ${bin} is PostgreSQL ${major}, which cannot read it. ` +
      `Either start with PostgreSQL ${recorded} again (set POSTGRES_BIN to its bin folder), or dump the database with ${recorded}, ` +
      `move ${folder} aside, start with ${major} and restore the dump. Nothing was touched.`,
  )
}

function readKeys(home: string, made: boolean): Keys {
  const file = join(home, 'keys', 'postgres.json')
  const known = readIfThere(file)
  if (known) return JSON.parse(known)
  if (made)
    throw new PlainError(`${file} is missing: without its passwords the database in ${home} cannot be opened. Put it back.`)
  const secret = () => randomBytes(24).toString('base64url')
  const keys: Keys = { superuser: secret(), owner: secret(), server: secret() }
  mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 })
  writeWhole(file, JSON.stringify(keys), 0o600)
  return keys
}

/** Made beside its place and moved there when whole, so that an interrupted first start simply starts again. */
function makeCluster({
  home,
  data,
  bin,
  major,
  user,
  keys,
}: {
  home: string
  data: string
  bin: string
  major: number
  user: User
  keys: Keys
}) {
  const draft = `${data}.new`
  const passwordFile = join(home, 'postgres.password')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  try {
    writeFileSync(passwordFile, keys.superuser, { mode: 0o600 })
    if (user.uid !== undefined) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid!)
    // PostgreSQL 17 brought a locale of its own: the same order on every machine.
    const locale = major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8']
    const { status, stderr, error } = spawnSync(
      join(bin, 'initdb'),
      [
        '-D',
        draft,
        '-U',
        'postgres',
        '--encoding=UTF8',
        ...locale,
        '--data-checksums',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
      ],
      { encoding: 'utf8', cwd: home, env: postgresEnv, windowsHide: true, ...user },
    )
    if (status !== 0) throw new PlainError(`PostgreSQL could not make a database in ${home}: ${error?.message ?? stderr.trim()}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(draft, data)
}

/** A folder may have been used before as another OS user: root can mend that, others are told. */
function mustOwn(data: string, user: User) {
  const owner = statSync(data).uid
  if (user.uid !== undefined && owner !== user.uid) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, data])
  else if (user.uid === undefined && process.getuid && owner !== process.getuid())
    throw new PlainError(
      `${data} belongs to another OS user (number ${owner}). Start as that user, or move the data folder aside.`,
    )
}

/** A server killed outright leaves its PostgreSQL running. Stopping it is simpler and surer than adopting it. */
async function stopLeftOver(data: string, bin: string) {
  const pidFile = join(data, 'postmaster.pid')
  const pid = Number(readIfThere(pidFile)?.split('\n')[0])
  if (!pid) return
  if (processStart(pid) !== undefined && worksIn(pid, data)) await shutDown(pid, bin)
  // When PostgreSQL itself was killed, its helpers see that and end; before they have, nobody else may touch the files.
  for (const until = Date.now() + 5000; Date.now() < until && anybodyWorksIn(data); await sleep(20));
  if (anybodyWorksIn(data))
    throw new PlainError(`Processes of an earlier PostgreSQL still work in ${data}. Stop them, then start again.`)
  // A dead process that nobody collected still answers, and a number can have gone to another program: PostgreSQL takes either for itself.
  rmSync(pidFile, { force: true })
}

/** Only Linux tells without asking every process; elsewhere PostgreSQL's own check of its shared memory has to do. */
function anybodyWorksIn(data: string): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`) === data
    } catch {
      return false // Gone meanwhile, or of another user; ours we may look at.
    }
  })
}

function worksIn(pid: number, data: string) {
  if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === data
  if (process.platform === 'win32') return true // pg_ctl can only reach a PostgreSQL.
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(data)
}

type Running = { child: ChildProcess; port: number }

async function run({ data, bin, user, log }: { data: string; bin: string; user: User; log: string }): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      // What people typed stays out of the log: no statements, no DETAIL with the values of a row.
      log_min_error_statement: 'panic',
      log_error_verbosity: 'terse',
    }
    const out = openSync(log, 'w', 0o600)
    // Detached: the terminal's Ctrl-C is for the server, which stops its child in order.
    const child = spawn(
      join(bin, 'postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...user,
        cwd: join(data, '..'),
        env: postgresEnv,
        detached: true,
        windowsHide: true,
        stdio: ['ignore', out, out],
      },
    )
    closeSync(out)
    child.unref()
    if (await isReady(child, data, port)) return { child, port }
    const said = readIfThere(log)?.trim() ?? ''
    // Somebody took the free port first.
    if (attempt < 3 && said.includes('could not bind')) continue
    throw new PlainError(`PostgreSQL did not start. Its log (${log}) ends with:\n${said.split('\n').slice(-5).join('\n')}`)
  }
}

/** Asks the pid file instead of the port: on the port somebody else might answer. Recovery after a crash may take its time. */
async function isReady(child: ChildProcess, data: string, port: number) {
  let gone = false
  for (const event of ['exit', 'error'])
    child.once(event, () => {
      gone = true
    })
  while (!gone) {
    const lines = readIfThere(join(data, 'postmaster.pid'))?.split('\n') ?? []
    if (Number(lines[0]) === child.pid && Number(lines[3]) === port && lines[7]?.trim() === 'ready') return true
    await sleep(10)
  }
  return false
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Fast shutdown; after five seconds the immediate one, from which PostgreSQL recovers by itself. */
async function shutDown(pid: number, bin: string) {
  for (const mode of ['INT', 'QUIT'] as const) {
    signal(pid, mode, bin)
    for (const until = Date.now() + 5000; Date.now() < until; await sleep(10)) if (processStart(pid) === undefined) return
  }
}

function signal(pid: number, mode: 'INT' | 'QUIT', bin: string) {
  // Windows has no signals; PostgreSQL brought its own.
  if (process.platform === 'win32') spawnSync(join(bin, 'pg_ctl'), ['kill', mode, String(pid)], { windowsHide: true })
  else
    try {
      process.kill(pid, `SIG${mode}`)
    } catch {
      // Already gone.
    }
}

/** The superuser's only work. At every start, so that a first start cut short is completed by the next. */
async function ensureRoles(superuser: string, keys: Keys) {
  const client = new Client({ connectionString: superuser })
  await client.connect()
  try {
    const lacks = async (question: string, name: string) => (await client.query(question, [name])).rowCount === 0
    const role = 'select from pg_roles where rolname = $1'
    if (await lacks(role, 'wo_owner'))
      await client.query(`create role wo_owner login createrole createdb password '${keys.owner}'`)
    if (await lacks(role, 'wo_server')) await client.query(`create role wo_server login noinherit password '${keys.server}'`)
    if (await lacks('select from pg_database where datname = $1', DATABASE))
      await client.query(`create database ${DATABASE} owner wo_owner`)
  } finally {
    await client.end()
  }
}

function readIfThere(file: string) {
  try {
    return readFileSync(file, 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fault
  }
}
