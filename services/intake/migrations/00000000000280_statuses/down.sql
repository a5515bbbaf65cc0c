UPDATE cases SET status = 'mediating' WHERE status = 'paused';
UPDATE cases SET status = 'failed' WHERE status = 'other_route';
ALTER TABLE cases DROP CONSTRAINT cases_status_check;
ALTER TABLE cases ADD CONSTRAINT cases_status_check CHECK (status IN (
    'registered', 'correcting', 'answered', 'not_accepted', 'lapsed', 'accepted', 'triaged', 'dispatched', 'signed',
    'consent_pending', 'mediating', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled', 'confirming', 'performing',
    'performed', 'defaulted', 'follow_up', 'merged', 'closed', 'archived'));
