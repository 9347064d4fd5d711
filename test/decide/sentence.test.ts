// Every rule reads as one plain Dutch sentence, and from the sentence alone the rule can be told: no two different rules read alike.
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_RULES, LOCKS, NEEDS, type NeverRule, type ShareRule } from '#app/decide/decide.js'
import { parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import { BASIS_OF_THE_PARTNER, sentenceOf, sentenceOfRule, WORDS } from '#app/decide/sentence.js'
import { SPACE } from './questions.js'

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url))
const policies = readPolicies(FOLDER)
const { sharing } = policies
const RULES = [...sharing.share, ...sharing.never].map(({ rule }) => rule)
const EVERY = [...RULES, ...BUILT_IN_RULES, 'not-shared']

const BASES: Record<string, string> = {
  a: 'de taak van UWV',
  b: 'de toestemming',
  c: '"no-words-for-it"',
  d: BASIS_OF_THE_PARTNER,
}
const sentence = (rule: ShareRule | NeverRule) => sentenceOfRule(rule, (name) => BASES[name]!)

/* Taking a sentence apart again, with the words of the lists and nothing else. */

type Taken = Record<'role' | 'relations' | 'purposes' | 'partnerKinds' | 'categories' | 'needs' | 'bases' | 'verb', string>

const words = (list: Record<string, string>) => new Map(Object.entries(list).map(([word, said]) => [said, word]))
/** The words that this list of words says, sorted; a word that is not in the list is a fault. */
function wordsOf(said: string, list: Record<string, string>): string[] {
  const found = said.split(/, | en | of /).map((one) => words(list).get(one) ?? `?${one}`)
  expect(new Set(found).size).toBe(found.length)
  return found.sort()
}
function kindsOf(said: string): string[] {
  if (said === 'elke partner') return [...SPACE.partnerKind].sort()
  const [, others] = /^elke partner behalve (.*)$/.exec(said) ?? []
  if (!others) return wordsOf(said, WORDS.partnerKind)
  const missing = wordsOf(others, WORDS.partnerKind)
  expect(missing.filter((kind) => kind.startsWith('?'))).toEqual([])
  return SPACE.partnerKind.filter((kind) => !missing.includes(kind)).sort()
}

const SENTENCE =
  /^Een (?<role>.+?)(?: van (?<own>.+?))? mag (?<verb>nooit )?(?<categories>.+) zien van een overdracht(?: aan (?<kinds>.+?))?, (?<relations>(?:zolang|als|nadat|zonder) .+?), (?<purposes>(?:om|voor) .+?)(?:, als (?<needs>.+?))?(?:, op basis van (?<bases>.+))?\.$/

function takeApart(text: string): Taken {
  const { role, own, verb, categories, kinds, relations, purposes, needs, bases } = SENTENCE.exec(text)?.groups ?? {}
  return {
    role: words(WORDS.role).get(role!) ?? `?${role}`,
    verb: bases === undefined ? `never${verb}` : `share${verb ?? ''}`,
    partnerKinds: String(kindsOf((own ?? kinds)!)),
    categories: String(
      ['alles', 'iets'].includes(categories!) ? [...SPACE.category].sort() : wordsOf(categories!, WORDS.category),
    ),
    relations: String(wordsOf(relations!, WORDS.relation)),
    purposes: String(purposes === 'voor welk doel ook' ? [...SPACE.purpose].sort() : wordsOf(purposes!, WORDS.purpose)),
    needs: needs === undefined ? '' : String(wordsOf(needs, WORDS.need)),
    bases: bases === undefined ? '' : String(wordsOf(bases, BASES)),
  }
}

/** What the sentence has to tell: all that is executed, and the bases; in whatever order it was listed. */
function meaningOf(rule: ShareRule | NeverRule): Taken {
  const sorted = (list: readonly string[]) => String([...list].sort())
  return {
    role: rule.role,
    verb: 'needs' in rule ? 'share' : 'nevernooit ',
    relations: sorted(rule.relations),
    purposes: sorted(rule.purposes),
    partnerKinds: sorted(rule.partnerKinds),
    categories: sorted(rule.categories),
    needs: 'needs' in rule ? sorted(rule.needs) : '',
    bases: 'needs' in rule ? sorted(rule.bases) : '',
  }
}

