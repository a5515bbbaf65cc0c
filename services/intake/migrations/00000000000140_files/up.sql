-- The file of a case 卷宗: the index of its documents, and its number once it is archived.
CREATE TABLE file_documents (
    case_id  uuid NOT NULL REFERENCES cases (id),
    position integer NOT NULL CHECK (position > 0),
    -- A code of the policy pack's list of documents.
    kind     text NOT NULL,
    title    text NOT NULL,
    pages    integer NOT NULL CHECK (pages > 0),
    added_by text NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, position)
);

CREATE TABLE case_files (
    case_id         uuid PRIMARY KEY REFERENCES cases (id),
    number          text NOT NULL,
    organisation_id uuid,
    -- A code of the policy pack's retention classes.
    retention       text NOT NULL,
    -- The last day it must be kept; none = for ever.
    keep_until      date,
    archived_by     text NOT NULL,
    archived_at     timestamptz NOT NULL
);
CREATE UNIQUE INDEX case_files_number ON case_files (organisation_id, number) NULLS NOT DISTINCT;
