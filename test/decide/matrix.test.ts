// The matrix that people review shows what `decide` does.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BUILT_IN_RULES, decider, inWords } from '#app/decide/decide.js'
import { cells, citation, matrix } from '#app/decide/matrix.js'
import { parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import { sentenceOf } from '#app/decide/sentence.js'
import { everySquare, signInDomain } from './questions.js'

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url))
const policies = readPolicies(FOLDER)

test('policies/matrix.md is fresh: if not, npm run policies -- matrix', () => {
  expect(readFileSync(`${FOLDER}matrix.md`, 'utf8')).toBe(matrix(policies))
})

test('the cells carry the signs of the domain, every one of them', () => {
  const signs = new Map(cells(policies.sharing).map((cell) => [inWords(cell), cell.symbol]))
  const different: string[] = []
  everySquare((square) => {
    if ((signs.get(inWords(square)) ?? '–') !== signInDomain(square)) different.push(inWords(square))
  })
  expect(different).toEqual([])
})

test('with every lock open, decide names the rule that the cell names', () => {
  const decide = decider(policies.sharing)
  for (const cell of cells(policies.sharing)) {
    const { role, relation, purpose, partnerKind, category } = cell
    const locks = {
      agreement: 'active',
      consent: 'covers',
      explicit: true,
      underSixteen: false,
      representative: false,
      ownSide: true,
    } as const
    const decision = decide({ role, relation, purpose, partnerKind, category, ...locks })
    expect(decision).toEqual({ allowed: cell.symbol !== '–', because: cell.rule })
  }
})

test('a cell names the legal bases of its own partner', () => {
  const basesOf = (partnerKind: string, category: string) =>
    cells(policies.sharing).find(
      (cell) =>
        cell.role === 'HANDLER' && cell.relation === 'accepted' && cell.partnerKind === partnerKind && cell.category === category,
    )?.bases
  expect(basesOf('UWV', 'sensitive')).toEqual(['task-of-uwv', 'explicit-consent'])
  expect(basesOf('UNION', 'question')).toEqual(['consent-of-the-visitor'])
})

test('the matrix says every rule in words, built-in rules and all', () => {
  const text = matrix(policies)
  const { share, never } = policies.sharing
  for (const rule of [...share.map(({ rule }) => rule), ...never.map(({ rule }) => rule), ...BUILT_IN_RULES, 'not-shared'])
    expect(text).toContain(`| ${rule} | ${sentenceOf(policies.sharing, rule)} |`)
})

test('a legal basis is cited with article, law and version', () => {
  expect(citation(policies.sharing, 'task-of-uwv')).toBe('AVG art. 6(1)(e), Wet SUWI (versie 1)')
  expect(citation(policies.sharing, 'constructor')).toBe('constructor')
})

test('a changed rule changes the matrix', () => {
  const { texts } = policies
  const other = parsePolicies({ ...texts, sharing: texts.sharing.replace('may-read-sensitive: [UWV, ', 'may-read-sensitive: [') })
  expect(matrix(other)).not.toBe(matrix(policies))
})
