DROP INDEX event_log_closed, event_log_accepted, event_log_facts;
ALTER TABLE event_log DROP COLUMN kind, DROP COLUMN day;
ALTER TABLE ledger DROP COLUMN origin;
