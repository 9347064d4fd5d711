// What an officer is told about a decision is the decision: explainAccess and whoMaySee against what each role really gets.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrismaClient } from '#app/database/prisma/client.js'
import { release } from '#app/database/release.js'
import {
  AGREEMENT_STATES,
  CATEGORIES,
  type Category,
  decider,
  LOCKS,
  PARTNER_KINDS,
  PURPOSES,
  type Purpose,
  RELATIONS_OF,
  ROLES,
  type Role,
} from '#app/decide/decide.js'
import { parsePolicies, readPolicies } from '#app/decide/policy-files.js'
import { followUp } from '#app/follow-up/follow-up.js'
import { findHandOff, listHandOffs, listOpenLoops } from '#app/handoffs/handoffs.js'
import { recordVoice, takeStep } from '#app/handoffs/take-step.js'
import type { Capacity } from '#app/identity/capacity.js'
import { explain, inTheWay, stateOn } from '#app/insight/explain.js'
import { agreementOn, type ConsentVersion, consentOn } from '#app/insight/facts.js'
import { type AccessQuestion, explainAccess, whoMaySee } from '#app/insight/who-may-see.js'
import { type Act, perform } from '#app/operations/perform.js'
import { realWorld, type World } from '#app/world.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEYS } from '../support/keys.js'
import { POLICIES } from '../support/server.js'
import {
  arrangeSmallWorld,
  capacity,
  guideOf,
  handlerOf,
  idOf,
  PARTNERS,
  type SmallWorld,
  serverDatabase,
  TODAY,
  WERKCENTRA,
  worldAt,
  YESTERDAY,
} from '../support/small-world.js'

const policies = readPolicies(POLICIES)
const officer = capacity('PRIVACY_OFFICER', 'WERKCENTRUM', WERKCENTRA.a)
const officerOf = (kind: keyof typeof PARTNERS) => capacity('PRIVACY_OFFICER', 'PARTNER', PARTNERS[kind])
const NOWHERE = '00000000-0000-4000-8000-000000000000'

let place: TestDatabase
let server: PrismaClient
let small: SmallWorld
let world: World

beforeAll(async () => {
  place = await freshDatabase()
  small = await arrangeSmallWorld(place)
  server = serverDatabase(place.serverUrl)
  // No two records are of one moment.
  let ticks = 0
  world = worldAt(server, () => new Date(Date.parse(`${TODAY}T11:00:00Z`) + ticks++))
  // One that the desk heard was done, so that the outcome is not the partner's own; and one that it then contradicted.
  for (const [name, isContradicted] of [
    [`a UWV accepted ${TODAY}`, false],
    [`a UWV accepted ${YESTERDAY}`, true],
  ] as const) {
    const id = small.handOffs[name]!
    await perform(world, guideOf('a'), 'recordAnswerHeard', (act) => takeStep(act, id, 'hearCompleted', { outcome: 'WORK' }))
    if (isContradicted)
      await perform(world, handlerOf('UWV'), 'completeHandOff', (act) => takeStep(act, id, 'complete', { outcome: 'NO_RESULT' }))
  }
})
afterAll(async () => {
  await server?.$disconnect()
  await place?.drop()
})

const question = (change: Partial<AccessQuestion> & Pick<AccessQuestion, 'handOffId' | 'role'>): AccessQuestion => ({
  field: null,
  category: change.field ? null : 'situation',
  purpose: null,
  partnerId: null,
  on: null,
  ...change,
})
const ask = (who: Capacity, asked: Parameters<typeof question>[0]) =>
  perform(world, who, 'explainAccess', (act) => explainAccess(act, question(asked)))
const refused = async (answer: Promise<unknown>) =>
  answer.then(
    () => 'no refusal',
    (fault) => `${fault.extensions?.code}: ${fault.message}`,
  )

type Looked = { purpose: Purpose; id: string; category: Category; allowed: boolean; because: string }

