//! `POST /proceedings/{id}/agreement`.

use anyhow::Result;
use contracts::{
    events::mediation::{
        AgreementDrafted, AgreementEffective, MediationEnded, PerformanceFulfilled,
    },
    ids::PartyId,
};
use serde_json::{Value, json};

use crate::support::{self, draft, id, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_written_draft_waits_for_signatures() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.in_session().await?;
    let answer = desk
        .post(&format!("/proceedings/{proceeding}/agreement"), draft(case))
        .await?;
    assert_eq!(answer.version(), Some(1));
    let made = answer.expect(201)?;
    insta::assert_json_snapshot!(made, {
        ".id" => "[id]", ".case_id" => "[id]", ".proceeding_id" => "[id]", ".organisation_id" => "[id]",
        ".party_ids[]" => "[id]", ".clauses[].obligation_id" => "[id]", ".clauses[].debtor" => "[id]"
    });
    assert_eq!(desk.service.published::<AgreementDrafted>().await?.len(), 1);
    assert_eq!(
        desk.service.published::<AgreementEffective>().await?.len(),
        0
    );
    assert_eq!(desk.service.count("obligations").await?, 0);
    assert_eq!(
        desk.get(&format!("/proceedings/{proceeding}")).await?["state"],
        "mediating"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_may_be_changed_until_somebody_signs() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.in_session().await?;
    let path = format!("/proceedings/{proceeding}/agreement");
    let first = desk.post(&path, draft(case)).await?.expect(201)?;
    let mut other = draft(case);
    other["obligations"].as_array_mut().unwrap().pop();
    other["amount_fen"] = json!(100_000);
    let second = desk.post(&path, other.clone()).await?.expect(201)?;
    assert_eq!(
        (&second["id"], &second["version"], &second["remaining"]),
        (&first["id"], &json!(2), &json!(1))
    );
    let agreement = text(&first, "id");
    let view = desk.get(&format!("/agreements/{agreement}")).await?;
    assert_eq!(
        (
            &view["amount_fen"],
            view["clauses"].as_array().unwrap().len()
        ),
        (&json!(100_000), 1)
    );
    let signature = support::signatures(case).remove(0);
    desk.post(&format!("/agreements/{agreement}/signatures"), signature)
        .await?
        .expect(200)?;
    desk.all_refused(
        &path,
        vec![(other, 409, "signature-already-given", json!(null))],
    )
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oral_agreement_takes_effect_at_once() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.in_session().await?;
    let body = json!({ "form": "oral", "facts": "噪声扰民。", "content": "赔礼道歉。",
        "obligations": [{ "debtor": case.respondent, "act": "当面道歉", "way": "apology", "due_on": support::TODAY }] });
    let made = desk
        .post(&format!("/proceedings/{proceeding}/agreement"), body)
        .await?
        .expect(201)?;
    assert_eq!(
        (text(&made, "state"), text(&made, "effective_at")),
        ("performing", "2026-09-01T02:00:00Z")
    );
    let view = desk.get(&format!("/proceedings/{proceeding}")).await?;
    assert_eq!(
        (
            text(&view, "state"),
            &view["ending"]["end_code"],
            &view["ending"]["notice"]
        ),
        ("agreed", &json!("agreement"), &json!(null))
    );
    let event = desk
        .service
        .published::<AgreementEffective>()
        .await?
        .pop()
        .unwrap();
    assert_eq!(
        (event.party_ids, event.amount_fen, event.obligations.len()),
        (vec![case.applicant, case.respondent], 0, 1)
    );
    assert!(
        desk.service.published::<MediationEnded>().await?[0]
            .other_ways
            .is_empty()
    );
    assert_eq!(
        desk.get(&format!("/obligations?case_id={}", case.id))
            .await?["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_performed_on_the_spot_is_performed() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.in_session().await?;
    let mut body = draft(case);
    body["form"] = json!("oral");
    body["immediate"] = json!(true);
    let made = desk
        .post(&format!("/proceedings/{proceeding}/agreement"), body)
        .await?
        .expect(201)?;
    assert_eq!(
        (text(&made, "state"), &made["remaining"]),
        ("performed", &json!(0))
    );
    let remaining: Vec<_> = desk
        .service
        .published::<PerformanceFulfilled>()
        .await?
        .iter()
        .map(|event| (event.remaining, event.on_time))
        .collect();
    assert_eq!(remaining, [(1, true), (0, true)]);
    let view = desk
        .get(&format!("/agreements/{}", text(&made, "id")))
        .await?;
    assert!(
        view["obligations"]
            .as_array()
            .unwrap()
            .iter()
            .all(|obligation| obligation["state"] == "fulfilled")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_or_contradictory_draft_is_refused() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.in_session().await?;
    let changed = |pointer: &str, value: Value| {
        let mut body = draft(case);
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let clause = |clause: Value| changed("/obligations/0", clause);
    let debtor = case.respondent;
    desk.all_refused(&format!("/proceedings/{proceeding}/agreement"), vec![
        (changed("/facts", json!("")), 422, "text-required", json!("/facts")),
        (changed("/content", json!("约".repeat(20_001))), 422, "text-too-long", json!("/content")),
        (changed("/form", json!("sung")), 422, "invalid-body", json!("/form")),
        (changed("/amount_fen", json!(300_001)), 422, "amount-mismatch", json!("/amount_fen")),
        (changed("/amount_fen", json!(-1)), 422, "invalid-body", json!("/amount_fen")),
        (changed("/obligations", json!([])), 422, "obligation-incomplete", json!("/obligations")),
        (changed("/obligations/1/amount_fen", json!(0)), 422, "invalid-body", json!("/obligations/1/amount_fen")),
        (changed("/obligations/1/due_on", json!("2026-08-31")), 422, "invalid-date", json!("/obligations/1/due_on")),
        (changed("/obligations/1/due_on", json!("2056-09-02")), 422, "invalid-date", json!("/obligations/1/due_on")),
        (changed("/obligations/1/due_on", json!("2026-02-30")), 422, "invalid-body", json!("/obligations/1/due_on")),
        (changed("/obligations/1/debtor", json!(id::<PartyId>())), 422, "unknown-party", json!("/obligations/1/debtor")),
        (changed("/obligations/1/way", json!("barter")), 422, "invalid-body", json!("/obligations/1/way")),
        (clause(json!({ "debtor": debtor, "due_on": "2026-09-10", "amount_fen": 100_000 })), 422, "obligation-incomplete", json!("/obligations/0/way")),
        (clause(json!({ "debtor": debtor, "way": "payment", "due_on": "2026-09-10" })), 422, "obligation-incomplete", json!("/obligations/0/amount_fen")),
        (clause(json!({ "debtor": debtor, "way": "payment", "amount_fen": 100_000 })), 422, "obligation-incomplete", json!("/obligations/0/due_on")),
        (clause(json!({ "debtor": debtor, "way": "apology", "due_on": "2026-09-10" })), 422, "obligation-incomplete", json!("/obligations/0/act")),
        (clause(json!({ "debtor": debtor, "way": "act", "act": "修好", "due_on": "2026-09-10", "amount_fen": 100_000 })), 422, "invalid-body", json!("/obligations/0/amount_fen")),
    ])
    .await?;
    let mut marked = draft(case);
    marked["content_codes"] = json!(["nonsense"]);
    let bad_code = vec![(marked, 422, "invalid-body", json!("/content_codes/0"))];
    desk.all_refused(&format!("/proceedings/{proceeding}/agreement"), bad_code)
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn not_before_a_session_and_not_orally_where_it_must_be_written() -> Result<()> {
    let desk = support::start().await?;
    let (case, proceeding) = desk.started().await?;
    let path = format!("/proceedings/{proceeding}/agreement");
    desk.all_refused(
        &path,
        vec![(draft(case), 409, "session-required", json!(null))],
    )
    .await?;
    let (waiting_case, waiting) = desk.opened().await?;
    let early = vec![(
        draft(waiting_case),
        409,
        "transition-not-allowed",
        json!(null),
    )];
    desk.all_refused(&format!("/proceedings/{waiting}/agreement"), early)
        .await?;
    let (medical, proceeding) = desk.in_session_of("medical").await?;
    let mut oral = draft(medical);
    oral["form"] = json!("oral");
    let refused = vec![(oral, 422, "written-form-required", json!("/form"))];
    desk.all_refused(&format!("/proceedings/{proceeding}/agreement"), refused)
        .await?;
    for token in desk.strangers().iter().take(2) {
        let path = format!("/mediation/v1/proceedings/{proceeding}/agreement");
        desk.service
            .post(&path, token, draft(medical))
            .await?
            .expect_problem(404, "not-found")?;
    }
    Ok(())
}
