//! The documents and their pages.

use chassis::http::docs::{merged_document, service_document};
use chassis::http::{Reply, ServiceConfig};
use contracts::Service;
use serde_json::Value;

use super::toy::{Toy, routes};

#[tokio::test(flavor = "multi_thread")]
async fn documents_and_pages_come_from_this_server() {
    let toy = Toy::start().await;
    let get = async |path: &str| {
        let response = toy.client.get(toy.url(path)).send().await.unwrap();
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        (
            response.status().as_u16(),
            policy,
            response.text().await.unwrap(),
        )
    };
    for path in ["/openapi.json", "/intake/openapi.json"] {
        let (status, _, text) = get(path).await;
        assert_eq!(status, 200);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            document["paths"]["/intake/v1/toys"]["post"]["operationId"],
            "make_toy"
        );
    }
    let (status, policy, page) = get("/docs").await;
    assert_eq!(status, 200, "redirected to the page");
    assert!(policy.contains("script-src") || policy.contains("default-src 'self'"));
    assert!(
        !page.contains("http://") && !page.contains("https://"),
        "no file from elsewhere: {page}"
    );
    for file in [
        "swagger-ui-bundle.js",
        "swagger-ui.css",
        "swagger-initializer.js",
    ] {
        assert!(page.contains(file), "{file}");
        assert_eq!(get(&format!("/docs/{file}")).await.0, 200, "{file}");
    }
    let (_, _, start) = get("/docs/swagger-initializer.js").await;
    assert!(
        start.contains("/openapi.json") && start.contains("/intake/openapi.json"),
        "{start}"
    );
}

#[test]
fn a_service_document_is_complete() {
    let document = serde_json::to_value(service_document(Service::Intake, routes)).unwrap();
    let make = &document["paths"]["/intake/v1/toys"]["post"];
    let responses: Vec<&String> = make["responses"].as_object().unwrap().keys().collect();
    let expected = [
        "201", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503",
    ];
    assert_eq!(responses, expected);
    let schema = &make["responses"]["422"]["content"]["application/problem+json"]["schema"];
    assert_eq!(schema["$ref"], "#/components/schemas/Problem");
    let names: Vec<&String> = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    for name in ["Problem", "FieldProblem", "NewToy", "Part", "Colour"] {
        assert!(
            names.iter().any(|known| *known == name),
            "{name} in {names:?}"
        );
    }
    assert_eq!(
        document["components"]["securitySchemes"]["bearer"]["scheme"],
        "bearer"
    );
    assert_eq!(
        document["paths"]["/intake/v1/toys"]["get"]["parameters"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

mod other {
    use super::{Reply, ServiceConfig};
    use actix_web::get;
    use serde::Serialize;
    use utoipa::ToSchema;

    #[derive(Serialize, ToSchema)]
    pub struct ToyView {
        other: String,
    }

    #[utoipa::path(get, path = "/triage/v1/toys", responses((status = 200, body = ToyView)))]
    #[get("/toys")]
    async fn other_toys() -> Reply {
        Reply::ok(ToyView {
            other: String::new(),
        })
    }

    pub fn routes(config: &mut ServiceConfig<'_>) {
        config.service(other_toys);
    }
}

#[test]
fn schemas_of_one_name_are_kept_apart() {
    let merged = merged_document(&[(Service::Intake, routes), (Service::Triage, other::routes)]);
    let schemas = merged["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("IntakeToyView") && schemas.contains_key("TriageToyView"));
    assert!(!schemas.contains_key("ToyView"));
    assert!(
        schemas.contains_key("NewToy"),
        "what is unambiguous keeps its name"
    );
    let answer = |path: &str, method: &str, status: &str| {
        merged["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
            ["$ref"]
            .clone()
    };
    assert_eq!(
        answer("/intake/v1/toys", "post", "201"),
        "#/components/schemas/IntakeToyView"
    );
    assert_eq!(
        answer("/triage/v1/toys", "get", "200"),
        "#/components/schemas/TriageToyView"
    );
    let text = merged.to_string();
    for link in text.split("\"#/components/schemas/").skip(1) {
        let name = link.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is referred to");
    }
}
