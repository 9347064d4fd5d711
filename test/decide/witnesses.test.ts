// Every rule and every grant is there for something: on the real server, behind both walls, an answer comes out otherwise without it.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyCells } from '#app/database/policy-cells.js'
import { answers } from '#app/decide/ask.js'
import { BUILT_IN_RULES, decider, type Question, type Role } from '#app/decide/decide.js'
import type { Action, Policies } from '#app/decide/policy-files.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { decideWithout, type Witness, witnessesOf } from '#app/decide/witness.js'
import { type WitnessQuery, witnessQuery } from '#app/decide/witness-query.js'
import { bareSchema } from '#app/graphql/schema.js'
import { OPERATIONS } from '../graphql/every-operation.js'
import { done, FNV, GEMEENTE, made, type Offered, secondServer, step, UWV, WSP, withdraw } from '../journeys/hand-off.js'
import { POLICIES, startServer, type TestServer } from '../support/server.js'

const policies = readPolicies(POLICIES)
const { sharing } = policies
const schema = bareSchema()
const RULES = [...sharing.share, ...sharing.never].map(({ rule }) => rule).concat(BUILT_IN_RULES)

const ACCOUNTS: Partial<Record<Role, string>> = {
  GUIDE: 'gids-amersfoort',
  COORDINATOR: 'coordinator-amersfoort',
  PRIVACY_OFFICER: 'privacy-amersfoort',
  SIGNATORY: 'signatory-amersfoort',
}
const HANDLERS: Partial<Record<Question['partnerKind'], string>> = {
  UWV: 'uwv-amersfoort',
  UNION: 'fnv-amersfoort',
  WSP: 'wsp-amersfoort',
}

/* Hand-offs in which the locks stand as a witness asks. */

const ALL = ['routing', 'question', 'situation', 'outcome']
const FREE = { askedForHelp: true, inOwnInterest: true, refusalIsFree: true }
const TO_UWV = {
  partnerId: UWV,
  consent: { ...FREE, categories: [...ALL, 'sensitive'], explicitCategories: [...ALL, 'sensitive'] },
  sensitive: ['JOBS_AGREEMENT'],
}
const WITHOUT_SENSITIVE = { ...FREE, categories: ALL, explicitCategories: ALL }

let server: TestServer
const handOffs = new Map<string, Offered>()

beforeAll(async () => {
  server = await startServer()
  const make = async (name: string, changes: object = TO_UWV, contact: object = {}) => {
    const handOff = await made(server, changes, contact)
    handOffs.set(name, handOff)
    return handOff.id
  }
  const accept = (id: string) => done(step(server, 'uwv-amersfoort', 'acceptHandOff', id))
  const complete = (id: string) => done(step(server, 'uwv-amersfoort', 'completeHandOff', id, 'outcome: WORK'))

  await make('UWV offered')
  const note = 'Wil graag in de buurt werken.'
  const accepted = await make('UWV accepted', {
    ...TO_UWV,
    consent: { ...TO_UWV.consent, categories: [...TO_UWV.consent.categories, 'note'] },
    note,
  })
  await accept(accepted)
  await complete(await make('UWV ended'))
  await make('UNION offered', { partnerId: FNV, consent: WITHOUT_SENSITIVE })
  await withdraw(server, 'gids-amersfoort', await make('UWV offered, consent'))
  await make('UWV offered, underSixteen', { partnerId: UWV, consent: WITHOUT_SENSITIVE }, { situation: { age: 'U16' } })
  await done(
    step(server, 'gids-amersfoort', 'recordAnswerHeard', await make('UWV ended, ownSide'), 'answer: COMPLETED, outcome: WORK'),
  )
  // What nobody can say: yes to something sensitive without saying so.
  const careless = await make('UWV offered, explicit')
  await server.sql.query('ALTER TABLE consent DISABLE TRIGGER USER; ALTER TABLE consent ENABLE TRIGGER keep_consent_locks')
  await server.sql.query(`UPDATE consent SET explicit_categories = '{}' WHERE hand_off_id = $1`, [careless])
  await server.sql.query('ALTER TABLE consent ENABLE TRIGGER USER')
  await make('WSP offered, agreement', { partnerId: WSP, consent: WITHOUT_SENSITIVE })
  const officer = server.as('privacy-amersfoort')
  const { data } = await officer('{ agreements { id partner { id } } }')
  const { id } = data.agreements.find(({ partner }: any) => partner.id === WSP)
  await done(officer('mutation ($id: ID!) { suspendAgreement(id: $id, reason: INCIDENT) { state } }', { id }))
})
afterAll(() => server.stop())

