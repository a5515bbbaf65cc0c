-- What organs tell of cases on routes without mediation. An older release does not know the state that a case ends in.
UPDATE schema_release SET oldest_reader = 180;
ALTER TABLE cases
    DROP CONSTRAINT cases_state_check,
    ADD CONSTRAINT cases_state_check CHECK (state IN
        ('accepted', 'triaged', 'dispatched', 'signed', 'return_asked', 'merged', 'completed'));
ALTER TABLE orders
    DROP CONSTRAINT orders_state_check,
    ADD CONSTRAINT orders_state_check CHECK (state IN
        ('issued', 'offered', 'signed', 'return_asked', 'returned', 'recalled', 'handed_over', 'done', 'completed'));

CREATE TABLE feedbacks (
    id              uuid PRIMARY KEY,
    order_id        uuid NOT NULL REFERENCES orders,
    case_id         uuid NOT NULL REFERENCES cases,
    organisation_id uuid NOT NULL,
    outcome         text NOT NULL,
    note            text NOT NULL,
    told_by         text NOT NULL,
    told_at         timestamptz NOT NULL
);
CREATE INDEX feedbacks_case ON feedbacks (case_id, told_at);
