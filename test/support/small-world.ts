// A small world made by the domain itself: two desks, five partners, hand-offs in every state, on a clock that stands still.
import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { Client } from 'pg'
import { requestStaffIdentity } from '#app/access-log/staff-identity.js'
import { giveConsent } from '#app/consent/give-consent.js'
import { type NewConsent, narrow } from '#app/consent/record-consent.js'
import { logContact } from '#app/contacts/contacts.js'
import { PrismaClient } from '#app/database/prisma/client.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { eraseByCode, withCode } from '#app/follow-up/by-code.js'
import { correct } from '#app/follow-up/correct.js'
import { codeHolder, followUp } from '#app/follow-up/follow-up.js'
import { findHandOff, findHandOffOfCode, listHandOffs } from '#app/handoffs/handoffs.js'
import { forwardHandOff, hashesOf, offerHandOff } from '#app/handoffs/offer.js'
import { recordRemark } from '#app/handoffs/record-remark.js'
import { recordVoice, recordWarmCall, type StepDetails, takeStep } from '#app/handoffs/take-step.js'
import { type Capacity, NOBODY } from '#app/identity/capacity.js'
import { keyedHashes } from '#app/identity/pseudonym.js'
import { type Act, perform } from '#app/operations/perform.js'
import { realWorld, type World } from '#app/world.js'
import type { TestDatabase } from './database.js'
import { KEYS } from './keys.js'

export const TODAY = '2026-11-24'
export const YESTERDAY = '2026-11-23'

/** The same id for the same name on every run. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(`test ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const WERKCENTRA = { a: idOf('werkcentrum a'), b: idOf('werkcentrum b') } as const
export const PARTNERS = {
  UWV: idOf('partner UWV'),
  GEMEENTE: idOf('partner GEMEENTE'),
  WSP: idOf('partner WSP'),
  UNION: idOf('partner UNION'),
  PRIVATE: idOf('partner PRIVATE'),
} as const
type Kind = keyof typeof PARTNERS
type Desk = keyof typeof WERKCENTRA

export const guideOf = (desk: Desk): Capacity => capacity('GUIDE', 'WERKCENTRUM', WERKCENTRA[desk])
export const handlerOf = (kind: Kind): Capacity => capacity('HANDLER', 'PARTNER', PARTNERS[kind])
export const capacity = (role: string, side: 'WERKCENTRUM' | 'PARTNER', organisationId: string) =>
  ({ role, side, organisationId, subject: `${role} of ${organisationId}` }) as Capacity

/** The server's own world, on `now`, with ids and codes that come out the same each time. */
export function worldAt(database: PrismaClient, now: () => Date = () => new Date(`${TODAY}T10:00:00Z`)): World {
  let drawn = 0
  const next = (size: number) => createHash('sha512').update(`drawn ${drawn++}`).digest().subarray(0, size)
  return realWorld({
    database,
    policies: readPolicies(new URL('../../policies/', import.meta.url).pathname),
    keys: KEYS,
    now,
    newId: () => idOf(`made ${drawn++}`),
    random: next,
  })
}

/** Logs in as the server does; `onQuery` hears every statement. */
export function serverDatabase(url: string, onQuery?: (sql: string, values: unknown[]) => void): PrismaClient {
  const database = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: 2 }),
    log: [{ emit: 'event', level: 'query' }],
  })
  if (onQuery) database.$on('query', ({ query, params }) => onQuery(query, JSON.parse(params)))
  return database
}

export async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

