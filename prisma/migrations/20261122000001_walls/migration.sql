-- The second wall: who may touch which row, whatever the query asks. Read the result in prisma/wall.md.
--
-- A table without a policy for a role is empty to it; a table without a grant is refused. Both are the default here.

DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  END LOOP;
END $$;

-- Reference data: public, read by everyone, written by the release step alone.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['region', 'municipality', 'partner', 'partner_acts_for', 'werkcentrum', 'desk', 'controller', 'policy_version'] LOOP
    EXECUTE format('GRANT SELECT ON %I TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner, '
                   'wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor', name);
    EXECUTE format('CREATE POLICY read_reference ON %I FOR SELECT TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, '
                   'wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor USING (true)', name);
  END LOOP;
END $$;

-- Agreements: to the two sides that made them.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['agreement', 'agreement_party'] LOOP
    EXECUTE format('GRANT SELECT ON %I TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner, '
                   'wo_signatory_werkcentrum, wo_signatory_partner', name);
    EXECUTE format('CREATE POLICY read_of_own_werkcentrum ON %I FOR SELECT TO wo_guide, wo_coordinator, wo_officer_werkcentrum, '
                   'wo_signatory_werkcentrum USING (werkcentrum_id = (SELECT app_organisation()))', name);
  END LOOP;
END $$;
CREATE POLICY read_of_own_partner ON agreement FOR SELECT TO wo_handler, wo_officer_partner, wo_signatory_partner
  USING (partner_id = (SELECT app_organisation()));
-- The subquery is itself under row-level security: a party is seen where its agreement is.
CREATE POLICY read_with_agreement ON agreement_party FOR SELECT TO wo_handler, wo_officer_partner, wo_signatory_partner
  USING (EXISTS (SELECT FROM agreement a WHERE a.werkcentrum_id = agreement_party.werkcentrum_id AND a.id = agreement_party.agreement_id));

-- Contacts: the desk alone, and on their own day alone (domain.md, relations).
GRANT SELECT, INSERT ON visitor_contact, visitor_contact_routing, visitor_contact_question, visitor_contact_situation, visitor_contact_reference
  TO wo_guide;
GRANT UPDATE (voided) ON visitor_contact TO wo_guide;
CREATE POLICY own_desk_today ON visitor_contact FOR ALL TO wo_guide
  USING (werkcentrum_id = (SELECT app_organisation()) AND day = (SELECT app_today()))
  WITH CHECK (werkcentrum_id = (SELECT app_organisation()) AND day = (SELECT app_today()));
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['visitor_contact_routing', 'visitor_contact_question', 'visitor_contact_situation', 'visitor_contact_reference'] LOOP
    EXECUTE format('CREATE POLICY with_contact ON %I FOR ALL TO wo_guide '
                   'USING (EXISTS (SELECT FROM visitor_contact c WHERE c.werkcentrum_id = %1$I.werkcentrum_id AND c.id = %1$I.contact_id)) '
                   'WITH CHECK (EXISTS (SELECT FROM visitor_contact c WHERE c.werkcentrum_id = %1$I.werkcentrum_id AND c.id = %1$I.contact_id))', name);
  END LOOP;
END $$;

-- Hand-offs: the desk that made it, the partner it is for, and whoever holds the code. A hand-off to a union exists for no one else.
GRANT SELECT ON hand_off TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner, wo_visitor;
GRANT INSERT ON hand_off TO wo_guide;
GRANT UPDATE (state, changed_on, changed_day_part, heard_by_desk, reason, guide_voice, first_contact_on, steps) ON hand_off TO wo_guide;
GRANT UPDATE (state, changed_on, changed_day_part, heard_by_desk, reason, message_to_visitor, first_contact_on, steps) ON hand_off TO wo_handler;
GRANT UPDATE (state, changed_on, changed_day_part, heard_by_desk, reason, steps) ON hand_off TO wo_coordinator;
GRANT UPDATE (visitor_voice, steps) ON hand_off TO wo_visitor;
CREATE POLICY own_desk ON hand_off FOR ALL TO wo_guide
  USING (werkcentrum_id = (SELECT app_organisation())) WITH CHECK (werkcentrum_id = (SELECT app_organisation()));
CREATE POLICY own_inbox ON hand_off FOR ALL TO wo_handler
  USING (partner_id = (SELECT app_organisation())) WITH CHECK (partner_id = (SELECT app_organisation()));
CREATE POLICY own_desk_without_unions ON hand_off FOR ALL TO wo_coordinator, wo_officer_werkcentrum
  USING (werkcentrum_id = (SELECT app_organisation()) AND partner_kind <> 'UNION')
  WITH CHECK (werkcentrum_id = (SELECT app_organisation()) AND partner_kind <> 'UNION');
