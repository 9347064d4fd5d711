-- The register of processing activities names the terms that are in force, and signatories read it too (AVG art. 30(1)(f)).
GRANT SELECT ON retention_rule TO wo_signatory_werkcentrum, wo_signatory_partner;
CREATE POLICY read_to_sign ON retention_rule FOR SELECT TO wo_signatory_werkcentrum, wo_signatory_partner USING (true);
