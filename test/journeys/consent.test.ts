// Consent from the first yes to the last no: given, narrowed, withdrawn, widened, expired; and what that leaves in the tables.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { hashesOf } from '#app/handoffs/offer.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { SITUATION } from '../support/story.js'
import {
  DETAIL,
  daysAfter,
  detail,
  done,
  FNV,
  followUp,
  GUIDE,
  give,
  made,
  narrow,
  type Offered,
  refusal,
  secondServer,
  step,
  TO_A_UNION,
  WIDEST,
  WITH_SENSITIVE,
  withdraw,
} from './hand-off.js'

let server: TestServer
let second: Awaited<ReturnType<typeof secondServer>>
beforeAll(async () => {
  server = await startServer()
  second = await secondServer(server)
})
afterAll(async () => {
  await second.stop()
  await server.stop()
})
afterEach(() => server.setClock(A_DAY))

const PARTNER = 'uwv-amersfoort'
const CONTEXT = ['routing', 'question', 'situation', 'sensitive'] as const

/** Which of the context this handler sees, on this server and on the other. */
async function seen(id: string, account = PARTNER): Promise<string[]> {
  const here = (await detail(server, account, id)).data.handOff
  const there = (await second.as(account)(DETAIL, { id })).data.handOff
  expect(there, 'two servers on one database give one answer').toEqual(here)
  return CONTEXT.filter((category) => here[category] !== null)
}

/** An accepted hand-off to UWV, with everything agreed. */
async function accepted(changes: object = {}, contact: object = {}): Promise<Offered> {
  const offered = await made(server, { consent: WITH_SENSITIVE, sensitive: ['DISABILITY_BENEFIT'], ...changes }, contact)
  await done(step(server, PARTNER, 'acceptHandOff', offered.id))
  return offered
}

const rows = async (sql: string, ...values: unknown[]): Promise<any[]> => (await server.sql.query(sql, values)).rows
const versionsOf = (id: string) =>
  rows('SELECT version, change, by_side, categories FROM consent WHERE hand_off_id = $1 ORDER BY version', id)
const stored = async () =>
  (
    await rows(
      'SELECT (SELECT count(*) FROM hand_off)::int AS hand_offs, (SELECT count(*) FROM consent)::int AS consents, (SELECT count(*) FROM follow_up_code)::int AS codes',
    )
  )[0]

