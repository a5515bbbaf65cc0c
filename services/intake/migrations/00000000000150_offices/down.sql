ALTER TABLE parties DROP COLUMN representative;
DROP TABLE organisations;
