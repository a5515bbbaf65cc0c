//! Studying a case level by level, and task forces.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::triage::{
        CaseStudied, DispatchUrged, TaskForceDissolved, TaskForceFormed, TaskForcePlanned,
        TaskForceProgressed, TaskForceUrged,
    },
    ids::TypedId as _,
};
use serde_json::{Value, json};
use testkit::service::eventually;

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

const PATH: &str = "/triage/v1/task-forces";

async fn act(
    service: &Triaging,
    force: &Value,
    act: &str,
    role: &str,
    body: Value,
) -> Result<testkit::http::TestResponse> {
    let path = format!("{PATH}/{}/{act}", force["id"].as_str().unwrap());
    service.post(&path, &service.role(role), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn three_levels_study_then_a_task_force_plans_reports_and_is_dissolved() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let case_id = support::case(&service).await?;
    let director = service.role("centre_director");
    let team = json!({ "case_id": case_id, "basis": "mass", "lead": "lead", "assignment": "各负其责,限期化解", "organisations": [organisation] });
    let form = async |body: &Value| service.post(PATH, &director, body.clone()).await;
    let studies = format!("/triage/v1/cases/{case_id}/studies");
    let study = async |level: &str| {
        let body =
            json!({ "level": level, "opinion": "涉众,建议成立专班", "advises_task_force": true });
        service.post(&studies, &director, body).await
    };
    study("village")
        .await?
        .expect_problem(422, "unknown-study-level")?;
    study("centre")
        .await?
        .expect_problem(409, "lower-study-missing")?;
    study("post").await?.expect(200)?;
    study("centre").await?.expect(200)?;
    form(&team).await?.expect_problem(409, "studies-missing")?;
    study("joint_meeting").await?.expect(200)?;
    for (field, value, status, code) in [
        ("basis", json!("whim"), 422, "unknown-basis"),
        ("lead", json!(" "), 422, "text-required"),
        ("project", json!("楼盘"), 422, "case-or-project"),
        (
            "organisations",
            json!([case_id]),
            422,
            "unknown-organisation",
        ),
    ] {
        let mut body = team.clone();
        body[field] = value;
        form(&body).await?.expect_problem(status, code)?;
    }
    let answer = service
        .post(PATH, &service.role("coordinator"), team.clone())
        .await?;
    answer.expect_problem(403, "forbidden")?;
    let force = form(&team).await?.expect(201)?;
    form(&team)
        .await?
        .expect_problem(409, "task-force-exists")?;
    assert_eq!(
        force["due_at"], "2026-09-04T16:00:00Z",
        "three working days"
    );

    let report = json!({ "report": "已入户走访" });
    let answer = act(&service, &force, "reports", "coordinator", report.clone()).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    let plan = json!({ "plan": "分三步化解" });
    let planned = act(&service, &force, "plan", "coordinator", plan.clone())
        .await?
        .expect(200)?;
    assert_eq!(planned["due_at"], "2026-09-08T16:00:00Z", "a week");
    let answer = act(&service, &force, "plan", "coordinator", plan).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    service.time.advance(Duration::days(2));
    let reported = act(&service, &force, "reports", "coordinator", report)
        .await?
        .expect(200)?;
    assert_eq!(
        reported["due_at"], "2026-09-10T16:00:00Z",
        "a week from the report"
    );
    assert_eq!(reported["reports"][0]["report"], "已入户走访");
    // No report for a week: reminded.
    service.time.advance(Duration::days(9));
    eventually("the report is missed", async || {
        let urged = service.published::<DispatchUrged>().await?;
        Ok(urged
            .iter()
            .any(|urge| urge.clock.as_deref() == Some("task_force.progress")))
    })
    .await?;
    let result = json!({ "result": "已签订协议", "settled": true });
    let answer = act(&service, &force, "dissolve", "coordinator", result.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    act(&service, &force, "dissolve", "leader", result.clone())
        .await?
        .expect(200)?;
    let answer = act(&service, &force, "dissolve", "leader", result).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    assert_eq!(
        support::view(&service, case_id).await?["studies"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    assert_eq!(service.published::<CaseStudied>().await?.len(), 3);
    assert_eq!(service.published::<TaskForceFormed>().await?.len(), 1);
    assert_eq!(service.published::<TaskForcePlanned>().await?.len(), 1);
    assert_eq!(service.published::<TaskForceProgressed>().await?.len(), 1);
    assert!(service.published::<TaskForceDissolved>().await?[0].settled);
    assert!(!serde_json::to_string(&service.events().await?)?.contains("走访"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn those_in_a_task_force_get_their_orders_and_see_it() -> Result<()> {
    let service = support::start().await?;
    let (case_id, _, host) = support::order(&service).await?;
    let other = support::organisation_for(&service, COUNTY, "litigation").await?;
    let director = service.role("centre_director");
    for level in ["post", "centre", "joint_meeting"] {
        let body = json!({ "level": level, "opinion": "疑难", "advises_task_force": level == "joint_meeting" });
        let path = format!("/triage/v1/cases/{case_id}/studies");
        service.post(&path, &director, body).await?.expect(200)?;
    }
    let team = |organisations: Value| json!({ "case_id": case_id, "basis": "hard", "lead": "lead", "assignment": "分头核实", "organisations": organisations });
    let twice = service
        .post(PATH, &director, team(json!([host, host])))
        .await?;
    twice.expect_problem(422, "department-twice")?;
    let far = support::organisation(&service, OTHER_COUNTY).await?;
    let answer = service
        .post(PATH, &director, team(json!([host, far])))
        .await?;
    answer.expect_problem(422, "target-not-entitled")?;
    let force = service
        .post(PATH, &director, team(json!([host, other])))
        .await?
        .expect(201)?;
    let view = support::view(&service, case_id).await?;
    let assisting: Vec<_> = view["orders"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|order| order["mode"] == "assist")
        .map(|order| (&order["organisation_id"], &order["note"]))
        .collect();
    assert_eq!(
        assisting,
        [(&json!(other), &json!("分头核实"))],
        "the host has the case already"
    );
    let path = format!("{PATH}/{}", force["id"].as_str().unwrap());
    let member = service.role_in("organisation_officer", other);
    assert_eq!(
        service.get(&path, &member).await?.expect(200)?["assignment"],
        "分头核实"
    );
    let plan = json!({ "plan": "分三步化解" });
    let stranger = service.role_in("organisation_officer", far);
    let answer = service
        .post(&format!("{path}/plan"), &stranger, plan.clone())
        .await?;
    answer.expect_problem(404, "not-found")?;
    service
        .post(&format!("{path}/plan"), &member, plan)
        .await?
        .expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_of_the_region_gets_a_task_force() -> Result<()> {
    let service = support::start().await?;
    let director = service.role("centre_director");
    let body = |region: &str| json!({ "project": "某楼盘", "region": region, "basis": "major", "lead": "lead", "assignment": "各负其责,限期化解", "organisations": [] });
    let force = service
        .post(PATH, &director, body(COUNTY))
        .await?
        .expect(201)?;
    assert_eq!(
        (&force["case_id"], &force["project"]),
        (&json!(null), &json!("某楼盘"))
    );
    let elsewhere = service
        .token()
        .roles(["centre_director"])
        .region(OTHER_COUNTY)
        .sign()?;
    let answer = service.post(PATH, &elsewhere, body(COUNTY)).await?;
    answer.expect_problem(422, "region-out-of-scope")?;
    let page = service.get(PATH, &elsewhere).await?.expect(200)?;
    assert_eq!(page["items"], json!([]));
    let page = service
        .get(PATH, &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(page["items"][0]["id"], force["id"]);
    let formed = service.published::<TaskForceFormed>().await?;
    assert_eq!(
        (
            formed[0].case_id,
            formed[0].task_force_id.uuid().to_string()
        ),
        (None, force["id"].as_str().unwrap().to_owned())
    );
    // No plan in three working days: it is urged, though no case is.
    service.time.advance(Duration::days(7));
    eventually("the plan is missed", async || {
        Ok(!service.published::<TaskForceUrged>().await?.is_empty())
    })
    .await?;
    let path = format!("{PATH}/{}", force["id"].as_str().unwrap());
    let view = service.get(&path, &director).await?.expect(200)?;
    assert_eq!(view["urges"][0]["clock"], "task_force.plan");
    assert!(service.published::<DispatchUrged>().await?.is_empty());
    Ok(())
}
