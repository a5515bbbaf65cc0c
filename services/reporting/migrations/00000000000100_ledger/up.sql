-- What happened, as received, and one row a case made from it.

-- Every event once. It is the timeline of a case and what the ledger can be made again from; nothing is stored twice.
CREATE TABLE event_log (
    event_id    uuid PRIMARY KEY,
    -- The case, or the object outside a case.
    subject     uuid NOT NULL,
    event_type  text NOT NULL,
    -- The node where it happened; with the service in the type, its epoch and sequence, the origin's gapless count.
    source      text COLLATE "C" NOT NULL,
    epoch       integer NOT NULL,
    seq         bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    payload     jsonb NOT NULL
);
CREATE INDEX event_log_subject ON event_log (subject);

-- The case ledger 台账. Columns are filled as events come, in any order: how each one is merged is in src/domain/entry.rs.
-- The region is unknown until a fact of intake has come; until then the row is in nobody's scope.
CREATE TABLE ledger (
    case_id                 uuid PRIMARY KEY,
    region                  text COLLATE "C",
    class                   text CHECK (class IN ('dispute', 'petition', 'complaint')),
    source                  text,
    channel                 text,
    acceptance_number       text,
    persons_involved        bigint,
    amount_fen              bigint,
    registered_at           timestamptz,
    accepted_at             timestamptz,
    declined_at             timestamptz,
    answered_at             timestamptz,
    decided_at              timestamptz,
    type_code               text,
    route                   text,
    track                   text CHECK (track IN ('simple', 'general', 'complex')),
    colour                  text CHECK (colour IN ('blue', 'yellow', 'orange', 'red')),
    as_proposed             boolean,
    dispatched_at           timestamptz,
    signed_at               timestamptz,
    organisation_id         uuid,
    started_at              timestamptz,
    ended_at                timestamptz,
    outcome                 text CHECK (outcome IN ('agreed', 'failed', 'refused', 'withdrawn', 'self_settled')),
    end_code                text,
    agreed_at               timestamptz,
    agreed_amount_fen       bigint,
    obligations_due_on      date[],
    obligations_fulfilled   bigint,
    obligations_on_time     bigint,
    obligations_defaulted   bigint,
    performed_at            timestamptz,
    confirmation_applied_at timestamptz,
    ruled_at                timestamptz,
    ruling                  text CHECK (ruling IN ('valid', 'dismissed')),
    follow_up_due_at        timestamptz,
    follow_up_done_at       timestamptz,
    follow_up_satisfied     boolean,
    ratings                 smallint[],
    closed_at               timestamptz,
    clocks_breached         text[]
-- A row is written about ten times; after the acceptance no write touches an indexed column, so it can stay on its page.
) WITH (fillfactor = 70);
-- Region and acceptance are known with a case's first events and never change.
CREATE INDEX ledger_accepted_at ON ledger (accepted_at);
CREATE INDEX ledger_region_accepted_at ON ledger (region, accepted_at);
