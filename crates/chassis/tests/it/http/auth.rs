//! Tokens and permissions.

use std::time::Duration;

use chassis::config::AuthConfig;
use chassis::http::Auth;
use serde_json::json;
use testkit::{JwksServer, TestIssuer};

use super::toy::{Toy, answer, refusal};

const LIST: &str = "/intake/v1/toys";

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_token() {
    let toy = Toy::start().await;
    let good = || toy.issuer.token().roles(["window_clerk"]);
    let expired_long_ago = good().expired();
    let cases = [
        ("good", good().sign(), 200, ""),
        (
            "among unknown roles",
            good().roles(["window_clerk", "king"]).sign(),
            200,
            "",
        ),
        ("expired", expired_long_ago.sign(), 401, "token-expired"),
        (
            "wrong issuer",
            good().issuer("https://elsewhere").sign(),
            401,
            "token-invalid",
        ),
        (
            "wrong audience",
            good().audience("another").sign(),
            401,
            "token-invalid",
        ),
        (
            "another's key",
            good().wrong_key().sign(),
            401,
            "token-invalid",
        ),
        ("unsigned", good().unsigned().sign(), 401, "token-invalid"),
        (
            "not yet",
            good().claim("nbf", 4_000_000_000_u64).sign(),
            401,
            "token-invalid",
        ),
        (
            "no subject",
            good().without("sub").sign(),
            401,
            "token-invalid",
        ),
        (
            "empty subject",
            good().subject("").sign(),
            401,
            "token-invalid",
        ),
        (
            "no issuer",
            good().without("iss").sign(),
            401,
            "token-invalid",
        ),
        (
            "no audience",
            good().without("aud").sign(),
            401,
            "token-invalid",
        ),
        (
            "no region",
            good().without("region").sign(),
            401,
            "token-invalid",
        ),
        (
            "bad region",
            good().region("62x6").sign(),
            401,
            "token-invalid",
        ),
        (
            "bad roles",
            good().claim("roles", "window_clerk").sign(),
            401,
            "token-invalid",
        ),
        (
            "bad organisation",
            good().claim("organisation", "x").sign(),
            401,
            "token-invalid",
        ),
        ("no role", toy.issuer.token().sign(), 403, "forbidden"),
        (
            "another role",
            toy.issuer.token().roles(["leader"]).sign(),
            403,
            "forbidden",
        ),
    ];
    for (name, token, status, code) in cases {
        let request = toy.client.get(toy.url(LIST)).bearer_auth(token.unwrap());
        let refused = refusal(request).await;
        assert_eq!((refused.0, refused.1.as_str()), (status, code), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_header() {
    let toy = Toy::start().await;
    let (token, long) = (toy.token(), "x".repeat(10_000));
    let cases = [
        (vec![], 401, "token-missing"),
        (vec!["Bearer".to_owned()], 401, "token-invalid"),
        (vec!["Bearer ".to_owned()], 401, "token-invalid"),
        (vec!["Basic YTpi".to_owned()], 401, "token-invalid"),
        (vec!["Bearer not.a.token".to_owned()], 401, "token-invalid"),
        (vec![format!("Bearer {long}")], 401, "token-invalid"),
        (
            vec![format!("Bearer {token}"), format!("Bearer {token}")],
            401,
            "token-invalid",
        ),
        (vec![format!("bearer {token}")], 200, ""),
    ];
    for (headers, status, code) in cases {
        let mut request = toy.client.get(toy.url(LIST));
        for header in &headers {
            request = request.header("authorization", header);
        }
        let refused = refusal(request).await;
        assert_eq!(
            (refused.0, refused.1.as_str()),
            (status, code),
            "{headers:?}"
        );
    }
    let challenge = toy.client.get(toy.url(LIST)).send().await.unwrap();
    assert_eq!(
        challenge.headers()["www-authenticate"],
        "Bearer realm=\"fengqiao\""
    );
    let challenge = toy
        .client
        .get(toy.url(LIST))
        .bearer_auth("x")
        .send()
        .await
        .unwrap();
    let expected = "Bearer realm=\"fengqiao\", error=\"invalid_token\"";
    assert_eq!(challenge.headers()["www-authenticate"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_looked_at_before_the_rest_of_the_request() {
    let toy = Toy::start().await;
    let anonymous = toy
        .client
        .post(toy.url("/intake/v1/toys/not-an-id/rename?x=1"))
        .body("{");
    assert_eq!(refusal(anonymous).await.1, "token-missing");
    let leader = toy.issuer.token().roles(["leader"]).sign().unwrap();
    let powerless = toy
        .client
        .post(toy.url("/intake/v1/toys"))
        .bearer_auth(leader)
        .body("{");
    assert_eq!(refusal(powerless).await.1, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scope_follows_the_roles_that_permit() {
    let toy = Toy::start().await;
    let organisation = "019a0000-0000-7000-8000-00000000000a";
    let scope = async |roles: &[&str], organisation: Option<&str>| {
        let token = toy
            .issuer
            .token()
            .roles(roles)
            .region("620602")
            .subject("u1");
        let token = match organisation {
            Some(id) => token.organisation(id),
            None => token,
        };
        answer(
            toy.client
                .get(toy.url("/intake/v1/scope"))
                .bearer_auth(token.sign().unwrap()),
        )
        .await
    };
    let applicant = json!({ "region": "620602", "organisation": null, "applicant": "u1" });
    let bound = json!({ "region": "620602", "organisation": organisation, "applicant": null });
    assert_eq!(scope(&["applicant"], None).await, (200, applicant.clone()));
    assert_eq!(
        scope(&["mediator"], Some(organisation)).await,
        (200, bound.clone())
    );
    assert_eq!(
        scope(&["applicant", "mediator"], Some(organisation)).await,
        (200, bound.clone())
    );
    // A clerk may do much, but not this: the clerk's wider view does not carry over.
    assert_eq!(
        scope(&["window_clerk", "mediator"], Some(organisation)).await,
        (200, bound)
    );
    assert_eq!(
        scope(&["window_clerk", "applicant"], None).await,
        (200, applicant)
    );
    let (status, body) = scope(&["mediator"], None).await;
    assert_eq!(
        (status, &body["code"]),
        (403, &json!("forbidden")),
        "no organisation, no scope"
    );
}

fn remote(server: &JwksServer) -> AuthConfig {
    AuthConfig {
        issuer: TestIssuer::ISSUER.to_owned(),
        jwks_url: Some(server.url()),
        refetch_interval: Duration::from_millis(300),
        ..AuthConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_fetched_once_and_an_unknown_one_not_often() {
    let (old, new) = (TestIssuer::new().unwrap(), TestIssuer::new().unwrap());
    let server = JwksServer::start(&old).await.unwrap();
    let auth = Auth::new(&remote(&server)).await.unwrap();
    assert!(auth.is_ready());
    auth.verify(&old.token().sign().unwrap()).await.unwrap();
    assert_eq!(server.asked(), 1);
    // Right after a reading, invented keys cause none.
    for _ in 0..20 {
        let refused = auth.verify(&new.token().sign().unwrap()).await.unwrap_err();
        assert_eq!(refused.code().code, "token-invalid");
    }
    assert_eq!(
        server.asked(),
        1,
        "the interval limits how often the issuer is asked"
    );
    server.publish(&new);
    tokio::time::sleep(Duration::from_millis(350)).await;
    auth.verify(&new.token().sign().unwrap()).await.unwrap();
    assert_eq!(server.asked(), 2);
    let withdrawn = auth.verify(&old.token().sign().unwrap()).await.unwrap_err();
    assert_eq!(withdrawn.code().code, "token-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_key_also_ends_remembered_tokens() {
    let (old, new) = (TestIssuer::new().unwrap(), TestIssuer::new().unwrap());
    let server = JwksServer::start(&old).await.unwrap();
    let auth = Auth::new(&remote(&server)).await.unwrap();
    let token = old.token().sign().unwrap();
    auth.verify(&token).await.unwrap();
    server.publish(&new);
    auth.verify(&token).await.expect("remembered");
    auth.refresh().await.unwrap();
    assert_eq!(
        auth.verify(&token).await.unwrap_err().code().code,
        "token-invalid"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_token_still_expires() {
    let issuer = TestIssuer::new().unwrap();
    let server = JwksServer::start(&issuer).await.unwrap();
    let auth = Auth::new(&AuthConfig {
        leeway: Duration::ZERO,
        ..remote(&server)
    })
    .await
    .unwrap();
    let token = issuer
        .token()
        .expires_in(chrono::Duration::seconds(2))
        .sign()
        .unwrap();
    auth.verify(&token).await.unwrap();
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(
        auth.verify(&token).await.unwrap_err().code().code,
        "token-expired"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_the_process_is_unavailable_not_wrong() {
    let config = AuthConfig {
        issuer: TestIssuer::ISSUER.to_owned(),
        jwks_url: Some("http://127.0.0.1:9/keys".to_owned()),
        ..AuthConfig::default()
    };
    let auth = Auth::new(&config)
        .await
        .expect("the start does not depend on the issuer");
    assert!(!auth.is_ready());
    let token = TestIssuer::new().unwrap().token().sign().unwrap();
    assert_eq!(
        auth.verify(&token).await.unwrap_err().code().code,
        "unavailable"
    );
}

/// The same with the two other kinds of keys an issuer may have, and with keys that must not count.
#[tokio::test(flavor = "multi_thread")]
async fn algorithms() {
    use aws_lc_rs::encoding::AsDer as _;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
    use jsonwebtoken::{Algorithm, EncodingKey, Header};

    let pair = Ed25519KeyPair::generate().unwrap();
    let document = pair.to_pkcs8v1().unwrap();
    let _: Result<aws_lc_rs::encoding::PublicKeyX509Der<'_>, _> = pair.public_key().as_der();
    let public = B64.encode(pair.public_key().as_ref());
    let keys = json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "x": public, "kid": "ed" },
        { "kty": "OKP", "crv": "Ed25519", "x": public, "kid": "for-encryption", "use": "enc" },
        { "kty": "oct", "k": B64.encode(b"a shared secret"), "kid": "shared", "alg": "HS256" },
    ] });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, keys.to_string()).unwrap();
    let config = AuthConfig {
        issuer: "i".to_owned(),
        jwks_file: Some(file),
        ..AuthConfig::default()
    };
    let auth = Auth::new(&config).await.unwrap();
    let sign = |algorithm, kid: &str, key: &EncodingKey| {
        let mut header = Header::new(algorithm);
        header.kid = Some(kid.to_owned());
        let claims = json!({ "iss": "i", "aud": "fengqiao", "sub": "s", "exp": 4_000_000_000_u64, "region": "62" });
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    };
    let private = EncodingKey::from_ed_der(document.as_ref());
    auth.verify(&sign(Algorithm::EdDSA, "ed", &private))
        .await
        .expect("EdDSA is allowed");
    let shared = EncodingKey::from_secret(b"a shared secret");
    // The classic attack: the public key taken for a shared secret.
    let confused = EncodingKey::from_secret(&B64.decode(&public).unwrap());
    for (algorithm, kid, key) in [
        (Algorithm::HS256, "shared", &shared),
        (Algorithm::HS256, "ed", &confused),
        (Algorithm::EdDSA, "for-encryption", &private),
    ] {
        let refused = auth.verify(&sign(algorithm, kid, key)).await.unwrap_err();
        assert_eq!(refused.code().code, "token-invalid", "{algorithm:?} {kid}");
    }
}
