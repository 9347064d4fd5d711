// The shape of the log: what the catalogue says of its tables and of all that its rows are read through, laid beside what the release makes
// (prisma/evidence.json). A seal covers rows; whoever reads them reads through types, casts, policies, rules, indexes and functions.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ClientBase } from 'pg'
import { OF_A_RECORD } from './stored.js'

/** Of each table, and of the database around them: what there is, and what the catalogue says of it. */
export type Shape = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What evidence rests on, and the term after which it may go. */
export const OF_THE_LOG = [...OF_A_RECORD.map(({ table }) => table), 'log_leaf', 'log_seal', 'retention_term']

const inPrisma = (path: string) => fileURLToPath(new URL(`../../prisma/${path}`, import.meta.url))

/** From the catalogue alone, the same on PostgreSQL 15 and later, after a dump, and whoever owns the database. */
export async function shapeOf(client: ClientBase): Promise<Shape> {
  // INVARIANT: names of this schema are not found without saying so; what is printed then says which are not PostgreSQL's own.
  await client.query('SET search_path = pg_catalog, pg_temp')
  const { rows } = await client.query<{ of: string; what: string; says: string }>(FACTS, [OF_THE_LOG])
  const shape: Record<string, Record<string, string>> = {}
  for (const { of, what, says } of rows.sort((a, b) => order(`${a.of} ${a.what}`, `${b.of} ${b.what}`))) {
    shape[of] ??= {}
    shape[of][what] = oneLine(says)
  }
  return shape
}

const order = (one: string, other: string) => (one < other ? -1 : 1)

/** As wall.md has it: without what the majors print differently. */
const oneLine = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\( SELECT ((?:\w+\.)?(\w+)\(\)) AS \2\)/g, '(SELECT $1)')
    .replaceAll('( SELECT', '(SELECT')

/** As of the moment of the transaction; in sentences what is not as the release makes it. */
export async function notAsReleased(client: ClientBase): Promise<string[]> {
  const made: Shape = JSON.parse(readFileSync(inPrisma('evidence.json'), 'utf8'))
  const odd = differences(made, await shapeOf(client))
  return odd.length > 0 ? [...(await otherMigrations(client)), ...odd] : []
}

export function differences(made: Shape, found: Shape): string[] {
  const sentences: string[] = []
  for (const of of new Set([...Object.keys(made), ...Object.keys(found)])) {
    const [before, now] = [new Map(Object.entries(made[of] ?? {})), new Map(Object.entries(found[of] ?? {}))]
    if (now.size === 0) {
      sentences.push(`${of} is gone`)
      continue
    }
    for (const what of new Set(['kind', ...before.keys(), ...now.keys()])) {
      const [was, is] = [before.get(what), now.get(what)]
      if (was === is) continue
      if (was === undefined) sentences.push(`${of} has what no release made: ${quoted(what)}, ${quoted(is!)}`)
      else if (is === undefined) sentences.push(`${of} has no ${what} any more, that the release made`)
      else sentences.push(`${of}: its ${what} is ${quoted(is)}, and the release made it ${quoted(was)}`)
    }
  }
  return sentences
}

/** Whoever owns the database chose the names in it: no line of the report is theirs. */
const quoted = (text: string) => JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text)

