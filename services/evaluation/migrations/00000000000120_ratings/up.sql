-- Ratings, one a party.

CREATE TABLE ratings (
    id       uuid PRIMARY KEY,
    case_id  uuid NOT NULL REFERENCES cases (id),
    party_id uuid NOT NULL,
    score    smallint NOT NULL,
    comment  text,
    -- Whether the party gave it itself; otherwise an evaluator recorded it.
    own      boolean NOT NULL,
    given_at timestamptz NOT NULL,
    UNIQUE (case_id, party_id)
);
