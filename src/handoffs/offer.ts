// Offering a hand-off: the agreed categories are copied, and only those; the visitor's two codes are made (design 3, 5, 6).
import { isConfidential } from '../access-log/record.js'
import { lockOf } from '../agreements/agreement-state.js'
import { findAgreement } from '../agreements/agreements.js'
import { sharedNote } from '../anonymity/short-text.js'
import type { Shareable } from '../consent/consent.js'
import { checkConsent, mayReadNotes, type NewConsent, writeConsent } from '../consent/record-consent.js'
import { type ContactData, findContact } from '../contacts/contacts.js'
import { isUuid } from '../database/door.js'
import type { PartnerKind } from '../decide/decide.js'
import { badInput, orNotFound, Refusal } from '../errors.js'
import { keyedHash, keyedHashes } from '../identity/pseudonym.js'
import { replayable } from '../operations/idempotency.js'
import { type Act, organisationOf } from '../operations/perform.js'
import type { World } from '../world.js'
import { addWorkingDays, type DayPart, isDay } from './calendar.js'
import { CODE_DAYS, makeFollowUpCode, makeRecognitionCode, readFollowUpCode } from './codes.js'
import { findHandOff, type HandOffData, IS_OPEN_LOOP } from './handoffs.js'
import type { NextStep, SensitiveFact } from './lists.js'
import { addDays } from './loops.js'
import { STEPS } from './steps.js'
import { movedOn, recordEvent, STEP_COLUMNS } from './take-step.js'

export type NextStepInput = { kind: NextStep; day: string | null; dayPart: DayPart | null }

export type NewHandOff = {
  contactId: string
  partnerId: string
  nextStep: NextStepInput
  /** Left out: nothing of the visitor's context goes along. */
  consent: NewConsent | null
  sensitive: SensitiveFact[]
  /** Left out: that of the contact, where consent names it. */
  note: string | null
  idempotencyKey: string | null
}

export type Offered = {
  handOff: HandOffData
  /** Shown once, here; only a keyed hash is kept. Null: the visitor's own code goes on to hold for it. */
  followUpCode: string | null
  alreadyShown: boolean
}

/** @throws Refusal NOT_FOUND, BAD_INPUT, CONSENT_REQUIRED, IDEMPOTENCY_CONFLICT */
export async function offerHandOff(act: Act, { idempotencyKey, ...input }: NewHandOff): Promise<Offered> {
  let followUpCode: string | null = null
  const { reference, replayed } = await replayable(act, idempotencyKey, input, async (id) => {
    const contact = orNotFound(await findContact(act, input.contactId))
    const partner = await findPartner(act, input.partnerId)
    checkNextStep(act, input.nextStep)
    const { consent } = input
    if (consent) {
      checkConsent(act, consent, partner, isUnderSixteen(contact, undefined))
      if (consent.categories.includes('situation') && !contact.situation) throw badInput('There is no situation to share.')
      if (consent.categories.includes('note') && !input.note && !contact.note) throw badInput('There is no note to share.')
    }
    if (partner.kind === 'UNION' && !consent)
      throw new Refusal('CONSENT_REQUIRED', 'A hand-off to a union is stored with explicit consent only.')
    const { note, sensitiveNote } = sharedNote(input.note)
    if ((input.sensitive.length > 0 || sensitiveNote !== null) !== (consent?.categories.includes('sensitive') ?? false))
      throw new Refusal('CONSENT_REQUIRED', STORED_WHEN_AGREED)
    if (note !== null && !consent?.categories.includes('note'))
      throw new Refusal('CONSENT_REQUIRED', 'A note is stored exactly when the visitor agreed to share it.')
    await checkReserve(act, consent, partner.id)
    await refuseTwice(act, contact.id, partner.id)
    followUpCode = await store(act, id, partner, contact, input)
  })
  const handOff = orNotFound(await findHandOff(act, reference))
  return { handOff, followUpCode, alreadyShown: replayed }
}

/** A note can be sensitive, too: by what it hints at. */
export const STORED_WHEN_AGREED =
  'Sensitive facts, and a note that hints at such, are stored exactly when the visitor explicitly agreed to share them.'

/** One question, one partner, one open hand-off: the second would be somebody's double click. */
async function refuseTwice(act: Act, contactId: string, partnerId: string): Promise<void> {
  const there = await act.sql.$queryRaw<unknown[]>`
    SELECT 1 FROM hand_off_origin o JOIN hand_off h ON h.werkcentrum_id = o.werkcentrum_id AND h.id = o.hand_off_id
    WHERE o.werkcentrum_id = ${organisationOf(act)}::uuid AND o.contact_id = ${contactId}::uuid AND o.partner_id = ${partnerId}::uuid AND NOT h.ended
    LIMIT 1`
  if (there.length > 0) throw badInput('This contact was handed over to this partner already, and that hand-off is still open.')
}

