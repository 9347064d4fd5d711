// The whole pipeline of a request, readable from top to bottom (design 4).
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify'
import helmet from '@fastify/helmet'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { RETRY_AFTER } from './database/door.js'
import type { ShieldOptions } from './decide/shield.js'
import type { ErrorCode } from './errors.js'
import type { Context } from './graphql/context.js'
import { checkRequest } from './graphql/limits.js'
import { graphqlServer } from './graphql/server.js'
import { type Capacity, NOBODY } from './identity/capacity.js'
import { networkOf } from './identity/network.js'
import { authorizationOf, type TokenReading } from './identity/tokens.js'
import { type Trace, traceOf } from './operations/trace.js'
import type { World } from './world.js'

export type AppOptions = {
  world: World
  readToken: (authorization: string | undefined) => Promise<TokenReading>
  /** The pages to serve beside the API. */
  pages?: (app: FastifyInstance) => void
  logLevel?: string
  /** Where log lines go; standard output unless said otherwise. */
  logTo?: { write: (line: string) => void }
  shield?: ShieldOptions
  /** How many proxies stand before the server, or which: whose word about the caller's address is taken. */
  trustProxy?: number | string | undefined
  /** How long the event loop may lag before requests are shed with 503, in milliseconds; 0: never. */
  busyAfter?: number
}

declare module 'fastify' {
  interface FastifyRequest {
    capacity: Capacity
    trace: Trace
  }
}

const BODY_LIMIT = 100_000

export async function buildApp({
  world,
  readToken,
  pages,
  logLevel = 'silent',
  logTo,
  shield,
  trustProxy,
  busyAfter = 2000,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    // Our own line per request, below: Fastify's would hold the URL and the address of the caller.
    logger: { level: logLevel, redact: ['req.headers.authorization'], ...(logTo ? { stream: logTo } : {}) },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    ...(trustProxy === undefined
      ? {}
      : { trustProxy: typeof trustProxy === 'number' ? (_, hop) => hop < trustProxy : trustProxy }),
    genReqId: () => randomUUID(),
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    // Room for a token far too long to be one, so that it is refused like any other.
    http: { maxHeaderSize: 98_304 },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      reply.code(400).send(refusal('BAD_INPUT', 'The request is not what is answered here.'))
    },
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    })
  })
  if (trustProxy === undefined) app.addHook('onRequest', warnOfUnknownProxy(app.log))
  app.setErrorHandler((error: { statusCode?: number; name?: string; stack?: string }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500 && status !== 503)
      return reply
        .code(500)
        .send(refusal('INTERNAL', 'Something went wrong on our side; quote the id.', { id: fault(request.log, error) }))
    if (status === 503)
      return reply
        .code(503)
        .header('retry-after', RETRY_AFTER)
        .send(refusal('UNAVAILABLE', 'Too busy just now; nothing was done.'))
    return reply
      .code(status)
      .send(
        refusal(
          status === 413 ? 'LIMIT_EXCEEDED' : 'BAD_INPUT',
          status === 413 ? 'The request is too large.' : 'The request is not what is answered here.',
        ),
      )
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(refusal('NOT_FOUND', 'Not found.')))

  await app.register(helmet)
  await app.register(underPressure, { maxEventLoopDelay: busyAfter, retryAfter: RETRY_AFTER })

  app.get('/health/live', async () => ({ status: 'ok' }))
  app.get('/health/ready', async (_request, reply) => {
    const away = new Promise<'away'>((resolve) => setTimeout(resolve, 1500, 'away').unref())
    const answer = await Promise.race([
      world.database.$queryRaw`SELECT 1`.then(() => 'ok' as const).catch(() => 'away' as const),
      away,
    ])
    return reply.code(answer === 'ok' ? 200 : 503).send({ status: answer })
  })

  const apollo = graphqlServer({
    policies: world.policies,
    fault: (error) => fault(app.log, error),
    ...(shield ? { shield } : {}),
    plugins: [fastifyApolloDrainPlugin(app)],
  })
  await apollo.start()
  app.decorateRequest('capacity', null as never)
  app.decorateRequest('trace', null as never)
  app.route({
    url: '/graphql',
    // POST alone: a query in a URL would leave follow-up codes in every log on the way.
    method: 'POST',
    onRequest: async (request, reply) => {
      const reading = await readToken(authorizationOf(request.raw.rawHeaders))
      if (reading === 'UNAVAILABLE')
        return reply
          .code(503)
          .header('retry-after', RETRY_AFTER)
          .send(refusal('UNAVAILABLE', 'Tokens cannot be checked just now.'))
      if (reading === 'INVALID')
        return reply
          .code(401)
          .header('www-authenticate', 'Bearer error="invalid_token"')
          .send(refusal('UNAUTHENTICATED', 'The access token is not valid.'))
      request.capacity = reading
      // Whoever is nobody to us is a visitor, perhaps: a trace of their own making could tie their visits together.
      request.trace = traceOf(reading === NOBODY ? undefined : request.headers.traceparent, world.random)
      reply.header('traceresponse', `00-${request.trace.traceId}--00`)
    },
    preHandler: async (request, reply) => {
      const problem = checkRequest(request.body)
      if (problem) return reply.code(400).send(refusal(problem.code, problem.message))
    },
    handler: fastifyApolloHandler<Context>(apollo, {
      context: async (request) => ({
        world: { ...world, trace: request.trace },
        capacity: request.capacity,
        requestId: request.id,
        network: networkOf(request.ip),
        withheld: [],
      }),
    }) as never,
  })

  app.route({
    url: '/graphql',
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    handler: (_request, reply) =>
      reply.code(405).header('allow', 'POST').send(refusal('BAD_INPUT', 'Questions are asked with POST.')),
  })

  pages?.(app)
  return app
}

const refusal = (code: ErrorCode, message: string, more: object = {}) => ({
  errors: [{ message, extensions: { code, ...more } }],
})

/** Says once that a proxy stands in front whose word is not taken: all callers are then one source of attempts at codes. Never an address. */
function warnOfUnknownProxy(log: FastifyInstance['log']): (request: FastifyRequest) => Promise<void> {
  let isSaid = false
  return async ({ headers }) => {
    if (isSaid || headers['x-forwarded-for'] === undefined) return
    isSaid = true
    log.warn('X-Forwarded-For arrives and TRUST_PROXY is not set: behind a proxy, everybody is one source of attempts at codes.')
  }
}

/** What is not even HTTP, or whose headers are too many: answered on the bare socket, as there is no request. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const body = JSON.stringify(refusal('BAD_INPUT', 'The request is not what is answered here.'))
  const status =
    { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' }[
      error.code ?? ''
    ] ?? '400 Bad Request'
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

/** A fault in the log: where, never with what. Messages of the database repeat values, so only name, code and place are kept. */
function fault(log: FastifyInstance['log'], error: unknown): string {
  const id = randomUUID()
  const { name, code, message, stack } = (error ?? {}) as { name?: string; code?: string; message?: string; stack?: string }
  const place = stack
    ?.replace(message ?? '', '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
  log.error({ id, name, code, place }, 'fault')
  return id
}
