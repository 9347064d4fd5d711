// Agreements between the controllers of a werkcentrum and a partner: read by the two sides alone (design 3, second lock).
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { asInstant } from '../database/rows.js'
import type { AgreementState, PartnerKind } from '../decide/decide.js'
import { cells as cellsOfPolicy } from '../decide/matrix.js'
import { type Basis, parsePolicies, type Sharing } from '../decide/policy-files.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { PARTNER_FACTS, PARTNER_KIND_LABELS, type PartnerFacts, type PlaceFacts } from '../partners/partners.js'
import { type AgreementEvent, type AgreementFacts, type AgreementSide, lockOf, type Stand, standing } from './agreement-state.js'
import { lockSentence, warningsOf } from './words.js'

export type AgreementData = AgreementFacts & {
  categories: string[]
  purposes: string[]
  werkcentrum: PlaceFacts
  partner: PartnerFacts
  /** The legal persons that sign or signed, on either side. */
  controllers: PartnerFacts[]
  actingFor: PartnerFacts[]
  legalBasis: string
  /** The words of the basis as they were when this was drafted; null when no policy of this database ever had it. */
  basis: BasisData
  answerTermDays: number
  firstContactTermDays: number
  contactPoint: string
  documentReference: string
  reviewOn: string
  reviewOverdue: boolean
  signedOn: string | null
  lock: AgreementState
  lockSentence: string
  warnings: string[]
  /** Canonical JSON and its SHA-256: what is advised on and signed. */
  terms: string
  termsHash: string
  /** Desks and handlers read of the story only what opened and closed it. */
  story: AgreementEventData[]
  advice: AgreementEventData[]
  signatures: AgreementEventData[]
}

export type BasisData = { name: string; version: number; article: string | null; law: string | null; needsLawyer: boolean }

/** `at` is an instant, `day` the Dutch day of it. */
export type AgreementEventData = AgreementEvent & { at: string; day: string; legalPerson: PartnerFacts | null }

const COLUMNS = Prisma.sql`a.id, a.version, a.state, a.cells, a.events, a.valid_from::text AS "validFrom", a.valid_to::text AS "validTo",
  a.legal_basis AS "legalBasis", a.answer_term_days AS "answerTermDays", a.first_contact_term_days AS "firstContactTermDays",
  a.contact_point AS "contactPoint", a.document_reference AS "documentReference", a.review_on::text AS "reviewOn"`

/** The agreement that counts today between this werkcentrum and this partner: the newest signed version that has begun. */
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
export const listAgreements = (act: Act): Promise<AgreementData[]> => load(act, Prisma.sql`true`)

/** One agreement of the own organisation, or undefined where there is none in sight. */
export async function readAgreement(act: Act, id: string): Promise<AgreementData | undefined> {
  if (!isUuid(id)) return undefined
  const [agreement] = await load(act, Prisma.sql`a.id = ${id}::uuid`)
  return agreement
}

type Row = Omit<
  AgreementData,
  'lock' | 'lockSentence' | 'warnings' | 'categories' | 'purposes' | 'advice' | 'signatures' | 'basis'
> & {
  legalBasisVersion: number
  /** Signed, whatever became of them: what has ended still stands in the place of what it replaced. */
  laterVersions: { version: number; state: Stand; validFrom: string }[]
}

/** Is this somebody who makes and oversees agreements? Everybody else reads what was in force at some time: in row-level security too. */
const readsDrafts = (act: Act) => act.role === 'PRIVACY_OFFICER' || act.role === 'SIGNATORY'

/** The agreements `a` of the own organisation, said in every query as well as in row-level security. */
export function ownAgreements(act: Act): Prisma.Sql {
  const own = act.capacity.side === 'WERKCENTRUM' ? Prisma.sql`a.werkcentrum_id` : Prisma.sql`a.partner_id`
  return Prisma.sql`${own} = ${organisationOf(act)}::uuid`
}

