// Reading hand-offs: one SQL statement for a page with everything that hangs on it, one decision per hand-off (design 4, step 5).
import { isConfidential } from '../access-log/record.js'
import { type AgreementFacts, agreementFor } from '../agreements/agreement-state.js'
import { type Consent, consentFor } from '../consent/consent.js'
import type { SituationFacts } from '../contacts/contacts.js'
import type { Channel, Journey, Theme, VisitorKind } from '../contacts/lists.js'
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { fromJson } from '../database/rows.js'
import type { Category, PartnerKind, Purpose, Role } from '../decide/decide.js'
import type { Sharing } from '../decide/policy-files.js'
import { badCursor, type Page, type PageRequest, pageOf, readCursor } from '../operations/page.js'
import { type Act, look } from '../operations/perform.js'
import { PARTNER_FACTS, type PartnerFacts, type PlaceFacts } from '../partners/partners.js'
import { type DayPart, isDay } from './calendar.js'
import { readRecognitionCode } from './codes.js'
import type {
  DayPrecision,
  LoopStatus,
  MessageToVisitor,
  NextStep,
  Outcome,
  SensitiveFact,
  State,
  Voice,
  WarmCallChannel,
  WarmCallResult,
} from './lists.js'
import { loopStatus } from './loops.js'
import { completion, isEnded, relationTo, type Side } from './steps.js'
import { endFor, MISTAKE, storyFor } from './told.js'

/** A hand-off as it leaves the domain: everything the database let through. Which of it is shown, the decision tied to it says. */
export type HandOffData = {
  id: string
  /** Null once it faded. */
  recognitionCode: string | null
  werkcentrum: PlaceFacts
  partner: PartnerFacts
  desk: { id: string; name: string; gmCode: string | null } | null
  channel: Channel | null
  contactDay: string | null
  contactDayPart: DayPart | null
  routing: { visitorKind: VisitorKind; origin: string | null } | null
  question: { journey: Journey | null; themes: Theme[] } | null
  nextStep: NextStep | null
  appointmentDay: string | null
  appointmentDayPart: DayPart | null
  situation: SituationFacts | null
  sensitive: SensitiveFact[] | null
  note: string | null
  sensitiveNote: string | null
  state: State
  loopStatus: LoopStatus
  offeredOn: string
  /** How exact its days still are. */
  dayPrecision: DayPrecision
  changedOn: string
  changedDayPart: DayPart | null
  answerDueOn: string | null
  overdue: boolean
  firstContactDueOn: string | null
  firstContactOverdue: boolean | null
  firstContactOn: string | null
  viewed: boolean
  reason: string | null
  messageToVisitor: MessageToVisitor | null
  heardByDesk: boolean
  guideVoice: Voice | null
  visitorVoice: Voice | null
  events: HandOffEventData[]
  warmCalls: WarmCallData[]
  outcome: Outcome | null
  handledBy: string | null
  /** Of the asker's own side; null to a role that has none. */
  remarks: RemarkData[] | null
}

export type RemarkData = { number: number; remark: string; day: string }

export type HandOffEventData = {
  number: number
  step: string
  by: Side
  heardByDesk: boolean
  state: State
  reason: string | null
  day: string
  dayPart: DayPart | null
}

export type WarmCallData = {
  number: number
  channel: WarmCallChannel
  result: WarmCallResult
  visitorPresent: boolean
  day: string
  dayPart: DayPart | null
}

// The tables beside hand_off, by the category they hold. A table whose category no rule ever opens to a role is not even asked for,
// and its database role could not read it.
const TABLES: readonly (readonly [name: string, category: Category, table: string])[] = [
  ['routing', 'routing', 'hand_off_routing'],
  ['question', 'question', 'hand_off_question'],
  ['nextStep', 'question', 'hand_off_next_step'],
  ['situation', 'situation', 'hand_off_situation'],
  ['sensitive', 'sensitive', 'hand_off_sensitive'],
  ['note', 'note', 'hand_off_note'],
]

