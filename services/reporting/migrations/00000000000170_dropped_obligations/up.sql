-- What is no longer owed, because an agreement was changed, replaced or given up, is not waited for (人民调解法 33).
ALTER TABLE ledger ADD COLUMN obligations_dropped_due_on date[];
