//! The operations of petitions.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::{
        clock::ClockExtended,
        intake::{
            PetitionAnswered, PetitionDecided, PetitionEnded, PetitionExtended, PetitionReviewAsked,
        },
    },
    ids::{MatterId, OrganisationId, TypedId as _},
};
use serde_json::{Value, json};

use crate::support::*;

fn petition() -> Value {
    let mut body = dispute_with("/class", json!("petition"));
    body["parties"][1]["account_subject"] = json!("account-accused");
    body
}

/// A higher authority.
fn superior(level: u128) -> OrganisationId {
    OrganisationId::from_uuid(uuid::Uuid::from_u128(900 + level))
}

async fn running(service: &Service, kind: &str) -> Result<i64> {
    let rows = format!("clocks WHERE state = 'running' AND kind = '{kind}'");
    service.count(&rows).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_handled_reviewed_twice_and_then_at_its_end() -> Result<()> {
    let service = Service::start().await?;
    let clerk = service.role("window_clerk");
    let (matter, case) = ids(&register(&service, petition()).await?)?;
    assert_eq!(running(&service, "petition.accept").await?, 1);
    let post = async |matter: MatterId, command: &str, role: &str, body: Value| {
        let path = format!("/intake/v1/matters/{matter}/{command}");
        service.post(&path, &service.role(role), body).await
    };
    let claim = json!({ "kind": "claim", "way": "petition_opinion", "note": "转入信访办理" });
    let note = json!({ "note": "调查核实,意见如下" });
    post(matter, "petition-decision", "triage_officer", claim.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    post(matter, "accept", "window_clerk", json!({}))
        .await?
        .expect(200)?;
    assert_eq!(running(&service, "petition.accept").await?, 0);
    // Its 60 days run from the acceptance, whenever somebody decides what it is.
    assert_eq!(running(&service, "petition.handle").await?, 1);
    post(matter, "petition-opinion", "triage_officer", note.clone())
        .await?
        .expect_problem(409, "petition-undecided")?;
    let path = format!("/intake/v1/matters/{matter}");
    let view = service.get(&path, &clerk).await?.expect(200)?;
    assert_eq!(view["petition"], Value::Null);
    for (kind, way, code) in [
        ("claim", "moon", "unknown-petition-way"),
        ("report", "petition_opinion", "petition-way-not-of-kind"),
    ] {
        let body = json!({ "kind": kind, "way": way, "note": "x" });
        post(matter, "petition-decision", "triage_officer", body)
            .await?
            .expect_problem(422, code)?;
    }
    let view = post(matter, "petition-decision", "triage_officer", claim.clone())
        .await?
        .expect(200)?;
    assert_eq!(
        (&view["state"], &view["last_day"], &view["steps"][0]["note"]),
        (
            &json!("handling"),
            &json!("2026-10-31"),
            &json!("转入信访办理")
        )
    );
    post(matter, "petition-decision", "triage_officer", claim.clone())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(running(&service, "petition.handle").await?, 1);
    post(matter, "petition-extension", "triage_officer", note.clone())
        .await?
        .expect_problem(403, "forbidden")?;
    post(
        matter,
        "petition-extension",
        "centre_director",
        note.clone(),
    )
    .await?
    .expect(200)?;
    post(
        matter,
        "petition-extension",
        "centre_director",
        note.clone(),
    )
    .await?
    .expect_problem(409, "petition-extended")?;
    let serve = |at| json!({ "served_at": at, "note": "直接送达,本人签收" });
    let now = || service.time.now();
    let review = format!("/intake/v1/matters/{matter}/petition-opinion");
    let stages = [("concluded", "reviewing"), ("reviewed", "re_reviewing")];
    for (at, (answered, asked)) in (0_u128..).zip(stages) {
        let given_at = now();
        let reviewer = service.role_in("triage_officer", superior(at));
        let token = if at == 0 {
            service.role("triage_officer")
        } else {
            reviewer
        };
        let view = service
            .post(&review, &token, note.clone())
            .await?
            .expect(200)?;
        assert_eq!(
            (&view["state"], &view["last_day"]),
            (&json!(answered), &Value::Null)
        );
        service.time.advance(Duration::days(10));
        let early = serve(given_at - Duration::days(1));
        post(matter, "petition-service", "triage_officer", early)
            .await?
            .expect_problem(422, "invalid-date")?;
        let view = post(matter, "petition-service", "triage_officer", serve(now()))
            .await?
            .expect(200)?;
        assert_eq!(view["state"], answered);
        assert_eq!(running(&service, "petition.ask_review").await?, 1);
        post(matter, "petition-service", "triage_officer", serve(now()))
            .await?
            .expect_problem(409, "petition-served-already")?;
        // More than 30 days after the opinion, and less after its receipt.
        service.time.advance(Duration::days(29));
        let view = post(matter, "petition-review", "window_clerk", note.clone())
            .await?
            .expect(200)?;
        assert_eq!(view["state"], asked);
        assert_eq!(running(&service, "petition.ask_review").await?, 0);
        // A review is for another organisation than those that gave their opinion.
        service
            .post(&review, &token, note.clone())
            .await?
            .expect_problem(409, "petition-same-reviewer")?;
    }
    let highest = service.role_in("triage_officer", superior(2));
    let view = service
        .post(&review, &highest, note.clone())
        .await?
        .expect(200)?;
    assert_eq!(view["state"], "final");
    post(matter, "petition-review", "window_clerk", note)
        .await?
        .expect_problem(409, "petition-final")?;
    let view = service.get(&path, &clerk).await?.expect(200)?;
    assert_eq!(view["petition"]["state"], "final");
    assert_eq!(running(&service, "petition.handle").await?, 0);
    assert_eq!(running(&service, "petition.review").await?, 0);
    assert_eq!(service.published::<PetitionDecided>().await?.len(), 1);
    assert_eq!(service.published::<PetitionExtended>().await?.len(), 1);
    assert_eq!(service.published::<ClockExtended>().await?.len(), 1);
    assert_eq!(service.published::<PetitionAnswered>().await?.len(), 3);
    assert_eq!(service.published::<PetitionReviewAsked>().await?.len(), 2);
    let (status, codes) = public(&service, case).await?;
    assert_eq!(
        (status.as_str(), codes.len()),
        ("accepted", 12),
        "{codes:?}"
    );
    let ended = service.published::<PetitionEnded>().await?;
    assert_eq!((ended.len(), ended[0].remaining), (1, 0));

    // The same petition again is not accepted (信访工作条例 36).
    let (again, _) = ids(&register(&service, petition()).await?)?;
    let link = json!({ "matter_id": matter, "kind": "duplicate", "reason": "同一事实和理由" });
    post(again, "link", "window_clerk", link)
        .await?
        .expect(201)?;
    post(again, "accept", "window_clerk", json!({}))
        .await?
        .expect_problem(409, "petition-final")?;
    post(
        again,
        "decline",
        "window_clerk",
        json!({ "reason": "concluded_petition" }),
    )
    .await?
    .expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_accuser_said_is_not_for_the_accused() -> Result<()> {
    let service = Service::start().await?;
    let person = |subject: &str| service.token().roles(["applicant"]).subject(subject).sign();
    let (accuser, accused) = (person("account-zhang")?, person("account-accused")?);
    let (matter, case) = accepted_as(&service, petition()).await?;
    let hidden = async || {
        for path in [
            format!("/intake/v1/matters/{matter}"),
            format!("/intake/v1/matters/{matter}/parties"),
            format!("/intake/v1/cases/{case}"),
            format!("/intake/v1/cases/{case}/timeline"),
        ] {
            service.get(&path, &accuser).await?.expect(200)?;
            service
                .get(&path, &accused)
                .await?
                .expect_problem(404, "not-found")?;
        }
        // Nor for staff who do not decide on petitions; those who do read it.
        let path = format!("/intake/v1/matters/{matter}");
        for role in ["grid_worker", "evaluator", "centre_director"] {
            let token = service.role(role);
            service
                .get(&path, &token)
                .await?
                .expect_problem(404, "not-found")?;
            let page = service
                .get("/intake/v1/matters", &token)
                .await?
                .expect(200)?;
            assert_eq!(page["total"], 0, "{role}");
        }
        for role in ["window_clerk", "triage_officer", "coordinator"] {
            let token = service.role(role);
            service.get(&path, &token).await?.expect(200)?;
        }
        anyhow::Ok(())
    };
    hidden().await?;
    let decide = format!("/intake/v1/matters/{matter}/petition-decision");
    let report = json!({ "kind": "report", "way": "inspection", "note": "转有权机关" });
    let triage = service.role("triage_officer");
    service.post(&decide, &triage, report).await?.expect(200)?;
    hidden().await?;
    // Merged into a dispute, its timeline would be read by the parties of that.
    let (_, dispute) = accepted(&service).await?;
    let merge = json!({ "into": dispute, "reason": "x" });
    service
        .post(&format!("/intake/v1/cases/{case}/merge"), &triage, merge)
        .await?
        .expect_problem(409, "case-of-other-class")?;
    // A claim against them is theirs to answer.
    let (matter, _) = accepted_as(&service, petition()).await?;
    let decide = format!("/intake/v1/matters/{matter}/petition-decision");
    let claim = json!({ "kind": "claim", "way": "arbitration", "note": "可以申请仲裁" });
    service.post(&decide, &triage, claim).await?.expect(200)?;
    let path = format!("/intake/v1/matters/{matter}");
    service.get(&path, &accused).await?.expect(200)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_petition_ends_when_nobody_asks_for_a_review_and_is_not_extended_too_late() -> Result<()>
{
    let service = Service::start().await?;
    let (matter, _) = accepted_as(&service, petition()).await?;
    let post = async |command: &str, role: &str, body: Value| {
        let path = format!("/intake/v1/matters/{matter}/{command}");
        service.post(&path, &service.role(role), body).await
    };
    let claim = json!({ "kind": "claim", "way": "petition_opinion", "note": "转入信访办理" });
    let note = json!({ "note": "情况复杂" });
    post("petition-decision", "triage_officer", claim)
        .await?
        .expect(200)?;
    service.time.advance(Duration::days(61));
    post("petition-extension", "centre_director", note.clone())
        .await?
        .expect_problem(409, "clock-not-running")?;
    post("petition-opinion", "triage_officer", note.clone())
        .await?
        .expect(200)?;
    let serve = json!({ "served_at": service.time.now(), "note": "本人签收" });
    post("petition-service", "triage_officer", serve)
        .await?
        .expect(200)?;
    service.time.advance(Duration::days(31));
    testkit::service::eventually("the opinion stands", async || {
        Ok(service.published::<PetitionEnded>().await?.len() == 1)
    })
    .await?;
    post("petition-review", "window_clerk", note)
        .await?
        .expect_problem(409, "review-window-over")?;
    // What is guided to another procedure is at its end at once.
    let (matter, case) = accepted_as(&service, petition()).await?;
    let path = format!("/intake/v1/matters/{matter}/petition-decision");
    let claim = json!({ "kind": "claim", "way": "arbitration", "note": "可以申请仲裁" });
    let triage = service.role("triage_officer");
    service.post(&path, &triage, claim).await?.expect(200)?;
    let ended = service.published::<PetitionEnded>().await?;
    assert_eq!((ended.len(), ended[1].case_id), (2, case));
    assert_eq!(running(&service, "petition.handle").await?, 0);
    Ok(())
}
