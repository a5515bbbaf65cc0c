-- Hidden risks 苗头隐患 found by screening 排查 (IN-14, IN-15): each becomes a matter or is written off 销号. The case it would open
-- has its id from the start, so that what happened before is in its timeline.
CREATE TABLE screenings (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL UNIQUE,
    version         bigint NOT NULL,
    region          text NOT NULL,
    place           text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('routine', 'targeted')),
    category        text NOT NULL,
    severity        text NOT NULL,
    description     text NOT NULL,
    state           text NOT NULL CHECK (state IN ('open', 'registered', 'written_off')),
    organisation_id uuid,
    recorded_by     text NOT NULL,
    matter_id       uuid REFERENCES matters (id) CHECK ((state = 'registered') = (matter_id IS NOT NULL)),
    reason          text CHECK ((state = 'written_off') = (reason IS NOT NULL)),
    evidence        text CHECK ((state = 'written_off') = (evidence IS NOT NULL)),
    decided_by      text,
    decided_at      timestamptz CHECK ((state = 'open') = (decided_at IS NULL)),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX screenings_created_at ON screenings (created_at DESC, id DESC);
CREATE INDEX screenings_open ON screenings (region text_pattern_ops, created_at) WHERE state = 'open';
