// A hand-off as stories ask for it: every field of it, by category, written out once more by hand; and the steps people take.
import { inject } from 'vitest'
import { buildApp } from '#app/app.js'
import { openDatabase } from '#app/database/door.js'
import { padsOf } from '#app/database/signed.js'
import type { Category } from '#app/decide/decide.js'
import { demoId } from '#app/demo/ids.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { NOBODY } from '#app/identity/capacity.js'
import type { World } from '#app/world.js'
import { onDatabase } from '../support/database.js'
import type { Answer, TestServer } from '../support/server.js'
import { logContact, offer } from '../support/story.js'

/** domain.md and design 2: which field belongs to which category. */
export const FIELDS = {
  reference: ['id', 'recognitionCode', 'werkcentrum { name }', 'partner { name }'],
  logistics: ['desk { name }', 'channel', 'contactDay', 'contactDayPart'],
  routing: ['routing { visitorKind origin }'],
  question: [
    ...['question { journey themes }', 'nextStep', 'appointmentDay', 'appointmentDayPart'],
    // Counted from the appointment, so it tells the appointment.
    ...['firstContactDueOn', 'firstContactOverdue'],
  ],
  situation: ['situation { work benefit age education languageHelp }'],
  sensitive: ['sensitive', 'sensitiveNote'],
  note: ['note'],
  progress: [
    ...['state', 'loopStatus', 'offeredOn', 'changedOn', 'changedDayPart', 'answerDueOn', 'overdue', 'firstContactOn'],
    ...['viewed', 'reason', 'messageToVisitor', 'heardByDesk', 'guideVoice', 'visitorVoice'],
    'events { number step by heardByDesk state reason day dayPart }',
    'warmCalls { number channel result visitorPresent day dayPart }',
  ],
  outcome: ['outcome'],
  internal: ['remarks { number remark day }'],
  staff: ['handledBy'],
} satisfies Partial<Record<Category, string[]>>

export type Shown = keyof typeof FIELDS
export const SHOWN = Object.keys(FIELDS) as Shown[]
export const fieldsOf = (category: Shown): string[] => FIELDS[category].map((field) => field.split(' ')[0]!)

export const EVERYTHING = `{ ${Object.values(FIELDS).flat().join(' ')} withheld { field category reason rule } }`

/** The widest that a visitor can agree to with any partner; `sensitive` comes on top. */
export const WIDEST = {
  categories: ['routing', 'question', 'situation', 'outcome'],
  askedForHelp: true,
  inOwnInterest: true,
  refusalIsFree: true,
}
export const WITH_SENSITIVE = { ...WIDEST, categories: [...WIDEST.categories, 'sensitive'], explicitCategories: ['sensitive'] }
export const TO_A_UNION = { ...WIDEST, explicitCategories: WIDEST.categories }

export const UWV = demoId('uwv-amersfoort')
export const GEMEENTE = demoId('gemeente-amersfoort')
export const WSP = demoId('wsp-amersfoort')
export const FNV = demoId('fnv-amersfoort')

export const GUIDE = 'gids-amersfoort'

export type Offered = { id: string; code: string; recognitionCode: string }

/** A contact and a hand-off of it, by the guide in Amersfoort to UWV unless said otherwise. */
export async function made(server: TestServer, changes: object = {}, contact: object = {}): Promise<Offered> {
  const { handOff, followUpCode } = await offer(server, await logContact(server, contact as never), changes as never)
  return { ...handOff, code: followUpCode }
}

export const DETAIL = `query ($id: ID!) { handOff(id: $id) ${EVERYTHING} }`
export const detail = (server: TestServer, account: string, id: string) => server.as(account)(DETAIL, { id })

/** The hand-off as it stands in somebody's list, and what the extensions say of it; undefined when it is on no page. */
export async function listed(
  server: TestServer,
  account: string,
  id: string,
  list = 'handOffs',
  filter = '',
): Promise<{ node: any; withheld: any[] } | undefined> {
  for (let after: string | null = null; ; ) {
    const answer: Answer = await server.as(account)(
      `query ($after: String) { list: ${list}(first: 50, after: $after, ${filter}) { edges { node ${EVERYTHING} } pageInfo { hasNextPage endCursor } } }`,
      { after },
    )
    if (answer.errors) throw new Error(answer.text)
    const { edges, pageInfo } = answer.data.list
    const at = edges.findIndex(({ node }: any) => node.id === id)
    if (at >= 0) {
      const own = (answer.extensions?.withheld ?? []).filter(({ path }: any) => path[2] === at)
      return { node: edges[at].node, withheld: own.map(({ path, ...rest }: any) => ({ ...rest, path: path.slice(3) })) }
    }
    if (!pageInfo.hasNextPage) return undefined
    after = pageInfo.endCursor
  }
}

