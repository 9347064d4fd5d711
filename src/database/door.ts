// The one door to the database: a short transaction as one kind of capacity, under row-level security (design 4, step 5).
import { PrismaPg } from '@prisma/adapter-pg'
import type { Purpose } from '../decide/decide.js'
import { badInput, PlainError, Refusal } from '../errors.js'
import { type Capacity, NOBODY } from '../identity/capacity.js'
import type { KeyRing } from '../identity/pseudonym.js'
import { Prisma, PrismaClient } from './prisma/client.js'
import { signed } from './signed.js'

export type Sql = Prisma.TransactionClient

export type DoorOptions = {
  /** Connections at most. */
  connections?: number
  /** How long a request waits for a connection before it is refused, in milliseconds. */
  patience?: number
  /** How long one statement may take before it is broken off, in milliseconds. */
  longest?: number
}

/** `url` is that of the server's login role, which owns nothing. */
export function openDatabase(
  url: string,
  { connections = 10, patience = 2000, longest = 10_000 }: DoorOptions = {},
): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patience,
    idleTimeoutMillis: 30_000,
    statement_timeout: longest,
    // For a database that has gone without a word, and so cannot break off anything itself.
    query_timeout: longest + 1000,
    idle_in_transaction_session_timeout: 15_000,
    application_name: 'warme-overdracht',
  })
  return new PrismaClient({ adapter, transactionOptions: { maxWait: patience, timeout: 15_000 } })
}

/**
 * Start-up refuses a login that could walk through the second wall, and a database that does not know the policy of this server.
 * @throws PlainError
 */
export async function refuseUnsafeLogin(database: PrismaClient, policyHash: string, keys: KeyRing): Promise<void> {
  // Before the first release there are no capacity roles to ask about.
  const [{ released } = { released: false }] = await database.$queryRaw<{ released: boolean }[]>`
    SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'policy_version' AND relkind = 'r') AS released`
  if (!released) throw new PlainError('Not started: this database is empty. Run the release step first (npm run release).')
  const [login] = await database.$queryRaw<{ name: string; faults: string[] }[]>`
    SELECT r.rolname AS name, array_remove(ARRAY[
      CASE WHEN r.rolsuper THEN 'is a superuser' END,
      CASE WHEN r.rolbypassrls THEN 'has BYPASSRLS' END,
      CASE WHEN pg_has_role(r.oid, 'wo_guide', 'USAGE') THEN 'inherits the rights of its capacities (make it NOINHERIT)' END,
      CASE WHEN NOT pg_has_role(r.oid, 'wo_guide', 'MEMBER') THEN 'was not let in by the release step (npm run release)' END,
      CASE WHEN has_database_privilege(r.oid, current_database(), 'TEMP') OR has_database_privilege('wo_guide', current_database(), 'TEMP')
        THEN 'may make temporary tables (as the owner of the database: REVOKE TEMPORARY ON DATABASE ... FROM PUBLIC)' END,
      CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
        THEN 'owns tables' END
    ], NULL) AS faults
    FROM pg_roles r WHERE r.rolname = current_user`
  if (!login || login.faults.length > 0) {
    throw new PlainError(
      `DATABASE_URL logs in as ${login?.name ?? 'nobody'}, which ${login?.faults.join(', ') ?? 'does not exist'}: not started.`,
    )
  }
  const [known] = await asCapacity(
    database,
    NOBODY,
    { today: '', purpose: 'OVERVIEW', policyHash, codeHashes: [], kind: 'query', keys },
    (sql) => sql.$queryRaw<{ policy: boolean; key: boolean; drift: number }[]>`
      SELECT EXISTS (SELECT FROM policy_cell WHERE hash = ${policyHash}) AS policy, app_capacity() IS NOT NULL AS key,
        abs(extract(epoch FROM statement_timestamp()) - ${Date.now() / 1000}::float8)::float8 AS drift`,
  )
  if (known!.drift > 30)
    throw new PlainError(
      `Not started: the clocks of the server and of its database differ by ${Math.round(known!.drift)} seconds.`,
    )
  if (!known!.policy)
    throw new PlainError('Not started: the database does not know these policies. Run the release step first (npm run release).')
  if (!known!.key)
    throw new PlainError(
      'Not started: the database does not know the current key of KEY_RING. Run the release step with the same KEY_RING first.',
    )
}

const ROLES = {
  GUIDE: 'wo_guide',
  COORDINATOR: 'wo_coordinator',
  HANDLER: 'wo_handler',
  CODE_HOLDER: 'wo_visitor',
  NOBODY: 'wo_nobody',
} as const

export function databaseRole(capacity: Capacity): string {
  if (capacity.role === 'PRIVACY_OFFICER')
    return capacity.side === 'WERKCENTRUM' ? 'wo_officer_werkcentrum' : 'wo_officer_partner'
  if (capacity.role === 'SIGNATORY') return capacity.side === 'WERKCENTRUM' ? 'wo_signatory_werkcentrum' : 'wo_signatory_partner'
  return ROLES[capacity.role]
}

export type Moment = {
  /** Today in the Netherlands, YYYY-MM-DD. */
  today: string
  /** Empty: the capacity has none for what it asks. */
  purpose: Purpose | ''
  policyHash: string
  /** Sign who asks. */
  keys: KeyRing
  /** Keyed hashes of a follow-up code that was presented; opens that one hand-off. */
  codeHashes: readonly string[]
  /** Reads see one moment; changes are guarded by their own WHERE. */
  kind: 'query' | 'mutation'
}

