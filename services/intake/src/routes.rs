//! The table of contents: every path, under `/intake/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    accept_matter::accept_matter, add_attachment::add_attachment,
    add_file_document::add_file_document, amend_matter::amend_matter,
    answer_inquiry::answer_inquiry, answer_matter::answer_matter, answer_petition::answer_petition,
    archive_case::archive_case, ask_appointment::ask_appointment, ask_correction::ask_correction,
    ask_inquiry::ask_inquiry, ask_petition_review::ask_petition_review,
    cancel_appointment::cancel_appointment, confirm_appointment::confirm_appointment,
    correct_file_document::correct_file_document, decide_petition::decide_petition,
    decline_matter::decline_matter, end_appointment::end_appointment,
    extend_petition::extend_petition, get_appointment::get_appointment,
    get_attachment_content::get_attachment_content, get_case::get_case, get_file::get_file,
    get_inquiry::get_inquiry, get_matter::get_matter, get_screening::get_screening,
    get_timeline::get_timeline, import_matters::import_matters, link_matter::link_matter,
    list_appointments::list_appointments, list_attachments::list_attachments,
    list_duplicates::list_duplicates, list_free_slots::list_free_slots,
    list_inquiries::list_inquiries, list_matters::list_matters,
    list_notifications::list_notifications, list_organisation_messages::list_organisation_messages,
    list_parties::list_parties, list_screenings::list_screenings, merge_case::merge_case,
    note_receipt::note_receipt, rate_inquiry::rate_inquiry, read_notification::read_notification,
    read_organisation_message::read_organisation_message, record_screening::record_screening,
    register_matter::register_matter, register_recurrence::register_recurrence,
    register_screening::register_screening, remove_attachment::remove_attachment,
    reopen_case::reopen_case, retry_notification::retry_notification,
    serve_petition::serve_petition, split_case::split_case, supply_correction::supply_correction,
    unlink_matter::unlink_matter, write_off_screening::write_off_screening,
};

/// Adds the service's paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(register_matter) // POST /matters
        .service(list_matters) // GET /matters
        .service(get_matter) // GET /matters/{id}
        .service(list_parties) // GET /matters/{id}/parties
        .service(accept_matter) // POST /matters/{id}/accept
        .service(decline_matter) // POST /matters/{id}/decline
        .service(answer_matter) // POST /matters/{id}/answer
        .service(ask_correction) // POST /matters/{id}/correct
        .service(supply_correction) // POST /matters/{id}/corrected
        .service(amend_matter) // POST /matters/{id}/amend
        .service(list_duplicates) // GET /matters/{id}/duplicates
        .service(link_matter) // POST /matters/{id}/link
        .service(unlink_matter) // POST /matters/{id}/unlink
        .service(decide_petition) // POST /matters/{id}/petition-decision
        .service(extend_petition) // POST /matters/{id}/petition-extension
        .service(answer_petition) // POST /matters/{id}/petition-opinion
        .service(serve_petition) // POST /matters/{id}/petition-service
        .service(ask_petition_review) // POST /matters/{id}/petition-review
        .service(add_attachment) // POST /matters/{id}/attachments
        .service(list_attachments) // GET /matters/{id}/attachments
        .service(get_attachment_content) // GET /attachments/{id}/content
        .service(remove_attachment) // POST /attachments/{id}/remove
        .service(import_matters) // POST /imports
        .service(record_screening) // POST /screenings
        .service(list_screenings) // GET /screenings
        .service(get_screening) // GET /screenings/{id}
        .service(register_screening) // POST /screenings/{id}/register
        .service(write_off_screening) // POST /screenings/{id}/write-off
        .service(list_notifications) // GET /notifications
        .service(retry_notification) // POST /notifications/{id}/retry
        .service(read_notification) // POST /notifications/{id}/read
        .service(note_receipt) // POST /notifications/{id}/receipt
        .service(list_organisation_messages) // GET /organisation-messages
        .service(read_organisation_message) // POST /organisation-messages/{id}/read
        .service(get_case) // GET /cases/{id}
        .service(get_timeline) // GET /cases/{id}/timeline
        .service(reopen_case) // POST /cases/{id}/reopen
        .service(register_recurrence) // POST /cases/{id}/recurrence
        .service(merge_case) // POST /cases/{id}/merge
        .service(split_case) // POST /cases/{id}/split
        .service(get_file) // GET /cases/{id}/file
        .service(add_file_document) // POST /cases/{id}/file
        .service(correct_file_document) // POST /cases/{id}/file/correct
        .service(archive_case) // POST /cases/{id}/archive
        .service(ask_inquiry) // POST /inquiries
        .service(list_inquiries) // GET /inquiries
        .service(get_inquiry) // GET /inquiries/{id}
        .service(answer_inquiry) // POST /inquiries/{id}/answer
        .service(rate_inquiry) // POST /inquiries/{id}/rate
        .service(ask_appointment) // POST /appointments
        .service(list_appointments) // GET /appointments
        .service(list_free_slots) // GET /appointments/free
        .service(get_appointment) // GET /appointments/{id}
        .service(confirm_appointment) // POST /appointments/{id}/confirm
        .service(cancel_appointment) // POST /appointments/{id}/cancel
        .service(end_appointment); // POST /appointments/{id}/end
}
