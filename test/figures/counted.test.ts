// What is counted of a quarter is what happened in it: held against a count by hand, row by row, from the definitions in policies/figures.yaml.
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { connected } from '../support/small-world.js'
import { arrangePartners, arrangeWorld, REGION, type SmallWorldFacts, YEAR } from './worlds.js'

let place: TestDatabase
let admin: Client
let gm: string[]

beforeAll(async () => {
  place = await freshDatabase()
  admin = await connected(place.adminUrl)
  await arrangePartners(admin)
  const { rows } = await admin.query('SELECT gm_code FROM municipality WHERE am_code = $1 ORDER BY 1', [REGION])
  gm = rows.map((row) => row.gm_code)
})
afterAll(async () => {
  await admin?.end()
  await place?.drop()
})

/** And what the small worlds have none of: contacts logged by mistake, answers heard by the desk, second answers, guides who heard how it went. */
async function arrangeMore({ werkcentrumId }: SmallWorldFacts): Promise<void> {
  await admin.query('SET session_replication_role = replica')
  for (const sql of [
    `UPDATE visitor_contact SET voided = true WHERE werkcentrum_id = $1 AND get_byte(uuid_send(id), 0) % 7 = 0`,
    `UPDATE hand_off SET answer_due_on = NULL WHERE werkcentrum_id = $1 AND get_byte(uuid_send(id), 1) % 5 = 0`,
    `UPDATE hand_off SET guide_voice = 'WORKED' WHERE werkcentrum_id = $1 AND get_byte(uuid_send(id), 2) % 3 = 0`,
    `UPDATE hand_off_event SET step = CASE step WHEN 'accept' THEN 'hearAccepted' ELSE 'hearDeclined' END
     WHERE werkcentrum_id = $1 AND step IN ('accept', 'decline') AND get_byte(uuid_send(hand_off_id), 3) % 4 = 0`,
    `INSERT INTO hand_off_event SELECT (jsonb_populate_record(e, jsonb_build_object('number', 9, 'day', e.day + 40))).* FROM hand_off_event e
     WHERE e.werkcentrum_id = $1 AND e.number IN (2, 3) AND get_byte(uuid_send(hand_off_id), 4) % 6 = 0
     ON CONFLICT DO NOTHING`,
    `DELETE FROM visitor_contact_situation WHERE werkcentrum_id = $1 AND get_byte(uuid_send(contact_id), 5) % 9 = 0`,
  ])
    await admin.query(sql, [werkcentrumId])
  await admin.query('SET session_replication_role = origin')
}

type Counts = Map<string, number>
const quarterOf = (day: string) => Math.ceil(Number(day.slice(5, 7)) / 3)
const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000

const ANSWERS = ['accept', 'decline', 'complete', 'hearAccepted', 'hearDeclined', 'hearCompleted']
const ENDINGS = ['complete', 'hearCompleted', 'return', 'hearReturned', 'forward', 'withdraw', 'stop', 'lapse']

