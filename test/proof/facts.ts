// What stands in the database, read plainly, and who may see it: by the table of the domain, written out by hand in test/decide/questions.ts,
// and by nothing of the product.
import type { Client } from 'pg'
import { opens, SPACE, signInDomain } from '../decide/questions.js'
import { TODAY } from '../support/small-world.js'
import type { Who } from './people.js'
import type { Draft, Stories } from './twin-story.js'

type Question = Parameters<typeof opens>[1]
export type Category = (typeof SPACE.category)[number]

export type ConsentRow = Readonly<{
  change: string
  categories: readonly string[]
  explicit: readonly string[]
  purposes: readonly string[]
  expiresOn: string
  underSixteen: boolean
  representative: boolean
}>
export type HandOff = Readonly<{
  id: string
  desk: string
  partner: string
  kind: string
  state: string
  /** Until when the desk has work with it. */
  openUntil: string
  heardByDesk: boolean
  codeHash: string | null
  consent: ConsentRow | null
  agreement: Readonly<{ state: string; cells: readonly string[]; validTo: string }> | null
}>
export type Agreement = Readonly<{ id: string; desk: string; partner: string; signed: boolean }>
/** Nothing was made of a contact that is free. */
export type Contact = Readonly<{ id: string; desk: string; day: string; isFree: boolean }>
export type IdentityRequest = Readonly<{ id: string; by: string; answeredBy: string }>
export type Facts = Readonly<{
  handOffs: readonly HandOff[]
  agreements: readonly Agreement[]
  contacts: readonly Contact[]
  identityRequests: readonly IdentityRequest[]
  /** An agreement that waits for its signatures. */
  draft: Draft
  stories: Stories
}>

export async function readFacts(sql: Client, told: { stories: Stories; draft: Draft }): Promise<Facts> {
  const rows = async (text: string) => (await sql.query(text)).rows
  return {
    ...told,
    identityRequests: await rows(
      'SELECT id, organisation_id AS by, other_organisation_id AS "answeredBy" FROM staff_identity_request ORDER BY id',
    ),
    handOffs:
      await rows(`SELECT h.id, h.werkcentrum_id AS desk, h.partner_id AS partner, h.partner_kind AS kind, h.state, h.open_until::text AS "openUntil",
      coalesce((SELECT o.heard_by_desk FROM hand_off_outcome o WHERE o.hand_off_id = h.id ORDER BY o.number DESC LIMIT 1), false) AS "heardByDesk",
      (SELECT f.hash FROM follow_up_code f WHERE f.hand_off_id = h.id) AS "codeHash",
      (SELECT jsonb_build_object('change', c.change, 'categories', c.categories, 'explicit', c.explicit_categories, 'purposes', c.purposes, 'expiresOn', c.expires_on,
        'underSixteen', c.under_sixteen, 'representative', c.representative_present) FROM consent c WHERE c.hand_off_id = h.id ORDER BY c.version DESC LIMIT 1) AS consent,
      (SELECT jsonb_build_object('state', a.state, 'cells', a.cells, 'validTo', a.valid_to) FROM agreement a WHERE a.werkcentrum_id = h.werkcentrum_id
        AND a.partner_id = h.partner_id AND a.signed_on IS NOT NULL AND a.valid_from <= '${TODAY}' ORDER BY a.version DESC LIMIT 1) AS agreement
      FROM hand_off h ORDER BY h.id`),
    agreements: await rows(
      'SELECT id, werkcentrum_id AS desk, partner_id AS partner, signed_on IS NOT NULL AS signed FROM agreement ORDER BY id',
    ),
    contacts: await rows(
      `SELECT c.id, c.werkcentrum_id AS desk, c.day::text AS day, NOT EXISTS (SELECT FROM hand_off_origin o WHERE o.contact_id = c.id) AS "isFree"
       FROM visitor_contact c ORDER BY c.id`,
    ),
  }
}

const OPEN = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS']
const isEnded = ({ state }: HandOff) => !OPEN.includes(state)

export const isOf = (who: Who, { desk, partner }: Readonly<{ desk: string; partner: string }>): boolean =>
  who.organisation !== undefined && who.organisation.id === (who.organisation.side === 'werkcentrum' ? desk : partner)
export const isPartner = (who: Who): boolean => who.organisation?.side === 'partner'

