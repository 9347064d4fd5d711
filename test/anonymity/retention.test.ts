// policies/retention.yaml, the code and the database say the same, of every table there is; and who may ask hears it.
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRetention, readRetention, tablesOf } from '#app/anonymity/retention.js'
import { CONSENT_DAYS } from '#app/consent/consent.js'
import { policyText } from '#app/decide/policy-files.js'
import { CODE_DAYS } from '#app/handoffs/codes.js'
import { POLICIES, startServer, type TestServer } from '../support/server.js'

const RETENTION = readRetention(POLICIES)
const text = policyText(POLICIES, 'retention.yaml')
const daysOf = (subject: string) => RETENTION.rules.find((rule) => rule.subject === subject)?.days

let server: TestServer
let sql: Client
beforeAll(async () => {
  server = await startServer()
  sql = server.sql
})
afterAll(() => server.stop())

const bodyOf = async (name: string) =>
  (await sql.query('SELECT pg_get_functiondef($1::regproc) AS body', [name])).rows[0].body as string

describe('The file', () => {
  test('speaks of every table of the database, and of no other', async () => {
    const { rows } = await sql.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations'`,
    )
    expect([...tablesOf(RETENTION)].sort()).toEqual(rows.map(({ name }) => name).sort())
  })

  test('names columns that there are, and coarsens every day of a hand-off', async () => {
    const { rows } = await sql.query(
      `SELECT table_name || '.' || column_name AS name, data_type AS type, is_generated FROM information_schema.columns WHERE table_schema = 'public'`,
    )
    const columns = new Set(rows.map(({ name }) => name))
    for (const { empties, coarsens } of RETENTION.rules)
      for (const name of [...empties, ...coarsens]) expect(columns).toContain(name)
    // What is removed with its table needs no coarsening, and what is derived from a day follows it.
    const gone = ['hand_off_next_step', 'hand_off_remark', 'follow_up_code', 'context_due']
    const days = rows
      .filter(
        ({ name, type, is_generated }) =>
          type === 'date' && is_generated === 'NEVER' && /^(hand_off|consent|warm_call|visitor_contact)/.test(name),
      )
      .map(({ name }) => name)
      .filter((name) => !gone.includes(name.split('.')[0]) && name !== 'hand_off.consent_until')
    for (const step of ['week', 'quarter']) {
      const coarsened = ['contact', 'hand-off'].flatMap(
        (kind) => RETENTION.rules.find(({ subject }) => subject === `${kind}-${step}`)!.coarsens,
      )
      expect([...coarsened].sort(), step).toEqual(days.sort())
    }
  })

  test('says what code and SQL say', async () => {
    expect(daysOf('consent-holds')).toBe(CONSENT_DAYS)
    expect(await bodyOf('consent_follows_the_last')).toContain(`NEW.day + ${CONSENT_DAYS}`)
    expect(daysOf('follow-up-code-holds')).toBe(CODE_DAYS)
    expect(daysOf('code-attempts')).toBe(1)
    expect(await bodyOf('take_code_attempt')).toContain(`interval '1 day'`)
    expect((await sql.query('SELECT closed_context_days() AS days')).rows[0].days).toBe(daysOf('closed-context'))
  })

  test('is what the database goes by', async () => {
    await sql.query('BEGIN')
    await sql.query(`UPDATE retention_rule SET days = 3 WHERE subject = 'closed-context'`)
    expect((await sql.query('SELECT closed_context_days() AS days')).rows[0].days).toBe(3)
    await sql.query('ROLLBACK')
    const { rows } = await sql.query('SELECT subject, days FROM retention_rule ORDER BY 1')
    expect(rows).toEqual(
      RETENTION.rules.map(({ subject, days }) => ({ subject, days })).sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    )
  })

  test.each([
    [
      'steps in another order',
      'days: 28\n    does: week',
      'days: 3\n    does: week',
      /retention\.yaml:\d+: expected at least 14: a step comes after/,
    ],
    ['a step that is missing', '  contact-week:', '  contact-fortnight:', /"contact-week" is missing/],
    [
      'a hand-off that fades while its loop may be open',
      'days: 28\n    does: remove',
      'days: 7\n    does: remove',
      /expected at least 14/,
    ],
    ['nothing that is unique', 'k: 3', 'k: 1', /retention\.yaml:\d+: below 2 nothing is unique/],
    ['another thing to do', 'does: quarter', 'does: blur', /expected one of/],
    ['a row of which nobody knows since when', '    since: expires_on\n', '', /"since" is for what is counted from its row/],
    ['a table that is none', 'tables: [visitor_contact]', 'tables: ["visitor contact; --"]', /expected the name of a table/],
  ])('with %s is refused, with its line', (_, from, to, sentence) => {
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    expect(() => parseRetention(changed)).toThrow(sentence)
  })
})

describe('The query', () => {
  const ASK = '{ retention { subject category countedFrom does days months tables source law needsLawyer lastDoneAt } }'

  test('tells what is kept, for how long, why, and when it was last done', async () => {
    await sql.query(`INSERT INTO fading_run VALUES ('2026-11-17', 'contact-week', 1, 7, '2026-11-17T03:04:05Z')`)
    const { data } = await server.as('privacy-amersfoort')(ASK)
    expect(data.retention).toHaveLength(RETENTION.rules.length)
    expect(data.retention.find(({ subject }: { subject: string }) => subject === 'contact-week')).toEqual({
      subject: 'contact-week',
      category: 'logistics',
      countedFrom: 'CONTACT',
      does: 'WEEK',
      days: 28,
      months: null,
      tables: ['visitor_contact'],
      source: expect.stringContaining('A desk plans'),
      law: 'AVG art. 5(1)(c) and 5(1)(e)',
      needsLawyer: true,
      lastDoneAt: '2026-11-17T03:04:05Z',
    })
    expect(data.retention.find(({ subject }: { subject: string }) => subject === 'access-log')).toMatchObject({
      months: 60,
      days: null,
    })
  })

  test.each(['coordinator-amersfoort', 'privacy-uwv'])('is for %s too', async (account) => {
    expect((await server.as(account)(ASK)).data.retention.length).toBeGreaterThan(40)
  })

  test.each(['gids-amersfoort', 'uwv-amersfoort'])('and not for %s', async (account) => {
    expect((await server.as(account)(ASK)).errors?.[0].extensions.code).toBe('FORBIDDEN')
  })
})
