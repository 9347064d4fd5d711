// The world that is then copied: hand-offs in every state, with every consent, under every agreement, made through the API day by day.
import type { TestDatabase } from '../support/database.js'
import { arrangeOrganisations, connected, idOf, TODAY, YESTERDAY } from '../support/small-world.js'
import { CONSENT, SITUATION } from '../support/story.js'
import { publishYear } from './counted-year.js'
import {
  coordinator,
  deskId,
  EMPTY_DESK,
  guide,
  handler,
  NOBODY,
  officerOf,
  officerOfDesk,
  partnerId,
  SCHOOL,
  signatoryOf,
  type Who,
} from './people.js'
import type { Side } from './side.js'

type Desk = 'a' | 'b'
type Kind = 'UWV' | 'GEMEENTE' | 'WSP' | 'UNION' | 'PRIVATE'
type Made = { id: string; contactId: string; code: string; recognitionCode: string }

/** What was made, by the name of its story. */
export type Story = Made & { name: string; desk: Desk; kind: Kind }
export type Stories = ReadonlyMap<string, Story>
export type Draft = Readonly<{ id: string; termsHash: string }>

const ALL = CONSENT.categories
const CONSENTS = {
  none: null,
  all: { ...CONSENT, reservePartnerId: partnerId('GEMEENTE') },
  plain: CONSENT,
  'no feedback': { ...CONSENT, categories: ['routing', 'question', 'situation'] },
  sensitive: { ...CONSENT, categories: [...ALL, 'sensitive', 'note'], explicitCategories: ['sensitive'] },
  explicit: { ...CONSENT, explicitCategories: ALL },
  'until today': { ...CONSENT, expiresOn: TODAY },
  child: CONSENT,
  'child with parent': { ...CONSENT, representativePresent: true, language: 'ti', givenHow: 'WRITTEN' },
} as const
type Consent = keyof typeof CONSENTS

