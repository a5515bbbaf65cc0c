//! The table of contents: every path, under `/intake/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    accept_matter::accept_matter, answer_matter::answer_matter, decline_matter::decline_matter,
    get_case::get_case, get_matter::get_matter, get_timeline::get_timeline,
    list_matters::list_matters, list_parties::list_parties, register_matter::register_matter,
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
        .service(get_case) // GET /cases/{id}
        .service(get_timeline); // GET /cases/{id}/timeline
}
