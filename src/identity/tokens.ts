// From an Authorization header to a capacity: RFC 9068 access tokens, and whatever jose leaves open checked here.
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type Capacity, CLAIM_NAMES, type ClaimNames, capacityFrom, NOBODY } from './capacity.js'

/** Asymmetric only: with HS256 anybody who has the public key could sign. */
const ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519']
/** Seconds that the clocks of issuer and server may differ. */
const CLOCK_TOLERANCE = 5
/** Seconds: a token cannot be called back, so it may not live longer than this. */
const LONGEST_LIFETIME = 3600
/** Characters. */
const LARGEST_TOKEN = 8192

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/

/** The issuer's keys could not be fetched: says nothing about the token. */
export class IssuerAway extends Error {
  override name = 'IssuerAway'
}

/**
 * INVALID is 401 and never says why, not even to the log: the reason would help only whoever is guessing.
 * UNAVAILABLE is 503: whether the token is good cannot be known now.
 */
export type TokenReading = Capacity | 'INVALID' | 'UNAVAILABLE'

/**
 * @example
 * const readToken = tokenReader({ issuer, audience, jwks: issuerKeys(await discover(issuer)) })
 * const capacity = await readToken(authorizationOf(request.raw.rawHeaders))
 */
export function tokenReader({
  issuer,
  audience,
  jwks,
  claimNames = CLAIM_NAMES,
  now = () => new Date(),
}: {
  issuer: string
  audience: string
  jwks: JWTVerifyGetKey
  claimNames?: ClaimNames
  now?: () => Date
}): (authorization: string | undefined) => Promise<TokenReading> {
  return async (authorization) => {
    if (authorization === undefined) return NOBODY
    const token = authorization.length <= LARGEST_TOKEN + 'Bearer '.length ? BEARER.exec(authorization)?.[1] : undefined
    if (token === undefined) return 'INVALID'
    try {
      // RFC 7515 lets extensions that are marked critical change what the signature covers; no issuer of ours needs one.
      if ('crit' in decodeProtectedHeader(token)) return 'INVALID'
      const { payload } = await jwtVerify(token, jwks, {
        algorithms: ALGORITHMS,
        typ: 'at+jwt',
        issuer,
        audience,
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
        clockTolerance: CLOCK_TOLERANCE,
        maxTokenAge: LONGEST_LIFETIME,
        currentDate: now(),
      })
      if (!isWellFormed(payload) || token.split('.', 2).some((part) => repeatsAMember(part))) return 'INVALID'
      return capacityFrom(payload, claimNames) ?? 'INVALID'
    } catch (fault) {
      return fault instanceof IssuerAway ? 'UNAVAILABLE' : 'INVALID'
    }
  }
}

function isWellFormed({ iat, exp, nbf, jti, client_id, cnf }: JWTPayload): boolean {
  return (
    [iat, exp, nbf ?? 0].every(Number.isSafeInteger) &&
    exp! > iat! &&
    exp! - iat! <= LONGEST_LIFETIME &&
    [jti, client_id].every((text) => typeof text === 'string' && text !== '') &&
    // A token bound to a key (DPoP, mTLS) that comes as a plain bearer token has been taken from its owner (RFC 9449, 7.1).
    cnf === undefined
  )
}

/** JSON.parse keeps the last of two members of the same name, other readers the first. Each member has one colon: count both. */
function repeatsAMember(part: string): boolean {
  const json = Buffer.from(part, 'base64url').toString()
  const colons = json.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
  let members = -1 // the reviver visits the whole as well
  JSON.parse(json, function (this: unknown, _name, value) {
    if (!Array.isArray(this)) members++
    return value
  })
  return members !== colons
}

/**
 * The issuer's public keys. A key that the issuer withdraws keeps working for at most 60 seconds (jose's default is ten minutes);
 * in return, an issuer that is away for longer than that takes our sign-in with it: closed rather than stale.
 */
export function issuerKeys(jwksUri: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(jwksUri, { cacheMaxAge: 60_000, cooldownDuration: 10_000, timeoutDuration: 3_000 })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (fault) {
      if (aboutTheToken.some((kind) => fault instanceof kind)) throw fault
      throw new IssuerAway('The keys of the issuer could not be fetched.', { cause: fault })
    }
  }
}

const aboutTheToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

/** Node keeps the first of several Authorization headers and drops the others in silence: joined here, so that the reader refuses. */
export function authorizationOf(rawHeaders: readonly string[]): string | undefined {
  const found = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === 'authorization')
  return found.length === 0 ? undefined : found.join(', ')
}
