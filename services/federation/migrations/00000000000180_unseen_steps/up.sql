-- Steps of this node that the other one has not said to have seen: sent again until it does.
CREATE TABLE unseen_steps (
    request_id uuid NOT NULL,
    number     integer NOT NULL,
    to_node    text COLLATE "C" NOT NULL,
    message    jsonb NOT NULL,
    since      timestamptz NOT NULL,
    again_at   timestamptz NOT NULL,
    PRIMARY KEY (request_id, number)
);
CREATE INDEX unseen_steps_again ON unseen_steps (again_at);
