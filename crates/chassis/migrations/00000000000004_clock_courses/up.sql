-- Whose clock it is, what its end follows from, and clocks that stand still.
ALTER TABLE clocks
    -- Id of the rule in the policy pack: `mediation.statutory@medical`.
    ADD COLUMN rule            text,
    -- Start, terms, pauses and extensions: the end can be computed again from them.
    ADD COLUMN course          jsonb,
    ADD COLUMN region          text COLLATE "C",
    ADD COLUMN organisation_id uuid,
    -- The issuer's name of the person it is for.
    ADD COLUMN assignee        text,
    ADD COLUMN paused_at       timestamptz,
    ADD COLUMN pause_reason    text,
    ADD COLUMN breached_at     timestamptz,
    DROP CONSTRAINT clocks_state_check,
    ADD CONSTRAINT clocks_state_check CHECK (state IN ('running', 'paused', 'stopped', 'breached'));
-- What is still to be done, by its end: of everybody, of a place, of an organisation.
CREATE INDEX clocks_open ON clocks (due_at, id) WHERE ended_at IS NULL;
CREATE INDEX clocks_open_region ON clocks (region, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX clocks_open_organisation ON clocks (organisation_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX clocks_provisional ON clocks (id) WHERE provisional AND ended_at IS NULL;
