// A record of the access log in the shape of the Authorization Decision Log.
import { describe, expect, test } from 'vitest'
import { type Decided, decisionRecord } from '#app/access-log/decision-log.js'
import { broken, misses } from './standards.js'

const DESK = { side: 'WERKCENTRUM', id: 'd0000000-0000-4000-8000-000000000001' } as const
const UWV = { side: 'PARTNER', id: 'd0000000-0000-4000-8000-000000000002' } as const
const HAND_OFF = 'a0000000-0000-4000-8000-000000000001'
const AGREEMENT = { id: 'b0000000-0000-4000-8000-000000000001', version: 2, event: 5 }

const HANDED: Decided['objects'][number] = {
  type: 'HandOff',
  reference: HAND_OFF,
  relation: 'accepted',
  agreement: AGREEMENT,
  consent: 3,
  shown: { reference: 'everyone-with-a-relation-sees-the-reference' },
  withheld: { situation: { rule: 'consent-must-cover', reason: 'CONSENT' } },
}

const ROW: Decided = {
  id: 'c0000000-0000-4000-8000-00000000000f',
  at: '2026-11-22T09:30:00.123Z',
  role: 'HANDLER',
  actingOrganisationId: UWV.id,
  actor: 'k1:ab3d-9f2k',
  operation: 'acceptHandOff',
  purpose: 'HELP',
  policyHash: '7'.repeat(64),
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  parentSpanId: null,
  refusal: null,
  engine: 'warme-overdracht@0.2.0',
  objects: [HANDED],
}
const made = (changes: Partial<Decided> = {}, owner: typeof DESK | typeof UWV = UWV): any =>
  decisionRecord({ ...ROW, ...changes }, owner)

