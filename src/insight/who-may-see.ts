// For privacy officers: may this role see this of that hand-off, then or now, and who may? (AVG art. 5(2), 7(1))

import { ownParts } from '../access-log/access-log.js'
import type { AgreementFacts } from '../agreements/agreement-state.js'
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { asInstant } from '../database/rows.js'
import type { Category, PartnerKind, Purpose, Role } from '../decide/decide.js'
import type { Sharing } from '../decide/policy-files.js'
import { sentenceOf } from '../decide/sentence.js'
import { badInput, orNotFound } from '../errors.js'
import { dutchToday, isDay } from '../handoffs/calendar.js'
import { findHandOff, type HandOffData } from '../handoffs/handoffs.js'
import type { State } from '../handoffs/lists.js'
import type { Act } from '../operations/perform.js'
import { type Answer, explain, inTheWay, type LockState, purposesOf, standingOf, stateOn } from './explain.js'
import { agreementNow, agreementOn, type ConsentVersion, consentOn, type Standing } from './facts.js'
import { type PolicyVersion, readAgreements, readConsents, readVersion } from './log-pages.js'

type WhatIsAsked = { field: string | null; category: Category | null }

export type AccessQuestion = WhatIsAsked & {
  handOffId: string
  role: Role | 'NOBODY'
  /** Whose HANDLER, PRIVACY_OFFICER or SIGNATORY; left out: of the hand-off's partner, or of the own organisation. */
  partnerId: string | null
  purpose: Purpose | null
  on: string | null
}

/** What stood around a hand-off at one moment. */
type Moment = Readonly<{
  handOff: HandOffData
  partnerKind: PartnerKind
  day: string
  /** Undefined: it was not there yet. */
  stood: { state: State; outcomeHeardByDesk: boolean } | undefined
  agreement: AgreementFacts | null
  consent: ConsentVersion | null
  policyHash: string
  /** When the log shows this policy in use; null: no record that says so, so it is the policy of now. */
  policySeenAt: string | null
  policy: PolicyVersion
}>

type AnswerData = Omit<Answer, 'question' | 'locks'> & {
  purpose: Purpose
  sentence: string
  agreement: string
  consent: string
  explicit: boolean
  locks: (LockState & { sentence: string })[]
}

export type ExplanationData = {
  day: string
  existed: boolean
  role: Role
  organisation: string | null
  relation: string
  category: Category
  fields: string[]
  agreementId: string | null
  agreementVersion: number | null
  consentVersion: number | null
  policyHash: string
  policySeenAt: string | null
  answers: AnswerData[]
}

/**
 * @throws Refusal NOT_FOUND for a hand-off that is not of the own organisation, or to a union; BAD_INPUT for what cannot be asked, which is
 * found out before the hand-off is looked for.
 */
export async function explainAccess(act: Act, question: AccessQuestion): Promise<ExplanationData> {
  const category = categoryOf(act, question)
  const asker = checkAsker(act, question)
  const day = checkDay(act, question.on)
  const { handOff, ...moment } = await momentOf(act, question.handOffId, day)
  const partner = question.partnerId === null ? null : await nameOfPartner(act, question.partnerId)
  const isInvolved = partner === null || question.partnerId === handOff.partner.id
  const standing = standingOf({ role: asker.role, isInvolved }, moment.stood, moment)
  const purposes = question.purpose ? [question.purpose] : purposesOf(moment.policy.actions, asker.role)
  return {
    ...common(moment),
    role: asker.role,
    organisation: partner ?? organisationName(handOff, asker.side),
    relation: standing.relation,
    category,
    fields: fieldsIn(act, category),
    answers: purposes.map((purpose) => answerFor(moment.policy, standing, category, purpose)),
  }
}

type SeerData = AnswerData & { role: Role; organisation: string | null; relation: string }

export type SeersData = Omit<ExplanationData, 'role' | 'organisation' | 'relation' | 'answers'> & {
  /** Who may see it. */
  may: SeerData[]
  /** Who could if every lock in `locks` were opened; the policy itself has no objection. */
  mightIfOpened: SeerData[]
}

