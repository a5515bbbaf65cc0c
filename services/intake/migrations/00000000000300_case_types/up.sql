-- The dispute type triage decided, which takes the place of the one named at registration.
ALTER TABLE cases ADD COLUMN type_code text;
CREATE INDEX cases_type_code ON cases (type_code text_pattern_ops) WHERE type_code IS NOT NULL;
CREATE INDEX cases_status ON cases (status);
CREATE INDEX cases_organisation_id ON cases (organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX matters_type_hint ON matters (type_hint text_pattern_ops) WHERE type_hint IS NOT NULL;
CREATE INDEX matters_organisation_id ON matters (organisation_id, created_at DESC) WHERE organisation_id IS NOT NULL;
CREATE INDEX case_files_by_number ON case_files (number);
