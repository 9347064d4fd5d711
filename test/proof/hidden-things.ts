// Kinds of difference in what there is at all: hand-offs, contacts, agreements, lines of the log, codes and attempts of others.
import { idOf, TODAY } from '../support/small-world.js'
import { type HandOff, holdsCode, isOf } from './facts.js'
import { askHandOff, changed, type Hiding, idsOf, type Kind, next, some, unknownTo } from './hiding.js'
import { guide, handler, officerOfDesk, signatoryOf, type Who } from './people.js'
import type { Body } from './side.js'

/* Whole hand-offs. */

const HANGS_ON_IT = [
  ...[
    'hand_off_origin',
    'hand_off_logistics',
    'hand_off_next_step',
    'hand_off_routing',
    'hand_off_question',
    'hand_off_situation',
  ],
  ...[
    'hand_off_sensitive',
    'hand_off_note',
    'hand_off_remark',
    'hand_off_outcome',
    'hand_off_staff',
    'hand_off_view',
    'hand_off_event',
    'warm_call',
    'consent',
  ],
  ...['context_due', 'follow_up_code'],
]
const OWN_COLUMNS = `werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, heard_by_desk, reason,
  message_to_visitor, answer_due_on, first_contact_on, guide_voice, visitor_voice, steps, consent_locks, consent_until`

/** Of some a copy stands beside it; others are gone, with everything that hangs on them. */
async function comeAndGo(hiding: Hiding, handOffs: readonly HandOff[]): Promise<string[]> {
  const { sql, chance } = hiding
  const [come, go]: [string[], string[]] = [[], []]
  // That there is none at all is another world too.
  const allGo = chance.part() < 0.4
  for (const { id } of allGo ? handOffs : some(hiding, handOffs)) (!allGo && chance.part() < 0.5 ? come : go).push(id)
  const copies = come.map((id) => idOf(`copy of ${id}`))
  // The hash is that of no code.
  const changes = `jsonb_build_object('id', k.copy, 'hand_off_id', k.copy, 'recognition_code', 'koe-' || left(k.copy::text, 8) || '-42', 'hash', 'k1:' || k.copy)`
  const from = (table: string, key: string) =>
    `FROM unnest($1::uuid[], $2::uuid[]) AS k (id, copy) JOIN ${table} t ON t.${key} = k.id CROSS JOIN LATERAL jsonb_populate_record(t, ${changes}) n`
  await sql.query(
    `INSERT INTO hand_off (${OWN_COLUMNS}) SELECT ${OWN_COLUMNS.replace(/(\w+)/g, 'n.$1')} ${from('hand_off', 'id')}`,
    [come, copies],
  )
  for (const table of HANGS_ON_IT)
    await sql.query(`INSERT INTO ${table} SELECT n.* ${from(table, 'hand_off_id')} ON CONFLICT DO NOTHING`, [come, copies])
  const { rows } = await sql.query(
    'SELECT h.id FROM hand_off h WHERE h.id = ANY ($1) AND NOT EXISTS (SELECT FROM hand_off_origin o WHERE o.forwarded_from = h.id)',
    [go],
  )
  const gone = idsOf(rows)
  for (const table of HANGS_ON_IT) await sql.query(`DELETE FROM ${table} WHERE hand_off_id = ANY ($1)`, [gone])
  await sql.query('DELETE FROM hand_off WHERE id = ANY ($1)', [gone])
  return [...copies, ...gone].sort()
}

const toGuides: Kind['shownTo'] = (_facts, ids) =>
  (['a', 'b'] as const).flatMap((desk) => ids.slice(0, 4).map((id): [Who, Body] => [guide(desk), askHandOff(id, 'state')]))

const TO_UNIONS: Kind = {
  says: 'There is another hand-off to a union, or one less.',
  change: (hiding) =>
    comeAndGo(
      hiding,
      unknownTo(hiding).filter(({ kind }) => kind === 'UNION'),
    ),
  shownTo: toGuides,
}

const OUT_OF_SIGHT: Kind = {
  says: 'There is another hand-off that is out of sight, or one less.',
  change: (hiding) =>
    comeAndGo(
      hiding,
      unknownTo(hiding).filter(({ kind }) => kind !== 'UNION'),
    ),
  shownTo: toGuides,
}

/* Contacts: of the own desk, on their own day. */

const readsContact = (who: Who, { desk, day }: { desk: string; day: string }) =>
  who.role === 'GUIDE' && who.organisation?.id === desk && day === TODAY
