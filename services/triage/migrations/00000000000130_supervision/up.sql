-- Urging whoever handles a case, and supervising.
CREATE TABLE urges (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases,
    organisation_id uuid,
    -- The clock that ran out and the object it ran for; none when a person urged.
    clock           text,
    object_id       uuid,
    note            text,
    urged_by        text,
    urged_at        timestamptz NOT NULL,
    CHECK ((clock IS NULL) = (object_id IS NULL))
);
CREATE UNIQUE INDEX urges_clock ON urges (object_id, clock) WHERE clock IS NOT NULL;
CREATE INDEX urges_case ON urges (case_id, urged_at);

CREATE TABLE supervisions (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases,
    region          text NOT NULL,
    organisation_id uuid,
    state           text NOT NULL CHECK (state IN ('issued', 'replied', 'closed')),
    fault           text NOT NULL CHECK (fault IN ('should_accept', 'should_handle', 'not_by_law')),
    listed          boolean NOT NULL,
    urgent          boolean NOT NULL,
    clock           text,
    object_id       uuid,
    demand          text,
    issued_by       text,
    issued_at       timestamptz NOT NULL,
    reply_due_at    timestamptz NOT NULL,
    reply           text,
    replied_by      text,
    replied_at      timestamptz,
    verdict         text,
    rectified       boolean,
    closed_by       text,
    closed_at       timestamptz,
    version         bigint NOT NULL,
    CHECK ((clock IS NULL) = (object_id IS NULL)),
    CHECK ((state = 'issued') = (replied_at IS NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX supervisions_clock ON supervisions (object_id, clock) WHERE clock IS NOT NULL;
CREATE INDEX supervisions_worklist ON supervisions (reply_due_at, id);
CREATE INDEX supervisions_case ON supervisions (case_id);
