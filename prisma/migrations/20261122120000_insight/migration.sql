-- Insight for privacy officers: the facts behind a decision, and the log by hand-off.

-- Whether a consent stood is what a controller must be able to show (AVG art. 7(1)). A consent holds no value of any category; the rows are
-- those of hand-offs that the officer sees (policy with_hand_off), so those to unions stay out of sight.
GRANT SELECT ON consent TO wo_officer_werkcentrum, wo_officer_partner;

-- Which parts of the log are about one hand-off. It runs as the owner, because @> is not leakproof and row-level security would never let
-- it reach the index; so it says itself what the policies of access_record_part say, and gives keys alone: the rows behind them are read
-- by the asker, under those policies.
CREATE FUNCTION access_parts_of(hand_off uuid) RETURNS TABLE (at timestamptz, record_id uuid, number smallint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100
  AS $$
    SELECT p.at, p.record_id, p.number FROM public.access_record_part p
    WHERE p.hand_offs @> ARRAY[$1] AND NOT p.confidential
      AND (p.werkcentrum_id = (SELECT public.app_organisation())
        OR (p.partner_id = (SELECT public.app_organisation()) AND p.acting_organisation_id = (SELECT public.app_organisation())))
  $$;
REVOKE EXECUTE ON FUNCTION access_parts_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_parts_of(uuid) TO wo_officer_werkcentrum, wo_officer_partner;
