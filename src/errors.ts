// What can go wrong, in a closed list of codes that callers may switch on (design 4, step 7).
import { GraphQLError } from 'graphql'

/** A fault at start-up or in a command, said in plain words: printed without a stack. */
export class PlainError extends Error {
  override name = 'PlainError'
}

/** Every code that the API answers with; the meaning is repeated in the description of the schema. */
export const ERROR_CODES = {
  UNAUTHENTICATED: 'No token was given, and this operation needs one.',
  FORBIDDEN: 'This capacity may not run this operation.',
  NOT_FOUND: 'There is no such thing, or you may not see it: the answer is the same.',
  BAD_INPUT: 'The input is not what the schema or the domain allows.',
  HANDOFF_MOVED_ON: 'Somebody else was first: `state` holds the new state of the hand-off.',
  AGREEMENT_MOVED_ON: 'Somebody else was first: `state` holds the new state of the agreement; read its terms again.',
  CONSENT_REQUIRED: 'What is asked needs a valid consent that is not there.',
  TEXT_REFUSED:
    'What was typed may point at a person: `findings` says where (`field`, `start`, `end` in UTF-16 units), what `kind`, and in Dutch what to write instead.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before with another body.',
  TOO_MANY_ATTEMPTS: 'Too many codes were tried from here; try again after `retryAfter` seconds.',
  LIMIT_EXCEEDED: 'The request is larger or deeper than what is answered.',
  UNAVAILABLE: 'The database is away or full; nothing was done. Try again after Retry-After.',
  INTERNAL: 'A fault of ours; `id` can be quoted.',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/**
 * Refusals that answer an operation that had begun: each is a decision, and has its record in the access log. The other codes say that nothing
 * was asked yet (who, how often, how much), or that nothing can be answered now.
 */
export const RECORDED_REFUSALS = [
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_INPUT',
  'HANDOFF_MOVED_ON',
  'AGREEMENT_MOVED_ON',
  'CONSENT_REQUIRED',
  'TEXT_REFUSED',
  'IDEMPOTENCY_CONFLICT',
] as const satisfies readonly ErrorCode[]

export type RecordedRefusal = (typeof RECORDED_REFUSALS)[number]

/** An expected refusal: the message is for people, the code for programs. Never carries what somebody typed. */
export class Refusal extends GraphQLError {
  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { ...extensions, code } })
  }
}

/** The one answer for what does not exist and for what is out of sight (invariant 1). */
export const notFound = () => new Refusal('NOT_FOUND', 'Not found.')

/** What was looked for. @throws Refusal NOT_FOUND where there is none in sight */
export function orNotFound<T>(found: T | null | undefined): T {
  if (found === undefined || found === null) throw notFound()
  return found
}

export const badInput = (message: string) => new Refusal('BAD_INPUT', message)
