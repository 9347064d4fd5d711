// The policy as the second wall reads it: `decide` itself, asked every question beforehand, one line per role, purpose and category.
import {
  CATEGORIES,
  type Category,
  type Decide,
  decider,
  PARTNER_KINDS,
  type Policy,
  PURPOSES,
  type Purpose,
  ROLES,
  type Role,
} from '../decide/decide.js'
import { PlainError } from '../errors.js'
import type { State } from '../handoffs/lists.js'
import { relationTo } from '../handoffs/steps.js'

/** The relation of a role changes with the phase alone; one state stands for each. In the order of hand_off.square. */
const PHASES: readonly State[] = ['OFFERED', 'ACCEPTED', 'COMPLETED']

type PolicyCell = Readonly<{
  role: Role
  purpose: Purpose
  category: Category
  /** By square (phase and kind of partner): bit n says whether it is open when the open locks add up to n (1, 2, 4, 8: see the migration). */
  truths: readonly number[]
  asksAgreement: boolean
}>

/**
 * Lines that open nothing are left out: what is not there is closed.
 * @throws PlainError when the policy asks for something that the tables cannot tell apart.
 */
export function policyCells(policy: Policy, decide: Decide = decider(policy)): PolicyCell[] {
  const truthsOf = (role: Role, purpose: Purpose, category: Category) =>
    PHASES.flatMap((state) =>
      PARTNER_KINDS.map((partnerKind) => {
        const isOpen = (locks: number) =>
          decide({
            role,
            purpose,
            category,
            partnerKind,
            relation: relationTo(role, state),
            agreement: locks & 1 ? 'active' : 'none',
            consent: locks & 2 ? 'covers' : 'none',
            explicit: (locks & 4) !== 0,
            underSixteen: false,
            representative: false,
            ownSide: (locks & 8) !== 0,
          }).allowed
        return Array.from({ length: 16 }, (_, locks) => Number(isOpen(locks)) << locks).reduce((sum, bit) => sum + bit, 0)
      }),
    )
  const cells: PolicyCell[] = []
  for (const role of ROLES)
    for (const purpose of PURPOSES) {
      const of = new Map(CATEGORIES.map((category) => [category, truthsOf(role, purpose, category)]))
      if (String(of.get('reference')) !== String(of.get('progress')))
        throw new PlainError(
          `The policy opens reference and progress differently for ${role}, ${purpose}: they share a table, so that needs a migration first.`,
        )
      for (const [category, truths] of of) {
        const asksAgreement = truths.some((truth) =>
          [0, 2, 4, 6, 8, 10, 12, 14].some((n) => ((truth >> n) & 1) !== ((truth >> (n + 1)) & 1)),
        )
        if (truths.some(Boolean)) cells.push({ role, purpose, category, truths, asksAgreement })
      }
    }
  return cells
}
