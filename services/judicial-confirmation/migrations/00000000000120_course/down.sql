DROP TABLE effect_applications, defaulted_obligations, organisations;
ALTER TABLE agreements DROP COLUMN inviting_court_id, DROP COLUMN invitation_number, DROP COLUMN invited_on;
DROP INDEX applications_live, applications_due_at;
CREATE UNIQUE INDEX applications_live ON applications (agreement_id) WHERE state NOT IN ('withdrawn', 'court_refused');
ALTER TABLE applications DROP COLUMN court_place, DROP COLUMN course, DROP COLUMN due_at;
ALTER TABLE applications DROP CONSTRAINT applications_state_check;
ALTER TABLE applications ADD CONSTRAINT applications_state_check CHECK (state IN (
    'await_other_party', 'joint_submitted', 'court_received', 'court_accepted', 'court_refused',
    'confirmed', 'dismissed', 'withdrawn', 'expired'));
UPDATE schema_release SET oldest_reader = 0;
