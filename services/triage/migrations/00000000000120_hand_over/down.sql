DROP INDEX organisations_region;
DROP INDEX orders_proceeding;
DROP INDEX orders_offered;
DROP INDEX orders_in_force;
CREATE UNIQUE INDEX orders_in_force ON orders (case_id) WHERE state IN ('issued', 'signed', 'return_asked');
ALTER TABLE orders
    DROP COLUMN work_ended_at,
    DROP COLUMN note,
    DROP COLUMN reason,
    DROP COLUMN from_organisation,
    DROP COLUMN follows,
    DROP CONSTRAINT orders_mode_check,
    DROP CONSTRAINT orders_state_check,
    ADD CONSTRAINT orders_mode_check CHECK (mode IN ('assign', 'transfer', 'forward', 'delegate', 'designate')),
    ADD CONSTRAINT orders_state_check CHECK (state IN ('issued', 'signed', 'return_asked', 'returned', 'recalled'));
UPDATE schema_release SET oldest_reader = 110;
