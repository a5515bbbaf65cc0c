//! The time of mediation: the limit of its route and dispute type, and the target of its track.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::{clock::ClockBreached, triage::Track},
    ids::ProceedingId,
};
use mediation::domain::{opening::SignedOrder, proceeding::Proceeding};
use policy::PolicyPack;
use serde_json::{Value, json};

use crate::support::{self, COUNTY, Case, Desk, id};

fn opened(route: &str, type_code: &str) -> Proceeding {
    let pack = pack();
    let (accepted, signed) = support::facts(COUNTY, type_code, id());
    let order = SignedOrder {
        id: signed.order_id,
        case_id: signed.case_id,
        region: signed.region,
        organisation_id: signed.organisation_id,
        route: route.to_owned(),
        type_code: type_code.to_owned(),
        track: Some(Track::Simple),
        parties: accepted.parties,
    };
    let now = testkit::service::BEGINNING.parse().unwrap();
    Proceeding::open(order, &pack, id(), now).unwrap().0
}

fn pack() -> PolicyPack {
    PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap()
}

#[test]
fn the_limit_is_that_of_route_type_and_procedure() {
    let pack = pack();
    for (route, type_code, procedure, rule) in [
        (
            "peoples_mediation",
            "neighbour",
            None,
            "mediation.statutory",
        ),
        (
            "peoples_mediation",
            "medical",
            None,
            "mediation.statutory@medical",
        ),
        (
            "professional_mediation",
            "labour",
            None,
            "mediation.statutory@labour",
        ),
        (
            "administrative_mediation",
            "neighbour",
            None,
            "route.administrative_mediation",
        ),
        (
            "administrative_mediation",
            "consumer",
            None,
            "route.administrative_mediation@consumer",
        ),
        (
            "judicial_mediation",
            "contract.debt",
            Some("ordinary"),
            "route.judicial_mediation",
        ),
        (
            "judicial_mediation",
            "contract.debt",
            Some("summary"),
            "route.judicial_mediation.summary",
        ),
        (
            "judicial_mediation",
            "contract.debt",
            Some("before_registration"),
            "route.judicial_mediation.before_registration",
        ),
    ] {
        let proceeding = opened(route, type_code)
            .in_procedure(procedure.map(str::to_owned), &pack)
            .unwrap();
        assert_eq!(proceeding.limit(&pack).unwrap().id, rule);
        assert_eq!(proceeding.target(&pack), Some("mediation.track.simple"));
    }
}

#[test]
fn a_procedure_is_named_where_it_counts() {
    for (route, procedure, code) in [
        ("judicial_mediation", None, "procedure-required"),
        ("judicial_mediation", Some("tea"), "invalid-body"),
        ("peoples_mediation", Some("summary"), "invalid-body"),
    ] {
        let opened = opened(route, "contract.debt");
        let refused = opened.in_procedure(procedure.map(str::to_owned), &pack());
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.code.code, refused.pointer.as_deref()),
            (code, Some("/procedure"))
        );
    }
}

/// A proceeding on a route that every party consented to.
async fn consented(desk: &Desk, route: &str) -> Result<(Case, ProceedingId)> {
    let case = desk.case_on(route).await?;
    let made = desk
        .post("/proceedings", json!({ "order_id": case.order }))
        .await?
        .expect(201)?;
    let proceeding = support::text(&made, "id").parse()?;
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    Ok((case, proceeding))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_court_entrusts_in_summary_procedure_has_seven_days_and_one_extension() -> Result<()>
{
    let desk = support::start().await?;
    let (case, proceeding) = consented(&desk, "judicial_mediation").await?;
    let path = format!("/proceedings/{proceeding}");
    let start = format!("{path}/start");
    let body = json!({ "mediator_ids": [desk.mediator] });
    desk.all_refused(
        &start,
        vec![(body.clone(), 422, "procedure-required", json!("/procedure"))],
    )
    .await?;
    let mut body = body;
    body["procedure"] = json!("summary");
    let view = desk.post(&start, body).await?.expect(200)?;
    assert_eq!(
        (&view["procedure"], &view["due_at"]),
        (&json!("summary"), &json!("2026-09-08T16:00:00Z"))
    );
    let agreed = json!({ "agreed_by": [case.applicant, case.respondent] });
    let extend = format!("{path}/extend");
    let view = desk.post(&extend, agreed.clone()).await?.expect(200)?;
    assert_eq!(view["due_at"], "2026-10-08T16:00:00Z");
    desk.all_refused(
        &extend,
        vec![(agreed, 409, "extension-capped", Value::Null)],
    )
    .await?;
    // It runs out: mediation ends by itself.
    desk.service.time.advance(Duration::days(40));
    let ended = async || Ok(desk.get(&path).await?["state"] == "failed");
    testkit::service::eventually("the limit ends mediation", ended).await
}

async fn clocks(desk: &Desk, state: &str) -> Result<Vec<String>> {
    let path = format!("/clocks?state={state}&kind=mediation.track.general");
    let found = desk.get(&path).await?;
    let items = found["items"].as_array().unwrap().iter();
    Ok(items
        .map(|item| support::text(item, "kind").to_owned())
        .collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_of_the_track_runs_from_the_start_to_the_end() -> Result<()> {
    let desk = support::start().await?;
    let kind = ["mediation.track.general"];
    let (_, proceeding) = desk.started().await?;
    let path = format!("/proceedings/{proceeding}");
    assert_eq!(clocks(&desk, "running").await?, kind);
    let pause = json!({ "reason": "appraisal", "note": "委托鉴定" });
    desk.post(&format!("{path}/pause"), pause.clone())
        .await?
        .expect(200)?;
    assert_eq!(clocks(&desk, "paused").await?, kind);
    desk.post(&format!("{path}/resume"), json!({}))
        .await?
        .expect(200)?;
    // It runs out, and mediation goes on: it may still be suspended.
    desk.service.time.advance(Duration::days(9));
    testkit::service::eventually("the target is missed", async || {
        let breached = desk.service.published::<ClockBreached>().await?;
        Ok(breached.iter().any(|clock| clock.kind == kind[0]))
    })
    .await?;
    assert_eq!(clocks(&desk, "overdue").await?, kind);
    assert_eq!(desk.get(&path).await?["state"], "mediating");
    desk.post(&format!("{path}/pause"), pause)
        .await?
        .expect(200)?;
    desk.post(&format!("{path}/resume"), json!({}))
        .await?
        .expect(200)?;
    desk.post(
        &format!("{path}/end"),
        json!({ "end_code": "large_gap", "contact_tries": [] }),
    )
    .await?
    .expect(200)?;
    let open = format!(
        "clocks WHERE ended_at IS NULL AND object_id = '{proceeding}' AND kind <> 'other_route.transfer'"
    );
    assert_eq!(desk.service.count(&open).await?, 0);
    Ok(())
}
