ALTER TABLE attachments DROP COLUMN kind, DROP COLUMN side, DROP COLUMN visibility;
