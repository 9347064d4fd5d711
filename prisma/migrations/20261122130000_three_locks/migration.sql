-- The second wall knows the three locks: who asks is signed, what is asked for is decided from the compiled policy, the agreements in force
-- and the visitor's consent. What `decide` says and what these policies let through is compared cell by cell (test/walls/locks.test.ts).

-- ---------------------------------------------------------------------------------------------------------------------------
-- Who asks: one setting, signed by the server. Whoever can run SQL in somebody's transaction can change the setting, but not sign it.
-- ---------------------------------------------------------------------------------------------------------------------------

-- The release step puts the keys here, derived from KEY_RING. No role reads them: only app_capacity(), which runs as the owner.
CREATE TABLE capacity_key (
  id        text PRIMARY KEY,
  -- HMAC-SHA256 (RFC 2104) with what a built-in sha256 needs for it: the key, padded, XORed with 0x36 and with 0x5c.
  inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);
ALTER TABLE capacity_key ENABLE ROW LEVEL SECURITY;

-- key id | database role | role | organisation | today | purpose | policy | code hashes | valid until (seconds) | and 64 hexadecimals that sign it.
-- Null when nobody is signed in, when the signature is of somebody else's words, for another database role, or too old.
CREATE FUNCTION app_capacity() RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said text := current_setting('app.capacity', true);
  words text := left(said, -64);
  parts text[] := string_to_array(words, '|');
BEGIN
  IF EXISTS (SELECT FROM public.capacity_key k
             WHERE k.id = parts[1] AND encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(words, 'UTF8'))), 'hex') = right(said, 64))
     AND parts[2] = current_setting('role') AND parts[9]::bigint > extract(epoch FROM statement_timestamp())
  THEN
    RETURN parts;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION app_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif((public.app_capacity())[4], '')::uuid $$;
CREATE OR REPLACE FUNCTION app_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif((public.app_capacity())[5], '')::date $$;
CREATE OR REPLACE FUNCTION app_code_hashes() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(nullif((public.app_capacity())[8], ''), ' ') $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- First lock: the policy, compiled by the release step, one line per role, purpose and category
-- ---------------------------------------------------------------------------------------------------------------------------

CREATE TABLE policy_cell (
  hash           text NOT NULL REFERENCES policy_version,
  role           text NOT NULL,
  purpose        text NOT NULL,
  category       text NOT NULL,
  -- By square of the hand-off (hand_off.square): a truth table of 16 bits over the other locks; 0 is closed. Bit number n says whether it
  -- is open when the open locks add up to n: agreement 1, consent 2, explicit consent 4, written by the own side 8.
  truths         integer[] NOT NULL CHECK (cardinality(truths) = 36),
  asks_agreement boolean NOT NULL,
  PRIMARY KEY (hash, role, purpose, category)
);
ALTER TABLE policy_cell ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON policy_cell TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor;
CREATE POLICY read_reference ON policy_cell FOR SELECT TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum,
  wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor USING (true);

-- Where a hand-off stands in the policy: 1 to 36, by phase (offered, accepted, ended) and kind of partner.
ALTER TABLE hand_off ADD COLUMN square smallint NOT NULL GENERATED ALWAYS AS (
  (CASE state WHEN 'OFFERED' THEN 0 WHEN 'ACCEPTED' THEN 12 WHEN 'IN_PROGRESS' THEN 12 ELSE 24 END)
  + (CASE partner_kind WHEN 'UWV' THEN 1 WHEN 'GEMEENTE' THEN 2 WHEN 'MUNICIPAL_SERVICE' THEN 3 WHEN 'WSP' THEN 4 WHEN 'LWL' THEN 5 WHEN 'RMT' THEN 6
      WHEN 'SCHOOL' THEN 7 WHEN 'UNION' THEN 8 WHEN 'EMPLOYERS' THEN 9 WHEN 'SOCIAL_DEVELOPMENT_COMPANY' THEN 10 WHEN 'NEIGHBOURHOOD' THEN 11
      WHEN 'PRIVATE' THEN 12 END)) STORED;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Second lock: the agreements of the asker's organisation that are in force today, sign for this category, and serve this purpose
-- ---------------------------------------------------------------------------------------------------------------------------

CREATE FUNCTION app_agreed(who text[], asked text) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own uuid := nullif(who[4], '')::uuid;
  today date := nullif(who[5], '')::date;
