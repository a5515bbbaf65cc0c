DROP INDEX proceedings_open_mediators;
DROP TABLE mediator_conflicts;
ALTER TABLE mediators
    DROP COLUMN standing,
    DROP COLUMN standing_reason,
    DROP COLUMN level,
    DROP COLUMN background,
    DROP COLUMN specialties,
    DROP COLUMN trainings;
ALTER TABLE organisations DROP COLUMN charges_fee, DROP COLUMN tariff;
