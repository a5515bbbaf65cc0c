-- Applications for effect in other ways wait too while a sham is suspected. An older release would let them go on.
UPDATE schema_release SET oldest_reader = 150;
ALTER TABLE effect_applications ADD COLUMN suspended_at timestamptz;