const HAND_OFF = '{ id }'
const PAGE = '{ status }'
/** Who takes a step, and how it is asked. */
const STEPS: Record<string, (story: Omit<Story, 'name'>) => [Who, string]> = {
  accept: ({ kind, id }) => [handler(kind), `acceptHandOff(id: "${id}", message: COME_BY) ${HAND_OFF}`],
  remark: ({ kind, id }) => [handler(kind), `recordRemark(id: "${id}", remark: "Belt maandag terug.") ${HAND_OFF}`],
  first: ({ kind, id }) => [handler(kind), `recordFirstContact(id: "${id}") ${HAND_OFF}`],
  complete: ({ kind, id }) => [handler(kind), `completeHandOff(id: "${id}", outcome: WORK) ${HAND_OFF}`],
  decline: ({ kind, id }) => [handler(kind), `declineHandOff(id: "${id}", reason: NO_CAPACITY, message: TRY_OTHER) ${HAND_OFF}`],
  return: ({ kind, id }) => [handler(kind), `returnHandOff(id: "${id}", reason: NO_SHOW) ${HAND_OFF}`],
  'partner narrows': ({ kind, id }) => [handler(kind), `narrowConsent(id: "${id}", categories: [question]) ${HAND_OFF}`],
  call: ({ desk, id }) => [
    guide(desk),
    `recordWarmCall(id: "${id}", channel: PHONE, result: SPOKEN, visitorPresent: true) ${HAND_OFF}`,
  ],
  'hear completed': ({ desk, id }) => [
    guide(desk),
    `recordAnswerHeard(id: "${id}", answer: COMPLETED, outcome: TRAINING_STARTED) ${HAND_OFF}`,
  ],
  'hear declined': ({ desk, id }) => [
    guide(desk),
    `recordAnswerHeard(id: "${id}", answer: DECLINED, declineReason: OUT_OF_AREA) ${HAND_OFF}`,
  ],
  'withdraw consent': ({ desk, id }) => [guide(desk), `withdrawConsent(id: "${id}") ${HAND_OFF}`],
  withdraw: ({ desk, id }) => [guide(desk), `withdrawHandOff(id: "${id}", reason: NOT_NEEDED) ${HAND_OFF}`],
  'withdraw as mistake': ({ desk, id }) => [
    guide(desk),
    `withdrawHandOff(id: "${id}", reason: SENT_TO_WRONG_PARTNER) ${HAND_OFF}`,
  ],
  forward: ({ desk, id }) => [
    guide(desk),
    `forwardHandOff(input: { id: "${id}", partnerId: "${partnerId('GEMEENTE')}", nextStep: { kind: VISITOR_CALLS } }) { handOff ${HAND_OFF} }`,
  ],
  'guide heard nothing': ({ desk, id }) => [guide(desk), `recordGuideVoice(id: "${id}", voice: HEARD_NOTHING) ${HAND_OFF}`],
  lapse: ({ desk, id }) => [coordinator(desk), `lapseHandOff(id: "${id}") ${HAND_OFF}`],
  stop: ({ code }) => [NOBODY, `withdrawByCode(code: "${code}", stopHandOff: true) ${PAGE}`],
  narrow: ({ code }) => [NOBODY, `narrowByCode(code: "${code}", categories: [question, outcome]) ${PAGE}`],
  correct: ({ code }) => [
    NOBODY,
    `correctByCode(code: "${code}", correction: { question: { themes: [CAREER, TRAINING] } }) ${PAGE}`,
  ],
  erase: ({ code }) => [NOBODY, `eraseByCode(code: "${code}") ${PAGE}`],
  'it worked': ({ code }) => [NOBODY, `recordVisitorVoice(code: "${code}", voice: WORKED) ${PAGE}`],
  'it did not': ({ code }) => [NOBODY, `recordVisitorVoice(code: "${code}", voice: NOT_WORKED) ${PAGE}`],
  look: ({ code }) => [NOBODY, `followUp(code: "${code}") ${PAGE}`],
}

type Line = [desk: Desk, kind: Kind, consent: Consent, steps: string, name?: string]

