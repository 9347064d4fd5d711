// One root operation, from capacity to committed record: the only way to the domain (design 4). No log line, no answer, also when it is no.

import { type Accessed, type RecordNotes, writeRecord } from '../access-log/record.js'
import { asCapacity, type Moment, type Sql } from '../database/door.js'
import { CATEGORIES, type Purpose, type Role } from '../decide/decide.js'
import { purposeFor } from '../decide/policy-files.js'
import { type Eyes, type Facts, type Sight, see } from '../decide/seen.js'
import { notFound, RECORDED_REFUSALS, type RecordedRefusal, Refusal } from '../errors.js'
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
  readonly notes: RecordNotes
}

type Options = {
  /** Keyed hashes of a follow-up code that was shown to the desk. */
  codeHashes?: readonly string[]
}

/**
 * Runs a domain function as the capacity that asks, for the purpose that policies/actions.yaml fixes, in one transaction that ends with
 * the access record. What is refused leaves nothing behind but the record that says so, in a transaction of its own.
 * @throws Refusal UNAUTHENTICATED or FORBIDDEN when this capacity may not run the operation; whatever `work` throws.
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
  if (!action || !purpose) throw await notAllowed(world, capacity, operation)
  const at = world.now()
  const { day: today, dayPart } = dutchToday(at)
  const moment: Moment = { today, purpose, policyHash: world.policies.hash, codeHashes, kind: action.kind, keys: world.keys }
  let begun: Act | undefined
  try {
    return await asCapacity(world.database, capacity, moment, async (sql) => {
      const act: Act = {
        world,
        sql,
        capacity,
        operation,
        at,
        today,
        dayPart,
        accessed: [],
        notes: { confidential: false, alsoFor: [] },
        purpose,
        // Nobody decides nothing: with an unknown role every question is closed.
        role: capacity.role as Role,
        decide: world.decide,
        fields: world.policies.fields,
      }
      begun = act
      const result = await work(act)
      await writeRecord(act)
      return result
    })
  } catch (fault) {
    const act = begun
    const refusal = recorded(fault)
    // Who presents a code is somebody once the code was right; before that it was a guess, and those are counted elsewhere.
    const isSomebody =
      'organisationId' in capacity || (capacity.role === 'CODE_HOLDER' && act !== undefined && act.accessed.length > 0)
    if (act && refusal && isSomebody)
      await asCapacity(world.database, capacity, { ...moment, kind: 'mutation' }, (sql) => writeRecord({ ...act, sql }, refusal))
    throw fault
  }
}

function recorded(fault: unknown): RecordedRefusal | undefined {
  const code = fault instanceof Refusal ? fault.extensions.code : undefined
  return RECORDED_REFUSALS.find((known) => known === code)
}

/**
 * What a capacity hears that may not run an operation, once the log has it. There is no purpose that it could have run it for, so the record has
 * none. Nobody is not in the log: who is not signed in could fill it.
 */
export async function notAllowed(world: World, capacity: Capacity, operation: string): Promise<Refusal> {
  if (capacity.role === 'NOBODY') return new Refusal('UNAUTHENTICATED', 'Sign in to do this.')
  await recordUnbegun(world, capacity, operation, null, 'FORBIDDEN')
  return new Refusal('FORBIDDEN', 'Your capacity may not do this.')
}

/** The record of what was refused before it began, because of what the guard found in what was typed. */
export const recordRefusedText = (
  world: World,
  capacity: Capacity,
  operation: string,
  refusedKinds: readonly string[],
): Promise<void> => {
  const purpose = purposeFor(world.policies.actions.get(operation), capacity.role) ?? null
  return recordUnbegun(world, capacity, operation, purpose, 'TEXT_REFUSED', refusedKinds)
}

/** Of staff alone: whoever presents a code is somebody once the code was right, and nobody looked. */
async function recordUnbegun(
  world: World,
  capacity: Capacity,
  operation: string,
  purpose: Purpose | null,
  refusal: RecordedRefusal,
  refusedKinds?: readonly string[],
): Promise<void> {
  if (!('organisationId' in capacity)) return
  const at = world.now()
  const { day: today } = dutchToday(at)
  const { policies, keys } = world
  const moment: Moment = { today, purpose: purpose ?? '', policyHash: policies.hash, codeHashes: [], kind: 'mutation', keys }
  const notes = { confidential: false, alsoFor: [], ...(refusedKinds ? { refusedKinds } : {}) }
  const act = { world, capacity, operation, at, fields: policies.fields, purpose, accessed: [], notes }
  await asCapacity(world.database, capacity, moment, (sql) => writeRecord({ ...act, sql }, refusal))
}

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
