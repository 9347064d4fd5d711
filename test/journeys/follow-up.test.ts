// The visitor's follow-up code: typed in any way, told in one sentence, shown once, kept as a hash alone.
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { codeHolder, followUp as followUpOf } from '#app/follow-up/follow-up.js'
import { makeFollowUpCode } from '#app/handoffs/codes.js'
import { perform } from '#app/operations/perform.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { logContact, SITUATION } from '../support/story.js'
import {
  done,
  EVERYTHING,
  followUp,
  forgetAttempts,
  forward,
  GEMEENTE,
  GUIDE,
  made,
  refusal,
  secondServer,
  step,
  UWV,
  visitorSays,
  WIDEST,
  WITH_SENSITIVE,
} from './hand-off.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
afterEach(async () => {
  server.setClock(A_DAY)
  await forgetAttempts(server)
})

const PARTNER = 'uwv-amersfoort'
const COORDINATOR = 'coordinator-amersfoort'
const statusOf = async (code: string) => (await followUp(server, code)).data.followUp.status

/** One character changed into another that a code may hold. */
const mistyped = (code: string, place: number) => code.slice(0, place) + (code[place] === '7' ? '8' : '7') + code.slice(place + 1)

test('a code is understood however it is typed', async () => {
  const { id, code } = await made(server)
  const plain = code.replaceAll('-', '')
  const spellings = [
    code,
    plain,
    code.toLowerCase(),
    ` ${code} `,
    plain.split('').join(' '),
    code.replaceAll('-', '–'),
    code.replaceAll('-', ' - '),
  ]
  spellings.push(code.replaceAll('0', 'O').replaceAll('1', 'l').replaceAll('V', 'u'))
  for (const spelling of spellings) expect((await followUp(server, spelling)).data?.followUp.handOff.id, spelling).toBe(id)
})

test('1: a mistyped code, one that is nobody’s and what is no code at all are answered alike, byte for byte', async () => {
  const { code } = await made(server)
  const attempts = [
    mistyped(code, 0),
    mistyped(code, 8),
    makeFollowUpCode(randomBytes),
    '',
    'x',
    'volgcode',
    '7'.repeat(500),
    code.slice(1),
    `${code}7`,
  ]
  const query = new Set<string>()
  const mutation = new Set<string>()
  for (const attempt of attempts) {
    const asked = await followUp(server, attempt)
    expect([asked.status, refusal(asked)], attempt).toEqual([200, 'NOT_FOUND'])
    query.add(asked.text)
    mutation.add((await visitorSays(server, attempt, 'WORKED')).text)
  }
  expect([query.size, mutation.size]).toEqual([1, 1])
})

test('a recognition code opens nothing', async () => {
  const { recognitionCode } = await made(server)
  expect(refusal(await followUp(server, recognitionCode))).toBe('NOT_FOUND')
})

test('a code opens its own hand-off and no other, whoever else is signed in', async () => {
  const [mine, other] = [await made(server), await made(server)]
  const query = `query ($code: String!, $id: ID!) { followUp(code: $code) { handOff { id } } handOff(id: $id) { id } }`
  const answer = await server.nobody(query, { code: mine.code, id: other.id })
  expect(answer.data).toEqual({ followUp: { handOff: { id: mine.id } }, handOff: null })
  expect(refusal(answer)).toBe('UNAUTHENTICATED')
  for (const account of ['gids-gooi', 'gemeente-amersfoort']) {
    const signedIn = await server.as(account)(query, { code: mine.code, id: mine.id })
    expect([signedIn.data, refusal(signedIn)], account).toEqual([
      { followUp: { handOff: { id: mine.id } }, handOff: null },
      'NOT_FOUND',
    ])
  }
})

