UPDATE schema_release SET oldest_reader = 110;
