// Notes and remarks on the real server: what may point at a person is refused and kept nowhere; what is kept is behind the three locks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { eraseClosed } from '#app/consent/erase.js'
import { demoId } from '#app/demo/ids.js'
import {
  detail,
  done,
  FNV,
  followUp,
  forward,
  GEMEENTE,
  GUIDE,
  give,
  listed,
  made,
  narrow,
  type Offered,
  refusal,
  step,
  WIDEST,
  WITH_SENSITIVE,
  WSP,
  withdraw,
} from '../journeys/hand-off.js'
import { type Answer, startServer, type TestServer } from '../support/server.js'
import { CONTACT } from '../support/story.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const HANDLER = 'uwv-amersfoort'
const WITH_NOTE = { ...WIDEST, categories: [...WIDEST.categories, 'note'] }
const NOTE = 'Wil graag in de buurt werken, liefst in de ochtend.'
const SENSITIVE = 'Zit in de WIA en wil weer beginnen.'

const log = (changes: object, account = GUIDE) =>
  server.as(account)('mutation ($input: LogContactInput!) { logContact(input: $input) { id note } }', {
    input: { ...CONTACT, ...changes },
  })
const remark = (id: string, text: string, account = HANDLER) =>
  server.as(account)(
    'mutation ($id: ID!, $remark: FreeText!) { recordRemark(id: $id, remark: $remark) { remarks { number remark day } } }',
    {
      id,
      remark: text,
    },
  )
const correctNote = (id: string, note: string) =>
  server.as(GUIDE)(
    'mutation ($id: ID!, $note: FreeText) { correctShared(handOffId: $id, correction: { note: $note }) { note } }',
    { id, note },
  )
const rows = async (sql: string, ...values: unknown[]): Promise<any[]> => (await server.sql.query(sql, values)).rows
const count = async (table: string) => Number((await rows(`SELECT count(*) AS n FROM ${table}`))[0].n)
async function everything(): Promise<number[]> {
  const counts = []
  for (const table of [
    'visitor_contact',
    'visitor_contact_note',
    'hand_off',
    'hand_off_note',
    'hand_off_remark',
    'idempotency_key',
  ])
    counts.push(await count(table))
  return counts
}
/** Every row of every table as text. */
async function dump(): Promise<string> {
  const tables = await rows(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
  )
  let text = ''
  for (const { name } of tables) text += JSON.stringify(await rows(`SELECT t::text FROM ${name} t`))
  return text
}
const findings = ({ errors }: Answer) => errors?.[0]?.extensions.findings