describe('narrowing', () => {
  test.each([
    [GUIDE, 'WERKCENTRUM'],
    [PARTNER, 'PARTNER'],
  ])('by %s closes on the next read, on every server', async (account, side) => {
    const { id, code } = await accepted()
    expect(await seen(id)).toEqual([...CONTEXT])
    expect((await narrow(server, account, id, ['question', 'situation', 'outcome'])).errors).toBeUndefined()
    expect(await seen(id)).toEqual(['question', 'situation'])
    expect((await narrow(server, account, id, ['question'])).errors).toBeUndefined()
    expect(await seen(id)).toEqual(['question'])
    expect((await versionsOf(id)).map(({ change, by_side }) => [change, by_side])).toEqual([
      ['GIVEN', 'WERKCENTRUM'],
      ['NARROWED', side],
      ['NARROWED', side],
    ])
    const { shared } = (await followUp(server, code)).data.followUp
    expect(shared.filter(({ shared }: any) => shared).map(({ category }: any) => category)).toEqual(['question'])
  })

  test('6: withdrawing closes all context on the next read; reference, logistics, progress and what the partner wrote stay', async () => {
    for (const account of [GUIDE, PARTNER]) {
      const { id, recognitionCode } = await accepted()
      expect((await withdraw(server, account, id)).errors).toBeUndefined()
      expect(await seen(id)).toEqual([])
      await done(step(server, PARTNER, 'recordFirstContact', id))
      expect((await detail(server, PARTNER, id)).data.handOff).toMatchObject({
        recognitionCode,
        desk: { name: 'Stadhuis Amersfoort' },
        state: 'IN_PROGRESS',
        nextStep: null,
        handledBy: expect.any(String),
      })
      await done(step(server, PARTNER, 'completeHandOff', id, 'outcome: WORK'))
      expect((await detail(server, PARTNER, id)).data.handOff.outcome).toBe('WORK')
      // Feedback was withdrawn with the rest.
      expect((await detail(server, GUIDE, id)).data.handOff.outcome).toBeNull()
    }
  })

  test('9: is never a way to widen', async () => {
    const { id } = await accepted({ consent: { ...WIDEST, categories: ['question', 'routing'] }, sensitive: [] })
    const MORE = [
      ['question', 'routing', 'situation'],
      ['question', 'routing'],
      ['sensitive', 'question', 'routing'],
    ]
    for (const categories of MORE) {
      expect(refusal(await narrow(server, GUIDE, id, categories)), `${categories}`).toBe('BAD_INPUT')
      // A partner hears no error, or it could find out by trying what the visitor refused.
      expect((await narrow(server, PARTNER, id, categories)).errors, `${categories}`).toBeUndefined()
    }
    expect(refusal(await narrow(server, GUIDE, id, ['situation']))).toBe('BAD_INPUT')
    expect(await seen(id)).toEqual(['routing', 'question'])
    expect(await versionsOf(id)).toHaveLength(1)
    await withdraw(server, GUIDE, id)
    for (const [account, code] of [
      [GUIDE, 'CONSENT_REQUIRED'],
      [PARTNER, undefined],
    ] as const) {
      expect(refusal(await narrow(server, account, id, ['question'])), account).toBe(code)
      expect(refusal(await withdraw(server, account, id)), account).toBe(code)
    }
    expect(await seen(id)).toEqual([])
    expect(await versionsOf(id)).toHaveLength(2)
    // Fewer, and yet another: what was never agreed to is not in what is left.
    const other = await accepted({ consent: { ...WIDEST, categories: ['question', 'routing', 'outcome'] }, sensitive: [] })
    expect((await narrow(server, PARTNER, other.id, ['question', 'situation'])).errors).toBeUndefined()
    expect((await versionsOf(other.id)).at(-1)).toMatchObject({ categories: ['question'] })
  })

  test('17: a partner cannot find out by withdrawing whether there was any consent', async () => {
    const without = await made(server, { consent: null })
    const withdrawn = await made(server)
    await withdraw(server, GUIDE, withdrawn.id)
    const standing = await made(server)
    const answers = []
    for (const { id } of [without, withdrawn, standing]) {
      const { data, errors, extensions } = await withdraw(server, PARTNER, id)
      expect(errors).toBeUndefined()
      answers.push(JSON.stringify([{ ...data.withdrawConsent, id: null, recognitionCode: null }, extensions]))
    }
    expect(new Set(answers).size).toBe(1)
    expect(refusal(await withdraw(server, GUIDE, without.id))).toBe('CONSENT_REQUIRED')
    expect(await versionsOf(without.id)).toEqual([])
  })

  test('is for the desk and the partner of the hand-off alone', async () => {
    const { id } = await accepted()
    for (const account of ['gids-gooi', 'uwv-gooi', 'gemeente-amersfoort'])
      expect(refusal(await withdraw(server, account, id)), account).toBe('NOT_FOUND')
    for (const account of ['coordinator-amersfoort', 'privacy-amersfoort', 'privacy-uwv', 'signatory-uwv'])
      expect(refusal(await withdraw(server, account, id)), account).toBe('FORBIDDEN')
    expect(await seen(id)).toEqual([...CONTEXT])
  })

  test('by two at once leaves one order and the narrower of both', async () => {
    const { id } = await accepted()
    await Promise.all([
      narrow(server, GUIDE, id, ['question']),
      withdraw(server, PARTNER, id),
      second.as(GUIDE)('mutation ($id: ID!) { narrowConsent(id: $id, categories: [question, routing]) { id } }', { id }),
    ])
    const versions = await versionsOf(id)
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1))
    for (const [index, { categories }] of versions.entries())
      if (index > 0) expect(versions[index - 1].categories).toEqual(expect.arrayContaining(categories))
    expect(await seen(id)).toEqual([])
  })
})