/** Regions, organisations and agreements: what the release step or an administrator puts there. */
export async function arrangeOrganisations(admin: Client): Promise<void> {
  await admin.query(`INSERT INTO region VALUES ('AM01', 'Region one'), ('AM02', 'Region two') ON CONFLICT DO NOTHING`)
  for (const [kind, id] of Object.entries(PARTNERS))
    await admin.query('INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, $2, $3, $4)', [
      id,
      `Partner ${kind}`,
      kind,
      kind !== 'WSP',
    ])
  await admin.query('INSERT INTO partner_acts_for (partner_id, member_id) VALUES ($1, $2)', [PARTNERS.WSP, PARTNERS.GEMEENTE])
  for (const [desk, id] of Object.entries(WERKCENTRA)) {
    await admin.query('INSERT INTO werkcentrum VALUES ($1, $2, $3)', [id, `Werkcentrum ${desk}`, desk === 'a' ? 'AM01' : 'AM02'])
    await admin.query('INSERT INTO desk VALUES ($1, $2, $3, NULL)', [id, idOf(`desk ${desk}`), `Desk ${desk}`])
    await admin.query('INSERT INTO controller (werkcentrum_id, partner_id) VALUES ($1, $2)', [id, PARTNERS.GEMEENTE])
    for (const kind of ['UWV', 'GEMEENTE', 'WSP', 'UNION'] as const) {
      const agreement = idOf(`agreement ${desk} ${kind}`)
      await admin.query(
        `INSERT INTO agreement (werkcentrum_id, id, partner_id, version, state, cells, legal_basis, answer_term_days, first_contact_term_days,
           contact_point, document_reference, review_on, valid_from, valid_to, signed_on, events)
         SELECT $1, $2, $3, 1, 'ACTIVE', array_agg(c || ' ' || p), 'task', 5, 5, 'function', 'reference', '2027-06-01', '2026-01-01', '2027-12-31',
           '2026-01-01', 1
         FROM unnest('{logistics,routing,question,situation,sensitive,note,outcome}'::text[]) c, unnest('{OVERVIEW,HELP,FOLLOW_UP}'::text[]) p`,
        [id, agreement, PARTNERS[kind]],
      )
      await admin.query(
        `INSERT INTO agreement_event (werkcentrum_id, agreement_id, number, partner_id, step, state, at) VALUES ($1, $2, 1, $3, 'load', 'ACTIVE', '2026-01-01')`,
        [id, agreement, PARTNERS[kind]],
      )
      await admin.query(`INSERT INTO agreement_event_person VALUES ($1, $2, 1, 'k1:x')`, [id, agreement])
      for (const side of ['WERKCENTRUM', 'PARTNER'])
        await admin.query(
          'INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side) VALUES ($1, $2, $3, $4)',
          [id, agreement, side === 'PARTNER' && kind !== 'WSP' ? PARTNERS[kind] : PARTNERS.GEMEENTE, side],
        )
    }
    await arrangeDraft(admin, desk, id)
    await arrangeFigures(admin, id)
  }
}

/** A quarter that was counted and published, and a goal. */
async function arrangeFigures(admin: Client, id: string): Promise<void> {
  await admin.query(`INSERT INTO figure_counted VALUES ($1, '2026-01-01', 1, '2026-04-16')`, [id])
  await admin.query(`INSERT INTO figure_count VALUES ($1, '2026-01-01', 1, 'offered', $2, 12)`, [id, `UWV ${PARTNERS.UWV}`])
  await admin.query(`INSERT INTO figure_publication VALUES ($1, '2026-Q1', 1, '2026-04-16')`, [id])
  for (const [figure, row, value] of [
    ['CONTACTS', 'TOTAL', 40],
    ['OFFERED', 'TOTAL', 12],
    ['OFFERED_BY_PARTNER', PARTNERS.UWV, 12],
  ])
    await admin.query(`INSERT INTO figure_value VALUES ($1, '2026-Q1', $2, 1, $3, '', $4)`, [id, figure, row, value])
  await admin.query(`INSERT INTO figure_goal VALUES ($1, 2026, 'CONTACTS', 'TOTAL', 160)`, [id])
}

