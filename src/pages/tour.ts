// The tour: the operations in schema/operations, in the order of their names, as stops that anybody can run (design 7).
import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { PlainError } from '../errors.js'

/** One operation, with what GraphiQL needs to show and run it. `account` is the demo account that runs it; null is nobody. */
export type Stop = Readonly<{ name: string; title: string; account: string | null; query: string; variables: string }>

/**
 * Reads the tour. The first comment of a file is its title, a comment `# account: uwv-amersfoort` says who runs it, and a file of the
 * same name that ends in `.json` holds its variables.
 *
 * @throws PlainError when a file has no title, names an account that doesn't exist, or has variables that can't be read.
 */
export function readTour(folder: string | URL, accounts: ReadonlySet<string>): readonly Stop[] {
  const here = typeof folder === 'string' ? pathToFileURL(`${folder}/`) : new URL(folder.href.replace(/\/?$/, '/'))
  const files = readdirSync(here).sort()
  return files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => {
      const name = file.slice(0, -'.graphql'.length)
      const query = readFileSync(new URL(file, here), 'utf8').trim()
      const title = /^#[ \t]*(\S.*)/.exec(query)?.[1]?.trim()
      if (!title || title.startsWith('account:'))
        throw new PlainError(`The operation ${file} does not begin with a comment that is its title.`)
      const account = /^#[ \t]*account:[ \t]*(\S+)/m.exec(query)?.[1] ?? null
      if (account !== null && !accounts.has(account))
        throw new PlainError(`The operation ${file} names an account that does not exist.`)
      const variables = files.includes(`${name}.json`) ? variablesOf(new URL(`${name}.json`, here), `${name}.json`) : ''
      return { name, title, account, query, variables }
    })
}

function variablesOf(url: URL, file: string): string {
  try {
    return JSON.stringify(JSON.parse(readFileSync(url, 'utf8')), null, 2)
  } catch {
    throw new PlainError(`The variables in ${file} are not JSON.`)
  }
}
