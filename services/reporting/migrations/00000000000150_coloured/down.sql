ALTER TABLE ledger DROP COLUMN coloured_at;
