-- A node counts the nodes under it: from where a case comes, and what each node said each day.

-- The node that accepted the case first. Everything else of a row stays as it is.
ALTER TABLE ledger ADD COLUMN origin text COLLATE "C";
UPDATE ledger SET origin = (
    SELECT source FROM event_log
    WHERE subject = ledger.case_id AND event_type = 'fengqiao.intake.matter.accepted.v1'
    ORDER BY occurred_at, source LIMIT 1);

-- The day in Asia/Shanghai, 8 hours ahead all year since 1992, and `<object>.<fact>`. Both rewrite the table once.
ALTER TABLE event_log
    ADD COLUMN day date NOT NULL GENERATED ALWAYS AS (((occurred_at AT TIME ZONE 'UTC') + interval '8 hours')::date) STORED,
    ADD COLUMN kind text COLLATE "C"
        GENERATED ALWAYS AS (substring(event_type FROM '^fengqiao\.[^.]+\.(.+)\.v1$')) STORED;
-- Counts and digests of a node's days are read from this index alone, in its order.
CREATE INDEX event_log_facts ON event_log (source, day, kind, event_id);
-- The cases of a period.
CREATE INDEX event_log_accepted ON event_log (day, source) WHERE kind = 'matter.accepted';
-- The closed periods of the nodes below.
CREATE INDEX event_log_closed ON event_log ((payload ->> 'begins'), (payload ->> 'ends'), source)
    WHERE kind = 'period.closed';
