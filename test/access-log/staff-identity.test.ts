// Who is behind a pseudonym: two people open it together, nobody alone; both organisations read that it happened; the account goes to one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { padsOf } from '#app/database/signed.js'
import { demoId } from '#app/demo/ids.js'
import type { KeyRing } from '#app/identity/pseudonym.js'
import { daysAfter, done, FNV, made, refusal, TO_A_UNION, UWV, WIDEST } from '../journeys/hand-off.js'
import { A_DAY, type Answer, startServer, type TestServer } from '../support/server.js'
import { signedAs } from '../support/signed.js'

const WERKCENTRUM = demoId('werkcentrum-amersfoort')
const GOOI = demoId('werkcentrum-gooi')
const GEMEENTE = demoId('gemeente-amersfoort')

type Person = { role: string; side: 'WERKCENTRUM' | 'PARTNER'; organisationId: string; subject: string }
const person = (role: string, side: Person['side'], organisationId: string, subject: string): Person => ({
  role,
  side,
  organisationId,
  subject,
})

/** Somebody whose account would be a name, were it told. */
const SUBJECT = 'h.jansen-van.dijk@uwv.example'
const handler = person('HANDLER', 'PARTNER', UWV, SUBJECT)
const guide = person('GUIDE', 'WERKCENTRUM', WERKCENTRUM, 'gids.de-vries@desk.example')
const ofUnion = person('HANDLER', 'PARTNER', FNV, 'lid@fnv.example')
const uwv = person('PRIVACY_OFFICER', 'PARTNER', UWV, 'officer of uwv')
const uwv2 = person('PRIVACY_OFFICER', 'PARTNER', UWV, 'second officer of uwv')
const desk = person('PRIVACY_OFFICER', 'WERKCENTRUM', WERKCENTRUM, 'officer of the desk')
const gemeente = person('PRIVACY_OFFICER', 'PARTNER', GEMEENTE, 'officer of the gemeente')
const gooi = person('PRIVACY_OFFICER', 'WERKCENTRUM', GOOI, 'officer of gooi')
const fnv = person('PRIVACY_OFFICER', 'PARTNER', FNV, 'officer of fnv')
const signatory = person('SIGNATORY', 'WERKCENTRUM', WERKCENTRUM, 'signatory of the desk')
const signatoryOfUwv = person('SIGNATORY', 'PARTNER', UWV, 'signatory of uwv')

let server: TestServer
/** The same server, that takes people at their word: a token has one capacity, and some people here have two. */
let app: Awaited<ReturnType<typeof buildApp>>
let said = ''
let ring: KeyRing
let offered: { id: string; code: string }
beforeAll(async () => {
  server = await startServer()
  ring = server.world.keys
  app = await buildApp({
    world: {
      ...server.world,
      get keys() {
        return ring
      },
    },
    readToken: async (authorization) => JSON.parse(Buffer.from(authorization!.slice(7), 'base64url').toString()),
    logLevel: 'trace',
    logTo: { write: (line) => (said += line) },
  })
  offered = await made(server)
})
afterAll(async () => {
  await app.close()
  await server.stop()
})

