// What each kind of partner sees, field by field, against the table of the domain; and that a partner never learns why something is closed.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { PartnerKind, Purpose, Question, Relation } from '#app/decide/decide.js'
import { demoId } from '#app/demo/ids.js'
import { opens, signInDomain } from '../decide/questions.js'
import { A_DAY, startServer, type TestServer } from '../support/server.js'
import { SITUATION } from '../support/story.js'
import {
  daysAfter,
  detail,
  done,
  EVERYTHING,
  fieldsOf,
  GUIDE,
  give,
  listed,
  made,
  narrow,
  type Offered,
  SHOWN,
  type Shown,
  step,
  TO_A_UNION,
  WIDEST,
  WITH_SENSITIVE,
  withdraw,
} from './hand-off.js'

const ORDINARY = ['logistics', 'routing', 'question', 'situation', 'outcome']
const WITH_NOTE = [...ORDINARY, 'note']
const NOTE = 'Wil graag in de buurt werken.'
const noted = <C extends typeof WIDEST>(consent: C): C => ({ ...consent, categories: [...consent.categories, 'note'] })

/** Every partner with a demo account, what it is called, and what Amersfoort and that partner agreed on. */
const PARTNERS: readonly {
  account: string
  kind: PartnerKind
  name: RegExp
  agreed: readonly string[]
  consent: typeof WIDEST & { explicitCategories?: string[] }
}[] = [
  { account: 'uwv-amersfoort', kind: 'UWV', name: /^UWV/, agreed: [...WITH_NOTE, 'sensitive'], consent: noted(WITH_SENSITIVE) },
  {
    account: 'gemeente-amersfoort',
    kind: 'GEMEENTE',
    name: /Amersfoort/,
    agreed: [...WITH_NOTE, 'sensitive'],
    consent: noted(WITH_SENSITIVE),
  },
  { account: 'wsp-amersfoort', kind: 'WSP', name: /WerkgeversServicepunt/, agreed: WITH_NOTE, consent: noted(WIDEST) },
  { account: 'lwl-amersfoort', kind: 'LWL', name: /Leerwerkloket/, agreed: WITH_NOTE, consent: noted(WIDEST) },
  { account: 'rmt-amersfoort', kind: 'RMT', name: /Mobiliteitsteam/, agreed: WITH_NOTE, consent: noted(WIDEST) },
  { account: 'fnv-amersfoort', kind: 'UNION', name: /^FNV/, agreed: ORDINARY, consent: TO_A_UNION },
  { account: 'gemeente-hilversum', kind: 'GEMEENTE', name: /Hilversum/, agreed: WITH_NOTE, consent: noted(WITH_SENSITIVE) },
  { account: 'uwv-gooi', kind: 'UWV', name: /Hilversum/, agreed: [...WITH_NOTE, 'sensitive'], consent: noted(WITH_SENSITIVE) },
]
type Partner = (typeof PARTNERS)[number]

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
afterEach(async () => {
  server.setClock(A_DAY)
})

type Locks = (category: Shown) => Partial<Question>

/** All that was agreed to, with partner and visitor, stands. */
const standing =
  ({ agreed, consent }: Partner): Locks =>
  (category) => ({
    agreement: agreed.includes(category) ? 'active' : 'none',
    consent: consent.categories.includes(category) ? 'covers' : 'not-covered',
    explicit: consent.explicitCategories?.includes(category) ?? false,
  })

/** The categories that the table of the domain closes to this partner. */
function closedTo({ kind }: Partner, relation: Relation, purpose: Purpose, locks: Locks): Shown[] {
  return SHOWN.filter((category) => {
    const cell = { role: 'HANDLER', relation, purpose, partnerKind: kind, category } as const
    const states = { underSixteen: false, representative: false, ownSide: true, ...locks(category) }
    return !opens(signInDomain(cell), { ...cell, ...states } as Question)
  })
}

