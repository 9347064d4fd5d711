// The parts that the story is made of: chance, clock and plan.
import { expect, test } from 'vitest'
import { dutchInstant, makeAgenda } from '#app/demo/agenda.js'
import { chanceFrom } from '#app/demo/chance.js'
import { PLACES } from '#app/demo/places.js'
import { planVisits } from '#app/demo/plan.js'
import { STORY_DAYS } from '#app/demo/story.js'
import { dutchToday, isWorkingDay } from '#app/handoffs/calendar.js'
import { addDays } from '#app/handoffs/loops.js'

test('On whichever day somebody starts first, there is room for every course', () => {
  for (let day = '2026-11-22'; day < '2028-11-22'; day = addDays(day, 3)) {
    const openDays = Array.from({ length: STORY_DAYS }, (_, index) => addDays(day, index - STORY_DAYS)).filter(isWorkingDay)
    for (const place of PLACES) {
      const visits = planVisits(chanceFrom(day), openDays, place, 1)
      const planned = Object.values(place.courses).reduce((sum, times) => sum + times, 0)
      expect(visits.filter(({ handOff }) => handOff).length, day).toBe(planned)
    }
  }
})

test('Chance is the same for the same text, and another for another', () => {
  const drawn = (text: string) => Array.from({ length: 5 }, chanceFrom(text).uuid)
  expect(drawn('a')).toEqual(drawn('a'))
  expect(drawn('a')).not.toEqual(drawn('b'))
  expect(drawn('a')[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('What is dealt holds its proportions exactly', () => {
  const cards = chanceFrom('a').dealt(101, { one: 1, three: 3, never: 0 })
  expect(cards.filter((card) => card === 'three').length).toBe(76)
  expect(cards).toHaveLength(101)
  expect(cards).not.toContain('never')
})

test('Scenes take turns in order of time, and what lies past the end never comes', async () => {
  const agenda = makeAgenda()
  const heard: string[] = []
  const at = (day: string) => dutchInstant(day, 600)
  agenda.enter(at('2026-01-02'), async (until) => {
    heard.push('a')
    await until(at('2026-01-04'))
    heard.push('a again')
    await until(at('2026-02-01'))
    heard.push('never')
  })
  agenda.enter(at('2026-01-03'), async () => {
    heard.push('b')
  })
  await agenda.play(at('2026-01-31'))
  expect(heard).toEqual(['a', 'b', 'a again'])
  expect(dutchToday(agenda.now()).day).toBe('2026-01-04')
})

test('A scene that fails after it waited stops the story', async () => {
  const agenda = makeAgenda()
  agenda.enter(dutchInstant('2026-01-02', 600), async (until) => {
    await until(dutchInstant('2026-01-03', 600))
    throw new Error('the partner is closed')
  })
  await expect(agenda.play(dutchInstant('2026-02-01', 0))).rejects.toThrow('the partner is closed')
})

test('Dutch clocks are an hour ahead of UTC, in summer two', () => {
  expect(dutchInstant('2026-01-05', 9 * 60).toISOString()).toBe('2026-01-05T08:00:00.000Z')
  expect(dutchInstant('2026-07-06', 9 * 60).toISOString()).toBe('2026-07-06T07:00:00.000Z')
})
