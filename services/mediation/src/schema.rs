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
        charges_fee -> Bool,
        tariff -> Nullable<Text>,
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
        standing -> Text,
        standing_reason -> Nullable<Text>,
        level -> Nullable<Text>,
        background -> Nullable<Text>,
        specialties -> Array<Text>,
        trainings -> Jsonb,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mediator_conflicts (case_id, mediator_id) {
        mediator_id -> Uuid,
        case_id -> Uuid,
        interest -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    cases (id) {
        id -> Uuid,
        region -> Text,
        parties -> Jsonb,
        merged_into -> Nullable<Uuid>,
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
        track -> Nullable<Text>,
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
        course -> Jsonb,
        released -> Bool,
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
        online_link -> Nullable<Text>,
        participant_ids -> Array<Uuid>,
        signatures -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    concessions (id) {
        id -> Uuid,
        proceeding_id -> Uuid,
        party_id -> Uuid,
        content -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    undisputed_facts (proceeding_id) {
        proceeding_id -> Uuid,
        content -> Text,
        signatures -> Jsonb,
        agreed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
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
        partial -> Bool,
        open_issues -> Nullable<Text>,
        oral_number -> Nullable<Text>,
        confirmed -> Bool,
        enforceable_by -> Array<Text>,
        amendment -> Nullable<Jsonb>,
        history -> Jsonb,
        effective_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    oral_numbers (series, year) {
        series -> Text,
        year -> Integer,
        last -> BigInt,
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
        default_ways -> Array<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(orders, cases, mediators, proceedings, agreements);
