// Who is behind a pseudonym of the log: asked by one person, agreed to by another, opened for the colleague's own organisation alone (design 6).
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { asInstant } from '../database/rows.js'
import { badInput, notFound, orNotFound } from '../errors.js'
import { keyedHashes } from '../identity/pseudonym.js'
import { openSubject } from '../identity/sealed-subject.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { instant, ownParts } from './access-log.js'

/** Why somebody may have to be known by name. Closed, so that nothing about anybody is typed in. */
export const IDENTITY_REASONS = {
  MISUSE_SUSPECTED: 'vermoeden van misbruik',
  DATA_BREACH: 'onderzoek naar een datalek (AVG art. 33)',
  COMPLAINT: 'klacht',
  COLLEAGUE_ASKED: 'de medewerker vraagt er zelf om (AVG art. 15)',
  AUTHORITY_ORDERED: 'bevel van een rechter of toezichthouder',
} as const

export type IdentityReason = keyof typeof IDENTITY_REASONS

export type IdentityState = 'ASKED' | 'AGREED' | 'REFUSED' | 'LAPSED'

export type IdentityRequest = {
  id: string
  askedBy: string
  answeredBy: string
  recordDay: string
  reason: IdentityReason
  askedOn: string
  state: IdentityState
  answeredOn: string | null
  openUntil: string
  /** Of the own log only. */
  recordId: string | null
  recordAt: string | null
}

type Row = Omit<IdentityRequest, 'state'> & { answer: 'AGREED' | 'REFUSED' | null }

/** `recordId` and `at` as the own log has them; `withId`: the organisation that has to agree, where the line concerns more than one other. */
export type IdentityQuestion = { recordId: string; at: string; withId: string | null; reason: IdentityReason }

/**
 * Asks for the account behind a line of the own log, of a colleague. The second person is an officer of the other side of that line; where there is
 * none, the own signatory. A line is asked about once at a time.
 * @throws Refusal NOT_FOUND, BAD_INPUT
 */
export async function requestStaffIdentity(
  act: Act,
  { recordId, at, withId, reason }: IdentityQuestion,
): Promise<IdentityRequest> {
  if (!isUuid(recordId)) throw notFound()
  const own = organisationOf(act)
  const parts = await act.sql.$queryRaw<{ other: string | null }[]>`
    SELECT DISTINCT nullif(side, ${own}::uuid)::text AS other FROM access_record_part p, unnest(ARRAY[p.werkcentrum_id, p.partner_id]) side
    WHERE p.at = ${instant(at)}::timestamptz AND p.record_id = ${recordId}::uuid AND ${ownParts(act)} AND side IS NOT NULL`
  if (parts.length === 0) throw notFound()
  const others = parts.flatMap(({ other }) => other ?? [])
  const other = withId ?? (others.length === 0 ? own : others[0]!)
  if (withId === null && others.length > 1)
    throw badInput('This line concerns several organisations: name one with withOrganisationId.')
  if (!(others.length === 0 ? [own] : others).includes(other))
    throw badInput('withOrganisationId must be the other side of this line.')
  const id = act.world.newId()
  const [asked] = await act.sql.$queryRaw<{ done: boolean | null }[]>`
    SELECT ask_staff_identity(${id}::uuid, ${at}::timestamptz, ${recordId}::uuid, ${other}::uuid, ${reason}, ${personHashes(act)}::text[]) AS done`
  if (asked!.done === null) throw badInput('This line is asked about already: wait until that is answered, or is no longer open.')
  // Of a colleague of another organisation, of a visitor, or of before accounts were kept.
  if (!asked!.done) throw notFound()
  return noted(act, id)
}

/** By the second person, once. @throws Refusal NOT_FOUND, BAD_INPUT */
export async function answerStaffIdentityRequest(act: Act, id: string, agree: boolean): Promise<IdentityRequest> {
  if (!isUuid(id)) throw notFound()
  const [answered] = await act.sql.$queryRaw<{ said: 'DONE' | 'NOT_FOUND' | 'CLOSED' | 'SAME_PERSON' }[]>`
    SELECT answer_staff_identity(${id}::uuid, ${agree}, ${personHashes(act)}::text[]) AS said`
  const said = answered!.said
  if (said === 'NOT_FOUND') throw notFound()
  if (said === 'CLOSED') throw badInput('This request has been answered, or was not answered in time.')
  if (said === 'SAME_PERSON') throw badInput('Who agrees must be another person than who asked.')
  return noted(act, id)
}

