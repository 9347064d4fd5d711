// What a partner is told of the story: nothing of what the visitor corrected or erased, and no gap where it was.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endFor, MISTAKE, storyFor } from '#app/handoffs/told.js'

const STEPS = ['offer', 'accept', 'correct', 'erase', 'visitorVoice', 'stop', 'forward', 'call'] as const
const STATES = { stop: 'WITHDRAWN', forward: 'FORWARDED' } as const
const PARTNER = { side: 'PARTNER', role: 'HANDLER' } as const
const stories = fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }).map((steps) => {
  const lines = steps.map((step, index) => ({
    number: index + 1,
    step,
    state: step === 'stop' || step === 'forward' ? STATES[step] : ('ACCEPTED' as const),
    reason: step === 'stop' ? 'VISITOR_ASKED' : null,
    by: 'VISITOR' as const,
  }))
  return { events: lines.filter(({ step }) => step !== 'call'), calls: lines.filter(({ step }) => step === 'call') }
})
const HIDDEN: readonly string[] = ['correct', 'erase']

test('17: with and without such lines, a partner is told the same', () => {
  fc.assert(
    fc.property(stories, ({ events, calls }) => {
      const told = storyFor(PARTNER, events, calls)
      const rest = [...events, ...calls].filter(({ step }) => !HIDDEN.includes(step)).sort((a, b) => a.number - b.number)
      const never = rest.map((line, index) => ({ ...line, number: index + 1 }))
      expect(told).toEqual(
        storyFor(
          PARTNER,
          never.filter(({ step }) => step !== 'call'),
          never.filter(({ step }) => step === 'call'),
        ),
      )
      expect([...told.events, ...told.warmCalls].map(({ number }) => number).sort((a, b) => a - b)).toEqual(
        never.map(({ number }) => number),
      )
      for (const event of told.events) expect([...HIDDEN, 'stop', 'forward']).not.toContain(event.step)
      for (const event of told.events) expect(['ACCEPTED null', 'WITHDRAWN null']).toContain(`${event.state} ${event.reason}`)
      for (const event of told.events)
        if (event.state === 'WITHDRAWN') expect([event.step, event.by]).toEqual(['withdraw', 'WERKCENTRUM'])
    }),
  )
})

test('every other side is told the whole of it', () => {
  fc.assert(
    fc.property(stories, fc.constantFrom('WERKCENTRUM', 'VISITOR', 'NONE'), ({ events, calls }, side) => {
      expect(storyFor({ side, role: 'GUIDE' }, events, calls)).toEqual({ events, warmCalls: calls })
    }),
  )
})

test('10: a partner hears no reason for what was taken back; its officer hears of a mistake, and of that alone', () => {
  const end = (state: 'WITHDRAWN' | 'FORWARDED' | 'DECLINED', reason: string | null) => ({ state, reason })
  const officer = { side: 'PARTNER', role: 'PRIVACY_OFFICER' } as const
  expect(endFor(PARTNER, end('FORWARDED', 'OTHER'))).toEqual(end('WITHDRAWN', null))
  expect(endFor(PARTNER, end('WITHDRAWN', MISTAKE))).toEqual(end('WITHDRAWN', null))
  expect(endFor(officer, end('WITHDRAWN', MISTAKE))).toEqual(end('WITHDRAWN', MISTAKE))
  expect(endFor(officer, end('WITHDRAWN', 'VISITOR_ASKED'))).toEqual(end('WITHDRAWN', null))
  expect(endFor(PARTNER, end('DECLINED', 'FULL'))).toEqual(end('DECLINED', 'FULL'))
})
