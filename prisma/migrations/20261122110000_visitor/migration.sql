-- Consent that the visitor can operate with the code and nothing else: narrowing, correcting, erasing, and seeing who looked.
--
-- Functions that run as their owner name everything of ours with its schema, check themselves who asks (app_organisation(), app_code_hashes()), and
-- are executed by the roles that are named and by nobody else.

-- ---------------------------------------------------------------------------------------------------------------------------
-- Consent: who asked, and how one version follows from the last
-- ---------------------------------------------------------------------------------------------------------------------------
-- The role that asked, not the person. A partner never asks, so there is one; the column says so when that ever changes.
ALTER TABLE consent ADD COLUMN asked_by_role text NOT NULL DEFAULT 'GUIDE' CHECK (asked_by_role = 'GUIDE');

-- The code ends a year after the offer, and is then as unknown as any other. The server says the day; the default is for what is loaded by hand.
ALTER TABLE follow_up_code ADD COLUMN expires_on date NOT NULL DEFAULT current_date + 365;
UPDATE follow_up_code c SET expires_on = h.offered_on + 365 FROM hand_off h WHERE h.werkcentrum_id = c.werkcentrum_id AND h.id = c.hand_off_id;

ALTER POLICY known_code ON follow_up_code USING (hash = ANY ((SELECT app_code_hashes())::text[]) AND expires_on > (SELECT app_today()));
ALTER POLICY known_code_of_own_desk ON follow_up_code
  USING (hash = ANY ((SELECT app_code_hashes())::text[]) AND werkcentrum_id = (SELECT app_organisation()) AND expires_on > (SELECT app_today()));

-- INVARIANT 8 and 9: a version is never wider than the one before, unless the visitor's code was presented.
CREATE FUNCTION consent_follows_the_last() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last public.consent%ROWTYPE;
  has_code boolean;
  refused text;
BEGIN
  -- What stands there already is refused by the primary key.
  IF EXISTS (SELECT FROM public.consent c WHERE c.werkcentrum_id = NEW.werkcentrum_id AND c.hand_off_id = NEW.hand_off_id AND c.version = NEW.version) THEN
    RETURN NEW;
  END IF;
  SELECT * INTO last FROM public.consent c WHERE c.werkcentrum_id = NEW.werkcentrum_id AND c.hand_off_id = NEW.hand_off_id ORDER BY c.version DESC LIMIT 1;
  has_code := EXISTS (SELECT FROM public.follow_up_code f WHERE f.werkcentrum_id = NEW.werkcentrum_id AND f.hand_off_id = NEW.hand_off_id
    AND f.hash = ANY (public.app_code_hashes()) AND f.expires_on > public.app_today());
  refused := CASE
    WHEN NEW.version <> coalesce(last.version, 0) + 1 THEN 'a version follows the last one'
    WHEN NEW.day IS DISTINCT FROM public.app_today() THEN 'consent is of today'
    -- Below sixteen is not taken back: what was entered wrong is a hand-off to start again.
    WHEN last.under_sixteen AND NOT NEW.under_sixteen THEN 'below sixteen is never taken back'
    WHEN NEW.change IN ('GIVEN', 'WIDENED') AND NEW.expires_on > NEW.day + 183 THEN 'consent holds 183 days at most'
    -- The first line of the story cannot be changed or added later, so it tells the transaction that made the hand-off.
    WHEN NEW.change = 'GIVEN' AND NOT has_code AND NOT EXISTS (SELECT FROM public.hand_off_event e
      WHERE e.werkcentrum_id = NEW.werkcentrum_id AND e.hand_off_id = NEW.hand_off_id AND e.number = 1 AND e.xmin = pg_current_xact_id()::xid)
      THEN 'a first consent is given with the offer, or with the code'
    WHEN NEW.change = 'WIDENED' AND (NOT has_code OR last.version IS NULL) THEN 'wider takes the code'
    WHEN NEW.change IN ('NARROWED', 'WITHDRAWN') AND (last.version IS NULL
      OR (last.change = 'WITHDRAWN' AND (NEW.change <> 'WITHDRAWN' OR last.under_sixteen = NEW.under_sixteen))
      OR NOT NEW.categories <@ last.categories OR NOT NEW.explicit_categories <@ last.explicit_categories OR NOT NEW.purposes <@ last.purposes
      OR NEW.expires_on > last.expires_on OR (NEW.reserve_partner_id IS NOT NULL AND NEW.reserve_partner_id IS DISTINCT FROM last.reserve_partner_id)
      OR (NEW.representative_present AND NOT last.representative_present))
      THEN 'narrower is never wider'
    WHEN NEW.change IN ('NARROWED', 'WITHDRAWN')
      AND (NEW.basis, NEW.asked_by_role, NEW.given_how, NEW.wording_version, NEW.language)
        IS DISTINCT FROM (last.basis, last.asked_by_role, last.given_how, last.wording_version, last.language)
      THEN 'what was asked stays what was asked'
    WHEN NEW.change = 'WITHDRAWN' AND NEW.reserve_partner_id IS NOT NULL THEN 'withdrawn leaves no reserve'
  END;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = refused;
  END IF;
  RETURN NEW;