/** Those that the own organisation made, and those that it is asked to agree to; newest first. */
export function listStaffIdentityRequests(act: Act): Promise<IdentityRequest[]> {
  return load(act, Prisma.sql`true`)
}

/**
 * The account itself, for the organisation that asked, as long as it is open; null when its key is no longer in the ring.
 * @throws Refusal NOT_FOUND
 */
export async function readStaffIdentity(act: Act, id: string): Promise<{ pseudonym: string; subject: string | null }> {
  const [found] = isUuid(id)
    ? await act.sql.$queryRaw<{ pseudonym: string; sealed_subject: string }[]>`SELECT * FROM staff_identity(${id}::uuid)`
    : []
  const { pseudonym, sealed_subject } = orNotFound(found)
  await noted(act, id)
  return { pseudonym, subject: openSubject(act.world.keys, sealed_subject, organisationOf(act), pseudonym) ?? null }
}

/** The request as it now is; and its line goes into the logs of both. */
async function noted(act: Act, id: string): Promise<IdentityRequest> {
  const [sides] = await act.sql.$queryRaw<{ organisation_id: string; other_organisation_id: string }[]>`
    SELECT organisation_id::text, other_organisation_id::text FROM staff_identity_request WHERE id = ${id}::uuid`
  const other = Object.values(sides!).find((side) => side !== organisationOf(act))
  if (other !== undefined) act.notes.alsoFor.push(other)
  const [request] = await load(act, Prisma.sql`q.id = ${id}::uuid`)
  return request!
}

async function load(act: Act, where: Prisma.Sql): Promise<IdentityRequest[]> {
  const own = organisationOf(act)
  // Which line it is stands where officers alone can look.
  const isOfficer = act.role === 'PRIVACY_OFFICER'
  const line = isOfficer
    ? Prisma.sql`s.record_id::text AS "recordId", ${asInstant(Prisma.sql`s.at`)} AS "recordAt"`
    : Prisma.sql`NULL AS "recordId", NULL AS "recordAt"`
  const rows = await act.sql.$queryRaw<Row[]>`
    SELECT q.id::text, coalesce(w.name, p.name) AS "askedBy", coalesce(ow.name, op.name) AS "answeredBy", q.record_day::text AS "recordDay", q.reason,
      q.asked_on::text AS "askedOn", q.answer, q.answered_on::text AS "answeredOn", q.open_until::text AS "openUntil", ${line}
    FROM staff_identity_request q
    LEFT JOIN werkcentrum w ON w.id = q.organisation_id LEFT JOIN partner p ON p.id = q.organisation_id
    LEFT JOIN werkcentrum ow ON ow.id = q.other_organisation_id LEFT JOIN partner op ON op.id = q.other_organisation_id
    ${isOfficer ? Prisma.sql`LEFT JOIN staff_identity_record s ON s.request_id = q.id` : Prisma.empty}
    WHERE (q.organisation_id = ${own}::uuid OR q.other_organisation_id = ${own}::uuid) AND ${where}
    ORDER BY q.asked_on DESC, q.id LIMIT 50`
  return rows.map(({ answer, ...row }) => ({ ...row, state: stateOf(answer, row.openUntil, act.today) }))
}

const stateOf = (answer: Row['answer'], openUntil: string, today: string): IdentityState =>
  answer === 'REFUSED' ? 'REFUSED' : today >= openUntil ? 'LAPSED' : (answer ?? 'ASKED')

/** The same for one person in two organisations: under every key of the ring, so that a new key hides nobody. */
function personHashes({ world, capacity }: Act): string[] {
  if (!('subject' in capacity)) throw notFound()
  return keyedHashes(world.keys, 'person', capacity.subject)
}
