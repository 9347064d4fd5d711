// A privacy officer, over HTTP with real tokens: what was seen of a hand-off of last month and why, whether that was right, and what another
// policy or a suspended agreement would have changed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { A_DAY, POLICIES, startServer, type TestServer } from '../support/server.js'
import { logContact } from '../support/story.js'
import { daysAfter, done, FNV, GUIDE, made, narrow, type Offered, refusal, step, TO_A_UNION, withdraw } from './hand-off.js'

const SHARING = readFileSync(join(POLICIES, 'sharing.yaml'), 'utf8')
const ACTIONS = readFileSync(join(POLICIES, 'actions.yaml'), 'utf8')
const NOWHERE = '00000000-0000-4000-8000-000000000000'
const WIDE = { from: '2026-11-01T00:00:00Z', until: '2027-01-31T00:00:00Z' }
const AGREEMENT = demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort'))
const SITUATION = 'partner-reads-the-situation-only-after-accepting-and-with-consent'

let server: TestServer
let about: Offered
let union: Offered

const day = (days: number) => daysAfter(A_DAY, days).toISOString().slice(0, 10)
const looksAt = (account: string, id: string, fields: string) =>
  server.as(account)(`query ($id: ID!) { handOff(id: $id) { ${fields} withheld { field } } }`, { id })

// Day 0: offered. Day 1: accepted, and looked at. Day 5: the visitor narrows it. Day 9: completed. Day 12: consent is withdrawn.
beforeAll(async () => {
  server = await startServer()
  about = await made(server)
  union = await made(server, { partnerId: FNV, consent: TO_A_UNION })
  server.setClock(daysAfter(A_DAY, 1))
  await done(
    server.as('uwv-amersfoort')('mutation ($id: ID!) { acceptHandOff(id: $id) { state situation { work } } }', { id: about.id }),
  )
  await done(looksAt('uwv-amersfoort', about.id, 'situation { work } sensitive desk { name } question { themes } state outcome'))
  await server.as('coordinator-amersfoort')('{ handOffs { edges { node { state withheld { field } } } } }')
  server.setClock(daysAfter(A_DAY, 5))
  await done(narrow(server, GUIDE, about.id, ['question']))
  await done(looksAt('uwv-amersfoort', about.id, 'situation { work }'))
  server.setClock(daysAfter(A_DAY, 9))
  await done(step(server, 'uwv-amersfoort', 'completeHandOff', about.id, 'outcome: WORK'))
  server.setClock(daysAfter(A_DAY, 12))
  await done(withdraw(server, GUIDE, about.id))
  // A month later, the officers look back.
  server.setClock(daysAfter(A_DAY, 40))
})
afterAll(() => server.stop())

const officer = (query: string, variables: Record<string, unknown> = {}, account = 'privacy-amersfoort') =>
  server.as(account)(query, variables)

const EXPLAIN = `query ($id: ID!, $role: Role!, $on: String, $field: String, $category: Category, $purpose: Purpose, $partnerId: ID) {
  explainAccess(handOffId: $id, role: $role, on: $on, field: $field, category: $category, purpose: $purpose, partnerId: $partnerId) {
    day existed role organisation relation category fields agreementId agreementVersion consentVersion policyHash policySeenAt
    answers { purpose allowed rule sentence lock agreement consent explicit locks { lock rule sentence needed open } } } }`
const explained = (variables: Record<string, unknown>, account?: string) =>
  officer(EXPLAIN, { id: about.id, role: 'HANDLER', field: 'situation', purpose: 'HELP', ...variables }, account)
const explanation = async (variables: Record<string, unknown>, account?: string) => done(explained(variables, account))

const WHAT_IF = `query ($input: WhatIfInput!) { whatIf(input: $input) { policyHash records decisions notReplayable missing
  changes { partnerId partnerName role operation category direction answers objects rules sentence evidence { recordId at } } } }`
const whatIf = (input: Record<string, unknown>, account?: string) => officer(WHAT_IF, { input: { ...WIDE, ...input } }, account)

