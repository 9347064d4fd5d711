// What was signed outside the database: whoever sets the database back, or rewrites the log and its seals with it, does not get past it.
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadSealKey, newSealKey, readerOf, sha256, sign } from '#app/access-log/checkpoint.js'
import { keysOf } from '#app/access-log/checkpoint-file.js'
import { isSound, report } from '#app/access-log/report.js'
import { acceptRestore } from '#app/access-log/restore.js'
import { openDatabase } from '#app/database/door.js'
import { connected } from '../support/small-world.js'
import { emptyLog, type Log, writeRecord } from './sealed.js'

/** Four seals of three records, and one record that is not sealed yet. */
let begun: Log
let log: Log
beforeAll(async () => {
  begun = await emptyLog()
  for (let seal = 0; seal < 4; seal++) {
    await write(begun, 3)
    await begun.seal()
  }
  await write(begun, 1)
})
afterAll(() => begun.drop())
beforeEach(async () => {
  log = await begun.copy()
})
afterEach(() => log.drop())

async function write(where: Log, count: number) {
  const client = await connected(where.database.adminUrl)
  for (let n = 0; n < count; n++) await writeRecord(client)
  await client.end()
}
const file = () => join(log.folder, 'checkpoints.txt')
const lines = () => readFileSync(file(), 'utf8').trimEnd().split('\n')
const firstOf = ({ faults: { first } }: Awaited<ReturnType<Log['check']>>) => first[0]
const told = async (more = {}) => report(await log.check(more), { hasKeys: true, now: new Date() }).join('\n')
/** The same database as it is now, with the file as it will be. */
const setBack = async (from: Log, later: Log) => {
  for (const name of ['checkpoints.txt', 'keys.json']) copyFileSync(join(later.folder, name), join(from.folder, name))
  return from
}
const accept = (more = {}) => {
  const database = openDatabase(log.database.serverUrl, { connections: 1 })
  return acceptRestore({ database, folder: log.folder, key: log.key, now: () => new Date(), ...more }).finally(() =>
    database.$disconnect(),
  )
}
/** What an owner without the signing key can do best: leaves, roots and the chain of seals fit each other again, from this seal on. */
const sealAnew = (from: number) =>
  log.run(`DO $$
    DECLARE seal log_seal%ROWTYPE; before log_seal%ROWTYPE;
    BEGIN
      FOR seal IN SELECT * FROM log_seal WHERE number >= ${from} ORDER BY number LOOP
        SELECT * INTO before FROM log_seal WHERE number = seal.number - 1;
        seal.root := (SELECT merkle_root(array_agg(tree_leaf(log_leaf.hash, mac) ORDER BY place)) FROM log_leaf WHERE log_leaf.seal = seal.number);
        seal.size := (SELECT count(*) FROM log_leaf WHERE log_leaf.seal = seal.number);
        seal.records := coalesce(before.records, 0) + seal.size;
        seal.previous := coalesce(before.hash, decode(repeat('00', 32), 'hex'));
        seal.hash := seal_hash(seal);
        DELETE FROM log_seal WHERE number = seal.number;
        INSERT INTO log_seal SELECT seal.*;
      END LOOP;
    END $$`)
/** Takes a record out, and closes the gap. */
const takeOut = async (seal: number, place: number) => {
  const [{ id }] = await log.run('SELECT record_id AS id FROM log_leaf WHERE seal = $1 AND place = $2', seal, place)
  await log.run('DELETE FROM log_leaf WHERE record_id = $1', id)
  await log.run('DELETE FROM access_record WHERE id = $1', id)
  await log.run('UPDATE log_leaf SET place = place - 1 WHERE seal = $1 AND place > $2', seal, place)
}