describe('What may point at a person is refused', () => {
  test.each([
    ['name', 'Graag contact met Fatima Yilmaz over de cursus.', 'Fatima Yilmaz'],
    ['phone', 'Bellen op 06-12345678 graag.', '06-12345678'],
    ['email', 'Mail naar f.yilmaz@voorbeeld.nl', 'f.yilmaz@voorbeeld.nl'],
    ['bsn', 'BSN 111222333 staat in het dossier.', '111222333'],
    ['iban', 'Rekening NL91 ABNA 0417 1643 00 klopt niet.', 'NL91 ABNA 0417 1643 00'],
    ['postcode', 'Woont in 3811 AB, wil fietsen.', '3811 AB'],
    ['address', 'Woont op Dorpsstraat 12 en wil fietsen.', 'Dorpsstraat 12'],
    ['birth-date', 'Geboren op 12-03-1985, zoekt werk.', '12-03-1985'],
    ['plate', 'Komt met de auto, kenteken 12-ABC-3.', '12-ABC-3'],
    ['case-number', 'Zie dossiernummer 2024/123456 bij ons.', '2024/123456'],
    ['document', 'Heeft paspoort NW1234567 bij zich.', 'NW1234567'],
    ['link', 'Zie linkedin.com/in/fatima-yilmaz voor werk.', 'linkedin.com/in/fatima-yilmaz'],
    ['description', 'De enige vrouwelijke loodgieter van Urk, 54.', 'enige vrouwelijke loodgieter van Urk'],
    ['sensitive', 'Is vaak ziek geweest dit jaar.', 'ziek'],
  ])('%s: with its place and an advice, never the text; nothing is kept', async (kind, note, words) => {
    const before = await everything()
    const answer = await log({ note, idempotencyKey: `refused-${kind}` })
    expect(refusal(answer)).toBe('TEXT_REFUSED')
    const found = findings(answer).find((one: any) => one.kind === kind)
    expect(found).toMatchObject({ field: 'input.note', kind, advice: expect.stringMatching(/\w \w.*\.$/) })
    expect(note.slice(found.start, found.end)).toContain(words.split(' ')[0])
    expect(answer.text).not.toContain(words)
    expect(await everything()).toEqual(before)
    // The same without it succeeds, also under the same key.
    expect(refusal(await log({ note: NOTE, idempotencyKey: `refused-${kind}` }))).toBeUndefined()
  })

  test('nothing of it is in the database or in the log of the server; the access record has the kinds', async () => {
    const { id } = await made(server, { consent: WITH_NOTE, note: NOTE })
    await remark(id, 'Meneer Qwabblestein belt 06 98765432')
    await correctNote(id, 'Vraag naar Qwabblestein, 0698765432')
    const lines: string[] = []
    const app = await buildApp({
      world: server.world,
      readToken: async () =>
        ({ ...{ role: 'GUIDE', side: 'WERKCENTRUM', subject: 'x' }, organisationId: demoId('werkcentrum-amersfoort') }) as never,
      logLevel: 'trace',
      logTo: { write: (line) => void lines.push(line) },
    })
    const query = 'mutation ($input: LogContactInput!) { logContact(input: $input) { id } }'
    const input = { ...CONTACT, note: 'Qwabblestein 06-98765432' }
    expect((await app.inject({ method: 'POST', url: '/graphql', payload: { query, variables: { input } } })).body).toContain(
      'TEXT_REFUSED',
    )
    await app.close()
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('')).not.toMatch(/qwabblestein|98765432/i)
    const everyRow = await dump()
    expect(everyRow).not.toMatch(/qwabblestein/i)
    expect(everyRow).not.toMatch(/98765432/)
    const records = await rows(
      `SELECT operation, role, purpose, refused_kinds AS kinds FROM access_record WHERE refusal = 'TEXT_REFUSED' ORDER BY at DESC LIMIT 3`,
    )
    expect(records).toEqual([
      { operation: 'logContact', role: 'GUIDE', purpose: 'HELP', kinds: 'name phone' },
      { operation: 'correctShared', role: 'GUIDE', purpose: 'HELP', kinds: 'name phone' },
      { operation: 'recordRemark', role: 'HANDLER', purpose: 'HELP', kinds: 'name phone' },
    ])
    const { data } = await server.as('privacy-amersfoort')(
      '{ accessLog(first: 1) { edges { node { operation refusal refusedKinds } } } }',
    )
    expect(data.accessLog.edges[0].node).toEqual({
      operation: 'logContact',
      refusal: 'TEXT_REFUSED',
      refusedKinds: ['name', 'phone'],
    })
  })

  test('what is split over two fields of one mutation is read together', async () => {
    const terms = (contactPoint: string, documentReference: string) =>
      server.as('signatory-amersfoort')(
        `mutation ($input: AgreementTermsInput!) { draftAgreement(werkcentrumId: "${GEMEENTE}", partnerId: "${WSP}", input: $input) { id } }`,
        {
          input: {
            ...{ controllers: [GEMEENTE], actingFor: [GEMEENTE], cells: [{ category: 'question', purposes: ['HELP'] }] },
            ...{
              legalBasis: 'task-of-the-gemeente',
              answerTermDays: 5,
              firstContactTermDays: 5,
              contactPoint,
              documentReference,
            },
            ...{ reviewOn: '2027-01-01', validFrom: '2026-12-01', validTo: '2027-12-01' },
          },
        },
      )
    const split = await terms('Bel het loket op 06 1234', '5678 is de rest')
    expect(refusal(split)).toBe('TEXT_REFUSED')
    expect(findings(split).map(({ field, kind }: any) => [field, kind])).toEqual([
      ['input.contactPoint', 'phone'],
      ['input.documentReference', 'phone'],
    ])
    expect(refusal(await terms('Loket van het stadhuis', 'Afspraak 2026'))).not.toBe('TEXT_REFUSED')
  })

  test('whoever may not run the operation hears that, and nothing of the text', async () => {
    const answer = await log({ note: 'Fatima Yilmaz' }, HANDLER)
    expect(refusal(answer)).toBe('FORBIDDEN')
    expect(answer.errors![0].extensions.findings).toBeUndefined()
  })

  test('more than 280 characters is too long, spaces alone are nothing', async () => {
    expect(refusal(await log({ note: 'werk '.repeat(57) }))).toBe('BAD_INPUT')
    expect((await done(log({ note: '   ' }))).note).toBeNull()
    expect((await done(log({ note: `  ${NOTE} ` }))).note).toBe(NOTE)
  })
})

