//! What operators ask.

use std::time::Duration;

use serde_json::json;

use super::toy::{Toy, answer};

#[tokio::test(flavor = "multi_thread")]
async fn alive_ready_and_counted() {
    let toy = Toy::start().await;
    let get = |path: &str| toy.client.get(toy.url(path));
    assert_eq!(
        answer(get("/livez")).await,
        (200, json!({ "status": "live" }))
    );
    let keys = json!({ "name": "auth.keys", "status": "ok" });
    assert_eq!(
        answer(get("/readyz")).await,
        (200, json!({ "status": "ready", "checks": [keys] }))
    );

    toy.readiness.register("a.slow", || async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok::<(), String>(())
    });
    toy.readiness.register("b.broken", || async {
        Err("postgres://user:password@host")
    });
    toy.readiness
        .register("c.fine", || async { Ok::<(), String>(()) });
    let (status, report) = answer(get("/readyz")).await;
    assert_eq!(status, 503);
    let checks = json!([
        keys,
        { "name": "a.slow", "status": "timed_out" },
        { "name": "b.broken", "status": "failing" },
        { "name": "c.fine", "status": "ok" },
    ]);
    assert_eq!(report, json!({ "status": "not_ready", "checks": checks }));
    assert_eq!(
        answer(get("/livez")).await.0,
        200,
        "a process that is not ready is still alive"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_name_routes_never_paths() {
    let toy = Toy::start().await;
    let id = "019a0000-0000-7000-8000-0000000000ff";
    assert_eq!(
        answer(toy.post(&format!("/intake/v1/toys/{id}/rename")))
            .await
            .0,
        200
    );
    assert_eq!(
        answer(toy.get("/intake/v1/secret-path-4711?secret=4711"))
            .await
            .0,
        404
    );
    let odd = toy
        .client
        .request("ODD4711".parse().unwrap(), toy.url("/livez"));
    assert_eq!(answer(odd).await.0, 405);
    let response = toy.client.get(toy.url("/metrics")).send().await.unwrap();
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    let text = response.text().await.unwrap();
    let line = r#"fengqiao_http_requests_total{method="POST",route="/intake/v1/toys/{id}/rename",status="200"}"#;
    assert!(text.contains(line), "{text}");
    assert!(text.contains(r#"route="unmatched",status="404""#), "{text}");
    assert!(
        text.contains("fengqiao_http_request_duration_seconds_bucket"),
        "{text}"
    );
    assert!(text.contains("fengqiao_http_in_flight"), "{text}");
    assert!(!text.contains("4711") && !text.contains(id), "{text}");
}
