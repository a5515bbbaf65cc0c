ALTER TABLE ledger DROP COLUMN merged_at, DROP COLUMN reopened_at;
