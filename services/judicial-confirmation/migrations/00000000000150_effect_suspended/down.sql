ALTER TABLE effect_applications DROP COLUMN suspended_at;
UPDATE schema_release SET oldest_reader = 120;
