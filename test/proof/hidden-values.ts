// Kinds of difference in what is told of a hand-off: its context, its outcome, who handled it, what was agreed to, and how it ended.
import { CONSENT_PURPOSES } from '#app/consent/consent.js'
import { TODAY, YESTERDAY } from '../support/small-world.js'
import { type ConsentRow, type HandOff, isOf, isPartner, knows, looksTheSame, readsConsent } from './facts.js'
import { byCode, byGuides, byHandlers, changed, closedTo, type Hiding, idsOf, type Kind, next, some } from './hiding.js'
import { guide, partnerId } from './people.js'

const WORK = ['EMPLOYED', 'AT_RISK', 'NONE', 'UNKNOWN']
const OUTCOMES = ['WORK', 'WORK_KEPT', 'TRAINING_STARTED', 'GUIDANCE_STARTED', 'QUESTION_SOLVED', 'REFERRED_ON', 'NO_RESULT']
const VISITORS = ['JOB_SEEKER', 'WORKER', 'STUDENT', 'EMPLOYER', 'HELPER', 'UNKNOWN']
const THEMES = `CASE WHEN themes = '{CAREER}' THEN '{TRAINING,FUNDING}'::text[] ELSE '{CAREER}'::text[] END`

type Part = Readonly<{
  category: Parameters<typeof closedTo>[1]
  table: string
  says: string
  /** Other values, in SQL. */
  set: string
  /** Columns and values of a row that was not there; `h` is the hand-off. */
  row: readonly [columns: string, values: string]
  where?: string
  shownTo: Kind['shownTo']
}>

const PARTS: readonly Part[] = [
  {
    category: 'routing',
    table: 'hand_off_routing',
    says: 'The kind of visitor and the origin that were shared',
    set: `${next('visitor_kind', VISITORS)}, origin = CASE WHEN origin IS NULL THEN 'GM0344' END`,
    row: ['visitor_kind, origin', `'WORKER', 'GM0307'`],
    shownTo: byCode('routing { visitorKind origin }'),
  },
  {
    category: 'question',
    table: 'hand_off_question',
    says: 'The themes and the journey that were shared',
    set: `themes = ${THEMES}, journey = CASE WHEN journey IS NULL THEN 'SCHOOL_TO_WORK' END`,
    row: ['journey, themes', `NULL, '{OTHER}'`],
    shownTo: byCode('question { themes journey }'),
  },
  {
    category: 'question',
    table: 'hand_off_next_step',
    says: 'The next step, with its appointment,',
    set: `next_step = CASE next_step WHEN 'APPOINTMENT' THEN 'VISITOR_CALLS' ELSE 'APPOINTMENT' END,
      appointment_day = CASE WHEN next_step = 'APPOINTMENT' THEN NULL ELSE DATE '2026-11-23' END,
      appointment_day_part = CASE WHEN next_step = 'APPOINTMENT' THEN NULL ELSE 'MORNING' END,
      first_contact_due_on = CASE WHEN next_step = 'APPOINTMENT' THEN NULL ELSE DATE '2026-11-23' END`,
    row: ['next_step', `'VISITOR_CALLS'`],
    shownTo: byCode('nextStep appointmentDay firstContactDueOn firstContactOverdue'),
  },
  {
    category: 'situation',
    table: 'hand_off_situation',
    says: 'The situation that was shared',
    set: `${next('work', WORK)}, ${next('age', ['U16', 'A16_26', 'A27_54', 'A55_PLUS'])}, benefit = 'OTHER', language_help = 'YES'`,
    row: ['work, benefit, age, education, language_help', `'NONE', 'WW', 'U16', 'SECONDARY', 'YES'`],
    shownTo: byCode('situation { work benefit age }'),
  },
  {
    category: 'sensitive',
    table: 'hand_off_sensitive',
    says: 'What AVG art. 9 protects',
    set: `facts = CASE WHEN facts = '{DISABILITY_BENEFIT}' THEN '{JOBS_AGREEMENT,WORK_LIMITATION}'::text[] ELSE '{DISABILITY_BENEFIT}'::text[] END,
      note = CASE WHEN note IS NULL THEN 'Zit in de WIA.' END`,
    row: ['partner_kind, facts', `h.partner_kind, '{WORK_LIMITATION}'`],
    where: `h.partner_kind IN ('UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE')`,
    shownTo: byHandlers('sensitive'),
  },
  {
    category: 'note',
    table: 'hand_off_note',
    says: 'The note that was shared',
    set: `note = CASE WHEN note = 'Wil overdag werken.' THEN 'Zoekt iets in de buurt.' ELSE 'Wil overdag werken.' END`,
    row: ['note', `'Wil overdag werken.'`],
    shownTo: byHandlers('note'),
  },
  {
    category: 'internal',
    table: 'hand_off_remark',
    says: 'A remark of the partner',
    set: `remark = remark || '.'`,
    row: ['by_side, number, remark, day', `'PARTNER', 1, 'Belt maandag.', h.offered_on`],
    shownTo: byHandlers('remarks { remark }'),
  },
  {
    category: 'outcome',
    table: 'hand_off_outcome',
    says: 'The outcome that the partner or the desk wrote down',
    set: next('outcome', OUTCOMES),
    row: ['outcome, heard_by_desk, number', `'NO_RESULT', false, h.steps + 1`],
    where: `h.state = 'COMPLETED'`,
    shownTo: byCode('outcome'),
  },
  {
    category: 'staff',
    table: 'hand_off_staff',
    says: 'Which colleague of the partner acted',
    set: `handled_by = handled_by || 'x'`,
    row: ['handled_by, number', `'k1:somebody', h.steps + 1`],
    shownTo: byHandlers('handledBy'),
  },
]

