DROP INDEX applications_live, applications_of_version;
ALTER TABLE applications DROP COLUMN amendment;
ALTER TABLE agreements DROP COLUMN amendment;
CREATE UNIQUE INDEX applications_live ON applications (agreement_id)
    WHERE state NOT IN ('withdrawn', 'court_refused', 'court_withdrawn');