describe('A record', () => {
  test('asks per object and category in the words of AuthZEN, and answers in the same order with the rule that decided', () => {
    expect(made()).toEqual({
      trace_id: ROW.traceId,
      span_id: ROW.spanId,
      event_name: 'adl.access_evaluations',
      timestamp: 1795339800123,
      status: 'Unset',
      attributes: {
        'adl.core.policies': { 'sharing-and-actions': ROW.policyHash },
        'adl.core.information': { agreements: [AGREEMENT], consents: [{ handOff: HAND_OFF, version: 3 }] },
        'adl.core.configuration': { engine: 'warme-overdracht@0.2.0' },
        'dpl.core.data_subject_id': HAND_OFF,
        'dpl.core.data_subject_id_type': 'urn:warme-overdracht:data-subject:hand-off',
      },
      body: {
        'adl.core.request': {
          subject: { type: 'staff', id: 'k1:ab3d-9f2k', properties: { role: 'HANDLER', organisation: UWV.id } },
          action: { name: 'acceptHandOff', properties: { purpose: 'HELP' } },
          context: { time: ROW.at },
          evaluations: [
            { resource: { type: 'HandOff', id: HAND_OFF, properties: { relation: 'accepted', category: 'reference' } } },
            { resource: { type: 'HandOff', id: HAND_OFF, properties: { relation: 'accepted', category: 'situation' } } },
          ],
        },
        'adl.core.response': {
          evaluations: [
            { decision: true, context: { rule: 'everyone-with-a-relation-sees-the-reference' } },
            { decision: false, context: { rule: 'consent-must-cover', reason: 'CONSENT' } },
          ],
        },
      },
      resource: { 'service.name': 'warme-overdracht', 'service.version': '0.2.0', 'organisation.id': UWV.id },
    })
  })

  test('of one decision is one evaluation', () => {
    const { event_name, body } = made({ objects: [{ ...HANDED, withheld: {} }] })
    expect(event_name).toBe('adl.access_evaluation')
    expect(body['adl.core.request'].resource.id).toBe(HAND_OFF)
    expect(body['adl.core.response']).toEqual({ decision: true, context: { rule: expect.any(String) } })
  })

  test('that showed no object is about the organisation; one that was found with nothing of it asked for is still named', () => {
    const none = made({ objects: [], operation: 'agreements' }, DESK)
    expect(none.body['adl.core.request'].resource).toEqual({ type: 'Organisation', id: DESK.id })
    expect(none.body['adl.core.response']).toEqual({ decision: true })
    expect(none.attributes).not.toHaveProperty('adl.core.information')
    expect(none.attributes).not.toHaveProperty(['dpl.core.data_subject_id'])
    const found = made({ objects: [{ ...HANDED, shown: {}, withheld: {} }] })
    expect(found.body['adl.core.request'].resource).toEqual({
      type: 'HandOff',
      id: HAND_OFF,
      properties: { relation: 'accepted' },
    })
  })

  test('that was refused is a decision against it with the code, and no error', () => {
    const { status, event_name, body } = made({ refusal: 'FORBIDDEN', purpose: null, objects: [] })
    expect([status, event_name]).toEqual(['Unset', 'adl.access_evaluation'])
    expect(body['adl.core.request'].action).toEqual({ name: 'acceptHandOff' })
    expect(body['adl.core.response']).toEqual({ decision: false, context: { reason: 'FORBIDDEN' } })
  })

  test('that was refused says so of each object, and what the refusal told of it besides', () => {
    const moved = { ...HANDED, shown: { progress: 'everyone-with-a-relation-sees-the-progress' }, withheld: {} }
    const { status, body } = made({ refusal: 'HANDOFF_MOVED_ON', objects: [moved] })
    expect(status).toBe('Unset')
    expect(body['adl.core.request'].evaluations.map(({ resource }: any) => resource.properties.category)).toEqual([
      undefined,
      'progress',
    ])
    expect(body['adl.core.response'].evaluations).toEqual([
      { decision: false, context: { reason: 'HANDOFF_MOVED_ON' } },
      { decision: true, context: { rule: 'everyone-with-a-relation-sees-the-progress' } },
    ])
  })

  test('names people of the own organisation by pseudonym, people of others by their organisation, a visitor by the hand-off', () => {
    const subject = (changes: Partial<Decided>, owner?: typeof DESK | typeof UWV) =>
      made(changes, owner).body['adl.core.request'].subject
    expect(subject({ actor: null }, DESK)).toEqual({
      type: 'organisation',
      id: UWV.id,
      properties: { role: 'HANDLER', organisation: UWV.id },
    })
    expect(subject({ actor: null, actingOrganisationId: null, role: 'CODE_HOLDER' }, DESK)).toEqual({
      type: 'visitor',
      id: HAND_OFF,
      properties: { role: 'CODE_HOLDER' },
    })
  })

  test('about several people names none of them in the attributes, and refers to each agreement once', () => {
    const { attributes } = made({ objects: [HANDED, { ...HANDED, reference: AGREEMENT.id, consent: null }] })
    expect(attributes).not.toHaveProperty(['dpl.core.data_subject_id'])
    expect(attributes['adl.core.information']).toEqual({
      agreements: [AGREEMENT],
      consents: [{ handOff: HAND_OFF, version: 3 }],
    })
  })

  test('says where another side wrote what was asked: the decision hangs on it', () => {
    const { body } = made({ objects: [{ ...HANDED, writtenByOthers: ['situation'] }] })
    const asked = body['adl.core.request'].evaluations.map(({ resource }: any) => resource.properties)
    expect(asked).toEqual([
      { relation: 'accepted', category: 'reference' },
      { relation: 'accepted', category: 'situation', ownSide: false },
    ])
  })

  test('keeps the span of the caller; one of before the log had traces has those of its random id, twice the same', () => {
    expect(made({ parentSpanId: '00f067aa0ba902b8' }).parent_span_id).toBe('00f067aa0ba902b8')
    const old = { traceId: null, spanId: null, engine: null }
    expect(made(old)).toMatchObject({ trace_id: 'c000000000004000800000000000000f', span_id: '800000000000000f' })
    expect(made(old).attributes).not.toHaveProperty(['adl.core.configuration'])
    expect(made(old)).toEqual(made(old))
    expect(misses('ADL', made(old))).toEqual([])
  })
})

