-- What is finished on a route without mediation has an outcome too. An older release does not know it.
UPDATE schema_release SET oldest_reader = 160;
ALTER TABLE ledger
    DROP CONSTRAINT ledger_outcome_check,
    ADD CONSTRAINT ledger_outcome_check CHECK (outcome IN
        ('agreed', 'failed', 'refused', 'withdrawn', 'self_settled', 'other_settled', 'other_ended'));