const otherValues = ({ category, table, says, set, shownTo }: Part): Kind => ({
  says: `${says} is another.`,
  change: (hiding) =>
    changed(
      hiding.sql,
      `UPDATE ${table} SET ${set} WHERE hand_off_id = ANY ($1) RETURNING hand_off_id AS id`,
      idsOf(some(hiding, closedTo(hiding, category))),
    ),
  shownTo,
})

const thereOrNot = ({ category, table, says, row: [columns, values], where = 'true', shownTo }: Part): Kind => ({
  says: `${says} is there, or is not.`,
  change: async (hiding) => {
    const { sql } = hiding
    const ids = idsOf(some(hiding, closedTo(hiding, category)))
    const gone = await changed(sql, `DELETE FROM ${table} WHERE hand_off_id = ANY ($1) RETURNING hand_off_id AS id`, ids)
    const come = await changed(
      sql,
      `INSERT INTO ${table} (werkcentrum_id, hand_off_id, partner_id, ${columns}) SELECT h.werkcentrum_id, h.id, h.partner_id, ${values}
       FROM hand_off h WHERE h.id = ANY ($1) AND ${where} RETURNING hand_off_id AS id`,
      ids.filter((id) => !gone.includes(id)),
    )
    return [...gone, ...come]
  },
  shownTo,
})

const LOGISTICS: Kind = {
  says: 'The channel, the day and the day part of the conversation are others.',
  change: (hiding) =>
    changed(
      hiding.sql,
      `UPDATE hand_off_logistics SET ${next('channel', ['WALK_IN', 'PHONE', 'EMAIL', 'ONLINE', 'EVENT'])}, contact_day = contact_day - 3,
         contact_day_part = 'EVENING' WHERE hand_off_id = ANY ($1) RETURNING hand_off_id AS id`,
      idsOf(some(hiding, closedTo(hiding, 'logistics'))),
    ),
  shownTo: byGuides('channel contactDay contactDayPart'),
}

/* Consent: what a partner must not be able to tell apart (design 3). */

const given = (more: Partial<ConsentRow>): ConsentRow => ({
  change: 'GIVEN',
  categories: ['routing', 'question', 'situation', 'outcome'],
  explicit: [],
  purposes: CONSENT_PURPOSES,
  expiresOn: '2027-05-01',
  underSixteen: false,
  representative: false,
  ...more,
})
const OTHER_CONSENTS: readonly (ConsentRow | null)[] = [
  null,
  given({ change: 'WITHDRAWN', categories: [] }),
  given({ expiresOn: TODAY }),
  given({ categories: ['note'] }),
  given({ categories: ['outcome'] }),
  given({ underSixteen: true }),
  given({ explicit: ['question'], underSixteen: true, representative: true }),
  given({ explicit: ['sensitive'], categories: ['sensitive'] }),
  given({}),
]

