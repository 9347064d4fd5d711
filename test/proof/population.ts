// A few thousand stories that can stand in one database: some werkcentra, a partner of each kind, and everybody who might look.
import { PARTNER_KINDS } from '#app/decide/decide.js'
import type { Event } from './naive.js'
import type { Population } from './rows.js'
import {
  agreementsBetween,
  type Chance,
  contactId,
  dayAfter,
  handOffId,
  midnight,
  partnerId,
  storyOf,
  werkcentrumId,
} from './stories.js'
import type { Capacity } from './wall.js'

/** Kinds whose rules differ are there more than once. */
const KINDS = [...PARTNER_KINDS, 'UWV', 'GEMEENTE']

export function populate(chance: Chance, anchor: string, desks: number, handOffs: number): Population {
  const werkcentra = Array.from({ length: desks }, (_, n) => werkcentrumId(n + 1))
  const partners = KINDS.map((kind, n) => ({ id: partnerId(n + 1), kind }))
  const agreed = new Map<string, Event[]>()
  const between = (werkcentrum: string, partner: string) => {
    const pair = `${werkcentrum} ${partner}`
    const events = agreed.get(pair) ?? agreementsBetween(chance, anchor, werkcentrum, partner)
    agreed.set(pair, events)
    return events
  }
  const stories = Array.from({ length: handOffs }, (_, n) => {
    const werkcentrum = chance.pick(werkcentra)
    const { id: partner, kind: partnerKind } = chance.pick(partners)
    const id = handOffId(n + 1)
    // A code that followed its question to another partner is the code of two.
    const code = chance.in(0.05) ? handOffId(Math.max(1, n)) : id
    return { ...storyOf(chance, anchor, { werkcentrum, partner, partnerKind, code }, between(werkcentrum, partner)), id }
  })
  const contacts = Array.from({ length: Math.ceil(handOffs / 10) }, (_, n) => ({
    id: contactId(n + 1),
    werkcentrum: chance.pick(werkcentra),
    at: midnight(dayAfter(anchor, chance.below(7) - 3)) + chance.pick([-1, 0, 0, 1, 43_200_000]),
  }))
  return { werkcentra, partners, stories, contacts }
}

/** Everybody of every organisation; visitors come in two crowds, each with the codes of half of them. */
export function everybody({ werkcentra, partners, stories }: Population): Capacity[] {
  const codes = stories.map(({ code }) => code)
  const crowd = (part: number): Capacity => ({
    databaseRole: 'wo_visitor',
    role: 'CODE_HOLDER',
    of: 'another code',
    codes: codes.filter((_, place) => place % 2 === part),
  })
  return [
    ...werkcentra.flatMap((of): Capacity[] => [
      { databaseRole: 'wo_guide', role: 'GUIDE', of, codes: [] },
      { databaseRole: 'wo_coordinator', role: 'COORDINATOR', of, codes: [] },
      { databaseRole: 'wo_officer_werkcentrum', role: 'PRIVACY_OFFICER', of, codes: [] },
      { databaseRole: 'wo_signatory_werkcentrum', role: 'SIGNATORY', of, codes: [] },
    ]),
    ...partners.flatMap(({ id: of }): Capacity[] => [
      { databaseRole: 'wo_handler', role: 'HANDLER', of, codes: [] },
      { databaseRole: 'wo_officer_partner', role: 'PRIVACY_OFFICER', of, codes: [] },
      { databaseRole: 'wo_signatory_partner', role: 'SIGNATORY', of, codes: [] },
    ]),
    crowd(0),
    crowd(1),
  ]
}

/** In order: each day around the anchor at its first instant, its last, or somewhere in it. */
export function momentsAround(chance: Chance, anchor: string, days: number): number[] {
  return Array.from(
    { length: days },
    (_, n) => midnight(dayAfter(anchor, n - Math.floor(days / 2))) + chance.pick([-1, 0, 0, 1, 3_600_000, 7_200_000]),
  ).sort((a, b) => a - b)
}
