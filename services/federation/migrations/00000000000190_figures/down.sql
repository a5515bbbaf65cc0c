ALTER TABLE requests DROP COLUMN figures;
