-- Agreements that live: drafted, advised on, signed by both sides, suspended, ended; and a log that can say which hand-off was looked at.

-- What is agreed is category by purpose, cell by cell ('question HELP'): lists rarely need what the detail needs.
ALTER TABLE agreement ADD COLUMN cells text[];
UPDATE agreement SET cells = coalesce((SELECT array_agg(c || ' ' || p ORDER BY c, p) FROM unnest(categories) c, unnest(purposes) p), '{}');
ALTER TABLE agreement
  ALTER COLUMN cells SET NOT NULL,
  DROP COLUMN categories,
  DROP COLUMN purposes,
  ADD CHECK (cells <@ ARRAY['logistics OVERVIEW', 'logistics HELP', 'logistics FOLLOW_UP', 'routing OVERVIEW', 'routing HELP', 'routing FOLLOW_UP',
    'question OVERVIEW', 'question HELP', 'question FOLLOW_UP', 'situation OVERVIEW', 'situation HELP', 'situation FOLLOW_UP',
    'sensitive OVERVIEW', 'sensitive HELP', 'sensitive FOLLOW_UP', 'note OVERVIEW', 'note HELP', 'note FOLLOW_UP',
    'outcome OVERVIEW', 'outcome HELP', 'outcome FOLLOW_UP']),
  DROP CONSTRAINT agreement_state_check,
  ADD CONSTRAINT agreement_state_check CHECK (state IN ('DRAFT', 'ACTIVE', 'SUSPENDED', 'ENDED')),
  -- The first day on which both sides had signed; empty: it never opened anything.
  ADD COLUMN signed_on date,
  -- How many events its story has; the log names the last one, so that a decision can be explained with the state of that moment.
  ADD COLUMN events integer NOT NULL DEFAULT 0 CHECK (events >= 0),
  -- A legal basis is named with its version: what was signed keeps its words when the policy gets better ones.
  ADD COLUMN legal_basis_version integer NOT NULL DEFAULT 1 CHECK (legal_basis_version > 0),
  ADD CHECK (length(contact_point) <= 200 AND length(document_reference) <= 200);
UPDATE agreement SET signed_on = valid_from, events = 1;

-- The story of an agreement; never changed. It is between organisations, so it keeps instants, and no colleague by name.
CREATE TABLE agreement_event (
  werkcentrum_id uuid NOT NULL,
  agreement_id   uuid NOT NULL,
  number         integer NOT NULL CHECK (number > 0),
  partner_id     uuid NOT NULL,
  -- load: put there by the owner of the database, as signed elsewhere.
  step           text NOT NULL CHECK (step IN ('load', 'draft', 'amend', 'advise', 'sign', 'suspend', 'end')),
  by_side        text CHECK (by_side IN ('WERKCENTRUM', 'PARTNER')),
  by_role        text CHECK (by_role IN ('SIGNATORY', 'PRIVACY_OFFICER')),
  -- The legal person that is bound by a signature.
  on_behalf_of   uuid REFERENCES partner,
  advice         text CHECK (advice IN ('AGREES', 'OBJECTS')),
  reason         text CHECK (reason IN ('INCIDENT', 'NOT_FOLLOWED', 'LEGAL_DOUBT', 'ON_REQUEST', 'NO_LONGER_NEEDED', 'REPLACED')),
  -- What was on the table: an advice or a signature is about these terms and no others.
  terms_hash     text,
  state          text NOT NULL CHECK (state IN ('DRAFT', 'ACTIVE', 'SUSPENDED', 'ENDED')),
  at             timestamptz NOT NULL,
  PRIMARY KEY (werkcentrum_id, agreement_id, number),
  FOREIGN KEY (werkcentrum_id, agreement_id) REFERENCES agreement,
  CHECK ((step = 'load') = (by_side IS NULL AND by_role IS NULL)),
  CHECK ((step = 'sign') = (on_behalf_of IS NOT NULL)),
  CHECK ((step = 'advise') = (advice IS NOT NULL)),
  CHECK ((step IN ('suspend', 'end')) = (reason IS NOT NULL)),
  CHECK (step NOT IN ('advise', 'sign') OR (terms_hash IS NOT NULL))
);
INSERT INTO agreement_event (werkcentrum_id, agreement_id, number, partner_id, step, state, at)
  SELECT werkcentrum_id, id, 1, partner_id, 'load', state, valid_from FROM agreement;