describe('Who saw what of a hand-off of last month', () => {
  test('stands in the log, by hand-off', async () => {
    const answer = await officer(
      `query ($id: ID) { accessLog(handOffId: $id, first: 50) { edges { node { id at role operation objects { reference categories { category shown rule reason } } } } } }`,
      { id: about.id },
    )
    const records = answer.data.accessLog.edges.map(({ node }: any) => node)
    expect(new Set(records.flatMap(({ objects }: any) => objects.map(({ reference }: any) => reference)))).toContain(about.id)
    const shown = (record: any) =>
      record.objects
        .filter(({ reference }: any) => reference === about.id)[0]
        .categories.find(({ category }: any) => category === 'situation')
    const looks = records.filter(({ operation, role }: any) => operation === 'handOff' && role === 'HANDLER')
    expect(looks.map((record: any) => [record.at.slice(0, 10), shown(record).shown, shown(record).rule])).toEqual([
      [day(5), false, 'consent-must-cover'],
      [day(1), true, SITUATION],
    ])
  })

  test('is the same for an officer of the partner, about its own people', async () => {
    const answer = await officer(
      `query ($id: ID) { accessLog(handOffId: $id, first: 50) { edges { node { role objects { reference } } } } }`,
      { id: about.id },
      'privacy-uwv',
    )
    const roles = answer.data.accessLog.edges.map(({ node }: any) => node.role)
    expect(roles.length).toBeGreaterThanOrEqual(4)
    expect(new Set(roles)).toEqual(new Set(['HANDLER']))
  })

  test('and of a hand-off that is not theirs there is nothing, as of one that does not exist', async () => {
    const ask = (id: string, account: string) =>
      officer(`query ($id: ID) { accessLog(handOffId: $id) { edges { node { id } } } }`, { id }, account)
    for (const account of ['privacy-amersfoort', 'privacy-uwv'])
      for (const id of [union.id, 'no-id', about.id.toUpperCase()])
        expect((await ask(id, account)).text).toBe((await ask(NOWHERE, account)).text)
  })
})

