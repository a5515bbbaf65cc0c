ALTER TABLE dead_letters DROP COLUMN in_inbox;