test('each seal is signed in a line that names the one before; the newest covers all but what is younger', async () => {
  const read = await readerOf(await keysOf(log.folder))
  const said = await Promise.all(lines().map(read))
  expect(said.map((line) => [line?.kind, line?.seal, line?.records, line?.previous])).toEqual(
    [3, 6, 9, 12].map((records, n) => ['checkpoint', n + 1, records, n === 0 ? null : sha256(lines()[n - 1]!)]),
  )
  expect(await log.check()).toMatchObject({ records: 13, covered: 12, faults: { all: 0 } })
  expect(await told()).toContain('1 is younger, and under no checkpoint')
})

test('the file holds no secret, and nothing about anybody', () => {
  const all = readFileSync(file(), 'utf8') + readFileSync(join(log.folder, 'keys.json'), 'utf8')
  expect(all).not.toContain(JSON.parse(log.sealKey).d)
  expect(JSON.parse(readFileSync(join(log.folder, 'keys.json'), 'utf8')).keys.map(Object.keys)).toEqual([
    ['kty', 'crv', 'x', 'kid', 'alg', 'use'],
  ])
})

describe('whoever makes the log anew from the bottom up, without the key,', () => {
  test.each([1, 2, 4])('is found at seal %i, the first that is not the one that was signed', async (seal) => {
    await takeOut(seal, 2)
    await sealAnew(seal)
    expect(firstOf(await log.check())).toMatchObject({ seal, what: 'this seal is not the one that was signed' })
    await expect(log.seal()).rejects.toThrow(/is not the one that was signed/)
  })

  test('and cuts the file, is found by a checkpoint that somebody kept', async () => {
    const kept = [lines()[3]!]
    await takeOut(2, 2)
    await sealAnew(2)
    writeFileSync(file(), `${lines()[0]}\n`)
    expect(isSound(await log.check())).toBe(true)
    expect(firstOf(await log.check({ kept }))).toMatchObject({ seal: 4, what: expect.stringContaining('does not fit') })
    // The sealer cannot know; but for ever it says that it signed these long after they were made.
    await log.seal(undefined, { now: () => new Date(Date.now() + 3_600_000) })
    expect((await log.check()).story.late).toEqual({ seals: 4, first: 2 })
    expect(isSound(await log.check({ kept }))).toBe(false)
  })

  test('and signs with another key, is found by the keys that somebody kept', async () => {
    const kept = await readerOf(await keysOf(log.folder))
    await takeOut(2, 2)
    await sealAnew(1)
    rmSync(file())
    rmSync(join(log.folder, 'keys.json'))
    const other = (await loadSealKey({ sealKey: JSON.stringify(await newSealKey()) }))!
    await accept({ key: other })
    await log.seal(undefined, { key: other })
    expect(isSound(await log.check())).toBe(true)
    const verdict = await log.check({ read: kept })
    expect(verdict.faults.inFile[0]).toContain('line 1 of the checkpoints was signed with none of the keys')
  })
})

