// When the database is away, full, slow or won't keep the log: a clear answer in good time, no data, and recovery without a restart.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '#app/app.js'
import { openDatabase } from '#app/database/door.js'
import { demoId } from '#app/demo/ids.js'
import { realWorld } from '#app/world.js'
import { startServer, type TestServer } from '../support/server.js'
import { logContact, offer } from '../support/story.js'

/** A road to PostgreSQL that can be cut, and blocked so that nothing comes through any more. */
async function startRoad(to: { host: string; port: number }) {
  const sockets = new Set<Socket>()
  let state: 'open' | 'cut' | 'blocked' = 'open'
  const road = createServer((near) => {
    sockets.add(near)
    near.on('error', () => {}).on('close', () => sockets.delete(near))
    if (state === 'cut') return near.destroy()
    if (state === 'blocked') return near.pause()
    const far = connect(to)
    sockets.add(far)
    far
      .on('error', () => near.destroy())
      .on('close', () => {
        sockets.delete(far)
        near.destroy()
      })
    near.on('close', () => far.destroy())
    near.on('data', (piece) => state === 'open' && far.write(piece))
    far.on('data', (piece) => state === 'open' && near.write(piece))
  })
  road.listen(0, '127.0.0.1')
  await once(road, 'listening')
  return {
    port: (road.address() as AddressInfo).port,
    cut: () => {
      state = 'cut'
      for (const socket of sockets) socket.destroy()
    },
    block: () => {
      state = 'blocked'
    },
    open: () => {
      // What was blocked has lost pieces: it does not come back.
      if (state === 'blocked') for (const socket of sockets) socket.destroy()
      state = 'open'
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      road.close()
    },
  }
}

let server: TestServer
let road: Awaited<ReturnType<typeof startRoad>>
let serverUrl: string
let adminUrl: string
beforeAll(async () => {
  server = await startServer({
    patience: 500,
    serverUrl: (urls) => {
      ;({ serverUrl, adminUrl } = urls)
      return urls.serverUrl
    },
  })
  const { hostname, port } = new URL(serverUrl)
  road = await startRoad({ host: hostname, port: Number(port) })
})
afterAll(async () => {
  await road.stop()
  await server.stop()
})

/** A second server on the same database, by another road or with another door. */
async function secondServer(options: Parameters<typeof openDatabase>[1] & { port?: number }) {
  const database = openDatabase(
    options.port ? Object.assign(new URL(serverUrl), { hostname: '127.0.0.1', port: String(options.port) }).href : serverUrl,
    options,
  )
  const app = await buildApp({
    world: realWorld({ ...server.world, database }),
    readToken: async () => ({
      role: 'GUIDE',
      side: 'WERKCENTRUM',
      organisationId: demoId('werkcentrum-amersfoort'),
      subject: 'somebody',
    }),
  })
  const readable = async (what: Promise<{ statusCode: number; body: string; headers: Record<string, unknown> }>) => {
    const { statusCode, body, headers } = await what
    return { status: statusCode, text: body, json: JSON.parse(body), retryAfter: headers['retry-after'] }
  }
  return {
    ask: (query: string, variables?: object) =>
      readable(
        app.inject({
          method: 'POST',
          url: '/graphql',
          headers: { 'content-type': 'application/json' },
          payload: { query, variables },
        }),
      ),
    get: (url: string) => readable(app.inject({ method: 'GET', url })),
    async stop() {
      await app.close()
      await database.$disconnect()
    },
  }
}
type Second = Awaited<ReturnType<typeof secondServer>>

/** Somebody else holds a table for as long as `work` takes. */
async function whileHeld(table: string, work: () => Promise<void>) {
  const somebody = new Client({ connectionString: adminUrl })
  await somebody.connect()
  try {
    await somebody.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    await work()
  } finally {
    await somebody.query('ROLLBACK')
    await somebody.end()
  }
}

const waiting = async () =>
  (
    await server.sql.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
  ).rows.map((row) => row.pid)

const LIST = '{ handOffs { edges { node { id } } } }'

function expectUnavailable(answer: Awaited<ReturnType<Second['ask']>>) {
  expect(
    answer.json.errors?.map((error: any) => error.extensions.code),
    answer.text,
  ).toEqual(['UNAVAILABLE'])
  expect([answer.status, answer.retryAfter]).toEqual([503, '2'])
  expect(answer.json.data?.handOffs ?? null).toBeNull()
  expect(answer.text.length).toBeLessThan(2048)
  expect(answer.text).not.toMatch(/prisma|postgres|127\.0\.0\.1|ECONN/i)
}

async function expectWell(second: Second) {
  await expect.poll(async () => (await second.ask(LIST)).status).toBe(200)
  const answer = await second.ask(LIST)
  expect(answer.json.errors).toBeUndefined()
  expect((await second.get('/health/ready')).status).toBe(200)
}

