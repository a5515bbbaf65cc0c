-- The register of mediation organisations and mediators (人民调解法 8, 9, 13).

CREATE TABLE organisations (
    id           uuid PRIMARY KEY,
    region       text NOT NULL,
    kind         text NOT NULL,
    name         text NOT NULL,
    routes       text[] NOT NULL,
    director     text NOT NULL,
    members      jsonb NOT NULL,
    term_ends_on date,
    version      bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    UNIQUE (region, name)
);

CREATE TABLE mediators (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations,
    region          text NOT NULL,
    name            text NOT NULL,
    class           text NOT NULL,
    account_subject text,
    qualifications  text[] NOT NULL,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX mediators_organisation ON mediators (organisation_id, id);
CREATE INDEX mediators_account ON mediators (account_subject) WHERE account_subject IS NOT NULL;