/** What a role really gets, decision by decision. */
async function lookAs(who: Capacity, operation: string, look: (act: Act) => Promise<unknown>): Promise<Looked[]> {
  return perform(world, who, operation, async (act) => {
    await look(act)
    return act.accessed.flatMap(({ reference, sight }) =>
      [...sight].map(([category, decision]) => ({ purpose: act.purpose, id: reference, category, ...decision })),
    )
  })
}

const mine = () => Object.entries(small.handOffs).filter(([name]) => name.startsWith('a ') && !name.includes('UNION'))
const kindIn = (name: string) => name.split(' ')[1] as keyof typeof PARTNERS

describe('explainAccess says what the server does', () => {
  const coordinator = capacity('COORDINATOR', 'WERKCENTRUM', WERKCENTRA.a)
  const page = { first: 50, after: null }

  test('for every hand-off, role, purpose and category: the same decision, by the same rule', async () => {
    const seen: (Looked & { role: Role })[] = []
    const add = async (role: Role, looked: Promise<Looked[]>) => seen.push(...(await looked).map((each) => ({ role, ...each })))
    for (const [name, id] of mine()) {
      for (const [role, who] of [
        ['GUIDE', guideOf('a')],
        ['HANDLER', handlerOf(kindIn(name))],
        ['COORDINATOR', coordinator],
        ['PRIVACY_OFFICER', officer],
      ] as const)
        await add(
          role,
          lookAs(who, 'handOff', (act) => findHandOff(act, id)),
        )
      const codeHashes = small.hashes.get(id)!
      await add('CODE_HOLDER', lookAs({ role: 'CODE_HOLDER', side: 'VISITOR', codeHashes }, 'followUp', followUp))
    }
    for (const ended of [true, false])
      await add(
        'GUIDE',
        lookAs(guideOf('a'), 'handOffs', (act) => listHandOffs(act, { ended }, page)),
      )
    await add(
      'COORDINATOR',
      lookAs(coordinator, 'handOffs', (act) => listHandOffs(act, {}, page)),
    )
    await add(
      'GUIDE',
      lookAs(guideOf('a'), 'openLoops', (act) => listOpenLoops(act, page)),
    )

    const isMine = new Set(mine().map(([, id]) => id))
    const decided = seen.filter(({ id }) => isMine.has(id))
    expect(decided.length).toBeGreaterThan(500)
    expect(new Set(decided.map(({ because }) => because))).toContain('only-the-side-that-wrote-it')
    const wrong: unknown[] = []
    const told = new Map<string, Awaited<ReturnType<typeof ask>>>()
    for (const { id, role, category, purpose, allowed, because } of decided) {
      const key = `${id} ${role} ${category}`
      const explanation = told.get(key) ?? (await ask(officer, { handOffId: id, role, category }))
      told.set(key, explanation)
      const answer = explanation.answers.find((each) => each.purpose === purpose)
      if (answer?.allowed !== allowed || answer.rule !== because) wrong.push({ key, purpose, allowed, because, answer })
    }
    expect(wrong).toEqual([])
  })

  test('what the desk heard stays the desk’s: also after somebody has said how it went', async () => {
    const id = small.handOffs[`a UWV accepted ${TODAY}`]!
    await perform(world, guideOf('a'), 'recordGuideVoice', (act) => recordVoice(act, id, 'WORKED'))
    const looked = await lookAs(handlerOf('UWV'), 'handOff', (act) => findHandOff(act, id))
    expect(looked.find(({ category }) => category === 'outcome')?.because).toBe('only-the-side-that-wrote-it')
  })

  test('whoMaySee is explainAccess the other way round', async () => {
    for (const [, handOffId] of mine())
      for (const category of ['reference', 'question', 'situation', 'sensitive', 'outcome', 'staff'] as const) {
        const { may } = await perform(world, officer, 'whoMaySee', (act) =>
          whoMaySee(act, { handOffId, category, field: null, on: null }),
        )
        for (const role of ['GUIDE', 'COORDINATOR', 'HANDLER', 'PRIVACY_OFFICER', 'SIGNATORY', 'CODE_HOLDER'] as const) {
          const { answers, relation } = await ask(officer, { handOffId, role, category })
          const yes = answers.filter(({ allowed }) => allowed).map(({ purpose, rule }) => `${relation} ${purpose} ${rule}`)
          const found = may
            .filter((seer) => seer.role === role && (role !== 'PRIVACY_OFFICER' || seer.organisation === 'Werkcentrum a'))
            .map(({ relation, purpose, rule }) => `${relation} ${purpose} ${rule}`)
          expect(found, `${role} ${category}`).toEqual(yes)
        }
      }
  })

  test('a field is looked up in the policy; one that is not there is named with those that are', async () => {
    const handOffId = small.handOffs[`a UWV offered ${TODAY}`]!
    expect((await ask(officer, { handOffId, role: 'HANDLER', field: 'nextStep' })).category).toBe('question')
    const said = await refused(ask(officer, { handOffId, role: 'HANDLER', field: 'name' }))
    expect(said).toMatch(/^BAD_INPUT: .*recognitionCode.*situation/)
    expect(said).not.toContain('withheld')
    for (const both of [
      { field: 'state', category: 'progress' as const },
      { field: null, category: null },
    ])
      expect(await refused(ask(officer, { handOffId, role: 'HANDLER', ...both }))).toMatch(/^BAD_INPUT/)
  })

  test('another partner stands in no relation, and is told nothing', async () => {
    const handOffId = small.handOffs[`a UWV offered ${TODAY}`]!
    const other = await ask(officer, { handOffId, role: 'HANDLER', partnerId: PARTNERS.WSP, category: 'reference' })
    expect(other).toMatchObject({ relation: 'none', organisation: 'Partner WSP' })
    expect(other.answers.map(({ allowed, rule }) => [allowed, rule])).toEqual(
      other.answers.map(() => [false, 'without-a-relation-nothing-is-seen']),
    )
    const own = await ask(officer, { handOffId, role: 'HANDLER', partnerId: PARTNERS.UWV, category: 'reference' })
    expect(own).toMatchObject({ relation: 'offered', organisation: 'Partner UWV' })
    expect(await refused(ask(officer, { handOffId, role: 'GUIDE', partnerId: PARTNERS.UWV }))).toMatch(/^BAD_INPUT/)
    expect(await refused(ask(officer, { handOffId, role: 'HANDLER', partnerId: NOWHERE }))).toMatch(/^BAD_INPUT/)
  })

  test('for a past day by the policy that the log shows in use then, and for now by that of now', async () => {
    const handOffId = small.handOffs[`a UWV accepted ${YESTERDAY}`]!
    const rule = 'partner-knows-which-hand-off-it-is-and-where-it-stands'
    const changed = parsePolicies({
      ...policies.texts,
      sharing: policies.texts.sharing.replace(rule, 'partner-knows-where-it-stands'),
    })
    await release({ ownerUrl: place.ownerUrl, serverUrl: place.serverUrl, keys: KEYS, policies: changed })
    const later = realWorld({
      ...world,
      policies: changed,
      decide: decider(changed.sharing),
      now: () => new Date('2026-11-30T10:00:00Z'),
    })
    const asked = question({ handOffId, role: 'HANDLER', category: 'progress', purpose: 'HELP' })
    const askThen = (on: string | null) => perform(later, officer, 'explainAccess', (act) => explainAccess(act, { ...asked, on }))
    for (const [on, hash, seen, because] of [
      [YESTERDAY, policies.hash, YESTERDAY, rule],
      // No record of that day: the last one before it.
      ['2026-11-28', policies.hash, TODAY, rule],
      [null, changed.hash, undefined, 'partner-knows-where-it-stands'],
    ] as const) {
      const found = await askThen(on)
      expect([found.policyHash, found.policySeenAt?.slice(0, 10), found.answers[0]!.rule]).toEqual([hash, seen, because])
    }
    // Before there was any log nothing is known, and that is said.
    expect(await askThen('2026-01-01')).toMatchObject({ policyHash: changed.hash, policySeenAt: null, existed: false })
  })

  test('before the offer nothing existed; and a day that has not come cannot be asked', async () => {
    const handOffId = small.handOffs[`a UWV offered ${TODAY}`]!
    expect(await ask(officer, { handOffId, role: 'GUIDE', on: YESTERDAY })).toMatchObject({ existed: false, relation: 'none' })
    expect(await ask(officer, { handOffId, role: 'GUIDE', on: TODAY })).toMatchObject({ existed: true, relation: 'desk' })
    expect(await refused(ask(officer, { handOffId, role: 'GUIDE', on: '2026-11-25' }))).toMatch(/^BAD_INPUT/)
    expect(await refused(ask(officer, { handOffId, role: 'GUIDE', on: '2026-02-30' }))).toMatch(/^BAD_INPUT/)
  })
})

