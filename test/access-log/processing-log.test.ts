// A processing record in the shape of Logboek Dataverwerkingen, and as OpenTelemetry sends it.
import { describe, expect, test } from 'vitest'
import { activityUri, type Processed, processingLines, traceRequest } from '#app/access-log/processing-log.js'
import { broken, misses } from './standards.js'

const DESK = { side: 'WERKCENTRUM', id: 'd0000000-0000-4000-8000-000000000001' } as const
const UWV = 'd0000000-0000-4000-8000-000000000002'
const HAND_OFF = 'a0000000-0000-4000-8000-000000000001'
const CONTACT = 'a0000000-0000-4000-8000-000000000002'

const ROW: Processed = {
  at: '2026-11-22T09:30:00.123Z',
  endedAt: '2026-11-22T09:30:00.150Z',
  name: 'acceptHandOff',
  activity: `agreement ${CONTACT}`,
  actingOrganisationId: UWV,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  decisionSpanId: '00f067aa0ba90000',
  callerSpanId: null,
  engine: 'warme-overdracht@0.2.0',
  subjects: [`HandOff ${HAND_OFF}`],
}
const SEVERAL = { subjects: [`HandOff ${HAND_OFF}`, `VisitorContact ${CONTACT}`] }
const CALLED = { callerSpanId: 'b7ad6b7169203331' }
const lines = (changes: Partial<Processed> = {}): any[] => processingLines({ ...ROW, ...changes }, DESK)

describe('A processing record', () => {
  test('about one person is one line, under the decision that allowed it', () => {
    expect(lines()).toEqual([
      {
        trace_id: ROW.traceId,
        span_id: ROW.spanId,
        parent_span_id: ROW.decisionSpanId,
        status: 'Unset',
        name: 'acceptHandOff',
        start_time: 1795339800123,
        end_time: 1795339800150,
        resource: {
          attributes: { 'service.name': 'warme-overdracht', 'service.version': '0.2.0', 'organisation.id': DESK.id },
        },
        attributes: {
          'dpl.core.processing_activity_id': `urn:warme-overdracht:processing-activity:${UWV}:agreement:${CONTACT}`,
          'dpl.core.data_subject_id': HAND_OFF,
          'dpl.core.data_subject_id_type': 'urn:warme-overdracht:data-subject:hand-off',
        },
      },
    ])
  })

  test('about several is a line about none of them, and under it one for each, with ids that come out the same again', () => {
    const [action, ...children] = lines(SEVERAL)
    expect(action.attributes).not.toHaveProperty(['dpl.core.data_subject_id'])
    expect(children.map(({ parent_span_id }) => parent_span_id)).toEqual([ROW.spanId, ROW.spanId])
    expect(children.map(({ attributes }) => attributes['dpl.core.data_subject_id'])).toEqual([HAND_OFF, CONTACT])
    expect(children[1].attributes['dpl.core.data_subject_id_type']).toBe('urn:warme-overdracht:data-subject:contact-reference')
    expect(children.map(({ span_id }) => span_id)).toEqual(['00f067aa0ba902b8', '00f067aa0ba902b9'])
    expect(lines(SEVERAL)).toEqual(lines(SEVERAL))
    // At the end of what 64 bits hold.
    const many = Array.from({ length: 50 }, (_, place) => `HandOff ${place}`)
    const spans = lines({ spanId: 'fffffffffffffff0', subjects: many }).map(({ span_id }) => span_id)
    expect(new Set(spans).size).toBe(51)
    expect(spans.every((span) => /^[0-9a-f]{16}$/.test(span))).toBe(true)
  })

  test('of a call from elsewhere is under that call, and says whose it was; its children are its own', () => {
    const [action, child] = lines({ ...CALLED, ...SEVERAL })
    expect(action.parent_span_id).toBe(CALLED.callerSpanId)
    expect(action.attributes['dpl.core.foreign_operation.processor']).toBe(`urn:warme-overdracht:organisation:${UWV}`)
    expect(child.parent_span_id).toBe(ROW.spanId)
    expect(child.attributes).not.toHaveProperty(['dpl.core.foreign_operation.processor'])
    // With a code alone nobody says for whom the call was made.
    expect(lines({ ...CALLED, actingOrganisationId: null })[0].parent_span_id).toBe(ROW.decisionSpanId)
  })

  test('points at the register of whoever acted; what a visitor does is in that of whose log it is', () => {
    expect(lines({ actingOrganisationId: null, activity: 'rights' })[0].attributes['dpl.core.processing_activity_id']).toBe(
      activityUri(DESK.id, 'rights'),
    )
  })

  test('never ends before it began', () => {
    const [line] = lines({ endedAt: '2026-11-22T09:29:59.000Z' })
    expect(line.end_time).toBe(line.start_time)
  })

  test('is one request of OpenTelemetry, with a span for each line', () => {
    const { resourceSpans } = traceRequest(lines({ ...CALLED, ...SEVERAL })) as any
    expect(resourceSpans).toHaveLength(1)
    expect(resourceSpans[0].resource.attributes).toContainEqual({
      key: 'organisation.id',
      value: { stringValue: DESK.id },
    })
    const spans = resourceSpans[0].scopeSpans[0].spans
    expect(spans.map(({ kind }: any) => kind)).toEqual([2, 1, 1])
    expect(spans[1]).toEqual({
      traceId: ROW.traceId,
      spanId: '00f067aa0ba902b8',
      parentSpanId: ROW.spanId,
      name: 'acceptHandOff',
      kind: 1,
      startTimeUnixNano: '1795339800123000000',
      endTimeUnixNano: '1795339800150000000',
      attributes: [
        { key: 'dpl.core.processing_activity_id', value: { stringValue: activityUri(UWV, ROW.activity) } },
        { key: 'dpl.core.data_subject_id', value: { stringValue: HAND_OFF } },
        { key: 'dpl.core.data_subject_id_type', value: { stringValue: 'urn:warme-overdracht:data-subject:hand-off' } },
      ],
      status: { code: 0 },
    })
  })
})

