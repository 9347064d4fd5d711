// Reading the access log: by privacy officers, only what concerns their own organisation; and reading it is logged (design 4).

import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { asInstant } from '../database/rows.js'
import type { Category } from '../decide/decide.js'
import { badInput } from '../errors.js'
import { isDay } from '../handoffs/calendar.js'
import { badCursor, type Page, type PageRequest, pageOf, readCursor } from '../operations/page.js'
import { type Act, organisationOf } from '../operations/perform.js'
import type { LogOwner } from './processing-log.js'
import type { LoggedObject } from './record.js'

export type AccessRecordData = {
  id: string
  at: string
  role: string
  operation: string
  /** Null: of an operation that this role may not run for any purpose. */
  purpose: string | null
  /** Null: it was answered. */
  refusal: string | null
  refusedKinds: string[]
  policyHash: string
  /** Of a colleague of the own organisation only (invariant 15). */
  actor: string | null
  actingOrganisation: string | null
  werkcentrum: string | null
  partner: string | null
  objects: AccessedObjectData[]
}

type AccessedObjectData = Omit<LoggedObject, 'shown' | 'withheld' | 'agreement' | 'consent' | 'writtenByOthers'> & {
  agreementId: string | null
  agreementVersion: number | null
  consentVersion: number | null
  categories: { category: Category; shown: boolean; rule: string; reason: string | null }[]
}

type LogFilter = { handOffId: string | null; from: string | null; until: string | null }

type Row = Omit<AccessRecordData, 'objects'> & { number: number; objects: LoggedObject[] }

/**
 * Newest first. Each item is what one operation showed of one pair of werkcentrum and partner; `from` and `until` are instants (ISO 8601).
 * @throws Refusal BAD_INPUT
 */
export async function listAccessRecords(act: Act, filter: LogFilter, request: PageRequest): Promise<Page<AccessRecordData>> {
  const conditions = [ownParts(act)]
  // By way of a function that runs as the owner: behind row-level security the index on hand-offs would not be used.
  let from = Prisma.sql`access_record_part p`
  if (filter.handOffId !== null) {
    from = Prisma.sql`access_parts_of(${isUuid(filter.handOffId) ? filter.handOffId : null}::uuid) k
      JOIN access_record_part p ON p.at = k.at AND p.record_id = k.record_id AND p.number = k.number`
  }
  if (filter.from !== null) conditions.push(Prisma.sql`p.at >= ${instant(filter.from)}::timestamptz`)
  if (filter.until !== null) conditions.push(Prisma.sql`p.at < ${instant(filter.until)}::timestamptz`)
  if (request.after) {
    const [at, id, number] = readCursor(request.after, 'access-log')
    if (!isUuid(id ?? '') || !/^\d{1,4}$/.test(number ?? '')) throw badCursor()
    conditions.push(
      Prisma.sql`(p.at, p.record_id, p.number) < (${instant(at ?? '')}::timestamptz, ${id}::uuid, ${Number(number)}::smallint)`,
    )
  }
  const rows = await act.sql.$queryRaw<Row[]>`
    WITH p AS MATERIALIZED (SELECT p.* FROM ${from} WHERE ${Prisma.join(conditions, ' AND ')}
      ORDER BY p.at DESC, p.record_id DESC, p.number DESC LIMIT ${request.first + 1})
    SELECT r.id, ${asInstant(Prisma.sql`r.at`)} AS at, r.role, r.operation, r.purpose, r.refusal, coalesce(string_to_array(r.refused_kinds, ' '), '{}') AS "refusedKinds", r.policy_hash AS "policyHash",
      a.pseudonym AS actor, coalesce(w.name, o.name) AS "actingOrganisation", pw.name AS werkcentrum, pp.name AS partner, p.objects, p.number
    FROM p JOIN access_record r ON r.at = p.at AND r.id = p.record_id
    LEFT JOIN access_record_actor a ON a.at = r.at AND a.record_id = r.id AND a.organisation_id = ${organisationOf(act)}::uuid
    LEFT JOIN werkcentrum w ON w.id = r.organisation_id LEFT JOIN partner o ON o.id = r.organisation_id
    LEFT JOIN werkcentrum pw ON pw.id = p.werkcentrum_id LEFT JOIN partner pp ON pp.id = p.partner_id
    ORDER BY p.at DESC, p.record_id DESC, p.number DESC`
  const page = pageOf(rows, request, 'access-log', (row) => [row.at, row.id, String(row.number)])
  return { ...page, items: page.items.map(recordFrom) }
}

/** The parts `p` of the log that this officer reads, said in every query as well as in row-level security. */
export const ownParts = (act: Act): Prisma.Sql =>
  partsFor({ side: act.capacity.side === 'PARTNER' ? 'PARTNER' : 'WERKCENTRUM', id: organisationOf(act) })

/** The parts `p` that an organisation's own log has. */
export function partsFor({ side, id }: LogOwner): Prisma.Sql {
  const own = side === 'WERKCENTRUM' ? Prisma.sql`p.werkcentrum_id` : Prisma.sql`p.partner_id`
  const conditions = [Prisma.sql`${own} = ${id}::uuid`, Prisma.sql`NOT p.confidential`]
  // What desk and visitor did with a hand-off would tell the partner what the visitor agreed to.
  if (side === 'PARTNER') conditions.push(Prisma.sql`p.acting_organisation_id = ${id}::uuid`)
  return Prisma.join(conditions, ' AND ')
}

function recordFrom({ number: _, objects, ...record }: Row): AccessRecordData {
  return {
    ...record,
    objects: objects.map(({ shown, withheld, agreement, consent, writtenByOthers: _others, ...object }) => ({
      ...object,
      agreementId: agreement?.id ?? null,
      agreementVersion: agreement?.version ?? null,
      consentVersion: consent,
      categories: [
        ...Object.entries(shown).map(([category, rule]) => ({ category: category as Category, shown: true, rule, reason: null })),
        ...Object.entries(withheld).map(([category, { rule, reason }]) => ({
          category: category as Category,
          shown: false,
          rule,
          reason,
        })),
      ],
    })),
  }
}

/** An instant as ISO 8601 with its zone, checked. @throws Refusal BAD_INPUT */
export function instant(text: string): string {
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/.test(text) ||
    !isDay(text.slice(0, 10)) ||
    Number.isNaN(Date.parse(text))
  )
    throw badInput('An instant is written as 2026-11-22T09:30:00Z.')
  return text
}
