-- Cases that were merged into others, and orders that ended with their case. An older release does not know these states.
UPDATE schema_release SET oldest_reader = 140;
ALTER TABLE cases
    DROP CONSTRAINT cases_state_check,
    ADD CONSTRAINT cases_state_check CHECK (state IN
        ('accepted', 'triaged', 'dispatched', 'signed', 'return_asked', 'merged'));
ALTER TABLE orders
    DROP CONSTRAINT orders_state_check,
    ADD CONSTRAINT orders_state_check CHECK (state IN
        ('issued', 'offered', 'signed', 'return_asked', 'returned', 'recalled', 'handed_over', 'done'));
