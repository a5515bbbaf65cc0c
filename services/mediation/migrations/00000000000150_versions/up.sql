-- Versions of agreements, agreements on a part, the register of oral ones, and agreeing anew after a dismissal.

ALTER TABLE agreements
    ADD COLUMN partial boolean NOT NULL DEFAULT false,
    ADD COLUMN open_issues text,
    ADD COLUMN oral_number text UNIQUE,
    ADD COLUMN confirmed boolean NOT NULL DEFAULT false,
    ADD COLUMN amendment jsonb,
    ADD COLUMN history jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT open_issues_of_a_part CHECK (partial = (open_issues IS NOT NULL)),
    DROP CONSTRAINT agreements_state_check,
    ADD CONSTRAINT agreements_state_check CHECK (state IN
        ('drafted', 'lapsed', 'performing', 'performed', 'defaulted', 'replaced'));

ALTER TABLE obligations
    ADD COLUMN default_ways text[] NOT NULL DEFAULT '{}',
    DROP CONSTRAINT obligations_state_check,
    ADD CONSTRAINT obligations_state_check CHECK (state IN ('open', 'fulfilled', 'defaulted', 'superseded'));

CREATE TABLE oral_numbers (
    series text NOT NULL,
    year   integer NOT NULL,
    last   bigint NOT NULL CHECK (last > 0),
    PRIMARY KEY (series, year)
);

-- One proceeding an order, unless the court did not confirm what came of it or the case was opened again.
ALTER TABLE proceedings
    ADD COLUMN released boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT proceedings_order_id_key;
CREATE UNIQUE INDEX proceedings_order ON proceedings (order_id)
    WHERE NOT released AND state <> 'agreement_dismissed';
