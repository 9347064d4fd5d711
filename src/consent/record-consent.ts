// Writing consent: asked at the desk, narrowed or withdrawn by either side on the visitor's word, each time a new version (design 3).

import type { PartnerKind } from '../decide/decide.js'
import { badInput, notFound, Refusal } from '../errors.js'
import { ownRows } from '../handoffs/handoffs.js'
import { addDays } from '../handoffs/loops.js'
import type { Act } from '../operations/perform.js'
import { CONSENT_DAYS, CONSENT_PURPOSES, MAY_HOLD_SENSITIVE, type Shareable } from './consent.js'

/** What the visitor agreed to, and the conditions under which it was free (AVG art. 4(11), 7(4); recital 43). */
export type NewConsent = {
  categories: Shareable[]
  explicitCategories: Shareable[]
  reservePartnerId: string | null
  askedForHelp: boolean
  inOwnInterest: boolean
  refusalIsFree: boolean
  representativePresent: boolean
  givenHow: 'SPOKEN' | 'WRITTEN' | 'WITH_CODE'
  wordingVersion: string
  language: string
}

/** Is the visitor's consent the ground itself, or a safeguard beside a public task? By kind of partner, from policies/sharing.yaml. */
export function basisOf(act: Act, kind: PartnerKind): 'BASIS' | 'SAFEGUARD' {
  const { sharing } = act.world.policies
  return sharing.bases.get(sharing.basisOfPartner[kind])?.consent ?? 'BASIS'
}

/** @throws Refusal CONSENT_REQUIRED when a condition of free consent is not met; BAD_INPUT when what is asked cannot be consented to. */
export function checkConsent(consent: NewConsent, partner: { kind: PartnerKind }, underSixteen: boolean): void {
  if (!consent.askedForHelp || !consent.inOwnInterest || !consent.refusalIsFree)
    throw new Refusal(
      'CONSENT_REQUIRED',
      'Consent is only free when the visitor asked for help, it is in their interest, and refusing has no consequence.',
    )
  if (new Set(consent.categories).size < consent.categories.length) throw badInput('consent.categories must differ.')
  if (consent.categories.length === 0)
    throw badInput('consent.categories is empty: leave consent out when nothing may be shared.')
  if (!consent.explicitCategories.every((category) => consent.categories.includes(category)))
    throw badInput('consent.explicitCategories must be among consent.categories.')
  if (consent.categories.includes('sensitive') && !consent.explicitCategories.includes('sensitive'))
    throw new Refusal('CONSENT_REQUIRED', 'Sensitive facts need explicit consent that names them (AVG art. 9(2)(a)).')
  if (consent.categories.includes('sensitive') && !MAY_HOLD_SENSITIVE.has(partner.kind))
    throw badInput('This kind of partner may not be told sensitive facts.')
  // UAVG art. 5: such a consent opens nothing (invariant 19); what AVG art. 9 protects is then not even stored.
  if (underSixteen && !consent.representativePresent && (consent.categories.includes('sensitive') || partner.kind === 'UNION'))
    throw new Refusal('CONSENT_REQUIRED', 'Below sixteen a representative must be present for this.')
  // That somebody goes to a union is itself sensitive (AVG art. 9): the whole of it has to be explicit.
  if (partner.kind === 'UNION' && consent.explicitCategories.length < consent.categories.length)
    throw new Refusal('CONSENT_REQUIRED', 'A hand-off to a union is stored with explicit consent only.')
}

export type ConsentTarget = {
  werkcentrumId: string
  handOffId: string
  partnerId: string
  partnerKind: PartnerKind
  underSixteen: boolean
}

/** The first version, or a wider one with the visitor's own code. */
export async function writeConsent(
  act: Act,
  target: ConsentTarget,
  consent: NewConsent,
  change: 'GIVEN' | 'WIDENED',
  version: number,
): Promise<void> {
  await act.sql.$executeRaw`
    INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, basis, categories, explicit_categories, purposes,
      reserve_partner_id, asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version,
      language, day, expires_on)
    VALUES (${target.werkcentrumId}::uuid, ${target.handOffId}::uuid, ${version}, ${target.partnerId}::uuid, ${change},
      'WERKCENTRUM', ${basisOf(act, target.partnerKind)}, ${consent.categories}::text[], ${consent.explicitCategories}::text[],
      ${[...CONSENT_PURPOSES]}::text[], ${consent.reservePartnerId}::uuid, ${consent.askedForHelp}, ${consent.inOwnInterest}, ${consent.refusalIsFree},
      ${target.underSixteen}, ${consent.representativePresent}, ${consent.givenHow}, ${consent.wordingVersion}, ${consent.language},
      ${act.today}::date, ${addDays(act.today, CONSENT_DAYS)}::date)`
}

/**
 * Fewer categories than before, or none at all. INVARIANT 9: what comes out is always within what stood there, so this can never widen.
 * A partner hears no error: what the visitor refused before is not to be found out by trying to narrow it.
 * @throws Refusal to the desk: CONSENT_REQUIRED when there is no consent to narrow, BAD_INPUT when nothing would change.
 */
export async function narrow(act: Act, handOffId: string, keep: readonly Shareable[]): Promise<void> {
  const { sql } = act
  // The lock on the hand-off puts two people who narrow at once in one order.
  const [locked] = await sql.$queryRaw<{ werkcentrumId: string }[]>`
    SELECT h.werkcentrum_id::text AS "werkcentrumId" FROM hand_off h WHERE h.id = ${handOffId}::uuid AND ${ownRows(act)} FOR UPDATE`
  if (!locked) throw notFound()
  const { werkcentrumId } = locked
  const [current] = await sql.$queryRaw<{ change: string; categories: string[] }[]>`
    SELECT c.change, c.categories FROM consent c WHERE c.werkcentrum_id = ${werkcentrumId}::uuid AND c.hand_off_id = ${handOffId}::uuid ORDER BY c.version DESC LIMIT 1`
  const isPartner = act.capacity.side === 'PARTNER'
  if (!current || current.change === 'WITHDRAWN') {
    if (isPartner) return
    throw new Refusal('CONSENT_REQUIRED', 'There is no consent that stands.')
  }
  const rest = current.categories.filter((category) => (keep as readonly string[]).includes(category))
  if (isPartner && rest.length === current.categories.length) return
  if (
    !isPartner &&
    (keep.some((category) => !current.categories.includes(category)) || rest.length === current.categories.length)
  )
    throw badInput('categories must be fewer than what the visitor agreed to before.')
  const change = rest.length === 0 ? 'WITHDRAWN' : 'NARROWED'
  const bySide = act.capacity.side
  await sql.$executeRaw`
    INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, basis, categories, explicit_categories, purposes,
      reserve_partner_id, asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version,
      language, day, expires_on)
    SELECT c.werkcentrum_id, c.hand_off_id, c.version + 1, c.partner_id, ${change}, ${bySide}, c.basis, ${rest}::text[],
      (SELECT coalesce(array_agg(e), '{}') FROM unnest(c.explicit_categories) e WHERE e = ANY (${rest}::text[])), c.purposes, c.reserve_partner_id,
      c.asked_for_help, c.in_own_interest, c.refusal_is_free, c.under_sixteen, c.representative_present, c.given_how, c.wording_version,
      c.language, ${act.today}::date, c.expires_on
    FROM consent c WHERE c.werkcentrum_id = ${werkcentrumId}::uuid AND c.hand_off_id = ${handOffId}::uuid ORDER BY c.version DESC LIMIT 1`
}
