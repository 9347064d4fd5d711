// A mistake in a policy file is refused, with its line, in words that somebody who is no programmer can act on.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
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
    ['a basis without a law', '    law: Wet SUWI; Participatiewet\n', '', -4, '"law" is missing'],
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
    ['a tab', '    role: GUIDE', '\trole: GUIDE', 0, 'Tabs are not allowed'],
    ['a name twice, once between quotation marks', RULE, `${RULE}    role: GUIDE\n    "role": GUIDE\n`, 2, 'stands here twice'],
    ['a list as a name', 'share:\n', '? [a, b]\n: c\nshare:\n', 0, 'expected a name but found a list'],
    ['a number as a name', 'share:\n', '12: c\nshare:\n', 0, 'expected a name but found 12'],
    ['nothing as a name', 'share:\n', '~: c\nshare:\n', 0, 'expected a name but found null'],
    [
      'a name that JavaScript swallows',
      '  union: [',
      '  __proto__: [UNION]\n  union: [',
      0,
      'expected a name but found "__proto__"',
    ],
    ['a directive', '# Wie mag wat', '%YAML 1.1\n---\n# Wie mag wat', 0, 'no directives'],
    ['a second document', 'share:\n', '---\nshare:\n', 0, 'a second document begins here'],
    ['a character that nobody sees', '# The desk', '# The \u202edesk', 0, 'a character that nobody sees (U+202E)'],
    ['a zero', 'role: GUIDE', 'role: GUIDE\0', 0, 'a character that nobody sees (U+0000)'],
    ['a list in a list, 5000 deep', 'role: GUIDE', `role: ${'['.repeat(5000)}${']'.repeat(5000)}`, 0, 'nested too deep'],
    ['a list in a list, 500 deep', 'role: GUIDE', `role: ${'['.repeat(500)}${']'.repeat(500)}`, 0, 'found a list'],
    ['a bomb of aliases', 'share:\n', 'a: &a [x, x]\nb: [*a, *a, *a]\nshare:\n', 0, 'no anchors or aliases'],
    ['a very long word', 'role: GUIDE', `role: ${'G'.repeat(9000)}`, 0, `found "${'G'.repeat(79)} ...`],
    ['a basis of blanks', 'law: Wet SUWI; Participatiewet', 'law: "  "', 0, 'expected one line of text'],
    ['a basis of two lines', 'law: Wet SUWI; Participatiewet', 'law: "a\\nb"', 0, 'expected one line of text'],
    ['a version as no whole number', 'version: 1', 'version: 1.5', 0, 'expected a whole number but found 1.5'],
    ['a version beyond counting', 'version: 1', 'version: 99999999999999999999', 0, 'this is too large'],
    ['a yes that is no boolean', 'needs-lawyer: true', 'needs-lawyer: yes', 0, 'expected true or false but found "yes"'],
    ['words that would split a sentence', 'words: de taak van UWV', 'words: UWV en de wet', 0, 'expected a few Dutch words'],
    ['words with a comma', 'words: de taak van UWV', 'words: UWV, de wet', 0, 'expected a few Dutch words'],
    ['words of another basis', 'words: de taak van UWV', 'words: de taak van het werkcentrum', 0, 'is said of another basis'],
    ['words of the partner', 'words: de taak van UWV', 'words: wat voor die partner geldt', 0, 'is said of another basis'],
    [
      'a number of nothing',
      'LegalBasis: {version: one}',
      'LegalBasis: {version: two}',
      0,
      'expected one, or the type that is counted',
    ],
    ['a basis by a name that is taken', '  task-of-uwv:\n', '  of-the-partner:\n', 0, 'means the basis of the receiving partner'],
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
    [
      'an argument that is nothing we know',
      'language: asked',
      'language: wished',
      0,
      'expected given, asked, page, code, an input type, or the field that it is compared with, but found "wished"',
    ],
    ['an input type that is not there', 'input: LogContactInput', 'input: ContactInput', 0, 'but found "ContactInput"'],
    [
      'an input type that nothing asks with',
      '  SituationInput: {',
      '  MoodInput: { mood: given }\n  SituationInput: {',
      0,
      '"MoodInput" is used nowhere',
    ],
    [
      'an order by what is no field',
      'order: [Region.amCode]',
      'order: [amCode]',
      0,
      'expected a field of a type, as HandOff.state, but found "amCode"',
    ],
    [
      'a sort key twice',
      'order: [Region.amCode]',
      'order: [Region.amCode, Region.amCode]',
      0,
      '"Region.amCode" stands here twice',
    ],
    [
      'a cursor with a secret and no reason',
      'number: Which line of one operation it is',
      'number: ok #',
      0,
      'a reason is needed',
    ],
    ['a word that does not belong', '  order: [Region.amCode]', '  sort: [Region.amCode]', 0, 'but found "sort"'],
    [
      'an operation that is called like a type',
      'regions:\n',
      'Regions:\n',
      0,
      'expected the name of an operation but found "Regions"',
    ],
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

