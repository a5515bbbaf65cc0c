//! What the court makes of an agreement, and what the parties make of that.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        effect::EffectDecided,
        judicial_confirmation::{ConfirmationObjectionDecided, ConfirmationRuled},
    },
    ids::{AgreementId, ApplicationId, EffectApplicationId},
};
use serde_json::{Value, json};

use crate::support::{self, COUNTY, Case, Desk, draft, id, signatures, text};

/// The court rules on the agreement as it was changed so many times.
pub async fn rule(
    desk: &Desk,
    (case, agreement): (Case, AgreementId),
    outcome: &str,
    amendment: i32,
) -> Result<()> {
    let ruled: ConfirmationRuled = serde_json::from_value(json!({
        "application_id": id::<ApplicationId>(), "agreement_id": agreement, "case_id": case.id, "region": COUNTY,
        "outcome": outcome, "ruling_number": "（2026）甘0602诉前调确1号", "amendment": amendment,
        "ruled_at": "2026-09-01T02:00:00Z",
    }))?;
    desk.service
        .publish(Service::JudicialConfirmation, case.id, &ruled)
        .await?;
    desk.service.settle().await
}

/// The court decides on an objection to its ruling on the agreement as it was changed so many times.
async fn decide(
    desk: &Desk,
    (case, agreement): (Case, AgreementId),
    outcome: &str,
    amendment: i32,
) -> Result<()> {
    let decided: ConfirmationObjectionDecided = serde_json::from_value(json!({
        "application_id": id::<ApplicationId>(), "agreement_id": agreement, "case_id": case.id, "region": COUNTY,
        "outcome": outcome, "ruling_number": "（2026）甘0602诉前调确异1号", "amendment": amendment,
        "decided_at": "2026-09-01T02:00:00Z",
    }))?;
    desk.service
        .publish(Service::JudicialConfirmation, case.id, &decided)
        .await?;
    desk.service.settle().await
}

/// What came of another way to give the agreement effect.
pub async fn decided(
    desk: &Desk,
    (case, agreement): (Case, AgreementId),
    kind: &str,
    outcome: &str,
    enforceable: bool,
) -> Result<()> {
    let decided: EffectDecided = serde_json::from_value(json!({
        "effect_application_id": id::<EffectApplicationId>(), "agreement_id": agreement, "case_id": case.id,
        "region": COUNTY, "kind": kind, "outcome": outcome, "enforceable": enforceable, "number": null,
        "decided_on": "2026-09-02", "decided_at": "2026-09-02T02:00:00Z",
    }))?;
    desk.service
        .publish(Service::JudicialConfirmation, case.id, &decided)
        .await?;
    desk.service.settle().await
}

/// Whether it is confirmed, and the state of its proceeding.
async fn standing(desk: &Desk, agreement: AgreementId) -> Result<(bool, String)> {
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let of = format!("/proceedings/{}", text(&view, "proceeding_id"));
    let state = text(&desk.get(&of).await?, "state").to_owned();
    Ok((view["confirmed"] == Value::Bool(true), state))
}

fn is(confirmed: bool, state: &str) -> (bool, String) {
    (confirmed, state.to_owned())
}

