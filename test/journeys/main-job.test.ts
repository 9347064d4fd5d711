// The main job, end to end, over HTTP with real tokens: a contact, a warm hand-off, an answer, a visitor, a privacy officer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { logContact, offer } from '../support/story.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const NEXT_DAY = new Date(A_DAY.getTime() + 24 * 3600_000)

const EVERYTHING = `{
  id recognitionCode werkcentrum { name } partner { name } desk { name } channel contactDay contactDayPart
  routing { visitorKind origin } question { journey themes } nextStep appointmentDay
  situation { work benefit age education languageHelp } sensitive
  state loopStatus offeredOn changedOn answerDueOn overdue firstContactOn viewed reason messageToVisitor heardByDesk
  guideVoice visitorVoice events { number step by state day } warmCalls { channel result visitorPresent }
  outcome handledBy withheld { field category reason rule }
}`

test('a contact becomes a hand-off that is accepted, followed and closed, and everybody sees what is theirs and no more', async () => {
  const guide = server.as('gids-amersfoort')
  const uwv = server.as('uwv-amersfoort')

  // The guide: one mutation for the contact, one for the hand-off, one for the warm call.
  const contact = await logContact(server)
  const offered = await offer(server, contact, {
    consent: {
      categories: ['routing', 'question', 'situation', 'outcome'],
      askedForHelp: true,
      inOwnInterest: true,
      refusalIsFree: true,
    },
  })
  const { id, recognitionCode } = offered.handOff
  const code = offered.followUpCode as string
  expect(recognitionCode).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
  expect(code).toMatch(/^\w{5}-\w{5}-\w{4}$/)
  const called = await guide(
    `mutation ($id: ID!) { recordWarmCall(id: $id, channel: PHONE, result: SPOKEN, visitorPresent: true) { warmCalls { result visitorPresent } } }`,
    { id },
  )
  expect(called.data.recordWarmCall.warmCalls).toEqual([{ result: 'SPOKEN', visitorPresent: true }])

  // The partner: in its inbox, offered; the situation is not for a list, nor before accepting.
  const inbox = await uwv(`{ handOffs { edges { node ${EVERYTHING} } } }`)
  const listed = inbox.data.handOffs.edges.find((edge: any) => edge.node.id === id).node
  expect(listed).toMatchObject({
    state: 'OFFERED',
    recognitionCode,
    question: { themes: ['FIND_WORK'] },
    nextStep: 'VISITOR_COMES',
    situation: null,
    routing: null,
  })
  expect(inbox.errors).toBeUndefined()
  expect(inbox.extensions.withheld).toContainEqual(expect.objectContaining({ field: 'situation', reason: 'NOT_SHARED' }))

  const accepted = await uwv(`mutation ($id: ID!) { acceptHandOff(id: $id, message: COME_BY) ${EVERYTHING} }`, { id })
  expect(accepted.errors).toBeUndefined()
  expect(accepted.data.acceptHandOff).toMatchObject({
    state: 'ACCEPTED',
    desk: { name: 'Stadhuis Amersfoort' },
    routing: { visitorKind: 'JOB_SEEKER', origin: 'GM0307' },
    situation: { work: 'NONE', benefit: 'WW', age: 'A27_54' },
    sensitive: null,
    outcome: null,
    viewed: true,
  })
  expect(accepted.data.acceptHandOff.handledBy).toMatch(/^k1:/)
  expect(accepted.data.acceptHandOff.withheld).toEqual([
    { field: 'sensitive', category: 'sensitive', reason: 'NOT_SHARED', rule: 'not-shared' },
    { field: 'sensitiveNote', category: 'sensitive', reason: 'NOT_SHARED', rule: 'not-shared' },
    { field: 'note', category: 'note', reason: 'NOT_SHARED', rule: 'not-shared' },
  ])

  // Another guide, the next day: the loop is open, accepted, and when.
  server.setClock(NEXT_DAY)
  const loops = await server.as('gids2-amersfoort')(`{ openLoops { edges { node ${EVERYTHING} } } }`)
  const loop = loops.data.openLoops.edges.find((edge: any) => edge.node.id === id).node
  expect(loop).toMatchObject({ state: 'ACCEPTED', loopStatus: 'OPEN', changedOn: '2026-11-18', situation: null, handledBy: null })
  expect(loop.events.map((event: any) => [event.step, event.by, event.day])).toEqual([
    ['offer', 'WERKCENTRUM', '2026-11-18'],
    ['accept', 'PARTNER', '2026-11-18'],
  ])

  // Nobody else: not the other partners, not another region, not a signatory; and not even that it exists.
  for (const account of [
    'gemeente-amersfoort',
    'wsp-amersfoort',
    'lwl-amersfoort',
    'rmt-amersfoort',
    'fnv-amersfoort',
    'gids-gooi',
    'gemeente-hilversum',
    'uwv-gooi',
  ]) {
    const there = await server.as(account)(`query ($id: ID!) { handOff(id: $id) ${EVERYTHING} }`, { id })
    const nowhere = await server.as(account)(`query ($id: ID!) { handOff(id: $id) ${EVERYTHING} }`, {
      id: '00000000-0000-4000-8000-000000000000',
    })
    expect(there.text, account).toBe(nowhere.text)
    expect(there.errors?.[0].extensions.code, account).toBe('NOT_FOUND')
    const list = await server.as(account)(`{ handOffs { edges { node { id } } } }`)
    expect(list.text, account).not.toContain(id)
  }

  // The visitor, with the code and nothing else.
  const early = await server.nobody(
    `query ($code: String!) { followUp(code: $code) { status shared { category shared } handOff ${EVERYTHING} } }`,
    { code: code.toLowerCase().replaceAll('-', ' ') },
  )
  expect(early.data.followUp.status).toMatch(/^UWV.* gaat u helpen: zij vragen of u langskomt\.$/)
  expect(early.data.followUp.handOff).toMatchObject({ situation: { work: 'NONE' }, handledBy: null })

  // First contact, completed, and the visitor says how it went.
  await uwv(`mutation ($id: ID!) { recordFirstContact(id: $id) { state } }`, { id })
  const completed = await uwv(`mutation ($id: ID!) { completeHandOff(id: $id, outcome: GUIDANCE_STARTED) ${EVERYTHING} }`, { id })
  expect(completed.data.completeHandOff).toMatchObject({
    state: 'COMPLETED',
    outcome: 'GUIDANCE_STARTED',
    situation: null,
    routing: null,
    desk: null,
  })
  const voice = await server.nobody(
    `mutation ($code: String!) { recordVisitorVoice(code: $code, voice: HEARD_NOTHING) { status handOff { visitorVoice loopStatus } } }`,
    { code },
  )
  expect(voice.data.recordVisitorVoice.handOff).toEqual({ visitorVoice: 'HEARD_NOTHING', loopStatus: 'CONTRADICTED' })
  const still = await guide(`{ openLoops { edges { node { id loopStatus } } } }`)
  expect(still.data.openLoops.edges.map((edge: any) => edge.node)).toContainEqual({ id, loopStatus: 'CONTRADICTED' })
  await server.nobody(`mutation ($code: String!) { recordVisitorVoice(code: $code, voice: WORKED) { status } }`, { code })
  const done = await guide(`query ($id: ID!) { handOff(id: $id) ${EVERYTHING} }`, { id })
  // Feedback was part of the consent, so the desk hears the outcome; the situation closed with the hand-off.
  expect(done.data.handOff).toMatchObject({
    loopStatus: 'CLOSED',
    outcome: 'GUIDANCE_STARTED',
    situation: null,
    question: { themes: ['FIND_WORK'] },
  })
  expect((await guide('{ openLoops { edges { node { id } } } }')).text).not.toContain(id)

  // The privacy officer of UWV: who saw which category of it, by which rule, and what was withheld and why.
  const officer = server.as('privacy-uwv')
  const log = await officer(
    `query ($id: ID) { accessLog(handOffId: $id, first: 50) { edges { node { at role operation purpose actor actingOrganisation werkcentrum partner policyHash
      objects { type reference relation agreementVersion consentVersion categories { category shown rule reason } } } } } }`,
    { id },
  )
  const records = log.data.accessLog.edges.map((edge: any) => edge.node)
  const acceptance = records.find((record: any) => record.operation === 'acceptHandOff')
  expect(acceptance).toMatchObject({ role: 'HANDLER', purpose: 'HELP', actor: expect.stringMatching(/^k1:/) })
  expect(acceptance.objects).toHaveLength(1)
  expect(acceptance.objects[0].categories).toContainEqual({
    category: 'situation',
    shown: true,
    rule: 'partner-reads-the-situation-only-after-accepting-and-with-consent',
    reason: null,
  })
  expect(acceptance.objects[0].categories).toContainEqual({
    category: 'sensitive',
    shown: false,
    rule: 'consent-must-cover',
    reason: 'CONSENT',
  })
  // What desk and visitor did would tell the partner what the visitor agreed to; they are in the log of the werkcentrum.
  expect(new Set(records.map((record: any) => record.role))).toEqual(new Set(['HANDLER']))
  const ofDesk = await server.as('privacy-amersfoort')(
    `query ($id: ID) { accessLog(handOffId: $id, first: 50) { edges { node { role actor operation } } } }`,
    { id },
  )
  const deskRecords = ofDesk.data.accessLog.edges.map((edge: any) => edge.node)
  expect(new Set(deskRecords.map((record: any) => record.role))).toEqual(new Set(['GUIDE', 'HANDLER', 'CODE_HOLDER']))
  // Staff never crosses organisations (invariant 15).
  for (const record of deskRecords) expect(record.actor !== null, record.operation).toBe(record.role === 'GUIDE')
  const again = await officer(`{ accessLog(first: 1) { edges { node { operation role } } } }`)
  expect(again.data.accessLog.edges[0].node).toEqual({ operation: 'accessLog', role: 'PRIVACY_OFFICER' })
  const matrix = await officer('{ accessMatrix(partnerKind: UWV) { role relation category symbol rule bases } }')
  expect(matrix.data.accessMatrix).toContainEqual(
    expect.objectContaining({
      role: 'HANDLER',
      relation: 'accepted',
      category: 'sensitive',
      symbol: 'X',
      bases: expect.arrayContaining([expect.stringContaining('9(2)(a)')]),
    }),
  )

  // Not one value in the whole log.
  const { rows } = await server.sql.query("SELECT string_agg(objects::text, ' ') AS text FROM access_record_part")
  for (const value of ['JOB_SEEKER', 'GM0307', 'FIND_WORK', recognitionCode, code, contact])
    expect(rows[0].text).not.toContain(value)
})

