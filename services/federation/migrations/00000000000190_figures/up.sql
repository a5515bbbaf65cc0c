-- The figures of a period that a request carries.
ALTER TABLE requests ADD COLUMN figures jsonb;
