DROP TABLE colour_changes;
ALTER TABLE cases DROP COLUMN colour;
UPDATE schema_release SET oldest_reader = 140;
