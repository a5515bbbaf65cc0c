DROP TABLE feedbacks;
ALTER TABLE orders
    DROP CONSTRAINT orders_state_check,
    ADD CONSTRAINT orders_state_check CHECK (state IN
        ('issued', 'offered', 'signed', 'return_asked', 'returned', 'recalled', 'handed_over', 'done'));
ALTER TABLE cases
    DROP CONSTRAINT cases_state_check,
    ADD CONSTRAINT cases_state_check CHECK (state IN
        ('accepted', 'triaged', 'dispatched', 'signed', 'return_asked', 'merged'));
UPDATE schema_release SET oldest_reader = 170;