describe('a database that is set back', () => {
  test('is found by verification and by the sealer, which seals nothing until somebody accepts it', async () => {
    const before = await log.copy()
    await write(log, 5)
    await log.seal()
    await write(log, 5)
    await log.seal()
    const later = log
    log = await setBack(before, later)
    await later.drop()
    const verdict = await log.check()
    expect(firstOf(verdict)).toMatchObject({ seal: 5, what: expect.stringContaining('was signed and is not in the database') })
    expect(verdict.faults.all).toBe(2)
    const [{ seals }] = await log.run('SELECT count(*)::int AS seals FROM log_seal')
    for (let turn = 0; turn < 2; turn++)
      await expect(log.seal()).rejects.toThrow(/The database is older than the checkpoints: seal 6 was signed.*accept-restore/)
    expect(await log.run('SELECT count(*)::int AS seals FROM log_seal')).toEqual([{ seals }])

    expect(await accept()).toBe(
      'Accepted and signed: the database was set back from seal 6 to seal 4; sealed records given up: 11.',
    )
    await write(log, 2)
    expect(await log.seal()).toBe(1)
    expect(isSound(await log.check())).toBe(true)
    // For ever.
    expect(await told()).toContain(
      'it was accepted that the database was set back from seal 6 to seal 4: 11 sealed records given up.',
    )
    await expect(accept()).rejects.toThrow(/nothing to accept/)
  })

  test('and sealed anew up to where it was, does not go on either', async () => {
    const before = await log.copy()
    await write(log, 5)
    await log.seal()
    const later = log
    log = await setBack(before, later)
    await later.drop()
    await write(log, 5)
    await log.run('SELECT seal_log(10)')
    expect(firstOf(await log.check())).toMatchObject({ seal: 5, what: 'this seal is not the one that was signed' })
    await expect(log.seal()).rejects.toThrow(/Seal 5 of the database is not the one that was signed/)
    expect(await accept()).toContain('from seal 5 to seal 4')
    await log.seal()
    expect(isSound(await log.check())).toBe(true)
  })

  test('to before its first seal can be accepted too', async () => {
    await log.run('TRUNCATE log_seal, access_record CASCADE')
    await expect(log.seal()).rejects.toThrow(/and the database has none/)
    expect(await accept()).toContain('from seal 4 to seal 0; sealed records given up: 12')
    await write(log, 2)
    await log.seal()
    expect(await log.check()).toMatchObject({ records: 2, covered: 2, faults: { all: 0 } })
  })

  test('twice, each time accepted, is sound, and a checkpoint of what was given up is told to be that', async () => {
    for (const [count, sealed] of [
      [5, 5],
      [4, 5],
    ]) {
      const before = await log.copy()
      await write(log, count!)
      await log.seal()
      const later = log
      log = await setBack(before, later)
      await later.drop()
      expect(await accept()).toContain(`from seal ${sealed} to seal 4`)
    }
    const kept = [lines()[4]!, lines()[6]!, lines()[2]!]
    await write(log, 3)
    await log.seal()
    const verdict = await log.check({ kept })
    expect(verdict.faults.all).toBe(0)
    expect(verdict.kept.map((sentence) => /given up|fits/.exec(sentence)?.[0]).sort()).toEqual(['fits', 'given up', 'given up'])
  })

  test('without its folder: the sealer does not sign anew what was signed, until somebody says that the folder is lost', async () => {
    rmSync(file())
    expect(firstOf(await log.check())?.what).toContain('nothing confirms the seals')
    await expect(log.seal()).rejects.toThrow(/has seals up to 4, and there is no checkpoint at all/)
    expect(await accept()).toContain('the checkpoints begin at seal 4')
    await write(log, 2)
    await log.seal()
    expect(isSound(await log.check())).toBe(true)
    expect(await told()).toContain('it was accepted that the checkpoints begin at seal 4')
  })
})

