-- Studies of a case level by level, and task forces for a case or a project.
CREATE TABLE studies (
    id                 uuid PRIMARY KEY,
    case_id            uuid NOT NULL REFERENCES cases,
    level              text NOT NULL,
    opinion            text NOT NULL,
    advises_task_force boolean NOT NULL,
    studied_by         text NOT NULL,
    studied_at         timestamptz NOT NULL
);
CREATE INDEX studies_case ON studies (case_id, studied_at);

CREATE TABLE task_forces (
    id              uuid PRIMARY KEY,
    case_id         uuid REFERENCES cases,
    project         text,
    region          text NOT NULL,
    state           text NOT NULL CHECK (state IN ('formed', 'planned', 'dissolved')),
    basis           text NOT NULL,
    lead            text NOT NULL,
    organisations   uuid[] NOT NULL,
    assignment      text NOT NULL,
    formed_by       text NOT NULL,
    formed_at       timestamptz NOT NULL,
    -- When its plan, and after that its next report is due.
    due_at          timestamptz NOT NULL,
    plan            text,
    planned_at      timestamptz,
    result          text,
    settled         boolean,
    dissolved_at    timestamptz,
    version         bigint NOT NULL,
    CHECK ((case_id IS NULL) <> (project IS NULL)),
    CHECK ((state = 'dissolved') = (dissolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX task_forces_case ON task_forces (case_id) WHERE state <> 'dissolved';
CREATE INDEX task_forces_worklist ON task_forces (due_at, id);
CREATE INDEX task_forces_organisations ON task_forces USING gin (organisations);

CREATE TABLE task_force_reports (
    id            uuid PRIMARY KEY,
    task_force_id uuid NOT NULL REFERENCES task_forces,
    report        text NOT NULL,
    reported_by   text NOT NULL,
    reported_at   timestamptz NOT NULL
);
CREATE INDEX task_force_reports_force ON task_force_reports (task_force_id, reported_at);