/** Said anew with a step: the last line counts. */
const LAST: readonly (readonly [name: string, category: Category, table: string])[] = [
  ['outcome', 'outcome', 'hand_off_outcome'],
  ['staff', 'staff', 'hand_off_staff'],
]

const MANY: readonly (readonly [name: string, category: Category, table: string])[] = [
  ['events', 'progress', 'hand_off_event'],
  ['warmCalls', 'progress', 'warm_call'],
]

/** The rows of the own organisation, said in every query as well as in row-level security: each wall stands alone. */
export function ownRows(act: Act): Prisma.Sql {
  const { capacity } = act
  if (capacity.role === 'CODE_HOLDER')
    return Prisma.sql`(h.werkcentrum_id, h.id) IN (SELECT c.werkcentrum_id, c.hand_off_id FROM follow_up_code c
      WHERE c.hash = ANY (${[...capacity.codeHashes]}::text[]) AND c.expires_on > ${act.today}::date)`
  if (capacity.side === 'WERKCENTRUM') return Prisma.sql`h.werkcentrum_id = ${capacity.organisationId}::uuid`
  if (capacity.side === 'PARTNER') return Prisma.sql`h.partner_id = ${capacity.organisationId}::uuid`
  return Prisma.sql`false`
}

/** One row of the query below, in our names. What this role can never see is not asked for, and so not there. */
type Row = {
  base: Pick<
    HandOffData,
    | 'id'
    | 'recognitionCode'
    | 'state'
    | 'offeredOn'
    | 'dayPrecision'
    | 'changedOn'
    | 'changedDayPart'
    | 'answerDueOn'
    | 'firstContactOn'
    | 'reason'
    | 'messageToVisitor'
    | 'heardByDesk'
    | 'guideVoice'
    | 'visitorVoice'
  > & { werkcentrumId: string; partnerId: string; partnerKind: PartnerKind }
  places: Pick<HandOffData, 'werkcentrum' | 'partner' | 'viewed'>
  logistics?: Pick<HandOffData, 'desk' | 'channel' | 'contactDay' | 'contactDayPart'> | null
  routing?: HandOffData['routing']
  question?: HandOffData['question']
  nextStep?: Pick<HandOffData, 'nextStep' | 'appointmentDay' | 'appointmentDayPart' | 'firstContactDueOn'> | null
  situation?: HandOffData['situation']
  sensitive?: { facts: SensitiveFact[]; note: string | null } | null
  note?: { note: string } | null
  outcome?: { outcome: Outcome } | null
  staff?: { handledBy: string } | null
  events: (Omit<HandOffEventData, 'by'> & { bySide: Side })[] | null
  warmCalls: WarmCallData[] | null
  remarks?: RemarkData[] | null
  consent?: Consent | null
  agreement?: AgreementFacts | null
}

