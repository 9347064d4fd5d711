// Working days, holidays, and what day it is in the Netherlands.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addWorkingDays, dutchToday, easterOf, isDay, isWorkingDay } from '#app/handoffs/calendar.js'

const anyDay = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2190-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const term = fc.integer({ min: 0, max: 60 })

describe('A day', () => {
  test.each(['2026-11-22', '2028-02-29', '2000-02-29', '2026-12-31'])('%s exists', (day) => expect(isDay(day)).toBe(true))
  test.each([
    '2027-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '26-01-01',
    '2026-01-01T00:00',
    ' 2026-01-01',
    '2026-01-01\n',
    '+12026-01-01',
    '',
  ])('%j does not', (text) => expect(isDay(text)).toBe(false))
})

describe('Easter', () => {
  // Published tables; 1981, 2019 and 2038 are the ones that simple formulas get wrong, 2008 and 2285 the earliest, 2038 the latest.
  const table =
    '1981-04-19 1999-04-04 2000-04-23 2001-04-15 2005-03-27 2008-03-23 2011-04-24 2019-04-21 2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25 2036-04-13 2037-04-05 2038-04-25 2039-04-10 2040-04-01 2049-04-18 2076-04-19 2099-04-12 2285-03-22'
  test.each(table.split(' '))('is on %s', (day) => expect(easterOf(Number(day.slice(0, 4)))).toBe(day))

  test('is a Sunday from 22 March to 25 April in every year', () => {
    for (let year = 1900; year < 2500; year++) {
      const day = easterOf(year)
      expect(new Date(day).getUTCDay()).toBe(0)
      expect(day >= `${year}-03-22` && day <= `${year}-04-25`).toBe(true)
    }
  })
})

describe('Desks are closed', () => {
  test.each([
    ['2026-01-01', 'New Year'],
    ['2026-04-06', 'Easter Monday'],
    ['2026-04-27', 'King’s Day'],
    ['2025-04-26', 'King’s Day, moved from Sunday'],
    ['2025-05-05', '5 May in a lustrum year'],
    ['2026-05-14', 'Ascension'],
    ['2026-05-25', 'Whit Monday'],
    ['2026-12-25', 'Christmas'],
    ['2030-12-26', 'second day of Christmas'],
    ['2026-11-21', 'a Saturday'],
    ['2026-11-22', 'a Sunday'],
  ])('on %s: %s', (day) => expect(isWorkingDay(day)).toBe(false))
})

describe('Desks are open', () => {
  test.each([
    ['2026-04-03', 'Good Friday'],
    ['2026-05-05', '5 May outside lustrum years'],
    ['2026-05-15', 'the day after Ascension'],
    ['2027-12-27', 'a Monday: holidays on a weekend are not made up for'],
    ['2026-04-30', 'Queen’s Day is over'],
    ['2028-02-29', 'a leap day'],
    ['2026-12-31', 'the last day of the year'],
  ])('on %s: %s', (day) => expect(isWorkingDay(day)).toBe(true))

  test('when King’s Day moved to Saturday, on the Monday after', () => expect(isWorkingDay('2025-04-28')).toBe(true))
})