describe('A note on a hand-off', () => {
  test('is copied only where consent names it, and read by desk and partner as the policy says; never in a list', async () => {
    const offered = await made(server, { consent: WITH_NOTE, note: NOTE })
    const seenBy = async (account: string) => (await detail(server, account, offered.id)).data.handOff?.note
    expect(await seenBy(GUIDE)).toBe(NOTE)
    expect(await seenBy(HANDLER)).toBeNull()
    await done(step(server, HANDLER, 'acceptHandOff', offered.id))
    expect(await seenBy(HANDLER)).toBe(NOTE)
    for (const account of ['coordinator-amersfoort', 'privacy-amersfoort', 'privacy-uwv'])
      expect(await seenBy(account)).toBeNull()
    expect((await detail(server, 'gemeente-amersfoort', offered.id)).text).not.toContain(NOTE)
    for (const account of [GUIDE, HANDLER, 'coordinator-amersfoort'])
      expect((await listed(server, account, offered.id))?.node.note).toBeNull()
    const visitor = await followUp(server, offered.code)
    expect(visitor.text).not.toContain(NOTE)
    expect(visitor.data.followUp.shared).toContainEqual({ category: 'note', shared: true })
    await done(step(server, HANDLER, 'completeHandOff', offered.id, 'outcome: WORK'))
    for (const account of [GUIDE, HANDLER]) expect(await seenBy(account)).toBeNull()
  })

  test('comes from the contact where none is typed; without consent it stays there', async () => {
    const offered = await made(server, { consent: WITH_NOTE }, { note: NOTE })
    expect((await detail(server, GUIDE, offered.id)).data.handOff.note).toBe(NOTE)
    const quiet = await made(server, {}, { note: NOTE })
    expect(await rows('SELECT 1 FROM hand_off_note WHERE hand_off_id = $1', quiet.id)).toEqual([])
  })

  const offering = (changes: object, contact: object = {}) =>
    made(server, changes, contact).then(
      () => 'made',
      (fault: Error) => /"code":"(\w+)"/.exec(fault.message)?.[1],
    )
  test.each([
    ['typed without consent that names it', { note: NOTE }, 'CONSENT_REQUIRED'],
    ['typed without any consent', { note: NOTE, consent: null }, 'CONSENT_REQUIRED'],
    ['agreed to where there is none', { consent: WITH_NOTE }, 'BAD_INPUT'],
    [
      'for a union',
      { consent: { ...WITH_NOTE, explicitCategories: WITH_NOTE.categories }, note: NOTE, partnerId: FNV },
      'BAD_INPUT',
    ],
    ['that is sensitive, with consent for a note alone', { consent: WITH_NOTE, note: SENSITIVE }, 'CONSENT_REQUIRED'],
    [
      'that is sensitive, for a partner that may not read such',
      { consent: WITH_SENSITIVE, note: SENSITIVE, partnerId: WSP },
      'BAD_INPUT',
    ],
  ])('%s is refused', async (_, changes, code) => {
    const before = await count('hand_off')
    expect(await offering(changes)).toBe(code)
    expect(await count('hand_off')).toBe(before)
  })

  test('that is sensitive is stored as sensitive, and shown by that rule alone', async () => {
    const offered = await made(server, { consent: WITH_SENSITIVE, note: SENSITIVE })
    expect(await rows('SELECT note FROM hand_off_note WHERE hand_off_id = $1', offered.id)).toEqual([])
    expect(await rows('SELECT facts, note FROM hand_off_sensitive WHERE hand_off_id = $1', offered.id)).toEqual([
      { facts: [], note: SENSITIVE },
    ])
    await done(step(server, HANDLER, 'acceptHandOff', offered.id))
    for (const account of [GUIDE, HANDLER])
      expect((await detail(server, account, offered.id)).data.handOff).toMatchObject({
        note: null,
        sensitive: [],
        sensitiveNote: SENSITIVE,
      })
    await done(narrow(server, GUIDE, offered.id, WIDEST.categories))
    for (const account of [GUIDE, HANDLER])
      expect((await detail(server, account, offered.id)).data.handOff).toMatchObject({ sensitive: null, sensitiveNote: null })
  })

  test('is corrected at the desk, and closes, goes and comes like the other context', async () => {
    const offered = await made(server, { consent: WITH_NOTE, note: NOTE })
    expect((await done(correctNote(offered.id, 'Wil in de middag werken.'))).note).toBe('Wil in de middag werken.')
    expect(refusal(await correctNote(offered.id, 'Is vaak ziek.'))).toBe('TEXT_REFUSED')
    const byCode = await server.nobody(
      `mutation ($code: String!) { correctByCode(code: $code, correction: { note: "Wil overdag werken." }) { status } }`,
      { code: offered.code },
    )
    expect(refusal(byCode)).toBe('BAD_INPUT')
    await done(step(server, HANDLER, 'acceptHandOff', offered.id))
    await done(withdraw(server, GUIDE, offered.id))
    expect((await detail(server, HANDLER, offered.id)).data.handOff.note).toBeNull()
    await server.sql.query('UPDATE consent SET day = day - 14, expires_on = expires_on - 14 WHERE hand_off_id = $1', [offered.id])
    await server.sql.query('UPDATE context_due SET due_on = due_on - 14 WHERE hand_off_id = $1', [offered.id])
    await eraseClosed(server.world)
    expect(await rows('SELECT 1 FROM hand_off_note WHERE hand_off_id = $1', offered.id)).toEqual([])
    expect(await rows(`SELECT because FROM erasure WHERE hand_off_id = $1 AND category = 'note'`, offered.id)).toEqual([
      { because: 'TERM' },
    ])
  })

  test('is erased with the code, and again after a restore', async () => {
    const offered = await made(server, { consent: WITH_NOTE, note: NOTE })
    const [kept] = await rows('SELECT * FROM hand_off_note WHERE hand_off_id = $1', offered.id)
    await done(server.nobody('mutation ($code: String!) { eraseByCode(code: $code) { status } }', { code: offered.code }))
    expect(await rows('SELECT 1 FROM hand_off_note WHERE hand_off_id = $1', offered.id)).toEqual([])
    await server.sql.query('INSERT INTO hand_off_note VALUES ($1, $2, $3, $4)', Object.values(kept))
    await server.sql.query('SELECT replay_erasures()')
    expect(await rows('SELECT 1 FROM hand_off_note WHERE hand_off_id = $1', offered.id)).toEqual([])
  })

  test('goes along to a reserve that may read notes, and stays behind where none there may', async () => {
    const to = async (partner: string) => {
      const offered = await made(server, { consent: { ...WITH_NOTE, reservePartnerId: partner }, note: NOTE })
      const { handOff } = await done(forward(server, offered.id, partner))
      return rows('SELECT note FROM hand_off_note WHERE hand_off_id = $1', handOff.id)
    }
    expect(await to(GEMEENTE)).toEqual([{ note: NOTE }])
    const [{ id: privatePartner }] = await rows(`SELECT id FROM partner WHERE kind = 'PRIVATE' LIMIT 1`)
    expect(await to(privatePartner)).toEqual([])
  })

  test('can be agreed to later, with the code, and typed then', async () => {
    const offered = await made(server)
    const giving = (note: string, consent: object) =>
      server.as(GUIDE)('mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { note sensitiveNote } }', {
        input: { handOffId: offered.id, followUpCode: offered.code, consent, note },
      })
    expect(refusal(await giving(NOTE, WIDEST))).toBe('CONSENT_REQUIRED')
    expect(await done(giving(NOTE, WITH_NOTE))).toEqual({ note: NOTE, sensitiveNote: null })
    expect(refusal(await giving('Iets anders.', WITH_NOTE))).toBe('BAD_INPUT')
    const both = { ...WITH_SENSITIVE, categories: [...WITH_SENSITIVE.categories, 'note'] }
    expect(await done(giving(SENSITIVE, both))).toEqual({ note: NOTE, sensitiveNote: SENSITIVE })
    expect(refusal(await give(server, offered.id, offered.code, WITH_NOTE))).toBeUndefined()
  })
})