/** `order` and `where` speak of `h`; the page is taken first, then what hangs on it is looked up by primary key. */
async function load(act: Act, where: Prisma.Sql, order: Prisma.Sql, limit: number): Promise<HandOffData[]> {
  const readable = readableCategories(act.world.policies.sharing, act.role, act.purpose)
  const columns = [
    ...TABLES.filter(([, category]) => readable.has(category)).map(
      ([name, , table]) =>
        Prisma.sql`(SELECT to_jsonb(t) FROM ${Prisma.raw(table)} t
          WHERE t.werkcentrum_id = h.werkcentrum_id AND t.hand_off_id = h.id) AS ${Prisma.raw(`"${name}"`)}`,
    ),
    ...LAST.filter(([, category]) => readable.has(category)).map(
      ([name, , table]) =>
        Prisma.sql`(SELECT to_jsonb(t) FROM ${Prisma.raw(table)} t
          WHERE t.werkcentrum_id = h.werkcentrum_id AND t.hand_off_id = h.id ORDER BY t.number DESC LIMIT 1) AS ${Prisma.raw(`"${name}"`)}`,
    ),
    ...MANY.map(
      ([name, , table]) =>
        Prisma.sql`(SELECT jsonb_agg(to_jsonb(t) ORDER BY t.number) FROM ${Prisma.raw(table)} t
          WHERE t.werkcentrum_id = h.werkcentrum_id AND t.hand_off_id = h.id) AS ${Prisma.raw(`"${name}"`)}`,
    ),
    // INVARIANT 14: what the other side remarks is not even asked for.
    ...(readable.has('internal')
      ? [
          Prisma.sql`(SELECT jsonb_agg(to_jsonb(t) ORDER BY t.number) FROM hand_off_remark t
            WHERE t.werkcentrum_id = h.werkcentrum_id AND t.hand_off_id = h.id AND t.by_side = ${act.capacity.side}) AS remarks`,
        ]
      : []),
  ]
  const isLocked = readsLocks(readable)
  const locks = isLocked
    ? Prisma.sql`, (SELECT to_jsonb(t) FROM consent t WHERE t.werkcentrum_id = h.werkcentrum_id AND t.hand_off_id = h.id
          ORDER BY t.version DESC LIMIT 1) AS consent`
    : Prisma.empty
  const agreement =
    isLocked && act.capacity.role !== 'CODE_HOLDER'
      ? Prisma.sql`, (SELECT to_jsonb(t) FROM agreement t WHERE t.werkcentrum_id = h.werkcentrum_id AND t.partner_id = h.partner_id
          AND t.signed_on IS NOT NULL AND t.valid_from <= ${act.today}::date ORDER BY t.version DESC LIMIT 1) AS agreement`
      : Prisma.empty
  const rows = await act.sql.$queryRaw<object[]>`
    WITH h AS MATERIALIZED (SELECT h.* FROM hand_off h WHERE ${where} ORDER BY ${order} LIMIT ${limit})
    SELECT to_jsonb(h) AS base,
      jsonb_build_object(
        'werkcentrum', (SELECT jsonb_build_object('id', w.id, 'name', w.name, 'amCode', w.am_code) FROM werkcentrum w WHERE w.id = h.werkcentrum_id),
        'partner', (SELECT ${PARTNER_FACTS}
          FROM partner p WHERE p.id = h.partner_id),
        'viewed', EXISTS (SELECT FROM hand_off_view v WHERE v.werkcentrum_id = h.werkcentrum_id AND v.hand_off_id = h.id)) AS places,
      ${
        readable.has('logistics')
          ? Prisma.sql`(SELECT to_jsonb(l) || jsonb_build_object('desk', jsonb_build_object('id', d.id, 'name', d.name, 'gmCode', d.gm_code))
        FROM hand_off_logistics l JOIN desk d ON d.werkcentrum_id = l.werkcentrum_id AND d.id = l.desk_id
        WHERE l.werkcentrum_id = h.werkcentrum_id AND l.hand_off_id = h.id) AS logistics,`
          : Prisma.empty
      }
      ${Prisma.join(columns, ', ')}${locks}${agreement}
    FROM h ORDER BY ${order}`
  return rows.map((row) => seenFrom(act, fromJson<Row>(row))).filter((handOff) => handOff !== undefined)
}

/** The categories that some rule may open to this role for this purpose. */
export function readableCategories({ share }: Sharing, role: Role | 'NOBODY', purpose: Purpose): ReadonlySet<Category> {
  const rules = share.filter((rule) => rule.role === role && rule.purposes.includes(purpose))
  return new Set(rules.flatMap((rule) => rule.categories))
}

/** Coordinators and officers decide by policy alone, so for them neither agreement nor consent is read. */
export const readsLocks = (readable: ReadonlySet<Category>): boolean => readable.has('question')