describe('9: widening', () => {
  const question = { ...WIDEST, categories: ['question'] }

  test('takes the code of this very hand-off: no other code, none that was mistyped, none whose key is gone', async () => {
    const { id, code } = await accepted({ consent: question, sensitive: [] })
    const other = await made(server)
    const wrong = [other.code, `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`, 'volgcode', '']
    for (const attempt of wrong) expect(refusal(await give(server, id, attempt, WIDEST)), attempt).toBe('CONSENT_REQUIRED')
    // A ring without the key that made the hash: the code has ended, for good.
    const { current, keys } = server.world.keys
    const later = await secondServer(server, { keys: { current: 'k9', keys: { k9: Buffer.alloc(32, 9) } } })
    const query = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { id } }'
    const refused = await later.as(GUIDE)(query, { input: { handOffId: id, followUpCode: code, consent: WIDEST } })
    await later.stop()
    expect(refused.errors[0].extensions.code).toBe('CONSENT_REQUIRED')
    expect(Object.keys(keys)).toEqual([current])
    expect(await versionsOf(id)).toHaveLength(1)
    expect(await seen(id)).toEqual(['question'])
    expect(await rows('SELECT 1 FROM hand_off_situation WHERE hand_off_id = $1', id)).toEqual([])
  })

  test('with the code opens on the next read, on every server; again after everything was withdrawn', async () => {
    const { id, code } = await accepted({ consent: question, sensitive: [] })
    expect(
      (await give(server, id, code.replaceAll('-', ' ').toLowerCase(), WITH_SENSITIVE, ['WORK_LIMITATION'])).errors,
    ).toBeUndefined()
    expect(await seen(id)).toEqual([...CONTEXT])
    await withdraw(server, PARTNER, id)
    expect(await seen(id)).toEqual([])
    expect((await give(server, id, code, question)).errors).toBeUndefined()
    expect(await seen(id)).toEqual(['question'])
    expect((await versionsOf(id)).map(({ change }) => change)).toEqual(['GIVEN', 'WIDENED', 'WITHDRAWN', 'WIDENED'])
  })

  test('is not what giving less or the same is: the history and the receipt say narrowed; less and more at once is wider', async () => {
    const all = { ...WITH_SENSITIVE, reservePartnerId: demoId('gemeente-amersfoort') }
    const EXTENT = 'change, categories, explicit_categories, reserve_partner_id IS NOT NULL AS reserve, expires_on::text AS until'
    const given = async (next: object, account = GUIDE) => {
      const { id, code } = await accepted({ consent: { ...all, expiresOn: '2027-01-31' } })
      expect((await give(server, id, code, { expiresOn: '2027-01-31', ...next }, [], account)).errors).toBeUndefined()
      const record = async () =>
        JSON.parse(
          (await done(server.nobody('query ($code: String!) { consentReceipt(code: $code) { record } }', { code }))).record,
        )
      const history = await done(server.as(GUIDE)('query ($id: ID!) { consentHistory(handOffId: $id) { change } }', { id }))
      const [stored] = await rows(`SELECT ${EXTENT} FROM consent WHERE hand_off_id = $1 ORDER BY version DESC LIMIT 1`, id)
      expect(history[0].change).toBe(stored.change)
      expect((await record()).events.at(-1).event_type).toBe(stored.change.toLowerCase())
      return { ...stored, seen: await seen(id) }
    }
    const base = {
      explicit_categories: ['sensitive'],
      reserve: true,
      until: '2027-01-31',
      categories: all.categories,
      seen: [...CONTEXT],
    }
    expect(await given(all)).toEqual({ ...base, change: 'NARROWED' })
    expect(await given({ ...all, reservePartnerId: null })).toEqual({ ...base, change: 'NARROWED', reserve: false })
    expect(await given({ ...all, expiresOn: '2026-12-24' })).toEqual({ ...base, change: 'NARROWED', until: '2026-12-24' })
    expect(await given({ ...question, reservePartnerId: all.reservePartnerId, language: 'pl', givenHow: 'WRITTEN' })).toEqual({
      ...base,
      change: 'NARROWED',
      categories: ['question'],
      explicit_categories: [],
      seen: ['question'],
    })
    // Less of one thing and more of another.
    expect((await given({ ...question, expiresOn: '2027-02-01' })).change).toBe('WIDENED')
    expect((await given({ ...question, explicitCategories: ['question'] })).change).toBe('WIDENED')
    expect((await given({ ...question, reservePartnerId: demoId('wsp-amersfoort') })).change).toBe('WIDENED')
    expect((await given({ ...question, representativePresent: true })).change).toBe('WIDENED')
  })

  test('is done by the desk that made it: a partner is refused, another desk finds nothing', async () => {
    const { id, code } = await accepted({ consent: question, sensitive: [] })
    expect(refusal(await give(server, id, code, WIDEST, [], PARTNER))).toBe('FORBIDDEN')
    expect(refusal(await give(server, id, code, WIDEST, [], 'gids-gooi'))).toBe('NOT_FOUND')
    expect(hashesOf(server.world, code)).toHaveLength(1)
    expect(await seen(id)).toEqual(['question'])
  })

  test('the day after, what was not copied is gone and cannot be agreed to any more', async () => {
    const { id, code } = await accepted({ consent: question, sensitive: [] })
    server.setClock(daysAfter(A_DAY, 1))
    expect(refusal(await give(server, id, code, WIDEST))).toBe('BAD_INPUT')
    expect(await versionsOf(id)).toHaveLength(1)
    expect((await give(server, id, code, { ...WIDEST, categories: ['question', 'outcome'] })).errors).toBeUndefined()
  })

  test('sensitive facts are stored once: another list beside them is refused, never dropped in silence', async () => {
    const { id, code } = await accepted()
    expect(refusal(await give(server, id, code, WITH_SENSITIVE, ['JOBS_AGREEMENT']))).toBe('BAD_INPUT')
    expect((await give(server, id, code, WITH_SENSITIVE, ['DISABILITY_BENEFIT'])).errors).toBeUndefined()
    expect((await detail(server, PARTNER, id)).data.handOff.sensitive).toEqual(['DISABILITY_BENEFIT'])
  })
})

