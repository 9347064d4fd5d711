// Places and organisations: public reference data, the same for everyone.

import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import type { PartnerKind } from '../decide/decide.js'
import { badCursor, type Page, type PageRequest, pageOf } from '../operations/page.js'
import type { Act } from '../operations/perform.js'

export const PARTNER_KIND_LABELS: Readonly<Record<PartnerKind, string>> = {
  UWV: 'UWV',
  GEMEENTE: 'gemeente',
  MUNICIPAL_SERVICE: 'gemeentelijke dienst (ISD, sociale dienst)',
  WSP: 'werkgeversservicepunt',
  LWL: 'leerwerkloket',
  RMT: 'regionaal mobiliteitsteam',
  SCHOOL: 'school',
  UNION: 'vakbond',
  EMPLOYERS: 'werkgeversorganisatie',
  SOCIAL_DEVELOPMENT_COMPANY: 'sociaal ontwikkelbedrijf',
  NEIGHBOURHOOD: 'wijkteam, schuldhulp of taalhuis',
  PRIVATE: 'private partij',
}

export type PartnerFacts = { id: string; name: string; kind: PartnerKind; legalPerson: boolean; amCode: string | null }
/** PartnerFacts of the row `p`. */
export const PARTNER_FACTS = Prisma.sql`jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'legalPerson', p.legal_person, 'amCode', p.am_code)`
export type PlaceFacts = { id: string; name: string; amCode: string }
export type RegionFacts = { amCode: string; name: string }
export type MunicipalityFacts = { gmCode: string; name: string; amCode: string; validFrom: string; validTo: string | null }
export type WerkcentrumFacts = PlaceFacts & {
  desks: { id: string; name: string; gmCode: string | null }[]
  controllers: PartnerFacts[]
}

export const listRegions = (act: Act): Promise<RegionFacts[]> => act.sql.region.findMany({ orderBy: { amCode: 'asc' } })

/** The municipalities as they are on `day` (default today), of one region or all: a closed list, so not in pages. */
export async function listMunicipalities(
  act: Act,
  { amCode, day }: { amCode: string | null; day: string | null },
): Promise<MunicipalityFacts[]> {
  const on = day ?? act.today
  return act.sql.$queryRaw<MunicipalityFacts[]>`
    SELECT gm_code AS "gmCode", name, am_code AS "amCode", valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM municipality
    WHERE valid_from <= ${on}::date AND (valid_to IS NULL OR valid_to > ${on}::date) ${amCode ? Prisma.sql`AND am_code = ${amCode}` : Prisma.empty}
    ORDER BY name, gm_code`
}

export async function listWerkcentra(act: Act): Promise<WerkcentrumFacts[]> {
  return act.sql.$queryRaw<WerkcentrumFacts[]>`
    SELECT w.id, w.name, w.am_code AS "amCode",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name, 'gmCode', d.gm_code) ORDER BY d.name), '[]') FROM desk d
        WHERE d.werkcentrum_id = w.id) AS desks,
      (SELECT coalesce(jsonb_agg(${PARTNER_FACTS} ORDER BY p.name), '[]') FROM controller c JOIN partner p ON p.id = c.partner_id WHERE c.werkcentrum_id = w.id) AS controllers
    FROM werkcentrum w ORDER BY w.name, w.id`
}

export type PartnerFilter = { amCode: string | null; kind: PartnerKind | null }

export async function listPartners(
  act: Act,
  { amCode, kind }: PartnerFilter,
  request: PageRequest,
  after: readonly string[] | null,
): Promise<Page<PartnerFacts & { actsFor: PartnerFacts[] }>> {
  const conditions = [Prisma.sql`true`]
  if (amCode) conditions.push(Prisma.sql`o.am_code = ${amCode}`)
  if (kind) conditions.push(Prisma.sql`o.kind = ${kind}`)
  if (after) {
    const [name, id] = after
    if (name === undefined || !isUuid(id ?? '')) throw badCursor()
    conditions.push(Prisma.sql`(o.name, o.id) > (${name}, ${id}::uuid)`)
  }
  const found = await act.sql.$queryRaw<(PartnerFacts & { actsFor: PartnerFacts[] })[]>`
    SELECT o.id, o.name, o.kind, o.legal_person AS "legalPerson", o.am_code AS "amCode",
      (SELECT coalesce(jsonb_agg(${PARTNER_FACTS} ORDER BY p.name), '[]') FROM partner_acts_for a JOIN partner p ON p.id = a.member_id
        WHERE a.partner_id = o.id) AS "actsFor"
    FROM partner o WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY o.name, o.id LIMIT ${request.first + 1}`
  return pageOf(found, request, 'partners', (partner) => [partner.name, partner.id])
}