async function countByHand(id: string, quarter: number): Promise<Counts> {
  const counts: Counts = new Map()
  const add = (...words: string[]) => counts.set(words.join(' '), (counts.get(words.join(' ')) ?? 0) + 1)
  const all = async (sql: string): Promise<any[]> => (await admin.query(sql, [id])).rows
  const by = (rows: any[], key: string) => new Map(rows.map((row) => [row[key], row]))
  const routing = by(await all('SELECT * FROM visitor_contact_routing WHERE werkcentrum_id = $1'), 'contact_id')
  const question = by(await all('SELECT * FROM visitor_contact_question WHERE werkcentrum_id = $1'), 'contact_id')
  const situation = by(await all('SELECT * FROM visitor_contact_situation WHERE werkcentrum_id = $1'), 'contact_id')
  for (const contact of await all(
    'SELECT id, day::text, channel, result, voided FROM visitor_contact WHERE werkcentrum_id = $1',
  )) {
    if (contact.voided || !contact.day.startsWith(`${YEAR}`) || quarterOf(contact.day) !== quarter) continue
    const { visitor_kind = 'UNKNOWN', origin = null } = routing.get(contact.id) ?? {}
    const about = situation.get(contact.id) ?? {}
    add('visitors', visitor_kind, contact.channel)
    add('journeys', question.get(contact.id)?.journey ?? 'NONE', about.age ?? 'UNKNOWN')
    add('work', about.work ?? 'UNKNOWN')
    add('benefit', about.benefit ?? 'UNKNOWN')
    add('education', about.education ?? 'UNKNOWN')
    add('languageHelp', about.language_help ?? 'UNKNOWN')
    add('result', ['HANDED_OFF', 'REFERRED'].includes(contact.result) ? 'PASSED_ON' : contact.result)
    if (origin === null) add('origin', 'UNKNOWN', 'UNKNOWN')
    else if (gm.includes(origin)) add('origin', 'OWN_REGION', origin)
    else add('origin', 'OTHER_REGION', 'OTHER_REGION')
  }
  const events = await all(
    `SELECT hand_off_id, number, step, state, reason, day::text FROM hand_off_event WHERE werkcentrum_id = $1 ORDER BY number`,
  )
  const outcomes = by(await all('SELECT * FROM hand_off_outcome WHERE werkcentrum_id = $1'), 'hand_off_id')
  const isThen = (day: string) => day.startsWith(`${YEAR}`) && quarterOf(day) === quarter
  for (const handOff of await all(
    `SELECT id, partner_id, partner_kind AS kind, offered_on::text AS offered, answer_due_on::text AS due, visitor_voice AS visitor, guide_voice AS guide
     FROM hand_off WHERE werkcentrum_id = $1`,
  )) {
    if (handOff.kind === 'UNION') continue
    if (isThen(handOff.offered)) add('offered', handOff.kind, handOff.partner_id)
    const own = events.filter(({ hand_off_id }) => hand_off_id === handOff.id)
    const answer = own.find(({ step }) => ANSWERS.includes(step))
    if (answer && isThen(answer.day)) {
      add('answered', handOff.kind, answer.state === 'DECLINED' ? (answer.reason ?? 'UNKNOWN') : 'ACCEPTED')
      add('answerTime', handOff.due === null ? 'NO_TERM' : answer.day <= handOff.due ? 'WITHIN_TERM' : 'LATE')
      add('answerDays', String(days(handOff.offered, answer.day)).padStart(3, '0'))
    }
    const ending = own.find(({ step }) => ENDINGS.includes(step))
    if (!ending || !isThen(ending.day)) continue
    // The visitor goes before the guide who heard it.
    const voice = handOff.visitor ?? handOff.guide
    if (ending.state !== 'COMPLETED') add('ended', ending.state, '-', '-')
    else
      add(
        'ended',
        'COMPLETED',
        outcomes.get(handOff.id)?.outcome ?? 'UNKNOWN',
        voice === null ? 'UNCONFIRMED' : voice === 'WORKED' ? 'CLOSED' : 'CONTRADICTED',
      )
  }
  return counts
}

test('what is counted of a quarter is what happened in it, by whoever counts by hand', async () => {
  const seen = new Set<string>()
  for (const seed of [3, 4, 5, 6]) {
    const world = await arrangeWorld(admin, seed, [...gm.slice(0, 4), 'GM0363'])
    await arrangeMore(world)
    for (const quarter of [1, 2, 3, 4]) {
      const first = `${YEAR}-${String(quarter * 3 - 2).padStart(2, '0')}-01`
      await admin.query('SELECT count_quarter($1, $2, false)', [world.werkcentrumId, first])
      const { rows } = await admin.query(
        `SELECT component || ' ' || key AS name, count FROM figure_count WHERE werkcentrum_id = $1 AND quarter = $2`,
        [world.werkcentrumId, first],
      )
      const counted = new Map(rows.map(({ name, count }) => [name, count]))
      const byHand = await countByHand(world.werkcentrumId, quarter)
      expect(Object.fromEntries([...counted].sort()), `${seed}, ${first}`).toEqual(Object.fromEntries([...byHand].sort()))
      for (const name of byHand.keys()) seen.add(name.replace(/[\w-]{36}/, '').trim())
    }
  }
  // Otherwise it would prove little.
  for (const name of [
    'ended COMPLETED WORK CONTRADICTED',
    'answerTime NO_TERM',
    'answerTime LATE',
    'answered UWV NO_CAPACITY',
    'work UNKNOWN',
  ])
    expect([...seen]).toContain(name)
})
