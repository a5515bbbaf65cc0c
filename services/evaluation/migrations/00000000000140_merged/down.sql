UPDATE cases SET state = 'open' WHERE state = 'merged';
ALTER TABLE cases DROP CONSTRAINT cases_state_check;
ALTER TABLE cases ADD CONSTRAINT cases_state_check CHECK (state IN ('open', 'follow_up', 'closed'));
UPDATE schema_release SET oldest_reader = 0;
