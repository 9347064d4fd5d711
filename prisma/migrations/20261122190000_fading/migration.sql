-- Fading: what is kept gets coarser with time, until only what the figures need is left; and what is nearly unique is coarser from the start
-- (design 6). How long stands in policies/retention.yaml, which the release step loads here: the job reads it nowhere else.

-- ---------------------------------------------------------------------------------------------------------------------------
-- The terms, as the file has them
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE retention_rule (
  subject      text PRIMARY KEY,
  category     text NOT NULL,
  -- What the term is counted from, in words of the closed list in src/anonymity/retention.ts.
  counted_from text NOT NULL,
  does         text NOT NULL CHECK (does IN ('WEEK', 'QUARTER', 'REMOVE', 'KEEP')),
  days         integer CHECK (days >= 0),
  months       integer CHECK (months >= 12),
  -- Of contacts and hand-offs, which go through stages: never of a quarter that the figures did not count yet.
  after_count  boolean NOT NULL DEFAULT false,
  stage        smallint,
  tables       text[] NOT NULL,
  -- Columns that are emptied, or made coarser, as 'table.column'.
  empties      text[] NOT NULL DEFAULT '{}',
  coarsens     text[] NOT NULL DEFAULT '{}',
  -- Of a table whose rows go one by one: the column that says from when.
  since        text,
  source       text NOT NULL,
  law          text NOT NULL,
  needs_lawyer boolean NOT NULL
);
ALTER TABLE retention_rule ENABLE ROW LEVEL SECURITY;

-- What the job did, per day and step: numbers of rows, never which.
CREATE TABLE fading_run (
  day       date NOT NULL,
  subject   text NOT NULL,
  batches   integer NOT NULL CHECK (batches > 0),
  things    bigint NOT NULL CHECK (things > 0),
  last_at   timestamptz NOT NULL,
  PRIMARY KEY (day, subject)
);
ALTER TABLE fading_run ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON retention_rule, fading_run TO wo_coordinator, wo_officer_werkcentrum, wo_officer_partner;
CREATE POLICY read_reference ON retention_rule FOR SELECT TO wo_coordinator, wo_officer_werkcentrum, wo_officer_partner USING (true);
CREATE POLICY read_reference ON fading_run FOR SELECT TO wo_coordinator, wo_officer_werkcentrum, wo_officer_partner USING (true);

-- How many days closed context is kept, from the same file; 14 where no release step loaded it yet.
CREATE OR REPLACE FUNCTION closed_context_days() RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT r.days FROM public.retention_rule r WHERE r.subject = 'closed-context'), 14)
$$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- What a faded thing looks like
-- ---------------------------------------------------------------------------------------------------------------------------
-- `faded`: how many steps it went. `day_precision`: how exact its days still are; a faded day is the first of its week or quarter.
ALTER TABLE visitor_contact
  ALTER COLUMN day_part DROP NOT NULL,
  ADD COLUMN faded smallint NOT NULL DEFAULT 0,
  ADD COLUMN day_precision text NOT NULL DEFAULT 'DAY' CHECK (day_precision IN ('DAY', 'WEEK', 'QUARTER')),
  -- What the check at entry made coarser; for the desk, on the day itself.
  ADD COLUMN coarsened text[] NOT NULL DEFAULT '{}' CHECK (coarsened <@ ARRAY['ORIGIN', 'AGE', 'WORK', 'BENEFIT', 'EDUCATION', 'LANGUAGE_HELP']);
-- Only what is not done yet is in it, so it stays small.
CREATE INDEX visitor_contact_fading ON visitor_contact (faded, werkcentrum_id, day) WHERE faded < 4;
-- Faded themes are none; a desk still cannot tell none.
ALTER TABLE visitor_contact_question ALTER COLUMN themes SET DEFAULT '{}', DROP CONSTRAINT visitor_contact_question_themes_check,
  ADD CONSTRAINT visitor_contact_question_themes_check CHECK (cardinality(themes) <= 2);
