//! The OpenAPI document of the service.

use chassis::http::docs::service_document;
use contracts::Service;

#[test]
fn names_every_operation_with_its_full_path() {
    let document = service_document(Service::Federation, federation::routes::configure);
    for path in [
        "/cases/{case_id}/accountability",
        "/cases/{case_id}/dossier",
        "/request-batches",
        "/requests",
        "/requests/{id}",
        "/requests/{id}/feed-back",
        "/requests/{id}/finish",
        "/requests/{id}/recall",
        "/requests/{id}/refuse",
        "/requests/{id}/rework",
        "/requests/{id}/sign",
        "/requests/{id}/urge",
    ] {
        let path = format!("/federation/v1{path}");
        assert!(document.paths.paths.contains_key(&path), "{path}");
    }
}
