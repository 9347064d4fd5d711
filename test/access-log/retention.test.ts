// The log is kept for its term and no longer: whole seals expire, a signed line says so, and nobody who is not the owner hurries it along.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expireLog } from '#app/access-log/expire.js'
import { isSound, report } from '#app/access-log/report.js'
import { readRetention } from '#app/anonymity/retention.js'
import { openDatabase } from '#app/database/door.js'
import { release } from '#app/database/release.js'
import { KEYS } from '../support/keys.js'
import { connected } from '../support/small-world.js'
import { emptyLog, type Log, writeRecord } from './sealed.js'

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))
const RETENTION = readRetention(POLICIES)
const MONTHS = RETENTION.logs['access-log']

let log: Log
/** Six seals of two records: three that are over their term, one that is not by a month, one of 30 months ago, and one of now. */
const AGES = [MONTHS + 20, MONTHS + 10, MONTHS + 1, MONTHS - 1, 30, 0]
let begun: Log
beforeAll(async () => {
  begun = log = await emptyLog()
  for (const months of AGES) await sealOf(months)
})
afterAll(() => begun.drop())
beforeEach(async () => {
  log = await begun.copy()
})
afterEach(() => log.drop())

async function sealOf(months: number) {
  const at = new Date()
  at.setUTCMonth(at.getUTCMonth() - months)
  const client = await connected(log.database.adminUrl)
  for (let n = 0; n < 2; n++) await writeRecord(client, new Date(at.getTime() - n * 3_600_000))
  await client.end()
  // As it would have been sealed then: nothing of it is signed yet.
  await log.run('SELECT seal_log(10)')
  await log.run(
    `DO $$ DECLARE seal log_seal%ROWTYPE; BEGIN
       SELECT * INTO seal FROM log_seal ORDER BY number DESC LIMIT 1;
       seal.sealed_at := '${at.toISOString()}';
       seal.hash := seal_hash(seal);
       UPDATE log_seal SET sealed_at = seal.sealed_at, hash = seal.hash WHERE number = seal.number;
     END $$`,
  )
  await log.seal()
}
/** The terms as they are, but for how many months the log is kept. */
const kept = (months: number) => ({ ...RETENTION, logs: { 'access-log': months, 'processing-log': months } })
const expire = async (retention = RETENTION, now = () => new Date()) => {
  const database = openDatabase(log.database.serverUrl, { connections: 1 })
  return expireLog({ database, folder: log.folder, key: log.key, now }, retention).finally(() => database.$disconnect())
}
const left = async () => (await log.run('SELECT DISTINCT seal::int FROM log_leaf ORDER BY 1')).map(({ seal }) => seal)
const all = async (...tables: string[]) => {
  const counts: number[] = []
  for (const table of tables) counts.push((await log.run(`SELECT count(*)::int AS all FROM ${table}`))[0].all)
  return counts
}

describe('after its term', () => {
  test('the records of whole seals go, the oldest first; the seals stay, a signed line says so, and the log is sound', async () => {
    expect(await expire()).toBe(3)
    expect(await left()).toEqual([4, 5, 6])
    expect(await all('access_record', 'log_leaf', 'log_seal')).toEqual([6, 6, 6])
    const verdict = await log.check()
    expect(verdict.faults.all).toBe(0)
    expect(verdict).toMatchObject({ records: 6, expired: 6, covered: 6 })
    expect(report(verdict, { hasKeys: true, now: new Date() }).join('\n')).toMatch(
      new RegExp(`Expired and gone are 6 records, up to seal 3: the youngest of .*, under a term of ${MONTHS} months`),
    )
    expect(await expire()).toBe(0)
    expect(readFileSync(join(log.folder, 'checkpoints.txt'), 'utf8').trimEnd().split('\n')).toHaveLength(7)
  })

  test('every row of them goes: parts, actors and lines of the processing log', async () => {
    const [{ at, id }] = await log.run('SELECT at, record_id AS id FROM log_leaf WHERE seal = 2 LIMIT 1')
    await log.run(
      `INSERT INTO access_record_part (at, record_id, number, confidential, objects, hand_offs) VALUES ($1, $2, 1, false, '[]', '{}')`,
      at,
      id,
    )
    await log.run(
      `INSERT INTO access_record_actor (at, record_id, organisation_id, pseudonym) VALUES ($1, $2, gen_random_uuid(), 'k1:x')`,
      at,
      id,
    )
    await log.run(
      `INSERT INTO processing_record (at, record_id, number, trace_id, span_id, name, activity, ended_at, confidential, subjects)
       VALUES ($1, $2, 1, repeat('a', 32), repeat('a', 16), 'x', 'x', now(), false, '{}')`,
      at,
      id,
    )
    await expire()
    expect(await all('access_record_part', 'access_record_actor', 'processing_record')).toEqual([0, 0, 0])
    expect(isSound(await log.check())).toBe(true)
  })

  test('it goes on after a crash in between: the line was written, and the records go with the next turn', async () => {
    const line = async () => {
      const before = await log.copy()
      await expire()
      const later = log
      writeFileSync(join(before.folder, 'checkpoints.txt'), readFileSync(join(later.folder, 'checkpoints.txt')))
      log = before
      await later.drop()
    }
    await line()
    expect(await left()).toEqual([1, 2, 3, 4, 5, 6])
    expect(isSound(await log.check())).toBe(true)
    expect(await expire()).toBe(3)
    expect(await left()).toEqual([4, 5, 6])
    expect(isSound(await log.check())).toBe(true)
  })

  test('a longer term in the file keeps what a shorter one would let go', async () => {
    expect(await expire(kept(MONTHS + 15))).toBe(1)
    expect(await left()).toEqual([2, 3, 4, 5, 6])
  })
})

