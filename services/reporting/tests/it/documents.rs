//! The OpenAPI document made from the routes.

use chassis::http::docs::service_document;
use contracts::Service;
use serde_json::json;

#[test]
fn lists_every_operation_with_its_permission() {
    let document = json!(service_document(
        Service::Reporting,
        reporting::routes::configure
    ));
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters.map(|p| p["name"].as_str().unwrap());
            let own = |name: &&str| !["Idempotency-Key", "If-Match"].contains(name);
            let names: Vec<_> = names.filter(own).collect();
            let permission = operation["security"][0]["bearer"][0].as_str().unwrap();
            let id = operation["operationId"].as_str().unwrap();
            lines.push(format!(
                "{verb} {path} {id} [{permission}] ({})",
                names.join(", ")
            ));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    get /reporting/v1/cases/{case_id}/timeline get_timeline [ledger.read] (case_id, limit, cursor)
    get /reporting/v1/facts list_facts [statistics.read] (node, from, to, limit, cursor)
    get /reporting/v1/facts/events list_fact_events [statistics.read] (node, day, kind, limit, cursor)
    get /reporting/v1/indicators get_indicators [statistics.read] (from, to, region)
    get /reporting/v1/ledger list_ledger [ledger.read] (region, from, to, class, source, channel, type, route, track, colour, outcome, closed, limit, cursor)
    get /reporting/v1/ledger/{case_id} get_ledger_entry [ledger.read] (case_id)
    get /reporting/v1/periods list_periods [statistics.read] (limit, cursor)
    post /reporting/v1/periods close_period [period.close] ()
    get /reporting/v1/periods/{period_id} get_period [statistics.read] (period_id)
    get /reporting/v1/periods/{period_id}/comparison compare_period [statistics.read] (period_id, region)
    post /reporting/v1/periods/{period_id}/versions correct_period [period.close] (period_id)
    get /reporting/v1/periods/{period_id}/versions/{version}/lines list_period_lines [statistics.read] (period_id, version, limit, cursor)
    get /reporting/v1/statistics get_statistics [statistics.read] (dimension, columns, from, to, region, level, rounding)
    ");
}
