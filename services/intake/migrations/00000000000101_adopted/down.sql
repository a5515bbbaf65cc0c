DROP INDEX matters_acceptance_number;
CREATE UNIQUE INDEX matters_acceptance_number ON matters (organisation_id, acceptance_number) NULLS NOT DISTINCT
    WHERE acceptance_number IS NOT NULL;
ALTER TABLE matters DROP COLUMN adopted_from;
