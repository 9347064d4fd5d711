// Thousands of stories as rows of one database, as they stand at an instant; and what row-level security lets each capacity read of them.
import type { Client } from 'pg'
import { MAY_HOLD_SENSITIVE } from '#app/consent/consent.js'
import { CODE_DAYS } from '#app/handoffs/codes.js'
import type { Event, Story } from './naive.js'
import { ORGANISATION_OF_DESK, standsAt, today } from './product.js'

export type Contact = { id: string; werkcentrum: string; at: number }
export type Placed = Story & { id: string }
export type Population = {
  werkcentra: string[]
  partners: { id: string; kind: string }[]
  stories: Placed[]
  contacts: Contact[]
}

/** A desk has the id of its werkcentrum but for the first letter. */
export const deskOf = (werkcentrum: string) => werkcentrum.replace(/^./, 'f')
const endOf = (id: string, digits: number) => id.slice(-digits)
const agreementId = (story: Story, version: number) =>
  `d0000000-0000-4000-8000-${endOf(story.werkcentrum, 5)}${endOf(story.partner, 6)}${version}`

/** What happens to an agreement is told to the product's own trigger, step by step; it decides what becomes of it. */
const TELL_AGREEMENT = `
  CREATE FUNCTION tell_agreement(e jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    desk uuid := e ->> 'werkcentrum';
    partner uuid := e ->> 'partner';
    agreement_id uuid := e ->> 'id';
    terms jsonb := e -> 'terms';
    step text := e ->> 'step';
  BEGIN
    IF step = 'draft' THEN
      INSERT INTO agreement (werkcentrum_id, id, partner_id, version, state, cells, legal_basis, answer_term_days, first_contact_term_days, contact_point,
        document_reference, review_on, valid_from, valid_to)
      VALUES (desk, agreement_id, partner, (e ->> 'version')::integer, 'DRAFT', '{}', 'x', 5, 5, 'x', 'x', '2027-01-01', '2027-01-01', '2027-01-01');
      INSERT INTO agreement_party (werkcentrum_id, agreement_id, partner_id, side)
      VALUES (desk, agreement_id, '${ORGANISATION_OF_DESK}', 'WERKCENTRUM'), (desk, agreement_id, partner, 'PARTNER');
    END IF;
    IF terms IS NOT NULL THEN
      UPDATE agreement SET cells = ARRAY(SELECT jsonb_array_elements_text(terms -> 'cells')), valid_from = (terms ->> 'firstDay')::date,
        valid_to = (terms ->> 'lastDay')::date, document_reference = terms ->> 'reference' WHERE id = agreement_id;
    END IF;
    -- It was suspended along with an earlier version.
    IF step = 'suspend' AND EXISTS (SELECT FROM agreement a WHERE a.id = agreement_id AND a.state = 'SUSPENDED') THEN RETURN; END IF;
    INSERT INTO agreement_event_person SELECT desk, agreement_id, a.events + 1, 'k1:' || (e ->> 'side') FROM agreement a WHERE a.id = agreement_id;
    INSERT INTO agreement_event (werkcentrum_id, agreement_id, partner_id, step, by_side, by_role, on_behalf_of, advice, reason, terms_hash, at)
    VALUES (desk, agreement_id, partner, step, e ->> 'side', CASE step WHEN 'advise' THEN 'PRIVACY_OFFICER' ELSE 'SIGNATORY' END,
      CASE WHEN step = 'sign' THEN CASE e ->> 'side' WHEN 'PARTNER' THEN partner ELSE '${ORGANISATION_OF_DESK}' END END,
      CASE WHEN step = 'advise' THEN 'AGREES' END, CASE WHEN step IN ('suspend', 'end') THEN 'ON_REQUEST' END,
      CASE WHEN step IN ('advise', 'sign') THEN agreement_terms_hash(desk, agreement_id) END, (e ->> 'at')::timestamptz);
  END $$`

/** The organisations, once. */
export async function arrange(
  admin: Client,
  { werkcentra, partners }: Pick<Population, 'werkcentra' | 'partners'>,
): Promise<void> {
  await admin.query(TELL_AGREEMENT)
  await admin.query(`INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, 'Of the desk', 'GEMEENTE', true)`, [
    ORGANISATION_OF_DESK,
  ])
  for (const { id, kind } of partners)
    await admin.query('INSERT INTO partner (id, name, kind, legal_person) VALUES ($1::uuid, $1::text, $2, true)', [id, kind])
  for (const id of werkcentra) {
    await admin.query(`INSERT INTO werkcentrum SELECT $1::uuid, $1::text, am_code FROM region LIMIT 1`, [id])
    await admin.query('INSERT INTO desk VALUES ($1, $2, $3, NULL)', [id, deskOf(id), 'Desk'])
  }
}

