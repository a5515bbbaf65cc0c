DROP INDEX automatic_requests_open;
ALTER TABLE automatic_requests DROP COLUMN again_at;
CREATE INDEX automatic_requests_open ON automatic_requests (noted_at) WHERE request_id IS NULL AND refused IS NULL;
