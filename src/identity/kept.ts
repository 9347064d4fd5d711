// Secrets that are made once and kept in a file that only its owner can read (design 8, the default way of running).
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { PlainError } from '../errors.js'

/** What the file holds, after `complete` has made it or added to it. `complete` returns what it was given if nothing is missing. */
export function kept<T>(file: string, complete: (found: T | undefined) => T): T {
  const found = read<T>(file)
  const wanted = complete(found)
  if (wanted === found) return wanted
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}`
  try {
    const handle = openSync(fresh, 'w', 0o600)
    writeFileSync(handle, `${JSON.stringify(wanted, null, 2)}\n`)
    fsyncSync(handle)
    closeSync(handle)
    if (found === undefined) linkSync(fresh, file)
    else renameSync(fresh, file)
    return wanted
  } catch (fault) {
    // Somebody else made it in the meantime: theirs counts. Two key rings would make half of the hashes worthless.
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return kept(file, complete)
    throw fault
  } finally {
    rmSync(fresh, { force: true })
  }
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new PlainError(`${file} cannot be read. It holds keys: restore it from a copy rather than removing it.`)
  }
}
