-- A case as triage knows it, from the acceptance on.
CREATE TABLE cases (
    case_id           uuid PRIMARY KEY,
    matter_id         uuid NOT NULL,
    region            text NOT NULL,
    acceptance_number text NOT NULL,
    class             text NOT NULL CHECK (class IN ('dispute', 'petition', 'complaint')),
    persons_involved  bigint NOT NULL,
    amount_fen        bigint,
    accepted_at       timestamptz NOT NULL,
    decide_due_at     timestamptz NOT NULL,
    -- Who was given the case by the order in force.
    organisation_id   uuid,
    state             text NOT NULL CHECK (state IN ('accepted', 'triaged', 'dispatched', 'signed')),
    version           bigint NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL
);
CREATE INDEX cases_worklist ON cases (state, decide_due_at, case_id);
CREATE INDEX cases_due ON cases (decide_due_at, case_id);
CREATE INDEX cases_organisation ON cases (organisation_id, decide_due_at, case_id) WHERE organisation_id IS NOT NULL;

-- What the rules advised. Never changed: proposal and decision are both kept.
CREATE TABLE proposals (
    case_id        uuid PRIMARY KEY REFERENCES cases,
    proposal_id    uuid NOT NULL UNIQUE,
    type_code      text NOT NULL,
    route          text NOT NULL,
    track          text NOT NULL CHECK (track IN ('simple', 'general', 'complex')),
    colour         text NOT NULL CHECK (colour IN ('blue', 'yellow', 'orange', 'red')),
    obstacles      text[] NOT NULL,
    -- Rule ids, matched words of the policy pack and texts; nothing else of what the person said.
    reasons        jsonb NOT NULL,
    scores         jsonb NOT NULL,
    policy_version text NOT NULL,
    proposed_at    timestamptz NOT NULL
);

-- What a person decided.
CREATE TABLE decisions (
    case_id        uuid PRIMARY KEY REFERENCES cases,
    type_code      text NOT NULL,
    route          text NOT NULL,
    track          text NOT NULL CHECK (track IN ('simple', 'general', 'complex')),
    colour         text NOT NULL CHECK (colour IN ('blue', 'yellow', 'orange', 'red')),
    as_proposed    boolean NOT NULL,
    reason         text,
    policy_version text NOT NULL,
    decided_by     text NOT NULL,
    decided_at     timestamptz NOT NULL
);

CREATE TABLE orders (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases,
    region          text NOT NULL,
    organisation_id uuid NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('assign', 'transfer', 'forward', 'delegate', 'designate')),
    route           text NOT NULL,
    type_code       text NOT NULL,
    track           text NOT NULL CHECK (track IN ('simple', 'general', 'complex')),
    due_on          date NOT NULL,
    due_at          timestamptz NOT NULL,
    due_provisional boolean NOT NULL,
    sign_due_at     timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('issued', 'signed')),
    issued_by       text NOT NULL,
    issued_at       timestamptz NOT NULL,
    signed_by       text,
    signed_at       timestamptz,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK ((state = 'signed') = (signed_at IS NOT NULL AND signed_by IS NOT NULL))
);
-- One order is in force for a case at a time.
CREATE UNIQUE INDEX orders_in_force ON orders (case_id);
CREATE INDEX orders_worklist ON orders (state, due_at, id);
CREATE INDEX orders_due ON orders (due_at, id);
CREATE INDEX orders_organisation ON orders (organisation_id, due_at, id);

-- The register of organisations, as mediation publishes it.
CREATE TABLE organisations (
    id         uuid PRIMARY KEY,
    region     text NOT NULL,
    kind       text NOT NULL,
    name       text NOT NULL,
    routes     text[] NOT NULL,
    updated_at timestamptz NOT NULL
);
