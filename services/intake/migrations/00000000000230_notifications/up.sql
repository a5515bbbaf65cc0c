-- Messages to the people of a case. A line of the timeline that nobody was told of yet is told by a job; what was there before this
-- release counts as told.
ALTER TABLE timeline ADD COLUMN told boolean NOT NULL DEFAULT true;
ALTER TABLE timeline ALTER COLUMN told SET DEFAULT false;
CREATE INDEX timeline_untold ON timeline (happened_at) WHERE NOT told;

CREATE TABLE notifications (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases (id),
    party_id        uuid NOT NULL REFERENCES parties (id),
    event_id        uuid NOT NULL,
    template        text NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('in_app', 'sms', 'mini_programme', 'email')),
    text_zh         text NOT NULL,
    text_en         text NOT NULL,
    -- delivered_local: kept here, to be read through the API; no gateway was asked.
    state           text NOT NULL CHECK (state IN ('pending', 'sent', 'delivered_local', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
    last_failure    text,
    created_at      timestamptz NOT NULL,
    delivered_at    timestamptz,
    UNIQUE (event_id, template, party_id, channel)
);
CREATE INDEX notifications_case_id ON notifications (case_id);
CREATE INDEX notifications_party_id ON notifications (party_id);
CREATE INDEX notifications_created_at ON notifications (created_at DESC, id DESC);
CREATE INDEX notifications_due ON notifications (next_attempt_at) WHERE state = 'pending';
