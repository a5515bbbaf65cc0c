//! Rate limits.

use super::toy::{Toy, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_limited_and_others_are_not() {
    let toy = Toy::with(|config| {
        config.http.rate_per_second = 1;
        config.http.rate_burst = 3;
    })
    .await;
    let get = |subject: &str| {
        let token = toy
            .issuer
            .token()
            .roles(["window_clerk"])
            .subject(subject)
            .sign()
            .unwrap();
        toy.client
            .get(toy.url("/intake/v1/toys"))
            .bearer_auth(token)
    };
    for _ in 0..3 {
        assert_eq!(refusal(get("a")).await.0, 200);
    }
    let limited = get("a").send().await.unwrap();
    assert_eq!(limited.status(), 429);
    let wait: u64 = limited.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let body: serde_json::Value = limited.json().await.unwrap();
    assert_eq!(body["code"], "too-many-requests");
    assert_eq!(
        refusal(get("b")).await.0,
        200,
        "another caller has a bucket of its own"
    );
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    assert_eq!(
        refusal(get("a")).await.0,
        200,
        "after the wait that was told"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_guesses_tokens_is_limited() {
    let toy = Toy::with(|config| {
        config.http.anonymous_rate_per_second = 1;
        config.http.anonymous_rate_burst = 2;
        config.http.trust_forwarded_for = true;
    })
    .await;
    let from = |address: &str| {
        let request = toy
            .client
            .get(toy.url("/intake/v1/toys"))
            .bearer_auth("guess");
        request.header("x-forwarded-for", format!("9.9.9.9, {address}"))
    };
    assert_eq!(refusal(from("10.0.0.1")).await.0, 401);
    assert_eq!(refusal(from("10.0.0.1")).await.0, 401);
    assert_eq!(refusal(from("10.0.0.1")).await.0, 429);
    assert_eq!(refusal(from("10.0.0.2")).await.0, 401);
    assert_eq!(
        refusal(toy.get("/intake/v1/toys")).await.0,
        200,
        "a valid token is no guess"
    );
    // One subscriber's addresses count together.
    assert_eq!(refusal(from("2001:db8::1")).await.0, 401);
    assert_eq!(refusal(from("2001:db8::2")).await.0, 401);
    assert_eq!(refusal(from("2001:db8::3")).await.0, 429);
}
