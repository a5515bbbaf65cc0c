-- Mediations of this node that have not ended: their cases are not handed over.
CREATE TABLE mediations (
    proceeding_id uuid PRIMARY KEY,
    case_id       uuid NOT NULL
);
CREATE INDEX mediations_case ON mediations (case_id);
