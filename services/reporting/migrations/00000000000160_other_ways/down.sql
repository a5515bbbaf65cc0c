UPDATE ledger SET outcome = NULL WHERE outcome IN ('other_settled', 'other_ended');
ALTER TABLE ledger
    DROP CONSTRAINT ledger_outcome_check,
    ADD CONSTRAINT ledger_outcome_check CHECK (outcome IN ('agreed', 'failed', 'refused', 'withdrawn', 'self_settled'));
UPDATE schema_release SET oldest_reader = 0;