const PHASES: Partial<Record<Question['relation'], string>> = { accepted: 'accepted', ended: 'ended', 'desk-ended': 'ended' }

/** The hand-off that a question can be about, if there is one: everything open, or one lock closed. */
function handOffFor({ relation, partnerKind, ...q }: Question): Offered | undefined {
  const closed = [
    q.agreement !== 'active' && 'agreement',
    q.consent !== 'covers' && 'consent',
    q.consent === 'covers' && !q.explicit && 'explicit',
    q.underSixteen && !q.representative && 'underSixteen',
    !q.ownSide && 'ownSide',
  ].filter(Boolean)
  return handOffs.get([`${partnerKind} ${PHASES[relation] ?? 'offered'}`, ...closed].join(', '))
}

/** A witness that can be seen: by a field if there is one that can, else by an explanation. */
function find(rule: string): { witness: Witness; query: WitnessQuery; about: Offered } | undefined {
  let explained: ReturnType<typeof find>
  for (const witness of witnessesOf(sharing, rule)) {
    const query = witnessQuery(schema, policies, witness.question)
    const about = handOffFor(witness.question)
    if (!query || !about) continue
    // What is sensitive is not stored of somebody below sixteen who is alone, and a colleague is always of the own side.
    if (witness.question.underSixteen && witness.question.category === 'sensitive') continue
    if (!witness.question.ownSide && witness.question.category !== 'outcome') continue
    if (query.shows !== 'explanation') return { witness, query, about }
    explained ??= { witness, query, about }
    if (witness.question.relation === 'none') break
  }
  return explained
}

/** What the answer says: that it is shown, or the rule that withholds it, or that there is nothing. */
function told(answer: any, { shows }: WitnessQuery, id: string): string {
  if (shows === 'explanation') {
    const [{ allowed, rule }] = answer.data.explainAccess.answers
    return allowed ? 'shown' : rule
  }
  const node = objectsIn(answer.data).find((object) => object.id === id && object.withheld)
  if (!node) return 'not there'
  return node.withheld.find(({ field }: any) => field === shows.field)?.rule ?? 'shown'
}
const objectsIn = (value: any): any[] =>
  value && typeof value === 'object' ? [value, ...Object.values(value).flatMap(objectsIn)] : []

/** A server with this policy, which the database knows as well: for both walls. */
async function serverWithout(rule: string) {
  const decide = decideWithout(sharing, rule)
  const hash = createHash('sha256').update(`without ${rule}`).digest('hex')
  const kept = <R extends { rule: string }>(rules: readonly R[]) => rules.filter((one) => one.rule !== rule)
  const variant: Policies = { ...policies, hash, sharing: { ...sharing, share: kept(sharing.share), never: kept(sharing.never) } }
  await server.sql.query(`INSERT INTO policy_version (hash, sharing, actions) VALUES ($1, '', '')`, [hash])
  for (const { role, purpose, category, truths, asksAgreement } of policyCells(variant.sharing, decide))
    await server.sql.query('INSERT INTO policy_cell VALUES ($1, $2, $3, $4, $5, $6)', [
      hash,
      role,
      purpose,
      category,
      truths,
      asksAgreement,
    ])
  return secondServer(server, { policies: variant, decide })
}

