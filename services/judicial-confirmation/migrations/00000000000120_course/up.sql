-- The whole course of an application at the court, the court that invited an organisation, where organisations are, what was
-- not performed, and the other ways to give an agreement effect.

ALTER TABLE applications DROP CONSTRAINT applications_state_check;
ALTER TABLE applications ADD CONSTRAINT applications_state_check CHECK (state IN (
    'preparing', 'await_other_party', 'joint_submitted', 'court_received', 'supplement', 'court_accepted', 'court_refused',
    'reviewing', 'confirmed', 'dismissed', 'objection', 'revoked', 'withdrawn', 'court_withdrawn', 'expired'));
-- The place that gives the court the case; what happened at the court; the end of what runs now.
ALTER TABLE applications ADD COLUMN court_place text;
ALTER TABLE applications ADD COLUMN course jsonb NOT NULL DEFAULT '{}';
ALTER TABLE applications ADD COLUMN due_at timestamptz;
CREATE INDEX applications_due_at ON applications (court_id, due_at) WHERE due_at IS NOT NULL;
DROP INDEX applications_live;
CREATE UNIQUE INDEX applications_live ON applications (agreement_id)
    WHERE state NOT IN ('withdrawn', 'court_refused', 'court_withdrawn');

-- The court that invited the organisation to mediate this dispute (民事诉讼法 205 (1)).
ALTER TABLE agreements ADD COLUMN inviting_court_id uuid;
ALTER TABLE agreements ADD COLUMN invitation_number text;
ALTER TABLE agreements ADD COLUMN invited_on date;

CREATE TABLE organisations (
    id     uuid PRIMARY KEY,
    region text NOT NULL
);

CREATE TABLE defaulted_obligations (
    obligation_id uuid PRIMARY KEY,
    agreement_id  uuid NOT NULL,
    defaulted_at  timestamptz NOT NULL
);
CREATE INDEX defaulted_obligations_agreement_id ON defaulted_obligations (agreement_id);

CREATE TABLE effect_applications (
    id              uuid PRIMARY KEY,
    version         bigint NOT NULL,
    region          text NOT NULL,
    state           text NOT NULL CHECK (state IN (
        'await_other_party', 'submitted', 'accepted', 'refused', 'decided', 'withdrawn')),
    kind            text NOT NULL,
    -- Not beside a judicial confirmation, as the policy pack said when it was made.
    exclusive       boolean NOT NULL,
    agreement_id    uuid NOT NULL REFERENCES agreements (id),
    case_id         uuid NOT NULL,
    organisation_id uuid NOT NULL,
    type_code       text NOT NULL,
    party_ids       uuid[] NOT NULL,
    applicant_ids   uuid[] NOT NULL,
    -- Who decides: notary office, court, arbitration body.
    body_id         uuid NOT NULL,
    note            text,
    outcome         text,
    enforceable     boolean NOT NULL,
    number          text,
    decided_on      date,
    due_at          timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
-- One of a kind at a time.
CREATE UNIQUE INDEX effect_applications_live ON effect_applications (agreement_id, kind)
    WHERE state IN ('await_other_party', 'submitted', 'accepted');
CREATE INDEX effect_applications_case_id ON effect_applications (case_id);
CREATE INDEX effect_applications_organisation_id ON effect_applications (organisation_id, id);
CREATE INDEX effect_applications_body_id ON effect_applications (body_id, id);

-- Earlier releases cannot read the new states.
UPDATE schema_release SET oldest_reader = 120;
