-- The check at entry counts who told it, not how often it was told (design 6).

-- Of a combination that was not told often enough: who told it on which day, under a keyed hash that differs per combination. So nobody who reads this
-- table can say who that was, nor which of its rows are of one person.
ALTER TABLE entry_count ADD COLUMN tellers text[] NOT NULL DEFAULT '{}';
-- What was counted before may all be of one person: the quarter begins anew.
DELETE FROM entry_count;

-- Counts a teller under each of its combinations, until there are enough of them, and says of each in turn whether enough have told it in this region and quarter.
-- Who told it before on this day is heard and not counted. Rows are taken in one order, so two desks wait for each other and never in a circle. Without a
-- threshold nothing is often enough.
DROP FUNCTION count_at_entry(text[]);
CREATE FUNCTION count_at_entry(combinations text[], teller text) RETURNS boolean[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own text;
  this_quarter date := date_trunc('quarter', public.app_today())::date;
  enough integer;
  answer boolean[];
BEGIN
  SELECT w.am_code INTO own FROM public.werkcentrum w WHERE w.id = public.app_organisation();
  IF own IS NULL OR this_quarter IS NULL OR coalesce(teller, '') !~ '^k[0-9]+:[A-Za-z0-9_-]{43}$' OR cardinality(combinations) NOT BETWEEN 1 AND 10 THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a desk counts what is told to it';
  END IF;
  SELECT t.k INTO enough FROM public.entry_threshold t;
  -- What was told often enough is read and not locked: the commonest are told at many desks at once.
  WITH known AS (
    SELECT e.combination, e.times FROM public.entry_count e
    WHERE e.quarter = this_quarter AND e.am_code = own AND e.combination = ANY (combinations) AND e.times >= enough
  ), counted AS (
    INSERT INTO public.entry_count AS e (quarter, am_code, combination, times, tellers)
      SELECT this_quarter, own, d.c, 1, CASE WHEN enough = 1 THEN '{}' ELSE ARRAY[encode(sha256(convert_to(teller || ' ' || d.c, 'UTF8')), 'base64')] END
      FROM (SELECT DISTINCT unnest(combinations) AS c ORDER BY 1) d
      WHERE NOT EXISTS (SELECT FROM known n WHERE n.combination = d.c)
      ON CONFLICT (quarter, am_code, combination) DO UPDATE SET
        times = CASE WHEN excluded.tellers <@ e.tellers THEN e.times ELSE e.times + 1 END,
        -- Once there are enough of them, who they were is of no use.
        tellers = CASE WHEN excluded.tellers <@ e.tellers THEN e.tellers WHEN e.times + 1 >= enough THEN '{}' ELSE e.tellers || excluded.tellers END
      RETURNING e.combination, e.times
  ) SELECT array_agg(coalesce(n.times >= enough, false) ORDER BY c.place) INTO answer
    FROM unnest(combinations) WITH ORDINALITY c (combination, place) JOIN (SELECT * FROM known UNION ALL SELECT * FROM counted) n USING (combination);
  RETURN answer;
END $$;
REVOKE EXECUTE ON FUNCTION count_at_entry(text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_at_entry(text[], text) TO wo_guide;

-- ---------------------------------------------------------------------------------------------------------------------------
-- A voided contact
-- ---------------------------------------------------------------------------------------------------------------------------
-- Was entered by mistake and is counted nowhere: what fading would take of it in the end goes at once. Its line stays, so that the log can be explained.
CREATE FUNCTION empty_contacts(of_werkcentrum uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.visitor_contact_situation s WHERE s.werkcentrum_id = of_werkcentrum AND s.contact_id = ANY (ids);
  DELETE FROM public.visitor_contact_note n WHERE n.werkcentrum_id = of_werkcentrum AND n.contact_id = ANY (ids);
  UPDATE public.visitor_contact_routing r SET origin = NULL WHERE r.werkcentrum_id = of_werkcentrum AND r.contact_id = ANY (ids);
  UPDATE public.visitor_contact_question q SET themes = '{}' WHERE q.werkcentrum_id = of_werkcentrum AND q.contact_id = ANY (ids);
  UPDATE public.visitor_contact c SET coarsened = '{}' WHERE c.werkcentrum_id = of_werkcentrum AND c.id = ANY (ids);
END $$;
CREATE FUNCTION empty_voided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.empty_contacts(NEW.werkcentrum_id, ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER empty_voided AFTER UPDATE OF voided ON visitor_contact FOR EACH ROW WHEN (NEW.voided) EXECUTE FUNCTION empty_voided();
SELECT empty_contacts(c.werkcentrum_id, array_agg(c.id)) FROM visitor_contact c WHERE c.voided GROUP BY c.werkcentrum_id;
REVOKE EXECUTE ON FUNCTION empty_contacts(uuid, uuid[]), empty_voided() FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Who is behind a pseudonym: one open question about a line at a time
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE INDEX staff_identity_record_line ON staff_identity_record (at, record_id);

-- A line of the own log, of a colleague of the own organisation. False: there is no such line, or `other` has nothing to do with it. Null: it is asked
-- about already, of whomever, and nobody answered yet: who is asked again and again agrees in the end.
CREATE OR REPLACE FUNCTION ask_staff_identity(request uuid, of_at timestamptz, of_record uuid, other uuid, why text, persons text[]) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text[] := public.app_capacity();
  own uuid := nullif(who[4], '')::uuid;
  sides uuid[];
BEGIN
  IF who IS NULL OR who[2] NOT IN ('wo_officer_werkcentrum', 'wo_officer_partner') OR NOT EXISTS (
    SELECT FROM public.access_record_actor a
    WHERE a.at = of_at AND a.record_id = of_record AND a.organisation_id = own AND a.sealed_subject IS NOT NULL) THEN
    RETURN false;
  END IF;
  -- Of hand-offs to a union there is no line in anybody's log.
  sides := ARRAY(SELECT DISTINCT side FROM public.access_record_part p, unnest(ARRAY[p.werkcentrum_id, p.partner_id]) side
    WHERE p.at = of_at AND p.record_id = of_record AND NOT p.confidential AND side IS NOT NULL AND own IN (p.werkcentrum_id, p.partner_id));
  IF NOT (own = ANY (sides) AND other = ANY (sides)) OR (other = own AND cardinality(sides) > 1) THEN
    RETURN false;
  END IF;
  -- Two officers who ask at once.
  PERFORM pg_advisory_xact_lock(hashtextextended(of_record::text || ' ' || own, 72707374));
  IF EXISTS (SELECT FROM public.staff_identity_record s JOIN public.staff_identity_request q ON q.id = s.request_id
    WHERE s.at = of_at AND s.record_id = of_record AND q.organisation_id = own AND q.answer IS NULL AND who[5]::date < q.open_until) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.staff_identity_request (id, organisation_id, other_organisation_id, record_day, reason, asked_on)
    VALUES (request, own, other, (of_at AT TIME ZONE 'Europe/Amsterdam')::date, why, who[5]::date);
  INSERT INTO public.staff_identity_record (request_id, at, record_id, asked_by) VALUES (request, of_at, of_record, persons);
  RETURN true;
END $$;
