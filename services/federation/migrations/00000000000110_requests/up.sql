-- Requests between nodes. Both sides keep a row under the same id.
CREATE TABLE requests (
    id              uuid PRIMARY KEY,
    -- This node.
    node            text COLLATE "C" NOT NULL,
    outgoing        boolean NOT NULL,
    kind            text NOT NULL,
    case_id         uuid,
    from_node       text COLLATE "C" NOT NULL,
    to_node         text COLLATE "C" NOT NULL CHECK (to_node <> from_node),
    hands_over      text NOT NULL CHECK (hands_over IN ('none', 'on_sign', 'collaborates')),
    reason          text,
    -- The values of its kind.
    details         jsonb NOT NULL,
    due_on          date,
    -- The dossier, sealed to the receiver: at the sender until it is delivered, at the receiver until it signs.
    sealed          text,
    state           text NOT NULL CHECK (state IN ('sent', 'delivered', 'signed', 'done', 'refused', 'recalled')),
    sent_at         timestamptz NOT NULL,
    delivered_at    timestamptz,
    signed_at       timestamptz,
    ended_at        timestamptz,
    -- Who of this node sent it or signed for it.
    handled_by      text,
    -- The sender has asked for it back; the receiver has not answered yet.
    recall_asked_at timestamptz,
    reworks         integer NOT NULL,
    -- How many steps this node has taken, and how many of the other one's were applied here.
    own_steps       integer NOT NULL,
    other_steps     integer NOT NULL,
    sign_due_at     timestamptz,
    done_due_at     timestamptz,
    return_until    timestamptz,
    -- When it is sent again unless acknowledged, and when the sender urges of its own accord.
    resend_at       timestamptz,
    urge_at         timestamptz,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX requests_list ON requests (sent_at DESC, id DESC);
CREATE INDEX requests_case ON requests (case_id, sent_at) WHERE case_id IS NOT NULL;
CREATE INDEX requests_resend ON requests (resend_at) WHERE resend_at IS NOT NULL;
CREATE INDEX requests_urge ON requests (urge_at) WHERE urge_at IS NOT NULL;
-- A case is handed over once at a time.
CREATE UNIQUE INDEX requests_handover ON requests (case_id)
    WHERE outgoing AND hands_over = 'on_sign' AND state IN ('sent', 'delivered');

-- Every step of either side, also those that came before their turn.
CREATE TABLE request_steps (
    request_id uuid NOT NULL,
    by_node    text COLLATE "C" NOT NULL,
    number     integer NOT NULL CHECK (number > 0),
    step       text NOT NULL,
    body       text,
    -- By the clock of the node that took it, and when this node learnt of it.
    taken_at   timestamptz NOT NULL,
    noted_at   timestamptz NOT NULL,
    -- False while an earlier one is missing.
    applied    boolean NOT NULL,
    PRIMARY KEY (request_id, by_node, number)
);

-- Who answers for a case, as far as this node knows; without a row, the node that accepted it.
CREATE TABLE accountability (
    case_id    uuid PRIMARY KEY,
    node       text COLLATE "C" NOT NULL,
    since      timestamptz NOT NULL,
    request_id uuid NOT NULL
);

-- Dossiers that came with requests this node signed for: personal data.
CREATE TABLE dossiers (
    request_id  uuid PRIMARY KEY,
    case_id     uuid NOT NULL,
    from_node   text COLLATE "C" NOT NULL,
    body        jsonb NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX dossiers_case ON dossiers (case_id, received_at DESC);
