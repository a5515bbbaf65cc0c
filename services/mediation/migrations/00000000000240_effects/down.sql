ALTER TABLE agreements DROP COLUMN enforceable_by;
