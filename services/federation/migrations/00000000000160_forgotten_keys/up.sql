-- Keys that count no more, so that each is acted on once, however often it is told.
CREATE TABLE forgotten_keys (
    code         text COLLATE "C" NOT NULL,
    signing_key  text NOT NULL,
    forgotten_at timestamptz NOT NULL,
    -- The node that forgot them, or the superior that said so.
    by_node      text COLLATE "C" NOT NULL,
    PRIMARY KEY (code, signing_key, forgotten_at)
);

-- `told_keys` is a digest of the keys a child was told from now on: another one says that there is something to tell.
-- When a child was handed down the policy last.
ALTER TABLE nodes ADD COLUMN told_policy_at timestamptz;
