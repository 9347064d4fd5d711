// What policies/ leave out of the schema is found and named: a field, an argument, a sort key, a count, a rule that decides nothing.
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchema, printSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_RULES, decider } from '#app/decide/decide.js'
import { type Policies, parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import { prove } from '#app/decide/prove.js'
import { behindShield } from '#app/decide/shield.js'
import { decideWithout, witnessesOf } from '#app/decide/witness.js'
import { bareSchema } from '#app/graphql/schema.js'
import { run } from '../support/program.js'
import { POLICIES } from '../support/server.js'

const policies = readPolicies(POLICIES)
const schema = bareSchema()
const SDL = printSchema(schema)

/** The first of these words changed. */
function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`nothing says ${from} any more`)
  return text.replace(from, () => to)
}
const inSharing = (from: string, to: string) =>
  parsePolicies({ ...policies.texts, sharing: changed(policies.texts.sharing, from, to) })
const inActions = (from: string, to: string) =>
  parsePolicies({ ...policies.texts, actions: changed(policies.texts.actions, from, to) })
const gapsWith = (other: Policies, sdl = SDL) => prove(sdl === SDL ? schema : buildSchema(sdl), other).gaps

test('the policies leave nothing out of the schema', () => {
  const { counts, gaps } = prove(schema, policies)
  expect(gaps).toEqual([])
  const counted = Object.fromEntries(counts.map(([what, count]) => [what, count]))
  expect(counted.fields).toBeGreaterThan(350)
  expect(counted['arguments and input fields']).toBeGreaterThan(190)
  expect(counted['subscriptions, unions, interfaces, directives of our own']).toBe(0)
  expect(counted.rules).toBe(counted['rules with a question that comes out otherwise without them'])
})

describe('a gap is named', () => {
  test.each<[string, Policies, string]>([
    [
      'a field without a category',
      inSharing('    outcome: [outcome]\n', ''),
      'sharing.yaml: the field HandOff.outcome has no category',
    ],
    [
      'a field in a category that nobody is shown',
      inSharing('day, dayPart, result, coarsened]', 'day, dayPart, coarsened]\n    staff: [result]'),
      'sharing.yaml: VisitorContact.result (staff) is never shown to anybody who can ask for it',
    ],
    ['an open type without a reason', inSharing('  Looked: Says', '  Loked: Says'), 'the type Looked is neither'],
    ['an argument of which nothing is said', inActions('  arguments: { id: HandOff.id }\n', ''), 'handOff says nothing of id'],
    [
      'an argument that is not there',
      inActions('{ id: HandOff.id }', '{ id: HandOff.id, theme: HandOff.question }'),
      'handOff has no theme',
    ],
    [
      'a field of an input type of which nothing is said',
      inActions('    themes: given\n', ''),
      'LogContactInput says nothing of themes',
    ],
    [
      'a comparison with a field that is not there',
      inActions('HandOff.recognitionCode', 'HandOff.code'),
      'recognitionCode is compared with HandOff.code, which does not exist',
    ],
    [
      'a filter on what a partner sees under a lock alone',
      inActions('recognitionCode: HandOff.recognitionCode', 'recognitionCode: HandOff.question'),
      'actions.yaml: handOffs would tell HandOff.question by the argument recognitionCode: a HANDLER (offered, OVERVIEW, UWV) can see that there is one, and not its question',
    ],
    [
      'an input field compared with what is sensitive',
      inActions('    id: HandOff.id\n    partnerId', '    id: HandOff.sensitive\n    partnerId'),
      'forwardHandOff would tell HandOff.sensitive by the argument input.id: a GUIDE (desk, HELP, UWV)',
    ],
    [
      'a sort key, and so a cursor, that a partner sees under an agreement alone',
      inActions('order: [HandOff.offeredOn, HandOff.id]', 'order: [HandOff.contactDay, HandOff.id]'),
      'handOffs would tell HandOff.contactDay by its order: a HANDLER (offered, OVERVIEW, UWV) can see that there is one, and not its logistics',
    ],
    [
      'rows chosen by what is not seen',
      inActions('only: [HandOff.state]', 'only: [HandOff.outcome]'),
      'handOffs would tell HandOff.outcome by what is in the answer at all',
    ],
    [
      'a filter on what the role comes to by no operation',
      inActions('days: asked, until: asked', 'days: asked, until: AccessRecord.at'),
      'agreementDrift would tell AccessRecord.at by the argument until: a COORDINATOR comes to no AccessRecord by any operation',
    ],
    ['a list in no order', inActions('  order: [Region.amCode]\n', ''), 'regions gives a list and does not say in which order'],
    [
      'a question that says it keeps something',
      inActions('language: asked', 'language: given'),
      'consentReceipt is a query, so language is not `given`',
    ],
    [
      'the rights of a visitor without a code',
      inActions('arguments: { code: code, voice: given }', 'arguments: { code: given, voice: given }'),
      'recordVisitorVoice is for the rights of a code-holder, and does not ask for the code',
    ],
    [
      'a role that may ask and never see',
      inActions(
        '{ GUIDE: HELP, HANDLER: HELP, COORDINATOR: FOLLOW_UP, PRIVACY_OFFICER: OVERSEE }',
        '{ GUIDE: HELP, SIGNATORY: OVERSEE }',
      ),
      'a SIGNATORY may run handOff for OVERSEE, and would never see anything',
    ],
    [
      'a count of what whoever hears it may not read',
      inSharing('Agreement: {version: one', 'Agreement: {version: AccessRecord'),
      'Agreement.version counts AccessRecord, and a GUIDE hears of it by agreements without coming to any',
    ],
    ['a number of which nothing is said', inSharing('  LegalBasis: {version: one}\n', ''), 'LegalBasis.version is a number'],
    [
      'a number that is none',
      inSharing('LegalBasis: {version: one}', 'LegalBasis: {version: one, name: one}'),
      'LegalBasis.name is no number',
    ],
  ])('%s', (_, other, gap) => {
    expect(gapsWith(other).join('\n')).toContain(gap)
  })

  test.each<[string, string, string]>([
    [
      'a new field',
      changed(SDL, 'type HandOff {', 'type HandOff {\n  remark: String'),
      'the field HandOff.remark has no category',
    ],
    ['a new argument', changed(SDL, 'recognitionCode: String', 'recognitionCode: String, theme: Theme'), 'says nothing of theme'],
    ['a new operation', changed(SDL, 'type Query {', 'type Query {\n  visitors: String'), 'the operation visitors has no action'],
    ['a new type', `${SDL} type Visitor { name: String }`, 'the type Visitor is neither governed, nor a part, nor open'],
    [
      'a new count',
      changed(SDL, 'type HandOffConnection {', 'type HandOffConnection {\n  totalCount: Int'),
      'HandOffConnection.totalCount is a number',
    ],
    [
      'an argument of a field',
      changed(SDL, 'type Region {', 'type Region {\n  near(day: String): String'),
      'Region.near takes arguments',
    ],
    [
      'a subscription',
      changed(SDL, 'type Query {', 'type Subscription { handOffs: HandOff }\ntype Query {'),
      'the type Subscription',
    ],
    ['a union', `${SDL} union Either = HandOff | VisitorContact`, 'Either is a union'],
    ['a directive', `${SDL} directive @hidden on FIELD`, 'the directive @hidden is decided by no rule'],
    [
      'a hand-off below a field that is governed itself',
      changed(SDL, '  desks: [Desk!]', '  desks: [Desk!]\n  handOffs: [HandOff!]'),
      'HandOff.state is decided twice: below',
    ],
  ])('%s', (_, sdl, gap) => {
    expect(gapsWith(policies, sdl).join('\n')).toContain(gap)
  })

  describe('a rule that decides nothing', () => {
    const { sharing } = policies
    const coordinators = sharing.share.find(({ role }) => role === 'COORDINATOR')!
    const withShare = (share: typeof sharing.share) => gapsWith({ ...policies, sharing: { ...sharing, share } })

    test('because others always close what it shares; a file that says this is refused already', () => {
      const silenced = { ...coordinators, rule: 'coordinator-sees-unions', partnerKinds: ['UNION' as const] }
      expect(withShare(sharing.share.map((rule) => (rule === coordinators ? silenced : rule)))).toContain(
        'sharing.yaml: the rule "coordinator-sees-unions" never decides anything',
      )
    })

    test('because the role never stands so; a file that says this is refused already', () => {
      const impossible = { ...coordinators, rule: 'coordinator-at-a-desk', relations: ['desk' as const] }
      expect(withShare([...sharing.share, impossible])).toEqual([
        'sharing.yaml: the rule "coordinator-at-a-desk" never decides anything',
      ])
    })

    test('because it is built in, and no rule of the file leads to it', () => {
      const careless = sharing.share.map((rule) => ({ ...rule, needs: rule.needs.filter((need) => need !== 'own-side') }))
      expect(withShare(careless)).toEqual([
        'sharing.yaml: nothing leads to the rule "only-the-side-that-wrote-it", which is built in, so it never decides anything',
      ])
    })
  })
})