test('20: the record names what was asked for, and nothing that was not', async () => {
  const { handOff } = await offer(server, await logContact(server))
  const uwv = server.as('uwv-amersfoort')
  await uwv(`query ($id: ID!) { handOff(id: $id) { id ...more } } fragment more on HandOff { situation { work } }`, {
    id: handOff.id,
  })
  const log = await server.as('privacy-uwv')(
    `query ($id: ID) { accessLog(handOffId: $id, first: 1) { edges { node { operation objects { categories { category shown } } } } } }`,
    { id: handOff.id },
  )
  expect(log.data.accessLog.edges[0].node).toEqual({
    operation: 'handOff',
    objects: [
      {
        categories: [
          { category: 'reference', shown: true },
          { category: 'situation', shown: false },
        ],
      },
    ],
  })
})

test('20: asking which fields are withheld names those that were closed, and shows nothing', async () => {
  const { handOff, followUpCode } = await offer(server, await logContact(server))
  await server.sql.query('TRUNCATE access_record CASCADE')
  const uwv = server.as('uwv-amersfoort')
  const logged = async () => {
    const { data } = await server.as('privacy-uwv')(
      `query ($id: ID) { accessLog(handOffId: $id, first: 1) { edges { node { objects { categories { category shown } } } } } }`,
      { id: handOff.id },
    )
    const { categories } = data.accessLog.edges[0].node.objects[0]
    const those = (shown: boolean) => categories.filter((line: any) => line.shown === shown).map((line: any) => line.category)
    return { shown: those(true), withheld: those(false) }
  }
  const { data } = await uwv('query ($id: ID!) { handOff(id: $id) { withheld { category } } }', { id: handOff.id })
  const alone = await logged()
  expect(alone.shown).toEqual([])
  // Of some categories nothing is told, not even that they are closed; the record has those too.
  for (const { category } of data.handOff.withheld) expect(alone.withheld).toContain(category)
  expect(alone.withheld).toContain('sensitive')
  // The visitor is not told that somebody saw what nobody asked for.
  const looked = async () =>
    (
      await server.nobody('query ($code: String!) { followUp(code: $code) { looked { organisation category } } }', {
        code: followUpCode,
      })
    ).data.followUp.looked
  expect(await looked()).toEqual([])
  await uwv('query ($id: ID!) { handOff(id: $id) { question { themes } withheld { category } } }', { id: handOff.id })
  expect(await logged()).toEqual({ shown: ['question'], withheld: alone.withheld })
  expect((await looked()).map(({ category }: any) => category)).toEqual(['question'])
})

