-- The risk colour follows what happens to a case after its decision.
ALTER TABLE ledger ADD COLUMN coloured_at timestamptz;
UPDATE ledger SET coloured_at = decided_at;
