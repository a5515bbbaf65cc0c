//! Every path under `/triage/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    decide_triage::decide_triage, dispatch_case::dispatch_case, get_case::get_case,
    get_order::get_order, list_cases::list_cases, list_orders::list_orders, sign_order::sign_order,
};

/// Registers the paths, relative to `/triage/v1`.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(list_cases) // GET  /cases
        .service(get_case) // GET  /cases/{case_id}
        .service(decide_triage) // POST /cases/{case_id}/decide
        .service(dispatch_case) // POST /cases/{case_id}/dispatch
        .service(list_orders) // GET  /orders
        .service(get_order) // GET  /orders/{order_id}
        .service(sign_order); // POST /orders/{order_id}/sign
}
