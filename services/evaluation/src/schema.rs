//! The tables, as the migrations make them.

diesel::table! {
    cases (id) {
        id -> Uuid,
        version -> BigInt,
        region -> Text,
        state -> Text,
        type_code -> Nullable<Text>,
        colour -> Nullable<Text>,
        party_ids -> Array<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        feedback -> Nullable<Text>,
        feedback_way -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    follow_ups (id) {
        id -> Uuid,
        version -> BigInt,
        region -> Text,
        state -> Text,
        case_id -> Uuid,
        visit -> SmallInt,
        due_on -> Date,
        due_at -> Timestamptz,
        tries -> SmallInt,
        reached -> Nullable<Bool>,
        satisfied -> Nullable<Bool>,
        performance_ok -> Nullable<Bool>,
        escalation_signs -> Nullable<Bool>,
        note -> Nullable<Text>,
        visited_by -> Nullable<Text>,
        done_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ratings (id) {
        id -> Uuid,
        case_id -> Uuid,
        party_id -> Uuid,
        score -> SmallInt,
        comment -> Nullable<Text>,
        own -> Bool,
        given_at -> Timestamptz,
    }
}

diesel::joinable!(follow_ups -> cases (case_id));
diesel::joinable!(ratings -> cases (case_id));
diesel::allow_tables_to_appear_in_same_query!(cases, follow_ups, ratings);
