//! The table of contents: every path, under `/mediation/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    default_obligation::default_obligation, draft_agreement::draft_agreement,
    end_mediation::end_mediation, fulfil_obligation::fulfil_obligation,
    get_agreement::get_agreement, get_notice::get_notice, get_organisation::get_organisation,
    get_proceeding::get_proceeding, list_mediators::list_mediators,
    list_obligations::list_obligations, list_organisations::list_organisations,
    list_proceedings::list_proceedings, open_proceeding::open_proceeding,
    record_consent::record_consent, record_session::record_session,
    register_mediator::register_mediator, register_organisation::register_organisation,
    sign_agreement::sign_agreement, start_mediation::start_mediation,
};

/// Adds the service's paths.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(register_organisation) // POST /organisations
        .service(list_organisations) // GET /organisations
        .service(get_organisation) // GET /organisations/{id}
        .service(register_mediator) // POST /organisations/{id}/mediators
        .service(list_mediators) // GET /organisations/{id}/mediators
        .service(open_proceeding) // POST /proceedings
        .service(list_proceedings) // GET /proceedings
        .service(get_proceeding) // GET /proceedings/{id}
        .service(record_consent) // POST /proceedings/{id}/consents
        .service(start_mediation) // POST /proceedings/{id}/start
        .service(record_session) // POST /proceedings/{id}/sessions
        .service(draft_agreement) // POST /proceedings/{id}/agreement
        .service(end_mediation) // POST /proceedings/{id}/end
        .service(get_notice) // GET /proceedings/{id}/notice
        .service(get_agreement) // GET /agreements/{id}
        .service(sign_agreement) // POST /agreements/{id}/signatures
        .service(list_obligations) // GET /obligations
        .service(fulfil_obligation) // POST /obligations/{id}/fulfil
        .service(default_obligation); // POST /obligations/{id}/default
}
