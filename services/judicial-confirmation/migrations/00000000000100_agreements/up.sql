-- Agreements in effect, as mediation published them: what may be applied for, by whom and until when.

CREATE TABLE agreements (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL,
    region          text NOT NULL,
    organisation_id uuid NOT NULL,
    type_code       text NOT NULL,
    -- Contents that the law excludes from confirmation, as the mediator marked them.
    content_codes   text[] NOT NULL,
    party_ids       uuid[] NOT NULL,
    amount_fen      bigint NOT NULL,
    effective_at    timestamptz NOT NULL,
    -- Last day for the joint application, in China; the window closes at its end.
    last_day        date NOT NULL,
    closes_at       timestamptz NOT NULL,
    -- Whether the last day rests on a calendar year that has not been announced yet.
    provisional     boolean NOT NULL
);
CREATE INDEX agreements_case_id ON agreements (case_id);
