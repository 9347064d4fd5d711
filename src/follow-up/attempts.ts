// Attempts at codes, counted one by one before the code is looked at: slowed for one source, shared by every process (issue 3, bad input).
import { asCapacity } from '../database/door.js'
import { type ErrorCode, Refusal } from '../errors.js'
import { dutchToday } from '../handoffs/calendar.js'
import type { Capacity } from '../identity/capacity.js'
import { keyedHash } from '../identity/pseudonym.js'
import type { World } from '../world.js'

/** Who tries: the desk counts as its organisation, whoever is not signed in as a network. */
export type Source = { world: World; capacity: Capacity; network: string }

/**
 * Counts one attempt in a transaction of its own, which stays when the work fails; then does the work, which says when the code was
 * right. Only "no such code" costs the attempt: a right code does not, and neither does a fault before anybody knew whether it was right,
 * which tells nothing about it. How many attempts there are stands in the database (code_attempts_at_once, code_attempt_seconds).
 * @throws Refusal TOO_MANY_ATTEMPTS with `retryAfter` in seconds; whatever the work throws.
 */
export async function counted<T>(source: Source, work: (isRight: () => void) => Promise<T>): Promise<T> {
  const key = sourceKey(source)
  const [{ wait } = { wait: 0 }] = await inOwnTransaction(
    source,
    (sql) => sql.$queryRaw<{ wait: number }[]>`SELECT take_code_attempt(${key}) AS wait`,
  )
  if (wait > 0)
    throw new Refusal('TOO_MANY_ATTEMPTS', 'Too many codes were tried from here; try again later.', { retryAfter: wait })
  let right = false
  let wrong = false
  try {
    return await work(() => {
      right = true
    })
  } catch (fault) {
    wrong = !right && fault instanceof Refusal && NO_SUCH_CODE.has(fault.extensions.code)
    throw fault
  } finally {
    if (!wrong) await giveBack(source, key)
  }
}

/** What the visitor's page answers to a wrong code, and what the desk answers. */
const NO_SUCH_CODE: ReadonlySet<unknown> = new Set<ErrorCode>(['NOT_FOUND', 'CONSENT_REQUIRED'])

/** Tried once more when it fails. After that the attempt leaks away by itself: what was done is not called undone for it. */
async function giveBack(source: Source, key: string): Promise<void> {
  const once = () => inOwnTransaction(source, (sql) => sql.$executeRaw`SELECT give_back_code_attempt(${key})`)
  await once()
    .catch(once)
    .catch(() => {})
}

/** With the day in it, so that from one day to the next nobody can be followed by it. An organisation is known to the database already. */
function sourceKey({ world, network }: Source): string {
  return keyedHash(world.keys, 'network', `${dutchToday(world.now()).day} ${network}`)
}

function inOwnTransaction<T>({ world, capacity }: Source, work: Parameters<typeof asCapacity<T>>[3]): Promise<T> {
  const { day: today } = dutchToday(world.now())
  const { keys, policies } = world
  const moment = { today, purpose: 'RIGHTS', policyHash: policies.hash, codeHashes: [], kind: 'mutation', keys } as const
  return asCapacity(world.database, capacity, moment, work)
}
