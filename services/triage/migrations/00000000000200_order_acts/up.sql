-- What changes the time of an order on a route without mediation: a longer time, and finished work that the sender sends back.
CREATE TABLE order_acts (
    id       uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders,
    case_id  uuid NOT NULL REFERENCES cases,
    kind     text NOT NULL CHECK (kind IN ('extended', 'reworked')),
    reason   text NOT NULL,
    due_at   timestamptz NOT NULL,
    done_by  text NOT NULL,
    done_at  timestamptz NOT NULL
);
CREATE INDEX order_acts_case ON order_acts (case_id, done_at);
-- A closed case is opened again, its work is not sent back any more.
ALTER TABLE cases ADD COLUMN closed_at timestamptz;
