// The organisations of the demo: made up around real places and kinds of organisation. None of them has taken part or agreed to anything.
import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { AGREED_PURPOSES } from '../agreements/terms.js'
import type { PartnerKind } from '../decide/decide.js'
import type { Day } from '../handoffs/calendar.js'
import { addDays } from '../handoffs/loops.js'
import { demoId } from './ids.js'

type Werkcentrum = Readonly<{ key: string; name: string; amCode: string; controllers: readonly string[]; desks: readonly Desk[] }>
type Desk = Readonly<{ key: string; name: string; gmCode: string | null }>
type Partner = Readonly<{
  key: string
  name: string
  kind: PartnerKind
  legalPerson: boolean
  amCode: string
  actsFor: readonly string[]
}>

/** A werkcentrum is no legal person: its controllers are (design 6). */
export const WERKCENTRA: readonly Werkcentrum[] = [
  {
    key: 'werkcentrum-amersfoort',
    name: 'Werkcentrum regio Amersfoort',
    amCode: 'AM14',
    controllers: ['uwv-amersfoort', 'gemeente-amersfoort'],
    desks: [
      { key: 'desk-amersfoort-stadhuis', name: 'Stadhuis Amersfoort', gmCode: 'GM0307' },
      { key: 'desk-amersfoort-bibliotheek', name: 'Bibliotheek Amersfoort', gmCode: 'GM0307' },
      { key: 'desk-soest', name: 'Bibliotheek Soest', gmCode: 'GM0342' },
      { key: 'desk-nijkerk', name: 'Stadhuis Nijkerk', gmCode: 'GM0267' },
      { key: 'desk-amersfoort-online', name: 'Online', gmCode: null },
    ],
  },
  {
    key: 'werkcentrum-gooi',
    name: 'Werkcentrum Gooi en Vechtstreek',
    amCode: 'AM12',
    controllers: ['uwv-gooi', 'gemeente-hilversum'],
    desks: [
      { key: 'desk-hilversum', name: 'Stadhuis Hilversum', gmCode: 'GM0402' },
      { key: 'desk-gooi-online', name: 'Online', gmCode: null },
    ],
  },
]

const legal = (key: string, name: string, kind: PartnerKind, amCode = 'AM14'): Partner => ({
  key,
  name,
  kind,
  legalPerson: true,
  amCode,
  actsFor: [],
})
const partnership = (key: string, name: string, kind: PartnerKind, actsFor: readonly string[], amCode = 'AM14'): Partner => ({
  key,
  name,
  kind,
  legalPerson: false,
  amCode,
  actsFor,
})

export const PARTNERS: readonly Partner[] = [
  // UWV is one legal person with offices in every region. An inbox belongs to an office, so each office is a partner here, and stands
  // for the legal person; the same goes for a union.
  legal('uwv-amersfoort', 'UWV, kantoor Amersfoort', 'UWV'),
  legal('uwv-gooi', 'UWV, kantoor Hilversum', 'UWV', 'AM12'),
  legal('fnv-amersfoort', 'FNV, regio Amersfoort', 'UNION'),
  legal('gemeente-amersfoort', 'Gemeente Amersfoort', 'GEMEENTE'),
  legal('gemeente-soest', 'Gemeente Soest', 'GEMEENTE'),
  legal('gemeente-leusden', 'Gemeente Leusden', 'GEMEENTE'),
  legal('gemeente-hilversum', 'Gemeente Hilversum', 'GEMEENTE', 'AM12'),
  legal('sociale-dienst-eemland', 'Intergemeentelijke Sociale Dienst Eemland', 'MUNICIPAL_SERVICE'),
  partnership('wsp-amersfoort', 'WerkgeversServicepunt regio Amersfoort', 'WSP', ['uwv-amersfoort', 'gemeente-amersfoort']),
  partnership('lwl-amersfoort', 'Leerwerkloket regio Amersfoort', 'LWL', ['uwv-amersfoort', 'gemeente-amersfoort']),
  partnership('rmt-amersfoort', 'Regionaal Mobiliteitsteam Amersfoort', 'RMT', ['uwv-amersfoort', 'gemeente-amersfoort']),
  partnership('wsp-gooi', 'WerkgeversServicepunt Gooi en Vechtstreek', 'WSP', ['uwv-gooi', 'gemeente-hilversum'], 'AM12'),
  legal('school-amersfoort', 'Mbo-school Amersfoort', 'SCHOOL'),
  legal('wijkteam-amersfoort', 'Stichting Wijkteams Amersfoort', 'NEIGHBOURHOOD'),
  legal('ontwikkelbedrijf-amersfoort', 'Sociaal Ontwikkelbedrijf Amersfoort', 'SOCIAL_DEVELOPMENT_COMPANY'),
  legal('werkgevers-amersfoort', 'Werkgeverskring Amersfoort', 'EMPLOYERS'),
  legal('reintegratie-amersfoort', 'Voorbeeld Loopbaan en Re-integratie B.V.', 'PRIVATE'),
]