describe('the state in one sentence', () => {
  const name = 'UWV, kantoor Amersfoort'
  const SENTENCES: Record<string, { steps: [string, string, string?][]; sentence: string }> = {
    OFFERED: { steps: [], sentence: `Uw vraag ligt bij ${name}; daar is nog niet op geantwoord.` },
    ACCEPTED: { steps: [[PARTNER, 'acceptHandOff']], sentence: `${name} gaat u helpen.` },
    IN_PROGRESS: {
      steps: [
        [PARTNER, 'acceptHandOff'],
        [PARTNER, 'recordFirstContact'],
      ],
      sentence: `${name} is met u aan de slag.`,
    },
    COMPLETED: {
      steps: [[PARTNER, 'completeHandOff', 'outcome: WORK']],
      sentence: `${name} zegt dat het klaar is; laat ons weten of dat klopt.`,
    },
    DECLINED: {
      steps: [[PARTNER, 'declineHandOff', 'reason: DUPLICATE']],
      sentence: `${name} kan u hierbij niet helpen; kom gerust terug naar het werkcentrum.`,
    },
    RETURNED: {
      steps: [
        [PARTNER, 'acceptHandOff'],
        [PARTNER, 'returnHandOff', 'reason: NO_CAPACITY'],
      ],
      sentence: `${name} heeft uw vraag teruggegeven; kom gerust terug naar het werkcentrum.`,
    },
    WITHDRAWN: { steps: [[GUIDE, 'withdrawHandOff', 'reason: VISITOR_ASKED']], sentence: 'Uw vraag is ingetrokken.' },
    LAPSED: {
      steps: [[COORDINATOR, 'lapseHandOff']],
      sentence: 'Uw vraag is gesloten zonder antwoord; kom gerust terug naar het werkcentrum.',
    },
  }

  test.each(Object.entries(SENTENCES))('%s', async (state, { steps, sentence }) => {
    const { id, code } = await made(server)
    for (const [account, name, more] of steps) await done(step(server, account, name, id, more))
    const told = (await followUp(server, code)).data.followUp
    expect([told.handOff.state, told.status]).toEqual([state, sentence])
  })

  test('FORWARDED: not to whom', async () => {
    const { id, code } = await made(server, { consent: { ...WIDEST, reservePartnerId: GEMEENTE } })
    const next = await done(forward(server, id, GEMEENTE, { followUpCode: code, consent: WIDEST }))
    expect(await statusOf(code)).toBe('Uw vraag is doorgegeven aan een andere organisatie; u kreeg daarvoor een nieuwe code.')
    expect((await followUp(server, code)).text).not.toContain('Gemeente')
    expect(await statusOf(next.followUpCode)).toBe('Uw vraag ligt bij Gemeente Amersfoort; daar is nog niet op geantwoord.')
  })

  test.each([
    ['COME_BY', 'zij vragen of u langskomt'],
    ['CALL_US', 'zij vragen of u belt'],
    ['TRY_OTHER', 'zij zeggen dat een ander u beter kan helpen'],
  ])('%s is said along with it, also after a first contact, until somebody takes another step', async (message, words) => {
    for (const [after, sentence] of [
      [[GUIDE, 'withdrawHandOff', 'reason: NOT_NEEDED'], SENTENCES.WITHDRAWN!.sentence],
      [[COORDINATOR, 'lapseHandOff'], SENTENCES.LAPSED!.sentence],
      [[GUIDE, 'recordAnswerHeard', 'answer: COMPLETED, outcome: WORK'], SENTENCES.COMPLETED!.sentence],
      [[PARTNER, 'recordFirstContact'], `${name} is met u aan de slag: ${words}.`],
    ] as const) {
      const { id, code } = await made(server)
      await done(step(server, PARTNER, 'acceptHandOff', id, `message: ${message}`))
      expect(await statusOf(code)).toBe(`${name} gaat u helpen: ${words}.`)
      await done(step(server, after[0], after[1], id, after[2]))
      expect(await statusOf(code)).toBe(sentence)
    }
  })
})

test('what is sensitive is not on the visitor’s page, only that it goes along', async () => {
  const { id, code } = await made(server, { consent: WITH_SENSITIVE, sensitive: ['DISABILITY_BENEFIT', 'WORK_LIMITATION'] })
  await done(step(server, PARTNER, 'acceptHandOff', id))
  const answer = await followUp(server, code)
  const { handOff, shared } = answer.data.followUp
  expect(handOff).toMatchObject({ sensitive: null, handledBy: null, routing: { origin: 'GM0307' }, situation: SITUATION })
  for (const fact of ['DISABILITY_BENEFIT', 'WORK_LIMITATION', 'k1:']) expect(answer.text).not.toContain(fact)
  expect(handOff.withheld).toEqual([
    { field: 'sensitive', category: 'sensitive', reason: 'POLICY', rule: 'code-holder-sees-only-that-it-was-shared' },
    { field: 'sensitiveNote', category: 'sensitive', reason: 'POLICY', rule: 'code-holder-sees-only-that-it-was-shared' },
    { field: 'note', category: 'note', reason: 'POLICY', rule: 'code-holder-sees-only-that-it-was-shared' },
    { field: 'remarks', category: 'internal', reason: 'POLICY', rule: 'nothing-is-shared-without-a-rule' },
    { field: 'handledBy', category: 'staff', reason: 'POLICY', rule: 'nothing-is-shared-without-a-rule' },
  ])
  const YES = ['routing', 'question', 'situation', 'sensitive', 'outcome']
  expect(shared).toEqual(
    ['routing', 'question', 'situation', 'sensitive', 'note', 'outcome'].map((category) => ({
      category,
      shared: YES.includes(category),
    })),
  )
})

