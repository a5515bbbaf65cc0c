ALTER TABLE matters DROP COLUMN place_code;
