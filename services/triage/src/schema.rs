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
        disputes -> BigInt,
        came_back -> Bool,
        closed_at -> Nullable<Timestamptz>,
        colour -> Text,
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
        return_until -> Nullable<Timestamptz>,
        proceeding_id -> Nullable<Uuid>,
        work_begun_at -> Nullable<Timestamptz>,
        follows -> Nullable<Uuid>,
        from_organisation -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        work_ended_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    past_decisions (case_id, decided_at) {
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
    returns (order_id, number) {
        order_id -> Uuid,
        number -> Integer,
        case_id -> Uuid,
        organisation_id -> Uuid,
        state -> Text,
        reason -> Text,
        explanation -> Text,
        asked_by -> Text,
        asked_at -> Timestamptz,
        decide_due_at -> Timestamptz,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    feedbacks (id) {
        id -> Uuid,
        order_id -> Uuid,
        case_id -> Uuid,
        organisation_id -> Uuid,
        outcome -> Text,
        note -> Text,
        told_by -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    order_acts (id) {
        id -> Uuid,
        order_id -> Uuid,
        case_id -> Uuid,
        kind -> Text,
        reason -> Text,
        due_at -> Timestamptz,
        done_by -> Text,
        done_at -> Timestamptz,
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

diesel::table! {
    urges (id) {
        id -> Uuid,
        case_id -> Uuid,
        organisation_id -> Nullable<Uuid>,
        clock -> Nullable<Text>,
        object_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        urged_by -> Nullable<Text>,
        urged_at -> Timestamptz,
    }
}

diesel::table! {
    supervisions (id) {
        id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        organisation_id -> Nullable<Uuid>,
        state -> Text,
        fault -> Text,
        listed -> Bool,
        urgent -> Bool,
        clock -> Nullable<Text>,
        object_id -> Nullable<Uuid>,
        demand -> Nullable<Text>,
        issued_by -> Nullable<Text>,
        issued_at -> Timestamptz,
        reply_due_at -> Timestamptz,
        reply -> Nullable<Text>,
        replied_by -> Nullable<Text>,
        replied_at -> Nullable<Timestamptz>,
        verdict -> Nullable<Text>,
        rectified -> Nullable<Bool>,
        closed_by -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    colour_changes (id) {
        id -> Uuid,
        case_id -> Uuid,
        was -> Text,
        colour -> Text,
        rule -> Nullable<Text>,
        reason -> Nullable<Text>,
        changed_by -> Nullable<Text>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    consultations (id) {
        id -> Uuid,
        case_id -> Uuid,
        region -> Text,
        state -> Text,
        urgent -> Bool,
        purpose -> Text,
        called_by -> Text,
        called_at -> Timestamptz,
        meet_due_at -> Timestamptz,
        conclusion -> Nullable<Text>,
        minutes -> Nullable<Text>,
        responsible_organisation -> Nullable<Uuid>,
        due_on -> Nullable<Date>,
        order_id -> Nullable<Uuid>,
        concluded_by -> Nullable<Text>,
        concluded_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    consultation_calls (id) {
        id -> Uuid,
        consultation_id -> Uuid,
        organisation_id -> Uuid,
        duty -> Text,
        officer -> Nullable<Text>,
        entry_mode -> Nullable<Text>,
        report_in_due_at -> Timestamptz,
        reported_by -> Nullable<Text>,
        reported_in_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rosters (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        region -> Text,
        mode -> Text,
        officer -> Text,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        entered_by -> Text,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    studies (id) {
        id -> Uuid,
        case_id -> Uuid,
        level -> Text,
        opinion -> Text,
        advises_task_force -> Bool,
        studied_by -> Text,
        studied_at -> Timestamptz,
    }
}

diesel::table! {
    task_forces (id) {
        id -> Uuid,
        case_id -> Nullable<Uuid>,
        project -> Nullable<Text>,
        region -> Text,
        state -> Text,
        basis -> Text,
        lead -> Text,
        organisations -> Array<Uuid>,
        assignment -> Text,
        formed_by -> Text,
        formed_at -> Timestamptz,
        due_at -> Timestamptz,
        plan -> Nullable<Text>,
        planned_at -> Nullable<Timestamptz>,
        result -> Nullable<Text>,
        settled -> Nullable<Bool>,
        dissolved_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    task_force_urges (id) {
        id -> Uuid,
        task_force_id -> Uuid,
        clock -> Text,
        urged_at -> Timestamptz,
    }
}

diesel::table! {
    task_force_reports (id) {
        id -> Uuid,
        task_force_id -> Uuid,
        report -> Text,
        reported_by -> Text,
        reported_at -> Timestamptz,
    }
}

diesel::joinable!(proposals -> cases (case_id));
diesel::joinable!(decisions -> cases (case_id));
diesel::allow_tables_to_appear_in_same_query!(cases, proposals, decisions, orders);
diesel::allow_tables_to_appear_in_same_query!(consultations, consultation_calls);
