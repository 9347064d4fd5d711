-- The log as evidence: each record knows its trace and its refusal, has a processing record beside it, and a leaf that its seal is made of.

-- W3C Trace Context, in lower-case hexadecimals. Records of before this migration have none.
ALTER TABLE access_record
  ADD COLUMN trace_id       text CHECK (trace_id ~ '^[0-9a-f]{32}$'),
  ADD COLUMN span_id        text CHECK (span_id ~ '^[0-9a-f]{16}$'),
  -- The span of whoever called us.
  ADD COLUMN parent_span_id text CHECK (parent_span_id ~ '^[0-9a-f]{16}$'),
  -- The code with which the operation was refused (src/errors.ts); null when it was answered.
  ADD COLUMN refusal        text;

-- The account behind the pseudonym, encrypted: opened only when two people of two organisations agree to it.
ALTER TABLE access_record_actor ADD COLUMN sealed_subject text;

-- The processing log, after Logboek Dataverwerkingen: what was done with data about whom, and under which activity of the register; never by which
-- employee. One line per pair of organisations that an operation concerns; an export makes a line of it for each data subject.
CREATE TABLE processing_record (
  at             timestamptz NOT NULL,
  record_id      uuid NOT NULL,
  number         smallint NOT NULL,
  trace_id       text NOT NULL CHECK (trace_id ~ '^[0-9a-f]{32}$'),
  span_id        text NOT NULL CHECK (span_id ~ '^[0-9a-f]{16}$'),
  parent_span_id text CHECK (parent_span_id ~ '^[0-9a-f]{16}$'),
  name           text NOT NULL,
  -- The key of an activity in the register of processing activities.
  activity       text NOT NULL,
  ended_at       timestamptz NOT NULL,
  werkcentrum_id uuid,
  partner_id     uuid,
  -- As in access_record_part.
  confidential   boolean NOT NULL,
  acting_organisation_id uuid,
  -- 'HandOff <id>', or 'VisitorContact <reference>' with the reference that forgets with the contact.
  subjects       text[] NOT NULL,
  PRIMARY KEY (at, record_id, number),
  FOREIGN KEY (at, record_id, number) REFERENCES access_record_part
);
CREATE INDEX processing_record_of_werkcentrum ON processing_record (werkcentrum_id, at, record_id, number);
CREATE INDEX processing_record_of_partner ON processing_record (partner_id, acting_organisation_id, at, record_id, number);

-- One leaf per record: the hash of every column of every row about that operation (src/access-log/leaf.ts). Which records have no seal yet is
-- seen here, whatever the order in which they were committed.
CREATE TABLE log_leaf (
  at        timestamptz NOT NULL,
  record_id uuid NOT NULL,
  hash      bytea NOT NULL CHECK (length(hash) = 32),
  -- Keyed, so that nobody without the key ring can add a record, not even before it is sealed.
  mac       text NOT NULL,
  seal      bigint,
  place     integer,
  PRIMARY KEY (at, record_id),
  FOREIGN KEY (at, record_id) REFERENCES access_record
);
CREATE INDEX log_leaf_unsealed ON log_leaf (at, record_id) WHERE seal IS NULL;
CREATE UNIQUE INDEX log_leaf_of_seal ON log_leaf (seal, place);

ALTER TABLE processing_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE log_leaf ENABLE ROW LEVEL SECURITY;

-- Added to by everyone, read by officers, changed by nobody: as the parts of the access record.
GRANT INSERT ON processing_record TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner, wo_signatory_werkcentrum,
  wo_signatory_partner, wo_visitor;
CREATE POLICY add_of_own_werkcentrum ON processing_record FOR INSERT TO wo_guide, wo_coordinator, wo_officer_werkcentrum, wo_signatory_werkcentrum
  WITH CHECK (werkcentrum_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()));
CREATE POLICY add_of_own_partner ON processing_record FOR INSERT TO wo_handler, wo_officer_partner, wo_signatory_partner
  WITH CHECK (partner_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()));
CREATE POLICY add_with_hand_off ON processing_record FOR INSERT TO wo_visitor
  WITH CHECK (acting_organisation_id IS NULL AND EXISTS (SELECT FROM hand_off h WHERE h.werkcentrum_id = processing_record.werkcentrum_id AND h.partner_id = processing_record.partner_id));
GRANT SELECT ON processing_record TO wo_officer_werkcentrum, wo_officer_partner;
CREATE POLICY read_of_own_werkcentrum ON processing_record FOR SELECT TO wo_officer_werkcentrum
  USING (werkcentrum_id = (SELECT app_organisation()) AND NOT confidential);
CREATE POLICY read_of_own_people ON processing_record FOR SELECT TO wo_officer_partner
  USING (partner_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()) AND NOT confidential);

GRANT INSERT (at, record_id, hash, mac) ON log_leaf TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor;
CREATE POLICY add_today ON log_leaf FOR INSERT TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor
  WITH CHECK ((at AT TIME ZONE 'Europe/Amsterdam')::date = (SELECT app_today()));

-- The sealed account is for nobody's eyes: officers read the pseudonym.
REVOKE SELECT ON access_record_actor FROM wo_officer_werkcentrum, wo_officer_partner;
GRANT SELECT (at, record_id, organisation_id, pseudonym) ON access_record_actor TO wo_officer_werkcentrum, wo_officer_partner;