/** The same, the other way round. A partner's officer hears of the own organisation alone. @throws Refusal NOT_FOUND, BAD_INPUT */
export async function whoMaySee(act: Act, asked: WhatIsAsked & { handOffId: string; on: string | null }): Promise<SeersData> {
  const category = categoryOf(act, asked)
  const day = checkDay(act, asked.on)
  const { handOff, ...moment } = await momentOf(act, asked.handOffId, day)
  const may: SeerData[] = []
  const mightIfOpened: SeerData[] = []
  for (const { role, side } of ASKERS) {
    if (act.capacity.side === 'PARTNER' && side !== 'PARTNER') continue
    const standing = standingOf({ role, isInvolved: true }, moment.stood, moment)
    for (const purpose of purposesOf(moment.policy.actions, role)) {
      const answer = explain(moment.policy.decide, standing, category, purpose)
      const who = { role, organisation: organisationName(handOff, side), relation: standing.relation }
      const told = { ...who, ...inWords(moment.policy.sharing, answer) }
      if (answer.allowed) may.push(told)
      const closed = inTheWay(answer).map(({ rule }) => rule)
      if (closed.length > 0) mightIfOpened.push({ ...told, locks: told.locks.filter(({ rule }) => closed.includes(rule)) })
    }
  }
  return { ...common(moment), category, fields: fieldsIn(act, category), may, mightIfOpened }
}

/* Who and what is asked about. */

type Side = 'WERKCENTRUM' | 'PARTNER' | 'VISITOR'

const ASKERS: readonly { role: Role; side: Side }[] = [
  { role: 'GUIDE', side: 'WERKCENTRUM' },
  { role: 'COORDINATOR', side: 'WERKCENTRUM' },
  { role: 'PRIVACY_OFFICER', side: 'WERKCENTRUM' },
  { role: 'SIGNATORY', side: 'WERKCENTRUM' },
  { role: 'HANDLER', side: 'PARTNER' },
  { role: 'PRIVACY_OFFICER', side: 'PARTNER' },
  { role: 'SIGNATORY', side: 'PARTNER' },
  { role: 'CODE_HOLDER', side: 'VISITOR' },
]

/** Which side is meant by a role; without a partner named, an officer or signatory is of the own side. */
function checkAsker(act: Act, { role, partnerId }: AccessQuestion): { role: Role; side: Side } {
  const own = act.capacity.side
  const sides = ASKERS.filter((asker) => asker.role === role).map(({ side }) => side)
  if (role === 'NOBODY' || sides.length === 0) throw badInput('role must be one that somebody can have: NOBODY sees nothing.')
  if (own === 'PARTNER') {
    const isOwn = partnerId === null || ('organisationId' in act.capacity && partnerId === act.capacity.organisationId)
    // What the desk or the visitor may see would tell the partner what the visitor agreed to.
    if (!isOwn || !sides.includes('PARTNER'))
      throw badInput('Ask about the roles of your own organisation: HANDLER, PRIVACY_OFFICER or SIGNATORY.')
    return { role, side: 'PARTNER' }
  }
  if (partnerId === null) return { role, side: sides[0]! }
  if (!sides.includes('PARTNER')) throw badInput('partnerId goes with HANDLER, PRIVACY_OFFICER or SIGNATORY.')
  return { role, side: 'PARTNER' }
}

/** @throws Refusal BAD_INPUT that names what there is */
function categoryOf(act: Act, { field, category }: WhatIsAsked): Category {
  if ((field === null) === (category === null)) throw badInput('Give either a field or a category.')
  if (category !== null) return category
  const fields = act.fields.governed.get('HandOff') ?? new Map<string, Category | 'open'>()
  const found = fields.get(field!)
  if (found && found !== 'open') return found
  const names = [...fields].filter(([, category]) => category !== 'open').map(([name]) => name)
  throw badInput(`A hand-off has no such governed field. It has: ${names.join(', ')}.`)
}

const fieldsIn = (act: Act, category: Category): string[] =>
  [...(act.fields.governed.get('HandOff') ?? [])].filter(([, of]) => of === category).map(([name]) => name)

