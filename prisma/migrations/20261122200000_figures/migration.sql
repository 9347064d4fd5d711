-- Figures that identify nobody: a quarter that is over is counted once, protected once, and read as it was published (design 6).

-- Counts and publishes, and is nobody's capacity: it reads no contact and no hand-off, and those who ask cannot become it by asking.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wo_figures') THEN
    CREATE ROLE wo_figures NOLOGIN NOINHERIT;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO wo_figures;

-- What was counted of a quarter. INVARIANT: no role of a capacity reads it. A count that was found wrong is counted again as a next version.
CREATE TABLE figure_counted (
  werkcentrum_id uuid NOT NULL REFERENCES werkcentrum,
  quarter        date NOT NULL CHECK (quarter = date_trunc('quarter', quarter)::date),
  version        integer NOT NULL CHECK (version > 0),
  counted_on     date NOT NULL,
  PRIMARY KEY (werkcentrum_id, quarter, version)
);
CREATE TABLE figure_count (
  werkcentrum_id uuid NOT NULL,
  quarter        date NOT NULL,
  version        integer NOT NULL,
  component      text NOT NULL,
  -- The values of its dimensions, with a space between them.
  key            text NOT NULL,
  count          integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (werkcentrum_id, quarter, version, component, key),
  FOREIGN KEY (werkcentrum_id, quarter, version) REFERENCES figure_counted
);

-- What was published, as it stays. `period` is 2026-Q1, 2026-H1 or 2026; null is a value that is not told.
CREATE TABLE figure_publication (
  werkcentrum_id uuid NOT NULL REFERENCES werkcentrum,
  period         text NOT NULL CHECK (period ~ '^[0-9]{4}(-(Q[1-4]|H[12]))?$'),
  version        integer NOT NULL CHECK (version > 0),
  published_on   date NOT NULL,
  PRIMARY KEY (werkcentrum_id, period, version)
);
CREATE TABLE figure_value (
  werkcentrum_id uuid NOT NULL,
  period         text NOT NULL,
  figure         text NOT NULL,
  version        integer NOT NULL,
  row_key        text NOT NULL,
  column_key     text NOT NULL,
  value          integer CHECK (value >= 0),
  PRIMARY KEY (werkcentrum_id, period, figure, version, row_key, column_key),
  FOREIGN KEY (werkcentrum_id, period, version) REFERENCES figure_publication
);
-- The whole country is the sum of what the werkcentra tell.
CREATE INDEX figure_value_of_country ON figure_value (period, figure);

-- What a werkcentrum means to reach in a year: of one row of one figure.
CREATE TABLE figure_goal (
  werkcentrum_id uuid NOT NULL REFERENCES werkcentrum,
  year           integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
  figure         text NOT NULL,
  row_key        text NOT NULL,
  -- Null: taken away.
  target         integer CHECK (target BETWEEN 1 AND 1000000),
  PRIMARY KEY (werkcentrum_id, year, figure, row_key)
);

ALTER TABLE figure_counted ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_publication ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_value ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_goal ENABLE ROW LEVEL SECURITY;

-- Frozen: nothing here is changed or removed by anybody but the owner.
GRANT SELECT ON werkcentrum, municipality, partner, figure_counted, figure_count TO wo_figures;
GRANT SELECT, INSERT ON figure_publication, figure_value TO wo_figures;
CREATE POLICY read_to_publish ON werkcentrum FOR SELECT TO wo_figures USING (true);
CREATE POLICY read_to_publish ON municipality FOR SELECT TO wo_figures USING (true);
CREATE POLICY read_to_publish ON partner FOR SELECT TO wo_figures USING (true);
CREATE POLICY read_to_publish ON figure_counted FOR SELECT TO wo_figures USING (true);
CREATE POLICY read_to_publish ON figure_count FOR SELECT TO wo_figures USING (true);
CREATE POLICY read_to_publish ON figure_publication FOR SELECT TO wo_figures USING (true);
CREATE POLICY publish ON figure_publication FOR INSERT TO wo_figures WITH CHECK (true);
CREATE POLICY read_to_publish ON figure_value FOR SELECT TO wo_figures USING (true);
CREATE POLICY publish ON figure_value FOR INSERT TO wo_figures WITH CHECK (true);

