-- Materials people hand in. The content lies outside the database under the row's id; the row stays when the content is removed.
CREATE TABLE attachments (
    id             uuid PRIMARY KEY,
    matter_id      uuid NOT NULL REFERENCES matters (id),
    case_id        uuid NOT NULL REFERENCES cases (id),
    name           text NOT NULL,
    media_type     text NOT NULL,
    bytes          bigint NOT NULL CHECK (bytes > 0),
    sha256         text NOT NULL,
    added_by       text NOT NULL,
    added_at       timestamptz NOT NULL,
    removed_by     text,
    removed_at     timestamptz CHECK ((removed_at IS NULL) = (removed_by IS NULL)),
    removed_reason text CHECK ((removed_at IS NULL) = (removed_reason IS NULL))
);
CREATE INDEX attachments_matter_id ON attachments (matter_id);
