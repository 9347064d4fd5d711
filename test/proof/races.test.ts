// What is withdrawn, narrowed, erased or suspended at one of two server processes is closed at both for every read that begins after the
// acknowledgement, and the log never says that it was shown (design 3: on the next read, not later; invariants 5, 6 and 20).
//
// In the suite a few dozen races; `npm run races` runs ten thousand. SEED=... for others; which read meets which closing is never the same twice.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chanceFrom } from '#app/demo/chance.js'
import { demoId } from '#app/demo/ids.js'
import { agreementKey } from '#app/demo/organisations.js'
import { type Processes, startProcesses } from '../support/processes.js'
import { connected } from '../support/small-world.js'
import { mayHoldSensitive, type Open, type Place, putOpenHandOffs } from './open-hand-offs.js'
import { askingOf, CLOSINGS, type Race, READERS, type Read, run, suspending } from './race.js'

const WHOLE = process.env.PROOF === 'whole'
const SEED = process.env.SEED ?? '1'
const RACES = WHOLE ? 10_000 : 40
/** A quarter of the races suspends: so many at each of four pairs of organisations. */
const SUSPENSIONS = Math.floor(RACES / 16)
const LANES = 4

const AMERSFOORT = 'werkcentrum-amersfoort'
const DESK_SIDE = ['privacy-amersfoort', 'signatory-amersfoort']
const SUSPENDED: readonly (Place & { by: readonly string[] })[] = [
  { desk: AMERSFOORT, partner: 'wsp-amersfoort', by: DESK_SIDE },
  { desk: AMERSFOORT, partner: 'lwl-amersfoort', by: DESK_SIDE },
  { desk: AMERSFOORT, partner: 'rmt-amersfoort', by: DESK_SIDE },
  { desk: 'werkcentrum-gooi', partner: 'uwv-amersfoort', by: ['privacy-uwv', 'signatory-uwv'] },
]

type Suspended = { place: Place; by: readonly string[]; open: Open[] }

let two: Processes
let ask: ReturnType<typeof askingOf>
const chance = chanceFrom(`races ${SEED}`)
const reads: (Read & { closing: string })[] = []
const closings = new Map<string, number>()
/** One that shows what was closed is enough: the others need not be run any more. */
let isLost = false

beforeAll(async () => {
  two = await startProcesses(2, { TRUST_PROXY: '1', DATABASE_CONNECTIONS: '16' })
  ask = askingOf(two)
})
afterAll(() => two.stop(), 60_000)

/** Before, everything was open that is closed: otherwise the race was none. After, nothing of it is. */
function check({ open, closing }: Race, read: Read): void {
  const told = (what: string) =>
    `${closing.says}: ${read.by} ${what} ${read.shown.join(', ') || 'nothing'}, in a read that began ${read.phase} the acknowledgement (SEED=${SEED}, hand-off ${open.id}, ${open.kind})`
  const shown = closing.closes.filter((category) => read.shown.includes(category))
  if (read.phase === 'after' && shown.length > 0) throw new Error(told('was shown'))
  if (read.phase !== 'before') return
  const readable: Record<string, readonly string[]> = {
    'the partner, in detail': ['logistics', 'routing', 'question', 'situation', ...(mayHoldSensitive(open) ? ['sensitive'] : [])],
    'the partner, in its list': ['logistics', 'question'],
    'the desk, its outcome': ['outcome'],
    'the visitor, with the code': [
      'routing',
      'question',
      'situation',
      'outcome',
      'own routing',
      'own question',
      'own situation',
      'own nextStep',
    ],
  }
  if (!readable[read.by]!.every((category) => read.shown.includes(category)))
    throw new Error(told('should have seen everything, and saw'))
}

async function race(each: Race): Promise<void> {
  if (isLost) return
  try {
    for (const read of await run(ask, each, chance.part)) {
      reads.push({ ...read, closing: each.closing.says })
      check(each, read)
    }
    closings.set(each.closing.says, (closings.get(each.closing.says) ?? 0) + 1)
  } catch (fault) {
    isLost = true
    throw fault
  }
}

/** Of what kind of hand-off a closing is raced: a code follows its question to the reserve, and the desk hears an outcome. */
function racesOf(accepted: Open[], completed: Open[], forwarded: Open[], count: number): Race[] {
  return Array.from({ length: count }, (_, n) => {
    const closing = CLOSINGS[n % CLOSINGS.length]!
    const byCode = closing.says.endsWith('code')
    const from =
      n % 5 === 4 && !closing.says.startsWith('stopped') && closing.says !== 'narrowed with the code'
        ? completed
        : byCode && n % 3 === 0
          ? forwarded
          : accepted
    const open = from.pop()!
    return { open, closing, readers: READERS[open.kind] }
  })
}