-- Who did it: keyed hashes, the same for one person in two organisations, so that nobody signs with themselves. One row for each key of
-- the ring, so that two people can be compared after a key was replaced. Read by no role. It is written before its event, which looks here
-- who signs; at the end of the transaction both must be there.
CREATE TABLE agreement_event_person (
  werkcentrum_id uuid NOT NULL,
  agreement_id   uuid NOT NULL,
  number         integer NOT NULL,
  person         text NOT NULL CHECK (person ~ '^k[0-9]+:.'),
  PRIMARY KEY (werkcentrum_id, agreement_id, number, person),
  FOREIGN KEY (werkcentrum_id, agreement_id, number) REFERENCES agreement_event DEFERRABLE INITIALLY DEFERRED
);

ALTER TABLE agreement_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_event_person ENABLE ROW LEVEL SECURITY;

-- Who reads what. A draft is between officers and signatories; desks and handlers read what was in force at some time, and of its story
-- what opened and closed it, not who advised what.
CREATE INDEX agreement_by_id ON agreement (id);
DROP POLICY read_of_own_werkcentrum ON agreement;
DROP POLICY read_of_own_partner ON agreement;
DROP POLICY read_of_own_werkcentrum ON agreement_party;
DROP POLICY read_with_agreement ON agreement_party;
CREATE POLICY read_of_own_werkcentrum ON agreement FOR SELECT TO wo_officer_werkcentrum, wo_signatory_werkcentrum
  USING (werkcentrum_id = (SELECT app_organisation()));
CREATE POLICY read_of_own_partner ON agreement FOR SELECT TO wo_officer_partner, wo_signatory_partner
  USING (partner_id = (SELECT app_organisation()));
CREATE POLICY read_signed_of_own_werkcentrum ON agreement FOR SELECT TO wo_guide, wo_coordinator
  USING (werkcentrum_id = (SELECT app_organisation()) AND signed_on IS NOT NULL);
CREATE POLICY read_signed_of_own_partner ON agreement FOR SELECT TO wo_handler
  USING (partner_id = (SELECT app_organisation()) AND signed_on IS NOT NULL);
-- The subqueries are themselves under row-level security: parties and events are seen where their agreement is.
CREATE POLICY read_with_agreement ON agreement_party FOR SELECT TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner
  USING (EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_party.werkcentrum_id AND a.id = agreement_party.agreement_id));
GRANT SELECT ON agreement_event TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY read_with_agreement ON agreement_event FOR SELECT TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner
  USING (EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_event.werkcentrum_id AND a.id = agreement_event.agreement_id));
CREATE POLICY read_what_opened_and_closed ON agreement_event FOR SELECT TO wo_guide, wo_coordinator, wo_handler
  USING (step IN ('load', 'sign', 'suspend', 'end')
    AND EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_event.werkcentrum_id AND a.id = agreement_event.agreement_id));

-- Who writes what. Drafts by signatories; the story by officers and signatories, in the name of their own side; states by the trigger alone.
GRANT INSERT (werkcentrum_id, id, partner_id, cells, legal_basis, legal_basis_version, answer_term_days, first_contact_term_days, contact_point,
    document_reference, review_on, valid_from, valid_to),
  UPDATE (cells, legal_basis, legal_basis_version, answer_term_days, first_contact_term_days, contact_point, document_reference, review_on, valid_from, valid_to)
  ON agreement TO wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY draft_of_own_werkcentrum ON agreement FOR INSERT TO wo_signatory_werkcentrum
  WITH CHECK (werkcentrum_id = (SELECT app_organisation()) AND state = 'DRAFT' AND signed_on IS NULL AND events = 0);
