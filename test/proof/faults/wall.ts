// Faults in the second wall: policies, grants, triggers and functions of the database.
import type { Fault } from '../faults.js'

const FIRST = 'prisma/migrations/20261122000000_first/migration.sql'
const WALLS = 'prisma/migrations/20261122000001_walls/migration.sql'
const AGREEMENTS = 'prisma/migrations/20261122100000_agreement_life/migration.sql'
const VISITOR = 'prisma/migrations/20261122110000_visitor/migration.sql'
const INSIGHT = 'prisma/migrations/20261122120000_insight/migration.sql'
const FREE_TEXT = 'prisma/migrations/20261122180000_free_text/migration.sql'
const REFUSALS = 'prisma/migrations/20261122155000_refusals/migration.sql'
const THREE_LOCKS = 'prisma/migrations/20261122130000_three_locks/migration.sql'

const CELLS = 'test/proof/cells.test.ts'
const ERASE = 'test/consent/erase.test.ts'
const LIFE = 'test/agreements/life-in-sql.test.ts'
const LOCKS = 'test/walls/locks.test.ts'
const ROWS = 'test/walls/rows.test.ts'
const VERSIONS = 'test/consent/versions.test.ts'

const LETS_THROUGH = 'row-level security lets through what decide says'
const BECOMING = 'Becoming somebody else by SQL'
const READING = 'gives each role exactly the rows of its own organisation or code'

