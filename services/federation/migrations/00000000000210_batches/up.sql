-- Requests sent to several nodes at once, at the sender.
CREATE TABLE request_batches (
    request_id uuid PRIMARY KEY REFERENCES requests (id),
    batch_id   uuid NOT NULL
);
CREATE INDEX request_batches_batch ON request_batches (batch_id);
