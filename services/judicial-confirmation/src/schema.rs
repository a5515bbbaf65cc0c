//! The tables, as the migrations make them.

diesel::table! {
    agreements (id) {
        id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Uuid,
        type_code -> Text,
        content_codes -> Array<Text>,
        party_ids -> Array<Uuid>,
        amount_fen -> BigInt,
        effective_at -> Timestamptz,
        last_day -> Date,
        closes_at -> Timestamptz,
        provisional -> Bool,
        inviting_court_id -> Nullable<Uuid>,
        invitation_number -> Nullable<Text>,
        invited_on -> Nullable<Date>,
        amendment -> Integer,
        voided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    applications (id) {
        id -> Uuid,
        version -> BigInt,
        region -> Text,
        state -> Text,
        agreement_id -> Uuid,
        case_id -> Uuid,
        organisation_id -> Uuid,
        type_code -> Text,
        party_ids -> Array<Uuid>,
        last_day -> Date,
        closes_at -> Timestamptz,
        court_id -> Uuid,
        court_basis -> Text,
        materials -> Array<Text>,
        applicants -> Jsonb,
        reason -> Nullable<Text>,
        ruling_number -> Nullable<Text>,
        ruled_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        court_place -> Nullable<Text>,
        course -> Jsonb,
        due_at -> Nullable<Timestamptz>,
        amendment -> Integer,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        region -> Text,
    }
}

diesel::table! {
    defaulted_obligations (obligation_id) {
        obligation_id -> Uuid,
        agreement_id -> Uuid,
        defaulted_at -> Timestamptz,
    }
}

diesel::table! {
    suspicions (agreement_id) {
        agreement_id -> Uuid,
        open -> Bool,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    effect_applications (id) {
        id -> Uuid,
        version -> BigInt,
        region -> Text,
        state -> Text,
        kind -> Text,
        exclusive -> Bool,
        agreement_id -> Uuid,
        case_id -> Uuid,
        organisation_id -> Uuid,
        type_code -> Text,
        party_ids -> Array<Uuid>,
        applicant_ids -> Array<Uuid>,
        body_id -> Uuid,
        note -> Nullable<Text>,
        outcome -> Nullable<Text>,
        enforceable -> Bool,
        number -> Nullable<Text>,
        decided_on -> Nullable<Date>,
        suspended_at -> Nullable<Timestamptz>,
        due_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(agreements, applications, effect_applications);
