-- What people bring, who takes part, how their case stands in public, and under which number it was accepted.

CREATE TABLE cases (
    id           uuid PRIMARY KEY,
    region       text NOT NULL,
    status       text NOT NULL CHECK (status IN (
        'registered', 'answered', 'not_accepted', 'accepted', 'triaged', 'dispatched', 'signed', 'consent_pending',
        'mediating', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled', 'confirming', 'performing', 'performed',
        'defaulted', 'follow_up', 'closed')),
    -- Place of the status in the case's life; only a higher one takes its place, so that a late event changes nothing.
    status_order bigint NOT NULL,
    status_at    timestamptz NOT NULL
);

CREATE TABLE matters (
    id                uuid PRIMARY KEY,
    case_id           uuid NOT NULL REFERENCES cases (id),
    version           bigint NOT NULL,
    region            text NOT NULL,
    state             text NOT NULL CHECK (state IN ('registered', 'answered', 'not_accepted', 'accepted')),
    class             text NOT NULL CHECK (class IN ('dispute', 'petition', 'complaint')),
    source            text NOT NULL,
    channel           text NOT NULL,
    type_hint         text,
    narrative         text NOT NULL,
    amount_fen        bigint CHECK (amount_fen >= 0),
    persons_involved  integer NOT NULL CHECK (persons_involved > 0),
    notice_version    text NOT NULL,
    policy_version    text NOT NULL,
    organisation_id   uuid,
    registered_by     text NOT NULL,
    first_asked       text,
    acceptance_number text CHECK ((state = 'accepted') = (acceptance_number IS NOT NULL)),
    outcome_code      text,
    outcome_note      text,
    remedy_zh         text,
    remedy_en         text,
    decided_by        text,
    decided_at        timestamptz CHECK ((state = 'registered') = (decided_at IS NULL)),
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX matters_acceptance_number ON matters (organisation_id, acceptance_number) NULLS NOT DISTINCT
    WHERE acceptance_number IS NOT NULL;
CREATE INDEX matters_case_id ON matters (case_id);
CREATE INDEX matters_created_at ON matters (created_at DESC, id DESC);
CREATE INDEX matters_region ON matters (region text_pattern_ops, created_at DESC, id DESC);
CREATE INDEX matters_registered_by ON matters (registered_by);

CREATE TABLE parties (
    id                uuid PRIMARY KEY,
    case_id           uuid NOT NULL REFERENCES cases (id),
    matter_id         uuid NOT NULL REFERENCES matters (id),
    position          integer NOT NULL,
    side              text NOT NULL CHECK (side IN ('applicant', 'respondent', 'third_party')),
    kind              text NOT NULL CHECK (kind IN ('natural_person', 'legal_person')),
    name              text NOT NULL,
    identifier_kind   text,
    identifier_number text CHECK ((identifier_kind IS NULL) = (identifier_number IS NULL)),
    identifier_masked text CHECK ((identifier_kind IS NULL) = (identifier_masked IS NULL)),
    phone             text,
    address           text,
    account_subject   text,
    created_at        timestamptz NOT NULL,
    UNIQUE (matter_id, position)
);
-- An account speaks for one party of a case.
CREATE UNIQUE INDEX parties_account ON parties (account_subject, case_id) WHERE account_subject IS NOT NULL;
CREATE INDEX parties_case_id ON parties (case_id);

CREATE TABLE timeline (
    event_id    uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    fact        text NOT NULL,
    happened_at timestamptz NOT NULL
);
CREATE INDEX timeline_case_id ON timeline (case_id, happened_at, event_id);

-- The last number given in each series and year.
CREATE TABLE acceptance_numbers (
    series text NOT NULL,
    year   integer NOT NULL,
    last   bigint NOT NULL CHECK (last > 0),
    PRIMARY KEY (series, year)
);