/** Any mutation about one hand-off, by name and further arguments, written as in GraphQL. */
export const step = (server: TestServer, account: string, name: string, id: string, more = ''): Promise<Answer> =>
  server.as(account)(
    `mutation ($id: ID!) { ${name}(id: $id${more ? `, ${more}` : ''}) { id state loopStatus heardByDesk outcome firstContactOn guideVoice } }`,
    { id },
  )

export async function done(answer: Promise<Answer>): Promise<any> {
  const { data, errors, text } = await answer
  if (errors) throw new Error(text)
  return Object.values(data)[0]
}

/** The one code that an answer was refused with; an answer that was not refused has none. */
export const refusal = ({ errors }: Answer): string | undefined => errors?.[0]?.extensions.code

export const followUp = (server: TestServer, code: string) =>
  server.nobody(`query ($code: String!) { followUp(code: $code) { status shared { category shared } handOff ${EVERYTHING} } }`, {
    code,
  })

export const visitorSays = (server: TestServer, code: string, voice: string) =>
  server.nobody(
    `mutation ($code: String!) { recordVisitorVoice(code: $code, voice: ${voice}) { status handOff { visitorVoice loopStatus } } }`,
    { code },
  )

export const forward = (server: TestServer, id: string, partnerId: string, more: object = {}, account = GUIDE) =>
  server.as(account)(
    'mutation ($input: ForwardHandOffInput!) { forwardHandOff(input: $input) { followUpCode handOff { id partner { id } } } }',
    {
      input: { id, partnerId, nextStep: { kind: 'VISITOR_COMES' }, ...more },
    },
  )

export const give = (
  server: TestServer,
  handOffId: string,
  followUpCode: string,
  consent: object,
  sensitive: string[] = [],
  account = GUIDE,
) =>
  server.as(account)(`mutation ($input: GiveConsentInput!) { giveConsent(input: $input) ${EVERYTHING} }`, {
    input: { handOffId, followUpCode, consent, sensitive },
  })

export const narrow = (server: TestServer, account: string, id: string, categories: string[]) =>
  server.as(account)(
    `mutation ($id: ID!, $categories: [Shareable!]!) { narrowConsent(id: $id, categories: $categories) ${EVERYTHING} }`,
    { id, categories },
  )

export const withdraw = (server: TestServer, account: string, id: string) =>
  server.as(account)(`mutation ($id: ID!) { withdrawConsent(id: $id) ${EVERYTHING} }`, { id })

/** For stories that try more codes than one source may: as if they came from somewhere else each time. */
export const forgetAttempts = (server: TestServer) => server.sql.query('DELETE FROM code_attempt')

/** So many days after `from`, at the same hour. */
export const daysAfter = (from: Date, days: number): Date => new Date(from.getTime() + days * 86_400_000)

/** Another server process on the same database, with a pool of its own; its key ring may differ. Accounts are taken at their word. */
export async function secondServer({ world, sql }: TestServer, changes: Partial<World> = {}) {
  const database = openDatabase(onDatabase(inject('cluster').serverUrl, sql.database!), { connections: 2 })
  // As a release with this ring would: the database learns what its servers sign with.
  for (const { id, inner, outer } of padsOf(changes.keys ?? world.keys))
    await sql.query('INSERT INTO capacity_key VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [id, inner, outer])
  const app = await buildApp({
    world: { ...world, database, ...changes },
    // As in startServer: test machines are slow.
    busyAfter: 0,
    readToken: async (authorization) => {
      const account = ACCOUNTS.find(({ name }) => authorization === `Bearer ${name}`)
      if (!account) return NOBODY
      return {
        role: account.role,
        side: account.side.toUpperCase(),
        organisationId: demoId(account.organisation),
        subject: account.name,
      } as never
    },
  })
  const as = (account?: string) => async (query: string, variables?: object) => {
    const headers = account ? { authorization: `Bearer ${account}` } : {}
    return (await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } })).json()
  }
  return {
    as,
    stop: async () => {
      await app.close()
      await database.$disconnect()
    },
  }
}
