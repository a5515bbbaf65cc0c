-- The organisations, as mediation's register publishes them: numbers carry their names, and people ask for appointments.
CREATE TABLE organisations (
    id     uuid PRIMARY KEY,
    region text NOT NULL,
    name   text NOT NULL
);
-- Who speaks for many people (信访工作条例 20).
ALTER TABLE parties ADD COLUMN representative boolean NOT NULL DEFAULT false;
