// Contacts: one conversation at a desk, in closed lists; readable on its own day only, by its own desk only (design 2 and 6).

import { isConfidential } from '../access-log/record.js'
import { coarsenAtEntry } from '../anonymity/entry.js'
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import type { PartnerKind } from '../decide/decide.js'
import { badInput, notFound, orNotFound } from '../errors.js'
import type { DayPart } from '../handoffs/calendar.js'
import { replayable } from '../operations/idempotency.js'
import { badCursor, type Page, type PageRequest, pageOf, readCursor } from '../operations/page.js'
import { type Act, look, organisationOf } from '../operations/perform.js'
import type {
  Age,
  Benefit,
  Channel,
  Coarsened,
  ContactResult,
  Education,
  Journey,
  LanguageHelp,
  Theme,
  VisitorKind,
  Work,
} from './lists.js'

export type SituationFacts = { work: Work; benefit: Benefit; age: Age; education: Education; languageHelp: LanguageHelp }

export type ContactData = {
  id: string
  desk: { id: string; name: string; gmCode: string | null }
  channel: Channel
  day: string
  dayPart: DayPart
  result: ContactResult
  routing: { visitorKind: VisitorKind; origin: string | null }
  question: { journey: Journey | null; themes: Theme[] }
  situation: SituationFacts | null
  note: string | null
  /** What was told and not kept, because it was nearly unique. */
  coarsened: Coarsened[]
}

export type NewContact = {
  deskId: string
  channel: Channel
  visitorKind: VisitorKind
  origin: string | null
  journey: Journey | null
  themes: Theme[]
  situation: SituationFacts | null
  result: ContactResult
  note: string | null
  idempotencyKey: string | null
}

/** What a situation is when nobody asked. */
export const NOTHING_ASKED: SituationFacts = {
  work: 'UNKNOWN',
  benefit: 'UNKNOWN',
  age: 'UNKNOWN',
  education: 'UNKNOWN',
  languageHelp: 'UNKNOWN',
}

/** @throws Refusal BAD_INPUT for a desk that is not of this werkcentrum, an unknown municipality, or an employer with a journey or situation. */
export async function logContact(act: Act, input: NewContact): Promise<ContactData> {
  checkContact(input)
  const { sql, world } = act
  const werkcentrumId = organisationOf(act)
  const { idempotencyKey, ...body } = input
  const made = await replayable(act, idempotencyKey, body, async (reference) => {
    const id = world.newId()
    const isEmployer = input.visitorKind === 'EMPLOYER'
    const [place] = await sql.$queryRaw<{ desk: boolean; origin: boolean }[]>`
      SELECT EXISTS (SELECT FROM desk WHERE werkcentrum_id = ${werkcentrumId}::uuid AND id = ${input.deskId}::uuid) AS desk,
        ${input.origin}::text IS NULL OR EXISTS (SELECT FROM municipality WHERE gm_code = ${input.origin} AND valid_from <= ${act.today}::date
          AND (valid_to IS NULL OR valid_to > ${act.today}::date)) AS origin`
    if (!place?.desk) throw badInput('deskId is not a desk of your werkcentrum.')
    if (!place.origin) throw badInput('origin is not the code of a municipality of today.')
    const { origin, situation, coarsened } = await coarsenAtEntry(act, input, input.situation ?? NOTHING_ASKED)
    await sql.$executeRaw`INSERT INTO visitor_contact (werkcentrum_id, id, desk_id, channel, day, day_part, result, coarsened)
      VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${input.deskId}::uuid, ${input.channel}, ${act.today}::date, ${act.dayPart}, ${input.result},
        ${coarsened}::text[])`
    await sql.$executeRaw`
      WITH routing AS (INSERT INTO visitor_contact_routing (werkcentrum_id, contact_id, visitor_kind, origin)
        VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${input.visitorKind}, ${origin})),
      situation AS (INSERT INTO visitor_contact_situation (werkcentrum_id, contact_id, work, benefit, age, education, language_help)
        SELECT ${werkcentrumId}::uuid, ${id}::uuid, ${situation.work}, ${situation.benefit}, ${situation.age}, ${situation.education}, ${situation.languageHelp}
        WHERE NOT ${isEmployer}),
      reference AS (INSERT INTO visitor_contact_reference (werkcentrum_id, contact_id, reference)
        VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${reference}::uuid)),
      note AS (INSERT INTO visitor_contact_note (werkcentrum_id, contact_id, note)
        SELECT ${werkcentrumId}::uuid, ${id}::uuid, ${input.note} WHERE ${input.note}::text IS NOT NULL)
      INSERT INTO visitor_contact_question (werkcentrum_id, contact_id, journey, themes)
        VALUES (${werkcentrumId}::uuid, ${id}::uuid, ${input.journey}, ${input.themes})`
  })
  const [contact] = await load(act, Prisma.sql`r.reference = ${made.reference}::uuid`, 1)
  if (!contact) throw notFound()
  return contact
}

function checkContact(input: NewContact): void {
  if (!isUuid(input.deskId)) throw badInput('deskId is not a desk of your werkcentrum.')
  checkTold(input)
}

