// A world that two readings answer differently, made as small as it can be while they still do, and told so that a person can read it.
import { type Asker, type Category, dayInAmsterdam, type Event, type Purpose, type Story } from './naive.js'
import { Impossible, standsAt } from './product.js'
import { midnight } from './stories.js'

export type World = { asker: Asker; story: Story; purpose: Purpose; category: Category; now: number }

/** Drops events, moves instants to plain ones and shortens lists, as long as `differs` stays true. */
export async function smallest(world: World, differs: (world: World) => boolean | Promise<boolean>): Promise<World> {
  for (const smaller of smallerThan(world)) {
    if (isPossible(smaller) && (await differs(smaller))) return smallest(smaller, differs)
  }
  return world
}

function isPossible({ story }: World): boolean {
  try {
    standsAt(story, Number.POSITIVE_INFINITY)
    return story.happened.some(({ what }) => what === 'offered')
  } catch (fault) {
    if (fault instanceof Impossible) return false
    throw fault
  }
}

const NOON = 43_200_000
const noonOf = (at: number) => midnight(dayInAmsterdam(at)) + NOON

function* smallerThan(world: World): Generator<World> {
  const { story, now } = world
  const { happened } = story
  const telling = (events: Event[]): World => ({
    ...world,
    story: { ...story, happened: [...events].sort((a, b) => a.at - b.at) },
  })
  for (const version of [3, 2, 1]) {
    const rest = happened.filter((event) => !('version' in event && event.version === version))
    if (rest.length < happened.length) yield telling(rest)
  }
  for (const event of happened) yield telling(happened.filter((other) => other !== event))
  if (story.partnerKind !== 'UWV') yield { ...world, story: { ...story, partnerKind: 'UWV' } }
  if (now !== noonOf(now)) yield { ...world, now: noonOf(now) }
  for (const event of happened) {
    const changed = (change: object) =>
      telling(happened.map((other) => (other === event ? ({ ...event, ...change } as Event) : other)))
    if (event.at !== noonOf(event.at)) yield changed({ at: noonOf(event.at) })
    for (const [name, list] of Object.entries(event))
      if (Array.isArray(list)) for (const item of list) yield changed({ [name]: list.filter((other) => other !== item) })
  }
}

/** As a short story: who, what, which events on which days, asked when and by whom, what came later, and what each reading answers. */
export function told(world: World, answers: Record<string, boolean>): string {
  const { asker, story, purpose, category, now } = world
  const names = new Map([
    [story.werkcentrum, 'the werkcentrum'],
    [story.partner, `the partner (${story.partnerKind})`],
    [story.code, 'the visitor'],
  ])
  const nameOf = (id: string) => names.get(id) ?? 'somebody else'
  const asked = `A ${asker.role} of ${nameOf(asker.of)} asks for ${category}, for ${purpose}.`
  const said = Object.entries(answers).map(([reading, isOpen]) => `${reading}: ${isOpen ? 'open' : 'closed'}`)
  const lines = (events: readonly Event[]) => events.map((event) => `  ${clock(event.at)}  ${sentence(event, nameOf)}`)
  return [
    ...lines(story.happened.filter(({ at }) => at <= now)),
    `  ${clock(now)}  ${asked}`,
    ...lines(story.happened.filter(({ at }) => at > now)),
    `  ${said.join('; ')}.`,
  ].join('\n')
}

/** On the clock of Amsterdam, and the instant behind it. */
const clock = (at: number) =>
  `${new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Amsterdam' })} (${new Date(at).toISOString()})`

function sentence(event: Event, nameOf: (id: string) => string): string {
  const list = (names: readonly string[]) => names.join(', ') || 'nothing'
  switch (event.what) {
    case 'offered':
      return 'the werkcentrum offers the hand-off to the partner'
    case 'agreed':
      return `the visitor agrees, for ${nameOf(event.to)}, to ${list(event.categories)} (explicitly: ${list(event.explicitly)}) for ${list(event.purposes)}, up to and including ${event.lastDay}${event.representative ? ', a representative beside them' : ''}`
    case 'narrowed':
      return `the visitor keeps ${list(event.keep)}${event.lastDay ? ` and no longer than ${event.lastDay}` : ''}`
    case 'drafted':
      return `version ${event.version} of the agreement is drafted: ${list(event.categories)} for ${list(event.purposes)}, from ${event.firstDay} up to and including ${event.lastDay}`
    case 'signed':
    case 'suspended':
    case 'ended':
      return `version ${event.version} is ${event.what} by ${nameOf(event.by)}`
    case 'wrote':
      return `${nameOf(event.by)} writes ${event.category}`
    case 'took back':
    case 'had erased':
    case 'turned out below sixteen':
      return `the visitor ${event.what}${event.what === 'turned out below sixteen' ? '' : ' what was agreed'}`
    default:
      return `${event.what}, says ${nameOf(event.by)}`
  }
}
