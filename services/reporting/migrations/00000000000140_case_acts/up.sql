-- Cases are merged into others, where they count, and opened again after they were closed.
ALTER TABLE ledger
    ADD COLUMN merged_at   timestamptz,
    ADD COLUMN reopened_at timestamptz;