describe('free consent', () => {
  const CONDITIONS = ['askedForHelp', 'inOwnInterest', 'refusalIsFree'] as const

  test('each condition that is not met refuses the whole, and nothing is stored', async () => {
    const { id, code } = await accepted({ consent: { ...WIDEST, categories: ['question'] }, sensitive: [] })
    const before = await stored()
    for (let mask = 0; mask < 7; mask++) {
      const consent = {
        ...WIDEST,
        ...Object.fromEntries(CONDITIONS.map((condition, bit) => [condition, (mask & (1 << bit)) !== 0])),
      }
      await expect(made(server, { consent }), JSON.stringify(consent)).rejects.toThrow('CONSENT_REQUIRED')
      expect(refusal(await give(server, id, code, consent))).toBe('CONSENT_REQUIRED')
    }
    expect(await stored()).toEqual(before)
  })

  test.each([
    ['nothing at all', { categories: [] }, [], 'BAD_INPUT'],
    ['the same twice', { categories: ['question', 'question'] }, [], 'BAD_INPUT'],
    ['a note, which is not there', { categories: ['question', 'note'] }, [], 'BAD_INPUT'],
    ['explicit for what is not agreed', { categories: ['question'], explicitCategories: ['situation'] }, [], 'BAD_INPUT'],
    ['sensitive, not explicitly', { categories: ['question', 'sensitive'] }, ['WORK_LIMITATION'], 'CONSENT_REQUIRED'],
    [
      'sensitive, explicitly for something else',
      { categories: ['question', 'sensitive'], explicitCategories: ['question'] },
      ['WORK_LIMITATION'],
      'CONSENT_REQUIRED',
    ],
    ['sensitive facts without a word about them', { categories: ['question'] }, ['WORK_LIMITATION'], 'CONSENT_REQUIRED'],
    ['sensitive without facts', { categories: ['sensitive'], explicitCategories: ['sensitive'] }, [], 'CONSENT_REQUIRED'],
  ])('4: to %s is no consent, and nothing is stored', async (_, changes, sensitive, code) => {
    const before = await stored()
    await expect(made(server, { consent: { ...WIDEST, ...changes }, sensitive })).rejects.toThrow(code)
    expect(await stored()).toEqual(before)
  })

  test.each([
    'wsp-amersfoort',
    'lwl-amersfoort',
    'rmt-amersfoort',
    'school-amersfoort',
    'fnv-amersfoort',
    'werkgevers-amersfoort',
    'ontwikkelbedrijf-amersfoort',
    'wijkteam-amersfoort',
    'reintegratie-amersfoort',
  ])('4: sensitive facts never go to %s, also not with explicit consent', async (partner) => {
    const before = await stored()
    const consent = { ...WITH_SENSITIVE, explicitCategories: WITH_SENSITIVE.categories }
    await expect(made(server, { partnerId: demoId(partner), consent, sensitive: ['JOBS_AGREEMENT'] })).rejects.toThrow(
      'BAD_INPUT',
    )
    expect(await stored()).toEqual(before)
    const { id, code } = await made(server, { partnerId: demoId(partner), consent: TO_A_UNION })
    expect(refusal(await give(server, id, code, consent, ['JOBS_AGREEMENT']))).toBe('BAD_INPUT')
    expect(await rows('SELECT 1 FROM hand_off_sensitive WHERE hand_off_id = $1', id)).toEqual([])
  })

  test('a hand-off without consent is one all the same: the partner sees that something came, and no more', async () => {
    const { id, recognitionCode } = await made(server, { consent: null })
    expect((await detail(server, PARTNER, id)).data.handOff).toMatchObject({
      recognitionCode,
      state: 'OFFERED',
      desk: { name: 'Stadhuis Amersfoort' },
      nextStep: null,
    })
    await done(step(server, PARTNER, 'acceptHandOff', id))
    expect(await seen(id)).toEqual([])
  })
})