BEGIN
  IF who[2] IN ('wo_handler', 'wo_officer_partner', 'wo_signatory_partner') THEN
    RETURN ARRAY(SELECT a.werkcentrum_id FROM (
        SELECT DISTINCT ON (v.werkcentrum_id) v.werkcentrum_id, v.state, v.valid_to, v.cells FROM public.agreement v
        WHERE v.partner_id = own AND v.signed_on IS NOT NULL AND v.valid_from <= today ORDER BY v.werkcentrum_id, v.version DESC) a
      WHERE a.state = 'ACTIVE' AND a.valid_to >= today AND (asked || ' ' || who[6]) = ANY (a.cells));
  END IF;
  RETURN ARRAY(SELECT a.partner_id FROM (
      SELECT DISTINCT ON (v.partner_id) v.partner_id, v.state, v.valid_to, v.cells FROM public.agreement v
      WHERE v.werkcentrum_id = own AND v.signed_on IS NOT NULL AND v.valid_from <= today ORDER BY v.partner_id, v.version DESC) a
    WHERE a.state = 'ACTIVE' AND a.valid_to >= today AND (asked || ' ' || who[6]) = ANY (a.cells));
END $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Third lock: what the newest version of the consent opens, kept beside the hand-off by trigger, so that a list need not look it up
-- ---------------------------------------------------------------------------------------------------------------------------

