// Everybody asks everything: each account, each query of the schema with every field selected, about every id there is.
import { type GraphQLObjectType, type GraphQLOutputType, getNamedType, isObjectType } from 'graphql'
import { LOG_FORMATS } from '#app/access-log/export.js'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { bareSchema } from '#app/graphql/schema.js'
import { ACCOUNTS } from '#app/identity/accounts.js'
import {
  done,
  FNV,
  GEMEENTE,
  GUIDE,
  type Offered,
  step,
  TO_A_UNION,
  UWV,
  visitorSays,
  WIDEST,
  WITH_SENSITIVE,
} from '../journeys/hand-off.js'
import { type Answer, type TestServer } from '../support/server.js'
import { logContact, offer } from '../support/story.js'

const schema = bareSchema()

/** Every field that needs no argument, down to where a type comes back to itself. */
function selection(type: GraphQLOutputType, above: readonly string[] = []): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).flatMap((field) => {
    // Each question adds to who looked, so two answers never are the same.
    if (named.name === 'FollowUp' && field.name === 'looked') return []
    const inner = getNamedType(field.type).name
    if ([...above, named.name].includes(inner)) return []
    return [`${field.name} ${selection(field.type, [...above, named.name])}`]
  })
  return `{ ${fields.join(' ')} }`
}

export type Question = { name: string; query: string; variables: Record<string, unknown> }
export type Thing = Offered & { contactId: string; werkcentrum: string; partner: string; isUnion: boolean }

/** Each query of the schema, for each id it could be about; a query that is new without a line here is a fault. */
export function questions(things: readonly Thing[], until: string): Question[] {
  const ask = (name: string, args = '', more: object[] = [{}]): Question[] => {
    const { type } = (schema.getQueryType() as GraphQLObjectType).getFields()[name]!
    const declared = args.includes('$')
      ? `(${[...args.matchAll(/\$(\w+)/g)].map(([, variable]) => `$${variable}: ${TYPES[variable!]}`).join(', ')})`
      : ''
    return more.map((variables) => ({
      name,
      query: `query ${declared} { ${name}${args && `(${args})`} ${selection(type)} }`,
      variables: { ...variables },
    }))
  }
  const TYPES: Record<string, string> = {
    id: 'ID!',
    ended: 'Boolean',
    code: 'String!',
    until: 'String!',
    format: 'LogFormat!',
    about: 'ID',
    from: 'String!',
    day: 'String!',
    role: 'Role!',
    category: 'Category',
  }
  const every = [
    ...ask('me'),
    ...ask('regions'),
    ...ask('municipalities'),
    ...ask('werkcentra'),
    ...ask('partners', 'first: 20'),
    ...ask('accessMatrix', 'partnerKind: UWV'),
    ...ask('policyVersions'),
    ...ask('retention'),
    ...ask('unusedGrants', 'from: $from, until: $day', [{ from: '2026-07-01', day: until.slice(0, 10) }]),
    ...ask('agreements'),
    ...['agreement', 'agreementMatrix'].flatMap((name) =>
      ask(
        name,
        'id: $id',
        [...new Set(things.map(({ werkcentrum, partner }) => demoId(agreementKey(werkcentrum, partner))))].map((id) => ({ id })),
      ),
    ),
    ...ask('agreementDrift', 'until: $until', [{ until }]),
    ...ask('processingRegister'),
    ...ask(
      'contact',
      'id: $id',
      things.map(({ contactId }) => ({ id: contactId })),
    ),
    ...ask('contacts', 'first: 30'),
    ...ask(
      'handOff',
      'id: $id',
      things.map(({ id }) => ({ id })),
    ),
    ...ask('handOffs', 'first: 30, ended: $ended', [{ ended: false }, { ended: true }]),
    ...ask('openLoops', 'first: 30'),
    ...ask('accessLog', 'first: 50, until: $until', [{ until }]),
    ...ask(
      'accessLog',
      'first: 50, until: $until, handOffId: $about',
      things.map(({ id }) => ({ until, about: id })),
    ),
    ...ask(
      'accessLogExport',
      `format: $format, from: "${LONG_AGO}", until: $until, first: 50`,
      LOG_FORMATS.map((format) => ({ format, until })),
    ),
    ...ask('staffIdentityRequests'),
    ...ask('staffIdentity', 'requestId: $id', [{ id: demoId('a request of nowhere') }]),
    ...ask(
      'explainAccess',
      'handOffId: $id, role: $role, category: $category',
      things.map(({ id }, place) =>
        place % 2 ? { id, role: 'GUIDE', category: 'situation' } : { id, role: 'HANDLER', category: 'question' },
      ),
    ),
    ...ask(
      'whoMaySee',
      'handOffId: $id, category: outcome',
      things.map(({ id }) => ({ id })),
    ),
    ...ask('replayAccess', `from: "${LONG_AGO}", until: $until`, [{ until }]),
    ...ask('whatIf', `input: { suspendedAgreementId: "${AGREEMENT}", from: "${LONG_AGO}", until: $until }`, [{ until }]),
    ...ask(
      'followUp',
      'code: $code',
      things.map(({ code }) => ({ code })),
    ),
    ...ask(
      'consentReceipt',
      'code: $code',
      things.map(({ code }) => ({ code })),
    ),
    ...ask(
      'consentHistory',
      'handOffId: $id',
      things.map(({ id }) => ({ id })),
    ),
    ...ask('checkText', 'text: "Zoekt werk in de buurt"'),
    ...ask('figureDefinitions'),
    ...ask('figurePeriods'),
    ...ask('figurePeriods', 'werkcentrumId: $id', [{ id: AMERSFOORT }]),
    ...ask('figures', 'figure: CONTACTS_BY_JOURNEY, period: "2026-Q1"'),
    ...ask('figures', 'figure: CONTACTS_BY_JOURNEY, period: "2026-Q1", werkcentrumId: $id', [{ id: AMERSFOORT }]),
    ...ask('figureGoals', 'year: 2026'),
    ...['JSON', 'CSV', 'HTML'].flatMap((format) => ask('figuresReport', `format: ${format}, period: "2026-H1"`)),
  ]
  const asked = new Set(every.map(({ name }) => name))
  for (const name of Object.keys(schema.getQueryType()!.getFields()))
    if (!asked.has(name)) throw new Error(`nobody asks ${name}: add it to test/walls/everything.ts`)
  return every
}

