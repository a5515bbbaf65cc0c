-- How a case may stand since mediation can be suspended (transition 13) and a case can go another way (20, 23).
ALTER TABLE cases DROP CONSTRAINT cases_status_check;
ALTER TABLE cases ADD CONSTRAINT cases_status_check CHECK (status IN (
    'registered', 'correcting', 'answered', 'not_accepted', 'lapsed', 'accepted', 'triaged', 'dispatched', 'signed',
    'consent_pending', 'mediating', 'paused', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled', 'other_route',
    'confirming', 'performing', 'performed', 'defaulted', 'follow_up', 'merged', 'closed', 'archived'));
