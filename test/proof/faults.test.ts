// The tests are tested: each seeded fault is put into a copy of the project, and the suite has to find it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { FAULTS, type Fault } from './faults.js'
import { faultyCopy, ROOT } from './faulty-copy.js'

const isWhole = process.env.PROOF === 'whole'
const LONG = 3_600_000

test('there are at least forty faults, each with a sentence of its own', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(40)
  expect(new Set(FAULTS.map(({ fault }) => fault)).size).toBe(FAULTS.length)
})

test('each fault can still be made: what it replaces stands in its file exactly once', () => {
  const stale = FAULTS.filter(({ file, from }) => read(file).split(from).length !== 2)
  expect(stale.map(({ fault, file }) => `${fault} (${file})`)).toEqual([])
})

test('each fault names a test that is there', () => {
  const lost = FAULTS.filter((fault) => !existsSync(join(ROOT, fault.by)) || fault.title === '')
  expect(lost.map(({ fault, by, title }) => `${fault} (${by}: ${title})`)).toEqual([])
})

/** Of the many, the ordinary suite puts one in that costs little; which, SEED says. */
const CHEAP = FAULTS.filter(({ by }) => /^test\/(handoffs\/(steps|told)|decide\/(decide|seen)|consent\/consent)\.test/.test(by))
const SEED = Number(process.env.SEED ?? 7)
const seeded = isWhole ? FAULTS : [CHEAP[SEED % CHEAP.length]!]

describe('In a copy of the project', () => {
  const copy = faultyCopy(inject('cluster'))
  const begin = Date.now()
  let isSound = true
  let found = 0
  afterAll(() => {
    copy.remove()
    console.info(`${found} of ${seeded.length} seeded faults found, in ${Math.round((Date.now() - begin) / 1000)} s.`)
  })

  if (isWhole) {
    test('without a fault, the tests that are to find one pass', { timeout: LONG }, async () => {
      isSound = false
      const { broken, failed, passed } = await copy.suite({
        files: [...new Set(seeded.map(({ by }) => by))],
        titles: [...new Set(seeded.map(({ title }) => title))],
      })
      expect({ broken, failed }).toEqual({ broken: undefined, failed: [] })
      const lost = seeded.filter(({ title }) => !passed.some((fullName) => fullName.includes(title)))
      expect(lost.map(({ fault, by, title }) => `${fault} (${by} has no test called: ${title})`)).toEqual([])
      isSound = true
    })

    test('a change that does no harm is not found, and one that does not compile finds nothing', { timeout: LONG }, async () => {
      const { file, from, by, title } = FAULTS[0]!
      const chosen = { files: [by], titles: [title] }
      const harmless = await copy.suiteWith({ file, from, to: `${from} /* as it was */` }, chosen)
      expect(harmless).toEqual({ broken: undefined, failed: [], passed: [expect.stringContaining(title)] })
      const nonsense = await copy.suiteWith({ file, from, to: 'nonsense(' }, chosen)
      expect(nonsense).toMatchObject({ broken: expect.stringContaining('does not compile'), failed: [] })
    })
  }

  for (const fault of seeded)
    test(`${fault.fault}: found`, { timeout: LONG }, async () => {
      expect(isSound, 'these tests failed without a fault, so that they fail with one says nothing').toBe(true)
      const since = Date.now()
      const { failed, passed, broken } = await copy.suiteWith(fault, { files: [fault.by], titles: [fault.title] })
      console.info(row(fault, failed[0], Date.now() - since))
      expect(broken, 'something broke that is no test').toBeUndefined()
      expect(failed, `it survived ${passed.length} tests`).not.toEqual([])
      found++
    })
})

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

const row = ({ fault, file, by }: Fault, title: string | undefined, time: number) =>
  `${fault}\n    in ${file}\n    found by ${title ? `${by}: ${title}` : 'nothing'}\n    ${(time / 1000).toFixed(1)} s`
