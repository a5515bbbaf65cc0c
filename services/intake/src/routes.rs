//! The table of contents: every path, under `/intake/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    accept_matter::accept_matter, add_file_document::add_file_document,
    answer_inquiry::answer_inquiry, answer_matter::answer_matter, answer_petition::answer_petition,
    archive_case::archive_case, ask_appointment::ask_appointment, ask_correction::ask_correction,
    ask_inquiry::ask_inquiry, ask_petition_review::ask_petition_review,
    cancel_appointment::cancel_appointment, confirm_appointment::confirm_appointment,
    decide_petition::decide_petition, decline_matter::decline_matter,
    end_appointment::end_appointment, extend_petition::extend_petition,
    get_appointment::get_appointment, get_case::get_case, get_file::get_file,
    get_inquiry::get_inquiry, get_matter::get_matter, get_timeline::get_timeline,
    link_matter::link_matter, list_appointments::list_appointments,
    list_duplicates::list_duplicates, list_inquiries::list_inquiries, list_matters::list_matters,
    list_parties::list_parties, merge_case::merge_case, rate_inquiry::rate_inquiry,
    register_matter::register_matter, register_recurrence::register_recurrence,
    reopen_case::reopen_case, split_case::split_case, supply_correction::supply_correction,
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
        .service(list_duplicates) // GET /matters/{id}/duplicates
        .service(link_matter) // POST /matters/{id}/link
        .service(decide_petition) // POST /matters/{id}/petition-decision
        .service(extend_petition) // POST /matters/{id}/petition-extension
        .service(answer_petition) // POST /matters/{id}/petition-opinion
        .service(ask_petition_review) // POST /matters/{id}/petition-review
        .service(get_case) // GET /cases/{id}
        .service(get_timeline) // GET /cases/{id}/timeline
        .service(reopen_case) // POST /cases/{id}/reopen
        .service(register_recurrence) // POST /cases/{id}/recurrence
        .service(merge_case) // POST /cases/{id}/merge
        .service(split_case) // POST /cases/{id}/split
        .service(get_file) // GET /cases/{id}/file
        .service(add_file_document) // POST /cases/{id}/file
        .service(archive_case) // POST /cases/{id}/archive
        .service(ask_inquiry) // POST /inquiries
        .service(list_inquiries) // GET /inquiries
        .service(get_inquiry) // GET /inquiries/{id}
        .service(answer_inquiry) // POST /inquiries/{id}/answer
        .service(rate_inquiry) // POST /inquiries/{id}/rate
        .service(ask_appointment) // POST /appointments
        .service(list_appointments) // GET /appointments
        .service(get_appointment) // GET /appointments/{id}
        .service(confirm_appointment) // POST /appointments/{id}/confirm
        .service(cancel_appointment) // POST /appointments/{id}/cancel
        .service(end_appointment); // POST /appointments/{id}/end
}
