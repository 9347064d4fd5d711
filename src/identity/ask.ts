// How a demo account gets a token: client credentials, with a secret that only the owner of the data folder can read.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { kept } from './kept.js'

/** A secret for each name, from `<dataFolder>/keys/accounts.json`; made for names that have none yet. */
export function accountSecrets(
  dataFolder: string,
  names: readonly string[],
  random: (bytes: number) => Buffer = randomBytes,
): Readonly<Record<string, string>> {
  return kept<Record<string, string>>(join(dataFolder, 'keys', 'accounts.json'), (found) => {
    const missing = names.filter((name) => found?.[name] === undefined)
    if (found && missing.length === 0) return found
    return { ...found, ...Object.fromEntries(missing.map((name) => [name, random(32).toString('base64url')])) }
  })
}

/** An access token of the development issuer for one account. */
export async function askForToken(issuer: string, account: string, secret: string): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    redirect: 'error',
    signal: AbortSignal.timeout(5_000),
  })
  const { access_token } = (await answer.json()) as { access_token?: string }
  if (!answer.ok || !access_token) throw new Error(`The development issuer refused ${account} (${answer.status}).`)
  return access_token
}
