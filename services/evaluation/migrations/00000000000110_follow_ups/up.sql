-- Follow-up visits.

CREATE TABLE follow_ups (
    id               uuid PRIMARY KEY,
    version          bigint NOT NULL,
    region           text NOT NULL,
    state            text NOT NULL CHECK (state IN ('planned', 'done')),
    case_id          uuid NOT NULL REFERENCES cases (id),
    -- Place in the plan, from 1.
    visit            smallint NOT NULL,
    -- Last day, in China.
    due_on           date NOT NULL,
    due_at           timestamptz NOT NULL,
    -- Tries so far, reached or not.
    tries            smallint NOT NULL,
    reached          boolean,
    satisfied        boolean,
    performance_ok   boolean,
    escalation_signs boolean,
    note             text,
    visited_by       text,
    done_at          timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    UNIQUE (case_id, visit)
);
CREATE INDEX follow_ups_due ON follow_ups (due_at, id);
