-- What was put right of a matter before it was decided (个人信息保护法 46), by whom and why. What it said before is in no table: the
-- person has a right that what is wrong goes.
CREATE TABLE amendments (
    id        uuid PRIMARY KEY,
    matter_id uuid NOT NULL REFERENCES matters (id),
    -- Names of the fields.
    fields    text[] NOT NULL CHECK (cardinality(fields) > 0),
    reason    text NOT NULL,
    done_by   text NOT NULL,
    done_at   timestamptz NOT NULL
);
CREATE INDEX amendments_matter_id ON amendments (matter_id, done_at);
