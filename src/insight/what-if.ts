// What a changed policy or a suspended agreement would have changed: the log of a period decided again, and counted. Pure.
import type { LoggedObject } from '../access-log/record.js'
import type { Category, Decide } from '../decide/decide.js'
import { type Action, purposeFor } from '../decide/policy-files.js'
import { dutchToday } from '../handoffs/calendar.js'
import { type AgreementStory, agreementOn, consentOn } from './facts.js'
import {
  askAgain,
  decisionsIn,
  type LockFacts,
  type LoggedPart,
  loggedObjects,
  type MissingFact,
  type Otherwise,
} from './replay.js'

/** A policy, ready to decide by. */
export type Rules = Readonly<{ decide: Decide; actions: ReadonlyMap<string, Action> }>

/** What is taken to be otherwise. */
export type Change = Readonly<{
  /** By which this part is decided again; undefined when the version that the part names cannot be read. */
  rulesFor: (part: LoggedPart) => Rules | undefined
  /** The id of an agreement that is taken to have been suspended all the time. */
  suspended: string | null
  /** Did this role read agreements and consents under the policy of then? What was not read is not in the log, and is looked up by the day. */
  readLocks: (part: LoggedPart) => boolean
}>

export type Direction = 'GAINED' | 'LOST'

/** The rule that stands for an operation that the role may no longer run. */
export const OPERATION_REFUSED = 'operation-is-refused'

type Difference = Readonly<{ reference: string; category: Category; direction: Direction; rule: string }>

type Weighed = Readonly<{ decisions: number; differences: readonly Difference[]; missing: readonly MissingFact[] }>

/** 'Before' is what the log says; 'after' the same question under the change, for the purpose that the operation then has. */
export function weigh(part: LoggedPart, facts: LockFacts, change: Change): Weighed {
  const rules = change.rulesFor(part)
  const purpose = purposeFor(rules?.actions.get(part.operation), part.role)
  const differences: Difference[] = []
  const missing: MissingFact[] = []
  let decisions = 0
  for (const object of loggedObjects(part)) {
    if (!object) {
      decisions++
      missing.push('RECORD')
      continue
    }
    const ask = rules && purpose && askAgain(part, object, facts, purpose, rules.decide, otherwise(part, object, facts, change))
    for (const [category, { allowed }] of decisionsIn(object)) {
      decisions++
      const after = ask ? ask(category) : rules ? { allowed: false, because: OPERATION_REFUSED } : 'POLICY'
      if (typeof after === 'string') missing.push(after)
      else if (after.allowed !== allowed)
        differences.push({
          reference: object.reference,
          category,
          direction: allowed ? 'LOST' : 'GAINED',
          rule: after.because,
        })
    }
  }
  return { decisions, differences, missing }
}

function otherwise(part: LoggedPart, object: LoggedObject, facts: LockFacts, { suspended, readLocks }: Change): Otherwise {
  const isRead = readLocks(part)
  const day = dutchToday(new Date(part.at)).day
  const happened = (at: string) => Date.parse(at) <= Date.parse(part.at)
  return {
    agreement: (logged) => {
      const then = isRead ? logged : agreementOn(ofPair(part, facts), day, happened)
      return then && then.id === suspended && then.state === 'ACTIVE' ? { ...then, state: 'SUSPENDED' } : then
    },
    consent: (logged) => (isRead ? logged : consentOn(facts.consents.get(object.reference) ?? [], day)),
  }
}

const ofPair = ({ werkcentrumId, partnerId }: LoggedPart, { agreements }: LockFacts): AgreementStory[] =>
  [...agreements.values()].filter((agreement) => agreement.werkcentrumId === werkcentrumId && agreement.partnerId === partnerId)

/** A line of the log that shows what is counted. */
export type Evidence = Readonly<{ recordId: string; at: string }>

export type Tallied = Readonly<{
  partnerId: string | null
  partnerName: string | null
  role: LoggedPart['role']
  operation: string
  category: Category
  direction: Direction
  /** How many answers of the server, and how many different objects in them. */
  answers: number
  objects: number
  /** The rules that would have decided. */
  rules: readonly string[]
  /** The first few answers. */
  evidence: readonly Evidence[]
}>

/** Counts differences per partner, role, operation, category and direction; `most` answers of each are kept as evidence. */
export function makeTally(most: number) {
  type Line = Omit<Tallied, 'answers' | 'objects' | 'rules' | 'evidence'> & {
    answers: number
    objects: Set<string>
    rules: Set<string>
    evidence: Evidence[]
    last: string
  }
  const lines = new Map<string, Line>()
  return {
    add(part: LoggedPart, differences: readonly Difference[]): void {
      for (const { reference, category, direction, rule } of differences) {
        const { partnerId, partnerName, role, operation, recordId, at } = part
        const key = `${partnerId} ${role} ${operation} ${category} ${direction}`
        const line = lines.get(key) ?? {
          ...{ partnerId, partnerName, role, operation, category, direction, answers: 0, last: '' },
          ...{ objects: new Set<string>(), rules: new Set<string>(), evidence: [] },
        }
        lines.set(key, line)
        line.objects.add(reference)
        line.rules.add(rule)
        if (line.last === recordId) continue
        line.last = recordId
        line.answers++
        if (line.evidence.length < most) line.evidence.push({ recordId, at })
      }
    },
    /** What was lost first, then the most answers first. */
    lines(): Tallied[] {
      return [...lines.values()]
        .map(({ last: _, objects, rules, ...line }) => ({ ...line, objects: objects.size, rules: [...rules].sort() }))
        .sort((a, b) => b.direction.localeCompare(a.direction) || b.answers - a.answers)
    },
  }
}
