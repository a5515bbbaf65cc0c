-- One proceeding an order is under way. One whose agreement the court did not confirm may be followed by another, and be agreed again
-- all the same: the parties change the agreement, or the court confirms it after all.
DROP INDEX proceedings_order;
CREATE UNIQUE INDEX proceedings_order ON proceedings (order_id)
    WHERE NOT released AND state IN ('consent_pending', 'mediating', 'paused');
CREATE INDEX proceedings_of_order ON proceedings (order_id);