END $$;
-- For those who act for somebody; the owner loads and restores.
CREATE TRIGGER consent_follows_the_last BEFORE INSERT ON consent FOR EACH ROW
  WHEN (current_user IN ('wo_guide', 'wo_handler', 'wo_visitor')) EXECUTE FUNCTION consent_follows_the_last();

-- The visitor alone only narrows: wider is asked at the desk, where it is asked whether it is free.
CREATE POLICY visitor_never_widens ON consent AS RESTRICTIVE FOR INSERT TO wo_visitor WITH CHECK (change IN ('NARROWED', 'WITHDRAWN'));

-- ---------------------------------------------------------------------------------------------------------------------------
-- The visitor stops the hand-off, and corrects what is there
-- ---------------------------------------------------------------------------------------------------------------------------
GRANT UPDATE (state, changed_on, changed_day_part, heard_by_desk, reason) ON hand_off TO wo_visitor;
CREATE FUNCTION visitor_only_withdraws() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended OR NEW.state <> 'WITHDRAWN' OR NEW.reason IS DISTINCT FROM 'VISITOR_ASKED' OR NEW.heard_by_desk THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a visitor stops a hand-off that has not ended, and moves it nowhere else';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visitor_only_withdraws BEFORE UPDATE ON hand_off FOR EACH ROW
  WHEN (current_user = 'wo_visitor' AND (OLD.state, OLD.reason, OLD.heard_by_desk, OLD.changed_on, OLD.changed_day_part)
    IS DISTINCT FROM (NEW.state, NEW.reason, NEW.heard_by_desk, NEW.changed_on, NEW.changed_day_part))
  EXECUTE FUNCTION visitor_only_withdraws();

-- Correcting changes rows that are there; it never adds a category. What is sensitive is not corrected: it is withdrawn, and said again.
GRANT UPDATE (visitor_kind, origin) ON hand_off_routing TO wo_guide, wo_visitor;
GRANT UPDATE (journey, themes) ON hand_off_question TO wo_guide, wo_visitor;
GRANT UPDATE (work, benefit, age, education, language_help) ON hand_off_situation TO wo_guide, wo_visitor;

-- INVARIANT 17: to a partner, erased and corrected look like refused: such lines would tell that there was something.
CREATE POLICY not_what_tells_of_context ON hand_off_event AS RESTRICTIVE FOR SELECT TO wo_handler, wo_officer_partner
  USING (step <> 'correct' AND step <> 'erase');

-- ---------------------------------------------------------------------------------------------------------------------------
-- Erasing: by the visitor at once, and after a term what consent no longer covers (invariant 7)
-- ---------------------------------------------------------------------------------------------------------------------------
-- What was erased, so that it can be erased again after a restore; it stands alone, without the hand-off. Never changed.
CREATE TABLE erasure (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  -- contact: the link to the conversation it came from.
  category       text NOT NULL CHECK (category IN ('routing', 'question', 'situation', 'sensitive', 'contact')),
  day            date NOT NULL,
  because        text NOT NULL CHECK (because IN ('CODE', 'TERM')),
  PRIMARY KEY (werkcentrum_id, hand_off_id, category, day)
);
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;

-- When the context of a hand-off is to be looked at next, kept by the trigger below: so that nobody has to look at all of them.
CREATE TABLE context_due (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  due_on         date NOT NULL,
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id) REFERENCES hand_off
);
CREATE INDEX context_due_on ON context_due (due_on);
ALTER TABLE context_due ENABLE ROW LEVEL SECURITY;

