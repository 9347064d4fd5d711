// Every way in which the locks can stand, as a hand-off that has them so: what the tables can hold of the space of questions.
import type { Client } from 'pg'
import { type Consent, SHAREABLE } from '#app/consent/consent.js'
import type {
  AgreementState,
  Category,
  Cell,
  ConsentState,
  PartnerKind,
  Purpose,
  Question,
  Relation,
  Role,
} from '#app/decide/decide.js'
import type { State } from '#app/handoffs/lists.js'
import { SPACE } from '../decide/questions.js'
import { type Fact, hashOf, putAgreement, putHandOffs, putPartner, ROLE_OF } from '../support/facts.js'
import { idOf, TODAY, YESTERDAY } from '../support/small-world.js'

/** One state for each phase, and how each role stands to a hand-off of its own in it: written out once more by hand. */
const PHASES = ['OFFERED', 'ACCEPTED', 'COMPLETED'] as const satisfies State[]
export const RELATIONS: Partial<Record<Role, readonly [Relation, Relation, Relation]>> = {
  GUIDE: ['desk', 'desk', 'desk-ended'],
  HANDLER: ['offered', 'accepted', 'ended'],
  COORDINATOR: ['coordinates', 'coordinates', 'coordinates'],
  PRIVACY_OFFICER: ['audits', 'audits', 'audits'],
  CODE_HOLDER: ['holds-code', 'holds-code', 'holds-code'],
}
export const fits = (role: Role, relation: Relation) => RELATIONS[role]?.includes(relation) === true

const SHARED = Object.keys(SHAREABLE)
const PURPOSES = ['OVERVIEW', 'HELP', 'FOLLOW_UP']
const AGREED = [...SHARED, 'logistics'].flatMap((category) => PURPOSES.map((purpose) => `${category} ${purpose}`))

/** A consent as a question calls it; without one, nobody asked for an age. */
type Said = Pick<Question, 'consent' | 'explicit' | 'underSixteen' | 'representative'>
const SAID: readonly Said[] = [
  { consent: 'none', explicit: false, underSixteen: false, representative: false },
  ...SPACE.underSixteen.flatMap((underSixteen) =>
    SPACE.representative.flatMap((representative) => [
      { consent: 'covers' as const, explicit: true, underSixteen, representative },
      ...SPACE.consent
        .filter((consent) => consent !== 'none')
        .map((consent) => ({ consent, explicit: false, underSixteen, representative })),
    ]),
  ),
]

function versionsOf({ consent, explicit, underSixteen, representative }: Said): Consent[] {
  const given: Consent = {
    version: 1,
    change: 'GIVEN',
    categories: SHARED,
    explicitCategories: explicit ? SHARED : [],
    purposes: PURPOSES,
    underSixteen,
    representativePresent: representative,
    expiresOn: '2027-06-01',
  }
  const versions: Record<ConsentState, Consent[]> = {
    none: [],
    covers: [given],
    // For no purpose at all, so for no category either.
    'not-covered': [{ ...given, purposes: [] }],
    withdrawn: [given, { ...given, version: 2, change: 'WITHDRAWN', categories: [], explicitCategories: [] }],
    expired: [{ ...given, expiresOn: TODAY }],
  }
  return versions[consent]
}

export type Row = Fact & Readonly<{ phase: number; agreement: AgreementState; said: Said }>

/** A werkcentrum for each state of an agreement, so that everybody has all of them. */
export const WERKCENTRA = SPACE.agreement.map((agreement) => ({ agreement, id: idOf(`werkcentrum ${agreement}`) }))
export const partnerOf = (kind: PartnerKind) => idOf(`partner ${kind} of the cells`)

export const ROWS: readonly Row[] = WERKCENTRA.flatMap(({ agreement, id: werkcentrum }) =>
  SPACE.partnerKind.flatMap((kind) =>
    PHASES.flatMap((state, phase) =>
      SAID.flatMap((said) =>
        [true, false].map((heard) => ({
          id: idOf(`row ${agreement} ${kind} ${state} ${JSON.stringify(said)} ${heard}`),
          ...{ werkcentrum, partner: partnerOf(kind), kind, state, heard, consents: versionsOf(said), phase, agreement, said },
        })),
      ),
    ),
  ),
)

export async function putRows(admin: Client): Promise<void> {
  for (const kind of SPACE.partnerKind) await putPartner(admin, partnerOf(kind), kind)
  for (const { agreement, id } of WERKCENTRA) {
    await admin.query(`INSERT INTO werkcentrum VALUES ($1, $2, 'AM01')`, [id, `Werkcentrum ${agreement}`])
    if (agreement === 'none') continue
    for (const kind of SPACE.partnerKind)
      await putAgreement(admin, {
        ...{ werkcentrum: id, partner: partnerOf(kind), cells: AGREED, state: agreement.toUpperCase() },
        // What is over is over by its last day, too.
        ...(agreement === 'ended' ? { to: YESTERDAY } : {}),
      })
  }
  await putHandOffs(admin, ROWS)
}

