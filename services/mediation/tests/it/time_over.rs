//! The time limit of mediation runs out (transition 19; 人民法院在线调解规则 24, 25).

use anyhow::Result;
use contracts::{
    events::mediation::{MediationEnded, MediationOutcome},
    ids::{AgreementId, ProceedingId},
};
use serde_json::{Value, json};
use testkit::service::eventually;

use crate::support::{self, Case, Desk, text};

/// After the last day of what started on the day of these tests: 8 October, the first working day after the holidays.
const OVER: &str = "2026-10-08T16:00:00Z";

async fn state(desk: &Desk, proceeding: ProceedingId) -> Result<String> {
    let view = desk.get(&format!("/proceedings/{proceeding}")).await?;
    Ok(text(&view, "state").to_owned())
}

async fn becomes(desk: &Desk, proceeding: ProceedingId, wanted: &str) -> Result<()> {
    let is = async || Ok(state(desk, proceeding).await? == wanted);
    eventually(wanted, is).await
}

/// A draft with the first signatures of the usual order.
async fn signed_by(desk: &Desk, how_many: usize) -> Result<(Case, ProceedingId, AgreementId)> {
    signed_of(desk, "neighbour", how_many).await
}

async fn signed_of(
    desk: &Desk,
    type_code: &str,
    how_many: usize,
) -> Result<(Case, ProceedingId, AgreementId)> {
    let (case, proceeding) = desk.in_session_of(type_code).await?;
    let path = format!("/proceedings/{proceeding}/agreement");
    let made = desk.post(&path, support::draft(case)).await?.expect(201)?;
    let agreement = text(&made, "id").parse()?;
    for body in support::signatures(case).into_iter().take(how_many) {
        let path = format!("/agreements/{agreement}/signatures");
        desk.post(&path, body).await?.expect(200)?;
    }
    Ok((case, proceeding, agreement))
}

#[tokio::test(flavor = "multi_thread")]
async fn mediation_ends_with_its_time_and_a_half_signed_draft_lapses() -> Result<()> {
    let desk = support::start().await?;
    let (_, proceeding, agreement) = signed_by(&desk, 1).await?;
    let (_, appraised) = desk.started().await?;
    let (case, extended) = desk.started().await?;
    let path = format!("/proceedings/{appraised}/pause");
    let appraisal = json!({ "reason": "appraisal", "note": "委托鉴定" });
    desk.post(&path, appraisal).await?.expect(200)?;
    let all = json!({ "agreed_by": [case.applicant, case.respondent] });
    desk.post(&format!("/proceedings/{extended}/extend"), all)
        .await?
        .expect(200)?;

    desk.service.time.set(OVER.parse()?);
    becomes(&desk, proceeding, "failed").await?;
    let view = desk.get(&format!("/proceedings/{proceeding}")).await?;
    assert_eq!(view["ending"]["end_code"], "term_expired");
    let notice = desk
        .get(&format!("/proceedings/{proceeding}/notice"))
        .await?;
    assert!(!notice["ways"].as_array().unwrap().is_empty());
    let draft = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(draft["state"], "lapsed");
    let events = desk.service.published::<MediationEnded>().await?;
    let [ended] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (ended.proceeding_id, ended.outcome),
        (proceeding, MediationOutcome::Failed)
    );
    let transfer = "clocks WHERE kind = 'other_route.transfer' AND state = 'running'";
    assert_eq!(desk.service.count(transfer).await?, 1);
    // The time of one stands still, that of another is longer.
    assert_eq!(state(&desk, appraised).await?, "paused");
    assert_eq!(state(&desk, extended).await?, "mediating");
    let body = json!({ "signer": "party", "party_id": case.applicant, "form": "handwritten" });
    desk.post(&format!("/agreements/{agreement}/signatures"), body)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_every_party_has_signed_in_time_is_sealed_afterwards() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding, agreement) = signed_by(&desk, 2).await?;
    // The law of labour mediation knows no standstill of its time: 劳动争议调解仲裁法 14.
    let (_, suspected, draft) = signed_of(&desk, "labour", 2).await?;
    let (_, waiting, _) = signed_by(&desk, 2).await?;
    for proceeding in [suspected, waiting] {
        let path = format!("/proceedings/{proceeding}/suspect-sham");
        let ground = json!({ "ground": "invented_facts", "note": "借据系伪造" });
        desk.post(&path, ground).await?.expect(200)?;
    }

    desk.service.time.set(OVER.parse()?);
    // What is suspected is not sealed.
    becomes(&desk, suspected, "failed").await?;
    let view = desk.get(&format!("/agreements/{draft}")).await?;
    assert_eq!(view["state"], "lapsed");
    let sealing =
        |state: &str| format!("clocks WHERE kind = 'mediation.sealing' AND state = '{state}'");
    let waits = async || Ok(desk.service.count(&sealing("running")).await? == 1);
    eventually("the seal has a clock of its own", waits).await?;
    assert_eq!(state(&desk, proceeding).await?, "mediating");
    let late = json!({ "agreed_by": [case.applicant, case.respondent] });
    desk.post(&format!("/proceedings/{proceeding}/extend"), late)
        .await?
        .expect_problem(409, "clock-not-running")?;
    let mut last = Value::Null;
    for body in support::signatures(case).into_iter().skip(2) {
        let path = format!("/agreements/{agreement}/signatures");
        last = desk.post(&path, body).await?.expect(200)?;
    }
    assert_eq!(last["state"], "performing");
    assert_eq!(state(&desk, proceeding).await?, "agreed");
    assert_eq!(desk.service.count(&sealing("stopped")).await?, 1);

    // The time of the other one stands still (人民法院特邀调解规定 18), and goes on when the suspicion is cleared.
    let view = desk.get(&format!("/proceedings/{waiting}")).await?;
    assert_eq!(
        (text(&view, "state"), &view["pauses"][0]["stops_clock"]),
        ("paused", &json!(true))
    );
    let clear = format!("/mediation/v1/proceedings/{waiting}/clear-sham");
    let finding = json!({ "finding": "借据经核对属实" });
    let token = desk.service.role("coordinator");
    desk.service
        .post(&clear, &token, finding)
        .await?
        .expect(200)?;
    let resume = format!("/proceedings/{waiting}/resume");
    let view = desk.post(&resume, json!({})).await?.expect(200)?;
    assert_eq!(view["state"], "mediating");
    assert!(text(&view, "due_at") > OVER, "{view}");
    Ok(())
}
