//! The OpenAPI document made from the routes.

use chassis::http::docs::service_document;
use contracts::Service;
use serde_json::json;

#[test]
fn lists_every_operation_with_its_permission() {
    let document = json!(service_document(Service::Intake, intake::routes::configure));
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters.map(|p| p["name"].as_str().unwrap());
            let own = |name: &&str| !["Idempotency-Key", "If-Match"].contains(name);
            let names: Vec<_> = names.filter(own).collect();
            let permission = operation["security"][0]["bearer"][0].as_str().unwrap();
            let id = operation["operationId"].as_str().unwrap();
            lines.push(format!(
                "{verb} {path} {id} [{permission}] ({})",
                names.join(", ")
            ));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    get /intake/v1/appointments list_appointments [appointment.read] (state, limit, cursor)
    post /intake/v1/appointments ask_appointment [appointment.ask] ()
    get /intake/v1/appointments/free list_free_slots [appointment.ask] (organisation, from, to)
    get /intake/v1/appointments/{id} get_appointment [appointment.read] (id)
    post /intake/v1/appointments/{id}/cancel cancel_appointment [appointment.ask] (id)
    post /intake/v1/appointments/{id}/confirm confirm_appointment [appointment.manage] (id)
    post /intake/v1/appointments/{id}/end end_appointment [appointment.manage] (id)
    get /intake/v1/attachments/{id}/content get_attachment_content [matter.read] (id)
    post /intake/v1/attachments/{id}/remove remove_attachment [attachment.manage] (id)
    get /intake/v1/cases/{id} get_case [matter.read] (id)
    post /intake/v1/cases/{id}/archive archive_case [case.archive] (id)
    get /intake/v1/cases/{id}/file get_file [file.read] (id)
    post /intake/v1/cases/{id}/file add_file_document [case.archive] (id)
    post /intake/v1/cases/{id}/file/correct correct_file_document [case.archive] (id)
    post /intake/v1/cases/{id}/merge merge_case [case.merge] (id)
    post /intake/v1/cases/{id}/recurrence register_recurrence [case.recur] (id)
    post /intake/v1/cases/{id}/reopen reopen_case [case.reopen] (id)
    post /intake/v1/cases/{id}/split split_case [case.merge] (id)
    get /intake/v1/cases/{id}/timeline get_timeline [matter.read] (id, limit, cursor)
    post /intake/v1/imports import_matters [matter.import] (system, dry_run, valid_rows_only)
    get /intake/v1/inquiries list_inquiries [inquiry.read] (state, limit, cursor)
    post /intake/v1/inquiries ask_inquiry [inquiry.ask] ()
    get /intake/v1/inquiries/{id} get_inquiry [inquiry.read] (id)
    post /intake/v1/inquiries/{id}/answer answer_inquiry [inquiry.answer] (id)
    post /intake/v1/inquiries/{id}/rate rate_inquiry [inquiry.ask] (id)
    get /intake/v1/matters list_matters [matter.read] (state, region, status, class, acceptance_number, file_number, type, organisation, source, channel, place_code, party_name, party_number, text, from, to, limit, cursor)
    post /intake/v1/matters register_matter [matter.register] ()
    get /intake/v1/matters/{id} get_matter [matter.read] (id)
    post /intake/v1/matters/{id}/accept accept_matter [matter.accept] (id)
    post /intake/v1/matters/{id}/amend amend_matter [correction.supply] (id)
    post /intake/v1/matters/{id}/answer answer_matter [matter.accept] (id)
    get /intake/v1/matters/{id}/attachments list_attachments [matter.read] (id)
    post /intake/v1/matters/{id}/attachments add_attachment [attachment.manage] (id, kind, side, visibility, Content-Disposition)
    post /intake/v1/matters/{id}/correct ask_correction [matter.accept] (id)
    post /intake/v1/matters/{id}/corrected supply_correction [correction.supply] (id)
    post /intake/v1/matters/{id}/decline decline_matter [matter.accept] (id)
    get /intake/v1/matters/{id}/duplicates list_duplicates [matter.link] (id)
    post /intake/v1/matters/{id}/link link_matter [matter.link] (id)
    get /intake/v1/matters/{id}/parties list_parties [party.read] (id)
    post /intake/v1/matters/{id}/petition-decision decide_petition [petition.decide] (id)
    post /intake/v1/matters/{id}/petition-extension extend_petition [petition.extend] (id)
    post /intake/v1/matters/{id}/petition-opinion answer_petition [petition.decide] (id)
    post /intake/v1/matters/{id}/petition-review ask_petition_review [petition.review] (id)
    post /intake/v1/matters/{id}/petition-service serve_petition [petition.decide] (id)
    post /intake/v1/matters/{id}/unlink unlink_matter [matter.link] (id)
    get /intake/v1/notifications list_notifications [notification.read] (case_id, state, channel, read, limit, cursor)
    post /intake/v1/notifications/{id}/read read_notification [notification.acknowledge] (id)
    post /intake/v1/notifications/{id}/receipt note_receipt [notification.receipt] (id)
    post /intake/v1/notifications/{id}/retry retry_notification [notification.retry] (id)
    get /intake/v1/organisation-messages list_organisation_messages [organisation_message.read] (organisation, read, limit, cursor)
    post /intake/v1/organisation-messages/{id}/read read_organisation_message [organisation_message.acknowledge] (id)
    get /intake/v1/screenings list_screenings [screening.read] (state, kind, category, severity, region, limit, cursor)
    post /intake/v1/screenings record_screening [screening.record] ()
    get /intake/v1/screenings/{id} get_screening [screening.read] (id)
    post /intake/v1/screenings/{id}/register register_screening [screening.record] (id)
    post /intake/v1/screenings/{id}/write-off write_off_screening [screening.write_off] (id)
    ");
}
