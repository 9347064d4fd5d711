// The register of processing activities (AVG art. 30(1)), made from the policy and the agreements as they are today; nothing in it is typed in.
import { activityUri } from '../access-log/processing-log.js'
import { Prisma } from '../database/prisma/client.js'
import { CATEGORIES, type Category, type PartnerKind, type Purpose, type Role } from '../decide/decide.js'
import { cells } from '../decide/matrix.js'
import { basesFor } from '../decide/policy-files.js'
import { CATEGORY_LABELS, PURPOSE_LABELS } from '../decide/sentence.js'
import { type Act, organisationOf } from '../operations/perform.js'
import { PARTNER_FACTS, type PartnerFacts } from '../partners/partners.js'
import { type AgreementData, type BasisData, basisFacts, listAgreements } from './agreements.js'
import { csvOf } from './csv.js'
import { AGREED_PURPOSES, inOrder } from './terms.js'
import { readTermsKept } from './terms-kept.js'

type DataCategory = { category: Category; words: string; purposes: Purpose[]; fields: string[] }

/** One activity; the letters are those of AVG art. 30(1). */
type ActivityData = {
  /** The same for the same activity, today and later. */
  key: string
  /** As the processing log points at it. */
  uri: string
  name: string
  /** (a) */
  controllers: PartnerFacts[]
  contactPoint: string
  /** (b) */
  purpose: string
  bases: BasisData[]
  /** (c) */
  dataSubjects: string[]
  dataCategories: DataCategory[]
  /** (d) */
  recipients: string[]
  /** (e) */
  transfersOutsideEu: string
  /** (f) */
  retention: string
  /** (g) */
  security: string[]
  agreementId: string | null
  agreementVersion: number | null
  documentReference: string | null
  /** First day, YYYY-MM-DD: of the agreement, or of this version of the policy. */
  since: string | null
}

export type RegisterData = {
  organisation: string
  madeOn: string
  policyHash: string
  activities: ActivityData[]
  csv: string
  json: string
}

const NOT_SET = 'nog niet vastgesteld'
const NO_TRANSFER = 'Geen doorgifte buiten de EU door dit systeem. Waar de server staat, bepaalt wie hem beheert.'
const VISITORS = 'bezoekers van het werkcentrum, zonder naam of contactgegevens (pseudonieme gegevens)'
const REPRESENTATIVES = 'bezoekers jonger dan 16, met of zonder vertegenwoordiger'
const STAFF = 'medewerkers die het systeem gebruiken (als pseudoniem; het account alleen versleuteld)'

/** What the system does, and no more than it does: README.md, Limits. */
const SECURITY: readonly string[] = [
  'Per veld besluiten beleid, afspraak en toestemming samen wie het ziet; wat niet geregeld is, is dicht.',
  'De database controleert per organisatie nog eens wie welke rij mag lezen (row-level security).',
  'Elk antwoord heeft een regel in het toegangslogboek, ook een weigering, vastgelegd voordat het antwoord weggaat.',
  'Wie er achter een pseudoniem in het logboek zit, openen twee mensen samen, nooit één alleen; dat staat in het logboek van beide organisaties.',
  'Er zijn geen namen, BSN, contactgegevens, geboortedata of tijdstippen van bezoekers.',
  'Alleen wat de bezoeker goed vond, wordt gekopieerd voor de partner.',
  'Van codes wordt alleen een hash met een geheime sleutel bewaard; van accounts een pseudoniem, en het account zelf versleuteld.',
  'Inloggen gaat met kortlevende tokens van de eigen identiteitsdienst; elke hoedanigheid heeft eigen rechten.',
]

/** The governed types that some operation of a role leads to. */
export type TypesOf = (role: Role) => ReadonlySet<string>