/** What `withheld` of one hand-off has to hold: every field of these categories, and to a partner never a reason. */
const withheldOf = (categories: readonly Shown[]) =>
  categories.flatMap((category) =>
    fieldsOf(category).map((field) => ({ field, category, reason: 'NOT_SHARED', rule: 'not-shared' })),
  )

const sorted = (withheld: readonly { field: string }[]) => [...withheld].sort((a, b) => a.field.localeCompare(b.field))

/** Compares one hand-off, as it was answered, with the table and with the values that were put in. */
function compare(node: any, extension: any[], closed: readonly Shown[], values: Record<string, unknown>, where: string) {
  for (const category of SHOWN)
    for (const field of fieldsOf(category)) {
      if (closed.includes(category)) expect(node[field], `${where}: ${field} is closed`).toBeNull()
      else expect(node[field], `${where}: ${field} is open`).toEqual(values[field])
    }
  expect(sorted(node.withheld), where).toEqual(sorted(withheldOf(closed)))
  expect(sorted(extension.map(({ path, ...rest }: any) => rest)), where).toEqual(sorted(withheldOf(closed)))
}

const OFFER = (partner: Partner) => ({
  partnerId: demoId(partner.account),
  nextStep: { kind: 'APPOINTMENT', day: '2026-11-25', dayPart: 'MORNING' },
  consent: partner.consent,
  sensitive: partner.consent.categories.includes('sensitive') ? ['JOBS_AGREEMENT'] : [],
  note: partner.consent.categories.includes('note') ? NOTE : null,
})

const valuesOf = (partner: Partner, { id, recognitionCode }: Offered, more: object) => ({
  id,
  recognitionCode,
  werkcentrum: { name: 'Werkcentrum regio Amersfoort' },
  partner: { name: expect.stringMatching(partner.name) },
  desk: { name: 'Stadhuis Amersfoort' },
  channel: 'WALK_IN',
  contactDay: '2026-11-18',
  contactDayPart: 'AFTERNOON',
  routing: { visitorKind: 'JOB_SEEKER', origin: 'GM0307' },
  question: { journey: 'BENEFIT_TO_WORK', themes: ['FIND_WORK'] },
  nextStep: 'APPOINTMENT',
  appointmentDay: '2026-11-25',
  appointmentDayPart: 'MORNING',
  situation: SITUATION,
  sensitive: ['JOBS_AGREEMENT'],
  sensitiveNote: null,
  note: NOTE,
  remarks: [],
  loopStatus: 'OPEN',
  offeredOn: '2026-11-18',
  changedOn: '2026-11-18',
  changedDayPart: 'AFTERNOON',
  answerDueOn: expect.stringMatching(/^2026-1[12]-\d\d$/),
  overdue: false,
  firstContactDueOn: expect.stringMatching(/^2026-12-\d\d$/),
  firstContactOverdue: false,
  firstContactOn: null,
  reason: null,
  messageToVisitor: null,
  heardByDesk: false,
  guideVoice: null,
  visitorVoice: null,
  events: expect.any(Array),
  warmCalls: [],
  outcome: null,
  handledBy: null,
  ...more,
})

async function compareBoth(partner: Partner, offered: Offered, relation: Relation, locks: Locks, more: object) {
  const inList = await listed(server, partner.account, offered.id, 'handOffs', `ended: ${relation === 'ended'}`)
  expect(inList, `${partner.account} finds it in its list`).toBeDefined()
  const values = valuesOf(partner, offered, more)
  compare(
    inList!.node,
    inList!.withheld,
    closedTo(partner, relation, 'OVERVIEW', locks),
    { ...values, viewed: expect.any(Boolean) },
    `${relation} in a list`,
  )
  const full = await detail(server, partner.account, offered.id)
  compare(
    full.data.handOff,
    full.extensions?.withheld ?? [],
    closedTo(partner, relation, 'HELP', locks),
    { ...values, viewed: true },
    `${relation} in detail`,
  )
}