/** What nobody can have told, at a desk or when it is corrected. @throws Refusal BAD_INPUT */
export function checkTold({
  visitorKind,
  journey,
  themes,
  situation,
}: Partial<Pick<NewContact, 'visitorKind' | 'journey' | 'themes' | 'situation'>>): void {
  if (themes && (themes.length < 1 || themes.length > 2)) throw badInput('themes must name one or two.')
  if (themes && new Set(themes).size < themes.length) throw badInput('themes must differ.')
  if (visitorKind === 'EMPLOYER' && (journey || situation)) throw badInput('An employer has no journey and no situation.')
}

/** Takes back a contact that was entered by mistake, on its day. @throws Refusal NOT_FOUND */
export async function voidContact(act: Act, id: string): Promise<string> {
  orNotFound(await findContact(act, id))
  const handedOff = await act.sql.$queryRaw<{ kind: PartnerKind }[]>`
    SELECT DISTINCT p.kind FROM hand_off_origin o JOIN partner p ON p.id = o.partner_id
    WHERE o.werkcentrum_id = ${organisationOf(act)}::uuid AND o.contact_id = ${id}::uuid`
  // That this is refused says that there is a hand-off; whose log holds no other would know that it is to a union.
  if (handedOff.some(({ kind }) => isConfidential(kind))) act.notes.confidential = true
  if (handedOff.length > 0)
    throw badInput(
      'A hand-off was made of this contact: withdraw that first, as ENTERED_IN_ERROR; the contact then fades by itself.',
    )
  await act.sql
    .$executeRaw`UPDATE visitor_contact SET voided = true WHERE werkcentrum_id = ${organisationOf(act)}::uuid AND id = ${id}::uuid`
  return id
}

export async function findContact(act: Act, id: string): Promise<ContactData | undefined> {
  if (!isUuid(id)) return undefined
  const [contact] = await load(act, Prisma.sql`c.id = ${id}::uuid`, 1)
  return contact
}

/** The contacts of today at the own werkcentrum; an earlier day is not readable by anyone. */
export async function listContacts(act: Act, request: PageRequest): Promise<Page<ContactData>> {
  const [id] = request.after ? readCursor(request.after, 'contacts') : []
  if (request.after && !isUuid(id ?? '')) throw badCursor()
  const found = await load(act, id ? Prisma.sql`c.id > ${id}::uuid` : Prisma.sql`true`, request.first + 1)
  const page = pageOf(found, request, 'contacts', (contact) => [contact.id])
  act.accessed.splice(page.items.length)
  return page
}

async function load(act: Act, where: Prisma.Sql, limit: number): Promise<ContactData[]> {
  const rows = await act.sql.$queryRaw<(ContactData & { reference: string })[]>`
    SELECT c.id, jsonb_build_object('id', d.id, 'name', d.name, 'gmCode', d.gm_code) AS desk, c.channel, c.day::text AS day, c.day_part AS "dayPart",
      c.result, c.coarsened, jsonb_build_object('visitorKind', ro.visitor_kind, 'origin', ro.origin) AS routing,
      jsonb_build_object('journey', q.journey, 'themes', q.themes) AS question,
      CASE WHEN s.contact_id IS NOT NULL THEN jsonb_build_object('work', s.work, 'benefit', s.benefit, 'age', s.age, 'education', s.education,
        'languageHelp', s.language_help) END AS situation,
      n.note, r.reference
    FROM visitor_contact c
    JOIN desk d ON d.werkcentrum_id = c.werkcentrum_id AND d.id = c.desk_id
    JOIN visitor_contact_routing ro ON ro.werkcentrum_id = c.werkcentrum_id AND ro.contact_id = c.id
    JOIN visitor_contact_question q ON q.werkcentrum_id = c.werkcentrum_id AND q.contact_id = c.id
    JOIN visitor_contact_reference r ON r.werkcentrum_id = c.werkcentrum_id AND r.contact_id = c.id
    LEFT JOIN visitor_contact_note n ON n.werkcentrum_id = c.werkcentrum_id AND n.contact_id = c.id
    LEFT JOIN visitor_contact_situation s ON s.werkcentrum_id = c.werkcentrum_id AND s.contact_id = c.id
    WHERE c.werkcentrum_id = ${organisationOf(act)}::uuid AND c.day = ${act.today}::date AND NOT c.voided AND ${where}
    ORDER BY c.id LIMIT ${limit}`
  return rows.map(({ reference, ...contact }) => seenFrom(act, contact, reference)).filter((contact) => contact !== undefined)
}

function seenFrom(act: Act, contact: ContactData, reference: string): ContactData | undefined {
  return look(
    act,
    'VisitorContact',
    {
      relation: act.role === 'GUIDE' ? 'desk' : 'none',
      partnerKind: null,
      agreementFor: () => 'none',
      consentFor: () => ({ state: 'none', explicit: false }),
      underSixteen: contact.situation?.age === 'U16',
      representative: false,
      ownSide: () => true,
      hasValue: () => true,
    },
    {
      reference,
      werkcentrumId: organisationOf(act),
      partnerId: null,
      confidential: false,
      agreement: null,
      consentVersion: null,
    },
    contact,
  )
}