/** Of the own organisation: an activity for each agreement in force, the own work, the visitor's rights, and accountability. */
export async function makeRegister(act: Act, typesOf: TypesOf): Promise<RegisterData> {
  const agreements = (await listAgreements(act)).filter(({ lock }) => lock === 'active')
  const own = await readOwn(act)
  const kept = await readTermsKept(act)
  const atDesk = act.capacity.side === 'WERKCENTRUM'
  const about = (
    key: string,
    name: string,
    purpose: string,
    role: Role,
    dataSubjects: string[],
    recipients: string[],
    retention = kept.handOff,
  ): ActivityData => ({
    key,
    uri: activityUri(organisationOf(act), key),
    name,
    controllers: own.controllers,
    contactPoint: NOT_SET,
    purpose,
    bases: basesOf(act, role, own.kind),
    dataSubjects,
    dataCategories: categoriesOf(act, role, own.kind, typesOf),
    recipients,
    transfersOutsideEu: NO_TRANSFER,
    retention,
    security: [...SECURITY],
    agreementId: null,
    agreementVersion: null,
    documentReference: null,
    since: own.policySince,
  })
  const activities = [
    atDesk
      ? about(
          'desk',
          'Gesprekken aan de balie en warme overdrachten volgen',
          'Bezoekers helpen met een vraag over werk of scholing, en zorgen dat een overdracht wordt opgepakt',
          'GUIDE',
          [VISITORS, REPRESENTATIVES],
          [
            'gidsen van het eigen werkcentrum',
            'de coördinator: alleen verwijzing, logistiek en voortgang',
            ...officers(act, 'de privacy officer van het eigen werkcentrum', null),
          ],
          `${kept.contact} ${kept.handOff}`,
        )
      : about(
          'inbox',
          'Overdrachten ontvangen en beantwoorden',
          'Weten welke overdracht er is, die beantwoorden, en bewaren wat u er zelf over schreef',
          'HANDLER',
          [VISITORS],
          ['medewerkers van de eigen organisatie', ...officers(act, 'de privacy officer van de eigen organisatie', own.kind)],
        ),
    ...agreements.map((agreement) => activityUnder(act, agreement, typesOf, kept.handOff)),
    about(
      'rights',
      'Rechten van de bezoeker',
      'De bezoeker met de volgcode laten zien wat gedeeld is en hoe het gaat',
      'CODE_HOLDER',
      [VISITORS, REPRESENTATIVES],
      ['de bezoeker zelf'],
    ),
    about(
      'accountability',
      'Toezicht en verantwoording: het toegangslogboek',
      'Kunnen aantonen wie wat zag, wanneer, waarvoor en volgens welke regel (AVG art. 5, tweede lid)',
      'PRIVACY_OFFICER',
      [VISITORS, STAFF],
      ['de privacy officer van de eigen organisatie'],
      kept.log,
    ),
  ]
  const register = { organisation: own.name, madeOn: act.today, policyHash: act.world.policies.hash, activities }
  return { ...register, csv: csvOf([HEAD, ...activities.map(rowOf)]), json: JSON.stringify(register, null, 2) }
}

/** `kind` is that of a partner; null for a werkcentrum. */
type Own = { name: string; kind: PartnerKind | null; controllers: PartnerFacts[]; policySince: string | null }

async function readOwn(act: Act): Promise<Own> {
  const id = organisationOf(act)
  const since = Prisma.sql`(SELECT to_char(loaded_at AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM-DD') FROM policy_version
    WHERE hash = ${act.world.policies.hash}) AS "policySince"`
  const [own] = await act.sql.$queryRaw<Own[]>(
    act.capacity.side === 'WERKCENTRUM'
      ? Prisma.sql`SELECT w.name, NULL AS kind, ${since}, (SELECT coalesce(jsonb_agg(${PARTNER_FACTS} ORDER BY p.name), '[]') FROM controller c JOIN partner p ON p.id = c.partner_id
          WHERE c.werkcentrum_id = w.id) AS controllers FROM werkcentrum w WHERE w.id = ${id}::uuid`
      : Prisma.sql`SELECT o.name, o.kind, ${since}, (SELECT coalesce(jsonb_agg(${PARTNER_FACTS} ORDER BY p.name), '[]') FROM partner p
          WHERE CASE WHEN o.legal_person THEN p.id = o.id ELSE p.id IN (SELECT member_id FROM partner_acts_for WHERE partner_id = o.id) END) AS controllers
          FROM partner o WHERE o.id = ${id}::uuid`,
  )
  return own ?? { name: '', kind: null, controllers: [], policySince: null }
}

/** What flows under one agreement: the visitor's question to the partner, and the result back. Both sides keep it in their register. */
function activityUnder(act: Act, agreement: AgreementData, typesOf: TypesOf, retention: string): ActivityData {
  const { werkcentrum, partner, controllers, actingFor } = agreement
  const named = new Map<Category, Purpose[]>()
  for (const cell of inOrder(agreement.cells)) {
    const [category, purpose] = cell.split(' ') as [Category, Purpose]
    named.set(category, [...(named.get(category) ?? []), purpose])
  }
  const purposes = AGREED_PURPOSES.filter((purpose) => agreement.purposes.includes(purpose)).map(
    (purpose) => PURPOSE_LABELS[purpose],
  )
  const isSensitive = named.has('sensitive')
  const key = `agreement ${agreement.id}`
  return {
    key,
    uri: activityUri(organisationOf(act), key),
    name: `Warme overdracht van ${werkcentrum.name} aan ${partner.name}`,
    controllers: act.capacity.side === 'WERKCENTRUM' ? controllers : actingFor,
    contactPoint: agreement.contactPoint,
    purpose: `Een bezoeker met een vraag overdragen en samen volgen tot het rond is: ${purposes.join(', ')}`,
    bases: [agreement.basis, ...(isSensitive ? basisCalled(act, 'explicit-consent') : [])],
    dataSubjects: [VISITORS, REPRESENTATIVES],
    dataCategories: [...named].map(([category, purposes]) => ({
      category,
      words: CATEGORY_LABELS[category],
      purposes,
      fields: fieldsOf(act, category, typesOf('HANDLER')),
    })),
    recipients: [
      ...new Set([
        partner.name,
        ...actingFor.map(({ name }) => name),
        ...(named.has('outcome') ? [`${werkcentrum.name}, voor het resultaat`] : []),
        ...officers(act, 'de privacy officers van beide kanten', partner.kind),
      ]),
    ],
    transfersOutsideEu: NO_TRANSFER,
    retention,
    security: [...SECURITY],
    agreementId: agreement.id,
    agreementVersion: agreement.version,
    documentReference: agreement.documentReference,
    since: agreement.signedOn && agreement.signedOn > agreement.validFrom ? agreement.signedOn : agreement.validFrom,
  }
}