/// The parties change the agreement, and sign.
async fn amend(desk: &Desk, case: Case, agreement: AgreementId) -> Result<()> {
    let amend = format!("/agreements/{agreement}/amend");
    desk.post(&amend, draft(case)).await?.expect(200)?;
    for act in signatures(case) {
        let path = format!("/agreements/{agreement}/amendment-signatures");
        desk.post(&path, act).await?.expect(200)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_court_confirmed_is_what_it_said_then() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    let of = (case, agreement);
    rule(&desk, of, "valid", 0).await?;
    assert_eq!(standing(&desk, agreement).await?, is(true, "agreed"));
    amend(&desk, case, agreement).await?;
    assert_eq!(standing(&desk, agreement).await?, is(false, "agreed"));
    // Late news of the version before.
    for outcome in ["valid", "dismissed"] {
        rule(&desk, of, outcome, 0).await?;
        assert_eq!(standing(&desk, agreement).await?, is(false, "agreed"));
    }
    rule(&desk, of, "valid", 1).await?;
    assert_eq!(standing(&desk, agreement).await?, is(true, "agreed"));
    // That the ruling on the version before is revoked takes nothing from the one on this.
    decide(&desk, of, "revoked", 0).await?;
    assert_eq!(standing(&desk, agreement).await?, is(true, "agreed"));
    decide(&desk, of, "revoked", 1).await?;
    assert_eq!(
        standing(&desk, agreement).await?,
        is(false, "agreement_dismissed")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_confirmation_was_revoked_the_parties_may_agree_anew() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    rule(&desk, (case, agreement), "valid", 0).await?;
    let open = json!({ "order_id": case.order });
    for (outcome, then) in [
        ("maintained", is(true, "agreed")),
        ("changed", is(true, "agreed")),
        ("revoked", is(false, "agreement_dismissed")),
    ] {
        let refused = desk.post("/proceedings", open.clone()).await?;
        refused.expect_problem(409, "conflict")?;
        decide(&desk, (case, agreement), outcome, 0).await?;
        assert_eq!(standing(&desk, agreement).await?, then, "{outcome}");
    }
    desk.post("/proceedings", open).await?.expect(201)?;
    Ok(())
}

/// After a dismissal, a second mediation that fails; the parties change the first agreement after all.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_try_that_fails_does_not_keep_the_first_agreement_from_being_changed() -> Result<()>
{
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    rule(&desk, (case, agreement), "dismissed", 0).await?;
    let open = json!({ "order_id": case.order });
    let second = desk.post("/proceedings", open.clone()).await?.expect(201)?;
    let consents = format!("/proceedings/{}/consents", text(&second, "id"));
    let no = json!({ "party_id": case.respondent, "consents": false, "way": "in_person" });
    desk.post(&consents, no).await?.expect(200)?;
    amend(&desk, case, agreement).await?;
    assert_eq!(standing(&desk, agreement).await?, is(false, "agreed"));
    let third = desk.post("/proceedings", open).await?;
    third.expect_problem(409, "conflict")?;
    Ok(())
}

/// A court did not take the application, the parties open another mediation and apply to the right court; its ruling comes while the
/// second mediation runs, and binds.
#[tokio::test(flavor = "multi_thread")]
async fn a_ruling_that_comes_during_a_second_try_confirms_the_first_agreement() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    let of = (case, agreement);
    rule(&desk, of, "dismissed", 0).await?;
    let open = json!({ "order_id": case.order });
    let second = desk.post("/proceedings", open.clone()).await?.expect(201)?;
    rule(&desk, of, "valid", 0).await?;
    assert_eq!(standing(&desk, agreement).await?, is(true, "agreed"));
    assert_eq!(desk.service.count("dead_letters").await?, 0);
    // What they agree on in the second one stands beside what the court confirmed.
    let proceeding = text(&second, "id").parse()?;
    desk.consent(proceeding, case.applicant).await?;
    desk.consent(proceeding, case.respondent).await?;
    let at = |segment: &str| format!("/proceedings/{proceeding}/{segment}");
    let start = json!({ "mediator_ids": [desk.mediator] });
    desk.post(&at("start"), start).await?.expect(200)?;
    let session = support::session(case);
    desk.post(&at("sessions"), session).await?.expect(201)?;
    let made = desk
        .post(&at("agreement"), draft(case))
        .await?
        .expect(201)?;
    desk.sign_all(case, text(&made, "id").parse()?).await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(text(&view, "state"), "performing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfounded_suspicion_is_cleared_also_after_a_dismissal() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, _) = desk.effective().await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    let proceeding = text(&view, "proceeding_id");
    let suspect = json!({ "ground": "collusion", "note": "双方陈述高度一致" });
    let path = format!("/proceedings/{proceeding}/suspect-sham");
    desk.post(&path, suspect).await?.expect(200)?;
    rule(&desk, (case, agreement), "dismissed", 0).await?;
    let amend_path = format!("/agreements/{agreement}/amend");
    let refused = desk.post(&amend_path, draft(case)).await?;
    refused.expect_problem(409, "sham-suspected")?;
    let clear = format!("/mediation/v1/proceedings/{proceeding}/clear-sham");
    let finding = json!({ "finding": "经核查确有借款" });
    let coordinator = desk.service.role("coordinator");
    let cleared = desk.service.post(&clear, &coordinator, finding).await?;
    assert_eq!(cleared.expect(200)?["state"], "agreement_dismissed");
    amend(&desk, case, agreement).await?;
    assert_eq!(standing(&desk, agreement).await?, is(false, "agreed"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_agreement_is_enforced_by_its_ruling() -> Result<()> {
    let desk = support::start().await?;
    let (case, agreement, obligations) = desk.effective().await?;
    decided(
        &desk,
        (case, agreement),
        "notarised_instrument",
        "issued",
        true,
    )
    .await?;
    // The obligor objected: the order lapsed, and the instrument stays.
    decided(&desk, (case, agreement), "payment_order", "in_force", true).await?;
    decided(&desk, (case, agreement), "payment_order", "objected", false).await?;
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(view["enforceable_by"], json!(["notarised_instrument"]));
    desk.service.time.set("2026-09-11T04:00:00Z".parse()?);
    let default = |obligation: &Value| format!("/obligations/{}/default", text(obligation, "id"));
    rule(&desk, (case, agreement), "valid", 0).await?;
    let view = desk
        .post(&default(&obligations[0]), json!({ "reason": "拒不支付" }))
        .await?
        .expect(200)?;
    assert_eq!(view["default_ways"], json!(["enforcement"]));
    Ok(())
}
