// What the visitor does with the code and nothing else: withdraw, stop, erase. Each attempt at a code is counted first.
import { narrow, stands } from '../consent/record-consent.js'
import { Prisma } from '../database/prisma/client.js'
import { orNotFound } from '../errors.js'
import { findHandOffOfCode, type HandOffData, ownRows } from '../handoffs/handoffs.js'
import { isEnded } from '../handoffs/steps.js'
import { recordEvent, takeStep } from '../handoffs/take-step.js'
import { NOBODY } from '../identity/capacity.js'
import { type Act, perform } from '../operations/perform.js'
import { counted, type Source } from './attempts.js'
import { codeHolder, type FollowUpData, followUp } from './follow-up.js'

/**
 * Runs an operation for whoever presents this code. Unknown, mistyped and expired codes take the same path, to the same answer.
 * @throws Refusal TOO_MANY_ATTEMPTS, NOT_FOUND; whatever the work throws.
 */
export function withCode<T>(
  { world, network }: Pick<Source, 'world' | 'network'>,
  code: string,
  operation: string,
  work: (act: Act, handOff: HandOffData) => Promise<T>,
): Promise<T> {
  // Whoever is signed in beside it: a code is tried from a network.
  return counted({ world, network, capacity: NOBODY }, (isRight) =>
    perform(world, codeHolder(world, code), operation, async (act) => {
      const handOff = orNotFound(await findHandOffOfCode(act))
      isRight()
      return work(act, handOff)
    }),
  )
}

/** The visitor's page after something was done. */
export async function pageAfter(act: Act, done: Promise<unknown>): Promise<FollowUpData> {
  await done
  return orNotFound(await followUp(act))
}

/**
 * Withdraws the consent and, if so asked, the hand-off. What has ended already stays as it ended: withdrawing consent never fails by it.
 * @throws Refusal CONSENT_REQUIRED when there is nothing to withdraw.
 */
export async function withdrawByCode(act: Act, handOff: HandOffData, stopHandOff: boolean): Promise<void> {
  const isStopped = stopHandOff && !isEnded(handOff.state)
  if (!isStopped || (await stands(act, handOff.werkcentrum.id, handOff.id))) await narrow(act, handOff.id, [])
  if (isStopped) await takeStep(act, handOff.id, 'stop', { reason: 'VISITOR_ASKED' })
}

/**
 * Erases at once: the shared context with the next step, and the link to the conversation; a consent that stands is withdrawn. What stays,
 * without what the visitor told: the versions of the consent (AVG art. 7(1)), desk, channel and day, the story with the outcome, and what the
 * log says (AVG art. 17(3)(b)). The contact of the desk stays too, with nothing that leads from one to the other.
 * Again is as good as once. Every hand-off that this code is about is erased: it follows the question to a reserve. One that was made with a new
 * code is erased with that.
 */
export async function eraseByCode(act: Act, handOff: HandOffData): Promise<void> {
  const own = Prisma.sql`h.id = ${handOff.id}::uuid AND ${ownRows(act)}`
  // Holds the row, so that no one widens meanwhile.
  await act.sql.$queryRaw`SELECT 1 FROM hand_off h WHERE ${own} FOR UPDATE`
  const isStanding = await stands(act, handOff.werkcentrum.id, handOff.id)
  if (isStanding) await narrow(act, handOff.id, [])
  const [{ gone } = { gone: 0 }] = await act.sql.$queryRaw<{ gone: number }[]>`SELECT erase_by_code() AS gone`
  if (!isStanding && gone === 0) return
  await act.sql.$executeRaw`UPDATE hand_off h SET steps = h.steps + 1 WHERE ${own}`
  await recordEvent(act, handOff.id, { step: 'erase', heardByDesk: false, reason: null })
}
