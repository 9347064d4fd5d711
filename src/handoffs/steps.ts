// The life of a hand-off: which step leads where, who may take it, and how each role stands to it (design 5). Pure.
import type { Relation, Role } from '../decide/decide.js'
import type { State } from './lists.js'

/** The two sides that can move a hand-off on their own authority; a coordinator is of the werkcentrum. */
export type Side = 'WERKCENTRUM' | 'PARTNER' | 'VISITOR'

type Step = Readonly<{
  by: Role
  from: readonly State[]
  to: State
  /** A partner may also take it from a state that the desk only heard about (it may contradict). */
  contradicts?: true
  /** Only while the desk still has work with it: what was confirmed as done stays done. */
  openLoop?: true
}>

const OPEN = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS'] as const satisfies State[]

export const STEPS = {
  accept: { by: 'HANDLER', from: ['OFFERED'], to: 'ACCEPTED', contradicts: true },
  decline: { by: 'HANDLER', from: ['OFFERED'], to: 'DECLINED', contradicts: true },
  recordFirstContact: { by: 'HANDLER', from: ['ACCEPTED'], to: 'IN_PROGRESS' },
  complete: { by: 'HANDLER', from: OPEN, to: 'COMPLETED', contradicts: true },
  return: { by: 'HANDLER', from: ['ACCEPTED', 'IN_PROGRESS'], to: 'RETURNED' },
  // What a partner that never signs in told the desk.
  hearAccepted: { by: 'GUIDE', from: ['OFFERED'], to: 'ACCEPTED' },
  hearDeclined: { by: 'GUIDE', from: ['OFFERED'], to: 'DECLINED' },
  hearFirstContact: { by: 'GUIDE', from: ['ACCEPTED'], to: 'IN_PROGRESS' },
  hearCompleted: { by: 'GUIDE', from: OPEN, to: 'COMPLETED' },
  hearReturned: { by: 'GUIDE', from: ['ACCEPTED', 'IN_PROGRESS'], to: 'RETURNED' },
  withdraw: { by: 'GUIDE', from: OPEN, to: 'WITHDRAWN' },
  // The visitor, with the code and nothing else.
  stop: { by: 'CODE_HOLDER', from: OPEN, to: 'WITHDRAWN' },
  forward: { by: 'GUIDE', from: [...OPEN, 'DECLINED', 'RETURNED', 'COMPLETED'], to: 'FORWARDED', openLoop: true },
  lapse: { by: 'COORDINATOR', from: [...OPEN, 'DECLINED', 'RETURNED', 'COMPLETED'], to: 'LAPSED', openLoop: true },
} as const satisfies Record<string, Step>

export type StepName = keyof typeof STEPS

export const step = (name: StepName): Step => STEPS[name]

export const isEnded = (state: State): boolean => !(OPEN as readonly State[]).includes(state)

/** Where the desk, the visitor or a coordinator takes a hand-off: the partner's last word stays what it was. */
const AFTERWARDS: ReadonlySet<State> = new Set(['FORWARDED', 'WITHDRAWN', 'LAPSED'])

/**
 * The step that wrote the outcome that stands. None: there is no outcome, or the partner has since contradicted that it was done; then what
 * the desk heard no longer counts. What is said afterwards (a voice, a correction) writes no outcome.
 */
export function completion<E extends Readonly<{ step: string; state: State }>>(events: readonly E[]): E | undefined {
  if (events.findLast(({ state }) => !AFTERWARDS.has(state))?.state !== 'COMPLETED') return undefined
  return events.findLast(({ step }) => step === 'complete' || step === 'hearCompleted')
}

/** How a role stands to a hand-off of its own organisation; of another organisation it is always `none`. */
export function relationTo(role: Role, state: State): Relation {
  switch (role) {
    case 'GUIDE':
      return isEnded(state) ? 'desk-ended' : 'desk'
    case 'HANDLER':
      if (state === 'OFFERED') return 'offered'
      return isEnded(state) ? 'ended' : 'accepted'
    case 'COORDINATOR':
      return 'coordinates'
    case 'PRIVACY_OFFICER':
      return 'audits'
    case 'CODE_HOLDER':
      return 'holds-code'
    default:
      return 'none'
  }
}
