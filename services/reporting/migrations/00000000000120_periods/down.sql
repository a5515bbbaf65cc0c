DROP TABLE period_lines;
DROP TABLE period_versions;
DROP TABLE periods;
DROP FUNCTION refuse_change;