describe('An officer asks about the own organisation', () => {
  test('what is of another, of a union or of nowhere does not exist', async () => {
    for (const [who, handOffId] of [
      [officer, NOWHERE],
      [officer, 'no-id'],
      [officer, small.handOffs[`b UWV accepted ${TODAY}`]!],
      [officer, small.handOffs[`a UNION accepted ${TODAY}`]!],
      [officerOf('UNION'), small.handOffs[`a UNION accepted ${TODAY}`]!],
      [officerOf('WSP'), small.handOffs[`a UWV accepted ${TODAY}`]!],
    ] as const) {
      expect(await refused(ask(who, { handOffId, role: 'PRIVACY_OFFICER' }))).toBe('NOT_FOUND: Not found.')
      const seers = perform(world, who, 'whoMaySee', (act) =>
        whoMaySee(act, { handOffId, category: 'question', field: null, on: null }),
      )
      expect(await refused(seers)).toBe('NOT_FOUND: Not found.')
    }
  })

  test('a partner’s officer about its own roles alone, whether the hand-off is there or not', async () => {
    const handOffId = small.handOffs[`a UWV offered ${TODAY}`]!
    const uwv = officerOf('UWV')
    for (const id of [handOffId, NOWHERE])
      for (const asked of [
        { role: 'GUIDE' },
        { role: 'COORDINATOR' },
        { role: 'CODE_HOLDER' },
        { role: 'NOBODY' },
        { role: 'HANDLER', partnerId: PARTNERS.WSP },
      ] as const)
        expect(await refused(ask(uwv, { handOffId: id, ...asked }))).toMatch(/^BAD_INPUT/)
    expect(await ask(uwv, { handOffId, role: 'HANDLER', category: 'question' })).toMatchObject({
      relation: 'offered',
      consentVersion: 3,
      organisation: 'Partner UWV',
    })
    const { may, mightIfOpened } = await perform(world, uwv, 'whoMaySee', (act) =>
      whoMaySee(act, { handOffId, category: 'reference', field: null, on: null }),
    )
    expect(new Set([...may, ...mightIfOpened].map(({ organisation }) => organisation))).toEqual(new Set(['Partner UWV']))
    expect(new Set(may.map(({ role }) => role))).toEqual(new Set(['HANDLER', 'PRIVACY_OFFICER']))
  })

  test('no officer is told a value: a hand-off of somebody below sixteen looks like another where nothing hangs on it', async () => {
    const told = JSON.stringify(
      await Promise.all(
        CATEGORIES.map((category) =>
          ask(officer, { handOffId: small.handOffs[`a UWV offered ${TODAY}`]!, role: 'GUIDE', category }),
        ),
      ),
    )
    for (const value of ['JOB_SEEKER', 'FIND_WORK', 'AT_RISK', 'A27_54', 'VISITOR_COMES', 'underSixteen'])
      expect(told).not.toContain(value)
  })
})

