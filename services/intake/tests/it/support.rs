//! What most tests need.

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use contracts::{
    Service as From,
    events::{
        evaluation::CaseClosed,
        triage::{DispatchIssued, DispatchMode, Track},
    },
    ids::{CaseId, MatterId, OrganisationId, TypedId as _},
};
use intake::Intake;
use serde_json::{Value, json};
use testkit::TestService;

pub type Service = TestService<Intake>;

/// An office.
pub fn organisation() -> OrganisationId {
    OrganisationId::from_uuid(uuid::Uuid::from_u128(7))
}

/// A valid registration: a neighbour's complaint in 凉州区.
pub fn dispute() -> Value {
    json!({
        "region": "620602",
        "class": "dispute",
        "source": "public",
        "channel": "window",
        "type_hint": "neighbour",
        "narrative": "邻居家的空调外机整夜轰鸣，多次沟通无果",
        "amount_fen": 500_000,
        "notice_version": "2026-01",
        "parties": [
            {
                "side": "applicant", "kind": "natural_person", "name": "张三",
                "identifier": { "kind": "resident-id", "number": "11010519491231002X" },
                "phone": "13812345678", "address": "凉州区东大街1号", "account_subject": "account-zhang"
            },
            {
                "side": "respondent", "kind": "legal_person", "name": "某物业公司",
                "identifier": { "kind": "unified-social-credit-code", "number": "91350100M000100Y43" },
                "address": "凉州区西大街2号"
            }
        ]
    })
}

/// The valid registration with one value changed.
pub fn dispute_with(pointer: &str, value: Value) -> Value {
    let mut body = dispute();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match body.pointer_mut(parent).expect("a parent") {
        Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
        parent => parent[key] = value,
    }
    body
}

/// Registers a matter at the window and gives its view.
pub async fn register(service: &Service, body: Value) -> Result<Value> {
    let clerk = service.role("window_clerk");
    service
        .post("/intake/v1/matters", &clerk, body)
        .await?
        .expect(201)
}

/// Registers the valid matter; gives its id and its case's.
pub async fn registered(service: &Service) -> Result<(MatterId, CaseId)> {
    ids(&register(service, dispute()).await?)
}

/// The ids in a matter's view.
pub fn ids(view: &Value) -> Result<(MatterId, CaseId)> {
    Ok((
        text(view, "/id")?.parse()?,
        text(view, "/case_id")?.parse()?,
    ))
}

/// A text in a view.
pub fn text<'a>(view: &'a Value, pointer: &str) -> Result<&'a str> {
    let value = view.pointer(pointer).and_then(Value::as_str);
    value.with_context(|| format!("{pointer} in {view}"))
}

/// The public status of a case and the codes of its timeline, as the coordinator reads them.
pub async fn public(service: &Service, case: CaseId) -> Result<(String, Vec<String>)> {
    let token = service.role("coordinator");
    let view = service
        .get(&format!("/intake/v1/cases/{case}"), &token)
        .await?
        .expect(200)?;
    let path = format!("/intake/v1/cases/{case}/timeline");
    let lines = service.get(&path, &token).await?.expect(200)?;
    let lines = lines["items"].as_array().context("items")?;
    let codes = lines
        .iter()
        .map(|line| text(line, "/code").map(str::to_owned));
    Ok((
        text(&view, "/status")?.to_owned(),
        codes.collect::<Result<_>>()?,
    ))
}

/// Checks that nothing at all is stored.
pub async fn nothing_stored(service: &Service) -> Result<()> {
    for table in [
        "matters",
        "cases",
        "parties",
        "timeline",
        "clocks",
        "outbox",
        "idempotency",
    ] {
        assert_eq!(service.count(table).await?, 0, "{table}");
    }
    Ok(())
}

/// How the clock for the window's decision stands: due when, and its state.
pub async fn clock(service: &Service, matter: MatterId) -> Result<(String, String)> {
    let sql = "SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI'), state FROM intake.clocks
               WHERE kind = 'matter.accept' AND object_id = $1";
    let row = service
        .sql()
        .await?
        .query_one(sql, &[&matter.uuid()])
        .await?;
    Ok((row.get(0), row.get(1)))
}

/// How the clock for the archive stands.
pub async fn archive_clock(service: &Service, case: CaseId) -> Result<String> {
    let sql = "SELECT state FROM intake.clocks WHERE kind = 'case.archive' AND object_id = $1";
    let row = service.sql().await?.query_one(sql, &[&case.uuid()]).await?;
    Ok(row.get(0))
}

/// Registers the valid matter and accepts it; gives its id and its case's.
pub async fn accepted(service: &Service) -> Result<(MatterId, CaseId)> {
    accepted_as(service, dispute()).await
}

/// Registers a matter and accepts it; gives its id and its case's.
pub async fn accepted_as(service: &Service, body: Value) -> Result<(MatterId, CaseId)> {
    let (matter, case) = ids(&register(service, body).await?)?;
    let path = format!("/intake/v1/matters/{matter}/accept");
    service
        .post(&path, &service.role("window_clerk"), json!({}))
        .await?
        .expect(200)?;
    Ok((matter, case))
}

/// Evaluation closes the case.
pub async fn close(service: &Service, case_id: CaseId) -> Result<()> {
    let event = CaseClosed {
        case_id,
        region: "620602".parse()?,
        closed_at: service.time.now(),
    };
    service.publish(From::Evaluation, case_id, &event).await?;
    service.settle().await
}

/// Triage gives the case to an organisation.
pub async fn dispatched(
    service: &Service,
    case_id: CaseId,
    to_organisation: OrganisationId,
    issued_at: DateTime<Utc>,
) -> Result<()> {
    let event = DispatchIssued {
        order_id: service.time.id(),
        case_id,
        region: "620602".parse()?,
        mode: DispatchMode::Assign,
        to_organisation,
        route: "peoples_mediation".to_owned(),
        type_code: "neighbour".to_owned(),
        track: Track::Simple,
        due_at: issued_at,
        due_provisional: false,
        issued_at,
    };
    service.publish(From::Triage, case_id, &event).await?;
    service.settle().await
}
