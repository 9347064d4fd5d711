// For privacy officers: deciding a period of the own log again, as it was (replay) or as it would have been (what-if).
import { ownAgreements } from '../agreements/agreements.js'
import { isUuid } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import type { Category } from '../decide/decide.js'
import { type Policies, parsePolicies } from '../decide/policy-files.js'
import { sentenceOf, WORDS } from '../decide/sentence.js'
import { badInput, notFound, PlainError, Refusal } from '../errors.js'
import { readableCategories, readsLocks } from '../handoffs/handoffs.js'
import type { Act } from '../operations/perform.js'
import { type Period, readAgreements, readLog, versionOf } from './log-pages.js'
import { type LoggedPart, type MissingFact, type Replayed, replay, unreadableIn } from './replay.js'
import { type Direction, makeTally, OPERATION_REFUSED, type Tallied, weigh } from './what-if.js'

type ReplayedData = {
  recordId: string
  at: string
  role: string
  operation: string
  type: string
  reference: string
  category: Category
  loggedShown: boolean
  loggedRule: string
  shown: boolean
  rule: string
}

export type ReplayData = {
  records: number
  decisions: number
  same: number
  /** Decisions of which a fact is missing; neither same nor different. */
  notReplayable: number
  missing: MissingFact[]
  differences: number
  /** The first `limit` of them. */
  different: ReplayedData[]
}

/** Decides everything in the own log of a period again. `limit`: how many differences to name. @throws Refusal BAD_INPUT */
export async function replayAccess(act: Act, period: Period, limit: number): Promise<ReplayData> {
  const missing = new Set<MissingFact>()
  const different: ReplayedData[] = []
  let [decisions, same, notReplayable] = [0, 0, 0]
  const { records } = await readLog(act, period, (part, facts, versions) => {
    const replayed = replay(part, facts, versions.get(part.policyHash)?.decide)
    for (const decision of replayed) {
      if (decision.missing) {
        notReplayable++
        missing.add(decision.missing)
      } else if (decision.same) same++
      else if (different.length < limit) different.push(differenceFrom(part, decision))
    }
    const unreadable = unreadableIn(part)
    if (unreadable > 0) missing.add('RECORD')
    notReplayable += unreadable
    decisions += replayed.length + unreadable
    return replayed.length + unreadable
  })
  const differences = decisions - same - notReplayable
  return { records, decisions, same, notReplayable, missing: [...missing].sort(), differences, different }
}

const differenceFrom = (part: LoggedPart, { type, reference, category, logged, again }: Replayed): ReplayedData => ({
  recordId: part.recordId,
  at: part.at,
  role: part.role,
  operation: part.operation,
  ...{ type, reference, category },
  loggedShown: logged.allowed,
  loggedRule: logged.because,
  shown: again?.allowed ?? false,
  rule: again?.because ?? '',
})

type WhatIfQuestion = Period & {
  /** Texts of policies/sharing.yaml and policies/actions.yaml; null: as they are now. */
  sharing: string | null
  actions: string | null
  suspendedAgreementId: string | null
}

export type WhatIfData = {
  policyHash: string | null
  records: number
  decisions: number
  notReplayable: number
  missing: MissingFact[]
  changes: (Tallied & { sentence: string })[]
}

/** How many answers of each kind are named as evidence. */
const EVIDENCE = 5

/** Characters; the files of today have some 18,000. */
const LONGEST_POLICY = 60_000

/**
 * What a period would have shown under another policy, or without an agreement. Nothing is changed by asking.
 * `fits` gives every way in which a policy misses the schema, as start-up would find.
 * @throws Refusal BAD_INPUT, with `mistakes` when a policy has them; NOT_FOUND for an agreement that is not of the own organisation.
 */
