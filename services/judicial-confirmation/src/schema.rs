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
    }
}
