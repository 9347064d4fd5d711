// One live server per data folder: a lock file that says who holds it, and that the dead cannot keep.
import { spawnSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlainError } from '../errors.js'

/** What `server.json` says. `processStart` tells the holder from a later process with the same number. */
export type Holder = { pid: number; processStart: string; startedAt: string; url?: string }

/**
 * Takes the folder for this process and returns how to give it back.
 * @throws PlainError that names the holder, when a live one has it
 */
export async function takeFolder(folder: string, now = new Date()): Promise<() => void> {
  const file = lockFile(folder)
  const mine: Holder = { pid: process.pid, processStart: processStart(process.pid) ?? '', startedAt: now.toISOString() }
  for (let look = 0; look < 25; look++) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: 'wx' })
      return () => {
        if (isMine(readHolder(file))) rmSync(file, { force: true })
      }
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException
      if (code !== 'EEXIST')
        throw new PlainError(
          `This user may not write in ${folder} (${message}). Start as the user it belongs to, or move it aside.`,
        )
    }
    const holder = readHolder(file)
    if (holder && isLive(holder)) throw new PlainError(inUse(folder, holder))
    // Unreadable: its writer is between opening and writing, unless it stays like that.
    if (!holder && look < 20) await sleep(20)
    else setAside(file)
  }
  throw new PlainError(`${file} could not be taken: too many servers want this folder at once. Try again.`)
}

/** Whether a live server has the folder. */
export function isTaken(folder: string): boolean {
  const holder = readHolder(lockFile(folder))
  return holder !== undefined && isLive(holder)
}

/** Adds where the server can be found, so that a second one can say it. `extra` is kept beside it. */
export function noteUrl(folder: string, url: string, extra: Record<string, unknown> = {}) {
  const file = lockFile(folder)
  const holder = readHolder(file)
  if (isMine(holder)) writeWhole(file, JSON.stringify({ ...holder, ...extra, url }))
}

/** Writes a file that nobody can see half-written. */
export function writeWhole(file: string, text: string, mode = 0o644) {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode })
  renameSync(draft, file)
}

/** When a process began, as a token only good for comparing ('' = alive, not known since when); undefined when it is dead. */
export function processStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // A zombie answers to signal 0 for as long as nobody collects it, which in a container can be for ever.
      if (fields[0] === 'Z') return undefined
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
    }
    if (process.platform === 'darwin')
      return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  } catch {
    // Not ours to look at: alive is all that is known.
  }
  return ''
}

const lockFile = (folder: string) => join(folder, 'server.json')

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined
  } catch {
    return undefined
  }
}

function isLive(holder: Holder) {
  const start = processStart(holder.pid)
  return start !== undefined && (start === '' || !holder.processStart || start === holder.processStart)
}

const isMine = (holder: Holder | undefined) => holder?.pid === process.pid && isLive(holder)

/** Of two processes that see the same dead holder, only one moves its file; who moved a fresh one puts it back. */
function setAside(file: string) {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = readHolder(aside)
  if (moved && isLive(moved)) renameSync(aside, file)
  else rmSync(aside, { force: true })
}

function inUse(folder: string, { pid, startedAt, url }: Holder) {
  const since = startedAt ? `, started at ${startedAt}` : ''
  return `${folder} is in use by a server that already runs: process ${pid}${since}${url ? `, at ${url}` : ''}. Use that one, or stop it first.`
}
