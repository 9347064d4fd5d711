// A year before the demo story, of which only the counts are left, as after fading: so that there are finished half years to report on.
import type { ClientBase } from 'pg'
import { firstDayOf, type Quarter, quarterOf } from '../figures/period.js'
import type { Day } from '../handoffs/calendar.js'
import { type Chance, chanceFrom } from './chance.js'
import { demoId } from './ids.js'
import { partnerOf } from './organisations.js'
import { PLACES, type Place } from './places.js'
import { drawVisitor } from './visitors.js'

/** Four quarters, up to the one in which the story begins; and goals for the year of the last and the next. */
export async function seedCounted(owner: ClientBase, begins: Day): Promise<void> {
  const chance = chanceFrom(`counted before ${begins}`)
  const first = quarterOf(begins)
  const quarters = [4, 3, 2, 1].map((back) => {
    const index = first.year * 4 + first.quarter - 1 - back
    return { year: Math.floor(index / 4), quarter: ((index % 4) + 1) as Quarter }
  })
  for (const place of PLACES) {
    const id = demoId(place.werkcentrum)
    for (const { year, quarter } of quarters) {
      const day = firstDayOf(year, quarter)
      await owner.query(`INSERT INTO figure_counted VALUES ($1, $2, 1, $2::date + interval '3 months 15 days')`, [id, day])
      const lines = [...countsOf(chance, place)].map(([name, count]) => {
        const [component, ...key] = name.split(' ')
        return { component, key: key.join(' '), count }
      })
      await owner.query(
        `INSERT INTO figure_count SELECT $1, $2, 1, c.component, c.key, c.count
         FROM jsonb_to_recordset($3::jsonb) AS c (component text, key text, count integer)`,
        [id, day, JSON.stringify(lines)],
      )
    }
  }
  const amersfoort = demoId('werkcentrum-amersfoort')
  for (const year of new Set([quarters.at(-1)!.year, first.year]))
    for (const [figure, row, target] of GOALS)
      await owner.query('INSERT INTO figure_goal VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
        amersfoort,
        year,
        figure,
        row,
        target,
      ])
}

const GOALS = [
  ['CONTACTS', 'TOTAL', 1600],
  ['CONTACTS_BY_JOURNEY', 'SCHOOL_TO_WORK', 250],
  ['CONTACTS_BY_JOURNEY', 'WORK_TO_WORK', 450],
  ['CONTACTS_BY_VISITOR_KIND', 'EMPLOYER', 120],
  ['OFFERED', 'TOTAL', 480],
] as const

/** A quarter of a desk, drawn as the story draws its visitors. */
function countsOf(chance: Chance, place: Place): Map<string, number> {
  const counts = new Map<string, number>()
  const count = (...words: readonly string[]) => counts.set(words.join(' '), (counts.get(words.join(' ')) ?? 0) + 1)
  const contacts = Math.round(place.contacts * 0.75 * (0.85 + 0.3 * chance.part()))
  const elsewhere = Object.assign({}, ...Object.values(place.elsewhere))
  for (let each = 0; each < contacts; each++) {
    const isHandedOn = chance.part() < 0.3
    const partner = isHandedOn ? partnerOf(chance.weighted(place.partners)) : null
    const { visitorKind, journey, situation } = drawVisitor(chance, partner?.key ?? null)
    count('visitors', visitorKind, chance.weighted(place.channels))
    count('journeys', journey ?? 'NONE', situation?.age ?? 'UNKNOWN')
    count('work', situation?.work ?? 'UNKNOWN')
    count('benefit', situation?.benefit ?? 'UNKNOWN')
    count('education', situation?.education ?? 'UNKNOWN')
    count('languageHelp', situation?.languageHelp ?? 'UNKNOWN')
    count('result', partner ? 'PASSED_ON' : chance.weighted({ ANSWERED: 48, PASSED_ON: 30, COMES_BACK: 17, BROKEN_OFF: 5 }))
    if (chance.part() < 0.04) count('origin', 'UNKNOWN', 'UNKNOWN')
    else if (chance.part() < 0.25 && Object.keys(elsewhere).length > 0) count('origin', 'OTHER_REGION', 'OTHER_REGION')
    else count('origin', 'OWN_REGION', chance.weighted(place.own))
    if (partner && partner.kind !== 'UNION') countHandOff(chance, count, partner.kind, demoId(partner.key))
  }
  return counts
}

function countHandOff(chance: Chance, count: (...words: readonly string[]) => unknown, kind: string, partner: string): void {
  count('offered', kind, partner)
  if (chance.part() < 0.08) return
  const answer = chance.weighted({
    ACCEPTED: 84,
    NO_CAPACITY: 8,
    NOT_OUR_SERVICE: 3,
    NOT_FITTING: 3,
    OUT_OF_AREA: 1,
    TOO_LITTLE_INFORMATION: 1,
  })
  count('answered', kind, answer)
  count('answerTime', chance.weighted({ WITHIN_TERM: 78, LATE: 16, NO_TERM: 6 }))
  count('answerDays', String(chance.whole(0, chance.whole(1, 12))).padStart(3, '0'))
  if (answer !== 'ACCEPTED' || chance.part() < 0.1) return
  const ending = chance.weighted({ COMPLETED: 82, RETURNED: 11, WITHDRAWN: 4, FORWARDED: 3 })
  const isDone = ending === 'COMPLETED'
  const outcome = chance.weighted({
    WORK: 22,
    WORK_KEPT: 8,
    TRAINING_STARTED: 16,
    GUIDANCE_STARTED: 24,
    QUESTION_SOLVED: 22,
    REFERRED_ON: 5,
    NO_RESULT: 3,
  })
  count(
    'ended',
    ending,
    isDone ? outcome : '-',
    isDone ? chance.weighted({ CLOSED: 48, UNCONFIRMED: 42, CONTRADICTED: 10 }) : '-',
  )
}