test.each(PARTNERS)(
  '$account sees of a hand-off offered, accepted and ended, in list and detail, what the table says',
  async (partner) => {
    const offered = await made(server, OFFER(partner))
    const all = standing(partner)
    await compareBoth(partner, offered, 'offered', all, { state: 'OFFERED' })
    await done(step(server, partner.account, 'acceptHandOff', offered.id, 'message: CALL_US'))
    const byMe = { handledBy: expect.stringMatching(/^k1:/) }
    await compareBoth(partner, offered, 'accepted', all, { state: 'ACCEPTED', messageToVisitor: 'CALL_US', ...byMe })
    await done(step(server, partner.account, 'completeHandOff', offered.id, 'outcome: WORK'))
    await compareBoth(partner, offered, 'ended', all, { state: 'COMPLETED', outcome: 'WORK', ...byMe })
  },
)

/** For this moment, the agreement of Amersfoort with this partner is another one. */
async function withAgreement(partner: Partner, change: string, look: () => Promise<void>) {
  const where = 'WHERE werkcentrum_id = $1 AND partner_id = $2'
  const of = [demoId('werkcentrum-amersfoort'), demoId(partner.account)]
  const { rows } = await server.sql.query(`SELECT state, cells, valid_from::text, valid_to::text FROM agreement ${where}`, of)
  expect(rows).toHaveLength(1)
  const { state, cells, valid_from, valid_to } = rows[0]
  await server.sql.query(`UPDATE agreement SET ${change} ${where}`, of)
  try {
    await look()
  } finally {
    await server.sql.query(`UPDATE agreement SET state = $3, cells = $4, valid_from = $5, valid_to = $6 ${where}`, [
      ...of,
      state,
      cells,
      valid_from,
      valid_to,
    ])
  }
}

type Reason = {
  why: string
  contact?: object
  /** How the consent given differs. */
  consent?: (partner: Partner) => object | null
  before?: (partner: Partner, offered: Offered) => Promise<unknown>
  agreement?: string
  locks: (category: Shown, open: Partial<Question>) => Partial<Question>
  /** What the guide hears about the outcome instead of NOT_SHARED; undefined: it is shown. */
  toTheDesk: string | undefined
  /** Nothing could be offered to a union this way. */
  notToUnions?: true
}

const underSixteen = { situation: { ...SITUATION, age: 'U16' } }
const withoutSituation = (consent: Partner['consent']) => ({
  ...consent,
  categories: consent.categories.filter((category) => category !== 'situation'),
  ...(consent.explicitCategories
    ? { explicitCategories: consent.explicitCategories.filter((category) => category !== 'situation') }
    : {}),
})
const CONTEXT = ['routing', 'question', 'situation', 'sensitive', 'note', 'outcome']
const isSituation = (category: Shown, closed: Partial<Question>) => (category === 'situation' ? closed : {})

