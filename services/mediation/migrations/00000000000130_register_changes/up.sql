-- What the register says besides (人民调解法 4, 10, 15; ME-03, ME-04), and the interests of mediators in cases.

ALTER TABLE organisations
    ADD COLUMN charges_fee boolean NOT NULL DEFAULT false,
    ADD COLUMN tariff text,
    ADD CONSTRAINT tariff_of_a_fee CHECK (charges_fee = (tariff IS NOT NULL));

ALTER TABLE mediators
    ADD COLUMN standing text NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'suspended', 'retired')),
    ADD COLUMN standing_reason text,
    ADD COLUMN level text,
    ADD COLUMN background text,
    ADD COLUMN specialties text[] NOT NULL DEFAULT '{}',
    ADD COLUMN trainings jsonb NOT NULL DEFAULT '[]';

CREATE TABLE mediator_conflicts (
    mediator_id uuid NOT NULL REFERENCES mediators,
    case_id     uuid NOT NULL,
    interest    text NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (case_id, mediator_id)
);

-- The workload of mediators: what they mediate and has not ended.
CREATE INDEX proceedings_open_mediators ON proceedings USING gin (mediator_ids) WHERE ended_at IS NULL;
