// What will happen in the story, before it does: proportions hold exactly, and every course begins early enough to be told whole.
import type { Channel } from '../contacts/lists.js'
import { REFERENCE_FROM } from '../database/reference.js'
import type { Day } from '../handoffs/calendar.js'
import type { Chance } from './chance.js'
import { COURSES, type Course, type CourseName } from './courses.js'
import { partnerOf } from './organisations.js'
import type { Place } from './places.js'

export type Visit = {
  day: Day
  minutes: number
  channel: Channel
  origin: string | null
  handOff: { course: Course; partner: string } | null
  /** Somebody entered it twice. */
  isDouble: boolean
  /** Below sixteen, with or without somebody who represents them: consent needs one (UAVG art. 5). */
  minor: 'represented' | 'alone' | null
}

/** `scale` 1 is a whole story; a shorter one has as many conversations a day. */
export function planVisits(chance: Chance, openDays: readonly Day[], place: Place, scale: number): Visit[] {
  const count = Math.round(place.contacts * scale)
  const busyness = Object.fromEntries(openDays.map((day) => [day, 0.7 + 0.6 * chance.part()]))
  const days = chance.dealt(count, busyness)
  const dayParts = chance.dealt(count, { MORNING: 50, AFTERNOON: 47, EVENING: 3 })
  const channels = chance.dealt(count, place.channels)
  const visits = days.map((day, index): Visit => {
    const dayPart = dayParts[index]!
    return {
      day,
      minutes:
        dayPart === 'MORNING'
          ? chance.whole(9 * 60, 11 * 60 + 30)
          : dayPart === 'AFTERNOON'
            ? chance.whole(13 * 60, 16 * 60 + 15)
            : 19 * 60,
      channel: dayPart === 'EVENING' ? 'EVENT' : channels[index]!,
      origin: null,
      handOff: null,
      isDouble: index % 150 === 75,
      minor: null,
    }
  })
  planHandOffs(chance, place, visits, openDays, scale)
  planOrigins(chance, place, visits)
  return visits
}

/** The partner whose turn it is, if people of this place are sent there. */
function inTurn({ at }: Course, turn: number, place: Place): string | null {
  const partner = at?.[turn % at.length]
  return partner !== undefined && partner in place.partners ? partner : null
}

function planHandOffs(chance: Chance, place: Place, visits: Visit[], openDays: readonly Day[], scale: number): void {
  const age = new Map(openDays.map((day, index) => [day, openDays.length - index]))
  const courses = Object.entries(place.courses) as [CourseName, number][]
  const cast = courses.flatMap(([name, times]) => {
    const course: Course = COURSES[name]
    return Array.from({ length: Math.max(1, Math.round(times * scale)) }, (_, turn) => ({
      course,
      partner: inTurn(course, turn, place),
    }))
  })
  // The choosiest first: they have the fewest days to begin on.
  const span = ({ course }: { course: Course }) => course.age[1] - course.age[0]
  const partners = chance.dealt(cast.length, place.partners)
  let pupils = 0
  for (const { course, partner } of cast.toSorted((one, other) => span(one) - span(other))) {
    const [low, high] = course.age
    const possible = visits.filter((visit) => !visit.handOff && age.get(visit.day)! >= low && age.get(visit.day)! <= high)
    const visit = chance.oneOf(possible)
    visit.handOff = { course, partner: partner ?? partners.pop()! }
    if (visit.handOff.partner === 'school-amersfoort')
      visit.minor = [null, 'represented', 'alone'][pupils++ % 3] as Visit['minor']
  }
}

/** The municipality that a partner works for: people are sent to their own. */
const HOME: Readonly<Record<string, string>> = {
  'gemeente-amersfoort': 'GM0307',
  'gemeente-soest': 'GM0342',
  'gemeente-leusden': 'GM0327',
  'gemeente-hilversum': 'GM0402',
}

function planOrigins(chance: Chance, place: Place, visits: Visit[]): void {
  const all = Object.assign({}, ...Object.values(place.elsewhere))
  let fromElsewhere = Math.round(visits.length / 4)
  const rest: Visit[] = []
  for (const visit of visits) {
    const partner = visit.handOff && partnerOf(visit.handOff.partner)
    const home = partner && HOME[partner.key]
    const isFar = partner !== null && partner.amCode !== place.amCode
    if (isFar) fromElsewhere--
    if (home) visit.origin = home
    else if (isFar) visit.origin = chance.weighted(place.elsewhere[partner.amCode]!)
    else rest.push(visit)
  }
  for (const [index, visit] of chance.shuffled(rest).entries()) {
    if (index < fromElsewhere) visit.origin = chance.weighted(all)
    // One in twenty-five does not say.
    else visit.origin = index % 25 === 0 ? null : chance.weighted(place.own)
  }
  // A clock that is behind: before the reference data begins no municipality is known.
  for (const visit of visits) if (visit.day < REFERENCE_FROM) visit.origin = null
}