describe('the file of checkpoints', () => {
  const found = async (pattern: RegExp) => {
    const verdict = await log.check()
    expect(isSound(verdict)).toBe(false)
    expect(verdict.faults.inFile.join('\n')).toMatch(pattern)
  }
  const rewrite = (change: (lines: string[]) => string[]) => writeFileSync(file(), `${change(lines()).join('\n')}\n`)

  test('does not lose a line unseen: the first, or one in the middle', async () => {
    const whole = lines()
    for (const line of [0, 1, 2]) {
      rewrite(() => whole.toSpliced(line, 1))
      await found(new RegExp(`line ${line + 1} of the checkpoints does not follow the one before it`))
    }
  })

  test('does not lose its last lines unseen by who kept one; the database has seals that are not signed then', async () => {
    const kept = [lines()[3]!]
    rewrite((all) => all.slice(0, 2))
    const verdict = await log.check({ kept })
    expect(verdict).toMatchObject({ records: 13, covered: 6 })
    expect(verdict.kept[0]).toContain('fits, although it is not in the file of checkpoints')
  })

  test('does not get a line changed, doubled, swapped or put in unseen', async () => {
    const whole = lines()
    const [one, two, three, four] = whole as [string, string, string, string]
    rewrite(() => [one, `${two.slice(0, -3)}AAA`, three, four])
    await found(/line 2 of the checkpoints was signed with none of the keys/)
    rewrite(() => [one, two, three, `${four.slice(0, -3)}AAA`])
    await found(/line 4 of the checkpoints was signed with none of the keys/)
    rewrite(() => [one, three, two, four])
    await found(/line 2 of the checkpoints does not follow/)
    rewrite(() => [one, two, one, two, three, four])
    await found(/line 3 of the checkpoints does not follow/)
    const other = (await loadSealKey({ sealKey: JSON.stringify(await newSealKey()) }))!
    const said = (await (await readerOf(await keysOf(log.folder)))(three))!
    rewrite(() => [one, two])
    appendFileSync(file(), `${await sign(other, { ...said, hash: '1'.repeat(64) } as never)}\n${four}\n`)
    await found(/line 3 of the checkpoints was signed with none of the keys/)
  })

  test('is not gone on with when its end cannot be believed, nor when a restore is to be accepted', async () => {
    const four = lines().map((line) => `${line.slice(0, -3)}AAA`)
    rewrite(() => four)
    await expect(log.seal()).rejects.toThrow(/was signed with none of the keys/)
    expect(lines()).toEqual(four)
    writeFileSync(
      file(),
      `${[lines()[0], ...readFileSync(join(begun.folder, 'checkpoints.txt'), 'utf8').trimEnd().split('\n').slice(1)].join('\n')}\n`,
    )
    await log.run('DELETE FROM log_seal WHERE number = 4')
    await expect(accept()).rejects.toThrow(/not as it was written, so nothing is accepted/)
  })

  test('that two wrote the same line to is sound: both said the same', async () => {
    const read = await readerOf(await keysOf(log.folder))
    const { kid: _, ...said } = (await read(lines()[3]!))!
    appendFileSync(file(), `${await sign(log.key, { ...said, signedAt: '2026-11-22T10:00:00.000Z' } as never)}\n`)
    expect((await log.check()).faults.inFile).toEqual([])
  })
})

describe('another key', () => {
  test('signs from then on; what the old one signed is still believed, and both keys are kept', async () => {
    const other = (await loadSealKey({ sealKey: JSON.stringify(await newSealKey()) }))!
    await log.seal(undefined, { key: other })
    expect(isSound(await log.check())).toBe(true)
    const keys = await keysOf(log.folder)
    expect(keys.map(({ kid }) => kid)).toEqual([log.key.kid, other.kid])
    expect((await log.check()).story.newest?.said.kid).toBe(other.kid)
    // With one of the two alone, the lines of the other are believed by nobody.
    for (const key of keys) expect(isSound(await log.check({ read: await readerOf([key]) }))).toBe(false)
    await write(log, 1)
    await log.seal()
    expect(isSound(await log.check())).toBe(true)
  })

  test('is called by its thumbprint, whatever it says it is called', async () => {
    const [key] = await keysOf(log.folder)
    expect(key!.kid).toBe(await calculateJwkThumbprint(key!))
    const { x } = JSON.parse(JSON.stringify(await newSealKey()))
    const read = await readerOf([{ ...key!, x }])
    expect(await read(lines()[0]!)).toBeUndefined()
  })

  test.each([
    ['no JSON', 'geheim'],
    ['a public key', '{"kty":"OKP","crv":"Ed25519","x":"geheim"}'],
    ['a key of another kind', '{"kty":"EC","crv":"P-256","x":"geheim","y":"geheim","d":"geheim"}'],
    ['half a key', '{"kty":"OKP","crv":"Ed25519","x":"geheim","d":"geheim"}'],
  ])('that is %s is refused without being repeated', async (_, sealKey) => {
    const fault = await loadSealKey({ sealKey }).catch((fault: Error) => fault)
    expect((fault as Error).message).toMatch(/^SEAL_KEY must be a private JWK of Ed25519/)
    expect((fault as Error).message).not.toContain('geheim')
  })
})