describe('Why', () => {
  test('on the day that it was seen: every lock was open, by the policy that the log shows in use', async () => {
    const found = await explanation({ on: day(1) })
    expect(found).toMatchObject({
      day: day(1),
      existed: true,
      organisation: 'UWV, kantoor Amersfoort',
      relation: 'accepted',
      category: 'situation',
      fields: ['situation'],
      agreementId: AGREEMENT,
      agreementVersion: 1,
      consentVersion: 1,
      policyHash: server.world.policies.hash,
      answers: [
        { purpose: 'HELP', allowed: true, rule: SITUATION, lock: null, agreement: 'active', consent: 'covers', explicit: false },
      ],
    })
    expect(found.policySeenAt.slice(0, 10)).toBe(day(1))
    expect(found.answers[0].sentence.length).toBeGreaterThan(10)
    expect(found.answers[0].locks.map(({ lock, needed, open }: any) => `${lock} ${needed} ${open}`)).toEqual([
      'POLICY true true',
      'AGREEMENT true true',
      'CONSENT true true',
      'CONSENT false false',
      'UNDER_SIXTEEN true true',
      'OWN_SIDE false true',
    ])
  })

  test.each([
    [
      -1,
      {
        existed: false,
        relation: 'none',
        rule: 'without-a-relation-nothing-is-seen',
        lock: 'POLICY',
        consent: 'none',
        version: null,
      },
    ],
    [
      0,
      {
        existed: true,
        relation: 'offered',
        rule: 'nothing-is-shared-without-a-rule',
        lock: 'POLICY',
        consent: 'covers',
        version: 1,
      },
    ],
    [4, { existed: true, relation: 'accepted', rule: SITUATION, lock: null, consent: 'covers', version: 1 }],
    [5, { existed: true, relation: 'accepted', rule: 'consent-must-cover', lock: 'CONSENT', consent: 'notCovered', version: 2 }],
    [
      9,
      {
        existed: true,
        relation: 'ended',
        rule: 'nothing-is-shared-without-a-rule',
        lock: 'POLICY',
        consent: 'notCovered',
        version: 2,
      },
    ],
    [
      12,
      {
        existed: true,
        relation: 'ended',
        rule: 'nothing-is-shared-without-a-rule',
        lock: 'POLICY',
        consent: 'withdrawn',
        version: 3,
      },
    ],
    [
      null,
      {
        existed: true,
        relation: 'ended',
        rule: 'nothing-is-shared-without-a-rule',
        lock: 'POLICY',
        consent: 'withdrawn',
        version: 3,
      },
    ],
  ] as const)('after %s days it was as it was then', async (days, expected) => {
    const found = await explanation({ on: days === null ? null : day(days) })
    const [{ rule, lock, consent }] = found.answers
    const { existed, relation, consentVersion: version } = found
    expect({ existed, relation, rule, lock, consent, version }).toEqual(expected)
    if (days === null) expect(found.policySeenAt).toBeNull()
  })

  test('for every purpose of a role, when none is named', async () => {
    const guide = await explanation({ role: 'GUIDE', field: 'state', purpose: null, on: day(1) })
    expect(guide.answers.map(({ purpose, allowed }: any) => [purpose, allowed])).toEqual([
      ['HELP', true],
      ['OVERVIEW', true],
      ['FOLLOW_UP', true],
      ['ACCOUNT', false],
    ])
    const visitor = await explanation({ role: 'CODE_HOLDER', field: 'sensitive', purpose: null })
    expect(visitor.answers).toMatchObject([
      { purpose: 'RIGHTS', allowed: false, rule: 'code-holder-sees-only-that-it-was-shared' },
    ])
  })

  test('and who else may: everyone who may, and who could if a lock were opened', async () => {
    const query = `query ($id: ID!, $on: String) { whoMaySee(handOffId: $id, category: situation, on: $on) {
      may { role organisation relation purpose rule sentence } mightIfOpened { role relation purpose locks { lock rule } } } }`
    const then = await done(officer(query, { id: about.id, on: day(1) }))
    expect(then.may.map(({ role, purpose, relation }: any) => `${role} ${relation} ${purpose}`)).toEqual([
      'GUIDE desk HELP',
      'HANDLER accepted HELP',
      'CODE_HOLDER holds-code RIGHTS',
    ])
    const narrowed = await done(officer(query, { id: about.id, on: day(5) }))
    expect(narrowed.may.map(({ role }: any) => role)).toEqual(['GUIDE', 'CODE_HOLDER'])
    expect(narrowed.mightIfOpened).toEqual([
      { role: 'HANDLER', relation: 'accepted', purpose: 'HELP', locks: [{ lock: 'CONSENT', rule: 'consent-must-cover' }] },
    ])
    const ofPartner = await done(officer(query, { id: about.id, on: day(1) }, 'privacy-uwv'))
    expect(ofPartner.may.map(({ role }: any) => role)).toEqual(['HANDLER'])
  })

  test('is told of no hand-off that is out of sight, byte for byte', async () => {
    for (const account of ['privacy-amersfoort', 'privacy-uwv'])
      for (const id of [union.id, 'no-id', about.id.toUpperCase()]) {
        expect((await explained({ id }, account)).text).toBe((await explained({ id: NOWHERE }, account)).text)
        const who = (id: string) =>
          officer('query ($id: ID!) { whoMaySee(handOffId: $id, field: "state") { day } }', { id }, account)
        expect((await who(id)).text).toBe((await who(NOWHERE)).text)
        expect(refusal(await who(id))).toBe('NOT_FOUND')
      }
  })

  test('and nobody but an officer asks', async () => {
    for (const account of ['gids-amersfoort', 'uwv-amersfoort', 'coordinator-amersfoort', 'signatory-uwv'])
      expect(refusal(await explained({}, account))).toBe('FORBIDDEN')
    expect(refusal(await explained({ field: 'name' }))).toBe('BAD_INPUT')
  })

  test('is itself in the log', async () => {
    await explanation({})
    const { edges } = await done(
      officer(
        `query ($id: ID) { accessLog(handOffId: $id, first: 1) { edges { node { operation role purpose objects { relation categories { category } } } } } }`,
        {
          id: about.id,
        },
      ),
    )
    expect(edges[0].node).toEqual({
      operation: 'explainAccess',
      role: 'PRIVACY_OFFICER',
      purpose: 'OVERSEE',
      objects: [{ relation: 'audits', categories: [] }],
    })
  })
})

