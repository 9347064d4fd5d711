// Apollo Server as we run it: withheld fields after execution, one closed list of errors.
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { GraphQLError } from 'graphql'
import { RETRY_AFTER } from '../database/door.js'
import type { Policies } from '../decide/policy-files.js'
import { behindShield, type ShieldOptions } from '../decide/shield.js'
import type { Context } from './context.js'
import { formatError } from './errors.js'
import { guarded } from './free-text.js'
import { MOST_TOKENS } from './limits.js'
import { bareSchema } from './schema.js'

export type GraphqlOptions = {
  policies: Policies
  /** Hears of a fault; gives back an id to quote. */
  fault: (error: unknown) => string
  shield?: ShieldOptions
  plugins?: ApolloServerPlugin<Context>[]
}

export function graphqlServer({ policies, fault, shield, plugins = [] }: GraphqlOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema: behindShield(guarded(bareSchema()), policies, shield),
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: MOST_TOKENS, noLocation: false },
    formatError: (formatted, error) => formatError(formatted, error, fault),
    plugins: [ApolloServerPluginCacheControlDisabled(), noSubscriptions, answers, ...plugins],
  })
}

/** graphql-js validates a subscription that no schema has, and then cannot run it. */
const noSubscriptions: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== 'subscription') return
        throw new GraphQLError('There are no subscriptions.', {
          extensions: { code: 'BAD_INPUT', http: { status: 400, headers: new HeaderMap() } },
        })
      },
    }
  },
}

const MOST_ERRORS = 5

/** Withheld fields are no errors: they stand in the extensions. A fault takes the data with it; a database away is a 503. */
const answers: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, contextValue }) {
        response.http.headers.set('cache-control', 'no-store')
        if (response.body.kind !== 'single') return
        const result = response.body.singleResult
        // What is wrong in a thousand places is told about a few of them.
        if (result.errors && !('data' in result)) result.errors = result.errors.slice(0, MOST_ERRORS)
        const codes = new Set(result.errors?.map((error) => error.extensions?.code))
        // GraphQL over HTTP: to a client that reads only application/json, a well-formed request with a document that is wrong is a 200.
        if (
          response.http.status === 400 &&
          [...codes].every((code) => code === 'BAD_INPUT') &&
          wantsPlainJson(request.http?.headers.get('accept'))
        )
          response.http.status = 200
        if (codes.has('INTERNAL')) {
          if ('data' in result) result.data = null
          response.http.status = 500
        }
        if (codes.has('UNAVAILABLE')) {
          response.http.status = 503
          response.http.headers.set('retry-after', String(RETRY_AFTER))
        }
        if (contextValue.withheld.length > 0 && !codes.has('INTERNAL'))
          result.extensions = { ...result.extensions, withheld: contextValue.withheld }
      },
    }
  },
}

const wantsPlainJson = (accept: string | undefined): boolean =>
  /application\/json/i.test(accept ?? '') && !/graphql-response|\*\/\*/i.test(accept ?? '')
