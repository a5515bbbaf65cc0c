-- Which version of an agreement is in effect, and of which one an application asks for confirmation: what was not confirmed may be
-- applied for again when the parties have changed it (民事诉讼法 206).
ALTER TABLE agreements ADD COLUMN amendment integer NOT NULL DEFAULT 0;
ALTER TABLE applications ADD COLUMN amendment integer NOT NULL DEFAULT 0;
DROP INDEX applications_live;
CREATE UNIQUE INDEX applications_live ON applications (agreement_id)
    WHERE state NOT IN ('withdrawn', 'court_refused', 'court_withdrawn', 'dismissed', 'revoked', 'expired');
CREATE UNIQUE INDEX applications_of_version ON applications (agreement_id, amendment)
    WHERE state NOT IN ('withdrawn', 'court_refused', 'court_withdrawn');
