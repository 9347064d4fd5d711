// A released database for one test file: a copy of the template, or of another one, made in a moment and dropped afterwards.
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

export type TestDatabase = {
  ownerUrl: string
  serverUrl: string
  /** The superuser: looks past row-level security, for arranging and checking only. */
  adminUrl: string
  drop(): Promise<void>
}

/** `like`: whose contents it starts with; nobody may be connected to that one meanwhile. */
export async function freshDatabase(like?: TestDatabase): Promise<TestDatabase> {
  const { ownerUrl, serverUrl, superuserUrl } = inject('cluster')
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = new URL(like?.ownerUrl ?? ownerUrl).pathname.slice(1)
  await once(onDatabase(ownerUrl, 'postgres'), `create database ${name} template ${template}`)
  // Rights on a database are not copied with it.
  await once(onDatabase(ownerUrl, 'postgres'), `revoke temporary on database ${name} from public`)
  return {
    ownerUrl: onDatabase(ownerUrl, name),
    serverUrl: onDatabase(serverUrl, name),
    adminUrl: onDatabase(superuserUrl, name),
    drop: () => once(onDatabase(superuserUrl, 'postgres'), `drop database if exists ${name} with (force)`),
  }
}

/** The same server and role, another database. */
export const onDatabase = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href

async function once(url: string, sql: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
