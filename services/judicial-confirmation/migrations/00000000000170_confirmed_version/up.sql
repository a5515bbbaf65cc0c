-- A confirmed agreement that the parties have changed since may be applied for again, also while somebody objects to the ruling on what
-- it said before; the same version may not (applications_of_version).
DROP INDEX applications_live;
CREATE UNIQUE INDEX applications_live ON applications (agreement_id)
    WHERE state NOT IN ('withdrawn', 'court_refused', 'court_withdrawn', 'dismissed', 'revoked', 'expired', 'confirmed', 'objection');
