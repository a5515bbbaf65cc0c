//! The tables, as the migrations make them.

diesel::table! {
    cases (case_id) {
        case_id -> Uuid,
        matter_id -> Uuid,
        region -> Text,
        acceptance_number -> Text,
        class -> Text,
        persons_involved -> BigInt,
        amount_fen -> Nullable<BigInt>,
        accepted_at -> Timestamptz,
        decide_due_at -> Timestamptz,
        organisation_id -> Nullable<Uuid>,
        state -> Text,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    proposals (case_id) {
        case_id -> Uuid,
        proposal_id -> Uuid,
        type_code -> Text,
        route -> Text,
        track -> Text,
        colour -> Text,
        obstacles -> Array<Text>,
        reasons -> Jsonb,
        scores -> Jsonb,
        policy_version -> Text,
        proposed_at -> Timestamptz,
    }
}

diesel::table! {
    decisions (case_id) {
        case_id -> Uuid,
        type_code -> Text,
        route -> Text,
        track -> Text,
        colour -> Text,
        as_proposed -> Bool,
        reason -> Nullable<Text>,
        policy_version -> Text,
        decided_by -> Text,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Uuid,
        mode -> Text,
        route -> Text,
        type_code -> Text,
        track -> Text,
        due_on -> Date,
        due_at -> Timestamptz,
        due_provisional -> Bool,
        sign_due_at -> Timestamptz,
        state -> Text,
        issued_by -> Text,
        issued_at -> Timestamptz,
        signed_by -> Nullable<Text>,
        signed_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        region -> Text,
        kind -> Text,
        name -> Text,
        routes -> Array<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(proposals -> cases (case_id));
diesel::joinable!(decisions -> cases (case_id));
diesel::allow_tables_to_appear_in_same_query!(cases, proposals, decisions);
