// An older backup is put back: what was withdrawn and erased stays so, and what faded fades again.
import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fade } from '#app/anonymity/fade.js'
import { FILE, putAway, readPutAway } from '#app/anonymity/put-away.js'
import { narrow } from '#app/consent/record-consent.js'
import { logContact } from '#app/contacts/contacts.js'
import { eraseByCode } from '#app/follow-up/by-code.js'
import { codeHolder } from '#app/follow-up/follow-up.js'
import { findHandOff, findHandOffOfCode } from '#app/handoffs/handoffs.js'
import { offerHandOff } from '#app/handoffs/offer.js'
import { perform } from '#app/operations/perform.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'
import { KEY_RING, KEYS } from '../support/keys.js'
import {
  arrangeOrganisations,
  connected,
  consentTo,
  guideOf,
  idOf,
  PARTNERS,
  serverDatabase,
  worldAt,
} from '../support/small-world.js'

const CHECK = fileURLToPath(new URL('../../dist/anonymity/restore-check.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wo-restore-'))
const file = join(folder, FILE)

let source: TestDatabase
let backup: TestDatabase
let admin: Client
const ids: Record<'withdrawn' | 'shortened' | 'erased' | 'narrowed' | 'untouched' | 'later', string> = {
  withdrawn: '',
  erased: '',
  narrowed: '',
  untouched: '',
  shortened: '',
  later: '',
}

/** Works on this database as its server would, and leaves it, so that it can be copied. */
async function on<T>(
  database: TestDatabase,
  work: (world: ReturnType<typeof worldAt>, offer: (day: string) => Promise<{ id: string; code: string }>) => Promise<T>,
) {
  const server = serverDatabase(database.serverUrl)
  let now = new Date('2026-11-21T10:00:00Z')
  // Ids that are drawn, not counted: two worlds on one database make different ones.
  const world = { ...worldAt(server, () => now), newId: () => crypto.randomUUID() }
  const offer = async (day: string) => {
    now = new Date(`${day}T10:00:00Z`)
    const contact = await perform(world, guideOf('a'), 'logContact', (act) =>
      logContact(act, {
        deskId: idOf('desk a'),
        channel: 'WALK_IN',
        visitorKind: 'JOB_SEEKER',
        origin: null,
        journey: 'WORK_TO_WORK',
        themes: ['FIND_WORK'],
        situation: { work: 'AT_RISK', benefit: 'WW', age: 'A27_54', education: 'SECONDARY', languageHelp: 'NO' },
        result: 'HANDED_OFF',
        note: null,
        idempotencyKey: null,
      }),
    )
    const { handOff, followUpCode } = await perform(world, guideOf('a'), 'offerHandOff', (act) =>
      offerHandOff(act, {
        contactId: contact.id,
        partnerId: PARTNERS.UWV,
        nextStep: { kind: 'VISITOR_COMES', day: null, dayPart: null },
        consent: consentTo(['routing', 'question', 'situation', 'outcome']),
        sensitive: [],
        note: null,
        idempotencyKey: null,
      }),
    )
    now = new Date('2026-11-21T10:00:00Z')
    return { id: handOff.id, code: followUpCode! }
  }
  try {
    return await work(world, offer)
  } finally {
    await server.$disconnect()
  }
}

/** How many lines the first writing wrote, and the second. */
let written: number[] = []

beforeAll(async () => {
  source = await freshDatabase()
  const arranging = await connected(source.adminUrl)
  await arrangeOrganisations(arranging)
  await arranging.end()
  let code = ''
  await on(source, async (_, offer) => {
    for (const name of ['withdrawn', 'shortened', 'narrowed', 'untouched'] as const) ids[name] = (await offer('2026-11-20')).id
    const erased = await offer('2026-11-20')
    ids.erased = erased.id
    code = erased.code
    await offer('2026-05-06')
  })
  backup = await freshDatabase(source)
  await on(source, async (world, offer) => {
    await perform(world, guideOf('a'), 'withdrawConsent', async (act) => {
      await findHandOff(act, ids.withdrawn)
      await narrow(act, ids.withdrawn, [])
    })
    await perform(world, guideOf('a'), 'narrowConsent', async (act) => {
      await findHandOff(act, ids.narrowed)
      await narrow(act, ids.narrowed, ['question'])
    })
    await perform(world, guideOf('a'), 'narrowConsent', async (act) => {
      await findHandOff(act, ids.shortened)
      await narrow(act, ids.shortened, null, { until: '2026-12-12' })
    })
    await perform(world, codeHolder(world, code), 'eraseByCode', async (act) => eraseByCode(act, (await findHandOffOfCode(act))!))
    ids.later = (await offer('2026-11-21')).id
    await perform(world, guideOf('a'), 'withdrawConsent', async (act) => {
      await findHandOff(act, ids.later)
      await narrow(act, ids.later, [])
    })
    await fade(world, { rest: 0 })
    written = [
      await putAway({ database: world.database, keys: KEYS }, folder),
      await putAway({ database: world.database, keys: KEYS }, folder),
    ]
  })
  admin = await connected(backup.adminUrl)
})
afterAll(async () => {
  await admin?.end()
  await backup?.drop()
  await source?.drop()
  rmSync(folder, { recursive: true, force: true })
})

