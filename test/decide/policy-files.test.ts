// A mistake in a policy file is refused, with its line, in words that somebody who is no programmer can act on.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parsePolicies, purposeFor, readPolicies } from '#app/decide/policy-files.js'

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url))
const sharing = readFileSync(`${FOLDER}sharing.yaml`, 'utf8')
const actions = readFileSync(`${FOLDER}actions.yaml`, 'utf8')

/** The file with the first occurrence changed, and the line at which that was. */
function changed(text: string, from: string, to: string) {
  const at = text.indexOf(from)
  if (at < 0) throw new Error(`The policy no longer says ${from}`)
  return { text: text.replace(from, () => to), line: text.slice(0, at).split('\n').length }
}
function messageOf(read: () => unknown): string {
  try {
    read()
  } catch (fault) {
    expect((fault as Error).name).toBe('PlainError')
    return (fault as Error).message
  }
  return 'no mistake was found'
}

const RULE = '  - rule: guide-reads-the-hand-offs-of-the-own-desk\n'
const EVERY = 'expected one of GUIDE, HANDLER, COORDINATOR, PRIVACY_OFFICER, SIGNATORY, CODE_HOLDER but found "GIDS"'

describe('sharing.yaml', () => {
  // What is changed, into what, how many lines further the mistake is, and what is said about it.
  test.each<[string, string, string, number, string]>([
    ['a role that does not exist', 'role: GUIDE', 'role: GIDS', 0, EVERY],
    [
      'a category that does not exist',
      '[reference, logistics, routing',
      '[reference, logistiek, routing',
      0,
      'but found "logistiek"',
    ],
    ['a purpose that does not exist', 'purposes: [HELP]', 'purposes: [HELPEN]', 0, 'but found "HELPEN"'],
    ['a word instead of a list', 'purposes: [HELP]', 'purposes: HELP', 0, 'expected a list but found "HELP"'],
    ['an empty list', 'purposes: [HELP]', 'purposes: []', 0, 'this is empty'],
    ['a word twice in a list', 'purposes: [HELP]', 'purposes: [HELP, HELP]', 0, '"HELP" stands here twice'],
    ['a wildcard', 'purposes: [HELP]', 'purposes: ["*"]', 0, 'but found "*"'],
    ['something left out', `${RULE}    role: GUIDE\n`, RULE, 0, '"role" is missing'],
    ['a word that does not belong', RULE, `${RULE}    unless: holiday\n`, 1, 'but found "unless"'],
    ['a need twice', 'needs: [own-side]', 'needs: [own-side, own-side]', 0, '"own-side" stands here twice'],
    [
      'needs that say the same',
      'needs: [agreement, consent]',
      'needs: [agreement, consent, explicit-consent]',
      0,
      'no sign for needs',
    ],
    ['a need that does not exist', 'needs: []', 'needs: [trust]', 0, 'but found "trust"'],
    ['needs without a sign', 'needs: [own-side]', 'needs: [own-side, consent]', 0, 'no sign for needs [own-side, consent]'],
    ['a basis that does not exist', 'bases: [task-of-the-desk]', 'bases: [a-hunch]', 0, 'but found "a-hunch"'],
    ['a basis of a partner that does not exist', 'UWV: task-of-uwv', 'UWV: a-hunch', 0, 'but found "a-hunch"'],
    ['a basis without a law', '    law: Wet SUWI; Participatiewet\n', '', -3, '"law" is missing'],
    ['a kind of partner without a basis', '  RMT: of-the-member-acting\n', '', -6, '"RMT" is missing'],
    ['a list of partners that does not exist', 'partnerKinds: may-read-notes', 'partnerKinds: friends', 0, 'but found "friends"'],
    ['an unused list of partners', '  union: [UNION]', '  schools: [SCHOOL]\n  union: [UNION]', 0, '"schools" is used nowhere'],
    ['a relation that does not fit', 'relations: [desk]', 'relations: [offered]', 0, 'a GUIDE never stands in "offered"'],
    ['the relation none', 'relations: [desk]', 'relations: [none]', 0, 'a GUIDE never stands in "none"'],
    ['a role without relations', 'role: COORDINATOR', 'role: SIGNATORY', 1, 'expected no rule for this role'],
    [
      'the id of another rule',
      RULE,
      '  - rule: code-holder-sees-only-that-it-was-shared\n',
      0,
      'is the name of another rule already',
    ],
    ['the id of a built-in rule', RULE, '  - rule: consent-must-cover\n', 0, 'is the name of another rule already'],
    ['an id that is no sentence', RULE, '  - rule: Rule_1\n', 0, 'expected words-with-dashes but found "Rule_1"'],
    [
      'two rules for one square',
      'situation, note, progress]',
      'situation, sensitive, note, progress]',
      3,
      'both decide GUIDE / desk',
    ],
    ['a rule that never silences', 'progress, outcome]', 'progress, outcome, note]', 0, 'no mistake was found'],
    ['a key twice', RULE, `${RULE}    role: HANDLER\n`, 2, 'this name stands here twice'],
    ['an anchor', 'relations: [desk]', 'relations: &here [desk]', 0, 'no anchors or aliases'],
    ['a merge key', RULE, `${RULE}    <<: {}\n`, 1, 'but found "<<"'],
    ['a tag', 'role: GUIDE', 'role: !secret GUIDE', 0, 'this is not plain YAML'],
    [
      'a field in two categories',
      'outcome: [outcome]',
      'outcome: [outcome, desk]',
      0,
      '"HandOff.desk" is in "logistics" already',
    ],
    ['a type in two places', '  Region: Public', '  WarmCall: Something.\n  Region: Public', 0, '"WarmCall" is listed already'],
    ['an open type without a reason', 'Region: Public reference data.', 'Region: ok', 0, 'a reason is needed, in a sentence'],
    ['a category of fields that does not exist', '    staff: [handledBy]', '    people: [handledBy]', 0, 'but found "people"'],
    ['no YAML', 'share:\n', 'share: [\n', 2, 'this is not plain YAML'],
  ])('%s', (_, from, to, further, message) => {
    const { text, line } = changed(sharing, from, to)
    const said = messageOf(() => parsePolicies({ sharing: text, actions }))
    if (message === 'no mistake was found') expect(said).toBe(message)
    else
      expect(said.split('\n').filter((one) => one.includes(message))[0] ?? said).toMatch(
        new RegExp(`^sharing.yaml:${line + further}: `),
      )
  })

  test('an alias is refused too', () => {
    const { text } = changed(sharing, 'relations: [desk]', 'relations: &here [desk]')
    expect(messageOf(() => parsePolicies({ sharing: text.replace('relations: [desk]', 'relations: *here'), actions }))).toMatch(
      /(no anchors or aliases.*){2}/s,
    )
  })

  test('a share rule that never rules cover altogether is refused', () => {
    const rule = `  - rule: visitor-reads-the-note
    role: CODE_HOLDER
    relations: [holds-code]
    purposes: [RIGHTS]
    partnerKinds: any-partner
    categories: [sensitive, note]
    needs: []
    bases: [rights-of-the-visitor]
`
    const { text, line } = changed(sharing, 'never:\n', `${rule}\nnever:\n`)
    expect(messageOf(() => parsePolicies({ sharing: text, actions }))).toContain(
      `sharing.yaml:${line}: "visitor-reads-the-note" can never share anything`,
    )
  })

  test('two never rules for one square are refused', () => {
    const { text } = changed(
      sharing,
      'partnerKinds: any-partner\n    categories: [sensitive, note]',
      'partnerKinds: union\n    categories: [note]',
    )
    const twice = `${text.slice(text.indexOf('  - rule: code-holder-sees'), text.indexOf('# Legal bases'))}`.replace(
      'code-holder',
      'visitor',
    )
    expect(messageOf(() => parsePolicies({ sharing: text.replace('never:\n', () => `never:\n${twice}`), actions }))).toContain(
      '"code-holder-sees-only-that-it-was-shared" and "visitor-sees-only-that-it-was-shared" both decide CODE_HOLDER / holds-code',
    )
  })
})