export const WALL: readonly Fault[] = [
  {
    fault: 'The signature of a capacity is not checked',
    file: THREE_LOCKS,
    from: " AND encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(words, 'UTF8'))), 'hex') = right(said, 64))",
    to: ')',
    by: LOCKS,
    title: BECOMING,
  },
  {
    fault: 'A signature for one database role holds for every other',
    file: THREE_LOCKS,
    from: "AND parts[2] = current_setting('role') AND",
    to: 'AND',
    by: LOCKS,
    title: BECOMING,
  },
  {
    fault: 'A signature never ends',
    file: THREE_LOCKS,
    from: ' AND parts[9]::bigint > extract(epoch FROM statement_timestamp())',
    to: '',
    by: LOCKS,
    title: BECOMING,
  },
  {
    fault: 'To the database a suspended agreement still counts',
    file: THREE_LOCKS,
    from: "WHERE a.state = 'ACTIVE' AND a.valid_to >= today AND (asked || ' ' || who[6]) = ANY (a.cells));\n  END IF;",
    to: "WHERE a.state IN ('ACTIVE', 'SUSPENDED') AND a.valid_to >= today AND (asked || ' ' || who[6]) = ANY (a.cells));\n  END IF;",
    by: CELLS,
    title: LETS_THROUGH,
  },
  {
    fault: '>= for >: to the database consent holds a day longer',
    file: THREE_LOCKS,
    from: 'CASE WHEN h.consent_until > l.today',
    to: 'CASE WHEN h.consent_until >= l.today',
    by: LOCKS,
    title: LETS_THROUGH,
  },
  {
    fault: 'The database does not ask for a representative below sixteen',
    file: THREE_LOCKS,
    from: 'SELECT CASE WHEN c.under_sixteen AND NOT c.representative_present THEN 0 ELSE',
    to: 'SELECT CASE WHEN false THEN 0 ELSE',
    by: CELLS,
    title: LETS_THROUGH,
  },
  {
    fault: 'The database keeps to the first version of a consent',
    file: THREE_LOCKS,
    from: 'AND v.hand_off_id = NEW.hand_off_id ORDER BY v.version DESC LIMIT 1) c',
    to: 'AND v.hand_off_id = NEW.hand_off_id ORDER BY v.version LIMIT 1) c',
    by: LOCKS,
    title: LETS_THROUGH,
  },
  {
    fault: 'A trigger is removed: what consent opens is not kept beside the hand-off',
    file: THREE_LOCKS,
    from: 'CREATE TRIGGER keep_consent_locks AFTER INSERT OR UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION keep_consent_locks();',
    to: '',
    by: ROWS,
    title: READING,
  },
  {
    fault: 'The database decides by whichever version of the policy it finds',
    file: THREE_LOCKS,
    from: 'WHERE c.hash = who[7] AND c.role',
    to: 'WHERE c.role',
    by: LOCKS,
    title: 'a policy that is not loaded opens nothing',
  },
  {
    fault: 'A condition of row-level security asks for no organisation: every inbox is everybody’s',
    file: THREE_LOCKS,
    from: "'hand_off.partner_id = l.organisation', 'werkcentrum_id'),",
    to: "'hand_off.partner_id IS NOT NULL', 'werkcentrum_id'),",
    by: ROWS,
    title: READING,
  },
  {
    fault: 'A condition of row-level security has the wrong organisation: officers read agreements of the other side',
    file: AGREEMENTS,
    from: `FOR SELECT TO wo_officer_partner, wo_signatory_partner
  USING (partner_id = (SELECT app_organisation()));`,
    to: `FOR SELECT TO wo_officer_partner, wo_signatory_partner
  USING (werkcentrum_id = (SELECT app_organisation()));`,
    by: ROWS,
    title: READING,
  },
  {
    fault: 'A policy is dropped: partners read that something was erased',
    file: VISITOR,
    from: `CREATE POLICY not_what_tells_of_context ON hand_off_event AS RESTRICTIVE FOR SELECT TO wo_handler, wo_officer_partner
  USING (step <> 'correct' AND step <> 'erase');`,
    to: '',
    by: ROWS,
    title: READING,
  },
  {
    fault: 'The database shows contacts of other days',
    file: WALLS,
    from: '  USING (werkcentrum_id = (SELECT app_organisation()) AND day = (SELECT app_today()))\n',
    to: '  USING (werkcentrum_id = (SELECT app_organisation()))\n',
    by: ROWS,
    title: READING,
  },
  {
    fault: 'The database shows officers what is confidential in the log',
    file: WALLS,
    from: 'USING (partner_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()) AND NOT confidential);',
    to: 'USING (partner_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()));',
    by: ROWS,
    title: READING,
  },
  {
    fault: 'The database takes any line of the log, whoever signed for whatever',
    file: REFUSALS,
    from: 'CREATE POLICY as_signed ON access_record AS RESTRICTIVE',
    to: 'CREATE POLICY as_signed ON access_record AS PERMISSIVE',
    by: ROWS,
    title: 'a copy of any row is let through where it is the own side’s to write',
  },
  {
    fault: 'A coordinator is granted the situation',
    file: WALLS,
    from: 'GRANT SELECT ON hand_off_logistics TO wo_coordinator, wo_visitor;',
    to: 'GRANT SELECT ON hand_off_logistics, hand_off_situation TO wo_coordinator, wo_visitor;',
    by: ROWS,
    title: 'invariant 16',
  },
  {
    fault: 'Idempotency keys of one organisation are read by another',
    file: WALLS,
    from: 'ON idempotency_key FOR ALL TO wo_guide\n  USING (organisation_id = (SELECT app_organisation()))',
    to: 'ON idempotency_key FOR ALL TO wo_guide\n  USING (true)',
    by: ROWS,
    title: READING,
  },
  {
    fault: 'A check is dropped: what is sensitive can be stored for any partner',
    file: FIRST,
    from: "partner_kind   text NOT NULL CHECK (partner_kind IN ('UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE')),",
    to: 'partner_kind   text NOT NULL,',
    by: ROWS,
    title: 'What the tables themselves refuse',
  },
  {
    fault: 'A policy is dropped: a visitor widens consent without the desk',
    file: VISITOR,
    from: "CREATE POLICY visitor_never_widens ON consent AS RESTRICTIVE FOR INSERT TO wo_visitor WITH CHECK (change IN ('NARROWED', 'WITHDRAWN'));",
    to: '',
    by: ROWS,
    title: 'invariant 9',
  },
  {
    fault: 'A trigger is removed: a version of consent need not follow from the last',
    file: VISITOR,
    from: "WHEN (current_user IN ('wo_guide', 'wo_handler', 'wo_visitor')) EXECUTE FUNCTION consent_follows_the_last();",
    to: "WHEN (current_user = 'wo_nobody') EXECUTE FUNCTION consent_follows_the_last();",
    by: VERSIONS,
    title: 'A version follows from the last',
  },
  {
    fault: 'An expired code still erases',
    file: FREE_TEXT,
    from: 'f.hash = ANY (public.app_code_hashes()) AND f.expires_on > public.app_today() LOOP',
    to: 'f.hash = ANY (public.app_code_hashes()) LOOP',
    by: VERSIONS,
    title: 'erases and reads by its own code alone',
  },
  {
    fault: 'A trigger is removed: the visitor moves a hand-off wherever SQL leads',
    file: VISITOR,
    from: "WHEN (current_user = 'wo_visitor' AND (OLD.state",
    to: "WHEN (current_user = 'wo_nobody' AND (OLD.state",
    by: VERSIONS,
    title: 'stops a hand-off that has not ended, for the one reason there is',
  },
  {
    fault: 'A trigger is removed: steps that do not exist can be taken',
    file: THREE_LOCKS,
    from: 'CREATE TRIGGER refuse_impossible_steps BEFORE UPDATE ON hand_off FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION refuse_impossible_steps();',
    to: '',
    by: 'test/walls/steps.test.ts',
    title: 'and refuses any other to whoever may change the row',
  },
  {
    fault: 'A trigger is removed: an earlier voice confirms what the partner does later',
    file: FIRST,
    from: "WHEN (NEW.state IN ('COMPLETED', 'DECLINED', 'RETURNED') AND OLD.state <> NEW.state)\n  EXECUTE",
    to: 'WHEN (false)\n  EXECUTE',
    by: 'test/journeys/desk.test.ts',
    title: 'what was said before the partner was done',
  },
  {
    fault: 'Erased context comes back: a restore is not erased again',
    file: VISITOR,
    from: "AND c.change IN ('GIVEN', 'WIDENED') AND c.day > was.day AND",
    to: "AND c.change IN ('GIVEN', 'WIDENED') AND",
    by: ERASE,
    title: 'after a restore, what was erased is erased again',
  },
  {
    fault: 'When the term of one category ends, all that is closed is erased',
    file: FREE_TEXT,
    from: 'IF closed_on + public.closed_context_days() <= real_day THEN',
    to: 'IF closed_on + public.closed_context_days() <= real_day + 400 THEN',
    by: ERASE,
    title: 'narrowed away: that category alone',
  },
  {
    fault: 'A trigger is removed: closed context is never due to be erased',
    file: VISITOR,
    from: 'CREATE TRIGGER note_context_due AFTER INSERT ON consent FOR EACH ROW EXECUTE FUNCTION note_context_due();',
    to: '',
    by: ERASE,
    title: 'withdrawn context goes, not a day earlier',
  },
  {
    fault: 'Erasing with the code leaves what is sensitive',
    file: 'prisma/migrations/20261122180000_free_text/migration.sql',
    from: "ARRAY['routing', 'question', 'situation', 'sensitive', 'note'] LOOP\n      gone := gone",
    to: "ARRAY['routing', 'question', 'situation', 'note'] LOOP\n      gone := gone",
    by: 'test/journeys/visitor.test.ts',
    title: 'The whole path with nothing but the code',
  },
  {
    fault: 'Everybody may run the function that says who looked',
    file: VISITOR,
    from: 'give_back_code_attempt(text), looked_at_by_code(), agreement_of_code() FROM PUBLIC;',
    to: 'give_back_code_attempt(text), agreement_of_code() FROM PUBLIC;',
    by: VERSIONS,
    title: 'of the functions that run as their owner, each role may run just its own',
  },
  {
    fault: 'The function that finds the log of a hand-off gives an officer lines of other people’s',
    file: INSIGHT,
    from: '(p.partner_id = (SELECT public.app_organisation()) AND p.acting_organisation_id = (SELECT public.app_organisation())))',
    to: 'p.partner_id = (SELECT public.app_organisation()))',
    by: 'test/walls/functions.test.ts',
    title: 'of the log of a hand-off an officer gets the keys',
  },
  {
    fault: 'To the database one person may sign an agreement for both sides',
    file: AGREEMENTS,
    from: "AND p.number = NEW.number)) <> 'no' THEN",
    to: "AND p.number = NEW.number)) = 'maybe' THEN",
    by: LIFE,
    title: 'a person is known again under a key that was replaced',
  },
  {
    fault: 'A suspension leaves the next version, which is signed, to open tomorrow',
    file: AGREEMENTS,
    from: "(l.state = 'ACTIVE' OR l.state = 'DRAFT' AND EXISTS",
    to: "(l.state = 'DRAFT' AND EXISTS",
    by: LIFE,
    title: 'a suspension takes every later version along',
  },
]
