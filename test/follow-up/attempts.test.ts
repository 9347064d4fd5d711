// Guesses are limited by count of attempts, not of requests, for one source and on every process; and no guess tells more than another.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { openDatabase } from '#app/database/door.js'
import { withCode } from '#app/follow-up/by-code.js'
import { NOBODY } from '#app/identity/capacity.js'
import { daysAfter, forgetAttempts, forward, GEMEENTE, give, made, refusal, secondServer, WIDEST } from '../journeys/hand-off.js'
import { onDatabase } from '../support/database.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { serverDatabase } from '../support/small-world.js'

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
beforeEach(() => forgetAttempts(server))
afterEach(() => server.setClock(A_DAY))

const AT_ONCE = 20
const FOLLOW = 'query ($code: String!) { followUp(code: $code) { status } }'
const guess = (code = '00000-00000-0000') => server.nobody(FOLLOW, { code })
const attempts = async () => (await server.sql.query('SELECT source, level FROM code_attempt ORDER BY source')).rows
/** As if so many seconds went by. */
const wait = (seconds: number) => server.sql.query("UPDATE code_attempt SET at = at - $1 * interval '1 second'", [seconds])
const fill = async () => {
  for (let tried = 0; tried < AT_ONCE; tried++) expect(refusal(await guess())).toBe('NOT_FOUND')
}

describe('A source', () => {
  test('may guess so often at once, then once a minute; and hears in how many seconds', async () => {
    await fill()
    const full = await guess()
    expect([full.status, refusal(full), full.data]).toEqual([200, 'TOO_MANY_ATTEMPTS', { followUp: null }])
    // The bucket leaks while it is filled, and machines can be slow.
    expect(full.errors![0].extensions.retryAfter).toBeGreaterThan(20)
    expect(full.errors![0].extensions.retryAfter).toBeLessThanOrEqual(60)
    await wait(61)
    expect(refusal(await guess())).toBe('NOT_FOUND')
    expect(refusal(await guess())).toBe('TOO_MANY_ATTEMPTS')
    await wait(AT_ONCE * 60)
    await fill()
    expect(refusal(await guess())).toBe('TOO_MANY_ATTEMPTS')
  })

  test('is refused also with a right code while it is full, and being refused costs nothing more', async () => {
    const { code } = await made(server)
    await fill()
    for (let tried = 0; tried < 5; tried++) expect(refusal(await guess(code))).toBe('TOO_MANY_ATTEMPTS')
    await wait(61)
    expect((await guess(code)).errors).toBeUndefined()
  })

  test('counts each alias of one request, and each root field of a change', async () => {
    const ten = (n: number) =>
      `query { ${Array.from({ length: 10 }, (_, i) => `a${i}: followUp(code: "0000${n}-0000${i}-0000") { status }`).join(' ')} }`
    await server.nobody(ten(1))
    const voices = Array.from({ length: 10 }, (_, i) => `a${i}: eraseByCode(code: "00000-0000${i}-0000") { status }`).join(' ')
    await server.nobody(`mutation { ${voices} }`)
    expect((await attempts()).map(({ level }) => Math.round(level))).toEqual([AT_ONCE])
    const { errors } = await server.nobody(ten(2))
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(Array(10).fill('TOO_MANY_ATTEMPTS'))
  })

  test('is counted on every process together', async () => {
    for (let tried = 0; tried < AT_ONCE / 2; tried++) {
      await guess()
      await second.as()(FOLLOW, { code: '00000-00000-0000' })
    }
    expect(refusal(await guess())).toBe('TOO_MANY_ATTEMPTS')
    expect((await second.as()(FOLLOW, { code: '00000-00000-0000' })).errors[0].extensions.code).toBe('TOO_MANY_ATTEMPTS')
  })

  test('pays nothing for right codes, one after the other or ten at once, whatever comes of the question', async () => {
    const { code } = await made(server)
    for (let tried = 0; tried < 2 * AT_ONCE; tried++) expect((await guess(code)).errors).toBeUndefined()
    const ten = Array.from({ length: 10 }, (_, i) => `a${i}: followUp(code: "${code}") { status }`).join(' ')
    for (let tried = 0; tried < 5; tried++) expect((await server.nobody(`{ ${ten} }`)).errors).toBeUndefined()
    for (let tried = 0; tried < AT_ONCE + 1; tried++)
      expect(refusal(await server.nobody('mutation ($code: String!) { narrowByCode(code: $code) { status } }', { code }))).toBe(
        'BAD_INPUT',
      )
    expect(Math.max(0, ...(await attempts()).map(({ level }) => level))).toBe(0)
  })

  test('that is another is not slowed: another network, another desk, and a desk beside its network', async () => {
    const { id, code } = await made(server)
    await fill()
    expect(refusal(await guess())).toBe('TOO_MANY_ATTEMPTS')
    // A desk counts as itself, wherever it sits.
    expect((await give(server, id, code, WIDEST)).errors).toBeUndefined()
    await expect(
      withCode({ world: server.world, network: '192.0.2.9' }, code, 'followUp', async (_, handOff) => handOff.id),
    ).resolves.toBe(id)
    for (let tried = 0; tried < AT_ONCE; tried++) await give(server, id, 'een-gok', WIDEST)
    const slowed = await give(server, id, code, WIDEST)
    expect([refusal(slowed), slowed.errors![0].extensions.retryAfter > 0]).toEqual(['TOO_MANY_ATTEMPTS', true])
    expect(refusal(await forward(server, id, GEMEENTE, { followUpCode: code, consent: WIDEST }))).toBe('TOO_MANY_ATTEMPTS')
    expect(refusal(await give(server, id, code, WIDEST, [], 'gids-gooi'))).toBe('NOT_FOUND')
    // Forwarding to a reserve takes no code, and so no attempt.
    expect(refusal(await forward(server, id, GEMEENTE))).toBe('CONSENT_REQUIRED')
  })

  test('at the desk pays for the code of another hand-off, and not for the right one', async () => {
    const [mine, other] = [await made(server), await made(server)]
    for (let tried = 0; tried < AT_ONCE + 5; tried++)
      expect((await give(server, mine.id, mine.code, WIDEST)).errors).toBeUndefined()
    for (let tried = 0; tried < AT_ONCE; tried++)
      expect(refusal(await give(server, mine.id, other.code, WIDEST))).toBe('CONSENT_REQUIRED')
    expect(refusal(await give(server, mine.id, mine.code, WIDEST))).toBe('TOO_MANY_ATTEMPTS')
  })

  test('is kept without an address or a code, as another from one day to the next, and forgotten after a day', async () => {
    const { code } = await made(server)
    await guess()
    await guess(code)
    server.setClock(daysAfter(A_DAY, 1))
    await guess()
    const sources = (await attempts()).map(({ source }) => source)
    expect(sources).toHaveLength(2)
    for (const source of sources) expect(source).toMatch(/^network k1:[\w-]{43}$/)
    await wait(90_000)
    await guess()
    expect(await attempts()).toHaveLength(1)
  })
})