test('no schema starts with an argument of which the policies say nothing', () => {
  expect(() => behindShield(schema, inActions('language: asked', 'tongue: asked'))).toThrow(
    /consentReceipt says nothing of language(.|\n)*consentReceipt has no tongue/,
  )
})

test('every rule has a question that comes out otherwise without it, and no rule is its own doing', () => {
  const { sharing } = policies
  const decide = decider(sharing)
  for (const rule of [...sharing.share, ...sharing.never].map(({ rule }) => rule).concat(BUILT_IN_RULES)) {
    const { value } = witnessesOf(sharing, rule).next()
    expect(value, rule).toMatchObject({ rule, decision: { because: rule } })
    expect(decide(value!.question)).toEqual(value!.decision)
    expect(decideWithout(sharing, rule)(value!.question), rule).toEqual(value!.without)
    expect(value!.without.because).not.toBe(rule)
  }
})

describe('npm run policies -- prove', () => {
  const ROOT = fileURLToPath(new URL('../../', import.meta.url))

  test('prints what it counted', async () => {
    const { out, err, code } = await run([join(ROOT, 'dist/decide/policies.js'), 'prove'])
    expect({ err, code }).toEqual({ err: '', code: 0 })
    expect(out).toMatch(/^ +\d+ {2}types that go out: .*\n(.*\n)* +\d+ {2}rules: /)
    expect(out).toMatch(/every rule decides something\.\n$/)
  })

  test('fails on a gap, and names it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'prove-'))
    try {
      for (const part of ['dist', 'policies', 'package.json']) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
      writeFileSync(join(folder, 'policies/actions.yaml'), changed(policies.texts.actions, '  order: [Region.amCode]\n', ''))
      expect(await run([join(folder, 'dist/decide/policies.js'), 'prove'])).toEqual({
        out: '',
        err: 'Not proven:\n  - actions.yaml: regions gives a list and does not say in which order\n',
        code: 1,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
