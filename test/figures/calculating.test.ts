// Calculating takes seconds, so it has a thread of its own.
import { expect, test } from 'vitest'
import { figuresOf } from '#app/figures/calculate.js'
import { startCalculating } from '#app/figures/calculating.js'
import type { Year } from '#app/figures/lay-out.js'
import { FIGURES } from '#app/figures/policy.js'
import { loadSolver } from '#app/figures/solve.js'

const YEAR: Year = {
  year: 2025,
  last: 1,
  counted: [
    { quarter: 1, component: 'visitors', key: 'JOB_SEEKER WALK_IN', count: 40 },
    { quarter: 1, component: 'visitors', key: 'WORKER PHONE', count: 4 },
    ...(['work', 'benefit', 'education', 'languageHelp'] as const).map(
      (component) => ({ quarter: 1, component, key: 'UNKNOWN', count: 44 }) as const,
    ),
    { quarter: 1, component: 'journeys', key: 'NONE UNKNOWN', count: 44 },
    { quarter: 1, component: 'result', key: 'ANSWERED', count: 44 },
    { quarter: 1, component: 'origin', key: 'UNKNOWN UNKNOWN', count: 44 },
    { quarter: 1, component: 'offered', key: 'UWV 00000000-0000-4000-8000-000000000001', count: 30 },
    { quarter: 1, component: 'answered', key: 'UWV ACCEPTED', count: 22 },
    { quarter: 1, component: 'answered', key: 'UWV NO_CAPACITY', count: 3 },
    { quarter: 1, component: 'answerTime', key: 'WITHIN_TERM', count: 25 },
  ],
  before: [],
  municipalities: ['GM0307'],
  published: [],
}

test('it comes to the same there, and requests go on meanwhile', async () => {
  const thread = startCalculating()
  let turns = 0
  let isOver = false
  const turn = () => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const published = await thread.calculate(YEAR)
  isOver = true
  await thread.stop()
  expect(turns).toBeGreaterThan(100)
  expect(published).toEqual(figuresOf(YEAR, { figures: FIGURES, solve: await loadSolver() }))
})

test('a thread that ends leaves nobody waiting', async () => {
  const thread = startCalculating()
  const asked = thread.calculate(YEAR)
  await thread.stop()
  await expect(asked).rejects.toThrow('the thread that calculates ended')
})