describe('A fault of ours', () => {
  test('before a code was looked at costs nothing, at the page and at the desk: what is UNAVAILABLE says nothing about the code', async () => {
    const { id, code } = await made(server)
    const database = openDatabase(onDatabase(inject('cluster').serverUrl, server.sql.database!), { connections: 2, longest: 300 })
    const slow = await secondServer(server, { database })
    const GIVE = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { id } }'
    const asks: Record<string, (code: string) => Promise<any>> = {
      page: (code) => slow.as()(FOLLOW, { code }),
      desk: (followUpCode) => slow.as('gids-amersfoort')(GIVE, { input: { handOffId: id, followUpCode, consent: WIDEST } }),
    }
    await server.sql.query('BEGIN')
    await server.sql.query('LOCK TABLE follow_up_code IN ACCESS EXCLUSIVE MODE')
    try {
      for (const [name, ask] of Object.entries(asks))
        for (const tried of [code, '00000-00000-0000']) expect(refusal(await ask(tried)), `${name} ${tried}`).toBe('UNAVAILABLE')
    } finally {
      await server.sql.query('ROLLBACK')
    }
    const levels = (await attempts()).map(({ level }) => level)
    expect(levels).toEqual([0, 0])
    // And afterwards a wrong code costs as ever.
    for (const ask of Object.values(asks)) await ask('00000-00000-0000')
    expect((await attempts()).map(({ level }) => Math.round(level))).toEqual([1, 1])
    await slow.stop()
  })

  test('in the giving back is tried once more; and what was done is not called undone for it', async () => {
    const { id, code } = await made(server)
    const [{ def }] = (await server.sql.query(`SELECT pg_get_functiondef('give_back_code_attempt'::regproc) AS def`)).rows
    /** Breaks off the first so many; a sequence is not rolled back. */
    const failing = async (times: number, ask: () => Promise<any>) => {
      await forgetAttempts(server)
      await server.sql.query('CREATE SEQUENCE given_back; GRANT USAGE ON SEQUENCE given_back TO PUBLIC')
      await server.sql.query(`CREATE OR REPLACE FUNCTION give_back_code_attempt(network text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$ BEGIN
          IF nextval('public.given_back') <= ${times} THEN RAISE EXCEPTION USING ERRCODE = 'query_canceled'; END IF;
          UPDATE public.code_attempt a SET level = greatest(0, a.level - 1) WHERE a.source = public.code_attempt_source(network);
        END $$`)
      try {
        return { answer: await ask(), levels: (await attempts()).map(({ level }) => Math.round(level)) }
      } finally {
        await server.sql.query(def)
        await server.sql.query('DROP SEQUENCE given_back')
      }
    }
    expect(await failing(1, async () => (await guess(code)).errors)).toEqual({ answer: undefined, levels: [0] })
    const stopped = await failing(2, () =>
      server.nobody('mutation ($code: String!) { withdrawByCode(code: $code) { status } }', { code }),
    )
    expect([stopped.answer.errors, stopped.levels]).toEqual([undefined, [1]])
    const { rows } = await server.sql.query('SELECT change FROM consent WHERE hand_off_id = $1 ORDER BY version', [id])
    expect(rows.at(-1)).toEqual({ change: 'WITHDRAWN' })
    expect((await guess(code)).errors).toBeUndefined()
  })
})

