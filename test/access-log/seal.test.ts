// Every record ends up in exactly one seal, whoever commits when and however many seal at once; and every seal is signed, whatever breaks off in between.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import type { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isSound } from '#app/access-log/report.js'
import { startSealing } from '#app/access-log/seal.js'
import { growingTree, sealHash } from '#app/access-log/tree.js'
import { openDatabase } from '#app/database/door.js'
import { connected } from '../support/small-world.js'
import { emptyLog, type Log, writeRecord } from './sealed.js'

let log: Log
beforeEach(async () => {
  log = await emptyLog()
})
afterEach(() => log.drop())

const SEED = Number(process.env.SEED ?? 20261122)
const lines = () => readFileSync(join(log.folder, 'checkpoints.txt'), 'utf8').trimEnd().split('\n')
const clients = async (count: number): Promise<Client[]> =>
  Promise.all(Array.from({ length: count }, () => connected(log.database.adminUrl)))
const write = async (count = 1) => {
  const client = await connected(log.database.adminUrl)
  for (let n = 0; n < count; n++) await writeRecord(client)
  await client.end()
}

/** Every record in exactly one seal, no place empty or taken twice, and the whole of it sound and signed. */
async function expectAllSealed() {
  const [found] = await log.run(
    `SELECT (SELECT count(*)::int FROM access_record) AS records, (SELECT count(*)::int FROM log_leaf WHERE seal IS NOT NULL) AS sealed,
       (SELECT coalesce(sum(size), 0)::int FROM log_seal) AS sizes, (SELECT count(DISTINCT (seal, place))::int FROM log_leaf) AS places`,
  )
  expect(found).toEqual({ records: found.records, sealed: found.records, sizes: found.records, places: found.records })
  const verdict = await log.check()
  expect(verdict.faults).toMatchObject({ first: [], inFile: [] })
  expect(verdict).toMatchObject({ records: found.records, covered: found.records })
}

describe('the tree', () => {
  const hash = (...parts: (Buffer | string)[]) => parts.reduce((all, part) => all.update(part), createHash('sha256')).digest()
  /** RFC 9162, 2.1.1, as it is written there. */
  function root(leaves: Buffer[]): Buffer {
    if (leaves.length === 1) return leaves[0]!
    const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
    return hash(Buffer.of(1), root(leaves.slice(0, k)), root(leaves.slice(k)))
  }
  const leaves = (count: number) => Array.from({ length: count }, (_, n) => hash(`leaf ${n}`))

  test('has the root of RFC 9162, in the database as here, for every number of leaves', async () => {
    for (const count of [...Array.from({ length: 70 }, (_, n) => n + 1), 1000, 4096, 4097, 9999]) {
      const tree = growingTree()
      for (const leaf of leaves(count)) tree.add(leaf)
      const expected = root(leaves(count)).toString('hex')
      expect([count, tree.root()]).toEqual([count, expected])
      const [found] = await log.run(`SELECT encode(merkle_root($1), 'hex') AS root`, leaves(count))
      expect([count, found.root]).toEqual([count, expected])
    }
  })

  test('of other leaves, or the same in another order, has another root', async () => {
    const [one, ...others] = leaves(5)
    const rootOf = async (list: Buffer[]) => (await log.run(`SELECT encode(merkle_root($1), 'hex') AS root`, list))[0].root
    const whole = await rootOf([one!, ...others])
    for (const list of [others, [...others, one!], [one!, ...others, others.at(-1)!], [one!, one!, ...others.slice(1)]])
      expect(await rootOf(list)).not.toBe(whole)
  })

  test('a seal says the same of itself in the database as here', async () => {
    await write(3)
    await log.seal(2)
    const seals = await log.run(
      `SELECT number::int, sealed_at AS "sealedAt", size, records::int, last_at AS "lastAt", root, previous, hash FROM seals_from(1)`,
    )
    expect(seals.map(({ number, size, records }) => [number, size, records])).toEqual([
      [1, 2, 2],
      [2, 1, 3],
    ])
    for (const seal of seals) expect(sealHash(seal)).toBe(seal.hash)
  })
})

