DROP TABLE past_decisions;
DROP TABLE returns;
DROP INDEX orders_case;
DROP INDEX orders_in_force;
CREATE UNIQUE INDEX orders_in_force ON orders (case_id);
ALTER TABLE orders
    DROP COLUMN work_begun_at,
    DROP COLUMN proceeding_id,
    DROP COLUMN return_until,
    DROP CONSTRAINT orders_check,
    DROP CONSTRAINT orders_state_check,
    ADD CONSTRAINT orders_state_check CHECK (state IN ('issued', 'signed')),
    ADD CONSTRAINT orders_check CHECK ((state = 'signed') = (signed_at IS NOT NULL AND signed_by IS NOT NULL));
ALTER TABLE cases
    DROP COLUMN came_back,
    DROP COLUMN disputes,
    DROP CONSTRAINT cases_state_check,
    ADD CONSTRAINT cases_state_check CHECK (state IN ('accepted', 'triaged', 'dispatched', 'signed'));
UPDATE schema_release SET oldest_reader = 0;
