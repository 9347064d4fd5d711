// What policies/actions.yaml says of what comes in with an operation, and of what its answer tells by itself. Pure.
import { type Purpose, ROLES, type Role } from './decide.js'
import type { Action, Asked, Policies } from './policy-files.js'

/** Who may run an operation, and for which purpose; whoever presents a code does so for the rights of its holder. */
export function runnersOf({ anyone, purposes = {} }: Action): [Role, Purpose][] {
  if (anyone === 'RIGHTS') return [['CODE_HOLDER', 'RIGHTS']]
  if (anyone) return ROLES.map((role) => [role, anyone])
  return Object.entries(purposes) as [Role, Purpose][]
}

/** Is an argument compared with a field ('HandOff.state'), and not just taken in? */
export const isCompared = (word: string): boolean => word.includes('.')

/** Input types in input types, at most. */
const DEEPEST = 10

/** What comes in with an operation, each at its path ('input.consent.categories'), input types taken apart. */
export const incoming = (
  { inputs }: Pick<Policies, 'inputs'>,
  asked: Asked = {},
  above: readonly string[] = [],
): [path: string, word: string][] =>
  Object.entries(asked).flatMap(([name, word]) => {
    const path = [...above, name]
    const inner = path.length < DEEPEST ? inputs.get(word) : undefined
    return inner ? incoming({ inputs }, inner, path) : [[path.join('.'), word]]
  })

/** A field of which the answer tells something by itself: because of an argument, by what is in it at all, or by its order. */
export type Telling = Readonly<{ how: 'argument' | 'only' | 'order'; path: string; place: string }>

export const tellingFields = (policies: Pick<Policies, 'inputs'>, action: Action): Telling[] => [
  ...incoming(policies, action.arguments)
    .filter(([, word]) => isCompared(word))
    .map(([path, place]) => ({ how: 'argument' as const, path, place })),
  ...(action.only ?? []).map((place) => ({ how: 'only' as const, path: '', place })),
  ...(action.order ?? []).map((place) => ({ how: 'order' as const, path: '', place })),
]
