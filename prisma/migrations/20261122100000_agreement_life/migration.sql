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
  -- The day on which both sides had signed; empty: it never opened anything.
  ADD COLUMN signed_on date,
  -- How many events its story has; the log names the last one, so that a decision can be explained with the state of that moment.
  ADD COLUMN events integer NOT NULL DEFAULT 0 CHECK (events >= 0);
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
  CHECK (step NOT IN ('advise', 'sign') OR (terms_hash IS NOT NULL))
);
INSERT INTO agreement_event (werkcentrum_id, agreement_id, number, partner_id, step, state, at)
  SELECT werkcentrum_id, id, 1, partner_id, 'load', state, valid_from FROM agreement;

-- Who did it: a keyed hash, the same for one person in two organisations, so that nobody signs with themselves. Read by no role.
CREATE TABLE agreement_event_person (
  werkcentrum_id uuid NOT NULL,
  agreement_id   uuid NOT NULL,
  number         integer NOT NULL,
  person         text NOT NULL,
  PRIMARY KEY (werkcentrum_id, agreement_id, number),
  FOREIGN KEY (werkcentrum_id, agreement_id, number) REFERENCES agreement_event
);

ALTER TABLE agreement_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_event_person ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON agreement_event TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY read_of_own_werkcentrum ON agreement_event FOR SELECT TO wo_guide, wo_coordinator, wo_officer_werkcentrum, wo_signatory_werkcentrum
  USING (werkcentrum_id = (SELECT app_organisation()));
CREATE POLICY read_of_own_partner ON agreement_event FOR SELECT TO wo_handler, wo_officer_partner, wo_signatory_partner
  USING (partner_id = (SELECT app_organisation()));

-- Which hand-offs a part of the log is about, to find them by. Array operators are not leakproof, so row-level security never lets this
-- index work for a role: it is for functions that run as the owner and check who asks.
ALTER TABLE access_record_part ADD COLUMN hand_offs uuid[];
UPDATE access_record_part SET hand_offs = coalesce(
  (SELECT array_agg((o ->> 'reference')::uuid) FROM jsonb_array_elements(objects) o WHERE o ->> 'type' = 'HandOff'), '{}');
ALTER TABLE access_record_part ALTER COLUMN hand_offs SET NOT NULL;
CREATE INDEX access_record_part_hand_offs ON access_record_part USING gin (hand_offs);
