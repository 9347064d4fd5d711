// One life: who is in it, where the clock stands, and what happened, as the story that is read naively.
import type { Capacity } from '#app/identity/capacity.js'
import type { World } from '#app/world.js'
import type { Event, Role, Story } from './naive.js'
import type { Chance } from './stories.js'

export type Place = {
  werkcentrum: string
  desk: string
  partner: string
  partnerKind: string
  reserve: string
  reserveKind: string
}

/** A hand-off that is there, and the secret of its visitor. */
export type Living = Story & { id: string; followUpCode: string }

export type Life = {
  world: World
  clock: { now: number }
  chance: Chance
  place: Place
  /** The first, and the one that it was forwarded as. */
  stories: Living[]
  /** Ids of the versions of the agreement, and what happened to them. */
  versions: Map<number, string>
  agreed: Event[]
}

export const capacity = (role: Role, side: 'WERKCENTRUM' | 'PARTNER', organisationId: string): Capacity =>
  ({ role, side, organisationId, subject: `${role} of ${organisationId}` }) as Capacity
export const guide = ({ place }: Life) => capacity('GUIDE', 'WERKCENTRUM', place.werkcentrum)
export const handler = ({ partner }: Story) => capacity('HANDLER', 'PARTNER', partner)

/** The one that is going on. */
export const current = ({ stories }: Life): Living => stories.at(-1)!

/** Happened between the two organisations, so in the story of the first hand-off. */
export function happenedBetween({ agreed, stories }: Life, event: Event): void {
  agreed.push(event)
  stories[0]?.happened.push(event)
}