const OF_YESTERDAY: Line[] = [
  ['a', 'UWV', 'until today', 'accept', 'expired consent'],
  ['a', 'UWV', 'sensitive', 'accept, remark, first'],
  ['a', 'UWV', 'all', 'complete, it worked'],
  ['a', 'GEMEENTE', 'sensitive', 'accept, withdraw consent'],
  ['a', 'UNION', 'explicit', 'accept'],
  ['b', 'UWV', 'all', ''],
]
const OF_TODAY: Line[] = [
  ['a', 'UWV', 'all', 'call', 'with the visitor at the desk'],
  ['a', 'UWV', 'none', ''],
  ['a', 'UWV', 'sensitive', '', 'offered with sensitive facts'],
  ['a', 'UWV', 'sensitive', 'accept, remark, call, look', 'accepted with sensitive facts'],
  ['a', 'UWV', 'none', 'accept'],
  ['a', 'UWV', 'all', 'accept, withdraw consent', 'withdrawn consent'],
  ['a', 'UWV', 'sensitive', 'accept, withdraw consent'],
  ['a', 'UWV', 'all', 'accept, narrow'],
  ['a', 'UWV', 'child', 'accept'],
  ['a', 'UWV', 'child with parent', 'accept'],
  ['a', 'UWV', 'sensitive', 'accept, first, complete'],
  ['a', 'UWV', 'no feedback', 'accept, complete'],
  ['a', 'UWV', 'all', 'complete, it worked'],
  ['a', 'UWV', 'all', 'hear completed'],
  ['a', 'UWV', 'all', 'accept, forward', 'forwarded'],
  ['a', 'UWV', 'all', 'withdraw'],
  ['a', 'UWV', 'all', 'withdraw as mistake'],
  ['a', 'UWV', 'all', 'accept, stop'],
  ['a', 'UWV', 'all', 'decline'],
  ['a', 'UWV', 'all', 'accept, return, guide heard nothing'],
  ['a', 'UWV', 'all', 'accept, correct'],
  ['a', 'UWV', 'sensitive', 'accept, erase'],
  ['a', 'UWV', 'all', 'lapse'],
  ['a', 'GEMEENTE', 'plain', ''],
  ['a', 'GEMEENTE', 'sensitive', 'accept'],
  ['a', 'GEMEENTE', 'sensitive', 'complete, it did not'],
  ['a', 'WSP', 'all', ''],
  ['a', 'WSP', 'all', 'accept'],
  ['a', 'WSP', 'all', 'hear declined'],
  ['a', 'WSP', 'all', 'hear completed'],
  ['a', 'WSP', 'all', 'accept, partner narrows'],
  ['a', 'UNION', 'explicit', ''],
  ['a', 'UNION', 'explicit', 'accept, look', 'accepted by the union'],
  ['a', 'UNION', 'explicit', 'complete'],
  ['a', 'UNION', 'explicit', 'accept, withdraw consent'],
  ['a', 'PRIVATE', 'all', ''],
  ['a', 'PRIVATE', 'all', 'accept'],
  ['a', 'PRIVATE', 'none', 'accept'],
  ['a', 'PRIVATE', 'all', 'withdraw'],
  ['b', 'UWV', 'sensitive', 'accept, remark, call'],
  ['b', 'UWV', 'all', 'accept, forward'],
  ['b', 'GEMEENTE', 'plain', ''],
  ['b', 'GEMEENTE', 'sensitive', 'accept'],
  ['b', 'WSP', 'all', 'accept'],
  ['b', 'UNION', 'explicit', 'accept'],
  ['b', 'PRIVATE', 'all', 'accept'],
]

const CONTACT = {
  channel: 'WALK_IN',
  visitorKind: 'JOB_SEEKER',
  origin: 'GM0307',
  journey: 'WORK_TO_WORK',
  themes: ['FIND_WORK'],
  situation: SITUATION,
  result: 'HANDED_OFF',
}
/** A contact with a key: asked once more, it gives the same contact. */
export const LOG_AGAIN = {
  query: 'mutation ($input: LogContactInput!) { logContact(input: $input) { id } }',
  variables: { input: { ...CONTACT, deskId: idOf('desk a'), idempotencyKey: 'key-of-a-guide' } },
}

type Ask = { text: string; type?: string; input?: object }

