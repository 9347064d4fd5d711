// The first wall alone: with row-level security off and every table granted to everyone, each answer is what it was, byte for byte.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { step } from '../journeys/hand-off.js'
import { startServer, type TestServer } from '../support/server.js'
import { arrange, EVERYONE, mayFind, putTo, questions, type Thing } from './everything.js'

let server: TestServer
let things: Thing[]
let until: string
const before = new Map<string, string>()

beforeAll(async () => {
  server = await startServer()
  ;({ things, until } = await arrange(server))
  for (const account of EVERYONE)
    for (const question of questions(things, until))
      before.set(key(account, question), (await putTo(server, account, question)).text)
  const { rows } = await server.sql.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
  const { rows: roles } = await server.sql.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'wo\\_%' AND NOT rolcanlogin")
  expect(roles).toHaveLength(10)
  for (const { tablename } of rows) await server.sql.query(`ALTER TABLE "${tablename}" DISABLE ROW LEVEL SECURITY`)
  for (const { rolname } of roles) await server.sql.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${rolname}`)
})
afterAll(() => server.stop())

const key = (account: string | undefined, { name, variables }: { name: string; variables: object }) =>
  `${account} ${name} ${JSON.stringify(variables)}`

test('the second wall is down: any capacity reads any row', async () => {
  await server.sql.query('BEGIN; SET LOCAL ROLE wo_nobody')
  const { rows } = await server.sql.query('SELECT count(*)::int AS all FROM hand_off_sensitive')
  await server.sql.query('ROLLBACK')
  expect(rows[0].all).toBeGreaterThan(5)
})

test.each(EVERYONE.map((account) => ({ account, name: account ?? 'nobody' })))(
  '$name still hears the same to every query',
  async ({ account }) => {
    let found = 0
    for (const question of questions(things, until)) {
      const answer = await putTo(server, account, question)
      expect(answer.text, key(account, question)).toBe(before.get(key(account, question)))
      expect(answer.status, key(account, question)).toBe(200)
      if (question.name === 'followUp' || question.name === 'consentReceipt') continue
      for (const thing of things)
        if (!mayFind(account, thing) && question.variables.about !== thing.id)
          expect(answer.text.includes(thing.recognitionCode), `${key(account, question)} shows ${thing.id}`).toBe(false)
      if (question.name === 'handOff' && answer.data.handOff) found++
    }
    expect(found).toBe(things.filter((thing) => mayFind(account, thing)).length)
  },
)

test('nobody moves or narrows what is another’s', async () => {
  const MUTATIONS: [string, string?][] = [
    ['acceptHandOff'],
    ['declineHandOff', 'reason: NO_CAPACITY'],
    ['recordFirstContact'],
    ['completeHandOff', 'outcome: WORK'],
    ['returnHandOff', 'reason: NO_SHOW'],
    ['withdrawHandOff', 'reason: NOT_NEEDED'],
    ['lapseHandOff'],
    ['recordAnswerHeard', 'answer: ACCEPTED'],
    ['recordGuideVoice', 'voice: WORKED'],
    ['recordWarmCall', 'channel: PHONE, result: SPOKEN, visitorPresent: true'],
    ['narrowConsent', 'categories: [question]'],
    ['withdrawConsent'],
  ]
  const dump = async () => {
    let text = ''
    for (const table of [
      'hand_off',
      'hand_off_event',
      'hand_off_outcome',
      'hand_off_view',
      'hand_off_staff',
      'warm_call',
      'consent',
    ])
      text += (await server.sql.query(`SELECT string_agg(t::text, ' ' ORDER BY t::text) AS text FROM ${table} t`)).rows[0].text
    return text
  }
  const was = await dump()
  let refused = 0
  for (const account of EVERYONE)
    for (const thing of things.slice(0, 12).filter((thing) => account && !mayFind(account, thing)))
      for (const [name, more] of MUTATIONS) {
        const answer = await step(server, account!, name, thing.id, more)
        expect(['NOT_FOUND', 'FORBIDDEN'], `${account} would ${name}`).toContain(answer.errors?.[0].extensions.code)
        refused++
      }
  expect(refused).toBeGreaterThan(1000)
  expect(await dump()).toBe(was)
})