CREATE POLICY draft_of_own_partner ON agreement FOR INSERT TO wo_signatory_partner
  WITH CHECK (partner_id = (SELECT app_organisation()) AND state = 'DRAFT' AND signed_on IS NULL AND events = 0);
CREATE POLICY amend_of_own_werkcentrum ON agreement FOR UPDATE TO wo_signatory_werkcentrum
  USING (werkcentrum_id = (SELECT app_organisation()) AND state = 'DRAFT' AND signed_on IS NULL);
CREATE POLICY amend_of_own_partner ON agreement FOR UPDATE TO wo_signatory_partner
  USING (partner_id = (SELECT app_organisation()) AND state = 'DRAFT' AND signed_on IS NULL);
GRANT INSERT (werkcentrum_id, agreement_id, partner_id, side), DELETE ON agreement_party TO wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY add_to_draft ON agreement_party FOR INSERT TO wo_signatory_werkcentrum, wo_signatory_partner
  WITH CHECK (EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_party.werkcentrum_id AND a.id = agreement_party.agreement_id
    AND a.state = 'DRAFT' AND a.signed_on IS NULL));
CREATE POLICY take_from_draft ON agreement_party FOR DELETE TO wo_signatory_werkcentrum, wo_signatory_partner
  USING (EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_party.werkcentrum_id AND a.id = agreement_party.agreement_id
    AND a.state = 'DRAFT' AND a.signed_on IS NULL));
GRANT INSERT (werkcentrum_id, agreement_id, partner_id, step, by_side, by_role, on_behalf_of, advice, reason, terms_hash, at)
  ON agreement_event TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;
GRANT INSERT ON agreement_event_person TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY add_of_own_werkcentrum ON agreement_event FOR INSERT TO wo_officer_werkcentrum, wo_signatory_werkcentrum
  WITH CHECK (werkcentrum_id = (SELECT app_organisation()) AND by_side = 'WERKCENTRUM');
CREATE POLICY add_of_own_partner ON agreement_event FOR INSERT TO wo_officer_partner, wo_signatory_partner
  WITH CHECK (partner_id = (SELECT app_organisation()) AND by_side = 'PARTNER');
CREATE POLICY add_before_event ON agreement_event_person FOR INSERT TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner
  WITH CHECK (EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_event_person.werkcentrum_id AND a.id = agreement_event_person.agreement_id
    AND a.events + 1 = agreement_event_person.number));

-- The terms as canonical JSON (RFC 8785), and their SHA-256: what an advice and a signature are about. test/agreements makes the same, to compare.
CREATE FUNCTION agreement_terms(of_werkcentrum uuid, of_agreement uuid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '{"actingFor":[' || parties.partner || '],"answerTermDays":' || a.answer_term_days
    || ',"cells":[' || coalesce((SELECT string_agg(to_json(c)::text, ',' ORDER BY c COLLATE "C") FROM unnest(a.cells) c), '')
    || '],"contactPoint":' || to_json(a.contact_point) || ',"controllers":[' || parties.werkcentrum || '],"documentReference":' || to_json(a.document_reference)
    || ',"firstContactTermDays":' || a.first_contact_term_days || ',"legalBasis":' || to_json(a.legal_basis) || ',"legalBasisVersion":' || a.legal_basis_version
    || ',"partner":"' || a.partner_id || '","reviewOn":"' || to_char(a.review_on, 'YYYY-MM-DD') || '","validFrom":"' || to_char(a.valid_from, 'YYYY-MM-DD')
    || '","validTo":"' || to_char(a.valid_to, 'YYYY-MM-DD') || '","version":' || a.version || ',"werkcentrum":"' || a.werkcentrum_id || '"}'
  FROM public.agreement a, LATERAL (
    SELECT coalesce(string_agg(to_json(g.partner_id)::text, ',' ORDER BY g.partner_id) FILTER (WHERE g.side = 'WERKCENTRUM'), '') AS werkcentrum,
      coalesce(string_agg(to_json(g.partner_id)::text, ',' ORDER BY g.partner_id) FILTER (WHERE g.side = 'PARTNER'), '') AS partner
    FROM public.agreement_party g WHERE g.werkcentrum_id = a.werkcentrum_id AND g.agreement_id = a.id) parties
  WHERE a.werkcentrum_id = of_werkcentrum AND a.id = of_agreement
$$;
CREATE FUNCTION agreement_terms_hash(of_werkcentrum uuid, of_agreement uuid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(public.agreement_terms(of_werkcentrum, of_agreement), 'UTF8')), 'hex')
$$;

