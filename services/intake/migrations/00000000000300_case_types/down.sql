DROP INDEX case_files_by_number;
DROP INDEX matters_organisation_id;
DROP INDEX matters_type_hint;
DROP INDEX cases_organisation_id;
DROP INDEX cases_status;
ALTER TABLE cases DROP COLUMN type_code;