const some = <T>(all: readonly T[], least = 1) => fc.shuffledSubarray([...all], { minLength: least })
const scope = {
  rule: fc.constant('any'),
  role: fc.constantFrom(...SPACE.role),
  relations: some(SPACE.relation),
  purposes: some(SPACE.purpose),
  partnerKinds: some(SPACE.partnerKind),
  categories: some(SPACE.category),
}
const anyRule: fc.Arbitrary<ShareRule | NeverRule> = fc.oneof(
  fc.record(scope),
  fc.record({ ...scope, needs: some(NEEDS, 0), bases: some(Object.keys(BASES)) }),
)
const LISTS = ['relations', 'purposes', 'partnerKinds', 'categories', 'needs', 'bases'] as const

describe('no two rules read alike', () => {
  test('every sentence can be taken apart into exactly what is executed', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        expect(takeApart(sentence(rule))).toEqual(meaningOf(rule))
      }),
      { numRuns: 3000 },
    )
  })

  test('two rules that differ in anything read differently; two that differ in nothing but the order read alike', () => {
    fc.assert(
      fc.property(anyRule, anyRule, (a, b) => {
        const same = JSON.stringify(meaningOf(a)) === JSON.stringify(meaningOf(b))
        expect(sentence(a) === sentence(b)).toBe(same)
      }),
      { numRuns: 1000 },
    )
  })

  test('one word more or less in one list is another sentence; another order is the same', () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom(...LISTS), fc.nat(), (rule, name, at) => {
        const list: readonly string[] | undefined = (rule as Partial<Record<typeof name, readonly string[]>>)[name]
        if (!list) return
        expect(sentence({ ...rule, [name]: [...list].reverse() })).toBe(sentence(rule))
        if (list.length < 2) return
        expect(sentence({ ...rule, [name]: list.filter((_, index) => index !== at % list.length) })).not.toBe(sentence(rule))
      }),
      { numRuns: 1000 },
    )
  })

  test('every set of words of each list reads differently', () => {
    const rule: ShareRule = {
      ...sharing.share[0]!,
      needs: ['agreement'],
      bases: ['a'],
    }
    const lists: [string, readonly string[]][] = [
      ['relations', SPACE.relation],
      ['purposes', SPACE.purpose],
      ['partnerKinds', SPACE.partnerKind],
      ['categories', SPACE.category],
      ['needs', NEEDS],
    ]
    for (const [name, all] of lists) {
      const sets = Array.from({ length: 2 ** all.length - 1 }, (_, mask) => all.filter((_, bit) => (mask + 1) & (1 << bit)))
      for (const role of SPACE.role)
        expect(new Set(sets.map((set) => sentence({ ...rule, role, [name]: set }))).size, name).toBe(sets.length)
    }
  })

  test('not in the policy either, with the built-in rules and what a partner hears', () => {
    const sentences = EVERY.map((rule) => sentenceOf(sharing, rule))
    expect(new Set(sentences).size).toBe(EVERY.length)
    expect(EVERY.length).toBeGreaterThan(25)
  })

  test('a basis without words is called by its name, which is nobody else’s words', () => {
    const texts = { ...policies.texts, sharing: policies.texts.sharing.replaceAll(/^ {4}words: .*\n/gm, '') }
    const bare = parsePolicies(texts).sharing
    expect(sentenceOf(bare, 'guide-reads-sensitive-only-with-explicit-consent')).toMatch(
      /, op basis van "explicit-consent" en "task-of-the-desk"\.$/,
    )
  })
})

