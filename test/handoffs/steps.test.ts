// The life of a hand-off against a table written by hand from the design: who may take which step, from where, to where.
import { describe, expect, test } from 'vitest'

import { STATES } from '#app/handoffs/lists.js'
import { completion, isEnded, relationTo, STEPS, type StepName, step } from '#app/handoffs/steps.js'

const ALL = [
  'OFFERED',
  'ACCEPTED',
  'IN_PROGRESS',
  'COMPLETED',
  'DECLINED',
  'RETURNED',
  'FORWARDED',
  'WITHDRAWN',
  'LAPSED',
] as const

/** From each state (row): which steps lead where. What is not listed is not possible. */
const LIFE: Record<(typeof ALL)[number], Partial<Record<string, string>>> = {
  OFFERED: {
    'HANDLER accept': 'ACCEPTED',
    'HANDLER decline': 'DECLINED',
    'HANDLER complete': 'COMPLETED',
    'GUIDE hearAccepted': 'ACCEPTED',
    'GUIDE hearDeclined': 'DECLINED',
    'GUIDE hearCompleted': 'COMPLETED',
    'GUIDE withdraw': 'WITHDRAWN',
    'CODE_HOLDER stop': 'WITHDRAWN',
    'GUIDE forward': 'FORWARDED',
    'COORDINATOR lapse': 'LAPSED',
  },
  ACCEPTED: {
    'HANDLER recordFirstContact': 'IN_PROGRESS',
    'HANDLER complete': 'COMPLETED',
    'HANDLER return': 'RETURNED',
    'GUIDE hearFirstContact': 'IN_PROGRESS',
    'GUIDE hearCompleted': 'COMPLETED',
    'GUIDE hearReturned': 'RETURNED',
    'GUIDE withdraw': 'WITHDRAWN',
    'CODE_HOLDER stop': 'WITHDRAWN',
    'GUIDE forward': 'FORWARDED',
    'COORDINATOR lapse': 'LAPSED',
  },
  IN_PROGRESS: {
    'HANDLER complete': 'COMPLETED',
    'HANDLER return': 'RETURNED',
    'GUIDE hearCompleted': 'COMPLETED',
    'GUIDE hearReturned': 'RETURNED',
    'GUIDE withdraw': 'WITHDRAWN',
    'CODE_HOLDER stop': 'WITHDRAWN',
    'GUIDE forward': 'FORWARDED',
    'COORDINATOR lapse': 'LAPSED',
  },
  // The visitor may still be without help: the desk tries another partner, or the coordinator closes the loop.
  COMPLETED: { 'GUIDE forward': 'FORWARDED', 'COORDINATOR lapse': 'LAPSED' },
  DECLINED: { 'GUIDE forward': 'FORWARDED', 'COORDINATOR lapse': 'LAPSED' },
  RETURNED: { 'GUIDE forward': 'FORWARDED', 'COORDINATOR lapse': 'LAPSED' },
  FORWARDED: {},
  WITHDRAWN: {},
  LAPSED: {},
}

const NAMES = Object.keys(STEPS) as StepName[]

test('the states are those of the design', () => expect(Object.keys(STATES).sort()).toEqual([...ALL].sort()))

test.each(ALL)('from %s lead exactly the steps of the table', (state) => {
  const found = NAMES.filter((name) => step(name).from.includes(state)).map((name) => [`${step(name).by} ${name}`, step(name).to])
  expect(Object.fromEntries(found)).toEqual(LIFE[state])
})

test('forwarded, withdrawn and lapsed are final, and nothing leads back to an earlier state', () => {
  const order = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS']
  for (const name of NAMES)
    for (const from of step(name).from) {
      expect(['FORWARDED', 'WITHDRAWN', 'LAPSED']).not.toContain(from)
      if (order.includes(step(name).to)) expect(order.indexOf(step(name).to)).toBeGreaterThan(order.indexOf(from))
    }
})

test('nothing lapses by itself: it takes a coordinator, who takes no other step', () => {
  expect(NAMES.filter((name) => step(name).to === 'LAPSED' || step(name).by === 'COORDINATOR')).toEqual(['lapse'])
})

test('what the desk heard from a partner is what the partner could have said itself, from the same states', () => {
  const said = {
    hearAccepted: 'accept',
    hearDeclined: 'decline',
    hearFirstContact: 'recordFirstContact',
    hearCompleted: 'complete',
    hearReturned: 'return',
  } as const
  expect(NAMES.filter((name) => name.startsWith('hear')).sort()).toEqual(Object.keys(said).sort())
  for (const [heard, own] of Object.entries(said)) {
    const { from, to } = step(heard as StepName)
    expect([heard, from, to]).toEqual([heard, step(own).from, step(own).to])
    expect([step(heard as StepName).by, step(own).by]).toEqual(['GUIDE', 'HANDLER'])
  }
})

test('only a partner contradicts, and only what the desk may have heard from it', () => {
  const contradicting = NAMES.filter((name) => step(name).contradicts)
  expect(contradicting).toEqual(['accept', 'decline', 'complete'])
  for (const name of contradicting) expect(step(name).by).toBe('HANDLER')
})

describe('How a role stands to a hand-off of its own organisation', () => {
  const table = {
    OFFERED: ['desk', 'offered'],
    ACCEPTED: ['desk', 'accepted'],
    IN_PROGRESS: ['desk', 'accepted'],
    COMPLETED: ['desk-ended', 'ended'],
    DECLINED: ['desk-ended', 'ended'],
    RETURNED: ['desk-ended', 'ended'],
    FORWARDED: ['desk-ended', 'ended'],
    WITHDRAWN: ['desk-ended', 'ended'],
    LAPSED: ['desk-ended', 'ended'],
  } as const

  test.each(ALL)('when it is %s', (state) => {
    const relation = (role: Parameters<typeof relationTo>[0]) => relationTo(role, state)
    expect([relation('GUIDE'), relation('HANDLER')]).toEqual(table[state])
    expect([relation('COORDINATOR'), relation('PRIVACY_OFFICER'), relation('CODE_HOLDER')]).toEqual([
      'coordinates',
      'audits',
      'holds-code',
    ])
    expect(['SIGNATORY', 'NOBODY', 'constructor', undefined].map((role) => relation(role as never))).toEqual([
      'none',
      'none',
      'none',
      'none',
    ])
    expect(isEnded(state)).toBe(table[state][0] === 'desk-ended')
  })
})

describe('the outcome that stands is of the completion that stands', () => {
  const event = (step: string, state: (typeof ALL)[number]) => ({ step, state })
  const heard = event('hearCompleted', 'COMPLETED')
  const done = event('complete', 'COMPLETED')
  test.each([
    ['nobody completed it', [event('offer', 'OFFERED'), event('accept', 'ACCEPTED')], undefined],
    ['the desk heard of it', [heard], heard],
    ['somebody said afterwards how it went', [heard, event('guideVoice', 'COMPLETED')], heard],
    ['something was corrected afterwards', [heard, event('correct', 'COMPLETED')], heard],
    ['the partner then said it itself', [heard, done], done],
    ['the partner said that it was not done', [heard, event('accept', 'ACCEPTED')], undefined],
    ['the desk passed it on', [done, event('forward', 'FORWARDED')], done],
  ] as const)('%s', (_, events, expected) =>
    expect(completion<{ step: string; state: (typeof ALL)[number] }>(events)).toBe(expected),
  )
})
