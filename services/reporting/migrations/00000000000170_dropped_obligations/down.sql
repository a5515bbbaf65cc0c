ALTER TABLE ledger DROP COLUMN obligations_dropped_due_on;
