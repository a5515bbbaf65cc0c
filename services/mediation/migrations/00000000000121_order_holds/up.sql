-- Orders whose return was asked for or granted: no proceeding is opened for them. The last telling stands.
CREATE TABLE order_holds (
    order_id uuid PRIMARY KEY,
    held     boolean NOT NULL,
    at       timestamptz NOT NULL
);