describe('The locks', () => {
  const decide = decider(policies.sharing)
  const agreements = [null, ...(['ACTIVE', 'SUSPENDED', 'ENDED'] as const)].map(
    (state) =>
      state && {
        id: 'a',
        version: 1,
        state,
        cells: CATEGORIES.flatMap((category) => ['HELP', 'OVERVIEW', 'FOLLOW_UP'].map((purpose) => `${category} ${purpose}`)),
        events: 1,
        validFrom: '2026-01-01',
        validTo: '2027-01-01',
      },
  )
  const consent: ConsentVersion = {
    version: 1,
    change: 'GIVEN',
    categories: CATEGORIES,
    explicitCategories: [],
    purposes: ['HELP', 'OVERVIEW', 'FOLLOW_UP'],
    underSixteen: false,
    representativePresent: false,
    expiresOn: '2026-12-01',
    day: '2026-05-01',
  }
  const consents = [
    null,
    consent,
    { ...consent, explicitCategories: CATEGORIES },
    { ...consent, change: 'WITHDRAWN' as const },
    { ...consent, expiresOn: '2026-05-02' },
    { ...consent, categories: [] },
    { ...consent, underSixteen: true },
    { ...consent, underSixteen: true, representativePresent: true, explicitCategories: CATEGORIES },
  ]

  test('it is allowed exactly when every lock that is needed is open, and else the first closed one decides', () => {
    let [allowed, refused] = [0, 0]
    const names = new Set<string>()
    for (const role of ROLES)
      for (const relation of [...RELATIONS_OF[role], 'none' as const])
        for (const purpose of PURPOSES)
          for (const partnerKind of PARTNER_KINDS)
            for (const agreement of agreements)
              for (const given of consents)
                for (const isOwn of [true, false])
                  for (const category of CATEGORIES) {
                    const standing = {
                      ...{ role, relation, partnerKind, agreement, consent: given, day: '2026-06-01' },
                      ownSide: () => isOwn,
                    }
                    const answer = explain(decide, standing, category, purpose)
                    const closed = answer.locks.filter(({ needed, open }) => needed && !open)
                    if (answer.allowed !== (closed.length === 0) || answer.lock !== (closed[0]?.lock ?? null))
                      throw new Error(JSON.stringify({ standing, category, purpose, answer }))
                    if (!answer.allowed && answer.rule !== closed[0]!.rule) throw new Error(JSON.stringify(answer))
                    // Opening what is in the way, and nothing else, lets it through.
                    if (inTheWay(answer).length > 0)
                      names.add(
                        inTheWay(answer)
                          .map(({ rule }) => rule)
                          .join(),
                      )
                    if (answer.allowed) allowed++
                    else refused++
                  }
    expect(allowed).toBeGreaterThan(10_000)
    expect(refused).toBeGreaterThan(10_000)
    for (const { rule } of LOCKS)
      expect(
        [...names].some((name) => name.includes(rule)),
        rule,
      ).toBe(true)
    expect(AGREEMENT_STATES).toHaveLength(4)
  })
})

