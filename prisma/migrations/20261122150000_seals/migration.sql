-- Seals: every leaf of the log ends up in exactly one, each seal names the one before, and what was sealed cannot be changed unseen.

CREATE TABLE log_seal (
  number    bigint PRIMARY KEY CHECK (number > 0),
  sealed_at timestamptz NOT NULL,
  size      integer NOT NULL CHECK (size > 0),
  -- In this seal and all before it.
  records   bigint NOT NULL CHECK (records >= size),
  -- Of its youngest record: the term of the log is counted from here, also when the records are gone.
  last_at   timestamptz NOT NULL,
  -- Of the Merkle tree over its leaves, in the order of their places (RFC 9162, 2.1.1).
  root      bytea NOT NULL CHECK (length(root) = 32),
  -- The hash of the seal before; of the first 32 zeros.
  previous  bytea NOT NULL UNIQUE CHECK (length(previous) = 32),
  hash      bytea NOT NULL UNIQUE CHECK (length(hash) = 32)
);
ALTER TABLE log_seal ENABLE ROW LEVEL SECURITY;

ALTER TABLE log_leaf ADD CHECK ((seal IS NULL) = (place IS NULL));

-- How long what is kept, loaded by the release step from policies/retention.yaml. Nobody keeps the log for less than a year.
CREATE TABLE retention_term (
  subject text PRIMARY KEY,
  months  integer NOT NULL CHECK (months >= 12)
);
ALTER TABLE retention_term ENABLE ROW LEVEL SECURITY;

-- What stands at the foot of the tree for a leaf of the log: its hash and its keyed hash, so that neither changes unseen. A byte 0 stands before it.
CREATE FUNCTION tree_leaf(hash bytea, mac text) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256('\x00'::bytea || hash || convert_to(mac, 'UTF8'))
$$;

