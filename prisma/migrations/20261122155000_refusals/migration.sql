-- A refusal is a decision too: it has its record. Whoever may not run an operation at all has no purpose for it, and the record says none.
ALTER TABLE access_record
  ALTER COLUMN purpose DROP NOT NULL,
  ADD CHECK (refusal IN ('FORBIDDEN', 'NOT_FOUND', 'BAD_INPUT', 'HANDOFF_MOVED_ON', 'AGREEMENT_MOVED_ON', 'CONSENT_REQUIRED', 'IDEMPOTENCY_CONFLICT')),
  ADD CHECK (purpose IS NOT NULL OR refusal IS NOT DISTINCT FROM 'FORBIDDEN');

-- As it was, but that no purpose is signed as an empty word.
DROP POLICY as_signed ON access_record;
CREATE POLICY as_signed ON access_record AS RESTRICTIVE FOR INSERT TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum,
  wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor
  WITH CHECK (ARRAY[role, purpose, policy_hash] = (SELECT ARRAY[c[3], nullif(c[6], ''), c[7]] FROM (SELECT app_capacity()) AS capacity (c))
    AND (at AT TIME ZONE 'Europe/Amsterdam')::date = (SELECT app_today()));
