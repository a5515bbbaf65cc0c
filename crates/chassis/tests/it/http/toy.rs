//! A service of toys, and a server that runs it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{get, post};
use chassis::config::Config;
use chassis::http::{
    Auth, Call, Data, NoFilter, Page, PageOf, PageParams, PageQuery, Path, Permit, Problem,
    ProblemResponses, Query, Readiness, Reply, Server, ServiceApi, ServiceConfig,
};
use chassis::lifecycle::Lifecycle;
use contracts::Service;
use contracts::ids::MatterId;
use contracts::problems::common;
use contracts::region::RegionCode;
use contracts::roles::permission::{ConsentRecord, MatterAccept, MatterRead, MatterRegister};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use testkit::TestIssuer;
use utoipa::{IntoParams, ToSchema};

/// The service's state.
pub struct Toys {
    pub name: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Red,
    Blue,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    name: String,
    weight: u32,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToy {
    name: String,
    size: u32,
    colour: Option<Colour>,
    region: Option<RegionCode>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ToyView {
    number: u32,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ToyFilter {
    colour: Option<Colour>,
    #[serde(default)]
    from: u32,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    ms: u64,
}

/// Make a toy.
#[utoipa::path(post, path = "/intake/v1/toys", tag = "toys", operation_id = "make_toy",
    request_body = NewToy, responses((status = 201, body = ToyView), ProblemResponses),
    security(("bearer" = ["matter.register"])))]
#[post("/toys")]
async fn make_toy(state: Data<Toys>, call: Call<MatterRegister, NewToy>) -> Result<Reply, Problem> {
    let toy = json!({ "name": call.body.name, "maker": state.name, "fingerprint": hex(&call.fingerprint),
        "key": call.idempotency_key, "subject": call.principal.subject });
    Ok(Reply::created("/intake/v1/toys/1", toy).version(1))
}

/// List toys.
#[utoipa::path(get, path = "/intake/v1/toys", tag = "toys", operation_id = "list_toys",
    params(ToyFilter, PageParams), responses((status = 200, body = PageOf<ToyView>), ProblemResponses),
    security(("bearer" = ["matter.read"])))]
#[get("/toys")]
async fn list_toys(
    _permit: Permit<MatterRead>,
    query: PageQuery<ToyFilter>,
) -> Result<Reply, Problem> {
    let after = query.page.after::<u32>()?.unwrap_or(query.filter.from);
    let _colour = query.filter.colour;
    let fetch = usize::try_from(query.page.fetch()).unwrap();
    let rows: Vec<u32> = (after.saturating_add(1)..=7).take(fetch).collect();
    let page = PageOf::of(&query.page, rows, |n| *n, |number| ToyView { number })?;
    Ok(Reply::ok(page))
}

/// List boxes, which have no filter.
#[utoipa::path(get, path = "/intake/v1/boxes", tag = "toys", operation_id = "list_boxes",
    params(PageParams), responses((status = 200), ProblemResponses))]
#[get("/boxes")]
async fn list_boxes(_permit: Permit<MatterRead>, page: Page, _query: PageQuery<NoFilter>) -> Reply {
    Reply::ok(json!({ "limit": page.limit }))
}

/// Rename a toy: needs version 3.
#[utoipa::path(post, path = "/intake/v1/toys/{id}/rename", tag = "toys", operation_id = "rename_toy",
    params(("id" = MatterId, Path)), responses((status = 200), ProblemResponses))]
#[post("/toys/{id}/rename")]
async fn rename_toy(call: Call<MatterAccept, ()>, id: Path<MatterId>) -> Result<Reply, Problem> {
    call.check_version(3)?;
    Ok(Reply::ok(json!({ "id": *id })).version(4))
}

/// Tell the caller's scope.
#[utoipa::path(get, path = "/intake/v1/scope", tag = "toys", operation_id = "read_scope",
    responses((status = 200), ProblemResponses))]
#[get("/scope")]
async fn read_scope(permit: Permit<ConsentRecord>) -> Reply {
    let scope = permit.scope();
    Reply::ok(
        json!({ "region": scope.region, "organisation": scope.organisation, "applicant": scope.applicant }),
    )
}

/// Fail in many ways.
#[utoipa::path(get, path = "/intake/v1/fail/{how}", tag = "toys", operation_id = "fail",
    params(("how" = String, Path)), responses((status = 200), ProblemResponses))]
#[get("/fail/{how}")]
async fn fail(how: Path<String>) -> Result<Reply, Problem> {
    let field = |pointer: &str| chassis::http::FieldProblem {
        pointer: pointer.to_owned(),
        code: None,
        detail_zh: "过长".to_owned(),
        detail_en: "too long".to_owned(),
    };
    Err(match how.as_str() {
        "rule" => Problem::new(&common::TEXT_TOO_LONG)
            .at("/name")
            .detail("不得超过 200 字", "At most 200 characters"),
        "several" => Problem::new(&common::INVALID_BODY)
            .error(field("/a"))
            .error(field("/b/0")),
        "panic" => panic!("the secret of the panic"),
        "busy" => Problem::new(&common::UNAVAILABLE).retry_after(7),
        "io" => {
            let error = std::io::Error::other("the secret of the disk");
            Problem::new(&common::INTERNAL).caused_by(&error)
        }
        _ => Problem::unexpected("the secret of the machine"),
    })
}

