//! The tables, as the migrations make them.

diesel::table! {
    order_holds (order_id) {
        order_id -> Uuid,
        held -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        region -> Text,
        kind -> Text,
        name -> Text,
        routes -> Array<Text>,
        director -> Text,
        members -> Jsonb,
        term_ends_on -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mediators (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        region -> Text,
        name -> Text,
        class -> Text,
        account_subject -> Nullable<Text>,
        qualifications -> Array<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    cases (id) {
        id -> Uuid,
        region -> Text,
        parties -> Jsonb,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Uuid,
        route -> Text,
        type_code -> Text,
        signed_at -> Timestamptz,
    }
}

diesel::table! {
    proceedings (id) {
        id -> Uuid,
        order_id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Uuid,
        route -> Text,
        type_code -> Text,
        state -> Text,
        parties -> Jsonb,
        mediator_ids -> Array<Uuid>,
        disclosures -> Jsonb,
        sessions -> Integer,
        agreement_id -> Nullable<Uuid>,
        started_at -> Nullable<Timestamptz>,
        due_at -> Nullable<Timestamptz>,
        ending -> Nullable<Jsonb>,
        ended_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        proceeding_id -> Uuid,
        place -> Text,
        held_at -> Timestamptz,
        attendance -> Array<Uuid>,
        record -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    agreements (id) {
        id -> Uuid,
        proceeding_id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Uuid,
        type_code -> Text,
        state -> Text,
        form -> Text,
        facts -> Text,
        content -> Text,
        content_codes -> Array<Text>,
        amount_fen -> BigInt,
        clauses -> Jsonb,
        immediate -> Bool,
        party_ids -> Array<Uuid>,
        signatures -> Jsonb,
        remaining -> Integer,
        effective_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    obligations (id) {
        id -> Uuid,
        agreement_id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Uuid,
        debtor -> Uuid,
        act -> Nullable<Text>,
        way -> Text,
        due_on -> Date,
        amount_fen -> Nullable<BigInt>,
        state -> Text,
        fulfilled_on -> Nullable<Date>,
        proof -> Nullable<Text>,
        default_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(orders, cases, mediators, proceedings);