/** What of each story is in the database already. */
type Kept = { lines: number; consents: number }
export type Ledger = { stories: Map<Placed, Kept>; agreements: Map<string, number>; contacts: Set<Contact> }
export const emptyLedger = (): Ledger => ({ stories: new Map(), agreements: new Map(), contacts: new Set() })

type News = Record<'agreements' | 'handOffs' | 'lines' | 'outcomes' | 'colleagues' | 'consents' | 'contacts', object[]>

/** Brings all rows to where they stand at `now`; each call goes on where the last one ended. In one transaction of the caller's. */
export async function bringTo(admin: Client, { stories, contacts }: Population, now: number, ledger: Ledger): Promise<void> {
  const news: News = { agreements: [], handOffs: [], lines: [], outcomes: [], colleagues: [], consents: [], contacts: [] }
  for (const story of stories) {
    news.agreements.push(...agreementNews(story, now, ledger))
    const { state, heardByDesk, lines, consents } = standsAt(story, now)
    const had = ledger.stories.get(story) ?? { lines: 0, consents: 0 }
    if (!state) continue
    const { id, werkcentrum, partner, partnerKind: kind } = story
    if (lines.length > had.lines) {
      const code = `k1:${story.code}`
      news.handOffs.push({ id, werkcentrum, partner, kind, state, heard: heardByDesk, day: today(lines[0]!.at), code })
    }
    for (const { number, step, state, heardByDesk, at } of lines.slice(had.lines)) {
      const line = { id, number, heard: heardByDesk }
      news.lines.push({ ...line, step, state, side: SIDES[step] ?? 'WERKCENTRUM', day: today(at) })
      if (SIDES[step] === 'PARTNER') news.colleagues.push(line)
      if (COMPLETES.includes(step)) news.outcomes.push(line)
    }
    for (const consent of consents.slice(had.consents)) news.consents.push({ id, ...consent })
    ledger.stories.set(story, { lines: lines.length, consents: consents.length })
  }
  for (const contact of contacts)
    if (contact.at <= now && !ledger.contacts.has(contact)) {
      ledger.contacts.add(contact)
      const { id, werkcentrum, at } = contact
      news.contacts.push({ id, werkcentrum, desk: deskOf(werkcentrum), day: today(at) })
    }
  await write(admin, news)
}

/** Whose step it is, unless the desk's. */
const SIDES: Record<string, string> = {
  ...Object.fromEntries(['accept', 'recordFirstContact', 'complete', 'decline', 'return'].map((step) => [step, 'PARTNER'])),
  stop: 'VISITOR',
}
const COMPLETES = ['complete', 'hearCompleted']

/** The agreements of a pair are in each of its stories: the first one tells them. */
function agreementNews(story: Placed, now: number, { agreements }: Ledger): object[] {
  const pair = `${story.werkcentrum} ${story.partner}`
  const events = story.happened.filter(
    (event): event is Extract<Event, { version: number }> => 'version' in event && event.at <= now,
  )
  const told = agreements.get(pair) ?? 0
  agreements.set(pair, Math.max(told, events.length))
  return events.slice(told).flatMap((event, place) => {
    const isFirst = !events.slice(0, told + place).some((earlier) => earlier.version === event.version)
    const about = {
      werkcentrum: story.werkcentrum,
      partner: story.partner,
      id: agreementId(story, event.version),
      version: event.version,
      at: new Date(event.at).toISOString(),
    }
    if (event.what !== 'drafted') {
      const side = event.by === story.werkcentrum ? 'WERKCENTRUM' : 'PARTNER'
      return [{ ...about, side, step: { signed: 'sign', suspended: 'suspend', ended: 'end' }[event.what] }]
    }
    const cells = event.categories.flatMap((category) => event.purposes.map((purpose) => `${category} ${purpose}`))
    const terms = { cells, firstDay: event.firstDay, lastDay: event.lastDay, reference: `${told + place}` }
    return [
      { ...about, side: 'WERKCENTRUM', step: isFirst ? 'draft' : 'amend', terms },
      { ...about, side: 'WERKCENTRUM', step: 'advise' },
      { ...about, side: 'PARTNER', step: 'advise' },
    ]
  })
}