/** That there is one is in the log of the desk, from the moment that somebody looks. */
const countsContact = (who: Who, { desk, day }: { desk: string; day: string }) =>
  who.role === 'PRIVACY_OFFICER' && who.organisation?.id === desk && day === TODAY

const askContacts: Kind['shownTo'] = () =>
  (['a', 'b'] as const).map((desk) => [
    guide(desk),
    {
      query:
        '{ contacts(first: 50) { edges { node { id result channel routing { origin } question { themes } situation { work } } } } }',
    },
  ])

const CONTACT_SAYS_OTHERWISE: Kind = {
  says: 'A conversation was about something else.',
  change: async (hiding) => {
    const { sql, facts, who } = hiding
    const ids = idsOf(
      some(
        hiding,
        facts.contacts.filter((contact) => !readsContact(who, contact)),
      ),
    )
    await changed(
      sql,
      `UPDATE visitor_contact SET ${next('channel', ['WALK_IN', 'PHONE'])}, result = 'BROKEN_OFF' WHERE id = ANY ($1) RETURNING id`,
      ids,
    )
    for (const set of [
      `visitor_contact_routing SET origin = CASE WHEN origin IS NULL THEN 'GM0344' END`,
      `visitor_contact_question SET themes = '{OTHER}', journey = NULL`,
      `visitor_contact_situation SET ${next('age', ['U16', 'A27_54'])}, ${next('work', ['NONE', 'EMPLOYED'])}`,
    ])
      await sql.query(`UPDATE ${set} WHERE contact_id = ANY ($1)`, [ids])
    return ids
  },
  shownTo: askContacts,
}

const CONTACTS_OF_OTHERS: Kind = {
  says: 'There was another conversation, or one was taken back.',
  change: async (hiding) => {
    const { sql, facts, who } = hiding
    const hidden = facts.contacts.filter((contact) => !readsContact(who, contact) && !countsContact(who, contact))
    const ids = idsOf(some(hiding, hidden))
    const copied = ids.slice(0, 5)
    for (const [table, key] of [
      ['visitor_contact', 'id'],
      ...['routing', 'question', 'situation', 'note', 'reference'].map((part) => [`visitor_contact_${part}`, 'contact_id']),
    ])
      await sql.query(
        `INSERT INTO ${table} SELECT n.* FROM unnest($1::uuid[], $2::uuid[]) AS k (id, copy) JOIN ${table} t ON t.${key} = k.id
         CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('${key}', k.copy, 'reference', k.copy)) n`,
        [copied, copied.map((id) => idOf(`copy of ${id}`))],
      )
    return changed(sql, 'UPDATE visitor_contact SET voided = true WHERE id = ANY ($1) RETURNING id', ids.slice(5))
  },
  shownTo: askContacts,
}

const FROM_ANOTHER_CONVERSATION: Kind = {
  says: 'It came from another conversation, or nobody knows any more from which.',
  change: (hiding) => {
    const { who, facts } = hiding
    const hidden = facts.handOffs.filter(
      (handOff) => !(who.role === 'GUIDE' && isOf(who, handOff)) && !holdsCode(who, handOff, facts),
    )
    return changed(
      hiding.sql,
      `UPDATE hand_off_origin o SET contact_id = CASE WHEN o.contact_id IS NULL
         THEN (SELECT c.id FROM visitor_contact c WHERE c.werkcentrum_id = o.werkcentrum_id ORDER BY c.id LIMIT 1) END
       WHERE o.hand_off_id = ANY ($1) RETURNING o.hand_off_id AS id`,
      idsOf(some(hiding, hidden)),
    )
  },
  shownTo: ({ stories }, ids) =>
    [...stories.values()]
      .filter(({ id }) => ids.includes(id))
      .map(({ desk, contactId }) => [guide(desk), { query: `mutation { voidContact(id: "${contactId}") }` }]),
}

/* Agreements. */

const askAgreements = (people: readonly Who[]): [Who, { query: string }][] =>
  people.map((who) => [
    who,
    { query: '{ agreements { id version state categories answerTermDays contactPoint events { number step } } }' },
  ])

const AGREEMENTS_OF_OTHERS: Kind = {
  says: 'Others agreed to something else, or one of them suspended it.',
  change: (hiding) => {
    const { sql, facts, who } = hiding
    // To a visitor, who looked at what tells whether the lock was open.
    const own = facts.handOffs.filter((handOff) => holdsCode(who, handOff, facts))
    const isOwn = ({ desk, partner }: { desk: string; partner: string }) =>
      isOf(who, { desk, partner }) || own.some((handOff) => handOff.desk === desk && handOff.partner === partner)
    return changed(
      sql,
      `UPDATE agreement SET state = CASE state WHEN 'ACTIVE' THEN 'SUSPENDED' ELSE 'ACTIVE' END, cells = cells[2:3], answer_term_days = 17,
         contact_point = 'others', legal_basis = 'task-of-uwv' WHERE id = ANY ($1) RETURNING id`,
      idsOf(
        some(
          hiding,
          facts.agreements.filter((agreement) => agreement.signed && !isOwn(agreement)),
        ),
      ),
    )
  },
  shownTo: () => askAgreements([guide('a'), handler('UWV')]),
}

