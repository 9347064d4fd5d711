// The life of an agreement, pure: every step from every state by every role, and what people read about it.
import { describe, expect, test } from 'vitest'
import {
  type AgreementEvent,
  type AgreementSide,
  afterStep,
  agreementFor,
  type LivingAgreement,
  lockOf,
  STEPS,
  type Stand,
  standing,
} from '#app/agreements/agreement-state.js'
import { END_REASONS, type LockFacts, lockSentence, SUSPEND_REASONS, warningsOf } from '#app/agreements/words.js'

const TODAY = '2026-11-18'
const STANDS: readonly Stand[] = ['DRAFT', 'ACTIVE', 'SUSPENDED', 'ENDED']
const SIDES = ['WERKCENTRUM', 'PARTNER'] as const

const event = (
  number: number,
  step: AgreementEvent['step'],
  side: AgreementSide,
  more: Partial<AgreementEvent> = {},
): AgreementEvent => ({
  number,
  step,
  side,
  role: step === 'advise' ? 'PRIVACY_OFFICER' : 'SIGNATORY',
  onBehalfOf: null,
  advice: step === 'advise' ? 'AGREES' : null,
  reason: null,
  termsHash: step === 'suspend' || step === 'end' ? null : 'now',
  state: 'DRAFT',
  ...more,
})
const ADVISED = [
  event(1, 'draft', 'WERKCENTRUM'),
  event(2, 'advise', 'WERKCENTRUM'),
  event(3, 'advise', 'PARTNER', { advice: 'OBJECTS' }),
]
const living = (more: Partial<LivingAgreement> = {}): LivingAgreement => ({
  state: 'DRAFT',
  validTo: '2027-12-31',
  termsHash: 'now',
  events: ADVISED,
  parties: { WERKCENTRUM: ['gemeente', 'uwv'], PARTNER: ['uwv'] },
  ...more,
})
const sign = (side: AgreementSide, onBehalfOf: string, more: object = {}) =>
  ({ step: 'sign', role: 'SIGNATORY', side, onBehalfOf, termsHash: 'now', ...more }) as const

describe('Steps', () => {
  test('each is of its roles and from its states alone, on either side', () => {
    const taken: string[] = []
    for (const step of ['amend', 'advise', 'suspend', 'end'] as const)
      for (const role of ['SIGNATORY', 'PRIVACY_OFFICER'] as const)
        for (const side of SIDES)
          for (const state of STANDS) {
            const outcome = afterStep(living({ state }), { step, role, side, termsHash: 'now' }, TODAY)
            if (typeof outcome === 'string') taken.push(`${role} ${step} ${state} ${outcome}`)
            else expect(outcome.obstacle).toBe(STEPS[step].roles.includes(role) ? 'wrong-state' : 'wrong-role')
          }
    expect([...new Set(taken)]).toEqual([
      'SIGNATORY amend DRAFT DRAFT',
      'PRIVACY_OFFICER advise DRAFT DRAFT',
      'PRIVACY_OFFICER advise ACTIVE ACTIVE',
      'PRIVACY_OFFICER advise SUSPENDED SUSPENDED',
      'SIGNATORY suspend DRAFT SUSPENDED',
      'SIGNATORY suspend ACTIVE SUSPENDED',
      'PRIVACY_OFFICER suspend DRAFT SUSPENDED',
      'PRIVACY_OFFICER suspend ACTIVE SUSPENDED',
      'SIGNATORY end DRAFT ENDED',
      'SIGNATORY end ACTIVE ENDED',
      'SIGNATORY end SUSPENDED ENDED',
    ])
    // Both sides may do the same.
    expect(taken).toHaveLength(22)
  })

  test('a draft is the first step and no other', () => {
    const draft = { step: 'draft', role: 'SIGNATORY', side: 'PARTNER' } as const
    expect(afterStep(living({ events: [] }), draft, TODAY)).toBe('DRAFT')
    expect(afterStep(living(), draft, TODAY)).toEqual({ obstacle: 'wrong-state' })
    expect(afterStep(living({ events: [] }), sign('PARTNER', 'uwv'), TODAY)).toEqual({ obstacle: 'wrong-state' })
  })

  test('two signatures by two people for two legal persons make it ACTIVE, from DRAFT and from SUSPENDED', () => {
    for (const state of ['DRAFT', 'SUSPENDED'] as const) {
      expect(afterStep(living({ state }), sign('WERKCENTRUM', 'gemeente'), TODAY)).toBe(state)
      const events = [...ADVISED, event(4, 'sign', 'WERKCENTRUM', { onBehalfOf: 'gemeente' })]
      expect(afterStep(living({ state, events }), sign('PARTNER', 'uwv'), TODAY)).toBe('ACTIVE')
    }
  })

  const half = (more: Partial<AgreementEvent> = {}) => [
    ...ADVISED,
    event(4, 'sign', 'WERKCENTRUM', { onBehalfOf: 'uwv', ...more }),
  ]
  test.each<[string, Partial<LivingAgreement>, ReturnType<typeof sign>, string]>([
    ['without any advice', { events: ADVISED.slice(0, 1) }, sign('PARTNER', 'uwv'), 'advice-missing'],
    ['with the advice of one side', { events: ADVISED.slice(0, 2) }, sign('PARTNER', 'uwv'), 'advice-missing'],
    ['with advice on other terms', { termsHash: 'later' }, sign('PARTNER', 'uwv', { termsHash: 'later' }), 'advice-missing'],
    ['on other terms', {}, sign('PARTNER', 'uwv', { termsHash: 'earlier' }), 'other-terms'],
    ['for nobody', {}, sign('PARTNER', ''), 'no-party'],
    ['for a party of the other side', {}, sign('PARTNER', 'gemeente'), 'no-party'],
    ['after its last day', { validTo: '2026-11-17' }, sign('PARTNER', 'uwv'), 'expired'],
    ['twice by one side', { events: half() }, sign('WERKCENTRUM', 'gemeente'), 'signed-already'],
    ['for the same legal person', { events: half() }, sign('PARTNER', 'uwv'), 'same-legal-person'],
    [
      'by the same person',
      { events: half({ onBehalfOf: 'gemeente' }) },
      sign('PARTNER', 'uwv', { isSamePerson: true }),
      'same-person',
    ],
    ['by a privacy officer', {}, sign('PARTNER', 'uwv', { role: 'PRIVACY_OFFICER' }), 'wrong-role'],
    ['what is ACTIVE', { state: 'ACTIVE' }, sign('PARTNER', 'uwv'), 'wrong-state'],
    ['what has ENDED', { state: 'ENDED' }, sign('PARTNER', 'uwv'), 'wrong-state'],
  ])('nobody signs %s', (_, more, attempt, obstacle) => {
    expect(afterStep(living(more), attempt, TODAY)).toEqual({ obstacle })
  })

  test('a suspension forgets signatures and keeps advice; an objection stays until the same side says otherwise', () => {
    const events = [
      ...ADVISED,
      event(4, 'sign', 'WERKCENTRUM', { onBehalfOf: 'gemeente' }),
      event(5, 'suspend', 'PARTNER'),
      event(6, 'sign', 'PARTNER', { onBehalfOf: 'uwv' }),
    ]
    expect(standing(events, 'now').signatures.map(({ number }) => number)).toEqual([6])
    expect(standing(events, 'now').advice.map(({ side, advice }) => [side, advice])).toEqual([
      ['WERKCENTRUM', 'AGREES'],
      ['PARTNER', 'OBJECTS'],
    ])
    expect(standing([...events, event(7, 'advise', 'PARTNER')], 'now').advice.map(({ advice }) => advice)).toEqual([
      'AGREES',
      'AGREES',
    ])
    expect(standing(events, 'other')).toEqual({ advice: [], signatures: [] })
  })
})

