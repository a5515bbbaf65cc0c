-- Matters taken over from other systems: each once, however often it is sent (IN-21).
CREATE TABLE imported_matters (
    system      text NOT NULL,
    source_id   text NOT NULL,
    matter_id   uuid NOT NULL REFERENCES matters (id),
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (system, source_id)
);