// Each closes by another lock; a partner must not be able to tell those of one group from each other.
const REASONS: Record<'all the context' | 'all and logistics' | 'the situation alone', Reason[]> = {
  'all the context': [
    {
      why: 'no consent was given',
      consent: () => null,
      locks: () => ({ consent: 'none' }),
      toTheDesk: 'CONSENT',
      notToUnions: true,
    },
    {
      why: 'the visitor withdrew at the desk',
      before: (_, { id }) => withdraw(server, GUIDE, id),
      locks: () => ({ consent: 'withdrawn' }),
      toTheDesk: 'CONSENT',
    },
    {
      why: 'the visitor withdrew at the partner',
      before: ({ account }, { id }) => withdraw(server, account, id),
      locks: () => ({ consent: 'withdrawn' }),
      toTheDesk: 'CONSENT',
    },
    {
      why: 'the consent expired',
      before: async () => server.setClock(daysAfter(A_DAY, 183)),
      locks: () => ({ consent: 'expired' }),
      toTheDesk: 'CONSENT',
    },
    {
      why: 'the visitor is under sixteen and came alone',
      contact: underSixteen,
      // Of what is sensitive such a consent is not even taken, nor for a union, which is itself sensitive.
      consent: ({ consent }) => ({
        ...consent,
        categories: consent.categories.filter((category) => category !== 'sensitive'),
        explicitCategories: [],
      }),
      locks: (c) => (c === 'sensitive' ? { consent: 'not-covered' } : { underSixteen: true }),
      toTheDesk: 'UNDER_SIXTEEN',
      notToUnions: true,
    },
    {
      why: 'the agreement names logistics alone',
      agreement: "cells = '{logistics OVERVIEW,logistics HELP,logistics FOLLOW_UP}'",
      locks: (c) => (CONTEXT.includes(c) ? { agreement: 'none' } : {}),
      toTheDesk: 'AGREEMENT',
    },
  ],
  'all and logistics': [
    {
      why: 'the agreement was suspended',
      agreement: "state = 'SUSPENDED'",
      locks: () => ({ agreement: 'suspended' }),
      toTheDesk: 'AGREEMENT',
    },
    {
      why: 'the agreement was ended',
      agreement: "state = 'ENDED'",
      locks: () => ({ agreement: 'ended' }),
      toTheDesk: 'AGREEMENT',
    },
    {
      why: 'the agreement ran out',
      agreement: "valid_to = '2026-11-17'",
      locks: () => ({ agreement: 'ended' }),
      toTheDesk: 'AGREEMENT',
    },
    {
      why: 'the agreement has yet to begin',
      agreement: "valid_from = '2026-11-19'",
      locks: () => ({ agreement: 'none' }),
      toTheDesk: 'AGREEMENT',
    },
    {
      why: 'the agreement names nothing',
      agreement: "cells = '{}'",
      locks: () => ({ agreement: 'none' }),
      toTheDesk: 'AGREEMENT',
    },
  ],
  'the situation alone': [
    {
      why: 'the visitor kept it back',
      consent: ({ consent }) => withoutSituation(consent),
      locks: (c) => isSituation(c, { consent: 'not-covered' }),
      toTheDesk: undefined,
    },
    {
      why: 'the visitor narrowed at the desk',
      before: ({ consent }, { id }) => narrow(server, GUIDE, id, withoutSituation(consent).categories),
      locks: (c) => isSituation(c, { consent: 'not-covered' }),
      toTheDesk: undefined,
    },
    {
      why: 'the visitor narrowed at the partner',
      before: ({ account, consent }, { id }) => narrow(server, account, id, withoutSituation(consent).categories),
      locks: (c) => isSituation(c, { consent: 'not-covered' }),
      toTheDesk: undefined,
    },
    {
      why: 'the agreement does not name it',
      agreement: "cells = array_remove(cells, 'situation HELP')",
      locks: (c) => isSituation(c, { agreement: 'none' }),
      toTheDesk: undefined,
    },
    {
      why: 'there is no value',
      before: (_, { id }) => server.sql.query('DELETE FROM hand_off_situation WHERE hand_off_id = $1', [id]),
      // Nothing is locked, and it looks the same.
      locks: (c) => isSituation(c, { consent: 'not-covered' }),
      toTheDesk: undefined,
    },
  ],
}

