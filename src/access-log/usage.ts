// What of the policy was used in a period: counted from the access log per square, never who or what; and the grants nobody used.
import { Prisma } from '../database/prisma/client.js'
import type { Cell } from '../decide/decide.js'
import type { Policies } from '../decide/policy-files.js'
import { type Shrunk, shrink, squaresOf, type Use } from '../decide/shrink.js'
import { badInput } from '../errors.js'
import { type Day, isDay } from '../handoffs/calendar.js'
import type { Act } from '../operations/perform.js'
import { ownParts } from './access-log.js'
import { isConfidential } from './record.js'

/** Dutch days: from the first up to, and not with, the last. */
export type Period = Readonly<{ from: Day; until: Day }>

type Usage = Readonly<{
  /** Records of the log that were read. */
  examined: number
  uses: readonly Use[]
}>

/** Days at most; a year has every season of a desk in it. */
const LONGEST = 366

/** @throws Refusal BAD_INPUT */
export function periodOf(from: string, until: string): Period {
  if (!isDay(from) || !isDay(until)) throw badInput('A day is written as 2026-11-22.')
  if (from >= until) throw badInput('The period must end after it begins.')
  if ((Date.parse(until) - Date.parse(from)) / 86_400_000 > LONGEST) throw badInput(`The period may be at most ${LONGEST} days.`)
  return { from, until }
}

export type Row = { examined: number } & { [name in keyof Use]: Use[name] | null }

/**
 * One statement, so that everything is of one moment. `whose` is a condition on the parts `p` of the log. Objects are counted by what was
 * shown of them before that is taken apart: there are millions of objects, and few ways to show one. The parts are joined where they
 * stand, and not put aside first: only then does PostgreSQL know how many there are, and hashes instead of sorting them.
 */
const usageStatement = ({ from, until }: Period, whose: Prisma.Sql): Prisma.Sql => {
  const inPeriod = Prisma.sql`p.at >= ${from}::date::timestamp AT TIME ZONE 'Europe/Amsterdam'
    AND p.at < ${until}::date::timestamp AT TIME ZONE 'Europe/Amsterdam' AND ${whose}`
  return Prisma.sql`
    WITH seen AS (
      SELECT r.role, r.purpose, p.partner_id, o.object ->> 'relation' AS relation, o.object ->> 'type' AS type, o.object -> 'shown' AS shown,
        count(*) AS times, min(p.at) AS first, max(p.at) AS last
      FROM access_record_part p JOIN access_record r ON r.at = p.at AND r.id = p.record_id
      CROSS JOIN LATERAL jsonb_array_elements(p.objects) AS o (object)
      WHERE ${inPeriod}
      GROUP BY 1, 2, 3, 4, 5, 6
    ), used AS (
      SELECT role, relation, purpose, CASE WHEN type = 'HandOff' THEN k.kind END AS "partnerKind", c.category, sum(times)::float8 AS times,
        to_char(min(first) AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM-DD') AS "firstDay",
        to_char(max(last) AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM-DD') AS "lastDay"
      FROM seen LEFT JOIN partner k ON k.id = seen.partner_id CROSS JOIN LATERAL jsonb_object_keys(shown) AS c (category)
      GROUP BY 1, 2, 3, 4, 5
    )
    SELECT n.examined, used.*
    FROM (SELECT count(*)::int AS examined FROM (SELECT DISTINCT p.at, p.record_id FROM access_record_part p WHERE ${inPeriod}) AS record) n
    LEFT JOIN used ON true`
}

/** The answer to that statement. */
export const usageIn = (rows: readonly Row[]): Usage => ({
  examined: rows[0]?.examined ?? 0,
  uses: rows.flatMap(({ examined: _, ...use }) => (use.role === null ? [] : [use as Use])),
})

export type Evidence = Usage & Shrunk & Period

/** Where nothing was seen at all, nothing can be concluded: then no square is judged. */
export const evidence = (policies: Policies, period: Period, usage: Usage, isJudged: (cell: Cell) => boolean): Evidence => ({
  ...period,
  ...usage,
  ...shrink(policies, squaresOf(usage.uses), usage.uses.length > 0 ? isJudged : () => false),
})

/**
 * What nobody used in the log of the own organisation. A werkcentrum's log holds all that was shown of its contacts and hand-offs; a
 * partner's holds what its own people saw, so it can judge rules of handlers for its own kind alone.
 * @throws Refusal BAD_INPUT
 */
export async function unusedGrants(act: Act, from: string, until: string): Promise<Evidence> {
  const period = periodOf(from, until)
  const isPartner = act.capacity.side === 'PARTNER'
  const usage = usageIn(await act.sql.$queryRaw<Row[]>(usageStatement(period, ownParts(act))))
  // Every hand-off in a partner's log was for that partner.
  const ownKind = usage.uses.find(({ partnerKind }) => partnerKind !== null)?.partnerKind
  return evidence(
    act.world.policies,
    period,
    usage,
    // What is in no log of an organisation, no such log can judge.
    ({ role, partnerKind }) => !isConfidential(partnerKind) && (!isPartner || (role === 'HANDLER' && partnerKind === ownKind)),
  )
}

/** The same of the whole installation, confidential parts too, for who owns the database: counts, and nothing about anybody. */
export const wholeLog = (period: Period): { text: string; values: unknown[] } => {
  const { text, values } = usageStatement(period, Prisma.sql`TRUE`)
  return { text, values }
}