describe('A remark (invariant 14)', () => {
  let offered: Offered
  beforeAll(async () => {
    offered = await made(server, { consent: WITH_NOTE, note: NOTE })
  })
  const remarks = async (account: string) => (await detail(server, account, offered.id)).data.handOff?.remarks

  test('is read by the side that wrote it, and stays after withdrawal and the end', async () => {
    await done(remark(offered.id, 'Belt maandag terug over de cursus.'))
    const { remarks: both } = await done(remark(offered.id, 'Heeft gebeld.'))
    expect(both).toEqual([
      { number: 1, remark: 'Belt maandag terug over de cursus.', day: '2026-11-18' },
      { number: 2, remark: 'Heeft gebeld.', day: '2026-11-18' },
    ])
    for (const account of [GUIDE, 'coordinator-amersfoort', 'privacy-amersfoort', 'privacy-uwv'])
      expect(await remarks(account)).toBeNull()
    expect((await followUp(server, offered.code)).text).not.toContain('Belt maandag')
    await done(withdraw(server, GUIDE, offered.id))
    await done(step(server, HANDLER, 'completeHandOff', offered.id, 'outcome: WORK'))
    expect(await remarks(HANDLER)).toHaveLength(2)
  })

  test('leaves no trace on the other side: no event, no number of the story, no date of change', async () => {
    const other = await made(server)
    const asSeen = async () => (await detail(server, GUIDE, other.id)).data.handOff
    const before = await asSeen()
    await done(remark(other.id, 'Past bij de cursus in januari.'))
    expect({ ...(await asSeen()), viewed: before.viewed }).toEqual(before)
    await done(step(server, HANDLER, 'acceptHandOff', other.id))
    expect((await asSeen()).events.map(({ number }: any) => number)).toEqual([1, 2])
  })

  test.each([
    ['of another partner’s hand-off', 'gemeente-amersfoort', 'NOT_FOUND'],
    ['by a desk, which the policy gives none', GUIDE, 'FORBIDDEN'],
    ['by a coordinator', 'coordinator-amersfoort', 'FORBIDDEN'],
  ])('%s is refused', async (_, account, code) => {
    expect(refusal(await remark(offered.id, 'Iets.', account))).toBe(code)
  })

  test('says nothing that AVG art. 9 or 10 protects, and something', async () => {
    expect(refusal(await remark(offered.id, 'Zit in de WIA.'))).toBe('TEXT_REFUSED')
    expect(refusal(await remark(offered.id, ' '))).toBe('BAD_INPUT')
  })
})

describe('Asking the guard while typing', () => {
  const check = (text: string, account = GUIDE) =>
    server.as(account)(
      'query ($text: String!) { checkText(text: $text) { findings { start end kind advice } sensitive { start end topic } } }',
      { text },
    )
  test('tells what would be refused and what is sensitive, and keeps nothing', async () => {
    const text = 'Mevrouw Zwabberstein is ziek.'
    const { findings: found, sensitive } = await done(check(text))
    expect(found).toEqual([{ start: 8, end: 20, kind: 'name', advice: expect.stringContaining('Schrijf geen namen') }])
    expect(sensitive).toEqual([{ start: 24, end: 28, topic: 'health' }])
    expect(await dump()).not.toMatch(/zwabberstein/i)
  })
  test('is for whoever may type something, and for a text that could be a note', async () => {
    expect(refusal(await check('werk', 'coordinator-amersfoort'))).toBe('FORBIDDEN')
    expect(refusal(await server.nobody('{ checkText(text: "werk") { findings { kind } } }'))).toBe('UNAUTHENTICATED')
    expect(refusal(await check('a '.repeat(1001)))).toBe('BAD_INPUT')
  })
})
