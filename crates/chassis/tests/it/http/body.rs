//! Bodies, headers and parameters that are not what they should be.

use super::toy::{Toy, answer, refusal};

const MAKE: &str = "/intake/v1/toys";
const RENAME: &str = "/intake/v1/toys/019a0000-0000-7000-8000-000000000001/rename";

#[tokio::test(flavor = "multi_thread")]
async fn the_pointer_names_the_bad_field() {
    let toy = Toy::start().await;
    let cases = [
        (r#"{"name":"a"}"#, "invalid-body", "/size"),
        (
            r#"{"name":"a","size":1,"extra":1}"#,
            "invalid-body",
            "/extra",
        ),
        (
            r#"{"name":"a","name":"b","size":1}"#,
            "invalid-body",
            "/name",
        ),
        (r#"{"name":7,"size":1}"#, "invalid-body", "/name"),
        (r#"{"name":"a","size":-1}"#, "invalid-body", "/size"),
        (r#"{"name":"a","size":4294967296}"#, "invalid-body", "/size"),
        (
            r#"{"name":"a","size":1,"colour":"green"}"#,
            "invalid-body",
            "/colour",
        ),
        (
            r#"{"name":"a","size":1,"region":"62x"}"#,
            "invalid-region",
            "/region",
        ),
        (
            r#"{"name":"a","size":1,"region":62}"#,
            "invalid-body",
            "/region",
        ),
        (
            r#"{"name":"a","size":1,"parts":[{"name":"p","weight":1},{"name":"q"}]}"#,
            "invalid-body",
            "/parts/1/weight",
        ),
        (
            r#"{"name":"a","size":1,"parts":[{"name":"p","weight":1,"a/b~c":0}]}"#,
            "invalid-body",
            "/parts/0/a~1b~0c",
        ),
        (
            r#"{"name":"a","size":1,"parts":{}}"#,
            "invalid-body",
            "/parts",
        ),
        (r#"[]"#, "invalid-body", ""),
        (r#"["a",1,null,null,[]]"#, "invalid-body", ""),
        (r#"null"#, "invalid-body", ""),
    ];
    for (body, code, pointer) in cases {
        let refused = refusal(toy.post_json(MAKE, body)).await;
        assert_eq!(
            refused,
            (422, code.to_owned(), Some(pointer.to_owned())),
            "{body}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_told_with_its_place() {
    let toy = Toy::start().await;
    let (status, problem) = answer(toy.post_json(MAKE, "{\"name\": \"a\",\n \"size\": }")).await;
    assert_eq!(status, 400);
    assert_eq!(problem["code"], "malformed-json");
    assert_eq!(problem["detail_en"], "Syntax error at line 2, column 10");
    for body in [
        "{",
        "",
        " ",
        r#"{"name":"a","size":1} {}"#,
        "{'a':1}",
        "\u{feff}{}",
        "NaN",
        "{\"name\":\"a\u{1}\"}",
    ] {
        let refused = refusal(toy.post_json(MAKE, body)).await;
        assert_eq!(
            (refused.0, refused.1.as_str()),
            (400, "malformed-json"),
            "{body:?}"
        );
    }
    let not_utf8 = toy
        .post(MAKE)
        .header("content-type", "application/json")
        .body(vec![b'"', 0xff, b'"']);
    assert_eq!(refusal(not_utf8).await.1, "malformed-json");
    let nul = toy.post_json(MAKE, r#"{"name":"a\u0000","size":1}"#);
    assert_eq!(refusal(nul).await.1, "invalid-body");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_ever_repeated() {
    let toy = Toy::start().await;
    let secret = "\u{5f20}\u{4e09}620102199001011234";
    let bodies = [
        format!(r#"{{"name":"a","size":"{secret}"}}"#),
        format!(r#"{{"name":"a","size":1,"colour":"{secret}"}}"#),
        format!(r#"{{"name":"a","size":1,"colour":"{secret}, expected {secret}"}}"#),
        format!(r#"{{"name":"a","size":1,"region":"{secret}"}}"#),
        format!(r#"{{"name":"a","size":1,"parts":"{secret}"}}"#),
        format!(r#""{secret}""#),
        format!(r#"{{"name":"{secret}"#),
    ];
    for body in bodies {
        let response = toy.post_json(MAKE, body.clone()).send().await.unwrap();
        assert!(response.status().is_client_error());
        let text = response.text().await.unwrap();
        assert!(!text.contains("620102199001011234"), "{body} -> {text}");
    }
    for query in ["?limit=", "?from=", "?colour=", "?cursor="] {
        let response = toy
            .get(&format!("{MAKE}{query}620102199001011234"))
            .send()
            .await
            .unwrap();
        assert!(response.status().is_client_error(), "{query}");
        assert!(
            !response
                .text()
                .await
                .unwrap()
                .contains("620102199001011234"),
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expected_is_told() {
    let toy = Toy::start().await;
    let (_, problem) = answer(toy.post_json(MAKE, r#"{"name":"a","size":1,"colour":"x"}"#)).await;
    insta::assert_json_snapshot!(problem["detail_en"], @r#""This is not one of the values allowed; expected `red` or `blue`""#);
    insta::assert_json_snapshot!(problem["detail_zh"], @r#""不在允许的取值之内,应为`red`、`blue`""#);
    let (_, problem) = answer(toy.post_json(MAKE, r#"{"name":"a","size":true}"#)).await;
    insta::assert_json_snapshot!(problem["detail_en"], @r#""This has the wrong type; expected a whole number, not negative""#);
}

#[tokio::test(flavor = "multi_thread")]
async fn size_and_type() {
    let toy = Toy::with(|config| config.http.body_limit = 2048).await;
    let fits = format!(r#"{{"name":"{}","size":1}}"#, "枫".repeat(600));
    assert_eq!(answer(toy.post_json(MAKE, fits)).await.0, 201);
    let declared = toy.post_json(MAKE, "x".repeat(2049));
    let refused = refusal(declared).await;
    assert_eq!((refused.0, refused.1.as_str()), (413, "body-too-large"));
    // Without a length, it is noticed on the way.
    let chunk = format!("400\r\n{}\r\n", " ".repeat(1024));
    assert_eq!(
        raw(&toy, "transfer-encoding: chunked", &chunk.repeat(3)).await,
        "HTTP/1.1 413"
    );
    for (kind, expected) in [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("Application/JSON;charset=UTF-8", 201),
        ("application/json; charset=gbk", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ] {
        let request = toy
            .post(MAKE)
            .header("content-type", kind)
            .body(r#"{"name":"a","size":1}"#);
        assert_eq!(answer(request).await.0, expected, "{kind}");
    }
    let packed = toy.post_json(MAKE, "x").header("content-encoding", "gzip");
    assert_eq!(refusal(packed).await.1, "unsupported-media-type");
    let untyped = toy.post(MAKE).body("{}");
    assert_eq!(refusal(untyped).await.1, "unsupported-media-type");
}

/// Sends a request by hand and gives the beginning of the answer.
async fn raw(toy: &Toy, header: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(toy.address).await.unwrap();
    let token = toy.token();
    let head = format!("POST {MAKE} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n");
    let text = format!("{head}content-type: application/json\r\n{header}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let limit = std::time::Duration::from_millis(300);
    let toy = Toy::with(|config| config.http.request_timeout = limit).await;
    assert_eq!(raw(&toy, "content-length: 50", "{").await, "HTTP/1.1 408");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_a_command() {
    let toy = Toy::start().await;
    let refused = async |name: &str, value: &str| {
        let request = toy.post_json(RENAME, "").header(name, value);
        let (status, code, _) = refusal(request).await;
        (status, code)
    };
    let ok = (200, String::new());
    let invalid = (400, "invalid-header".to_owned());
    assert_eq!(refused("if-match", "\"3\"").await, ok);
    assert_eq!(refused("if-match", "*").await, ok);
    assert_eq!(
        refused("if-match", "\"2\"").await,
        (412, "stale-version".to_owned())
    );
    for value in [
        "3",
        "W/\"3\"",
        "\"\"",
        "\"-3\"",
        "\"3\", \"4\"",
        "\"99999999999999999999\"",
    ] {
        assert_eq!(refused("if-match", value).await, invalid, "{value}");
    }
    assert_eq!(refused("idempotency-key", &"k".repeat(128)).await, ok);
    for value in [&"k".repeat(129), "", "a b"] {
        assert_eq!(refused("idempotency-key", value).await, invalid, "{value}");
    }
    let twice = toy
        .post_json(RENAME, "")
        .header("idempotency-key", "a")
        .header("idempotency-key", "b");
    assert_eq!(refusal(twice).await.1, "invalid-header");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_without_a_body() {
    let toy = Toy::start().await;
    assert_eq!(answer(toy.post(RENAME)).await.0, 200);
    assert_eq!(answer(toy.post_json(RENAME, "{}")).await.0, 200);
    assert_eq!(answer(toy.post_json(RENAME, " { } ")).await.0, 200);
    assert_eq!(
        refusal(toy.post_json(RENAME, r#"{"a":1}"#)).await.1,
        "invalid-body"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_in_paths() {
    let toy = Toy::start().await;
    for id in [
        "1",
        "019a0000-0000-7000-8000-00000000000",
        "张三",
        "..%2f..",
        "%00",
        "null",
    ] {
        let (status, code, _) = refusal(toy.post(&format!("/intake/v1/toys/{id}/rename"))).await;
        assert_eq!((status, code.as_str()), (422, "invalid-id"), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_requests_have_equal_fingerprints() {
    let toy = Toy::start().await;
    let print = async |path: &str, body: &str, version: Option<&str>| {
        let mut request = toy.post_json(path, body);
        if let Some(version) = version {
            request = request.header("if-match", version);
        }
        answer(request).await.1["fingerprint"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (one, two) = (r#"{"name":"a","size":1}"#, r#"{"name":"b","size":1}"#);
    let first = print(MAKE, one, None).await;
    assert_eq!(first.len(), 64);
    assert_eq!(first, print(MAKE, one, None).await);
    assert_ne!(first, print(MAKE, two, None).await);
    assert_ne!(first, print("/intake/v1/toys?x", one, None).await);
    assert_ne!(first, print(MAKE, one, Some("\"1\"")).await);
}
