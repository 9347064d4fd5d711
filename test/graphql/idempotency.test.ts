// The same request twice makes one thing; what was answered is not kept, so a replay reads and decides again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { startServer, type TestServer } from '../support/server.js'
import { CONSENT, logContact, SITUATION } from '../support/story.js'
import { OPERATIONS, operationCalled } from './every-operation.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const OFFER =
  'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { followUpCode alreadyShown handOff { id state recognitionCode situation { work } } } }'
const FORWARD =
  'mutation ($input: ForwardHandOffInput!) { forwardHandOff(input: $input) { followUpCode alreadyShown handOff { id state } } }'
const LOG = 'mutation ($input: LogContactInput!) { logContact(input: $input) { id } }'

const count = async (table: string) => Number((await server.sql.query(`SELECT count(*) FROM ${table}`)).rows[0].count)
const codeOf = (answer: { errors: any[] | undefined }) => answer.errors?.[0].extensions.code
let keys = 0
const newKey = () => `sleutel-${++keys}-van-de-test`
const offering = (contactId: string, idempotencyKey: string, more: object = {}) => ({
  input: {
    contactId,
    partnerId: demoId('uwv-amersfoort'),
    nextStep: { kind: 'VISITOR_COMES' },
    consent: { ...CONSENT, reservePartnerId: demoId('gemeente-amersfoort') },
    idempotencyKey,
    ...more,
  },
})
const logging = (idempotencyKey: string, more: object = {}) => ({
  input: {
    deskId: demoId('desk-amersfoort-stadhuis'),
    channel: 'WALK_IN',
    visitorKind: 'JOB_SEEKER',
    themes: ['FIND_WORK'],
    result: 'HANDED_OFF',
    situation: SITUATION,
    idempotencyKey,
    ...more,
  },
})

test('every creating change takes a key', () => {
  const creating = ['logContact', 'offerHandOff', 'forwardHandOff']
  for (const name of creating) expect(operationCalled(name).document).toContain('Input!')
  const others = OPERATIONS.filter(({ name, kind }) => kind === 'mutation' && !creating.includes(name)).map(({ name }) => name)
  // Steps are guarded by the state they start from; what is left can be said twice.
  expect(others.filter((name) => /^(log|offer|forward|create|make|add)/.test(name))).toEqual([])
})

test('an offer that is sent again makes no second, shows no second code, and tells how it stands now', async () => {
  const guide = server.as('gids-amersfoort')
  const variables = offering(await logContact(server), newKey())
  const first = (await guide(OFFER, variables)).data.offerHandOff
  expect(first).toMatchObject({ alreadyShown: false, handOff: { state: 'OFFERED' } })
  await server.as('uwv-amersfoort')('mutation ($id: ID!) { acceptHandOff(id: $id) { id } }', { id: first.handOff.id })
  const before = [await count('hand_off'), await count('follow_up_code'), await count('hand_off_event')]
  const again = (await guide(OFFER, variables)).data.offerHandOff
  expect(again).toMatchObject({ alreadyShown: true, followUpCode: null, handOff: { id: first.handOff.id, state: 'ACCEPTED' } })
  expect([await count('hand_off'), await count('follow_up_code'), await count('hand_off_event')]).toEqual(before)
  // Decided again: what the desk may no longer see after the end is not in the replay either.
  expect(again.handOff.situation).not.toBeNull()
  await guide('mutation ($id: ID!) { withdrawHandOff(id: $id, reason: NOT_NEEDED) { id } }', { id: first.handOff.id })
  const late = await guide(OFFER, variables)
  expect(late.data.offerHandOff.handOff).toMatchObject({ state: 'WITHDRAWN', situation: null })
  expect(late.extensions.withheld).toContainEqual(expect.objectContaining({ field: 'situation' }))
})

test('each replay is in the access log', async () => {
  const variables = offering(await logContact(server), newKey())
  await server.as('gids-amersfoort')(OFFER, variables)
  const before = await count("access_record WHERE operation = 'offerHandOff'")
  await server.as('gids-amersfoort')(OFFER, variables)
  expect(await count("access_record WHERE operation = 'offerHandOff'")).toBe(before + 1)
})

test('a contact that is sent again is the same one; voided, there is nothing to show', async () => {
  const guide = server.as('gids-amersfoort')
  const variables = logging(newKey())
  const { id } = (await guide(LOG, variables)).data.logContact
  const before = await count('visitor_contact')
  expect((await guide(LOG, variables)).data.logContact.id).toBe(id)
  expect(await count('visitor_contact')).toBe(before)
  await guide('mutation ($id: ID!) { voidContact(id: $id) }', { id })
  expect(codeOf(await guide(LOG, variables))).toBe('NOT_FOUND')
  expect(await count('visitor_contact')).toBe(before)
})

