-- Advice that is asked for and given in writing 在线咨询 (IN-16).
CREATE TABLE inquiries (
    id          uuid PRIMARY KEY,
    version     bigint NOT NULL,
    region      text NOT NULL,
    -- An item of the policy pack's list (IN-17).
    item        text NOT NULL,
    state       text NOT NULL CHECK (state IN ('asked', 'answered')),
    question    text NOT NULL,
    asked_by    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    last_day    date NOT NULL,
    answer      text,
    answered_by text,
    answered_at timestamptz CHECK ((state = 'answered') = (answered_at IS NOT NULL)),
    score       smallint,
    rated_at    timestamptz CHECK ((score IS NULL) = (rated_at IS NULL))
);
CREATE INDEX inquiries_region ON inquiries (region text_pattern_ops, asked_at DESC, id DESC);
CREATE INDEX inquiries_asked_by ON inquiries (asked_by);
