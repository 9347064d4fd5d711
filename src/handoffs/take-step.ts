// Moving a hand-off: one guarded UPDATE per step, so that of two people acting at once exactly one wins (design 5).
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { notFound, orNotFound, Refusal } from '../errors.js'
import { staffPseudonym } from '../identity/pseudonym.js'
import type { Act } from '../operations/perform.js'
import { findHandOff, type HandOffData, IS_OPEN_LOOP, ownRows } from './handoffs.js'
import type { MessageToVisitor, Outcome, State, Voice, WarmCallChannel, WarmCallResult } from './lists.js'
import { type StepName, step } from './steps.js'

export type StepDetails = {
  /** What the asker believes the state to be; the step is taken from that state alone. */
  ifState?: State | null
  reason?: string | null
  message?: MessageToVisitor | null
  outcome?: Outcome
}

/** What every step changes besides the state. */
export const STEP_COLUMNS = (act: Act) =>
  Prisma.sql`changed_on = ${act.today}::date, changed_day_part = ${act.dayPart}, steps = h.steps + 1`

/**
 * Takes one step, notes the event, and returns the hand-off as it now is for the one who took it. What that one may not see is not there
 * to move: then the last look finds nothing, and the transaction leaves nothing behind.
 * @throws Refusal HANDOFF_MOVED_ON with the state, or NOT_FOUND.
 */
export async function takeStep(act: Act, id: string, name: StepName, details: StepDetails = {}): Promise<HandOffData> {
  if (!isUuid(id)) throw notFound()
  const { from, to, contradicts, openLoop } = step(name)
  const heardByDesk = name.startsWith('hear')
  const changes = [
    Prisma.sql`state = ${to}`,
    STEP_COLUMNS(act),
    Prisma.sql`reason = ${details.reason ?? null}`,
    Prisma.sql`heard_by_desk = ${heardByDesk}`,
  ]
  // A first contact keeps the message that came with accepting; every other answer of the partner has its own, or none.
  if (act.role === 'HANDLER' && to !== 'IN_PROGRESS') changes.push(Prisma.sql`message_to_visitor = ${details.message ?? null}`)
  if (to === 'IN_PROGRESS') changes.push(Prisma.sql`first_contact_on = ${act.today}::date`)
  // Who says "accepted" or "declined" after the desk heard of a first contact says that there was none.
  if (to === 'ACCEPTED' || to === 'DECLINED') changes.push(Prisma.sql`first_contact_on = NULL`)
  // A partner may correct what the desk only heard, whatever the desk took it for.
  const mayFrom = contradicts
    ? Prisma.sql`(h.state = ANY (${[...from]}::text[]) OR (h.heard_by_desk AND h.state = ANY (ARRAY['ACCEPTED', 'IN_PROGRESS', 'DECLINED', 'COMPLETED', 'RETURNED'])))`
    : Prisma.sql`h.state = ANY (${[...from]}::text[])`
  const moved = await act.sql.$executeRaw`
    UPDATE hand_off h SET ${Prisma.join(changes, ', ')} WHERE h.id = ${id}::uuid AND ${ownRows(act)} AND ${mayFrom}
      ${details.ifState ? Prisma.sql`AND h.state = ${details.ifState}` : Prisma.empty} ${openLoop ? Prisma.sql`AND ${IS_OPEN_LOOP(act)}` : Prisma.empty}`
  if (moved === 0) throw await movedOn(act, id)
  await recordEvent(act, id, { step: name, heardByDesk, reason: details.reason ?? null })
  if (details.outcome) await recordOutcome(act, id, details.outcome, heardByDesk)
  if (act.role === 'HANDLER') await recordColleague(act, id)
  return reread(act, id)
}

/** What the loser of a race hears: the new state if it may still see progress, else that there is nothing. */
export async function movedOn(act: Act, id: string): Promise<Refusal> {
  const now = await findHandOff(act, id)
  if (!now) return notFound()
  return new Refusal('HANDOFF_MOVED_ON', 'This hand-off has moved on; this step is no longer possible.', { state: now.state })
}