test('a hand-off that is forwarded again is forwarded once', async () => {
  const guide = server.as('gids-amersfoort')
  const { handOff } = (await guide(OFFER, offering(await logContact(server), newKey()))).data.offerHandOff
  const variables = {
    input: {
      id: handOff.id,
      partnerId: demoId('gemeente-amersfoort'),
      nextStep: { kind: 'VISITOR_COMES' },
      idempotencyKey: newKey(),
    },
  }
  const first = (await guide(FORWARD, variables)).data.forwardHandOff
  expect(first.alreadyShown).toBe(false)
  const before = await count('hand_off')
  expect((await guide(FORWARD, variables)).data.forwardHandOff).toEqual({
    alreadyShown: true,
    followUpCode: null,
    handOff: first.handOff,
  })
  expect(await count('hand_off')).toBe(before)
})

test('another body under the same key is refused, and makes nothing', async () => {
  const guide = server.as('gids-amersfoort')
  const key = newKey()
  const contactId = await logContact(server)
  await guide(OFFER, offering(contactId, key))
  const before = await count('hand_off')
  for (const more of [
    { partnerId: demoId('gemeente-amersfoort') },
    { nextStep: { kind: 'VISITOR_CALLS' } },
    { consent: null },
    { consent: { ...CONSENT, language: 'en' } },
  ])
    expect(codeOf(await guide(OFFER, offering(contactId, key, more)))).toBe('IDEMPOTENCY_CONFLICT')
  expect(codeOf(await guide(LOG, logging(key)))).toBe('IDEMPOTENCY_CONFLICT')
  expect(await count('hand_off')).toBe(before)
})

test('the same body in another order, with its defaults written or left out, is the same body', async () => {
  const guide = server.as('gids-amersfoort')
  const key = newKey()
  const contactId = await logContact(server)
  const { input } = offering(contactId, key)
  const first = (await guide(OFFER, { input })).data.offerHandOff
  for (const same of [
    Object.fromEntries(Object.entries(input).reverse()),
    { ...input, sensitive: [] },
    { ...input, nextStep: { ...input.nextStep, day: null } },
    { ...input, consent: { ...input.consent, givenHow: 'SPOKEN' } },
  ])
    expect((await guide(OFFER, { input: same })).data?.offerHandOff).toMatchObject({
      alreadyShown: true,
      handOff: { id: first.handOff.id },
    })
})

test('a key is its owner’s: a colleague and another desk that use the same make their own', async () => {
  const key = newKey()
  const ids = new Set<string>()
  for (const [account, desk] of [
    ['gids-amersfoort', 'desk-amersfoort-stadhuis'],
    ['gids2-amersfoort', 'desk-amersfoort-stadhuis'],
    ['gids-gooi', 'desk-hilversum'],
  ] as const)
    ids.add((await server.as(account)(LOG, logging(key, { deskId: demoId(desk) }))).data.logContact.id)
  expect(ids.size).toBe(3)
})

test('ten at once make one', async () => {
  const before = await count('hand_off')
  const variables = offering(await logContact(server), newKey())
  const answers = await Promise.all(Array.from({ length: 10 }, () => server.as('gids-amersfoort')(OFFER, variables)))
  expect(answers.filter(({ data }) => data?.offerHandOff.followUpCode)).toHaveLength(1)
  expect(answers.filter(({ data }) => data?.offerHandOff.alreadyShown)).toHaveLength(9)
  expect(new Set(answers.map(({ data }) => data.offerHandOff.handOff.id)).size).toBe(1)
  expect(await count('hand_off')).toBe(before + 1)
})

test('a key that was refused is still free', async () => {
  const guide = server.as('gids-amersfoort')
  const key = newKey()
  expect(codeOf(await guide(LOG, logging(key, { themes: [] })))).toBe('BAD_INPUT')
  expect((await guide(LOG, logging(key))).data.logContact.id).toBeDefined()
})

test('a key is 8 to 100 plain characters', async () => {
  for (const key of ['', 'kort', 'a'.repeat(101), 'with a space', 'sleutel-é', 'sleutel\n123', '😀😀😀😀😀😀😀😀'])
    expect(codeOf(await server.as('gids-amersfoort')(LOG, logging(key))), key).toBe('BAD_INPUT')
})

test('neither an answer nor a code nor the key itself is kept', async () => {
  const key = newKey()
  const contactId = await logContact(server)
  const { followUpCode, handOff } = (await server.as('gids-amersfoort')(OFFER, offering(contactId, key))).data.offerHandOff
  const kept = JSON.stringify((await server.sql.query('SELECT * FROM idempotency_key')).rows)
  for (const text of [key, followUpCode, handOff.recognitionCode, contactId, 'FIND_WORK', 'gids-amersfoort'])
    expect(kept).not.toContain(text)
  const { rows } = await server.sql.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
  for (const { tablename } of rows) {
    const { rows: found } = await server.sql.query(
      `SELECT 1 FROM "${tablename}" t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%'`,
      [followUpCode, key],
    )
    expect(found, tablename).toEqual([])
  }
})
