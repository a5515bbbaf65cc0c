//! Every path under `/federation/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    feed_back_request::feed_back_request, finish_request::finish_request,
    get_accountability::get_accountability, get_dossier::get_dossier, get_links::get_links,
    get_request::get_request, list_requests::list_requests, recall_request::recall_request,
    refuse_request::refuse_request, rework_request::rework_request, send_request::send_request,
    send_requests::send_requests, sign_request::sign_request, urge_request::urge_request,
};

/// Registers the paths, relative to `/federation/v1`.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(list_requests) // GET  /requests
        .service(send_request) // POST /requests
        .service(send_requests) // POST /request-batches
        .service(get_request) // GET  /requests/{id}
        .service(sign_request) // POST /requests/{id}/sign
        .service(refuse_request) // POST /requests/{id}/refuse
        .service(recall_request) // POST /requests/{id}/recall
        .service(feed_back_request) // POST /requests/{id}/feed-back
        .service(finish_request) // POST /requests/{id}/finish
        .service(rework_request) // POST /requests/{id}/rework
        .service(urge_request) // POST /requests/{id}/urge
        .service(get_accountability) // GET  /cases/{case_id}/accountability
        .service(get_dossier) // GET  /cases/{case_id}/dossier
        .service(get_links); // GET  /links
}
