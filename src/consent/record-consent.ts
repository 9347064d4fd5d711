// Writing consent: asked at the desk, narrowed or withdrawn by either side on the visitor's word, each time a new version (design 3).

import { Prisma } from '../database/prisma/client.js'
import type { PartnerKind } from '../decide/decide.js'
import { badInput, notFound, Refusal } from '../errors.js'
import { isDay } from '../handoffs/calendar.js'
import { ownRows } from '../handoffs/handoffs.js'
import { addDays } from '../handoffs/loops.js'
import type { Act } from '../operations/perform.js'
import { CONSENT_DAYS, CONSENT_PURPOSES, type Extent, isWithin, MAY_HOLD_SENSITIVE, type Shareable } from './consent.js'

/** What the visitor agreed to, and the conditions under which it was free (AVG art. 4(11), 7(4); recital 43). */
export type NewConsent = {
  categories: Shareable[]
  explicitCategories: Shareable[]
  reservePartnerId: string | null
  /** The first day on which it no longer holds, YYYY-MM-DD; left out: as long as consent can hold. */
  expiresOn?: string | null
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

/** Is there a rule by which this kind of partner could ever read a note? What nobody there may read is not stored. */
export const mayReadNotes = (act: Act, kind: PartnerKind): boolean =>
  act.world.policies.sharing.share.some(
    ({ role, categories, partnerKinds }) => role === 'HANDLER' && categories.includes('note') && partnerKinds.includes(kind),
  )

/** @throws Refusal CONSENT_REQUIRED when a condition of free consent is not met; BAD_INPUT when what is asked cannot be consented to. */
export function checkConsent(act: Act, consent: NewConsent, partner: { kind: PartnerKind }, underSixteen: boolean): void {
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
  if (consent.categories.includes('note') && !mayReadNotes(act, partner.kind))
    throw badInput('This kind of partner may not be told a note.')
  // UAVG art. 5: such a consent opens nothing (invariant 19); what AVG art. 9 protects is then not even stored.
  if (underSixteen && !consent.representativePresent && (consent.categories.includes('sensitive') || partner.kind === 'UNION'))
    throw new Refusal('CONSENT_REQUIRED', 'Below sixteen a representative must be present for this.')
  // That somebody goes to a union is itself sensitive (AVG art. 9): the whole of it has to be explicit.
  if (partner.kind === 'UNION' && consent.explicitCategories.length < consent.categories.length)
    throw new Refusal('CONSENT_REQUIRED', 'A hand-off to a union is stored with explicit consent only.')
}

type ConsentTarget = {
  werkcentrumId: string
  handOffId: string
  partnerId: string
  partnerKind: PartnerKind
  underSixteen: boolean
}

/** @throws Refusal BAD_INPUT for what is no day, is past, or is further away than consent can hold. */
function expiryOf(today: string, wished: string | null | undefined): string {
  const last = addDays(today, CONSENT_DAYS)
  if (wished == null) return last
  if (!isDay(wished) || wished <= today || wished > last)
    throw badInput(`consent.expiresOn must be a day after today, at most ${CONSENT_DAYS} days from now, as YYYY-MM-DD.`)
  return wished
}

/** The first version, or a wider one with the visitor's own code. @throws Refusal BAD_INPUT for an end that cannot be. */
export async function writeConsent(
  act: Act,
  target: ConsentTarget,
  consent: NewConsent,
  change: 'GIVEN' | 'WIDENED',
  version: number,
): Promise<void> {
  await act.sql.$executeRaw`
    INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, asked_by_role, basis, categories, explicit_categories,
      purposes, reserve_partner_id, asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how,
      wording_version, language, day, expires_on)
    VALUES (${target.werkcentrumId}::uuid, ${target.handOffId}::uuid, ${version}, ${target.partnerId}::uuid, ${change},
      'WERKCENTRUM', ${act.role}, ${basisOf(act, target.partnerKind)}, ${consent.categories}::text[], ${consent.explicitCategories}::text[],
      ${[...CONSENT_PURPOSES]}::text[], ${consent.reservePartnerId}::uuid, ${consent.askedForHelp}, ${consent.inOwnInterest}, ${consent.refusalIsFree},
      ${target.underSixteen}, ${consent.representativePresent}, ${consent.givenHow}, ${consent.wordingVersion}, ${consent.language},
      ${act.today}::date, ${expiryOf(act.today, consent.expiresOn)}::date)`
}

export type LastVersion = Extent & { version: number; change: string }

/**
 * What the visitor agrees to after `last`, with the code: wider when anything in it opens more or lasts longer, else narrower, so that the
 * history says what happened. Narrower keeps what was asked, by whom and how. The caller holds the hand-off.
 * @throws Refusal BAD_INPUT for an end that cannot be.
 */
export async function writeAfter(
  act: Act,
  target: ConsentTarget,
  consent: NewConsent,
  last: LastVersion | undefined,
): Promise<void> {
  if (!last) return writeConsent(act, target, consent, 'GIVEN', 1)
  const expiresOn = expiryOf(act.today, consent.expiresOn)
  if (last.change === 'WITHDRAWN' || !isWithin({ ...consent, expiresOn }, last))
    return writeConsent(act, target, consent, 'WIDENED', last.version + 1)
  await nextVersion(act, target.werkcentrumId, target.handOffId, {
    change: 'NARROWED',
    categories: Prisma.sql`${consent.categories}::text[]`,
    explicitCategories: Prisma.sql`${consent.explicitCategories}::text[]`,
    reserve: Prisma.sql`${consent.reservePartnerId}::uuid`,
    expiresOn: Prisma.sql`${expiresOn}::date`,
    underSixteen: Prisma.sql`${target.underSixteen}`,
    representativePresent: Prisma.sql`${consent.representativePresent}`,
  })
}

/** What is taken from a consent besides categories. */
export type Narrowing = {
  /** The first day on which it no longer holds, earlier than before. */
  until?: string | null
  /** The reserve that was named is no longer one. */
  dropReserve?: boolean
}

type Current = { change: string; categories: string[]; expiresOn: string; reservePartnerId: string | null }

/**
 * Fewer categories than before, an earlier end, no reserve, or nothing at all; `keep: null` leaves the categories as they are.
 * INVARIANT 9: what comes out is always within what stood there, so this can never widen. A partner hears no error: what the visitor
 * refused before is not to be found out by trying to narrow it.
 * @throws Refusal to desk and visitor: CONSENT_REQUIRED when there is no consent to narrow, BAD_INPUT when nothing would change.
 */
export async function narrow(
  act: Act,
  handOffId: string,
  keep: readonly Shareable[] | null,
  { until = null, dropReserve = false }: Narrowing = {},
): Promise<void> {
  if (until !== null && (!isDay(until) || until <= act.today))
    throw badInput('until must be a day after today, as YYYY-MM-DD; to stop now, withdraw.')
  const werkcentrumId = await lock(act, handOffId)
  const [current] = await act.sql.$queryRaw<Current[]>`
    SELECT c.change, c.categories, c.expires_on::text AS "expiresOn", c.reserve_partner_id::text AS "reservePartnerId" FROM consent c
    WHERE c.werkcentrum_id = ${werkcentrumId}::uuid AND c.hand_off_id = ${handOffId}::uuid ORDER BY c.version DESC LIMIT 1`
  const isPartner = act.capacity.side === 'PARTNER'
  if (!current || current.change === 'WITHDRAWN') {
    if (isPartner) return
    throw new Refusal('CONSENT_REQUIRED', 'There is no consent that stands.')
  }
  const rest = keep ? current.categories.filter((category) => (keep as readonly string[]).includes(category)) : current.categories
  const isFewer = rest.length < current.categories.length
  const isShorter = until !== null && until < current.expiresOn
  const losesReserve = dropReserve && current.reservePartnerId !== null
  const asksMore =
    keep?.some((category) => !current.categories.includes(category)) ||
    (until !== null && until > current.expiresOn) ||
    (dropReserve && current.reservePartnerId === null)
  const changesNothing = !isFewer && !isShorter && !losesReserve
  if (!isPartner && (asksMore || changesNothing))
    throw badInput('Narrowing must leave less than what the visitor agreed to before.')
  if (changesNothing) return
  const isNothing = rest.length === 0
  await nextVersion(act, werkcentrumId, handOffId, {
    change: isNothing ? 'WITHDRAWN' : 'NARROWED',
    categories: Prisma.sql`${rest}::text[]`,
    reserve: losesReserve || isNothing ? Prisma.sql`NULL::uuid` : Prisma.sql`c.reserve_partner_id`,
    expiresOn: isShorter ? Prisma.sql`${until}::date` : Prisma.sql`c.expires_on`,
    underSixteen: Prisma.sql`c.under_sixteen`,
  })
}

/** Is there a consent that was not withdrawn? What has expired still stands, and can be withdrawn. */
export async function stands(act: Act, werkcentrumId: string, handOffId: string): Promise<boolean> {
  const [current] = await act.sql.$queryRaw<{ change: string }[]>`
    SELECT c.change FROM consent c WHERE c.werkcentrum_id = ${werkcentrumId}::uuid AND c.hand_off_id = ${handOffId}::uuid ORDER BY c.version DESC LIMIT 1`
  return current !== undefined && current.change !== 'WITHDRAWN'
}

/** A corrected age can close (UAVG art. 5); it never opens again by another correction. */
export async function markUnderSixteen(act: Act, handOffId: string): Promise<void> {
  const werkcentrumId = await lock(act, handOffId)
  await nextVersion(act, werkcentrumId, handOffId, {
    change: null,
    categories: Prisma.sql`c.categories`,
    reserve: Prisma.sql`c.reserve_partner_id`,
    expiresOn: Prisma.sql`c.expires_on`,
    underSixteen: Prisma.sql`true`,
    where: Prisma.sql`NOT c.under_sixteen`,
  })
}

/** The lock on the hand-off puts two people who change its consent at once in one order. @throws Refusal NOT_FOUND */
async function lock(act: Act, handOffId: string): Promise<string> {
  const [locked] = await act.sql.$queryRaw<{ werkcentrumId: string }[]>`
    SELECT h.werkcentrum_id::text AS "werkcentrumId" FROM hand_off h WHERE h.id = ${handOffId}::uuid AND ${ownRows(act)} FOR UPDATE`
  if (!locked) throw notFound()
  return locked.werkcentrumId
}

type NextVersion = {
  /** Null: narrowed, or still withdrawn. */
  change: 'NARROWED' | 'WITHDRAWN' | null
  categories: Prisma.Sql
  /** Left out: as before, as far as they are among the categories. */
  explicitCategories?: Prisma.Sql
  reserve: Prisma.Sql
  expiresOn: Prisma.Sql
  underSixteen: Prisma.Sql
  /** Left out: as before. */
  representativePresent?: Prisma.Sql
  where?: Prisma.Sql
}

/** The next version after the newest, `c`; what was asked, by whom and how, goes along unchanged. */
async function nextVersion(act: Act, werkcentrumId: string, handOffId: string, next: NextVersion): Promise<void> {
  const change = next.change ?? Prisma.sql`CASE c.change WHEN 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'NARROWED' END`
  const explicit =
    next.explicitCategories ??
    Prisma.sql`(SELECT coalesce(array_agg(e), '{}') FROM unnest(c.explicit_categories) e WHERE e = ANY (${next.categories}))`
  await act.sql.$executeRaw`
    INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, asked_by_role, basis, categories, explicit_categories,
      purposes, reserve_partner_id, asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how,
      wording_version, language, day, expires_on)
    SELECT c.werkcentrum_id, c.hand_off_id, c.version + 1, c.partner_id, ${change}, ${act.capacity.side}, c.asked_by_role, c.basis, ${next.categories},
      ${explicit}, c.purposes, ${next.reserve}, c.asked_for_help, c.in_own_interest, c.refusal_is_free, ${next.underSixteen},
      ${next.representativePresent ?? Prisma.sql`c.representative_present`}, c.given_how, c.wording_version, c.language, ${act.today}::date, ${next.expiresOn}
    FROM (SELECT n.* FROM consent n WHERE n.werkcentrum_id = ${werkcentrumId}::uuid AND n.hand_off_id = ${handOffId}::uuid
      ORDER BY n.version DESC LIMIT 1) c WHERE ${next.where ?? Prisma.sql`true`}`
}