function seenFrom(act: Act, row: Row): HandOffData | undefined {
  const { base, places, consent = null, agreement = null } = row
  const { today, purpose } = act
  const { werkcentrumId, partnerId, partnerKind, id, recognitionCode, changedOn, guideVoice, visitorVoice } = base
  const asker = { side: act.capacity.side, role: act.role }
  const { state, reason } = endFor(asker, base)
  const told = storyFor(
    asker,
    (row.events ?? []).map(({ bySide, ...event }) => ({ ...event, by: bySide })),
    row.warmCalls ?? [],
  )
  const { events } = told
  const firstContactDueOn = row.nextStep?.firstContactDueOn ?? null
  const completed = completion(events)
  const handOff: HandOffData = {
    id,
    recognitionCode,
    ...places,
    desk: row.logistics?.desk ?? null,
    channel: row.logistics?.channel ?? null,
    contactDay: row.logistics?.contactDay ?? null,
    contactDayPart: row.logistics?.contactDayPart ?? null,
    routing: row.routing ?? null,
    question: row.question ?? null,
    nextStep: row.nextStep?.nextStep ?? null,
    appointmentDay: row.nextStep?.appointmentDay ?? null,
    appointmentDayPart: row.nextStep?.appointmentDayPart ?? null,
    situation: row.situation ?? null,
    sensitive: row.sensitive?.facts ?? null,
    note: row.note?.note ?? null,
    sensitiveNote: row.sensitive?.note ?? null,
    state,
    loopStatus: loopStatus({ state, changedOn, guideVoice, visitorVoice }, today),
    offeredOn: base.offeredOn,
    dayPrecision: base.dayPrecision,
    changedOn,
    changedDayPart: base.changedDayPart,
    answerDueOn: base.answerDueOn,
    // Computed, never stored (design 5).
    overdue: state === 'OFFERED' && base.answerDueOn !== null && today > base.answerDueOn,
    firstContactDueOn,
    firstContactOverdue: row.nextStep
      ? state === 'ACCEPTED' && firstContactDueOn !== null && base.firstContactOn === null && today > firstContactDueOn
      : null,
    firstContactOn: base.firstContactOn,
    reason,
    messageToVisitor: base.messageToVisitor,
    heardByDesk: base.heardByDesk,
    guideVoice,
    visitorVoice,
    events,
    warmCalls: told.warmCalls,
    outcome: (completed && row.outcome?.outcome) ?? null,
    handledBy: row.staff?.handledBy ?? null,
    remarks: row.remarks === undefined ? null : (row.remarks ?? []),
  }
  const present: Partial<Record<Category, unknown>> = {
    routing: handOff.routing,
    // The next step is of this category too, and always there.
    question: handOff.nextStep,
    situation: handOff.situation,
    sensitive: handOff.sensitive,
    note: handOff.note,
  }
  return look(
    act,
    'HandOff',
    {
      relation: relationTo(act.role, state),
      partnerKind,
      agreementFor: (category) => agreementFor(agreement, category, purpose, today),
      consentFor: (category) => consentFor(consent, category, purpose, today),
      underSixteen: consent?.underSixteen ?? false,
      representative: consent?.representativePresent ?? false,
      // What the desk heard and wrote down is the desk's, until the partner says it itself.
      ownSide: (category) => category !== 'outcome' || completed?.heardByDesk !== true,
      hasValue: (category) => present[category] != null,
    },
    {
      reference: id,
      werkcentrumId,
      partnerId,
      confidential: isConfidential(partnerKind),
      agreement: agreement && { id: agreement.id, version: agreement.version, event: agreement.events },
      consentVersion: consent?.version ?? null,
    },
    handOff,
  )
}

/** One hand-off, or undefined where there is none in sight. */
export async function findHandOff(act: Act, id: string): Promise<HandOffData | undefined> {
  if (!isUuid(id)) return undefined
  const [handOff] = await load(act, Prisma.sql`h.id = ${id}::uuid AND ${ownRows(act)}`, Prisma.sql`h.id`, 1)
  if (handOff) await noteViewed(act, [handOff])
  return handOff
}

/** The one hand-off of the follow-up code that makes this capacity. */
export async function findHandOffOfCode(act: Act): Promise<HandOffData | undefined> {
  // A code that followed its question to the reserve is about where that is now.
  const [handOff] = await load(act, ownRows(act), Prisma.sql`h.state = 'FORWARDED', h.id`, 1)
  return handOff
}

