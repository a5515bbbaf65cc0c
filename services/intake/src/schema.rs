//! The tables, as the migrations make them.

diesel::table! {
    cases (id) {
        id -> Uuid,
        region -> Text,
        status -> Text,
        status_order -> BigInt,
        status_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        reopened_at -> Nullable<Timestamptz>,
        merged_into -> Nullable<Uuid>,
        recurrence_of -> Nullable<Uuid>,
        organisation_id -> Nullable<Uuid>,
        node -> Nullable<Text>,
        type_code -> Nullable<Text>,
    }
}

diesel::table! {
    case_acts (id) {
        id -> Uuid,
        case_id -> Uuid,
        act -> Text,
        other_case_id -> Nullable<Uuid>,
        reason_code -> Nullable<Text>,
        reason -> Nullable<Text>,
        done_by -> Text,
        done_at -> Timestamptz,
    }
}

diesel::table! {
    corrections (matter_id) {
        matter_id -> Uuid,
        materials -> Array<Text>,
        note -> Nullable<Text>,
        asked_by -> Text,
        asked_at -> Timestamptz,
        due_at -> Timestamptz,
        last_day -> Date,
        supplied_note -> Nullable<Text>,
        supplied_by -> Nullable<Text>,
        supplied_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    amendments (id) {
        id -> Uuid,
        matter_id -> Uuid,
        fields -> Array<Text>,
        reason -> Text,
        done_by -> Text,
        done_at -> Timestamptz,
    }
}

diesel::table! {
    matter_links (matter_id, other_matter_id) {
        matter_id -> Uuid,
        other_matter_id -> Uuid,
        kind -> Text,
        reason -> Text,
        linked_by -> Text,
        linked_at -> Timestamptz,
    }
}

diesel::table! {
    undone_links (id) {
        id -> Uuid,
        matter_id -> Uuid,
        other_matter_id -> Uuid,
        kind -> Text,
        reason -> Text,
        linked_by -> Text,
        linked_at -> Timestamptz,
        undone_reason -> Text,
        undone_by -> Text,
        undone_at -> Timestamptz,
    }
}

diesel::table! {
    file_documents (case_id, position) {
        case_id -> Uuid,
        position -> Integer,
        kind -> Text,
        title -> Text,
        pages -> Integer,
        added_by -> Text,
        added_at -> Timestamptz,
        attachment_id -> Nullable<Uuid>,
        sha256 -> Nullable<Text>,
    }
}

diesel::table! {
    case_files (case_id) {
        case_id -> Uuid,
        number -> Text,
        organisation_id -> Nullable<Uuid>,
        retention -> Text,
        keep_until -> Nullable<Date>,
        archived_by -> Text,
        archived_at -> Timestamptz,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        region -> Text,
        name -> Text,
    }
}

diesel::table! {
    inquiries (id) {
        id -> Uuid,
        version -> BigInt,
        region -> Text,
        item -> Text,
        state -> Text,
        question -> Text,
        asked_by -> Text,
        asked_at -> Timestamptz,
        due_at -> Timestamptz,
        last_day -> Date,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        score -> Nullable<SmallInt>,
        rated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    appointments (id) {
        id -> Uuid,
        version -> BigInt,
        region -> Text,
        organisation_id -> Uuid,
        matter_id -> Nullable<Uuid>,
        topic -> Text,
        state -> Text,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        asked_by -> Text,
        asked_at -> Timestamptz,
        note -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    petitions (matter_id) {
        matter_id -> Uuid,
        kind -> Text,
        way -> Text,
        state -> Text,
        extensions -> Integer,
        due_at -> Nullable<Timestamptz>,
        last_day -> Nullable<Date>,
        version -> BigInt,
        updated_at -> Timestamptz,
        served_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    petition_steps (matter_id, position) {
        matter_id -> Uuid,
        position -> BigInt,
        command -> Text,
        note -> Text,
        done_by -> Text,
        done_at -> Timestamptz,
        organisation_id -> Nullable<Uuid>,
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
        original_case_id -> Nullable<Uuid>,
        place_code -> Nullable<Text>,
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
        original_case_id -> Nullable<Uuid>,
        representative -> Bool,
    }
}

diesel::table! {
    timeline (event_id) {
        event_id -> Uuid,
        case_id -> Uuid,
        fact -> Text,
        happened_at -> Timestamptz,
        told -> Bool,
    }
}

diesel::table! {
    acceptance_numbers (series, year) {
        series -> Text,
        year -> Integer,
        last -> BigInt,
    }
}

diesel::table! {
    attachments (id) {
        id -> Uuid,
        matter_id -> Uuid,
        case_id -> Uuid,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        sha256 -> Text,
        added_by -> Text,
        added_at -> Timestamptz,
        removed_by -> Nullable<Text>,
        removed_at -> Nullable<Timestamptz>,
        removed_reason -> Nullable<Text>,
        kind -> Nullable<Text>,
        side -> Nullable<Text>,
        visibility -> Text,
    }
}

diesel::table! {
    notifications (id) {
        id -> Uuid,
        case_id -> Uuid,
        party_id -> Uuid,
        event_id -> Uuid,
        template -> Text,
        channel -> Text,
        text_zh -> Text,
        text_en -> Text,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Nullable<Timestamptz>,
        last_failure -> Nullable<Text>,
        created_at -> Timestamptz,
        delivered_at -> Nullable<Timestamptz>,
        received_at -> Nullable<Timestamptz>,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    organisation_messages (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        region -> Text,
        case_id -> Nullable<Uuid>,
        appointment_id -> Nullable<Uuid>,
        event_id -> Uuid,
        template -> Text,
        text_zh -> Text,
        text_en -> Text,
        created_at -> Timestamptz,
        read_by -> Nullable<Text>,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    imported_matters (system, source_id) {
        system -> Text,
        source_id -> Text,
        matter_id -> Uuid,
        imported_at -> Timestamptz,
    }
}

diesel::table! {
    screenings (id) {
        id -> Uuid,
        case_id -> Uuid,
        version -> BigInt,
        region -> Text,
        place -> Text,
        kind -> Text,
        category -> Text,
        severity -> Text,
        description -> Text,
        state -> Text,
        organisation_id -> Nullable<Uuid>,
        recorded_by -> Text,
        matter_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        evidence -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    attachments,
    case_files,
    cases,
    matters,
    notifications,
    parties,
    petitions,
    timeline
);
