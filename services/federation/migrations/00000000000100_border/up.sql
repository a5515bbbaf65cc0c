-- What leaves for the levels above (UP) and below (DOWN): the same outbox as the node's own stream has.
CREATE TABLE up_outbox (LIKE outbox INCLUDING ALL);
CREATE TABLE up_outbox_state (LIKE outbox_state INCLUDING ALL);
-- What the parent has confirmed to have without a gap; rows up to there are not sent again when the stream is lost.
ALTER TABLE up_outbox_state ADD COLUMN confirmed_epoch integer NOT NULL DEFAULT 0;
ALTER TABLE up_outbox_state ADD COLUMN confirmed_seq bigint NOT NULL DEFAULT 0;
-- When the parent was heard of last.
ALTER TABLE up_outbox_state ADD COLUMN heard_at timestamptz;
INSERT INTO up_outbox_state DEFAULT VALUES;

CREATE TABLE down_outbox (LIKE outbox INCLUDING ALL);
CREATE TABLE down_outbox_state (LIKE outbox_state INCLUDING ALL);
INSERT INTO down_outbox_state DEFAULT VALUES;

-- The nodes directly below. Removing one keeps its row: what it sent still counts.
CREATE TABLE children (
    code        text COLLATE "C" PRIMARY KEY,
    added_at    timestamptz NOT NULL,
    removed_at  timestamptz
);

-- How far every node of the subtree is, as this node knows.
CREATE TABLE nodes (
    code           text COLLATE "C" PRIMARY KEY,
    last_contact   timestamptz NOT NULL,
    epoch          integer NOT NULL,
    -- Highest sequence it says it has given; since when some of that is missing here, and when it was asked for last.
    checkpoint     bigint NOT NULL,
    missing_since  timestamptz,
    asked_at       timestamptz,
    -- What the node was told that we have.
    told_epoch     integer NOT NULL DEFAULT 0,
    told_seq       bigint NOT NULL DEFAULT 0,
    -- How many nodes' keys it was told.
    told_keys      integer NOT NULL DEFAULT 0,
    clock_off_ms   bigint NOT NULL,
    release        text NOT NULL,
    policy_version text NOT NULL
);

-- The public keys of other nodes. The first ones a node shows are kept; `vouched_by` is the node itself or a superior.
CREATE TABLE nodes_keys (
    code        text COLLATE "C" PRIMARY KEY,
    signing_key text NOT NULL,
    sealing_key text NOT NULL,
    vouched_by  text NOT NULL,
    since       timestamptz NOT NULL
);

-- Facts of this node and of the nodes below that count here: for comparing day by day (reconcile).
CREATE TABLE facts (
    event_id    uuid PRIMARY KEY,
    node        text COLLATE "C" NOT NULL,
    event_type  text NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX facts_node ON facts (node, occurred_at);