/** All of it is replaced: what was said before would tell, too. */
async function replaceConsents({ sql }: Hiding, consents: ReadonlyMap<string, ConsentRow | null>): Promise<void> {
  const ids = [...consents.keys()]
  await sql.query('DELETE FROM consent WHERE hand_off_id = ANY ($1)', [ids])
  await sql.query(`UPDATE hand_off SET consent_locks = 0, consent_until = '-infinity' WHERE id = ANY ($1)`, [ids])
  const versions = [...consents].flatMap(([id, consent]) => {
    const first = consent?.change === 'WITHDRAWN' ? [given({}), consent] : consent ? [consent] : []
    return first.map((version, place) => ({ id, version: place + 1, ...version }))
  })
  await sql.query(
    `INSERT INTO consent (werkcentrum_id, hand_off_id, version, partner_id, change, by_side, basis, categories, explicit_categories, purposes,
       asked_for_help, in_own_interest, refusal_is_free, under_sixteen, representative_present, given_how, wording_version, language, day, expires_on)
     SELECT h.werkcentrum_id, h.id, v.version, h.partner_id, v.change, 'WERKCENTRUM', 'SAFEGUARD', v.categories, v.explicit, v.purposes, true, true, true,
       v."underSixteen", v.representative, 'SPOKEN', 'THREE_SENTENCES_2026', 'nl', '${YESTERDAY}', v."expiresOn"
     FROM jsonb_to_recordset($1::jsonb) AS v (id uuid, version integer, change text, categories text[], explicit text[], purposes text[],
       "underSixteen" boolean, representative boolean, "expiresOn" date) JOIN hand_off h ON h.id = v.id ORDER BY h.id, v.version`,
    [JSON.stringify(versions)],
  )
}

/** The guide of the desk hears by which lock the outcome is closed, also when consent itself can no longer be read. */
const hearsWhy = ({ who }: Hiding, handOff: HandOff) => who.role === 'GUIDE' && isOf(who, handOff)

const REFUSED_OR_NOT_ASKED: Kind = {
  says: 'The visitor refused, was never asked, took it back, was too young, or let it expire; or agreed, where another lock is closed.',
  change: async (hiding) => {
    const { who, facts, reach, chance } = hiding
    const others = new Map<string, ConsentRow | null>()
    for (const handOff of some(hiding, facts.handOffs)) {
      if (readsConsent(who, handOff, facts, reach) || hearsWhy(hiding, handOff)) continue
      const alike = OTHER_CONSENTS.filter((consent) => looksTheSame(who, handOff, { ...handOff, consent }, facts, reach))
      if (alike.length > 0) others.set(handOff.id, chance.oneOf(alike))
    }
    await replaceConsents(hiding, others)
    return [...others.keys()]
  },
  shownTo: ({ stories }, ids) =>
    [...stories.values()]
      .filter(({ id }) => ids.includes(id))
      .map(({ desk, id }) => [
        guide(desk),
        { query: `{ consentHistory(handOffId: "${id}") { version change categories expiresOn } }` },
      ]),
}

const HOW_IT_WAS_ASKED: Kind = {
  says: 'Consent was asked in another language, in another way, until another day, or with another reserve.',
  change: (hiding) => {
    const { who, facts, reach } = hiding
    const reads = (handOff: HandOff) => who.role !== 'PRIVACY_OFFICER' && readsConsent(who, handOff, facts, reach)
    return changed(
      hiding.sql,
      `UPDATE consent c SET ${next('language', ['nl', 'ar', 'uk'])}, ${next('given_how', ['SPOKEN', 'WRITTEN'])},
         reserve_partner_id = CASE WHEN c.change <> 'WITHDRAWN' AND c.reserve_partner_id IS NULL THEN $2::uuid END,
         expires_on = CASE WHEN c.expires_on > '${TODAY}' THEN c.expires_on - 7 ELSE c.expires_on END
       WHERE c.hand_off_id = ANY ($1) RETURNING c.hand_off_id AS id`,
      idsOf(
        some(
          hiding,
          facts.handOffs.filter((handOff) => !reads(handOff)),
        ),
      ),
      [partnerId('WSP')],
    )
  },
  shownTo: ({ stories }, ids) =>
    [...stories.values()]
      .filter(({ id }) => ids.includes(id))
      .map(({ desk, id }) => [
        guide(desk),
        { query: `{ consentHistory(handOffId: "${id}") { language expiresOn reservePartner { id } } }` },
      ]),
}

/* How it ended, and what was done to what was told. */

/** Hand-offs of which somebody hears the end as a partner does, or nothing at all. */
const hearsLikeAPartner = ({ who, facts, reach }: Hiding) =>
  facts.handOffs.filter((handOff) => isPartner(who) || !knows(who, handOff, facts, reach))
const MAY_BE_A_MISTAKE = (who: Hiding['who']) => who.role === 'PRIVACY_OFFICER' && isPartner(who)