async function load(act: Act, where: Prisma.Sql): Promise<AgreementData[]> {
  const parties = (
    side: AgreementSide,
  ) => Prisma.sql`(SELECT coalesce(jsonb_agg(${PARTNER_FACTS} ORDER BY p.name), '[]') FROM agreement_party g
    JOIN partner p ON p.id = g.partner_id WHERE g.werkcentrum_id = a.werkcentrum_id AND g.agreement_id = a.id AND g.side = ${side})`
  const [sight, steps] = readsDrafts(act)
    ? [Prisma.sql`true`, Prisma.sql`true`]
    : [Prisma.sql`a.signed_on IS NOT NULL`, Prisma.sql`e.step IN ('load', 'sign', 'suspend', 'end')`]
  const rows = await act.sql.$queryRaw<Row[]>`
    SELECT ${COLUMNS}, a.legal_basis_version AS "legalBasisVersion", a.signed_on::text AS "signedOn", a.review_on < ${act.today}::date AS "reviewOverdue",
      jsonb_build_object('id', w.id, 'name', w.name, 'amCode', w.am_code) AS werkcentrum, ${PARTNER_FACTS} AS partner,
      ${parties('WERKCENTRUM')} AS controllers, ${parties('PARTNER')} AS "actingFor", t.terms, encode(sha256(convert_to(t.terms, 'UTF8')), 'hex') AS "termsHash",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('version', l.version, 'state', l.state, 'validFrom', l.valid_from) ORDER BY l.version), '[]') FROM agreement l
        WHERE l.werkcentrum_id = a.werkcentrum_id AND l.partner_id = a.partner_id AND l.version > a.version AND l.signed_on IS NOT NULL) AS "laterVersions",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('number', e.number, 'step', e.step, 'side', e.by_side, 'role', e.by_role, 'onBehalfOf', e.on_behalf_of,
          'advice', e.advice, 'reason', e.reason, 'termsHash', e.terms_hash, 'state', e.state,
          'at', ${asInstant(Prisma.sql`e.at`)}, 'day', to_char(e.at AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM-DD'),
          'legalPerson', (SELECT ${PARTNER_FACTS} FROM partner p WHERE p.id = e.on_behalf_of)) ORDER BY e.number), '[]')
        FROM agreement_event e WHERE e.werkcentrum_id = a.werkcentrum_id AND e.agreement_id = a.id AND ${steps}) AS story
    FROM agreement a JOIN werkcentrum w ON w.id = a.werkcentrum_id JOIN partner p ON p.id = a.partner_id,
      LATERAL (SELECT agreement_terms(a.werkcentrum_id, a.id) AS terms) t
    WHERE ${ownAgreements(act)} AND ${sight} AND ${where} ORDER BY p.name, p.id, w.name, a.version DESC`
  const wordsOf = await basesAsTheyWere(act, rows)
  return rows.map((row) => agreementFrom(act, { ...row, story: toldTo(act, row.story) }, wordsOf))
}

/** Who is not told of advice finds no gap where it was: what opened and closed it is numbered by itself. */
const toldTo = (act: Act, story: AgreementEventData[]): AgreementEventData[] =>
  readsDrafts(act) ? story : story.map((event, place) => ({ ...event, number: place + 1 }))

