//! `POST /cases/{case_id}/decide`.

use anyhow::Result;
use contracts::{events::triage::TriageDecided, ids::CaseId};
use serde_json::{Value, json};

use crate::support::{self, OTHER_COUNTY, Triaging};

fn path(case_id: CaseId) -> String {
    format!("/triage/v1/cases/{case_id}/decide")
}

/// Nothing came of a refused command.
async fn assert_undecided(service: &Triaging, case_id: CaseId) -> Result<()> {
    let view = support::view(service, case_id).await?;
    assert_eq!(view["state"], "accepted");
    assert_eq!(view["version"], 1);
    assert_eq!(service.count("decisions").await?, 0);
    assert!(service.published::<TriageDecided>().await?.is_empty());
    assert_eq!(
        support::clock_states(service, "triage.decide").await?,
        ["running"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_decides_and_both_are_kept() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let mut body = support::choice(&service, case_id).await?;
    body["track"] = json!("complex");
    body["colour"] = json!("red");
    let officer = service.role("triage_officer");
    let answer = service.post(&path(case_id), &officer, body).await?;
    assert_eq!(answer.version(), Some(2));
    let view = answer.expect(200)?;
    insta::assert_json_snapshot!(view["decision"], { ".decided_at" => "[time]" });
    assert_eq!(view["state"], "triaged");
    assert_ne!(view["proposal"]["track"], "complex");
    assert_eq!(support::view(&service, case_id).await?, view);

    let events = service.published::<TriageDecided>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.case_id, case_id);
    assert!(!event.as_proposed);
    assert_eq!(json!(event.colour), "red");
    assert_eq!(
        support::clock_states(&service, "triage.decide").await?,
        ["stopped"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_may_equal_the_proposal() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let view = support::view(&service, case_id).await?;
    let proposal = &view["proposal"];
    let body = json!({
        "type_code": proposal["type_code"], "route": proposal["route"],
        "track": proposal["track"], "colour": proposal["colour"],
    });
    let officer = service.role("triage_officer");
    let answer = service.post(&path(case_id), &officer, body).await?;
    let view = answer.expect(200)?;
    assert_eq!(view["decision"]["as_proposed"], true);
    assert_eq!(view["decision"]["reason"], Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policy_or_law_does_not_allow_is_refused() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let valid = support::choice(&service, case_id).await?;
    let officer = service.role("triage_officer");
    for (field, value, code) in [
        ("type_code", json!("witchcraft"), "unknown-dispute-type"),
        ("route", json!("duel"), "unknown-route"),
        ("track", json!("fast"), "invalid-body"),
        ("colour", json!("purple"), "invalid-body"),
        ("reason", json!("理".repeat(1001)), "text-too-long"),
        ("color", json!("red"), "invalid-body"),
    ] {
        let mut body = valid.clone();
        body[field] = value;
        let answer = service.post(&path(case_id), &officer, body).await?;
        let problem = answer.expect_problem(422, code)?;
        assert_eq!(problem["pointer"], format!("/{field}"));
        assert!(!problem.to_string().contains("理理"));
    }
    // A crime is never settled by mediation alone (人民调解法 25), whatever the reason.
    let mut body = valid;
    body["type_code"] = json!("other.criminal");
    let answer = service.post(&path(case_id), &officer, body).await?;
    let problem = answer.expect_problem(422, "route-not-lawful")?;
    assert_eq!(problem["pointer"], "/route");
    assert_undecided(&service, case_id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_colour_needs_a_reason() -> Result<()> {
    let service = support::start_with("邻居扬言要杀人,还持刀砍人,我要同归于尽。").await?;
    let case_id = support::case(&service).await?;
    let mut body = support::choice(&service, case_id).await?;
    assert_ne!(body["colour"], "blue", "the words of violence raise it");
    body["colour"] = json!("blue");
    let officer = service.role("triage_officer");
    for reason in [Value::Null, json!(" \u{3000}\n")] {
        body["reason"] = reason;
        body["route"] = json!("legal_aid");
        let answer = service.post(&path(case_id), &officer, body.clone()).await?;
        let problem = answer.expect_problem(422, "colour-lowered-without-reason")?;
        assert_eq!(problem["pointer"], "/reason");
    }
    assert_undecided(&service, case_id).await?;
    body["reason"] = json!("  已核实,系误会  ");
    let answer = service.post(&path(case_id), &officer, body).await?;
    let view = answer.expect(200)?;
    assert_eq!(view["decision"]["reason"], "已核实,系误会");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_decided_once() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::decided_case(&service).await?;
    let body = support::choice(&service, case_id).await?;
    let officer = service.role("triage_officer");
    let answer = service.post(&path(case_id), &officer, body).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    assert_eq!(service.count("decisions").await?, 1);
    assert_eq!(service.published::<TriageDecided>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_another_version_is_refused() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let body = support::choice(&service, case_id).await?;
    let officer = service.role("triage_officer");
    let stale = [("If-Match", "\"7\"")];
    let answer = service
        .post_with(&path(case_id), &officer, body.clone(), &stale)
        .await?;
    answer.expect_problem(412, "stale-version")?;
    assert_undecided(&service, case_id).await?;
    let seen = [("If-Match", "\"1\"")];
    let answer = service
        .post_with(&path(case_id), &officer, body, &seen)
        .await?;
    answer.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_it_safe_to_repeat() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let mut body = support::choice(&service, case_id).await?;
    let officer = service.role("triage_officer");
    let key = [("Idempotency-Key", "decide-1")];
    let post = async |body: &Value| {
        let body = body.clone();
        service
            .post_with(&path(case_id), &officer, body, &key)
            .await
    };
    let first = post(&body).await?;
    assert!(first.headers.get("idempotency-replayed").is_none());
    let second = post(&body).await?;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.version(), Some(2));
    assert_eq!(first.expect(200)?, second.expect(200)?);
    assert_eq!(service.published::<TriageDecided>().await?.len(), 1);
    body["track"] = json!("complex");
    let other = post(&body).await?;
    other.expect_problem(422, "idempotency-key-reused")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_the_same_time_one_decides() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let body = support::choice(&service, case_id).await?;
    let officer = service.role("triage_officer");
    let path = path(case_id);
    let post = || service.post(&path, &officer, body.clone());
    let (a, b) = tokio::join!(post(), post());
    let mut answers = [a?.status, b?.status];
    answers.sort_unstable();
    assert_eq!(answers[0], 200);
    assert!([409, 412].contains(&answers[1]), "{answers:?}");
    assert_eq!(service.published::<TriageDecided>().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_triage_officers_of_the_region_decide() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::case(&service).await?;
    let body = support::choice(&service, case_id).await?;
    for role in [
        "coordinator",
        "window_clerk",
        "centre_director",
        "applicant",
    ] {
        let token = service.role(role);
        let answer = service.post(&path(case_id), &token, body.clone()).await?;
        answer.expect_problem(403, "forbidden")?;
    }
    let elsewhere = service
        .token()
        .roles(["triage_officer"])
        .region(OTHER_COUNTY)
        .sign()?;
    let answer = service
        .post(&path(case_id), &elsewhere, body.clone())
        .await?;
    answer.expect_problem(404, "not-found")?;
    let officer = service.role("triage_officer");
    let unknown = path(support::id());
    let answer = service.post(&unknown, &officer, body).await?;
    answer.expect_problem(404, "not-found")?;
    assert_undecided(&service, case_id).await
}
