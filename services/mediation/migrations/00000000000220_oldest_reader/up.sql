-- An older release does not know the states that came with 140 and 150.
UPDATE schema_release SET oldest_reader = 150;
