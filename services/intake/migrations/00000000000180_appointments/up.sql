-- Appointments with organisations 预约调解 (IN-10, IN-13).
CREATE TABLE appointments (
    id              uuid PRIMARY KEY,
    version         bigint NOT NULL,
    -- Region of the organisation.
    region          text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    matter_id       uuid REFERENCES matters (id),
    topic           text NOT NULL,
    state           text NOT NULL CHECK (state IN ('asked', 'confirmed', 'cancelled', 'kept', 'no_show')),
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL CHECK (ends_at > starts_at),
    asked_by        text NOT NULL,
    asked_at        timestamptz NOT NULL,
    -- Why it was cancelled.
    note            text,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX appointments_organisation ON appointments (organisation_id, starts_at, id);
CREATE INDEX appointments_region ON appointments (region text_pattern_ops, starts_at, id);
CREATE INDEX appointments_asked_by ON appointments (asked_by);
