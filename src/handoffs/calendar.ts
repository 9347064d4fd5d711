// Days as Dutch desks count them: terms run in working days, and the clock gives no more than a day and a part of it (design 5, 6).

/** A calendar day, written 'YYYY-MM-DD'. Never an instant: it has no hour and no time zone. */
export type Day = string

/** What is left of the hour: before 12:00, from 12:00, from 17:00, on Dutch clocks. */
export type DayPart = 'MORNING' | 'AFTERNOON' | 'EVENING'

/** Is this the name of a day that exists? `2027-02-29` is not. */
export function isDay(text: string): boolean {
  // PostgreSQL knows no year 0.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false
  const midnight = new Date(`${text}T00:00:00Z`)
  // Some engines roll 31 April over into May, so the day must come back as it went in.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text)
}

/** Is a desk open: not a Saturday, a Sunday or a holiday? */
export function isWorkingDay(day: Day): boolean {
  const weekday = midnightOf(day).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidaysOf(Number(day.slice(0, 4))).has(day)
}

/** The n-th working day after `day`: a term of n working days ends with it. The day itself never counts; n = 0 gives it back. */
export function addWorkingDays(day: Day, n: number): Day {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError('a term is a whole number of working days')
  let end = addDays(day, 0)
  for (let left = n; left > 0; ) {
    end = addDays(end, 1)
    if (isWorkingDay(end)) left--
  }
  return end
}

const dutchClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  calendar: 'gregory',
  numberingSystem: 'latn',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
})

/** Which day and which part of it an instant is in the Netherlands, summer time included. */
export function dutchToday(now: Date): { day: Day; dayPart: DayPart } {
  const part = Object.fromEntries(dutchClock.formatToParts(now).map(({ type, value }) => [type, value]))
  const hour = Number(part.hour)
  return {
    day: `${part.year?.padStart(4, '0')}-${part.month}-${part.day}`,
    dayPart: hour < 12 ? 'MORNING' : hour < 17 ? 'AFTERNOON' : 'EVENING',
  }
}

const inDutch = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'long', timeZone: 'UTC' })
const inEnglish = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** '2026-11-02' as people write it: '2 november 2026'. */
export const dayInWords = (day: Day, language: 'nl' | 'en' = 'nl'): string =>
  (language === 'nl' ? inDutch : inEnglish).format(midnightOf(day))

/**
 * The days on which Dutch desks are closed.
 *
 * Not the list of the Algemene termijnenwet (art. 3), which is about terms set by law and also counts Good Friday and every
 * 5 May. Our terms are promises in an agreement about days on which somebody is there: Good Friday is no official day off, and
 * 5 May is one only in lustrum years (2025, 2030, ...), as in the collective agreements of the state and most municipalities.
 */
function holidaysOf(year: number): ReadonlySet<Day> {
  const fixed = (monthAndDay: string): Day => `${String(year).padStart(4, '0')}-${monthAndDay}`
  const easter = easterOf(year)
  const kingsDay = fixed('04-27')
  return new Set([
    fixed('01-01'),
    addDays(easter, 1), // Easter Monday
    midnightOf(kingsDay).getUTCDay() === 0 ? fixed('04-26') : kingsDay, // never on a Sunday
    ...(year % 5 === 0 ? [fixed('05-05')] : []),
    addDays(easter, 39), // Ascension
    addDays(easter, 50), // Whit Monday
    fixed('12-25'),
    fixed('12-26'),
  ])
}

/** Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8). */
export function easterOf(year: number): Day {
  const century = Math.floor(year / 100)
  const golden = year % 19
  const corrected = century - Math.floor((century + 8) / 25) + 1
  const epact = (19 * golden + century - Math.floor(century / 4) - Math.floor(corrected / 3) + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7
  const early = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const marchDays = epact + weekday - 7 * early + 22
  return addDays(`${String(year).padStart(4, '0')}-03-01`, marchDays - 1)
}

function addDays(day: Day, n: number): Day {
  const moved = midnightOf(day)
  moved.setUTCDate(moved.getUTCDate() + n)
  const text = moved.toISOString().slice(0, 10)
  if (!isDay(text)) throw new RangeError('the calendar ends with the year 9999')
  return text
}

/** Days are counted in UTC, where every day has 24 hours: summer time cannot lose or double one. */
function midnightOf(day: Day): Date {
  if (!isDay(day)) throw new RangeError('not a day: YYYY-MM-DD is meant')
  return new Date(`${day}T00:00:00Z`)
}
