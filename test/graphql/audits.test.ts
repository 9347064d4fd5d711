// GraphQL over HTTP, as its reference implementation audits it: no error and no warning.
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** What the specification leaves free, and we leave out: a query in a URL would leave follow-up codes in every log on the way. */
const NOT_OFFERED = ['5A70', 'D6D5', '6A70']

const audits = serverAudits({ url: () => `${server.url}/graphql` })

test('there are audits', () => expect(audits.length).toBeGreaterThan(60))

for (const { id, name, fn } of audits)
  test(`${id} ${name}`, async () => {
    const result = await fn()
    // An answer that nobody reads keeps its connection.
    if ('response' in result) await (result.response as Response).body?.cancel().catch(() => {})
    expect(result.status, 'reason' in result ? result.reason : '').toBe(NOT_OFFERED.includes(id) ? 'notice' : 'ok')
  })
