// The development identity provider: gives the demo accounts real tokens, on this machine only, never in production.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
// Not the package's front door: that one only adds a warning about Node 20, on which this part of it is tested here.
import { InvalidTarget } from 'oidc-provider/lib/helpers/errors.js'
import { Provider } from 'oidc-provider/lib/provider.js'
import { PlainError } from '../errors.js'
import { accountSecrets, askForToken } from './ask.js'
import { kept } from './kept.js'

/** Seconds. */
const TOKEN_LIFETIME = 15 * 60

export type IssuerAccount = Readonly<{ name: string; claims: Readonly<{ wo_role: string; wo_organisation: string }> }>

export type DevelopmentIssuer = Readonly<{
  issuer: string
  token: (account: string) => Promise<string>
  stop: () => Promise<void>
}>

/** Accounts are OAuth clients: each asks for a token for itself. Takes a free port when none is given. */
export async function startIssuer({
  accounts,
  dataFolder,
  audience,
  port = 0,
  env = process.env,
}: {
  accounts: readonly IssuerAccount[]
  dataFolder: string
  audience: string
  port?: number
  env?: Readonly<{ NODE_ENV?: string | undefined }>
}): Promise<DevelopmentIssuer> {
  if (env.NODE_ENV === 'production')
    throw new PlainError('The development identity provider does not run in production: set OIDC_ISSUER.')
  const secrets = accountSecrets(
    dataFolder,
    accounts.map(({ name }) => name),
  )
  const jwks = await signingKeys(dataFolder)

  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch(() => {
    throw new PlainError(`Port ${port} is taken: the development identity provider needs it, or another one.`)
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', new Provider(issuer, configuration(accounts, secrets, jwks, audience)).callback())

  return Object.freeze({
    issuer,
    token: async (account: string) => {
      const secret = accounts.some(({ name }) => name === account) ? secrets[account] : undefined
      if (secret === undefined) throw new PlainError(`There is no demo account called ${account}.`)
      return askForToken(issuer, account, secret)
    },
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  })
}

/** Kept, so that tokens survive a restart. */
async function signingKeys(dataFolder: string): Promise<{ keys: JWK[] }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const fresh = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }
  return kept(join(dataFolder, 'keys', 'issuer.json'), (found) => found ?? { keys: [fresh] })
}

function configuration(
  accounts: readonly IssuerAccount[],
  secrets: Readonly<Record<string, string>>,
  jwks: { keys: JWK[] },
  audience: string,
) {
  const claims = new Map(accounts.map((account) => [account.name, account.claims]))
  return {
    adapter: NothingKept,
    jwks,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: accounts.map(({ name }) => ({
      client_id: name,
      client_secret: secrets[name],
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    })),
    clientAuthMethods: ['client_secret_basic'],
    clientBasedCORS: () => false,
    extraTokenClaims: (_: unknown, token: { clientId: string }) => claims.get(token.clientId),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (_: unknown, resource: string) => {
          if (resource !== audience) throw new InvalidTarget('tokens are made for one audience only')
          return { audience, scope: '', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }
        },
      },
    },
    fetch: () => Promise.reject(new Error('The development identity provider asks nobody anything.')),
    renderError: (ctx: { type: string; body: string }, out: { error: string }) => {
      ctx.type = 'text/plain'
      ctx.body = out.error
    },
    ttl: { ClientCredentials: TOKEN_LIFETIME },
  }
}

/** Tokens are signed, not looked up, and the accounts are in the configuration: there is nothing to store. */
class NothingKept {
  async upsert() {}
  async find() {}
  async findByUid() {}
  async findByUserCode() {}
  async consume() {}
  async destroy() {}
  async revokeByGrantId() {}
}
