// Open or closed: every state and voice on every side of the 14 days, and the column in SQL says the same as the function.
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, isOpenLoop, loopStatus, SILENCE_DAYS, type Voices } from '#app/handoffs/loops.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { arrangeOrganisations, connected, idOf, PARTNERS, TODAY, WERKCENTRA } from '../support/small-world.js'

const STATES = [
  'OFFERED',
  'ACCEPTED',
  'IN_PROGRESS',
  'COMPLETED',
  'DECLINED',
  'RETURNED',
  'FORWARDED',
  'WITHDRAWN',
  'LAPSED',
] as const
const VOICES = [null, 'WORKED', 'NOT_WORKED', 'HEARD_NOTHING'] as const
const DAYS_AGO = [0, 1, 12, 13, 14, 15, 100, 3000, -1]

const CELLS: Voices[] = STATES.flatMap((state) =>
  VOICES.flatMap((guideVoice) =>
    VOICES.flatMap((visitorVoice) =>
      DAYS_AGO.map((days) => ({ state, guideVoice, visitorVoice, changedOn: addDays(TODAY, -days) })),
    ),
  ),
)

/** Design 5, said once more in other words. */
function expected({ state, guideVoice, visitorVoice, changedOn }: Voices): string {
  if (['OFFERED', 'ACCEPTED', 'IN_PROGRESS'].includes(state)) return 'OPEN'
  if (['FORWARDED', 'WITHDRAWN', 'LAPSED'].includes(state)) return 'CLOSED'
  if (state === 'DECLINED' || state === 'RETURNED') return guideVoice ? 'CLOSED' : 'OPEN'
  const last = visitorVoice ?? guideVoice
  if (last) return last === 'WORKED' ? 'CLOSED' : 'CONTRADICTED'
  return (Date.parse(TODAY) - Date.parse(changedOn)) / 86_400_000 < 14 ? 'OPEN' : 'UNCONFIRMED'
}

test(`the loop status is that of the design in all ${CELLS.length} cells`, () => {
  expect(CELLS.map((cell) => ({ ...cell, status: loopStatus(cell, TODAY) }))).toEqual(
    CELLS.map((cell) => ({ ...cell, status: expected(cell) })),
  )
})

describe('a finished hand-off of which nobody said how it ended', () => {
  const finished = { state: 'COMPLETED', guideVoice: null, visitorVoice: null, changedOn: '2026-02-20' } as const
  test.each([
    ['2026-02-20', 'OPEN'],
    ['2026-03-05', 'OPEN'],
    ['2026-03-06', 'UNCONFIRMED'],
    ['2027-03-06', 'UNCONFIRMED'],
  ])('is on %s %s', (today, status) => expect(loopStatus(finished, today)).toBe(status))
  test('waits 14 days', () => expect(SILENCE_DAYS).toBe(14))
})

test('a contradicted loop is open, an unconfirmed one is not', () => {
  expect((['OPEN', 'CONTRADICTED', 'UNCONFIRMED', 'CLOSED'] as const).map(isOpenLoop)).toEqual([true, true, false, false])
})

describe('in the database', () => {
  let database: TestDatabase
  let admin: Client

  beforeAll(async () => {
    database = await freshDatabase()
    admin = await connected(database.adminUrl)
    await arrangeOrganisations(admin)
  })

  afterAll(async () => {
    await admin?.end()
    await database?.drop()
  })

  test('open_until is after today exactly where the function says that the loop is open', async () => {
    const rows = CELLS.map((cell, number) => ({ ...cell, id: idOf(`cell ${number}`), code: `code-${number}` }))
    await admin.query(
      `INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, guide_voice, visitor_voice)
       SELECT $1, c.id, $2, 'UWV', c.code, c.state, '2020-01-01', c."changedOn", 'MORNING', c."guideVoice", c."visitorVoice"
       FROM jsonb_to_recordset($3) AS c (id uuid, code text, state text, "changedOn" date, "guideVoice" text, "visitorVoice" text)`,
      [WERKCENTRA.a, PARTNERS.UWV, JSON.stringify(rows)],
    )
    const stored = await admin.query<{ id: string; open: boolean; ended: boolean }>(
      'SELECT id, open_until > $1::date AS open, ended FROM hand_off',
      [TODAY],
    )
    const found = new Map(stored.rows.map(({ id, open, ended }) => [id, { open, ended }]))
    expect(found.size).toBe(CELLS.length)
    const differ = rows.filter((row) => found.get(row.id)?.open !== isOpenLoop(loopStatus(row, TODAY)))
    expect(differ).toEqual([])
    expect(
      rows.filter((row) => found.get(row.id)?.ended !== !['OFFERED', 'ACCEPTED', 'IN_PROGRESS'].includes(row.state)),
    ).toEqual([])
  })
})
