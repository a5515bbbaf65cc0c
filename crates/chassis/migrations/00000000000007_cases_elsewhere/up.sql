-- Cases that another node answers for, in the services that work on cases.
CREATE TABLE cases_elsewhere (
    case_id uuid PRIMARY KEY,
    node    text        NOT NULL,
    since   timestamptz NOT NULL
);
-- The open clocks of a case stand still while it is elsewhere.
CREATE INDEX clocks_open_case ON clocks (case_id) WHERE ended_at IS NULL;
