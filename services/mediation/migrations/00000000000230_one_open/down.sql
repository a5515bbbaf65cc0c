DROP INDEX proceedings_of_order;
DROP INDEX proceedings_order;
CREATE UNIQUE INDEX proceedings_order ON proceedings (order_id)
    WHERE NOT released AND state <> 'agreement_dismissed';
