// What a partner is told of the story of a hand-off: nothing that says what the visitor shared, or who took it back. Pure.
import type { Side } from './steps.js'

/** They would tell that there was something to correct or to erase, which a partner that sees nothing must not know (invariant 17). */
const TELLS_OF_CONTEXT: ReadonlySet<string> = new Set(['correct', 'erase'])

type Line = { number: number }
type Event = Line & { step: string; state: string; by: Side }

/**
 * To a partner, lines about context are not there, and the others are numbered as if they never were; whether visitor or desk took it
 * back is not said either. Every other side hears the whole story.
 */
export function storyFor<E extends Event, C extends Line>(
  side: string,
  events: readonly E[],
  warmCalls: readonly C[],
): { events: E[]; warmCalls: C[] } {
  if (side !== 'PARTNER') return { events: [...events], warmCalls: [...warmCalls] }
  const told = events
    .filter(({ step }) => !TELLS_OF_CONTEXT.has(step))
    .map((event) => (event.state === 'WITHDRAWN' ? { ...event, step: 'withdraw', by: 'WERKCENTRUM' as const } : event))
  // Events and calls share one numbering without gaps.
  const numbers = [...told, ...warmCalls].map(({ number }) => number).sort((a, b) => a - b)
  const renumbered = <T extends Line>(line: T): T => ({ ...line, number: numbers.indexOf(line.number) + 1 })
  return { events: told.map(renumbered), warmCalls: warmCalls.map(renumbered) }
}
