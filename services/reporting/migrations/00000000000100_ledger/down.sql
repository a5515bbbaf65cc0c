DROP TABLE ledger;
DROP TABLE event_log;