-- The side for which this transaction may write about agreements; null: the owner of the database, or somebody who may not.
CREATE FUNCTION agreement_side() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN current_setting('role') IN ('wo_officer_werkcentrum', 'wo_signatory_werkcentrum') THEN 'WERKCENTRUM'
    WHEN current_setting('role') IN ('wo_officer_partner', 'wo_signatory_partner') THEN 'PARTNER' END
$$;

-- Takes its place in the one order of all that happens to the agreements of one pair: oldest version first, so that nobody waits in a circle.
CREATE FUNCTION lock_agreement(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_one public.agreement;
BEGIN
  SELECT * INTO found_one FROM public.agreement a WHERE a.id = wanted
    AND CASE public.agreement_side() WHEN 'WERKCENTRUM' THEN a.werkcentrum_id WHEN 'PARTNER' THEN a.partner_id END = public.app_organisation();
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM FROM public.agreement a WHERE a.werkcentrum_id = found_one.werkcentrum_id AND a.partner_id = found_one.partner_id ORDER BY a.version FOR UPDATE;
  RETURN true;
END $$;

-- Did one of these keyed hashes sign already, for the other side, what counts now? 'yes', 'no', or 'unknown': no key in common to tell by.
CREATE FUNCTION agreement_signed_by(of_werkcentrum uuid, of_agreement uuid, side text, persons text[]) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT CASE WHEN bool_or(p.person = ANY (persons)) THEN 'yes'
      WHEN bool_or(split_part(p.person, ':', 1) IN (SELECT split_part(mine, ':', 1) FROM unnest(persons) mine)) THEN 'no' ELSE 'unknown' END
    FROM public.agreement_event e JOIN public.agreement_event_person p USING (werkcentrum_id, agreement_id, number)
    WHERE e.werkcentrum_id = of_werkcentrum AND e.agreement_id = of_agreement AND e.step = 'sign' AND e.by_side <> side
      AND (public.agreement_side() IS NULL OR public.app_organisation() IN (e.werkcentrum_id, e.partner_id))
      AND e.terms_hash = public.agreement_terms_hash(of_werkcentrum, of_agreement)
      AND e.number > coalesce((SELECT max(s.number) FROM public.agreement_event s
        WHERE s.werkcentrum_id = of_werkcentrum AND s.agreement_id = of_agreement AND s.step = 'suspend'), 0)
    HAVING count(*) > 0
  ), 'no')
$$;

-- A draft of a capacity: next in the row of versions, and checked as far as a table can.
CREATE FUNCTION guard_agreement_draft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF public.agreement_side() IS NULL THEN
    RETURN NEW;
  END IF;
  IF NEW.review_on > NEW.valid_to THEN
    RAISE EXCEPTION 'The review of an agreement is not after its end.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    -- Two drafts at once between the same two: one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.werkcentrum_id || ' ' || NEW.partner_id, 72707371));
    NEW.version := (SELECT coalesce(max(a.version), 0) + 1 FROM public.agreement a WHERE a.werkcentrum_id = NEW.werkcentrum_id AND a.partner_id = NEW.partner_id);
    NEW.state := 'DRAFT';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_draft BEFORE INSERT OR UPDATE OF cells, legal_basis, legal_basis_version, answer_term_days, first_contact_term_days, contact_point,
  document_reference, review_on, valid_from, valid_to ON agreement FOR EACH ROW EXECUTE FUNCTION guard_agreement_draft();