-- What was published identifies nobody, so whoever may ask for figures may compare werkcentra. A partner reads whom the desks reach, and of
-- hand-offs its own row alone: that others exist is nothing to it (invariant 10), and what it did itself it could subtract.
GRANT SELECT ON figure_publication, figure_value TO wo_guide, wo_coordinator, wo_handler;
CREATE POLICY read_published ON figure_publication FOR SELECT TO wo_guide, wo_coordinator, wo_handler
  USING ((SELECT app_organisation()) IS NOT NULL);
CREATE POLICY read_published ON figure_value FOR SELECT TO wo_guide, wo_coordinator USING ((SELECT app_organisation()) IS NOT NULL);
CREATE POLICY read_reach ON figure_value FOR SELECT TO wo_handler
  USING ((SELECT app_organisation()) IS NOT NULL AND figure LIKE 'CONTACTS%');
CREATE POLICY read_own_row ON figure_value FOR SELECT TO wo_handler
  USING (figure = 'OFFERED_BY_PARTNER' AND row_key = (SELECT app_organisation())::text);

GRANT SELECT ON figure_goal, region TO wo_figures;
CREATE POLICY read_to_report ON figure_goal FOR SELECT TO wo_figures USING (true);
CREATE POLICY read_to_report ON region FOR SELECT TO wo_figures USING (true);
GRANT SELECT ON figure_goal TO wo_guide, wo_coordinator;
GRANT INSERT (werkcentrum_id, year, figure, row_key, target), UPDATE (target) ON figure_goal TO wo_coordinator;
CREATE POLICY read_own ON figure_goal FOR SELECT TO wo_guide, wo_coordinator USING (werkcentrum_id = (SELECT app_organisation()));
CREATE POLICY set_own ON figure_goal FOR INSERT TO wo_coordinator WITH CHECK (werkcentrum_id = (SELECT app_organisation()));
CREATE POLICY change_own ON figure_goal FOR UPDATE TO wo_coordinator
  USING (werkcentrum_id = (SELECT app_organisation())) WITH CHECK (werkcentrum_id = (SELECT app_organisation()));

-- One quarter of one werkcentrum is found through an index, however many years there are; what was offered in it by hand_off_of_werkcentrum.
CREATE INDEX hand_off_event_by_day ON hand_off_event (werkcentrum_id, day);

-- A quarter is counted when it is over and visitors have had their fourteen days to say how it went (SILENCE_DAYS in src/handoffs/loops.ts).
CREATE FUNCTION quarter_is_over(quarter date) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (now() AT TIME ZONE 'Europe/Amsterdam')::date >= ($1 + interval '3 months' + interval '15 days')::date
$$;

-- Whether a quarter was counted: before that nothing of it fades.
CREATE OR REPLACE FUNCTION quarter_is_counted(werkcentrum uuid, quarter date) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.figure_counted c WHERE c.werkcentrum_id = $1 AND c.quarter = $2)
$$;