-- How many days closed context is kept. Two weeks: time to notice a mistake, well within the month of AVG art. 12(3) for a request under
-- art. 17(1)(b). Moves to policies/retention.yaml with the other terms.
CREATE FUNCTION closed_context_days() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 14 $$;

CREATE FUNCTION note_context_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Every later version may have closed something, also one that opened something else.
  INSERT INTO public.context_due (werkcentrum_id, hand_off_id, due_on)
    VALUES (NEW.werkcentrum_id, NEW.hand_off_id, CASE WHEN NEW.version = 1 THEN NEW.expires_on ELSE least(NEW.day, NEW.expires_on) END + public.closed_context_days())
    ON CONFLICT (werkcentrum_id, hand_off_id) DO UPDATE SET due_on = least(context_due.due_on, excluded.due_on);
  RETURN NULL;
END $$;
CREATE TRIGGER note_context_due AFTER INSERT ON consent FOR EACH ROW EXECUTE FUNCTION note_context_due();
INSERT INTO context_due (werkcentrum_id, hand_off_id, due_on)
  SELECT c.werkcentrum_id, c.hand_off_id, min(CASE WHEN c.version = 1 THEN c.expires_on ELSE least(c.day, c.expires_on) END) + closed_context_days()
  FROM consent c GROUP BY 1, 2;

-- Since when a category is, or will be, closed; null: it was never agreed to.
CREATE FUNCTION context_closed_on(of_werkcentrum uuid, of_hand_off uuid, of_category text) RETURNS date
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT least(c.expires_on, (SELECT n.day FROM public.consent n
    WHERE n.werkcentrum_id = c.werkcentrum_id AND n.hand_off_id = c.hand_off_id AND n.version = c.version + 1))
  FROM public.consent c WHERE c.werkcentrum_id = of_werkcentrum AND c.hand_off_id = of_hand_off AND of_category = ANY (c.categories)
  ORDER BY c.version DESC LIMIT 1
$$;

-- Deletes one category of one hand-off and keeps that it did; returns how many rows went.
CREATE FUNCTION erase_category(of_werkcentrum uuid, of_hand_off uuid, of_category text, on_day date, for_reason text) RETURNS integer
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text;
  here integer;
  gone integer := 0;
BEGIN
  FOREACH name IN ARRAY CASE of_category
    WHEN 'routing' THEN ARRAY['hand_off_routing']
    WHEN 'question' THEN ARRAY['hand_off_question', 'hand_off_next_step']
    WHEN 'situation' THEN ARRAY['hand_off_situation']
    WHEN 'sensitive' THEN ARRAY['hand_off_sensitive']
  END LOOP
    EXECUTE format('DELETE FROM public.%I WHERE werkcentrum_id = $1 AND hand_off_id = $2', name) USING of_werkcentrum, of_hand_off;
    GET DIAGNOSTICS here = ROW_COUNT;
    gone := gone + here;
  END LOOP;
  IF gone > 0 THEN
    INSERT INTO public.erasure (werkcentrum_id, hand_off_id, category, day, because) VALUES (of_werkcentrum, of_hand_off, of_category, on_day, for_reason)
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN gone;
END $$;

-- Cuts the link to the conversation; returns how many rows it changed.
CREATE FUNCTION cut_from_contact(of_werkcentrum uuid, of_hand_off uuid, on_day date) RETURNS integer
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.hand_off_origin SET contact_id = NULL WHERE werkcentrum_id = of_werkcentrum AND hand_off_id = of_hand_off AND contact_id IS NOT NULL;
  IF NOT FOUND THEN RETURN 0; END IF;
  INSERT INTO public.erasure (werkcentrum_id, hand_off_id, category, day, because) VALUES (of_werkcentrum, of_hand_off, 'contact', on_day, 'CODE')
    ON CONFLICT DO NOTHING;
  RETURN 1;
END $$;

-- Everything of the hand-off whose code was presented with this transaction; returns how many rows went.
CREATE FUNCTION erase_by_code() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held record;
  gone integer := 0;
  category text;
