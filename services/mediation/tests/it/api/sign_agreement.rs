//! `POST /agreements/{id}/signatures`.

use anyhow::Result;
use chrono::Duration;
use contracts::{
    events::mediation::{AgreementEffective, AgreementSignedBy, MediationEnded, MediationOutcome},
    ids::PartyId,
};
use serde_json::{Value, json};

use crate::support::{self, id, signatures, text};

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_effect_with_the_last_act_in_whatever_order() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let path = format!("/agreements/{agreement}/signatures");
    let mut acts = signatures(case);
    acts.rotate_left(2);
    let last = acts.pop().unwrap();
    for act in acts {
        let view = desk.post(&path, act).await?.expect(200)?;
        assert_eq!(
            (text(&view, "state"), &view["effective_at"]),
            ("drafted", &Value::Null)
        );
    }
    assert_eq!(
        desk.service.published::<AgreementEffective>().await?.len(),
        0
    );
    desk.service.time.advance(Duration::days(1));
    let view = desk.post(&path, last).await?.expect(200)?;
    assert_eq!(
        (text(&view, "state"), text(&view, "effective_at")),
        ("performing", "2026-09-02T02:00:00Z")
    );
    assert_eq!(
        desk.service.published::<AgreementSignedBy>().await?.len(),
        4
    );
    let effective = desk.service.published::<AgreementEffective>().await?;
    assert_eq!(effective.len(), 1);
    assert_eq!(
        (effective[0].amount_fen, effective[0].obligations.len()),
        (300_000, 2)
    );
    assert_eq!(json!(effective[0].effective_at), view["effective_at"]);
    let ended = desk.service.published::<MediationEnded>().await?;
    assert_eq!(
        (ended.len(), ended[0].outcome),
        (1, MediationOutcome::Agreed)
    );
    let proceeding = desk
        .get(&format!("/proceedings/{}", text(&view, "proceeding_id")))
        .await?;
    assert_eq!(
        (text(&proceeding, "state"), &proceeding["agreement"]),
        ("agreed", &view)
    );
    let facts: Vec<_> = desk
        .service
        .events()
        .await?
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    let tail: Vec<_> = facts.iter().rev().take(3).map(String::as_str).collect();
    assert_eq!(
        tail,
        [
            "fengqiao.mediation.mediation.ended.v1",
            "fengqiao.mediation.agreement.effective.v1",
            "fengqiao.mediation.agreement.signed_by.v1"
        ]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_signs_for_itself_only() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let path = format!("/mediation/v1/agreements/{agreement}/signatures");
    let applicant = desk.account(case.applicant);
    let before = desk.stored().await?;
    let [mut own, other, mediator, seal] = signatures(case).try_into().unwrap();
    for act in [other, mediator, seal] {
        desk.service
            .post(&path, &applicant, act)
            .await?
            .expect_problem(403, "forbidden")?;
    }
    for token in desk.strangers() {
        desk.service
            .post(&path, &token, own.clone())
            .await?
            .expect_problem(404, "not-found")?;
    }
    assert_eq!(desk.stored().await?, before);
    own.as_object_mut().unwrap().remove("party_id");
    own["form"] = json!("electronic");
    let view = desk
        .service
        .post(&path, &applicant, own)
        .await?
        .expect(200)?;
    assert_eq!(view["signatures"][0]["party_id"], json!(case.applicant));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_signatures_are_refused() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let path = format!("/agreements/{agreement}/signatures");
    let own = signatures(case).remove(0);
    desk.post(&path, own.clone()).await?.expect(200)?;
    let sign = |signer: &str, party: Option<PartyId>, form: &str| json!({ "signer": signer, "party_id": party, "form": form });
    desk.all_refused(
        &path,
        vec![
            (own, 409, "signature-already-given", json!("/signer")),
            (
                sign("party", Some(id()), "handwritten"),
                422,
                "unknown-party",
                json!("/party_id"),
            ),
            (
                sign("party", None, "handwritten"),
                422,
                "unknown-party",
                json!("/party_id"),
            ),
            (
                sign("mediator", Some(case.respondent), "handwritten"),
                422,
                "unknown-party",
                json!("/party_id"),
            ),
            (
                sign("organisation", None, "handwritten"),
                422,
                "invalid-body",
                json!("/form"),
            ),
            (
                sign("mediator", None, "seal"),
                422,
                "invalid-body",
                json!("/form"),
            ),
            (
                sign("party", Some(case.respondent), "nod"),
                422,
                "invalid-body",
                json!("/form"),
            ),
            (
                sign("witness", None, "handwritten"),
                422,
                "invalid-body",
                json!("/signer"),
            ),
        ],
    )
    .await?;
    let stale = [("If-Match", "\"1\"")];
    let act = sign("mediator", None, "handwritten");
    let answer = desk
        .service
        .post_with(
            &format!("/mediation/v1{path}"),
            &desk.officer(),
            act.clone(),
            &stale,
        )
        .await?;
    answer.expect_problem(412, "stale-version")?;
    // A replayed act is one act.
    let key = [("Idempotency-Key", "sign-1")];
    for _ in 0..2 {
        let answer = desk
            .service
            .post_with(
                &format!("/mediation/v1{path}"),
                &desk.officer(),
                act.clone(),
                &key,
            )
            .await?;
        assert_eq!(
            answer.expect(200)?["signatures"].as_array().unwrap().len(),
            2
        );
    }
    desk.sign_all_left(case, agreement).await?;
    desk.all_refused(
        &path,
        vec![(act, 409, "transition-not-allowed", json!(null))],
    )
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_on_marriage_cannot_be_signed_electronically() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.in_session_of("marriage_family").await?;
    let made = desk
        .post(
            &format!("/proceedings/{proceeding}/agreement"),
            support::draft(case),
        )
        .await?
        .expect(201)?;
    let path = format!("/agreements/{}/signatures", text(&made, "id"));
    let mut act = signatures(case).remove(0);
    act["form"] = json!("electronic");
    let problem = desk
        .post(&path, act.clone())
        .await?
        .expect_problem(422, "signature-form-not-allowed")?;
    assert!(
        text(&problem, "detail_zh").contains("电子签名法"),
        "{problem}"
    );
    act["form"] = json!("fingerprint");
    desk.post(&path, act.clone())
        .await?
        .expect_problem(422, "scan-required")?;
    act["scan_reference"] = json!("扫描件-2026-0001");
    let view = desk.post(&path, act).await?.expect(200)?;
    assert_eq!(
        text(&view["signatures"][0], "scan_reference"),
        "扫描件-2026-0001"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_signature_and_the_end_at_the_same_time_have_one_outcome() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement) = desk.drafted().await?;
    let path = format!("/agreements/{agreement}/signatures");
    let mut acts = signatures(case);
    let last = acts.pop().unwrap();
    for act in acts {
        desk.post(&path, act).await?.expect(200)?;
    }
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let end = format!("/proceedings/{}/end", text(&view, "proceeding_id"));
    let (signed, ended) = tokio::join!(
        desk.post(&path, last),
        desk.post(&end, json!({ "end_code": "signature_refused" }))
    );
    let mut statuses = [signed?.status, ended?.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let agreement = desk.get(&format!("/agreements/{agreement}")).await?;
    let proceeding = desk
        .get(&format!("/proceedings/{}", text(&view, "proceeding_id")))
        .await?;
    let states = (text(&agreement, "state"), text(&proceeding, "state"));
    assert!(
        matches!(states, ("performing", "agreed") | ("lapsed", "failed")),
        "{states:?}"
    );
    assert_eq!(desk.service.published::<MediationEnded>().await?.len(), 1);
    Ok(())
}
