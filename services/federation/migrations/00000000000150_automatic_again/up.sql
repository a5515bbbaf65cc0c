-- When one that could not be sent yet is tried again: those behind it do not wait for it.
ALTER TABLE automatic_requests ADD COLUMN again_at timestamptz;
DROP INDEX automatic_requests_open;
CREATE INDEX automatic_requests_open ON automatic_requests (COALESCE(again_at, noted_at)) WHERE request_id IS NULL AND refused IS NULL;
