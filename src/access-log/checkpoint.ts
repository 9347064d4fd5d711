// A checkpoint: what the log amounts to after a seal, signed (JWS, Ed25519) with a key that the database never sees.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { CompactSign, calculateJwkThumbprint, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import { PlainError } from '../errors.js'
import { kept } from '../identity/kept.js'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const instant = z.string()

/** Where the log stands: its newest seal, how many records are in all seals so far, and up to which seal the records have expired. */
const head = { seal: count, hash, records: count, expired: count }
/** `previous` is the SHA-256 of the line before: no line can be taken out unseen. */
const line = { ...head, signedAt: instant, previous: hash.nullable() }
const statement = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checkpoint'), ...line, root: hash, size: count, sealedAt: instant, lastAt: instant }),
  // The records of all seals up to `expired` were due under a term of so many months, the youngest of them being of `lastAt`.
  z.object({ kind: z.literal('expired'), ...line, months: count, lastAt: instant }),
  // Somebody who has the key says that the database was rightly set back; null: that there was no checkpoint before.
  z.object({ kind: z.literal('restored'), ...line, from: z.object(head).nullable() }),
])

/** One line of the file of checkpoints. */
export type Statement = z.infer<typeof statement>
export type Head = z.infer<z.ZodObject<typeof head>>
export type SealKey = Readonly<{ kid: string; private: CryptoKey; public: JWK }>
/** Undefined when the token is none, or was signed with none of the keys. */
export type Read = (token: string) => Promise<(Statement & { kid: string }) | undefined>

const TYPE = 'log-checkpoint'
const ALGORITHM = 'EdDSA'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export async function sign(key: SealKey, said: Statement): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(said)))
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TYPE })
    .sign(key.private)
}

/** Reads what one of these keys has signed; each is called by its thumbprint (RFC 7638), whatever else it says it is called. */
export async function readerOf(jwks: readonly JWK[]): Promise<Read> {
  const keys = new Map<string, CryptoKey>()
  for (const { kty, crv, x } of jwks) {
    if (kty !== 'OKP' || crv !== 'Ed25519' || !x) throw new PlainError('A key of checkpoints is a public JWK of Ed25519.')
    const jwk = { kty, crv, x }
    keys.set(await calculateJwkThumbprint(jwk), (await importJWK(jwk, ALGORITHM)) as CryptoKey)
  }
  return async (token) => {
    try {
      const { payload, protectedHeader } = await compactVerify(token, ({ kid, typ }) => {
        const key = typ === TYPE && keys.get(kid ?? '')
        if (!key) throw new Error('no such key')
        return key
      })
      return { ...statement.parse(JSON.parse(Buffer.from(payload).toString())), kid: protectedHeader.kid! }
    } catch {
      return undefined
    }
  }
}

/** The private key from `sealKey` (the text of SEAL_KEY), else from `<dataFolder>/keys/seal.json`, which is made when it is not there. */
export async function loadSealKey({
  sealKey,
  dataFolder,
}: {
  sealKey?: string | undefined
  dataFolder?: string | undefined
}): Promise<SealKey | undefined> {
  if (sealKey !== undefined) return keyFrom(parsed(sealKey), 'SEAL_KEY')
  if (dataFolder === undefined) return undefined
  const file = join(dataFolder, 'keys', 'seal.json')
  const fresh = await newSealKey()
  return keyFrom(
    kept<JWK>(file, (found) => found ?? fresh),
    file,
  )
}

/** A private JWK, for SEAL_KEY. */
export async function newSealKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true })
  return exportJWK(privateKey)
}

async function keyFrom(jwk: unknown, where: string): Promise<SealKey> {
  const { kty, crv, x, d } = (jwk ?? {}) as JWK
  try {
    if (kty !== 'OKP' || crv !== 'Ed25519' || !x || !d) throw new Error('another kind of key')
    const own = { kty, crv, x }
    return Object.freeze({
      kid: await calculateJwkThumbprint(own),
      private: (await importJWK({ ...own, d }, ALGORITHM)) as CryptoKey,
      public: own,
    })
  } catch {
    // The text itself is never repeated here: it is a secret.
    throw new PlainError(`${where} must be a private JWK of Ed25519, as npm run --silent log -- new-key makes one.`)
  }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
