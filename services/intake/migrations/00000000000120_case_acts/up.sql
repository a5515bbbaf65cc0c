-- A closed case is opened again 重启 or comes back 复发; cases are merged 并案 and split 拆案.

ALTER TABLE cases
    -- When it was closed last; the window for opening it again is counted from here and from nothing else.
    ADD COLUMN closed_at       timestamptz,
    -- Facts older than this no longer move the status.
    ADD COLUMN reopened_at     timestamptz,
    -- The leading case it was merged into.
    ADD COLUMN merged_into     uuid REFERENCES cases (id),
    -- The closed case whose dispute came back in this one.
    ADD COLUMN recurrence_of   uuid REFERENCES cases (id),
    -- The organisation that the order in force names.
    ADD COLUMN organisation_id uuid,
    -- The node that answers for it, when it was handed over.
    ADD COLUMN node            text;
UPDATE cases SET closed_at = status_at WHERE status = 'closed';
CREATE INDEX cases_merged_into ON cases (merged_into) WHERE merged_into IS NOT NULL;

-- The case it was registered with, once it was moved to another one: the original stays readable.
ALTER TABLE matters ADD COLUMN original_case_id uuid REFERENCES cases (id);
CREATE INDEX matters_original_case_id ON matters (original_case_id) WHERE original_case_id IS NOT NULL;
ALTER TABLE parties ADD COLUMN original_case_id uuid REFERENCES cases (id);

-- Who brought two matters that were merged takes part in one case with two entries.
DROP INDEX parties_account;
CREATE UNIQUE INDEX parties_account ON parties (account_subject, case_id, matter_id) WHERE account_subject IS NOT NULL;

-- What people decided about a whole case.
CREATE TABLE case_acts (
    id            uuid PRIMARY KEY,
    case_id       uuid NOT NULL REFERENCES cases (id),
    act           text NOT NULL CHECK (act IN ('reopen', 'recurrence', 'merge', 'split')),
    other_case_id uuid REFERENCES cases (id),
    -- A code of the policy pack.
    reason_code   text,
    reason        text,
    done_by       text NOT NULL,
    done_at       timestamptz NOT NULL
);
CREATE INDEX case_acts_case_id ON case_acts (case_id, done_at);
