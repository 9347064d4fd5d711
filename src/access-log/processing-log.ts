// The processing log in the shape of Logboek Dataverwerkingen, pure: what was done with data about whom, under which activity; never by which person.

/** Whose log it is. */
export type LogOwner = Readonly<{ side: 'WERKCENTRUM' | 'PARTNER'; id: string }>

/** A row of `processing_record`, with what the access record beside it says of the caller and of the server. */
export type Processed = Readonly<{
  /** Instants, ISO 8601. */
  at: string
  endedAt: string
  name: string
  /** The key in the register of processing activities of whoever acted. */
  activity: string
  actingOrganisationId: string | null
  traceId: string
  spanId: string
  /** The span of the decision that this was done after. */
  decisionSpanId: string
  /** The span of the application that called us, if one did. */
  callerSpanId: string | null
  engine: string | null
  /** As 'HandOff <id>'. */
  subjects: readonly string[]
}>

type ProcessingLine = Readonly<{
  trace_id: string
  span_id: string
  parent_span_id: string
  status: 'Unset'
  name: string
  /** Milliseconds since 1970. */
  start_time: number
  end_time: number
  resource: { attributes: Producer }
  attributes: Readonly<Record<string, string>>
}>

/**
 * A line per data subject. Where there are several, each is a child of a line about none of them. Which id a child has follows from its parent
 * and its place alone, so that what is exported twice is the same twice, and no id is made of a person.
 */
export function processingLines(row: Processed, owner: LogOwner): ProcessingLine[] {
  const start = Date.parse(row.at)
  const activity = { 'dpl.core.processing_activity_id': activityUri(row.actingOrganisationId ?? owner.id, row.activity) }
  const line = {
    trace_id: row.traceId,
    status: 'Unset',
    name: row.name,
    start_time: start,
    end_time: Math.max(start, Date.parse(row.endedAt)),
    resource: { attributes: producer(owner, row.engine) },
  } as const
  const [one, ...others] = row.subjects.map(dataSubject)
  const action = {
    ...line,
    span_id: row.spanId,
    ...callOf(row, activity),
  }
  if (others.length === 0) return [{ ...action, attributes: { ...action.attributes, ...one } }]
  return [
    action,
    ...[one!, ...others].map((subject, place) => ({
      ...line,
      span_id: childOf(row.spanId, place + 1),
      parent_span_id: row.spanId,
      attributes: { ...activity, ...subject },
    })),
  ]
}

/** Called by another application, the call is what it was done for; else the decision is. */
function callOf({ callerSpanId, decisionSpanId, actingOrganisationId }: Processed, activity: Readonly<Record<string, string>>) {
  if (callerSpanId === null || actingOrganisationId === null) return { parent_span_id: decisionSpanId, attributes: activity }
  const processor = `urn:warme-overdracht:organisation:${actingOrganisationId}`
  return { parent_span_id: callerSpanId, attributes: { ...activity, 'dpl.core.foreign_operation.processor': processor } }
}

const childOf = (spanId: string, place: number): string =>
  BigInt.asUintN(64, BigInt(`0x${spanId}`) + BigInt(place))
    .toString(16)
    .padStart(16, '0')

/** How the processing log points at an activity of the register of an organisation. */
export const activityUri = (organisationId: string, key: string): string =>
  `urn:warme-overdracht:processing-activity:${organisationId}:${key.replace(' ', ':')}`

const SUBJECT_TYPES: Readonly<Record<string, string>> = {
  HandOff: 'urn:warme-overdracht:data-subject:hand-off',
  VisitorContact: 'urn:warme-overdracht:data-subject:contact-reference',
}

/** Whom it is about: a random id that stands for one question of one visitor, and for nothing outside this system. */
export function dataSubject(subject: string): Record<string, string> {
  const [type = '', id = ''] = subject.split(' ')
  return {
    'dpl.core.data_subject_id': id,
    'dpl.core.data_subject_id_type': SUBJECT_TYPES[type] ?? `urn:warme-overdracht:${type}`,
  }
}

type Producer = Readonly<Record<string, string>>

/** Which server wrote it, in whose log. */
export function producer(owner: LogOwner, engine: string | null): Producer {
  const [name = '', version] = (engine ?? 'warme-overdracht').split('@')
  return { 'service.name': name, ...(version && { 'service.version': version }), 'organisation.id': owner.id }
}

/* As OpenTelemetry sends it: names in camelCase, ids in hexadecimals, numbers of 64 bits as text, words of a list as numbers. */

const INTERNAL = 1
const SERVER = 2
const UNSET = 0

/** One ExportTraceServiceRequest of OTLP/JSON. */
export function traceRequest(lines: readonly ProcessingLine[]): object {
  const [{ resource }] = lines as [ProcessingLine]
  const spans = lines.map((line) => ({
    traceId: line.trace_id,
    spanId: line.span_id,
    parentSpanId: line.parent_span_id,
    name: line.name,
    kind: 'dpl.core.foreign_operation.processor' in line.attributes ? SERVER : INTERNAL,
    startTimeUnixNano: inNanoseconds(line.start_time),
    endTimeUnixNano: inNanoseconds(line.end_time),
    attributes: keyValues(line.attributes),
    status: { code: UNSET },
  }))
  const scope = { name: 'logboek-dataverwerkingen' }
  return { resourceSpans: [{ resource: { attributes: keyValues(resource.attributes) }, scopeSpans: [{ scope, spans }] }] }
}

const inNanoseconds = (milliseconds: number): string => `${milliseconds}000000`

const keyValues = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))
