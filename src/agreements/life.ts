// The life of an agreement: drafted, advised on, signed by both sides, suspended, ended; every step in one order per pair (design 3).
import { isUuid } from '../database/door.js'
import type { PartnerKind } from '../decide/decide.js'
import { badInput, notFound, orNotFound, Refusal } from '../errors.js'
import { keyedHashes } from '../identity/pseudonym.js'
import { type Act, organisationOf } from '../operations/perform.js'
import {
  type AgreementRole,
  type AgreementSide,
  type AgreementStep,
  afterStep,
  type Obstacle,
  type Stand,
} from './agreement-state.js'
import { type AgreementData, basesThatPolicyKnows, readAgreement } from './agreements.js'
import { cellsIn } from './csv.js'
import { inOrder, mistakeIn, type Terms } from './terms.js'
import type { EndReason, SuspendReason } from './words.js'

export type TermsInput = Omit<Terms, 'cells' | 'legalBasisVersion'> & {
  /** Exactly one of the two. */
  cells: readonly { category: string; purposes: readonly string[] }[] | null
  csv: string | null
}

/** What somebody believes: a step on an outdated view is refused. */
type View = { termsHash?: string | null; ifState?: Stand | null }

/**
 * A new version by a signatory of either side; it opens nothing. `other` is the organisation on the other side.
 * @throws Refusal BAD_INPUT, NOT_FOUND for an organisation that is not there.
 */
export async function draftAgreement(
  act: Act,
  other: { werkcentrumId: string | null; partnerId: string | null },
  input: TermsInput,
) {
  const atDesk = sideOf(act) === 'WERKCENTRUM'
  const [given, own] = atDesk ? [other.partnerId, other.werkcentrumId] : [other.werkcentrumId, other.partnerId]
  if (given === null || own !== null)
    throw badInput('Name the other side, and it alone: partnerId from a werkcentrum, werkcentrumId from a partner.')
  const checked = checkedTerms(act, input)
  const [werkcentrumId, partnerId] = atDesk ? [organisationOf(act), given] : [given, organisationOf(act)]
  const terms = withBasis(act, checked, await checkParties(act, werkcentrumId, partnerId, checked))
  const id = act.world.newId()
  // The number of the version comes from the database, which knows of two drafts at once.
  await act.sql.$executeRaw`
    INSERT INTO agreement (werkcentrum_id, id, partner_id, cells, legal_basis, legal_basis_version, answer_term_days, first_contact_term_days,
      contact_point, document_reference, review_on, valid_from, valid_to)
    VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partnerId}::uuid, ${terms.cells}, ${terms.legalBasis}, ${terms.legalBasisVersion},
      ${terms.answerTermDays}, ${terms.firstContactTermDays}, ${terms.contactPoint}, ${terms.documentReference}, ${terms.reviewOn}::date,
      ${terms.validFrom}::date, ${terms.validTo}::date)`
  await writeParties(act, werkcentrumId, id, terms)
  await record(act, { werkcentrumId, partnerId, id, events: 0 }, { step: 'draft' })
  return reread(act, id)
}

/** Other terms for a draft. Advice and signatures on the earlier ones no longer count, because they name another hash. */
export async function amendAgreement(act: Act, id: string, input: TermsInput, view: View = {}): Promise<AgreementData> {
  const agreement = await locked(act, id, view)
  refuse(agreement, attempt(act, agreement, { step: 'amend' }))
  const checked = checkedTerms(act, input)
  const werkcentrumId = agreement.werkcentrum.id
  const terms = withBasis(act, checked, await checkParties(act, werkcentrumId, agreement.partner.id, checked))
  await act.sql.$executeRaw`
    UPDATE agreement SET cells = ${terms.cells}, legal_basis = ${terms.legalBasis}, legal_basis_version = ${terms.legalBasisVersion},
      answer_term_days = ${terms.answerTermDays}, first_contact_term_days = ${terms.firstContactTermDays}, contact_point = ${terms.contactPoint},
      document_reference = ${terms.documentReference}, review_on = ${terms.reviewOn}::date, valid_from = ${terms.validFrom}::date,
      valid_to = ${terms.validTo}::date
    WHERE werkcentrum_id = ${werkcentrumId}::uuid AND id = ${id}::uuid`
  await act.sql
    .$executeRaw`DELETE FROM agreement_party WHERE werkcentrum_id = ${werkcentrumId}::uuid AND agreement_id = ${id}::uuid`
  await writeParties(act, werkcentrumId, id, terms)
  await record(act, placeOf(agreement), { step: 'amend' })
  return reread(act, id)
}

/** What a privacy officer thinks of exactly these terms. No veto (AVG art. 38(6), 39), but nobody signs before both have said it. */
export async function adviseOnAgreement(act: Act, id: string, advice: 'AGREES' | 'OBJECTS', view: View): Promise<AgreementData> {
  const agreement = await locked(act, id, view)
  refuse(agreement, attempt(act, agreement, { step: 'advise', termsHash: view.termsHash ?? '' }))
  await record(act, placeOf(agreement), { step: 'advise', advice, termsHash: agreement.termsHash })
  return reread(act, id)
}

