// A smaller policy is proposed from what was used: it is sound, opens nothing, closes nothing that was used, and leaves the file as it was written.
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Cell, cellsOf, decider, inWords, type ShareRule, squareOf } from '#app/decide/decide.js'
import { cells, type DecidedCell } from '#app/decide/matrix.js'
import { type Policies, parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import { type Shrunk, shrink, squaresOf, type Use, usesOf } from '#app/decide/shrink.js'
import { everyQuestion, everySquare, SPACE } from './questions.js'

const policies = readPolicies(fileURLToPath(new URL('../../policies/', import.meta.url)))
const open = cells(policies.sharing).filter(({ symbol }) => symbol !== '–')
const isDuty = ({ role, purpose }: Cell) => purpose === 'RIGHTS' || (role === 'PRIVACY_OFFICER' && purpose === 'OVERSEE')
const squares = (all: readonly Cell[]) => new Set(all.map(squareOf))
const rule = (of: Policies, id: string) => of.sharing.share.find((one) => one.rule === id)

/** All that a cell says but how it is listed. */
const told = ({ symbol, rule, needs, bases }: DecidedCell) => JSON.stringify([symbol, rule, needs, bases])

/* Any use: some of the rules, and of each some words; and squares that nothing opens, as a log of an older policy holds them. */
const partOf = (one: ShareRule): fc.Arbitrary<Cell[]> =>
  fc
    .record({
      relations: fc.subarray([...one.relations]),
      purposes: fc.subarray([...one.purposes]),
      partnerKinds: fc.subarray([...one.partnerKinds]),
      categories: fc.subarray([...one.categories]),
    })
    .map((some) => [...cellsOf({ role: one.role, ...some })])
const anySquare = fc.record({
  role: fc.constantFrom(...SPACE.role),
  relation: fc.constantFrom(...SPACE.relation),
  purpose: fc.constantFrom(...SPACE.purpose),
  partnerKind: fc.constantFrom(...SPACE.partnerKind),
  category: fc.constantFrom(...SPACE.category),
})
const anyUse: fc.Arbitrary<Cell[]> = fc.oneof(
  fc.subarray(open as Cell[]),
  fc.array(fc.constantFrom<Cell>(...open), { maxLength: 12 }),
  fc
    .subarray([...policies.sharing.share])
    .chain((rules) => fc.tuple(...rules.map(partOf), fc.array(anySquare, { maxLength: 5 })))
    .map((parts) => parts.flat()),
)

/** What holds of every proposal, whatever was used and whatever could be seen of it. */
function holds(before: Policies, used: readonly Cell[], { after }: Shrunk) {
  // Sound: it is read again without a mistake, and is what its text says.
  expect(parsePolicies(after.texts).hash).toBe(after.hash)
  expect(after.texts.actions).toBe(before.texts.actions)
  const old = new Map(cells(before.sharing).map((cell) => [squareOf(cell), cell]))
  const now = new Map(cells(after.sharing).map((cell) => [squareOf(cell), cell]))
  // Never wider: a square that is open is open by the same rule, behind the same locks, on the same bases; what never opens is the same.
  for (const [square, cell] of now) expect(told(cell), inWords(cell)).toBe(told(old.get(square)!))
  for (const [square, cell] of old) if (cell.symbol === '–') expect(now.has(square)).toBe(true)
  // Used, or there as a duty: still open.
  const wanted = squares(used)
  for (const [square, cell] of old)
    if (cell.symbol !== '–' && (wanted.has(square) || isDuty(cell))) expect(now.has(square), inWords(cell)).toBe(true)
}

describe('whatever was used', () => {
  test('the proposal is sound, opens nothing, closes nothing that was used or is a duty, and done again it proposes nothing', () => {
    fc.assert(
      fc.property(anyUse, (used) => {
        const shrunk = shrink(policies, squares(used))
        holds(policies, used, shrunk)
        const again = shrink(shrunk.after, squares(used))
        expect(again.unused).toEqual([])
        expect(again.after.texts.sharing).toBe(shrunk.after.texts.sharing)
      }),
      { numRuns: 60 },
    )
  })

  test('nor does it matter what the evidence could show', () => {
    fc.assert(
      fc.property(anyUse, some(SPACE.role), some(SPACE.partnerKind), (used, roles, kinds) => {
        const judged = (cell: Cell) => roles.includes(cell.role) && kinds.includes(cell.partnerKind)
        const shrunk = shrink(policies, squares(used), judged)
        holds(policies, used, shrunk)
        expect(shrink(shrunk.after, squares(used), judged).unused).toEqual([])
        for (const { rule: id } of shrunk.unused) {
          const { role, partnerKinds } = rule(policies, id)!
          expect(roles.includes(role) && partnerKinds.some((kind) => kinds.includes(kind))).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('each thing it names was not used, and all that it names is gone', () => {
    fc.assert(
      fc.property(anyUse, (used) => {
        const wanted = squares(used.filter((cell) => open.some((one) => squareOf(one) === squareOf(cell))))
        const { unused, after } = shrink(policies, wanted)
        for (const grant of unused) {
          const before = rule(policies, grant.rule)!
          const now = rule(after, grant.rule)
          expect(now === undefined).toBe(grant.whole)
          for (const cell of cellsOf(before)) {
            const isNamed =
              grant.relations.includes(cell.relation) ||
              grant.purposes.includes(cell.purpose) ||
              grant.categories.includes(cell.category)
            if (grant.whole || isNamed) expect(wanted.has(squareOf(cell)), inWords(cell)).toBe(false)
          }
          expect(now?.relations ?? []).toEqual(
            grant.whole ? [] : before.relations.filter((one) => !grant.relations.includes(one)),
          )
          expect(now?.purposes ?? []).toEqual(grant.whole ? [] : before.purposes.filter((one) => !grant.purposes.includes(one)))
          expect(now?.categories ?? []).toEqual(
            grant.whole ? [] : before.categories.filter((one) => !grant.categories.includes(one)),
          )
        }
        for (const untouched of policies.sharing.share.filter(({ rule }) => !unused.some((grant) => grant.rule === rule)))
          expect(rule(after, untouched.rule)).toEqual(untouched)
      }),
      { numRuns: 40 },
    )
  })

  test('and whatever the state of the locks: what the proposal shows, the policy showed', () => {
    const used = open.filter((_, index) => index % 7 === 0)
    const before = decider(policies.sharing)
    const now = decider(shrink(policies, squares(used)).after.sharing)
    const wider: string[] = []
    everySquare((square) =>
      everyQuestion(square, (question) => {
        if (now(question).allowed && !before(question).allowed) wider.push(JSON.stringify(question))
      }),
    )
    expect(wider).toEqual([])
  })
})

const some = <T>(all: readonly T[]) => fc.subarray([...all])

describe('the file', () => {
  const lines = (text: string) => text.split('\n')
  const without = (used: readonly Cell[]) => shrink(policies, squares(used)).after.texts.sharing
  const usedBut = (test: (cell: DecidedCell) => boolean) => open.filter((cell) => !test(cell))

  test('when everything was used, not a byte changes', () => {
    const { unused, after } = shrink(policies, squares(open))
    expect(unused).toEqual([])
    expect(after).toBe(policies)
  })

  test('a category that nobody used goes from its one line, and every other line stays', () => {
    const { unused, after } = shrink(
      policies,
      squares(usedBut(({ rule, category }) => rule === 'guide-sees-the-open-hand-offs-in-lists' && category === 'question')),
    )
    expect(unused).toEqual([
      { rule: 'guide-sees-the-open-hand-offs-in-lists', whole: false, relations: [], purposes: [], categories: ['question'] },
    ])
    const before = lines(policies.texts.sharing)
    const now = lines(after.texts.sharing)
    expect(now.length).toBe(before.length)
    expect(now.flatMap((line, index) => (line === before[index] ? [] : [[before[index], line]]))).toEqual([
      ['    categories: [reference, logistics, question, progress]', '    categories: [reference, logistics, progress]'],
    ])
  })

  test('a relation and a purpose go likewise', () => {
    const { unused } = shrink(
      policies,
      squares(
        usedBut(
          ({ rule, relation, purpose }) =>
            rule === 'partner-knows-which-hand-off-it-is-and-where-it-stands' &&
            (relation === 'ended' || purpose === 'FOLLOW_UP'),
        ),
      ),
    )
    expect(unused).toEqual([
      {
        rule: 'partner-knows-which-hand-off-it-is-and-where-it-stands',
        whole: false,
        relations: ['ended'],
        purposes: ['FOLLOW_UP'],
        categories: [],
      },
    ])
  })

  test('a rule that nobody used goes whole, with the kinds and bases that nothing else names', () => {
    const text = without(
      usedBut(
        ({ rule }) => rule.includes('sensitive') || rule === 'partner-reads-the-note-only-after-accepting-and-with-consent',
      ),
    )
    const gone = lines(policies.texts.sharing).filter((line) => line.trim() && !lines(text).includes(line))
    expect(gone.filter((line) => / rule: /.test(line)).length).toBe(3)
    expect(text).not.toMatch(/may-read-sensitive|may-read-notes|^ {2}explicit-consent:/m)
    expect(text).toMatch(/ {2}union: \[UNION\]/)
    // What stays is every other line, in its order: nothing is new.
    const before = lines(policies.texts.sharing)
    let at = -1
    for (const line of lines(text)) {
      at = before.indexOf(line, at + 1)
      expect(at, line).toBeGreaterThanOrEqual(0)
    }
  })

  test('every comment stays; the heading of a group goes to the next rule of it, and goes when the group is gone', () => {
    const comments = (text: string) => lines(text).filter((line) => line.trim().startsWith('#'))
    const first = 'partner-knows-which-hand-off-it-is-and-where-it-stands'
    const text = without(usedBut(({ rule }) => rule === first))
    expect(comments(text)).toEqual(comments(policies.texts.sharing))
    expect(text).toContain(
      '\n\n  # The partner that received it.\n  - rule: partner-sees-which-desk-and-when-only-under-an-agreement\n',
    )
    const noPartners = without(usedBut(({ role }) => role === 'HANDLER'))
    expect(comments(policies.texts.sharing).filter((line) => !comments(noPartners).includes(line))).toEqual([
      '  # The partner that received it.',
    ])
    const noGuides = without(usedBut(({ role }) => role === 'GUIDE'))
    expect(comments(policies.texts.sharing).filter((line) => !comments(noGuides).includes(line))).toEqual([
      '  # The desk that made the hand-off.',
    ])
    expect(without(usedBut(({ rule }) => rule === 'guide-reads-the-hand-offs-of-the-own-desk'))).toContain(
      'share:\n  # The desk that made the hand-off.\n  - rule: guide-reads-sensitive-only-with-explicit-consent\n',
    )
  })

  test('a remark about one rule goes with the rule', () => {
    const remarked = policies.texts.sharing.replace(
      '  - rule: partner-keeps-its-own-remarks\n',
      '  # Nobody writes remarks yet.\n  - rule: partner-keeps-its-own-remarks\n',
    )
    const before = parsePolicies({ ...policies.texts, sharing: remarked })
    const { after } = shrink(before, squares(usedBut(({ rule }) => rule === 'partner-keeps-its-own-remarks')))
    expect(after.texts.sharing).not.toContain('Nobody writes')
  })

  test('what `never` closes today was not used by this policy, even if an older one showed it', () => {
    const union: Cell[] = [
      { role: 'COORDINATOR', relation: 'coordinates', purpose: 'OVERVIEW', partnerKind: 'UNION', category: 'reference' },
    ]
    const { unused } = shrink(policies, squares(union))
    expect(unused).toContainEqual(expect.objectContaining({ rule: 'coordinator-sees-which-loops-are-open', whole: true }))
  })

  test('rights of the visitor and what oversight needs are never proposed, even when nothing was used at all', () => {
    const { unused, after } = shrink(policies, new Set())
    const kept = ['privacy-officer-sees-that-it-happened', 'visitor-sees-what-was-shared-and-how-it-went']
    expect(after.sharing.share.map(({ rule }) => rule)).toEqual(kept)
    expect(unused.every(({ whole }) => whole)).toBe(true)
    expect(after.sharing.never).toEqual(policies.sharing.never)
  })

  test('a file in another layout is narrowed as well', () => {
    const used = open.filter((_, index) => index % 5 === 0)
    const wanted = shrink(policies, squares(used)).after.sharing
    const data = parse(policies.texts.sharing)
    for (const sharing of [JSON.stringify(data), JSON.stringify(data, null, 2), stringify(data, { indentSeq: false })]) {
      const before = parsePolicies({ ...policies.texts, sharing })
      const shrunk = shrink(before, squares(used))
      holds(before, used, shrunk)
      expect(shrunk.after.sharing).toEqual(wanted)
    }
  })

  test('a policy of which nothing was used stays: a file cannot say that nothing is shared', () => {
    const text = without([]).replace(/ {2}- rule: (privacy-officer-sees|visitor-sees)[\s\S]*?\n\n(?=never:)/, (rules) =>
      rules.replaceAll('[OVERSEE]', '[HELP]').replaceAll('[RIGHTS]', '[HELP]'),
    )
    const all = parsePolicies({ ...policies.texts, sharing: text })
    const { unused, after } = shrink(all, new Set())
    expect(unused.length).toBe(2)
    expect(after).toBe(all)
  })
})

describe('use', () => {
  const use: Use = {
    role: 'GUIDE',
    relation: 'desk',
    purpose: 'HELP',
    partnerKind: 'UWV',
    category: 'question',
    times: 3,
    firstDay: '2026-09-01',
    lastDay: '2026-10-01',
  }

  test('what has no receiving partner, as a contact, uses the square of every partner', () => {
    expect(squaresOf([use]).size).toBe(1)
    const all = squaresOf([{ ...use, partnerKind: null }])
    expect(all.size).toBe(12)
    for (const partnerKind of SPACE.partnerKind) expect(all.has(squareOf({ ...use, partnerKind }))).toBe(true)
  })

  test('the evidence of a rule is what its own squares were used', () => {
    const guide = rule(policies, 'guide-reads-the-hand-offs-of-the-own-desk')!
    const more: Use = { ...use, partnerKind: null, category: 'routing', times: 4, firstDay: '2026-08-01', lastDay: '2026-08-02' }
    const others: Use[] = [
      { ...use, category: 'outcome' },
      { ...use, purpose: 'OVERVIEW' },
      { ...use, relation: 'desk-ended' },
      { ...use, role: 'HANDLER' },
    ]
    expect(usesOf(guide, [use, more, ...others])).toEqual({ times: 7, firstDay: '2026-08-01', lastDay: '2026-10-01' })
    expect(usesOf(guide, [])).toEqual({ times: 0, firstDay: null, lastDay: null })
    const notes = rule(policies, 'partner-reads-the-note-only-after-accepting-and-with-consent')!
    const note: Use = { ...use, role: 'HANDLER', relation: 'accepted', category: 'note' }
    expect(usesOf(notes, [note, { ...note, partnerKind: 'UNION' }]).times).toBe(3)
  })
})
