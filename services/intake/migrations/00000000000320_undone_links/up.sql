-- Links of matters that a person undid 撤销关联: what they were, who undid them and why.
CREATE TABLE undone_links (
    id              uuid PRIMARY KEY,
    matter_id       uuid NOT NULL REFERENCES matters (id),
    other_matter_id uuid NOT NULL REFERENCES matters (id),
    kind            text NOT NULL CHECK (kind IN ('duplicate', 'related')),
    reason          text NOT NULL,
    linked_by       text NOT NULL,
    linked_at       timestamptz NOT NULL,
    undone_reason   text NOT NULL,
    undone_by       text NOT NULL,
    undone_at       timestamptz NOT NULL
);
CREATE INDEX undone_links_matter_id ON undone_links (matter_id);
CREATE INDEX undone_links_other ON undone_links (other_matter_id);
