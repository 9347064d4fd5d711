// The second wall alone: shield says yes to every field and the policy yes to every question, and the database still gives nothing away.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CATEGORIES, PURPOSES } from '#app/decide/decide.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { detail, fieldsOf, type Shown } from '../journeys/hand-off.js'
import { startServer, type TestServer } from '../support/server.js'
import { arrange, EVERYONE, mayFind, putTo, questions, type Thing } from './everything.js'

let server: TestServer
let things: Thing[]
let until: string
beforeAll(async () => {
  server = await startServer({ shield: { forcedOpen: true } })
  ;({ things, until } = await arrange(server))
  // The world is read anew by each operation: from here on every question is answered with yes.
  Object.assign(server.world, { decide: () => ({ allowed: true, because: 'everything-is-open' }) })
})
afterAll(() => server.stop())

const roleOf = (account: string | undefined) => ACCOUNTS.find(({ name }) => name === account)?.role

/** The categories that the database opens to this role in no case, or not in this state of the hand-off. */
const never = (role: string, state: string): Shown[] =>
  role === 'HANDLER'
    ? (OF_HANDLER[state] ?? ENDED)
    : role === 'GUIDE' && !OPEN.includes(state)
      ? [...NEVER.GUIDE!, 'routing', 'situation', 'sensitive', 'note']
      : NEVER[role]!
const OPEN = ['OFFERED', 'ACCEPTED', 'IN_PROGRESS']
const ENDED: Shown[] = ['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'staff']
const OF_HANDLER: Record<string, Shown[]> = {
  OFFERED: ['situation', 'sensitive', 'note', 'outcome'],
  ACCEPTED: [],
  IN_PROGRESS: [],
}
const NEVER: Record<string, Shown[]> = {
  GUIDE: ['internal', 'staff'],
  COORDINATOR: ['routing', 'question', 'situation', 'sensitive', 'note', 'outcome', 'internal', 'staff'],
  PRIVACY_OFFICER: ['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'outcome', 'internal', 'staff'],
}

test('the first wall is down, and the second keeps the situation from a partner that has not accepted', async () => {
  const offered = things.find(({ partner }) => partner === 'uwv-amersfoort')!
  const ask = () => detail(server, 'uwv-amersfoort', offered.id)
  const { data } = await ask()
  expect(data.handOff).toMatchObject({ state: 'OFFERED', situation: null, sensitive: null })
  // It is there: with row-level security off it comes out, so this test would notice.
  await server.sql.query('ALTER TABLE hand_off_situation DISABLE ROW LEVEL SECURITY')
  expect((await ask()).data.handOff.situation).toMatchObject({ work: 'NONE' })
  await server.sql.query('ALTER TABLE hand_off_situation ENABLE ROW LEVEL SECURITY')
})

describe('everyone asks everything', () => {
  test.each(EVERYONE.map((account) => ({ account, name: account ?? 'nobody' })))(
    '$name gets no row of another, and no category that its database role may not have',
    async ({ account }) => {
      const role = roleOf(account)
      let found = 0
      for (const question of questions(things, until)) {
        const { status, text, data } = await putTo(server, account, question)
        const where = `${account} ${question.name} ${JSON.stringify(question.variables)}`
        expect(status, where).toBe(200)
        if (question.name === 'followUp') continue
        for (const thing of things)
          if (!mayFind(account, thing)) expect(text.includes(thing.recognitionCode), `${where} shows ${thing.id}`).toBe(false)
        const nodes = [
          data?.handOff,
          ...(data?.handOffs?.edges ?? []).map(({ node }: any) => node),
          ...(data?.openLoops?.edges ?? []).map(({ node }: any) => node),
        ].filter(Boolean)
        for (const node of nodes) {
          found++
          for (const category of never(role!, node.state))
            for (const field of fieldsOf(category)) expect(node[field], `${where}: ${field}`).toBeNull()
        }
        if (question.name === 'accessLog' && data?.accessLog)
          for (const { id, isUnion } of things)
            if (isUnion)
              expect(
                data.accessLog.edges
                  .map(({ node }: any) => JSON.stringify(node))
                  .join()
                  .includes(id),
                where,
              ).toBe(false)
        if (question.name === 'accessLogExport' && data?.accessLogExport)
          for (const { id, isUnion } of things) if (isUnion) expect(text.includes(id), where).toBe(false)
        if (question.name === 'contact' && data?.contact) expect(role, where).toBe('GUIDE')
      }
      expect(found > 0).toBe(things.some((thing) => mayFind(account, thing)))
    },
  )

  test('a code opens its one hand-off, and not what is sensitive or who the colleague is', async () => {
    for (const question of questions(things, until).filter(({ name }) => name === 'followUp')) {
      const { data } = await putTo(server, undefined, question)
      const own = things.find(({ code }) => code === question.variables.code)!
      expect(data.followUp.handOff).toMatchObject({ id: own.id, sensitive: null, handledBy: null })
      for (const other of things) if (other !== own) expect(JSON.stringify(data)).not.toContain(other.recognitionCode)
    }
  })
})

test.each(['gids-amersfoort', 'coordinator-amersfoort', 'privacy-amersfoort', 'privacy-uwv'])(
  'a policy that names every category for every role makes the database refuse %s, and the answer is INTERNAL without data',
  async (account) => {
    const { policies } = server.world
    const role = roleOf(account)!
    const share = [
      ...policies.sharing.share,
      { ...policies.sharing.share[0]!, rule: 'all-of-it', role, purposes: PURPOSES, categories: CATEGORIES },
    ]
    Object.assign(server.world, { policies: { ...policies, sharing: { ...policies.sharing, share } } })
    try {
      const own = things.find((thing) => mayFind(account, thing))!
      const answer = await detail(server, account, own.id)
      expect([answer.status, answer.data, answer.errors?.[0].extensions.code]).toEqual([500, null, 'INTERNAL'])
      expect(answer.text).not.toMatch(/hand_off|permission|JOB_SEEKER/)
    } finally {
      Object.assign(server.world, { policies })
    }
  },
)
