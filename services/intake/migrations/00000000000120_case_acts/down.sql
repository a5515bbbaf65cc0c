DROP TABLE case_acts;
DROP INDEX parties_account;
CREATE UNIQUE INDEX parties_account ON parties (account_subject, case_id) WHERE account_subject IS NOT NULL;
ALTER TABLE parties DROP COLUMN original_case_id;
ALTER TABLE matters DROP COLUMN original_case_id;
ALTER TABLE cases DROP COLUMN closed_at, DROP COLUMN reopened_at, DROP COLUMN merged_into, DROP COLUMN recurrence_of,
    DROP COLUMN organisation_id, DROP COLUMN node;
