//! The OpenAPI document made from the routes.

use chassis::http::docs::service_document;
use contracts::Service;
use serde_json::json;

#[test]
fn lists_every_operation_with_its_permission() {
    let document = json!(service_document(Service::Intake, intake::routes::configure));
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names: Vec<_> = parameters.map(|p| p["name"].as_str().unwrap()).collect();
            let permission = operation["security"][0]["bearer"][0].as_str().unwrap();
            let id = operation["operationId"].as_str().unwrap();
            lines.push(format!(
                "{verb} {path} {id} [{permission}] ({})",
                names.join(", ")
            ));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    get /intake/v1/cases/{id} get_case [matter.read] (id)
    get /intake/v1/cases/{id}/timeline get_timeline [matter.read] (id, limit, cursor)
    get /intake/v1/matters list_matters [matter.read] (state, region, class, from, to, limit, cursor)
    post /intake/v1/matters register_matter [matter.register] ()
    get /intake/v1/matters/{id} get_matter [matter.read] (id)
    post /intake/v1/matters/{id}/accept accept_matter [matter.accept] (id)
    post /intake/v1/matters/{id}/answer answer_matter [matter.accept] (id)
    post /intake/v1/matters/{id}/decline decline_matter [matter.accept] (id)
    get /intake/v1/matters/{id}/parties list_parties [party.read] (id)
    ");
}