/** What a role sees without an agreement: that is its own activity. `kind` is that of the own partner; a werkcentrum has to do with all kinds. */
const cellsOf = (act: Act, role: Role, kind: PartnerKind | null) =>
  cells(act.world.policies.sharing).filter(
    (cell) =>
      cell.role === role &&
      (kind === null || cell.partnerKind === kind) &&
      cell.bases.length > 0 &&
      !cell.needs.includes('agreement'),
  )

function categoriesOf(act: Act, role: Role, kind: PartnerKind | null, typesOf: TypesOf): DataCategory[] {
  const seen = cellsOf(act, role, kind)
  return CATEGORIES.flatMap((category) => {
    const purposes = new Set(seen.filter((cell) => cell.category === category).map(({ purpose }) => purpose))
    const fields = fieldsOf(act, category, typesOf(role))
    // A category that no field is in yet is not processed.
    return purposes.size > 0 && fields.length > 0
      ? [{ category, words: CATEGORY_LABELS[category], purposes: [...purposes], fields }]
      : []
  })
}

/** By the rules themselves: who keeps a log that it may not look into keeps it on the same basis. */
function basesOf(act: Act, role: Role, kind: PartnerKind | null): BasisData[] {
  const { sharing } = act.world.policies
  const rules = sharing.share.filter((rule) => rule.role === role && !rule.needs.includes('agreement'))
  const names = rules.flatMap((rule) =>
    rule.partnerKinds.filter((of) => kind === null || of === kind).flatMap((of) => basesFor(sharing, rule, of)),
  )
  return [...new Set(names)].flatMap((name) => basisCalled(act, name))
}

/** Privacy officers, with what they see of hand-offs to this kind of partner; nothing where that is nothing. */
function officers(act: Act, who: string, kind: PartnerKind | null): string[] {
  const seen = cellsOf(act, 'PRIVACY_OFFICER', kind)
  const words = CATEGORIES.filter((category) => seen.some((cell) => cell.category === category)).map(
    (category) => CATEGORY_LABELS[category].split(':')[0]!,
  )
  return words.length > 0 ? [`${who}: alleen ${words.join(' en ')}`] : []
}

function basisCalled(act: Act, name: string): BasisData[] {
  const basis = act.world.policies.sharing.bases.get(name)
  return basis ? [basisFacts(name, basis.version, basis)] : []
}

/** The fields of this category in these types, as 'HandOff.situation'. */
const fieldsOf = ({ fields }: Act, category: Category, types: ReadonlySet<string>): string[] =>
  [...fields.governed].flatMap(([type, governed]) =>
    types.has(type) ? [...governed].flatMap(([field, of]) => (of === category ? [`${type}.${field}`] : [])) : [],
  )

/* As a table. */

const HEAD = [
  'kenmerk',
  'verwerkingsactiviteit',
  'verwerkingsverantwoordelijken',
  'contactpunt',
  'doel',
  'grondslag',
  'betrokkenen',
  'gegevens',
  'ontvangers',
  'doorgifte buiten de EU',
  'bewaartermijn',
  'beveiliging',
  'document',
  'sinds',
]

const rowOf = (activity: ActivityData): string[] => [
  activity.key,
  activity.name,
  activity.controllers.map(({ name }) => name).join(' | '),
  activity.contactPoint,
  activity.purpose,
  activity.bases.map(cited).join(' | '),
  activity.dataSubjects.join(' | '),
  activity.dataCategories.map(({ words, fields }) => `${words} (${fields.join(', ') || 'nog geen velden'})`).join(' | '),
  activity.recipients.join(' | '),
  activity.transfersOutsideEu,
  activity.retention,
  activity.security.join(' | '),
  activity.documentReference ?? '',
  activity.since ?? '',
]

const cited = ({ name, version, article, law, needsLawyer }: BasisData) =>
  `${article ?? name}, ${law ?? 'onbekende wet'} (versie ${version}${needsLawyer ? ', nog niet door een jurist bevestigd' : ''})`