-- The root of the Merkle tree over these leaves. Pairs from below, the odd one out going up as it is, make the same tree as RFC 9162's splits at
-- the largest power of two. A byte 1 stands before every node, so that no node can pass for a leaf.
CREATE FUNCTION merkle_root(leaves bytea[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  level bytea[] := leaves;
BEGIN
  WHILE cardinality(level) > 1 LOOP
    SELECT array_agg(node ORDER BY pair) INTO level FROM (
      SELECT (place - 1) / 2 AS pair,
        CASE count(*) WHEN 2 THEN sha256('\x01'::bytea || string_agg(leaf, ''::bytea ORDER BY place)) ELSE string_agg(leaf, ''::bytea) END AS node
      FROM unnest(level) WITH ORDINALITY u (leaf, place) GROUP BY 1) nodes;
  END LOOP;
  RETURN level[1];
END $$;

-- One text for one seal (src/access-log/tree.ts says the same).
CREATE FUNCTION seal_hash(seal log_seal) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(concat_ws('|', 'warme-overdracht seal', seal.number, to_char(seal.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    seal.size, seal.records, to_char(seal.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(seal.root, 'hex'), encode(seal.previous, 'hex')), 'UTF8'))
$$;

-- Seals up to `most` leaves that have no seal yet; returns the number of the seal, or null where there is nothing to seal or another is sealing.
-- Whatever commits late is found by the next: neither the order of ids nor that of commits matters. Whoever calls this can do no harm with it.
CREATE FUNCTION seal_log(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  latest public.log_seal%ROWTYPE;
  made public.log_seal%ROWTYPE;
  leaves bytea[];
BEGIN
  -- INVARIANT: the statements below see what the sealer before has committed, which only a snapshot that is taken after the lock does.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_transaction_state', MESSAGE = 'seals are made under READ COMMITTED';
  END IF;
  IF NOT pg_try_advisory_xact_lock(72707371) THEN RETURN NULL; END IF;
  SELECT * INTO latest FROM public.log_seal ORDER BY number DESC LIMIT 1;
  made.number := coalesce(latest.number, 0) + 1;
  WITH taken AS MATERIALIZED (
    SELECT l.at, l.record_id, (row_number() OVER (ORDER BY l.at, l.record_id))::integer AS place
    FROM public.log_leaf l WHERE l.seal IS NULL ORDER BY l.at, l.record_id LIMIT greatest(1, least(most, 10000))
  ), given AS (
    UPDATE public.log_leaf l SET seal = made.number, place = t.place FROM taken t WHERE l.at = t.at AND l.record_id = t.record_id AND l.seal IS NULL
    RETURNING l.place, l.hash, l.mac, l.at
  ) SELECT array_agg(public.tree_leaf(g.hash, g.mac) ORDER BY g.place), count(*), max(g.at) INTO leaves, made.size, made.last_at FROM given g;
  IF made.size = 0 THEN RETURN NULL; END IF;
  made.sealed_at := clock_timestamp();
  made.records := coalesce(latest.records, 0) + made.size;
  made.root := public.merkle_root(leaves);
  made.previous := coalesce(latest.hash, decode(repeat('00', 32), 'hex'));
  made.hash := public.seal_hash(made);
  INSERT INTO public.log_seal SELECT made.*;
  RETURN made.number;
END $$;

-- How old the youngest record of a seal must be before its records go, by the term of the log; null while that is not known. One leaf covers both
-- logs, so they go together, after the longer of the two.
CREATE FUNCTION log_term() RETURNS interval LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT make_interval(months => greatest(12, max(t.months))) FROM public.retention_term t WHERE t.subject IN ('access-log', 'processing-log') HAVING count(*) = 2
$$;

-- Never within a year of being sealed: when a record was written the server says, when it was sealed the database.
CREATE FUNCTION is_due(seal log_seal) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(seal.last_at < now() - public.log_term() AND seal.sealed_at < now() - interval '1 year', false)
$$;

-- Seals from this number on, a hundred at most, and whether their records are over their term: for whoever signs that.
CREATE FUNCTION seals_from(first bigint)
  RETURNS TABLE (number bigint, sealed_at text, size integer, records bigint, last_at text, root text, previous text, hash text, is_due boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.number, to_char(s.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), s.size, s.records,
    to_char(s.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(s.root, 'hex'), encode(s.previous, 'hex'), encode(s.hash, 'hex'),
    public.is_due(s)
  FROM public.log_seal s WHERE s.number >= first ORDER BY s.number LIMIT 100
$$;

-- The newest seal's number, 0 where there is none.
CREATE FUNCTION newest_seal() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(max(s.number), 0) FROM public.log_seal s
$$;

-- Removes the records of the oldest seal that still has any, if it is not above `through` and its term is over; returns its number, or null. The seal
-- itself stays. The term and the clock are the database's own: whoever calls this can only do what was due.
CREATE FUNCTION expire_seal(through bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due public.log_seal%ROWTYPE;
BEGIN
  IF NOT pg_try_advisory_xact_lock(72707371) THEN RETURN NULL; END IF;
  SELECT s.* INTO due FROM public.log_seal s
    WHERE s.number = (SELECT min(l.seal) FROM public.log_leaf l WHERE l.seal IS NOT NULL) AND s.number <= through AND public.is_due(s);
  IF due.number IS NULL THEN RETURN NULL; END IF;
  -- One statement, so that its foreign keys are checked when all of it is gone.
  WITH leaf AS (
    DELETE FROM public.log_leaf l WHERE l.seal = due.number RETURNING l.at, l.record_id
  ), processing AS (
    DELETE FROM public.processing_record d USING leaf WHERE d.at = leaf.at AND d.record_id = leaf.record_id
  ), actor AS (
    DELETE FROM public.access_record_actor a USING leaf WHERE a.at = leaf.at AND a.record_id = leaf.record_id
  ), part AS (
    DELETE FROM public.access_record_part p USING leaf WHERE p.at = leaf.at AND p.record_id = leaf.record_id
  ) DELETE FROM public.access_record r USING leaf WHERE r.at = leaf.at AND r.id = leaf.record_id;
  RETURN due.number;
END $$;

REVOKE EXECUTE ON FUNCTION tree_leaf(bytea, text), merkle_root(bytea[]), seal_hash(log_seal), log_term(), is_due(log_seal), seal_log(integer), seals_from(bigint), newest_seal(), expire_seal(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_log(integer), seals_from(bigint), newest_seal(), expire_seal(bigint) TO wo_nobody;

-- With the key that the server signed with, so that a record of somebody without the key ring cannot pass for one of a key that is gone.
CREATE POLICY as_signed ON log_leaf AS RESTRICTIVE FOR INSERT TO wo_nobody, wo_guide, wo_coordinator, wo_handler, wo_officer_werkcentrum,
  wo_officer_partner, wo_signatory_werkcentrum, wo_signatory_partner, wo_visitor
  WITH CHECK (split_part(mac, ':', 1) = (SELECT c[1] FROM (SELECT app_capacity()) AS capacity (c)));
