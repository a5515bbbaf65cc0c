ALTER TABLE nodes DROP COLUMN told_at, DROP COLUMN asked_to, DROP COLUMN asked_epoch;
DROP TABLE node_epochs;
ALTER TABLE down_outbox_state DROP COLUMN lost_epoch;
ALTER TABLE up_outbox_state DROP COLUMN lost_epoch;
