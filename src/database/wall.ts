// prisma/wall.md: the second wall as it stands in the catalogue of a migrated database, for people to review and CI to compare.
import type { ClientBase } from 'pg'

/** The whole text, for any login to a migrated database (the catalogue is open to all): from the catalogue alone, the same on PostgreSQL 15 and later, and whoever owns the database. */
export async function wall(client: ClientBase): Promise<string> {
  const list = async <T extends object>(sql: string) => (await client.query<T>(sql)).rows
  // The capacities first, in the order of the word list; then the logins.
  const roles = await list<Role>(ROLES)
  const tables = await list<Table>(TABLES)
  const grants = await list<Grant>(GRANTS)
  const policies = await list<Policy>(POLICIES)
  const functions = await list<DatabaseFunction>(FUNCTIONS)
  const others = await list<{ kind: string; name: string }>(OTHERS)
  const capacities = roles.filter((role) => !role.login)
  const holders = [...new Set([...capacities.map(({ name }) => name), ...grants.map(({ grantee }) => grantee)])]

  const short = (grantee: string, table: string) => {
    const given = grants.filter((grant) => grant.grantee === grantee && grant.table === table)
    const letters = given.map(({ privilege, columns }) => `${LETTERS[privilege] ?? privilege}${columns ? '*' : ''}`)
    return letters.join(' ') || '–'
  }
  const partial = grants.filter(({ columns }) => columns)

  return `${[
    '# The second wall',
    'What the database itself allows, whatever the server asks. Generated from the catalogue of a migrated database; do not edit. ' +
      'Renew it after a migration with `npm run generate`, and have it reviewed with the migration. ' +
      'Every request runs in one transaction as one of these roles (`src/database/door.ts`); a role owns nothing and cannot log in.',
    'This wall guards whose **rows** are reached, which tables, which columns are changed, and which **categories** of a hand-off are open: each has ' +
      'a table of its own, whose policy reads the compiled policy (`policy_cell`, by the hash that the transaction names), the agreements in force and ' +
      'the consent that stands. Who asks is one setting, `app.capacity`, signed by the server with a key that no role can read: SQL in ' +
      'somebody else’s name can take it away, not change it. What it does not guard: whoever has the server’s key ring, the owner of the tables, and the lock ' +
      'facts themselves (`consent`, `agreement`, `hand_off.consent_locks`), which the own side reads to decide by.',
    '## Who may do what',
    'S reads, I adds, U changes, D deletes; * in some columns only, listed below; – nothing. Which rows, the policies of the table say.',
    grid(
      ['', ...holders.map(plain)],
      tables.map(({ name }) => [`[${name}](#${name})`, ...holders.map((holder) => short(holder, name))]),
    ),
    '### Rights to some columns',
    grid(
      ['role', 'table', 'right', 'columns'],
      partial.map(({ grantee, table, privilege, columns }) => [plain(grantee), table, privilege, (columns ?? []).join(', ')]),
    ),
    '## Roles',
    grid(
      ['role', 'logs in', 'superuser', 'bypasses row-level security', 'makes roles', 'inherits', 'may become'],
      roles.map((role) => [
        role.name,
        yes(role.login),
        yes(role.superuser),
        yes(role.bypassrls),
        yes(role.createrole),
        yes(role.inherit),
        role.becomes.join(', ') || '–',
      ]),
    ),
    '## Functions',
    ...functions.map(
      ({ name, args, returns, volatility, leakproof, definer, settings, callers, source }) =>
        `\`${name}(${args}) → ${returns}\`: ${volatility}, ${leakproof ? 'leakproof' : 'not leakproof'}, runs as ` +
        `${definer ? '**its owner (SECURITY DEFINER)**' : 'whoever calls it'} with ${settings.join(', ') || 'the settings of its caller'}; ` +
        `called by ${callers.join(', ') || 'its owner alone'}\n\n\`\`\`sql\n${source.trim()}\n\`\`\``,
    ),
    `Views, materialised views, foreign tables and triggers: ${others.map(({ kind, name }) => `${kind} \`${name}\``).join(', ') || 'none'}.`,
    '## Tables',
    ...tables.map((table) => tableText(table, policies)),
  ].join('\n\n')}\n`
}

function tableText({ name, secured, forced }: Table, policies: readonly Policy[]): string {
  const state = secured ? `Row-level security is on${forced ? ', for its owner too' : ''}.` : '**ROW-LEVEL SECURITY IS OFF.**'
  const lines = policies
    .filter(({ table }) => table === name)
    .map(({ policy, command, permissive, roles, using, check }) => {
      const head = `- **${policy}** (${command}${permissive ? '' : ', in addition to the others'}) for ${roles.map(plain).join(', ')}`
      const seen = using === null ? [] : [`  - reaches: \`${oneLine(using)}\``]
      const written =
        check === null
          ? []
          : [oneLine(check) === oneLine(using ?? '') ? '  - writes: the same' : `  - writes: \`${oneLine(check)}\``]
      return [head, ...seen, ...written].join('\n')
    })
  return `### ${name}\n\n${state}${lines.length === 0 ? ' No policy: empty for everyone but its owner.' : `\n\n${lines.join('\n')}`}`
}