async function store(
  act: Act,
  id: string,
  partner: PartnerOfHandOff,
  contact: ContactData,
  input: Omit<NewHandOff, 'idempotencyKey'>,
): Promise<string> {
  const { sql } = act
  const werkcentrumId = organisationOf(act)
  await insertHandOff(act, id, partner, input.nextStep)
  await sql.$executeRaw`
    WITH origin AS (INSERT INTO hand_off_origin (werkcentrum_id, hand_off_id, partner_id, contact_id)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${contact.id}::uuid))
    INSERT INTO hand_off_logistics (werkcentrum_id, hand_off_id, partner_id, desk_id, channel, contact_day, contact_day_part)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${contact.desk.id}::uuid, ${contact.channel}, ${contact.day}::date, ${contact.dayPart})`
  if (input.consent) {
    const target = {
      werkcentrumId,
      handOffId: id,
      partnerId: partner.id,
      partnerKind: partner.kind,
      underSixteen: contact.situation?.age === 'U16',
    }
    await writeConsent(act, target, input.consent, 'GIVEN', 1)
    const { note, sensitiveNote } = sharedNote(input.note)
    const told = { ...contact, note: note ?? (sensitiveNote === null ? contact.note : null) }
    await copyContext(act, id, partner, told, input.consent.categories, { facts: input.sensitive, note: sensitiveNote })
  }
  return makeCode(act, id, partner.id)
}

/** What a visitor told, as far as it is there. */
export type VisitorContext = { [C in 'routing' | 'question' | 'situation' | 'note']: ContactData[C] | null }

type SensitiveContext = { facts: readonly SensitiveFact[]; note: string | null }

/** INVARIANT: what was not agreed is not copied, so it is not there to leak (design 3). */
export async function copyContext(
  act: Act,
  id: string,
  partner: PartnerOfHandOff,
  { routing, question, situation, note }: VisitorContext,
  agreed: readonly Shareable[],
  sensitive: SensitiveContext,
): Promise<void> {
  const { sql } = act
  const werkcentrumId = organisationOf(act)
  if (agreed.includes('routing') && routing)
    await sql.$executeRaw`INSERT INTO hand_off_routing (werkcentrum_id, hand_off_id, partner_id, visitor_kind, origin)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${routing.visitorKind}, ${routing.origin}) ON CONFLICT DO NOTHING`
  if (agreed.includes('question') && question)
    await sql.$executeRaw`INSERT INTO hand_off_question (werkcentrum_id, hand_off_id, partner_id, journey, themes)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${question.journey}, ${question.themes}::text[]) ON CONFLICT DO NOTHING`
  if (agreed.includes('situation') && situation)
    await sql.$executeRaw`INSERT INTO hand_off_situation (werkcentrum_id, hand_off_id, partner_id, work, benefit, age, education, language_help)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${situation.work}, ${situation.benefit}, ${situation.age},
        ${situation.education}, ${situation.languageHelp}) ON CONFLICT DO NOTHING`
  if (agreed.includes('note') && note)
    await sql.$executeRaw`INSERT INTO hand_off_note (werkcentrum_id, hand_off_id, partner_id, note)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${note}) ON CONFLICT DO NOTHING`
  if (agreed.includes('sensitive') && (sensitive.facts.length > 0 || sensitive.note))
    await sql.$executeRaw`INSERT INTO hand_off_sensitive (werkcentrum_id, hand_off_id, partner_id, partner_kind, facts, note)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${partner.kind}, ${[...new Set(sensitive.facts)]}::text[], ${sensitive.note})
      ON CONFLICT DO NOTHING`
}