CREATE POLICY about_something ON visitor_contact_question AS RESTRICTIVE FOR INSERT TO wo_guide WITH CHECK (cardinality(themes) > 0);

ALTER TABLE hand_off
  ALTER COLUMN recognition_code DROP NOT NULL,
  ALTER COLUMN changed_day_part DROP NOT NULL,
  ADD COLUMN faded smallint NOT NULL DEFAULT 0,
  ADD COLUMN day_precision text NOT NULL DEFAULT 'DAY' CHECK (day_precision IN ('DAY', 'WEEK', 'QUARTER')),
  -- The last day on which anything was added to its story: the terms are counted from here.
  ADD COLUMN touched_on date NOT NULL DEFAULT current_date;
UPDATE hand_off h SET touched_on = greatest(h.changed_on,
  (SELECT max(e.day) FROM hand_off_event e WHERE e.werkcentrum_id = h.werkcentrum_id AND e.hand_off_id = h.id),
  (SELECT max(w.day) FROM warm_call w WHERE w.werkcentrum_id = h.werkcentrum_id AND w.hand_off_id = h.id),
  (SELECT max(c.day) FROM consent c WHERE c.werkcentrum_id = h.werkcentrum_id AND c.hand_off_id = h.id));
CREATE INDEX hand_off_fading ON hand_off (faded, (CASE WHEN open_until = 'infinity'::date THEN 1 ELSE 0 END), werkcentrum_id, touched_on) WHERE faded < 4;
ALTER TABLE hand_off_logistics ALTER COLUMN contact_day_part DROP NOT NULL;
ALTER TABLE hand_off_event ALTER COLUMN day_part DROP NOT NULL;
ALTER TABLE warm_call ALTER COLUMN day_part DROP NOT NULL;
CREATE INDEX follow_up_code_ends ON follow_up_code (expires_on);
CREATE INDEX idempotency_key_by_day ON idempotency_key (day);
CREATE INDEX staff_identity_request_by_day ON staff_identity_request (asked_on);
ALTER TABLE staff_identity_record DROP CONSTRAINT staff_identity_record_request_id_fkey,
  ADD FOREIGN KEY (request_id) REFERENCES staff_identity_request ON DELETE CASCADE;

-- A consent of a week that faded begins and ends on one day. Who acts for somebody still cannot give one that holds for no day.
ALTER TABLE consent DROP CONSTRAINT consent_check1, ADD CONSTRAINT consent_check1 CHECK (expires_on >= day OR change <> 'GIVEN');
CREATE POLICY given_for_a_day ON consent AS RESTRICTIVE FOR INSERT TO wo_guide, wo_handler, wo_visitor WITH CHECK (expires_on > day OR change <> 'GIVEN');

