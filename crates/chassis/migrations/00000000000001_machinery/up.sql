-- The machinery every service schema has: outbox, inbox, dead letters, idempotency keys, clocks.

CREATE TABLE schema_release (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- Oldest release of this service that can work with this schema; a migration that breaks older releases raises it.
    oldest_reader bigint NOT NULL DEFAULT 0
);
INSERT INTO schema_release DEFAULT VALUES;

CREATE TABLE case_sequence (
    subject uuid PRIMARY KEY,
    last    bigint NOT NULL
);

CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     uuid NOT NULL UNIQUE,
    nats_subject text NOT NULL,
    event_type   text NOT NULL,
    subject      uuid NOT NULL,
    case_seq     bigint NOT NULL,
    correlation  uuid NOT NULL,
    causation    uuid,
    traceparent  text,
    payload      jsonb NOT NULL,
    occurred_at  timestamptz NOT NULL,
    -- Given by the relay: gapless within the epoch.
    epoch        integer,
    seq          bigint,
    -- Given by the broker with its acknowledgement.
    stream_seq   bigint,
    published_at timestamptz,
    replays      integer NOT NULL DEFAULT 0,
    UNIQUE (epoch, seq)
);
CREATE INDEX outbox_unsequenced ON outbox (id) WHERE seq IS NULL;
CREATE INDEX outbox_unpublished ON outbox (epoch, seq) WHERE stream_seq IS NULL;
CREATE INDEX outbox_stream_seq ON outbox (stream_seq);
CREATE INDEX outbox_occurred_at ON outbox (occurred_at);

CREATE TABLE outbox_state (
    only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch          integer NOT NULL DEFAULT 1,
    next_seq       bigint NOT NULL DEFAULT 1,
    stream_created timestamptz,
    stream_seq     bigint NOT NULL DEFAULT 0
);
INSERT INTO outbox_state DEFAULT VALUES;

CREATE TABLE inbox (
    event_id    uuid PRIMARY KEY,
    event_type  text NOT NULL,
    origin      text NOT NULL,
    epoch       integer NOT NULL,
    seq         bigint NOT NULL,
    applied_at  timestamptz NOT NULL
);

CREATE INDEX inbox_origin ON inbox (origin, epoch, seq);

-- Per origin: the highest sequence seen, and the last one up to which none is missing (meaningful for a consumer of all kinds).
CREATE TABLE inbox_position (
    origin     text NOT NULL,
    epoch      integer NOT NULL,
    highest    bigint NOT NULL,
    contiguous bigint NOT NULL,
    PRIMARY KEY (origin, epoch)
);

CREATE TABLE dead_letters (
    event_id     uuid PRIMARY KEY,
    nats_subject text NOT NULL,
    headers      jsonb NOT NULL,
    payload      bytea NOT NULL,
    problem      text NOT NULL,
    detail       text NOT NULL,
    attempts     integer NOT NULL,
    failed_at    timestamptz NOT NULL,
    -- Set by `dead-letters replay`; the consumer takes it up and deletes the row when it succeeds.
    replay       boolean NOT NULL DEFAULT false
);
CREATE INDEX dead_letters_replay ON dead_letters (failed_at) WHERE replay;

CREATE TABLE idempotency (
    principal   text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      smallint NOT NULL,
    body        jsonb NOT NULL,
    version     bigint,
    location    text,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

CREATE TABLE clocks (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    object_id   uuid NOT NULL,
    case_id     uuid NOT NULL,
    started_at  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    provisional boolean NOT NULL,
    warn_at     timestamptz[] NOT NULL,
    warned      integer NOT NULL DEFAULT 0,
    state       text NOT NULL CHECK (state IN ('running', 'stopped', 'breached')),
    -- The next warn point or the due time; NULL when nothing more will happen.
    wake_at     timestamptz,
    ended_at    timestamptz,
    UNIQUE (kind, object_id)
);
CREATE INDEX clocks_wake_at ON clocks (wake_at) WHERE wake_at IS NOT NULL;