async function insertHandOff(act: Act, id: string, partner: PartnerOfHandOff, nextStep: NextStepInput): Promise<void> {
  const { sql, today } = act
  const werkcentrumId = organisationOf(act)
  const agreement = await findAgreement(act, werkcentrumId, partner.id)
  // The clocks come from the agreement (design 5); without one in force nothing was promised.
  const inForce = agreement && lockOf(agreement, today) === 'active' ? agreement : null
  const answerDueOn = inForce && addWorkingDays(today, inForce.answerTermDays)
  const firstContactDueOn = inForce && nextStep.day ? addWorkingDays(nextStep.day, inForce.firstContactTermDays) : null
  let recognition = 0
  for (let tries = 0; recognition === 0; tries++) {
    // Taken by another open hand-off at this partner: with 250,000 words-and-words and a number, ten draws in a row are not chance.
    if (tries === 10) throw new Error('no free recognition code in ten draws')
    recognition = await sql.$executeRaw`
      INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part,
        answer_due_on)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${partner.kind}, ${makeRecognitionCode(act.world.random)}, 'OFFERED', ${today}::date,
        ${today}::date, ${act.dayPart}, ${answerDueOn}::date)
      ON CONFLICT (werkcentrum_id, partner_id, recognition_code) WHERE NOT ended OR heard_by_desk DO NOTHING`
  }
  await sql.$executeRaw`INSERT INTO hand_off_next_step (werkcentrum_id, hand_off_id, partner_id, next_step, appointment_day, appointment_day_part, first_contact_due_on)
    VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${partner.id}::uuid, ${nextStep.kind}, ${nextStep.day}::date, ${nextStep.dayPart}, ${firstContactDueOn}::date)`
  await recordEvent(act, id, { step: 'offer', heardByDesk: false, reason: null })
}

async function makeCode(act: Act, id: string, partnerId: string): Promise<string> {
  const code = makeFollowUpCode(act.world.random)
  const plain = readFollowUpCode(code)
  if (plain === undefined) throw new Error('made a follow-up code that cannot be read')
  await act.sql.$executeRaw`INSERT INTO follow_up_code (werkcentrum_id, hand_off_id, partner_id, hash, expires_on)
    VALUES (${organisationOf(act)}::uuid, ${id}::uuid, ${partnerId}::uuid, ${keyedHash(act.world.keys, 'follow-up-code', plain)},
      ${addDays(act.today, CODE_DAYS)}::date)`
  return code
}

type PartnerOfHandOff = { id: string; kind: PartnerKind }

/** @throws Refusal NOT_FOUND */
async function findPartner(act: Act, id: string): Promise<PartnerOfHandOff> {
  const partner = orNotFound(
    isUuid(id) ? await act.sql.partner.findUnique({ where: { id }, select: { id: true, kind: true } }) : null,
  )
  const { kind } = partner as PartnerOfHandOff
  // Also when it is refused: that somebody would go to a union is as sensitive as that they did.
  if (isConfidential(kind)) act.notes.confidential = true
  return { id, kind }
}

function checkNextStep(act: Act, { kind, day, dayPart }: NextStepInput): void {
  if ((kind === 'APPOINTMENT') !== (day !== null) || (day === null) !== (dayPart === null))
    throw badInput('nextStep has a day and a dayPart exactly when it is an APPOINTMENT.')
  if (day !== null && (!isDay(day) || day < act.today || day > addDays(act.today, 366)))
    throw badInput('nextStep.day must be a day from today on, within a year, as YYYY-MM-DD.')
}

/** @throws Refusal NOT_FOUND, BAD_INPUT */
export async function checkReserve(act: Act, consent: NewConsent | null, partnerId: string): Promise<void> {
  if (!consent?.reservePartnerId) return
  const reserve = await findPartner(act, consent.reservePartnerId)
  if (reserve.id === partnerId) throw badInput('reservePartnerId must be another partner.')
  if (reserve.kind === 'UNION') throw badInput('A union cannot be a reserve: a hand-off to it needs explicit consent of its own.')
}

export type Forwarding = {
  handOffId: string
  partnerId: string
  nextStep: NextStepInput
  /** The visitor's own code: needed for a partner that the first consent did not name as reserve. */
  followUpCode: string | null
  consent: NewConsent | null
  idempotencyKey: string | null
}

/** The hashes to open the transaction with, so that the desk can prove that the visitor is there with the code. */
export const hashesOf = (world: Pick<World, 'keys'>, followUpCode: string | null): string[] => {
  if (followUpCode === null) return []
  // A mistyped code is looked up like any other, as one that is nobody's, so that both are answered by the same path.
  return keyedHashes(world.keys, 'follow-up-code', readFollowUpCode(followUpCode) ?? 'mistyped')
}

/**
 * Ends this hand-off and offers the question to another partner, with a consent that names it: the reserve of the first consent,
 * or a new consent given with the visitor's code (invariants 9 and 18).
 * @throws Refusal NOT_FOUND, HANDOFF_MOVED_ON, CONSENT_REQUIRED, BAD_INPUT
 */
