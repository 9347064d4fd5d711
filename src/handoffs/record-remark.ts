// A remark: what one side notes for itself about a hand-off, and nobody else reads (invariant 14).
import { isUuid } from '../database/door.js'
import { badInput, notFound, orNotFound } from '../errors.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { findHandOff, type HandOffData, ownRows } from './handoffs.js'

/** More would be a file of its own about somebody. */
const MOST_REMARKS = 50

/**
 * It is no step: it has no event, and no number of the story, by which the other side would know of it.
 * @throws Refusal NOT_FOUND, BAD_INPUT
 */
export async function recordRemark(act: Act, id: string, remark: string | null): Promise<HandOffData> {
  if (remark === null) throw badInput('remark must not be empty.')
  if (!isUuid(id)) throw notFound()
  const { sql, capacity } = act
  const own = capacity.side
  const locked = await sql.$queryRaw<{ id: string }[]>`
    SELECT h.id FROM hand_off h WHERE h.id = ${id}::uuid AND ${ownRows(act)} FOR UPDATE`
  if (locked.length === 0) throw notFound()
  // One at a time now, so no number is given twice.
  const [last] = await sql.$queryRaw<{ number: number }[]>`
    SELECT coalesce(max(r.number), 0) AS number FROM hand_off_remark r
    WHERE r.partner_id = ${organisationOf(act)}::uuid AND r.hand_off_id = ${id}::uuid AND r.by_side = ${own}`
  if (last!.number >= MOST_REMARKS) throw badInput(`A hand-off has at most ${MOST_REMARKS} remarks.`)
  await sql.$executeRaw`
    INSERT INTO hand_off_remark (werkcentrum_id, hand_off_id, by_side, number, partner_id, remark, day)
    SELECT h.werkcentrum_id, h.id, ${own}, ${last!.number + 1}, h.partner_id, ${remark}, ${act.today}::date
    FROM hand_off h WHERE h.id = ${id}::uuid AND ${ownRows(act)}`
  return orNotFound(await findHandOff(act, id))
}
