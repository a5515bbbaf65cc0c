-- What happens in a proceeding besides its states: choice of the mediators, suspensions, extensions, reports.

ALTER TABLE proceedings
    ADD COLUMN course jsonb NOT NULL DEFAULT '{}',
    DROP CONSTRAINT proceedings_state_check,
    ADD CONSTRAINT proceedings_state_check CHECK (state IN
        ('consent_pending', 'mediating', 'paused', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled',
         'agreement_dismissed', 'other_route')),
    DROP CONSTRAINT all_parties_consented,
    ADD CONSTRAINT all_parties_consented CHECK (
        state NOT IN ('mediating', 'paused', 'agreed', 'agreement_dismissed')
        OR NOT jsonb_path_exists(parties, '$[*] ? (!(@.answer.consents == true))')),
    DROP CONSTRAINT mediators_named,
    ADD CONSTRAINT mediators_named CHECK (
        state NOT IN ('mediating', 'paused', 'agreed', 'agreement_dismissed') OR cardinality(mediator_ids) > 0);

ALTER TABLE sessions
    ADD COLUMN online_link text,
    ADD COLUMN participant_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN signatures jsonb NOT NULL DEFAULT '[]';

-- Offers made for a settlement are kept apart: no other table or view refers to them (人民法院在线调解规则 18).
CREATE TABLE concessions (
    id            uuid PRIMARY KEY,
    proceeding_id uuid NOT NULL REFERENCES proceedings,
    party_id      uuid NOT NULL,
    content       text NOT NULL,
    created_at    timestamptz NOT NULL
);
CREATE INDEX concessions_proceeding ON concessions (proceeding_id, id);

CREATE TABLE undisputed_facts (
    proceeding_id uuid PRIMARY KEY REFERENCES proceedings,
    content       text NOT NULL,
    signatures    jsonb NOT NULL,
    agreed_at     timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