export const partnerOf = (key: string): Partner => {
  const found = PARTNERS.find((partner) => partner.key === key)
  if (!found) throw new Error(`there is no demo partner ${key}`)
  return found
}

type Dates = Readonly<{ from: number; to: number; review: number }>

/** Days from the first start of the demo: begun more than a year ago, good for two more. */
const IN_FORCE: Dates = { from: -400, to: 730, review: 180 }
const REVIEW_FORGOTTEN: Dates = { ...IN_FORCE, review: -40 }

const ORDINARY = ['logistics', 'routing', 'question', 'situation', 'outcome']
const WITH_NOTE = [...ORDINARY, 'note']
const EVERYTHING = [...WITH_NOTE, 'sensitive']

type Agreement = Readonly<{
  werkcentrum: string
  partner: string
  categories: readonly string[]
  /** The name of a legal basis in policies/sharing.yaml. */
  basis: string
  /** Working days. */
  answer: number
  firstContact: number
  dates: Dates
}>

const agreed = (
  werkcentrum: string,
  partner: string,
  categories: readonly string[],
  basis: string,
  [answer, firstContact]: readonly [number, number],
  dates: Dates = IN_FORCE,
): Agreement => ({ werkcentrum: `werkcentrum-${werkcentrum}`, partner, categories, basis, answer, firstContact, dates })

