ALTER TABLE notifications DROP COLUMN received_at, DROP COLUMN read_at;