async function write(admin: Client, news: News): Promise<void> {
  const put = async (rows: object[], sql: string) => {
    if (rows.length > 0) await admin.query(sql, [JSON.stringify(rows)])
  }
  await put(news.agreements, 'SELECT tell_agreement(e) FROM jsonb_array_elements($1::jsonb) e')
  // Facts only from here: that they fit each other is tested elsewhere.
  await admin.query('SET LOCAL session_replication_role = replica')
  await put(
    news.handOffs,
    `WITH news AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS h (id uuid, werkcentrum uuid, partner uuid, kind text, state text, heard boolean, day date, code text))
     INSERT INTO hand_off (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, heard_by_desk, steps)
     SELECT werkcentrum, id, partner, kind, id::text, state, day, day, 'MORNING', heard, 1 FROM news
     ON CONFLICT (werkcentrum_id, id) DO UPDATE SET state = excluded.state, heard_by_desk = excluded.heard_by_desk`,
  )
  const hangs = (table: string, columns: string, values: string, where = 'true') =>
    put(
      news.handOffs,
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, ${columns}) SELECT h.werkcentrum, h.id, h.partner, ${values}
       FROM jsonb_to_recordset($1::jsonb) AS h (id uuid, werkcentrum uuid, partner uuid, kind text, day date, code text) WHERE ${where} ON CONFLICT DO NOTHING`,
    )
  await hangs(
    'hand_off_logistics',
    'desk_id, channel, contact_day, contact_day_part',
    `overlay(h.werkcentrum::text PLACING 'f' FROM 1)::uuid, 'PHONE', h.day, 'MORNING'`,
  )
  await hangs('hand_off_next_step', 'next_step', `'VISITOR_COMES'`)
  await hangs('hand_off_question', 'themes', `'{CAREER}'`)
  await hangs('hand_off_routing', 'visitor_kind', `'WORKER'`)
  await hangs(
    'hand_off_situation',
    'work, benefit, age, education, language_help',
    `'AT_RISK', 'WW', 'A27_54', 'SECONDARY', 'NO'`,
  )
  await hangs(
    'hand_off_sensitive',
    'partner_kind, facts',
    `h.kind, '{JOBS_AGREEMENT}'`,
    `h.kind IN (${[...MAY_HOLD_SENSITIVE].map((kind) => `'${kind}'`)})`,
  )
  await hangs('hand_off_note', 'note', `'Een notitie'`)
  await hangs('hand_off_remark', 'by_side, number, remark, day', `'PARTNER', 1, 'Een opmerking', h.day`)
  await hangs('follow_up_code', 'hash, expires_on', `h.code, h.day + ${CODE_DAYS}`)
  const told = (rows: object[], table: string, columns: string, values: string) =>
    put(
      rows,
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, number, ${columns}) SELECT h.werkcentrum_id, h.id, h.partner_id, l.number, ${values}
       FROM jsonb_to_recordset($1::jsonb) AS l (id uuid, number integer, heard boolean, step text, state text, side text, day date) JOIN hand_off h ON h.id = l.id`,
    )
  await told(
    news.lines,
    'hand_off_event',
    'step, by_side, heard_by_desk, state, day, day_part',
    `l.step, l.side, l.heard, l.state, l.day, 'MORNING'`,
  )
  await told(news.outcomes, 'hand_off_outcome', 'outcome, heard_by_desk', `'WORK', l.heard`)
  await told(news.colleagues, 'hand_off_staff', 'handled_by', `'k1:x'`)
  await admin.query('SET LOCAL session_replication_role = origin')
  // What a consent opens is kept beside its hand-off by a trigger: that one does its work.
  await admin.query('ALTER TABLE consent DISABLE TRIGGER USER; ALTER TABLE consent ENABLE TRIGGER keep_consent_locks')
  await put(
    news.consents,
    `INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, basis, categories, explicit_categories, purposes, asked_for_help,
       in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version, language, day, expires_on)
     SELECT h.werkcentrum_id, h.id, c.version, h.partner_id, c.change, 'WERKCENTRUM', 'BASIS', c.categories, c."explicitCategories", c.purposes, true, true, true,
       c."underSixteen", c."representativePresent", 'SPOKEN', 'x', 'nl', c.day, c."expiresOn"
     FROM jsonb_to_recordset($1::jsonb) AS c (id uuid, version integer, change text, categories text[], "explicitCategories" text[], purposes text[],
       "underSixteen" boolean, "representativePresent" boolean, day date, "expiresOn" date) JOIN hand_off h ON h.id = c.id ORDER BY c.version`,
  )
  await admin.query('ALTER TABLE consent ENABLE TRIGGER USER')
  await put(
    news.contacts,
    `WITH news AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS c (id uuid, werkcentrum uuid, desk uuid, day date)),
       contact AS (INSERT INTO visitor_contact SELECT werkcentrum, id, desk, 'PHONE', day, 'MORNING', 'ANSWERED' FROM news),
       routing AS (INSERT INTO visitor_contact_routing SELECT werkcentrum, id, 'WORKER' FROM news),
       reference AS (INSERT INTO visitor_contact_reference SELECT werkcentrum, id, id FROM news),
       note AS (INSERT INTO visitor_contact_note SELECT werkcentrum, id, 'Een notitie' FROM news),
       situation AS (INSERT INTO visitor_contact_situation SELECT werkcentrum, id, 'AT_RISK', 'WW', 'A27_54', 'SECONDARY', 'NO' FROM news)
     INSERT INTO visitor_contact_question SELECT werkcentrum, id, NULL, '{CAREER}' FROM news`,
  )
}
