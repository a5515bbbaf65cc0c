//! Calling departments together, and who is on duty for them.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::triage::{ConsultationCalled, ConsultationConcluded, ConsultationReportedIn},
    ids::{CaseId, OrganisationId},
};
use serde_json::{Value, json};

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

fn whistle(departments: &[OrganisationId]) -> Value {
    let one = |id| json!({ "organisation": id, "duty": "携带登记资料到场" });
    json!({ "purpose": "土地权属争议", "urgent": true, "departments": departments.iter().map(one).collect::<Vec<_>>() })
}

async fn call(
    service: &Triaging,
    case_id: CaseId,
    body: Value,
) -> Result<testkit::http::TestResponse> {
    let path = format!("/triage/v1/cases/{case_id}/consultations");
    service
        .post(&path, &service.role("triage_officer"), body)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn departments_report_in_and_the_responsible_one_gets_an_order() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::decided_case(&service).await?;
    let land = support::organisation(&service, COUNTY).await?;
    let police = support::organisation_for(&service, COUNTY, "litigation").await?;
    let centre = service.role("coordinator");
    let now = service.time.now();
    let duty = json!({ "organisation": land, "mode": "on_call", "officer": "li",
        "starts_at": now - Duration::hours(1), "ends_at": now + Duration::hours(8) });
    service
        .post("/triage/v1/rosters", &centre, duty)
        .await?
        .expect(201)?;

    let answer = call(&service, case_id, whistle(&[land])).await?;
    answer.expect_problem(409, "consultation-not-needed")?;
    let answer = call(&service, case_id, whistle(&[land, land])).await?;
    answer.expect_problem(422, "department-twice")?;
    let answer = call(&service, case_id, whistle(&[land, support::id()])).await?;
    answer.expect_problem(422, "unknown-organisation")?;
    let called = call(&service, case_id, whistle(&[land, police]))
        .await?
        .expect(201)?;
    let answer = call(&service, case_id, whistle(&[land, police])).await?;
    answer.expect_problem(409, "consultation-open")?;
    let departments = called["departments"].as_array().unwrap();
    let of = |id: OrganisationId| {
        departments
            .iter()
            .find(|d| d["organisation_id"] == json!(id))
            .unwrap()
    };
    assert_eq!(
        (&of(land)["officer"], &of(land)["entry_mode"]),
        (&json!("li"), &json!("on_call"))
    );
    assert_eq!(of(police)["officer"], json!(null));
    // Called at ten on Tuesday: four working hours are two before noon and two from 14:00.
    assert_eq!(of(land)["report_in_due_at"], "2026-09-01T08:00:00Z");
    assert_eq!(called["meet_due_at"], "2026-09-08T16:00:00Z");

    let path = |act: &str| {
        format!(
            "/triage/v1/consultations/{}{act}",
            called["id"].as_str().unwrap()
        )
    };
    let officer = service.role_in("organisation_officer", land);
    let reported = service
        .post(&path("/report-in"), &officer, json!({}))
        .await?
        .expect(200)?;
    assert_eq!(reported["version"], 2);
    let answer = service
        .post(&path("/report-in"), &officer, json!({}))
        .await?;
    answer.expect_problem(409, "reported-in-already")?;
    let stranger = service.role_in("organisation_officer", support::id::<OrganisationId>());
    let answer = service
        .post(&path("/report-in"), &stranger, json!({}))
        .await?;
    answer.expect_problem(404, "not-found")?;
    // Who is on duty has to keep the clocks.
    let of = |subject: &str| {
        let token = service.token().roles(["organisation_officer"]);
        token.subject(subject).organisation(land).sign()
    };
    let mine = "/triage/v1/clocks?mine=true";
    let own = service.get(mine, &of("li")?).await?.expect(200)?;
    assert_eq!(own["items"], json!([]), "reported in");
    let clocks = support::clock_states(&service, "consultation.report_in.urgent").await?;
    assert_eq!(clocks.iter().filter(|state| *state == "running").count(), 1);

    let conclude = json!({ "conclusion": "responsible", "minutes": "由自然资源部门限期化解" });
    let answer = service
        .post(&path("/conclude"), &centre, conclude.clone())
        .await?;
    answer.expect_problem(422, "responsible-required")?;
    let unknown = json!({ "conclusion": "tea", "minutes": "无" });
    let answer = service.post(&path("/conclude"), &centre, unknown).await?;
    answer.expect_problem(422, "unknown-conclusion")?;
    let mut body = conclude;
    body["responsible_organisation"] = json!(land);
    body["due_on"] = json!("2026-09-10");
    let concluded = service
        .post(&path("/conclude"), &centre, body.clone())
        .await?
        .expect(200)?;
    let answer = service.post(&path("/conclude"), &centre, body).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    let own = service.get(mine, &of("li")?).await?.expect(200)?;
    assert_eq!(own["items"][0]["kind"], "dispatch.sign");
    assert_eq!(own["items"][0]["object_id"], concluded["order_id"]);
    let other = service.get(mine, &of("wang")?).await?.expect(200)?;
    assert_eq!(other["items"], json!([]));
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "dispatched");
    assert_eq!(view["orders"][0]["id"], concluded["order_id"]);
    assert_eq!(view["orders"][0]["due_on"], "2026-09-10");

    let read = service.get(&path(""), &officer).await?.expect(200)?;
    assert_eq!(read["conclusion"], "responsible");
    let listed = service
        .get("/triage/v1/consultations?state=concluded", &centre)
        .await?
        .expect(200)?;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(service.published::<ConsultationCalled>().await?.len(), 1);
    assert!(service.published::<ConsultationReportedIn>().await?[0].on_time);
    let events = service.published::<ConsultationConcluded>().await?;
    assert_eq!((events[0].called, events[0].reported_in), (2, 1));
    assert_eq!(
        support::clock_states(&service, "consultation.meet").await?,
        ["stopped"]
    );
    assert!(!serde_json::to_string(&service.events().await?)?.contains("自然资源"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_about_a_case_in_hand_makes_another_department_assist() -> Result<()> {
    let service = support::start().await?;
    let (case_id, _, host) = support::order(&service).await?;
    let far = support::organisation(&service, OTHER_COUNTY).await?;
    let other = support::organisation_for(&service, COUNTY, "litigation").await?;
    let called = call(&service, case_id, whistle(&[host, other, far]))
        .await?
        .expect(201)?;
    let path = format!(
        "/triage/v1/consultations/{}/conclude",
        called["id"].as_str().unwrap()
    );
    // Departments of another region are called too, and report in; but they get no order.
    let guest = service.role_in("organisation_officer", far);
    let report_in = path.replace("/conclude", "/report-in");
    service
        .post(&report_in, &guest, json!({}))
        .await?
        .expect(200)?;
    let body = json!({ "conclusion": "responsible", "minutes": "协助查证", "responsible_organisation": far, "due_on": "2026-09-10" });
    let answer = service
        .post(&path, &service.role("triage_officer"), body)
        .await?;
    answer.expect_problem(422, "target-not-entitled")?;
    let body = json!({ "conclusion": "responsible", "minutes": "协助查证", "responsible_organisation": other, "due_on": "2026-09-10" });
    let centre = service.role("triage_officer");
    let concluded = service
        .post(&path, &centre, body.clone())
        .await?
        .expect(200)?;
    let view = support::view(&service, case_id).await?;
    let orders = view["orders"].as_array().unwrap();
    let order = orders
        .iter()
        .find(|o| o["id"] == concluded["order_id"])
        .unwrap();
    assert_eq!(
        (&order["mode"], &order["organisation_id"]),
        (&json!("assist"), &json!(other))
    );

    // Who assists already is made responsible without another order.
    let called = call(&service, case_id, whistle(&[host, other]))
        .await?
        .expect(201)?;
    let path = format!(
        "/triage/v1/consultations/{}/conclude",
        called["id"].as_str().unwrap()
    );
    let officer = service.role_in("organisation_officer", other);
    let answer = service.post(&path, &officer, body.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    let concluded = service.post(&path, &centre, body).await?.expect(200)?;
    assert_eq!(concluded["order_id"], json!(null));
    let view = support::view(&service, case_id).await?;
    assert_eq!(view["orders"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_on_duty_for_a_department_at_a_time() -> Result<()> {
    let service = support::start().await?;
    let land = support::organisation(&service, COUNTY).await?;
    let centre = service.role("coordinator");
    let entry = |from: &str, to: &str| json!({ "organisation": land, "mode": "rotating", "officer": "li", "starts_at": from, "ends_at": to });
    let path = "/triage/v1/rosters";
    let (one, two, three) = (
        "2026-09-01T00:00:00Z",
        "2026-09-02T00:00:00Z",
        "2026-09-03T00:00:00Z",
    );
    service
        .post(path, &centre, entry(one, two))
        .await?
        .expect(201)?;
    service
        .post(path, &centre, entry(two, three))
        .await?
        .expect(201)?;
    let within = entry("2026-09-01T12:00:00Z", "2026-09-01T13:00:00Z");
    let nobody = json!({ "organisation": land, "mode": "cloud", "officer": " ", "starts_at": one, "ends_at": two });
    for (body, status, code) in [
        (within, 409, "roster-overlap"),
        (entry(one, three), 409, "roster-overlap"),
        (entry(two, two), 422, "roster-ends-before"),
        (nobody, 422, "text-required"),
    ] {
        service
            .post(path, &centre, body)
            .await?
            .expect_problem(status, code)?;
    }
    let elsewhere = service
        .token()
        .roles(["coordinator"])
        .region(OTHER_COUNTY)
        .sign()?;
    let answer = service.post(path, &elsewhere, entry(one, two)).await?;
    answer.expect_problem(422, "unknown-organisation")?;
    let clerk = service.role("window_clerk");
    let answer = service.post(path, &clerk, entry(one, two)).await?;
    answer.expect_problem(403, "forbidden")?;
    let listed = async |token: &str, query: &str| -> Result<usize> {
        let page = service
            .get(&format!("{path}{query}"), token)
            .await?
            .expect(200)?;
        Ok(page["items"].as_array().map(Vec::len).unwrap_or_default())
    };
    assert_eq!(listed(&centre, "").await?, 2);
    assert_eq!(listed(&centre, "?at=2026-09-02T00:00:00Z").await?, 1);
    let page = service.get(path, &centre).await?.expect(200)?;
    let remove = format!("{path}/{}/remove", page["items"][0]["id"].as_str().unwrap());
    let answer = service.post(&remove, &elsewhere, json!({})).await?;
    answer.expect_problem(404, "not-found")?;
    service
        .post(&remove, &centre, json!({}))
        .await?
        .expect(200)?;
    assert_eq!(listed(&centre, "").await?, 1);
    assert_eq!(listed(&elsewhere, "").await?, 0);
    Ok(())
}
