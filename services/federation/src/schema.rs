//! The tables of requests, as the migrations make them.

diesel::table! {
    requests (id) {
        id -> Uuid,
        node -> Text,
        outgoing -> Bool,
        kind -> Text,
        case_id -> Nullable<Uuid>,
        from_node -> Text,
        to_node -> Text,
        hands_over -> Text,
        reason -> Nullable<Text>,
        details -> Jsonb,
        due_on -> Nullable<Date>,
        sealed -> Nullable<Text>,
        state -> Text,
        sent_at -> Timestamptz,
        delivered_at -> Nullable<Timestamptz>,
        signed_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        handled_by -> Nullable<Text>,
        recall_asked_at -> Nullable<Timestamptz>,
        reworks -> Integer,
        handover -> Integer,
        own_steps -> Integer,
        other_steps -> Integer,
        sign_due_at -> Nullable<Timestamptz>,
        done_due_at -> Nullable<Timestamptz>,
        return_until -> Nullable<Timestamptz>,
        resend_at -> Nullable<Timestamptz>,
        urge_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        figures -> Nullable<Jsonb>,
    }
}

diesel::table! {
    request_steps (request_id, by_node, number) {
        request_id -> Uuid,
        by_node -> Text,
        number -> Integer,
        step -> Text,
        body -> Nullable<Text>,
        taken_at -> Timestamptz,
        noted_at -> Timestamptz,
        applied -> Bool,
        sealed -> Nullable<Text>,
    }
}

diesel::table! {
    accountability (case_id) {
        case_id -> Uuid,
        node -> Text,
        since -> Timestamptz,
        request_id -> Uuid,
        handover -> Integer,
    }
}

diesel::table! {
    dossiers (request_id) {
        request_id -> Uuid,
        case_id -> Uuid,
        from_node -> Text,
        body -> Jsonb,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    request_batches (request_id) {
        request_id -> Uuid,
        batch_id -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(requests, request_batches);
