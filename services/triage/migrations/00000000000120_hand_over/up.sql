-- Orders that hand a case over when the receiver signs, and orders to assist. An older release does not know them.
UPDATE schema_release SET oldest_reader = 120;

ALTER TABLE orders
    DROP CONSTRAINT orders_state_check,
    DROP CONSTRAINT orders_mode_check,
    ADD CONSTRAINT orders_state_check CHECK (state IN
        ('issued', 'offered', 'signed', 'return_asked', 'returned', 'recalled', 'handed_over')),
    ADD CONSTRAINT orders_mode_check CHECK (mode IN
        ('assign', 'transfer', 'forward', 'delegate', 'designate', 'assist', 'hand_over', 'report_up')),
    -- The order it takes the place of, and who hands the case over.
    ADD COLUMN follows uuid REFERENCES orders,
    ADD COLUMN from_organisation uuid,
    -- Code of the reason and words about it, or what the assisting organisation is to do.
    ADD COLUMN reason text,
    ADD COLUMN note text,
    ADD COLUMN work_ended_at timestamptz;
DROP INDEX orders_in_force;
CREATE UNIQUE INDEX orders_in_force ON orders (case_id)
    WHERE state IN ('issued', 'signed', 'return_asked') AND mode <> 'assist';
CREATE UNIQUE INDEX orders_offered ON orders (case_id) WHERE state = 'offered';
CREATE INDEX orders_proceeding ON orders (proceeding_id) WHERE proceeding_id IS NOT NULL;
CREATE INDEX organisations_region ON organisations (region);