-- Two bits per category and purpose: it is covered, and it is covered explicitly. Below sixteen without a representative: none (UAVG art. 5).
CREATE FUNCTION consent_place(category text, purpose text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT coalesce(2 * (3 * (array_position(ARRAY['routing', 'question', 'situation', 'sensitive', 'note', 'outcome'], category) - 1)
    + array_position(ARRAY['OVERVIEW', 'HELP', 'FOLLOW_UP'], purpose) - 1), 60) $$;
CREATE FUNCTION consent_locks(c consent) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT CASE WHEN c.under_sixteen AND NOT c.representative_present THEN 0 ELSE coalesce((
    SELECT bit_or((CASE WHEN k = ANY (c.explicit_categories) THEN 3 ELSE 1 END)::bigint << public.consent_place(k, p))
    FROM unnest(c.categories) k, unnest(c.purposes) p), 0) END $$;

-- Everything that a policy needs to know about who asks, for one category: one row, worked out once per table and statement. No row: closed.
CREATE FUNCTION app_lens(asked text, OUT organisation uuid, OUT today date, OUT truths integer[], OUT agreed uuid[], OUT place integer)
RETURNS SETOF record LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text[] := public.app_capacity();
  asks boolean;
BEGIN
  SELECT c.truths, c.asks_agreement INTO truths, asks FROM public.policy_cell c
    WHERE c.hash = who[7] AND c.role = who[3] AND c.purpose = who[6] AND c.category = asked;
  IF NOT FOUND THEN RETURN; END IF;
  organisation := nullif(who[4], '')::uuid;
  today := nullif(who[5], '')::date;
  agreed := CASE WHEN asks THEN public.app_agreed(who, asked) ELSE '{}' END;
  place := public.consent_place(asked, who[6]);
  RETURN NEXT;
END $$;

ALTER TABLE hand_off
  ADD COLUMN consent_locks bigint NOT NULL DEFAULT 0,
  -- The first day on which the consent no longer holds.
  ADD COLUMN consent_until date NOT NULL DEFAULT '-infinity';
UPDATE hand_off h SET consent_locks = consent_locks(c), consent_until = c.expires_on
  FROM (SELECT DISTINCT ON (werkcentrum_id, hand_off_id) * FROM consent ORDER BY werkcentrum_id, hand_off_id, version DESC) c
  WHERE c.werkcentrum_id = h.werkcentrum_id AND c.hand_off_id = h.id;

CREATE FUNCTION keep_consent_locks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.hand_off h SET consent_locks = public.consent_locks(c), consent_until = c.expires_on
    FROM (SELECT v.* FROM public.consent v WHERE v.werkcentrum_id = NEW.werkcentrum_id AND v.hand_off_id = NEW.hand_off_id ORDER BY v.version DESC LIMIT 1) c
    WHERE h.werkcentrum_id = c.werkcentrum_id AND h.id = c.hand_off_id;
  RETURN NULL;
END $$;
-- What the trigger keeps, nobody writes.
REVOKE INSERT ON hand_off FROM wo_guide;
GRANT INSERT (werkcentrum_id, id, partner_id, partner_kind, recognition_code, state, offered_on, changed_on, changed_day_part, heard_by_desk, reason,
  message_to_visitor, answer_due_on, first_contact_on, guide_voice, visitor_voice, steps) ON hand_off TO wo_guide;
CREATE TRIGGER keep_consent_locks AFTER INSERT OR UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION keep_consent_locks();

-- ---------------------------------------------------------------------------------------------------------------------------
-- What is said more than once is a line each time: then nobody needs to read what is closed to them in order to write.
-- ---------------------------------------------------------------------------------------------------------------------------
ALTER TABLE hand_off_outcome ADD COLUMN number integer CHECK (number > 0);
UPDATE hand_off_outcome o SET number = coalesce((SELECT max(e.number) FROM hand_off_event e
  WHERE e.werkcentrum_id = o.werkcentrum_id AND e.hand_off_id = o.hand_off_id AND e.state = 'COMPLETED' AND e.step IN ('complete', 'hearCompleted')), 1);
ALTER TABLE hand_off_outcome ALTER COLUMN number SET NOT NULL, DROP CONSTRAINT hand_off_outcome_pkey, ADD PRIMARY KEY (werkcentrum_id, hand_off_id, number);
ALTER TABLE hand_off_staff ADD COLUMN number integer CHECK (number > 0);
UPDATE hand_off_staff s SET number = coalesce((SELECT max(e.number) FROM hand_off_event e
  WHERE e.werkcentrum_id = s.werkcentrum_id AND e.hand_off_id = s.hand_off_id AND e.by_side = 'PARTNER'), 1);
ALTER TABLE hand_off_staff ALTER COLUMN number SET NOT NULL, DROP CONSTRAINT hand_off_staff_pkey, ADD PRIMARY KEY (werkcentrum_id, hand_off_id, number);
REVOKE UPDATE (outcome, heard_by_desk) ON hand_off_outcome FROM wo_guide, wo_handler;
REVOKE UPDATE (handled_by) ON hand_off_staff FROM wo_handler;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Who reads what: own rows, and of those what the three locks open
-- ---------------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE
  side record;
  part record;
  locks text;
  own text;
  open text;
  readers text[];
  writers text[];
  correctors text[];
BEGIN
  -- The locks of a category on hand-off `h`, seen through the lens `l`; `other` is the organisation on the other side of the agreement.
  locks := '((l.truths[h.square] >> ((h.%1$I = ANY (l.agreed))::integer'
    || ' + CASE WHEN h.consent_until > l.today THEN (((h.consent_locks >> l.place) & 3) * 2)::integer ELSE 0 END + %2$s)) & 1) <> 0';

  DROP POLICY own_desk ON hand_off;
  DROP POLICY own_inbox ON hand_off;
  DROP POLICY own_desk_without_unions ON hand_off;
  DROP POLICY own_inbox_without_unions ON hand_off;
  DROP POLICY held_code ON hand_off;

  FOR side IN SELECT * FROM (VALUES
    ('desk', ARRAY['wo_guide', 'wo_coordinator', 'wo_officer_werkcentrum'], '%1$s.werkcentrum_id = (SELECT app_organisation())',
      'hand_off.werkcentrum_id = l.organisation', 'partner_id'),
    ('inbox', ARRAY['wo_handler', 'wo_officer_partner'], '%1$s.partner_id = (SELECT app_organisation())',
      'hand_off.partner_id = l.organisation', 'werkcentrum_id'),
    ('code', ARRAY['wo_visitor'], 'EXISTS (SELECT FROM follow_up_code c WHERE c.werkcentrum_id = %1$s.werkcentrum_id AND c.hand_off_id = %1$s.%2$s)',
      '(hand_off.werkcentrum_id, hand_off.id) IN (SELECT c.werkcentrum_id, c.hand_off_id FROM follow_up_code c)', 'werkcentrum_id')
  ) AS s (name, roles, own, seen, other) LOOP
    -- Reference and progress open together in every cell: the release step refuses a policy that parts them.
    own := format(side.own, 'hand_off', 'id');
    open := format('EXISTS (SELECT FROM app_lens(''reference'') l WHERE %s AND ', side.seen)
      || replace(format(locks, side.other, '0'), 'h.', 'hand_off.') || ')';
    EXECUTE format('CREATE POLICY %I ON hand_off FOR SELECT TO %s USING (%s)', 'read_of_' || side.name, array_to_string(side.roles, ', '), open);
    -- The same again: an UPDATE that reads no column is not held by the policy for reading.
    EXECUTE format('CREATE POLICY %1$I ON hand_off FOR UPDATE TO %2$s USING (%4$s) WITH CHECK (%3$s)', 'change_of_' || side.name,
      array_to_string(side.roles, ', '), own, open);
    IF side.name = 'desk' THEN
      EXECUTE format('CREATE POLICY add_to_desk ON hand_off FOR INSERT TO wo_guide WITH CHECK (%s)', own);
    END IF;

    FOR part IN SELECT * FROM (VALUES
      ('hand_off_logistics', 'logistics', '0'), ('hand_off_next_step', 'question', '0'), ('hand_off_routing', 'routing', '0'),
      ('hand_off_question', 'question', '0'), ('hand_off_situation', 'situation', '0'), ('hand_off_sensitive', 'sensitive', '0'),
      -- What the desk heard and wrote down is the desk's, until the partner says it itself.
      ('hand_off_outcome', 'outcome', '(NOT hand_off_outcome.heard_by_desk)::integer * 8'), ('hand_off_staff', 'staff', '8'),
      ('hand_off_view', 'progress', '0'), ('hand_off_event', 'progress', '0'), ('warm_call', 'progress', '0')
    ) AS p (name, category, written) LOOP
      IF side.name = 'desk' THEN
        IF part.name = 'hand_off_staff' THEN
          EXECUTE 'DROP POLICY own_colleagues ON hand_off_staff';
        ELSE
          EXECUTE format('DROP POLICY own_desk ON %I', part.name);
          EXECUTE format('DROP POLICY own_inbox ON %I', part.name);
          EXECUTE format('DROP POLICY with_hand_off ON %I', part.name);
        END IF;
      END IF;
      open := format('EXISTS (SELECT FROM hand_off h%2$s WHERE h.werkcentrum_id = %1$I.werkcentrum_id AND h.id = %1$I.hand_off_id%3$s)', part.name,
        CASE part.category WHEN 'progress' THEN '' ELSE format(', app_lens(%L) l', part.category) END,
        CASE part.category WHEN 'progress' THEN '' ELSE ' AND ' || format(locks, side.other, part.written) END);
      -- A policy for whom no grant lets in would only be read in vain.
      readers := ARRAY(SELECT r FROM unnest(side.roles) r WHERE has_table_privilege(r, part.name, 'SELECT'));
      writers := ARRAY(SELECT r FROM unnest(side.roles) r WHERE has_table_privilege(r, part.name, 'INSERT'));
      correctors := ARRAY(SELECT r FROM unnest(side.roles) r WHERE has_any_column_privilege(r, part.name, 'UPDATE'));
      IF cardinality(readers) > 0 THEN
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO %s USING (%s)', 'read_of_' || side.name, part.name, array_to_string(readers, ', '), open);
      END IF;
      IF cardinality(correctors) > 0 THEN
        EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO %s USING (%s)', 'correct_' || side.name, part.name, array_to_string(correctors, ', '), open);
      END IF;
      IF cardinality(writers) > 0 THEN
        EXECUTE format('CREATE POLICY %1$I ON %2$I FOR INSERT TO %3$s WITH CHECK (%4$s AND EXISTS (SELECT FROM hand_off h '
          || 'WHERE h.werkcentrum_id = %2$I.werkcentrum_id AND h.id = %2$I.hand_off_id))', 'add_to_' || side.name, part.name,
          array_to_string(writers, ', '), format(side.own, part.name, 'hand_off_id'));
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- A forwarded hand-off takes along what the new consent names and the old one still covers; with the visitor's code, what the new one names.
-- The desk need not see it for that, and after the end it may not.
CREATE FUNCTION copy_forwarded_context(old uuid, new uuid) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
    INSERT INTO public.hand_off_sensitive (werkcentrum_id, hand_off_id, partner_id, partner_kind, facts)
      SELECT desk, new, target.partner_id, target.partner_kind, t.facts FROM public.hand_off_sensitive t WHERE t.werkcentrum_id = desk AND t.hand_off_id = old;
    IF FOUND THEN copied := copied || 'sensitive'::text; END IF;
  END IF;
  RETURN copied;
END $$;

-- Who named a reserve has no new code when the reserve takes over: the one they have follows the question.
CREATE FUNCTION keep_code(old uuid, new uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text[] := public.app_capacity();
BEGIN
  IF who[2] IS DISTINCT FROM 'wo_guide' THEN RETURN false; END IF;
  INSERT INTO public.follow_up_code (werkcentrum_id, hand_off_id, partner_id, hash, expires_on)
    SELECT h.werkcentrum_id, h.id, h.partner_id, f.hash, f.expires_on
    FROM public.hand_off h
    JOIN public.hand_off_origin o ON o.werkcentrum_id = h.werkcentrum_id AND o.hand_off_id = h.id AND o.forwarded_from = old
    JOIN public.follow_up_code f ON f.werkcentrum_id = h.werkcentrum_id AND f.hand_off_id = old
    WHERE h.werkcentrum_id = nullif(who[4], '')::uuid AND h.id = new;
  RETURN FOUND;
END $$;

REVOKE EXECUTE ON FUNCTION copy_forwarded_context(uuid, uuid), keep_code(uuid, uuid), keep_consent_locks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION copy_forwarded_context(uuid, uuid), keep_code(uuid, uuid) TO wo_guide;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Where a hand-off goes from where: src/handoffs/steps.ts in SQL, compared step by step in test/walls/steps.test.ts. What has ended stays so.
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE FUNCTION step_is_possible(was hand_off, is_now hand_off, taker text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE taker
    WHEN 'wo_handler' THEN NOT is_now.heard_by_desk AND (
      was.state || ' ' || is_now.state IN ('OFFERED ACCEPTED', 'OFFERED DECLINED', 'OFFERED COMPLETED', 'ACCEPTED IN_PROGRESS', 'ACCEPTED COMPLETED',
        'ACCEPTED RETURNED', 'IN_PROGRESS COMPLETED', 'IN_PROGRESS RETURNED')
      -- A partner may contradict what the desk only heard.
      OR was.heard_by_desk AND was.state IN ('ACCEPTED', 'IN_PROGRESS', 'DECLINED', 'COMPLETED', 'RETURNED') AND is_now.state IN ('ACCEPTED', 'DECLINED', 'COMPLETED'))
    WHEN 'wo_guide' THEN
      was.state || ' ' || is_now.state IN ('OFFERED ACCEPTED', 'OFFERED DECLINED', 'OFFERED COMPLETED', 'ACCEPTED IN_PROGRESS', 'ACCEPTED COMPLETED',
        'ACCEPTED RETURNED', 'IN_PROGRESS COMPLETED', 'IN_PROGRESS RETURNED', 'OFFERED WITHDRAWN', 'ACCEPTED WITHDRAWN', 'IN_PROGRESS WITHDRAWN')
      OR is_now.state = 'FORWARDED' AND was.state IN ('OFFERED', 'ACCEPTED', 'IN_PROGRESS', 'DECLINED', 'RETURNED', 'COMPLETED') AND was.open_until > app_today()
    WHEN 'wo_coordinator' THEN
      is_now.state = 'LAPSED' AND was.state IN ('OFFERED', 'ACCEPTED', 'IN_PROGRESS', 'DECLINED', 'RETURNED', 'COMPLETED') AND was.open_until > app_today()
    WHEN 'wo_visitor' THEN is_now.state = 'WITHDRAWN' AND was.state IN ('OFFERED', 'ACCEPTED', 'IN_PROGRESS')
    -- Somebody who owns the tables.
    ELSE true
  END $$;
CREATE FUNCTION refuse_impossible_steps() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT step_is_possible(OLD, NEW, current_user) THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'this step does not exist';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_impossible_steps BEFORE UPDATE ON hand_off FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION refuse_impossible_steps();
-- That the desk heard it is the desk's to say.
CREATE FUNCTION refuse_hearsay() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'only the desk says that it heard something';
END $$;
CREATE TRIGGER refuse_hearsay BEFORE UPDATE ON hand_off FOR EACH ROW
  WHEN (current_user <> 'wo_guide' AND NEW.heard_by_desk AND NOT OLD.heard_by_desk) EXECUTE FUNCTION refuse_hearsay();

-- ---------------------------------------------------------------------------------------------------------------------------
-- A line of the log is what was signed, of the day that was signed, and about hand-offs that the writer sees.
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE POLICY as_signed ON access_record AS RESTRICTIVE FOR INSERT TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum,
  wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor
  WITH CHECK (ARRAY[role, purpose, policy_hash] = (SELECT ARRAY[c[3], c[6], c[7]] FROM (SELECT app_capacity()) AS capacity (c))
    AND (at AT TIME ZONE 'Europe/Amsterdam')::date = (SELECT app_today()));
CREATE POLICY about_what_is_seen ON access_record_part AS RESTRICTIVE FOR INSERT TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum,
  wo_officer_partner, wo_visitor
  WITH CHECK (hand_offs = '{}' OR hand_offs <@ ARRAY(SELECT h.id FROM hand_off h WHERE h.id = ANY (access_record_part.hand_offs)));
CREATE POLICY about_no_hand_off ON access_record_part AS RESTRICTIVE FOR INSERT TO wo_nobody, wo_signatory_werkcentrum, wo_signatory_partner
  WITH CHECK (hand_offs = '{}');
