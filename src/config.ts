// What can be set from outside, in one place. Nothing else reads the environment for the server.
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PlainError } from './errors.js'
import { CLAIM_NAMES, type ClaimNames } from './identity/capacity.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const isNumber = (text: string) => /^([1-9]|10)$/.test(text)

/** As Fastify takes them: addresses, ranges as 10.0.0.0/8, or the names of three ranges. */
function isProxies(text: string): boolean {
  if (isNumber(text)) return true
  return text.split(',').every((part) => {
    const [address = '', bits, ...more] = part.trim().split('/')
    if (['loopback', 'linklocal', 'uniquelocal'].includes(part.trim())) return true
    return (
      isIP(address) > 0 &&
      more.length === 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128)))
    )
  })
}

const environment = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional(),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(10),
  OIDC_ISSUER: z.url().optional(),
  OIDC_AUDIENCE: z.string().min(1).default('urn:warme-overdracht:api'),
  OIDC_ROLE_CLAIM: z.string().min(1).default(CLAIM_NAMES.role),
  OIDC_ORGANISATION_CLAIM: z.string().min(1).default(CLAIM_NAMES.organisation),
  DEV_ISSUER: z.enum(['on', 'off']).optional(),
  KEY_RING: z.string().optional(),
  SEAL_KEY: z.string().min(1).optional(),
  SEAL_EVERY: z.coerce.number().int().min(1).max(3600).default(60),
  // Never just "trust": then every caller could name an address of its own choice, and no attempt at a code would be counted twice.
  TRUST_PROXY: z
    .string()
    .refine(isProxies, 'how many proxies stand before the server (1 to 10), or their addresses, with commas between')
    .optional(),
})

export type Config = Readonly<{
  host: string
  port: number
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  /** Where the embedded run keeps everything; nothing is written there when databases and issuer are given. */
  dataFolder: string
  /** The server's login; undefined: the embedded PostgreSQL with the demo story. */
  databaseUrl: string | undefined
  connections: number
  /** Undefined: the development issuer, which has to be asked for when a database is given. */
  issuer: string | undefined
  audience: string
  claimNames: ClaimNames
  keyRing: string | undefined
  /** Signs the checkpoints of the log; undefined: a key of the data folder's own, or another process seals. */
  sealKey: string | undefined
  /** Seconds. */
  sealEvery: number
  checkpointFolder: string
  /** Proxies before the server, by number or by address; undefined: none, and what a request says about its address is not believed. */
  trustProxy: number | string | undefined
}>

/** Where the embedded run keeps everything. */
export const dataFolder = ({ DATA_FOLDER = '.data' }: NodeJS.ProcessEnv): string => resolve(ROOT, DATA_FOLDER)

/** Where the checkpoints of the log are; for the commands too. */
export const checkpointFolder = (env: NodeJS.ProcessEnv): string =>
  env.CHECKPOINT_FOLDER ? resolve(ROOT, env.CHECKPOINT_FOLDER) : join(dataFolder(env), 'checkpoints')

/** @throws PlainError that names the variables, never their values: some are secrets. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = environment.safeParse(env)
  if (!read.success)
    throw new PlainError(
      `Not started: ${read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}.`,
    )
  const set = read.data
  const wantsDevIssuer = set.DEV_ISSUER === 'on' || (set.DEV_ISSUER !== 'off' && !set.DATABASE_URL && !set.OIDC_ISSUER)
  if (set.OIDC_ISSUER && set.DEV_ISSUER === 'on')
    throw new PlainError('Not started: OIDC_ISSUER and DEV_ISSUER=on exclude each other.')
  if (!set.OIDC_ISSUER && !wantsDevIssuer)
    throw new PlainError(
      'Not started: OIDC_ISSUER is missing. Give the address of your identity provider, or DEV_ISSUER=on to try things out.',
    )
  if (!set.DATABASE_URL && set.NODE_ENV === 'production')
    throw new PlainError('Not started: NODE_ENV=production needs DATABASE_URL; the embedded database is for trying things out.')
  return Object.freeze({
    host: set.HOST,
    port: set.PORT,
    logLevel: set.LOG_LEVEL ?? (set.DATABASE_URL ? 'info' : 'warn'),
    dataFolder: dataFolder(env),
    databaseUrl: set.DATABASE_URL,
    connections: set.DATABASE_CONNECTIONS,
    issuer: set.OIDC_ISSUER,
    audience: set.OIDC_AUDIENCE,
    claimNames: { role: set.OIDC_ROLE_CLAIM, organisation: set.OIDC_ORGANISATION_CLAIM },
    keyRing: set.KEY_RING,
    sealKey: set.SEAL_KEY,
    sealEvery: set.SEAL_EVERY,
    checkpointFolder: checkpointFolder(env),
    trustProxy: set.TRUST_PROXY && isNumber(set.TRUST_PROXY) ? Number(set.TRUST_PROXY) : set.TRUST_PROXY,
  })
}
