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
            "/triage/v1/cases/{case_id}/decide",
            "/triage/v1/cases/{case_id}/dispatch",
            "/triage/v1/orders",
            "/triage/v1/orders/{order_id}",
            "/triage/v1/orders/{order_id}/sign",
        ]
    );
}
