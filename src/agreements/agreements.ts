// Agreements between the controllers of a werkcentrum and a partner: what was signed, read by the two sides alone (design 3, second lock).
import { organisationOf } from '../contacts/contacts.js'
import { Prisma } from '../database/prisma/client.js'
import type { AgreementState } from '../decide/decide.js'
import type { Act } from '../operations/perform.js'
import type { PartnerFacts, PlaceFacts } from '../partners/partners.js'
import { type AgreementFacts, lockOf } from './agreement-state.js'

export type AgreementData = AgreementFacts & {
  categories: string[]
  purposes: string[]
  werkcentrum: PlaceFacts
  partner: PartnerFacts
  /** The legal persons that signed, on either side. */
  controllers: PartnerFacts[]
  actingFor: PartnerFacts[]
  legalBasis: string
  answerTermDays: number
  firstContactTermDays: number
  contactPoint: string
  documentReference: string
  reviewOn: string
  reviewOverdue: boolean
  lock: AgreementState
}

const COLUMNS = Prisma.sql`a.id, a.version, a.state, a.cells, a.events, a.valid_from::text AS "validFrom", a.valid_to::text AS "validTo",
  a.legal_basis AS "legalBasis", a.answer_term_days AS "answerTermDays", a.first_contact_term_days AS "firstContactTermDays",
  a.contact_point AS "contactPoint", a.document_reference AS "documentReference", a.review_on::text AS "reviewOn"`

/** The agreement that counts today between this werkcentrum and this partner: the newest version that has begun. */
export async function findAgreement(
  act: Act,
  werkcentrumId: string,
  partnerId: string,
): Promise<(AgreementFacts & { answerTermDays: number; firstContactTermDays: number }) | null> {
  const [agreement] = await act.sql.$queryRaw<(AgreementFacts & { answerTermDays: number; firstContactTermDays: number })[]>`
    SELECT ${COLUMNS} FROM agreement a WHERE a.werkcentrum_id = ${werkcentrumId}::uuid AND a.partner_id = ${partnerId}::uuid
      AND a.signed_on IS NOT NULL AND a.valid_from <= ${act.today}::date ORDER BY a.version DESC LIMIT 1`
  return agreement ?? null
}

/** The agreements of the own organisation, every version; there are a few dozen at most. */
export async function listAgreements(act: Act): Promise<AgreementData[]> {
  const own = act.capacity.side === 'WERKCENTRUM' ? Prisma.sql`a.werkcentrum_id` : Prisma.sql`a.partner_id`
  const partner = (
    where: Prisma.Sql,
  ) => Prisma.sql`(SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind,
    'legalPerson', p.legal_person, 'amCode', p.am_code) ORDER BY p.name), '[]') FROM agreement_party g JOIN partner p ON p.id = g.partner_id
    WHERE g.werkcentrum_id = a.werkcentrum_id AND g.agreement_id = a.id AND g.side = ${where})`
  const agreements = await act.sql.$queryRaw<Omit<AgreementData, 'lock' | 'categories' | 'purposes'>[]>`
    SELECT ${COLUMNS}, a.review_on < ${act.today}::date AS "reviewOverdue",
      jsonb_build_object('id', w.id, 'name', w.name, 'amCode', w.am_code) AS werkcentrum,
      jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'legalPerson', p.legal_person, 'amCode', p.am_code) AS partner,
      ${partner(Prisma.sql`'WERKCENTRUM'`)} AS controllers, ${partner(Prisma.sql`'PARTNER'`)} AS "actingFor"
    FROM agreement a JOIN werkcentrum w ON w.id = a.werkcentrum_id JOIN partner p ON p.id = a.partner_id
    WHERE ${own} = ${organisationOf(act)}::uuid ORDER BY p.name, a.version DESC`
  const parts = (cells: readonly string[], place: 0 | 1) => [...new Set(cells.map((cell) => cell.split(' ')[place]!))]
  return agreements.map((agreement) => ({
    ...agreement,
    categories: parts(agreement.cells, 0),
    purposes: parts(agreement.cells, 1),
    lock: lockOf(agreement, act.today),
  }))
}
