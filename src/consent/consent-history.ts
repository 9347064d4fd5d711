// Every version of the consent of one hand-off, as the desk and the visitor read it. A partner never does: it would tell what was refused.
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { notFound } from '../errors.js'
import { findHandOff } from '../handoffs/handoffs.js'
import { isOpenLoop } from '../handoffs/loops.js'
import type { Side } from '../handoffs/steps.js'
import type { Act } from '../operations/perform.js'
import { PARTNER_FACTS, type PartnerFacts } from '../partners/partners.js'
import { type Consent, type Shareable, WORDINGS, type WordingVersion } from './consent.js'

export type ConsentVersion = Omit<Consent, 'categories' | 'explicitCategories'> & {
  /** What is told back to the desk is a sharing of its own, so it stands apart. */
  categories: Exclude<Shareable, 'outcome'>[]
  explicitCategories: Shareable[]
  feedbackToDesk: boolean
  reservePartner: PartnerFacts | null
  day: string
  bySide: Side
  askedByRole: string
  basis: 'BASIS' | 'SAFEGUARD'
  askedForHelp: boolean
  inOwnInterest: boolean
  refusalIsFree: boolean
  givenHow: 'SPOKEN' | 'WRITTEN' | 'WITH_CODE'
  wordingVersion: WordingVersion
  wording: string
  language: string
}

type Stored = Omit<ConsentVersion, 'categories' | 'feedbackToDesk' | 'wording'> & { categories: Shareable[] }

/** What decisions need of the row `c`: a Consent. */
export const CONSENT = Prisma.sql`c.version, c.change, c.categories, c.explicit_categories AS "explicitCategories", c.purposes,
  c.under_sixteen AS "underSixteen", c.representative_present AS "representativePresent", c.expires_on::text AS "expiresOn"`
export const RESERVE_PARTNER = Prisma.sql`(SELECT ${PARTNER_FACTS} FROM partner p WHERE p.id = c.reserve_partner_id) AS "reservePartner"`

/** Newest first. */
export async function versionsOf(act: Act, werkcentrumId: string, handOffId: string): Promise<ConsentVersion[]> {
  const found = await act.sql.$queryRaw<Stored[]>`
    SELECT ${CONSENT}, ${RESERVE_PARTNER}, c.day::text AS day, c.by_side AS "bySide", c.asked_by_role AS "askedByRole", c.basis,
      c.asked_for_help AS "askedForHelp", c.in_own_interest AS "inOwnInterest", c.refusal_is_free AS "refusalIsFree", c.given_how AS "givenHow",
      c.wording_version AS "wordingVersion", c.language
    FROM consent c WHERE c.werkcentrum_id = ${werkcentrumId}::uuid AND c.hand_off_id = ${handOffId}::uuid ORDER BY c.version DESC`
  return found.map((version) => ({
    ...version,
    categories: version.categories.filter((category) => category !== 'outcome'),
    feedbackToDesk: version.categories.includes('outcome'),
    wording: WORDINGS[version.wordingVersion] ?? version.wordingVersion,
  }))
}

/** For the own desk, as long as it has work with the hand-off. @throws Refusal NOT_FOUND */
export async function consentHistory(act: Act, handOffId: string): Promise<ConsentVersion[]> {
  const handOff = isUuid(handOffId) ? await findHandOff(act, handOffId) : undefined
  if (!handOff || !isOpenLoop(handOff.loopStatus)) throw notFound()
  return versionsOf(act, handOff.werkcentrum.id, handOff.id)
}