describe('A term of working days', () => {
  test.each([
    ['2026-11-20', 1, '2026-11-23', 'over a weekend'],
    ['2026-11-21', 1, '2026-11-23', 'from a Saturday'],
    ['2026-12-23', 2, '2026-12-28', 'over Christmas'],
    ['2026-12-31', 1, '2027-01-04', 'over New Year and the weekend after it'],
    ['2026-03-27', 1, '2026-03-30', 'over the start of summer time'],
    ['2026-10-23', 1, '2026-10-26', 'over the end of summer time'],
    ['2026-04-02', 2, '2026-04-07', 'over Easter, Good Friday counting'],
    ['2025-04-25', 5, '2025-05-02', 'with King’s Day on Saturday'],
    ['2025-05-02', 1, '2025-05-06', 'over 5 May 2025'],
    ['2028-02-28', 1, '2028-02-29', 'to a leap day'],
    ['2027-02-26', 1, '2027-03-01', 'where there is none'],
    ['2026-11-22', 0, '2026-11-22', 'of no days ends where it starts'],
  ])('from %s, %i days, ends on %s: %s', (day, n, end) => expect(addWorkingDays(day, n)).toBe(end))

  test('of a day or more ends on a working day, with exactly that many of them behind it', () => {
    fc.assert(
      fc.property(anyDay, term, (day, n) => {
        const end = addWorkingDays(day, n)
        let open = 0
        for (let at = Date.parse(day) + 86_400_000; at <= Date.parse(end); at += 86_400_000) {
          if (isWorkingDay(new Date(at).toISOString().slice(0, 10))) open++
        }
        return open === n && (n === 0 ? end === day : isWorkingDay(end))
      }),
    )
  })

  test('can be cut in two', () => {
    fc.assert(
      fc.property(anyDay, term, term, (day, a, b) => addWorkingDays(addWorkingDays(day, a), b) === addWorkingDays(day, a + b)),
    )
  })

  test('never ends earlier for starting later', () => {
    fc.assert(
      fc.property(anyDay, anyDay, term, (a, b, n) => {
        const [early, late] = a < b ? [a, b] : [b, a]
        return addWorkingDays(early, n) <= addWorkingDays(late, n)
      }),
    )
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('of %d days is refused', (n) =>
    expect(() => addWorkingDays('2026-11-22', n)).toThrow(RangeError),
  )

  test.each(['2027-02-29', 'yesterday'])('from %j is refused', (day) => {
    expect(() => addWorkingDays(day, 0)).toThrow(RangeError)
    expect(() => isWorkingDay(day)).toThrow(RangeError)
  })
})

describe('Today in the Netherlands', () => {
  test.each([
    ['2026-11-22T10:59:59Z', '2026-11-22', 'MORNING', 'one second before noon in winter'],
    ['2026-11-22T11:00:00Z', '2026-11-22', 'AFTERNOON', 'noon in winter'],
    ['2026-07-01T09:59:59Z', '2026-07-01', 'MORNING', 'one second before noon in summer'],
    ['2026-07-01T10:00:00Z', '2026-07-01', 'AFTERNOON', 'noon in summer'],
    ['2026-11-22T15:59:59Z', '2026-11-22', 'AFTERNOON', 'one second before five'],
    ['2026-11-22T16:00:00Z', '2026-11-22', 'EVENING', 'five o’clock'],
    ['2026-11-22T23:00:00Z', '2026-11-23', 'MORNING', 'midnight in winter'],
    ['2026-07-01T21:59:59Z', '2026-07-01', 'EVENING', 'before midnight in summer'],
    ['2026-07-01T22:00:00Z', '2026-07-02', 'MORNING', 'midnight in summer'],
    ['2026-12-31T23:30:00Z', '2027-01-01', 'MORNING', 'New Year'],
    ['2026-03-29T00:59:59Z', '2026-03-29', 'MORNING', 'the last second before the clock skips an hour'],
    ['2026-03-29T10:00:00Z', '2026-03-29', 'AFTERNOON', 'noon of a day of 23 hours'],
    ['2026-10-25T01:30:00Z', '2026-10-25', 'MORNING', 'the hour that comes twice'],
    ['2026-10-25T10:59:59Z', '2026-10-25', 'MORNING', 'before noon of a day of 25 hours'],
    ['2026-10-25T11:00:00Z', '2026-10-25', 'AFTERNOON', 'noon of a day of 25 hours'],
    ['2028-02-28T23:00:00Z', '2028-02-29', 'MORNING', 'a leap day'],
  ])('at %s it is %s, %s: %s', (instant, day, dayPart) => expect(dutchToday(new Date(instant))).toEqual({ day, dayPart }))
})
