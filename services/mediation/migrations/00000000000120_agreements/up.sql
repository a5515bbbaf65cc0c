-- Agreements with their clauses and signatures in one row; an obligation gets its own row when the agreement takes effect.

CREATE TABLE agreements (
    id              uuid PRIMARY KEY,
    proceeding_id   uuid NOT NULL UNIQUE REFERENCES proceedings,
    case_id         uuid NOT NULL,
    region          text NOT NULL,
    organisation_id uuid NOT NULL,
    type_code       text NOT NULL,
    state           text NOT NULL CHECK (state IN ('drafted', 'lapsed', 'performing', 'performed', 'defaulted')),
    form            text NOT NULL CHECK (form IN ('written', 'oral')),
    facts           text NOT NULL,
    content         text NOT NULL,
    content_codes   text[] NOT NULL,
    amount_fen      bigint NOT NULL CHECK (amount_fen >= 0),
    clauses         jsonb NOT NULL CHECK (jsonb_array_length(clauses) > 0),
    immediate       boolean NOT NULL,
    party_ids       uuid[] NOT NULL,
    signatures      jsonb NOT NULL,
    remaining       integer NOT NULL CHECK (remaining >= 0),
    effective_at    timestamptz,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK ((effective_at IS NULL) = (state IN ('drafted', 'lapsed'))),
    CHECK (state <> 'performed' OR remaining = 0)
);
CREATE INDEX agreements_case ON agreements (case_id);

CREATE TABLE obligations (
    id              uuid PRIMARY KEY,
    agreement_id    uuid NOT NULL REFERENCES agreements,
    case_id         uuid NOT NULL,
    region          text NOT NULL,
    organisation_id uuid NOT NULL,
    debtor          uuid NOT NULL,
    act             text,
    way             text NOT NULL,
    due_on          date NOT NULL,
    amount_fen      bigint CHECK (amount_fen > 0),
    state           text NOT NULL CHECK (state IN ('open', 'fulfilled', 'defaulted')),
    fulfilled_on    date,
    proof           text,
    default_reason  text,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK ((state = 'fulfilled') = (fulfilled_on IS NOT NULL AND proof IS NOT NULL))
);
CREATE INDEX obligations_agreement ON obligations (agreement_id, due_on, id);
CREATE INDEX obligations_case ON obligations (case_id);
CREATE INDEX obligations_due ON obligations (due_on, id);