-- A party of a draft: a controller of this werkcentrum, and the partner itself or whom it acts for. Nothing changes beside a signature.
CREATE FUNCTION guard_agreement_party() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  party public.agreement_party := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  a public.agreement;
BEGIN
  IF public.agreement_side() IS NULL THEN
    RETURN party;
  END IF;
  SELECT * INTO a FROM public.agreement WHERE werkcentrum_id = party.werkcentrum_id AND id = party.agreement_id
    AND CASE public.agreement_side() WHEN 'WERKCENTRUM' THEN werkcentrum_id ELSE partner_id END = public.app_organisation() FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'This is no agreement of the own side.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF a.state <> 'DRAFT' OR a.signed_on IS NOT NULL THEN
    RAISE EXCEPTION 'The parties of an agreement change while it is a draft, and never after.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NOT (CASE party.side
      WHEN 'WERKCENTRUM' THEN EXISTS (SELECT FROM public.controller c WHERE c.werkcentrum_id = a.werkcentrum_id AND c.partner_id = party.partner_id)
      ELSE (party.partner_id = a.partner_id) OR EXISTS (SELECT FROM public.partner_acts_for f WHERE f.partner_id = a.partner_id AND f.member_id = party.partner_id) END)
  THEN
    RAISE EXCEPTION 'A party is a controller of the werkcentrum, or whom the partner acts for.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN party;
END $$;
CREATE TRIGGER guard_party BEFORE INSERT OR DELETE ON agreement_party FOR EACH ROW EXECUTE FUNCTION guard_agreement_party();

-- The life of an agreement, as src/agreements/agreement-state.ts has it (test/agreements compares them). It alone gives events their number
-- and agreements their state. The owner of the database is asked the same questions, but for whom it acts; a `load` of the owner stands as it is.
CREATE FUNCTION take_agreement_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a        public.agreement;
  later    public.agreement;
  terms    text;
  since    integer; -- the last suspension: what was signed before it no longer counts
  today    date := coalesce(CASE WHEN public.agreement_side() IS NOT NULL THEN public.app_today() END, (NEW.at AT TIME ZONE 'Europe/Amsterdam')::date);
  other    public.agreement_event;
