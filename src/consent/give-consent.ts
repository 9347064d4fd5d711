// Giving consent after the offer: the visitor is there, with the code, and says anew what may be shown; wider takes that code (invariant 9).
import { sharedNote } from '../anonymity/short-text.js'
import type { PartnerKind } from '../decide/decide.js'
import { badInput, orNotFound, Refusal } from '../errors.js'
import { findHandOff, type HandOffData } from '../handoffs/handoffs.js'
import type { SensitiveFact } from '../handoffs/lists.js'
import {
  checkReserve,
  contactOf,
  contextOf,
  copyContext,
  isCodeOf,
  isUnderSixteen,
  STORED_WHEN_AGREED,
} from '../handoffs/offer.js'
import { movedOn } from '../handoffs/take-step.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { CONSENT } from './consent-history.js'
import { checkConsent, type LastVersion, type NewConsent, writeAfter } from './record-consent.js'

type GivingConsent = {
  handOffId: string
  followUpCode: string
  consent: NewConsent
  sensitive: SensitiveFact[]
  note: string | null
}

/**
 * Records what is agreed to now, as wider or as narrower than what stood, and copies what it newly covers from the contact, as long as that can still be read (on its own day).
 * @throws Refusal NOT_FOUND, CONSENT_REQUIRED without the right code, BAD_INPUT when a category is no longer there to share.
 */
export async function giveConsent(act: Act, input: GivingConsent): Promise<HandOffData> {
  const { sql } = act
  const werkcentrumId = organisationOf(act)
  const handOff = orNotFound(await findHandOff(act, input.handOffId))
  if (!(await isCodeOf(act, handOff.id, input.followUpCode)))
    throw new Refusal(
      'CONSENT_REQUIRED',
      'Only the visitor, with the follow-up code of this hand-off, can agree to share more. A lost code is never made again: withdraw the hand-off and start another.',
    )
  const partner = { id: handOff.partner.id, kind: handOff.partner.kind as PartnerKind }
  const { consent } = input
  const { note, sensitiveNote } = sharedNote(input.note)
  if ((input.sensitive.length > 0 || sensitiveNote !== null) && !consent.categories.includes('sensitive'))
    throw new Refusal('CONSENT_REQUIRED', STORED_WHEN_AGREED)
  if (note !== null && !consent.categories.includes('note'))
    throw new Refusal('CONSENT_REQUIRED', 'A note is stored exactly when the visitor agreed to share it.')
  const [locked] = await sql.$queryRaw<{ ended: boolean }[]>`
    SELECT h.ended FROM hand_off h WHERE h.werkcentrum_id = ${werkcentrumId}::uuid AND h.id = ${handOff.id}::uuid FOR UPDATE`
  // Nobody is there to share it with any more, so nothing is stored.
  if (!locked || locked.ended) throw await movedOn(act, handOff.id)
  const [current] = await sql.$queryRaw<(LastVersion & { underSixteen: boolean })[]>`
    SELECT ${CONSENT}, c.reserve_partner_id::text AS "reservePartnerId" FROM consent c WHERE c.werkcentrum_id = ${werkcentrumId}::uuid AND c.hand_off_id = ${handOff.id}::uuid
    ORDER BY c.version DESC LIMIT 1`
  const contact = await contactOf(act, handOff.id)
  const underSixteen = isUnderSixteen(contact, current?.underSixteen)
  checkConsent(act, consent, partner, underSixteen)
  await checkReserve(act, consent, partner.id)
  const target = { werkcentrumId, handOffId: handOff.id, partnerId: partner.id, partnerKind: partner.kind, underSixteen }
  await writeAfter(act, target, consent, current)
  const told = contextOf(contact)
  const facts = contact ? input.sensitive : []
  await copyContext(act, handOff.id, partner, { ...told, note: note ?? told.note }, consent.categories, {
    ...{ facts, note: sensitiveNote },
  })

  const now = orNotFound(await findHandOff(act, handOff.id))
  const missing = (['routing', 'question', 'situation', 'sensitive', 'note'] as const).find(
    (category) => consent.categories.includes(category) && now[category] === null,
  )
  if (missing) throw badInput(`consent.categories names ${missing}, which is no longer there to share.`)
  // Facts are copied once; a second list beside them would be dropped in silence.
  if (!input.sensitive.every((fact) => now.sensitive?.includes(fact)))
    throw badInput('sensitive differs from the facts that were stored with this hand-off.')
  if ((note !== null && now.note !== note) || (sensitiveNote !== null && now.sensitiveNote !== sensitiveNote))
    throw badInput('note differs from the one that was stored with this hand-off: correct that one.')
  return now
}
