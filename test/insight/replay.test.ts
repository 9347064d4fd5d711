// The log can be decided again: every record of the demo story comes out as it was logged, whatever policies came since.
import fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoggedObject } from '#app/access-log/record.js'
import { openDatabase } from '#app/database/door.js'
import { Prisma, type PrismaClient } from '#app/database/prisma/client.js'
import { release } from '#app/database/release.js'
import { decider } from '#app/decide/decide.js'
import { parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import { demoId } from '#app/demo/ids.js'
import { seedOrganisations } from '#app/demo/organisations.js'
import { playStory } from '#app/demo/story.js'
import { readableCategories, readsLocks } from '#app/handoffs/handoffs.js'
import type { AgreementStory, ConsentVersion } from '#app/insight/facts.js'
import { handOffsIn, readAgreements, readConsents, readParts, versionFrom } from '#app/insight/log-pages.js'
import { replayAccess } from '#app/insight/period.js'
import { type LockFacts, type LoggedPart, replay, unreadableIn } from '#app/insight/replay.js'
import { type Change, makeTally, weigh } from '#app/insight/what-if.js'
import { perform } from '#app/operations/perform.js'
import { realWorld, type World } from '#app/world.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { POLICIES } from '../support/server.js'
import { capacity, serverDatabase } from '../support/small-world.js'

const policies = readPolicies(POLICIES)

describe('The demo story, with two policies released since', () => {
  let place: TestDatabase
  let admin: PrismaClient
  let server: PrismaClient
  let world: World
  let parts: LoggedPart[]
  let facts: LockFacts
  const versions = new Map<string, ReturnType<typeof versionFrom>>()
  /** In no officer's log: by record and kind of partner. */
  const confidential = new Set<string>()

  beforeAll(async () => {
    place = await freshDatabase()
    // Past row-level security: the records about unions too.
    admin = serverDatabase(place.adminUrl)
    const today = '2026-11-23'
    const keys = KEYS
    const owner = new Client({ connectionString: place.ownerUrl })
    await owner.connect()
    await seedOrganisations(owner, today)
    await owner.end()
    server = openDatabase(place.serverUrl)
    await playStory({ database: server, policies, keys, today })
    for (const [from, to] of [
      ['    categories: [routing]\n    needs: [agreement, consent]', '    categories: [routing]\n    needs: [agreement]'],
      [
        'relations: [desk-ended]\n    purposes: [HELP, OVERVIEW, FOLLOW_UP]\n    partnerKinds: any-partner\n    categories: [reference, logistics, question, progress]',
        'relations: [desk-ended]\n    purposes: [HELP, OVERVIEW, FOLLOW_UP]\n    partnerKinds: any-partner\n    categories: [reference, question, progress]',
      ],
    ] as const) {
      const changed = parsePolicies({ ...policies.texts, sharing: policies.texts.sharing.replace(from, to) })
      expect(changed.hash).not.toBe(policies.hash)
      await release({ ownerUrl: place.ownerUrl, serverUrl: place.serverUrl, keys: KEYS, policies: changed })
      world = realWorld({ database: server, policies: changed, keys, now: () => new Date(`${today}T12:00:00Z`) })
    }
    for (const { key } of await admin.$queryRaw<{ key: string }[]>`
      SELECT p.record_id || ' ' || coalesce(o.kind, 'null') AS key FROM access_record_part p LEFT JOIN partner o ON o.id = p.partner_id WHERE p.confidential`)
      confidential.add(key)
    parts = await readParts(admin as never, Prisma.sql`true`, 1_000_000)
    const consents = new Map<string, ConsentVersion[]>()
    await readConsents(admin as never, parts.flatMap(handOffsIn), consents)
    facts = { agreements: await readAgreements(admin as never, Prisma.sql`true`), consents }
    for (const texts of await admin.policyVersion.findMany({ orderBy: { loadedAt: 'asc' } }))
      versions.set(texts.hash, versionFrom(texts))
  })
  afterAll(async () => {
    await server?.$disconnect()
    await admin?.$disconnect()
    await place?.drop()
  })

  const again = (part: LoggedPart) => replay(part, facts, versions.get(part.policyHash)?.decide)

  test('there is something to decide again: thousands of decisions, of every reader, some about unions', async () => {
    expect(versions.size).toBe(3)
    const decided = parts.flatMap(again)
    expect(decided.length).toBeGreaterThan(10_000)
    expect(new Set(parts.map(({ role }) => role))).toEqual(
      new Set(['GUIDE', 'HANDLER', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY', 'CODE_HOLDER']),
    )
    expect(confidential.size).toBeGreaterThan(20)
    const rules = new Set(decided.map(({ logged }) => logged.because))
    for (const rule of ['agreement-must-be-active', 'consent-must-cover', 'under-sixteen-needs-a-representative'])
      expect(rules, rule).toContain(rule)
    expect(new Set(decided.map(({ type }) => type))).toEqual(new Set(['HandOff', 'VisitorContact']))
  })

  test('all the same as logged, and none that cannot be decided again', () => {
    const wrong = parts.flatMap((part) => again(part).filter(({ same }) => !same))
    expect(wrong).toEqual([])
  })

  test.each([
    ['the werkcentrum', capacity('PRIVACY_OFFICER', 'WERKCENTRUM', demoId('werkcentrum-amersfoort'))],
    ['UWV', capacity('PRIVACY_OFFICER', 'PARTNER', demoId('uwv-amersfoort'))],
  ])('the officer of %s finds the same under the last policy, for what is in the own log', async (_, officer) => {
    const period = { from: '2026-07-01T00:00:00Z', until: '2026-11-23T00:00:00Z' }
    const found = await perform(world, officer, 'replayAccess', (act) => replayAccess(act, period, 20))
    const own = parts.filter(
      ({ recordId, werkcentrumId, partnerId, partnerKind, role }) =>
        !confidential.has(`${recordId} ${partnerKind}`) &&
        (officer.side === 'WERKCENTRUM'
          ? werkcentrumId === demoId('werkcentrum-amersfoort')
          : partnerId === demoId('uwv-amersfoort') && ['HANDLER', 'PRIVACY_OFFICER'].includes(role)),
    )
    expect(found).toEqual({
      records: new Set(own.map(({ recordId }) => recordId)).size,
      decisions: own.flatMap(again).length,
      same: found.decisions,
      notReplayable: 0,
      missing: [],
      differences: 0,
      different: [],
    })
    expect(found.decisions).toBeGreaterThan(500)
  })

  describe('what would have been', () => {
    const looser = () => [...versions.values()][1]
    const narrower = () => [...versions.values()][2]
    const rules = new Map([...policies.sharing.share].map((rule) => [rule.rule, rule]))
    const current = { decide: decider(policies.sharing), actions: policies.actions }
    const change = (changes: Partial<Change>): Change => ({
      ...{
        rulesFor: () => current,
        suspended: null,
        readLocks: ({ role }) => role !== 'COORDINATOR' && role !== 'PRIVACY_OFFICER',
      },
      ...changes,
    })
    const weighed = (changes: Partial<Change>) =>
      parts.flatMap((part) => weigh(part, facts, change(changes)).differences.map((difference) => ({ part, ...difference })))
    const line = ({
      part,
      reference,
      category,
      direction,
    }: {
      part: LoggedPart
      reference: string
      category: string
      direction: string
    }) => `${direction} ${part.recordId} ${reference} ${category}`

    test('nothing, under the same policy', () => {
      expect(weighed({})).toEqual([])
    })

    test('an agreement suspended: what was shown by a rule that needs it is lost, and nothing else', () => {
      const suspended = demoId('agreement werkcentrum-amersfoort uwv-amersfoort 1')
      const expected = parts.flatMap((part) =>
        part.objects
          .filter(({ agreement }) => agreement?.id === suspended)
          .flatMap(({ reference, shown }) =>
            Object.entries(shown)
              .filter(([, rule]) => rules.get(rule)?.needs.includes('agreement'))
              .map(([category]) => line({ part, reference, category, direction: 'LOST' })),
          ),
      )
      expect(expected.length).toBeGreaterThan(100)
      expect(weighed({ suspended }).map(line).sort()).toEqual(expected.sort())
    })

    test('a rule that no longer needs consent: what was withheld for the want of it alone is gained', () => {
      const expected = parts.flatMap((part) =>
        part.objects.flatMap(({ reference, withheld }) =>
          part.role === 'HANDLER' && ['CONSENT', 'UNDER_SIXTEEN'].includes(withheld.routing?.reason ?? '')
            ? [line({ part, reference, category: 'routing', direction: 'GAINED' })]
            : [],
        ),
      )
      expect(expected.length).toBeGreaterThan(10)
      expect(weighed({ rulesFor: looser }).map(line).sort()).toEqual(expected.sort())
    })

    test('a category taken from a rule: all that it showed is lost', () => {
      const expected = parts.flatMap((part) =>
        part.objects
          .filter(({ relation, shown }) => relation === 'desk-ended' && shown.logistics)
          .map(({ reference }) => line({ part, reference, category: 'logistics', direction: 'LOST' })),
      )
      expect(weighed({ rulesFor: narrower }).map(line).sort()).toEqual(expected.sort())
    })

    test('what was seen by operations that may no longer be run is lost, whole', () => {
      const actions = new Map([...policies.actions].filter(([operation]) => operation !== 'openLoops'))
      const lost = weighed({ rulesFor: () => ({ ...current, actions }) })
      const shown = parts
        .filter(({ operation }) => operation === 'openLoops')
        .flatMap(({ objects }) => objects.flatMap((o) => Object.keys(o.shown)))
      expect(lost.length).toBe(shown.length)
      expect(new Set(lost.map(({ rule, direction }) => `${direction} ${rule}`))).toEqual(new Set(['LOST operation-is-refused']))
    })

    test('counted: answers once, objects once, and the first few as evidence', () => {
      const tally = makeTally(3)
      const lost = { category: 'situation', direction: 'LOST', rule: 'r' } as const
      const at = (n: number, recordId = `record ${n}`) => ({ ...parts[0]!, recordId, at: `2026-11-0${n}T10:00:00.000Z` })
      tally.add(at(1), [
        { ...lost, reference: 'a' },
        { ...lost, reference: 'b' },
      ])
      tally.add(at(1), [{ ...lost, reference: 'c' }])
      for (const n of [2, 3, 4]) tally.add(at(n), [{ ...lost, reference: 'a', rule: `r${n % 2}` }])
      tally.add(at(5), [{ ...lost, reference: 'a', direction: 'GAINED' }])
      const [first, second, ...rest] = tally.lines()
      expect(rest).toEqual([])
      expect(first).toMatchObject({ direction: 'LOST', answers: 4, objects: 3, rules: ['r', 'r0', 'r1'] })
      expect(first!.evidence.map(({ recordId }) => recordId)).toEqual(['record 1', 'record 2', 'record 3'])
      expect(second).toMatchObject({ direction: 'GAINED', answers: 1, objects: 1 })
    })
  })

  test('decided by a policy that came later, some differ: the version that the record names does count', () => {
    for (const [hash, version] of versions)
      if (hash !== policies.hash)
        expect(parts.flatMap((part) => replay(part, facts, version?.decide)).some(({ same }) => !same)).toBe(true)
  })
})

describe('What a record lacks', () => {
  const decide = decider(policies.sharing)
  const AGREEMENT: AgreementStory = {
    id: 'agreement',
    version: 1,
    state: 'SUSPENDED',
    cells: ['situation HELP', 'question HELP'],
    events: 2,
    validFrom: '2026-01-01',
    validTo: '2027-01-01',
    werkcentrumId: 'w',
    partnerId: 'p',
    signedOn: '2026-01-01',
    story: [
      { number: 1, state: 'ACTIVE', at: '2026-01-01T00:00:00Z' },
      { number: 2, state: 'SUSPENDED', at: '2026-06-01T00:00:00Z' },
    ],
  }
  const CONSENT: ConsentVersion = {
    version: 1,
    change: 'GIVEN',
    categories: ['situation'],
    explicitCategories: [],
    purposes: ['HELP'],
    underSixteen: false,
    representativePresent: false,
    expiresOn: '2026-12-01',
    day: '2026-05-01',
  }
  const facts: LockFacts = { agreements: new Map([['agreement', AGREEMENT]]), consents: new Map([['h', [CONSENT]]]) }
  const SITUATION = 'partner-reads-the-situation-only-after-accepting-and-with-consent'
  const object: LoggedObject = {
    type: 'HandOff',
    reference: 'h',
    relation: 'accepted',
    agreement: { id: 'agreement', version: 1, event: 1 },
    consent: 1,
    shown: { situation: SITUATION, progress: 'partner-knows-which-hand-off-it-is-and-where-it-stands' },
    withheld: {},
  }
  const part = (change: Partial<LoggedObject>, more: Partial<LoggedPart> = {}): LoggedPart => ({
    recordId: 'r',
    at: '2026-05-20T10:00:00.000Z',
    role: 'HANDLER',
    operation: 'handOff',
    purpose: 'HELP',
    policyHash: policies.hash,
    werkcentrumId: 'w',
    partnerId: 'p',
    partnerName: 'UWV',
    partnerKind: 'UWV',
    objects: [{ ...object, ...change }],
    ...more,
  })
  const situation = (changed: LoggedPart, how: typeof decide | undefined = decide) =>
    replay(changed, facts, how).find(({ category }) => category === 'situation')!
  const progress = (changed: LoggedPart) => replay(changed, facts, decide).find(({ category }) => category === 'progress')!

  test('nothing: it is decided with the agreement in the state of its event, not in that of now', () => {
    expect(situation(part({}))).toMatchObject({ same: true, missing: null, again: { allowed: true, because: SITUATION } })
    const later = part({ agreement: { id: 'agreement', version: 1, event: 2 } })
    expect(situation(later)).toMatchObject({ same: false, missing: null, again: { because: 'agreement-must-be-active' } })
  })

  test.each([
    [
      'the event of its agreement, as in records of long ago',
      { agreement: { id: 'agreement', version: 1 } as never },
      'AGREEMENT',
    ],
    ['an agreement that is there', { agreement: { id: 'gone', version: 1, event: 1 } }, 'AGREEMENT'],
    ['a version of the consent that is there', { consent: 7 }, 'CONSENT'],
  ] as const)('%s: what hangs on it cannot be decided again, and what does not can', (_, change, missing) => {
    expect(situation(part(change))).toMatchObject({ same: false, missing, again: null })
    expect(progress(part(change))).toMatchObject({ same: true, missing: null })
  })

  test('both: the first that is missing is named', () => {
    expect(situation(part({ agreement: { id: 'gone', version: 1, event: 1 }, consent: 7 })).missing).toBe('AGREEMENT')
  })

  test('a policy that can be read', () => {
    const decided = replay(part({}), facts, undefined)
    expect(decided.map(({ missing, same }) => [missing, same])).toEqual([
      ['POLICY', false],
      ['POLICY', false],
    ])
  })

  test('who wrote the outcome: withheld as somebody else’s in a record that does not say so', () => {
    const outcome = (more: Partial<LoggedObject>) =>
      replay(
        part({ shown: {}, withheld: { outcome: { rule: 'only-the-side-that-wrote-it', reason: 'OWN_SIDE' } }, ...more }),
        facts,
        decide,
      )[0]!
    expect(outcome({})).toMatchObject({ missing: 'AUTHOR', same: false })
    expect(outcome({ writtenByOthers: ['outcome'] })).toMatchObject({ missing: null, same: true })
  })

  test('a way to be read: a mutilated object counts as one that cannot be decided again, and nothing throws', () => {
    const junk = fc.oneof(
      fc.constantFrom(
        undefined,
        null,
        '',
        'x',
        0,
        -1,
        1.5,
        true,
        [],
        {},
        [null],
        { id: 7 },
        { id: 'agreement' },
        { situation: null },
      ),
      fc.jsonValue(),
    )
    const whole: LoggedObject = {
      ...object,
      writtenByOthers: ['question'],
      withheld: { question: { rule: 'consent-must-cover', reason: 'CONSENT' } },
    }
    /** With the value at one place, up to two levels deep, replaced or taken away; or something else altogether. */
    const mutilated = fc.oneof(
      junk,
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(whole)), junk), { minLength: 1, maxLength: 3 }).map((changes) => ({
        ...whole,
        ...Object.fromEntries(changes),
      })),
      fc
        .tuple(
          fc.constantFrom('agreement', 'shown', 'withheld'),
          fc.constantFrom('id', 'version', 'event', 'situation', 'question', '__proto__', 'constructor'),
          junk,
        )
        .map(([outer, inner, value]) => ({ ...whole, [outer]: { ...(whole as any)[outer], [inner]: value } })),
    )
    const change: Change = {
      rulesFor: () => ({ decide, actions: policies.actions }),
      suspended: 'agreement',
      readLocks: () => true,
    }
    // As it comes out of the database: what is undefined is not there.
    const stored = (value: unknown): any => JSON.parse(JSON.stringify(value ?? null))
    let lost = 0
    fc.assert(
      fc.property(fc.oneof(fc.array(mutilated, { maxLength: 3 }), junk), fc.constantFrom(true, false), (objects, isRead) => {
        const bad = part({}, { objects: stored(objects) })
        const unreadable = unreadableIn(bad)
        lost += unreadable
        const replayed = replay(bad, facts, decide)
        handOffsIn(bad)
        const { decisions, missing } = weigh(bad, facts, { ...change, readLocks: () => isRead })
        expect(decisions).toBe(replayed.length + unreadable)
        expect(missing.filter((fact) => fact === 'RECORD')).toHaveLength(unreadable)
        // What is whole beside it is decided as ever.
        if (Array.isArray(objects)) {
          const beside = part({}, { objects: [...stored(objects), object] })
          expect(unreadableIn(beside)).toBe(unreadable)
          expect(replay(beside, facts, decide).slice(-2)).toEqual(replay(part({}), facts, decide))
        }
      }),
      { numRuns: 3000 },
    )
    expect(lost).toBeGreaterThan(500)
    expect(unreadableIn(part({}))).toBe(0)
    const { agreement: _, ...without } = object
    expect(unreadableIn(part({}, { objects: [without as never] }))).toBe(1)
  })

  test('its partner', () => {
    expect(situation(part({}, { partnerKind: null })).missing).toBe('PARTNER')
  })

  test('the day counts as it is in the Netherlands: a consent has run out at midnight there', () => {
    const last = (at: string) => situation(part({}, { at })).again?.because
    expect(last('2026-11-30T22:59:59.000Z')).toBe(SITUATION)
    expect(last('2026-11-30T23:00:00.000Z')).toBe('consent-must-cover')
  })
})

test('whether the locks were read hangs on role and purpose, as the server reads them', () => {
  const sharing = policies.texts.sharing.replace(
    /(rule: partner-reads-the-question-only-with-consent\n.*\n.*\n {4}purposes: )\[.*\]/,
    '$1[HELP]',
  )
  const then = parsePolicies({ ...policies.texts, sharing })
  const isRead = (role: 'HANDLER' | 'COORDINATOR' | 'CODE_HOLDER', purpose: 'HELP' | 'OVERVIEW' | 'RIGHTS') =>
    readsLocks(readableCategories(then.sharing, role, purpose))
  expect(isRead('HANDLER', 'HELP')).toBe(true)
  expect(isRead('HANDLER', 'OVERVIEW')).toBe(false)
  expect(isRead('COORDINATOR', 'OVERVIEW')).toBe(false)
  expect(isRead('CODE_HOLDER', 'RIGHTS')).toBe(true)
})

test('an old policy whose words are no longer known is no version, and no fault', () => {
  expect(
    versionFrom({ ...policies.texts, sharing: policies.texts.sharing.replace('role: GUIDE', 'role: PORTER') }),
  ).toBeUndefined()
})
