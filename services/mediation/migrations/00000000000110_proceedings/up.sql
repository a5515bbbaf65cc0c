-- What other services told: cases with their parties, orders that were signed for.

CREATE TABLE cases (
    id      uuid PRIMARY KEY,
    region  text NOT NULL,
    parties jsonb NOT NULL CHECK (jsonb_array_length(parties) > 0)
);

CREATE TABLE orders (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL,
    region          text NOT NULL,
    organisation_id uuid NOT NULL,
    route           text NOT NULL,
    type_code       text NOT NULL,
    signed_at       timestamptz NOT NULL
);

-- A proceeding is read and written whole: its parties with their answers are a part of its row.

CREATE TABLE proceedings (
    id              uuid PRIMARY KEY,
    order_id        uuid NOT NULL UNIQUE REFERENCES orders,
    case_id         uuid NOT NULL,
    region          text NOT NULL,
    organisation_id uuid NOT NULL,
    route           text NOT NULL,
    type_code       text NOT NULL,
    state           text NOT NULL CHECK (state IN
        ('consent_pending', 'mediating', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled')),
    parties         jsonb NOT NULL CHECK (jsonb_array_length(parties) > 0),
    mediator_ids    uuid[] NOT NULL,
    disclosures     jsonb NOT NULL,
    sessions        integer NOT NULL,
    agreement_id    uuid,
    started_at      timestamptz,
    due_at          timestamptz,
    ending          jsonb,
    ended_at        timestamptz,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    -- Nobody is mediated against their will (人民调解法 17), whatever the program above this table does.
    CONSTRAINT all_parties_consented CHECK (
        state NOT IN ('mediating', 'agreed')
        OR NOT jsonb_path_exists(parties, '$[*] ? (!(@.answer.consents == true))')),
    CONSTRAINT mediators_named CHECK (state NOT IN ('mediating', 'agreed') OR cardinality(mediator_ids) > 0)
);
CREATE INDEX proceedings_case ON proceedings (case_id);
CREATE INDEX proceedings_organisation ON proceedings (organisation_id, id);

CREATE TABLE sessions (
    id              uuid PRIMARY KEY,
    proceeding_id   uuid NOT NULL REFERENCES proceedings,
    place           text NOT NULL,
    held_at         timestamptz NOT NULL,
    attendance      uuid[] NOT NULL,
    record          text NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX sessions_proceeding ON sessions (proceeding_id, held_at);
