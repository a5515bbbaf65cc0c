DROP TABLE upper_policy;