describe('a record that commits late', () => {
  test('is sealed by the next seal, though it is older than all of the one before', async () => {
    const [slow] = await clients(1)
    await slow!.query('BEGIN')
    const late = await writeRecord(slow!, new Date(Date.now() - 60_000))
    await write(5)
    expect(await log.seal()).toBe(1)
    await slow!.query('COMMIT')
    await slow!.end()
    expect(await log.seal()).toBe(1)
    expect(await log.run('SELECT seal::int FROM log_leaf WHERE record_id = $1', late)).toEqual([{ seal: 2 }])
    await expectAllSealed()
  })

  test('is in exactly one seal, in whatever order connections write, commit, break off and seal', async () => {
    const step = fc.record({ who: fc.nat(3), what: fc.constantFrom('write', 'write', 'commit', 'roll back', 'seal', 'seal two') })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        await log.run('TRUNCATE log_seal, access_record CASCADE')
        const open = await clients(4)
        const isIn = open.map(() => false)
        const sealer = await connected(log.database.serverUrl)
        const seal = async (most: number) => {
          await sealer.query(`BEGIN; SET LOCAL ROLE wo_nobody`)
          await sealer.query('SELECT seal_log($1)', [most])
          await sealer.query('COMMIT')
        }
        try {
          for (const { who, what } of steps) {
            if (what === 'seal') await seal(100)
            else if (what === 'seal two') await seal(2)
            else if (what === 'write') {
              if (!isIn[who]) await open[who]!.query('BEGIN')
              isIn[who] = true
              await writeRecord(open[who]!, new Date(Date.now() - who * 100_000))
            } else if (isIn[who]) {
              await open[who]!.query(what === 'commit' ? 'COMMIT' : 'ROLLBACK')
              isIn[who] = false
            }
          }
          for (const client of open) await client.query('COMMIT')
          for (let turn = 0; turn < 100; turn++) await seal(1)
        } finally {
          for (const client of [...open, sealer]) await client.end()
        }
        const [{ records, sealed, sizes, wrong }] = await log.run(
          `SELECT (SELECT count(*)::int FROM access_record) AS records, (SELECT count(*)::int FROM log_leaf WHERE seal IS NOT NULL) AS sealed,
             (SELECT coalesce(sum(size), 0)::int FROM log_seal) AS sizes,
             (SELECT count(*)::int FROM log_seal s WHERE root <> (SELECT merkle_root(array_agg(tree_leaf(l.hash, l.mac) ORDER BY place)) FROM log_leaf l WHERE l.seal = s.number)
               OR size <> (SELECT count(*) FROM log_leaf l WHERE l.seal = s.number)) AS wrong`,
        )
        expect({ sealed, sizes, wrong }).toEqual({ sealed: records, sizes: records, wrong: 0 })
      }),
      { numRuns: 25, seed: SEED },
    )
  })

  test('is in exactly one seal, with writers and sealers all at once', async () => {
    const writers = await clients(6)
    let isWriting = true
    const writing = Promise.all(
      writers.map(async (client, who) => {
        for (let n = 0; n < 30; n++) {
          await client.query('BEGIN')
          for (let more = 0; more <= n % 3; more++) await writeRecord(client, new Date(Date.now() - who * 1000))
          await client.query(n % 7 === 6 ? 'ROLLBACK' : 'COMMIT')
        }
      }),
    ).finally(() => {
      isWriting = false
    })
    const sealing = Promise.all(
      [5, 17, 10_000].map(async (batch) => {
        while (isWriting) await log.seal(batch)
      }),
    )
    await Promise.all([writing, sealing])
    for (const client of writers) await client.end()
    await log.seal()
    await expectAllSealed()
  })
})