test(`of ${RACES} closings raced against reads at two servers, none is seen through by a read that began after it`, async () => {
  const { sql } = two
  const consents = RACES - SUSPENSIONS * SUSPENDED.length
  const uwv = { desk: AMERSFOORT, partner: 'uwv-amersfoort' }
  const todo = racesOf(
    await putOpenHandOffs(sql, uwv, 'accepted', consents),
    await putOpenHandOffs(sql, uwv, 'completed', Math.ceil(consents / 3)),
    await putOpenHandOffs(sql, { ...uwv, partner: 'gemeente-amersfoort' }, 'forwarded', Math.ceil(consents / 2)),
    consents,
  )
  const consentLane = async () => {
    for (let next = todo.pop(); next; next = todo.pop()) await race(next)
  }
  const suspensionLane = async ({ place, by, open }: Suspended) => {
    const closing = suspending(agreementKey(place.desk, place.partner), by)
    const signatories = await connected(two.adminUrl)
    for (let n = 0; n < SUSPENSIONS; n++) {
      const one = open[n % open.length]!
      // The visitor's page does not hang on the agreement.
      await race({ open: one, closing, readers: READERS[one.kind].filter(({ logged }) => logged) })
      // Both sides sign anew.
      await signatories.query(`UPDATE agreement SET state = 'ACTIVE' WHERE id = $1`, [
        demoId(agreementKey(place.desk, place.partner)),
      ])
    }
    await signatories.end()
  }
  const suspended: Suspended[] = []
  for (const { by, ...place } of SUSPENDED)
    suspended.push({
      by,
      place,
      open: [...(await putOpenHandOffs(sql, place, 'accepted', 20)), ...(await putOpenHandOffs(sql, place, 'completed', 5))],
    })
  const lanes = await Promise.allSettled([...Array.from({ length: LANES }, consentLane), ...suspended.map(suspensionLane)])
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason

  expect([...closings.values()].reduce((sum, n) => sum + n, 0)).toBe(RACES)
  expect(reads.filter(({ phase }) => phase === 'after').length).toBeGreaterThanOrEqual(2 * RACES)
  console.info(table())
}, 3_600_000)

test('the log says of every read exactly what it showed: so of no read that began after a closing that it showed what was closed', async () => {
  const { rows } = await two.sql.query(
    `SELECT o ->> 'reference' AS "handOff", r.role, r.operation, c AS category, count(*)::int AS times
     FROM access_record r JOIN access_record_part p ON p.at = r.at AND p.record_id = r.id CROSS JOIN LATERAL jsonb_array_elements(p.objects) o
       CROSS JOIN LATERAL jsonb_object_keys(o -> 'shown') c
     WHERE r.operation IN ('handOff', 'handOffs') AND r.role IN ('HANDLER', 'GUIDE') AND c <> 'reference' GROUP BY 1, 2, 3, 4`,
  )
  const key = (...words: string[]) => words.join(' ')
  const logged = new Map(
    rows.map(({ handOff, role, operation, category, times }) => [key(handOff, role, operation, category), times]),
  )
  const shown = new Map<string, number>()
  for (const read of reads)
    for (const category of read.logged ? read.shown : []) {
      const { role, operation } = read.logged!
      const name = key(read.handOff, role, operation, category)
      shown.set(name, (shown.get(name) ?? 0) + 1)
    }
  expect(shown.size).toBeGreaterThan(0)
  const different = [...new Set([...logged.keys(), ...shown.keys()])].filter((name) => logged.get(name) !== shown.get(name))
  expect(different.map((name) => `${name}: logged ${logged.get(name) ?? 0} times, shown ${shown.get(name) ?? 0} times`)).toEqual(
    [],
  )
})

function table(): string {
  const lines = [...closings].map(([says, count]) => {
    const of = (phase: Read['phase']) =>
      String(reads.filter((read) => read.closing === says && read.phase === phase).length).padStart(7)
    return `${says.padEnd(26)} ${String(count).padStart(6)} ${of('before')} ${of('during')} ${of('after')}`
  })
  return [
    `seed ${SEED}: ${RACES} closings at two servers`,
    'how                          times  before  during   after (reads begun)',
    ...lines,
  ].join('\n')
}
