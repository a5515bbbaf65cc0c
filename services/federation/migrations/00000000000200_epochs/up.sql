-- An epoch of which another node has a message that this database does not know: a new one begins.
ALTER TABLE up_outbox_state ADD COLUMN lost_epoch integer;
ALTER TABLE down_outbox_state ADD COLUMN lost_epoch integer;

-- What the nodes below have sent, by epoch: the first sequence they can send again, the last they have given, and how many were
-- passed over here because they are kept no more.
CREATE TABLE node_epochs (
    code        text COLLATE "C" NOT NULL,
    epoch       integer NOT NULL,
    first       bigint NOT NULL,
    last        bigint NOT NULL,
    passed_over bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (code, epoch)
);
INSERT INTO node_epochs (code, epoch, first, last) SELECT code, epoch, 1, checkpoint FROM nodes;

-- What was asked for last, so that the next part is asked for as soon as it has come; when the node was told what is here.
ALTER TABLE nodes ADD COLUMN asked_epoch integer NOT NULL DEFAULT 0;
ALTER TABLE nodes ADD COLUMN asked_to bigint NOT NULL DEFAULT 0;
ALTER TABLE nodes ADD COLUMN told_at timestamptz;