describe('Whether it was right', () => {
  const REPLAY = `query ($from: String!, $until: String!) { replayAccess(from: $from, until: $until) {
    records decisions same notReplayable missing differences different { recordId at category loggedShown loggedRule shown rule } } }`

  test.each(['privacy-amersfoort', 'privacy-uwv'])('%s decides the log again: all the same', async (account) => {
    const found = await done(officer(REPLAY, { from: '2026-11-01T00:00:00Z', until: `${day(30)}T00:00:00Z` }, account))
    expect(found).toMatchObject({ same: found.decisions, differences: 0, notReplayable: 0, missing: [], different: [] })
    expect(found.decisions).toBeGreaterThan(10)
  })

  test('a record that somebody edited comes out differently', async () => {
    const { rows } = await server.sql.query(
      `SELECT at, record_id, number, objects FROM access_record_part WHERE $1 = ANY (hand_offs) AND objects @> '[{"withheld": {"situation": {"rule": "consent-must-cover"}}}]' LIMIT 1`,
      [about.id],
    )
    const [{ at, record_id, number, objects }] = rows
    const set = (value: unknown) =>
      server.sql.query('UPDATE access_record_part SET objects = $4 WHERE at = $1 AND record_id = $2 AND number = $3', [
        ...[at, record_id, number],
        JSON.stringify(value),
      ])
    const { situation: _, ...withheld } = objects[0].withheld
    await set([{ ...objects[0], withheld, shown: { ...objects[0].shown, situation: SITUATION } }])
    const found = await done(officer(REPLAY, WIDE))
    await set(objects)
    expect(found.differences).toBe(1)
    expect(found.different).toEqual([
      {
        recordId: record_id,
        at: at.toISOString(),
        category: 'situation',
        ...{ loggedShown: true, loggedRule: SITUATION, shown: false, rule: 'consent-must-cover' },
      },
    ])
  })

  test('an object that cannot be read is not replayable, to replayAccess and to whatIf, and is no fault', async () => {
    const { rows } = await server.sql.query(
      'SELECT at, record_id, number, objects FROM access_record_part WHERE $1 = ANY (hand_offs) LIMIT 1',
      [about.id],
    )
    const [{ at, record_id, number, objects }] = rows
    const set = (value: unknown) =>
      server.sql.query('UPDATE access_record_part SET objects = $4 WHERE at = $1 AND record_id = $2 AND number = $3', [
        ...[at, record_id, number],
        JSON.stringify(value),
      ])
    const { agreement: _, ...without } = objects[0]
    for (const bad of [without, { ...objects[0], shown: null }, null, 7]) {
      await set([bad])
      const [replayed, changed] = [await officer(REPLAY, WIDE), await whatIf({ suspendedAgreementId: AGREEMENT })]
      await set(objects)
      for (const found of [await done(replayed as never), await done(changed as never)])
        expect(found).toMatchObject({ notReplayable: 1, missing: ['RECORD'] })
    }
  })

  test('ten times in one request is too much: somebody else is waiting', async () => {
    const times = (n: number) =>
      `{ ${Array.from({ length: n }, (_, i) => `x${i}: replayAccess(from: "${WIDE.from}", until: "${WIDE.until}") { same }`).join(' ')} }`
    expect((await officer(times(2))).errors).toBeUndefined()
    for (const n of [3, 10]) expect(refusal(await officer(times(n)))).toBe('LIMIT_EXCEEDED')
  })

  test('an instant that is none, and a page that is too long, are refused', async () => {
    expect(refusal(await officer(REPLAY, { from: 'yesterday', until: WIDE.until }))).toBe('BAD_INPUT')
    expect(refusal(await officer(`{ replayAccess(from: "${WIDE.from}", until: "${WIDE.until}", first: 51) { same } }`))).toBe(
      'BAD_INPUT',
    )
  })
})