describe('19: below sixteen', () => {
  const young = { situation: { ...SITUATION, age: 'U16' } }

  test('consent opens nothing until a representative was there', async () => {
    const { id, code } = await accepted({ consent: WIDEST, sensitive: [] }, young)
    expect(await seen(id)).toEqual([])
    // Both walls close it; the log has the word of the first.
    const { data } = await server.as('privacy-uwv')(
      'query ($id: ID!) { accessLog(handOffId: $id, first: 1) { edges { node { objects { categories { category rule } } } } } }',
      { id },
    )
    expect(data.accessLog.edges[0].node.objects[0].categories).toContainEqual({
      category: 'situation',
      rule: 'under-sixteen-needs-a-representative',
    })
    const shared = async () => (await followUp(server, code)).data.followUp.shared.filter(({ shared }: any) => shared)
    expect(await shared()).toEqual([])
    expect(
      (await give(server, id, code, { ...WITH_SENSITIVE, representativePresent: true }, ['DISABILITY_BENEFIT'])).errors,
    ).toBeUndefined()
    expect(await seen(id)).toEqual([...CONTEXT])
    expect(await shared()).toHaveLength(5)
    // And a later word without one closes it again; of what is sensitive there is no such word.
    expect((await give(server, id, code, WITH_SENSITIVE, ['DISABILITY_BENEFIT'])).errors?.[0].extensions.code).toBe(
      'CONSENT_REQUIRED',
    )
    expect((await give(server, id, code, WIDEST)).errors).toBeUndefined()
    expect(await seen(id)).toEqual([])
  })

  test('stays below sixteen when the contact is out of sight; an unknown age counts as that', async () => {
    const child = await accepted({ consent: WIDEST, sensitive: [] }, young)
    const unknown = await accepted({ consent: null, sensitive: [] })
    server.setClock(daysAfter(A_DAY, 1))
    for (const { id, code } of [child, unknown]) {
      const consent = { ...WIDEST, categories: ['outcome'] }
      expect((await give(server, id, code, consent)).errors).toBeUndefined()
      expect(await rows('SELECT under_sixteen FROM consent WHERE hand_off_id = $1 ORDER BY version DESC LIMIT 1', id)).toEqual([
        { under_sixteen: true },
      ])
    }
  })
})

