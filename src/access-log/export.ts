// The log as JSON lines after the standards, oldest first: a page of it for privacy officers, or all of it for whoever owns the database. Being
// exported is itself in the log before the first line leaves.
import type { ClientBase, QueryResultRow } from 'pg'
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { asInstant } from '../database/rows.js'
import { ENGINE } from '../engine.js'
import { badInput, PlainError } from '../errors.js'
import { badCursor, type Page, type PageRequest, pageOf, readCursor } from '../operations/page.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { newSpanId, newTrace } from '../operations/trace.js'
import type { World } from '../world.js'
import { instant, partsFor } from './access-log.js'
import { type Decided, decisionRecord } from './decision-log.js'
import { inMicroseconds } from './leaf.js'
import { type LogOwner, type Processed, processingLines, traceRequest } from './processing-log.js'
import { addition, ownPart } from './record.js'

/** Decisions; processing, as its own records; processing, as OpenTelemetry sends it. */
export const LOG_FORMATS = ['ADL', 'LDV', 'OTLP'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/** Instants, ISO 8601. */
export type Period = Readonly<{ from: string; until: string }>

/**
 * Nothing younger is exported, in milliseconds: a record gets its instant when its operation begins, and is there when that has ended. So what
 * comes after a cursor is whatever was not yet exported, and nothing before it is still on its way.
 */
const SETTLED = 120_000

/** Where in the log a row stands: `number` is that of its last part. */
type Place = Readonly<{ at: string; recordId: string; number: number }>

/** @throws Refusal BAD_INPUT */
export async function exportPage(
  act: Act,
  format: LogFormat,
  period: Period,
  request: PageRequest,
): Promise<Page<readonly string[]>> {
  const { from, until } = settled(period, act.at)
  const owner: LogOwner = { side: act.capacity.side === 'PARTNER' ? 'PARTNER' : 'WERKCENTRUM', id: organisationOf(act) }
  const order = `export ${format}`
  const after = request.after === null ? null : placeIn(readCursor(request.after, order))
  const rows = await act.sql.$queryRaw<Row[]>(statement(format, owner, { from, until }, after, request.first + 1))
  const page = pageOf(rows, request, order, ({ at, recordId, number }) => [at, recordId, String(number)])
  return { ...page, items: page.items.map((row) => linesOf(format, row, owner)) }
}

function placeIn([at = '', recordId = '', number = '']: readonly string[]): Place {
  if (!isUuid(recordId) || !/^\d{1,4}$/.test(number)) throw badCursor()
  return { at: instant(at), recordId, number: Number(number) }
}

/** @throws Refusal BAD_INPUT */
function settled({ from, until }: Period, now: Date): Period {
  if (Date.parse(instant(from)) >= Date.parse(instant(until))) throw badInput('The period must end after it begins.')
  return { from, until: new Date(Math.min(Date.parse(until), now.getTime() - SETTLED)).toISOString() }
}

type Row = Place & (Decided | Processed)

const linesOf = (format: LogFormat, row: Row, owner: LogOwner): string[] => {
  if (format === 'ADL') return [JSON.stringify(decisionRecord(row as Place & Decided, owner))]
  const lines = processingLines(row as Place & Processed, owner)
  return format === 'OTLP' ? [JSON.stringify(traceRequest(lines))] : lines.map((line) => JSON.stringify(line))
}

function statement(format: LogFormat, owner: LogOwner, { from, until }: Period, after: Place | null, limit: number): Prisma.Sql {
  const own = partsFor(owner)
  const beyond = after
    ? Prisma.sql`AND (p.at, p.record_id, p.number) > (${after.at}::timestamptz, ${after.recordId}::uuid, ${after.number}::smallint)`
    : Prisma.empty
  const within = Prisma.sql`${own} AND p.at >= ${from}::timestamptz AND p.at < ${until}::timestamptz ${beyond}`
  const at = asInstant(Prisma.sql`k.at`)
  if (format === 'ADL')
    return Prisma.sql`
      WITH k AS MATERIALIZED (SELECT p.at, p.record_id, max(p.number) AS number FROM access_record_part p WHERE ${within}
        GROUP BY p.at, p.record_id ORDER BY p.at, p.record_id LIMIT ${limit})
      SELECT ${at} AS at, k.record_id AS "recordId", k.number, r.id, r.role, r.organisation_id AS "actingOrganisationId", r.operation, r.purpose,
        r.policy_hash AS "policyHash", r.trace_id AS "traceId", r.span_id AS "spanId", r.parent_span_id AS "parentSpanId", r.refusal, r.engine,
        a.pseudonym AS actor, (SELECT coalesce(jsonb_agg(o.object ORDER BY p.number, o.place), '[]') FROM access_record_part p
          CROSS JOIN LATERAL jsonb_array_elements(p.objects) WITH ORDINALITY AS o (object, place)
          WHERE p.at = k.at AND p.record_id = k.record_id AND ${own}) AS objects
      FROM k JOIN access_record r ON r.at = k.at AND r.id = k.record_id
      LEFT JOIN access_record_actor a ON a.at = k.at AND a.record_id = k.record_id AND a.organisation_id = ${owner.id}::uuid
      ORDER BY k.at, k.record_id`
  return Prisma.sql`
    WITH k AS MATERIALIZED (SELECT p.* FROM processing_record p WHERE ${within} ORDER BY p.at, p.record_id, p.number LIMIT ${limit})
    SELECT ${at} AS at, k.record_id AS "recordId", k.number, ${asInstant(Prisma.sql`k.ended_at`)} AS "endedAt", k.name, k.activity,
      k.acting_organisation_id AS "actingOrganisationId", k.trace_id AS "traceId", k.span_id AS "spanId", k.parent_span_id AS "decisionSpanId",
      r.parent_span_id AS "callerSpanId", r.engine, k.subjects
    FROM k JOIN access_record r ON r.at = k.at AND r.id = k.record_id
    ORDER BY k.at, k.record_id, k.number`
}

/* All of it, as whoever owns the database. */

const PAGE = 500

/**
 * Lines of the log of one organisation, by id or name, or of all in turn, as each may see its own: a page at a time, so that memory does not grow.
 * @throws PlainError
 */
export async function* exportLog(
  client: ClientBase,
  { keys, now, newId, random }: Pick<World, 'keys' | 'now' | 'newId' | 'random'>,
  format: LogFormat,
  period: Period,
  organisation: string | null,
): AsyncGenerator<string> {
  const run = async <T extends QueryResultRow>({ text, values }: Prisma.Sql) => (await client.query<T>(text, values)).rows
  for (const owner of await run<LogOwner>(ownersCalled(organisation)).then(orNobody)) {
    const at = now()
    const until = settled(period, at)
    await run(await exported(at, owner))
    for (let after: Place | null = null; ; ) {
      const rows: Row[] = await run<Row>(statement(format, owner, until, after, PAGE))
      for (const row of rows) for (const line of linesOf(format, row, owner)) yield line
      after = rows.at(-1) ?? null
      if (rows.length < PAGE) break
    }
  }

  /** The record of it, which the officer of that organisation reads too: an operator acted, on behalf of the organisation. */
  async function exported(at: Date, { side, id }: LogOwner): Promise<Prisma.Sql> {
    const [policy] = await run<{ hash: string }>(Prisma.sql`SELECT hash FROM policy_version ORDER BY loaded_at DESC LIMIT 1`)
    const key = { at: inMicroseconds(at), record_id: newId() }
    const trace = newTrace(random)
    const record = {
      at: key.at,
      id: key.record_id,
      role: 'OPERATOR',
      organisation_id: id,
      operation: 'accessLogExport',
      purpose: 'OVERSEE',
      policy_hash: policy?.hash,
      trace_id: trace.traceId,
      span_id: newSpanId(random),
      engine: ENGINE,
    }
    const part = { ...key, ...ownPart(side, id) }
    return addition(keys, { record, parts: [part], actor: null, processing: [] })
  }
}

const ownersCalled = (organisation: string | null) => Prisma.sql`
  SELECT o.side, o.id FROM (SELECT 'WERKCENTRUM' AS side, id, name FROM werkcentrum UNION ALL SELECT 'PARTNER', id, name FROM partner) AS o
  ${organisation === null ? Prisma.empty : Prisma.sql`WHERE o.name = ${organisation} OR o.id::text = ${organisation}`}
  ORDER BY o.side DESC, o.name, o.id`

function orNobody(owners: LogOwner[]): LogOwner[] {
  if (owners.length === 0) throw new PlainError('There is no werkcentrum or partner of that name or id.')
  return owners
}