const TERMS_OF_OTHERS: Kind = {
  says: 'Others agreed on another term and another document; so did the two sides of a visitor’s own hand-off.',
  change: (hiding) =>
    changed(
      hiding.sql,
      `UPDATE agreement SET answer_term_days = answer_term_days + 3, document_reference = 'another' WHERE id = ANY ($1) RETURNING id`,
      idsOf(
        some(
          hiding,
          hiding.facts.agreements.filter((agreement) => agreement.signed && !isOf(hiding.who, agreement)),
        ),
      ),
    ),
  shownTo: () => askAgreements([guide('a'), handler('UWV')]),
}

const makesAgreements = ({ role }: Who) => role === 'PRIVACY_OFFICER' || role === 'SIGNATORY'
const notTheirs = ({ facts, who }: Hiding, signed: boolean) =>
  facts.agreements.filter((agreement) => agreement.signed === signed && !(makesAgreements(who) && isOf(who, agreement)))

const DRAFTS: Kind = {
  says: 'A next agreement is being drafted, or another one.',
  change: async (hiding) => {
    const { sql } = hiding
    const drafts = await changed(
      sql,
      `UPDATE agreement SET cells = '{question OVERVIEW}', document_reference = 'other draft' WHERE id = ANY ($1) RETURNING id`,
      idsOf(some(hiding, notTheirs(hiding, false))),
    )
    const signed = idsOf(some(hiding, notTheirs(hiding, true)))
    const made = signed.map((id) => idOf(`draft after ${id}`))
    for (const [table, key] of [
      ['agreement', 'id'],
      ['agreement_party', 'agreement_id'],
    ])
      await sql.query(
        `INSERT INTO ${table} SELECT n.* FROM unnest($1::uuid[], $2::uuid[]) AS k (id, draft) JOIN ${table} t ON t.${key} = k.id
         CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('${key}', k.draft, 'version', 9, 'state', 'DRAFT', 'signed_on', NULL, 'events', 0)) n`,
        [signed, made],
      )
    return [...drafts, ...made]
  },
  shownTo: () => askAgreements([signatoryOf('UWV'), officerOfDesk('a')]),
}

const ADVICE: Kind = {
  says: 'The privacy officers advised on an agreement before it was suspended or ended, or did not.',
  change: async (hiding) => {
    const { sql } = hiding
    const ids = idsOf(some(hiding, notTheirs(hiding, true)))
    // As it stands, without the trigger that takes steps.
    await sql.query('SET session_replication_role = replica')
    await sql.query('UPDATE agreement_event SET number = number + 1 WHERE agreement_id = ANY ($1) AND number > 1', [ids])
    await sql.query(
      `INSERT INTO agreement_event (werkcentrum_id, agreement_id, number, partner_id, step, by_side, by_role, advice, terms_hash, state, at)
       SELECT werkcentrum_id, id, 2, partner_id, 'advise', 'PARTNER', 'PRIVACY_OFFICER', 'OBJECTS', agreement_terms_hash(werkcentrum_id, id), 'ACTIVE', '2026-01-02'
       FROM agreement WHERE id = ANY ($1)`,
      [ids],
    )
    await sql.query('UPDATE agreement SET events = events + 1 WHERE id = ANY ($1)', [ids])
    await sql.query('SET session_replication_role = origin')
    return ids
  },
  shownTo: () => askAgreements([signatoryOf('UWV'), officerOfDesk('a')]),
}

/** Whole hand-offs: what others are shown of them leaves lines in the log. */
export const HIDDEN_HAND_OFFS: readonly Kind[] = [TO_UNIONS, OUT_OF_SIGHT]

export const HIDDEN_THINGS: readonly Kind[] = [
  CONTACT_SAYS_OTHERWISE,
  CONTACTS_OF_OTHERS,
  FROM_ANOTHER_CONVERSATION,
  DRAFTS,
  ADVICE,
  AGREEMENTS_OF_OTHERS,
  TERMS_OF_OTHERS,
  ...HIDDEN_HAND_OFFS,
]
