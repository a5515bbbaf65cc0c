//! Every path under `/triage/v1`.

use chassis::http::ServiceConfig;

use crate::api::{
    approve_return::approve_return, ask_return::ask_return, assist_case::assist_case,
    call_consultation::call_consultation, close_supervision::close_supervision,
    conclude_consultation::conclude_consultation, decide_triage::decide_triage,
    designate_case::designate_case, dispatch_case::dispatch_case,
    dissolve_task_force::dissolve_task_force, enter_roster::enter_roster,
    extend_order::extend_order, form_task_force::form_task_force, get_case::get_case,
    get_consultation::get_consultation, get_order::get_order, get_supervision::get_supervision,
    get_task_force::get_task_force, give_feedback::give_feedback, hand_over_case::hand_over_case,
    list_cases::list_cases, list_consultations::list_consultations, list_orders::list_orders,
    list_rosters::list_rosters, list_supervisions::list_supervisions,
    list_task_forces::list_task_forces, lower_risk::lower_risk, plan_task_force::plan_task_force,
    raise_risk::raise_risk, recall_order::recall_order, reject_return::reject_return,
    remove_roster::remove_roster, reply_supervision::reply_supervision, report_in::report_in,
    report_task_force::report_task_force, report_up_order::report_up_order,
    rework_order::rework_order, sign_order::sign_order, study_case::study_case,
    supervise_case::supervise_case, urge_case::urge_case,
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
        .service(raise_risk) // POST /cases/{case_id}/raise-risk
        .service(lower_risk) // POST /cases/{case_id}/lower-risk
        .service(urge_case) // POST /cases/{case_id}/urge
        .service(supervise_case) // POST /cases/{case_id}/supervise
        .service(list_supervisions) // GET  /supervisions
        .service(get_supervision) // GET  /supervisions/{id}
        .service(reply_supervision) // POST /supervisions/{id}/reply
        .service(close_supervision) // POST /supervisions/{id}/close
        .service(call_consultation) // POST /cases/{case_id}/consultations
        .service(list_consultations) // GET  /consultations
        .service(get_consultation) // GET  /consultations/{id}
        .service(report_in) // POST /consultations/{id}/report-in
        .service(conclude_consultation) // POST /consultations/{id}/conclude
        .service(enter_roster) // POST /rosters
        .service(list_rosters) // GET  /rosters
        .service(remove_roster) // POST /rosters/{id}/remove
        .service(study_case) // POST /cases/{case_id}/studies
        .service(form_task_force) // POST /task-forces
        .service(list_task_forces) // GET  /task-forces
        .service(get_task_force) // GET  /task-forces/{id}
        .service(plan_task_force) // POST /task-forces/{id}/plan
        .service(report_task_force) // POST /task-forces/{id}/reports
        .service(dissolve_task_force) // POST /task-forces/{id}/dissolve
        .service(list_orders) // GET  /orders
        .service(get_order) // GET  /orders/{order_id}
        .service(sign_order) // POST /orders/{order_id}/sign
        .service(give_feedback) // POST /orders/{order_id}/feedback
        .service(extend_order) // POST /orders/{order_id}/extension
        .service(rework_order) // POST /orders/{order_id}/rework
        .service(recall_order) // POST /orders/{order_id}/recall
        .service(report_up_order) // POST /orders/{order_id}/report-up
        .service(ask_return) // POST /orders/{order_id}/return
        .service(approve_return) // POST /orders/{order_id}/return/approve
        .service(reject_return); // POST /orders/{order_id}/return/reject
}
