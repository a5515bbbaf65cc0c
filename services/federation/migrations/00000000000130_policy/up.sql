-- What became of the policy that the parent handed down last; why it was refused, when it was.
CREATE TABLE received_policy (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version     text NOT NULL,
    refused     text,
    received_at timestamptz NOT NULL
);
-- Of a child: the version it was handed down, the version it has received, and why it refused that, when it did.
ALTER TABLE nodes ADD COLUMN told_policy text NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN policy_received text;
ALTER TABLE nodes ADD COLUMN policy_refused text;