/// Wait.
#[utoipa::path(get, path = "/intake/v1/wait", tag = "toys", operation_id = "wait", params(Wait),
    responses((status = 200), ProblemResponses))]
#[get("/wait")]
async fn wait(query: Query<Wait>) -> Reply {
    tokio::time::sleep(Duration::from_millis(query.ms)).await;
    Reply::no_content()
}

/// Tell the trace.
#[utoipa::path(get, path = "/intake/v1/trace", tag = "toys", operation_id = "read_trace",
    responses((status = 200)))]
#[get("/trace")]
async fn read_trace() -> Reply {
    Reply::ok(json!({ "traceparent": chassis::telemetry::traceparent() }))
}

/// A stored answer.
#[utoipa::path(post, path = "/intake/v1/replay", tag = "toys", operation_id = "replay",
    responses((status = 200)))]
#[post("/replay")]
async fn replay() -> Reply {
    Reply::ok(json!({ "number": 1 })).version(9).replayed()
}

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(make_toy)
        .service(list_toys)
        .service(list_boxes)
        .service(rename_toy)
        .service(read_scope)
        .service(fail)
        .service(wait)
        .service(read_trace)
        .service(replay);
}

/// Runs a future beside the test.
#[expect(
    clippy::disallowed_methods,
    reason = "a test has no lifecycle of its own"
)]
pub fn beside<F>(future: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(future)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A server of toys. Stops when dropped.
pub struct Toy {
    pub issuer: TestIssuer,
    pub address: SocketAddr,
    pub lifecycle: Lifecycle,
    pub readiness: Readiness,
    pub client: reqwest::Client,
    _keys: tempfile::TempDir,
}

impl Toy {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// Starts with a configuration changed by `adjust`.
    pub async fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        chassis::telemetry::init_for_tests();
        let issuer = TestIssuer::new().unwrap();
        let keys = tempfile::tempdir().unwrap();
        let file = keys.path().join("jwks.json");
        std::fs::write(&file, issuer.jwks().to_string()).unwrap();
        let mut config = Config::default();
        config.http.listen = "127.0.0.1:0".parse().unwrap();
        config.http.workers = 1;
        config.http.anonymous_rate_per_second = 0;
        config.auth.issuer = TestIssuer::ISSUER.to_owned();
        config.auth.jwks_file = Some(file);
        adjust(&mut config);
        let auth = Auth::new(&config.auth).await.unwrap();
        let (lifecycle, readiness) = (Lifecycle::new(), Readiness::default());
        let api = ServiceApi::new(Service::Intake, routes).state(Arc::new(Toys { name: "main" }));
        let server = Server::new(&config.http, auth, readiness.clone()).service(api);
        let address = server.start(&lifecycle).unwrap();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self {
            issuer,
            address,
            lifecycle,
            readiness,
            client,
            _keys: keys,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A token that may do everything here.
    pub fn token(&self) -> String {
        self.issuer.token().roles(["window_clerk"]).sign().unwrap()
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(self.url(path)).bearer_auth(self.token())
    }

    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(self.url(path)).bearer_auth(self.token())
    }

    /// Sends a body as JSON, whatever it is.
    pub fn post_json(&self, path: &str, body: impl Into<String>) -> reqwest::RequestBuilder {
        self.post(path)
            .header("content-type", "application/json")
            .body(body.into())
    }
}

impl Drop for Toy {
    fn drop(&mut self) {
        self.lifecycle.kill();
    }
}

/// Status and JSON of an answer; a problem must have its content type, and its trace is checked and taken out.
pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let (kind, request_id) = (header("content-type"), header("x-request-id"));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    assert_eq!(header("cache-control").as_deref(), Some("no-store"));
    let mut body: Value = response.json().await.unwrap_or_default();
    if status >= 400 && body.get("code").is_some() {
        assert_eq!(kind.as_deref(), Some("application/problem+json"));
        let trace = body.as_object_mut().unwrap().remove("trace_id").unwrap();
        assert_eq!(trace.as_str().unwrap().len(), 32);
        assert_eq!(
            trace.as_str(),
            request_id.as_deref(),
            "the header names the same trace"
        );
    }
    (status, body)
}

/// Status and code of a problem, and its pointer if it has one.
pub async fn refusal(request: reqwest::RequestBuilder) -> (u16, String, Option<String>) {
    let (status, body) = answer(request).await;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    (status, text("code").unwrap_or_default(), text("pointer"))
}