/** Arranges all of it on this database, through this side. */
export async function arrangeTwinStory(database: TestDatabase, side: Side): Promise<{ stories: Stories; draft: Draft }> {
  const admin = await connected(database.adminUrl)
  try {
    await arrangeOrganisations(admin)
    await admin.query(`INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, 'Partner SCHOOL', 'SCHOOL', true)`, [
      SCHOOL,
    ])
    await admin.query(`INSERT INTO werkcentrum VALUES ($1, 'Werkcentrum c', 'AM03')`, [EMPTY_DESK])
    await agreeWithPrivate(admin)
    await publishYear(admin, database)
  } finally {
    await admin.end()
  }
  await side.use(database)
  const stories = new Map<string, Story>()
  let asked = 0

  /** Ten at a time, in the order in which they are given; what each answered. */
  const askAll = async (who: Who, kind: 'query' | 'mutation', asks: readonly Ask[], at: Date): Promise<any[]> => {
    const answers: any[] = []
    for (let from = 0; from < asks.length; from += 10) {
      const ten = asks.slice(from, from + 10)
      const declared = ten.flatMap(({ input, type }, n) => (input ? [`$i${n}: ${type}!`] : []))
      const query = `${kind} ${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${ten.map(({ text }, n) => `r${n}: ${text.replace('$', `$i${n}`)}`).join(' ')} }`
      const variables = Object.fromEntries(ten.flatMap(({ input }, n) => (input ? [[`i${n}`, input]] : [])))
      const answer = await side.ask(who, { query, variables }, { at, seed: `story ${asked++}` })
      const { data, errors } = JSON.parse(answer.text)
      if (errors) throw new Error(`${who.name} asked ${query}: ${answer.text}`)
      answers.push(...Object.values(data))
    }
    return answers
  }
  const contacts = (desk: Desk, at: Date, all: readonly object[]) =>
    askAll(
      guide(desk),
      'mutation',
      all.map((more, n) => ({
        text: 'logContact(input: $) { id }',
        type: 'LogContactInput',
        input: { ...CONTACT, deskId: idOf(`desk ${desk}`), idempotencyKey: `contact-${asked}-${n}`, ...more },
      })),
      at,
    )

  async function tell(lines: readonly Line[], at: Date): Promise<void> {
    const told: (Story & { steps: string[] })[] = []
    for (const desk of ['a', 'b'] as const) {
      const own = lines.filter((line) => line[0] === desk)
      const ages = own.map(([, , consent]) => ({
        situation: { ...SITUATION, ...(consent.startsWith('child') ? { age: 'U16' } : {}) },
      }))
      const made = await contacts(desk, at, ages)
      const offers = own.map(([, kind, consent], n) => ({
        text: 'offerHandOff(input: $) { followUpCode handOff { id recognitionCode } }',
        type: 'OfferHandOffInput',
        input: {
          contactId: made[n].id,
          partnerId: partnerId(kind),
          nextStep:
            kind === 'GEMEENTE' ? { kind: 'APPOINTMENT', day: '2026-11-26', dayPart: 'MORNING' } : { kind: 'VISITOR_COMES' },
          consent: CONSENTS[consent],
          sensitive: consent === 'sensitive' ? ['DISABILITY_BENEFIT'] : [],
          note: consent === 'sensitive' ? 'Wil in de buurt werken.' : null,
        },
      }))
      for (const [n, { followUpCode, handOff }] of (await askAll(guide(desk), 'mutation', offers, at)).entries()) {
        const [, kind, consent, steps, name = `${desk} ${kind} ${consent} ${steps}`] = own[n]!
        told.push({
          ...handOff,
          contactId: made[n].id,
          code: followUpCode,
          desk,
          kind,
          name,
          steps: steps.split(', ').filter(Boolean),
        })
      }
    }
    // First everybody's first step, then everybody's second.
    for (let place = 0; told.some(({ steps }) => steps.length > place); place++) {
      const taken = told.flatMap((story) =>
        story.steps.slice(place, place + 1).map((step) => ({ step, asked: STEPS[step]!(story) })),
      )
      for (const name of new Set(taken.map(({ asked: [who] }) => who.name)))
        for (const kind of ['mutation', 'query'] as const) {
          const own = taken.filter(({ step, asked: [who] }) => who.name === name && (step === 'look') === (kind === 'query'))
          if (own.length > 0)
            await askAll(
              own[0]!.asked[0],
              kind,
              own.map(({ asked: [, text] }) => ({ text })),
              at,
            )
        }
    }
    for (const { steps: _, ...story } of told) stories.set(story.name, story)
  }

  for (const [day, lines] of [
    [YESTERDAY, OF_YESTERDAY],
    [TODAY, OF_TODAY],
  ] as const) {
    const at = new Date(`${day}T09:00:00Z`)
    await tell(lines, at)
    const others = [
      { result: 'ANSWERED' },
      { visitorKind: 'EMPLOYER', journey: null, situation: null, themes: ['RECRUITING'], result: 'REFERRED' },
    ]
    for (const desk of ['a', 'b'] as const) await contacts(desk, at, others)
    for (const who of [handler('UWV'), handler('GEMEENTE'), handler('UNION'), coordinator('a'), guide('a')])
      await askAll(who, 'query', [{ text: 'handOffs(first: 50) { edges { node { id question { themes } } } }' }], at)
    await askAll(officerOfDesk('a'), 'query', [{ text: 'handOffs(first: 50) { edges { node { id state } } }' }], at)
  }
  const at = new Date(`${TODAY}T10:00:00Z`)
  const one = (text: string) => [{ text }]
  const [suspended, ended] = [idOf('agreement b GEMEENTE'), idOf('agreement b WSP')]
  await askAll(officerOf('GEMEENTE'), 'mutation', one(`suspendAgreement(id: "${suspended}", reason: INCIDENT) { id }`), at)
  await askAll(signatoryOf('WSP'), 'mutation', one(`endAgreement(id: "${ended}", reason: NO_LONGER_NEEDED) { id }`), at)
  // So that the draft can be signed.
  const draft = idOf('draft a UWV')
  const [{ termsHash }] = await askAll(officerOf('UWV'), 'query', [{ text: `agreement(id: "${draft}") { termsHash }` }], at)
  await askAll(
    officerOf('UWV'),
    'mutation',
    one(`adviseOnAgreement(id: "${draft}", advice: AGREES, termsHash: "${termsHash}") { id }`),
    at,
  )
  // Who is behind a pseudonym: asked of one colleague and agreed to, of another and not answered yet; and within an organisation alone.
  const lineOf = async (officer: Who, operation: string) => {
    const [{ edges }] = await askAll(
      officer,
      'query',
      one('accessLog(first: 50) { edges { node { id at operation actor } } }'),
      at,
    )
    const { node } = edges.find(({ node }: any) => node.operation === operation && node.actor !== null)
    return `recordId: "${node.id}", at: "${node.at}", reason: COMPLAINT`
  }
  const askedBy = async (officer: Who, operation: string) =>
    (await askAll(officer, 'mutation', one(`requestStaffIdentity(${await lineOf(officer, operation)}) { id }`), at))[0].id
  const agreed = await askedBy(officerOf('UWV'), 'acceptHandOff')
  await askAll(officerOfDesk('a'), 'mutation', one(`answerStaffIdentityRequest(id: "${agreed}", agree: true) { id }`), at)
  await askedBy(officerOf('UWV'), 'completeHandOff')
  await askedBy(officerOfDesk('a'), 'logContact')
  await side.ask(guide('a'), LOG_AGAIN, { at, seed: 'a key' })
  // A code that nobody has, tried at a desk.
  const wrong = { consent: CONSENT, followUpCode: '00000-00000-0000', handOffId: stories.get('b UWV all ')!.id }
  await side.ask(
    guide('b'),
    { query: 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { id } }', variables: { input: wrong } },
    { at, seed: 'a guess' },
  )
  return { stories, draft: { id: draft, termsHash } }
}

/** A private party that desk a alone has an agreement with. */
async function agreeWithPrivate(admin: Awaited<ReturnType<typeof connected>>): Promise<void> {
  const [id, like] = [idOf('agreement a PRIVATE'), idOf('agreement a WSP')]
  const change = JSON.stringify({ id, agreement_id: id, partner_id: partnerId('PRIVATE') })
  await admin.query('BEGIN')
  for (const [table, key] of [
    ['agreement', 'id'],
    ['agreement_event', 'agreement_id'],
    ['agreement_event_person', 'agreement_id'],
  ])
    await admin.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, $1::jsonb)).* FROM ${table} t WHERE t.werkcentrum_id = $2 AND t.${key} = $3`,
      [change, deskId('a'), like],
    )
  await admin.query(
    `INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side) VALUES ($1, $2, $3, 'WERKCENTRUM'), ($1, $2, $4, 'PARTNER')`,
    [deskId('a'), id, partnerId('GEMEENTE'), partnerId('PRIVATE')],
  )
  await admin.query('COMMIT')
}