describe('The schema of the standard', () => {
  const KINDS: [string, Partial<Decided>][] = [
    ['several decisions', {}],
    ['one decision', { objects: [{ ...HANDED, withheld: {} }] }],
    ['no object', { objects: [] }],
    ['a refusal', { refusal: 'NOT_FOUND', objects: [] }],
    ['a refusal of who may not', { refusal: 'FORBIDDEN', purpose: null, objects: [] }],
    ['a refusal that told something', { refusal: 'HANDOFF_MOVED_ON' }],
    ['a visitor', { actor: null, actingOrganisationId: null, role: 'CODE_HOLDER' }],
    ['a call from elsewhere', { parentSpanId: '00f067aa0ba902b8' }],
  ]
  test.each(KINDS)('takes a record of %s', (_, changes) => {
    for (const owner of [UWV, DESK]) expect(misses('ADL', made(changes, owner))).toEqual([])
  })

  const RAW = ['body', 'adl.core.request'] as const
  test.each<[string, readonly (string | number)[], unknown?]>([
    ...['trace_id', 'span_id', 'event_name', 'timestamp', 'status'].map(
      (name) => [`without ${name}`, [name]] as [string, string[]],
    ),
    ['with a trace of zeroes', ['trace_id'], '0'.repeat(32)],
    ['with a trace in capitals', ['trace_id'], ROW.traceId!.toUpperCase()],
    ['with a short span', ['span_id'], '00f067aa0ba902b'],
    ['with a span in base64', ['parent_span_id'], 'APBnqgupArc='],
    ['of an unknown event', ['event_name'], 'adl.evaluation'],
    ['with its instant as text', ['timestamp'], '2026-11-22T09:30:00.123Z'],
    ['with a fraction of a millisecond', ['timestamp'], 1795339800123.5],
    ['of before 1970', ['timestamp'], -1],
    ['with a status in small letters', ['status'], 'unset'],
    ['with a member that the standard has not', ['outcome'], 'WORK'],
    ['without any answer', ['body', 'adl.core.response']],
    ['with an answer of another event', ['body', 'adl.core.response'], { decision: true }],
    ['with a decision that is no yes or no', ['body', 'adl.core.response', 'evaluations', 0, 'decision'], 'yes'],
    ['with an answer without decision', ['body', 'adl.core.response', 'evaluations', 0, 'decision']],
    ['with no evaluation', [...RAW, 'evaluations'], []],
    ['without its subject', [...RAW, 'subject']],
    ['with a subject without id', [...RAW, 'subject', 'id']],
    ['with an action without name', [...RAW, 'action', 'name']],
    ['with a resource without type', [...RAW, 'evaluations', 0, 'resource', 'type']],
    ['without a resource', [...RAW, 'evaluations', 0, 'resource']],
    ['with something else in its body', ['body', 'handOff'], { situation: 'NONE' }],
    ['with its policies in two places', ['body', 'adl.core.policies'], { git: 'all of it' }],
    ['with its request in two places', ['attributes', 'adl.core.request'], { id: 1 }],
    ['with no source of its policies', ['attributes', 'adl.core.policies'], {}],
    ['with its policies as a text', ['attributes', 'adl.core.policies'], ROW.policyHash],
    ['with an attribute of the standard that it does not know', ['attributes', 'adl.core.values'], {}],
    ['with a data subject that is a number', ['attributes', 'dpl.core.data_subject_id'], 1],
    ['with a producer that is a text', ['resource'], 'warme-overdracht'],
  ])('refuses a record %s', (_, path, value) => {
    const record = made({ parentSpanId: '00f067aa0ba902b8' })
    expect(misses('ADL', record)).toEqual([])
    expect(misses('ADL', broken(record, path, value))).not.toEqual([])
  })

  test('takes what the standard leaves open: attributes of others, an answer that is elsewhere, an error without answer', () => {
    const record = made()
    expect(misses('ADL', broken(record, ['attributes', 'acme.area.name'], 'x'))).toEqual([])
    const elsewhere = broken(broken(record, ['body', 'adl.core.response']), ['attributes', 'adl.core.response'], { log: '7' })
    expect(misses('ADL', elsewhere)).toEqual([])
    expect(misses('ADL', broken(broken(record, ['body', 'adl.core.response']), ['status'], 'Error'))).toEqual([])
  })
})
