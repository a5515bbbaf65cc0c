-- Closed periods 结账. What a version says is never changed; a correction is a further version.

CREATE TABLE periods (
    id         uuid PRIMARY KEY,
    -- `2026-Q3`, `2026-09`, `2026-09-05/2026-09-20`: made from the days.
    code       text NOT NULL,
    -- The node; it counts itself and all under it.
    region     text COLLATE "C" NOT NULL,
    begins     date NOT NULL,
    ends       date NOT NULL CHECK (ends >= begins),
    -- The newest version of the numbers.
    version    bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (begins, ends)
);

CREATE TABLE period_versions (
    period_id  uuid NOT NULL REFERENCES periods,
    version    bigint NOT NULL CHECK (version >= 1),
    -- The last day whose events are counted.
    counted_to date NOT NULL,
    -- Why the numbers were corrected; null in version 1.
    reason     text,
    digest     text NOT NULL,
    received   bigint NOT NULL,
    settled    bigint NOT NULL,
    -- By node, by type, and the events by kind.
    numbers    jsonb NOT NULL,
    -- The lines in which it differs from the version before.
    changes    jsonb NOT NULL,
    closed_at  timestamptz NOT NULL,
    PRIMARY KEY (period_id, version)
);

-- What the digest is over. Empty text = not decided yet, not concluded yet.
CREATE TABLE period_lines (
    period_id  uuid NOT NULL,
    version    bigint NOT NULL,
    node       text COLLATE "C" NOT NULL,
    type_code  text COLLATE "C" NOT NULL,
    outcome    text COLLATE "C" NOT NULL,
    received   bigint NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (period_id, version, node, type_code, outcome),
    FOREIGN KEY (period_id, version) REFERENCES period_versions
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the numbers of a closed period do not change'; END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON period_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON period_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
