//! What a problem looks like.

use super::toy::{Toy, answer, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn every_shape_of_a_problem() {
    let toy = Toy::start().await;
    let (status, rule) = answer(toy.get("/intake/v1/fail/rule")).await;
    assert_eq!(status, 422);
    insta::assert_json_snapshot!(rule, @r#"
    {
      "code": "text-too-long",
      "detail": "不得超过 200 字",
      "detail_en": "At most 200 characters",
      "detail_zh": "不得超过 200 字",
      "pointer": "/name",
      "status": 422,
      "title": "文字超过长度限制",
      "title_en": "The text is too long",
      "title_zh": "文字超过长度限制",
      "type": "urn:fengqiao:problem:text-too-long"
    }
    "#);
    let (_, several) = answer(toy.get("/intake/v1/fail/several")).await;
    insta::assert_json_snapshot!(several["errors"], @r#"
    [
      {
        "detail_en": "too long",
        "detail_zh": "过长",
        "pointer": "/a"
      },
      {
        "detail_en": "too long",
        "detail_zh": "过长",
        "pointer": "/b/0"
      }
    ]
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_the_callers() {
    let toy = Toy::start().await;
    let english = toy
        .get("/intake/v1/fail/rule")
        .header("accept-language", "en-GB, zh;q=0.5");
    let response = english.send().await.unwrap();
    assert_eq!(response.headers()["content-language"], "en");
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["title"], "The text is too long");
    assert_eq!(body["detail"], "At most 200 characters");
    assert_eq!(
        body["title_zh"], "文字超过长度限制",
        "the other language is there too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_faults_tell_nothing() {
    let toy = Toy::start().await;
    for how in ["machine", "io", "panic"] {
        let response = toy
            .get(&format!("/intake/v1/fail/{how}"))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 500, "{how}");
        let text = response.text().await.unwrap();
        assert!(text.contains("\"code\":\"internal\""), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
    // The worker survives its panics.
    assert_eq!(refusal(toy.get("/intake/v1/fail/rule")).await.0, 422);
    let busy = toy.get("/intake/v1/fail/busy").send().await.unwrap();
    assert_eq!(busy.status(), 503);
    assert_eq!(busy.headers()["retry-after"], "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods() {
    let toy = Toy::start().await;
    for path in [
        "/",
        "/nothing",
        "/intake/v1/nothing",
        "/intake/v2/toys",
        "/docs/nothing.js",
    ] {
        let (status, code, _) = refusal(toy.get(path)).await;
        assert_eq!((status, code.as_str()), (404, "not-found"), "{path}");
    }
    let wrong = [
        ("DELETE", "/intake/v1/toys", "GET, POST"),
        (
            "GET",
            "/intake/v1/toys/019a0000-0000-7000-8000-000000000001/rename",
            "POST",
        ),
        ("POST", "/livez", "GET"),
        ("POST", "/openapi.json", "GET"),
    ];
    for (method, path, allowed) in wrong {
        let method: reqwest::Method = method.parse().unwrap();
        let response = toy
            .client
            .request(method, toy.url(path))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 405, "{path}");
        assert_eq!(response.headers()["allow"], allowed, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!(body["code"], "method-not-allowed", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_takes_too_long_is_given_up() {
    let limit = std::time::Duration::from_millis(200);
    let toy = Toy::with(|config| config.http.request_timeout = limit).await;
    let (status, code, _) = refusal(toy.get("/intake/v1/wait?ms=5000")).await;
    assert_eq!((status, code.as_str()), (503, "unavailable"));
    assert_eq!(answer(toy.get("/intake/v1/wait?ms=0")).await.0, 204);
}
