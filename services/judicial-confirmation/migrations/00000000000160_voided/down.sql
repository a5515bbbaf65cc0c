ALTER TABLE agreements DROP COLUMN voided_at;
