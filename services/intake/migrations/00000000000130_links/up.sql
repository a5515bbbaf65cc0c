-- The same matter brought again is linked, never deleted (信访工作条例 19).
CREATE TABLE matter_links (
    matter_id       uuid NOT NULL REFERENCES matters (id),
    other_matter_id uuid NOT NULL REFERENCES matters (id),
    kind            text NOT NULL CHECK (kind IN ('duplicate', 'related')),
    reason          text NOT NULL,
    linked_by       text NOT NULL,
    linked_at       timestamptz NOT NULL,
    PRIMARY KEY (matter_id, other_matter_id),
    CHECK (matter_id <> other_matter_id)
);
-- A pair is linked once, whichever matter is named first.
CREATE UNIQUE INDEX matter_links_pair ON matter_links (least(matter_id, other_matter_id), greatest(matter_id, other_matter_id));
CREATE INDEX matter_links_other ON matter_links (other_matter_id);
-- Who has brought something before.
CREATE INDEX parties_identifier ON parties (identifier_number) WHERE identifier_number IS NOT NULL;