BEGIN
  IF public.agreement_side() IS NULL AND NEW.step = 'load' THEN
    UPDATE public.agreement SET events = greatest(events, NEW.number) WHERE werkcentrum_id = NEW.werkcentrum_id AND id = NEW.agreement_id;
    RETURN NEW;
  END IF;
  IF public.agreement_side() IS NOT NULL AND (public.agreement_side() IS DISTINCT FROM NEW.by_side
      OR CASE WHEN current_setting('role') LIKE 'wo\_officer\_%' THEN 'PRIVACY_OFFICER' ELSE 'SIGNATORY' END IS DISTINCT FROM NEW.by_role) THEN
    RAISE EXCEPTION 'A step is taken in the name of the own side and role.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO a FROM public.agreement WHERE werkcentrum_id = NEW.werkcentrum_id AND id = NEW.agreement_id FOR UPDATE;
  IF NOT FOUND OR (public.agreement_side() IS NOT NULL
      AND CASE NEW.by_side WHEN 'WERKCENTRUM' THEN a.werkcentrum_id ELSE a.partner_id END IS DISTINCT FROM public.app_organisation()) THEN
    RAISE EXCEPTION 'This is no agreement of the own side.' USING ERRCODE = 'insufficient_privilege';
  END IF;

  -- A story that can be read back at any moment: nobody dates a step on another day, and clocks of two servers do not turn the order round.
  IF public.agreement_side() IS NOT NULL AND pg_trigger_depth() = 1 AND (NEW.at AT TIME ZONE 'Europe/Amsterdam')::date IS DISTINCT FROM public.app_today() THEN
    RAISE EXCEPTION 'A step is taken today.' USING ERRCODE = 'check_violation';
  END IF;
  NEW.number := a.events + 1;
  NEW.partner_id := a.partner_id;
  NEW.at := greatest(NEW.at, (SELECT max(e.at) FROM public.agreement_event e WHERE e.werkcentrum_id = a.werkcentrum_id AND e.agreement_id = a.id));
  IF NOT EXISTS (SELECT FROM public.agreement_event_person p WHERE p.werkcentrum_id = a.werkcentrum_id AND p.agreement_id = a.id AND p.number = NEW.number) THEN
    RAISE EXCEPTION 'A step is taken by somebody.' USING ERRCODE = 'check_violation';
  END IF;
  IF (CASE NEW.step WHEN 'advise' THEN NEW.by_role <> 'PRIVACY_OFFICER' WHEN 'suspend' THEN false ELSE NEW.by_role <> 'SIGNATORY' END) THEN
    RAISE EXCEPTION 'This step is not of this role.' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT (CASE NEW.step
      WHEN 'draft' THEN a.state = 'DRAFT' AND a.events = 0
      WHEN 'amend' THEN a.state = 'DRAFT' AND a.events > 0
      WHEN 'advise' THEN a.state <> 'ENDED' AND a.events > 0
      WHEN 'sign' THEN a.state IN ('DRAFT', 'SUSPENDED') AND a.events > 0
      WHEN 'suspend' THEN a.state IN ('DRAFT', 'ACTIVE') AND a.events > 0
      WHEN 'end' THEN a.state <> 'ENDED' AND a.events > 0
      ELSE false END) THEN
    RAISE EXCEPTION 'This step cannot be taken from %.', a.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.step = 'suspend' AND NEW.reason NOT IN ('INCIDENT', 'NOT_FOLLOWED', 'LEGAL_DOUBT', 'ON_REQUEST')
    OR NEW.step = 'end' AND NEW.reason NOT IN ('NOT_FOLLOWED', 'LEGAL_DOUBT', 'ON_REQUEST', 'NO_LONGER_NEEDED', 'REPLACED') THEN
    RAISE EXCEPTION 'This is no reason for that step.' USING ERRCODE = 'check_violation';
  END IF;

  terms := public.agreement_terms_hash(a.werkcentrum_id, a.id);
  IF NEW.step IN ('draft', 'amend') THEN
    NEW.terms_hash := terms;
  ELSIF NEW.step IN ('advise', 'sign') AND NEW.terms_hash IS DISTINCT FROM terms THEN
    RAISE EXCEPTION 'An advice and a signature are about the terms as they are now.' USING ERRCODE = 'check_violation';
  END IF;
  NEW.state := CASE NEW.step WHEN 'suspend' THEN 'SUSPENDED' WHEN 'end' THEN 'ENDED' ELSE a.state END;

  IF NEW.step = 'sign' THEN
    IF today > a.valid_to THEN
      RAISE EXCEPTION 'The last day of this agreement has passed.' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(DISTINCT e.by_side) FROM public.agreement_event e
        WHERE e.werkcentrum_id = a.werkcentrum_id AND e.agreement_id = a.id AND e.step = 'advise' AND e.terms_hash = terms) < 2 THEN
      RAISE EXCEPTION 'Nobody signs before the privacy officers of both sides have advised on these terms.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM public.agreement_party g WHERE g.werkcentrum_id = a.werkcentrum_id AND g.agreement_id = a.id AND g.side = NEW.by_side
        AND g.partner_id = NEW.on_behalf_of) THEN
      RAISE EXCEPTION 'A signature binds a party of the own side.' USING ERRCODE = 'check_violation';
    END IF;
    since := coalesce((SELECT max(e.number) FROM public.agreement_event e WHERE e.werkcentrum_id = a.werkcentrum_id AND e.agreement_id = a.id
      AND e.step = 'suspend'), 0);
    FOR other IN SELECT * FROM public.agreement_event e WHERE e.werkcentrum_id = a.werkcentrum_id AND e.agreement_id = a.id AND e.step = 'sign'
        AND e.terms_hash = terms AND e.number > since LOOP
      IF other.by_side = NEW.by_side THEN
        RAISE EXCEPTION 'This side has signed already.' USING ERRCODE = 'check_violation';
      ELSIF other.on_behalf_of = NEW.on_behalf_of THEN
        RAISE EXCEPTION 'The two signatures bind two different legal persons.' USING ERRCODE = 'check_violation';
      ELSIF public.agreement_signed_by(a.werkcentrum_id, a.id, NEW.by_side, (SELECT array_agg(p.person) FROM public.agreement_event_person p
          WHERE p.werkcentrum_id = a.werkcentrum_id AND p.agreement_id = a.id AND p.number = NEW.number)) <> 'no' THEN
        RAISE EXCEPTION 'The two signatures are by two different people.' USING ERRCODE = 'check_violation';
      END IF;
      NEW.state := 'ACTIVE';
    END LOOP;
  END IF;

  UPDATE public.agreement SET state = NEW.state, events = NEW.number, signed_on = CASE WHEN NEW.state = 'ACTIVE' THEN coalesce(signed_on, today) ELSE signed_on END
    WHERE werkcentrum_id = a.werkcentrum_id AND id = a.id;

  -- A version that begins tomorrow must not open what was suspended today, nor one that lacks only the other side's signature.
  IF NEW.step = 'suspend' AND pg_trigger_depth() = 1 THEN
    PERFORM FROM public.agreement l WHERE l.werkcentrum_id = a.werkcentrum_id AND l.partner_id = a.partner_id AND l.version > a.version ORDER BY l.version FOR UPDATE;
    FOR later IN SELECT * FROM public.agreement l WHERE l.werkcentrum_id = a.werkcentrum_id AND l.partner_id = a.partner_id AND l.version > a.version
        AND (l.state = 'ACTIVE' OR l.state = 'DRAFT' AND EXISTS (SELECT FROM public.agreement_event e
          WHERE e.werkcentrum_id = l.werkcentrum_id AND e.agreement_id = l.id AND e.step = 'sign')) ORDER BY l.version LOOP
      INSERT INTO public.agreement_event_person SELECT p.werkcentrum_id, later.id, later.events + 1, p.person FROM public.agreement_event_person p
        WHERE p.werkcentrum_id = a.werkcentrum_id AND p.agreement_id = a.id AND p.number = NEW.number;
      INSERT INTO public.agreement_event (werkcentrum_id, agreement_id, partner_id, step, by_side, by_role, reason, at)
        VALUES (a.werkcentrum_id, later.id, a.partner_id, 'suspend', NEW.by_side, NEW.by_role, NEW.reason, NEW.at);
    END LOOP;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_step BEFORE INSERT ON agreement_event FOR EACH ROW EXECUTE FUNCTION take_agreement_step();

REVOKE EXECUTE ON FUNCTION lock_agreement, agreement_signed_by, guard_agreement_draft, guard_agreement_party, take_agreement_step FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_agreement TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;
GRANT EXECUTE ON FUNCTION agreement_signed_by TO wo_signatory_werkcentrum, wo_signatory_partner;

-- Which hand-offs a part of the log is about, to find them by. Array operators are not leakproof, so row-level security never lets this
-- index work for a role: it is for functions that run as the owner and check who asks.
ALTER TABLE access_record_part ADD COLUMN hand_offs uuid[];
UPDATE access_record_part SET hand_offs = coalesce(
  (SELECT array_agg((o ->> 'reference')::uuid) FROM jsonb_array_elements(objects) o WHERE o ->> 'type' = 'HandOff'), '{}');
ALTER TABLE access_record_part ALTER COLUMN hand_offs SET NOT NULL;
CREATE INDEX access_record_part_hand_offs ON access_record_part USING gin (hand_offs);