describe('the code itself', () => {
  const OFFER =
    'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { followUpCode alreadyShown handOff { id } } }'

  test('is shown once: the same request again gives the hand-off and no code', async () => {
    const input = {
      contactId: await logContact(server),
      partnerId: UWV,
      nextStep: { kind: 'VISITOR_COMES' },
      idempotencyKey: 'once-and-no-more',
    }
    const first = (await server.as(GUIDE)(OFFER, { input })).data.offerHandOff
    const again = (await server.as(GUIDE)(OFFER, { input })).data.offerHandOff
    expect(first).toMatchObject({ followUpCode: expect.stringMatching(/^\w{5}-\w{5}-\w{4}$/), alreadyShown: false })
    expect(again).toEqual({ followUpCode: null, alreadyShown: true, handOff: first.handOff })
  })

  test('is in no later answer to anyone, nor in a list, nor in the log', async () => {
    const { id, code } = await made(server)
    const answers = [
      await followUp(server, code),
      await server.as('privacy-amersfoort')(
        'query ($id: ID) { accessLog(handOffId: $id) { edges { node { id objects { reference relation } } } } }',
        { id },
      ),
    ]
    for (const account of [GUIDE, PARTNER, COORDINATOR, 'privacy-amersfoort'])
      answers.push(
        await server.as(account)(
          `query ($id: ID!) { handOff(id: $id) ${EVERYTHING} handOffs(first: 50) { edges { node { id } } } }`,
          { id },
        ),
      )
    for (const { text } of answers) {
      expect(text).toContain(id)
      expect(text).not.toContain(code)
    }
  })

  test('is nowhere in the database, with or without dashes: a keyed hash alone is', async () => {
    const { id, code } = await made(server)
    await visitorSays(server, code, 'WORKED')
    const { rows } = await server.sql.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    let contents = ''
    for (const { table_name } of rows)
      contents += (await server.sql.query(`SELECT string_agg(t::text, ' ') AS text FROM "${table_name}" t`)).rows[0].text ?? ''
    expect(contents).toContain(id)
    for (const form of [code, code.replaceAll('-', ''), code.toLowerCase(), Buffer.from(code).toString('base64url').slice(0, 18)])
      expect(contents).not.toContain(form)
    const [{ hash }] = (await server.sql.query('SELECT hash FROM follow_up_code WHERE hand_off_id = $1', [id])).rows
    expect(hash).toMatch(/^k1:[\w-]{43}$/)
  })

  test('is found after the keys were rotated, as long as its key is in the ring; and never by a ring without it', async () => {
    const { keys } = server.world.keys
    const k2 = Buffer.alloc(32, 2)
    const rotated = await secondServer(server, { keys: { current: 'k2', keys: { ...keys, k2 } } })
    const without = await secondServer(server, { keys: { current: 'k2', keys: { k2 } } })
    const FOLLOW = 'query ($code: String!) { followUp(code: $code) { handOff { id } } }'
    const ask = async (at: typeof rotated, code: string) =>
      (await at.as()(FOLLOW, { code })).data?.followUp?.handOff.id ?? 'NOT_FOUND'
    try {
      const old = await made(server)
      const contactId = await logContact(server)
      const input = { contactId, partnerId: UWV, nextStep: { kind: 'VISITOR_COMES' } }
      const made2 = (await rotated.as(GUIDE)(OFFER, { input })).data.offerHandOff
      const fresh = { id: made2.handOff.id, code: made2.followUpCode }
      expect([await ask(rotated, old.code), await ask(without, old.code)]).toEqual([old.id, 'NOT_FOUND'])
      expect([await ask(rotated, fresh.code), await ask(without, fresh.code)]).toEqual([fresh.id, fresh.id])
      // A server that was not yet given the new key does not know what it made.
      expect(refusal(await followUp(server, fresh.code))).toBe('NOT_FOUND')
      const hashes = await server.sql.query(
        'SELECT hand_off_id, left(hash, 3) AS key FROM follow_up_code WHERE hand_off_id = ANY ($1)',
        [[old.id, fresh.id]],
      )
      expect(new Map(hashes.rows.map(({ hand_off_id, key }) => [hand_off_id, key]))).toEqual(
        new Map([
          [old.id, 'k1:'],
          [fresh.id, 'k2:'],
        ]),
      )
    } finally {
      await rotated.stop()
      await without.stop()
    }
  })

  test('of a hash alone nothing is opened: the hash is not the code', async () => {
    const { id } = await made(server)
    const [{ hash }] = (await server.sql.query('SELECT hash FROM follow_up_code WHERE hand_off_id = $1', [id])).rows
    expect(refusal(await followUp(server, hash))).toBe('NOT_FOUND')
    await expect(perform(server.world, codeHolder(server.world, hash), 'followUp', followUpOf)).resolves.toBeUndefined()
  })
})