export async function whatIf(
  act: Act,
  { sharing, actions, suspendedAgreementId, ...period }: WhatIfQuestion,
  fits: (policies: Policies) => readonly string[],
): Promise<WhatIfData> {
  if (sharing === null && actions === null && suspendedAgreementId === null)
    throw badInput('Say what is otherwise: sharing, actions or suspendedAgreementId.')
  const { texts } = act.world.policies
  const policies =
    sharing === null && actions === null
      ? null
      : policiesFrom({ sharing: sharing ?? texts.sharing, actions: actions ?? texts.actions }, fits)
  if (suspendedAgreementId !== null) await checkAgreement(act, suspendedAgreementId)
  // Without a text the policy that each record names goes on, so that what comes out is of the agreement alone.
  const other = policies && versionOf(policies)
  const tally = makeTally(EVIDENCE)
  const missing = new Set<MissingFact>()
  let [decisions, notReplayable] = [0, 0]
  const { records } = await readLog(act, period, (part, facts, versions) => {
    const then = versions.get(part.policyHash)
    const weighed = weigh(part, facts, {
      rulesFor: () => other ?? then,
      suspended: suspendedAgreementId,
      readLocks: ({ role, purpose }) => !then || readsLocks(readableCategories(then.sharing, role, purpose)),
    })
    tally.add(part, weighed.differences)
    for (const fact of weighed.missing) missing.add(fact)
    decisions += weighed.decisions
    notReplayable += weighed.missing.length
    return weighed.decisions
  })
  const words = other?.sharing ?? act.world.policies.sharing
  const changes = tally.lines().map((line) => ({ ...line, sentence: sentenceFor(line, (rule) => sentenceOf(words, rule)) }))
  return { policyHash: policies?.hash ?? null, records, decisions, notReplayable, missing: [...missing].sort(), changes }
}

/** @throws Refusal BAD_INPUT with every mistake, its file and its line */
function policiesFrom(texts: { sharing: string; actions: string }, fits: (policies: Policies) => readonly string[]): Policies {
  if (Math.max(texts.sharing.length, texts.actions.length) > LONGEST_POLICY)
    throw badInput(`A policy file of more than ${LONGEST_POLICY} characters is not read.`)
  try {
    const policies = parsePolicies(texts)
    const misfits = fits(policies)
    if (misfits.length > 0) throw withMistakes(misfits)
    return policies
  } catch (fault) {
    if (fault instanceof PlainError) throw withMistakes(fault.message.split('\n').slice(1))
    // Brackets in brackets, deeper than the reader of YAML can go.
    if (fault instanceof RangeError) throw withMistakes(['this is nested too deeply to be read'])
    throw fault
  }
}

const withMistakes = (mistakes: readonly string[]) =>
  new Refusal('BAD_INPUT', `The policy has mistakes, and nothing was changed:\n${mistakes.join('\n')}`, { mistakes })

/** @throws Refusal NOT_FOUND */
async function checkAgreement(act: Act, id: string): Promise<void> {
  const where = Prisma.sql`${ownAgreements(act)} AND a.id = ${id}::uuid`
  if (!isUuid(id) || (await readAgreements(act.sql, where)).size === 0) throw notFound()
}

/* In plain Dutch. */

const WHO: Readonly<Record<string, string>> = {
  GUIDE: 'hadden de gidsen',
  HANDLER: 'hadden de medewerkers van de partner',
  COORDINATOR: 'had de coördinator',
  PRIVACY_OFFICER: 'had de privacy officer',
  SIGNATORY: 'had de mandaathouder',
  CODE_HOLDER: 'hadden de bezoekers',
  NOBODY: 'had niemand',
}

const HOW: Readonly<Record<Direction, string>> = { LOST: 'niet meer gezien', GAINED: 'ook gezien' }

/** "Bij handOff hadden de medewerkers van de partner in 3 antwoorden de situatie niet meer gezien (2 overdrachten, UWV)." */
function sentenceFor(line: Tallied, ruleSentence: (rule: string) => string): string {
  const { operation, role, answers, category, direction, objects, partnerName, rules } = line
  const counted = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`
  const about = partnerName ? `overdracht aan ${partnerName}` : 'contactmoment'
  const abouts = partnerName ? `overdrachten aan ${partnerName}` : 'contactmomenten'
  const said = `Bij ${operation} ${WHO[role]} in ${counted(answers, 'antwoord', 'antwoorden')} ${WORDS.category[category]} ${HOW[direction]} (${counted(objects, about, abouts)}).`
  const why = rules.map((rule) =>
    rule === OPERATION_REFUSED ? 'Deze rol mag dit dan niet meer opvragen.' : `Regel: ${ruleSentence(rule)}`,
  )
  return [said, ...why].join(' ')
}