/** A next version with UWV that both sides still work on: drafted, and the desk's officer objected. */
async function arrangeDraft(admin: Client, desk: string, werkcentrumId: string): Promise<void> {
  const id = idOf(`draft ${desk} UWV`)
  await admin.query(
    `INSERT INTO agreement (werkcentrum_id, id, partner_id, version, state, cells, legal_basis, answer_term_days, first_contact_term_days,
       contact_point, document_reference, review_on, valid_from, valid_to)
     VALUES ($1, $2, $3, 2, 'DRAFT', '{question HELP}', 'task-of-uwv', 5, 5, 'function', 'reference', '2027-06-01', '2026-12-01', '2027-12-31')`,
    [werkcentrumId, id, PARTNERS.UWV],
  )
  await admin.query(
    `INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side) VALUES ($1, $2, $3, 'WERKCENTRUM'), ($1, $2, $4, 'PARTNER')`,
    [werkcentrumId, id, PARTNERS.GEMEENTE, PARTNERS.UWV],
  )
  await admin.query('BEGIN')
  await admin.query(`INSERT INTO agreement_event_person VALUES ($1, $2, 1, 'k1:y'), ($1, $2, 2, 'k1:z')`, [werkcentrumId, id])
  await admin.query(
    `INSERT INTO agreement_event (werkcentrum_id, agreement_id, step, by_side, by_role, advice, terms_hash, at) VALUES
       ($1, $2, 'draft', 'WERKCENTRUM', 'SIGNATORY', NULL, NULL, '2026-11-01'),
       ($1, $2, 'advise', 'WERKCENTRUM', 'PRIVACY_OFFICER', 'OBJECTS', agreement_terms_hash($1, $2), '2026-11-02')`,
    [werkcentrumId, id],
  )
  await admin.query('COMMIT')
}

/** Officers of both sides ask for an account of their own people: of a line about two organisations, and of one about their own alone. */
async function askWhoItWas(database: TestDatabase, world: World): Promise<void> {
  const admin = await connected(database.adminUrl)
  for (const [officer, operation] of [
    [capacity('PRIVACY_OFFICER', 'PARTNER', PARTNERS.UWV), 'acceptHandOff'],
    [capacity('PRIVACY_OFFICER', 'WERKCENTRUM', WERKCENTRA.a), 'recordWarmCall'],
    [capacity('PRIVACY_OFFICER', 'WERKCENTRUM', WERKCENTRA.a), 'logContact'],
  ] as const) {
    const { organisationId } = officer as { organisationId: string }
    const { rows } = await admin.query(
      `SELECT r.id, r.at FROM access_record r JOIN access_record_part p ON p.at = r.at AND p.record_id = r.id
       WHERE r.operation = $1 AND r.organisation_id = $2 AND NOT p.confidential ORDER BY r.at LIMIT 1`,
      [operation, organisationId],
    )
    const question = { recordId: rows[0].id, at: rows[0].at.toISOString(), withId: null, reason: 'COMPLAINT' } as const
    await perform(world, officer, 'requestStaffIdentity', (act) => requestStaffIdentity(act, question))
  }
  await admin.end()
}

export const consentTo = (categories: NewConsent['categories'], more: Partial<NewConsent> = {}): NewConsent => ({
  categories,
  explicitCategories: [],
  reservePartnerId: null,
  askedForHelp: true,
  inOwnInterest: true,
  refusalIsFree: true,
  representativePresent: false,
  givenHow: 'SPOKEN',
  wordingVersion: 'THREE_SENTENCES_2026',
  language: 'nl',
  ...more,
})

export type SmallWorld = {
  /** The hashes of the follow-up codes, by hand-off. */
  hashes: Map<string, string[]>
  handOffs: Record<string, string>
}