/**
 * Runs `work` in one transaction in which row-level security knows who asks. No `Promise.all` inside: it is one connection.
 * @throws Refusal UNAVAILABLE when there is no database or no free connection in time.
 */
export async function asCapacity<T>(
  database: PrismaClient,
  capacity: Capacity,
  moment: Moment,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const organisation = 'organisationId' in capacity ? capacity.organisationId : ''
  const isolationLevel =
    moment.kind === 'query' ? Prisma.TransactionIsolationLevel.RepeatableRead : Prisma.TransactionIsolationLevel.ReadCommitted
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction()
    } catch (fault) {
      if (isUnavailable(fault)) throw unavailable()
      // A read that also notes "viewed" can meet another that does so at the same moment; it is asked again, from the start.
      if (moment.kind === 'query' && tries < 5 && isSerializationFailure(fault)) continue
      if (UNREADABLE.has(sqlState(fault) ?? '')) throw badInput('A value is not what its place takes.')
      throw fault
    }
  }

  function inTransaction() {
    return database.$transaction(
      async (sql) => {
        // synchronous_commit: an acknowledged record must survive a crash, whatever the database was set to forgo. And nothing that
        // somebody set for the whole connection reaches into the transaction of the next.
        const who = signed(moment.keys, { ...moment, databaseRole: databaseRole(capacity), role: capacity.role, organisation })
        await sql.$queryRaw`SELECT set_config('role', ${databaseRole(capacity)}, true), set_config('app.capacity', ${who}, true),
          set_config('synchronous_commit', 'on', true), set_config('row_security', 'on', true), set_config('search_path', 'public', true)`
        return work(sql)
      },
      { isolationLevel },
    )
  }
}

/**
 * Runs `work` as the role that has no rights but to call what the database decides itself; nobody asks, so nobody is signed. Each statement sees what
 * was committed before it.
 * @throws Refusal UNAVAILABLE as above
 */
export const asNobody = <T>(database: PrismaClient, work: (sql: Sql) => Promise<T>): Promise<T> =>
  unasked(database, ROLES.NOBODY, work)

/** Runs `work` as what counts and publishes figures: it reads counts that no capacity may see, and nothing else. `longest` in milliseconds. */
export const asFigures = <T>(database: PrismaClient, work: (sql: Sql) => Promise<T>, longest?: number): Promise<T> =>
  unasked(database, 'wo_figures', work, longest)

async function unasked<T>(database: PrismaClient, role: string, work: (sql: Sql) => Promise<T>, timeout?: number): Promise<T> {
  try {
    return await database.$transaction(
      async (sql) => {
        await sql.$queryRaw`SELECT set_config('role', ${role}, true), set_config('synchronous_commit', 'on', true),
          set_config('search_path', 'public', true)`
        return work(sql)
      },
      { isolationLevel: Prisma.TransactionIsolationLevel.ReadCommitted, ...(timeout ? { timeout } : {}) },
    )
  } catch (fault) {
    throw isUnavailable(fault) ? unavailable() : fault
  }
}

/** PostgreSQL's own code of a fault, from under what Prisma wraps around it. */
function sqlState(fault: unknown): string | undefined {
  const wrapped = fault as { meta?: { driverAdapterError?: unknown } } | undefined
  const { cause } = (wrapped?.meta?.driverAdapterError ?? fault ?? {}) as { cause?: { originalCode?: unknown; code?: unknown } }
  const state = cause?.originalCode ?? cause?.code
  return typeof state === 'string' ? state : undefined
}

const isSerializationFailure = (fault: unknown) => sqlState(fault) === '40001' || (fault as { code?: unknown })?.code === 'P2034'

// What PostgreSQL cannot read as a day, an instant, a number, a uuid or a text: it slipped past a check, but it came from the caller.
const UNREADABLE = new Set(['22003', '22007', '22008', '22009', '22021', '22P02', '22P05'])

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** What is no id cannot exist: it is never sent to the database. */
export const isUuid = (text: string): boolean => UUID.test(text)

/** Waits of a client until it may try again, in seconds. */
export const RETRY_AFTER = 2

export const unavailable = () => new Refusal('UNAVAILABLE', 'The database cannot be reached just now; nothing was done.')

// Prisma's codes for: cannot reach, timed out, connection closed, no transaction in time, pool timeout; and PostgreSQL's classes
// 08 (connection), 53 (out of resources), 57 (shut down, or broken off because it took too long), 25006 (read-only), 55000 and 3D000
// (this database takes no connections just now).
const PRISMA_AWAY = new Set(['P1001', 'P1002', 'P1003', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'])
const SQL_AWAY = /^(08|53|57|25006|55000|3D000)/

export function isUnavailable(fault: unknown): boolean {
  if (SQL_AWAY.test(sqlState(fault) ?? '')) return true
  for (let cause = fault; cause instanceof Error; cause = (cause as { cause?: unknown }).cause) {
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string' && (PRISMA_AWAY.has(code) || SQL_AWAY.test(code) || /^(ECONN|EPIPE|ETIMEDOUT)/.test(code)))
      return true
    if (
      /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Can't reach database|the database system is/i.test(
        cause.message,
      )
    )
      return true
  }
  const meta = (fault as { meta?: { driverAdapterError?: unknown } })?.meta?.driverAdapterError
  return meta !== undefined && meta !== fault && isUnavailable(meta)
}
