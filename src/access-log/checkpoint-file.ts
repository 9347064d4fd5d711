// The checkpoints as a file outside the database: lines are added at its end, and the public keys that signed them stand beside it.
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { PlainError } from '../errors.js'
import { parsed, type Read, readerOf, type SealKey, type Statement, sha256, sign } from './checkpoint.js'

const fileIn = (folder: string) => join(folder, 'checkpoints.txt')
const keysIn = (folder: string) => join(folder, 'keys.json')

/** Characters of the end of the file in which the last whole line is looked for: some forty lines. */
const TAIL = 40_000

/** @throws PlainError when a file of keys is none */
export async function keysOf(folder: string): Promise<JWK[]> {
  return readKeys(keysIn(folder), () => [])
}

/** The keys of a file that somebody kept: a JWKS, or one JWK. */
export async function readKeys(
  file: string,
  missing: () => JWK[] = () => {
    throw new PlainError(`${file} cannot be read.`)
  },
): Promise<JWK[]> {
  const text = await readFile(file, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return undefined
    throw fault
  })
  if (text === undefined) return missing()
  const { keys, kty } = (parsed(text) ?? {}) as { keys?: JWK[]; kty?: string }
  if (Array.isArray(keys)) return keys
  if (kty) return [parsed(text) as JWK]
  throw new PlainError(`${file} holds no keys (a JWKS, or one JWK).`)
}

/** Characters of the file as it is now; 0 where there is none. */
export async function lengthOf(folder: string): Promise<number> {
  return (await statOf(folder))?.size ?? 0
}

const statOf = (folder: string) =>
  stat(fileIn(folder)).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return undefined
    throw fault
  })

/** The lines of the first `length` characters. */
export async function* linesOf(folder: string, length: number): AsyncGenerator<string> {
  if (length === 0) return
  const input = createReadStream(fileIn(folder), { encoding: 'utf8', end: length - 1 })
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield line
}

/** The last line that can be believed; a crash while writing may have left half a line after it. */
export type Tail = { last: string | undefined; said: Statement | undefined; isTorn: boolean }

/**
 * The tail of the file for whoever is about to add to it, and holds the lock. Adds the public key to those beside the file first, when it is new.
 * @throws PlainError when there are lines and none can be believed
 */
export async function tailFor(folder: string, key: SealKey): Promise<Tail> {
  await mkdir(folder, { recursive: true })
  const keys = await keysOf(folder)
  const thumbprints = await Promise.all(keys.map((jwk) => calculateJwkThumbprint(jwk)))
  if (!thumbprints.includes(key.kid)) {
    keys.push({ ...key.public, kid: key.kid, alg: 'EdDSA', use: 'sig' })
    await writeFile(`${keysIn(folder)}.new`, `${JSON.stringify({ keys }, null, 2)}\n`, { flush: true })
    await rename(`${keysIn(folder)}.new`, keysIn(folder))
  }
  return tailOf(folder, await readerOf(keys))
}

/** @throws PlainError when there are lines and none can be believed */
export async function tailOf(folder: string, read: Read): Promise<Tail> {
  const text = await endOf(folder)
  const lines = text.split('\n')
  const isTorn = lines.at(-1) !== ''
  for (const line of lines.reverse()) {
    const said = line === '' ? undefined : await read(line)
    if (said) return { last: line, said, isTorn }
  }
  if (text !== '')
    throw new PlainError(
      `The end of ${fileIn(folder)} was signed with none of the keys in ${keysIn(folder)}: nothing is added to it. Put both back as they were.`,
    )
  return { last: undefined, said: undefined, isTorn: false }
}

async function endOf(folder: string): Promise<string> {
  const length = await lengthOf(folder)
  if (length === 0) return ''
  const file = await open(fileIn(folder), 'r')
  try {
    const begin = Math.max(0, length - TAIL)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length - begin), 0, length - begin, begin)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}

/** What is said apart from where it stands in the file. */
export type Said = Statement extends infer One ? (One extends unknown ? Omit<One, 'previous'> : never) : never

/** Signs it and adds it at the end; it is on the disk when this returns. Returns the new tail. */
export async function append(folder: string, key: SealKey, tail: Tail, said: Said): Promise<Tail> {
  const whole = { ...said, previous: tail.last === undefined ? null : sha256(tail.last) } as Statement
  const line = await sign(key, whole)
  const isFirst = (await statOf(folder)) === undefined
  const file = await open(fileIn(folder), 'a', 0o644)
  try {
    // Half a line that a crash left stays where it is: a file to which one can only add need not be more.
    await file.appendFile(`${tail.isTorn ? '\n' : ''}${line}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  if (isFirst) await syncFolder(folder)
  return { last: line, said: whole, isTorn: false }
}

/** The name of a new file is on the disk too. */
async function syncFolder(folder: string) {
  // Windows cannot open a folder, and needs no such thing.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
