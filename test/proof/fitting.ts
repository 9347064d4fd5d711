// What belongs together in the arguments of an operation: by chance alone the harder ones would never get past the first check.
import type { Chance } from '#app/demo/chance.js'
import { deskId, partnerId, type Who } from './people.js'
import type { Things } from './things.js'

type Values = Record<string, unknown>

/** Changes the arguments of this operation so that they fit each other, for this person. */
export function fitted(who: Who, root: string, values: Values, things: Things, chance: Chance): Values {
  const fit = FITS[root]
  return fit && chance.part() < 0.7 ? fit(values, { who, root, things, chance }) : values
}

type Around = { who: Who; root: string; things: Things; chance: Chance }

const without = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

const nextStep = ({ chance }: Around): Values =>
  chance.oneOf([
    { kind: 'VISITOR_COMES' },
    { kind: 'VISITOR_CALLS' },
    { kind: 'APPOINTMENT', day: '2026-11-25', dayPart: 'MORNING' },
  ])

/** A consent that is free, of categories that are there to share. */
const consent = ({ chance }: Around): Values => {
  const categories = chance.oneOf([['question'], ['routing', 'question'], ['routing', 'question', 'situation', 'outcome']])
  return { categories, explicitCategories: categories, askedForHelp: true, inOwnInterest: true, refusalIsFree: true }
}

const eitherFieldOrCategory = (values: Values, { chance, who, things }: Around): Values => ({
  ...without(values, 'partnerId', 'field', 'category', ...(chance.part() < 0.5 ? ['on'] : [])),
  ...(values.role
    ? { role: who.organisation?.side === 'partner' ? chance.oneOf(['HANDLER', 'PRIVACY_OFFICER']) : chance.oneOf(ROLES) }
    : {}),
  ...(chance.part() < 0.5
    ? { field: things.valueFor('', 'field', 'String') }
    : { category: chance.oneOf(['situation', 'sensitive', 'outcome', 'question', 'logistics']) }),
})
const ROLES = ['GUIDE', 'HANDLER', 'COORDINATOR', 'PRIVACY_OFFICER', 'SIGNATORY', 'CODE_HOLDER']

/** Terms of an agreement between desk a and UWV, or as far as they are known. */
const terms = (input: Values, { chance }: Around): Values => ({
  ...without(input, 'csv', 'cells'),
  ...(chance.part() < 0.3
    ? { csv: 'category;OVERVIEW;HELP;FOLLOW_UP\nquestion;x;x;x\nsituation;;x;' }
    : {
        cells: [
          { category: 'question', purposes: ['HELP', 'OVERVIEW'] },
          { category: 'outcome', purposes: ['HELP'] },
        ],
      }),
  controllers: [partnerId('GEMEENTE')],
  actingFor: [partnerId('UWV')],
  legalBasis: 'task-of-uwv',
  answerTermDays: chance.whole(1, 20),
  firstContactTermDays: chance.whole(1, 20),
  contactPoint: 'Privacyloket',
  documentReference: 'Afspraak',
  validFrom: '2026-12-01',
  reviewOn: '2027-03-01',
  validTo: '2027-11-01',
})
const otherSide = ({ who }: Around): Values =>
  who.organisation?.side === 'partner' ? { werkcentrumId: deskId('a') } : { partnerId: partnerId('UWV') }

/** Filters one at a time: two of them seldom leave anything. */
const oneFilter =
  (...filters: string[]) =>
  (values: Values, { chance, things, root }: Around): Values => {
    const kept = chance.oneOf(['none', 'none', ...filters])
    return {
      ...without(values, ...filters.filter((name) => name !== kept), 'first', 'after'),
      ...(chance.part() < 0.6 ? { first: chance.oneOf([1, 2, 3, 5, 50]) } : {}),
      ...(chance.part() < 0.3 ? { after: things.valueFor(root, 'after', 'String') } : {}),
      ...(kept === 'ended' ? { ended: true } : {}),
    }
  }

const FITS: Record<string, (values: Values, around: Around) => Values> = {
  handOffs: oneFilter('ended', 'ended', 'state', 'withdrawnBecause', 'recognitionCode'),
  openLoops: oneFilter('recognitionCode'),
  contacts: oneFilter(),
  accessLog: oneFilter('handOffId', 'from', 'until'),
  explainAccess: eitherFieldOrCategory,
  whoMaySee: eitherFieldOrCategory,
  draftAgreement: ({ input }, around) => ({ input: terms(input as Values, around), ...otherSide(around) }),
  amendAgreement: ({ id, input }, around) => ({
    id: around.chance.part() < 0.4 ? around.things.draft().id : id,
    input: terms(input as Values, around),
  }),
  signAgreement: (values, { who, things }) => ({
    ...without(values, 'ifState'),
    ...things.draft(),
    onBehalfOf: partnerId(who.organisation?.side === 'partner' ? 'UWV' : 'GEMEENTE'),
  }),
  offerHandOff: ({ input }, around) => ({
    input: {
      ...without(input as Values, 'idempotencyKey', 'sensitive', 'consent'),
      ...(around.chance.part() < 0.8 ? { consent: consent(around) } : {}),
      nextStep: nextStep(around),
    },
  }),
  forwardHandOff: ({ input }, around) => ({
    input: {
      ...without(input as Values, 'idempotencyKey', 'consent', 'followUpCode'),
      partnerId: partnerId('GEMEENTE'),
      nextStep: nextStep(around),
    },
  }),
  giveConsent: (_values, around) => ({
    input: { handOffId: around.things.ofTheVisitor(), followUpCode: around.things.codeOfTheVisitor(), consent: consent(around) },
  }),
  recordAnswerHeard: ({ id }, { chance }) =>
    chance.oneOf([
      { id, answer: 'ACCEPTED' },
      { id, answer: 'IN_PROGRESS' },
      { id, answer: 'DECLINED', declineReason: 'NO_CAPACITY' },
      { id, answer: 'RETURNED', returnReason: 'NO_SHOW' },
      { id, answer: 'COMPLETED', outcome: 'WORK' },
    ]),
  correctShared: ({ handOffId }, { chance }) => ({
    handOffId,
    correction: chance.oneOf([
      { question: { themes: ['CAREER'] } },
      { routing: { visitorKind: 'WORKER' } },
      { situation: { age: 'U16' } },
    ]),
  }),
  recordFirstContact: (_values, { things }) => ({ id: things.handOffIn(['ACCEPTED']) }),
  withdrawHandOff: (_values, { things, chance }) => ({
    id: things.handOffIn(['OFFERED', 'ACCEPTED']),
    reason: chance.oneOf(['NOT_NEEDED', 'SENT_TO_WRONG_PARTNER']),
  }),
  whatIf: ({ input }, { things }) => ({
    input: {
      ...without(input as Values, 'sharing', 'actions'),
      suspendedAgreementId: things.valueFor('agreement', 'agreementId', 'ID'),
      from: '2026-11-01T00:00:00Z',
      until: '2099-01-01T00:00:00Z',
    },
  }),
  requestStaffIdentity: ({ reason, withOrganisationId }, { things, chance }) => ({
    ...things.lineOfTheLog(),
    reason,
    ...(chance.part() < 0.3 ? { withOrganisationId } : {}),
  }),
  voidContact: (_values, { things }) => ({ id: things.ownContact() }),
}