export type HandOffFilter = {
  ended?: boolean | null
  state?: State | null
  reason?: string | null
  /** As somebody says it aloud. */
  recognitionCode?: string | null
}

/** What is no recognition code is nobody's. */
const ofCode = (said: string) => {
  const code = readRecognitionCode(said)
  return code === undefined ? Prisma.sql`false` : Prisma.sql`h.recognition_code = ${code}`
}

/** Does the desk still have work with it? Like `isOpenLoop`, in SQL. */
export const IS_OPEN_LOOP = (act: Act) => Prisma.sql`h.open_until > ${act.today}::date`

const OLDEST_FIRST = Prisma.sql`h.offered_on, h.id`

/** A page of the own inbox or desk, oldest first; open ones unless a state or `ended` asks otherwise. */
export async function listHandOffs(act: Act, filter: HandOffFilter, request: PageRequest): Promise<Page<HandOffData>> {
  const ended = filter.ended ?? (filter.state ? isEnded(filter.state) : false)
  const conditions = [ownRows(act), Prisma.sql`h.ended = ${ended}`]
  // A filter must not find what the field would not tell.
  const isPartner = act.capacity.side === 'PARTNER'
  const states = isPartner && filter.state === 'WITHDRAWN' ? ['WITHDRAWN', 'FORWARDED'] : [filter.state]
  if (filter.state)
    conditions.push(isPartner && filter.state === 'FORWARDED' ? Prisma.sql`false` : Prisma.sql`h.state = ANY (${states}::text[])`)
  if (filter.reason)
    conditions.push(
      isPartner && !(act.role === 'PRIVACY_OFFICER' && filter.reason === MISTAKE)
        ? Prisma.sql`false`
        : Prisma.sql`h.reason = ${filter.reason}`,
    )
  if (filter.recognitionCode != null) conditions.push(ofCode(filter.recognitionCode))
  return listPage(act, conditions, request)
}

/** What the desk still has work with, whoever made it: the shift view (design 5). Derived like loopStatus, from an indexed column. */
export async function listOpenLoops(
  act: Act,
  request: PageRequest,
  recognitionCode: string | null = null,
): Promise<Page<HandOffData>> {
  const conditions = [ownRows(act), IS_OPEN_LOOP(act)]
  if (recognitionCode !== null) conditions.push(ofCode(recognitionCode))
  return listPage(act, conditions, request)
}

async function listPage(act: Act, conditions: Prisma.Sql[], request: PageRequest): Promise<Page<HandOffData>> {
  if (request.after) {
    const [day, id] = readCursor(request.after, 'hand-offs')
    if (!isDay(day ?? '') || !isUuid(id ?? '')) throw badCursor()
    conditions.push(Prisma.sql`(h.offered_on, h.id) > (${day}::date, ${id}::uuid)`)
  }
  const found = await load(act, Prisma.join(conditions, ' AND '), OLDEST_FIRST, request.first + 1)
  const page = pageOf(found, request, 'hand-offs', (handOff) => [handOff.offeredOn, handOff.id])
  // What is only there to know whether there is a next page was not shown, so it is not in the log.
  act.accessed.splice(page.items.length)
  await noteViewed(act, page.items)
  return page
}

/** Keeps that the partner was shown it, once: what a mistaken hand-off has to confess (design 5). */
async function noteViewed(act: Act, handOffs: readonly HandOffData[]): Promise<void> {
  const fresh = handOffs.filter((handOff) => !handOff.viewed)
  if (act.capacity.role !== 'HANDLER' || fresh.length === 0) return
  await act.sql.$executeRaw`
    INSERT INTO hand_off_view (werkcentrum_id, hand_off_id, partner_id, day)
    SELECT h.werkcentrum_id, h.id, h.partner_id, ${act.today}::date FROM hand_off h
    WHERE h.id = ANY (${fresh.map((handOff) => handOff.id)}::uuid[]) AND ${ownRows(act)}
    ON CONFLICT DO NOTHING`
}
