//! `POST /cases/{case_id}/dispatch`.

use anyhow::Result;
use contracts::{
    events::triage::DispatchIssued,
    ids::{CaseId, OrganisationId},
};
use serde_json::json;

use crate::support::{self, COUNTY, OTHER_COUNTY, Triaging};

fn path(case_id: CaseId) -> String {
    format!("/triage/v1/cases/{case_id}/dispatch")
}

async fn assert_undispatched(service: &Triaging, case_id: CaseId) -> Result<()> {
    let view = support::view(service, case_id).await?;
    assert_eq!(view["orders"], json!([]));
    assert_eq!(service.count("orders").await?, 0);
    assert!(service.published::<DispatchIssued>().await?.is_empty());
    assert!(
        support::clock_states(service, "dispatch.sign")
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decided_case_goes_to_an_organisation() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let case_id = support::decided_case(&service).await?;
    let officer = service.role("triage_officer");
    let mut body = support::dispatch_to(organisation);
    body["due_on"] = json!("2026-09-10");
    let answer = service.post(&path(case_id), &officer, body).await?;
    assert_eq!(answer.version(), Some(1));
    let location = answer.headers["location"].to_str()?.to_owned();
    let order = answer.expect(201)?;
    insta::assert_json_snapshot!(order, {
        ".id" => "[id]", ".case_id" => "[id]", ".organisation_id" => "[id]",
    });
    let read = service.get(&location, &officer).await?.expect(200)?;
    assert_eq!(read, order);

    let view = support::view(&service, case_id).await?;
    assert_eq!(view["state"], "dispatched");
    assert_eq!(view["version"], 3);
    assert_eq!(view["orders"], json!([order]));
    let events = service.published::<DispatchIssued>().await?;
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.to_organisation, organisation);
    assert_eq!(json!(event.due_at), "2026-09-10T16:00:00Z");
    assert_eq!(
        support::clock_states(&service, "dispatch.sign").await?,
        ["running"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_track_sets_the_day_when_none_is_given() -> Result<()> {
    let service = support::start().await?;
    let policy = policy::PolicyPack::embedded(&testkit::service::NODE.parse()?)?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let officer = service.role("triage_officer");
    for track in ["simple", "general", "complex"] {
        let case_id = support::case(&service).await?;
        let mut choice = support::choice(&service, case_id).await?;
        choice["track"] = json!(track);
        let decide = format!("/triage/v1/cases/{case_id}/decide");
        service.post(&decide, &officer, choice).await?.expect(200)?;
        let body = support::dispatch_to(organisation);
        let answer = service.post(&path(case_id), &officer, body).await?;
        let order = answer.expect(201)?;
        let (type_code, now) = (order["type_code"].as_str(), service.time.now());
        let target = policy.due(&format!("mediation.track.{track}"), type_code, now)?;
        let sign = policy.due("dispatch.sign", type_code, now)?;
        let due = if target.at < sign.at { sign } else { target };
        assert_eq!(order["due_on"], json!(due.last_day), "{track}");
        assert_eq!(order["due_at"], json!(due.at), "{track}");
        assert_eq!(order["sign_due_at"], json!(sign.at), "{track}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_that_are_unknown_or_not_entitled_are_refused() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::decided_case(&service).await?;
    let officer = service.role("triage_officer");
    let unknown: OrganisationId = support::id();
    let elsewhere = support::organisation(&service, OTHER_COUNTY).await?;
    let other_route = support::organisation_for(&service, COUNTY, "arbitration").await?;
    for (organisation, code) in [
        (unknown, "unknown-organisation"),
        (elsewhere, "target-not-entitled"),
        (other_route, "target-not-entitled"),
    ] {
        let body = support::dispatch_to(organisation);
        let answer = service.post(&path(case_id), &officer, body).await?;
        let problem = answer.expect_problem(422, code)?;
        assert_eq!(problem["pointer"], "/to_organisation");
    }
    assert_undispatched(&service, case_id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_days_modes_and_fields_are_refused() -> Result<()> {
    let service = support::start().await?;
    let case_id = support::decided_case(&service).await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let officer = service.role("triage_officer");
    for (field, value, code) in [
        ("due_on", "2026-09-01", "deadline-too-short"),
        ("due_on", "1999-12-31", "deadline-too-short"),
        ("due_on", "2026-02-30", "invalid-body"),
        ("due_on", "+262142-12-31", "invalid-body"),
        ("mode", "throw", "invalid-body"),
        ("deadline", "2026-09-09", "invalid-body"),
        ("to_organisation", "7", "invalid-body"),
    ] {
        let mut body = support::dispatch_to(organisation);
        body[field] = json!(value);
        let answer = service.post(&path(case_id), &officer, body).await?;
        let problem = answer.expect_problem(422, code)?;
        assert_eq!(problem["pointer"], format!("/{field}"), "{value}");
    }
    assert_undispatched(&service, case_id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_above_and_below_are_entitled() -> Result<()> {
    let service = support::start().await?;
    let token = service.role("coordinator");
    for region in ["6206", "620602", "620602100"] {
        let organisation = support::organisation(&service, region).await?;
        let case_id = support::decided_case(&service).await?;
        let body = support::dispatch_to(organisation);
        let answer = service.post(&path(case_id), &token, body).await?;
        answer.expect(201)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_decided_case_is_dispatched_and_only_once() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let undecided = support::case(&service).await?;
    let officer = service.role("triage_officer");
    let body = support::dispatch_to(organisation);
    let answer = service
        .post(&path(undecided), &officer, body.clone())
        .await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    assert_undispatched(&service, undecided).await?;

    let (case_id, _) = support::order_to(&service, organisation).await?;
    let answer = service.post(&path(case_id), &officer, body).await?;
    answer.expect_problem(409, "transition-not-allowed")?;
    assert_eq!(service.count("orders").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn version_and_key_are_respected() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let case_id = support::decided_case(&service).await?;
    let officer = service.role("triage_officer");
    let body = support::dispatch_to(organisation);
    let post = async |headers: &[(&str, &str)]| {
        service
            .post_with(&path(case_id), &officer, body.clone(), headers)
            .await
    };
    let answer = post(&[("If-Match", "\"1\"")]).await?;
    answer.expect_problem(412, "stale-version")?;
    assert_undispatched(&service, case_id).await?;
    let headers = [("If-Match", "\"2\""), ("Idempotency-Key", "dispatch-1")];
    let first = post(&headers).await?;
    let second = post(&headers).await?;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.headers["location"], first.headers["location"]);
    assert_eq!(first.expect(201)?, second.expect(201)?);
    assert_eq!(service.count("orders").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn other_roles_and_regions_do_not_dispatch() -> Result<()> {
    let service = support::start().await?;
    let organisation = support::organisation(&service, COUNTY).await?;
    let case_id = support::decided_case(&service).await?;
    let body = support::dispatch_to(organisation);
    let officer = service.role_in("organisation_officer", organisation);
    let answer = service.post(&path(case_id), &officer, body.clone()).await?;
    answer.expect_problem(403, "forbidden")?;
    let elsewhere = service
        .token()
        .roles(["coordinator"])
        .region(OTHER_COUNTY)
        .sign()?;
    let answer = service.post(&path(case_id), &elsewhere, body).await?;
    answer.expect_problem(404, "not-found")?;
    assert_undispatched(&service, case_id).await
}
