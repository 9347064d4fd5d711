// Kinds of difference in what is kept beside it: lines of the log, codes and attempts at them, and keys that make one thing of two requests.
import { idOf, TODAY } from '../support/small-world.js'
import { type HandOff, holdsCode, isOf, isPartner } from './facts.js'
import { changed, type Hiding, idsOf, type Kind, some } from './hiding.js'
import { guide, NOBODY, officerOfDesk, PEOPLE, type Who } from './people.js'
import { LOG_AGAIN } from './twin-story.js'

/* The log. */

/** The parts `p` of the log that somebody reads, in SQL. */
function readsPart({ who, facts }: Hiding): string {
  const own = `'${who.organisation?.id}'`
  const codes = facts.handOffs.filter((handOff) => holdsCode(who, handOff, facts)).map(({ id }) => `'${id}'::uuid`)
  if (who.role === 'CODE_HOLDER') return `p.acting_organisation_id IS NOT NULL AND p.hand_offs && ARRAY[${codes}]`
  if (who.role !== 'PRIVACY_OFFICER') return 'false'
  if (isPartner(who)) return `p.partner_id = ${own} AND p.acting_organisation_id = ${own} AND NOT p.confidential`
  return `p.werkcentrum_id = ${own} AND NOT p.confidential`
}
const askLog = (people: readonly Who[]): [Who, { query: string }][] =>
  people.map((who) => [
    who,
    {
      query: `{ accessLog(first: 50, until: "${TODAY}T10:30:00Z") { edges { node { id at operation role actor objects { reference categories { category shown } } } } } }`,
    },
  ])

/** Everything that is kept about one operation, whatever tables that takes: they have its instant and its id. */
async function logTables({ sql }: Hiding): Promise<{ table: string; key: string }[]> {
  const { rows } = await sql.query(
    `SELECT table_name AS "table" FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'record_id' ORDER BY 1`,
  )
  return [{ table: 'access_record', key: 'id' }, ...rows.map(({ table }) => ({ table, key: 'record_id' }))]
}

const LOG_OF_OTHERS: Kind = {
  says: 'Others looked at something, or did not.',
  change: async (hiding) => {
    const { sql } = hiding
    const isRead = `EXISTS (SELECT FROM access_record_part p WHERE p.at = r.at AND p.record_id = r.id AND ${readsPart(hiding)})`
    const { rows } = await sql.query(`SELECT r.id FROM access_record r WHERE NOT ${isRead} ORDER BY r.at, r.id`)
    const ids = some(hiding, idsOf(rows))
    const [gone, copied] = [ids.slice(0, ids.length >> 1), ids.slice(ids.length >> 1)]
    // In any order of the tables.
    await sql.query('SET session_replication_role = replica')
    for (const { table, key } of await logTables(hiding)) {
      await sql.query(`DELETE FROM ${table} WHERE ${key} = ANY ($1)`, [gone])
      await sql.query(
        `INSERT INTO ${table} SELECT n.* FROM unnest($1::uuid[], $2::uuid[]) AS k (id, copy) JOIN ${table} t ON t.${key} = k.id
         CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('${key}', k.copy, 'at', t.at - interval '1 minute')) n`,
        [copied, copied.map((id) => idOf(`copy of ${id}`))],
      )
    }
    // And what else was shown in the very operations that they do read about.
    await sql.query(`DELETE FROM access_record_part p WHERE NOT (${readsPart(hiding)}) AND p.number % 2 = 0`)
    await sql.query('SET session_replication_role = origin')
    return ids
  },
  shownTo: () => askLog([officerOfDesk('a'), officerOfDesk('b')]),
}

const WHICH_COLLEAGUE: Kind = {
  says: 'Another colleague of another organisation looked.',
  change: async ({ sql, who }) => {
    const own = who.role === 'PRIVACY_OFFICER' ? `'${who.organisation!.id}'` : 'NULL'
    const { rows } = await sql.query(
      `UPDATE access_record_actor SET pseudonym = 'k1:another' WHERE organisation_id IS DISTINCT FROM ${own} RETURNING record_id AS id`,
    )
    return idsOf(rows)
  },
  shownTo: () => askLog([officerOfDesk('a')]),
}

/* Codes, attempts at them, and keys that make one thing of two requests. */

const OTHER_CODES: Kind = {
  says: 'Other visitors have other codes.',
  change: (hiding) => {
    const { sql, who, facts } = hiding
    // That a visitor looked, and so had the right code, is in the log of the desk.
    const readsTheLog = (handOff: HandOff) => who.role === 'PRIVACY_OFFICER' && isOf(who, handOff) && !isPartner(who)
    const own = facts.stories.get(who.story ?? '')?.id
    const hidden = facts.handOffs.filter(
      (handOff) => handOff.id !== own && !holdsCode(who, handOff, facts) && !readsTheLog(handOff),
    )
    return changed(
      sql,
      `UPDATE follow_up_code SET hash = hash || 'x', expires_on = '2026-12-01' WHERE hand_off_id = ANY ($1) RETURNING hand_off_id AS id`,
      idsOf(some(hiding, hidden)),
    )
  },
  shownTo: ({ stories }, ids) =>
    [...stories.values()]
      .filter(({ id }) => ids.includes(id))
      .slice(0, 3)
      .map(({ code }) => [NOBODY, { query: `{ followUp(code: "${code}") { status } }` }]),
}

const ATTEMPTS_OF_OTHERS: Kind = {
  says: 'Others tried wrong codes.',
  change: async ({ sql, who }) => {
    const others = PEOPLE.flatMap(({ organisation }) => organisation ?? []).filter(({ id }) => id !== who.organisation?.id)
    const sources = others.map(({ id }) => `organisation ${id}`)
    await sql.query(
      `INSERT INTO code_attempt SELECT s, 1000, now() FROM unnest($1::text[]) s GROUP BY s ON CONFLICT (source) DO UPDATE SET level = 1000, at = now()`,
      [[...sources, 'network somebody']],
    )
    return sources
  },
  shownTo: ({ stories }) => {
    const story = [...stories.values()].find(({ desk }) => desk === 'a')!
    const consent = 'categories: [question], askedForHelp: true, inOwnInterest: true, refusalIsFree: true'
    const input = `handOffId: "${story.id}", followUpCode: "00000-00000-0000", consent: { ${consent} }`
    return [[guide('a'), { query: `mutation { giveConsent(input: { ${input} }) { id } }` }]]
  },
}

const KEYS_OF_OTHERS: Kind = {
  says: 'Others used a key for something else.',
  change: async ({ sql, who }) => {
    const own = who.role === 'GUIDE' ? `'${who.organisation!.id}'` : 'NULL'
    const { rows } = await sql.query(
      `UPDATE idempotency_key SET body_hash = 'k1:other' WHERE organisation_id IS DISTINCT FROM ${own} RETURNING reference AS id`,
    )
    return idsOf(rows)
  },
  shownTo: () => [[guide('a'), LOG_AGAIN]],
}

export const HIDDEN_RECORDS: readonly Kind[] = [WHICH_COLLEAGUE, KEYS_OF_OTHERS, ATTEMPTS_OF_OTHERS, OTHER_CODES, LOG_OF_OTHERS]
