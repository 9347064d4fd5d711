// A proxy that the server was not told of makes everybody one source of attempts at codes: whoever runs it reads that in the log.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { NOBODY } from '#app/identity/capacity.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** The lines of the log that warn, after these requests. */
async function warnings(trustProxy: number | undefined, forwarded: readonly (string | undefined)[]): Promise<string[]> {
  const lines: string[] = []
  const app = await buildApp({
    world: server.world,
    readToken: async () => NOBODY,
    trustProxy,
    logLevel: 'info',
    logTo: { write: (line) => lines.push(line) },
  })
  for (const address of forwarded)
    await app.inject({ url: '/health/live', headers: address === undefined ? {} : { 'x-forwarded-for': address } })
  await app.close()
  expect(lines.length).toBeGreaterThanOrEqual(forwarded.length)
  return lines.filter((line) => JSON.parse(line).level >= 40)
}

test('X-Forwarded-For while TRUST_PROXY is not set is warned of once, without an address', async () => {
  const said = await warnings(undefined, [undefined, '203.0.113.7', '203.0.113.8, 198.51.100.9', '203.0.113.7'])
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('TRUST_PROXY is not set')
  expect(said[0]).not.toMatch(/203\.0\.113|198\.51\.100|127\.0\.0\.1/)
})

test('nothing is warned of without the header, or when the proxy is named', async () => {
  expect(await warnings(undefined, [undefined, undefined])).toEqual([])
  expect(await warnings(1, ['203.0.113.7'])).toEqual([])
})
