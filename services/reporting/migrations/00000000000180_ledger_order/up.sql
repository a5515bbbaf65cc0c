-- The ledger is read in this order, and read no further than a page needs.
CREATE INDEX ledger_order ON ledger (accepted_at, case_id);
DROP INDEX ledger_accepted_at;