describe('Database gone: 503, and recovery without a restart', () => {
  test('the road to it is cut', async () => {
    const second = await secondServer({ port: road.port, patience: 500 })
    await expectWell(second)
    road.cut()
    for (let i = 0; i < 5; i++) expectUnavailable(await second.ask(LIST))
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => second.ask(LIST)))) expectUnavailable(answer)
    expect((await second.get('/health/ready')).status).toBe(503)
    expect((await second.get('/health/live')).status).toBe(200)
    road.open()
    await expectWell(second)
    await second.stop()
  })

  test('nothing comes through any more, and nobody says so', async () => {
    const second = await secondServer({ port: road.port, patience: 500, longest: 1000, connections: 3 })
    await expectWell(second)
    road.block()
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => second.ask(LIST)))) expectUnavailable(answer)
    expect((await second.get('/health/ready')).status).toBe(503)
    expect((await second.get('/health/live')).status).toBe(200)
    road.open()
    await expectWell(second)
    await second.stop()
  })

  test('it shuts its door and throws everybody out', async () => {
    const second = await secondServer({ patience: 500 })
    await expectWell(second)
    const name = new URL(serverUrl).pathname.slice(1)
    const elsewhere = new Client({ connectionString: Object.assign(new URL(adminUrl), { pathname: '/postgres' }).href })
    await elsewhere.connect()
    await elsewhere.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    // The test looks on through a connection of its own, which stays.
    await elsewhere.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'warme-overdracht'`,
      [name],
    )
    for (let i = 0; i < 3; i++) expectUnavailable(await second.ask(LIST))
    expect((await second.get('/health/ready')).status).toBe(503)
    await elsewhere.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    await elsewhere.end()
    await expectWell(second)
    await second.stop()
  })

  test('it is gone in the middle of a change: nothing of it is there', async () => {
    const id = (await offer(server, await logContact(server))).handOff.id
    const second = await secondServer({ patience: 500 })
    await expectWell(second)
    await whileHeld('access_record', async () => {
      const asked = second.ask('mutation ($id: ID!) { withdrawHandOff(id: $id, reason: NOT_NEEDED) { state } }', { id })
      await expect.poll(waiting).toHaveLength(1)
      await server.sql.query('SELECT pg_terminate_backend($1)', await waiting())
      expectUnavailable(await asked)
    })
    const { rows } = await server.sql.query('SELECT state, steps FROM hand_off WHERE id = $1', [id])
    expect(rows).toEqual([{ state: 'OFFERED', steps: 0 }])
    await second.stop()
  })
})

describe('Pool full: 503 with Retry-After, never an endless wait', () => {
  test('every connection waits for a lock: others are sent away in good time, and those that wait too', async () => {
    const second = await secondServer({ connections: 2, patience: 300, longest: 2000 })
    await expectWell(second)
    await whileHeld('hand_off', async () => {
      const stuck = [second.ask(LIST), second.ask(LIST)]
      await expect.poll(waiting).toHaveLength(2)
      for (const answer of await Promise.all(Array.from({ length: 10 }, () => second.ask(LIST)))) expectUnavailable(answer)
      expect((await second.get('/health/live')).status).toBe(200)
      expect((await second.get('/health/ready')).status).toBe(503)
      for (const answer of await Promise.all(stuck)) expectUnavailable(answer)
    })
    await expectWell(second)
    await second.stop()
  })

  test('one connection serves many who come at once', async () => {
    const second = await secondServer({ connections: 1, patience: 60_000 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => second.ask(LIST)))
    for (const answer of answers) expect(answer.json.errors, answer.text).toBeUndefined()
    await second.stop()
  })
})

describe('No log line, no answer', () => {
  test('the log may not be written: a fault, no data, and nothing changed', async () => {
    const { id } = (await offer(server, await logContact(server))).handOff
    const guide = server.as('gids-amersfoort')
    for (const table of ['access_record', 'access_record_part', 'access_record_actor']) {
      const roles = (
        await server.sql.query(
          "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_name = $1 AND privilege_type = 'INSERT' AND grantee LIKE 'wo\\_%'",
          [table],
        )
      ).rows.map((row) => row.grantee)
      expect(roles).toContain('wo_guide')
      await server.sql.query(`REVOKE INSERT ON ${table} FROM ${roles.join(', ')}`)
      for (const answer of [
        await guide('query ($id: ID!) { handOff(id: $id) { id recognitionCode } }', { id }),
        await guide(LIST),
        await guide('mutation ($id: ID!) { withdrawHandOff(id: $id, reason: NOT_NEEDED) { id recognitionCode } }', { id }),
        await guide('query ($id: ID!) { one: handOff(id: $id) { recognitionCode } regions { name } }', { id }),
      ]) {
        expect(answer.errors?.[0].extensions.code, table).toBe('INTERNAL')
        expect(answer.status).toBe(500)
        expect(answer.data).toBeNull()
        expect(answer.extensions).toBeUndefined()
        expect(answer.text).not.toMatch(/permission|access_record/)
      }
      await server.sql.query(`GRANT INSERT ON ${table} TO ${roles.join(', ')}`)
    }
    expect((await guide('query ($id: ID!) { handOff(id: $id) { state } }', { id })).data.handOff.state).toBe('OFFERED')
  })
})
