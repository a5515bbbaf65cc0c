-- A case can be given to several organisations, one after another, and decided anew when an order came back. An older
-- release does not know these states.
UPDATE schema_release SET oldest_reader = 110;

ALTER TABLE cases
    DROP CONSTRAINT cases_state_check,
    ADD CONSTRAINT cases_state_check CHECK (state IN ('accepted', 'triaged', 'dispatched', 'signed', 'return_asked')),
    -- How often an organisation disputed that it has to handle it.
    ADD COLUMN disputes bigint NOT NULL DEFAULT 0,
    -- An order came back, so that it may be decided anew.
    ADD COLUMN came_back boolean NOT NULL DEFAULT false;

ALTER TABLE orders
    DROP CONSTRAINT orders_state_check,
    DROP CONSTRAINT orders_check,
    ADD CONSTRAINT orders_state_check CHECK (state IN ('issued', 'signed', 'return_asked', 'returned', 'recalled')),
    ADD CONSTRAINT orders_check CHECK (state <> 'signed' OR (signed_at IS NOT NULL AND signed_by IS NOT NULL)),
    -- Until when the receiver may ask to return it; none on orders of earlier releases, which take the rule's time.
    ADD COLUMN return_until timestamptz,
    -- The proceeding that was opened for it: the work has begun.
    ADD COLUMN proceeding_id uuid,
    ADD COLUMN work_begun_at timestamptz;
-- One order is in force for a case at a time; those that came back are kept.
DROP INDEX orders_in_force;
CREATE UNIQUE INDEX orders_in_force ON orders (case_id) WHERE state IN ('issued', 'signed', 'return_asked');
CREATE INDEX orders_case ON orders (case_id, issued_at);

CREATE TABLE returns (
    order_id        uuid NOT NULL REFERENCES orders,
    number          integer NOT NULL,
    case_id         uuid NOT NULL REFERENCES cases,
    organisation_id uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('asked', 'approved', 'rejected', 'designated')),
    reason          text NOT NULL,
    explanation     text NOT NULL,
    asked_by        text NOT NULL,
    asked_at        timestamptz NOT NULL,
    decide_due_at   timestamptz NOT NULL,
    decided_by      text,
    decided_at      timestamptz,
    answer          text,
    PRIMARY KEY (order_id, number),
    CHECK ((state = 'asked') = (decided_at IS NULL AND decided_by IS NULL))
);
CREATE INDEX returns_case ON returns (case_id, asked_at);

-- Decisions that a later one replaced.
CREATE TABLE past_decisions (
    case_id        uuid NOT NULL REFERENCES cases,
    type_code      text NOT NULL,
    route          text NOT NULL,
    track          text NOT NULL,
    colour         text NOT NULL,
    as_proposed    boolean NOT NULL,
    reason         text,
    policy_version text NOT NULL,
    decided_by     text NOT NULL,
    decided_at     timestamptz NOT NULL,
    PRIMARY KEY (case_id, decided_at)
);