describe('actions.yaml', () => {
  test.each<[string, string, string, number, string]>([
    [
      'a role that does not exist',
      '{ GUIDE: HELP }',
      '{ GIDS: HELP }',
      0,
      'expected one of GUIDE, HANDLER, COORDINATOR, PRIVACY_OFFICER, SIGNATORY but found "GIDS"',
    ],
    ['a purpose that does not exist', '{ GUIDE: HELP }', '{ GUIDE: HELPEN }', 0, 'but found "HELPEN"'],
    ['no role at all', '{ GUIDE: HELP }', '{}', 0, 'no role may run this'],
    [
      'a kind that does not exist',
      'kind: query',
      'kind: subscription',
      0,
      'expected one of query, mutation but found "subscription"',
    ],
    ['anyone without a reason', '  because: Public reference data.\n', '', -3, 'expected either `purposes`'],
    ['an operation twice', 'contacts:\n', 'contact:\n', 0, 'this name stands here twice'],
    [
      'a role and anyone',
      '  anyone: OVERVIEW\n',
      '  anyone: OVERVIEW\n  purposes: { GUIDE: HELP }\n',
      -2,
      'expected either `purposes`',
    ],
    ['a visitor who signs in', '{ GUIDE: HELP }', '{ CODE_HOLDER: HELP }', 0, 'but found "CODE_HOLDER"'],
    ['nobody and no purposes', '  purposes: { GUIDE: HELP }\n', '', -2, 'expected either `purposes`'],
  ])('%s', (_, from, to, further, message) => {
    const { text, line } = changed(actions, from, to)
    const said = messageOf(() => parsePolicies({ sharing, actions: text }))
    expect(said.split('\n').filter((one) => one.includes(message))[0] ?? said).toMatch(
      new RegExp(`^actions.yaml:${line + further}: `),
    )
  })
})

