-- The policy layers that a superior has handed down, in force in this service.
CREATE TABLE upper_policy (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    issued_by  text COLLATE "C" NOT NULL,
    version    text NOT NULL,
    files      jsonb NOT NULL,
    adopted_at timestamptz NOT NULL
);