export async function forwardHandOff(act: Act, { idempotencyKey, ...input }: Forwarding): Promise<Offered> {
  let followUpCode: string | null = null
  const { reference, replayed } = await replayable(act, idempotencyKey, input, async (id) => {
    followUpCode = await forward(act, id, input)
  })
  const handOff = orNotFound(await findHandOff(act, reference))
  return { handOff, followUpCode, alreadyShown: replayed }
}

async function forward(act: Act, id: string, input: Omit<Forwarding, 'idempotencyKey'>): Promise<string | null> {
  const { sql } = act
  const werkcentrumId = organisationOf(act)
  const from = orNotFound(await findHandOff(act, input.handOffId))
  if (from.partner.id === input.partnerId) throw badInput('partnerId must be another partner.')
  const partner = await findPartner(act, input.partnerId)
  // AVG art. 9: that it comes from a union, or goes to one, would show by what others do not see of it.
  if (from.partner.kind === 'UNION' || partner.kind === 'UNION')
    throw badInput('A hand-off to a union is one of its own: withdraw this one, and offer it anew.')
  checkNextStep(act, input.nextStep)

  const moved = await sql.$executeRaw`
    UPDATE hand_off h SET state = 'FORWARDED', ${STEP_COLUMNS(act)}, reason = NULL, heard_by_desk = false
    WHERE h.werkcentrum_id = ${werkcentrumId}::uuid AND h.id = ${from.id}::uuid AND h.state = ANY (${[...STEPS.forward.from]}::text[])
      AND ${IS_OPEN_LOOP(act)}`
  if (moved === 0) throw await movedOn(act, from.id)
  await recordEvent(act, from.id, { step: 'forward', heardByDesk: false, reason: null })

  const consent = await consentToForward(act, from.id, partner, input)
  await insertHandOff(act, id, partner, input.nextStep)
  await sql.$executeRaw`
    WITH origin AS (INSERT INTO hand_off_origin (werkcentrum_id, hand_off_id, partner_id, contact_id, forwarded_from)
      SELECT o.werkcentrum_id, ${id}::uuid, ${partner.id}::uuid, NULL, o.hand_off_id FROM hand_off_origin o
      WHERE o.werkcentrum_id = ${werkcentrumId}::uuid AND o.hand_off_id = ${from.id}::uuid)
    INSERT INTO hand_off_logistics (werkcentrum_id, hand_off_id, partner_id, desk_id, channel, contact_day, contact_day_part)
      SELECT l.werkcentrum_id, ${id}::uuid, ${partner.id}::uuid, l.desk_id, l.channel, l.contact_day, l.contact_day_part FROM hand_off_logistics l
      WHERE l.werkcentrum_id = ${werkcentrumId}::uuid AND l.hand_off_id = ${from.id}::uuid`
  if (consent) {
    const target = {
      werkcentrumId,
      handOffId: id,
      partnerId: partner.id,
      partnerKind: partner.kind,
      underSixteen: consent.underSixteen,
    }
    await writeConsent(act, target, consent, 'GIVEN', 1)
    await copyFromHandOff(act, from.id, id, partner, consent)
  }
  // With a new consent the visitor is there, and gets a new code. Else the code they have follows the question.
  if (input.consent) return makeCode(act, id, partner.id)
  await sql.$queryRaw`SELECT keep_code(${from.id}::uuid, ${id}::uuid)`
  return null
}

/** `contact`: where what is newly agreed to can be copied from, as long as it can be read. */
type ForwardedConsent = NewConsent & { underSixteen: boolean; contact: ContactData | undefined }

