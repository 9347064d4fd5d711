-- The whole first schema: who there is, what they agreed, what a visitor asked, and who saw it.
--
-- Rules of this file (docs/decisions.md):
--   * lists are text with a CHECK, never enums: enum operators are not leakproof, so under row-level security they leave the index;
--   * one table per category of a hand-off or contact, so that a category is a wall and not a habit;
--   * tables that grow have a primary key that starts with the column they can be distributed by (werkcentrum) or partitioned by (time);
--   * row-level security on every table, one database role per kind of capacity, no OR in a policy.

-- ---------------------------------------------------------------------------------------------------------------------------
-- Roles: they own nothing and cannot log in. The server's login becomes one of them for one transaction (src/database/door.ts).
-- ---------------------------------------------------------------------------------------------------------------------------
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['wo_nobody', 'wo_guide', 'wo_coordinator', 'wo_handler', 'wo_officer_werkcentrum', 'wo_officer_partner',
                              'wo_signatory_werkcentrum', 'wo_signatory_partner', 'wo_visitor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor;

-- What the door says about the transaction. Unset means null, and null opens nothing.
CREATE FUNCTION app_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.organisation', true), '')::uuid $$;
CREATE FUNCTION app_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.today', true), '')::date $$;
CREATE FUNCTION app_code_hashes() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(nullif(current_setting('app.code_hashes', true), ''), ' ') $$;

-- ---------------------------------------------------------------------------------------------------------------------------
-- Places and organisations
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE region (
  am_code text PRIMARY KEY CHECK (am_code ~ '^AM[0-9]{2}$'),
  name    text NOT NULL
);

CREATE TABLE municipality (
  gm_code    text NOT NULL CHECK (gm_code ~ '^GM[0-9]{4}$'),
  name       text NOT NULL,
  am_code    text NOT NULL REFERENCES region,
  valid_from date NOT NULL,
  valid_to   date CHECK (valid_to > valid_from),
  PRIMARY KEY (gm_code, valid_from)
);
CREATE UNIQUE INDEX municipality_one_current ON municipality (gm_code) WHERE valid_to IS NULL;
CREATE INDEX municipality_by_region ON municipality (am_code, name);

CREATE TABLE partner (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE', 'WSP', 'LWL', 'RMT', 'SCHOOL', 'UNION', 'EMPLOYERS',
                                             'SOCIAL_DEVELOPMENT_COMPANY', 'NEIGHBOURHOOD', 'PRIVATE')),
  legal_person boolean NOT NULL,
  am_code      text REFERENCES region,
  UNIQUE (id, kind),
  UNIQUE (id, legal_person)
);
CREATE INDEX partner_by_region ON partner (am_code, name, id);

-- A partnership (WSP, LWL, RMT) acts for partners that are legal persons.
CREATE TABLE partner_acts_for (
  partner_id   uuid NOT NULL REFERENCES partner,
  member_id    uuid NOT NULL,
  legal_person boolean NOT NULL DEFAULT true CHECK (legal_person),
  PRIMARY KEY (partner_id, member_id),
  FOREIGN KEY (member_id, legal_person) REFERENCES partner (id, legal_person)
);

CREATE TABLE werkcentrum (
  id      uuid PRIMARY KEY,
  name    text NOT NULL,
  am_code text NOT NULL REFERENCES region
);

CREATE TABLE desk (
  werkcentrum_id uuid NOT NULL REFERENCES werkcentrum,
  id             uuid NOT NULL,
  name           text NOT NULL,
  gm_code        text,
  PRIMARY KEY (werkcentrum_id, id)
);

