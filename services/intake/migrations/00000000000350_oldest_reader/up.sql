-- An older release does not know the statuses that came with 280.
UPDATE schema_release SET oldest_reader = 280;
