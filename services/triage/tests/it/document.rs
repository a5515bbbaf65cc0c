//! The OpenAPI document of the service.

use chassis::http::docs::service_document;
use contracts::Service;

#[test]
fn names_every_operation_with_its_full_path() {
    let document = service_document(Service::Triage, triage::routes::configure);
    let paths: Vec<_> = document.paths.paths.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/triage/v1/cases",
            "/triage/v1/cases/{case_id}",
            "/triage/v1/cases/{case_id}/assist",
            "/triage/v1/cases/{case_id}/consultations",
            "/triage/v1/cases/{case_id}/decide",
            "/triage/v1/cases/{case_id}/designate",
            "/triage/v1/cases/{case_id}/dispatch",
            "/triage/v1/cases/{case_id}/hand-over",
            "/triage/v1/cases/{case_id}/lower-risk",
            "/triage/v1/cases/{case_id}/raise-risk",
            "/triage/v1/cases/{case_id}/studies",
            "/triage/v1/cases/{case_id}/supervise",
            "/triage/v1/cases/{case_id}/urge",
            "/triage/v1/consultations",
            "/triage/v1/consultations/{id}",
            "/triage/v1/consultations/{id}/conclude",
            "/triage/v1/consultations/{id}/report-in",
            "/triage/v1/orders",
            "/triage/v1/orders/{order_id}",
            "/triage/v1/orders/{order_id}/extension",
            "/triage/v1/orders/{order_id}/feedback",
            "/triage/v1/orders/{order_id}/recall",
            "/triage/v1/orders/{order_id}/report-up",
            "/triage/v1/orders/{order_id}/return",
            "/triage/v1/orders/{order_id}/return/approve",
            "/triage/v1/orders/{order_id}/return/reject",
            "/triage/v1/orders/{order_id}/rework",
            "/triage/v1/orders/{order_id}/sign",
            "/triage/v1/rosters",
            "/triage/v1/rosters/{id}/remove",
            "/triage/v1/supervisions",
            "/triage/v1/supervisions/{id}",
            "/triage/v1/supervisions/{id}/close",
            "/triage/v1/supervisions/{id}/reply",
            "/triage/v1/task-forces",
            "/triage/v1/task-forces/{id}",
            "/triage/v1/task-forces/{id}/dissolve",
            "/triage/v1/task-forces/{id}/plan",
            "/triage/v1/task-forces/{id}/reports",
        ]
    );
}