test('all mistakes of both files are told at once, in the order of their lines', () => {
  const broken = changed(changed(sharing, 'role: GUIDE', 'role: GIDS').text, 'needs: [agreement]', 'needs: [trust]').text
  const said = messageOf(() => parsePolicies({ sharing: broken, actions: changed(actions, 'kind: query', 'kind: x').text }))
  const lines = said.split('\n')
  expect(lines[0]).toBe('The policies have mistakes:')
  expect(lines.slice(1).map((line) => line.replace(/\d+.*/, ''))).toEqual(['sharing.yaml:', 'sharing.yaml:', 'actions.yaml:'])
  const [first = 0, second = 0] = lines.slice(1, 3).map((line) => Number(line.split(':')[1]))
  expect(first).toBeLessThan(second)
})

test.each(['', '[]', 'just a sentence', '1: 2', 'null', '{', '- - -\n\t'])(
  'a file that says %j is refused in plain words',
  (text) => {
    const said = messageOf(() => parsePolicies({ sharing: text, actions: text }))
    expect(said).toMatch(/^The policies have mistakes:\nsharing.yaml:\d+: /)
    expect(said).not.toMatch(/Invalid input|undefined/)
  },
)

test('a folder without policies is a plain error', () => {
  expect(messageOf(() => readPolicies('/nowhere'))).toContain('sharing.yaml cannot be read')
})

test('every byte counts in the hash', () => {
  const { hash } = readPolicies(FOLDER)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(parsePolicies({ sharing, actions }).hash).toBe(hash)
  expect(parsePolicies({ sharing: `${sharing}\n`, actions }).hash).not.toBe(hash)
  expect(parsePolicies({ sharing, actions: `${actions}# a word\n` }).hash).not.toBe(hash)
})

test('the purpose of an operation depends on the role, and nobody has one unless anyone may', () => {
  const { actions: known } = readPolicies(FOLDER)
  expect(purposeFor(known.get('handOff'), 'HANDLER')).toBe('HELP')
  expect(purposeFor(known.get('handOff'), 'COORDINATOR')).toBe('FOLLOW_UP')
  expect(purposeFor(known.get('handOff'), 'SIGNATORY')).toBeUndefined()
  expect(purposeFor(known.get('handOff'), 'NOBODY')).toBeUndefined()
  expect(purposeFor(known.get('regions'), 'NOBODY')).toBe('OVERVIEW')
  expect(purposeFor(known.get('noSuchOperation'), 'GUIDE')).toBeUndefined()
})

test('every operation has a purpose for which its role can see something, if it reads what is governed', () => {
  const { actions: known, sharing: policy } = readPolicies(FOLDER)
  for (const operation of ['contact', 'contacts', 'handOff', 'handOffs', 'openLoops']) {
    const action = known.get(operation)
    for (const [role, purpose] of Object.entries(action?.purposes ?? {}))
      expect(policy.share.some((rule) => rule.role === role && rule.purposes.includes(purpose))).toBe(true)
  }
})

test('a field is in one category, and says so', () => {
  const { fields } = readPolicies(FOLDER)
  expect(fields.governed.get('HandOff')?.get('recognitionCode')).toBe('reference')
  expect(fields.governed.get('HandOff')?.get('withheld')).toBe('open')
  expect(fields.governed.get('HandOff')?.get('constructor')).toBeUndefined()
  expect([...(fields.governed.get('VisitorContact')?.values() ?? [])]).not.toContain('sensitive')
  expect(fields.parts.get('WarmCall')).toBe('progress')
  expect(fields.open.get('Region')).toBe('Public reference data.')
})
