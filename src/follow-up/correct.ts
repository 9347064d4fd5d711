// Correcting what was shared: by the visitor with the code, or by the own desk on the visitor's word (AVG art. 16). Never adds a category.
import { markUnderSixteen } from '../consent/record-consent.js'
import { checkTold, type SituationFacts } from '../contacts/contacts.js'
import type { Journey, Theme, VisitorKind } from '../contacts/lists.js'
import { Prisma } from '../database/prisma/client.js'
import { badInput, orNotFound } from '../errors.js'
import { findHandOff, type HandOffData, ownRows } from '../handoffs/handoffs.js'
import { movedOn, recordEvent } from '../handoffs/take-step.js'
import type { Act } from '../operations/perform.js'

/** Each category that is given replaces the one that is there, as a whole. */
export type Correction = {
  routing: { visitorKind: VisitorKind; origin: string | null } | null
  question: { journey: Journey | null; themes: Theme[] } | null
  situation: SituationFacts | null
  /** At the desk alone: who has the code cannot see it. */
  note: string | null
}

/**
 * The event says that something was corrected, never what. An age that becomes below sixteen closes what needs consent, and stays so.
 * @throws Refusal BAD_INPUT for what is not there to correct or cannot be; to the desk HANDOFF_MOVED_ON when it has ended.
 */
export async function correct(act: Act, handOff: HandOffData, correction: Correction): Promise<void> {
  const { routing, question, situation, note } = correction
  if (!routing && !question && !situation && !note) throw badInput('Give routing, question, situation or note to correct.')
  if (note && act.role === 'CODE_HOLDER') throw badInput('A note is corrected at the desk; with the code it can be taken back.')
  await check(act, handOff, correction)
  const { sql } = act
  const key = Prisma.sql`t.werkcentrum_id = ${handOff.werkcentrum.id}::uuid AND t.hand_off_id = ${handOff.id}::uuid`
  await nextLine(act, handOff.id)
  const changed = [
    routing &&
      (await sql.$executeRaw`UPDATE hand_off_routing t SET visitor_kind = ${routing.visitorKind}, origin = ${routing.origin} WHERE ${key}`),
    question &&
      (await sql.$executeRaw`UPDATE hand_off_question t SET journey = ${question.journey}, themes = ${question.themes}::text[] WHERE ${key}`),
    situation &&
      (await sql.$executeRaw`UPDATE hand_off_situation t SET work = ${situation.work}, benefit = ${situation.benefit}, age = ${situation.age},
        education = ${situation.education}, language_help = ${situation.languageHelp} WHERE ${key}`),
    note && (await sql.$executeRaw`UPDATE hand_off_note t SET note = ${note} WHERE ${key}`),
  ]
  if (changed.includes(0)) throw badInput('What is not shared is not there to correct.')
  if (situation?.age === 'U16') await markUnderSixteen(act, handOff.id)
  await recordEvent(act, handOff.id, { step: 'correct', heardByDesk: false, reason: null })
}

async function check(act: Act, handOff: HandOffData, { routing, question, situation }: Correction): Promise<void> {
  const told = { ...handOff.routing, ...routing, ...handOff.question, ...question }
  checkTold({ ...told, situation: situation ?? handOff.situation })
  if (!routing?.origin) return
  const known = await act.sql.$queryRaw<unknown[]>`SELECT 1 FROM municipality m WHERE m.gm_code = ${routing.origin}
    AND m.valid_from <= ${act.today}::date AND (m.valid_to IS NULL OR m.valid_to > ${act.today}::date)`
  if (known.length === 0) throw badInput('origin is not the code of a municipality of today.')
}

/** The visitor may correct as long as it is there; the desk as long as it has not ended. */
async function nextLine(act: Act, id: string): Promise<void> {
  const isOpen = act.role === 'CODE_HOLDER' ? Prisma.sql`true` : Prisma.sql`NOT h.ended`
  const moved = await act.sql
    .$executeRaw`UPDATE hand_off h SET steps = h.steps + 1 WHERE h.id = ${id}::uuid AND ${ownRows(act)} AND ${isOpen}`
  if (moved === 0) throw await movedOn(act, id)
}

/** At the desk. @throws Refusal NOT_FOUND, and as above */
export async function correctShared(act: Act, handOffId: string, correction: Correction): Promise<HandOffData> {
  const handOff = orNotFound(await findHandOff(act, handOffId))
  await correct(act, handOff, correction)
  return orNotFound(await findHandOff(act, handOffId))
}
