ALTER TABLE file_documents DROP COLUMN attachment_id, DROP COLUMN sha256;