describe('The state of a past day', () => {
  const agreement = (
    version: number,
    signedOn: string | null,
    ...story: [string, 'DRAFT' | 'ACTIVE' | 'SUSPENDED' | 'ENDED'][]
  ) => ({
    id: idOf(`version ${version}`),
    version,
    state: story.at(-1)![1],
    cells: [],
    events: story.length,
    validFrom: '2026-01-01',
    validTo: '2027-01-01',
    werkcentrumId: 'w',
    partnerId: 'p',
    signedOn,
    story: story.map(([at, state], index) => ({ number: index + 1, at, state })),
  })
  const first = agreement(1, '2026-01-01', ['2026-01-01T00:00:00Z', 'ACTIVE'], ['2026-03-01T10:00:00Z', 'SUSPENDED'])
  const second = agreement(
    2,
    '2026-05-01',
    ['2026-04-01T10:00:00Z', 'DRAFT'],
    ['2026-04-20T10:00:00Z', 'SUSPENDED'],
    ['2026-04-20T11:00:00Z', 'DRAFT'],
    ['2026-05-01T10:00:00Z', 'ACTIVE'],
  )
  /** Suspended as a draft, and signed by both later on the same day. */
  const hesitant = agreement(
    4,
    '2026-08-03',
    ['2026-08-01T10:00:00Z', 'DRAFT'],
    ['2026-08-03T09:00:00Z', 'SUSPENDED'],
    ['2026-08-03T11:00:00Z', 'SUSPENDED'],
    ['2026-08-03T12:00:00Z', 'ACTIVE'],
  )
  const never = agreement(3, null, ['2026-06-01T10:00:00Z', 'DRAFT'], ['2026-06-02T10:00:00Z', 'ENDED'])

  test.each([
    ['2025-12-31T23:00:00Z', null],
    ['2026-02-01T00:00:00Z', '1 ACTIVE'],
    ['2026-03-01T09:59:59Z', '1 ACTIVE'],
    ['2026-03-01T10:00:00Z', '1 SUSPENDED'],
    ['2026-04-15T00:00:00Z', '1 SUSPENDED'],
    ['2026-04-20T10:30:00Z', '1 SUSPENDED'],
    // On the day of the second signature, before and after it.
    ['2026-05-01T09:00:00Z', '1 SUSPENDED'],
    ['2026-05-01T10:00:00Z', '2 ACTIVE'],
    ['2026-07-01T00:00:00Z', '2 ACTIVE'],
    // A draft replaces nothing before both have signed, suspended or not, not even on the day on which they sign.
    ['2026-08-03T11:30:00Z', '2 ACTIVE'],
    ['2026-08-03T12:00:00Z', '4 ACTIVE'],
  ])('the agreement at %s: %s', (moment, expected) => {
    const found = agreementOn([never, first, second, hesitant], moment.slice(0, 10), (at) => Date.parse(at) <= Date.parse(moment))
    expect(found && `${found.version} ${found.state}`).toBe(expected)
  })

  test('the consent is the version of that day, and a later one is not known yet', () => {
    const versions = ['2026-02-01', '2026-02-03', '2026-02-03'].map(
      (day, index) => ({ version: index + 1, day }) as ConsentVersion,
    )
    expect(
      ['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-03', '2026-03-01'].map((day) => consentOn(versions, day)?.version),
    ).toEqual([undefined, 1, 1, 3, 3])
  })

  test('the state is that of the last event of the day, and who wrote the outcome follows from the step', () => {
    const event = (day: string, step: string, state: string, heardByDesk = false) => ({
      day,
      step,
      state: state as never,
      heardByDesk,
    })
    const told = {
      offeredOn: '2026-02-01',
      events: [
        event('2026-02-01', 'offer', 'OFFERED'),
        event('2026-02-02', 'hearCompleted', 'COMPLETED', true),
        event('2026-02-03', 'guideVoice', 'COMPLETED'),
        event('2026-02-04', 'complete', 'COMPLETED'),
        event('2026-02-05', 'accept', 'ACCEPTED'),
        event('2026-02-06', 'hearCompleted', 'COMPLETED', true),
        event('2026-02-07', 'forward', 'FORWARDED'),
      ],
    }
    expect(stateOn(told, '2026-01-31')).toBeUndefined()
    expect(
      ['01', '02', '03', '04', '05', '06', '07', '28'].map((day) => Object.values(stateOn(told, `2026-02-${day}`)!).join(' ')),
    ).toEqual([
      'OFFERED false',
      'COMPLETED true',
      'COMPLETED true',
      'COMPLETED false',
      'ACCEPTED false',
      'COMPLETED true',
      'FORWARDED true',
      'FORWARDED true',
    ])
  })
})
