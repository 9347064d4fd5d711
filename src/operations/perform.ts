// One root operation, from capacity to committed record: the only way to the domain (design 4). No log line, no answer.

import { type Accessed, writeRecord } from '../access-log/record.js'
import { asCapacity, type Sql } from '../database/door.js'
import { CATEGORIES, type Role } from '../decide/decide.js'
import { purposeFor } from '../decide/policy-files.js'
import { type Eyes, type Facts, type Sight, see } from '../decide/seen.js'
import { notFound, Refusal } from '../errors.js'
import { type DayPart, dutchToday } from '../handoffs/calendar.js'
import type { Capacity } from '../identity/capacity.js'
import type { World } from '../world.js'

/** The fields that a question asks for, per type of the schema. */
export type Asked = ReadonlyMap<string, ReadonlySet<string>>

/** A root operation in progress: who acts, when, what for; and the transaction it happens in. */
export type Act = Eyes & {
  readonly world: World
  readonly sql: Sql
  readonly capacity: Capacity
  readonly operation: string
  readonly at: Date
  readonly today: string
  readonly dayPart: DayPart
  readonly accessed: Accessed[]
}

type Options = {
  /** Keyed hashes of a follow-up code that was shown to the desk. */
  codeHashes?: readonly string[]
}

/**
 * Runs a domain function as the capacity that asks, for the purpose that policies/actions.yaml fixes, in one transaction that ends with
 * the access record.
 * @throws Refusal UNAUTHENTICATED or FORBIDDEN when this capacity may not run the operation; whatever `work` throws, with nothing left behind.
 */
export async function perform<T>(
  world: World,
  capacity: Capacity,
  operation: string,
  work: (act: Act) => Promise<T>,
  { codeHashes = capacity.role === 'CODE_HOLDER' ? capacity.codeHashes : [] }: Options = {},
): Promise<T> {
  const action = world.policies.actions.get(operation)
  const purpose = purposeFor(action, capacity.role)
  if (!action || !purpose) throw notAllowed(capacity)
  const at = world.now()
  const { day: today, dayPart } = dutchToday(at)
  return asCapacity(
    world.database,
    capacity,
    { today, purpose, policyHash: world.policies.hash, codeHashes, kind: action.kind, keys: world.keys },
    async (sql) => {
      const act: Act = {
        world,
        sql,
        capacity,
        operation,
        at,
        today,
        dayPart,
        accessed: [],
        purpose,
        // Nobody decides nothing: with an unknown role every question is closed.
        role: capacity.role as Role,
        decide: world.decide,
        fields: world.policies.fields,
      }
      const result = await work(act)
      await writeRecord(act)
      return result
    },
  )
}

export const notAllowed = (capacity: Capacity) =>
  capacity.role === 'NOBODY'
    ? new Refusal('UNAUTHENTICATED', 'Sign in to do this.')
    : new Refusal('FORBIDDEN', 'Your capacity may not do this.')

/** Decides about an object and notes it for the access record; undefined when it is out of sight, which is noted too. */
export function look<T extends object>(
  act: Act,
  typeName: string,
  facts: Facts,
  log: Omit<Accessed, 'type' | 'relation' | 'sight' | 'writtenByOthers'>,
  object: T,
): T | undefined {
  const found = see(act, typeName, facts, object)
  if (!found) return undefined
  act.accessed.push({
    ...log,
    type: typeName,
    relation: facts.relation,
    writtenByOthers: CATEGORIES.filter((category) => !facts.ownSide(category)),
    sight: found.sight as Sight,
  })
  return found.seen
}

/** @throws Refusal NOT_FOUND for a capacity without an organisation. */
export function organisationOf(act: Act): string {
  if (!('organisationId' in act.capacity)) throw notFound()
  return act.capacity.organisationId
}