function agreementFrom(act: Act, { legalBasisVersion, laterVersions, ...row }: Row, wordsOf: Bases): AgreementData {
  const parts = (place: 0 | 1) => [...new Set(row.cells.map((cell) => cell.split(' ')[place]!))]
  const { advice, signatures } = standing(row.story, row.termsHash)
  const replacedBy = laterVersions.filter(({ validFrom }) => validFrom <= act.today).at(-1)?.version ?? null
  // What was replaced opens nothing, whatever its own state: the newest that has begun counts, and it alone.
  const own = lockOf(row, act.today)
  const lock = replacedBy !== null && own !== 'none' ? 'ended' : own
  const stop = row.story.findLast(({ step }) => step === (row.state === 'ENDED' ? 'end' : 'suspend')) ?? null
  const sides = (events: readonly AgreementEventData[]) => events.flatMap(({ side }) => side ?? [])
  const allowed = cellsThatPolicyAllows(act.world.policies.sharing, row.partner.kind)
  return {
    ...row,
    categories: parts(0),
    purposes: parts(1),
    basis: basisFacts(row.legalBasis, legalBasisVersion, wordsOf.get(basisKey(row.legalBasis, legalBasisVersion))),
    lock,
    lockSentence: lockSentence(
      { ...row, lock, replacedBy, stop, signedBy: sides(signatures), advisedBy: sides(advice) },
      act.today,
    ),
    warnings: warningsOf({
      ...row,
      partnerKind: PARTNER_KIND_LABELS[row.partner.kind],
      beyondPolicy: row.cells.filter((cell) => !allowed.has(cell)),
      otherBasis: otherBasis(act.world.policies.sharing, row.legalBasis, row.partner.kind),
      basisIsOld: act.world.policies.sharing.bases.get(row.legalBasis)?.version !== legalBasisVersion,
      objections: sides(advice.filter(({ advice: said }) => said === 'OBJECTS')),
      laterVersions,
    }),
    advice,
    signatures,
  }
}

/** Every cell that some rule opens to somebody under an agreement, for this kind of partner. */
export function cellsThatPolicyAllows(sharing: Sharing, kind: PartnerKind): ReadonlySet<string> {
  return new Set(
    cellsOfPolicy(sharing)
      .filter(({ partnerKind, needs }) => partnerKind === kind && needs.includes('agreement'))
      .map(({ category, purpose }) => `${category} ${purpose}`),
  )
}

/** Every legal basis that some rule has that needs an agreement, for this kind of partner: the one on the partner's own task or consent first. */
export function basesThatPolicyKnows(sharing: Sharing, kind: PartnerKind): string[] {
  const rules = cellsOfPolicy(sharing).filter(({ partnerKind, needs }) => partnerKind === kind && needs.includes('agreement'))
  return [...new Set([sharing.basisOfPartner[kind], ...rules.flatMap(({ bases }) => bases)])]
}

/** What was agreed on and what the policy says, in words, when they are not the same basis. */
function otherBasis(sharing: Sharing, agreed: string, kind: PartnerKind): { agreed: string; usual: string } | null {
  const usual = sharing.basisOfPartner[kind]
  const words = (name: string) => sharing.bases.get(name)?.words ?? name
  return agreed === usual ? null : { agreed: words(agreed), usual: words(usual) }
}

export const basisFacts = (name: string, version: number, basis: Basis | undefined): BasisData => ({
  name,
  version,
  article: basis?.article ?? null,
  law: basis?.law ?? null,
  needsLawyer: basis?.['needs-lawyer'] ?? true,
})

type Bases = ReadonlyMap<string, Basis>
const basisKey = (name: string, version: number) => `${name} ${version}`

/** The words of each basis as it was agreed on: from the policy of today, and where that has other words, from one that was kept. */
async function basesAsTheyWere(act: Act, rows: readonly { legalBasis: string; legalBasisVersion: number }[]): Promise<Bases> {
  const known = new Map<string, Basis>()
  const learn = ({ bases }: Sharing) => {
    for (const [name, basis] of bases)
      if (!known.has(basisKey(name, basis.version))) known.set(basisKey(name, basis.version), basis)
  }
  learn(act.world.policies.sharing)
  const isMissing = () => rows.some(({ legalBasis, legalBasisVersion }) => !known.has(basisKey(legalBasis, legalBasisVersion)))
  if (!isMissing()) return known
  const kept = await act.sql.$queryRaw<{ sharing: string; actions: string }[]>`
    SELECT sharing, actions FROM policy_version WHERE hash <> ${act.world.policies.hash} ORDER BY loaded_at DESC`
  for (const texts of kept) {
    if (!isMissing()) break
    learn(parsePolicies(texts).sharing)
  }
  return known
}
