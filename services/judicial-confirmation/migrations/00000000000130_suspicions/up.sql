-- Whether the organisation that mediated suspects a sham (JC-09), as it told last. It may be told before the agreement is known.
CREATE TABLE suspicions (
    agreement_id uuid PRIMARY KEY,
    open         boolean NOT NULL,
    told_at      timestamptz NOT NULL
);