const FORWARDED_OR_WITHDRAWN: Kind = {
  says: 'The desk forwarded it, or withdrew it.',
  change: async (hiding) => {
    const ids = idsOf(some(hiding, hearsLikeAPartner(hiding)))
    const turned = await changed(
      hiding.sql,
      `UPDATE hand_off SET state = CASE state WHEN 'FORWARDED' THEN 'WITHDRAWN' ELSE 'FORWARDED' END, reason = NULL
       WHERE id = ANY ($1) AND state IN ('FORWARDED', 'WITHDRAWN') AND reason IS DISTINCT FROM 'SENT_TO_WRONG_PARTNER' RETURNING id`,
      ids,
    )
    await hiding.sql.query(
      `UPDATE hand_off_event e SET state = h.state, reason = NULL, by_side = 'WERKCENTRUM', step = CASE h.state WHEN 'FORWARDED' THEN 'forward' ELSE 'withdraw' END
       FROM hand_off h WHERE h.id = e.hand_off_id AND h.id = ANY ($1) AND e.state IN ('FORWARDED', 'WITHDRAWN')`,
      [turned],
    )
    return turned
  },
  shownTo: byGuides('state events { step by }'),
}

const WHY_WITHDRAWN: Kind = {
  says: 'It was withdrawn by the visitor or by the desk, for another reason.',
  change: async (hiding) => {
    const reasons = [
      'NOT_NEEDED',
      'VISITOR_ASKED',
      'ENTERED_IN_ERROR',
      ...(MAY_BE_A_MISTAKE(hiding.who) ? [] : ['SENT_TO_WRONG_PARTNER']),
    ]
    const turned = await changed(
      hiding.sql,
      `UPDATE hand_off SET ${next('reason', reasons)} WHERE id = ANY ($1) AND state = 'WITHDRAWN'
         ${MAY_BE_A_MISTAKE(hiding.who) ? `AND reason IS DISTINCT FROM 'SENT_TO_WRONG_PARTNER'` : ''} RETURNING id`,
      idsOf(some(hiding, hearsLikeAPartner(hiding))),
    )
    await hiding.sql.query(
      `UPDATE hand_off_event e SET reason = h.reason, step = CASE h.reason WHEN 'VISITOR_ASKED' THEN 'stop' ELSE 'withdraw' END,
         by_side = CASE h.reason WHEN 'VISITOR_ASKED' THEN 'VISITOR' ELSE 'WERKCENTRUM' END
       FROM hand_off h WHERE h.id = e.hand_off_id AND h.id = ANY ($1) AND e.state = 'WITHDRAWN'`,
      [turned],
    )
    return turned
  },
  shownTo: byGuides('reason events { step by reason }'),
}

const CORRECTED_OR_ERASED: Kind = {
  says: 'What was told was corrected or erased, or was not.',
  change: async (hiding) => {
    const ids = idsOf(some(hiding, hearsLikeAPartner(hiding)))
    const gone = await changed(
      hiding.sql,
      `DELETE FROM hand_off_event WHERE hand_off_id = ANY ($1) AND step IN ('correct', 'erase') RETURNING hand_off_id AS id`,
      ids,
    )
    // Between the first line and the others, so that a gap in the numbers would tell.
    const come = ids.filter((id) => !gone.includes(id))
    await hiding.sql.query(`UPDATE hand_off_event SET number = number + 100 WHERE hand_off_id = ANY ($1) AND number > 1`, [come])
    await hiding.sql.query(`UPDATE warm_call SET number = number + 100 WHERE hand_off_id = ANY ($1)`, [come])
    await hiding.sql.query(
      `INSERT INTO hand_off_event (werkcentrum_id, hand_off_id, number, partner_id, step, by_side, heard_by_desk, state, day, day_part)
       SELECT h.werkcentrum_id, h.id, 50, h.partner_id, $2, 'VISITOR', false, 'OFFERED', h.offered_on, 'MORNING' FROM hand_off h WHERE h.id = ANY ($1)`,
      [come, hiding.chance.oneOf(['correct', 'erase'])],
    )
    await hiding.sql.query('UPDATE hand_off SET steps = steps + 100 WHERE id = ANY ($1)', [come])
    return [...gone, ...come]
  },
  shownTo: byGuides('events { number step }'),
}

export const HIDDEN_VALUES: readonly Kind[] = [
  ...PARTS.map(otherValues),
  ...PARTS.map(thereOrNot),
  LOGISTICS,
  REFUSED_OR_NOT_ASKED,
  HOW_IT_WAS_ASKED,
  FORWARDED_OR_WITHDRAWN,
  WHY_WITHDRAWN,
  CORRECTED_OR_ERASED,
]
