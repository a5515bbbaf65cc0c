-- A dossier that came with a step, until the step is applied.
ALTER TABLE request_steps ADD COLUMN sealed text;

-- Which hand-over of the case it is or was, from 1: a signature that arrives late changes nothing that came after it.
ALTER TABLE requests ADD COLUMN handover integer NOT NULL DEFAULT 0;
ALTER TABLE accountability ADD COLUMN handover integer NOT NULL DEFAULT 0;

-- What the desk has to send of its own accord about a case.
CREATE TABLE automatic_requests (
    case_id    uuid NOT NULL,
    -- Its place in the list of the policy pack, and its kind.
    place      integer NOT NULL,
    kind       text NOT NULL,
    noted_at   timestamptz NOT NULL,
    -- The request, once it is sent; or why it never will be.
    request_id uuid,
    refused    text,
    PRIMARY KEY (case_id, place)
);
CREATE INDEX automatic_requests_open ON automatic_requests (noted_at) WHERE request_id IS NULL AND refused IS NULL;