/** Does this visitor's code open it? A code follows its question to the reserve. */
export const holdsCode = (who: Who, { codeHash }: HandOff, { handOffs, stories }: Facts): boolean => {
  const own = who.role === 'CODE_HOLDER' && stories.get(who.story!)?.id
  return codeHash !== null && handOffs.some((handOff) => handOff.id === own && handOff.codeHash === codeHash)
}

/** `ever`: in every relation that somebody can bring about by acting. */
export type Reach = 'now' | 'ever'

function relationsOf(who: Who, handOff: HandOff, facts: Facts, reach: Reach): readonly string[] {
  if (who.role === 'CODE_HOLDER') return holdsCode(who, handOff, facts) ? ['holds-code'] : []
  if (!isOf(who, handOff)) return []
  switch (who.role) {
    case 'GUIDE':
      return reach === 'ever' ? ['desk', 'desk-ended'] : [isEnded(handOff) ? 'desk-ended' : 'desk']
    case 'HANDLER':
      if (reach === 'ever') return ['offered', 'accepted', 'ended']
      return [handOff.state === 'OFFERED' ? 'offered' : isEnded(handOff) ? 'ended' : 'accepted']
    case 'COORDINATOR':
      return ['coordinates']
    case 'PRIVACY_OFFICER':
      return ['audits']
    default:
      return []
  }
}

/** Where the visitor stands at the desk with the code, more can be agreed to; and what has ended comes back when it is forwarded. */
function canBeOpened(who: Who, handOff: HandOff, category: Category, { stories }: Facts): boolean {
  if (who.role !== 'GUIDE' || !isOf(who, handOff)) return false
  if (stories.get(who.story ?? '')?.id === handOff.id) return category !== 'staff' && category !== 'internal'
  return ['routing', 'question', 'situation'].includes(category)
}

/** May they see this category of this hand-off, for any purpose at all? */
export function sees(who: Who, handOff: HandOff, category: Category, facts: Facts, reach: Reach): boolean {
  if (reach === 'ever' && canBeOpened(who, handOff, category, facts)) return true
  const { agreement, consent } = handOff
  return relationsOf(who, handOff, facts, reach).some((relation) =>
    SPACE.purpose.some((purpose) => {
      const inForce =
        agreement?.state === 'ACTIVE' && agreement.validTo >= TODAY && agreement.cells.includes(`${category} ${purpose}`)
      const stands = consent !== null && consent.change !== 'WITHDRAWN' && consent.expiresOn > TODAY
      const covers = stands && consent.categories.includes(category) && consent.purposes.includes(purpose)
      const question = {
        role: who.role,
        relation,
        purpose,
        partnerKind: handOff.kind,
        category,
        agreement: inForce ? 'active' : 'none',
        consent: covers ? 'covers' : 'none',
        explicit: consent?.explicit.includes(category) ?? false,
        underSixteen: consent?.underSixteen ?? false,
        representative: consent?.representative ?? false,
        ownSide: category !== 'outcome' || !handOff.heardByDesk,
      } as Question
      return opens(signInDomain(question), question)
    }),
  )
}

/** Does the hand-off exist for them? Reference and progress open together. */
export const knows = (who: Who, handOff: HandOff, facts: Facts, reach: Reach): boolean =>
  sees(who, handOff, 'reference', facts, reach)

/**
 * Who reads the consent itself, besides what it opens: the own desk as long as it has work with it, whoever holds the code, and the privacy
 * officers of both sides, who have to be able to show it (AVG art. 7(1)).
 */
export function readsConsent(who: Who, handOff: HandOff, facts: Facts, reach: Reach): boolean {
  if (who.role === 'GUIDE')
    return isOf(who, handOff) && (reach === 'ever' || handOff.openUntil === 'infinity' || handOff.openUntil > TODAY)
  if (who.role === 'PRIVACY_OFFICER' || who.role === 'CODE_HOLDER') return knows(who, handOff, facts, reach)
  return false
}

/** The same to these eyes, whatever of the two stands there. */
export const looksTheSame = (who: Who, one: HandOff, other: HandOff, facts: Facts, reach: Reach): boolean =>
  SPACE.category.every((category) => sees(who, one, category, facts, reach) === sees(who, other, category, facts, reach))