describe('The schemas of the standards', () => {
  test.each<[string, Partial<Processed>]>([
    ['one person', {}],
    ['several', SEVERAL],
    ['a call from elsewhere', { ...CALLED, ...SEVERAL }],
    ['a visitor', { actingOrganisationId: null, activity: 'rights' }],
    ['a server that did not say its version', { engine: null }],
  ])('take the lines about %s', (_, changes) => {
    for (const line of lines(changes)) expect(misses('LDV', line)).toEqual([])
    expect(misses('OTLP', traceRequest(lines(changes)))).toEqual([])
  })

  const ACTIVITY = ['attributes', 'dpl.core.processing_activity_id']
  test.each<[string, readonly string[], unknown?]>([
    ...['trace_id', 'span_id', 'status', 'name', 'start_time', 'end_time', 'attributes'].map(
      (name) => [`without ${name}`, [name]] as [string, string[]],
    ),
    ['with a trace in capitals', ['trace_id'], ROW.traceId.toUpperCase()],
    ['with a span of zeroes', ['span_id'], '0'.repeat(16)],
    ['with a parent of nothing', ['parent_span_id'], ''],
    ['with a status as a number', ['status'], 0],
    ['without a name', ['name'], ''],
    ['with its start as text', ['start_time'], ROW.at],
    ['without its activity', ACTIVITY],
    ['with an activity that is no URI', ACTIVITY, 'agreement 7'],
    ['with a data subject of no type', ['attributes', 'dpl.core.data_subject_id_type']],
    ['with an employee', ['attributes', 'dpl.core.user'], 'k1:ab3d-9f2k'],
    ['with an attribute of its own making', ['attributes', 'warme-overdracht.role'], 'HANDLER'],
    ['with a member of its own making', ['role'], 'HANDLER'],
    ['of a call from elsewhere without its span', ['parent_span_id']],
    ['with more in its resource', ['resource', 'version'], '1'],
  ])('refuse a line %s', (_, path, value) => {
    const [line] = lines(CALLED)
    expect(misses('LDV', line)).toEqual([])
    expect(misses('LDV', broken(line, path, value))).not.toEqual([])
  })

  const SPAN = ['resourceSpans', 0, 'scopeSpans', 0, 'spans', 0] as const
  test.each<[string, readonly (string | number)[], unknown?]>([
    ['without spans', ['resourceSpans', 0, 'scopeSpans', 0, 'spans'], []],
    ['with names of protobuf', [...SPAN, 'trace_id'], ROW.traceId],
    ['with an id in base64', [...SPAN, 'spanId'], 'APBnqgupArc='],
    ['with a time as number', [...SPAN, 'startTimeUnixNano'], 1795339800123],
    ['with a fraction of a nanosecond', [...SPAN, 'startTimeUnixNano'], '1795339800123.5'],
    ['with a kind as word', [...SPAN, 'kind'], 'SPAN_KIND_SERVER'],
    ['with a status as word', [...SPAN, 'status', 'code'], 'STATUS_CODE_OK'],
    ['with a whole number as number', [...SPAN, 'attributes', 0, 'value'], { intValue: 7 }],
    ['with a value of two types', [...SPAN, 'attributes', 0, 'value'], { intValue: '7', stringValue: '7' }],
    ['with an attribute without key', [...SPAN, 'attributes', 0, 'key']],
    ['with attributes as an object', [...SPAN, 'attributes'], { a: 'b' }],
    ['without a name', [...SPAN, 'name']],
  ])('refuse a request %s', (_, path, value) => {
    const request = traceRequest(lines())
    expect(misses('OTLP', request)).toEqual([])
    expect(misses('OTLP', broken(request, path, value))).not.toEqual([])
  })
})