BEGIN
  FOR held IN SELECT f.werkcentrum_id, f.hand_off_id FROM public.follow_up_code f WHERE f.hash = ANY (public.app_code_hashes()) AND f.expires_on > public.app_today() LOOP
    FOREACH category IN ARRAY ARRAY['routing', 'question', 'situation', 'sensitive'] LOOP
      gone := gone + public.erase_category(held.werkcentrum_id, held.hand_off_id, category, public.app_today(), 'CODE');
    END LOOP;
    gone := gone + public.cut_from_contact(held.werkcentrum_id, held.hand_off_id, public.app_today());
  END LOOP;
  RETURN gone;
END $$;

-- Looks at up to `most` hand-offs that are due, erases what has been closed for the whole term, and returns at how many it looked.
-- Whoever calls it can only do what was due: the day is never later than the real one. Several may run at once.
CREATE FUNCTION erase_closed_context(today date, most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  real_day date := least(today, (now() AT TIME ZONE 'Europe/Amsterdam')::date);
  due record;
  category text;
  closed_on date;
  next_due date;
  looked integer := 0;
BEGIN
  FOR due IN SELECT d.werkcentrum_id, d.hand_off_id FROM public.context_due d WHERE d.due_on <= real_day ORDER BY d.due_on LIMIT least(most, 500)
    FOR UPDATE SKIP LOCKED LOOP
    looked := looked + 1;
    next_due := NULL;
    FOREACH category IN ARRAY ARRAY['routing', 'question', 'situation', 'sensitive'] LOOP
      closed_on := public.context_closed_on(due.werkcentrum_id, due.hand_off_id, category);
      IF closed_on + public.closed_context_days() <= real_day THEN
        PERFORM public.erase_category(due.werkcentrum_id, due.hand_off_id, category, real_day, 'TERM');
      ELSE
        next_due := least(next_due, closed_on + public.closed_context_days());
      END IF;
    END LOOP;
    IF next_due IS NULL THEN
      DELETE FROM public.context_due WHERE werkcentrum_id = due.werkcentrum_id AND hand_off_id = due.hand_off_id;
    ELSE
      UPDATE public.context_due SET due_on = next_due WHERE werkcentrum_id = due.werkcentrum_id AND hand_off_id = due.hand_off_id;
    END IF;
  END LOOP;
  RETURN looked;
END $$;

-- For the owner, after a restore to which the rows of `erasure` and `consent` were added again: what was erased is erased again, unless
-- the visitor agreed to it anew on a later day. Returns how many rows went.
CREATE FUNCTION replay_erasures() RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was public.erasure%ROWTYPE;
  gone integer := 0;
BEGIN
  FOR was IN SELECT * FROM public.erasure LOOP
    IF was.category = 'contact' THEN
      gone := gone + public.cut_from_contact(was.werkcentrum_id, was.hand_off_id, was.day);
    ELSIF NOT EXISTS (SELECT FROM public.consent c WHERE c.werkcentrum_id = was.werkcentrum_id AND c.hand_off_id = was.hand_off_id
      AND c.change IN ('GIVEN', 'WIDENED') AND c.day > was.day AND was.category = ANY (c.categories)) THEN
      gone := gone + public.erase_category(was.werkcentrum_id, was.hand_off_id, was.category, was.day, was.because);
    END IF;
  END LOOP;
  RETURN gone;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Attempts at codes: a leaky bucket per source, shared by every process
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE code_attempt (
  -- An organisation, or the keyed hash of a network on a day; never an address, never a code.
  source text PRIMARY KEY,
  level  double precision NOT NULL CHECK (level >= 0),
  at     timestamptz NOT NULL
);
CREATE INDEX code_attempt_at ON code_attempt (at);
ALTER TABLE code_attempt ENABLE ROW LEVEL SECURITY;

-- Twenty at once: two requests with as many aliases as are answered, so that right codes asked side by side do not stop each other, and a
-- whole desk behind one address may mistype. Then one a minute: a code has 63 bits, so that is for ever.
CREATE FUNCTION code_attempts_at_once() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 20 $$;
CREATE FUNCTION code_attempt_seconds() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 60 $$;

-- A desk counts as its organisation; who is not signed in, as the network that the server names.
CREATE FUNCTION code_attempt_source(network text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce('organisation ' || public.app_organisation()::text, 'network ' || network, 'unknown')
$$;

-- Counts one attempt; returns 0, or in how many seconds there is room for one.
CREATE FUNCTION take_code_attempt(network text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at timestamptz := clock_timestamp();
  left_over double precision;
BEGIN
  DELETE FROM public.code_attempt a WHERE a.source IN
    (SELECT o.source FROM public.code_attempt o WHERE o.at < now_at - interval '1 day' LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO public.code_attempt (source, level, at) VALUES (public.code_attempt_source(network), 0, now_at) ON CONFLICT (source) DO NOTHING;
  SELECT greatest(0, a.level - greatest(0, extract(epoch FROM clock_timestamp() - a.at)) / public.code_attempt_seconds()) INTO left_over
    FROM public.code_attempt a WHERE a.source = public.code_attempt_source(network) FOR UPDATE;
  IF left_over + 1 > public.code_attempts_at_once() THEN
    RETURN ceil((left_over + 1 - public.code_attempts_at_once()) * public.code_attempt_seconds());
  END IF;
  UPDATE public.code_attempt a SET level = coalesce(left_over, 0) + 1, at = clock_timestamp() WHERE a.source = public.code_attempt_source(network);
  RETURN 0;
END $$;

-- A right code costs nothing.
CREATE FUNCTION give_back_code_attempt(network text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.code_attempt a SET level = greatest(0, a.level - 1) WHERE a.source = public.code_attempt_source(network)
$$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Who looked, and where to ask: for whoever presents the code
-- ---------------------------------------------------------------------------------------------------------------------------
-- Which organisation was shown which category, on which day, for which purpose; never who. Finds the parts by their own index, which
-- row-level security would not let a role use.
CREATE FUNCTION looked_at_by_code() RETURNS TABLE (organisation text, day date, category text, purpose text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(w.name, o.name), (r.at AT TIME ZONE 'Europe/Amsterdam')::date, c.category, r.purpose
  FROM public.follow_up_code f
  JOIN public.access_record_part p ON p.hand_offs @> ARRAY[f.hand_off_id] AND p.werkcentrum_id = f.werkcentrum_id
  JOIN public.access_record r ON r.at = p.at AND r.id = p.record_id
  CROSS JOIN LATERAL jsonb_array_elements(p.objects) object
  CROSS JOIN LATERAL jsonb_object_keys(object -> 'shown') c (category)
  LEFT JOIN public.werkcentrum w ON w.id = p.acting_organisation_id
  LEFT JOIN public.partner o ON o.id = p.acting_organisation_id
  WHERE f.hash = ANY (public.app_code_hashes()) AND f.expires_on > public.app_today()
    AND p.acting_organisation_id IS NOT NULL AND object ->> 'type' = 'HandOff' AND object ->> 'reference' = f.hand_off_id::text
  GROUP BY 1, 2, 3, 4 ORDER BY 2 DESC, 1, 4, 3 LIMIT 200
$$;

-- Where the agreement that is in force sends visitors with their questions, and on which legal basis it stands; no row where there is none.
CREATE FUNCTION agreement_of_code() RETURNS TABLE (contact_point text, legal_basis text, legal_basis_version integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.contact_point, a.legal_basis, a.legal_basis_version FROM public.follow_up_code f JOIN public.agreement a ON a.werkcentrum_id = f.werkcentrum_id AND a.partner_id = f.partner_id
  WHERE f.hash = ANY (public.app_code_hashes()) AND f.expires_on > public.app_today() AND a.signed_on IS NOT NULL AND a.valid_from <= public.app_today()
  ORDER BY a.version DESC LIMIT 1
$$;

REVOKE EXECUTE ON FUNCTION consent_follows_the_last(), visitor_only_withdraws(), note_context_due(), context_closed_on(uuid, uuid, text),
  erase_category(uuid, uuid, text, date, text), cut_from_contact(uuid, uuid, date), erase_by_code(), erase_closed_context(date, integer), replay_erasures(),
  code_attempt_source(text), take_code_attempt(text), give_back_code_attempt(text), looked_at_by_code(), agreement_of_code() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_by_code(), looked_at_by_code(), agreement_of_code() TO wo_visitor;
GRANT EXECUTE ON FUNCTION take_code_attempt(text), give_back_code_attempt(text) TO wo_guide, wo_nobody;
GRANT EXECUTE ON FUNCTION erase_closed_context(date, integer) TO wo_nobody;
