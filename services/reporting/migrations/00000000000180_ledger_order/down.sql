CREATE INDEX ledger_accepted_at ON ledger (accepted_at);
DROP INDEX ledger_order;
