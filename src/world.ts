// What every domain function is given from outside: database, policies, clock, ids, randomness, keys. Nothing of it is global.
import { randomBytes, randomUUID } from 'node:crypto'
import type { PrismaClient } from './database/prisma/client.js'
import { type Decide, decider } from './decide/decide.js'
import type { Policies } from './decide/policy-files.js'
import type { KeyRing } from './identity/pseudonym.js'
import type { Asked } from './operations/perform.js'
import type { Trace } from './operations/trace.js'

export type World = Readonly<{
  database: PrismaClient
  policies: Policies
  decide: Decide
  keys: KeyRing
  now: () => Date
  newId: () => string
  random: (bytes: number) => Uint8Array
  /** What the question at hand asks for; undefined, where nobody asks through the API: everything. */
  asked?: Asked
  /** The trace of the request; undefined: each operation begins one. */
  trace?: Trace
}>

/** The world as a server lives in it; tests and the demo story put in a clock and randomness of their own. */
export function realWorld(parts: Pick<World, 'database' | 'policies' | 'keys'> & Partial<World>): World {
  return {
    decide: decider(parts.policies.sharing),
    now: () => new Date(),
    newId: randomUUID,
    random: (bytes) => randomBytes(bytes),
    ...parts,
  }
}
