-- Messages to organisations: what they were given to do and what became of it. They never leave the node; who works there reads them
-- through the API. They name nobody.
CREATE TABLE organisation_messages (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    -- Of the case or the appointment.
    region          text NOT NULL,
    case_id         uuid,
    appointment_id  uuid,
    event_id        uuid NOT NULL,
    template        text NOT NULL,
    text_zh         text NOT NULL,
    text_en         text NOT NULL,
    created_at      timestamptz NOT NULL,
    read_by         text,
    read_at         timestamptz,
    UNIQUE (event_id, template, organisation_id),
    CHECK ((read_by IS NULL) = (read_at IS NULL))
);
CREATE INDEX organisation_messages_newest ON organisation_messages (organisation_id, created_at DESC, id DESC);
CREATE INDEX organisation_messages_created_at ON organisation_messages (created_at DESC, id DESC);