/** The consent that goes along with a forwarded hand-off; null when nothing of the context goes along. */
async function consentToForward(
  act: Act,
  fromId: string,
  partner: PartnerOfHandOff,
  { followUpCode, consent }: Pick<Forwarding, 'followUpCode' | 'consent'>,
): Promise<ForwardedConsent | null> {
  const [current] = await act.sql.$queryRaw<StoredConsent[]>`
    SELECT c.change, c.categories, c.explicit_categories, c.reserve_partner_id::text AS reserve_partner_id, c.under_sixteen, c.representative_present,
      c.given_how, c.wording_version, c.language, c.expires_on::text AS expires_on, c.expires_on > ${act.today}::date AS lasts
    FROM consent c WHERE c.werkcentrum_id = ${organisationOf(act)}::uuid AND c.hand_off_id = ${fromId}::uuid ORDER BY c.version DESC LIMIT 1`
  const stands = current && current.change !== 'WITHDRAWN' && current.lasts
  if (consent) {
    if (!(await isCodeOf(act, fromId, followUpCode)))
      throw new Refusal('CONSENT_REQUIRED', 'Consent for another partner is given with the follow-up code of this hand-off.')
    const contact = await contactOf(act, fromId)
    const underSixteen = isUnderSixteen(contact, current?.under_sixteen)
    checkConsent(act, consent, partner, underSixteen)
    await checkReserve(act, consent, partner.id)
    return { ...consent, contact, underSixteen }
  }
  if (!stands || current.reserve_partner_id !== partner.id)
    throw new Refusal('CONSENT_REQUIRED', 'The visitor did not name this partner: ask consent, with the follow-up code.')
  // A reserve was named aloud; that sensitive facts go there too was not.
  const isOrdinary = (category: Shareable) => category !== 'sensitive' && (category !== 'note' || mayReadNotes(act, partner.kind))
  return {
    categories: current.categories.filter(isOrdinary),
    explicitCategories: current.explicit_categories.filter(isOrdinary),
    reservePartnerId: null,
    // No longer than was agreed to: what the reserve gets is not a new consent.
    expiresOn: current.expires_on,
    askedForHelp: true,
    inOwnInterest: true,
    refusalIsFree: true,
    representativePresent: current.representative_present,
    givenHow: current.given_how,
    wordingVersion: current.wording_version,
    language: current.language,
    underSixteen: current.under_sixteen,
    contact: undefined,
  }
}

type StoredConsent = {
  change: string
  categories: Shareable[]
  explicit_categories: Shareable[]
  reserve_partner_id: string | null
  under_sixteen: boolean
  representative_present: boolean
  given_how: NewConsent['givenHow']
  wording_version: string
  language: string
  expires_on: string
  lasts: boolean
}

/** Row-level security shows the desk a code only if its hash was presented with this very request. */
export async function isCodeOf(act: Act, handOffId: string, followUpCode: string | null): Promise<boolean> {
  if (!isUuid(handOffId)) return false
  const hashes = hashesOf(act.world, followUpCode)
  const found = await act.sql.$queryRaw<unknown[]>`SELECT 1 FROM follow_up_code c
    WHERE c.werkcentrum_id = ${organisationOf(act)}::uuid AND c.hand_off_id = ${handOffId}::uuid AND c.hash = ANY (${hashes}::text[])
      AND c.expires_on > ${act.today}::date`
  return found.length > 0
}

/**
 * What the old hand-off still holds the database copies by itself: after the end the desk may not see it, and need not. The rest comes from
 * the contact, as long as that can be read. @throws Refusal BAD_INPUT when something is agreed to that is no longer there to share.
 */
async function copyFromHandOff(
  act: Act,
  fromId: string,
  id: string,
  partner: PartnerOfHandOff,
  { categories, contact }: ForwardedConsent,
): Promise<void> {
  const [row] = await act.sql.$queryRaw<{ copied: string[] }[]>`
    SELECT copy_forwarded_context(${fromId}::uuid, ${id}::uuid) AS copied`
  const rest = categories.filter((category) => !row!.copied.includes(category))
  const there = contextOf(contact)
  const missing = rest.find((category) => category !== 'outcome' && !there[category as keyof VisitorContext])
  if (missing) throw badInput(`consent.categories names ${missing}, which is no longer there to share.`)
  await copyContext(act, id, partner, there, rest, { facts: [], note: null })
}

/** What can still be copied of a contact; of one that cannot be read any more, nothing. */
export const contextOf = (contact: ContactData | undefined): VisitorContext => ({
  routing: contact?.routing ?? null,
  question: contact?.question ?? null,
  situation: contact?.situation ?? null,
  note: contact?.note ?? null,
})

/** The contact that a hand-off was made of, as long as it can be read: on its own day. */
export async function contactOf(act: Act, handOffId: string): Promise<ContactData | undefined> {
  const [origin] = await act.sql.$queryRaw<{ contact_id: string | null }[]>`
    SELECT o.contact_id FROM hand_off_origin o WHERE o.werkcentrum_id = ${organisationOf(act)}::uuid AND o.hand_off_id = ${handOffId}::uuid`
  return origin?.contact_id ? findContact(act, origin.contact_id) : undefined
}

/**
 * Without the contact the age is not known any more; a first consent is then taken as that of somebody below sixteen. Once below sixteen
 * is below sixteen for this hand-off, also when the contact says otherwise: it may have been corrected since.
 */
export const isUnderSixteen = (contact: ContactData | undefined, before: boolean | undefined): boolean =>
  before === true || (contact ? contact.situation?.age === 'U16' : before === undefined)
