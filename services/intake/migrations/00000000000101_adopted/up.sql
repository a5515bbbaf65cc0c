-- A matter another node registered and handed over with its case keeps its number, which is unique where it was given.
ALTER TABLE matters ADD COLUMN adopted_from text;
DROP INDEX matters_acceptance_number;
CREATE UNIQUE INDEX matters_acceptance_number ON matters (organisation_id, acceptance_number) NULLS NOT DISTINCT
    WHERE acceptance_number IS NOT NULL AND adopted_from IS NULL;