CREATE POLICY own_inbox_without_unions ON hand_off FOR SELECT TO wo_officer_partner
  USING (partner_id = (SELECT app_organisation()) AND partner_kind <> 'UNION');
CREATE POLICY held_code ON hand_off FOR ALL TO wo_visitor
  USING (EXISTS (SELECT FROM follow_up_code c WHERE c.werkcentrum_id = hand_off.werkcentrum_id AND c.hand_off_id = hand_off.id))
  WITH CHECK (EXISTS (SELECT FROM follow_up_code c WHERE c.werkcentrum_id = hand_off.werkcentrum_id AND c.hand_off_id = hand_off.id));

-- What hangs on a hand-off: the desk and the partner by their own column, the others where the hand-off itself is seen.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['hand_off_logistics', 'hand_off_next_step', 'hand_off_routing', 'hand_off_question', 'hand_off_situation',
                              'hand_off_sensitive', 'hand_off_outcome', 'hand_off_view', 'hand_off_event', 'warm_call', 'consent'] LOOP
    EXECUTE format('CREATE POLICY own_desk ON %I FOR ALL TO wo_guide USING (werkcentrum_id = (SELECT app_organisation())) '
                   'WITH CHECK (werkcentrum_id = (SELECT app_organisation()))', name);
    EXECUTE format('CREATE POLICY own_inbox ON %I FOR ALL TO wo_handler USING (partner_id = (SELECT app_organisation())) '
                   'WITH CHECK (partner_id = (SELECT app_organisation()))', name);
    EXECUTE format('CREATE POLICY with_hand_off ON %I FOR ALL TO wo_visitor, wo_coordinator, wo_officer_werkcentrum, wo_officer_partner '
                   'USING (EXISTS (SELECT FROM hand_off h WHERE h.werkcentrum_id = %1$I.werkcentrum_id AND h.id = %1$I.hand_off_id)) '
                   'WITH CHECK (EXISTS (SELECT FROM hand_off h WHERE h.werkcentrum_id = %1$I.werkcentrum_id AND h.id = %1$I.hand_off_id))', name);
    EXECUTE format('GRANT SELECT ON %I TO wo_guide, wo_handler', name);
  END LOOP;
END $$;

-- What each kind of capacity may read beyond that. INVARIANT 16: no grant on context for coordinators and officers, at all.
GRANT SELECT ON hand_off_event, warm_call, hand_off_view TO wo_coordinator, wo_officer_werkcentrum, wo_officer_partner, wo_visitor;
GRANT SELECT ON hand_off_logistics TO wo_coordinator, wo_visitor;
GRANT SELECT ON hand_off_next_step, hand_off_routing, hand_off_question, hand_off_situation, hand_off_outcome, consent TO wo_visitor;
-- That something sensitive was shared stands in the consent; the code-holder does not read the values (domain.md).

-- What each may write. Nobody may delete anything.
GRANT INSERT ON hand_off_logistics, hand_off_next_step, hand_off_routing, hand_off_question, hand_off_situation, hand_off_sensitive TO wo_guide;
GRANT INSERT, UPDATE (outcome, heard_by_desk) ON hand_off_outcome TO wo_guide, wo_handler;
GRANT INSERT ON hand_off_view TO wo_handler;
GRANT INSERT ON hand_off_event TO wo_guide, wo_handler, wo_coordinator, wo_visitor;
GRANT INSERT ON warm_call TO wo_guide;
GRANT INSERT ON consent TO wo_guide, wo_handler, wo_visitor;

-- Nobody writes in another side's name, and INVARIANT 9: a wider consent takes the visitor's code, also here. RESTRICTIVE: besides the above.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['hand_off_event', 'consent'] LOOP
    EXECUTE format('CREATE POLICY as_werkcentrum ON %I AS RESTRICTIVE FOR INSERT TO wo_guide, wo_coordinator WITH CHECK (by_side = ''WERKCENTRUM'')', name);
    EXECUTE format('CREATE POLICY as_partner ON %I AS RESTRICTIVE FOR INSERT TO wo_handler WITH CHECK (by_side = ''PARTNER'')', name);
    EXECUTE format('CREATE POLICY as_visitor ON %I AS RESTRICTIVE FOR INSERT TO wo_visitor WITH CHECK (by_side = ''VISITOR'')', name);
  END LOOP;
END $$;
CREATE POLICY partner_never_widens ON consent AS RESTRICTIVE FOR INSERT TO wo_handler WITH CHECK (change IN ('NARROWED', 'WITHDRAWN'));
CREATE POLICY desk_widens_with_code ON consent AS RESTRICTIVE FOR INSERT TO wo_guide
  WITH CHECK (change <> 'WIDENED' OR EXISTS (SELECT FROM follow_up_code c WHERE c.werkcentrum_id = consent.werkcentrum_id AND c.hand_off_id = consent.hand_off_id));

