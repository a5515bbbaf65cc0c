ALTER TABLE nodes DROP COLUMN told_policy_at;
DROP TABLE forgotten_keys;
