-- Full text of what people said. PostgreSQL has no dictionary for Chinese, and a dictionary splits a question and a text in
-- different ways and knows no names of villages or firms; so the terms are the pairs of neighbouring characters, and the words
-- and numbers in Latin letters. The column follows the narrative by itself, also where it is corrected or came from another node.
CREATE FUNCTION search_terms(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH plain AS (SELECT lower(normalize(body, NFKC)) AS body),
    runs AS (SELECT (regexp_matches(body, '[\u3400-\u4dbf\u4e00-\u9fff]{2,}', 'g'))[1] AS run FROM plain)
    SELECT coalesce(array_agg(DISTINCT term), '{}') FROM (
        SELECT substr(run, at, 2) AS term FROM runs, LATERAL generate_series(1, length(run) - 1) AS at
        UNION ALL
        SELECT (regexp_matches(body, '[a-z0-9]+', 'g'))[1] FROM plain
    ) AS terms
$$;
ALTER TABLE matters ADD COLUMN search_terms text[] NOT NULL GENERATED ALWAYS AS (search_terms(narrative)) STORED;
CREATE INDEX matters_search_terms ON matters USING gin (search_terms);
CREATE INDEX matters_by_number ON matters (acceptance_number) WHERE acceptance_number IS NOT NULL;
CREATE INDEX parties_name ON parties (name);
CREATE INDEX parties_identifier_number ON parties (identifier_number) WHERE identifier_number IS NOT NULL;
