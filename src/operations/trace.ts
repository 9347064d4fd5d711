// W3C Trace Context: the trace that a request belongs to, of whoever called us or begun here. A chain of offices can then lay its logs side by side.

export type Trace = Readonly<{
  /** 32 lower-case hexadecimals. */
  traceId: string
  /** The span of whoever called us, 16 lower-case hexadecimals; null where the trace begins here. */
  parentSpanId: string | null
}>

type Random = (bytes: number) => Uint8Array

/** Version 00 has this length and no more; of later ones the same first part is read, as the recommendation asks. */
const TRACEPARENT = /^(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/

export const newTrace = (random: Random): Trace => ({ traceId: hex(random(16)), parentSpanId: null })

export const newSpanId = (random: Random): string => hex(random(8))

/** The trace of a `traceparent` header; a new one where there is none, or none that can be read. */
export function traceOf(traceparent: string | string[] | undefined, random: Random): Trace {
  const [, traceId, parentSpanId] = TRACEPARENT.exec(typeof traceparent === 'string' ? traceparent : '') ?? []
  return traceId && parentSpanId ? { traceId, parentSpanId } : newTrace(random)
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
