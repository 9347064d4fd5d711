-- Free text, where closed lists do not reach: short, read by the guard before it comes here (src/anonymity), and behind the same three locks.

-- ---------------------------------------------------------------------------------------------------------------------------
-- Where it stands
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE visitor_contact_note (
  werkcentrum_id uuid NOT NULL,
  contact_id     uuid NOT NULL,
  note           text NOT NULL CHECK (char_length(note) BETWEEN 1 AND 280),
  PRIMARY KEY (werkcentrum_id, contact_id),
  FOREIGN KEY (werkcentrum_id, contact_id) REFERENCES visitor_contact
);

-- The consented context, like its neighbours.
CREATE TABLE hand_off_note (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  note           text NOT NULL CHECK (char_length(note) BETWEEN 1 AND 280),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- A note that hints at what AVG art. 9 or 10 protects is sensitive, and goes where sensitive facts go.
ALTER TABLE hand_off_sensitive
  ADD COLUMN note text CHECK (char_length(note) BETWEEN 1 AND 280),
  DROP CONSTRAINT hand_off_sensitive_facts_check,
  ADD CHECK (facts <@ ARRAY['DISABILITY_BENEFIT', 'JOBS_AGREEMENT', 'WORK_LIMITATION'] AND (cardinality(facts) > 0 OR note IS NOT NULL));

-- A party's own remark; never changed. Numbered per side: a number of the story would tell the other side that something was remarked.
CREATE TABLE hand_off_remark ( -- internal
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  by_side        text NOT NULL CHECK (by_side IN ('WERKCENTRUM', 'PARTNER')),
  number         integer NOT NULL CHECK (number > 0),
  partner_id     uuid NOT NULL,
  remark         text NOT NULL CHECK (char_length(remark) BETWEEN 1 AND 280),
  day            date NOT NULL,
  PRIMARY KEY (werkcentrum_id, hand_off_id, by_side, number),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- Who reads and writes it
-- ---------------------------------------------------------------------------------------------------------------------------
ALTER TABLE visitor_contact_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE hand_off_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE hand_off_remark ENABLE ROW LEVEL SECURITY;

GRANT SELECT, INSERT ON visitor_contact_note TO wo_guide;
CREATE POLICY with_contact ON visitor_contact_note FOR ALL TO wo_guide
  USING (EXISTS (SELECT FROM visitor_contact c WHERE c.werkcentrum_id = visitor_contact_note.werkcentrum_id AND c.id = visitor_contact_note.contact_id))
  WITH CHECK (EXISTS (SELECT FROM visitor_contact c WHERE c.werkcentrum_id = visitor_contact_note.werkcentrum_id AND c.id = visitor_contact_note.contact_id));

-- The code-holder hears that a note was shared, never what it says; coordinators and officers have no grant (INVARIANT 16).
GRANT SELECT ON hand_off_note TO wo_guide, wo_handler;
GRANT INSERT, UPDATE (note) ON hand_off_note TO wo_guide;
-- A remark is of the partner: the policy gives a desk none.
GRANT SELECT, INSERT ON hand_off_remark TO wo_handler;

DO $$
DECLARE
  side record;
  part record;
  locks text;
  own text;
  open text;
BEGIN
  -- The same words as in the migration of the three locks.
  locks := '((l.truths[h.square] >> ((h.%1$I = ANY (l.agreed))::integer'
    || ' + CASE WHEN h.consent_until > l.today THEN (((h.consent_locks >> l.place) & 3) * 2)::integer ELSE 0 END + %2$s)) & 1) <> 0';
  FOR side IN SELECT * FROM (VALUES
    ('desk', 'wo_guide', 'werkcentrum_id', 'partner_id'),
    ('inbox', 'wo_handler', 'partner_id', 'werkcentrum_id')
  ) AS s (name, role, own, other) LOOP
    FOR part IN SELECT * FROM (VALUES
      ('hand_off_note', 'note', '0'),
      ('hand_off_remark', 'internal', '(hand_off_remark.by_side = ''PARTNER'')::integer * 8')
    ) AS p (name, category, written) LOOP
      own := format('%I.%I = (SELECT app_organisation())', part.name, side.own);
      open := format('EXISTS (SELECT FROM hand_off h, app_lens(%2$L) l WHERE h.werkcentrum_id = %1$I.werkcentrum_id AND h.id = %1$I.hand_off_id AND %3$s)',
        part.name, part.category, format(locks, side.other, part.written));
      IF has_table_privilege(side.role, part.name, 'SELECT') THEN
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO %I USING (%s)', 'read_of_' || side.name, part.name, side.role, open);
      END IF;
      IF has_any_column_privilege(side.role, part.name, 'UPDATE') THEN
        EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO %I USING (%s)', 'correct_' || side.name, part.name, side.role, open);
      END IF;
      IF has_table_privilege(side.role, part.name, 'INSERT') THEN
        EXECUTE format('CREATE POLICY %1$I ON %2$I FOR INSERT TO %3$I WITH CHECK (%4$s AND EXISTS (SELECT FROM hand_off h '
          || 'WHERE h.werkcentrum_id = %2$I.werkcentrum_id AND h.id = %2$I.hand_off_id))', 'add_to_' || side.name, part.name, side.role, own);
      END IF;
    END LOOP;
  END LOOP;
END $$;
-- INVARIANT 14: nobody remarks in another side's name.
CREATE POLICY as_partner ON hand_off_remark AS RESTRICTIVE FOR INSERT TO wo_handler WITH CHECK (by_side = 'PARTNER');

-- ---------------------------------------------------------------------------------------------------------------------------
-- A note goes where the other context goes: along with the question, and away with it. As it was, with the note.
-- ---------------------------------------------------------------------------------------------------------------------------
ALTER TABLE erasure DROP CONSTRAINT erasure_category_check,
  ADD CONSTRAINT erasure_category_check CHECK (category IN ('routing', 'question', 'situation', 'sensitive', 'note', 'contact'));

CREATE OR REPLACE FUNCTION erase_category(of_werkcentrum uuid, of_hand_off uuid, of_category text, on_day date, for_reason text) RETURNS integer
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
    WHEN 'note' THEN ARRAY['hand_off_note']
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

CREATE OR REPLACE FUNCTION erase_by_code() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held record;
  gone integer := 0;
  category text;
BEGIN
  FOR held IN SELECT f.werkcentrum_id, f.hand_off_id FROM public.follow_up_code f WHERE f.hash = ANY (public.app_code_hashes()) AND f.expires_on > public.app_today() LOOP
    FOREACH category IN ARRAY ARRAY['routing', 'question', 'situation', 'sensitive', 'note'] LOOP
      gone := gone + public.erase_category(held.werkcentrum_id, held.hand_off_id, category, public.app_today(), 'CODE');
    END LOOP;
    gone := gone + public.cut_from_contact(held.werkcentrum_id, held.hand_off_id, public.app_today());
  END LOOP;
  RETURN gone;
END $$;

CREATE OR REPLACE FUNCTION erase_closed_context(today date, most integer) RETURNS integer
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
    FOREACH category IN ARRAY ARRAY['routing', 'question', 'situation', 'sensitive', 'note'] LOOP
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

CREATE OR REPLACE FUNCTION copy_forwarded_context(old uuid, new uuid) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text[] := public.app_capacity();
  desk uuid := nullif(who[4], '')::uuid;
  today date := nullif(who[5], '')::date;
  target public.hand_off;
  agreed text[];
  copied text[] := '{}';
BEGIN
  IF who[2] IS DISTINCT FROM 'wo_guide' THEN RETURN copied; END IF;
  SELECT h.* INTO target FROM public.hand_off h JOIN public.hand_off_origin o ON o.werkcentrum_id = h.werkcentrum_id AND o.hand_off_id = h.id
    WHERE h.werkcentrum_id = desk AND h.id = new AND o.forwarded_from = old;
  SELECT c.categories INTO agreed FROM public.consent c WHERE c.werkcentrum_id = desk AND c.hand_off_id = target.id ORDER BY c.version DESC LIMIT 1;
  IF NOT EXISTS (SELECT FROM public.follow_up_code f WHERE f.werkcentrum_id = desk AND f.hand_off_id = old
                 AND f.hash = ANY (public.app_code_hashes()) AND f.expires_on > today) THEN
    agreed := ARRAY(SELECT k FROM unnest(agreed) k WHERE k <> 'sensitive' AND k = ANY (
      (SELECT CASE WHEN c.expires_on > today THEN c.categories END FROM public.consent c WHERE c.werkcentrum_id = desk AND c.hand_off_id = old
       ORDER BY c.version DESC LIMIT 1)::text[]));
  END IF;
  IF 'routing' = ANY (agreed) THEN
    INSERT INTO public.hand_off_routing (werkcentrum_id, hand_off_id, partner_id, visitor_kind, origin)
      SELECT desk, new, target.partner_id, t.visitor_kind, t.origin FROM public.hand_off_routing t WHERE t.werkcentrum_id = desk AND t.hand_off_id = old;
    IF FOUND THEN copied := copied || 'routing'::text; END IF;
  END IF;
  IF 'question' = ANY (agreed) THEN
    INSERT INTO public.hand_off_question (werkcentrum_id, hand_off_id, partner_id, journey, themes)
      SELECT desk, new, target.partner_id, t.journey, t.themes FROM public.hand_off_question t WHERE t.werkcentrum_id = desk AND t.hand_off_id = old;
    IF FOUND THEN copied := copied || 'question'::text; END IF;
  END IF;
  IF 'situation' = ANY (agreed) THEN
    INSERT INTO public.hand_off_situation (werkcentrum_id, hand_off_id, partner_id, work, benefit, age, education, language_help)
      SELECT desk, new, target.partner_id, t.work, t.benefit, t.age, t.education, t.language_help FROM public.hand_off_situation t
      WHERE t.werkcentrum_id = desk AND t.hand_off_id = old;
    IF FOUND THEN copied := copied || 'situation'::text; END IF;
  END IF;
  IF 'sensitive' = ANY (agreed) THEN
    INSERT INTO public.hand_off_sensitive (werkcentrum_id, hand_off_id, partner_id, partner_kind, facts, note)
      SELECT desk, new, target.partner_id, target.partner_kind, t.facts, t.note FROM public.hand_off_sensitive t WHERE t.werkcentrum_id = desk AND t.hand_off_id = old;
    IF FOUND THEN copied := copied || 'sensitive'::text; END IF;
  END IF;
  IF 'note' = ANY (agreed) THEN
    INSERT INTO public.hand_off_note (werkcentrum_id, hand_off_id, partner_id, note)
      SELECT desk, new, target.partner_id, t.note FROM public.hand_off_note t WHERE t.werkcentrum_id = desk AND t.hand_off_id = old;
    IF FOUND THEN copied := copied || 'note'::text; END IF;
  END IF;
  RETURN copied;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- What was typed and refused leaves its kind in the log, and nothing else.
-- ---------------------------------------------------------------------------------------------------------------------------
ALTER TABLE access_record
  -- One or more kinds, with a space between.
  ADD COLUMN refused_kinds text,
  DROP CONSTRAINT access_record_refusal_check,
  ADD CONSTRAINT access_record_refusal_check CHECK (refusal IN ('FORBIDDEN', 'NOT_FOUND', 'BAD_INPUT', 'HANDOFF_MOVED_ON', 'AGREEMENT_MOVED_ON',
    'CONSENT_REQUIRED', 'IDEMPOTENCY_CONFLICT', 'TEXT_REFUSED')),
  ADD CHECK ((refusal IS NOT DISTINCT FROM 'TEXT_REFUSED') = (refused_kinds IS NOT NULL)),
  -- Kinds and nothing else: a column that could hold what was typed would undo the guard.
  ADD CHECK (string_to_array(refused_kinds, ' ') <@ ARRAY['email', 'link', 'iban', 'bsn', 'phone', 'document', 'case-number', 'plate', 'birth-date',
    'address', 'postcode', 'name', 'description', 'sensitive']);
