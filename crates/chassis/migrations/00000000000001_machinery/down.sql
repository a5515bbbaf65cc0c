DROP TABLE clocks, idempotency, dead_letters, inbox_position, inbox, outbox_state, outbox, case_sequence, schema_release;