describe('a person who knows no code can read it', () => {
  test.each(EVERY.map((rule) => [rule, sentenceOf(sharing, rule)]))('%s is one sentence: %s', (_, text) => {
    expect(text).toMatch(/^(Een|Dit) [^.]+\.$/)
    expect(text.split(/\s+/).length).toBeLessThan(60)
    expect(text).not.toMatch(
      /[A-Z]{4,}|_|[a-z]-[a-z]+-|\b(policy|consent|desk|HELP|grondslag|categorie|relatie|undefined)\b|\?| {2}/,
    )
    expect(text).not.toContain('"')
  })

  test('as people would say it', () => {
    expect(sentenceOf(sharing, 'partner-reads-sensitive-only-after-accepting-and-with-explicit-consent')).toBe(
      'Een medewerker van UWV, een gemeente of een gemeentelijke dienst mag bijzondere gegevens zien van een overdracht, zolang de partner eraan werkt, om te helpen, als een afspraak geldt die dit noemt en de bezoeker dit uitdrukkelijk goed vindt, op basis van de uitdrukkelijke toestemming van de bezoeker en wat voor die partner geldt.',
    )
    expect(sentenceOf(sharing, 'union-hand-offs-are-out-of-sight-for-coordinators')).toBe(
      'Een coördinator mag nooit iets zien van een overdracht aan een vakbond, als die bij het eigen werkcentrum hoort, voor welk doel ook.',
    )
    expect(sentenceOf(sharing, 'agreement-must-be-active')).toBe('Dit blijft dicht zolang er geen afspraak geldt die dit noemt.')
  })

  test('a rule that is not in this policy has no sentence of its own', () => {
    for (const unknown of ['no-such-rule', '', 'constructor', '__proto__', 'toString'])
      expect(sentenceOf(sharing, unknown)).toBe('Deze regel staat niet in dit beleid.')
  })

  test('every lock and every other built-in rule has a sentence', () => {
    expect(LOCKS.length + 3).toBe(BUILT_IN_RULES.length)
    for (const rule of BUILT_IN_RULES) expect(sentenceOf(sharing, rule)).not.toBe('Deze regel staat niet in dit beleid.')
  })
})

describe('the words', () => {
  const lists = {
    role: SPACE.role,
    relation: SPACE.relation,
    purpose: SPACE.purpose,
    category: SPACE.category,
    partnerKind: SPACE.partnerKind,
    need: NEEDS,
  } satisfies Record<keyof typeof WORDS, readonly string[]>

  test.each(Object.entries(lists))('%s: each has one', (name, list) => {
    expect(Object.keys(WORDS[name as keyof typeof WORDS]).sort()).toEqual([...list].sort())
  })

  test('none stands inside another of any list, nor in what stands between them', () => {
    const all = Object.values(WORDS).flatMap((list) => Object.values(list))
    expect(new Set(all).size).toBe(all.length)
    const between = ['elke partner behalve', 'mag nooit', 'alles', 'iets', 'zien van een overdracht aan', 'voor welk doel ook']
    // At the edges of words: "een gemeente" does not stand in "een gemeentelijke dienst".
    const within = (inner: string, outer: string) => ` ${outer} `.includes(` ${inner} `)
    for (const one of all)
      for (const other of [...all, ...between, 'op basis van']) {
        if (one !== other) expect(within(one, other), `"${one}" in "${other}"`).toBe(false)
      }
  })

  test('none holds what separates words and places', () => {
    for (const word of Object.values(WORDS).flatMap((list) => Object.values(list)))
      expect(word).not.toMatch(/,|\.| en | of | mag | zien van | op basis van |^\s|\s$/)
  })
})

test('the sentences are made of the data that is executed: none is written down in a policy file', () => {
  const { texts } = policies
  for (const rule of RULES) expect(texts.sharing).not.toContain(sentenceOf(sharing, rule))
  const changed = parsePolicies({
    ...texts,
    sharing: texts.sharing.replace('may-read-sensitive: [UWV, ', 'may-read-sensitive: ['),
  }).sharing
  const differs = EVERY.filter((rule) => sentenceOf(changed, rule) !== sentenceOf(sharing, rule))
  expect(differs).toEqual(['partner-reads-sensitive-only-after-accepting-and-with-explicit-consent'])
})