describe('sealers', () => {
  const LOG = fileURLToPath(new URL('../../dist/access-log/log.js', import.meta.url))
  const env = () => ({
    PATH: process.env.PATH,
    DATABASE_URL: log.database.serverUrl,
    CHECKPOINT_FOLDER: log.folder,
    SEAL_KEY: log.sealKey,
  })
  const ended = (child: ReturnType<typeof spawn>) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk))
      child.once('close', (code) => resolve({ code, said }))
    })

  test('in two processes at once seal each record once, and write each checkpoint once', async () => {
    const writers = await clients(2)
    let isWriting = true
    const writing = (async () => {
      for (const client of writers) for (let n = 0; n < 40; n++) await writeRecord(client)
    })().finally(() => {
      isWriting = false
    })
    const said: string[] = []
    const sealer = async () => {
      do {
        const { code, said: words } = await ended(spawn(process.execPath, [LOG, 'seal'], { env: env() }))
        said.push(words)
        expect([code, words]).toEqual([0, expect.stringContaining('Seals made')])
      } while (isWriting)
    }
    await Promise.all([writing, sealer(), sealer(), sealer()])
    await log.seal()
    for (const client of writers) await client.end()
    expect(said.length).toBeGreaterThan(2)
    await expectAllSealed()
  })

  test('that are killed at any moment leave nothing that the next does not make whole', async () => {
    const set = env()
    // Seals one record at a time, so that there is always something to be in the middle of.
    const code = `
      const [{ openDatabase }, { sealLog }, { loadSealKey }] = await Promise.all(${JSON.stringify(
        ['database/door.js', 'access-log/seal.js', 'access-log/checkpoint.js'].map((path) => import.meta.resolve(`#app/${path}`)),
      )}.map((path) => import(path)))
      const key = await loadSealKey({ sealKey: process.env.SEAL_KEY })
      const database = openDatabase(process.env.DATABASE_URL, { connections: 1 })
      console.log('begun')
      await sealLog({ database, folder: process.env.CHECKPOINT_FOLDER, key, now: () => new Date() }, 1)
      console.log('done')`
    let killed = 0
    for (let round = 0; round < 8; round++) {
      await write(60)
      const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
        env: set,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const end = ended(child)
      await new Promise((resolve) => child.stdout!.once('data', resolve))
      const timer = setTimeout(() => child.kill('SIGKILL'), 20 + ((round * 37) % 160))
      killed += (await end).code === null ? 1 : 0
      clearTimeout(timer)
    }
    expect(killed).toBeGreaterThan(2)
    await log.seal()
    await expectAllSealed()
  })
})

describe('a crash', () => {
  test('between a seal and its checkpoint: the next turn signs it, and until then it is told to be young', async () => {
    await write(3)
    await log.seal()
    await write(2)
    await log.run('SELECT seal_log(100)')
    const between = await log.check()
    expect(isSound(between)).toBe(true)
    expect(between).toMatchObject({ seals: 2, records: 5, covered: 3 })
    expect(lines()).toHaveLength(1)
    await log.seal()
    expect(lines()).toHaveLength(2)
    await expectAllSealed()
  })

  test('in the middle of a line: half a line stays, the whole one follows, and both are told apart from tampering', async () => {
    await write(3)
    await log.seal(1)
    const whole = lines()
    await write(1)
    await log.run('SELECT seal_log(100)')
    // Long enough to look like a line whose signature is wrong.
    appendFileSync(join(log.folder, 'checkpoints.txt'), whole.at(-1)!.slice(0, -20))
    expect(isSound(await log.check())).toBe(true)
    await log.seal()
    expect(lines().slice(0, 3)).toEqual(whole)
    expect(lines()).toHaveLength(5)
    await expectAllSealed()
    expect((await log.check()).story).toMatchObject({ torn: 1, faults: [] })
    await write(1)
    await log.seal()
    await expectAllSealed()
  })

  test('of the disk: nothing is sealed that cannot be signed, and it goes on by itself', async () => {
    await write(3)
    const faults: unknown[] = []
    const database = openDatabase(log.database.serverUrl, { connections: 1 })
    const sealer = { database, folder: '/dev/null/checkpoints', key: log.key, now: () => new Date() }
    const sealing = startSealing(sealer, 20, (fault) => faults.push(fault))
    while (faults.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    await sealing.stop()
    expect(await log.run('SELECT count(*)::int AS seals FROM log_seal')).toEqual([{ seals: 0 }])
    await database.$disconnect()
    await log.seal()
    await expectAllSealed()
  })

  test('of nothing: who stops in order has sealed everything that was written', async () => {
    const database = openDatabase(log.database.serverUrl, { connections: 1 })
    const sealing = startSealing({ database, folder: log.folder, key: log.key, now: () => new Date() }, 3_600_000, (fault) => {
      throw fault
    })
    await write(4)
    await sealing.stop()
    await database.$disconnect()
    await expectAllSealed()
  })
})

describe('who has the server’s login, and no key ring', () => {
  const ROLES = ['wo_nobody', 'wo_guide', 'wo_coordinator', 'wo_handler', 'wo_officer_werkcentrum', 'wo_officer_partner']
  const MORE = ['wo_signatory_werkcentrum', 'wo_signatory_partner', 'wo_visitor']
  let server: Client
  beforeEach(async () => {
    await write(3)
    await log.seal(2)
    await write(1)
    server = await connected(log.database.serverUrl)
  })
  afterEach(() => server.end())

  /** The error's code, or how many rows it touched. */
  async function tried(role: string, sql: string, begin = 'BEGIN'): Promise<string | number> {
    await server.query(begin)
    try {
      await server.query(`SET LOCAL ROLE ${role}`)
      return (await server.query(sql)).rowCount ?? 0
    } catch (fault) {
      return (fault as { code: string }).code
    } finally {
      await server.query('ROLLBACK')
    }
  }

  test.each([...ROLES, ...MORE])('%s writes no seal, and changes, removes and seals no leaf', async (role) => {
    for (const sql of [
      'INSERT INTO log_seal SELECT * FROM log_seal LIMIT 0',
      'UPDATE log_seal SET size = size',
      'DELETE FROM log_seal',
      'TRUNCATE log_seal',
      'SELECT FROM log_seal',
      'LOCK TABLE log_seal',
      'UPDATE log_leaf SET seal = 1, place = 1',
      'UPDATE log_leaf SET hash = hash',
      'DELETE FROM log_leaf',
      'SELECT FROM log_leaf',
      `INSERT INTO log_leaf (at, record_id, hash, mac, seal, place) VALUES (now(), gen_random_uuid(), sha256(''), 'k1:', 1, 9)`,
      `INSERT INTO log_leaf (at, record_id, hash, mac) VALUES (now(), gen_random_uuid(), sha256(''), 'k1:')`,
      'UPDATE retention_term SET months = 12',
      `SELECT merkle_root('{}')`,
    ])
      expect([sql, await tried(role, sql)]).toEqual([sql, '42501'])
    for (const call of ['seal_log(10)', 'seals_from(1)', 'newest_seal()', 'expire_seal(99)'])
      expect([call, await tried(role, `SELECT ${call}`)]).toEqual([call, role === 'wo_nobody' ? expect.any(Number) : '42501'])
  })

  test('seals as often as it likes, which harms nothing', async () => {
    for (const most of ['0', '-1', 'NULL', '2147483647', '1']) {
      await write(2)
      await server.query(`BEGIN; SET LOCAL ROLE wo_nobody; SELECT seal_log(${most}); SELECT seal_log(${most}); COMMIT`)
    }
    await log.seal()
    await expectAllSealed()
  })

  test('gets no seal from a view of the past', async () => {
    for (const level of ['REPEATABLE READ', 'SERIALIZABLE'])
      expect(await tried('wo_nobody', 'SELECT seal_log(10)', `BEGIN ISOLATION LEVEL ${level}`)).toBe('25000')
  })

  test('while it holds the lock nothing is sealed, and afterwards everything', async () => {
    await server.query('BEGIN; SET LOCAL ROLE wo_nobody; SELECT pg_advisory_xact_lock(72707371)')
    expect(await log.seal()).toBe(0)
    // Nor by who asks the database itself.
    expect(await log.run('SELECT seal_log(10) AS number')).toEqual([{ number: null }])
    await server.query('ROLLBACK')
    expect(await log.seal()).toBe(1)
    await expectAllSealed()
  })
})
