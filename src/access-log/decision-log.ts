// The access log in the shape of the Authorization Decision Log, pure: what AuthZEN asks and answers, with references to what it was decided by.
// INVARIANT: categories, rules and references; never a value (invariant 20).
import { dataSubject, type LogOwner, producer } from './processing-log.js'
import type { LoggedObject } from './record.js'

/** A row of `access_record`, with the objects of those of its parts that concern one organisation. */
export type Decided = Readonly<{
  id: string
  /** ISO 8601. */
  at: string
  role: string
  actingOrganisationId: string | null
  /** Of a colleague of the own organisation only (invariant 15). */
  actor: string | null
  operation: string
  /** Null: of an operation that this role may not run for any purpose. */
  purpose: string | null
  policyHash: string
  /** Records of before the log had traces have neither this nor a span. */
  traceId: string | null
  spanId: string | null
  parentSpanId: string | null
  refusal: string | null
  engine: string | null
  objects: readonly LoggedObject[]
}>

type Entity = { type: string; id: string; properties?: Record<string, unknown> }
type Evaluation = { resource: Entity; decision: boolean; context?: Record<string, string> }

/** One record of the Authorization Decision Log. A refusal is a decision like any other, and no error. */
export function decisionRecord(row: Decided, owner: LogOwner): object {
  const evaluations = evaluationsOf(row, owner)
  const [first] = evaluations as [Evaluation]
  const isOne = evaluations.length === 1
  const request = {
    subject: subjectOf(row),
    action: { name: row.operation, ...(row.purpose && { properties: { purpose: row.purpose } }) },
    context: { time: row.at },
    ...(isOne ? { resource: first.resource } : { evaluations: evaluations.map(({ resource }) => ({ resource })) }),
  }
  const answers = evaluations.map(({ resource: _, ...answer }) => answer)
  // Random already, as a trace has to be.
  const hexadecimals = row.id.replaceAll('-', '')
  return {
    trace_id: row.traceId ?? hexadecimals,
    span_id: row.spanId ?? hexadecimals.slice(16),
    ...(row.parentSpanId && { parent_span_id: row.parentSpanId }),
    event_name: isOne ? 'adl.access_evaluation' : 'adl.access_evaluations',
    timestamp: Date.parse(row.at),
    status: 'Unset',
    attributes: {
      'adl.core.policies': { 'sharing-and-actions': row.policyHash },
      ...informationOf(row.objects),
      ...(row.engine && { 'adl.core.configuration': { engine: row.engine } }),
      ...aboutOne(row.objects),
    },
    body: { 'adl.core.request': request, 'adl.core.response': isOne ? answers[0] : { evaluations: answers } },
    resource: producer(owner, row.engine),
  }
}

/** Per object and category. What showed no object is about the organisation; what was refused is so for every object that it was about. */
function evaluationsOf({ refusal, objects }: Decided, owner: LogOwner): Evaluation[] {
  const whole = objects.length > 0 ? objects.map((object) => entityOf(object)) : [{ type: 'Organisation', id: owner.id }]
  const categories = objects.flatMap(categoriesOf)
  // A refusal too can tell something: the new state of what somebody else moved on.
  if (refusal !== null)
    return [...whole.map((resource) => ({ resource, decision: false, context: { reason: refusal } })), ...categories]
  const unasked = objects.filter((object) => categoriesOf(object).length === 0).map((object) => entityOf(object))
  const found = objects.length > 0 ? unasked : whole
  return [...categories, ...found.map((resource) => ({ resource, decision: true }))]
}

const categoriesOf = (object: LoggedObject): Evaluation[] => [
  ...Object.entries(object.shown).map(([category, rule]) => ({
    resource: entityOf(object, category),
    decision: true,
    context: { rule },
  })),
  ...Object.entries(object.withheld).map(([category, context]) => ({
    resource: entityOf(object, category),
    decision: false,
    context,
  })),
]

function entityOf({ type, reference, relation, writtenByOthers }: LoggedObject, category?: string): Entity {
  const isOthers = (writtenByOthers as readonly string[] | undefined)?.includes(category ?? '')
  return { type, id: reference, properties: { relation, ...(category && { category }), ...(isOthers && { ownSide: false }) } }
}

/** People of others are their organisation; a visitor is the hand-off that the code opens. */
function subjectOf({ role, actor, actingOrganisationId, objects }: Decided): Entity {
  const properties = { role, ...(actingOrganisationId && { organisation: actingOrganisationId }) }
  if (actor !== null) return { type: 'staff', id: actor, properties }
  if (actingOrganisationId !== null) return { type: 'organisation', id: actingOrganisationId, properties }
  return { type: 'visitor', id: objects[0]?.reference ?? role, properties }
}

/** Agreements with the last event of their story, and versions of consent: with these the state of then can be read again. */
function informationOf(objects: readonly LoggedObject[]) {
  const agreements = new Map(objects.flatMap(({ agreement }) => (agreement ? [[agreement.id, agreement]] : [])))
  const consents = objects.flatMap(({ reference, consent }) =>
    consent === null ? [] : [{ handOff: reference, version: consent }],
  )
  const sources = {
    ...(agreements.size > 0 && { agreements: [...agreements.values()] }),
    ...(consents.length > 0 && { consents }),
  }
  return Object.keys(sources).length > 0 && { 'adl.core.information': sources }
}

/** What is about several people is told per evaluation. */
function aboutOne(objects: readonly LoggedObject[]) {
  const subjects = new Set(objects.map(({ type, reference }) => `${type} ${reference}`))
  const [subject] = subjects
  return subjects.size === 1 && subject !== undefined && dataSubject(subject)
}