/** An honest reason for another shape; it is no excuse, for this too says the database. */
async function otherMigrations(client: ClientBase): Promise<string[]> {
  const { rows: there } = await client.query(
    `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = '_prisma_migrations' AND relkind = 'r'`,
  )
  if (there.length === 0) return []
  const { rows } = await client.query<{ name: string }>(
    'SELECT migration_name::text AS name FROM public._prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const applied = new Set(rows.map(({ name }) => name))
  const known = readdirSync(inPrisma('migrations'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const isSame = known.length === applied.size && known.every(({ name }) => applied.has(name))
  return isSame
    ? []
    : ['The database says it is of another release: run the release step (npm run release), or verify with the release it is of']
}

/**
 * INVARIANT: every name is quoted as an identifier, so that none can be read as two. Settings that change no value that is read are the
 * operator's; so are indexes on plain columns, which PostgreSQL itself keeps true, and the objects of an extension that stand in nobody's way.
 */
const FACTS = `
  WITH t AS (
    SELECT c.*, (SELECT a.typarray FROM pg_type a WHERE a.oid = c.reltype) AS rowarray FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)
  ), named AS (
    SELECT p.*, EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') AS extension
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  )
  SELECT t.relname::text AS of, 'kind' AS what, concat(CASE t.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' ELSE 'relation of kind ' || t.relkind::text END,
    ', persistence ', t.relpersistence, CASE WHEN t.relispartition THEN ', partition' END, CASE WHEN t.reloftype <> 0 THEN ', of a type' END,
    ', row-level security ', CASE WHEN t.relrowsecurity THEN 'on' ELSE 'OFF' END, CASE WHEN t.relforcerowsecurity THEN ', for its owner too' END) AS says FROM t
  UNION ALL
  SELECT t.relname, 'column ' || quote_ident(a.attname), concat(format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ', not null' END,
      CASE WHEN a.attcollation <> 0 THEN (SELECT ', collation ' || quote_ident(n.nspname) || '.' || quote_ident(o.collname)
        FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation) END,
      CASE WHEN a.attidentity <> '' THEN ', identity ' || a.attidentity::text END, CASE WHEN a.attgenerated <> '' THEN ', generated ' || a.attgenerated::text END,
      ', default ' || pg_get_expr(d.adbin, d.adrelid))
    FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT t.relname, 'constraint ' || quote_ident(c.conname), pg_get_constraintdef(c.oid) || CASE WHEN c.convalidated THEN '' ELSE ', not validated' END
    FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype <> 'n'
  UNION ALL
  SELECT t.relname, 'policy ' || quote_ident(p.polname), concat(CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, ', command ', p.polcmd, ', to ',
      ARRAY(SELECT CASE WHEN o = 0 THEN 'PUBLIC'::name ELSE pg_get_userbyid(o) END AS n FROM unnest(p.polroles) o ORDER BY n)::text,
      ', using ' || pg_get_expr(p.polqual, p.polrelid), ', with check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    FROM t JOIN pg_policy p ON p.polrelid = t.oid
  UNION ALL
  SELECT t.relname, 'rule ' || quote_ident(r.rulename), pg_get_ruledef(r.oid) FROM t JOIN pg_rewrite r ON r.ev_class = t.oid
  UNION ALL
  SELECT t.relname, 'trigger ' || quote_ident(g.tgname), pg_get_triggerdef(g.oid) || ', enabled ' || g.tgenabled::text
    FROM t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
  UNION ALL
  SELECT t.relname, CASE WHEN i.inhrelid = t.oid THEN 'parent ' || i.inhparent::regclass::text ELSE 'child ' || i.inhrelid::regclass::text END, 'inheritance'
    FROM t JOIN pg_inherits i ON t.oid IN (i.inhrelid, i.inhparent)
  UNION ALL
  SELECT t.relname, 'index ' || quote_ident(c.relname), pg_get_indexdef(i.indexrelid)
    FROM t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL OR i.indexprs IS NOT NULL
  UNION ALL
  SELECT t.relname, 'cast from ' || format_type(c.castsource, NULL) || ' to ' || format_type(c.casttarget, NULL), 'a cast of its rows'
    FROM t JOIN pg_cast c ON c.castsource IN (t.reltype, t.rowarray) OR c.casttarget IN (t.reltype, t.rowarray)
  UNION ALL
  SELECT 'the database', 'cast from ' || format_type(c.castsource, NULL) || ' to ' || format_type(c.casttarget, NULL), 'a cast between types of PostgreSQL'
    FROM pg_cast c WHERE c.oid >= 16384 AND c.castsource < 16384 AND c.casttarget < 16384
  UNION ALL
  SELECT 'the database', concat('function ', quote_ident(p.proname), '(', pg_get_function_identity_arguments(p.oid), ')'), concat('returns ', pg_get_function_result(p.oid),
      ', kind ', p.prokind, ', ', l.lanname, ', volatility ', p.provolatile, CASE WHEN p.proisstrict THEN ', strict' END, CASE WHEN p.prosecdef THEN ', as its owner' END,
      ', settings ' || p.proconfig::text, ', sha256 ', encode(sha256(convert_to(p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), ''), 'UTF8')), 'hex'))
    FROM named p JOIN pg_language l ON l.oid = p.prolang
    WHERE NOT p.extension OR EXISTS (SELECT FROM pg_proc b WHERE b.proname = p.proname AND b.pronamespace = 'pg_catalog'::regnamespace)
      OR EXISTS (SELECT FROM named o WHERE o.proname = p.proname AND NOT o.extension)
  UNION ALL
  SELECT 'the database', concat('operator ', o.oprname, ' (', format_type(nullif(o.oprleft, 0), NULL), ', ', format_type(o.oprright, NULL), ')'), 'calls ' || o.oprcode::text
    FROM pg_operator o WHERE o.oprnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM unnest(ARRAY[o.oprleft, o.oprright]) x WHERE x >= 16384 AND NOT EXISTS (SELECT FROM t WHERE x IN (t.reltype, t.rowarray)))
  UNION ALL
  SELECT 'the database', concat('setting ', split_part(s.said, '=', 1), CASE WHEN d.setdatabase <> 0 THEN ' of this database' END, ' for ' || quote_ident(r.rolname)), s.said
    FROM pg_db_role_setting d LEFT JOIN pg_roles r ON r.oid = d.setrole CROSS JOIN unnest(d.setconfig) AS s (said)
    WHERE d.setdatabase IN (0, (SELECT b.oid FROM pg_database b WHERE b.datname = current_database()))
      AND (d.setrole = 0 OR r.rolname LIKE 'wo\\_%' OR pg_has_role(d.setrole, to_regrole('wo_nobody')::oid, 'MEMBER'))
      AND s.said !~* '^(application_name|client_min_messages|timezone|lc_messages|synchronous_commit|jit|(maintenance_)?work_mem|effective_\\w+|random_page_cost|max_parallel_\\w+|(log|track)_\\w+|\\w+_timeout|(auto_explain|pgaudit|pg_stat_statements)\\.\\w+)='`
