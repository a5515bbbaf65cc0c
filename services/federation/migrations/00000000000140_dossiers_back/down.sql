DROP TABLE automatic_requests;
ALTER TABLE requests DROP COLUMN handover;
ALTER TABLE accountability DROP COLUMN handover;
ALTER TABLE request_steps DROP COLUMN sealed;
