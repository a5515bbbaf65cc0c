//! Requests that are wrong: the right problem, and nothing stored.

use e2e::{
    Api, Mode, TestNode,
    cast::Cast,
    flow::{Case, Course, matter, today},
    stored::changed,
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::http::TestResponse;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

const MATTERS: &str = "/intake/v1/matters";
/// A cursor at `-5000-01-01T00:00:00Z`.
const FAR_AWAY: &str =
    "cursor=WyItNTAwMC0wMS0wMVQwMDowMDowMFoiLCIwMTlhMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ";

struct Desk {
    node: TestNode,
    cast: Cast,
}

impl Desk {
    async fn open() -> Self {
        let node = TestNode::start(Mode::One).await.unwrap();
        let cast = Cast::gather(&node).await.unwrap();
        node.settle().await.unwrap();
        Self { node, cast }
    }

    fn api(&self) -> &Api {
        &self.node.api
    }

    async fn raw(&self, body: impl Into<reqwest::Body>, content_type: &str) -> TestResponse {
        let request = self
            .api()
            .request(Method::POST, MATTERS)
            .bearer_auth(&self.cast.clerk);
        self.api()
            .send(request.header("content-type", content_type).body(body))
            .await
            .unwrap()
    }

    async fn json(&self, body: impl Into<reqwest::Body>) -> TestResponse {
        self.raw(body, "application/json").await
    }

    /// Sends a body without saying how long it is; gives the status line.
    async fn chunked(&self, body: &str) -> String {
        let process = *self.api().processes().first().unwrap();
        let mut stream = tokio::net::TcpStream::connect(process).await.unwrap();
        let clerk = &self.cast.clerk;
        let head = format!(
            "POST {MATTERS} HTTP/1.1\r\nhost: {process}\r\nauthorization: Bearer {clerk}\r\n\
             content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            body.len()
        );
        // The server may hang up before it has read everything.
        _ = stream.write_all(head.as_bytes()).await;
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).await.unwrap();
        answer
    }

    async fn post(
        &self,
        path: &str,
        token: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> TestResponse {
        let mut request = self
            .api()
            .request(Method::POST, path)
            .bearer_auth(token)
            .json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.api().send(request).await.unwrap()
    }

    async fn get(&self, path: &str, token: &str) -> TestResponse {
        self.api().get(path, token).await.unwrap()
    }
}

/// Fails unless it is this problem, at this place, in both languages.
fn expect(
    answer: TestResponse,
    status: u16,
    code: &str,
    pointer: Option<&str>,
    what: &str,
) -> Value {
    let told = format!("{what}: {} {}", answer.status, answer.body);
    let body = answer.expect_problem(status, code).expect(&told);
    assert_eq!(body["pointer"].as_str(), pointer, "{told}");
    assert!(
        !body["title_zh"].as_str().unwrap().is_ascii()
            && body["title_en"].as_str().unwrap().is_ascii(),
        "{told}"
    );
    body
}

/// A matter with one thing changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = matter("zhang-san");
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[field] = value;
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_matter() {
    let desk = Desk::open().await;
    let before = desk.node.stored().await.unwrap();
    let deep = "[".repeat(50_000);
    let twice = r#"{"region":"620602","region":"620602"}"#;
    let good = matter("zhang-san").to_string();
    for (body, status, code) in [
        ("", 400, "malformed-json"),
        ("{\"region\": ", 400, "malformed-json"),
        ("{'region': '620602'}", 400, "malformed-json"),
        (&*format!("{good}{good}"), 400, "malformed-json"),
        (&*deep, 422, "invalid-body"),
        (r#"{"narrative": "\ud800"}"#, 400, "malformed-json"),
        (r#"{"amount_fen": 1e999}"#, 400, "malformed-json"),
        ("[]", 422, "invalid-body"),
        ("null", 422, "invalid-body"),
        ("\"matter\"", 422, "invalid-body"),
        ("{}", 422, "invalid-body"),
        (twice, 422, "invalid-body"),
    ] {
        let answer = desk.json(body.to_owned()).await;
        let start: String = body.chars().take(30).collect();
        let told = format!("{start}: {} {}", answer.status, answer.body);
        answer.expect_problem(status, code).expect(&told);
    }
    let not_utf8: Vec<u8> = [b"{\"narrative\": \"".as_slice(), &[0xc3, 0x28], b"\"}"].concat();
    expect(
        desk.json(not_utf8).await,
        400,
        "malformed-json",
        None,
        "bytes that are no UTF-8",
    );
    let gb18030: Vec<u8> = [
        b"{\"narrative\": \"".as_slice(),
        &[0xbe, 0xc0, 0xb7, 0xd7],
        b"\"}",
    ]
    .concat();
    expect(
        desk.json(gb18030).await,
        400,
        "malformed-json",
        None,
        "GB 18030",
    );
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
    ] {
        expect(
            desk.raw(good.clone(), kind).await,
            415,
            "unsupported-media-type",
            None,
            kind,
        );
    }
    let large = with("/narrative", json!("纠".repeat(400_000))).to_string();
    assert!(large.len() > 1024 * 1024);
    expect(
        desk.json(large.clone()).await,
        413,
        "body-too-large",
        None,
        "more than 1 MiB",
    );
    let status = desk.chunked(&large).await;
    assert!(
        status.contains(" 413 "),
        "more than 1 MiB without saying so: {status}"
    );
    assert_eq!(
        changed(&before, &desk.node.stored().await.unwrap()),
        Vec::<String>::new()
    );
    // The process is as it was.
    desk.json(good).await.expect(201).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_wrong() {
    let desk = Desk::open().await;
    let before = desk.node.stored().await.unwrap();
    let one = |name: &str| json!({ "side": "respondent", "kind": "natural_person", "name": name });
    let many: Vec<Value> = (0..51)
        .map(|n| {
            if n == 0 {
                matter("a")["parties"][0].clone()
            } else {
                one(&n.to_string())
            }
        })
        .collect();
    let id = |number: &str| json!({ "kind": "resident-id", "number": number });
    for (pointer, value, code, at) in [
        ("/colour", json!("red"), "invalid-body", "/colour"),
        (
            "/parties/0/age",
            json!(30),
            "invalid-body",
            "/parties/0/age",
        ),
        ("/region", json!("62060"), "invalid-region", "/region"),
        ("/region", json!("6206０2"), "invalid-region", "/region"),
        ("/region", json!(620_602), "invalid-body", "/region"),
        ("/region", json!("620699"), "invalid-region", "/region"),
        ("/region", json!("110105"), "region-out-of-scope", "/region"),
        ("/class", json!("lawsuit"), "invalid-body", "/class"),
        ("/source", json!("nowhere"), "unknown-source", "/source"),
        ("/channel", json!("pigeon"), "unknown-channel", "/channel"),
        (
            "/type_hint",
            json!("quarrel"),
            "unknown-dispute-type",
            "/type_hint",
        ),
        (
            "/narrative",
            json!("纠".repeat(5001)),
            "text-too-long",
            "/narrative",
        ),
        (
            "/narrative",
            json!(" \u{3000}\n"),
            "text-required",
            "/narrative",
        ),
        ("/narrative", json!("纠\u{0}纷"), "invalid-body", ""),
        ("/narrative", Value::Null, "invalid-body", "/narrative"),
        (
            "/parties/0/name",
            json!("名".repeat(101)),
            "text-too-long",
            "/parties/0/name",
        ),
        (
            "/parties/0/name",
            json!(""),
            "text-required",
            "/parties/0/name",
        ),
        ("/parties/0/name", json!("欧\u{0}阳"), "invalid-body", ""),
        (
            "/parties/1/side",
            json!("judge"),
            "invalid-body",
            "/parties/1/side",
        ),
        ("/parties", json!([]), "party-required", "/parties"),
        ("/parties", json!([one("甲")]), "party-required", "/parties"),
        ("/parties", json!(many), "too-many-parties", "/parties"),
        (
            "/parties/0/identifier",
            id("620602197803142910"),
            "identifier-invalid",
            "/parties/0/identifier/number",
        ),
        (
            "/parties/0/identifier",
            id("620602197802302914"),
            "identifier-invalid",
            "/parties/0/identifier/number",
        ),
        (
            "/parties/0/identifier",
            id("1"),
            "identifier-invalid",
            "/parties/0/identifier/number",
        ),
        ("/amount_fen", json!(-1), "invalid-body", "/amount_fen"),
        ("/amount_fen", json!(3.5), "invalid-body", "/amount_fen"),
        (
            "/amount_fen",
            json!(i64::MAX),
            "invalid-body",
            "/amount_fen",
        ),
        (
            "/amount_fen",
            json!(u64::MAX),
            "invalid-body",
            "/amount_fen",
        ),
        (
            "/persons_involved",
            json!(1),
            "invalid-body",
            "/persons_involved",
        ),
        (
            "/persons_involved",
            json!(-2),
            "invalid-body",
            "/persons_involved",
        ),
        (
            "/notice_version",
            json!(""),
            "notice-not-acknowledged",
            "/notice_version",
        ),
    ] {
        let shown: String = value.to_string().chars().take(40).collect();
        let answer = desk
            .post(MATTERS, &desk.cast.clerk, &with(pointer, value), &[])
            .await;
        let body = expect(
            answer,
            422,
            code,
            Some(at).filter(|at| !at.is_empty()),
            &format!("{pointer} = {shown}"),
        );
        assert!(!body.to_string().contains("6206021978"), "{body}");
    }
    assert_eq!(
        changed(&before, &desk.node.stored().await.unwrap()),
        Vec::<String>::new()
    );
    // Lengths are counted in characters.
    for narrative in ["纠".repeat(5000), "😀".repeat(5000)] {
        desk.post(
            MATTERS,
            &desk.cast.clerk,
            &with("/narrative", json!(narrative)),
            &[],
        )
        .await
        .expect(201)
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_queries_and_dates_that_are_wrong() {
    let desk = Desk::open().await;
    let (api, cast) = (desk.api(), &desk.cast);
    let mut case = Case::register(api, cast, Course::Instalments, &matter("zhang-san"))
        .await
        .unwrap();
    case.triage(api, cast).await.unwrap();
    case.mediate(api, cast).await.unwrap();
    desk.node.settle().await.unwrap();
    let before = desk.node.stored().await.unwrap();

    for id in [
        "1",
        "not-an-id",
        "00000000000000000000000000000000g",
        "%00",
        "%E7%BA%A0",
    ] {
        expect(
            desk.get(&format!("{MATTERS}/{id}"), &cast.clerk).await,
            422,
            "invalid-id",
            None,
            id,
        );
    }
    let unknown = chassis::time::Time::system().uuid();
    expect(
        desk.get(&format!("{MATTERS}/{unknown}"), &cast.clerk).await,
        404,
        "not-found",
        None,
        "an id that nothing has",
    );
    for (query, status, code, at) in [
        ("colour=red", 400, "invalid-query", Some("/colour")),
        ("limit=0", 400, "invalid-query", Some("/limit")),
        ("limit=201", 400, "invalid-query", Some("/limit")),
        ("limit=ten", 400, "invalid-query", Some("/limit")),
        ("limit=1&limit=2", 400, "invalid-query", Some("/limit")),
        ("cursor=abc", 400, "invalid-cursor", Some("/cursor")),
        ("cursor=W10", 400, "invalid-cursor", Some("/cursor")),
        ("state=forgotten", 400, "invalid-query", Some("/state")),
        ("region=62060", 422, "invalid-region", Some("/region")),
        ("from=2026-02-30", 400, "invalid-query", Some("/from")),
        ("from=2026-13-01", 400, "invalid-query", Some("/from")),
        ("from=tomorrow", 400, "invalid-query", Some("/from")),
        // chrono reads it, PostgreSQL does not store it.
        ("from=-5000-01-01", 400, "invalid-query", Some("/from")),
        (FAR_AWAY, 400, "invalid-cursor", Some("/cursor")),
        (
            "from=2026-09-02&to=2026-09-01",
            422,
            "invalid-date",
            Some("/to"),
        ),
    ] {
        expect(
            desk.get(&format!("{MATTERS}?{query}"), &cast.clerk).await,
            status,
            code,
            at,
            query,
        );
    }
    for (list, token) in [
        ("/evaluation/v1/follow-ups", &cast.evaluator),
        ("/mediation/v1/obligations", &cast.desk.mediator),
        ("/judicial-confirmation/v1/applications", &cast.court),
    ] {
        let path = format!("{list}?due_before=-5000-01-01");
        let answer = desk.get(&path, token).await;
        expect(answer, 400, "invalid-query", Some("/due_before"), &path);
    }
    expect(
        desk.get("/intake/v1/nothing", &cast.clerk).await,
        404,
        "not-found",
        None,
        "a path that nothing has",
    );
    let delete = api
        .request(Method::DELETE, MATTERS)
        .bearer_auth(&cast.clerk);
    let delete = api.send(delete).await.unwrap();
    assert!(
        delete.headers["allow"].to_str().unwrap().contains("POST"),
        "{:?}",
        delete.headers
    );
    expect(delete, 405, "method-not-allowed", None, "DELETE");

    let fulfil = format!("/mediation/v1/obligations/{}/fulfil", case.obligations[0]);
    let tomorrow = today() + chrono::Days::new(2);
    for (day, code) in [
        (json!("2026-02-30"), "invalid-body"),
        (json!("2026-13-01"), "invalid-body"),
        (json!("01/02/2026"), "invalid-body"),
        (json!(20260201), "invalid-body"),
        (json!("+262143-01-01"), "invalid-body"),
        (json!("-5000-01-01"), "invalid-body"),
        (json!("3000-01-01"), "invalid-body"),
        (json!(tomorrow), "invalid-date"),
    ] {
        let body = json!({ "fulfilled_on": day, "proof": "收条" });
        let answer = desk.post(&fulfil, &cast.desk.mediator, &body, &[]).await;
        let told = format!("{day}: {} {}", answer.status, answer.body);
        let body = answer.expect_problem(422, code);
        assert_eq!(body.expect(&told)["pointer"], "/fulfilled_on", "{told}");
    }
    let proceedings = "/mediation/v1/proceedings";
    let answer = desk
        .post(
            proceedings,
            &cast.desk.officer,
            &json!({ "order_id": "x" }),
            &[],
        )
        .await;
    expect(
        answer,
        422,
        "invalid-body",
        Some("/order_id"),
        "an id that is none",
    );
    let sessions = format!("{proceedings}/{}/sessions", case.proceeding_id);
    let session = json!({ "held_at": "2026-09-01T25:00:00Z", "place": "centre", "attendance": case.parties, "record": "记录" });
    let answer = desk
        .post(&sessions, &cast.desk.mediator, &session, &[])
        .await;
    expect(answer, 422, "invalid-body", Some("/held_at"), "25 o'clock");
    assert_eq!(
        changed(&before, &desk.node.stored().await.unwrap()),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_and_keys_that_do_not_fit() {
    let desk = Desk::open().await;
    let clerk = &desk.cast.clerk;
    let registered = desk
        .post(
            MATTERS,
            clerk,
            &matter("zhang-san"),
            &[("Idempotency-Key", "one")],
        )
        .await;
    let version = registered.version().unwrap();
    assert!(!registered.headers.contains_key("idempotency-replayed"));
    let matter_id = registered.body["id"].as_str().unwrap().to_owned();
    desk.node.settle().await.unwrap();
    let before = desk.node.stored().await.unwrap();

    // The same request again: the same answer, nothing done.
    let again = desk
        .post(
            MATTERS,
            clerk,
            &matter("zhang-san"),
            &[("Idempotency-Key", "one")],
        )
        .await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(
        (again.status, &again.body, again.version()),
        (201, &registered.body, Some(version))
    );
    assert_eq!(again.headers["location"], registered.headers["location"]);
    // Another request under the same key.
    let other = with("/narrative", json!("另一件事"));
    let answer = desk
        .post(MATTERS, clerk, &other, &[("Idempotency-Key", "one")])
        .await;
    expect(answer, 422, "idempotency-key-reused", None, "another body");
    let accept = format!("{MATTERS}/{matter_id}/accept");
    let answer = desk
        .post(&accept, clerk, &json!({}), &[("Idempotency-Key", "one")])
        .await;
    expect(answer, 422, "idempotency-key-reused", None, "another path");
    for key in ["", " ", "with space", "键", &"k".repeat(129)] {
        let request = desk
            .api()
            .request(Method::POST, MATTERS)
            .bearer_auth(clerk)
            .json(&matter("zhang-san"));
        let header = reqwest::header::HeaderValue::from_bytes(key.as_bytes()).unwrap();
        let answer = desk
            .api()
            .send(request.header("Idempotency-Key", header))
            .await
            .unwrap();
        expect(answer, 400, "invalid-header", None, key);
    }
    for (seen, status, code) in [
        (format!("\"{}\"", version + 1), 412, "stale-version"),
        ("\"0\"".to_owned(), 412, "stale-version"),
        (version.to_string(), 400, "invalid-header"),
        ("\"one\"".to_owned(), 400, "invalid-header"),
        ("\"99999999999999999999\"".to_owned(), 400, "invalid-header"),
    ] {
        let answer = desk
            .post(&accept, clerk, &json!({}), &[("If-Match", &seen)])
            .await;
        expect(answer, status, code, None, &seen);
    }
    desk.node.settle().await.unwrap();
    assert_eq!(
        changed(&before, &desk.node.stored().await.unwrap()),
        Vec::<String>::new()
    );

    // The version that is there is taken, once, and the key is another person's own.
    let seen = format!("\"{version}\"");
    let accepted = desk
        .post(&accept, clerk, &json!({}), &[("If-Match", &seen)])
        .await;
    assert_eq!(
        (accepted.status, accepted.version()),
        (200, Some(version + 1))
    );
    expect(
        desk.post(&accept, clerk, &json!({}), &[("If-Match", &seen)])
            .await,
        412,
        "stale-version",
        None,
        "twice",
    );
    let answer = desk.post(&accept, clerk, &json!({}), &[]).await;
    answer
        .expect_problem(409, "transition-not-allowed")
        .unwrap();
    let triage = &desk.cast.triage;
    desk.post(MATTERS, triage, &other, &[("Idempotency-Key", "one")])
        .await
        .expect(201)
        .unwrap();
    // Ten at once under one key are one.
    let at_once =
        (0..10).map(|_| desk.post(MATTERS, clerk, &other, &[("Idempotency-Key", "many")]));
    let answers = futures_util::future::join_all(at_once).await;
    let mut ids: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.expect(201).unwrap()["id"].to_string())
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    desk.node.reconciled().await.unwrap();
    assert_eq!(desk.node.published().await.unwrap()["matter.registered"], 3);
}