const LONG_AGO = '2026-11-01T00:00:00Z'
const AGREEMENT = demoId(agreementKey('werkcentrum-amersfoort', 'uwv-amersfoort'))
const AMERSFOORT = demoId('werkcentrum-amersfoort')

export const EVERYONE = [...ACCOUNTS.map(({ name }) => name), undefined]

export const putTo = (server: TestServer, account: string | undefined, { query, variables }: Question): Promise<Answer> =>
  (account ? server.as(account) : server.nobody)(query, variables)

/** Hand-offs of two desks to six partners: open, accepted and ended; with sensitive facts, and with a union. */
export async function arrange(server: TestServer): Promise<{ things: Thing[]; until: string }> {
  const gooi = { deskId: demoId('desk-hilversum') }
  // Of the day before, so that what was used up to today is the same whenever it is asked.
  const today = server.world.now()
  server.setClock(new Date(today.getTime() - 86_400_000))
  await logContact(server)
  await logContact(server, gooi, 'gids-gooi')
  server.setClock(today)
  const things: Thing[] = []
  const add = async (guide: string, partner: string, changes: object, contact: object = {}) => {
    const contactId = await logContact(server, contact as never, guide)
    const { handOff, followUpCode } = await offer(server, contactId, { partnerId: demoId(partner), ...changes } as never, guide)
    const thing = {
      ...handOff,
      code: followUpCode,
      contactId,
      werkcentrum: guide === GUIDE ? 'werkcentrum-amersfoort' : 'werkcentrum-gooi',
      partner,
      isUnion: demoId(partner) === FNV,
    }
    things.push(thing)
    await done(step(server, guide, 'recordWarmCall', thing.id, 'channel: PHONE, result: SPOKEN, visitorPresent: true'))
    return thing
  }
  const sensitive = { consent: WITH_SENSITIVE, sensitive: ['JOBS_AGREEMENT'] }
  for (const end of ['offered', 'accepted', 'ended'] as const)
    for (const [guide, partner, changes, contact] of [
      [GUIDE, 'uwv-amersfoort', sensitive, {}],
      [GUIDE, 'gemeente-amersfoort', sensitive, {}],
      [GUIDE, 'fnv-amersfoort', { consent: TO_A_UNION }, {}],
      [GUIDE, 'uwv-gooi', { consent: WIDEST }, {}],
      ['gids-gooi', 'gemeente-hilversum', sensitive, gooi],
      ['gids-gooi', 'uwv-amersfoort', sensitive, gooi],
    ] as const) {
      const { id, code } = await add(guide, partner, changes, contact)
      if (end === 'accepted') await done(step(server, partner, 'acceptHandOff', id))
      if (end === 'ended') {
        await done(step(server, partner, 'completeHandOff', id, 'outcome: WORK'))
        await visitorSays(server, code, 'WORKED')
      }
    }
  if (![UWV, GEMEENTE].every((id) => things.some(({ partner }) => demoId(partner) === id)))
    throw new Error('the story misses a partner')
  // Every partner looks once, so that what was seen for the first time is seen already.
  for (const { name } of ACCOUNTS.filter(({ role }) => role === 'HANDLER'))
    for (const ended of [false, true]) await server.as(name)(`{ handOffs(first: 50, ended: ${ended}) { edges { node { id } } } }`)
  const until = server.world.now().toISOString()
  // Three minutes later, so that all of it may be exported.
  server.setClock(new Date(server.world.now().getTime() + 180_000))
  return { things, until }
}

/** Whose eyes may find which hand-off, from the domain: the own desk, the own inbox; unions only by guide and handler. */
export function mayFind(account: string | undefined, thing: Thing): boolean {
  const who = ACCOUNTS.find(({ name }) => name === account)
  if (!who || who.role === 'SIGNATORY') return false
  if (thing.isUnion && (who.role === 'COORDINATOR' || who.role === 'PRIVACY_OFFICER')) return false
  return who.organisation === (who.side === 'werkcentrum' ? thing.werkcentrum : thing.partner)
}
