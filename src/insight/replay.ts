// Deciding again what the log says was decided: the question rebuilt from the record, put to the policy version that the record names. Pure.
import type { LoggedObject } from '../access-log/record.js'
import type { AgreementFacts } from '../agreements/agreement-state.js'
import type { Consent } from '../consent/consent.js'
import {
  AGREEMENT_STATES,
  CATEGORIES,
  type Category,
  CONSENT_STATES,
  type Decide,
  type Decision,
  type PartnerKind,
  type Purpose,
  type Question,
  RELATIONS,
  type Role,
  whicheverPartner,
} from '../decide/decide.js'
import { dutchToday } from '../handoffs/calendar.js'
import { type AgreementStory, agreementAtEvent, type ConsentVersion, questionOf, type Standing } from './facts.js'

/** A part of the access log: what one operation showed of one pair of werkcentrum and partner. */
export type LoggedPart = Readonly<{
  recordId: string
  /** Instant, ISO 8601 in UTC. */
  at: string
  role: Role | 'NOBODY'
  operation: string
  /** Of a forbidden operation the log has none; it has no objects either, so nobody asks for it. */
  purpose: Purpose
  policyHash: string
  werkcentrumId: string | null
  partnerId: string | null
  partnerName: string | null
  /** Of the receiving partner; null where there is none, as for contacts. */
  partnerKind: PartnerKind | null
  /** As they stand in the log, which somebody may have touched: `loggedObjects` reads them. */
  objects: readonly LoggedObject[]
}>

/** What records refer to: agreements by id, the versions of the consent by hand-off. */
export type LockFacts = Readonly<{
  agreements: ReadonlyMap<string, AgreementStory>
  consents: ReadonlyMap<string, readonly ConsentVersion[]>
}>

/** A fact without which a decision cannot be made again. */
export type MissingFact = 'RECORD' | 'POLICY' | 'PARTNER' | 'AGREEMENT' | 'CONSENT' | 'AUTHOR'

/** One decision of the log, and the same question decided again. */
export type Replayed = Readonly<{
  type: string
  reference: string
  category: Category
  logged: Decision
  /** Null when a fact is missing on which the answer hangs. */
  again: Decision | null
  missing: MissingFact | null
  same: boolean
}>

/**
 * `decide` is that of the policy version that the part names; undefined when there is none that can be read. What was decided about an object
 * that cannot be read is not in it: `unreadableIn` counts those.
 */
export function replay(part: LoggedPart, facts: LockFacts, decide: Decide | undefined): Replayed[] {
  const replayed: Replayed[] = []
  for (const object of loggedObjects(part)) {
    if (!object) continue
    const asked = decide && askAgain(part, object, facts, part.purpose, decide)
    for (const [category, logged] of decisionsIn(object)) {
      const answer = asked ? asked(category) : 'POLICY'
      const again = typeof answer === 'string' ? null : answer
      replayed.push({
        type: object.type,
        reference: object.reference,
        category,
        logged,
        again,
        missing: typeof answer === 'string' ? answer : null,
        same: again !== null && again.allowed === logged.allowed && again.because === logged.because,
      })
    }
  }
  return replayed
}

/** The objects of a part; undefined in the place of one that does not look as the log writes them. */
export function loggedObjects({ objects }: Pick<LoggedPart, 'objects'>): (LoggedObject | undefined)[] {
  const found: unknown = objects
  return Array.isArray(found) ? found.map((object) => (isLoggedObject(object) ? object : undefined)) : [undefined]
}

/** How many objects of a part cannot be read; each stands for one decision that cannot be made again. */
export const unreadableIn = (part: Pick<LoggedPart, 'objects'>): number =>
  loggedObjects(part).filter((object) => object === undefined).length

