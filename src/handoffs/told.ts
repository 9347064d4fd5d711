// What a partner is told of the end and the story of a hand-off: nothing that says what the visitor shared, or who took it back. Pure.
import type { Role } from '../decide/decide.js'
import type { State } from './lists.js'
import type { Side } from './steps.js'

type Asker = Readonly<{ side: string; role: Role | 'NOBODY' }>

/** The one reason that a partner hears of a hand-off that was taken back, and its privacy officer alone. */
export const MISTAKE = 'SENT_TO_WRONG_PARTNER'

/**
 * No partner learns that another partner's hand-off exists (invariant 10), nor why the visitor or the desk took it back: to a partner,
 * forwarded and withdrawn are one.
 */
export function endFor<T extends { state: State; reason: string | null }>({ side, role }: Asker, told: T): T {
  if (side !== 'PARTNER' || (told.state !== 'FORWARDED' && told.state !== 'WITHDRAWN')) return told
  return { ...told, state: 'WITHDRAWN', reason: role === 'PRIVACY_OFFICER' && told.reason === MISTAKE ? MISTAKE : null }
}

/** They would tell that there was something to correct or to erase, which a partner that sees nothing must not know (invariant 17). */
const TELLS_OF_CONTEXT: ReadonlySet<string> = new Set(['correct', 'erase'])

type Line = { number: number }
type Event = Line & { step: string; state: State; reason: string | null; by: Side }

/**
 * To a partner, lines about context are not there, and the others are numbered as if they never were; whether visitor or desk took it
 * back is not said either. Every other side hears the whole story.
 */
export function storyFor<E extends Event, C extends Line>(
  asker: Asker,
  events: readonly E[],
  warmCalls: readonly C[],
): { events: E[]; warmCalls: C[] } {
  if (asker.side !== 'PARTNER') return { events: [...events], warmCalls: [...warmCalls] }
  const told = events
    .filter(({ step }) => !TELLS_OF_CONTEXT.has(step))
    .map((event) => endFor(asker, event))
    .map((event) => (event.state === 'WITHDRAWN' ? { ...event, step: 'withdraw', by: 'WERKCENTRUM' as const } : event))
  // Events and calls share one numbering without gaps.
  const numbers = [...told, ...warmCalls].map(({ number }) => number).sort((a, b) => a - b)
  const renumbered = <T extends Line>(line: T): T => ({ ...line, number: numbers.indexOf(line.number) + 1 })
  return { events: told.map(renumbered), warmCalls: warmCalls.map(renumbered) }
}