test('20: the record of a list names what stood on the page, and not the row that told of a next one', async () => {
  const partnerId = demoId('gemeente-amersfoort')
  for (let n = 0; n < 3; n++) await offer(server, await logContact(server), { partnerId })
  const { data } = await server.as('gemeente-amersfoort')(
    '{ handOffs(first: 2) { edges { node { id } } pageInfo { hasNextPage } } }',
  )
  expect(data.handOffs.pageInfo.hasNextPage).toBe(true)
  const log = await server.as('privacy-amersfoort')(
    '{ accessLog(first: 1) { edges { node { operation partner objects { reference } } } } }',
  )
  const { operation, objects } = log.data.accessLog.edges[0].node
  expect(operation).toBe('handOffs')
  expect(objects.map(({ reference }: any) => reference)).toEqual(data.handOffs.edges.map(({ node }: any) => node.id))
})

test('a change that touches a hand-off to a union is in no officer’s log, not even by a gap', async () => {
  const officer = server.as('privacy-amersfoort')
  const offers = async () =>
    (await officer('{ accessLog(first: 50) { edges { node { operation } } } }')).data.accessLog.edges.filter(
      (edge: any) => edge.node.operation === 'offerHandOff',
    ).length
  const before = await offers()
  const categories = ['question']
  const consent = { categories, explicitCategories: categories, askedForHelp: true, inOwnInterest: true, refusalIsFree: true }
  await offer(server, await logContact(server), { partnerId: demoId('fnv-amersfoort'), consent })
  expect(await offers()).toBe(before)
  await offer(server, await logContact(server))
  expect(await offers()).toBeGreaterThan(before)
})