function check(keyRing: string = KEY_RING): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [CHECK, file], {
    env: { PATH: process.env.PATH, DATABASE_OWNER_URL: backup.ownerUrl, KEY_RING: keyRing },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, said })))
}
const consented = async (id: string) =>
  (await admin.query('SELECT change, categories FROM consent WHERE hand_off_id = $1 ORDER BY version DESC LIMIT 1', [id])).rows[0]
const context = async (id: string) => {
  const found = []
  for (const table of ['routing', 'question', 'next_step', 'situation'])
    if ((await admin.query(`SELECT 1 FROM hand_off_${table} WHERE hand_off_id = $1`, [id])).rowCount) found.push(table)
  return found
}

test('what is kept outside names no hand-off and no day', () => {
  expect(written).toEqual([expect.toSatisfy((lines: number) => lines > 5), 0])
  const text = readFileSync(file, 'utf8')
  for (const id of Object.values(ids)) expect(text).not.toContain(id)
  // But for the end that the visitor chose.
  expect(text.match(/20\d\d-\d\d-\d\d/g)).toEqual(['2026-12-12'])
  expect(new Set(readPutAway(text, file).map(({ kind }) => kind))).toEqual(new Set(['NARROWED', 'WITHDRAWN', 'ERASED']))
})

test('a line that a crash cut off is passed over, and a line of something else is not', () => {
  expect(readPutAway('\n{"handOff":"k1:abc', 'x')).toEqual([])
  expect(() => readPutAway('{"name": "Jan"}', 'x')).toThrow('x, line 1: this is no line of a withdrawal.')
})

test('a copy that does not let go is not ready, and the check says so', async () => {
  await admin.query(`CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER keep BEFORE DELETE ON hand_off_routing FOR EACH ROW EXECUTE FUNCTION keep()`)
  const { code, said } = await check()
  expect(said).toContain('NOT READY: 1 rows are still there.')
  expect(code).toBe(1)
  await admin.query('DROP FUNCTION keep CASCADE')
})

test('with a ring that lacks the key nothing is found, and that is said', async () => {
  const other = JSON.stringify({ current: 'k9', keys: { k9: Buffer.alloc(32, 9).toString('base64url') } })
  expect(await check(other)).toMatchObject({ code: 1, said: expect.stringContaining('which are not in KEY_RING') })
})

test('the backup that was put back is withdrawn, narrowed, erased and faded again; and no more than that', async () => {
  const { code, said } = await check()
  expect(said).toContain('Nothing is left: this copy can be used.')
  expect(code).toBe(0)
  expect(await consented(ids.withdrawn)).toEqual({ change: 'WITHDRAWN', categories: [] })
  expect(await consented(ids.narrowed)).toEqual({ change: 'NARROWED', categories: ['question'] })
  expect(await consented(ids.untouched)).toMatchObject({ change: 'GIVEN' })
  const [shortened] = (
    await admin.query('SELECT max(expires_on)::text AS until FROM consent WHERE hand_off_id = $1 AND version = 2', [
      ids.shortened,
    ])
  ).rows
  expect(shortened).toEqual({ until: '2026-12-12' })
  expect(await context(ids.erased)).toEqual([])
  expect(await context(ids.untouched)).toEqual(['routing', 'question', 'next_step', 'situation'])
  expect(said).toContain('1 are about hand-offs that are not in this copy')
  const { rows } = await admin.query(`SELECT day_precision, count(*)::int AS n FROM visitor_contact GROUP BY 1 ORDER BY 1`)
  expect(rows).toEqual([
    { day_precision: 'DAY', n: 5 },
    { day_precision: 'QUARTER', n: 1 },
  ])
})

test('a second time there is nothing to do, also with every line there twice', async () => {
  appendFileSync(file, readFileSync(file, 'utf8'))
  const { code, said } = await check()
  expect(said).toMatch(/is so again: 0 rows/)
  expect(said).toContain('Faded again: nothing was due.')
  expect(code).toBe(0)
})