describe('before its term', () => {
  const call = async (through: number) => {
    const server = await connected(log.database.serverUrl)
    await server.query('BEGIN; SET LOCAL ROLE wo_nobody')
    for (let n = 0; n < 10; n++) await server.query('SELECT expire_seal($1)', [through])
    await server.query('COMMIT')
    await server.end()
  }

  test('nothing goes for who has the server’s login: the term and the clock are the database’s own', async () => {
    await call(99)
    expect(await left()).toEqual([4, 5, 6])
    // What was due is gone without a line, and is missed; the next turn says that it was due.
    expect(isSound(await log.check())).toBe(false)
    await expire()
    expect(isSound(await log.check())).toBe(true)
  })

  test('nothing goes for a sealer whose clock is ahead, or whose file has another term', async () => {
    await expire(kept(12), () => new Date('2099-01-01'))
    expect(await left()).toEqual([4, 5, 6])
    // Nor is it said to be: what is not due is missed when it is gone.
    expect((await log.check()).story.head.expired).toBe(3)
  })

  test('nothing younger than a year goes, whatever the owner says', async () => {
    await expect(log.run('UPDATE retention_term SET months = 11')).rejects.toThrow(/check/)
    await log.run('ALTER TABLE retention_term DROP CONSTRAINT retention_term_months_check')
    await log.run('UPDATE retention_term SET months = 0')
    await call(99)
    expect(await left()).toEqual([6])
  })

  test('nothing goes within a year of being sealed, however old the server says that it is', async () => {
    await log.run('UPDATE log_seal SET sealed_at = now() WHERE number = 1')
    await call(99)
    expect(await left()).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('nothing goes where the term is not known', async () => {
    await log.run(`DELETE FROM retention_term WHERE subject = 'processing-log'`)
    await call(99)
    expect(await left()).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('and nothing goes while the database and the checkpoints do not fit', async () => {
    await log.run('DELETE FROM log_seal WHERE number = 6')
    await expect(expire()).rejects.toThrow(/older than the checkpoints/)
    expect(await left()).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('without a line that says so', () => {
  test('records that are gone are missed, also those that would be due, and those of a seal that expired in part', async () => {
    await log.run('DELETE FROM access_record WHERE at IN (SELECT at FROM log_leaf WHERE seal = 1)')
    await log.run('DELETE FROM log_leaf WHERE seal = 1')
    expect((await log.check()).faults.first[0]).toMatchObject({ seal: 1, place: 1 })
    await expire()
    expect(isSound(await log.check())).toBe(true)
    await log.run('DELETE FROM access_record WHERE at IN (SELECT at FROM log_leaf WHERE seal = 4)')
    await log.run('DELETE FROM log_leaf WHERE seal = 4')
    expect((await log.check()).faults.first[0]).toMatchObject({ seal: 4, place: 1 })
  })

  test('a line of somebody without the key is no such line', async () => {
    appendFileSync(join(log.folder, 'checkpoints.txt'), `${Buffer.from('{"kind":"expired"}').toString('base64url')}\n`)
    await log.run('DELETE FROM access_record WHERE at IN (SELECT at FROM log_leaf WHERE seal = 1)')
    await log.run('DELETE FROM log_leaf WHERE seal = 1')
    expect((await log.check()).faults.inFile).toHaveLength(1)
    expect((await log.check()).faults.first[0]).toMatchObject({ seal: 1, place: 1 })
  })
})

describe('policies/retention.yaml', () => {
  test('is loaded by the release step, and loaded again when it changes', async () => {
    const terms = () => log.run('SELECT subject, months FROM retention_term ORDER BY 1')
    expect(await terms()).toEqual([
      { subject: 'access-log', months: 60 },
      { subject: 'processing-log', months: 60 },
    ])
    await release({ ...log.database, keys: KEYS, retention: kept(84) })
    expect((await terms()).map(({ months }) => months)).toEqual([84, 84])
  })
})