describe('The lock', () => {
  const AGREED = {
    id: 'x',
    version: 1,
    state: 'ACTIVE' as Stand,
    cells: ['question HELP', 'situation OVERVIEW'],
    events: 4,
    validFrom: '2026-01-01',
    validTo: '2027-12-31',
  }
  test.each<[string, Stand, string, ReturnType<typeof lockOf>]>([
    ['closed before the first day', 'ACTIVE', '2025-12-31', 'none'],
    ['open on the first day', 'ACTIVE', '2026-01-01', 'active'],
    ['open on the last day', 'ACTIVE', '2027-12-31', 'active'],
    ['closed after the last day', 'ACTIVE', '2028-01-01', 'ended'],
    ['closed while both have not signed', 'DRAFT', TODAY, 'none'],
    ['closed as long as it is suspended', 'SUSPENDED', TODAY, 'suspended'],
    ['closed for good once it was ended', 'ENDED', TODAY, 'ended'],
  ])('is %s', (_, state, today, lock) => {
    expect(lockOf({ ...AGREED, state }, today)).toBe(lock)
    expect(agreementFor({ ...AGREED, state }, 'question', 'HELP', today)).toBe(lock)
  })

  test('is closed for what was not signed for: another category, another purpose, or both crosswise', () => {
    for (const [category, purpose] of [
      ['routing', 'HELP'],
      ['question', 'OVERVIEW'],
      ['situation', 'HELP'],
    ] as const)
      expect(agreementFor(AGREED, category, purpose, TODAY), `${category} ${purpose}`).toBe('none')
  })

  test('is closed where there is no agreement', () => expect(agreementFor(null, 'question', 'HELP', TODAY)).toBe('none'))
})