/** A day of work at both desks, and what was left of the day before. */
export async function arrangeSmallWorld(database: TestDatabase): Promise<SmallWorld> {
  const admin = await connected(database.adminUrl)
  await arrangeOrganisations(admin).finally(() => admin.end())
  const server = serverDatabase(database.serverUrl)
  let now = new Date(`${YESTERDAY}T10:00:00Z`)
  const world = worldAt(server, () => now)
  const hashes = new Map<string, string[]>()
  const codes = new Map<string, string>()
  const handOffs: Record<string, string> = {}

  const contact = (desk: Desk) =>
    perform(world, guideOf(desk), 'logContact', (act) =>
      logContact(act, {
        deskId: idOf(`desk ${desk}`),
        channel: 'WALK_IN',
        visitorKind: 'JOB_SEEKER',
        origin: null,
        journey: 'WORK_TO_WORK',
        themes: ['FIND_WORK'],
        situation: { work: 'AT_RISK', benefit: 'WW', age: 'A27_54', education: 'SECONDARY', languageHelp: 'NO' },
        result: 'HANDED_OFF',
        note: 'Wil graag in de buurt werken.',
        idempotencyKey: `contact-of-${desk}-${now.toISOString()}`,
      }),
    )
  const keep = (name: string, { handOff, followUpCode }: { handOff: { id: string }; followUpCode: string | null }) => {
    handOffs[name] = handOff.id
    codes.set(handOff.id, followUpCode!)
    hashes.set(handOff.id, keyedHashes(KEYS, 'follow-up-code', followUpCode!))
    return handOff.id
  }
  const offer = async (desk: Desk, kind: Kind, consent: NewConsent | null, name = `${desk} ${kind}`) => {
    const { id: contactId } = await contact(desk)
    now = new Date(now.getTime() + 1000)
    const sensitive = consent?.categories.includes('sensitive') ? (['DISABILITY_BENEFIT'] as const) : []
    const nextStep = { kind: 'VISITOR_COMES' as const, day: null, dayPart: null }
    const offered = await perform(world, guideOf(desk), 'offerHandOff', (act) =>
      offerHandOff(act, {
        contactId,
        partnerId: PARTNERS[kind],
        nextStep,
        consent,
        sensitive: [...sensitive],
        note: null,
        idempotencyKey: null,
      }),
    )
    const id = keep(name, offered)
    await perform(world, guideOf(desk), 'recordWarmCall', (act) =>
      recordWarmCall(act, id, { channel: 'PHONE', result: 'SPOKEN', visitorPresent: true }),
    )
    return id
  }
  const take = (who: Capacity, operation: string, id: string, name: Parameters<typeof takeStep>[2], details?: StepDetails) =>
    perform(world, who, operation, (act) => takeStep(act, id, name, details))

  const everything = consentTo(['routing', 'question', 'situation', 'outcome'], { reservePartnerId: PARTNERS.GEMEENTE })
  const sensitive = consentTo(['routing', 'question', 'situation', 'sensitive', 'outcome'], { explicitCategories: ['sensitive'] })
  const noted = { ...sensitive, categories: [...sensitive.categories, 'note' as const] }
  const toUnion = consentTo(['routing', 'question', 'situation', 'outcome'], {
    explicitCategories: ['routing', 'question', 'situation', 'outcome'],
  })

  try {
    for (const day of [YESTERDAY, TODAY]) {
      now = new Date(`${day}T10:00:00Z`)
      for (const desk of ['a', 'b'] as const) {
        const accepted = await offer(desk, 'UWV', day === YESTERDAY ? noted : sensitive, `${desk} UWV accepted ${day}`)
        await take(handlerOf('UWV'), 'acceptHandOff', accepted, 'accept', { message: 'COME_BY' })
        if (day === YESTERDAY) await take(handlerOf('UWV'), 'recordFirstContact', accepted, 'recordFirstContact')
        await perform(world, handlerOf('UWV'), 'recordRemark', (act) =>
          recordRemark(act, accepted, 'Belt maandag over de cursus.'),
        )
        const union = await offer(desk, 'UNION', toUnion, `${desk} UNION accepted ${day}`)
        await take(handlerOf('UNION'), 'acceptHandOff', union, 'accept')
        await perform(world, handlerOf('UNION'), 'recordRemark', (act) => recordRemark(act, union, 'Vraagt naar het contract.'))
        if (day === YESTERDAY) continue
        const completed = await offer(desk, 'GEMEENTE', noted, `${desk} GEMEENTE completed ${day}`)
        await take(handlerOf('GEMEENTE'), 'completeHandOff', completed, 'complete', { outcome: 'WORK' })
        await perform(world, codeHolder(world, codes.get(completed)!), 'recordVisitorVoice', (act) =>
          recordVoice(act, completed, 'HEARD_NOTHING'),
        )
        const unionDone = await offer(desk, 'UNION', toUnion, `${desk} UNION completed ${day}`)
        await take(handlerOf('UNION'), 'completeHandOff', unionDone, 'complete', { outcome: 'QUESTION_SOLVED' })
        const declined = await offer(desk, 'WSP', everything, `${desk} WSP declined ${day}`)
        await take(guideOf(desk), 'recordAnswerHeard', declined, 'hearDeclined', { reason: 'NO_CAPACITY' })
        const returned = await offer(desk, 'WSP', everything, `${desk} WSP returned ${day}`)
        await take(handlerOf('WSP'), 'acceptHandOff', returned, 'accept')
        await take(handlerOf('WSP'), 'returnHandOff', returned, 'return', { reason: 'NO_SHOW' })
        const lapsed = await offer(desk, 'PRIVATE', null, `${desk} PRIVATE lapsed ${day}`)
        await take(capacity('COORDINATOR', 'WERKCENTRUM', WERKCENTRA[desk]), 'lapseHandOff', lapsed, 'lapse')
        const withdrawn = await offer(desk, 'PRIVATE', everything, `${desk} PRIVATE withdrawn ${day}`)
        await take(guideOf(desk), 'withdrawHandOff', withdrawn, 'withdraw', { reason: 'SENT_TO_WRONG_PARTNER' })
        const first = await offer(desk, 'UWV', everything, `${desk} UWV forwarded ${day}`)
        const nextStep = { kind: 'VISITOR_CALLS' as const, day: null, dayPart: null }
        const forwarding = {
          handOffId: first,
          partnerId: PARTNERS.GEMEENTE,
          nextStep,
          followUpCode: null,
          consent: null,
          idempotencyKey: null,
        }
        const forwarded = await perform(world, guideOf(desk), 'forwardHandOff', (act) => forwardHandOff(act, forwarding))
        // The code that the visitor has follows the question.
        keep(`${desk} GEMEENTE offered ${day}`, { ...forwarded, followUpCode: codes.get(first)! })
        const narrowed = await offer(desk, 'UWV', everything, `${desk} UWV offered ${day}`)
        await perform(world, handlerOf('UWV'), 'narrowConsent', async (act) => {
          await findHandOff(act, narrowed)
          await narrow(act, narrowed, ['question'])
        })
        const followUpCode = codes.get(narrowed)!
        await perform(
          world,
          guideOf(desk),
          'giveConsent',
          (act) =>
            giveConsent(act, {
              handOffId: narrowed,
              followUpCode,
              consent: consentTo(['routing', 'question']),
              sensitive: [],
              note: null,
            }),
          { codeHashes: hashesOf(world, followUpCode) },
        )
        // Corrected, then erased, with the code; and a code that nobody has.
        const erased = await offer(desk, 'WSP', everything, `${desk} WSP erased ${day}`)
        const visitor = codeHolder(world, codes.get(erased)!)
        const correction = {
          routing: { visitorKind: 'WORKER' as const, origin: null },
          question: null,
          situation: null,
          note: null,
        }
        const found = (act: Act) => findHandOffOfCode(act).then((handOff) => handOff!)
        await perform(world, visitor, 'correctByCode', async (act) => correct(act, await found(act), correction))
        await perform(world, visitor, 'eraseByCode', async (act) => eraseByCode(act, await found(act)))
        await withCode({ world, network: `network ${desk}` }, 'a guess', 'followUp', async () => undefined).catch(() => undefined)
      }
      for (const kind of Object.keys(PARTNERS) as Kind[])
        await perform(world, handlerOf(kind), 'handOffs', (act) => listHandOffs(act, {}, { first: 50, after: null }))
      await perform(world, NOBODY, 'me', async () => undefined)
    }
    for (const id of hashes.keys()) await perform(world, codeHolder(world, codes.get(id)!), 'followUp', followUp)
    await askWhoItWas(database, world)
  } finally {
    await server.$disconnect()
  }
  return { hashes, handOffs }
}
