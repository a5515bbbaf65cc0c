-- Applications to confirm an agreement.

CREATE TABLE applications (
    id              uuid PRIMARY KEY,
    version         bigint NOT NULL,
    region          text NOT NULL,
    state           text NOT NULL CHECK (state IN (
        'await_other_party', 'joint_submitted', 'court_received', 'court_accepted', 'court_refused',
        'confirmed', 'dismissed', 'withdrawn', 'expired')),
    agreement_id    uuid NOT NULL REFERENCES agreements (id),
    case_id         uuid NOT NULL,
    organisation_id uuid NOT NULL,
    type_code       text NOT NULL,
    -- The agreement's parties, all of whom must apply, and its window: an act needs no second row.
    party_ids       uuid[] NOT NULL,
    last_day        date NOT NULL,
    closes_at       timestamptz NOT NULL,
    court_id        uuid NOT NULL,
    court_basis     text NOT NULL,
    materials       text[] NOT NULL,
    -- Who applied and when: [{"party_id", "applied_at"}].
    applicants      jsonb NOT NULL,
    -- The court's reason for refusing or dismissing, a code of the policy pack.
    reason          text,
    ruling_number   text,
    ruled_on        date,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
-- One application at a time; after a withdrawal or a refusal a new one may be made.
CREATE UNIQUE INDEX applications_live ON applications (agreement_id)
    WHERE state NOT IN ('withdrawn', 'court_refused');
CREATE INDEX applications_case_id ON applications (case_id);
CREATE INDEX applications_organisation_id ON applications (organisation_id, id);
CREATE INDEX applications_court_id ON applications (court_id, id);
