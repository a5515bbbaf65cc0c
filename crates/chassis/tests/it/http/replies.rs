//! Successful answers.

use serde_json::json;

use super::toy::Toy;

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_a_reply() {
    let toy = Toy::start().await;
    let made = toy
        .post_json("/intake/v1/toys", r#"{"name":"a","size":1}"#)
        .header("idempotency-key", "k1");
    let made = made.send().await.unwrap();
    assert_eq!(made.status(), 201);
    assert_eq!(made.headers()["etag"], "\"1\"");
    assert_eq!(made.headers()["location"], "/intake/v1/toys/1");
    assert_eq!(made.headers()["content-type"], "application/json");
    assert!(made.headers().get("idempotency-replayed").is_none());
    let csp = "default-src 'none'; frame-ancestors 'none'";
    assert_eq!(made.headers()["content-security-policy"], csp);
    let body: serde_json::Value = made.json().await.unwrap();
    assert_eq!(
        (&body["maker"], &body["key"]),
        (&json!("main"), &json!("k1"))
    );
    let again = toy.post("/intake/v1/replay").send().await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.headers()["etag"], "\"9\"");
}

#[test]
fn a_stored_reply_is_the_same_reply() {
    let reply = chassis::http::Reply::created("/x/1", json!({ "a": 1 })).version(3);
    let stored = serde_json::to_value(&reply).unwrap();
    let read: chassis::http::Reply = serde_json::from_value(stored).unwrap();
    assert_eq!(read, reply);
    let stored = serde_json::to_value(reply.replayed()).unwrap();
    let read: chassis::http::Reply = serde_json::from_value(stored).unwrap();
    assert!(
        !read.replayed,
        "whether it is replayed is no part of what is stored"
    );
}
