// Apollo Server as we run it: limits before validation, withheld fields after execution, one closed list of errors.
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { GraphQLError } from 'graphql'
import { RETRY_AFTER } from '../database/door.js'
import { behindShield, type ShieldOptions } from '../decide/shield.js'
import type { Policies } from '../decide/policy-files.js'
import type { Context } from './context.js'
import { formatError } from './errors.js'
import { checkDocument, LIMITS } from './limits.js'
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
    schema: behindShield(bareSchema(), policies, shield),
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: 2000, noLocation: false },
    formatError: (formatted, error) => formatError(formatted, error, fault),
    plugins: [ApolloServerPluginCacheControlDisabled(), limits, answers, ...plugins],
  })
}

/** Before validation, because validating a small query of nested fragments can cost seconds; and again with the variables. */
const limits: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    const check = (...question: Parameters<typeof checkDocument>) => {
      const problem = checkDocument(...question)
      if (problem) throw new GraphQLError(problem, { extensions: { code: 'LIMIT_EXCEEDED', http: { status: 400, headers: new HeaderMap() } } })
    }
    return {
      async validationDidStart({ document, request }) {
        check(document, LIMITS, request.variables ?? null)
      },
      async didResolveOperation({ document, request }) {
        check(document, LIMITS, request.variables ?? null)
      },
    }
  },
}

/** Withheld fields are no errors: they stand in the extensions. A fault takes the data with it; a database away is a 503. */
const answers: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        response.http.headers.set('cache-control', 'no-store')
        if (response.body.kind !== 'single') return
        const result = response.body.singleResult
        const codes = new Set(result.errors?.map((error) => error.extensions?.code))
        if (codes.has('INTERNAL')) {
          if ('data' in result) result.data = null
          response.http.status = 500
        }
        if (codes.has('UNAVAILABLE')) {
          response.http.status = 503
          response.http.headers.set('retry-after', String(RETRY_AFTER))
        }
        if (contextValue.withheld.length > 0 && !codes.has('INTERNAL')) result.extensions = { ...result.extensions, withheld: contextValue.withheld }
      },
    }
  },
}
