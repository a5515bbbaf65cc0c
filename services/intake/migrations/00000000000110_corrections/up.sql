-- Correction 补正: the one list of what is missing that a person is given (一次性告知), and what became of it.
-- An older release does not know these states.
UPDATE schema_release SET oldest_reader = 110;

ALTER TABLE matters DROP CONSTRAINT matters_state_check;
ALTER TABLE matters ADD CONSTRAINT matters_state_check
    CHECK (state IN ('registered', 'correcting', 'answered', 'not_accepted', 'accepted', 'lapsed'));
-- It said that only a registered matter has no decision.
ALTER TABLE matters DROP CONSTRAINT matters_check1;
ALTER TABLE matters ADD CONSTRAINT matters_decided_check
    CHECK ((state IN ('registered', 'correcting')) = (decided_at IS NULL));

ALTER TABLE cases DROP CONSTRAINT cases_status_check;
ALTER TABLE cases ADD CONSTRAINT cases_status_check CHECK (status IN (
    'registered', 'correcting', 'answered', 'not_accepted', 'lapsed', 'accepted', 'triaged', 'dispatched', 'signed',
    'consent_pending', 'mediating', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled', 'confirming', 'performing',
    'performed', 'defaulted', 'follow_up', 'merged', 'closed', 'archived'));

-- One a matter: a second list is not allowed.
CREATE TABLE corrections (
    matter_id     uuid PRIMARY KEY REFERENCES matters (id),
    -- Codes of the policy pack's list of materials.
    materials     text[] NOT NULL,
    note          text,
    asked_by      text NOT NULL,
    asked_at      timestamptz NOT NULL,
    -- An answer before this instant is in time.
    due_at        timestamptz NOT NULL,
    last_day      date NOT NULL,
    supplied_note text,
    supplied_by   text,
    supplied_at   timestamptz,
    CHECK ((supplied_at IS NULL) = (supplied_by IS NULL)),
    CHECK (cardinality(materials) > 0 OR note IS NOT NULL)
);