test('a file that nobody wrote is refused at once, and told shortly', () => {
  const started = performance.now()
  const said = messageOf(() => parsePolicies({ sharing: 'a: b\n'.repeat(500_000), actions: 'a: b\n'.repeat(20_000) }))
  expect(said).toContain('sharing.yaml:1: expected at most 100000 characters but found 2500000')
  expect(said).toContain('actions.yaml:2: this name stands here twice')
  expect(said).toContain('actions.yaml: and 19979 mistakes more')
  expect(said.split('\n').length).toBe(23)
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('of ten thousand mistakes the first twenty are told, with their lines, and how many there are besides', () => {
  const said = messageOf(() =>
    parsePolicies({ sharing, actions: Array.from({ length: 10_000 }, (_, i) => `a${i}: 1`).join('\n') }),
  )
  const [, ...told] = said.split('\n')
  expect(told.slice(0, -1)).toEqual(Array.from({ length: 20 }, (_, i) => `actions.yaml:${i + 1}: expected a table but found 1`))
  expect(told.at(-1)).toBe('actions.yaml: and 9980 mistakes more')
})

test('a file that is no UTF-8 is refused, with the line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policies-'))
  try {
    writeFileSync(join(folder, 'actions.yaml'), actions)
    const { text, line } = changed(sharing, '# The desk', '# De co\u00f6rdinator')
    writeFileSync(join(folder, 'sharing.yaml'), Buffer.from(text, 'latin1'))
    expect(messageOf(() => readPolicies(folder))).toBe(
      `The policies have mistakes:\nsharing.yaml:${line}: this is not text in UTF-8`,
    )
    writeFileSync(join(folder, 'sharing.yaml'), Buffer.from(sharing, 'utf16le'))
    expect(messageOf(() => readPolicies(folder))).toMatch(/^The policies have mistakes:\nsharing.yaml:1: /)
    writeFileSync(join(folder, 'sharing.yaml'), randomBytes(20_000))
    expect(messageOf(() => readPolicies(folder))).toMatch(
      /^The policies have mistakes:\nsharing.yaml:\d+: this is not text in UTF-8$/,
    )
    writeFileSync(join(folder, 'sharing.yaml'), text)
    expect(readPolicies(folder).texts.sharing).toBe(text)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('whatever is done to a file, it is read or refused in plain words with a line', () => {
  const bits = fc.oneof(fc.constantFrom(...'[]{}:,#&*!|>-?%@`"\'\t\n \0\ufeff', '---\n', '<<: ', '__proto__: '), fc.string())
  fc.assert(
    fc.property(fc.nat(sharing.length), fc.nat(60), bits, (at, length, bit) => {
      const text = sharing.slice(0, at) + bit + sharing.slice(at + length)
      const said = messageOf(() => parsePolicies({ sharing: text, actions }))
      if (said !== 'no mistake was found')
        expect(said).toMatch(/^The policies have mistakes:(\nsharing.yaml:(\d+:| and \d+ mistakes more).*)+$/)
    }),
    { numRuns: 150 },
  )
})

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

test('what others did is looked into by privacy officers alone, and agreements are made by signatories alone', () => {
  const { actions: known } = readPolicies(FOLDER)
  const rolesOf = (operation: string) => Object.keys(known.get(operation)?.purposes ?? {})
  for (const operation of ['accessLog', 'unusedGrants', 'explainAccess', 'whoMaySee', 'replayAccess', 'whatIf'])
    expect(rolesOf(operation), operation).toEqual(['PRIVACY_OFFICER'])
  for (const operation of ['draftAgreement', 'amendAgreement', 'signAgreement', 'endAgreement'])
    expect(rolesOf(operation), operation).toEqual(['SIGNATORY'])
  expect(rolesOf('adviseOnAgreement')).toEqual(['PRIVACY_OFFICER'])
  expect(rolesOf('consentHistory')).toEqual(['GUIDE'])
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

test('an earlier policy, that says nothing of arguments and numbers, is still read', () => {
  const earlier = parsePolicies({
    sharing: sharing.slice(0, sharing.indexOf('# Numbers in open types')),
    actions: actions
      .slice(0, actions.indexOf('# What is in the input types'))
      .replaceAll(/^ {2}(arguments|only|order|unseen):.*\n( {4}.*\n)*/gm, ''),
  })
  expect(earlier.actions.get('handOffs')).toEqual({ kind: 'query', purposes: expect.objectContaining({ GUIDE: 'OVERVIEW' }) })
  expect([earlier.inputs.size, earlier.fields.numbers.size]).toEqual([0, 0])
})

test('an earlier policy, with its bases in English, is still read, in its own words', () => {
  const { text } = changed(sharing, 'law: die van het lid dat handelt', 'law: that of the member that acts')
  const earlier = parsePolicies({ sharing: text, actions })
  expect(earlier.sharing.bases.get('of-the-member-acting')).toMatchObject({ version: 1, law: 'that of the member that acts' })
})
