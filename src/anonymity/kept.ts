// What is kept, for how long and why, as the job obeys it; and when the job last did it.
import type { Act } from '../operations/perform.js'

export type KeptData = {
  subject: string
  category: string
  countedFrom: string
  does: string
  days: number | null
  months: number | null
  tables: string[]
  source: string
  law: string
  needsLawyer: boolean
  lastDoneAt: string | null
}

export async function listKept({ sql }: Act): Promise<KeptData[]> {
  return sql.$queryRaw<KeptData[]>`
    SELECT r.subject, r.category, r.counted_from AS "countedFrom", r.does, r.days, r.months, r.tables, r.source, r.law, r.needs_lawyer AS "needsLawyer",
      to_char((SELECT max(f.last_at) FROM fading_run f WHERE f.subject = r.subject) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "lastDoneAt"
    FROM retention_rule r ORDER BY r.category, r.subject`
}
