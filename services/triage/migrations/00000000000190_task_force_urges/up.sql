-- Urgings of task forces that are for a project: those of a case stand with the case.
CREATE TABLE task_force_urges (
    id            uuid PRIMARY KEY,
    task_force_id uuid NOT NULL REFERENCES task_forces,
    clock         text NOT NULL,
    urged_at      timestamptz NOT NULL
);
CREATE INDEX task_force_urges_force ON task_force_urges (task_force_id, urged_at);