function isLoggedObject(object: unknown): object is LoggedObject {
  if (!isRecord(object)) return false
  const { type, reference, relation, agreement, consent, writtenByOthers, shown, withheld } = object
  return (
    (type === 'HandOff' || type === 'VisitorContact') &&
    typeof reference === 'string' &&
    RELATIONS.some((known) => known === relation) &&
    (agreement === null ||
      // Records of long ago do not say the event.
      (isRecord(agreement) && typeof agreement.id === 'string' && (agreement.event === undefined || isCount(agreement.event)))) &&
    (consent === null || isCount(consent)) &&
    (writtenByOthers === undefined || Array.isArray(writtenByOthers)) &&
    isRecord(shown) &&
    Object.values(shown).every((rule) => typeof rule === 'string') &&
    isRecord(withheld) &&
    Object.values(withheld).every((no) => isRecord(no) && typeof no.rule === 'string' && typeof no.reason === 'string')
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown) => Number.isSafeInteger(value)

/** What was decided about one object, in the order of the closed list. */
export function decisionsIn({ shown, withheld }: LoggedObject): [Category, Decision][] {
  const found: [Category, Decision][] = []
  for (const category of CATEGORIES) {
    const [yes, no] = [shown[category], withheld[category]]
    if (yes !== undefined) found.push([category, { allowed: true, because: yes }])
    else if (no !== undefined) found.push([category, { allowed: false, because: no.rule }])
  }
  return found
}

/** What may stand in for what the record says, to ask what would have been. */
export type Otherwise = Readonly<{
  agreement?: (logged: AgreementFacts | null | undefined) => AgreementFacts | null | undefined
  consent?: (logged: Consent | null | undefined) => Consent | null | undefined
}>

/**
 * Puts the question of a record again, category by category: a decision, or the fact that is missing. A fact that is missing counts only
 * where the answer hangs on it: every way it could have been is tried.
 */
export function askAgain(
  part: LoggedPart,
  object: LoggedObject,
  facts: LockFacts,
  purpose: Purpose,
  decide: Decide,
  otherwise: Otherwise = {},
): (category: Category) => Decision | MissingFact {
  const role = part.role as Role
  const { relation } = object
  if (object.type !== 'HandOff') {
    // A contact has no receiving partner, no agreement and no consent; that it could be of somebody below sixteen opens or closes nothing.
    const any = whicheverPartner(decide)
    const locks = { agreement: 'none', consent: 'none', explicit: false, underSixteen: false, representative: false } as const
    return (category) => any({ ...locks, role, relation, purpose, category, ownSide: !writtenByOthers(object, category) })
  }
  const { partnerKind } = part
  if (partnerKind === null) return () => 'PARTNER'
  const agreement = (otherwise.agreement ?? same)(agreementOf(object, facts))
  const consent = (otherwise.consent ?? same)(consentOf(object, facts))
  const standing: Standing = {
    role,
    relation,
    partnerKind,
    agreement: agreement ?? null,
    consent: consent ?? null,
    ownSide: (category) => !writtenByOthers(object, category),
    day: dutchToday(new Date(part.at)).day,
  }
  return (category) => {
    const question = questionOf(standing, category, purpose)
    const decision = decide(question)
    if (isAuthorMissing(object, category)) return everyWay(decide, [question, { ...question, ownSide: false }]) ?? 'AUTHOR'
    if (agreement === undefined) {
      const ways = AGREEMENT_STATES.map((state) => ({ ...question, agreement: state }))
      return everyWay(decide, consent === undefined ? ways.flatMap(consentWays) : ways) ?? 'AGREEMENT'
    }
    return consent === undefined ? (everyWay(decide, consentWays(question)) ?? 'CONSENT') : decision
  }
}

const same = <T>(logged: T): T => logged

/** Null: there was none, or it was not read. Undefined: there was one, and it cannot be read as it then was. */
function agreementOf({ agreement }: LoggedObject, { agreements }: LockFacts): AgreementFacts | null | undefined {
  if (agreement === null) return null
  const story = agreements.get(agreement.id)
  return story && agreementAtEvent(story, agreement.event)
}

function consentOf({ consent, reference }: LoggedObject, { consents }: LockFacts): Consent | null | undefined {
  return consent === null ? null : consents.get(reference)?.find(({ version }) => version === consent)
}

const writtenByOthers = (object: LoggedObject, category: Category) => object.writtenByOthers?.includes(category) ?? false

/** Records of before the log said who wrote what: a field withheld for that very reason was somebody else's, but the record does not say. */
const isAuthorMissing = ({ writtenByOthers, withheld }: LoggedObject, category: Category) =>
  writtenByOthers === undefined && withheld[category]?.reason === 'OWN_SIDE'

/** The one decision that comes out whichever of these was asked; undefined when they differ. */
function everyWay(decide: Decide, questions: readonly Question[]): Decision | undefined {
  const [first, ...others] = questions.map(decide)
  return others.every(({ because }) => because === first?.because) ? first : undefined
}

const consentWays = (question: Question): Question[] =>
  CONSENT_STATES.flatMap((consent) =>
    [true, false].flatMap((explicit) =>
      [true, false].map((underSixteen) => ({ ...question, consent, explicit, underSixteen, representative: false })),
    ),
  )