async function reread(act: Act, id: string): Promise<HandOffData> {
  return orNotFound(await findHandOff(act, id))
}

/** One line of the story. Line 1 is the offer; each UPDATE counts one more and holds the row, so no number is given twice. */
export async function recordEvent(
  act: Act,
  id: string,
  event: { step: string; heardByDesk: boolean; reason: string | null },
): Promise<void> {
  const bySide = act.capacity.side
  await act.sql.$executeRaw`
    INSERT INTO hand_off_event (werkcentrum_id, hand_off_id, number, partner_id, step, by_side, heard_by_desk, state, reason, day, day_part)
    SELECT h.werkcentrum_id, h.id, h.steps + 1, h.partner_id, ${event.step}, ${bySide}, ${event.heardByDesk}, h.state, ${event.reason},
      ${act.today}::date, ${act.dayPart}
    FROM hand_off h WHERE h.id = ${id}::uuid AND ${ownRows(act)}`
}

async function recordOutcome(act: Act, id: string, outcome: Outcome, heardByDesk: boolean): Promise<void> {
  await act.sql.$executeRaw`
    INSERT INTO hand_off_outcome (werkcentrum_id, hand_off_id, number, partner_id, outcome, heard_by_desk)
    SELECT h.werkcentrum_id, h.id, h.steps + 1, h.partner_id, ${outcome}, ${heardByDesk} FROM hand_off h WHERE h.id = ${id}::uuid AND ${ownRows(act)}`
}

async function recordColleague(act: Act, id: string): Promise<void> {
  if (!('subject' in act.capacity)) return
  await act.sql.$executeRaw`
    INSERT INTO hand_off_staff (werkcentrum_id, hand_off_id, number, partner_id, handled_by)
    SELECT h.werkcentrum_id, h.id, h.steps + 1, h.partner_id, ${staffPseudonym(act.world.keys, act.capacity)} FROM hand_off h
    WHERE h.id = ${id}::uuid AND ${ownRows(act)}`
}

/** Counts one more line of the story, unless the desk has put it away; the row is held until the transaction ends. @throws Refusal */
async function nextLine(act: Act, id: string, changes: Prisma.Sql): Promise<void> {
  if (!isUuid(id)) throw notFound()
  const moved = await act.sql
    .$executeRaw`UPDATE hand_off h SET ${changes}, steps = h.steps + 1 WHERE h.id = ${id}::uuid AND ${ownRows(act)}
    AND h.state <> ALL (ARRAY['FORWARDED', 'WITHDRAWN', 'LAPSED'])`
  if (moved === 0) throw await movedOn(act, id)
}

export type WarmCall = { channel: WarmCallChannel; result: WarmCallResult; visitorPresent: boolean }

/** The guide called, walked over or mailed. @throws Refusal NOT_FOUND */
export async function recordWarmCall(act: Act, id: string, call: WarmCall): Promise<HandOffData> {
  await nextLine(act, id, Prisma.sql`heard_by_desk = h.heard_by_desk`)
  await act.sql.$executeRaw`
    INSERT INTO warm_call (werkcentrum_id, hand_off_id, number, partner_id, channel, result, visitor_present, day, day_part)
    SELECT h.werkcentrum_id, h.id, h.steps + 1, h.partner_id, ${call.channel}, ${call.result}, ${call.visitorPresent}, ${act.today}::date, ${act.dayPart}
    FROM hand_off h WHERE h.id = ${id}::uuid AND ${ownRows(act)}`
  return reread(act, id)
}

/** How it ended, in the words of the guide or the visitor; the last word of each counts. @throws Refusal NOT_FOUND */
export async function recordVoice(act: Act, id: string, voice: Voice): Promise<HandOffData> {
  const column = act.role === 'CODE_HOLDER' ? Prisma.sql`visitor_voice = ${voice}` : Prisma.sql`guide_voice = ${voice}`
  await nextLine(act, id, column)
  await recordEvent(act, id, {
    step: act.role === 'CODE_HOLDER' ? 'visitorVoice' : 'guideVoice',
    heardByDesk: false,
    reason: null,
  })
  return reread(act, id)
}
