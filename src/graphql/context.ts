// What travels with one request: who asks, and what had to be withheld. One per HTTP request; the capacity in it is frozen.
import type { Withheld } from '../decide/seen.js'
import type { Capacity } from '../identity/capacity.js'
import type { World } from '../world.js'

export type WithheldAt = Withheld & { path: readonly (string | number)[] }

export type Context = {
  readonly world: World
  readonly capacity: Capacity
  readonly requestId: string
  /** The network that the question came from, to count attempts at codes by; never logged, kept as a keyed hash alone. */
  readonly network: string
  /** Filled by shield on the way out; becomes extensions.withheld. */
  readonly withheld: WithheldAt[]
}