-- A contact keeps its quarter for ever: a week that began in the quarter before becomes the first day of its own.
CREATE FUNCTION faded_day(day date, precise text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE precise WHEN 'WEEK' THEN greatest(date_trunc('week', day), date_trunc('quarter', day))::date
    WHEN 'QUARTER' THEN date_trunc('quarter', day)::date ELSE day END
$$;

-- Nobody writes these but the functions below.
REVOKE INSERT ON visitor_contact FROM wo_guide;
GRANT INSERT (werkcentrum_id, id, desk_id, channel, day, day_part, result, voided, coarsened) ON visitor_contact TO wo_guide;

-- What is added to a hand-off is of that day: its terms begin anew. What was made coarser stays so.
CREATE FUNCTION note_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.touched_on := greatest(NEW.changed_on, public.app_today());
  NEW.faded := 0;
  RETURN NEW;
END $$;
CREATE TRIGGER note_touched_first BEFORE INSERT ON hand_off FOR EACH ROW EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_touched BEFORE UPDATE OF steps ON hand_off FOR EACH ROW WHEN (NEW.steps <> OLD.steps) EXECUTE FUNCTION note_touched();
CREATE FUNCTION note_viewed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.hand_off h SET touched_on = greatest(h.touched_on, NEW.day), faded = 0
    WHERE h.werkcentrum_id = NEW.werkcentrum_id AND h.id = NEW.hand_off_id AND h.faded > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER note_viewed AFTER INSERT ON hand_off_view FOR EACH ROW EXECUTE FUNCTION note_viewed();

-- Has this quarter of this werkcentrum been counted, so that its figures need no more than what is counted?
CREATE FUNCTION quarter_is_counted(werkcentrum uuid, quarter date) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT true $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Fading
-- ---------------------------------------------------------------------------------------------------------------------------

-- Contacts or hand-offs of one werkcentrum go one step. The names of tables and columns come from retention_rule, which the owner alone writes.
CREATE FUNCTION fade_things(kind text, rule retention_rule, of_werkcentrum uuid, ids uuid[]) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  main text := CASE kind WHEN 'contact' THEN 'visitor_contact' ELSE 'hand_off' END;
  hangs text := CASE kind WHEN 'contact' THEN 'contact_id' ELSE 'hand_off_id' END;
  name text;
  changes text;
BEGIN
  IF rule.does = 'REMOVE' THEN
    FOREACH name IN ARRAY rule.tables LOOP
      EXECUTE format('DELETE FROM public.%I WHERE werkcentrum_id = $1 AND %I = ANY ($2)', name, hangs) USING of_werkcentrum, ids;
    END LOOP;
  END IF;
  FOR name, changes IN
    SELECT split_part(c.place, '.', 1), string_agg(format(c.change, split_part(c.place, '.', 2), rule.does), ', ')
    FROM (SELECT unnest(rule.empties), '%1$I = DEFAULT' UNION ALL SELECT unnest(rule.coarsens), '%1$I = public.faded_day(%1$I, %2$L)') c (place, change)
    GROUP BY 1
  LOOP
    EXECUTE format('UPDATE public.%I SET %s WHERE werkcentrum_id = $1 AND %I = ANY ($2)', name, changes, CASE name WHEN main THEN 'id' ELSE hangs END)
      USING of_werkcentrum, ids;
  END LOOP;
  EXECUTE format('UPDATE public.%I SET faded = $3, day_precision = CASE WHEN $4 IN (''WEEK'', ''QUARTER'') AND day_precision <> ''QUARTER'' THEN $4 ELSE day_precision END
    WHERE werkcentrum_id = $1 AND id = ANY ($2)', main) USING of_werkcentrum, ids, rule.stage, rule.does;
END $$;

-- The last day, as it stands in the row, from which the whole term is over, whatever the real day was: a week may have been its Sunday.
CREATE FUNCTION faded_through(today date, days integer, precise text) RETURNS date LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE precise WHEN 'WEEK' THEN today - days - 6 WHEN 'QUARTER' THEN (date_trunc('quarter', today - days + 1) - interval '3 months')::date
    ELSE today - days END
$$;

-- Up to `most` contacts or hand-offs of one werkcentrum go this step; returns how many. `waits`: hand-offs whose loop is still open.
CREATE FUNCTION fade_stage(kind text, rule retention_rule, through date, waits boolean, most integer) RETURNS integer
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  main text := CASE kind WHEN 'contact' THEN 'visitor_contact' ELSE 'hand_off' END;
  -- In the words of the index, the stage as a literal, so that the partial index serves.
  due text := CASE kind WHEN 'contact' THEN format('faded = %s', rule.stage - 1)
    ELSE format('faded = %s AND CASE WHEN open_until = ''infinity''::date THEN 1 ELSE 0 END = %s', rule.stage - 1, waits::integer) END;
  day text := CASE kind WHEN 'contact' THEN 'day' ELSE 'touched_on' END;
  offered text := CASE WHEN kind = 'hand-off' AND rule.after_count THEN 'public.quarter_is_counted(werkcentrum_id, date_trunc(''quarter'', offered_on)::date)' ELSE 'true' END;
  centre uuid;
  quarter date;
  next date;
  ids uuid[];
BEGIN
  FOR centre IN SELECT w.id FROM public.werkcentrum w ORDER BY w.id LOOP
    EXECUTE format('SELECT date_trunc(''quarter'', min(%I))::date FROM public.%I WHERE %s AND werkcentrum_id = $1', day, main, due) INTO quarter USING centre;
    WHILE quarter <= through LOOP
      -- What does not wait for the figures need not go by quarters.
      next := CASE WHEN rule.after_count THEN quarter + interval '3 months' ELSE 'infinity' END;
      IF NOT rule.after_count OR public.quarter_is_counted(centre, quarter) THEN
        EXECUTE format('SELECT array_agg(d.id) FROM (SELECT id FROM public.%I WHERE %s AND werkcentrum_id = $1 AND %I >= $2 AND %3$I < $5
          AND %3$I <= $3 AND %s ORDER BY %3$I LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED) d', main, due, day, offered) INTO ids USING centre, quarter, through, most, next;
        IF ids IS NOT NULL THEN
          PERFORM public.fade_things(kind, rule, centre, ids);
          RETURN cardinality(ids);
        END IF;
      END IF;
      quarter := next;
    END LOOP;
  END LOOP;
  RETURN 0;
END $$;

-- One small batch of one step; returns how many things it did, 0 when nothing of it is due, null when another is at it. All of a batch is kept or
-- nothing, also the line that counts it, so who is killed has nothing to put right. Whoever calls this can only do what was due: the terms are the
-- database's, and the day is never later than the real one.
CREATE FUNCTION fade(step text, today date, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  real_day date := least(today, (now() AT TIME ZONE 'Europe/Amsterdam')::date);
  at_most integer := greatest(1, least(most, 1000));
  -- On a hand-off hang a dozen tables.
  few integer := greatest(1, at_most / 4);
  rule public.retention_rule%ROWTYPE;
  before text;
  open_days integer;
  done integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(72707372) THEN RETURN NULL; END IF;
  SELECT r.* INTO rule FROM public.retention_rule r WHERE r.subject = step AND r.days IS NOT NULL AND r.does <> 'KEEP';
  IF NOT FOUND OR real_day IS NULL THEN RETURN 0; END IF;
  -- How exact the day still is that the term is counted from.
  before := (SELECT r.does FROM public.retention_rule r WHERE r.counted_from = rule.counted_from AND r.stage < rule.stage AND r.does IN ('WEEK', 'QUARTER')
    ORDER BY r.stage DESC LIMIT 1);
  IF rule.counted_from = 'CONTACT' THEN
    done := public.fade_stage('contact', rule, public.faded_through(real_day, rule.days, before), false, at_most);
  ELSIF rule.counted_from = 'CLOSED_HAND_OFF' THEN
    done := public.fade_stage('hand-off', rule, public.faded_through(real_day, rule.days, before), false, few);
    IF done = 0 THEN
      SELECT r.days INTO open_days FROM public.retention_rule r WHERE r.subject = 'open-loop';
      done := public.fade_stage('hand-off', rule, public.faded_through(real_day, rule.days + open_days, before), true, few);
    END IF;
  ELSIF rule.counted_from = 'ROW' THEN
    -- One table, by the column that says from when.
    EXECUTE format('DELETE FROM public.%1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM public.%1$I WHERE %2$I <= $1 ORDER BY %2$I LIMIT $2 FOR UPDATE SKIP LOCKED))',
      rule.tables[1], rule.since) USING real_day - rule.days, at_most;
    GET DIAGNOSTICS done = ROW_COUNT;
  END IF;
  IF done > 0 THEN
    INSERT INTO public.fading_run AS f (day, subject, batches, things, last_at) VALUES (real_day, step, 1, done, clock_timestamp())
      ON CONFLICT (day, subject) DO UPDATE SET batches = f.batches + 1, things = f.things + excluded.things, last_at = excluded.last_at;
  END IF;
  RETURN done;
END $$;

-- The steps there are, in the order of the file: for the job.
CREATE FUNCTION fading_steps() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.subject FROM public.retention_rule r
  WHERE r.days IS NOT NULL AND r.does <> 'KEEP' AND r.counted_from IN ('CONTACT', 'CLOSED_HAND_OFF', 'ROW') ORDER BY r.counted_from, r.stage, r.subject
$$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- The check at entry
-- ---------------------------------------------------------------------------------------------------------------------------
-- How often a combination was told in a region in a quarter, under a keyed hash: nobody who reads this table can say which combination it was.
CREATE TABLE entry_count (
  quarter     date NOT NULL,
  am_code     text NOT NULL,
  combination text NOT NULL,
  times       integer NOT NULL CHECK (times > 0),
  PRIMARY KEY (quarter, am_code, combination)
);
ALTER TABLE entry_count ENABLE ROW LEVEL SECURITY;

-- Below how many a combination is nearly unique; loaded by the release step.
CREATE TABLE entry_threshold (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  k        integer NOT NULL CHECK (k > 0)
);
ALTER TABLE entry_threshold ENABLE ROW LEVEL SECURITY;

-- Counts a telling under each of its combinations, until there are enough of it, and says of each in turn whether it has been told often enough in this region and quarter. Rows
-- are taken in one order, so two desks wait for each other and never in a circle. Without a threshold nothing is often enough.
CREATE FUNCTION count_at_entry(combinations text[]) RETURNS boolean[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own text;
  this_quarter date := date_trunc('quarter', public.app_today())::date;
  enough integer;
  answer boolean[];
BEGIN
  SELECT w.am_code INTO own FROM public.werkcentrum w WHERE w.id = public.app_organisation();
  IF own IS NULL OR this_quarter IS NULL OR cardinality(combinations) NOT BETWEEN 1 AND 10 THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a desk counts what is told to it';
  END IF;
  SELECT t.k INTO enough FROM public.entry_threshold t;
  -- What was told often enough is read and not locked: the commonest are told at many desks at once.
  WITH known AS (
    SELECT e.combination, e.times FROM public.entry_count e
    WHERE e.quarter = this_quarter AND e.am_code = own AND e.combination = ANY (combinations) AND e.times >= enough
  ), counted AS (
    INSERT INTO public.entry_count AS e (quarter, am_code, combination, times)
      SELECT this_quarter, own, d.c, 1 FROM (SELECT DISTINCT unnest(combinations) AS c ORDER BY 1) d
      WHERE NOT EXISTS (SELECT FROM known n WHERE n.combination = d.c)
      ON CONFLICT (quarter, am_code, combination) DO UPDATE SET times = e.times + 1
      RETURNING e.combination, e.times
  ) SELECT array_agg(coalesce(n.times >= enough, false) ORDER BY c.place) INTO answer
    FROM unnest(combinations) WITH ORDINALITY c (combination, place) JOIN (SELECT * FROM known UNION ALL SELECT * FROM counted) n USING (combination);
  RETURN answer;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- What has to outlive a restore: a server takes these away and keeps them outside the database (src/anonymity/put-away.ts)
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE put_away (
  number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hand_off_id uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('NARROWED', 'WITHDRAWN', 'ERASED')),
  -- Of the consent: the one that narrowed, or the last one when it was erased. Says which came first; no day has to.
  version     integer NOT NULL,
  -- What is left of the consent, or what was erased.
  categories  text[] NOT NULL,
  -- Where the consent was made to end earlier: when. Else no day: the usual end would tell the day it was given.
  until       date,
  drops_reserve boolean NOT NULL DEFAULT false
);
ALTER TABLE put_away ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION put_consent_away() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.put_away (hand_off_id, kind, version, categories, until, drops_reserve)
    SELECT NEW.hand_off_id, NEW.change, NEW.version, NEW.categories, CASE WHEN NEW.expires_on < p.expires_on THEN NEW.expires_on END,
      p.reserve_partner_id IS NOT NULL AND NEW.reserve_partner_id IS NULL
    FROM (SELECT 1) one LEFT JOIN public.consent p ON p.werkcentrum_id = NEW.werkcentrum_id AND p.hand_off_id = NEW.hand_off_id AND p.version = NEW.version - 1;
  RETURN NULL;
END $$;
CREATE TRIGGER put_consent_away AFTER INSERT ON consent FOR EACH ROW WHEN (NEW.change IN ('NARROWED', 'WITHDRAWN')) EXECUTE FUNCTION put_consent_away();
CREATE FUNCTION put_erasure_away() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.put_away (hand_off_id, kind, version, categories) VALUES (NEW.hand_off_id, 'ERASED', coalesce((SELECT max(c.version) FROM public.consent c
    WHERE c.werkcentrum_id = NEW.werkcentrum_id AND c.hand_off_id = NEW.hand_off_id), 0), ARRAY[NEW.category]);
  RETURN NULL;
END $$;
CREATE TRIGGER put_erasure_away AFTER INSERT ON erasure FOR EACH ROW EXECUTE FUNCTION put_erasure_away();
INSERT INTO put_away (hand_off_id, kind, version, categories, until, drops_reserve)
  SELECT c.hand_off_id, c.change, c.version, c.categories, CASE WHEN c.expires_on < p.expires_on THEN c.expires_on END,
    p.reserve_partner_id IS NOT NULL AND c.reserve_partner_id IS NULL
  FROM consent c JOIN consent p ON p.werkcentrum_id = c.werkcentrum_id AND p.hand_off_id = c.hand_off_id AND p.version = c.version - 1
  WHERE c.change IN ('NARROWED', 'WITHDRAWN') ORDER BY c.day, c.version;
INSERT INTO put_away (hand_off_id, kind, version, categories)
  SELECT e.hand_off_id, 'ERASED', coalesce((SELECT max(c.version) FROM consent c WHERE c.werkcentrum_id = e.werkcentrum_id AND c.hand_off_id = e.hand_off_id
    AND c.day <= e.day), 0), ARRAY[e.category] FROM erasure e ORDER BY e.day;

-- Takes up to `most` of them, in order, for as long as the transaction that asks is kept; none while another takes.
CREATE FUNCTION take_put_away(most integer) RETURNS SETOF put_away LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(72707373) THEN RETURN; END IF;
  RETURN QUERY WITH taken AS (
    DELETE FROM public.put_away p WHERE p.number IN (SELECT o.number FROM public.put_away o ORDER BY o.number LIMIT least(most, 1000)) RETURNING p.*
  ) SELECT * FROM taken t ORDER BY t.number;
END $$;

-- For the owner, after a restore: does to a hand-off what was done to it before, if that is not so already; returns how many rows it changed.
CREATE FUNCTION replay_put_away(of_hand_off uuid, of_kind text, of_version integer, of_categories text[], of_until date, drops_reserve boolean)
  RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last public.consent%ROWTYPE;
  left_over text[];
  category text;
  gone integer := 0;
  today date := (now() AT TIME ZONE 'Europe/Amsterdam')::date;
  centre uuid;
BEGIN
  SELECT h.werkcentrum_id INTO centre FROM public.hand_off h WHERE h.id = of_hand_off;
  SELECT c.* INTO last FROM public.consent c WHERE c.werkcentrum_id = centre AND c.hand_off_id = of_hand_off ORDER BY c.version DESC LIMIT 1;
  IF of_kind IN ('NARROWED', 'WITHDRAWN') THEN
    IF last.version IS NULL OR last.version >= of_version THEN RETURN 0; END IF;
    left_over := ARRAY(SELECT c FROM unnest(last.categories) c WHERE c = ANY (of_categories));
    IF left_over = last.categories AND last.expires_on <= coalesce(of_until, 'infinity') AND (last.reserve_partner_id IS NULL OR NOT drops_reserve) THEN
      RETURN 0;
    END IF;
    last.version := last.version + 1;
    last.change := CASE WHEN cardinality(left_over) = 0 THEN 'WITHDRAWN' ELSE 'NARROWED' END;
    last.categories := left_over;
    last.explicit_categories := ARRAY(SELECT c FROM unnest(last.explicit_categories) c WHERE c = ANY (left_over));
    last.reserve_partner_id := CASE WHEN cardinality(left_over) > 0 AND NOT drops_reserve THEN last.reserve_partner_id END;
    last.expires_on := least(last.expires_on, of_until);
    last.by_side := 'WERKCENTRUM';
    last.day := least(today, last.expires_on);
    INSERT INTO public.consent SELECT last.*;
    RETURN 1;
  END IF;
  FOREACH category IN ARRAY of_categories LOOP
    IF category = 'contact' THEN
      gone := gone + public.cut_from_contact(centre, of_hand_off, today);
    ELSIF NOT EXISTS (SELECT FROM public.consent c WHERE c.werkcentrum_id = centre AND c.hand_off_id = of_hand_off AND c.version > of_version
      AND c.change IN ('GIVEN', 'WIDENED') AND category = ANY (c.categories)) THEN
      gone := gone + public.erase_category(centre, of_hand_off, category, today, 'TERM');
    END IF;
  END LOOP;
  RETURN gone;
END $$;

-- What of it is still there, looked up and not believed: rows, or the consent.
CREATE FUNCTION still_there(of_hand_off uuid, of_kind text, of_version integer, of_categories text[], of_until date, drops_reserve boolean)
  RETURNS integer LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last public.consent%ROWTYPE;
  category text;
  name text;
  here boolean;
  found integer := 0;
BEGIN
  SELECT c.* INTO last FROM public.consent c JOIN public.hand_off h ON h.werkcentrum_id = c.werkcentrum_id AND h.id = c.hand_off_id
    WHERE h.id = of_hand_off ORDER BY c.version DESC LIMIT 1;
  IF of_kind IN ('NARROWED', 'WITHDRAWN') THEN
    RETURN (last.version < of_version AND (NOT last.categories <@ of_categories OR last.expires_on > of_until
      OR (drops_reserve AND last.reserve_partner_id IS NOT NULL)) IS TRUE)::integer;
  END IF;
  FOREACH category IN ARRAY of_categories LOOP
    CONTINUE WHEN EXISTS (SELECT FROM public.consent c JOIN public.hand_off h ON h.werkcentrum_id = c.werkcentrum_id AND h.id = c.hand_off_id
      WHERE h.id = of_hand_off AND c.version > of_version AND c.change IN ('GIVEN', 'WIDENED') AND category = ANY (c.categories));
    FOREACH name IN ARRAY CASE category WHEN 'contact' THEN ARRAY['hand_off_origin'] WHEN 'question' THEN ARRAY['hand_off_question', 'hand_off_next_step']
      ELSE ARRAY['hand_off_' || category] END LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM public.%I t JOIN public.hand_off h ON h.werkcentrum_id = t.werkcentrum_id AND h.id = t.hand_off_id WHERE h.id = $1 %s)',
        name, CASE category WHEN 'contact' THEN 'AND t.contact_id IS NOT NULL' ELSE '' END) INTO here USING of_hand_off;
      found := found + here::integer;
    END LOOP;
  END LOOP;
  RETURN found;
END $$;

REVOKE EXECUTE ON FUNCTION note_touched(), note_viewed(), quarter_is_counted(uuid, date), fade_things(text, retention_rule, uuid, uuid[]),
  faded_through(date, integer, text), fade_stage(text, retention_rule, date, boolean, integer), fade(text, date, integer), fading_steps(),
  count_at_entry(text[]), put_consent_away(), put_erasure_away(), take_put_away(integer), replay_put_away(uuid, text, integer, text[], date, boolean),
  still_there(uuid, text, integer, text[], date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fade(text, date, integer), fading_steps(), take_put_away(integer) TO wo_nobody;
GRANT EXECUTE ON FUNCTION count_at_entry(text[]) TO wo_guide;
