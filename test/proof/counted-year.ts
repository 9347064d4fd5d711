// A year of which only figures are left: counted, published and faded, before the story begins.
import type { Client } from 'pg'
import { openDatabase } from '#app/database/door.js'
import { publishFigures } from '#app/figures/publish.js'
import type { TestDatabase } from '../support/database.js'
import { deskId, partnerId } from './people.js'

export const COUNTED_YEAR = 2025
export const PERIODS = ['Q1', 'Q2', 'Q3', 'Q4', 'H1', 'H2'].map((part) => `${COUNTED_YEAR}-${part}`).concat(`${COUNTED_YEAR}`)

/** What a quarter was, line by line: much of one thing, and of another too little to be told. */
const LINES: Readonly<Record<string, number>> = {
  'visitors JOB_SEEKER WALK_IN': 60,
  'visitors WORKER PHONE': 37,
  'visitors EMPLOYER PHONE': 3,
  'journeys BENEFIT_TO_WORK A27_54': 60,
  'journeys WORK_TO_WORK A55_PLUS': 40,
  'work NONE': 60,
  'work EMPLOYED': 40,
  'benefit WW': 100,
  'education SECONDARY': 100,
  'languageHelp NO': 98,
  'languageHelp YES': 2,
  'result ANSWERED': 40,
  'result PASSED_ON': 60,
  'origin UNKNOWN UNKNOWN': 100,
  [`offered UWV ${partnerId('UWV')}`]: 40,
  [`offered GEMEENTE ${partnerId('GEMEENTE')}`]: 25,
  [`offered WSP ${partnerId('WSP')}`]: 4,
  'answered UWV ACCEPTED': 38,
  'answered GEMEENTE ACCEPTED': 20,
  'answered GEMEENTE NO_CAPACITY': 2,
  'answerTime WITHIN_TERM': 60,
  'answerDays 003': 60,
  'ended COMPLETED WORK CLOSED': 30,
  'ended COMPLETED WORK CONTRADICTED': 1,
  'ended RETURNED - -': 19,
}

export async function publishYear(admin: Client, place: TestDatabase): Promise<void> {
  for (const desk of ['a', 'b'] as const)
    for (const month of ['01', '04', '07', '10']) {
      const quarter = [deskId(desk), `${COUNTED_YEAR}-${month}-01`]
      await admin.query(`INSERT INTO figure_counted VALUES ($1, $2, 1, $2::date + 107)`, quarter)
      await admin.query(
        `INSERT INTO figure_count SELECT $1, $2, 1, split_part(l.key, ' ', 1), substr(l.key, strpos(l.key, ' ') + 1), l.value::integer
         FROM jsonb_each_text($3::jsonb) l`,
        [...quarter, JSON.stringify(LINES)],
      )
    }
  const database = openDatabase(place.serverUrl)
  try {
    await publishFigures(database)
  } finally {
    await database.$disconnect()
  }
  await admin.query('INSERT INTO figure_goal SELECT id, $1, $2, $3, 400 FROM unnest($4::uuid[]) id', [
    COUNTED_YEAR,
    ...['CONTACTS', 'TOTAL', [deskId('a'), deskId('b')]],
  ])
}