type Role = {
  name: string
  login: boolean
  superuser: boolean
  bypassrls: boolean
  createrole: boolean
  inherit: boolean
  becomes: string[]
}
type Table = { name: string; secured: boolean; forced: boolean }
type Grant = { table: string; grantee: string; privilege: string; columns: string[] | null }
type Policy = {
  table: string
  policy: string
  command: string
  permissive: boolean
  roles: string[]
  using: string | null
  check: string | null
}
type DatabaseFunction = {
  name: string
  args: string
  returns: string
  volatility: string
  leakproof: boolean
  definer: boolean
  settings: string[]
  callers: string[]
  source: string
}

const LETTERS: Readonly<Record<string, string>> = { SELECT: 'S', INSERT: 'I', UPDATE: 'U', DELETE: 'D' }

// Names are sorted with, so that no machine's locale changes the order.

/** What somebody may become without being a superuser; PostgreSQL 16 split that off from membership (set_option). */
const ROLES = `
  SELECT r.rolname AS name, r.rolcanlogin AS login, r.rolsuper AS superuser, r.rolbypassrls AS bypassrls, r.rolcreaterole AS createrole,
    r.rolinherit AS inherit, ARRAY(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
      WHERE m.member = r.oid AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) GROUP BY g.rolname ORDER BY g.rolname)::text[] AS becomes
  FROM pg_roles r WHERE r.rolname LIKE 'wo\\_%' ORDER BY r.rolcanlogin, r.rolname`

const TABLES = `
  SELECT c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations' ORDER BY c.relname`

/** Everything anyone but the owner was given, on tables and on single columns; grantee 0 is PUBLIC. */
const GRANTS = `
  WITH given AS (
    SELECT c.oid, c.relname, c.relowner, a.grantee, a.privilege_type, NULL::text AS column_name, NULL::smallint AS place
      FROM pg_class c, aclexplode(c.relacl) a
    UNION ALL
    SELECT c.oid, c.relname, c.relowner, a.grantee, a.privilege_type, t.attname::text, t.attnum
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
  )
  SELECT g.relname AS "table", CASE WHEN g.grantee = 0 THEN 'PUBLIC'::name ELSE pg_get_userbyid(g.grantee) END AS grantee, g.privilege_type AS privilege,
    CASE WHEN bool_and(g.column_name IS NOT NULL) THEN array_agg(g.column_name ORDER BY g.place) END AS columns
  FROM given g JOIN pg_class c ON c.oid = g.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations' AND g.grantee <> g.relowner
  GROUP BY g.relname, g.grantee, g.privilege_type
  ORDER BY grantee, g.relname, array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], g.privilege_type), g.privilege_type`

const POLICIES = `
  SELECT c.relname AS "table", p.polname AS policy, p.polpermissive AS permissive,
    CASE p.polcmd WHEN 'r' THEN 'reads' WHEN 'a' THEN 'adds' WHEN 'w' THEN 'changes' WHEN 'd' THEN 'deletes' ELSE 'everything granted' END AS command,
    ARRAY(SELECT CASE WHEN o = 0 THEN 'PUBLIC'::name ELSE pg_get_userbyid(o) END AS n FROM unnest(p.polroles) o ORDER BY n)::text[] AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace
  ORDER BY c.relname, p.polpermissive DESC, p.polname`

const FUNCTIONS = `
  SELECT p.proname AS name, pg_get_function_identity_arguments(p.oid) AS args, pg_get_function_result(p.oid) AS returns, p.proleakproof AS leakproof,
    CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility, p.prosecdef AS definer, p.prosrc AS source,
    coalesce(p.proconfig, '{}') AS settings,
    ARRAY(SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC'::name ELSE pg_get_userbyid(a.grantee) END AS n
      FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner ORDER BY n)::text[] AS callers
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname, args`

/** What could be a door beside the wall: a view reads with the rights of its owner. */
const OTHERS = `
  SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view' ELSE 'foreign table' END AS kind, c.relname::text AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm', 'f')
  UNION ALL
  SELECT 'trigger', t.tgname || ' on ' || c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
  ORDER BY 1, 2`

const plain = (role: string) => role.replace(/^wo_/, '')
const yes = (so: boolean) => (so ? 'yes' : 'no')

/** As one line, and without what the majors print differently: the name that a scalar subquery gives its column. */
const oneLine = (expression: string) =>
  expression
    .replace(/\s+/g, ' ')
    .replace(/\( SELECT (app_\w+)\(\) AS \1\)/g, '(SELECT $1())')
    .replaceAll('( SELECT', '(SELECT')

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
