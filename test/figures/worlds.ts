// Small random worlds to attack: each a werkcentrum of its own with a year of contacts and hand-offs, put there as rows.
import type { Client } from 'pg'
import { idOf } from '../support/small-world.js'

export const YEAR = 2025
export const QUARTERS = [1, 2, 3, 4] as const

/** The same numbers for the same seed: mulberry32. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export const PARTNERS_OF_WORLDS = (['UWV', 'UWV', 'GEMEENTE', 'GEMEENTE', 'WSP', 'SCHOOL', 'UNION'] as const).map(
  (kind, index) => ({
    id: idOf(`partner of worlds ${index}`),
    kind,
  }),
)

export type SmallWorldFacts = Readonly<{ seed: number; werkcentrumId: string; deskId: string }>

/** Where each world is: the region has a handful of municipalities. */
export const REGION = 'AM14'

export async function arrangePartners(admin: Client): Promise<void> {
  for (const { id, kind } of PARTNERS_OF_WORLDS)
    await admin.query(`INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, [
      id,
      `Partner ${id.slice(0, 4)}`,
      kind,
      kind !== 'WSP',
    ])
}

type Row = Record<string, string | number | null>

export async function arrangeWorld(admin: Client, seed: number, municipalities: readonly string[]): Promise<SmallWorldFacts> {
  const chance = chanceOf(seed)
  const werkcentrumId = idOf(`world ${seed}`)
  const deskId = idOf(`desk of world ${seed}`)
  await admin.query('INSERT INTO werkcentrum VALUES ($1, $2, $3)', [werkcentrumId, `World ${seed}`, REGION])
  await admin.query('INSERT INTO desk VALUES ($1, $2, $3, NULL)', [werkcentrumId, deskId, 'Desk'])
  // Some have many visitors and some next to none, some begin late; most are of a few kinds.
  const size = Math.round(10 ** (0.5 + 1.9 * chance()))
  const begins = chance() < 0.7 ? 1 : 1 + Math.floor(4 * chance())
  const skew = 1 + 3 * chance()
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(list.length * chance() ** skew)]!
  const rows: Row[] = []
  const handOffs: Row[] = []
  let number = 0
  for (const quarter of QUARTERS) {
    if (quarter < begins) continue
    const count = Math.round(size * (0.5 + chance()))
    for (let each = 0; each < count; each++) rows.push(contactOf(`${seed} ${number++}`, quarter, oneOf, chance, municipalities))
    for (let each = 0; each < count / 2; each++) handOffs.push(handOffOf(`${seed} ${number++}`, quarter, oneOf, chance))
  }
  await insertContacts(admin, werkcentrumId, deskId, rows)
  await insertHandOffs(admin, werkcentrumId, handOffs)
  return { seed, werkcentrumId, deskId }
}

const dayIn = (quarter: number, chance: () => number) =>
  `${YEAR}-${String(quarter * 3 - 2 + Math.floor(3 * chance())).padStart(2, '0')}-${String(1 + Math.floor(28 * chance())).padStart(2, '0')}`

function contactOf(
  name: string,
  quarter: number,
  oneOf: <T>(list: readonly T[]) => T,
  chance: () => number,
  gm: readonly string[],
): Row {
  const visitor_kind = oneOf(['JOB_SEEKER', 'WORKER', 'STUDENT', 'EMPLOYER', 'HELPER', 'UNKNOWN'] as const)
  const isPerson = visitor_kind !== 'EMPLOYER'
  return {
    id: idOf(`contact ${name}`),
    day: dayIn(quarter, chance),
    channel: oneOf(['WALK_IN', 'PHONE', 'ONLINE', 'EMAIL', 'EVENT']),
    result: oneOf(['ANSWERED', 'HANDED_OFF', 'REFERRED', 'COMES_BACK', 'BROKEN_OFF']),
    visitor_kind,
    origin: oneOf([...gm, null]),
    journey: isPerson ? oneOf(['BENEFIT_TO_WORK', 'WORK_TO_WORK', null, 'SCHOOL_TO_WORK', 'NOT_WORKING_TO_WORK']) : null,
    work: isPerson ? oneOf(['NONE', 'EMPLOYED', 'AT_RISK', 'UNKNOWN']) : null,
    benefit: oneOf(['WW', 'NONE', 'SOCIAL_ASSISTANCE', 'UNKNOWN', 'OTHER']),
    age: oneOf(['A27_54', 'A16_26', 'A55_PLUS', 'UNKNOWN', 'U16']),
    education: oneOf(['SECONDARY', 'UNKNOWN', 'HIGHER', 'BELOW_START']),
    language_help: oneOf(['NO', 'UNKNOWN', 'YES']),
  }
}

function handOffOf(name: string, quarter: number, oneOf: <T>(list: readonly T[]) => T, chance: () => number): Row {
  const partner = oneOf(PARTNERS_OF_WORLDS)
  return {
    id: idOf(`hand-off ${name}`),
    partner_id: partner.id,
    partner_kind: partner.kind,
    offered: dayIn(quarter, chance),
    answer: oneOf(['accept', 'decline', null]),
    reason: oneOf(['NO_CAPACITY', 'NOT_OUR_SERVICE', 'NOT_FITTING', 'OUT_OF_AREA']),
    after: Math.floor(40 * chance()),
    ending: oneOf(['complete', 'return', null, 'withdraw']),
    outcome: oneOf(['WORK', 'QUESTION_SOLVED', 'NO_RESULT', 'WORK_KEPT']),
    voice: oneOf(['WORKED', null, 'NOT_WORKED']),
  }
}

export async function insertContacts(admin: Client, werkcentrumId: string, deskId: string, rows: readonly Row[]): Promise<void> {
  const values = [werkcentrumId, deskId, JSON.stringify(rows)]
  const from = `FROM jsonb_to_recordset($3::jsonb) AS r (id uuid, day date, channel text, result text, visitor_kind text, origin text, journey text,
    work text, benefit text, age text, education text, language_help text) WHERE $2::uuid IS NOT NULL`
  await admin.query('SET session_replication_role = replica')
  await admin.query(
    `WITH contact AS (INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result)
       SELECT $1, r.id, $2, r.channel, r.day, 'MORNING', r.result ${from}),
     routing AS (INSERT INTO visitor_contact_routing SELECT $1, r.id, r.visitor_kind, r.origin ${from}),
     question AS (INSERT INTO visitor_contact_question SELECT $1, r.id, r.journey, '{FIND_WORK}' ${from})
     INSERT INTO visitor_contact_situation SELECT $1, r.id, r.work, r.benefit, r.age, r.education, r.language_help ${from} AND r.work IS NOT NULL`,
    values,
  )
  await admin.query('SET session_replication_role = origin')
}

async function insertHandOffs(admin: Client, werkcentrumId: string, rows: readonly Row[]): Promise<void> {
  const from = `FROM jsonb_to_recordset($2::jsonb) AS r (id uuid, partner_id uuid, partner_kind text, offered date, answer text, reason text, after integer,
    ending text, outcome text, voice text)`
  const values = [werkcentrumId, JSON.stringify(rows)]
  const isDone = `r.answer = 'accept' AND r.ending = 'complete'`
  const state = `CASE WHEN r.answer IS NULL THEN 'OFFERED' WHEN r.answer = 'decline' THEN 'DECLINED' WHEN r.ending IS NULL THEN 'ACCEPTED'
    WHEN r.ending = 'complete' THEN 'COMPLETED' WHEN r.ending = 'return' THEN 'RETURNED' ELSE 'WITHDRAWN' END`
  await admin.query('SET session_replication_role = replica')
  await admin.query(
    `INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, answer_due_on, visitor_voice)
     SELECT $1, r.id, r.partner_id, r.partner_kind, r.id::text, ${state}, r.offered, r.offered + r.after, 'MORNING', r.offered + 14,
       CASE WHEN ${isDone} THEN r.voice END ${from}`,
    values,
  )
  await admin.query(
    `INSERT INTO hand_off_event (werkcentrum_id, hand_off_id, number, partner_id, step, by_side, heard_by_desk, state, reason, day, day_part)
     SELECT $1::uuid, r.id, 1, r.partner_id, 'offer', 'WERKCENTRUM', false, 'OFFERED', NULL, r.offered, 'MORNING' ${from}
     UNION ALL SELECT $1::uuid, r.id, 2, r.partner_id, r.answer, 'PARTNER', false, CASE r.answer WHEN 'accept' THEN 'ACCEPTED' ELSE 'DECLINED' END,
       CASE r.answer WHEN 'decline' THEN r.reason END, r.offered + r.after, 'MORNING' ${from} WHERE r.answer IS NOT NULL
     UNION ALL SELECT $1::uuid, r.id, 3, r.partner_id, r.ending, 'PARTNER', false, ${state}, NULL, r.offered + r.after + 5, 'MORNING' ${from}
       WHERE r.answer = 'accept' AND r.ending IS NOT NULL`,
    values,
  )
  await admin.query(
    `INSERT INTO hand_off_outcome (werkcentrum_id, hand_off_id, partner_id, outcome, heard_by_desk, number)
     SELECT $1, r.id, r.partner_id, r.outcome, false, 3 ${from} WHERE ${isDone}`,
    values,
  )
  await admin.query('SET session_replication_role = origin')
}
