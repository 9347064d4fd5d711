// What stands in the arguments of generated questions: things of the world, in sight and out of it; cursors and hashes from earlier answers;
// what nobody has; and what is no such thing at all.
import { readFileSync } from 'node:fs'
import type { Chance } from '#app/demo/chance.js'
import { makeFollowUpCode, makeRecognitionCode } from '#app/handoffs/codes.js'
import { POLICIES } from '../support/server.js'
import { idOf, TODAY, YESTERDAY } from '../support/small-world.js'
import { COUNTED_YEAR, PERIODS } from './counted-year.js'
import { type Facts, isOf } from './facts.js'
import { idsOf } from './hiding.js'
import { deskId, partnerId, type Who } from './people.js'

export type Things = {
  /** A value for an argument or input field of this name, below this operation; `type` is a scalar. */
  valueFor(root: string, name: string, type: string): unknown
  /** A word of a closed list: one that is let through there, more often than not. */
  wordFor(root: string, name: string, words: readonly string[]): string
  /** The hand-off of the visitor who stands at this desk with the code, and that code. */
  ofTheVisitor(): string
  codeOfTheVisitor(): string
  /** A contact that nothing was made of. */
  ownContact(): string
  /** A hand-off of the own organisation that was in one of these states at first. */
  handOffIn(states: readonly string[]): string
  draft(): Facts['draft']
  /** A line of the own log, as far as it was read. */
  lineOfTheLog(): { recordId: string; at: string }
  /** Learns from an answer what can be asked next. */
  learn(answer: string): void
}

const PARTNERS = (['UWV', 'GEMEENTE', 'WSP', 'UNION', 'PRIVATE', 'SCHOOL'] as const).map(partnerId)
const DESKS = (['a', 'b', 'c'] as const).map(deskId)
const INSTANTS = [
  '2026-11-01T00:00:00Z',
  `${YESTERDAY}T09:00:00Z`,
  `${TODAY}T09:30:00Z`,
  `${TODAY}T12:01:00Z`,
  '2099-01-01T00:00:00Z',
  'noon',
]
const DAYS = ['2026-07-01', '2026-11-02', YESTERDAY, TODAY, '2026-11-25', '2026-12-15', '2027-03-01', '2027-11-01', '2026-02-30']
/** What the cursors of a list begin with. */
const ORDERS: Record<string, string> = {
  handOffs: 'hand-offs',
  openLoops: 'hand-offs',
  contacts: 'contacts',
  accessLog: 'access-log',
  partners: 'partners',
}
const BASES = ['task-of-uwv', 'task-of-the-gemeente', 'consent-of-the-visitor', 'task', 'none']
const FIELDS = ['situation', 'sensitive', 'outcome', 'question', 'handledBy', 'state', 'desk', 'routing', 'withheld', 'nothing']
const sharing = readFileSync(`${POLICIES}/sharing.yaml`, 'utf8')
const actions = readFileSync(`${POLICIES}/actions.yaml`, 'utf8')
const OTHER_SHARING = [
  sharing.replace(
    'categories: [reference, progress]\n    needs: []\n    bases: [of-the-partner]',
    'categories: [reference, progress]\n    needs: [agreement]\n    bases: [of-the-partner]',
  ),
  sharing.replaceAll('needs: [agreement, consent]', 'needs: [consent]'),
  'share: nothing',
]
const OTHER_ACTIONS = [actions.replace(', COORDINATOR: FOLLOW_UP', ''), actions.replace('HANDLER: HELP, ', '')]
const AGREED = ['logistics', 'routing', 'question', 'situation', 'outcome', 'OVERVIEW', 'HELP', 'FOLLOW_UP']
const CSV = 'category;OVERVIEW;HELP;FOLLOW_UP\nquestion;x;x;x\nsituation;;x;'