test('consent expires by the clock alone, on its 183rd day, for the partner and in the words to the visitor; the code renews it', async () => {
  const { id, code } = await accepted()
  const shared = async () => (await followUp(server, code)).data.followUp.shared.filter(({ shared }: any) => shared).length
  server.setClock(daysAfter(A_DAY, 182))
  expect([await seen(id), await shared()]).toEqual([[...CONTEXT], 5])
  server.setClock(daysAfter(A_DAY, 183))
  expect([await seen(id), await shared()]).toEqual([[], 0])
  expect((await give(server, id, code, WITH_SENSITIVE)).errors).toBeUndefined()
  expect([await seen(id), await shared()]).toEqual([[...CONTEXT], 5])
})

describe('what was not agreed is not there', () => {
  const TABLES = {
    routing: 'hand_off_routing',
    question: 'hand_off_question',
    situation: 'hand_off_situation',
    sensitive: 'hand_off_sensitive',
  } as const
  const subsets = Array.from({ length: 16 }, (_, mask) => CONTEXT.filter((_, bit) => mask & (1 << bit)))

  test.each(subsets.map((agreed) => ({ agreed, name: agreed.join(', ') || 'nothing' })))(
    'agreed to $name: just that is in the tables',
    async ({ agreed }) => {
      const hasSensitive = agreed.includes('sensitive')
      const consent =
        agreed.length > 0 ? { ...WIDEST, categories: agreed, explicitCategories: hasSensitive ? ['sensitive'] : [] } : null
      const { id } = await made(server, { consent, sensitive: hasSensitive ? ['JOBS_AGREEMENT'] : [] })
      for (const category of CONTEXT) {
        const found = await rows(`SELECT 1 FROM ${TABLES[category]} WHERE hand_off_id = $1`, id)
        expect(found.length, category).toBe((agreed as string[]).includes(category) ? 1 : 0)
      }
    },
  )

  test('4: no table of a contact has a place for sensitive facts', async () => {
    const columns = await rows(`SELECT column_name FROM information_schema.columns WHERE table_name LIKE 'visitor_contact%'`)
    expect(columns.length).toBeGreaterThan(20)
    for (const { column_name } of columns) expect(column_name).not.toMatch(/sensitive|fact|wajong|wia|disab|limit/)
  })
})

test('the ground of a consent is that of the kind of partner: a safeguard beside a public task, or the ground itself', async () => {
  const basisOf = async (partnerId: string, consent: object) =>
    (await rows('SELECT basis FROM consent WHERE hand_off_id = $1', (await made(server, { partnerId, consent })).id))[0].basis
  expect(await basisOf(demoId('uwv-amersfoort'), WIDEST)).toBe('SAFEGUARD')
  expect(await basisOf(demoId('wsp-amersfoort'), WIDEST)).toBe('SAFEGUARD')
  expect(await basisOf(FNV, TO_A_UNION)).toBe('BASIS')
  expect(await basisOf(demoId('reintegratie-amersfoort'), WIDEST)).toBe('BASIS')
})
