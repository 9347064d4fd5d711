-- Who is behind a pseudonym: opened by two people together, of two organisations where the record concerns two; by nobody alone (design 6).

-- What both of them see. The identity goes to the organisation that asks, which is that of the colleague, and nowhere else (invariant 15).
CREATE TABLE staff_identity_request (
  id                    uuid PRIMARY KEY,
  organisation_id       uuid NOT NULL,
  -- Who has to agree: the other side of what the record was about; the own organisation, where there was none.
  other_organisation_id uuid NOT NULL,
  -- All that the other side learns of the record.
  record_day            date NOT NULL,
  reason                text NOT NULL CHECK (reason IN ('MISUSE_SUSPECTED', 'DATA_BREACH', 'COMPLAINT', 'COLLEAGUE_ASKED', 'AUTHORITY_ORDERED')),
  asked_on              date NOT NULL,
  answer                text CHECK (answer IN ('AGREED', 'REFUSED')),
  answered_on           date,
  -- The first day on which it is no longer answered; once agreed to, on which it no longer opens anything.
  open_until            date NOT NULL GENERATED ALWAYS AS (coalesce(answered_on, asked_on) + 14) STORED,
  CHECK ((answer IS NULL) = (answered_on IS NULL))
);
CREATE INDEX staff_identity_request_asked ON staff_identity_request (organisation_id, asked_on);
CREATE INDEX staff_identity_request_answered ON staff_identity_request (other_organisation_id, asked_on);

-- What the asking side alone sees: which line of the log. And who asked, as in agreement_event_person, which no role reads.
CREATE TABLE staff_identity_record (
  request_id uuid PRIMARY KEY REFERENCES staff_identity_request,
  -- No foreign key: the log has a term of its own.
  at         timestamptz NOT NULL,
  record_id  uuid NOT NULL,
  asked_by   text[] NOT NULL CHECK (cardinality(asked_by) > 0)
);

ALTER TABLE staff_identity_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_identity_record ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON staff_identity_request TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY read_own ON staff_identity_request FOR SELECT TO wo_officer_werkcentrum, wo_officer_partner
  USING (organisation_id = (SELECT app_organisation()));
CREATE POLICY read_asked ON staff_identity_request FOR SELECT TO wo_officer_werkcentrum, wo_officer_partner
  USING (other_organisation_id = (SELECT app_organisation()));
-- A signatory is the second person where there is no second organisation.
CREATE POLICY read_within ON staff_identity_request FOR SELECT TO wo_signatory_werkcentrum, wo_signatory_partner
  USING (organisation_id = (SELECT app_organisation()) AND other_organisation_id = (SELECT app_organisation()));
GRANT SELECT (request_id, at, record_id) ON staff_identity_record TO wo_officer_werkcentrum, wo_officer_partner;
CREATE POLICY read_own ON staff_identity_record FOR SELECT TO wo_officer_werkcentrum, wo_officer_partner
  USING (EXISTS (SELECT FROM staff_identity_request q WHERE q.id = request_id AND q.organisation_id = (SELECT app_organisation())));

-- Written by these functions alone, which check again what src/access-log/staff-identity.ts checks.

-- A line of the own log, of a colleague of the own organisation. False: there is no such line, or `other` has nothing to do with it.
CREATE FUNCTION ask_staff_identity(request uuid, of_at timestamptz, of_record uuid, other uuid, why text, persons text[]) RETURNS boolean
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
  INSERT INTO public.staff_identity_request (id, organisation_id, other_organisation_id, record_day, reason, asked_on)
    VALUES (request, own, other, (of_at AT TIME ZONE 'Europe/Amsterdam')::date, why, who[5]::date);
  INSERT INTO public.staff_identity_record (request_id, at, record_id, asked_by) VALUES (request, of_at, of_record, persons);
  RETURN true;
END $$;

-- By the officer of the other organisation, or by the signatory of the own; never by the person who asked, and never by one who cannot be
-- compared with that person, because they share no key of the ring. One answer, for good.
CREATE FUNCTION answer_staff_identity(request uuid, agrees boolean, persons text[]) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who text[] := public.app_capacity();
  own uuid := nullif(who[4], '')::uuid;
  today date := nullif(who[5], '')::date;
  q public.staff_identity_request;
  asker text[];
BEGIN
  SELECT r.* INTO q FROM public.staff_identity_request r WHERE r.id = request AND r.other_organisation_id = own FOR UPDATE;
  IF NOT FOUND OR who[2] <> ALL (CASE WHEN q.organisation_id = own THEN ARRAY['wo_signatory_werkcentrum', 'wo_signatory_partner']
      ELSE ARRAY['wo_officer_werkcentrum', 'wo_officer_partner'] END) THEN
    RETURN 'NOT_FOUND';
  END IF;
  IF q.answer IS NOT NULL OR today >= q.open_until THEN
    RETURN 'CLOSED';
  END IF;
  SELECT s.asked_by INTO asker FROM public.staff_identity_record s WHERE s.request_id = request;
  IF asker && persons OR NOT ARRAY(SELECT split_part(p, ':', 1) FROM unnest(asker) p) && ARRAY(SELECT split_part(p, ':', 1) FROM unnest(persons) p) THEN
    RETURN 'SAME_PERSON';
  END IF;
  UPDATE public.staff_identity_request r SET answer = CASE WHEN agrees THEN 'AGREED' ELSE 'REFUSED' END, answered_on = today WHERE r.id = request;
  RETURN 'DONE';
END $$;

-- The only way to the encrypted account: agreed to, for the organisation that asked, within the term.
CREATE FUNCTION staff_identity(request uuid) RETURNS TABLE (pseudonym text, sealed_subject text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.pseudonym, a.sealed_subject
  FROM (SELECT public.app_capacity()) AS capacity (who)
  JOIN public.staff_identity_request q ON q.id = $1 AND q.organisation_id = nullif(who[4], '')::uuid AND q.answer = 'AGREED' AND who[5]::date < q.open_until
  JOIN public.staff_identity_record s ON s.request_id = q.id
  JOIN public.access_record_actor a ON a.at = s.at AND a.record_id = s.record_id AND a.organisation_id = q.organisation_id
  WHERE who[2] IN ('wo_officer_werkcentrum', 'wo_officer_partner')
$$;

REVOKE EXECUTE ON FUNCTION ask_staff_identity, answer_staff_identity, staff_identity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_staff_identity, staff_identity TO wo_officer_werkcentrum, wo_officer_partner;
GRANT EXECUTE ON FUNCTION answer_staff_identity TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;

-- What happens with a request stands in the logs of both: an empty part for each, which it reads as its own.
CREATE POLICY add_to_both ON access_record_part FOR INSERT TO wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner
  WITH CHECK (objects = '[]' AND hand_offs = '{}' AND NOT confidential AND acting_organisation_id = coalesce(werkcentrum_id, partner_id)
    AND (werkcentrum_id IS NULL OR partner_id IS NULL)
    AND EXISTS (SELECT FROM staff_identity_request q WHERE access_record_part.acting_organisation_id IN (q.organisation_id, q.other_organisation_id)));