/** With stichting wijkteams there is none: that partner answers by telephone, and sees only that something came and how it stands. */
export const AGREEMENTS: readonly Agreement[] = [
  agreed('amersfoort', 'uwv-amersfoort', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('amersfoort', 'gemeente-amersfoort', EVERYTHING, 'task-of-the-gemeente', [5, 10]),
  agreed('amersfoort', 'gemeente-soest', EVERYTHING, 'task-of-the-gemeente', [5, 10]),
  agreed('amersfoort', 'gemeente-leusden', WITH_NOTE, 'task-of-the-gemeente', [8, 10]),
  agreed('amersfoort', 'sociale-dienst-eemland', EVERYTHING, 'task-of-the-gemeente', [8, 10]),
  agreed('amersfoort', 'wsp-amersfoort', WITH_NOTE, 'of-the-member-acting', [3, 5]),
  agreed('amersfoort', 'lwl-amersfoort', WITH_NOTE, 'of-the-member-acting', [5, 10]),
  agreed('amersfoort', 'rmt-amersfoort', WITH_NOTE, 'of-the-member-acting', [3, 5]),
  agreed('amersfoort', 'fnv-amersfoort', ORDINARY, 'consent-of-the-visitor', [5, 10]),
  agreed('amersfoort', 'school-amersfoort', WITH_NOTE, 'consent-of-the-visitor', [10, 15], REVIEW_FORGOTTEN),
  agreed('amersfoort', 'ontwikkelbedrijf-amersfoort', WITH_NOTE, 'task-of-the-gemeente', [5, 10]),
  agreed('amersfoort', 'werkgevers-amersfoort', ['logistics', 'routing', 'question'], 'consent-of-the-visitor', [10, 15]),
  agreed('amersfoort', 'reintegratie-amersfoort', ORDINARY, 'consent-of-the-visitor', [3, 5]),
  // Across regions: people travel, and so does their question.
  agreed('amersfoort', 'gemeente-hilversum', WITH_NOTE, 'task-of-the-gemeente', [8, 10]),
  agreed('amersfoort', 'uwv-gooi', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('gooi', 'uwv-gooi', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('gooi', 'gemeente-hilversum', EVERYTHING, 'task-of-the-gemeente', [5, 10]),
  agreed('gooi', 'wsp-gooi', WITH_NOTE, 'of-the-member-acting', [3, 5]),
  agreed('gooi', 'uwv-amersfoort', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('gooi', 'lwl-amersfoort', ORDINARY, 'of-the-member-acting', [8, 10]),
]

/** What the story does to them on its way: suspended and ended by those who may, through the domain itself. Days before its end. */
export const STOPS = [
  {
    agreement: agreementKey('werkcentrum-amersfoort', 'werkgevers-amersfoort'),
    daysAgo: 31,
    step: 'end',
    reason: 'NO_LONGER_NEEDED',
  },
  {
    agreement: agreementKey('werkcentrum-amersfoort', 'reintegratie-amersfoort'),
    daysAgo: 21,
    step: 'suspend',
    reason: 'NOT_FOLLOWED',
  },
] as const

/** The key of an agreement; its id is `demoId` of it. */
export function agreementKey(werkcentrum: string, partner: string): string {
  return `agreement ${werkcentrum} ${partner} 1`
}

/**
 * As the owner. What is there already is left as it is: an agreement may have been changed by those who try the demo.
 * `today` is the day of the first start; agreements are dated from it.
 */
export async function seedOrganisations(client: ClientBase, today: Day): Promise<void> {
  const add = (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row)
    const places = columns.map((_, index) => `$${index + 1}`)
    return client.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT DO NOTHING`,
      Object.values(row),
    )
  }
  await client.query('BEGIN')
  for (const { key, name, kind, legalPerson, amCode } of PARTNERS)
    await add('partner', { id: demoId(key), name, kind, legal_person: legalPerson, am_code: amCode })
  for (const { key, actsFor } of PARTNERS)
    for (const member of actsFor) await add('partner_acts_for', { partner_id: demoId(key), member_id: demoId(member) })
  for (const { key, name, amCode, controllers, desks } of WERKCENTRA) {
    await add('werkcentrum', { id: demoId(key), name, am_code: amCode })
    for (const desk of desks)
      await add('desk', { werkcentrum_id: demoId(key), id: demoId(desk.key), name: desk.name, gm_code: desk.gmCode })
    for (const controller of controllers) await add('controller', { werkcentrum_id: demoId(key), partner_id: demoId(controller) })
  }
  for (const agreement of AGREEMENTS) await seedAgreement(client, agreement, today)
  await client.query('COMMIT')
}

/** Drafted, advised on by two, signed by two people for two legal persons, in the weeks before it begins: the database checks it as it goes. */
async function seedAgreement(client: ClientBase, agreement: Agreement, today: Day): Promise<void> {
  const { werkcentrum, partner, dates } = agreement
  const { name, actsFor } = partnerOf(partner)
  const home = WERKCENTRA.find(({ key }) => key === werkcentrum)!
  const id = demoId(agreementKey(werkcentrum, partner))
  // INVARIANT: parties are legal persons; a partnership signs through those it acts for.
  const actingFor = actsFor.length > 0 ? actsFor : [partner]
  // UWV is one legal person in all its offices: where it signs for the partner, a gemeente signs for the desk.
  const isUwv = (key: string) => partnerOf(key).kind === 'UWV'
  const forPartner = actingFor[0]!
  const forDesk = home.controllers.find((key) => key !== forPartner && !(isUwv(key) && isUwv(forPartner)))!
  const { rowCount } = await client.query(
    `INSERT INTO agreement (werkcentrum_id, id, partner_id, version, state, cells, legal_basis, answer_term_days, first_contact_term_days,
       contact_point, document_reference, review_on, valid_from, valid_to)
     VALUES ($1, $2, $3, 1, 'DRAFT', $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
    [
      demoId(werkcentrum),
      id,
      demoId(partner),
      agreement.categories.flatMap((category) => AGREED_PURPOSES.map((purpose) => `${category} ${purpose}`)),
      agreement.basis,
      agreement.answer,
      agreement.firstContact,
      `Privacyloket van ${name}`,
      `Voorbeeldafspraak ${home.name} en ${name}, versie 1`,
      addDays(today, dates.review),
      addDays(today, dates.from),
      addDays(today, dates.to),
    ],
  )
  if (rowCount === 0) return
  await client.query(
    `INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side)
     SELECT $1::uuid, $2::uuid, p, 'WERKCENTRUM' FROM unnest($3::uuid[]) p UNION ALL SELECT $1::uuid, $2::uuid, p, 'PARTNER' FROM unnest($4::uuid[]) p`,
    [demoId(werkcentrum), id, home.controllers.map(demoId), actingFor.map(demoId)],
  )
  const steps = [
    { step: 'draft', side: 'WERKCENTRUM', role: 'SIGNATORY', for: null, day: -28 },
    { step: 'advise', side: 'WERKCENTRUM', role: 'PRIVACY_OFFICER', for: null, day: -21 },
    { step: 'advise', side: 'PARTNER', role: 'PRIVACY_OFFICER', for: null, day: -18 },
    { step: 'sign', side: 'WERKCENTRUM', role: 'SIGNATORY', for: demoId(forDesk), day: -10 },
    { step: 'sign', side: 'PARTNER', role: 'SIGNATORY', for: demoId(forPartner), day: -7 },
  ].map((step, index) => ({
    ...step,
    number: index + 1,
    // Nobody who exists: a hash of no account, under a key that no ring has.
    person: `k0:${createHash('sha256')
      .update(`${step.role} of ${step.side === 'PARTNER' ? partner : werkcentrum}`)
      .digest('base64url')}`,
    at: `${addDays(today, dates.from + step.day)}T10:00:00Z`,
  }))
  const rows = JSON.stringify(steps)
  await client.query(
    `INSERT INTO agreement_event_person SELECT $1::uuid, $2::uuid, s.number, s.person FROM jsonb_to_recordset($3::jsonb) s (number integer, person text)`,
    [demoId(werkcentrum), id, rows],
  )
  await client.query(
    `INSERT INTO agreement_event (werkcentrum_id, agreement_id, step, by_side, by_role, on_behalf_of, advice, terms_hash, at)
     SELECT $1::uuid, $2::uuid, s.step, s.side, s.role, s.for, CASE s.step WHEN 'advise' THEN 'AGREES' END,
       CASE WHEN s.step IN ('advise', 'sign') THEN agreement_terms_hash($1::uuid, $2::uuid) END, s.at
     FROM jsonb_to_recordset($3::jsonb) s (number integer, step text, side text, role text, "for" uuid, at timestamptz) ORDER BY s.number`,
    [demoId(werkcentrum), id, rows],
  )
}
