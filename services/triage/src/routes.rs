//! Every path under `/triage/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    approve_return::approve_return, ask_return::ask_return, assist_case::assist_case,
    close_supervision::close_supervision, decide_triage::decide_triage,
    designate_case::designate_case, dispatch_case::dispatch_case, get_case::get_case,
    get_order::get_order, get_supervision::get_supervision, hand_over_case::hand_over_case,
    list_cases::list_cases, list_orders::list_orders, list_supervisions::list_supervisions,
    recall_order::recall_order, reject_return::reject_return, reply_supervision::reply_supervision,
    report_up_order::report_up_order, sign_order::sign_order, supervise_case::supervise_case,
    urge_case::urge_case,
};

/// Registers the paths, relative to `/triage/v1`.
pub fn configure(routes: &mut ServiceConfig<'_>) {
    routes
        .service(list_cases) // GET  /cases
        .service(get_case) // GET  /cases/{case_id}
        .service(decide_triage) // POST /cases/{case_id}/decide
        .service(dispatch_case) // POST /cases/{case_id}/dispatch
        .service(designate_case) // POST /cases/{case_id}/designate
        .service(hand_over_case) // POST /cases/{case_id}/hand-over
        .service(assist_case) // POST /cases/{case_id}/assist
        .service(urge_case) // POST /cases/{case_id}/urge
        .service(supervise_case) // POST /cases/{case_id}/supervise
        .service(list_supervisions) // GET  /supervisions
        .service(get_supervision) // GET  /supervisions/{id}
        .service(reply_supervision) // POST /supervisions/{id}/reply
        .service(close_supervision) // POST /supervisions/{id}/close
        .service(list_orders) // GET  /orders
        .service(get_order) // GET  /orders/{order_id}
        .service(sign_order) // POST /orders/{order_id}/sign
        .service(recall_order) // POST /orders/{order_id}/recall
        .service(report_up_order) // POST /orders/{order_id}/report-up
        .service(ask_return) // POST /orders/{order_id}/return
        .service(approve_return) // POST /orders/{order_id}/return/approve
        .service(reject_return); // POST /orders/{order_id}/return/reject
}
