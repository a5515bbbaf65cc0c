DROP INDEX applications_live;
CREATE UNIQUE INDEX applications_live ON applications (agreement_id)
    WHERE state NOT IN ('withdrawn', 'court_refused', 'court_withdrawn', 'dismissed', 'revoked', 'expired');
