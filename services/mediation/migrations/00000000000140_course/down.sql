DROP TABLE undisputed_facts;
DROP TABLE concessions;
ALTER TABLE sessions DROP COLUMN online_link, DROP COLUMN participant_ids, DROP COLUMN signatures;
ALTER TABLE proceedings
    DROP CONSTRAINT mediators_named,
    ADD CONSTRAINT mediators_named CHECK (state NOT IN ('mediating', 'agreed') OR cardinality(mediator_ids) > 0),
    DROP CONSTRAINT all_parties_consented,
    ADD CONSTRAINT all_parties_consented CHECK (
        state NOT IN ('mediating', 'agreed')
        OR NOT jsonb_path_exists(parties, '$[*] ? (!(@.answer.consents == true))')),
    DROP CONSTRAINT proceedings_state_check,
    ADD CONSTRAINT proceedings_state_check CHECK (state IN
        ('consent_pending', 'mediating', 'agreed', 'failed', 'refused', 'withdrawn', 'self_settled')),
    DROP COLUMN course;
