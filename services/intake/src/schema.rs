//! The tables, as the migrations make them.

diesel::table! {
    cases (id) {
        id -> Uuid,
        region -> Text,
        status -> Text,
        status_order -> BigInt,
        status_at -> Timestamptz,
    }
}

diesel::table! {
    matters (id) {
        id -> Uuid,
        case_id -> Uuid,
        version -> BigInt,
        region -> Text,
        state -> Text,
        class -> Text,
        source -> Text,
        channel -> Text,
        type_hint -> Nullable<Text>,
        narrative -> Text,
        amount_fen -> Nullable<BigInt>,
        persons_involved -> Integer,
        notice_version -> Text,
        policy_version -> Text,
        organisation_id -> Nullable<Uuid>,
        registered_by -> Text,
        first_asked -> Nullable<Text>,
        acceptance_number -> Nullable<Text>,
        outcome_code -> Nullable<Text>,
        outcome_note -> Nullable<Text>,
        remedy_zh -> Nullable<Text>,
        remedy_en -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        adopted_from -> Nullable<Text>,
    }
}

diesel::table! {
    parties (id) {
        id -> Uuid,
        case_id -> Uuid,
        matter_id -> Uuid,
        position -> Integer,
        side -> Text,
        kind -> Text,
        name -> Text,
        identifier_kind -> Nullable<Text>,
        identifier_number -> Nullable<Text>,
        identifier_masked -> Nullable<Text>,
        phone -> Nullable<Text>,
        address -> Nullable<Text>,
        account_subject -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    timeline (event_id) {
        event_id -> Uuid,
        case_id -> Uuid,
        fact -> Text,
        happened_at -> Timestamptz,
    }
}

diesel::table! {
    acceptance_numbers (series, year) {
        series -> Text,
        year -> Integer,
        last -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(cases, matters, parties, timeline);