export function thingsOf(who: Who, facts: Facts, chance: Chance): Things {
  const often = (part: number) => chance.part() < part
  const stories = [...facts.stories.values()]
  const learned = new Map<string, string[]>()
  const known = (name: string) => learned.get(name) ?? []
  const handOffs = facts.handOffs.map(({ id }) => id)
  const drafts = facts.agreements.map(({ id }) => idOf(`draft after ${id}`))
  const all = {
    handOff: [...handOffs, ...handOffs.map((id) => idOf(`copy of ${id}`))],
    contact: facts.contacts.flatMap(({ id }) => [id, idOf(`copy of ${id}`)]),
    agreement: [...facts.agreements.map(({ id }) => id), ...drafts],
  }
  const wrong = () => chance.oneOf([chance.uuid(), chance.uuid().toUpperCase(), 'no-id', ''])
  const one = (list: readonly string[], own: readonly string[]) =>
    often(0.04) ? wrong() : own.length > 0 && often(0.65) ? chance.oneOf(own) : chance.oneOf(list)
  const handOff = () => one(all.handOff, known('HandOff'))
  const contact = () => one(all.contact, known('VisitorContact'))
  const agreement = () => one(all.agreement, known('Agreement'))
  const ownRequests = facts.identityRequests.filter(({ by, answeredBy }) => [by, answeredBy].includes(who.organisation?.id ?? ''))
  const identityRequest = () => one(idsOf(facts.identityRequests), idsOf(ownRequests))
  const partner = () => one(PARTNERS, [])
  const random = (bytes: number) => chance.bytes(bytes)
  const visitor = facts.stories.get(who.story ?? '') ?? { id: chance.uuid(), code: makeFollowUpCode(random) }
  const free = facts.contacts.filter(({ isFree }) => isFree).map(({ id }) => id)

  function code(): string {
    const own = who.role === 'CODE_HOLDER' && facts.stories.get(who.story!)?.code
    if (own && often(0.8)) return chance.oneOf([own, own.toLowerCase().replaceAll('-', ' ')])
    return chance.oneOf([makeFollowUpCode(random), '00000-00000-0000', chance.oneOf(stories).recognitionCode, 'x'])
  }
  function cursor(root: string): string | null {
    const own = known(`after ${ORDERS[root]}`)
    if (own.length > 0 && often(0.7)) return chance.oneOf(own)
    const crafted = [
      ['hand-offs', chance.oneOf(DAYS), chance.oneOf(all.handOff)],
      ['contacts', chance.oneOf(all.contact)],
      ['access-log', chance.oneOf(INSTANTS), chance.uuid(), '1'],
      ['partners', 'Partner U', chance.oneOf(PARTNERS)],
    ]
    return chance.oneOf([null, 'no cursor', ...crafted.map((words) => Buffer.from(JSON.stringify(words)).toString('base64url'))])
  }
  function idFor(root: string): string {
    if (often(0.05)) return chance.oneOf([handOff, contact, agreement, partner])()
    if (/agreement/i.test(root)) return agreement()
    if (/staffIdentity/i.test(root)) return identityRequest()
    return /contact$/i.test(root) ? contact() : handOff()
  }

  const MAKERS: Record<string, (root: string) => unknown> = {
    id: idFor,
    handOffId: handOff,
    contactId: contact,
    agreementId: agreement,
    suspendedAgreementId: agreement,
    partnerId: partner,
    reservePartnerId: partner,
    onBehalfOf: partner,
    controllers: () => (often(0.7) ? partnerId('GEMEENTE') : partner()),
    actingFor: partner,
    requestId: identityRequest,
    withOrganisationId: () => chance.oneOf([...DESKS, ...PARTNERS]),
    werkcentrumId: () => chance.oneOf([...DESKS, chance.uuid()]),
    deskId: () => chance.oneOf([idOf('desk a'), idOf('desk b'), chance.uuid()]),
    code,
    followUpCode: () => (often(0.5) ? visitor.code : code()),
    recognitionCode: () =>
      chance.oneOf([
        chance.oneOf(stories).recognitionCode,
        chance.oneOf(stories).recognitionCode.toUpperCase(),
        makeRecognitionCode(random),
        'x',
      ]),
    after: cursor,
    first: () => chance.oneOf([1, 2, 3, 5, 10, 20, 50, chance.whole(-1, 60)]),
    from: (root) => chance.oneOf(root === 'unusedGrants' ? DAYS : INSTANTS.slice(0, 4)),
    until: (root) => chance.oneOf(root === 'unusedGrants' || root.startsWith('narrow') ? DAYS : INSTANTS.slice(2)),
    amCode: () => chance.oneOf(['AM01', 'AM02', 'AM14', 'AM99', 'x']),
    origin: () => chance.oneOf(['GM0307', 'GM0344', 'GM0000']),
    field: () => chance.oneOf(FIELDS),
    hash: () => chance.oneOf([policies(), '0'.repeat(64)]),
    termsHash: () => chance.oneOf([...known('termsHash'), '0'.repeat(64)]),
    sharing: () => chance.oneOf(OTHER_SHARING),
    actions: () => chance.oneOf(OTHER_ACTIONS),
    csv: () => chance.oneOf([CSV, 'x']),
    legalBasis: () => chance.oneOf(BASES),
    idempotencyKey: () =>
      chance.oneOf(['key-of-a-guide', `contact-${chance.whole(0, 99)}`, `key-${chance.whole(0, 9)}-again`, 'short']),
    days: () => chance.whole(0, 400),
    period: (root) => chance.oneOf([...(root === 'figuresReport' ? PERIODS.slice(4) : PERIODS), '2026-Q1', 'x']),
    year: () => chance.oneOf([COUNTED_YEAR, COUNTED_YEAR, 2026, 1]),
    row: () => chance.oneOf(['TOTAL', 'WORK_TO_WORK', partnerId('UWV')]),
    answerTermDays: () => chance.whole(0, 61),
    firstContactTermDays: () => chance.whole(1, 60),
    validFrom: () => chance.oneOf([TODAY, '2026-12-01']),
    reviewOn: () => chance.oneOf(['2026-12-15', '2027-03-01']),
    validTo: () => '2027-11-01',
  }
  const policies = () => known('policyHash')[0] ?? 'x'
  // Without these a consent is not free, and nothing else is looked at.
  const NEARLY_ALWAYS = new Set(['askedForHelp', 'inOwnInterest', 'refusalIsFree'])

  return {
    valueFor(root, name, type) {
      const maker = MAKERS[name]
      if (maker) return maker(root)
      if (type === 'Boolean') return often(NEARLY_ALWAYS.has(name) ? 0.95 : 0.5)
      if (type === 'Int') return chance.whole(0, 60)
      if (/on$|day/i.test(name)) return chance.oneOf(DAYS)
      return chance.oneOf(['Privacyloket', 'tekst'])
    },
    ofTheVisitor: () => (often(0.9) ? visitor.id : handOff()),
    codeOfTheVisitor: () => (often(0.9) ? visitor.code : code()),
    ownContact: () => (often(0.8) ? chance.oneOf(free) : contact()),
    handOffIn: (states) => {
      const own = facts.handOffs.filter((each) => isOf(who, each) && states.includes(each.state))
      return own.length > 0 && often(0.8) ? chance.oneOf(own).id : handOff()
    },
    draft: () => facts.draft,
    lineOfTheLog: () => {
      const [recordId = chance.uuid(), at = chance.oneOf(INSTANTS)] =
        known('line').length > 0 ? chance.oneOf(known('line')).split(' ') : []
      return { recordId, at }
    },
    wordFor(root, name, words) {
      const fitting = words.filter(
        (word) => !/Agreement$/.test(root) || !['category', 'purposes'].includes(name) || AGREED.includes(word),
      )
      return chance.oneOf(often(0.9) ? fitting : words)
    },
    learn(answer) {
      const keep = (name: string, value: unknown) => {
        if (typeof value !== 'string') return
        const list = known(name)
        if (!list.includes(value) && list.length < 60) learned.set(name, [...list, value])
      }
      const walk = (value: unknown): void => {
        if (Array.isArray(value)) for (const item of value) walk(item)
        else if (typeof value === 'object' && value !== null)
          for (const [name, inner] of Object.entries(value)) {
            if ((name === 'cursor' || name === 'endCursor') && typeof inner === 'string') keep(`after ${orderOf(inner)}`, inner)
            if (name === 'termsHash' || name === 'policyHash') keep(name, inner)
            if (name === 'id' && 'at' in value && 'operation' in value) keep('line', `${inner} ${value.at}`)
            if (name === 'id' && handOffs.includes(String(inner))) keep('HandOff', inner)
            if (name === 'id' && all.contact.includes(String(inner))) keep('VisitorContact', inner)
            if (name === 'id' && all.agreement.includes(String(inner))) keep('Agreement', inner)
            walk(inner)
          }
      }
      walk(JSON.parse(answer).data)
    },
  }
}

const orderOf = (cursor: string): unknown => JSON.parse(Buffer.from(cursor, 'base64url').toString())[0]
