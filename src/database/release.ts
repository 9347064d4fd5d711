// The release step, the owner's only work: brings a database to what this version of the server expects. Again is as good as once.
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Client, type ClientBase, type DatabaseError } from 'pg'
import { adoptRecords } from '../access-log/adopt.js'
import { type Retention, readRetention } from '../anonymity/retention.js'
import { type Policies, readPolicies } from '../decide/policy-files.js'
import { PlainError } from '../errors.js'
import { type KeyRing, loadKeyRing } from '../identity/pseudonym.js'
import { migrate } from './migrate.js'
import { policyCells } from './policy-cells.js'
import { loadReference } from './reference.js'
import { padsOf } from './signed.js'

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))

/** What the server's login becomes for one transaction (src/database/door.ts); made by the migrations. */
const CAPACITY_ROLES = [
  'wo_nobody',
  'wo_guide',
  'wo_coordinator',
  'wo_handler',
  'wo_officer_werkcentrum',
  'wo_officer_partner',
  'wo_signatory_werkcentrum',
  'wo_signatory_partner',
  'wo_visitor',
  // No capacity: what counts and publishes figures.
  'wo_figures',
]

/** Two releases at once become one after the other; migrations have a lock of their own. */
const LOCK = 72707370

/**
 * Migrates, lets the server's login in, and loads the reference data and the policy. Returns what it did, in plain sentences.
 * @throws PlainError
 */
export async function release({
  ownerUrl,
  serverUrl,
  keys,
  policies = readPolicies(POLICIES),
  retention = readRetention(POLICIES),
}: {
  ownerUrl: string
  serverUrl: string
  /** The ring of the servers: the database is told how to check what they sign. */
  keys: KeyRing
  policies?: Policies
  retention?: Retention
}): Promise<string[]> {
  const login = loginOf(serverUrl)
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const applied = await migrate({ ownerUrl })
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const granted = await letIn(client, login)
    const { regions, municipalities } = await loadReference(client)
    const isNew = await loadPolicy(client, policies)
    await loadKeys(client, keys)
    await loadRetention(client, retention)
    await client.query('COMMIT')
    const adopted = await adoptRecords(client, keys)
    return [
      applied.length > 0 ? `Applied ${applied.length} migrations: ${applied.join(', ')}.` : 'The tables were up to date.',
      granted > 0 ? `Let ${login} act as ${granted} kinds of capacity.` : `${login} was let in already.`,
      `Loaded ${regions} regions and ${municipalities} municipalities (source: CBS).`,
      `${isNew ? 'Loaded' : 'Kept'} policy version ${policies.hash}.`,
      ...(adopted > 0 ? [`Gave ${adopted} records of the log that were written before there were seals their leaf.`] : []),
    ]
  } finally {
    await client.end()
  }
}

/** @returns how many memberships were missing */
async function letIn(client: ClientBase, login: string): Promise<number> {
  const { rows } = await client.query<{ exists: boolean; owner: boolean; version: number; database: string }>(
    `SELECT current_database() AS database, EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS exists, current_user = $1 AS owner, current_setting('server_version_num')::int AS version`,
    [login],
  )
  const { exists, owner, version, database } = rows[0]!
  if (!exists)
    throw new PlainError(
      `DATABASE_URL logs in as ${login}, and there is no such role. Make it first: CREATE ROLE "${login}" LOGIN NOINHERIT PASSWORD ...`,
    )
  if (owner) throw new PlainError(`Both URLs log in as ${login}. The server needs a login of its own, which owns nothing.`)
  const lacking = await client.query<{ name: string }>(
    `SELECT name FROM unnest($2::text[]) AS name WHERE NOT pg_has_role($1, name, 'MEMBER') ORDER BY name`,
    [login, CAPACITY_ROLES],
  )
  // INVARIANT: the login inherits nothing, so that outside a transaction of a capacity it can do nothing. Before 16 that is the role's own
  // NOINHERIT, which start-up checks.
  const without = version >= 160_000 ? ' WITH INHERIT FALSE, SET TRUE' : ''
  try {
    for (const { name } of lacking.rows)
      await client.query(`GRANT ${client.escapeIdentifier(name)} TO ${client.escapeIdentifier(login)}${without}`)
  } catch (fault) {
    if ((fault as DatabaseError).code !== INSUFFICIENT_PRIVILEGE) throw fault
    throw new PlainError(
      `The owner may not let ${login} act as ${lacking.rows.map(({ name }) => name).join(', ')}: those roles were made by somebody else. ` +
        'Ask a superuser to grant them to the login, or to grant them to the owner WITH ADMIN OPTION.',
      { cause: fault },
    )
  }
  // A temporary table takes the name of a real one for whoever comes next on the connection: no capacity needs any.
  await client.query(`REVOKE TEMPORARY ON DATABASE ${client.escapeIdentifier(database)} FROM PUBLIC`)
  return lacking.rows.length
}

