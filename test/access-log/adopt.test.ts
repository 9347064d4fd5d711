// Records of before there were leaves get one from the release step, once, so that the first seals cover them; afterwards a record without one is a fault.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isSound } from '#app/access-log/report.js'
import { release } from '#app/database/release.js'
import { KEYS } from '../support/keys.js'
import { arrangeSmallWorld } from '../support/small-world.js'
import { emptyLog, type Log } from './sealed.js'

let log: Log
beforeAll(async () => {
  log = await emptyLog()
  await arrangeSmallWorld(log.database)
  // As the versions before wrote it.
  await log.run('DELETE FROM log_leaf')
  await log.run('DELETE FROM processing_record')
  await log.run('UPDATE access_record SET trace_id = NULL, span_id = NULL, parent_span_id = NULL')
})
afterAll(() => log.drop())

test('each gets the leaf that its rows are the hash of, by the key ring, and says how many', async () => {
  const [{ records }] = await log.run('SELECT count(*)::int AS records FROM access_record')
  expect(await release({ ...log.database, keys: KEYS })).toContain(
    `Gave ${records} records of the log that were written before there were seals their leaf.`,
  )
  expect(await log.run('SELECT count(*)::int AS records FROM log_leaf')).toEqual([{ records }])
  expect(await log.check()).toMatchObject({ records, covered: 0, faults: { all: 0 } })
  await log.seal()
  expect(await log.check()).toMatchObject({ records, covered: records, faults: { all: 0 } })
})

test('once there is a seal, a record without a leaf is left for who verifies', async () => {
  await log.run('DELETE FROM log_leaf WHERE place = 5')
  expect((await release({ ...log.database, keys: KEYS })).join()).not.toContain('their leaf')
  expect(isSound(await log.check())).toBe(false)
})
