// Grants that nobody used: what could go from a policy without taking away anything that was looked at, as a change ready for review.
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import {
  type Category,
  type Cell,
  cellsOf,
  PARTNER_KINDS,
  type PartnerKind,
  type Purpose,
  type Relation,
  type Role,
  type ShareRule,
  squareOf,
} from './decide.js'
import { type Policies, parsePolicies } from './policy-files.js'

/** That a square was used: something of this category was shown. For an object without receiving partner the kind is null. */
export type Use = Readonly<{
  role: Role
  relation: Relation
  purpose: Purpose
  partnerKind: PartnerKind | null
  category: Category
  /** How often; and the first and the last day (YYYY-MM-DD). */
  times: number
  firstDay: string
  lastDay: string
}>

/** What nobody used of one rule that shares. */
export type UnusedGrant = Readonly<{
  rule: string
  /** Nothing of the rule was used: it can go. Else the lists below name what can go from it. */
  whole: boolean
  relations: readonly Relation[]
  purposes: readonly Purpose[]
  categories: readonly Category[]
}>

export type Shrunk = Readonly<{
  unused: readonly UnusedGrant[]
  /** The policy without them; its `texts.sharing` is the changed file. The policy itself when nothing can go. */
  after: Policies
}>

/**
 * The squares that were used. What has no receiving partner is open only if it is open whoever receives, and so uses them all. Reference and
 * progress share a table, so who uses one uses both: the release step refuses a policy that parts them.
 */
export const squaresOf = (uses: readonly Omit<Use, 'times' | 'firstDay' | 'lastDay'>[]): Set<number> =>
  new Set(
    uses.flatMap(({ partnerKind, category, ...use }) =>
      (partnerKind === null ? PARTNER_KINDS : [partnerKind]).flatMap((kind) =>
        (TOGETHER.includes(category) ? TOGETHER : [category]).map((each) =>
          squareOf({ ...use, category: each, partnerKind: kind }),
        ),
      ),
    ),
  )
const TOGETHER: readonly Category[] = ['reference', 'progress']

/**
 * Not judged by use, and so never proposed: the rights of the visitor (AVG arts. 15-21), which are there whether or not anybody calls on
 * them; and what a privacy officer needs to oversee (AVG arts. 5(2), 38 and 39). That nobody looked for a year is a reason to look,
 * not a reason to make looking impossible; and the officer who asks would otherwise be shown the way out of the own supervision.
 */
const isDuty = ({ role, purpose }: Cell) =>
  (role === 'CODE_HOLDER' && purpose === 'RIGHTS') || (role === 'PRIVACY_OFFICER' && purpose === 'OVERSEE')

/**
 * Narrows every rule that shares to the relations, purposes and categories that were used, and drops a rule of which nothing was.
 * Kinds of partner stay as they are: their lists are shared by rules. `never` rules stay: they open nothing.
 *
 * INVARIANT: what is proposed is a sound policy, opens nothing that was closed, and closes nothing that was used; done again with the
 * same use it proposes nothing.
 *
 * @param used squares (see squaresOf)
 * @param isJudged whether this evidence could have shown the use of a square at all; what it could not show counts neither way
 */
export function shrink(policies: Policies, used: ReadonlySet<number>, isJudged: (cell: Cell) => boolean = () => true): Shrunk {
  const closed = new Set(policies.sharing.never.flatMap((rule) => [...cellsOf(rule)].map(squareOf)))
  const unused = policies.sharing.share.flatMap((rule) => {
    // What `never` closes today was not used by this policy, even if an older one still showed it.
    const open = [...cellsOf(rule)].filter((cell) => !closed.has(squareOf(cell)))
    return unusedOf(
      rule,
      open.filter((cell) => isDuty(cell) || used.has(squareOf(cell))),
      open.filter(isJudged),
    )
  })
  // A policy that shares nothing at all is no file: then there is nothing to propose but to stop.
  const isAll = unused.filter(({ whole }) => whole).length === policies.sharing.share.length
  if (unused.length === 0 || isAll) return { unused, after: policies }
  return { unused, after: parsePolicies({ ...policies.texts, sharing: withoutUnused(policies.texts.sharing, unused) }) }
}

