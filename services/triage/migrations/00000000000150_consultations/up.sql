-- Departments called together on a case, and who of them is on duty.
CREATE TABLE consultations (
    id                       uuid PRIMARY KEY,
    case_id                  uuid NOT NULL REFERENCES cases,
    region                   text NOT NULL,
    state                    text NOT NULL CHECK (state IN ('called', 'concluded')),
    urgent                   boolean NOT NULL,
    purpose                  text NOT NULL,
    called_by                text NOT NULL,
    called_at                timestamptz NOT NULL,
    meet_due_at              timestamptz NOT NULL,
    conclusion               text,
    minutes                  text,
    responsible_organisation uuid,
    due_on                   date,
    order_id                 uuid REFERENCES orders,
    concluded_by             text,
    concluded_at             timestamptz,
    version                  bigint NOT NULL,
    CHECK ((state = 'concluded') = (concluded_at IS NOT NULL))
);
CREATE UNIQUE INDEX consultations_open ON consultations (case_id) WHERE state = 'called';
CREATE INDEX consultations_worklist ON consultations (meet_due_at, id);

CREATE TABLE consultation_calls (
    id               uuid PRIMARY KEY,
    consultation_id  uuid NOT NULL REFERENCES consultations,
    organisation_id  uuid NOT NULL,
    duty             text NOT NULL,
    -- Who was on duty for it when it was called.
    officer          text,
    entry_mode       text,
    report_in_due_at timestamptz NOT NULL,
    reported_by      text,
    reported_in_at   timestamptz,
    UNIQUE (consultation_id, organisation_id)
);
CREATE INDEX consultation_calls_organisation ON consultation_calls (organisation_id, consultation_id);

CREATE TABLE rosters (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisations,
    region          text NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('resident', 'rotating', 'on_call', 'cloud')),
    officer         text NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL CHECK (ends_at > starts_at),
    entered_by      text NOT NULL,
    entered_at      timestamptz NOT NULL
);
CREATE INDEX rosters_organisation ON rosters (organisation_id, starts_at);
CREATE INDEX rosters_starts ON rosters (starts_at, id);