const INSUFFICIENT_PRIVILEGE = '42501'

/** Old versions stay, so that a past decision can be explained. */
async function loadPolicy(client: ClientBase, { hash, texts, sharing }: Policies): Promise<boolean> {
  const { rowCount } = await client.query(
    'INSERT INTO policy_version (hash, sharing, actions) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [hash, texts.sharing, texts.actions],
  )
  for (const { role, purpose, category, truths, asksAgreement } of policyCells(sharing))
    await client.query(
      `INSERT INTO policy_cell (hash, role, purpose, category, truths, asks_agreement) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [hash, role, purpose, category, truths, asksAgreement],
    )
  return rowCount === 1
}

/** The keys of this ring and no others: what is taken out of the ring signs nothing any more. */
async function loadKeys(client: ClientBase, keys: KeyRing): Promise<void> {
  for (const { id, inner, outer } of padsOf(keys))
    await client.query(
      `INSERT INTO capacity_key (id, inner_pad, outer_pad) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad`,
      [id, inner, outer],
    )
  await client.query('DELETE FROM capacity_key WHERE id <> ALL ($1::text[])', [Object.keys(keys.keys)])
}

/** The file and nothing else: what is no longer in it is no rule any more. */
async function loadRetention(client: ClientBase, { logs, k, rules }: Retention): Promise<void> {
  for (const [subject, months] of Object.entries(logs))
    await client.query(
      'INSERT INTO retention_term (subject, months) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE SET months = excluded.months',
      [subject, months],
    )
  await client.query('INSERT INTO entry_threshold (k) VALUES ($1) ON CONFLICT (only_one) DO UPDATE SET k = excluded.k', [k])
  await client.query('DELETE FROM retention_rule')
  for (const rule of rules)
    await client.query(
      `INSERT INTO retention_rule (subject, category, counted_from, does, days, months, after_count, stage, tables, empties, coarsens, since, source,
         law, needs_lawyer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        rule.subject,
        rule.category,
        rule.countedFrom,
        rule.does,
        rule.days,
        rule.months,
        rule.afterCount,
        rule.stage,
        rule.tables,
        rule.empties,
        rule.coarsens,
        rule.since,
        rule.source,
        rule.law,
        rule.needsLawyer,
      ],
    )
}

function loginOf(serverUrl: string): string {
  const login = URL.canParse(serverUrl) ? decodeURIComponent(new URL(serverUrl).username) : ''
  if (!login) throw new PlainError('DATABASE_URL must say who logs in: postgresql://<role>:<password>@<host>/<database>.')
  return login
}

/** `npm run release`. INVARIANT: never prints a URL, which holds a password. */
async function main({
  DATABASE_OWNER_URL: ownerUrl,
  DATABASE_URL: serverUrl,
  KEY_RING: keyRing,
}: NodeJS.ProcessEnv): Promise<void> {
  if (!ownerUrl || !URL.canParse(ownerUrl))
    throw new PlainError('DATABASE_OWNER_URL must be the URL with which the owner of the tables logs in.')
  if (!serverUrl) throw new PlainError('DATABASE_URL must be the URL with which the server logs in.')
  for (const sentence of await release({ ownerUrl, serverUrl, keys: loadKeyRing({ keyRing }) })) console.log(sentence)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await main(process.env).catch((fault: Error & { code?: string }) => {
    const isPlain = fault instanceof PlainError
    console.error(
      isPlain
        ? fault.message
        : `The release failed, and nothing after the last finished migration was kept: ${fault.message || fault.code}`,
    )
    process.exitCode = 1
  })
