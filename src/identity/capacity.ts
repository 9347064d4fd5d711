// What a caller acts as: one role in one organisation, or nobody (design 2, Capacity). Whatever is not exactly that is no capacity.

/** Which roles act for which kind of organisation. INVARIANT: GUIDE never for a partner, HANDLER never for a werkcentrum. */
const ROLES_FOR = {
  WERKCENTRUM: ['GUIDE', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY'],
  PARTNER: ['HANDLER', 'PRIVACY_OFFICER', 'SIGNATORY'],
} as const

type Side = keyof typeof ROLES_FOR
type ActingFor<S extends Side> = { role: (typeof ROLES_FOR)[S][number]; side: S; organisationId: string; subject: string }

/** `subject` is the issuer's account id: never stored or logged, see `staffPseudonym`. */
export type StaffCapacity = Readonly<ActingFor<'WERKCENTRUM'> | ActingFor<'PARTNER'>>

/** Made from a follow-up code, never from a token; the hashes are those of `keyedHashes(ring, 'follow-up-code', code)`. */
export type CodeHolder = Readonly<{ role: 'CODE_HOLDER'; side: 'VISITOR'; codeHashes: readonly string[] }>

/** Not signed in: a capacity without rights, so that nobody has to ask whether there is one. */
export type Nobody = Readonly<{ role: 'NOBODY'; side: 'NONE' }>

export type Capacity = StaffCapacity | CodeHolder | Nobody

export const NOBODY: Nobody = Object.freeze({ role: 'NOBODY', side: 'NONE' })

/** Where the issuer puts role and organisation: a claim, or a dotted path into nested claims ('realm.werkcentrum.role'). */
export type ClaimNames = Readonly<{ role: string; organisation: string }>

export const CLAIM_NAMES: ClaimNames = { role: 'wo_role', organisation: 'wo_organisation' }

const ORGANISATION = /^(werkcentrum|partner):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/**
 * The capacity that verified claims stand for, or undefined: an unknown word, a list (even of one), a role that does not act
 * for that kind of organisation. The organisation is written `werkcentrum:<uuid>` or `partner:<uuid>`, in lower case.
 */
export function capacityFrom(claims: unknown, names: ClaimNames = CLAIM_NAMES): StaffCapacity | undefined {
  const role = claimAt(claims, names.role)
  const organisation = claimAt(claims, names.organisation)
  const subject = own(claims, 'sub')
  if (typeof role !== 'string' || typeof organisation !== 'string') return undefined
  if (typeof subject !== 'string' || subject === '' || subject.length > 255) return undefined
  const [, kind, organisationId] = ORGANISATION.exec(organisation) ?? []
  if (organisationId === undefined) return undefined
  const side: Side = kind === 'werkcentrum' ? 'WERKCENTRUM' : 'PARTNER'
  if (!(ROLES_FOR[side] as readonly string[]).includes(role)) return undefined
  return Object.freeze({ role, side, organisationId, subject } as StaffCapacity)
}

/** Some issuers have dots in the names of claims (`https://example.nl/role`): the whole name goes before the path. */
function claimAt(claims: unknown, name: string): unknown {
  return own(claims, name) ?? name.split('.').reduce(own, claims)
}

/** Only what an object itself has: nothing from prototypes, nothing from lists. */
function own(holder: unknown, member: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return undefined
  return Object.hasOwn(holder, member) ? (holder as Record<string, unknown>)[member] : undefined
}