describe('What it opens, and why not', () => {
  const facts = (more: Partial<LockFacts>): LockFacts => {
    const dates = { state: 'ACTIVE' as Stand, validFrom: '2026-01-01', validTo: '2027-12-31', ...more }
    return {
      signedOn: null,
      lock: lockOf(dates, TODAY),
      replacedBy: null,
      signedBy: [],
      advisedBy: [],
      stop: null,
      ...dates,
      ...more,
    }
  }
  const stop = { side: 'PARTNER', day: '2026-11-02', reason: 'INCIDENT' } as const
  test.each<[string, LockFacts, RegExp]>([
    ['in force', facts({}), /^Deze afspraak geldt tot en met 31 december 2027/],
    ['not yet valid', facts({ validFrom: '2026-11-19' }), /begint op 19 november 2026\. Tot die dag zet zij niets open/],
    ['expired', facts({ validTo: '2026-11-17' }), /laatste dag .* was 17 november 2026/],
    ['replaced', facts({ replacedBy: 3 }), /Vervangen door versie 3/],
    [
      'unsigned, without advice',
      facts({ state: 'DRAFT' }),
      /niemand heeft getekend.*het werkcentrum en die van de partner advies/,
    ],
    [
      'unsigned, with the advice of one',
      facts({ state: 'DRAFT', advisedBy: ['PARTNER'] }),
      /privacy officer van het werkcentrum advies/,
    ],
    ['unsigned, advised on', facts({ state: 'DRAFT', advisedBy: ['WERKCENTRUM', 'PARTNER'] }), /hebben advies gegeven/],
    [
      'one-sided, the desk',
      facts({ state: 'DRAFT', signedBy: ['WERKCENTRUM'] }),
      /Alleen het werkcentrum .* ook de partner tekent/,
    ],
    [
      'one-sided, the partner',
      facts({ state: 'DRAFT', signedBy: ['PARTNER'] }),
      /Alleen de partner .* ook het werkcentrum tekent/,
    ],
    [
      'suspended',
      facts({ state: 'SUSPENDED', stop }),
      /^Opgeschort door de partner op 2 november 2026: er was een incident\. .*beide kanten opnieuw/,
    ],
    [
      'suspended, signed by one again',
      facts({ state: 'SUSPENDED', stop, signedBy: ['PARTNER'] }),
      /De partner heeft .* het werkcentrum nog niet/,
    ],
    [
      'ended',
      facts({ state: 'ENDED', stop: { ...stop, reason: 'NO_LONGER_NEEDED' } }),
      /^Beëindigd door de partner .* niet meer nodig/,
    ],
    ['ended by the owner', facts({ state: 'ENDED' }), /^Beëindigd\. Deze afspraak zet niets meer open/],
  ])('%s', (_, given, sentence) => {
    expect(lockSentence(given, TODAY)).toMatch(sentence)
    // Whatever opens nothing says so, and what opens something does not.
    expect(/niets/.test(lockSentence(given, TODAY)) || /nog niet\.$|pas iets/.test(lockSentence(given, TODAY))).toBe(
      given.lock !== 'active' || given.replacedBy !== null,
    )
  })

  test('a suspended version that was replaced does not promise that signing opens it', () => {
    const sentence = lockSentence(facts({ state: 'SUSPENDED', replacedBy: 2, stop }), TODAY)
    expect(sentence).toMatch(/^Opgeschort.* Versie 2 is ervoor in de plaats gekomen: deze versie zet niets meer open\.$/)
  })

  test('every reason has words of its own', () => {
    for (const reasons of [SUSPEND_REASONS, END_REASONS]) {
      const sentences = Object.keys(reasons).map((reason) =>
        lockSentence(facts({ state: 'SUSPENDED', stop: { ...stop, reason } }), TODAY),
      )
      expect(new Set(sentences).size).toBe(sentences.length)
    }
  })

  test('warnings are about what is beyond the policy, overdue, old, objected to, or begins later', () => {
    const nothing = {
      state: 'ACTIVE' as Stand,
      reviewOverdue: false,
      reviewOn: '2026-10-01',
      partnerKind: 'vakbond',
      beyondPolicy: [],
      basisIsOld: false,
      objections: [],
      otherBasis: null,
      laterVersions: [
        { version: 2, state: 'ACTIVE', validFrom: '2026-12-01' } as const,
        { version: 3, state: 'ENDED', validFrom: '2026-12-02' } as const,
      ],
    }
    expect(warningsOf(nothing)).toEqual([])
    expect(warningsOf({ ...nothing, beyondPolicy: ['sensitive HELP'] })).toEqual([
      'Het beleid staat ‘bijzondere gegevens (AVG art. 9)’ voor ‘helpen’ niet toe voor een partner van deze soort (vakbond). Dit vak zet niets open.',
    ])
    expect(warningsOf({ ...nothing, reviewOverdue: true })[0]).toContain('1 oktober 2026')
    expect(warningsOf({ ...nothing, basisIsOld: true })).toHaveLength(1)
    expect(warningsOf({ ...nothing, objections: ['PARTNER'] })[0]).toContain('privacy officer van de partner heeft bezwaar')
    // Version 3 has ended: that one opens nothing later.
    expect(warningsOf({ ...nothing, state: 'ENDED' })).toEqual([expect.stringContaining('Versie 2')])
    const otherBasis = { agreed: 'de plicht om verantwoording te geven', usual: 'de toestemming van de bezoeker' }
    expect(warningsOf({ ...nothing, otherBasis })[0]).toMatch(/verantwoording te geven.*vakbond.*toestemming van de bezoeker/)
    expect(warningsOf({ ...nothing, state: 'ENDED', laterVersions: [], otherBasis })).toEqual([])
  })
})