GRANT SELECT, INSERT ON hand_off_origin TO wo_guide;
CREATE POLICY own_desk ON hand_off_origin FOR ALL TO wo_guide
  USING (werkcentrum_id = (SELECT app_organisation())) WITH CHECK (werkcentrum_id = (SELECT app_organisation()));

-- INVARIANT 15: which colleague acted is for the own side of the partner.
GRANT SELECT, INSERT, UPDATE (handled_by) ON hand_off_staff TO wo_handler;
CREATE POLICY own_colleagues ON hand_off_staff FOR ALL TO wo_handler
  USING (partner_id = (SELECT app_organisation())) WITH CHECK (partner_id = (SELECT app_organisation()));

-- The follow-up code: stored by the desk, found by whoever knows it.
GRANT SELECT ON follow_up_code TO wo_visitor, wo_guide;
GRANT INSERT ON follow_up_code TO wo_guide;
CREATE POLICY known_code ON follow_up_code FOR SELECT TO wo_visitor USING (hash = ANY ((SELECT app_code_hashes())::text[]));
CREATE POLICY known_code_of_own_desk ON follow_up_code FOR SELECT TO wo_guide
  USING (hash = ANY ((SELECT app_code_hashes())::text[]) AND werkcentrum_id = (SELECT app_organisation()));
CREATE POLICY own_desk ON follow_up_code FOR INSERT TO wo_guide WITH CHECK (werkcentrum_id = (SELECT app_organisation()));

GRANT SELECT, INSERT ON idempotency_key TO wo_guide;
CREATE POLICY own_organisation ON idempotency_key FOR ALL TO wo_guide
  USING (organisation_id = (SELECT app_organisation())) WITH CHECK (organisation_id = (SELECT app_organisation()));

-- The access log: everyone adds, nobody changes or deletes, officers read what concerns their organisation.
GRANT INSERT ON access_record, access_record_part, access_record_actor TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum,
  wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor;
CREATE POLICY add_own ON access_record FOR INSERT TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner WITH CHECK (organisation_id = (SELECT app_organisation()));
CREATE POLICY add_own ON access_record_actor FOR INSERT TO wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum, wo_officer_partner,
  wo_signatory_werkcentrum, wo_signatory_partner WITH CHECK (organisation_id = (SELECT app_organisation()));
CREATE POLICY add_without_organisation ON access_record FOR INSERT TO wo_nobody, wo_visitor WITH CHECK (organisation_id IS NULL);
CREATE POLICY add_of_own_werkcentrum ON access_record_part FOR INSERT TO wo_guide, wo_coordinator, wo_officer_werkcentrum, wo_signatory_werkcentrum
  WITH CHECK (werkcentrum_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()));
CREATE POLICY add_of_own_partner ON access_record_part FOR INSERT TO wo_handler, wo_officer_partner, wo_signatory_partner
  WITH CHECK (partner_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()));
CREATE POLICY add_with_hand_off ON access_record_part FOR INSERT TO wo_visitor
  WITH CHECK (acting_organisation_id IS NULL AND EXISTS (SELECT FROM hand_off h WHERE h.werkcentrum_id = access_record_part.werkcentrum_id AND h.partner_id = access_record_part.partner_id));

GRANT SELECT ON access_record, access_record_part, access_record_actor TO wo_officer_werkcentrum, wo_officer_partner;
CREATE POLICY read_of_own_werkcentrum ON access_record_part FOR SELECT TO wo_officer_werkcentrum
  USING (werkcentrum_id = (SELECT app_organisation()) AND NOT confidential);
-- What desk and visitor did with a hand-off would tell the partner what the visitor agreed to: its officer reads of its own people.
CREATE POLICY read_of_own_people ON access_record_part FOR SELECT TO wo_officer_partner
  USING (partner_id = (SELECT app_organisation()) AND acting_organisation_id = (SELECT app_organisation()) AND NOT confidential);
CREATE POLICY read_with_part ON access_record FOR SELECT TO wo_officer_werkcentrum, wo_officer_partner
  USING (EXISTS (SELECT FROM access_record_part p WHERE p.at = access_record.at AND p.record_id = access_record.id));
-- With the record only: a colleague's line whose record is confidential would tell that there is one.
CREATE POLICY read_own_colleagues ON access_record_actor FOR SELECT TO wo_officer_werkcentrum, wo_officer_partner
  USING (organisation_id = (SELECT app_organisation())
    AND EXISTS (SELECT FROM access_record_part p WHERE p.at = access_record_actor.at AND p.record_id = access_record_actor.record_id));