-- INVARIANT: a controller (verwerkingsverantwoordelijke) is a legal person; a werkcentrum never is one (design 6).
CREATE TABLE controller (
  werkcentrum_id uuid NOT NULL REFERENCES werkcentrum,
  partner_id     uuid NOT NULL,
  legal_person   boolean NOT NULL DEFAULT true CHECK (legal_person),
  PRIMARY KEY (werkcentrum_id, partner_id),
  FOREIGN KEY (partner_id, legal_person) REFERENCES partner (id, legal_person)
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- Policy versions: loaded by the release step, kept for ever, so that a past decision can be explained
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE policy_version (
  hash      text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  sharing   text NOT NULL,
  actions   text NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now()
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- Agreements: the second lock
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE agreement (
  werkcentrum_id          uuid NOT NULL REFERENCES werkcentrum,
  id                      uuid NOT NULL,
  partner_id              uuid NOT NULL REFERENCES partner,
  version                 integer NOT NULL CHECK (version > 0),
  state                   text NOT NULL CHECK (state IN ('ACTIVE', 'SUSPENDED', 'ENDED')),
  categories              text[] NOT NULL
    CHECK (categories <@ ARRAY['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'outcome']),
  purposes                text[] NOT NULL CHECK (purposes <@ ARRAY['OVERVIEW', 'HELP', 'FOLLOW_UP']),
  legal_basis             text NOT NULL,
  answer_term_days        integer NOT NULL CHECK (answer_term_days BETWEEN 1 AND 60),
  first_contact_term_days integer NOT NULL CHECK (first_contact_term_days BETWEEN 1 AND 60),
  contact_point           text NOT NULL,
  document_reference      text NOT NULL,
  review_on               date NOT NULL,
  valid_from              date NOT NULL,
  valid_to                date NOT NULL CHECK (valid_to >= valid_from),
  PRIMARY KEY (werkcentrum_id, id),
  UNIQUE (werkcentrum_id, partner_id, version)
);
CREATE INDEX agreement_by_partner ON agreement (partner_id, werkcentrum_id, version);

-- The controllers that signed, on either side: only legal persons.
CREATE TABLE agreement_party (
  werkcentrum_id uuid NOT NULL,
  agreement_id   uuid NOT NULL,
  partner_id     uuid NOT NULL,
  legal_person   boolean NOT NULL DEFAULT true CHECK (legal_person),
  side           text NOT NULL CHECK (side IN ('WERKCENTRUM', 'PARTNER')),
  PRIMARY KEY (werkcentrum_id, agreement_id, side, partner_id),
  FOREIGN KEY (werkcentrum_id, agreement_id) REFERENCES agreement,
  FOREIGN KEY (partner_id, legal_person) REFERENCES partner (id, legal_person)
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- Contacts: one conversation at a desk. No visitor, no name, no time of day, nothing sensitive.
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE visitor_contact ( -- reference and logistics
  werkcentrum_id uuid NOT NULL,
  id             uuid NOT NULL,
  desk_id        uuid NOT NULL,
  channel        text NOT NULL CHECK (channel IN ('WALK_IN', 'PHONE', 'EMAIL', 'ONLINE', 'EVENT')),
  day            date NOT NULL,
  day_part       text NOT NULL CHECK (day_part IN ('MORNING', 'AFTERNOON', 'EVENING')),
  result         text NOT NULL CHECK (result IN ('ANSWERED', 'REFERRED', 'HANDED_OFF', 'COMES_BACK', 'BROKEN_OFF')),
  voided         boolean NOT NULL DEFAULT false,
  PRIMARY KEY (werkcentrum_id, id),
  FOREIGN KEY (werkcentrum_id, desk_id) REFERENCES desk
);
CREATE INDEX visitor_contact_by_day ON visitor_contact (werkcentrum_id, day, id);

CREATE TABLE visitor_contact_routing (
  werkcentrum_id uuid NOT NULL,
  contact_id     uuid NOT NULL,
  visitor_kind   text NOT NULL CHECK (visitor_kind IN ('JOB_SEEKER', 'WORKER', 'STUDENT', 'SELF_EMPLOYED', 'EMPLOYER', 'HELPER', 'PROFESSIONAL', 'UNKNOWN')),
  origin         text CHECK (origin ~ '^GM[0-9]{4}$'),
  PRIMARY KEY (werkcentrum_id, contact_id),
  FOREIGN KEY (werkcentrum_id, contact_id) REFERENCES visitor_contact
);

CREATE TABLE visitor_contact_question (
  werkcentrum_id uuid NOT NULL,
  contact_id     uuid NOT NULL,
  journey        text CHECK (journey IN ('SCHOOL_TO_WORK', 'WORK_TO_WORK', 'BENEFIT_TO_WORK', 'NOT_WORKING_TO_WORK')),
  themes         text[] NOT NULL CHECK (cardinality(themes) BETWEEN 1 AND 2),
  PRIMARY KEY (werkcentrum_id, contact_id),
  FOREIGN KEY (werkcentrum_id, contact_id) REFERENCES visitor_contact
);

CREATE TABLE visitor_contact_situation (
  werkcentrum_id uuid NOT NULL,
  contact_id     uuid NOT NULL,
  work           text NOT NULL CHECK (work IN ('EMPLOYED', 'AT_RISK', 'NONE', 'UNKNOWN')),
  benefit        text NOT NULL CHECK (benefit IN ('NONE', 'WW', 'SOCIAL_ASSISTANCE', 'OTHER', 'UNKNOWN')),
  age            text NOT NULL CHECK (age IN ('U16', 'A16_26', 'A27_54', 'A55_PLUS', 'UNKNOWN')),
  education      text NOT NULL CHECK (education IN ('BELOW_START', 'SECONDARY', 'HIGHER', 'UNKNOWN')),
  language_help  text NOT NULL CHECK (language_help IN ('YES', 'NO', 'UNKNOWN')),
  PRIMARY KEY (werkcentrum_id, contact_id),
  FOREIGN KEY (werkcentrum_id, contact_id) REFERENCES visitor_contact
);

-- The only link between a contact and what log and idempotency keys call it. Deleting the row is destroying the key (design 6).
CREATE TABLE visitor_contact_reference (
  werkcentrum_id uuid NOT NULL,
  contact_id     uuid NOT NULL,
  reference      uuid NOT NULL,
  PRIMARY KEY (werkcentrum_id, contact_id),
  UNIQUE (werkcentrum_id, reference),
  FOREIGN KEY (werkcentrum_id, contact_id) REFERENCES visitor_contact
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- Hand-offs. The first table holds reference and progress, which open together in every cell of the policy; every other category
-- has a table of its own.
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE hand_off (
  werkcentrum_id       uuid NOT NULL REFERENCES werkcentrum,
  id                   uuid NOT NULL,
  partner_id           uuid NOT NULL,
  partner_kind         text NOT NULL,
  recognition_code     text NOT NULL,
  state                text NOT NULL CHECK (state IN ('OFFERED', 'ACCEPTED', 'IN_PROGRESS', 'COMPLETED', 'DECLINED', 'RETURNED', 'FORWARDED',
                                                      'WITHDRAWN', 'LAPSED')),
  offered_on           date NOT NULL,
  changed_on           date NOT NULL,
  changed_day_part     text NOT NULL CHECK (changed_day_part IN ('MORNING', 'AFTERNOON', 'EVENING')),
  heard_by_desk        boolean NOT NULL DEFAULT false,
  reason               text CHECK (reason IN ('NO_CAPACITY', 'NOT_OUR_SERVICE', 'OUT_OF_AREA', 'NOT_FITTING', 'TOO_LITTLE_INFORMATION', 'DUPLICATE',
                                              'NO_SHOW', 'NO_CONTACT', 'VISITOR_STOPPED', 'OTHER_HELP',
                                              'VISITOR_ASKED', 'NOT_NEEDED', 'SENT_TO_WRONG_PARTNER', 'ENTERED_IN_ERROR')),
  message_to_visitor   text CHECK (message_to_visitor IN ('COME_BY', 'CALL_US', 'TRY_OTHER')),
  answer_due_on        date,
  first_contact_on     date,
  guide_voice          text CHECK (guide_voice IN ('WORKED', 'NOT_WORKED', 'HEARD_NOTHING')),
  visitor_voice        text CHECK (visitor_voice IN ('WORKED', 'NOT_WORKED', 'HEARD_NOTHING')),
  -- How many lines the story of this hand-off has: events and warm calls share the numbering.
  steps                integer NOT NULL DEFAULT 0 CHECK (steps >= 0),
  ended                boolean NOT NULL GENERATED ALWAYS AS (state NOT IN ('OFFERED', 'ACCEPTED', 'IN_PROGRESS')) STORED,
  -- Until when the desk still has work with it: src/handoffs/loops.ts in SQL, compared cell by cell in test/walls.
  open_until           date NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN state IN ('OFFERED', 'ACCEPTED', 'IN_PROGRESS') THEN 'infinity'::date
      WHEN state IN ('DECLINED', 'RETURNED') AND guide_voice IS NULL THEN 'infinity'::date
      WHEN state = 'COMPLETED' AND coalesce(visitor_voice, guide_voice) IN ('NOT_WORKED', 'HEARD_NOTHING') THEN 'infinity'::date
      WHEN state = 'COMPLETED' AND visitor_voice IS NULL AND guide_voice IS NULL THEN changed_on + 14
      ELSE '-infinity'::date
    END) STORED,
  PRIMARY KEY (werkcentrum_id, id),
  UNIQUE (werkcentrum_id, id, partner_id),
  FOREIGN KEY (partner_id, partner_kind) REFERENCES partner (id, kind)
);
-- The inbox of a partner, the list of a werkcentrum, the shift view, and one hand-off by its id.
CREATE INDEX hand_off_inbox ON hand_off (partner_id, ended, offered_on, id);
CREATE INDEX hand_off_of_werkcentrum ON hand_off (werkcentrum_id, ended, offered_on, id);
CREATE INDEX hand_off_open_loops ON hand_off (werkcentrum_id, open_until);
CREATE INDEX hand_off_by_id ON hand_off (id);
-- INVARIANT: at one partner a recognition code says which open hand-off is meant; what the desk only heard can open again.
CREATE UNIQUE INDEX hand_off_recognition ON hand_off (werkcentrum_id, partner_id, recognition_code) WHERE NOT ended OR heard_by_desk;

-- A word about how it ended is about that end: what was said before does not confirm, or contradict, what the partner does later.
CREATE FUNCTION forget_earlier_voices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.guide_voice := NULL;
  NEW.visitor_voice := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER forget_earlier_voices BEFORE UPDATE OF state ON hand_off FOR EACH ROW
  WHEN (NEW.state IN ('COMPLETED', 'DECLINED', 'RETURNED') AND OLD.state <> NEW.state)
  EXECUTE FUNCTION forget_earlier_voices();

-- Where a hand-off came from: the desk alone knows. Cutting the link to the contact is emptying one column.
CREATE TABLE hand_off_origin (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  contact_id     uuid,
  forwarded_from uuid,
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id),
  FOREIGN KEY (werkcentrum_id, forwarded_from) REFERENCES hand_off,
  FOREIGN KEY (werkcentrum_id, contact_id) REFERENCES visitor_contact
);
CREATE INDEX hand_off_origin_contact ON hand_off_origin (werkcentrum_id, contact_id);

CREATE TABLE hand_off_logistics (
  werkcentrum_id   uuid NOT NULL,
  hand_off_id      uuid NOT NULL,
  partner_id       uuid NOT NULL,
  desk_id          uuid NOT NULL,
  channel          text NOT NULL CHECK (channel IN ('WALK_IN', 'PHONE', 'EMAIL', 'ONLINE', 'EVENT')),
  contact_day      date NOT NULL,
  contact_day_part text NOT NULL CHECK (contact_day_part IN ('MORNING', 'AFTERNOON', 'EVENING')),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id),
  FOREIGN KEY (werkcentrum_id, desk_id) REFERENCES desk
);

CREATE TABLE hand_off_next_step ( -- question
  werkcentrum_id       uuid NOT NULL,
  hand_off_id          uuid NOT NULL,
  partner_id           uuid NOT NULL,
  next_step            text NOT NULL CHECK (next_step IN ('VISITOR_CALLS', 'VISITOR_COMES', 'APPOINTMENT', 'HELPED_NOW')),
  appointment_day      date,
  appointment_day_part text CHECK (appointment_day_part IN ('MORNING', 'AFTERNOON', 'EVENING')),
  -- Counted from the appointment by a term that the partner knows, so it tells the appointment.
  first_contact_due_on date CHECK (appointment_day IS NOT NULL OR first_contact_due_on IS NULL),
  CHECK ((next_step = 'APPOINTMENT') = (appointment_day IS NOT NULL)),
  CHECK ((appointment_day IS NULL) = (appointment_day_part IS NULL)),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- The consented context: a copy of the agreed categories and no other.
CREATE TABLE hand_off_routing (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  visitor_kind   text NOT NULL CHECK (visitor_kind IN ('JOB_SEEKER', 'WORKER', 'STUDENT', 'SELF_EMPLOYED', 'EMPLOYER', 'HELPER', 'PROFESSIONAL', 'UNKNOWN')),
  origin         text CHECK (origin ~ '^GM[0-9]{4}$'),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

CREATE TABLE hand_off_question (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  journey        text CHECK (journey IN ('SCHOOL_TO_WORK', 'WORK_TO_WORK', 'BENEFIT_TO_WORK', 'NOT_WORKING_TO_WORK')),
  themes         text[] NOT NULL CHECK (cardinality(themes) BETWEEN 1 AND 2),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

CREATE TABLE hand_off_situation (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  work           text NOT NULL CHECK (work IN ('EMPLOYED', 'AT_RISK', 'NONE', 'UNKNOWN')),
  benefit        text NOT NULL CHECK (benefit IN ('NONE', 'WW', 'SOCIAL_ASSISTANCE', 'OTHER', 'UNKNOWN')),
  age            text NOT NULL CHECK (age IN ('U16', 'A16_26', 'A27_54', 'A55_PLUS', 'UNKNOWN')),
  education      text NOT NULL CHECK (education IN ('BELOW_START', 'SECONDARY', 'HIGHER', 'UNKNOWN')),
  language_help  text NOT NULL CHECK (language_help IN ('YES', 'NO', 'UNKNOWN')),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- INVARIANT: what AVG art. 9 protects can be stored for these kinds of partner alone, so no other wall has to be trusted with it.
CREATE TABLE hand_off_sensitive (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  partner_kind   text NOT NULL CHECK (partner_kind IN ('UWV', 'GEMEENTE', 'MUNICIPAL_SERVICE')),
  facts          text[] NOT NULL CHECK (facts <@ ARRAY['DISABILITY_BENEFIT', 'JOBS_AGREEMENT', 'WORK_LIMITATION'] AND cardinality(facts) > 0),
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id),
  FOREIGN KEY (partner_id, partner_kind) REFERENCES partner (id, kind)
);

CREATE TABLE hand_off_outcome (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  outcome        text NOT NULL CHECK (outcome IN ('WORK', 'WORK_KEPT', 'TRAINING_STARTED', 'GUIDANCE_STARTED', 'QUESTION_SOLVED', 'REFERRED_ON', 'NO_RESULT')),
  heard_by_desk  boolean NOT NULL,
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- Which colleague of the partner acted last: a keyed pseudonym, for the partner's own eyes.
CREATE TABLE hand_off_staff (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  handled_by     text NOT NULL,
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- That the partner was shown it, in its list or opened: says, when it went to the wrong partner, whether it was seen (design 5).
CREATE TABLE hand_off_view ( -- progress
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  day            date NOT NULL,
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

CREATE TABLE hand_off_event ( -- progress; never changed
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  number         integer NOT NULL CHECK (number > 0),
  partner_id     uuid NOT NULL,
  step           text NOT NULL,
  by_side        text NOT NULL CHECK (by_side IN ('WERKCENTRUM', 'PARTNER', 'VISITOR')),
  heard_by_desk  boolean NOT NULL,
  state          text NOT NULL,
  reason         text,
  day            date NOT NULL,
  day_part       text NOT NULL CHECK (day_part IN ('MORNING', 'AFTERNOON', 'EVENING')),
  PRIMARY KEY (werkcentrum_id, hand_off_id, number),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

CREATE TABLE warm_call ( -- progress; never changed
  werkcentrum_id  uuid NOT NULL,
  hand_off_id     uuid NOT NULL,
  number          integer NOT NULL CHECK (number > 0),
  partner_id      uuid NOT NULL,
  channel         text NOT NULL CHECK (channel IN ('WALKED_OVER', 'PHONE', 'EMAIL', 'VIDEO')),
  result          text NOT NULL CHECK (result IN ('SPOKEN', 'APPOINTMENT', 'CALLS_BACK', 'VOICEMAIL', 'NO_ANSWER', 'MESSAGE_SENT')),
  visitor_present boolean NOT NULL,
  day             date NOT NULL,
  day_part        text NOT NULL CHECK (day_part IN ('MORNING', 'AFTERNOON', 'EVENING')),
  PRIMARY KEY (werkcentrum_id, hand_off_id, number),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- Consent: the third lock. Every change is a new version, so that a past decision can be explained.
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE consent (
  werkcentrum_id         uuid NOT NULL,
  hand_off_id            uuid NOT NULL,
  version                integer NOT NULL CHECK (version > 0),
  partner_id             uuid NOT NULL,
  change                 text NOT NULL CHECK (change IN ('GIVEN', 'NARROWED', 'WIDENED', 'WITHDRAWN')),
  by_side                text NOT NULL CHECK (by_side IN ('WERKCENTRUM', 'PARTNER', 'VISITOR')),
  basis                  text NOT NULL CHECK (basis IN ('BASIS', 'SAFEGUARD')),
  categories             text[] NOT NULL CHECK (categories <@ ARRAY['routing', 'question', 'situation', 'sensitive', 'note', 'outcome']),
  explicit_categories    text[] NOT NULL CHECK (explicit_categories <@ categories),
  purposes               text[] NOT NULL CHECK (purposes <@ ARRAY['OVERVIEW', 'HELP', 'FOLLOW_UP']),
  reserve_partner_id     uuid REFERENCES partner,
  -- The conditions under which consent is free (AVG art. 4(11) and 7(4), recital 43): not all true, no consent.
  asked_for_help         boolean NOT NULL CHECK (asked_for_help),
  in_own_interest        boolean NOT NULL CHECK (in_own_interest),
  refusal_is_free        boolean NOT NULL CHECK (refusal_is_free),
  under_sixteen          boolean NOT NULL,
  representative_present boolean NOT NULL,
  given_how              text NOT NULL CHECK (given_how IN ('SPOKEN', 'WRITTEN', 'WITH_CODE')),
  wording_version        text NOT NULL,
  language               text NOT NULL CHECK (language IN ('nl', 'en', 'de', 'fr', 'pl', 'tr', 'ar', 'uk', 'ti', 'es')),
  day                    date NOT NULL,
  expires_on             date NOT NULL CHECK (expires_on > day OR change <> 'GIVEN'),
  PRIMARY KEY (werkcentrum_id, hand_off_id, version),
  CHECK ((change = 'GIVEN') = (version = 1)),
  CHECK ((change = 'WITHDRAWN') = (cardinality(categories) = 0)),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);

-- The visitor's secret: a keyed hash, with the id of its key in front.
CREATE TABLE follow_up_code (
  werkcentrum_id uuid NOT NULL,
  hand_off_id    uuid NOT NULL,
  partner_id     uuid NOT NULL,
  hash           text NOT NULL,
  PRIMARY KEY (werkcentrum_id, hand_off_id),
  FOREIGN KEY (werkcentrum_id, hand_off_id, partner_id) REFERENCES hand_off (werkcentrum_id, id, partner_id)
);
CREATE INDEX follow_up_code_by_hash ON follow_up_code (hash);

CREATE TABLE idempotency_key (
  organisation_id uuid NOT NULL,
  key_hash        text NOT NULL,
  operation       text NOT NULL,
  body_hash       text NOT NULL,
  reference       uuid NOT NULL,
  day             date NOT NULL,
  PRIMARY KEY (organisation_id, key_hash)
);

-- ---------------------------------------------------------------------------------------------------------------------------
-- The access log: one record per root operation; a part per pair of organisations it concerns; the person apart.
-- ---------------------------------------------------------------------------------------------------------------------------
CREATE TABLE access_record (
  at              timestamptz NOT NULL,
  id              uuid NOT NULL,
  role            text NOT NULL,
  organisation_id uuid,
  operation       text NOT NULL,
  purpose         text NOT NULL,
  policy_hash     text NOT NULL REFERENCES policy_version,
  PRIMARY KEY (at, id)
);

CREATE TABLE access_record_part (
  at             timestamptz NOT NULL,
  record_id      uuid NOT NULL,
  number         smallint NOT NULL,
  werkcentrum_id uuid,
  partner_id     uuid,
  -- That a hand-off to a union exists is itself sensitive: such parts are in no officer's log (domain.md, first policy).
  confidential   boolean NOT NULL,
  objects        jsonb NOT NULL,
  -- Whose people acted: those of the werkcentrum, of the partner, or nobody's (a visitor).
  acting_organisation_id uuid,
  PRIMARY KEY (at, record_id, number),
  FOREIGN KEY (at, record_id) REFERENCES access_record
);
CREATE INDEX access_record_part_of_werkcentrum ON access_record_part (werkcentrum_id, at, record_id, number);
CREATE INDEX access_record_part_of_partner ON access_record_part (partner_id, acting_organisation_id, at, record_id, number);

CREATE TABLE access_record_actor (
  at              timestamptz NOT NULL,
  record_id       uuid NOT NULL,
  organisation_id uuid NOT NULL,
  pseudonym       text NOT NULL,
  PRIMARY KEY (at, record_id),
  FOREIGN KEY (at, record_id) REFERENCES access_record
);
