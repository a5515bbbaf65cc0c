//! Tokens, checked the way a service checks them: by the published keys.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;
use testkit::{JwksServer, TestIssuer};

fn check(issuer: &TestIssuer, token: &str) -> Result<Value, ErrorKind> {
    let keys: JwkSet = serde_json::from_value(issuer.jwks()).unwrap();
    let header = jsonwebtoken::decode_header(token).map_err(|error| error.kind().clone())?;
    let key = keys.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[TestIssuer::ISSUER]);
    validation.set_audience(&[TestIssuer::AUDIENCE]);
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation)
        .map(|token| token.claims)
        .map_err(|error| error.kind().clone())
}

#[test]
fn a_right_token_carries_what_was_asked_for() {
    let issuer = TestIssuer::new().unwrap();
    let organisation = "0190a5b0-0000-7000-8000-000000000001";
    let token = issuer
        .token()
        .roles(["window_clerk"])
        .region("620602")
        .organisation(organisation)
        .subject("li");
    let claims = check(&issuer, &token.sign().unwrap()).unwrap();
    assert_eq!(claims["roles"], serde_json::json!(["window_clerk"]));
    assert_eq!(
        (&claims["region"], &claims["sub"]),
        (&"620602".into(), &"li".into())
    );
    assert_eq!(claims["organisation"], organisation);
    let plain = check(&issuer, &issuer.token().without("region").sign().unwrap()).unwrap();
    assert!(plain.get("organisation").is_none() && plain.get("region").is_none());
}

#[test]
fn every_wrong_token_is_wrong_in_its_own_way() {
    let issuer = TestIssuer::new().unwrap();
    let refused = |token: anyhow::Result<String>| check(&issuer, &token.unwrap()).unwrap_err();
    assert_eq!(
        refused(issuer.token().expired().sign()),
        ErrorKind::ExpiredSignature
    );
    assert_eq!(
        refused(issuer.token().issuer("https://elsewhere.test").sign()),
        ErrorKind::InvalidIssuer
    );
    assert_eq!(
        refused(issuer.token().audience("other").sign()),
        ErrorKind::InvalidAudience
    );
    assert_eq!(
        refused(issuer.token().wrong_key().sign()),
        ErrorKind::InvalidSignature
    );
    assert!(matches!(
        refused(issuer.token().unsigned().sign()),
        ErrorKind::Json(_) | ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm
    ));
}

#[tokio::test]
async fn keys_are_published_and_can_be_changed() {
    let (first, second) = (TestIssuer::new().unwrap(), TestIssuer::new().unwrap());
    let server = JwksServer::start(&first).await.unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    let fetch = async || -> Value {
        client
            .get(server.url())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    assert_eq!(fetch().await, first.jwks());
    server.publish(&second);
    assert_eq!(fetch().await, second.jwks());
    assert_eq!(server.asked(), 2);
}
