ALTER TABLE petition_steps DROP COLUMN organisation_id;
ALTER TABLE petitions DROP COLUMN served_at, DROP COLUMN ended_at;
