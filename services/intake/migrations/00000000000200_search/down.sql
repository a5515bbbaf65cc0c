DROP INDEX parties_identifier_number;
DROP INDEX parties_name;
DROP INDEX matters_by_number;
ALTER TABLE matters DROP COLUMN search_terms;
DROP FUNCTION search_terms(text);