-- The quarters that are over and not counted, of werkcentra that have begun, oldest first.
CREATE FUNCTION quarters_to_count() RETURNS TABLE (werkcentrum_id uuid, quarter date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.id, q::date FROM public.werkcentrum w
  CROSS JOIN LATERAL (SELECT min(c.day) AS day FROM public.visitor_contact c WHERE c.werkcentrum_id = w.id) first
  CROSS JOIN LATERAL generate_series(date_trunc('quarter', first.day::timestamp), (now() AT TIME ZONE 'Europe/Amsterdam')::date::timestamp, interval '3 months') q
  WHERE public.quarter_is_over(q::date) AND NOT EXISTS (SELECT FROM public.figure_counted c WHERE c.werkcentrum_id = w.id AND c.quarter = q::date)
  ORDER BY q, w.id
$$;

-- Counts one quarter of one werkcentrum, once; `again` makes a next version, for a count that was found wrong. Returns the version, or null where
-- there is nothing to count, or, again, where something of it has faded. Events are counted in the quarter in which they happened, so that a quarter that is over stays as it is.
-- INVARIANT: nothing of a hand-off to a union is counted, and a contact says "passed on", whether or not a hand-off came of it.
CREATE FUNCTION count_quarter(werkcentrum uuid, quarter date, again boolean) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  until date := ($2 + interval '3 months')::date;
  made integer;
BEGIN
  IF NOT public.quarter_is_over($2) THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(72707373, hashtext($1::text));
  SELECT coalesce(max(c.version), 0) + 1 INTO made FROM public.figure_counted c WHERE c.werkcentrum_id = $1 AND c.quarter = $2;
  IF made > 1 AND NOT $3 THEN RETURN NULL; END IF;
  -- What has faded since would be counted as unknown, or as of another day.
  IF $3 AND (EXISTS (SELECT FROM public.visitor_contact c WHERE c.werkcentrum_id = $1 AND c.day >= $2 AND c.day < until AND c.faded > 3)
    OR EXISTS (SELECT FROM public.hand_off_event e JOIN public.hand_off h ON h.werkcentrum_id = $1 AND h.id = e.hand_off_id AND h.faded > 2
      WHERE e.werkcentrum_id = $1 AND e.day >= $2 AND e.day < until)) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.figure_counted VALUES ($1, $2, made, (now() AT TIME ZONE 'Europe/Amsterdam')::date);
  INSERT INTO public.figure_count
  WITH contact AS MATERIALIZED (
    SELECT c.channel, CASE c.result WHEN 'HANDED_OFF' THEN 'PASSED_ON' WHEN 'REFERRED' THEN 'PASSED_ON' ELSE c.result END AS result,
      coalesce(r.visitor_kind, 'UNKNOWN') AS visitor_kind, r.origin, coalesce(q.journey, 'NONE') AS journey,
      coalesce(s.work, 'UNKNOWN') AS work, coalesce(s.benefit, 'UNKNOWN') AS benefit, coalesce(s.age, 'UNKNOWN') AS age,
      coalesce(s.education, 'UNKNOWN') AS education, coalesce(s.language_help, 'UNKNOWN') AS language_help,
      EXISTS (SELECT FROM public.municipality m JOIN public.werkcentrum w ON w.am_code = m.am_code AND w.id = $1 WHERE m.gm_code = r.origin) AS is_own
    FROM public.visitor_contact c
    LEFT JOIN public.visitor_contact_routing r ON r.werkcentrum_id = $1 AND r.contact_id = c.id
    LEFT JOIN public.visitor_contact_question q ON q.werkcentrum_id = $1 AND q.contact_id = c.id
    LEFT JOIN public.visitor_contact_situation s ON s.werkcentrum_id = $1 AND s.contact_id = c.id
    WHERE c.werkcentrum_id = $1 AND c.day >= $2 AND c.day < until AND NOT c.voided
  ), offered AS MATERIALIZED (
    SELECT h.partner_kind, h.partner_id FROM public.hand_off h
    WHERE h.werkcentrum_id = $1 AND h.ended IN (false, true) AND h.offered_on >= $2 AND h.offered_on < until AND h.partner_kind <> 'UNION'
  ), event AS MATERIALIZED (
    SELECT e.*, h.partner_kind, h.offered_on, h.answer_due_on, coalesce(h.visitor_voice, h.guide_voice) AS voice
    FROM public.hand_off_event e JOIN public.hand_off h ON h.werkcentrum_id = $1 AND h.id = e.hand_off_id AND h.partner_kind <> 'UNION'
    WHERE e.werkcentrum_id = $1 AND e.day >= $2 AND e.day < until
  ), answer AS MATERIALIZED (
    SELECT e.partner_kind, CASE WHEN e.state = 'DECLINED' THEN coalesce(e.reason, 'UNKNOWN') ELSE 'ACCEPTED' END AS answer,
      CASE WHEN e.answer_due_on IS NULL THEN 'NO_TERM' WHEN e.day <= e.answer_due_on THEN 'WITHIN_TERM' ELSE 'LATE' END AS in_time,
      lpad(least(greatest(e.day - e.offered_on, 0), 999)::text, 3, '0') AS days
    FROM event e
    WHERE e.step IN ('accept', 'decline', 'complete', 'hearAccepted', 'hearDeclined', 'hearCompleted') AND NOT EXISTS (
      SELECT FROM public.hand_off_event b WHERE b.werkcentrum_id = $1 AND b.hand_off_id = e.hand_off_id AND b.number < e.number
        AND b.step IN ('accept', 'decline', 'complete', 'hearAccepted', 'hearDeclined', 'hearCompleted'))
  ), ending AS MATERIALIZED (
    SELECT e.state, CASE e.state WHEN 'COMPLETED' THEN coalesce((SELECT o.outcome FROM public.hand_off_outcome o
          WHERE o.werkcentrum_id = $1 AND o.hand_off_id = e.hand_off_id ORDER BY o.number DESC LIMIT 1), 'UNKNOWN') ELSE '-' END AS outcome,
      CASE WHEN e.state <> 'COMPLETED' THEN '-' WHEN e.voice IS NULL THEN 'UNCONFIRMED' WHEN e.voice = 'WORKED' THEN 'CLOSED' ELSE 'CONTRADICTED' END AS loop
    FROM event e
    WHERE e.step IN ('complete', 'hearCompleted', 'return', 'hearReturned', 'forward', 'withdraw', 'stop', 'lapse') AND NOT EXISTS (
      SELECT FROM public.hand_off_event b WHERE b.werkcentrum_id = $1 AND b.hand_off_id = e.hand_off_id AND b.number < e.number
        AND b.step IN ('complete', 'hearCompleted', 'return', 'hearReturned', 'forward', 'withdraw', 'stop', 'lapse'))
  ), line (component, key) AS (
    SELECT l.* FROM contact c, LATERAL (VALUES
      ('visitors', ARRAY[c.visitor_kind, c.channel]),
      ('journeys', ARRAY[c.journey, c.age]),
      ('work', ARRAY[c.work]),
      ('benefit', ARRAY[c.benefit]),
      ('education', ARRAY[c.education]),
      ('languageHelp', ARRAY[c.language_help]),
      ('result', ARRAY[c.result]),
      ('origin', CASE WHEN c.origin IS NULL THEN ARRAY['UNKNOWN', 'UNKNOWN'] WHEN c.is_own THEN ARRAY['OWN_REGION', c.origin] ELSE ARRAY['OTHER_REGION', 'OTHER_REGION'] END)) l
    UNION ALL SELECT 'offered', ARRAY[o.partner_kind, o.partner_id::text] FROM offered o
    UNION ALL SELECT l.* FROM answer a, LATERAL (VALUES ('answered', ARRAY[a.partner_kind, a.answer]), ('answerTime', ARRAY[a.in_time]), ('answerDays', ARRAY[a.days])) l
    UNION ALL SELECT 'ended', ARRAY[e.state, e.outcome, e.loop] FROM ending e
  )
  SELECT $1, $2, made, line.component, array_to_string(line.key, ' '), count(*) FROM line GROUP BY line.component, line.key;
  RETURN made;
END $$;

REVOKE EXECUTE ON FUNCTION quarter_is_over(date), quarter_is_counted(uuid, date), quarters_to_count(), count_quarter(uuid, date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION quarters_to_count(), count_quarter(uuid, date, boolean) TO wo_figures;
