// What hangs on a rule: questions that are answered otherwise without it. A rule without any such question decides nothing. Pure.
import {
  AGREEMENT_STATES,
  CATEGORIES,
  type Cell,
  CONSENT_STATES,
  cellsOf,
  type Decide,
  type Decision,
  decider,
  PARTNER_KINDS,
  type Policy,
  PURPOSES,
  type Question,
  RELATIONS_OF,
  ROLES,
} from './decide.js'

/** A question, what decides it, and what it would be without that rule. */
export type Witness = Readonly<{ rule: string; question: Question; decision: Decision; without: Decision }>

type Locks = Omit<Question, keyof Cell>
const OPEN: Locks = {
  agreement: 'active',
  consent: 'covers',
  explicit: true,
  underSixteen: false,
  representative: false,
  ownSide: true,
}
const YES_NO = [true, false]

/** Every state that the locks can be in: those that people meet first. */
export const LOCK_STATES: readonly Locks[] = [
  OPEN,
  { ...OPEN, agreement: 'suspended' },
  { ...OPEN, consent: 'withdrawn', explicit: false },
  { ...OPEN, explicit: false },
  { ...OPEN, underSixteen: true },
  { ...OPEN, ownSide: false },
  ...AGREEMENT_STATES.flatMap((agreement) =>
    CONSENT_STATES.flatMap((consent) =>
      YES_NO.flatMap((explicit) =>
        YES_NO.flatMap((underSixteen) =>
          YES_NO.flatMap((representative) =>
            YES_NO.map((ownSide) => ({ agreement, consent, explicit, underSixteen, representative, ownSide })),
          ),
        ),
      ),
    ),
  ),
]

/** How a question would have to be for a built-in rule to have no say in it. */
const PAST: Readonly<Record<string, (question: Question) => Question>> = {
  'agreement-must-be-active': (q) => ({ ...q, agreement: 'active' }),
  'consent-must-cover': (q) => ({ ...q, consent: 'covers' }),
  'explicit-consent-must-name-it': (q) => ({ ...q, explicit: true }),
  'under-sixteen-needs-a-representative': (q) => ({ ...q, underSixteen: false }),
  'only-the-side-that-wrote-it': (q) => ({ ...q, ownSide: true }),
  // What nobody knows is taken to be as it should.
  'unknown-is-closed': (q) => ({ ...q, agreement: AGREEMENT_STATES.includes(q.agreement) ? q.agreement : 'active' }),
  // Whoever has nothing to do with it is taken for somebody who has.
  'without-a-relation-nothing-is-seen': (q) => ({ ...q, relation: RELATIONS_OF[q.role][0] ?? q.relation }),
}

/** The policy as it is, less one rule. Never used to answer anybody. */
export function decideWithout(policy: Policy, rule: string): Decide {
  const kept = <R extends { rule: string }>(rules: readonly R[]) => rules.filter((one) => one.rule !== rule)
  const decide = decider({ share: kept(policy.share), never: kept(policy.never) })
  const past = PAST[rule]
  if (past) return (question) => decide(past(question))
  if (rule !== 'nothing-is-shared-without-a-rule') return decide
  return (question) => {
    const decision = decide(question)
    return decision.because === rule ? { allowed: true, because: 'what-no-rule-closes' } : decision
  }
}

/** Every question that comes out otherwise without this rule: first those where something would open or close, then those where only the reason changes. */
export function* witnessesOf(policy: Policy, rule: string): Generator<Witness> {
  const decide = decider(policy)
  const without = decideWithout(policy, rule)
  const changed: Witness[] = []
  for (const question of candidates(policy, rule)) {
    const decision = decide(question)
    const other = without(question)
    if (decision.because !== rule || other.because === rule) continue
    const witness = { rule, question, decision, without: other }
    if (decision.allowed !== other.allowed) yield witness
    else changed.push(witness)
  }
  yield* changed
}

function* candidates({ share, never }: Policy, rule: string): Generator<Question> {
  const own = [...share, ...never].filter((one) => one.rule === rule)
  const cells = (own.length > 0 ? own : share).flatMap((scope) => [...cellsOf(scope)])
  if (rule === 'unknown-is-closed') for (const cell of cells) yield { ...cell, ...OPEN, agreement: 'perhaps' as never }
  else if (rule === 'without-a-relation-nothing-is-seen') for (const cell of cells) yield { ...cell, ...OPEN, relation: 'none' }
  else if (rule === 'nothing-is-shared-without-a-rule') for (const cell of everyCell()) yield { ...cell, ...OPEN }
  // Locks only close: what a rule of the file decides, it decides with all of them open.
  else for (const locks of own.length > 0 ? [OPEN] : LOCK_STATES) for (const cell of cells) yield { ...cell, ...locks }
}

function* everyCell(): Generator<Cell> {
  for (const role of ROLES)
    yield* cellsOf({
      role,
      relations: RELATIONS_OF[role],
      purposes: PURPOSES,
      partnerKinds: PARTNER_KINDS,
      categories: CATEGORIES,
    })
}