/** Somebody who reads; `own`: the rows to which this one stands in some way. */
export type Reader = Readonly<{
  databaseRole: string
  role: Role
  organisation: string
  own: readonly Row[]
  codes: readonly string[]
  where?: string
}>

const of = (databaseRole: string, organisation: string, own: readonly Row[], more: Partial<Reader> = {}): Reader => ({
  databaseRole,
  role: ROLE_OF[databaseRole] ?? 'SIGNATORY',
  organisation,
  own,
  codes: [],
  ...more,
})
/** Everybody reads with every filter forgotten; of the partners two do, and the others ask for their own, to be done in time. */
export const READERS: readonly Reader[] = [
  ...['wo_guide', 'wo_coordinator', 'wo_officer_werkcentrum'].flatMap((name) =>
    WERKCENTRA.map(({ id }) =>
      of(
        name,
        id,
        ROWS.filter(({ werkcentrum }) => werkcentrum === id),
      ),
    ),
  ),
  ...['wo_handler', 'wo_officer_partner'].flatMap((name) =>
    SPACE.partnerKind.map((kind) => {
      const id = partnerOf(kind)
      const where = kind === 'UWV' || kind === 'UNION' ? 'true' : `partner_id = '${id}'`
      return of(
        name,
        id,
        ROWS.filter(({ partner }) => partner === id),
        { where },
      )
    }),
  ),
  ...[true, false].map((half) => {
    const own = ROWS.filter(({ heard }) => heard === half)
    return of('wo_visitor', '', own, { codes: own.map(({ id }) => hashOf(id)) })
  }),
  of('wo_signatory_werkcentrum', WERKCENTRA[0]!.id, []),
  of('wo_signatory_partner', partnerOf('UWV'), []),
]

export const relationTo = (row: Row, role: Role): Relation => RELATIONS[role]![row.phase]!
export const mayHoldSensitive = (kind: PartnerKind) => ['UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE'].includes(kind)

type Locks = Omit<Question, keyof Cell>
const isAgreed = (category: Category, purpose: Purpose) => AGREED.includes(`${category} ${purpose}`)
const isShared = (category: Category, purpose: Purpose) => SHARED.includes(category) && PURPOSES.includes(purpose)
/** Besides the outcome, what is there is nobody else's: who wrote it makes no difference, except that colleagues and remarks are of the own side. */
const sides = (row: Row, category: Category) =>
  category === 'outcome' ? [!row.heard] : category === 'staff' || category === 'internal' ? [true] : [true, false]

/** The locks of a row as the server would ask: an agreement is for what it names, and a consent for what can be consented to. */
export function locksAsAsked(row: Row, purpose: Purpose, category: Category): Locks[] {
  const { consent, explicit } = row.said
  const locks = {
    agreement: row.agreement === 'active' && !isAgreed(category, purpose) ? 'none' : row.agreement,
    ...row.said,
    consent: consent === 'covers' && !isShared(category, purpose) ? 'not-covered' : consent,
    explicit: explicit && isShared(category, purpose),
  } satisfies Omit<Locks, 'ownSide'>
  return sides(row, category).map((ownSide) => ({ ...locks, ownSide }))
}
/** For which categories and purposes those locks come out the same. */
export const namedFor = (category: Category, purpose: Purpose): string =>
  [
    isAgreed(category, purpose),
    isShared(category, purpose),
    ['outcome', 'staff', 'internal'].includes(category) ? category : '',
  ].join()

/** Why no row can ask this question; undefined: one can. To whoever stands to it in no way that fits, it is a row of others. */
export function whyNoRow(q: Question): string | undefined {
  if (q.consent === 'none' && (q.explicit || q.underSixteen || q.representative))
    return 'without a consent nothing is known of it'
  if (q.explicit && q.consent !== 'covers') return 'only what is consented to is so explicitly'
  if (q.consent === 'covers' && !isShared(q.category, q.purpose)) return 'for this category and purpose nobody consents'
  if (q.agreement === 'active' && !isAgreed(q.category, q.purpose)) return 'for this category and purpose nobody agrees'
  if (q.category === 'sensitive' && !mayHoldSensitive(q.partnerKind)) return 'this kind of partner is told nothing sensitive'
  if (q.category === 'staff' && !q.ownSide) return 'a colleague is always of the own side'
  if (q.category === 'internal' && !q.ownSide) return 'a remark is always of the own side'
  return undefined
}
