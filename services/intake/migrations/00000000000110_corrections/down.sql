DROP TABLE corrections;
ALTER TABLE cases DROP CONSTRAINT cases_status_check;
ALTER TABLE cases ADD CONSTRAINT cases_status_check CHECK (status IN (
    'registered', 'answered', 'not_accepted', 'accepted', 'triaged', 'dispatched', 'signed', 'consent_pending',
    'mediating', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled', 'confirming', 'performing', 'performed',
    'defaulted', 'follow_up', 'closed'));
ALTER TABLE matters DROP CONSTRAINT matters_decided_check;
ALTER TABLE matters ADD CONSTRAINT matters_check1 CHECK ((state = 'registered') = (decided_at IS NULL));
ALTER TABLE matters DROP CONSTRAINT matters_state_check;
ALTER TABLE matters ADD CONSTRAINT matters_state_check
    CHECK (state IN ('registered', 'answered', 'not_accepted', 'accepted'));
UPDATE schema_release SET oldest_reader = 0;
