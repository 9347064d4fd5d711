// What somebody sees of an object: its data together with the decision that was taken about it, once (design 4, steps 5 and 6).
import {
  type AgreementState,
  CATEGORIES,
  type Category,
  type ConsentState,
  type Decide,
  type Decision,
  type PartnerKind,
  type Purpose,
  type Question,
  type Relation,
  type Role,
  reasonOf,
  type WithheldReason,
  whicheverPartner,
} from './decide.js'
import type { Fields } from './policy-files.js'
import { NOT_SHARED_RULE } from './sentence.js'

/** Who looks, what for, and by which policy. */
export type Eyes = Readonly<{
  role: Role
  purpose: Purpose
  decide: Decide
  fields: Fields
}>

/** What the locks on one object are, category by category. */
export type Facts = Readonly<{
  relation: Relation
  /** The receiving partner's; a contact has none, and is open only where it is open whoever receives. */
  partnerKind: PartnerKind | null
  agreementFor: (category: Category) => AgreementState
  consentFor: (category: Category) => Readonly<{ state: ConsentState; explicit: boolean }>
  underSixteen: boolean
  representative: boolean
  ownSide: (category: Category) => boolean
  /** Is there a value? A partner must not be able to tell "refused" from "nothing there" (design 3). */
  hasValue: (category: Category) => boolean
}>

/** What a partner hears instead of a reason, whatever the reason. */
export const NOT_SHARED = 'NOT_SHARED'

export type Withheld = Readonly<{ field: string; category: Category; reason: WithheldReason | typeof NOT_SHARED; rule: string }>

/** The decision on one object: for each category whether it is shown, and the one rule that says so. */
export type Sight = ReadonlyMap<Category, Decision>

const sights = new WeakMap<object, { sight: Sight; withheld: readonly Withheld[] }>()

/** The categories that travel from visitor to partner: where nothing was shared and nothing is there must look alike. */
const CONTEXT: ReadonlySet<Category> = new Set(['routing', 'question', 'situation', 'sensitive', 'note'])

/**
 * Decides every category of one object and ties the decision to it; shield reads it back on the way out.
 * Undefined when nothing at all is shown: the object does not exist for these eyes (invariant 1).
 */
export function see<T extends object>(
  eyes: Eyes,
  typeName: string,
  facts: Facts,
  object: T,
): { seen: T; sight: Sight } | undefined {
  const { partnerKind } = facts
  const decide =
    partnerKind === null
      ? whicheverPartner(eyes.decide)
      : (question: Omit<Question, 'partnerKind'>) => eyes.decide({ ...question, partnerKind })
  const sight = new Map<Category, Decision>()
  const fields = eyes.fields.governed.get(typeName) ?? new Map<string, Category | 'open'>()
  const held = new Set(fields.values())
  for (const category of CATEGORIES) {
    if (!held.has(category)) continue
    const consent = facts.consentFor(category)
    sight.set(
      category,
      decide({
        role: eyes.role,
        purpose: eyes.purpose,
        relation: facts.relation,
        category,
        agreement: facts.agreementFor(category),
        consent: consent.state,
        explicit: consent.explicit,
        underSixteen: facts.underSixteen,
        representative: facts.representative,
        ownSide: facts.ownSide(category),
      }),
    )
  }
  if (![...sight.values()].some((decision) => decision.allowed)) return undefined

  const withheld: Withheld[] = []
  for (const [field, category] of fields) {
    if (category === 'open') continue
    const decision = sight.get(category)!
    if (eyes.role === 'HANDLER') {
      if (!decision.allowed || (CONTEXT.has(category) && !facts.hasValue(category)))
        withheld.push({ field, category, reason: NOT_SHARED, rule: NOT_SHARED_RULE })
    } else if (!decision.allowed) {
      withheld.push({ field, category, reason: reasonOf(decision.because), rule: decision.because })
    }
  }
  sights.set(object, { sight, withheld })
  return { seen: object, sight }
}

/** The decision tied to an object; undefined means that there never was one, which is a fault. */
export const sightOf = (object: unknown): Sight | undefined =>
  typeof object === 'object' && object !== null ? sights.get(object)?.sight : undefined

export const withheldOf = (object: object): readonly Withheld[] => sights.get(object)?.withheld ?? []
