-- Questions to the nodes below about what they have, and their answers (reconcile).
CREATE TABLE audits (
    id          uuid PRIMARY KEY,
    child       text COLLATE "C" NOT NULL,
    asked_at    timestamptz NOT NULL,
    answered_at timestamptz,
    answer      jsonb
);