const ask = async (who: Person, query: string, variables: object = {}): Promise<Answer> => {
  const { statusCode, body, headers } = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${Buffer.from(JSON.stringify(who)).toString('base64url')}` },
    payload: { query, variables },
  })
  return { status: statusCode, text: body, headers: headers as never, ...JSON.parse(body) }
}

type Line = {
  id: string
  at: string
  operation: string
  actor: string | null
  actingOrganisation: string
  refusal: string | null
}
const logOf = async (who: Person, more = 'first: 50'): Promise<Line[]> =>
  (
    await done(
      ask(
        who,
        `{ accessLog(${more}) { edges { node { id at operation actor actingOrganisation refusal objects { reference } } } } }`,
      ),
    )
  ).edges.map(({ node }: { node: Line }) => node)

const REQUEST = `mutation ($recordId: ID!, $at: String!, $reason: StaffIdentityReason!, $with: ID) {
  requestStaffIdentity(recordId: $recordId, at: $at, reason: $reason, withOrganisationId: $with) {
    id askedBy answeredBy recordDay reason askedOn state answeredOn openUntil recordId recordAt } }`
const request = (who: Person, { id, at }: { id: string; at: string }, more: object = {}) =>
  ask(who, REQUEST, { recordId: id, at, reason: 'MISUSE_SUSPECTED', ...more })
const answer = (who: Person, id: string, agree = true) =>
  ask(
    who,
    'mutation ($id: ID!, $agree: Boolean!) { answerStaffIdentityRequest(id: $id, agree: $agree) { state answeredOn openUntil recordId } }',
    { id, agree },
  )
const read = (who: Person, id: string) =>
  ask(who, 'query ($id: ID!) { staffIdentity(requestId: $id) { pseudonym subject } }', { id })
const requests = async (who: Person) =>
  done(ask(who, '{ staffIdentityRequests { id askedBy answeredBy recordDay reason askedOn state openUntil recordId recordAt } }'))

/** The lines of both sides about a hand-off to a union. */
async function linesOfUnion(): Promise<{ id: string; at: Date; organisation_id: string }[]> {
  const { id } = await made(server, { partnerId: FNV, consent: TO_A_UNION })
  await done(ask(ofUnion, 'query ($id: ID!) { handOff(id: $id) { state } }', { id }))
  const { rows } = await server.sql.query(
    `SELECT r.id, r.at, r.organisation_id FROM access_record r JOIN access_record_part p ON p.record_id = r.id WHERE p.hand_offs @> ARRAY[$1::uuid]`,
    [id],
  )
  return rows
}

/** A new line of the handler, about a hand-off of the desk; as the own officer reads it. */
async function lineOfHandler(): Promise<Line> {
  const lines = () => logOf(uwv, `first: 50, handOffId: "${offered.id}"`)
  const before = new Set((await lines()).map(({ id }) => id))
  await done(ask(handler, 'query ($id: ID!) { handOff(id: $id) { state } }', { id: offered.id }))
  return (await lines()).find(({ id }) => !before.has(id))!
}
const asked = async (who = uwv, line?: Line): Promise<string> => (await done(request(who, line ?? (await lineOfHandler())))).id
const code = async (answered: Promise<Answer>) => refusal(await answered)

describe('Two people together', () => {
  test('one asks, one of the other side agrees, and the side that asked reads who it is', async () => {
    const line = await lineOfHandler()
    const made = await done(request(uwv, line))
    expect(made).toMatchObject({
      askedBy: 'UWV, kantoor Amersfoort',
      reason: 'MISUSE_SUSPECTED',
      recordDay: '2026-11-18',
      askedOn: '2026-11-18',
      state: 'ASKED',
      answeredOn: null,
      openUntil: '2026-12-02',
      recordId: line.id,
      recordAt: line.at,
    })
    expect(made.answeredBy).toMatch(/Werkcentrum/)

    // The other side hears who asks, why, and of which day; not about whom, or what.
    const [theirs] = await requests(desk)
    expect(theirs).toMatchObject({
      id: made.id,
      askedBy: 'UWV, kantoor Amersfoort',
      recordDay: '2026-11-18',
      recordId: null,
      recordAt: null,
    })
    expect(await done(answer(desk, made.id))).toMatchObject({
      state: 'AGREED',
      answeredOn: '2026-11-18',
      openUntil: '2026-12-02',
      recordId: null,
    })

    expect(await done(read(uwv, made.id))).toEqual({ pseudonym: line.actor, subject: SUBJECT })
    expect(await done(read(uwv2, made.id))).toEqual({ pseudonym: line.actor, subject: SUBJECT })
  })

  test('both organisations read in their log that it was asked, agreed to, and read: each time', async () => {
    const before = { uwv: (await logOf(uwv)).map(({ id }) => id), desk: (await logOf(desk)).map(({ id }) => id) }
    const id = await asked()
    await done(answer(desk, id))
    await done(read(uwv, id))
    await done(read(uwv2, id))
    const about = (lines: Line[], known: string[]) =>
      lines.filter((line) => !known.includes(line.id) && /StaffIdentity/i.test(line.operation)).reverse()
    const [own, theirs] = [about(await logOf(uwv), before.uwv), about(await logOf(desk), before.desk)]
    const operations = ['requestStaffIdentity', 'answerStaffIdentityRequest', 'staffIdentity', 'staffIdentity']
    expect(own.map(({ operation }) => operation)).toEqual(operations)
    expect(theirs.map(({ operation }) => operation)).toEqual(operations)
    expect(own.map(({ id }) => id)).toEqual(theirs.map(({ id }) => id))
    // Which colleague did it, each reads of its own people alone (invariant 15).
    expect(own.map(({ actor }) => actor !== null)).toEqual([true, false, true, true])
    expect(theirs.map(({ actor }) => actor !== null)).toEqual([false, true, false, false])
    expect(own[1]!.actingOrganisation).toMatch(/Werkcentrum/)
    // And nobody else reads of it.
    for (const other of [gemeente, gooi, fnv])
      expect((await logOf(other)).filter(({ id }) => own.some((line) => line.id === id))).toEqual([])
  })

  test('where a line concerns the own organisation alone, its signatory is the second', async () => {
    await done(ask(guide, '{ contacts { edges { node { id } } } }'))
    const line = (await logOf(desk)).find(({ operation }) => operation === 'contacts')!
    const made = await done(request(desk, line))
    expect(made.askedBy).toBe(made.answeredBy)
    expect(await code(answer(desk, made.id))).toBe('NOT_FOUND')
    expect(await code(answer({ ...desk, subject: 'another officer of the desk' }, made.id))).toBe('NOT_FOUND')
    expect(await code(answer(signatoryOfUwv, made.id))).toBe('NOT_FOUND')
    expect((await requests(signatory)).map(({ id }: { id: string }) => id)).toEqual([made.id])
    await done(answer(signatory, made.id))
    expect((await done(read(desk, made.id))).subject).toBe(guide.subject)
    expect(await code(read(signatory, made.id))).toBe('FORBIDDEN')
  })

  test('where a line concerns several, the one that asks says which', async () => {
    await made(server, { partnerId: GEMEENTE, consent: WIDEST })
    await done(ask(guide, '{ handOffs(first: 50) { edges { node { id } } } }'))
    const line = (await logOf(desk)).find(({ operation }) => operation === 'handOffs')!
    expect(await code(request(desk, line))).toBe('BAD_INPUT')
    for (const wrong of [GOOI, WERKCENTRUM, FNV, 'nobody'])
      expect(await code(request(desk, line, { with: wrong }))).toBe('BAD_INPUT')
    const { id } = await done(request(desk, line, { with: GEMEENTE }))
    expect(await code(answer(uwv, id))).toBe('NOT_FOUND')
    await done(answer(gemeente, id))
    expect((await done(read(desk, id))).subject).toBe(guide.subject)
  })
})

describe('Nobody alone', () => {
  test('without an answer, and after a no, nobody reads it', async () => {
    const id = await asked()
    expect(await code(read(uwv, id))).toBe('NOT_FOUND')
    expect((await done(answer(desk, id, false))).state).toBe('REFUSED')
    expect(await code(read(uwv, id))).toBe('NOT_FOUND')
    expect(await code(answer(desk, id, true))).toBe('BAD_INPUT')
    expect(await code(read(uwv, id))).toBe('NOT_FOUND')
  })

  test('who asked does not agree: not for the own side, and not as an officer of the other', async () => {
    const id = await asked()
    expect(await code(answer(uwv, id))).toBe('NOT_FOUND')
    expect(await code(answer(uwv2, id))).toBe('NOT_FOUND')
    expect(await code(answer(signatoryOfUwv, id))).toBe('NOT_FOUND')
    const twice = await answer({ ...desk, subject: uwv.subject }, id)
    expect(refusal(twice)).toBe('BAD_INPUT')
    expect(twice.errors![0].message).toMatch(/another person/)
    expect(await code(read(uwv, id))).toBe('NOT_FOUND')
    await done(answer(desk, id))
    expect(await code(answer(desk, id, false))).toBe('BAD_INPUT')
  })

  test('who cannot be compared with who asked does not agree either', async () => {
    const id = await asked()
    const [k1, k2] = [server.world.keys.keys.k1!, Buffer.alloc(32, 9)]
    const withRing = async <T>(next: KeyRing, work: () => Promise<T>): Promise<T> => {
      for (const { id, inner, outer } of padsOf(next))
        await server.sql.query('INSERT INTO capacity_key VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [id, inner, outer])
      ring = next
      return work().finally(() => {
        ring = server.world.keys
      })
    }
    await withRing({ current: 'k2', keys: { k2 } }, async () => expect(await code(answer(desk, id))).toBe('BAD_INPUT'))
    const both: KeyRing = { current: 'k2', keys: { k1, k2 } }
    await withRing(both, async () => {
      expect(await code(answer({ ...desk, subject: uwv.subject }, id))).toBe('BAD_INPUT')
      await done(answer(desk, id))
      expect((await done(read(uwv, id))).subject).toBe(SUBJECT)
    })
    // The key that it was sealed with has been taken out: then it is gone.
    await withRing({ current: 'k2', keys: { k2 } }, async () => expect((await done(read(uwv, id))).subject).toBeNull())
  })

  test('no other organisation asks, answers, reads or hears of it', async () => {
    const line = await lineOfHandler()
    for (const other of [gemeente, gooi, fnv, desk]) expect(await code(request(other, line)), other.subject).toBe('NOT_FOUND')
    const id = await asked(uwv, line)
    for (const other of [gemeente, gooi, fnv, uwv, signatory])
      expect(await code(answer(other, id)), other.subject).toBe('NOT_FOUND')
    await done(answer(desk, id))
    for (const other of [gemeente, gooi, fnv, desk]) expect(await code(read(other, id)), other.subject).toBe('NOT_FOUND')
    for (const other of [gemeente, gooi, fnv, signatory])
      expect((await requests(other)).map((known: { id: string }) => known.id)).not.toContain(id)
    for (const other of [handler, guide, signatory, ofUnion]) expect(await code(read(other, id)), other.subject).toBe('FORBIDDEN')
  })

  test('not of a visitor, not of a line that is not there, and not at another instant', async () => {
    await server.nobody('query ($code: String!) { followUp(code: $code) { status } }', { code: offered.code })
    const [line] = (await logOf(desk)).filter(({ operation }) => operation === 'followUp')
    expect(await code(request(desk, line!))).toBe('NOT_FOUND')
    const own = await lineOfHandler()
    expect(await code(request(uwv, { ...own, at: '2026-11-18T11:00:00.000Z' }))).toBe('NOT_FOUND')
    expect(await code(request(uwv, { ...own, id: demoId('no line') }))).toBe('NOT_FOUND')
  })

  test('in time, and not after it: fourteen days to answer, fourteen to read', async () => {
    const [late, agreed] = [await asked(), await asked()]
    try {
      server.setClock(daysAfter(A_DAY, 13))
      await done(answer(desk, agreed))
      server.setClock(daysAfter(A_DAY, 14))
      expect(await code(answer(desk, late))).toBe('BAD_INPUT')
      expect((await requests(uwv)).find(({ id }: { id: string }) => id === late)!.state).toBe('LAPSED')
      server.setClock(daysAfter(A_DAY, 26))
      expect((await done(read(uwv, agreed))).subject).toBe(SUBJECT)
      server.setClock(daysAfter(A_DAY, 27))
      expect(await code(read(uwv, agreed))).toBe('NOT_FOUND')
      expect((await requests(uwv)).find(({ id }: { id: string }) => id === agreed)!.state).toBe('LAPSED')
    } finally {
      server.setClock(daysAfter(A_DAY, 0))
    }
  })

  test('a line that is asked about is not asked about again until that is answered or has lapsed, by whomever and of whomever', async () => {
    const line = await lineOfHandler()
    const id = await asked(uwv, line)
    const again = await request(uwv2, line, { reason: 'COMPLAINT' })
    expect(refusal(again)).toBe('BAD_INPUT')
    expect(again.errors![0].message).toMatch(/asked about already/)
    await asked(uwv, await lineOfHandler())
    await done(answer(desk, id, false))
    const second = await asked(uwv, line)
    try {
      server.setClock(daysAfter(A_DAY, 13))
      expect(await code(request(uwv, line))).toBe('BAD_INPUT')
      server.setClock(daysAfter(A_DAY, 14))
      expect(await asked(uwv, line)).not.toBe(second)
    } finally {
      server.setClock(daysAfter(A_DAY, 0))
    }
    // Two officers at once: one of them is heard.
    const other = await lineOfHandler()
    const both = await Promise.all([request(uwv, other), request(uwv2, other), request(uwv, other)])
    expect(both.filter(({ errors }) => !errors)).toHaveLength(1)
    // Whichever organisation is asked.
    const several = (await logOf(desk)).find(({ operation }) => operation === 'handOffs')!
    await done(request(desk, several, { with: UWV }))
    expect(await code(request(desk, several, { with: GEMEENTE }))).toBe('BAD_INPUT')
  })

  test('of what was done with a hand-off to a union, never', async () => {
    const rows = await linesOfUnion()
    expect(rows.map((row) => row.organisation_id).sort()).toEqual([FNV, WERKCENTRUM].sort())
    for (const row of rows)
      for (const officer of [fnv, desk])
        for (const other of [undefined, FNV, WERKCENTRUM])
          expect(await code(request(officer, { id: row.id, at: row.at.toISOString() }, { with: other }))).toBe('NOT_FOUND')
  })
})

describe('No other way to it', () => {
  const OFFICER_ROLES = ['wo_officer_werkcentrum', 'wo_officer_partner']
  const asRole = async (role: string, organisation: string, sql: string, values: unknown[]) => {
    const as = /officer/.test(role) ? 'PRIVACY_OFFICER' : /signatory/.test(role) ? 'SIGNATORY' : 'GUIDE'
    await server.sql.query('BEGIN')
    try {
      await server.sql.query(`SELECT set_config('role', $1, true), set_config('app.capacity', $2, true)`, [
        role,
        signedAs({
          databaseRole: role,
          role: as,
          organisation,
          today: '2026-11-18',
          purpose: 'OVERSEE',
          policyHash: server.world.policies.hash,
          codeHashes: [],
        }),
      ])
      return (await server.sql.query(sql, values)).rows
    } catch (fault) {
      return (fault as { code: string }).code
    } finally {
      await server.sql.query('ROLLBACK')
    }
  }

  test('in SQL as any role: not from the table, and from the function only what was agreed to, for whom it was', async () => {
    const [open, closed] = [await asked(), await asked()]
    await done(answer(desk, open))
    const { rows } = await server.sql.query(
      `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'wo\\_%' AND NOT rolcanlogin`,
    )
    expect(rows).toHaveLength(10)
    for (const { name } of rows)
      for (const organisation of [UWV, WERKCENTRUM, GOOI]) {
        expect(await asRole(name, organisation, 'SELECT sealed_subject FROM access_record_actor', [])).toBe('42501')
        expect(await asRole(name, organisation, 'SELECT asked_by FROM staff_identity_record', [])).toBe('42501')
        expect(await asRole(name, organisation, `UPDATE staff_identity_request SET answer = 'AGREED'`, [])).toBe('42501')
        for (const id of [open, closed]) {
          const got = await asRole(name, organisation, 'SELECT pseudonym FROM staff_identity($1)', [id])
          if (!OFFICER_ROLES.includes(name)) expect(got, name).toBe('42501')
          else expect(got, `${name} ${organisation}`).toHaveLength(id === open && organisation === UWV ? 1 : 0)
        }
      }
  })

  test('nor is the question one that the database takes from the wrong person, about the wrong line, or with the wrong other', async () => {
    const line = await lineOfHandler()
    const put = (role: string, organisation: string, other: string, changes: object = {}) => {
      const { id, at } = { ...line, ...changes }
      return asRole(
        role,
        organisation,
        `SELECT ask_staff_identity(gen_random_uuid(), $1, $2, $3, 'COMPLAINT', '{k1:x}') AS done`,
        [at, id, other],
      )
    }
    expect(await put('wo_officer_partner', UWV, WERKCENTRUM)).toEqual([{ done: true }])
    for (const [role, organisation, other] of [
      ['wo_officer_partner', UWV, UWV],
      ['wo_officer_partner', UWV, GOOI],
      ['wo_officer_werkcentrum', WERKCENTRUM, UWV],
      ['wo_officer_partner', GEMEENTE, WERKCENTRUM],
    ] as const)
      expect(await put(role, organisation, other), `${role} ${organisation}`).toEqual([{ done: false }])
    expect(await put('wo_officer_partner', UWV, WERKCENTRUM, { at: '2026-11-18T10:00:00Z' })).toEqual([{ done: false }])
    for (const { id, at } of await linesOfUnion())
      for (const other of [FNV, WERKCENTRUM]) {
        expect(await put('wo_officer_partner', FNV, other, { id, at })).toEqual([{ done: false }])
        expect(await put('wo_officer_werkcentrum', WERKCENTRUM, other, { id, at })).toEqual([{ done: false }])
      }
    for (const role of ['wo_signatory_partner', 'wo_handler', 'wo_nobody'])
      expect(await put(role, UWV, WERKCENTRUM)).toBe('42501')
    const id = await asked(uwv, line)
    const agree = (role: string, organisation: string, persons: string) =>
      asRole(role, organisation, 'SELECT answer_staff_identity($1, true, $2) AS said', [id, persons])
    const { rows } = await server.sql.query('SELECT asked_by FROM staff_identity_record WHERE request_id = $1', [id])
    expect(await agree('wo_officer_partner', UWV, '{k1:y}')).toEqual([{ said: 'NOT_FOUND' }])
    expect(await agree('wo_signatory_werkcentrum', WERKCENTRUM, '{k1:y}')).toEqual([{ said: 'NOT_FOUND' }])
    expect(await agree('wo_officer_werkcentrum', GOOI, '{k1:y}')).toEqual([{ said: 'NOT_FOUND' }])
    for (const same of [`{${rows[0].asked_by[0]}}`, '{k7:y}', '{}'])
      expect(await agree('wo_officer_werkcentrum', WERKCENTRUM, same)).toEqual([{ said: 'SAME_PERSON' }])
    expect(await agree('wo_officer_werkcentrum', WERKCENTRUM, '{k1:y}')).toEqual([{ said: 'DONE' }])
    expect(await agree('wo_guide', WERKCENTRUM, '{k1:y}')).toBe('42501')
  })

  test('an empty line in the log of another is written only where a request is between the two', async () => {
    const write = (role: string, organisation: string, part: object) =>
      asRole(
        role,
        organisation,
        'INSERT INTO access_record_part SELECT p.* FROM jsonb_populate_record(NULL::access_record_part, $1) p',
        [JSON.stringify(part)],
      )
    const { rows } = await server.sql.query(
      `SELECT p.at, p.record_id, p.objects FROM access_record_part p WHERE p.objects <> '[]' AND p.partner_id = $1 LIMIT 1`,
      [UWV],
    )
    const part = {
      at: rows[0].at,
      record_id: rows[0].record_id,
      number: 9,
      confidential: false,
      objects: [],
      hand_offs: [],
      partner_id: UWV,
      acting_organisation_id: UWV,
    }
    expect(await write('wo_officer_werkcentrum', WERKCENTRUM, part)).toEqual([])
    for (const [organisation, changes] of [
      [GOOI, {}],
      [WERKCENTRUM, { partner_id: FNV, acting_organisation_id: FNV }],
      [WERKCENTRUM, { objects: rows[0].objects }],
      [WERKCENTRUM, { hand_offs: [offered.id] }],
      [WERKCENTRUM, { confidential: true }],
      [WERKCENTRUM, { werkcentrum_id: GOOI }],
      [WERKCENTRUM, { partner_id: FNV }],
    ] as const)
      expect(await write('wo_officer_werkcentrum', organisation, { ...part, ...changes }), JSON.stringify(changes)).toBe('42501')
    expect(await write('wo_guide', WERKCENTRUM, part)).toBe('42501')
  })

  test('what is sealed beside one line does not open beside another', async () => {
    const id = await asked()
    await done(answer(desk, id))
    const other = (
      await server.sql.query('SELECT sealed_subject FROM access_record_actor WHERE organisation_id = $1 LIMIT 1', [WERKCENTRUM])
    ).rows[0]
    const where = 'FROM staff_identity_record s WHERE s.request_id = $1 AND a.at = s.at AND a.record_id = s.record_id'
    const old = (
      await server.sql.query(
        `SELECT a.sealed_subject FROM access_record_actor a, staff_identity_record s WHERE s.request_id = $1 AND a.record_id = s.record_id`,
        [id],
      )
    ).rows[0]
    await server.sql.query(`UPDATE access_record_actor a SET sealed_subject = $2 ${where}`, [id, other.sealed_subject])
    expect((await done(read(uwv, id))).subject).toBeNull()
    await server.sql.query(`UPDATE access_record_actor a SET sealed_subject = $2 ${where}`, [id, old.sealed_subject])
    expect((await done(read(uwv, id))).subject).toBe(SUBJECT)
  })
})

test('the account stands in no line of the server’s log, in no error, and in no table', async () => {
  const id = await asked()
  const answers = [
    await read(uwv, id),
    await read(desk, id),
    await answer({ ...desk, subject: uwv.subject }, id),
    await read(handler, id),
  ]
  await done(answer(desk, id))
  await done(read(uwv, id))
  // A fault in the middle of it, too.
  await server.sql.query('ALTER TABLE log_leaf RENAME TO away')
  answers.push(await read(uwv, id))
  await server.sql.query('ALTER TABLE away RENAME TO log_leaf')
  expect(answers.map(refusal)).toEqual(['NOT_FOUND', 'NOT_FOUND', 'BAD_INPUT', 'FORBIDDEN', 'INTERNAL'])
  const name = 'jansen-van'
  for (const { text } of answers) expect(text).not.toContain(name)
  expect(said.length).toBeGreaterThan(1000)
  expect(said).not.toContain(name)
  const { rows } = await server.sql.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
  for (const { tablename } of rows) {
    const found = await server.sql.query(
      `SELECT count(*)::int AS n FROM "${tablename}" t WHERE t::text LIKE $1 OR t::text LIKE $2`,
      [`%${name}%`, `%${Buffer.from(name).toString('hex')}%`],
    )
    expect(found.rows, tablename).toEqual([{ n: 0 }])
  }
})
