// The privacy officer reads the rules in plain words, and asks which of them nobody used: over HTTP, and the owner at the command line.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { unusedGrants, usageIn, wholeLog } from '#app/access-log/usage.js'
import { decider, squareOf } from '#app/decide/decide.js'
import { cells } from '#app/decide/matrix.js'
import { parsePolicies } from '#app/decide/policy-files.js'
import { sentenceOf } from '#app/decide/sentence.js'
import { demoId } from '#app/demo/ids.js'
import type { Capacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import { everySquare, SPACE } from '../decide/questions.js'
import { onDatabase } from '../support/database.js'
import { startServer, type TestServer } from '../support/server.js'
import { logContact } from '../support/story.js'
import { done, FNV, GEMEENTE, made, step, TO_A_UNION, WIDEST } from './hand-off.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const UNUSED = `query ($from: String!, $until: String!) { unusedGrants(from: $from, until: $until) {
  from until recordsExamined about policyHash sharing
  grants { rule sentence whole relations purposes categories becomes times firstDay lastDay } } }`
const PERIOD = { from: '2026-11-18', until: '2026-11-19' }

/** What is said of one rule, or undefined where it isn't proposed. */
const grantOf = (answer: any, rule: string) => answer.data.unusedGrants.grants.find((one: any) => one.rule === rule)

test('an old version of the policy can be read again by the hash that a record names, and decides as it did', async () => {
  const { policies } = server.world
  const earlier = policies.texts.sharing.replace(
    'categories: [logistics]\n    needs: [agreement]',
    'categories: [logistics]\n    needs: []',
  )
  const old = parsePolicies({ ...policies.texts, sharing: earlier })
  await server.sql.query(`INSERT INTO policy_version VALUES ($1, $2, $3, '2026-01-01T09:00:00Z')`, [
    old.hash,
    old.texts.sharing,
    old.texts.actions,
  ])
  const ASK = 'query ($hash: String) { policyVersions(hash: $hash) { hash loadedAt current sharing actions } }'
  const ask = async (hash?: string) => (await server.as('privacy-uwv')(ASK, { hash })).data.policyVersions
  expect((await ask()).map(({ hash, current }: any) => [hash, current])).toEqual([
    [policies.hash, true],
    [old.hash, false],
  ])
  const [version, ...others] = await ask(old.hash)
  expect(others).toEqual([])
  expect(version.loadedAt).toBe('2026-01-01T09:00:00Z')
  expect(parsePolicies(version).hash).toBe(old.hash)
  expect(await ask('0'.repeat(64))).toEqual([])
  expect((await server.nobody(ASK)).errors![0].extensions.code).toBe('UNAUTHENTICATED')
})

test('the matrix says each cell in one Dutch sentence, with the version of its legal bases', async () => {
  const { sharing } = server.world.policies
  const answer = await server.as('privacy-uwv')('{ accessMatrix(partnerKind: UWV) { rule sentence needs bases } }')
  expect(answer.errors).toBeUndefined()
  expect(answer.data.accessMatrix.length).toBe(cells(sharing).filter(({ partnerKind }) => partnerKind === 'UWV').length)
  for (const { rule, sentence, bases } of answer.data.accessMatrix) {
    expect(sentence).toBe(sentenceOf(sharing, rule))
    for (const basis of bases) expect(basis).toMatch(/ \(versie \d+\)$/)
  }
  expect(answer.data.accessMatrix).toContainEqual({
    rule: 'partner-reads-sensitive-only-after-accepting-and-with-explicit-consent',
    sentence: expect.stringMatching(
      /^Een medewerker van UWV, een gemeente of een gemeentelijke dienst mag bijzondere gegevens zien /,
    ),
    needs: ['agreement', 'explicitConsent'],
    bases: ['AVG art. 6(1)(e), Wet SUWI (versie 1)', 'AVG art. 9(2)(a), UAVG art. 22(2)(a) (versie 1)'],
  })
})

describe('which grants nobody used', () => {
  test('where nothing was seen, nothing is concluded', async () => {
    const { data } = await server.as('privacy-amersfoort')(UNUSED, PERIOD)
    expect(data.unusedGrants).toMatchObject({ recordsExamined: 0, grants: [], sharing: server.world.policies.texts.sharing })
  })

  test('the officer of the werkcentrum hears what nobody used of its hand-offs, with the changed file', async () => {
    const guide = server.as('gids-amersfoort')
    const { id } = await made(server, { consent: WIDEST })
    // The guide looks at the state alone, UWV at the question: the record holds what was asked for.
    await guide('query ($id: ID!) { handOff(id: $id) { id state } }', { id })
    await server.as('uwv-amersfoort')('query ($id: ID!) { handOff(id: $id) { question { themes } } }', { id })
    await server.as('coordinator-amersfoort')('{ openLoops { edges { node { id } } } }')
    // Of another werkcentrum, and of a union: in no answer to this officer.
    await logContact(server, { deskId: demoId('desk-hilversum'), origin: 'GM0402' }, 'gids-gooi')
    const toUnion = await made(server, { partnerId: FNV, consent: TO_A_UNION })
    await done(step(server, 'fnv-amersfoort', 'acceptHandOff', toUnion.id))
    await server.as('fnv-amersfoort')('query ($id: ID!) { handOff(id: $id) { situation { work } } }', { id: toUnion.id })

    const answer = await server.as('privacy-amersfoort')(UNUSED, PERIOD)
    expect(answer.errors).toBeUndefined()
    const { sharing, recordsExamined, about, policyHash } = answer.data.unusedGrants
    expect(recordsExamined).toBeGreaterThan(5)
    expect(about).toMatch(/alleen over het logboek van uw eigen werkcentrum.*vakbond/)
    expect(policyHash).toBe(server.world.policies.hash)
    expect(grantOf(answer, 'partner-reads-the-question-only-with-consent')).toEqual({
      rule: 'partner-reads-the-question-only-with-consent',
      sentence: sentenceOf(server.world.policies.sharing, 'partner-reads-the-question-only-with-consent'),
      whole: false,
      relations: ['accepted'],
      purposes: ['OVERVIEW', 'FOLLOW_UP'],
      categories: [],
      becomes: expect.stringMatching(/mag de vraag zien van een overdracht, zolang die op antwoord wacht, om te helpen, als /),
      times: 1,
      firstDay: '2026-11-18',
      lastDay: '2026-11-18',
    })
    expect(grantOf(answer, 'partner-reads-the-situation-only-after-accepting-and-with-consent')).toMatchObject({
      whole: true,
      becomes: null,
      times: 0,
      firstDay: null,
    })
    expect(grantOf(answer, 'coordinator-sees-which-loops-are-open')).toMatchObject({
      purposes: ['OVERVIEW'],
      // Progress goes with reference, which was used: they share a table.
      categories: ['logistics'],
    })
    // Rights and oversight are never proposed.
    expect(JSON.stringify(answer.data.unusedGrants.grants)).not.toMatch(/visitor-sees|privacy-officer-sees/)
    // The file is one that can be taken as it is: sound, and nowhere wider.
    const proposed = parsePolicies({ ...server.world.policies.texts, sharing })
    const now = new Set(cells(server.world.policies.sharing).map((cell) => `${squareOf(cell)} ${cell.rule} ${cell.symbol}`))
    for (const cell of cells(proposed.sharing)) expect(now.has(`${squareOf(cell)} ${cell.rule} ${cell.symbol}`)).toBe(true)
    expect(sharing).toContain('# Wie mag wat zien van een warme overdracht')
  })

  test('a contact counts for every kind of partner, and all that was shown of anything stays open', async () => {
    const answer = await server.as('privacy-amersfoort')(UNUSED, PERIOD)
    const after = decider(parsePolicies({ ...server.world.policies.texts, sharing: answer.data.unusedGrants.sharing }).sharing)
    const { rows } = await server.sql.query(
      `SELECT DISTINCT r.role, r.purpose, o ->> 'relation' AS relation, CASE WHEN o ->> 'type' = 'HandOff' THEN k.kind END AS kind, c AS category
       FROM access_record_part p JOIN access_record r ON r.id = p.record_id LEFT JOIN partner k ON k.id = p.partner_id,
         jsonb_array_elements(p.objects) o, jsonb_object_keys(o -> 'shown') c
       WHERE p.werkcentrum_id = $1 AND NOT p.confidential`,
      [demoId('werkcentrum-amersfoort')],
    )
    expect(rows.some(({ kind }) => kind === null)).toBe(true)
    const all = { agreement: 'active', consent: 'covers', explicit: true, underSixteen: false, representative: true } as const
    for (const { kind, ...cell } of rows)
      for (const partnerKind of kind ? [kind] : SPACE.partnerKind)
        expect(after({ ...cell, partnerKind, ...all, ownSide: true }).allowed, JSON.stringify(cell)).toBe(true)
  })

  test('a rule for hand-offs to a union alone is not judged: those are in no log that an officer reads', async () => {
    const { policies } = server.world
    const text = policies.texts.sharing.replace(
      'share:\n',
      `share:
  - rule: union-reads-the-note
    role: HANDLER
    relations: [accepted]
    purposes: [HELP]
    partnerKinds: union
    categories: [note]
    needs: [agreement, consent]
    bases: [of-the-partner]