test.each(RULES.filter((rule) => rule !== 'unknown-is-closed'))('without %s an answer comes out otherwise', async (rule) => {
  const { witness, query, about } = find(rule)!
  const { question, decision, without } = witness
  const account = query.role === 'HANDLER' ? HANDLERS[question.partnerKind] : ACCOUNTS[query.role]
  const variables = { id: about.id, code: about.code, partner: GEMEENTE }
  const real = await (account ? server.as(account) : server.nobody)(query.document, variables)
  const other = await serverWithout(rule)
  try {
    const [before, after] = [
      told(real, query, about.id),
      told(await other.as(account)(query.document, variables), query, about.id),
    ]
    expect(before, query.document).not.toBe(after)
    // A partner hears no reason.
    const heard = ({ allowed, because }: typeof decision) =>
      allowed ? ['shown'] : [query.role === 'HANDLER' ? 'not-shared' : because, 'not there']
    expect(heard(decision)).toContain(before)
    expect(heard(without)).toContain(after)
  } finally {
    await other.stop()
  }
})

test('without unknown-is-closed, an unknown word would open: no query can hold one, but anybody may ask the policy', async () => {
  const { value } = witnessesOf(sharing, 'unknown-is-closed').next()
  const { question, without } = value!
  const lines = async (decide: ReturnType<typeof decider>) => {
    let text = ''
    for await (const piece of answers(
      (async function* () {
        yield JSON.stringify(question)
      })(),
      decide,
    ))
      text += piece
    return JSON.parse(text)
  }
  expect(await lines(decider(sharing))).toEqual({ allowed: false, because: 'unknown-is-closed' })
  expect(await lines(decideWithout(sharing, 'unknown-is-closed'))).toEqual(without)
  expect(without.allowed).toBe(true)
})

describe('every grant', () => {
  let other: Awaited<ReturnType<typeof secondServer>>
  const actions = new Map<string, Action>(policies.actions)
  beforeAll(async () => {
    other = await secondServer(server, { policies: { ...policies, actions } })
  })
  afterAll(() => other.stop())

  const GRANTS = OPERATIONS.flatMap(({ name }): [string, Role | 'anyone'][] => {
    const { purposes, anyone } = policies.actions.get(name)!
    return anyone ? [[name, 'anyone']] : Object.keys(purposes!).map((role) => [name, role as Role])
  })
  test.each(GRANTS)('%s for %s: without it, it is refused', async (name, role) => {
    const { document, variables } = OPERATIONS.find((each) => each.name === name)!
    const account = role === 'HANDLER' ? 'uwv-amersfoort' : role === 'anyone' ? undefined : ACCOUNTS[role]
    const refused = role === 'anyone' ? 'UNAUTHENTICATED' : 'FORBIDDEN'
    const ask = async () => (await other.as(account)(document, variables)).errors?.[0]?.extensions.code
    expect([refused, 'UNAVAILABLE', 'INTERNAL']).not.toContain(await ask())
    const { [role as Role]: _, ...purposes } = policies.actions.get(name)!.purposes ?? {}
    actions.set(name, { kind: policies.actions.get(name)!.kind, purposes })
    expect(await ask()).toBe(refused)
    actions.set(name, policies.actions.get(name)!)
  })
})

describe('a cursor', () => {
  // An export gives lines, not nodes: its cursor is tried in test/access-log/export.test.ts.
  const LISTS = OPERATIONS.map(({ name }) => name).filter(
    (name) => policies.actions.get(name)?.arguments?.after === 'page' && name !== 'accessLogExport',
  )

  test.each(LISTS)('of %s holds the fields that `order` names, what `unseen` names, and nothing else', async (name) => {
    const { order = [], unseen = {}, purposes } = policies.actions.get(name)!
    const fields = order.map((place) => place.split('.')[1]!)
    for (const role of purposes ? (Object.keys(purposes) as Role[]) : (['GUIDE'] as const)) {
      const account = role === 'HANDLER' ? 'uwv-amersfoort' : ACCOUNTS[role]!
      const { data } = await server.as(account)(`{ ${name}(first: 50) { edges { cursor node { ${fields.join(' ')} } } } }`)
      const { edges } = data[name]
      expect(edges.length, role).toBeGreaterThan(0)
      for (const { cursor, node } of edges) {
        const [, ...held] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
        expect(held).toHaveLength(fields.length + Object.keys(unseen).length)
        expect(held.slice(0, fields.length)).toEqual(fields.map((field) => node[field]))
      }
    }
  })
})