describe('What would have been different', () => {
  const changed = (from: string, to: string, text = SHARING) => {
    expect(text.split(from)).toHaveLength(2)
    return text.replace(from, to)
  }
  const short = ({ changes }: any) =>
    changes.map(({ role, operation, category, direction, answers, objects }: any) =>
      [direction, role, operation, category, answers, objects].join(' '),
    )

  test('under a stricter policy, that takes a category from a rule: what the partner saw, it had not seen', async () => {
    const sharing = changed(
      'categories: [situation]\n    needs: [agreement, consent]',
      'categories: [note]\n    needs: [agreement, consent]',
    )
      .replace(/ {2}- rule: partner-reads-the-note-only[\s\S]*?bases: \[of-the-partner\]\n/, '')
      .replace(/ {2}may-read-notes:\n( {4}- \w+\n)+/, '')
    const found = await done(whatIf({ sharing }))
    expect(found.notReplayable).toBe(0)
    expect(found.policyHash).not.toBe(server.world.policies.hash)
    expect(short(found)).toEqual(['LOST HANDLER acceptHandOff situation 1 1', 'LOST HANDLER handOff situation 1 1'])
    const [line] = found.changes
    expect(line).toMatchObject({ partnerName: 'UWV, kantoor Amersfoort', rules: ['nothing-is-shared-without-a-rule'] })
    expect(line.sentence).toMatch(
      /^Bij \w+ hadden de medewerkers van de partner in 1 antwoord de situatie niet meer gezien \(1 overdracht aan UWV, kantoor Amersfoort\)\. Regel: .+/,
    )
    // The evidence is a line of the log.
    const { rows } = await server.sql.query('SELECT operation, at FROM access_record WHERE id = $1', [line.evidence[0].recordId])
    expect(rows).toEqual([{ operation: line.operation, at: new Date(line.evidence[0].at) }])
    // The partner's own officer is told the same of its own people.
    expect(short(await done(whatIf({ sharing }, 'privacy-uwv'))).sort()).toEqual(short(found).sort())
  })

  test('under a wider policy: what a coordinator asked and did not see, with locks that nobody had read for them', async () => {
    const rule = `  - rule: coordinator-reads-the-question
    role: COORDINATOR
    relations: [coordinates]
    purposes: [OVERVIEW]
    partnerKinds: any-partner
    categories: [question]
    needs: [agreement, consent]
    bases: [task-of-the-desk]
never:`
    const sharing = changed('\nnever:', `\n${rule}`)
    const found = await done(whatIf({ sharing }))
    expect(short(found)).toEqual(['GAINED COORDINATOR handOffs question 1 1'])
    expect(found.changes[0]).toMatchObject({ rules: ['coordinator-reads-the-question'], partnerId: demoId('uwv-amersfoort') })
    expect(found.changes[0].sentence).toMatch(/^Bij handOffs had de coördinator in 1 antwoord de vraag ook gezien/)
    // And with the agreement suspended as well, not.
    expect(short(await done(whatIf({ sharing, suspendedAgreementId: AGREEMENT })))).not.toContain(
      'GAINED COORDINATOR handOffs question 1 1',
    )
  })

  test('with the agreement suspended: all that hung on it, and nothing else', async () => {
    const found = await done(whatIf({ suspendedAgreementId: AGREEMENT }))
    expect(found.policyHash).toBeNull()
    const lost = new Set(found.changes.map(({ category }: any) => category))
    expect(lost).toContain('situation')
    expect(lost).toContain('logistics')
    expect(lost).not.toContain('progress')
    for (const { direction, rules, partnerId } of found.changes)
      expect([direction, rules, partnerId]).toEqual(['LOST', ['agreement-must-be-active'], demoId('uwv-amersfoort')])
    for (const id of [NOWHERE, 'no-id', demoId('agreement werkcentrum-gooi uwv-gooi 1')])
      expect(refusal(await whatIf({ suspendedAgreementId: id }))).toBe('NOT_FOUND')
  })

  test('when an operation gets another purpose, or may no longer be run by a role', async () => {
    const accept = 'acceptHandOff:\n  kind: mutation\n  purposes: { HANDLER: HELP }'
    const listed = await done(whatIf({ actions: changed(accept, accept.replace('HELP', 'OVERVIEW'), ACTIONS) }))
    expect(short(listed)).toContain('LOST HANDLER acceptHandOff situation 1 1')
    expect(short(listed)).not.toContain('LOST HANDLER acceptHandOff progress 1 1')
    const refusedThen = await done(whatIf({ actions: changed(accept, accept.replace('HANDLER', 'GUIDE'), ACTIONS) }))
    expect(short(refusedThen)).toContain('LOST HANDLER acceptHandOff progress 1 1')
    for (const { rules, sentence } of refusedThen.changes) {
      expect(rules).toEqual(['operation-is-refused'])
      expect(sentence).toContain('Deze rol mag dit dan niet meer opvragen.')
    }
  })

  test('nothing, when nothing is different', async () => {
    expect((await done(whatIf({ sharing: SHARING, actions: ACTIONS }))).changes).toEqual([])
    expect(refusal(await whatIf({}))).toBe('BAD_INPUT')
  })

  test('a file with mistakes: every mistake with its file and line, and nothing changes', async () => {
    const before = await explanation({ on: day(1) })
    const sharing = SHARING.replace('role: GUIDE', 'role: PORTER').replace(
      'purposes: [OVERVIEW, FOLLOW_UP]',
      'purposes: [PROFIT]',
    )
    const actions = ACTIONS.replace('kind: query', 'kind: question')
    const answer = await whatIf({ sharing, actions })
    expect(refusal(answer)).toBe('BAD_INPUT')
    const { mistakes } = answer.errors![0].extensions
    expect(mistakes).toHaveLength(3)
    expect(mistakes[0]).toMatch(/^sharing\.yaml:\d+: expected one of GUIDE, HANDLER.* but found "PORTER"$/)
    expect(mistakes[1]).toMatch(/^sharing\.yaml:\d+: expected one of OVERVIEW.* but found "PROFIT"$/)
    expect(mistakes[2]).toMatch(/^actions\.yaml:\d+: expected one of query, mutation but found "question"$/)
    for (const mistake of mistakes) expect(answer.errors![0].message).toContain(mistake)
    expect(await explanation({ on: day(1) })).toEqual(before)
    expect((await server.sql.query('SELECT count(*)::int AS n FROM policy_version')).rows).toEqual([{ n: 1 }])
  })

  test('a policy that does not fit the schema is refused as it would be at start-up', async () => {
    const answer = await whatIf({ actions: ACTIONS.replace('\nwhatIf:', '\nwhatElse:') })
    expect(refusal(answer)).toBe('BAD_INPUT')
    expect(answer.errors![0].extensions.mistakes).toEqual([
      'actions.yaml: the operation whatIf has no action',
      'actions.yaml: whatElse is no operation of the schema',
    ])
  })

  test.each([
    ['too long to be read', `#${' '.repeat(70_000)}`, /60000 characters/],
    ['brackets without end', '['.repeat(50_000), /mistakes/],
    ['a list that says the same thousands of times', `kinds: { any: [${'UWV, '.repeat(10_000)}] }`, /mistakes/],
    ['nothing at all', '', /mistakes/],
  ])('%s: an answer within seconds', async (_, sharing, message) => {
    const answer = await whatIf({ sharing })
    expect(refusal(answer)).toBe('BAD_INPUT')
    expect(answer.errors![0].message).toMatch(message)
  })

  test('nobody but an officer asks, and no more is told than of the own log', async () => {
    for (const account of ['gids-amersfoort', 'uwv-amersfoort', 'coordinator-amersfoort', 'signatory-amersfoort'])
      expect(refusal(await whatIf({ sharing: 'x' }, account))).toBe('FORBIDDEN')
    await logContact(server)
    for (const account of ['privacy-amersfoort', 'privacy-uwv'])
      expect((await whatIf({ suspendedAgreementId: AGREEMENT }, account)).text).not.toContain(union.id)
  })
})
