// Hand-offs by the thousand in which everything is open that can be, put there at once: each is closed once.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import { CONSENT_PURPOSES } from '#app/consent/consent.js'
import { demoId } from '#app/demo/ids.js'
import { partnerOf } from '#app/demo/organisations.js'
import { makeFollowUpCode, makeRecognitionCode } from '#app/handoffs/codes.js'
import { keyedHash } from '#app/identity/pseudonym.js'
import { KEYS } from '../support/keys.js'

export type Place = Readonly<{ desk: string; partner: string }>
export type Open = Place &
  Readonly<{ id: string; code: string; recognitionCode: string; kind: 'accepted' | 'completed' | 'forwarded' }>

/** Facts of AVG art. 9 are there where they may be. */
export const mayHoldSensitive = ({ partner }: Place): boolean => ['UWV', 'GEMEENTE'].includes(partnerOf(partner).kind)

/** A forwarded one came from UWV with its code: what is given back is where it is now. */
export async function putOpenHandOffs(sql: Client, place: Place, kind: Open['kind'], count: number): Promise<Open[]> {
  const codes = new Set<string>()
  while (codes.size < count) codes.add(makeRecognitionCode(randomBytes))
  const open = [...codes].map((recognitionCode) => ({
    ...place,
    kind,
    id: randomUUID(),
    code: makeFollowUpCode(randomBytes),
    recognitionCode,
  }))
  const now = kind === 'completed' ? 'COMPLETED' : 'ACCEPTED'
  const hashed = open.map(({ id, recognitionCode, code }) => ({
    id,
    recognition: recognitionCode,
    hash: keyedHash(KEYS, 'follow-up-code', code),
  }))
  if (kind === 'forwarded') {
    const before = hashed.map(({ hash, id }, n) => ({
      hash,
      next: id,
      id: randomUUID(),
      recognition: `${hashed[n]!.recognition}-before`,
    }))
    await put(sql, { ...place, partner: 'uwv-amersfoort' }, 'FORWARDED', before)
    const from = new Map(before.map(({ id, next }) => [next, id]))
    await put(
      sql,
      place,
      now,
      hashed.map((one) => ({ ...one, from: from.get(one.id) })),
    )
  } else await put(sql, place, now, hashed)
  return open
}

type Row = { id: string; recognition: string; hash: string; from?: string | undefined }

async function put(sql: Client, place: Place, state: string, rows: readonly Row[]): Promise<void> {
  const { desk, partner } = place
  const categories = ['routing', 'question', 'situation', 'outcome', ...(mayHoldSensitive(place) ? ['sensitive'] : [])]
  await sql.query('BEGIN')
  const { rows: desks } = await sql.query('SELECT id FROM desk WHERE werkcentrum_id = $1 ORDER BY id LIMIT 1', [demoId(desk)])
  await sql.query(
    `INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, steps)
     SELECT $1, r.id, $2, $3, r.recognition, $4, current_date, current_date, 'MORNING', 2
     FROM jsonb_to_recordset($5::jsonb) AS r (id uuid, recognition text)`,
    [demoId(desk), demoId(partner), partnerOf(partner).kind, state, JSON.stringify(rows)],
  )
  const hangs = (table: string, columns: string, values: string, more: unknown[] = []) =>
    sql.query(
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, ${columns}) SELECT $1, r.id, $2, ${values}
       FROM jsonb_to_recordset($3::jsonb) AS r (id uuid, hash text, "from" uuid)`,
      [demoId(desk), demoId(partner), JSON.stringify(rows), ...more],
    )
  await hangs('hand_off_origin', 'forwarded_from', 'r."from"')
  for (const [number, step, after] of [
    [1, 'offer', 'OFFERED'],
    [2, state === 'COMPLETED' ? 'complete' : state === 'FORWARDED' ? 'forward' : 'accept', state],
  ])
    await hangs(
      'hand_off_event',
      'number, step, by_side, heard_by_desk, state, day, day_part',
      `$4, $5, 'WERKCENTRUM', false, $6, current_date, 'MORNING'`,
      [number, step, after],
    )
  await hangs('hand_off_logistics', 'desk_id, channel, contact_day, contact_day_part', `$4, 'PHONE', current_date, 'MORNING'`, [
    desks[0].id,
  ])
  await hangs('hand_off_next_step', 'next_step', `'VISITOR_CALLS'`)
  await hangs('hand_off_routing', 'visitor_kind', `'WORKER'`)
  await hangs('hand_off_question', 'themes', `'{CAREER}'`)
  await hangs(
    'hand_off_situation',
    'work, benefit, age, education, language_help',
    `'AT_RISK', 'WW', 'A27_54', 'SECONDARY', 'NO'`,
  )
  if (mayHoldSensitive(place))
    await hangs('hand_off_sensitive', 'partner_kind, facts', `$4, '{WORK_LIMITATION}'`, [partnerOf(partner).kind])
  await hangs('hand_off_note', 'note', `'Wil graag in de buurt werken.'`)
  await hangs('hand_off_remark', 'by_side, number, remark, day', `'PARTNER', 1, 'Belt maandag.', current_date`)
  if (state === 'COMPLETED') await hangs('hand_off_outcome', 'outcome, heard_by_desk, number', `'WORK', false, 2`)
  await hangs(
    'consent',
    `version, change, by_side, basis, categories, explicit_categories, purposes, asked_for_help, in_own_interest, refusal_is_free, under_sixteen,
     representative_present, given_how, wording_version, language, day, expires_on`,
    `1, 'GIVEN', 'WERKCENTRUM', 'SAFEGUARD', $4, $5, $6, true, true, true, false, false, 'SPOKEN', 'THREE_SENTENCES_2026', 'nl', current_date, current_date + 183`,
    [categories, mayHoldSensitive(place) ? ['sensitive'] : [], [...CONSENT_PURPOSES]],
  )
  await hangs('follow_up_code', 'hash', 'r.hash')
  await sql.query('COMMIT')
}