function checkDay(act: Act, on: string | null): string {
  if (on === null) return act.today
  if (!isDay(on) || on > act.today) throw badInput('on must be a day that has come, as YYYY-MM-DD.')
  return on
}

/** @throws Refusal BAD_INPUT: which partners there are is no secret */
async function nameOfPartner(act: Act, id: string): Promise<string> {
  const partner = isUuid(id) ? await act.sql.partner.findUnique({ where: { id }, select: { name: true } }) : null
  if (!partner) throw badInput('partnerId is not a partner.')
  return partner.name
}

const organisationName = ({ werkcentrum, partner }: HandOffData, side: Side): string | null =>
  side === 'WERKCENTRUM' ? werkcentrum.name : side === 'PARTNER' ? partner.name : null

/* What stood then. */

/** `day` is today for the state of this moment, or an earlier one for the state at its end. @throws Refusal NOT_FOUND */
async function momentOf(act: Act, handOffId: string, day: string): Promise<Moment> {
  // The same way in as for everybody: what the officer does not see does not exist, and that the officer looked is in the log.
  const handOff = orNotFound(await findHandOff(act, handOffId))
  const { werkcentrum, partner } = handOff
  const isNow = day === act.today
  const agreements = await readAgreements(
    act.sql,
    Prisma.sql`a.werkcentrum_id = ${werkcentrum.id}::uuid AND a.partner_id = ${partner.id}::uuid`,
  )
  const consents = new Map<string, ConsentVersion[]>()
  await readConsents(act.sql, [{ werkcentrumId: werkcentrum.id, handOffId: handOff.id }], consents)
  const versions = consents.get(handOff.id) ?? []
  const seen = isNow ? undefined : await policySeenOn(act, day)
  const policy = seen && (await readVersion(act, seen.policyHash))
  const { hash, sharing, actions } = act.world.policies
  const told = stateOn(handOff, day)
  return {
    handOff,
    partnerKind: partner.kind as PartnerKind,
    day,
    stood: told && (isNow ? { ...told, state: handOff.state } : told),
    agreement: isNow
      ? agreementNow([...agreements.values()], day)
      : agreementOn([...agreements.values()], day, (at) => dutchToday(new Date(at)).day <= day),
    consent: isNow ? (versions.at(-1) ?? null) : consentOn(versions, day),
    policyHash: policy ? seen.policyHash : hash,
    policySeenAt: policy ? seen.at : null,
    policy: policy ?? { sharing, actions, decide: act.decide },
  }
}

/** The last record of the own log until the end of that day: it names the policy that was in use. */
async function policySeenOn(act: Act, day: string): Promise<{ policyHash: string; at: string } | undefined> {
  const [record] = await act.sql.$queryRaw<{ policyHash: string; at: string }[]>`
    WITH p AS MATERIALIZED (SELECT p.at, p.record_id FROM access_record_part p
      WHERE ${ownParts(act)} AND p.at < ((${day}::date + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam')
      ORDER BY p.at DESC, p.record_id DESC, p.number DESC LIMIT 1)
    SELECT r.policy_hash AS "policyHash", ${asInstant(Prisma.sql`r.at`)} AS at
    FROM p JOIN access_record r ON r.at = p.at AND r.id = p.record_id`
  return record
}

const common = ({ day, stood, agreement, consent, policyHash, policySeenAt }: Omit<Moment, 'handOff'>) => ({
  day,
  existed: stood !== undefined,
  agreementId: agreement?.id ?? null,
  agreementVersion: agreement?.version ?? null,
  consentVersion: consent?.version ?? null,
  policyHash,
  policySeenAt,
})

const answerFor = ({ decide, sharing }: PolicyVersion, standing: Standing, category: Category, purpose: Purpose): AnswerData =>
  inWords(sharing, explain(decide, standing, category, purpose))

function inWords(sharing: Sharing, { question, locks, ...answer }: Answer): AnswerData {
  const { purpose, agreement, consent, explicit } = question
  return {
    ...answer,
    ...{ purpose, agreement, consent, explicit },
    sentence: sentenceOf(sharing, answer.rule),
    locks: locks.map((lock) => ({ ...lock, sentence: sentenceOf(sharing, lock.rule) })),
  }
}
