// W3C Trace Context through the real server: which trace the log keeps, and which the caller is told.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traceOf } from '#app/operations/trace.js'
import { startServer, type TestServer } from '../support/server.js'
import { CONTACT } from '../support/story.js'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = '00f067aa0ba902b7'
const NEW_TRACE = /^[0-9a-f]{32}$/

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

type Recorded = { operation: string; trace_id: string; span_id: string; parent_span_id: string | null }

/** What the log holds of one request, and the trace that its answer names. */
async function asked(account: string | null, query: string, headers: Record<string, string> = {}, variables = {}) {
  await server.sql.query('DELETE FROM log_leaf; DELETE FROM processing_record; DELETE FROM access_record_actor')
  await server.sql.query('DELETE FROM access_record_part; DELETE FROM access_record')
  const authorization = account ? { authorization: `Bearer ${await server.token(account)}` } : undefined
  const answer = await server.post({ query, variables }, { ...authorization, ...headers })
  expect(answer.errors).toBeUndefined()
  const { rows } = await server.sql.query<Recorded>(
    'SELECT operation, trace_id, span_id, parent_span_id FROM access_record ORDER BY operation',
  )
  return { records: rows, told: answer.headers.get('traceresponse'), header: answer.headers }
}

const ME = '{ me { role } }'

describe('A trace that came with the request', () => {
  test('goes on in the record, under the span of the caller, and is told back', async () => {
    const { records, told } = await asked('gids-amersfoort', ME, { traceparent: `00-${TRACE}-${CALLER}-01` })
    expect(records).toEqual([
      { operation: 'me', trace_id: TRACE, span_id: expect.stringMatching(/^[0-9a-f]{16}$/), parent_span_id: CALLER },
    ])
    expect(records[0]!.span_id).not.toBe(CALLER)
    expect(told).toBe(`00-${TRACE}--00`)
  })

  test.each(['00', '01', 'ff'])('is kept whatever its flags say about sampling (%s)', async (flags) => {
    const { records } = await asked('gids-amersfoort', ME, { traceparent: `00-${TRACE}-${CALLER}-${flags}` })
    expect(records[0]).toMatchObject({ trace_id: TRACE, parent_span_id: CALLER })
  })

  test.each([
    ['as it is', `01-${TRACE}-${CALLER}-01`],
    ['with more behind it', `cc-${TRACE}-${CALLER}-01-what-the-future-will-be-like`],
  ])('of a later version is read as far as it is known (%s)', async (_, traceparent) => {
    const { records } = await asked('gids-amersfoort', ME, { traceparent })
    expect(records[0]).toMatchObject({ trace_id: TRACE, parent_span_id: CALLER })
  })

  test('is shared by the root fields of one request, each with a span of its own', async () => {
    const query = `{ me { role } handOffs { edges { node { id } } } partners { edges { node { id } } } }`
    const { records } = await asked('uwv-amersfoort', query, { traceparent: `00-${TRACE}-${CALLER}-01` })
    expect(records.map(({ operation }) => operation)).toEqual(['handOffs', 'me', 'partners'])
    expect(new Set(records.map(({ trace_id }) => trace_id))).toEqual(new Set([TRACE]))
    expect(new Set(records.map(({ parent_span_id }) => parent_span_id))).toEqual(new Set([CALLER]))
    expect(new Set(records.map(({ span_id }) => span_id)).size).toBe(3)
  })

  test('is not kept when it is broken: then a new one begins', async () => {
    for (const traceparent of [
      '',
      'no trace',
      TRACE,
      `00-${'0'.repeat(32)}-${CALLER}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${CALLER}-01`,
      `00-${TRACE}-${CALLER.toUpperCase()}-01`,
      `ff-${TRACE}-${CALLER}-01`,
      `0-${TRACE}-${CALLER}-01`,
      `000-${TRACE}-${CALLER}-01`,
      `00-${TRACE}-${CALLER}`,
      `00-${TRACE}-${CALLER}-`,
      `00-${TRACE}-${CALLER}-1`,
      `00-${TRACE}-${CALLER}-0x`,
      `00-${TRACE}-${CALLER}-01-more`,
      `00-${TRACE}-${CALLER}-01-`,
      `cc-${TRACE}-${CALLER}-01.more`,
      `cc-${TRACE}-${CALLER}-0`,
      `00-${TRACE.slice(1)}-${CALLER}-01`,
      `00-${TRACE}0-${CALLER}-01`,
      `00_${TRACE}_${CALLER}_01`,
      // Two headers of one name arrive as one, with a comma.
      `00-${TRACE}-${CALLER}-01, 00-${TRACE}-${CALLER}-01`,
    ]) {
      const { records, told } = await asked('gids-amersfoort', ME, { traceparent })
      expect(records[0]!.trace_id, traceparent).toMatch(NEW_TRACE)
      expect(records[0]!.trace_id, traceparent).not.toBe(TRACE)
      expect(records[0]!.parent_span_id, traceparent).toBeNull()
      expect(told, traceparent).toBe(`00-${records[0]!.trace_id}--00`)
    }
  })

  test('of nobody is never kept: it could tie the visits of a visitor together', async () => {
    const { records, told } = await asked(null, ME, { traceparent: `00-${TRACE}-${CALLER}-01` })
    expect(records[0]).toMatchObject({ trace_id: expect.stringMatching(NEW_TRACE), parent_span_id: null })
    expect(told).not.toContain(TRACE)
  })

  test('keeps nothing of what vendors put beside it', async () => {
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'congo=visitor-of-desk-3', baggage: 'who=visitor' }
    const { header } = await asked('gids-amersfoort', ME, headers)
    expect(header.get('tracestate')).toBeNull()
    const { rows } = await server.sql.query(
      `SELECT to_jsonb(r)::text || coalesce((SELECT jsonb_agg(p)::text FROM access_record_part p), '') AS log FROM access_record r`,
    )
    expect(rows[0].log).toContain(TRACE)
    expect(rows[0].log).not.toMatch(/congo|visitor-of-desk/)
  })
})

test('without one, each request begins a trace of its own, of random bytes alone', async () => {
  const traces = new Set<string>()
  for (const account of ['gids-amersfoort', 'gids-amersfoort', null]) {
    const { records } = await asked(account, `{ me { role } partners(first: 1) { edges { node { id } } } }`)
    expect(new Set(records.map(({ trace_id }) => trace_id)).size).toBe(1)
    expect(records.map(({ parent_span_id }) => parent_span_id)).toEqual([null, null])
    traces.add(records[0]!.trace_id)
  }
  expect(traces.size).toBe(3)
  expect(traceOf(undefined, (size) => Buffer.alloc(size, 0xab))).toEqual({ traceId: 'ab'.repeat(16), parentSpanId: null })
})

test('a change keeps the trace too, in the record and in the processing beside it, which is under the decision', async () => {
  const { records } = await asked(
    'gids-amersfoort',
    'mutation ($input: LogContactInput!) { logContact(input: $input) { id } }',
    { traceparent: `00-${TRACE}-${CALLER}-01` },
    { input: CONTACT },
  )
  expect(records[0]).toMatchObject({ operation: 'logContact', trace_id: TRACE, parent_span_id: CALLER })
  const { rows } = await server.sql.query('SELECT trace_id, span_id, parent_span_id FROM processing_record')
  expect(rows).toEqual([
    { trace_id: TRACE, span_id: expect.stringMatching(/^[0-9a-f]{16}$/), parent_span_id: records[0]!.span_id },
  ])
  expect(rows[0].span_id).not.toBe(records[0]!.span_id)
})