function unusedOf(rule: ShareRule, used: readonly Cell[], judged: readonly Cell[]): UnusedGrant[] {
  if (judged.length === 0) return []
  const missed = <N extends 'relation' | 'purpose' | 'category'>(all: readonly Cell[N][], name: N) =>
    all.filter((word) => judged.some((cell) => cell[name] === word) && !used.some((cell) => cell[name] === word))
  const relations = missed(rule.relations, 'relation')
  const purposes = missed(rule.purposes, 'purpose')
  const categories = missed(rule.categories, 'category')
  if (relations.length + purposes.length + categories.length === 0) return []
  return [{ rule: rule.rule, whole: used.length === 0, relations, purposes, categories }]
}

/** How often a rule was used, and the first and last day; a thing counts once for each category of it that was shown. */
export function usesOf(
  rule: ShareRule,
  uses: readonly Use[],
): { times: number; firstDay: string | null; lastDay: string | null } {
  const own = uses.filter(
    (use) =>
      use.role === rule.role &&
      rule.relations.includes(use.relation) &&
      rule.purposes.includes(use.purpose) &&
      rule.categories.includes(use.category) &&
      (use.partnerKind === null || rule.partnerKinds.includes(use.partnerKind)),
  )
  return {
    times: own.reduce((sum, { times }) => sum + times, 0),
    firstDay: own.map(({ firstDay }) => firstDay).sort()[0] ?? null,
    lastDay:
      own
        .map(({ lastDay }) => lastDay)
        .sort()
        .at(-1) ?? null,
  }
}

/* The file. */

/** The text without what is unused, and without the kinds and bases that then nothing names; all else as it stands, comments too. */
function withoutUnused(text: string, unused: readonly UnusedGrant[]): string {
  const document = parseDocument(text)
  const share = document.get('share') as YAMLSeq<YAMLMap>
  const rules = [...share.items]
  share.items = []
  // The heading of a group of rules stands before its first rule, after an empty line (of the first group: before the list). When that
  // rule goes, the next of the group takes it over; a remark about one rule goes with the rule.
  let heading: string | null | undefined
  for (const rule of rules) {
    if (rule.spaceBefore) {
      if (share.items.length === 0 && share.commentBefore) share.commentBefore = null
      heading = undefined
    }
    const grant = unused.find((one) => one.rule === rule.get('rule'))
    if (grant?.whole) {
      if (rule.spaceBefore) heading = rule.commentBefore ?? ''
      continue
    }
    if (heading !== undefined) {
      rule.spaceBefore = true
      rule.commentBefore = [heading, rule.commentBefore].filter(Boolean).join('\n') || null
      heading = undefined
    }
    if (grant)
      for (const name of ['relations', 'purposes', 'categories'] as const)
        without(rule.get(name), (word) => (grant[name] as readonly unknown[]).includes(word))
    share.items.push(rule)
  }

  const named = new Set<unknown>(Object.values((document.get('basisOfPartner') as YAMLMap).toJSON()))
  for (const section of ['share', 'never'])
    for (const rule of (document.get(section) as YAMLSeq<YAMLMap>).items) {
      named.add(rule.get('partnerKinds'))
      for (const basis of (rule.toJSON() as { bases?: string[] }).bases ?? []) named.add(basis)
    }
  for (const section of ['kinds', 'bases']) without(document.get(section), (name) => !named.has(name))
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function without(list: unknown, goes: (word: unknown) => boolean) {
  if (isSeq(list)) list.items = list.items.filter((item) => !(isScalar(item) && goes(item.value)))
  if (isMap(list)) list.items = list.items.filter(({ key }) => !(isScalar(key) && goes(key.value)))
}
