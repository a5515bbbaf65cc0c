-- What evaluation knows of a case: from its registration until it is closed.

CREATE TABLE cases (
    id           uuid PRIMARY KEY,
    version      bigint NOT NULL,
    region       text NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'follow_up', 'closed')),
    -- The type named at registration until triage decides one.
    type_code    text,
    colour       text,
    party_ids    uuid[] NOT NULL,
    -- When the work on it ended; the visits are counted from here.
    ended_at     timestamptz,
    feedback     text,
    feedback_way text,
    closed_at    timestamptz,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX cases_region ON cases (region text_pattern_ops);
