// What leaves as an error: a code of the closed list, a short message, nothing that somebody typed (design 4, step 7).
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { ERROR_CODES, type ErrorCode, Refusal } from '../errors.js'

export type Answer = GraphQLFormattedError & { extensions: { code: ErrorCode } & Record<string, unknown> }

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)

/** Apollo's and graphql-js's own codes: the request was not understood. */
const NOT_UNDERSTOOD = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

/** `fault` is told about everything that is not an expected refusal; it gives back an id to quote. */
export function formatError(formatted: GraphQLFormattedError, error: unknown, fault: (error: unknown) => string): Answer {
  const cause = unwrapResolverError(error)
  const place = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  }
  if (cause instanceof Refusal || (cause instanceof GraphQLError && isCode(cause.extensions.code))) {
    const { http: _, stacktrace: __, ...extensions } = cause.extensions
    return { message: cause.message, ...place, extensions: extensions as Answer['extensions'] }
  }
  if (NOT_UNDERSTOOD.has(String(formatted.extensions?.code)))
    return { message: withoutValues(formatted.message), ...place, extensions: { code: 'BAD_INPUT' } }
  return {
    message: 'Something went wrong on our side; quote the id.',
    ...place,
    extensions: { code: 'INTERNAL', id: fault(cause) },
  }
}

/**
 * graphql-js repeats what was typed ("got invalid value …", "found …", "Value … does not exist"), and suggests what was meant; people
 * type names into the wrong field, and logs of clients keep messages. Names of the schema stay: they are what helps.
 */
export function withoutValues(message: string): string {
  const variable = /^Variable "(\$\w+)" got invalid value .*?(?: at "([\w.[\]]+)")?; /s.exec(message)
  if (variable) return `Variable "${variable[1]}" has an invalid value${variable[2] ? ` at "${variable[2]}"` : ''}.`
  return message
    .replace(/ Did you mean .*$/s, '')
    .replace(/, found .*$/s, '.')
    .replace(/^Value ".*" does not exist in "(\w+)" enum\..*$/s, 'The value does not exist in "$1" enum.')
    .replace(/(cannot represent [^:]*): .*$/s, '$1.')
    .replace(/^Unknown operation named .*$/s, 'There is no operation of that name.')
    .replace(/^Syntax Error: .*$/s, 'Syntax error.')
    .slice(0, 200)
}