test('16: a list that shows a hand-off to a union leaves no gap in the numbers that the cursors of the log hold', async () => {
  const explicit = { categories: ['question'], explicitCategories: ['question'], askedForHelp: true, inOwnInterest: true }
  const consent = { ...explicit, refusalIsFree: true }
  for (const partner of ['uwv-amersfoort', 'fnv-amersfoort', 'wsp-amersfoort', 'gemeente-amersfoort'])
    await offer(server, await logContact(server), { partnerId: demoId(partner), consent })
  await server.as('gids-amersfoort')('{ handOffs(first: 50) { edges { node { id } } } }')
  const { data } = await server.as('privacy-amersfoort')('{ accessLog(first: 50) { edges { cursor node { id } } } }')
  const numbers = new Map<string, number[]>()
  for (const { cursor, node } of data.accessLog.edges) {
    const [, , , number] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    numbers.set(node.id, [Number(number), ...(numbers.get(node.id) ?? [])])
  }
  expect(Math.max(...[...numbers.values()].map(({ length }) => length))).toBeGreaterThan(2)
  for (const found of numbers.values()) expect(found).toEqual(found.map((_, place) => place + 1))
})

test('one contact is handed over to one partner once, as long as that hand-off is open', async () => {
  const contact = await logContact(server)
  await offer(server, contact)
  await expect(offer(server, contact)).rejects.toThrow(/already/)
  await offer(server, contact, { partnerId: demoId('gemeente-amersfoort') })
})
