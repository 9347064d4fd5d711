// Faults in what keeps people unknown: the guard before free text, the check at entry, fading and what is replayed after a restore, and figures.
import type { Fault } from '../faults.js'

const FADING = 'prisma/migrations/20261122190000_fading/migration.sql'
const TELLERS = 'prisma/migrations/20261123110000_entry_tellers/migration.sql'
const COUNTING = 'prisma/migrations/20261122200000_figures/migration.sql'
const ENTRY = 'src/anonymity/entry.ts'
const TEXT = 'src/graphql/free-text.ts'
const PROTECT = 'src/figures/protect.ts'
const AUDIT = 'src/figures/audit.ts'
const PUBLISH = 'src/figures/publish.ts'

const TYPED = 'test/anonymity/free-text.test.ts'
const FADED = 'test/anonymity/fading.test.ts'
const AT_ENTRY = 'test/anonymity/entry.test.ts'
const RESTORED = 'test/anonymity/restore.test.ts'
const COUNTED = 'test/figures/counted.test.ts'
const PUBLISHED = 'test/figures/publish.test.ts'
const PROTECTED = 'test/figures/protect.test.ts'
const COUNTED_TITLE = 'what is counted of a quarter is what happened in it'

export const ANONYMITY: readonly Fault[] = [
  {
    fault: 'What the guard found is stored all the same',
    file: TEXT,
    from: 'if (findings.length > 0) {',
    to: 'if (findings.length > 99) {',
    by: TYPED,
    title: 'nothing of it is in the database or in the log of the server',
  },
  {
    fault: 'Each field is read by itself, and half a number in each passes',
    file: 'src/anonymity/check-fields.ts',
    from: 'for (const { name, ...part } of parts) {',
    to: 'for (const { name, ...part } of parts.slice(parts.length)) {',
    by: TYPED,
    title: 'what is split over two fields of one mutation is read together',
  },
  {
    fault: 'A string that nobody guards comes in with a new operation',
    file: TEXT,
    from: 'if (unnamed.length > 0)',
    to: 'if (unnamed.length > 99)',
    by: 'test/graphql/free-text.test.ts',
    title: 'that takes another string is not served',
  },
  {
    fault: 'A note that hints at health goes where ordinary notes go',
    file: 'src/anonymity/short-text.ts',
    from: 'checkText(text).sensitive.length > 0',
    to: 'checkText(text).sensitive.length > 99',
    by: TYPED,
    title: 'that is sensitive is stored as sensitive, and shown by that rule alone',
  },
  {
    fault: 'A remark may say what somebody suffers from',
    file: TEXT,
    from: "  'recordRemark.remark': 'No explicit consent stands before a remark.',\n",
    to: '',
    by: TYPED,
    title: 'says nothing that AVG art. 9 or 10 protects, and something',
  },
  {
    fault: 'A combination counts as common one telling too early',
    file: TELLERS,
    from: 'coalesce(n.times >= enough, false)',
    to: 'coalesce(n.times >= enough - 1, false)',
    by: AT_ENTRY,
    title: 'what was told k times is stored whole from then on',
  },
  {
    fault: 'One guide who tells a combination again is counted again',
    file: TELLERS,
    from: 'times = CASE WHEN excluded.tellers <@ e.tellers THEN e.times ELSE e.times + 1 END',
    to: 'times = e.times + 1',
    by: AT_ENTRY,
    title: 'so one guide has nothing rare stored whole, in one request or in many',
  },
  {
    fault: 'What is counted at entry can be read as what was told',
    file: ENTRY,
    from: "keyedHash(act.world.keys, 'entry', JSON.stringify([group, origin, work, benefit, age, education, languageHelp])),",
    to: 'JSON.stringify([group, origin, work, benefit, age, education, languageHelp, typeof keyedHash]),',
    by: AT_ENTRY,
    title: 'what is counted is a keyed hash: nobody reads a combination in it',
  },
  {
    fault: 'Coarsening makes somebody below sixteen an adult for the law',
    file: ENTRY,
    from: "has('AGE') && told.age !== 'U16'",
    to: "has('AGE')",
    by: AT_ENTRY,
    title: 'below sixteen stays below sixteen',
  },
  {
    fault: 'Everything rare is left out, where leaving out a little would do',
    file: ENTRY,
    from: "  ['EDUCATION', 'LANGUAGE_HELP', 'ORIGIN'],\n",
    to: '',
    by: AT_ENTRY,
    title: 'of who is rare no more is left out than makes them one of k',
  },
  {
    fault: 'A faded week falls in the quarter before its own',
    file: FADING,
    from: "THEN greatest(date_trunc('week', day), date_trunc('quarter', day))::date",
    to: "THEN date_trunc('week', day)::date",
    by: FADED,
    title: 'goes from day to week to quarter, and loses its details, each on the day its term is over and not one earlier',
  },
  {
    fault: 'What fades does not wait until it was counted',
    file: FADING,
    from: 'IF NOT rule.after_count OR public.quarter_is_counted(centre, quarter) THEN',
    to: 'IF true THEN',
    by: FADED,
    title: 'of a quarter that the figures did not count keeps its details',
  },
  {
    fault: 'A hand-off that nobody closed fades like one that is closed',
    file: FADING,
    from: 'public.faded_through(real_day, rule.days + open_days, before), true',
    to: 'public.faded_through(real_day, rule.days, before), true',
    by: FADED,
    title: 'that nobody closed waits a year longer',
  },
  {
    fault: 'A term is over while the real day may still lie within it',
    file: FADING,
    from: "CASE precise WHEN 'WEEK' THEN today - days - 6 ",
    to: "CASE precise WHEN 'WEEK' THEN today - days ",
    by: FADED,
    title: 'goes from day to week to quarter, and loses its details, each on the day its term is over and not one earlier',
  },
  {
    fault: 'A server whose clock is ahead lets everything fade',
    file: FADING,
    from: "real_day date := least(today, (now() AT TIME ZONE 'Europe/Amsterdam')::date);",
    to: 'real_day date := today;',
    by: FADED,
    title: 'never goes by a day that has not come',
  },
  {
    fault: 'What is added to an old hand-off is as old as the hand-off',
    file: FADING,
    from: '  NEW.faded := 0;\n',
    to: '',
    by: FADED,
    title: 'to which something is added begins its terms anew',
  },
  {
    fault: 'A consent that was narrowed is as wide as before after a restore',
    file: FADING,
    from: "WHEN (NEW.change IN ('NARROWED', 'WITHDRAWN')) EXECUTE",
    to: "WHEN (NEW.change = 'WITHDRAWN') EXECUTE",
    by: RESTORED,
    title: 'the backup that was put back is withdrawn, narrowed, erased and faded again',
  },
  {
    fault: 'What was erased is back after a restore',
    file: FADING,
    from: 'CREATE TRIGGER put_erasure_away AFTER INSERT ON erasure FOR EACH ROW EXECUTE FUNCTION put_erasure_away();\n',
    to: '',
    by: RESTORED,
    title: 'the backup that was put back is withdrawn, narrowed, erased and faded again',
  },
  {
    fault: 'The file outside the database names hand-offs',
    file: 'src/anonymity/put-away.ts',
    from: "handOff: keyedHash(keys, 'put-away', id)",
    to: "handOff: `${keyedHash(keys, 'put-away', id).split(':')[0]}:${id}`",
    by: RESTORED,
    title: 'what is kept outside names no hand-off and no day',
  },
  {
    fault: 'A contact that was logged by mistake is counted',
    file: COUNTING,
    from: 'c.day < until AND NOT c.voided',
    to: 'c.day < until',
    by: COUNTED,
    title: COUNTED_TITLE,
  },
  {
    fault: 'Hand-offs to unions are in the figures',
    file: COUNTING,
    from: "h.offered_on < until AND h.partner_kind <> 'UNION'",
    to: 'h.offered_on < until',
    by: COUNTED,
    title: COUNTED_TITLE,
  },
  {
    fault: 'An answer after the term counts as in time',
    file: COUNTING,
    from: "WHEN e.day <= e.answer_due_on THEN 'WITHIN_TERM'",
    to: "WHEN e.day <= e.answer_due_on + 30 THEN 'WITHIN_TERM'",
    by: COUNTED,
    title: COUNTED_TITLE,
  },
  {
    fault: 'A loop that the visitor contradicts counts as closed',
    file: COUNTING,
    from: "WHEN e.voice = 'WORKED' THEN 'CLOSED'",
    to: "WHEN e.voice IS NOT NULL THEN 'CLOSED'",
    by: COUNTED,
    title: COUNTED_TITLE,
  },
  {
    fault: 'A quarter is counted while it is going on',
    file: COUNTING,
    from: '  IF NOT public.quarter_is_over($2) THEN RETURN NULL; END IF;\n',
    to: '',
    by: PUBLISHED,
    title: 'a quarter that is not over is not counted',
  },
  {
    fault: 'What has faded is counted again, as unknown',
    file: COUNTING,
    from: 'IF $3 AND (EXISTS',
    to: 'IF false AND (EXISTS',
    by: PUBLISHED,
    title: 'of a quarter of which something has faded is refused',
  },
  {
    fault: 'A partner reads in the figures what other partners were offered',
    file: COUNTING,
    from: "USING (figure = 'OFFERED_BY_PARTNER' AND row_key = (SELECT app_organisation())::text)",
    to: "USING (figure = 'OFFERED_BY_PARTNER' AND (SELECT app_organisation()) IS NOT NULL)",
    by: 'test/walls/rows.test.ts',
    title: 'gives each role exactly the rows of its own organisation or code, on every table',
  },
  {
    fault: 'Small numbers are told',
    file: PROTECT,
    from: '(decided ? told : told && truth(cells) >= threshold))',
    to: '(decided ? told : told))',
    by: PROTECTED,
    title: 'a small number takes its cheapest neighbour along',
  },
  {
    fault: 'What gives a small number away is told',
    file: PROTECT,
    from: "if (gaps > 0) throw new Error('the audit",
    to: "if (gaps > 99_999) throw new Error('the audit",
    by: PROTECTED,
    title: 'a solver that is wrong cannot make anything known: what it gives is checked',
  },
  {
    fault: 'A world with fewer than nobody is taken for a possible one',
    file: AUDIT,
    from: 'counts[cell]! + moved >= 0',
    to: 'counts[cell]! + moved >= -99',
    by: PROTECTED,
    title: 'a world with fewer than nobody is none',
  },
  {
    fault: 'Two worlds hide a value though they tell another total',
    file: AUDIT,
    from: '!told || sum(cells, world) === 0',
    to: '!told || Math.abs(sum(cells, world)) < 2',
    by: PROTECTED,
    title: 'a world that tells another total is none',
  },
  {
    fault: 'A correction shows whom it is about',
    file: PUBLISH,
    from: 'moved !== 0 && Math.abs(moved) < threshold',
    to: 'moved !== 0 && Math.abs(moved) < 1',
    by: PUBLISHED,
    title: 'that is about fewer people than the threshold is refused',
  },
  {
    fault: 'The policy may set a threshold of one',
    file: 'src/figures/tables.ts',
    from: '.min(LEAST, {',
    to: '.min(1, {',
    by: PROTECTED,
    title: 'a threshold below five is refused',
  },
]