/** The signature of one side, for one legal person of that side. The second one makes the agreement ACTIVE. */
export async function signAgreement(act: Act, id: string, onBehalfOf: string, view: View): Promise<AgreementData> {
  const agreement = await locked(act, id, view)
  const [compared] = await act.sql.$queryRaw<{ said: 'yes' | 'no' | 'unknown' }[]>`
    SELECT agreement_signed_by(${agreement.werkcentrum.id}::uuid, ${id}::uuid, ${sideOf(act)}, ${personHashes(act)}::text[]) AS said`
  const isSamePerson = compared?.said !== 'no'
  refuse(agreement, attempt(act, agreement, { step: 'sign', termsHash: view.termsHash ?? '', onBehalfOf, isSamePerson }))
  await record(act, placeOf(agreement), { step: 'sign', onBehalfOf, termsHash: agreement.termsHash })
  return reread(act, id)
}

/** Closes the lock on the next read, and that of every later version that was signed. Signatures given before it no longer count. */
export async function suspendAgreement(act: Act, id: string, reason: SuspendReason, view: View = {}): Promise<AgreementData> {
  const agreement = await locked(act, id, view)
  refuse(agreement, attempt(act, agreement, { step: 'suspend' }))
  await record(act, placeOf(agreement), { step: 'suspend', reason })
  return reread(act, id)
}

/** Closes the lock for good. */
export async function endAgreement(act: Act, id: string, reason: EndReason, view: View = {}): Promise<AgreementData> {
  const agreement = await locked(act, id, view)
  refuse(agreement, attempt(act, agreement, { step: 'end' }))
  await record(act, placeOf(agreement), { step: 'end', reason })
  return reread(act, id)
}

/* One order. */

/** Waits for whoever is busy with an agreement of this pair, and then reads it as that one left it. */
async function locked(act: Act, id: string, { termsHash, ifState }: View): Promise<AgreementData> {
  if (!isUuid(id)) throw notFound()
  const [lock] = await act.sql.$queryRaw<{ found: boolean }[]>`SELECT lock_agreement(${id}::uuid) AS found`
  const agreement = orNotFound(lock?.found ? await readAgreement(act, id) : undefined)
  if ((ifState && ifState !== agreement.state) || (termsHash && termsHash !== agreement.termsHash)) throw movedOn(agreement)
  return agreement
}

const movedOn = ({ state }: AgreementData) =>
  new Refusal('AGREEMENT_MOVED_ON', 'The agreement is no longer what you read: read it again.', { state })

function attempt(act: Act, agreement: AgreementData, details: Omit<Parameters<typeof afterStep>[1], 'side' | 'role'>) {
  const ids = (parties: readonly { id: string }[]) => parties.map((party) => party.id)
  const living = {
    ...agreement,
    events: agreement.story,
    parties: { WERKCENTRUM: ids(agreement.controllers), PARTNER: ids(agreement.actingFor) },
  }
  return afterStep(living, { ...details, side: sideOf(act), role: act.role as AgreementRole }, act.today)
}

const OBSTACLES: Readonly<Record<Exclude<Obstacle, 'wrong-state' | 'other-terms' | 'signed-already'>, string>> = {
  'wrong-role': 'Your capacity may not take this step.',
  expired: 'The last day of this agreement has passed: draft a new version.',
  'advice-missing': 'The privacy officers of both sides must have advised on these terms before anybody signs.',
  'no-party': 'onBehalfOf must be a legal person of your own side of this agreement.',
  'same-legal-person': 'The other side has signed for this legal person: the two signatures must bind two different ones.',
  'same-person': 'The two signatures must be given by two different people.',
}

function refuse(agreement: AgreementData, outcome: ReturnType<typeof afterStep>): void {
  if (typeof outcome === 'string') return
  const { obstacle } = outcome
  if (obstacle === 'wrong-state' || obstacle === 'other-terms' || obstacle === 'signed-already') throw movedOn(agreement)
  throw badInput(OBSTACLES[obstacle])
}

type Place = { werkcentrumId: string; partnerId: string; id: string; events: number }
const placeOf = ({ werkcentrum, partner, id, events }: AgreementData): Place => ({
  werkcentrumId: werkcentrum.id,
  partnerId: partner.id,
  id,
  events,
})

type Step = { step: AgreementStep; onBehalfOf?: string; advice?: string; reason?: string; termsHash?: string }

