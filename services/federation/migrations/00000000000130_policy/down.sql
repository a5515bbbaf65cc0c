DROP TABLE received_policy;
ALTER TABLE nodes DROP COLUMN told_policy, DROP COLUMN policy_received, DROP COLUMN policy_refused;