`,
    )
    // Under the hash that the database knows.
    const changed = { ...parsePolicies({ ...policies.texts, sharing: text }), hash: policies.hash }
    const officer: Capacity = {
      role: 'PRIVACY_OFFICER',
      side: 'WERKCENTRUM',
      organisationId: demoId('werkcentrum-amersfoort'),
      subject: 'officer',
    }
    const { unused } = await perform({ ...server.world, policies: changed }, officer, 'unusedGrants', (act) =>
      unusedGrants(act, PERIOD.from, PERIOD.until),
    )
    const rules = unused.map(({ rule }) => rule)
    expect(rules).toContain('partner-reads-the-note-only-after-accepting-and-with-consent')
    expect(rules).not.toContain('union-reads-the-note')
  })

  test('the one statement counts what the log holds: each square, how often, and from when to when', async () => {
    const { rows } = await server.sql.query(
      `SELECT r.id, r.role, r.purpose, r.at::date::text AS day, k.kind, p.objects
       FROM access_record_part p JOIN access_record r ON r.at = p.at AND r.id = p.record_id LEFT JOIN partner k ON k.id = p.partner_id`,
    )
    const counted = new Map<string, { times: number; days: Set<string> }>()
    for (const { role, purpose, day, kind, objects } of rows)
      for (const { type, relation, shown } of objects)
        for (const category of Object.keys(shown)) {
          const square = [role, relation, purpose, type === 'HandOff' ? kind : null, category].join()
          const { times, days } = counted.get(square) ?? { times: 0, days: new Set<string>() }
          counted.set(square, { times: times + 1, days: days.add(day) })
        }
    const { examined, uses } = usageIn((await server.sql.query(wholeLog(PERIOD))).rows)
    expect(examined).toBe(new Set(rows.map(({ id }) => id)).size)
    expect(uses.length).toBe(counted.size)
    expect(new Set(uses.map(({ partnerKind }) => partnerKind)).size).toBeGreaterThan(2)
    for (const { role, relation, purpose, partnerKind, category, times, firstDay, lastDay } of uses) {
      const { times: expected, days } = counted.get([role, relation, purpose, partnerKind, category].join())!
      expect({ times, days: [firstDay, lastDay] }).toEqual({ times: expected, days: [[...days][0], [...days].at(-1)] })
    }
  })

  test('the officer of a partner hears of its own people alone: rules of others are not judged', async () => {
    const answer = await server.as('privacy-uwv')(UNUSED, PERIOD)
    expect(answer.errors).toBeUndefined()
    const { grants, about } = answer.data.unusedGrants
    expect(about).toContain('alleen over wat medewerkers van uw eigen organisatie zagen')
    expect(grants.length).toBeGreaterThan(3)
    for (const { rule, sentence } of grants) {
      expect(rule).toMatch(/^partner-/)
      expect(sentence).toMatch(/^Een medewerker van /)
    }
    const situation = 'partner-reads-the-situation-only-after-accepting-and-with-consent'
    expect(grantOf(answer, situation)).toMatchObject({ whole: true })
    // What another partner uses is none of UWV's business; the werkcentrum, whose hand-off it is, hears of it.
    const { id } = await made(server, { partnerId: GEMEENTE, consent: WIDEST })
    await done(step(server, 'gemeente-amersfoort', 'acceptHandOff', id))
    await server.as('gemeente-amersfoort')('query ($id: ID!) { handOff(id: $id) { situation { work } } }', { id })
    expect(grantOf(await server.as('privacy-uwv')(UNUSED, PERIOD), situation)).toMatchObject({ whole: true, times: 0 })
    expect(grantOf(await server.as('privacy-amersfoort')(UNUSED, PERIOD), situation)).toBeUndefined()
  })

  test('what was used yesterday is not in the period of today', async () => {
    const { data } = await server.as('privacy-uwv')(UNUSED, { from: '2026-11-19', until: '2026-11-20' })
    expect(data.unusedGrants).toMatchObject({ recordsExamined: 0, grants: [] })
  })

  test.each([
    ['2026-11-18', '2026-11-18', 'The period must end after it begins.'],
    ['2026-11-19', '2026-11-18', 'The period must end after it begins.'],
    ['2025-11-17', '2026-11-19', 'The period may be at most 366 days.'],
    ['0001-01-01', '9999-12-31', 'The period may be at most 366 days.'],
    ['2026-02-30', '2026-11-18', 'A day is written as 2026-11-22.'],
    ['2026-11-18T00:00:00Z', '2026-11-19', 'A day is written as 2026-11-22.'],
    ["'; DROP TABLE partner; --", '2026-11-19', 'A day is written as 2026-11-22.'],
    ['9999-12-30', '9999-12-31', undefined],
  ])('from %s until %s', async (from, until, message) => {
    const answer = await server.as('privacy-uwv')(UNUSED, { from, until })
    if (message) expect(answer.errors).toMatchObject([{ message, extensions: { code: 'BAD_INPUT' } }])
    else expect(answer.errors).toBeUndefined()
  })

  test('nobody else may ask', async () => {
    for (const account of ['gids-amersfoort', 'uwv-amersfoort', 'coordinator-amersfoort', 'signatory-uwv'])
      expect((await server.as(account)(UNUSED, PERIOD)).errors, account).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect((await server.nobody(UNUSED, PERIOD)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  test('asking is in the log itself', async () => {
    const { data } = await server.as('privacy-uwv')(
      '{ accessLog(first: 50) { edges { node { operation purpose objects { type } } } } }',
    )
    expect(data.accessLog.edges.map(({ node }: any) => node)).toContainEqual({
      operation: 'unusedGrants',
      purpose: 'OVERSEE',
      objects: [],
    })
  })
})

describe('npm run policies -- shrink', () => {
  const COMMAND = fileURLToPath(new URL('../../dist/decide/policies.js', import.meta.url))
  async function shrink(args: string[], url?: string) {
    const { DATABASE_OWNER_URL: _, ...env } = process.env
    const child = spawn(process.execPath, [COMMAND, 'shrink', ...args], { env: url ? { ...env, DATABASE_OWNER_URL: url } : env })
    const [out, said, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('exit', resolve)),
    ])
    return { out, said, code }
  }
  const ownerUrl = () => onDatabase(inject('cluster').ownerUrl, server.sql.database!)

  test('reads the log of the whole installation, unions too, and prints the file and the evidence apart', async () => {
    const { out, said, code } = await shrink([PERIOD.from, PERIOD.until], ownerUrl())
    expect(said).toMatch(
      /^From 2026-11-18 up to 2026-11-19, \d+ records of the access log: of \d+ of 18 rules something was not used\.\n/,
    )
    expect(code).toBe(0)
    expect(said).toContain(
      'partner-reads-the-note-only-after-accepting-and-with-consent\n  Een medewerker van elke partner behalve',
    )
    expect(said).toMatch(/ {2}Used \d+ times from 2026-11-18 to 2026-11-18, and never for: /)
    // A union looked at the situation: what no officer can see is counted here, so the rule stays.
    const proposed = parsePolicies({ ...server.world.policies.texts, sharing: out })
    expect(proposed.sharing.share.map(({ rule }) => rule)).toContain(
      'partner-reads-the-situation-only-after-accepting-and-with-consent',
    )
    const [before, now] = [server.world.policies, proposed].map(({ sharing }) => decider(sharing))
    const all = { agreement: 'active', consent: 'covers', explicit: true, underSixteen: false, representative: true } as const
    everySquare((square) => {
      if (now!({ ...square, ...all, ownSide: true }).allowed)
        expect(before!({ ...square, ...all, ownSide: true }).allowed).toBe(true)
    })
  })

  test('concludes nothing from nothing', async () => {
    const { out, said, code } = await shrink(['2026-01-01', '2026-01-02'], ownerUrl())
    expect(said).toBe(
      'Nothing was seen from 2026-01-01 up to 2026-01-02: nothing can be concluded, and sharing.yaml stays as it is.\n',
    )
    expect(out).toBe(server.world.policies.texts.sharing)
    expect(code).toBe(0)
  })

  test.each([
    ['without a URL', [PERIOD.from, PERIOD.until], undefined, /DATABASE_OWNER_URL must be the URL/],
    ['with something that is no URL', [PERIOD.from, PERIOD.until], 'geheim', /DATABASE_OWNER_URL must be the URL/],
    [
      'with a database that is away',
      [PERIOD.from, PERIOD.until],
      'postgresql://o:geheim@127.0.0.1:1/x',
      /could not be read \(ECONNREFUSED\)/,
    ],
    ['without days', [], 'postgresql://o:geheim@127.0.0.1:1/x', /A day is written as/],
    ['with a day too many', ['2026-01-01', '2026-01-02', '2026-01-03'], 'postgresql://o:geheim@127.0.0.1:1/x', /^Say which/],
  ])('%s says what is needed, and no URL', async (_, args, url, message) => {
    const { out, said, code } = await shrink(args, url)
    expect(said).toMatch(message)
    expect(said + out).not.toMatch(/geheim| at .*:\d+:\d+/)
    expect(out).toBe('')
    expect(code).toBe(1)
  })
})
