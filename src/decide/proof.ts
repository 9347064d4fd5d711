// What a proof over the schema stands on: its places, who comes to them, and what each role can see there.
import type { GraphQLSchema } from 'graphql'
import { runnersOf } from './asked-with.js'
import { type Category, type Decide, decider, PARTNER_KINDS, type Purpose, RELATIONS_OF, type Role } from './decide.js'
import { type Place, placesOf } from './places.js'
import type { Policies } from './policy-files.js'
import { LOCK_STATES } from './witness.js'

export type Proof = Readonly<{
  /** What was counted, how many, and of which kinds. */
  counts: readonly (readonly [what: string, count: number, kinds?: string])[]
  /** Everything that is not so; empty: proven. */
  gaps: readonly string[]
}>

export type Ground = Readonly<{
  schema: GraphQLSchema
  policies: Policies
  places: readonly Place[]
  /** Who may run an operation, and for which purpose. */
  runners: (operation: string) => [Role, Purpose][]
  /** Does some operation that this role may run lead to this type? */
  comesTo: (role: Role, type: string) => boolean
  sights: Sights
}>

/** What a role sees for a purpose. Each is found out once: many operations ask the same. */
type Sights = Readonly<{
  /** Is this category ever open? */
  isEver: (role: Role, purpose: Purpose, category: Category) => boolean
  /** Where it can be known that there is something and this category of it is closed; undefined: nowhere. */
  closedWhereKnown: (role: Role, purpose: Purpose, category: Category) => string | undefined
}>

function sightsBy(decide: Decide): Sights {
  const once = <T>(find: (role: Role, purpose: Purpose, category: Category) => T) => {
    const known = new Map<string, T>()
    return (role: Role, purpose: Purpose, category: Category): T => {
      const key = `${role} ${purpose} ${category}`
      if (!known.has(key)) known.set(key, find(role, purpose, category))
      return known.get(key) as T
    }
  }
  return {
    isEver: once((role, purpose, category) => find(role, purpose, (ask) => ask(category)) !== undefined),
    closedWhereKnown: once((role, purpose, category) => {
      const found = find(role, purpose, (ask) => ask('reference') && !ask(category))
      return found && `${found.relation}, ${purpose}, ${found.partnerKind}`
    }),
  }

  /** The first question, of any category, of which this holds. */
  function find(role: Role, purpose: Purpose, holds: (ask: (category: Category) => boolean) => boolean) {
    for (const relation of RELATIONS_OF[role])
      for (const partnerKind of PARTNER_KINDS)
        for (const locks of LOCK_STATES) {
          const question = { role, relation, purpose, partnerKind, category: 'reference' as Category, ...locks }
          const ask = (category: Category) => {
            question.category = category
            return decide(question).allowed
          }
          if (holds(ask)) return question
        }
    return undefined
  }
}

export function groundOf(schema: GraphQLSchema, policies: Policies): Ground {
  const places = placesOf(schema, policies)
  const runners = (operation: string) => runnersOf(policies.actions.get(operation)!)
  const reached = new Set(places.flatMap(({ operation, type }) => runners(operation).map(([role]) => `${role} ${type}`)))
  const comesTo = (role: Role, type: string) => reached.has(`${role} ${type}`)
  return { schema, policies, places, runners, comesTo, sights: sightsBy(decider(policies.sharing)) }
}

export const count = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length
export const kinds = (...parts: readonly (readonly [number, string])[]) =>
  parts.map(([number, what]) => `${number} ${what}`).join(', ')