/** Who it was goes before what it was: the database looks there. It gives the event its number, and the agreement its state. */
async function record(act: Act, { werkcentrumId, partnerId, id, events }: Place, { step, ...details }: Step): Promise<void> {
  await act.sql.$executeRaw`
    INSERT INTO agreement_event_person (werkcentrum_id, agreement_id, number, person)
    SELECT ${werkcentrumId}::uuid, ${id}::uuid, ${events + 1}, p FROM unnest(${personHashes(act)}::text[]) p`
  await act.sql.$executeRaw`
    INSERT INTO agreement_event (werkcentrum_id, agreement_id, partner_id, step, by_side, by_role, on_behalf_of, advice, reason, terms_hash, at)
    VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partnerId}::uuid, ${step}, ${sideOf(act)}, ${act.role}, ${details.onBehalfOf ?? null}::uuid,
      ${details.advice ?? null}, ${details.reason ?? null}, ${details.termsHash ?? null}, ${act.at.toISOString()}::timestamptz)`
}

async function reread(act: Act, id: string): Promise<AgreementData> {
  return orNotFound(await readAgreement(act, id))
}

function sideOf({ capacity }: Act): AgreementSide {
  if (capacity.side !== 'WERKCENTRUM' && capacity.side !== 'PARTNER') throw notFound()
  return capacity.side
}

/** The same for one person in two organisations: under every key of the ring, so that a new key hides nobody. */
function personHashes({ world, capacity }: Act): string[] {
  if (!('subject' in capacity)) throw notFound()
  return keyedHashes(world.keys, 'person', capacity.subject)
}

/* Terms. */

type WithoutBasis = Omit<Terms, 'legalBasisVersion'>

function checkedTerms(act: Act, { cells, csv, ...input }: TermsInput): WithoutBasis {
  const terms = { ...input, cells: cellsOf(cells, csv) }
  const mistake = mistakeIn(terms, act.today)
  if (mistake) throw badInput(mistake)
  return { ...terms, cells: inOrder(terms.cells) }
}

/** On what no rule shares under an agreement with this kind of partner, no agreement can rest. */
function withBasis(act: Act, terms: WithoutBasis, kind: PartnerKind): Terms {
  const { sharing } = act.world.policies
  const known = basesThatPolicyKnows(sharing, kind)
  const basis = known.includes(terms.legalBasis) ? sharing.bases.get(terms.legalBasis) : undefined
  if (!basis) throw badInput(`legalBasis must be one of ${known.join(', ')}: those of the policy for this kind of partner.`)
  return { ...terms, legalBasisVersion: basis.version }
}

function cellsOf(cells: TermsInput['cells'], csv: string | null): string[] {
  if ((cells === null) === (csv === null)) throw badInput('Give either cells or csv.')
  if (cells !== null) return cells.flatMap(({ category, purposes }) => purposes.map((purpose) => `${category} ${purpose}`))
  const read = cellsIn(csv ?? '')
  if ('mistakes' in read) throw badInput(read.mistakes.slice(0, 10).join(' '))
  return read.cells
}

/** Parties are controllers, so legal persons: a partnership names those it acts for (design 6). Gives the kind of the partner. */
async function checkParties(
  act: Act,
  werkcentrumId: string,
  partnerId: string,
  { controllers, actingFor }: WithoutBasis,
): Promise<PartnerKind> {
  if (![werkcentrumId, partnerId].every(isUuid)) throw notFound()
  const [known] = await act.sql.$queryRaw<
    { werkcentrum: boolean; partner: boolean | null; kind: PartnerKind | null; controllers: string[]; members: string[] }[]
  >`
    SELECT EXISTS (SELECT FROM werkcentrum WHERE id = ${werkcentrumId}::uuid) AS werkcentrum,
      (SELECT legal_person FROM partner WHERE id = ${partnerId}::uuid) AS partner,
      (SELECT kind FROM partner WHERE id = ${partnerId}::uuid) AS kind,
      ARRAY(SELECT partner_id::text FROM controller WHERE werkcentrum_id = ${werkcentrumId}::uuid) AS controllers,
      ARRAY(SELECT member_id::text FROM partner_acts_for WHERE partner_id = ${partnerId}::uuid) AS members`
  if (!known?.werkcentrum || known.partner === null || known.kind === null) throw notFound()
  if (!controllers.every((id) => known.controllers.includes(id)))
    throw badInput('controllers must be controllers of this werkcentrum.')
  if (known.partner ? actingFor.length !== 1 || actingFor[0] !== partnerId : !actingFor.every((id) => known.members.includes(id)))
    throw badInput(
      known.partner
        ? 'actingFor must name this partner: a legal person acts for itself.'
        : 'actingFor must name legal persons that this partnership acts for.',
    )
  return known.kind
}

async function writeParties(act: Act, werkcentrumId: string, id: string, { controllers, actingFor }: Terms): Promise<void> {
  await act.sql.$executeRaw`
    INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side)
    SELECT ${werkcentrumId}::uuid, ${id}::uuid, p, 'WERKCENTRUM' FROM unnest(${[...controllers]}::uuid[]) p
    UNION ALL SELECT ${werkcentrumId}::uuid, ${id}::uuid, p, 'PARTNER' FROM unnest(${[...actingFor]}::uuid[]) p`
}
