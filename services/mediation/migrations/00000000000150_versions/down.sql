DROP INDEX proceedings_order;
ALTER TABLE proceedings DROP COLUMN released, ADD CONSTRAINT proceedings_order_id_key UNIQUE (order_id);
DROP TABLE oral_numbers;
ALTER TABLE obligations
    DROP COLUMN default_ways,
    DROP CONSTRAINT obligations_state_check,
    ADD CONSTRAINT obligations_state_check CHECK (state IN ('open', 'fulfilled', 'defaulted'));
ALTER TABLE agreements
    DROP CONSTRAINT agreements_state_check,
    ADD CONSTRAINT agreements_state_check CHECK (state IN
        ('drafted', 'lapsed', 'performing', 'performed', 'defaulted')),
    DROP COLUMN partial,
    DROP COLUMN open_issues,
    DROP COLUMN oral_number,
    DROP COLUMN confirmed,
    DROP COLUMN amendment,
    DROP COLUMN history;