for (const [group, reasons] of Object.entries(REASONS))
  test.each(PARTNERS)(`17: why ${group} of a hand-off is closed, $account cannot tell`, async (partner) => {
    const heard = new Map<string, string>()
    for (const { why, contact, consent, before, agreement, locks, toTheDesk, notToUnions } of reasons) {
      if (notToUnions && partner.kind === 'UNION') continue
      const given = consent ? consent(partner) : partner.consent
      const offered = await made(
        server,
        {
          ...OFFER(partner),
          consent: given,
          ...((given as typeof partner.consent | null)?.categories.includes('sensitive') ? {} : { sensitive: [] }),
          ...((given as typeof partner.consent | null)?.categories.includes('note') ? {} : { note: null }),
        },
        contact,
      )
      await done(step(server, partner.account, 'acceptHandOff', offered.id))
      await before?.(partner, offered)
      const look = async () => {
        const all: Locks = (category) => ({ ...standing(partner)(category), ...locks(category, standing(partner)(category)) })
        const full = await detail(server, partner.account, offered.id)
        const inList = await listed(server, partner.account, offered.id)
        const closed = {
          HELP: closedTo(partner, 'accepted', 'HELP', all),
          OVERVIEW: closedTo(partner, 'accepted', 'OVERVIEW', all),
        }
        expect(closed.HELP, why).toContain('situation')
        expect(sorted(full.data.handOff.withheld), why).toEqual(sorted(withheldOf(closed.HELP)))
        expect(sorted(inList!.node.withheld), why).toEqual(sorted(withheldOf(closed.OVERVIEW)))
        for (const category of closed.HELP)
          for (const field of fieldsOf(category)) expect(full.data.handOff[field], `${why}: ${field}`).toBeNull()
        heard.set(
          JSON.stringify([full.data.handOff.withheld, full.extensions.withheld, inList!.node.withheld, inList!.withheld]),
          why,
        )
        const desk = await detail(server, GUIDE, offered.id)
        expect(desk.data.handOff.withheld.find(({ field }: any) => field === 'outcome')?.reason, `${why}: to the desk`).toBe(
          toTheDesk,
        )
      }
      if (agreement) await withAgreement(partner, agreement, look)
      else await look()
      server.setClock(A_DAY)
    }
    expect([...heard.values()], 'one answer, byte for byte').toHaveLength(1)
  })

test.each(PARTNERS)('19: under sixteen, $account sees the context when a representative was there', async (partner) => {
  const offered = await made(
    server,
    { ...OFFER(partner), consent: { ...partner.consent, representativePresent: true } },
    underSixteen,
  )
  await done(step(server, partner.account, 'acceptHandOff', offered.id))
  const full = await detail(server, partner.account, offered.id)
  expect(full.data.handOff).toMatchObject({
    situation: { age: 'U16' },
    routing: { visitorKind: 'JOB_SEEKER' },
    question: { themes: ['FIND_WORK'] },
  })
})

test('17: a value that is not there is reported like one that was refused, in the object and in the extensions', async () => {
  const [uwv] = PARTNERS
  const offered = await made(server, OFFER(uwv!))
  await done(step(server, 'uwv-amersfoort', 'acceptHandOff', offered.id))
  await server.sql.query('DELETE FROM hand_off_routing WHERE hand_off_id = $1', [offered.id])
  const answer = await server.as('uwv-amersfoort')(`query ($id: ID!) { handOff(id: $id) ${EVERYTHING} }`, { id: offered.id })
  const entry = { field: 'routing', category: 'routing', reason: 'NOT_SHARED', rule: 'not-shared' }
  expect(answer.data.handOff.withheld).toContainEqual(entry)
  expect(answer.extensions.withheld).toContainEqual({ ...entry, path: ['handOff', 'routing'] })
})

test('6 and 12: after the end, consent opens nothing any more, and none is taken', async () => {
  const [uwv] = PARTNERS
  const offered = await made(server, OFFER(uwv!))
  await done(step(server, 'uwv-amersfoort', 'declineHandOff', offered.id, 'reason: NO_CAPACITY'))
  const refused = await give(server, offered.id, offered.code, WITH_SENSITIVE)
  expect(refused.errors?.[0].extensions).toEqual({ code: 'HANDOFF_MOVED_ON', state: 'DECLINED' })
  const { data } = await detail(server, 'uwv-amersfoort', offered.id)
  expect(data.handOff).toMatchObject({
    state: 'DECLINED',
    routing: null,
    question: null,
    situation: null,
    sensitive: null,
    desk: null,
  })
})
