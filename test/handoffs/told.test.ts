// What a partner is told of the story: nothing of what the visitor corrected or erased, and no gap where it was.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storyFor } from '#app/handoffs/told.js'

const STEPS = ['offer', 'accept', 'correct', 'erase', 'visitorVoice', 'stop', 'call'] as const
const stories = fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }).map((steps) => {
  const lines = steps.map((step, index) => ({
    number: index + 1,
    step,
    state: step === 'stop' ? 'WITHDRAWN' : 'ACCEPTED',
    by: 'VISITOR' as const,
  }))
  return { events: lines.filter(({ step }) => step !== 'call'), calls: lines.filter(({ step }) => step === 'call') }
})
const HIDDEN: readonly string[] = ['correct', 'erase']

test('17: with and without such lines, a partner is told the same', () => {
  fc.assert(
    fc.property(stories, ({ events, calls }) => {
      const told = storyFor('PARTNER', events, calls)
      const rest = [...events, ...calls].filter(({ step }) => !HIDDEN.includes(step)).sort((a, b) => a.number - b.number)
      const never = rest.map((line, index) => ({ ...line, number: index + 1 }))
      expect(told).toEqual(
        storyFor(
          'PARTNER',
          never.filter(({ step }) => step !== 'call'),
          never.filter(({ step }) => step === 'call'),
        ),
      )
      expect([...told.events, ...told.warmCalls].map(({ number }) => number).sort((a, b) => a - b)).toEqual(
        never.map(({ number }) => number),
      )
      for (const event of told.events) expect([...HIDDEN, 'stop']).not.toContain(event.step)
      for (const event of told.events)
        if (event.state === 'WITHDRAWN') expect([event.step, event.by]).toEqual(['withdraw', 'WERKCENTRUM'])
    }),
  )
})

test('every other side is told the whole of it', () => {
  fc.assert(
    fc.property(stories, fc.constantFrom('WERKCENTRUM', 'VISITOR', 'NONE'), ({ events, calls }, side) => {
      expect(storyFor(side, events, calls)).toEqual({ events, warmCalls: calls })
    }),
  )
})
