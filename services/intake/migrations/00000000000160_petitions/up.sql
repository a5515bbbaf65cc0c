-- Petitions 信访 have a procedure of their own (信访工作条例 31-36).
CREATE TABLE petitions (
    matter_id   uuid PRIMARY KEY REFERENCES matters (id),
    kind        text NOT NULL CHECK (kind IN ('suggestion', 'report', 'claim')),
    -- A code of the policy pack's ways.
    way         text NOT NULL,
    state       text NOT NULL CHECK (state IN ('guided', 'handling', 'concluded', 'reviewing', 'reviewed', 're_reviewing', 'final')),
    extensions  integer NOT NULL DEFAULT 0,
    -- The end of what runs in this state: the answer's, or the person's to ask for the next review.
    due_at      timestamptz,
    last_day    date,
    version     bigint NOT NULL,
    updated_at  timestamptz NOT NULL
);

-- What was done, step by step.
CREATE TABLE petition_steps (
    matter_id uuid NOT NULL REFERENCES petitions (matter_id),
    position  bigint NOT NULL,
    command   text NOT NULL,
    note      text NOT NULL,
    done_by   text NOT NULL,
    done_at   timestamptz NOT NULL,
    PRIMARY KEY (matter_id, position)
);
