-- The colour a case has now, and how it came to it. An older release would not keep it.
UPDATE schema_release SET oldest_reader = 170;
ALTER TABLE cases ADD COLUMN colour text;
UPDATE cases SET colour = coalesce(
    (SELECT d.colour FROM decisions AS d WHERE d.case_id = cases.case_id),
    (SELECT p.colour FROM proposals AS p WHERE p.case_id = cases.case_id));
ALTER TABLE cases
    ALTER COLUMN colour SET NOT NULL,
    ADD CONSTRAINT cases_colour_check CHECK (colour IN ('blue', 'yellow', 'orange', 'red'));

CREATE TABLE colour_changes (
    id         uuid PRIMARY KEY,
    case_id    uuid NOT NULL REFERENCES cases,
    was        text NOT NULL,
    colour     text NOT NULL,
    -- The rule that raised it; none when a person changed it.
    rule       text,
    reason     text,
    changed_by text,
    changed_at timestamptz NOT NULL,
    CHECK ((rule IS NULL) = (changed_by IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX colour_changes_case ON colour_changes (case_id, changed_at);
