//! The OpenAPI document of the service.

use chassis::http::docs::service_document;
use contracts::Service;
use serde_json::json;

#[test]
fn names_every_operation_with_its_full_path() {
    let document = json!(service_document(
        Service::Mediation,
        mediation::routes::configure
    ));
    let mut operations: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(verb, operation)| (path, verb, operation))
        })
        .map(|(path, verb, operation)| {
            let id = operation["operationId"].as_str().unwrap();
            let permission = operation["security"][0]["bearer"][0].as_str().unwrap();
            format!("{} {path} {id} {permission}", verb.to_uppercase())
        })
        .collect();
    operations.sort();
    insta::assert_snapshot!(operations.join("\n"));
}