describe('Unknown, mistyped and expired', () => {
  const PAST = `mutation ($code: String!) { withdrawByCode(code: $code) { status } }`

  test('take the same path: the same statements, in the same order, for question and change, visitor and desk', async () => {
    const said: string[] = []
    const database = serverDatabase(onDatabase(inject('cluster').serverUrl, server.sql.database!), (sql) => said.push(sql))
    const watched = await secondServer(server, { database })
    const mine = await made(server)
    const expired = await made(server)
    await server.sql.query(`UPDATE follow_up_code SET expires_on = '2026-11-18' WHERE hand_off_id = $1`, [expired.id])
    const mistyped = `${mine.code.slice(0, -1)}${mine.code.endsWith('0') ? '1' : '0'}`
    const codes = {
      unknown: '00000-00000-0000',
      mistyped,
      expired: expired.code,
      recognition: mine.recognitionCode,
      empty: '',
      long: '7'.repeat(300),
    }
    const statements = async (ask: (code: string) => Promise<unknown>, code: string) => {
      await forgetAttempts(server)
      said.length = 0
      const answer = await ask(code)
      return { answer: JSON.stringify(answer), sent: said.map((sql) => sql.replace(/\s+/g, ' ')) }
    }
    const consent = WIDEST
    const GIVE = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { id } }'
    const asks: Record<string, (code: string) => Promise<unknown>> = {
      question: (code) => watched.as()(FOLLOW, { code }),
      receipt: (code) => watched.as()('query ($code: String!) { consentReceipt(code: $code) { text } }', { code }),
      change: (code) => watched.as()(PAST, { code }),
      desk: (code) => watched.as('gids-amersfoort')(GIVE, { input: { handOffId: expired.id, followUpCode: code, consent } }),
    }
    for (const [name, ask] of Object.entries(asks)) {
      const first = await statements(ask, codes.unknown)
      expect(first.sent.length, name).toBeGreaterThan(3)
      expect(
        first.sent.some((sql) => sql.includes('take_code_attempt')),
        name,
      ).toBe(true)
      expect(
        first.sent.some((sql) => sql.includes('give_back')),
        name,
      ).toBe(false)
      for (const code of Object.values(codes)) expect(await statements(ask, code), `${name} ${code}`).toEqual(first)
    }
    // And a right code is seen to differ, so that this test can fail.
    expect((await statements(asks.question!, mine.code)).sent).not.toEqual((await statements(asks.question!, codes.unknown)).sent)
    await watched.stop()
  })

  test('the attempt is counted before the code is looked at, and stays when what was asked is rolled back', async () => {
    await server.nobody(PAST, { code: '00000-00000-0000' })
    expect((await attempts()).map(({ level }) => level)).toEqual([1])
  })
})

describe('Behind a proxy', () => {
  const behind = async (trustProxy: number | string | undefined) => {
    const lines: string[] = []
    const app = await buildApp({
      world: server.world,
      readToken: async () => NOBODY,
      trustProxy,
      logLevel: 'info',
      logTo: { write: (line) => lines.push(line) },
    })
    const ask = async (forwardedFor: string, code = '00000-00000-0000') =>
      (
        await app.inject({
          method: 'POST',
          url: '/graphql',
          remoteAddress: '10.0.0.1',
          headers: { 'x-forwarded-for': forwardedFor },
          payload: { query: FOLLOW, variables: { code } },
        })
      ).json().errors?.[0].extensions.code
    return { ask, lines, stop: () => app.close() }
  }

  test.each([[1], ['10.0.0.0/8']])(
    'that is named (%s), each network is a source of its own; what a caller adds itself is not believed',
    async (trustProxy) => {
      const { ask, lines, stop } = await behind(trustProxy)
      for (let tried = 0; tried < AT_ONCE; tried++) expect(await ask(`198.51.100.${tried}, 203.0.113.7`)).toBe('NOT_FOUND')
      expect(await ask('203.0.113.7')).toBe('TOO_MANY_ATTEMPTS')
      expect(await ask('203.0.113.8')).toBe('NOT_FOUND')
      const { code } = await made(server)
      await ask('203.0.113.8', code)
      await stop()
      expect(lines.length).toBeGreaterThan(20)
      expect(lines.join('')).not.toMatch(/203\.0\.113|198\.51\.100|10\.0\.0\.1/)
      expect(lines.join('')).not.toContain(code)
    },
  )

  test('that is not named, nobody is believed', async () => {
    const { ask, stop } = await behind(undefined)
    for (let tried = 0; tried < AT_ONCE; tried++) expect(await ask(`203.0.113.${tried}`)).toBe('NOT_FOUND')
    expect(await ask('203.0.113.99')).toBe('TOO_MANY_ATTEMPTS')
    await stop()
  })
})
