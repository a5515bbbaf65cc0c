DROP INDEX clocks_open, clocks_open_region, clocks_open_organisation, clocks_provisional;
UPDATE clocks SET state = 'stopped' WHERE state = 'paused';
ALTER TABLE clocks
    DROP CONSTRAINT clocks_state_check,
    ADD CONSTRAINT clocks_state_check CHECK (state IN ('running', 'stopped', 'breached')),
    DROP COLUMN rule,
    DROP COLUMN course,
    DROP COLUMN region,
    DROP COLUMN organisation_id,
    DROP COLUMN assignee,
    DROP COLUMN paused_at,
    DROP COLUMN pause_reason,
    DROP COLUMN breached_at;
