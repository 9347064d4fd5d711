// Where the issuer publishes its keys: OpenID Connect Discovery, or RFC 8414 for issuers that only do OAuth.
import { PlainError } from '../errors.js'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a URL may be trusted with keys or secrets: https, or a host that is this machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
}

/** The issuer's `jwks_uri`. Refuses what is not https (except on this machine) and metadata that speak for another issuer. */
export async function discover(issuer: string): Promise<URL> {
  const base = urlOrUndefined(issuer)
  if (!base || !isSafe(base) || base.search || base.hash || base.username)
    throw new PlainError('The issuer must be an https address without a query.')
  const path = base.pathname.replace(/\/$/, '')
  const metadata =
    (await read(new URL(`${path}/.well-known/openid-configuration`, base))) ??
    (await read(new URL(`/.well-known/oauth-authorization-server${path}`, base)))
  if (!metadata) throw new PlainError(`The issuer ${issuer} does not answer, or publishes no metadata.`)
  if (metadata.issuer !== issuer) throw new PlainError(`The metadata at ${issuer} are those of another issuer.`)
  const jwksUri = urlOrUndefined(metadata.jwks_uri)
  if (!jwksUri || !isSafe(jwksUri)) throw new PlainError(`The issuer ${issuer} names no safe address for its keys.`)
  return jwksUri
}

async function read(url: URL): Promise<{ issuer?: unknown; jwks_uri?: unknown } | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(3_000) })
    const metadata: unknown = answer.ok ? await answer.json() : undefined
    return typeof metadata === 'object' && metadata !== null ? metadata : undefined
  } catch {
    return undefined
  }
}

function urlOrUndefined(text: unknown): URL | undefined {
  return typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
}
