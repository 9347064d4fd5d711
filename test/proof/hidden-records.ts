// Kinds of difference in what is kept beside it: lines of the log, codes and attempts at them, keys that make one thing of two requests, figures.
import { idOf, TODAY } from '../support/small-world.js'
import { COUNTED_YEAR } from './counted-year.js'
import { type HandOff, holdsCode, isOf, isPartner } from './facts.js'
import { changed, type Hiding, idsOf, type Kind, some } from './hiding.js'
import { coordinator, guide, NOBODY, officerOfDesk, PEOPLE, type Who } from './people.js'
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

/** Each with the column that names the record, in the order in which they refer to each other. */
const TABLES_OF_LOG = [
  ['access_record', 'id'],
  ['access_record_part', 'record_id'],
  ['access_record_actor', 'record_id'],
  ['processing_record', 'record_id'],
  ['log_leaf', 'record_id'],
] as const

const LOG_OF_OTHERS: Kind = {
  says: 'Others looked at something, or did not.',
  change: async (hiding) => {
    const { sql } = hiding
    const isRead = `EXISTS (SELECT FROM access_record_part p WHERE p.at = r.at AND p.record_id = r.id AND ${readsPart(hiding)})`
    const { rows } = await sql.query(`SELECT r.id FROM access_record r WHERE NOT ${isRead} ORDER BY r.at, r.id`)
    const ids = some(hiding, idsOf(rows))
    const half = Math.floor(ids.length / 2)
    const copied = ids.slice(half)
    for (const [table, key] of TABLES_OF_LOG.toReversed())
      await sql.query(`DELETE FROM ${table} WHERE ${key} = ANY ($1)`, [ids.slice(0, half)])
    for (const [table, key] of TABLES_OF_LOG)
      await sql.query(
        `INSERT INTO ${table} SELECT n.* FROM unnest($1::uuid[], $2::uuid[]) AS k (id, copy) JOIN ${table} t ON t.${key} = k.id
         CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('${key}', k.copy, 'at', t.at - interval '1 minute')) n`,
        [copied, copied.map((id) => idOf(`copy of ${id}`))],
      )
    // And what else was shown in the very operations that they do read about.
    const unread = `NOT (${readsPart(hiding)}) AND p.number % 2 = 0`
    await sql.query(
      `DELETE FROM processing_record d USING access_record_part p WHERE d.at = p.at AND d.record_id = p.record_id AND d.number = p.number AND ${unread}`,
    )
    await sql.query(`DELETE FROM access_record_part p WHERE ${unread}`)
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

const IDENTITY_ASKED_BY_OTHERS: Kind = {
  says: 'Others asked each other who is behind a pseudonym, and answered.',
  change: async ({ sql, who }) => {
    const others = PEOPLE.flatMap(({ organisation }) => organisation ?? []).filter(({ id }) => id !== who.organisation?.id)
    const { rows } = await sql.query(
      `INSERT INTO staff_identity_request (id, organisation_id, other_organisation_id, record_day, reason, asked_on, answer, answered_on)
       SELECT md5('asked by ' || o.id)::uuid, o.id, coalesce(lead(o.id) OVER (ORDER BY o.id), o.id), '${TODAY}', 'COMPLAINT', '${TODAY}', 'AGREED', '${TODAY}'
       FROM (SELECT DISTINCT id FROM unnest($1::uuid[]) id) o ON CONFLICT (id) DO UPDATE SET reason = 'DATA_BREACH' RETURNING id`,
      [idsOf(others)],
    )
    return idsOf(rows)
  },
  shownTo: () =>
    [officerOfDesk('a'), officerOfDesk('b')].map((who) => [
      who,
      { query: '{ staffIdentityRequests { id askedBy answeredBy reason state } }' },
    ]),
}

/* Codes, attempts at them, and keys that make one thing of two requests. */

const OTHER_CODES: Kind = {
  says: 'Other visitors have other codes.',
  change: (hiding) => {
    const { sql, who, facts } = hiding
    // That a visitor looked, and so had the right code, is in the log of the desk.
    const readsTheLog = (handOff: HandOff) => who.role === 'PRIVACY_OFFICER' && isOf(who, handOff) && !isPartner(who)
    // Whoever stands at the desk with the visitor hears the visitor's code.
    const heard = facts.handOffs.find(({ id }) => id === facts.stories.get(who.story ?? '')?.id)?.codeHash
    const hidden = facts.handOffs.filter((handOff) => handOff.codeHash !== (heard ?? '') && !readsTheLog(handOff))
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

/* Figures. */

const FIGURES_OF_HAND_OFFS: Kind = {
  says: 'Other partners were offered more, and what came of it was otherwise.',
  change: async ({ sql, who }) => {
    const readsAll = who.role === 'GUIDE' || who.role === 'COORDINATOR'
    const ownRow = who.role === 'HANDLER' ? `OR figure = 'OFFERED_BY_PARTNER' AND row_key = '${who.organisation!.id}'` : ''
    const reach = who.role === 'HANDLER' ? `OR figure LIKE 'CONTACTS%'` : ''
    const { rows } = await sql.query(
      `UPDATE figure_value SET value = coalesce(value, 90) + 11 WHERE NOT (${readsAll} ${ownRow} ${reach}) RETURNING figure AS id`,
    )
    return [...new Set(idsOf(rows))]
  },
  shownTo: () => [[guide('a'), { query: `{ figures(figure: OFFERED, period: "${COUNTED_YEAR}") { cells { value } } }` }]],
}

const COUNTED_AND_NOT_TOLD: Kind = {
  says: 'Goals of other werkcentra are others, and so is what was counted and nobody is told.',
  change: async ({ sql, who }) => {
    await sql.query('UPDATE figure_count SET count = count + 1 WHERE count < 10')
    const own = who.role === 'GUIDE' || who.role === 'COORDINATOR' ? `'${who.organisation!.id}'` : 'NULL'
    const { rows } = await sql.query(
      `UPDATE figure_goal SET target = target + 1 WHERE werkcentrum_id IS DISTINCT FROM ${own} RETURNING werkcentrum_id AS id`,
    )
    return idsOf(rows)
  },
  shownTo: () => [[coordinator('a'), { query: `{ figureGoals(year: ${COUNTED_YEAR}) { target } }` }]],
}

export const HIDDEN_RECORDS: readonly Kind[] = [
  FIGURES_OF_HAND_OFFS,
  COUNTED_AND_NOT_TOLD,
  WHICH_COLLEAGUE,
  IDENTITY_ASKED_BY_OTHERS,
  KEYS_OF_OTHERS,
  ATTEMPTS_OF_OTHERS,
  OTHER_CODES,
  LOG_OF_OTHERS,
]
